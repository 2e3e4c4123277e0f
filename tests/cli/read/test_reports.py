"""A comparison as text, JSON and JUnit XML: each difference in each of them."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree

from afas_soap.cli.read.reports import Case, Failure, as_json, as_junit, as_text
from afas_soap.compare import FieldDifference, MissingRow, OrderDifference, Report, TypeDifference

EQUAL = Case("Profit_Article", 0.25, Report("Profit_Article", "soap", "rest", ("ItemCode",), rows=[2, 2]))
FAILED = Case("Profit_<Nope>\x1b", 1, failure=Failure("NotFound", 4, 'There is no "Profit_<Nope>\x1b".'))


def differing() -> Case:
    return Case("Profit_Debtor", 12.3456, difference())


def difference() -> Report:
    report = Report("Profit_Debtor", "soap emulator", "rest emulator", ("DebtorId",), rows=[1200, 1201])
    report.notes.append("a note")
    report.types += [TypeDifference("Credit", "str", "decimal"), TypeDifference("Old", "str", None)]
    report.types.append(TypeDifference("New", None, "int"))
    report.add(MissingRow("rest emulator", ("10001\x1b",), 1))
    report.add(FieldDifference(("10002",), "Name", 'Jan "de" Wit\x1b[31m', None))
    report.add(FieldDifference(("10003",), "Credit", "1.50", Decimal("1.50")))
    report.add(FieldDifference(("10003",), "Since", datetime(2024, 2, 1), datetime(2024, 2, 1, 1)))
    report.add(OrderDifference((None,), 7, 8))
    return report


def test_text_has_a_line_for_each_difference() -> None:
    assert as_text([EQUAL, differing()]).splitlines() == [
        "Profit_Article: 2 rows on soap, 2 on rest: equal",
        "Profit_Debtor: 1,200 rows on soap emulator, 1,201 on rest emulator: 3 columns and 5 places differ",
        "  note: a note",
        "  column Credit: str on soap emulator, decimal on rest emulator",
        "  column Old: on soap emulator only, not on rest emulator",
        "  column New: on rest emulator only, not on soap emulator",
        "  row DebtorId=10001\\x1b: missing on rest emulator",
        '  row DebtorId=10002: Name is "Jan \\"de\\" Wit\\u001b[31m" (str) on soap emulator, empty on rest emulator',
        '  row DebtorId=10003: Credit is "1.50" (str) on soap emulator, 1.5 (decimal) on rest emulator',
        "  row DebtorId=10003: Since is 2024-02-01T00:00:00 (datetime) on soap emulator, "
        "2024-02-01T01:00:00 (datetime) on rest emulator",
        "  row DebtorId=: row 7 on soap emulator, row 8 on rest emulator",
        "2 compared, 1 with differences",
    ]


def test_text_counts_what_could_not_be_compared_and_leaves_the_reason_to_standard_error() -> None:
    assert as_text([EQUAL, FAILED, FAILED]).splitlines() == [
        "Profit_Article: 2 rows on soap, 2 on rest: equal",
        "1 compared, 0 with differences, 2 could not be compared",
    ]
    assert as_text([FAILED]) == ""


def test_text_says_how_many_are_not_shown() -> None:
    report = Report("X", "a", "b", ("Id",), rows=[1500, 0])
    for number in range(1500):
        report.add(MissingRow("b", (str(number),), number + 1))
    lines = as_text([Case("X", 0.1, report)]).splitlines()
    assert lines[-2] == "  and 500 more"
    assert len(lines) == 1 + 1000 + 2


def test_json_holds_typed_values_of_both_sides() -> None:
    equal, report, failed = json.loads(as_json([EQUAL, differing(), FAILED]))
    assert (equal["equal"], equal["connector"], equal["seconds"]) == (True, "Profit_Article", 0.25)
    assert failed == {
        "connector": "Profit_<Nope>\x1b",
        "equal": False,
        "seconds": 1,
        "error": {"kind": "NotFound", "exit_code": 4, "message": 'There is no "Profit_<Nope>\x1b".'},
    }
    assert report["rows"] == {"left": 1200, "right": 1201}
    assert report["types"][1] == {"column": "Old", "left": "str", "right": None}
    assert [difference["kind"] for difference in report["differences"]] == [
        "missing",
        "field",
        "field",
        "field",
        "order",
    ]
    assert report["differences"][2]["left"] == {"type": "str", "value": "1.50"}
    assert report["differences"][2]["right"] == {"type": "decimal", "value": "1.5"}
    assert report["differences"][1]["right"] is None
    assert report["differences"][4]["key"] == [None]


def test_junit_has_a_case_per_connector_with_its_time_whatever_stands_in_the_values() -> None:
    root = ElementTree.fromstring(as_junit([EQUAL, differing(), FAILED]))
    (suite,) = root
    for counted in (root, suite):
        counts = {name: counted.get(name) for name in ("tests", "failures", "errors", "time")}
        assert counts == {"tests": "3", "failures": "1", "errors": "1", "time": "13.596"}
    cases = suite.findall("testcase")
    assert [(case.get("name"), case.get("time")) for case in cases] == [
        ("Profit_Article", "0.250"),
        ("Profit_Debtor", "12.346"),
        (r"Profit_<Nope>\x1b", "1.000"),
    ]
    equal, report, failed = ([(child.tag, child.get("type"), child.get("message")) for child in case] for case in cases)
    assert equal == [("system-out", None, None)]
    summary = "1,200 rows on soap emulator, 1,201 on rest emulator: 3 columns and 5 places differ"
    assert report == [("failure", "difference", summary)]
    assert failed == [("error", "NotFound", r'There is no "Profit_<Nope>\x1b".')]
    text = cases[1].findtext("failure") or ""
    assert text.splitlines()[0] == "note: a note"
    assert text.count("\n") == 8
    assert "missing on rest emulator" in text


def test_junit_of_nothing_is_a_suite_without_cases() -> None:
    (suite,) = ElementTree.fromstring(as_junit([]))
    assert (suite.get("tests"), list(suite)) == ("0", [])


def test_notes_of_what_is_equal_are_kept() -> None:
    report = Report("X", "a", "b", ("Id",), notes=["Id is not unique"], rows=[1, 1])
    shown = ElementTree.fromstring(as_junit([Case("X", 0, report)])).findtext(".//system-out")
    assert shown == "1 rows on a, 1 on b: equal\nnote: Id is not unique"
