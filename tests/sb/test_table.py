"""The table finds an operation by connector, verb and version, and says what there is when it does not."""

from __future__ import annotations

import pytest

from afas_soap.errors import QueryError
from afas_soap.sb.operation import Operation, Source, Verb, version_key
from afas_soap.sb.table import Table, shipped

_TABLE = Table([Operation("Rows", Verb.GET, version, Source.FILE_8) for version in ("10.0", "2.0", "1.1")])


def test_the_newest_version_is_taken_unless_one_is_named() -> None:
    assert _TABLE.versions("rows", Verb.GET) == ("1.1", "2.0", "10.0")
    assert _TABLE.operation("ROWS", Verb.GET).version == "10.0"
    assert _TABLE.operation("rows", Verb.GET, " 2 ").version == "2.0"


def test_a_whole_number_is_its_first_version_or_the_newest_that_begins_with_it() -> None:
    assert _TABLE.operation("rows", Verb.GET, "1").version == "1.1"
    with pytest.raises(QueryError):
        _TABLE.operation("rows", Verb.GET, "1.0")
    assert shipped().operation("purchasejournalentry", Verb.POST, "1").version == "1.1"
    assert shipped().operation("salesjournalentry", Verb.DELETE, "2").version == "2.0"


def test_what_there_is() -> None:
    assert _TABLE.connectors == ("Rows",)
    assert (_TABLE.verbs("rows"), _TABLE.verbs("row"), _TABLE.versions("row", Verb.GET)) == ((Verb.GET,), (), ())
    assert shipped().verbs("salesjournalentry") == (Verb.POST, Verb.PUT, Verb.DELETE)
    assert shipped() is shipped(), "it is read once"
    assert shipped.__wrapped__().operations == shipped().operations


@pytest.mark.parametrize(
    ("connector", "verb", "version", "told"),
    [
        ("organisatoins", Verb.GET, None, "no connector 'organisatoins'. Did you mean organisations?"),
        ("xyzzy", Verb.GET, None, "no connector 'xyzzy'. 'afas sb resources' lists them."),
        ("organisations", Verb.POST, None, "organisations has no POST in SB; it has GET."),
        ("organisations", Verb.GET, "x", "version 'x' is none"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(connector: str, verb: Verb, version: str | None, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        shipped().operation(connector, verb, version)
    assert told in caught.value.message


def test_a_version_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(QueryError) as caught:
        shipped().operation("salesjournalentry", Verb.DELETE, "3.0")
    assert caught.value.message == "DELETE salesjournalentry has no version 3.0 here; there is 2.0, 2.1."


def test_versions_are_compared_by_their_numbers() -> None:
    assert version_key("1") == version_key("1.0") < version_key("1.10")
    for text in ("", "1.2.3", "a", "1.", "12345", "²"):
        with pytest.raises(QueryError):
            version_key(text)


def test_names_have_no_case() -> None:
    operation = shipped().operation("contacts", Verb.GET)
    column = operation.column("firstNAME")
    assert column is not None
    assert column.name == "Firstname"
    assert operation.column("nothing") is None
    entry = shipped().operation("salesjournalentry", Verb.POST)
    line = entry.field("invoiceline")
    assert line is not None
    member = line.member("VATTYPE")
    assert member is not None
    assert (member.name, line.member("x"), entry.field("x")) == ("VatType", None, None)


def test_an_operation_has_a_path_and_a_title() -> None:
    entry = shipped().operation("salesjournalentry", Verb.POST)
    assert (entry.path, entry.title) == ("api/salesjournalentry", "POST salesjournalentry 3.0")
