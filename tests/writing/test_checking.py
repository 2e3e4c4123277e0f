"""What a program wants to write: its schema kept and renewed, the update checked, rooted and put in order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.errors import AccessDenied, AnswerError, NotFound, TransportError, UpdateError
from afas_soap.limits import CALL_RECORDS
from afas_soap.profit.schemas.metainfoxsd import metainfo_xsd
from afas_soap.profit.schemas.schema import check
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.updates.update import Update
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.writing.checking import CHECKED, Checking, Writing
from afas_soap.writing.schemacache import Schemas, Source

FIELD = '<xsd:element name="{}" minOccurs="0" type="xsd:{}" nillable="true"/>'


def _xsd(*fields: tuple[str, str], root: str = "FiEntryPar") -> str:
    """A schema in AFAS' form with these fields."""
    inside = "".join(FIELD.format(*field) for field in fields)
    return (
        '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:simpleType name="AFASRowAction">'
        '<xsd:restriction base="xsd:string"><xsd:enumeration value="insert"/></xsd:restriction></xsd:simpleType>'
        f'<xsd:element name="{root}"><xsd:complexType><xsd:sequence><xsd:element name="Element" maxOccurs="unbounded">'
        '<xsd:complexType><xsd:sequence><xsd:element name="Fields" minOccurs="0"><xsd:complexType><xsd:sequence>'
        f'{inside}</xsd:sequence><xsd:attribute name="Action" use="required" type="AFASRowAction"/></xsd:complexType>'
        "</xsd:element></xsd:sequence></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element>"
        "</xsd:schema>"
    )


OLD = _xsd(("Year", "long"), ("Peri", "long"))
NEW = _xsd(("Year", "long"), ("Peri", "long"), ("U0123456789ABCDEF0123456789ABCDEF", "string"))


class _Profit:
    """Tells schemas, one after the other; the last one for good."""

    def __init__(self, *schemas: str) -> None:
        self.schemas = list(schemas)
        self.asked = 0

    def schema(self, connector: str) -> str:
        self.asked += 1
        return self.schemas.pop(0) if len(self.schemas) > 1 else self.schemas[0]


def _entry(**fields: object) -> Update:
    return update_from_plain("FiEntries", fields)


def _writing(profit: _Profit, folder: Path | None = None) -> Writing:
    schemas = None if folder is None else Schemas(folder, "12345-test soap")
    return Writing(Source(profit.schema, schemas), lambda: check)


def test_the_root_and_the_order_come_from_the_schema_which_is_asked_once() -> None:
    profit = _Profit(OLD)
    writing = _writing(profit)
    for _ in range(2):
        ready = writing.ready(_entry(Peri=1, Year=2024))
        assert ready.root == "FiEntryPar"
        assert list(ready.elements[0].fields.items()) == [("Year", 2024), ("Peri", 1)]
    assert profit.asked == 1
    assert writing.schema("FiEntries") is writing.schema("FiEntries")
    assert writing.kept("FiEntries", refresh=True).text == OLD
    assert profit.asked == 2


def test_an_error_keeps_it_back_with_every_problem_and_changes_nothing() -> None:
    wrong = _entry(Year="x", Maand=1)
    with pytest.raises(UpdateError) as caught:
        _writing(_Profit(OLD)).ready(wrong)
    assert [(problem.path, problem.rule) for problem in caught.value.problems] == [
        ("FiEntryPar/Year", "wrong-type"),
        ("FiEntryPar/Maand", "unknown-field"),
    ]
    assert caught.value.connector == "FiEntries"
    assert wrong == _entry(Year="x", Maand=1)


def test_a_kept_schema_that_finds_errors_is_asked_again_before_anybody_is_told(tmp_path: Path) -> None:
    """An administrator added a custom field since yesterday."""
    custom = _entry(Year=2024, U0123456789ABCDEF0123456789ABCDEF="x")
    _writing(_Profit(OLD), tmp_path).kept("FiEntries")
    later = _Profit(NEW)
    assert _writing(later, tmp_path).ready(custom).root == "FiEntryPar"
    assert later.asked == 1
    # What was asked just now is not asked again.
    fresh = _Profit(OLD)
    assert [problem.rule for problem in _writing(fresh).problems(custom)] == ["unknown-field"]
    assert fresh.asked == 1


def test_a_kept_schema_that_cannot_be_read_is_asked_again(tmp_path: Path) -> None:
    _writing(_Profit("<html/>"), tmp_path).kept("FiEntries")
    assert _writing(_Profit(OLD), tmp_path).schema("FiEntries").root.name == "FiEntryPar"
    with pytest.raises(AnswerError):
        _writing(_Profit("<html/>")).schema("FiEntries")


def test_a_kept_schema_without_findings_is_not_asked_again_unless_wanted(tmp_path: Path) -> None:
    _writing(_Profit(OLD), tmp_path).kept("FiEntries")
    profit = _Profit(NEW)
    writing = _writing(profit, tmp_path)
    assert writing.problems(_entry(Year=2024)) == ()
    assert profit.asked == 0
    assert writing.problems(_entry(Year=2024), Checking(refresh=True)) == ()
    assert profit.asked == 1


def test_doubts_are_logged_and_become_errors_only_when_strict(caplog: pytest.LogCaptureFixture) -> None:
    coded = OLD.replace('<xsd:element name="Year"', '<!--Jaar--><!--Values:  1:Een   2:Twee--><xsd:element name="Year"')
    writing = _writing(_Profit(coded))
    assert writing.ready(_entry(Year=3)).root == "FiEntryPar"
    assert "FiEntryPar/Year" in caplog.text
    with pytest.raises(UpdateError):
        writing.ready(_entry(Year=3), Checking(strict=True))


def test_a_schema_of_ones_own_or_none_at_all_asks_nobody() -> None:
    profit = _Profit(OLD)
    writing = _writing(profit)
    own = schema_from_xsd(NEW, "FiEntries")
    assert writing.ready(_entry(Year=2024), Checking(schema=own)).root == "FiEntryPar"
    assert writing.ready(_entry(Maand="?"), Checking(on=False, schema=own)).root == "FiEntryPar"
    rooted = _entry(Maand="?").rooted("FiEntryPar")
    assert writing.ready(rooted, Checking(on=False)) is rooted
    with pytest.raises(UpdateError, match="root element of FiEntries is not known"):
        writing.ready(_entry(Year=2024), Checking(on=False))
    assert profit.asked == 0


def test_a_refused_question_for_the_schema_says_what_helps() -> None:
    def refuse(_connector: str) -> str:
        raise AccessDenied("General message: Deze connector wordt niet ondersteund.")

    with pytest.raises(
        AccessDenied, match=r"ondersteund\. This was the question for its schema.*GetXMLSchema"
    ) as caught:
        Writing(Source(refuse), lambda: check).ready(_entry(Year=2024))
    assert str(caught.value) == caught.value.message


def test_many_records_or_lines_in_one_call_are_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "afas_soap.updates")
    writing = _writing(_Profit(OLD))
    writing.ready(update_from_plain("FiEntries", [{"Year": 2024}] * CALL_RECORDS))
    assert caplog.text == ""
    writing.ready(update_from_plain("FiEntries", [{"Year": 2024}] * (CALL_RECORDS + 1)))
    assert "FiEntries: 1001 records in one call" in caplog.text
    assert "one call is one transaction" in caplog.text
    lines = {"Year": 2024, "FiEntries": [{"AmDe": 1}] * (CALL_RECORDS + 1)}
    with pytest.raises(UpdateError):
        writing.ready(update_from_plain("FiEntries", lines))
    assert "1001 lines of FiEntries in one call" in caplog.text


METAINFO = (
    b'{"id":"FiEntries","name":"FiEntryPar","fields":[{"fieldId":"Year","dataType":"int","mandatory":true},'
    b'{"fieldId":"Peri","dataType":"int","mandatory":false}],"objects":[]}'
)
TOLD = metainfo_xsd(METAINFO, "FiEntries")


def _beside(profit: _Profit, rest: Callable[[str], str], folder: Path | None = None) -> Writing:
    soap, other = (None if folder is None else Schemas(folder, f"12345-test {name}") for name in ("soap", "rest"))
    return Writing(Source(profit.schema, soap), lambda: check, metainfo=Source(rest, other))


def _missing(writing: Writing, checking: Checking = CHECKED) -> list[tuple[str, str]]:
    return [(problem.path, problem.rule) for problem in writing.problems(_entry(Peri=1), checking)]


MISSING = [("FiEntryPar/Year", "missing-mandatory")]


def test_metainfo_tells_what_is_mandatory_beside_a_schema_that_does_not(tmp_path: Path) -> None:
    """Asked where it is wanted, kept as long as the schema, and renewed with it; that stays as Profit gave it."""
    soap, rest = _Profit(OLD), _Profit(TOLD)
    writing = _beside(soap, rest.schema, tmp_path)
    assert writing.kept("FiEntries").text == OLD
    assert (soap.asked, rest.asked) == (1, 0)
    assert writing.fetched("FiEntries").text == OLD
    assert (soap.asked, rest.asked) == (1, 1)
    assert _missing(writing) == _missing(writing) == MISSING
    assert writing.schema("FiEntries") == schema_from_xsd(OLD, "FiEntries")
    assert writing.ready(_entry(Peri=1)).root == "FiEntryPar"
    with pytest.raises(UpdateError, match="mandatory"):
        writing.ready(_entry(Peri=1), Checking(strict=True))
    assert (soap.asked, rest.asked) == (1, 1)
    later = _beside(soap, rest.schema, tmp_path)
    assert _missing(later) == MISSING
    assert (soap.asked, rest.asked) == (1, 1)
    assert _missing(later, Checking(refresh=True)) == MISSING
    assert (soap.asked, rest.asked) == (2, 2)


def test_a_schema_that_tells_by_itself_asks_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    assert _missing(_writing(_Profit(TOLD))) == MISSING
    assert "not known" not in caplog.text


@pytest.mark.parametrize("told", ["<html/>", AccessDenied("no"), NotFound("no"), AnswerError("no")])
def test_metainfo_that_cannot_be_had_holds_nothing_back(
    told: str | Exception, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def ask(_connector: str) -> str:
        if isinstance(told, Exception):
            raise told
        return told

    writing = _beside(_Profit(OLD), ask, tmp_path)
    assert writing.ready(_entry(Peri=1)).root == "FiEntryPar"
    assert "mandatory" not in caplog.text, "a check says it, not each write"
    assert _missing(writing) == []
    assert "FiEntries: which fields are mandatory is not known here: " in caplog.text


def test_metainfo_out_of_reach_is_not_waited_for_each_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    asked = []

    def ask(connector: str) -> str:
        asked.append(connector)
        raise TransportError("Nobody answers.")

    assert _missing(_beside(_Profit(OLD), ask, tmp_path)) == []
    assert "not known here: Nobody answers." in caplog.text
    assert _missing(_beside(_Profit(OLD), ask, tmp_path)) == []
    assert "less than a day ago. With --refresh" in caplog.text
    assert asked == ["FiEntries"]
    assert _missing(_beside(_Profit(OLD), _Profit(TOLD).schema, tmp_path), Checking(refresh=True)) == MISSING
    # Where nothing is kept on disk, each object asks for itself.
    assert _missing(_beside(_Profit(OLD), ask)) == []
    assert asked == ["FiEntries"] * 2


def test_what_was_approved_is_only_arranged() -> None:
    """Without a second look at its values, though with its root and in its schema's order."""
    writing = _writing(_Profit(OLD))
    writing.approve(_entry(Peri=1, Year=2024))
    arranged = writing.arranged(_entry(Peri="wrong", Year=2024))
    assert list(arranged.elements[0].fields.items()) == [("Year", 2024), ("Peri", "wrong")]
    assert arranged.root == "FiEntryPar"
    for unchecked in (writing.approve, writing.arranged):
        with pytest.raises(UpdateError, match="root element of FiEntries is not known"):
            unchecked(_entry(Year=2024), Checking(on=False))
