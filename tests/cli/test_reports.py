"""A comparison as text, JSON and JUnit XML: each difference in each of them."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree

from afas_soap.cli.reports import as_json, as_junit, as_text
from afas_soap.compare import FieldDifference, MissingRow, OrderDifference, Report, TypeDifference

EQUAL = Report("Profit_Article", "soap", "rest", ("ItemCode",), rows=[2, 2])


def differing() -> Report:
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


def test_text_says_how_many_are_not_shown() -> None:
    report = Report("X", "a", "b", ("Id",), rows=[1500, 0])
    for number in range(1500):
        report.add(MissingRow("b", (str(number),), number + 1))
    lines = as_text([report]).splitlines()
    assert lines[-2] == "  and 500 more"
    assert len(lines) == 1 + 1000 + 2


def test_json_holds_typed_values_of_both_sides() -> None:
    equal, report = json.loads(as_json([EQUAL, differing()]))
    assert equal["equal"] is True
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


def test_junit_is_well_formed_and_counts_failures_whatever_stands_in_the_values() -> None:
    root = ElementTree.fromstring(as_junit([EQUAL, differing()]))
    equal, report = root.findall("testsuite")
    assert (equal.get("name"), equal.get("tests"), equal.get("failures")) == ("Profit_Article", "2", "0")
    assert equal.find("testcase/failure") is None
    assert report.get("failures") == "2"
    columns, rows = report.findall("testcase/failure")
    assert columns.get("message") == "3 differences"
    assert "missing on rest emulator" in (rows.text or "")
