"""Bodies: folded to the spelling of the server, and checked with all their problems before any call."""

from __future__ import annotations

import datetime
import enum
import json
import uuid
from decimal import Decimal
from pathlib import Path

import numpy
import pytest

from afas_soap.errors import UpdateError, Weight
from afas_soap.sb.bodies import checked, spelt
from afas_soap.sb.jsonnumbers import loads
from afas_soap.sb.operation import Field, Kind, Operation, Source, Verb
from afas_soap.sb.table import shipped

_ID = "8afb1a9a-1613-5e2b-ab19-20c0f4f3e216"
_LINE = {"LedgerAccountId": _ID, "AmountExcludingVat": Decimal("40.55"), "VatType": "zero"}
_ENTRY = {
    "AdministrationId": _ID,
    "InvoiceDate": "2026-01-22",
    "InvoiceNumber": "V-1",
    "RelationType": "organisation",
    "RelationId": _ID,
    "InvoiceLine": [_LINE],
}


def sales(**changes: object) -> tuple[dict[str, object], list[tuple[str, str]]]:
    folded, problems = checked(shipped().operation("salesjournalentry", Verb.POST, "3.0"), {**_ENTRY, **changes})
    return folded, [(problem.path, problem.rule) for problem in problems]


def line(**changes: object) -> list[tuple[str, str]]:
    return sales(InvoiceLine=[_LINE, {**_LINE, **changes}])[1]


def test_a_right_body_is_the_same_afterwards() -> None:
    assert sales() == (_ENTRY, [])


def test_every_problem_is_told_with_its_path() -> None:
    _, problems = sales(
        AdministrationId="",
        InvoiceDate="2026-02-30",
        RelationType="relation",
        Description="x" * 256,
        InvoiceLine=[{**_LINE, "AmountExcludingVat": Decimal("100.255")}, {"VatType": "zero"}, 5],
        Attachments={},
    )
    assert sorted(problems) == [
        ("AdministrationId", "format"),
        ("Attachments", "type"),
        ("Description", "too-long"),
        ("InvoiceDate", "format"),
        ("InvoiceLine[1]/AmountExcludingVat", "too-many-decimals"),
        ("InvoiceLine[2]/AmountExcludingVat", "missing-field"),
        ("InvoiceLine[2]/LedgerAccountId", "missing-field"),
        ("InvoiceLine[3]", "type"),
        ("RelationType", "unlisted-word"),
    ]


@pytest.mark.parametrize("amount", ["0.07", "40.55", "100.26"])
def test_an_amount_of_two_decimals_passes_as_a_decimal_and_as_a_float(amount: str) -> None:
    assert line(AmountExcludingVat=Decimal(amount)) == []
    assert line(AmountExcludingVat=float(amount)) == []


def test_a_third_decimal_is_told_whatever_holds_it() -> None:
    wrong = [("InvoiceLine[2]/AmountExcludingVat", "too-many-decimals")]
    assert line(AmountExcludingVat=Decimal("100.255")) == line(AmountExcludingVat=100.255) == wrong


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"VatType": "high"}, [("InvoiceLine[2]/AmountVat", "condition")]),
        ({"VatType": "high", "AmountVat": 1}, []),
        ({"VatCalculation": "exempt"}, []),
        ({"LocationId": _ID, "DepartmentId": _ID}, [("InvoiceLine[2]", "condition")]),
        ({"LocationId": _ID}, []),
    ],
)
def test_the_conditions_of_8_0(changes: dict[str, object], problems: list[tuple[str, str]]) -> None:
    assert line(**changes) == problems


def test_vat_is_wanted_unless_there_is_said_to_be_none() -> None:
    without = {name: value for name, value in _LINE.items() if name != "VatType"}
    assert sales(InvoiceLine=[without])[1] == [("InvoiceLine[1]/VatType", "condition")]
    assert sales(InvoiceLine=[{**without, "VatCalculation": "NoVat"}])[1] == []


def test_a_spread_entry_wants_both_dates_and_one_amount() -> None:
    operation = shipped().operation("financialjournalentry", Verb.POST)
    entry = {"AdministrationId": _ID, "EntryDate": "2026-01-22", "Description": "x"}
    rows = [
        {"LedgerAccountId": _ID, "AmountDebit": 1, "PeriodAllocation": True, "PeriodAllocationBeginDate": "2026-01-01"},
        {"LedgerAccountId": _ID},
        {"LedgerAccountId": _ID, "AmountCredit": 0, "AmountDebit": 1, "PeriodAllocation": False},
    ]
    _, problems = checked(operation, {**entry, "EntryLine": rows})
    assert [str(problem) for problem in problems] == [
        "EntryLine[1]/PeriodAllocationEndDate: where PeriodAllocation is true, PeriodAllocationBeginDate and "
        "PeriodAllocationEndDate must be there.",
        "EntryLine[2]: give AmountDebit or AmountCredit.",
    ]


def test_words_and_optional_names_are_folded_to_the_spelling_of_the_server() -> None:
    folded, problems = sales(
        RelationType="ORGANISATION", paymentmethod="BankTransfer", reference="R", PAYMENTREFERENCE=""
    )
    assert problems == []
    assert folded["RelationType"] == "organisation"
    assert (folded["PaymentMethod"], folded["Reference"], folded["PaymentReference"]) == ("banktransfer", "R", "")


def test_a_required_name_counts_as_it_is_spelt() -> None:
    """The server looks for it so; with the spelling told, the missing name is not told once more."""
    body = {"OrganisationId": _ID, "Lastname": "Predovic"}
    folded, [problem] = checked(shipped().operation("contact", Verb.POST), body)
    assert (problem.path, problem.rule, folded["LastName"]) == ("LastName", "spelling", "Predovic")
    assert "Lastname stands there" in problem.message


def test_a_name_that_stands_twice_is_told() -> None:
    assert sales(Reference="a", reference="b")[1] == [("Reference", "twice")]


def test_an_unknown_name_is_a_doubt_with_the_nearest_one() -> None:
    _, problems = checked(shipped().operation("emailaddress", Verb.POST), {"EmailAdress": "x", 5: 6})  # type: ignore[dict-item]
    doubts = [problem for problem in problems if problem.weight is Weight.DOUBT]
    assert [(doubt.path, doubt.rule) for doubt in doubts] == [("EmailAdress", "unknown-field"), ("5", "unknown-field")]
    assert "EmailAddress is the nearest" in doubts[0].message
    assert [problem.weight for problem in problems] == sorted((p.weight for p in problems), key="error doubt".index)


def test_values_of_python_become_those_of_json() -> None:
    folded, problems = sales(
        AdministrationId=uuid.UUID(_ID),
        InvoiceDate=datetime.date(2026, 1, 22),
        InvoiceLine=(
            {
                **_LINE,
                "AmountExcludingVat": numpy.float32(0.1),
                "AlternativeAllocationDate": datetime.datetime(2026, 2, 1),
            },
        ),
        Unheard={"of": [datetime.datetime(2026, 1, 1, 12), None]},
    )
    assert problems == [("Unheard", "unknown-field")]
    assert (folded["AdministrationId"], folded["InvoiceDate"]) == (_ID, "2026-01-22")
    assert loads(spelt(folded)) == folded
    assert b'"AmountExcludingVat":0.1,' in spelt(folded)
    assert b'"AlternativeAllocationDate":"2026-02-01"' in spelt(folded)
    assert b'"Unheard":{"of":["2026-01-01T12:00:00",null]}' in spelt(folded)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (float("nan"), "not-a-number"),
        (Decimal("Infinity"), "not-a-number"),
        (Decimal("1E+500"), "too-many-digits"),
        pytest.param(10**5000, "too-many-digits", id="five thousand digits"),
        (-(10**100), "too-many-digits"),
        (Decimal("1." + "1" * 100), "too-many-digits"),
        (True, "type"),
        ("40.55", "type"),
        (None, "type"),
    ],
)
def test_what_is_no_amount(value: object, rule: str) -> None:
    assert line(AmountExcludingVat=value) == [("InvoiceLine[2]/AmountExcludingVat", rule)]


def test_a_value_that_json_has_no_word_for_is_told() -> None:
    wrong = [("InvoiceLine[2]/AmountExcludingVat", "no-json")]
    assert line(AmountExcludingVat=object()) == line(AmountExcludingVat=b"40.55") == wrong


def test_what_stands_too_deep_or_in_itself_is_told() -> None:
    endless: list[object] = []
    endless.append({"a": endless})
    [doubt_or_error] = [problem for problem in sales(Unheard=endless)[1] if problem[1] != "unknown-field"]
    assert doubt_or_error == ("Unheard" + "[1]/a" * 16, "depth")


def test_a_name_without_utf_8_is_told() -> None:
    folded, problems = sales(**{"x\ud800": 1, "Unheard": {"y\udfff": 2}})
    assert [(path, rule) for path, rule in problems if rule == "not-a-text"] == [
        ("x\\ud800", "not-a-text"),
        ("Unheard/y\\udfff", "not-a-text"),
    ]
    assert b"ud800" in spelt(folded)


def test_texts_and_numbers_of_enumerations_are_taken_for_what_they_are() -> None:
    class Relation(enum.StrEnum):
        ORGANISATION = "Organisation"

    class Amount(enum.IntEnum):
        TEN = 10

    folded, problems = sales(
        RelationType=Relation.ORGANISATION, InvoiceLine=[{**_LINE, "AmountExcludingVat": Amount.TEN}]
    )
    assert problems == []
    assert b'"RelationType":"organisation"' in spelt(folded)
    assert b'"AmountExcludingVat":10,' in spelt(folded)


def test_bytes_are_no_list_of_numbers() -> None:
    assert sales(Attachments=bytearray(b"x"))[1] == [("Attachments", "no-json")]


def test_a_date_with_a_time_in_it_and_a_text_without_utf_8() -> None:
    noon = datetime.datetime(2026, 1, 22, 12)
    assert sales(InvoiceDate=noon, Reference="a\ud800", Description="ë")[1] == [
        ("InvoiceDate", "date"),
        ("Reference", "not-a-text"),
    ]


def test_every_kind_of_rule_has_a_sentence_without_the_value() -> None:
    operation = Operation(
        "x",
        Verb.POST,
        "1.0",
        Source.FILE_8,
        fields=(
            Field("Short", shortest=3),
            Field("Digits", pattern="^[0-9]+$"),
            Field("When", Kind.MOMENT),
            Field("Where", Kind.URI),
            Field("Whole", Kind.INTEGER),
            Field("Part", Kind.OBJECT, members=(Field("Name", required=True),)),
            Field("Parts", Kind.OBJECT, many=True, members=(Field("Name"),)),
        ),
    )
    body = {
        "Short": "",
        "Digits": "1a",
        "When": "x",
        "Where": "a b",
        "Whole": Decimal("1.5"),
        "Part": {},
        "Parts": [[]],
    }
    told = [str(problem) for problem in checked(operation, body)[1]]
    assert sorted(told) == [
        "Digits: text of 2 characters stands here that does not have the form ^[0-9]+$.",
        "Part/Name: this field is required, and the body does not have it.",
        "Parts[1]: list stands here, where an object belongs.",
        "Short: empty text, and at least 3 must be there.",
        "When: text of 1 character stands here, where a date and time, such as 2026-12-31T00:00:00Z, belongs.",
        "Where: text of 3 characters stands here, where the address of a website belongs.",
        "Whole: decimal stands here, where a whole number belongs.",
    ]
    assert "Leave a field without a value out." in checked(operation, {"Short": None})[1][0].message


def test_an_unknown_word_comes_with_those_that_there_are() -> None:
    _, [problem] = checked(
        shipped().operation("address", Verb.POST),
        {"StreetName": "a", "CityName": "b", "CountryCode": "NL", "RelationType": "relation"},
    )
    assert problem.codes == (("organisation", ""), ("person", ""))
    assert problem.message == "this word is none of organisation, person."
    assert UpdateError.of(problem).problems == (problem,)


def test_all_bodies_of_afas_pass_but_the_one_without_a_last_name(afas: Path) -> None:
    """At the versions that the file of 6.0.0 has: 8.0's conditions refuse one more."""
    file = loads((afas / "openapi" / "sb" / "6-0-0.json").read_bytes())
    refused, seen = [], 0
    for connector, verb, body in bodies_of(file):
        [operation] = [
            one
            for one in shipped().operations
            if (one.connector, one.verb) == (connector, verb) and Source.FILE_6 in one.sources
        ]
        folded, problems = checked(operation, body)
        seen += 1
        assert json.loads(spelt(folded)).keys() == folded.keys()
        refused += [(connector, str(p)) for p in problems if p.weight is Weight.ERROR]
    assert seen == 47
    assert refused == [("contact", "LastName: SB looks for this name as it is spelt here, and Lastname stands there.")]


def bodies_of(file: object) -> list[tuple[str, Verb, dict[str, object]]]:
    """Connector, verb and body of each request example in ``file``."""
    assert isinstance(file, dict)
    found = []
    for path, item in file["paths"].items():
        for verb, operation in item.items():
            body = operation.get("requestBody") if verb in ("post", "put", "delete") else None
            if body and path.startswith("/api/"):
                for content in resolved(file, body)["content"].values():
                    for example in content.get("examples", {}).values():
                        found.append((path[5:], Verb(verb.upper()), resolved(file, example)["value"]))
    return found


def resolved(file: dict[str, object], node: dict[str, object]) -> dict:  # type: ignore[type-arg]
    while "$ref" in node:
        found: object = file
        for step in str(node["$ref"]).split("/")[1:]:
            assert isinstance(found, dict)
            found = found[step.replace("~1", "/")]
        assert isinstance(found, dict)
        node = found
    return node
