"""The check of an update: each planted mistake with its path, rule and weight, and AFAS' own examples."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from xmlschema.validators import XsdAtomicRestriction

from afas_soap.errors import AnswerError, Problem, Weight
from afas_soap.profit.schemas.lexical import canonical
from afas_soap.profit.schemas.metainfoxsd import metainfo_xsd
from afas_soap.profit.schemas.ordering import ordered
from afas_soap.profit.schemas.schema import check
from afas_soap.profit.schemas.schemaxsd import relaxed, schema_from_xsd
from afas_soap.profit.schemas.updateschema import UpdateSchema
from afas_soap.profit.updates.fieldvalue import FieldValue, field_text
from afas_soap.profit.updates.update import Action, Update
from afas_soap.profit.updates.updatejson import update_from_json
from afas_soap.profit.updates.updateplain import Plain, update_from_plain
from afas_soap.profit.updates.updatexml import update_from_xml, update_to_xml

CUSTOM = "U" + "0123456789ABCDEF" * 2


def _type(base: str, **facets: int | str) -> str:
    inside = "".join(f'<xsd:{name} value="{value}"/>' for name, value in facets.items())
    return f'<xsd:simpleType><xsd:restriction base="xsd:{base}">{inside}</xsd:restriction></xsd:simpleType>'


def _object(name: str, fields: str, objects: str = "", keys: str = "", *, occurs: str = "") -> str:
    return (
        f'<xsd:element name="{name}"{occurs}><xsd:complexType><xsd:sequence><xsd:element name="Element"'
        ' maxOccurs="unbounded"><xsd:complexType><xsd:sequence><xsd:element name="Fields" minOccurs="0">'
        f'<xsd:complexType><xsd:sequence>{fields}</xsd:sequence><xsd:attribute name="Action" use="required"'
        ' type="AFASRowAction"/></xsd:complexType></xsd:element><xsd:element name="Objects" minOccurs="0">'
        f"<xsd:complexType><xsd:sequence>{objects}</xsd:sequence></xsd:complexType></xsd:element></xsd:sequence>{keys}"
        "</xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element>"
    )


def _document(root: str) -> str:
    return (
        '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:simpleType name="AFASRowAction"><xsd:restriction'
        ' base="xsd:string"><xsd:enumeration value="insert"/><xsd:enumeration value="update"/><xsd:enumeration'
        f' value="delete"/></xsd:restriction></xsd:simpleType>{root}</xsd:schema>'
    )


def _field(name: str, inside: str = "", more: str = 'nillable="true"') -> str:
    return f'<xsd:element name="{name}" minOccurs="0" {more}>{inside}</xsd:element>'


KEY = '<!--Dossieritem--><xsd:attribute name="SbId" use="required" type="xsd:long"/>'
LINK = _object(
    "KnSubjectLink",
    _field("BcId", _type("string", maxLength=15, minLength=1)) + _field("Since", more='type="xsd:date"'),
    keys=KEY,
    occurs=' minOccurs="0"',
)
FIELDS = (
    "<!--Type dossieritem--><xsd:element name='StId' minOccurs='0' type='xsd:long'/>",
    "<!--Onderwerp-->" + _field("Ds", _type("string", maxLength=10, minLength=1)),
    "<!--Prioriteit--><!--Values:  H:Hoog   N:Normaal-->" + _field("ViPr", _type("string", maxLength=20, minLength=1)),
    "<!--Bedrag-->" + _field("Am", _type("decimal", totalDigits=6, fractionDigits=2)),
    _field("Da", more='type="xsd:dateTime" nillable="true"'),
    _field("Dt", more='type="xsd:date" nillable="true"'),
    _field("Ti", more='type="xsd:time" nillable="true"'),
    _field("St", more='type="xsd:boolean" nillable="true"'),
    _field("De", more='type="xsd:decimal" nillable="true"'),
    _field("FileStream", _type("base64Binary", minLength=1)),
    _field("Any"),
    _field("Word", _type("token", enumeration="a")),
)
DEMO = schema_from_xsd(_document(_object("KnSubject", "".join(FIELDS), LINK, KEY)), "KnSubject")
METAINFO = {
    "id": "PtProject",
    "fields": [
        {"fieldId": "PrId", "primaryKey": True, "dataType": "string", "length": 15, "label": "Project"},
        {"fieldId": "Ds", "dataType": "string", "length": 100, "label": "Omschrijving", "mandatory": True},
        {"fieldId": "Da", "dataType": "date"},
        {"fieldId": "MatchPer", "dataType": "string", "length": 1},
    ],
}
MADE = schema_from_xsd(metainfo_xsd(json.dumps(METAINFO).encode(), "PtProject"), "PtProject")


def found(record: Plain | list[Plain], action: Action = Action.INSERT, *, strict: bool = False) -> tuple[Problem, ...]:
    """The problems of a KnSubject."""
    return check(update_from_plain("KnSubject", record, action=action, root="KnSubject"), DEMO, strict=strict)


def rules(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    """Path, rule and weight of each."""
    return [(problem.path, problem.rule, problem.weight.value) for problem in problems]


class TestPlanted:
    """One mistake each."""

    @pytest.mark.parametrize(
        ("record", "path", "rule", "message"),
        [
            ({"Dss": "x"}, "KnSubject/Dss", "unknown-field", "KnSubject has no field Dss: the nearest"),
            ({"@Id": 1}, "KnSubject/@Id", "unknown-key", "KnSubject has no key @Id: its keys are @SbId."),
            ({"KnLink": {"A": 1}}, "KnSubject/KnLink", "unknown-object", "the nearest sub-object is KnSubjectLink."),
            ({"StId": "x"}, "KnSubject/StId", "wrong-type", "text of 1 character stands here, where a whole number"),
            ({"StId": Decimal("1.5")}, "KnSubject/StId", "wrong-type", "where a whole number, such as 12, belongs."),
            ({"StId": "1_000"}, "KnSubject/StId", "wrong-type", "where a whole number"),
            ({"StId": "\u0661"}, "KnSubject/StId", "wrong-type", "where a whole number"),
            ({"StId": 2**63}, "KnSubject/StId", "wrong-type", "where a whole number"),
            ({"@SbId": "x"}, "KnSubject/@SbId", "wrong-type", "where a whole number"),
            ({"Am": "1,5"}, "KnSubject/Am", "wrong-type", "where a number with a point, such as 12.50, belongs."),
            ({"Da": "29-02-2024"}, "KnSubject/Da", "wrong-type", "a date and time, such as 2024-02-29T10:00:00,"),
            ({"Da": "2024-02-28T23:00:00.000Z"}, "KnSubject/Da", "zone", "even AFAS' own Z is no UTC"),
            ({"Da": "2024-02-29T00:00:00+01:00"}, "KnSubject/Da", "zone", "Give Amsterdam time without a zone"),
            ({"Da": "2024-02-28T24:00:00"}, "KnSubject/Da", "wrong-type", "midnight is T00:00:00 of the next day."),
            ({"Da": "12024-02-29T10:00:00"}, "KnSubject/Da", "wrong-type", "a date and time, such as"),
            ({"Dt": "2024-02-29Z"}, "KnSubject/Dt", "zone", "a zone (Z or an offset) stands behind this date or time"),
            ({"Dt": "2024-02-29T00:00:00-05:00"}, "KnSubject/Dt", "zone", "no UTC"),
            ({"Dt": "10:00:00"}, "KnSubject/Dt", "wrong-type", "text of 8 characters stands here, where a date that"),
            ({"Ti": "10:00:00Z"}, "KnSubject/Ti", "zone", "no UTC"),
            ({"Ti": "10:00:00+01:00"}, "KnSubject/Ti", "zone", "no UTC"),
            ({"Ti": "2024-02-29T10:00:00"}, "KnSubject/Ti", "wrong-type", "where a time, such as 10:00:00, belongs."),
            ({"KnSubjectLink": {"Since": "2024-02-29Z"}}, "KnSubject/KnSubjectLink/Since", "zone", "no UTC"),
            ({"Am": ".5"}, "KnSubject/Am", "wrong-type", "where a number with a point, such as 12.50, belongs."),
            ({"Dt": "31-02-2024"}, "KnSubject/Dt", "wrong-type", "where a date that exists, such as 2024-02-29,"),
            ({"Dt": "2023-02-29"}, "KnSubject/Dt", "wrong-type", "where a date that exists"),
            ({"Ti": "10:00"}, "KnSubject/Ti", "wrong-type", "where a time, such as 10:00:00, belongs."),
            ({"St": "ja"}, "KnSubject/St", "wrong-type", "where true or false (or 1 or 0) belongs."),
            ({"FileStream": "?"}, "KnSubject/FileStream", "wrong-type", "where the base64 of a file belongs."),
            ({"Word": "b"}, "KnSubject/Word", "wrong-type", "where a text that the schema allows belongs."),
            ({"Ds": "x" * 300}, "KnSubject/Ds", "too-long", "300 characters, and at most 10 fit."),
            ({"Am": "1.123"}, "KnSubject/Am", "too-many-decimals", "at most 2."),
            ({"Am": 1234567}, "KnSubject/Am", "too-many-digits", "at most 6."),
            ({"StId": ""}, "KnSubject/StId", "empty", "cannot be cleared: leave it out."),
        ],
    )
    def test_errors(self, record: Plain, path: str, rule: str, message: str) -> None:
        """Each is the only problem, and an error."""
        problems = found(record)
        assert rules(problems) == [(path, rule, "error")]
        assert message in problems[0].message

    def test_both_limits_at_once(self) -> None:
        """A value may break two rules."""
        assert [rule for _, rule, _ in rules(found({"Am": "123456.123"}))] == ["too-many-digits", "too-many-decimals"]

    def test_codes_outside_the_list(self) -> None:
        """A doubt with the codes, which blocks only when it is to."""
        (problem,) = found({"ViPr": "X"})
        assert (problem.path, problem.rule, problem.weight) == ("KnSubject/ViPr", "unlisted-code", Weight.DOUBT)
        assert problem.message == "the value is not in the list of codes: H (Hoog), N (Normaal)."
        assert problem.codes == (("H", "Hoog"), ("N", "Normaal"))
        assert (problem.label, problem.kind) == ("Prioriteit", "text of 1 character")
        assert [each.weight for each in found({"ViPr": "X"}, strict=True)] == [Weight.ERROR]
        assert rules(found({"ViPr": "x" * 21})) == [("KnSubject/ViPr", "too-long", "error")]
        assert found({"ViPr": "N"}) == ()

    @pytest.mark.parametrize(
        ("record", "rule"),
        [
            ({"Da": "0001-01-01T00:00:00"}, "no-date"),
            ({"Da": datetime.datetime.min}, "no-date"),
            ({"Dt": "0001-01-01"}, "no-date"),
            ({"Da": "10:00:00"}, "time-alone"),
        ],
    )
    def test_dates_that_are_doubtful(self, record: Plain, rule: str) -> None:
        """They go through, unless that is not wanted."""
        (path,) = (f"KnSubject/{name}" for name in record)
        assert rules(found(record)) == [(path, rule, "doubt")]
        assert rules(found(record, strict=True)) == [(path, rule, "error")]

    def test_a_date_for_a_date_time_and_the_other_way_round(self) -> None:
        """As REST's metainfo, which has one word for both, and AFAS' own examples."""
        aware = datetime.datetime(2024, 2, 28, 23, tzinfo=datetime.UTC)
        for value in ("2024-02-29", "2024-02-29T00:00:00", "2024-02-29T14:47:59.5", datetime.date(2024, 2, 29), aware):
            assert found({"Da": value, "Dt": value}) == ()

    def test_keys_that_are_dates(self) -> None:
        """As those of a contract (AfasContract's DaBe)."""
        schema = schema_from_xsd(DEMO.text.replace('use="required" type="xsd:long"', 'type="xsd:date"'), "KnSubject")
        for value, expected in (("2024-02-29", []), ("2024-02-29Z", [("KnSubject/@SbId", "zone", "error")])):
            update = update_from_plain("KnSubject", {"@SbId": value}, action=Action.UPDATE)
            assert rules(check(update, schema)) == expected

    def test_dates_within_limits_of_a_schema(self) -> None:
        """They count, beside the zone."""
        limited = _field("Dt", _type("date", minInclusive="1900-01-01"))
        text = DEMO.text.replace(_field("Dt", more='type="xsd:date" nillable="true"'), limited)
        schema = schema_from_xsd(text, "KnSubject")
        for value, expected in (("1900-01-01", []), ("1899-12-31", ["wrong-type"]), ("1900-01-01Z", ["zone"])):
            update = update_from_plain("KnSubject", {"Dt": value}, root="KnSubject")
            assert [problem.rule for problem in check(update, schema)] == expected

    def test_keys(self) -> None:
        """Never needed for an insert, always for an update or delete; a field of that code counts."""
        for action in (Action.UPDATE, Action.DELETE):
            (problem,) = found({"Ds": "x"}, action)
            assert (problem.path, problem.rule, problem.weight) == ("KnSubject/@SbId", "missing-key", Weight.ERROR)
            assert problem.message == f"this key tells which record to {action}: give it as @SbId."
            assert problem.label == "Dossieritem"
            assert found({"@SbId": 1, "Ds": "x"}, action) == ()
        assert found({"Ds": "x"}) == ()

    def test_a_key_among_the_fields(self) -> None:
        """As AFAS' JSON has it: judged as the key that it is, and empty none; with another value beside it an error."""
        assert found({"SbId": 1, "Ds": "x"}, Action.UPDATE) == found({"SbId": ""}) == ()
        assert rules(found({"SbId": "x"})) == [("KnSubject/SbId", "wrong-type", "error")]
        assert rules(found({"SbId": ""}, Action.UPDATE)) == [("KnSubject/@SbId", "missing-key", "error")]
        assert found({"@SbId": 1, "SbId": "1"}, Action.UPDATE) == ()
        assert rules(found({"@SbId": 1, "SbId": 2}, Action.UPDATE)) == [("KnSubject/SbId", "two-keys", "error")]

    def test_keys_of_rows_below(self) -> None:
        """AFAS' schemas repeat the record's key in its sub-objects, and AFAS' own examples leave it out there."""
        assert found({"@SbId": 1, "KnSubjectLink": {"BcId": "1"}}, Action.UPDATE) == ()
        row = {"@Action": "update", "BcId": "1"}
        assert rules(found({"KnSubjectLink": row})) == [("KnSubject/KnSubjectLink/@SbId", "missing-key", "error")]

    def test_a_payload_for_another_connector(self) -> None:
        """Told, and nothing else: all of it is wrong. Without a root it is taken for this one."""
        record: Plain = {"Nothing": 1}
        (problem,) = check(update_from_plain("KnSubject", record, root="KnPerson"), DEMO)
        assert (problem.path, problem.rule, problem.weight) == ("KnPerson", "another-root", Weight.ERROR)
        assert problem.message == "a payload for another connector: the root element of KnSubject is KnSubject."
        assert [each.path for each in check(update_from_plain("KnSubject", record), DEMO)] == ["KnSubject/Nothing"]


class TestWhole:
    """An update as a whole."""

    def test_all_at_once(self) -> None:
        """Errors before doubts, both in the order of the document, with the number of each row."""
        link = [{"BcId": "1"}, {"BcId": "x" * 16, "Foo": 1}]
        records: list[Plain] = [
            {"ViPr": "X", "StId": "x", "KnSubjectLink": link},
            {CUSTOM: 1, "ViPr": "Y", "Ds": "x" * 11},
        ]
        assert rules(found(records)) == [
            ("KnSubject[1]/StId", "wrong-type", "error"),
            ("KnSubject[1]/KnSubjectLink[2]/BcId", "too-long", "error"),
            ("KnSubject[1]/KnSubjectLink[2]/Foo", "unknown-field", "error"),
            (f"KnSubject[2]/{CUSTOM}", "unknown-field", "error"),
            ("KnSubject[2]/Ds", "too-long", "error"),
            ("KnSubject[1]/ViPr", "unlisted-code", "doubt"),
            ("KnSubject[2]/ViPr", "unlisted-code", "doubt"),
        ]
        assert found(records, strict=True)[0].path == "KnSubject[1]/ViPr"

    def test_one_mistake_in_every_row(self) -> None:
        """Each has its own path, and the same remedy."""
        first, second, below = found([{"Dss": 1}, {"Dss": 2, "KnSubjectLink": {"Dss": 3}}])
        assert (first.path, second.path) == ("KnSubject[1]/Dss", "KnSubject[2]/Dss")
        assert first.message == second.message
        assert below.message == "KnSubjectLink has no field Dss: leave it out."

    def test_what_was_judged_before(self) -> None:
        """Is remembered for no value that may be judged otherwise."""
        assert rules(found([{"Am": "1.50000"}, {"Am": "1.51234"}, {"Am": "00001234"}, {"Am": "12345678"}])) == [
            ("KnSubject[2]/Am", "too-many-decimals", "error"),
            ("KnSubject[4]/Am", "too-many-digits", "error"),
        ]

    def test_verdicts_are_kept_with_the_type(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever checks next asks xmlschema about no text that is alike; how many are kept has an end."""
        asked: list[object] = []
        told = XsdAtomicRestriction.iter_errors

        def iter_errors(self: Any, text: Any) -> Any:
            asked.append(text)
            return told(self, text)

        monkeypatch.setattr(XsdAtomicRestriction, "iter_errors", iter_errors)
        schema = schema_from_xsd(DEMO.text.replace("Onderwerp", "Nog eens"), "KnSubject")

        def checked(**fields: FieldValue) -> tuple[Problem, ...]:
            return check(update_from_plain("KnSubject", fields, root="KnSubject"), schema)

        for number in range(2, 9):
            assert checked(Ds=f"tekst {number}", Am=f"{number}.{number}", StId=number, Da="2024-02-29", St=True) == ()
        assert asked == ["tekst 2", "2.2"]
        monkeypatch.setattr("afas_soap.profit.schemas.schema._MOST_VERDICTS", 2)
        for number in range(3):
            assert rules(checked(Word=f"x{number}")) == [("KnSubject/Word", "wrong-type", "error")]
        assert checked(Word="a") == checked(Word="a") == ()
        assert asked[2:] == ["x0", "x1", "x2", "a"]

    def test_no_value_shows(self) -> None:
        """Values may be personal: what they are is told."""
        record: Plain = {"Ds": "geheim " * 9, "StId": "geheim", "ViPr": "geheim", "Dt": "geheim", "geheim": "x"}
        problems = found({name: value for name, value in record.items() if name != "geheim"})
        assert len(problems) == 4
        assert "geheim" not in repr(problems)
        assert problems[0].kind == "text of 63 characters"

    def test_values_of_python(self) -> None:
        """Each kind that may stand in a field, where it belongs; cleared ones where that is allowed."""
        values: Mapping[str, FieldValue] = {
            "StId": 1,
            "Ds": "x" * 10,
            "Am": Decimal("1234.5000"),
            "Da": datetime.datetime(2024, 2, 29, 10),
            "Dt": datetime.date(2024, 2, 29),
            "Ti": datetime.time(10),
            "St": True,
            "De": 1.5,
            "FileStream": b"x",
            "Any": "anything",
            "Word": " a ",
        }
        assert found(values) == ()
        assert found({"St": "0", "Am": " 1.5 ", "De": "-" + "9" * 40}) == ()
        assert found(dict.fromkeys(("Ds", "Am", "Da", "Dt", "Ti", "St", "FileStream"))) == ()

    def test_the_update_stays_as_it_is(self) -> None:
        """A check changes nothing."""
        update = update_from_plain("KnSubject", {"Ds": "x" * 11, "StId": "x"}, root="KnSubject")
        before = update_to_xml(update)
        check(update, DEMO)
        assert update_to_xml(update) == before


class TestMetainfo:
    """What only REST knows, and what is different in a schema made from it."""

    def made(
        self, record: Plain, action: Action = Action.INSERT, *, strict: bool = False
    ) -> list[tuple[str, str, str]]:
        """The problems of a PtProject."""
        return rules(check(update_from_plain("PtProject", record, action=action), MADE, strict=strict))

    def test_mandatory(self) -> None:
        """A doubt where it is absent or cleared, on an insert alone."""
        doubt = [("PtProject/Ds", "missing-mandatory", "doubt")]
        assert self.made({}) == self.made({"Ds": ""}) == doubt
        assert self.made({}, strict=True) == [("PtProject/Ds", "missing-mandatory", "error")]
        assert self.made({"Ds": "x"}) == self.made({"@PrId": "1"}, Action.UPDATE) == []

    def test_a_key_in_either_place(self) -> None:
        """AFAS' JSON has keys in both."""
        assert self.made({"PrId": "1"}, Action.UPDATE) == self.made({"@PrId": "1"}, Action.DELETE) == []
        assert self.made({"Ds": "x"}, Action.UPDATE) == [("PtProject/@PrId", "missing-key", "error")]

    def test_a_match_tells_the_record(self) -> None:
        """Organisations and persons are found by what is compared; one that is not found is a new one."""
        assert self.made({"MatchPer": "1", "Ds": "x"}, Action.UPDATE) == []
        assert self.made({"MatchPer": "1"}, Action.UPDATE) == [("PtProject/Ds", "missing-mandatory", "doubt")]

    def test_a_date_a_date_time_or_a_time(self) -> None:
        """Metainfo says date for all three."""
        for value in ("2024-02-29", "2024-02-29T10:00:00", "10:00:00", datetime.date(2024, 2, 29)):
            assert self.made({"Ds": "x", "Da": value}) == []
        for value in ("2024-02-29Z", "2024-02-28T23:00:00.000Z", "2024-02-29T00:00:00+01:00", "10:00:00+01:00"):
            assert self.made({"Ds": "x", "Da": value}) == [("PtProject/Da", "zone", "error")]
        assert self.made({"Ds": "x", "Da": "2024-02-28T24:00:00"}) == [("PtProject/Da", "wrong-type", "error")]
        assert self.made({"Ds": "x", "Da": "0001-01-01T00:00:00"}) == [("PtProject/Da", "no-date", "doubt")]
        (problem,) = check(update_from_plain("PtProject", {"Ds": "x", "Da": "31-02"}), MADE)
        assert "2024-02-29 or 2024-02-29T10:00:00, or a time such as 10:00:00, belongs" in problem.message


class TestBrokenSchemas:
    """A schema that is none is Profit's fault, or that of the file."""

    @pytest.mark.parametrize(
        "text",
        [
            DEMO.text.replace("xsd:boolean", "xsd:bool"),
            DEMO.text.replace('name="Dt"', 'name="Da"'),
            DEMO.text.replace('<xsd:totalDigits value="6"/>', '<xsd:totalDigits value="six"/>'),
            DEMO.text.replace("<xsd:sequence>", '<xsd:sequence minOccurs="0" maxOccurs="0">', 1),
        ],
    )
    def test_it_is_said(self, text: str) -> None:
        """And whose it is."""
        schema = schema_from_xsd(text, "KnSubject")
        with pytest.raises(AnswerError, match="no schema that an update can be checked against") as caught:
            check(update_from_plain("KnSubject", {"Ds": "x"}), schema)
        assert caught.value.connector == "KnSubject"

    def test_nothing_is_fetched(self) -> None:
        """A schema with parts elsewhere is refused before anything is looked up."""
        text = DEMO.text.replace(
            "<xsd:simpleType ", '<xsd:include schemaLocation="http://example.com/a.xsd"/><xsd:simpleType ', 1
        )
        with pytest.raises(AnswerError, match="xsd:include"):
            check(update_from_plain("KnSubject", {"Ds": "x"}), UpdateSchema("KnSubject", DEMO.root, text))

    def test_a_pattern_does_not_count(self) -> None:
        """One that takes for ever on this text is not asked."""
        text = DEMO.text.replace('<xsd:enumeration value="a"/>', '<xsd:pattern value="(a+)+b"/>')
        assert check(update_from_plain("KnSubject", {"Word": "a" * 99}), schema_from_xsd(text, "KnSubject")) == ()

    def test_sub_objects_that_may_never_be_there(self) -> None:
        """They are none."""
        text = DEMO.text.replace(
            '<xsd:sequence><xsd:element name="KnSubjectLink"',
            '<xsd:sequence minOccurs="0" maxOccurs="0"><xsd:element name="KnSubjectLink"',
        )
        update = update_from_plain("KnSubject", {"KnSubjectLink": {"BcId": "1"}})
        found = check(update, schema_from_xsd(text, "KnSubject"))
        assert rules(found) == [("KnSubject/KnSubjectLink", "unknown-object", "error")]

    @pytest.mark.parametrize(
        ("own", "good", "bad"),
        [
            ('base="xsd:string"><xsd:whiteSpace value="collapse"/><xsd:maxLength value="3"/>', "a    b", "abcdef"),
            ('base="xsd:decimal"><xsd:minInclusive value="5"/><xsd:totalDigits value="9"/>', "7", "3"),
        ],
    )
    def test_limits_that_are_not_of_length_alone(self, own: str, good: str, bad: str) -> None:
        """They count for every value, whatever was judged before it."""
        text = DEMO.text.replace('base="xsd:token"><xsd:enumeration value="a"/>', own)
        update = update_from_plain("KnSubject", [{"Word": good}, {"Word": bad}])
        assert [problem.path for problem in check(update, schema_from_xsd(text, "KnSubject"))] == ["KnSubject[2]/Word"]

    @pytest.mark.parametrize(
        ("base", "limit", "facet", "good", "bad"),
        [
            ("xsd:string", '<xsd:enumeration value="abc"/>', '<xsd:maxLength value="9"/>', "abc", "abd"),
            ("xsd:decimal", '<xsd:minInclusive value="5"/>', '<xsd:totalDigits value="9"/>', "7", "3"),
            ("xsd:decimal", '<xsd:maxInclusive value="5"/>', '<xsd:fractionDigits value="2"/>', "3", "7"),
        ],
    )
    def test_a_type_of_its_own_in_between(self, base: str, limit: str, facet: str, good: str, bad: str) -> None:
        """What that one restricts counts for every value, whatever was judged before it."""
        own = f'<xsd:simpleType name="Own"><xsd:restriction base="{base}">{limit}</xsd:restriction></xsd:simpleType>'
        text = DEMO.text.replace("<xsd:simpleType name", f"{own}<xsd:simpleType name", 1)
        text = text.replace('base="xsd:token"><xsd:enumeration value="a"/>', f'base="Own">{facet}')
        update = update_from_plain("KnSubject", [{"Word": good}, {"Word": bad}])
        found = check(update, schema_from_xsd(text, "KnSubject"))
        assert rules(found) == [("KnSubject[2]/Word", "wrong-type", "error")]

    def test_content_of_any_kind(self) -> None:
        """An object that says nothing of what is inside takes no fields of ours, and breaks nothing."""
        row = '<xsd:element name="Element" type="xsd:string"/>'
        inside = f"<xsd:complexType><xsd:sequence>{row}</xsd:sequence></xsd:complexType>"
        bare = f'<xsd:element name="KnBare" minOccurs="0">{inside}</xsd:element>'
        schema = schema_from_xsd(_document(_object("KnSubject", "", bare)), "KnSubject")
        update = update_from_plain("KnSubject", {"KnBare": {"A": 1}})
        assert rules(check(update, schema)) == [("KnSubject/KnBare/A", "unknown-field", "error")]


# Of 81 example bodies whose connector has a genuine schema, those that it refuses. The schemas are of another
# environment and of an older Profit than the examples.
REFUSED = {
    ("KnCourseMember", "put", "maximaal met vrij veld"): [
        ("KnCourseMember/UC3B61455480EEFAFE78EBC831C6E1B30", "unknown-field"),
    ],
    ("KnSubject", "post", "Employee custom subject with custom fields"): [("KnSubject/KnS51", "unknown-object")],
    ("KnSubject", "post", "Employee with Workflow Id"): [("KnSubject/id", "unknown-field")],
    ("KnSubject", "post", "Project with custom properties"): [
        ("KnSubject/KnS04/U7A47A63043AE7777AE7B0EA09BA6FCA4", "unknown-field"),
        ("KnSubject/KnS04/UEEF20AEC4A771CDE69FF3B40BA8C1FA1", "unknown-field"),
        ("KnSubject/KnS04/UF0F911494546A1E78A295F97D3421789", "unknown-field"),
        ("KnSubject/KnS04/UB65BF2BD4FE2FA363ACF74896D7EA6F0", "unknown-field"),
    ],
    ("KnSubjectWorkflowReaction", "post", "Action with attachment"): [("KnWorkflow/@SbId", "unknown-key")],
    ("KnSalesRelationPer", "put", "AfleveradresToevoegen"): [("KnSalesRelationPer/TeN2", "unknown-field")],
}


def schemas(afas: Path) -> dict[str, UpdateSchema]:
    """AFAS' own, by connector."""
    return {path.stem: schema_from_xsd(path.read_text("utf-8"), path.stem) for path in (afas / "xsd").glob("*.xsd")}


def bodies(afas: Path, connectors: Mapping[str, object]) -> Iterator[tuple[tuple[str, str, str], Update]]:
    """Each example body of AFAS' OpenAPI files for these connectors, spelt as XML and read back."""
    for file in sorted((afas / "openapi" / "profit").glob("*.json")):
        for path, verbs in json.loads(file.read_text("utf-8"))["paths"].items():
            _, first, *names = path.split("/")
            if first != "connectors" or names[0] not in connectors:
                continue
            for verb, action in (("post", Action.INSERT), ("put", Action.UPDATE)):
                body = verbs.get(verb, {}).get("requestBody", {}).get("content", {}).get("application/json", {})
                for name, example in body.get("examples", {}).items():
                    text = json.dumps(example["value"])
                    update = update_from_json(text, names[0], action=action, sub_object="".join(names[1:2]))
                    again = update_from_xml(update_to_xml(update), names[0], sub_object=update.sub_object)
                    yield (names[0], verb, name), again


class TestGenuine:
    """AFAS' examples against AFAS' schemas."""

    @pytest.mark.no_cover
    def test_the_examples_pass(self, afas: Path) -> None:
        """All but those in the table, and every insert without a key."""
        known = schemas(afas)
        refused, without_key = {}, 0
        for name, update in bodies(afas, known):
            errors = [each for each in check(update, known[name[0]]) if each.weight is Weight.ERROR]
            if errors:
                refused[name] = [(each.path, each.rule) for each in errors]
            without_key += name[:2] == ("KnSubject", "post") and "SbId" not in update.elements[0].keys
        assert refused == REFUSED
        assert without_key >= 15

    @pytest.mark.no_cover
    def test_xmlschema_agrees(self, afas: Path) -> None:
        """The whole document, in the schema's order, is valid for xmlschema when we find no error, and only then."""
        known = schemas(afas)
        judges = {name: xmlschema.XMLSchema10(relaxed(schema.text), allow="none") for name, schema in known.items()}
        for name, update in bodies(afas, known):
            valid = judges[name[0]].is_valid(update_to_xml(ordered(update, known[name[0]])))
            assert valid == (name not in REFUSED), name

    @pytest.mark.no_cover
    @pytest.mark.parametrize(
        ("field", "value", "rule"),
        [
            ("StId", "x", "wrong-type"),
            ("Ds", "x" * 256, "too-long"),
            ("Da", "22-01-2023", "wrong-type"),
            ("Dss", "x", "unknown-field"),
            ("StId", "", "empty"),
            ("@Id", "1", "unknown-key"),
            ("KnS99", {"A": "1"}, "unknown-object"),
        ],
    )
    def test_planted(self, afas: Path, field: str, value: object, rule: str) -> None:
        """A mistake in a KnSubject, found by us and by xmlschema."""
        schema = schemas(afas)["KnSubject"]
        update = update_from_plain("KnSubject", {"Ds": "Offerte", field: value}, root="KnSubject")
        assert rules(check(update, schema)) == [(f"KnSubject/{field}", rule, "error")]
        judge = xmlschema.XMLSchema10(relaxed(schema.text), allow="none")
        assert not judge.is_valid(update_to_xml(ordered(update, schema)))


JUDGE = xmlschema.XMLSchema10(relaxed(DEMO.text), allow="none")
PIECES = st.sampled_from(("x", "1", "0", "-", "+", ".", "9", "e", ":", "T", "Z", "2024-02-29", "10:00:00", "true", " "))
# Dates and times aside: those have more forms than XML Schema gives them (see ``test_lexical``).
RECORDS = st.dictionaries(
    st.sampled_from(("StId", "Ds", "Am", "St", "De", "FileStream", "@SbId", "Dss")),
    st.one_of(
        st.lists(PIECES, min_size=1, max_size=12).map("".join),
        st.integers(),
        st.decimals(allow_nan=False, allow_infinity=False, places=3),
        st.booleans(),
        st.none(),
    ),
)


@given(RECORDS)
def test_any_values_are_judged_as_by_xmlschema(record: Mapping[str, FieldValue]) -> None:
    """Whatever stands in a record: an error of ours, or a document that is valid once it is spelt as XML Schema has it,
    and never both."""
    update = update_from_plain("KnSubject", record, root="KnSubject")
    kinds = {**DEMO.root.fields, **DEMO.root.keys}
    spelt = {
        name: canonical(text, kinds[code].type) if (code := name.removeprefix("@")) in kinds and text else text
        for name, text in ((name, field_text(value)) for name, value in record.items())
    }
    unreadable = any(text is None and field_text(record[name]) for name, text in spelt.items())
    document = update_from_plain("KnSubject", spelt, root="KnSubject")
    valid = not unreadable and JUDGE.is_valid(update_to_xml(ordered(document, DEMO)))
    assert valid == (check(update, DEMO) == ())
