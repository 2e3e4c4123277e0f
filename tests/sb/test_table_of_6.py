"""The table against AFAS' OpenAPI file of 6.0.0, of which each of its 62 operations below ``/api`` but the blobs is a
row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from afas_soap.sb.openapi import file as openapi
from afas_soap.sb.operation import Field, Operation, Source, Verb, version_key
from afas_soap.sb.table import Table, shipped

FILE = Path(__file__).resolve().parents[3] / "shared" / "afas" / "openapi" / "sb" / "6-0-0.json"
# Where the table knows better than the file: a name of a section, and a parameter that only 8.0's file has.
_KIND = {("journalentries", "VatSection")}
_QUERY = {"debtorpaymentterms", "linestobeinvoiced"}


@pytest.fixture(scope="module")
def file(request: pytest.FixtureRequest) -> dict[tuple[str, Verb, str], Operation]:
    if not FILE.is_file():
        pytest.skip("the genuine AFAS artefacts (../shared/afas) are not here")
    return {place(one): one for one in openapi.operations(FILE.read_bytes(), shipped())}


def place(operation: Operation) -> tuple[str, Verb, str]:
    return operation.connector, operation.verb, operation.version


def test_every_operation_of_the_file_is_a_row_and_every_row_of_6_0_in_the_file(
    file: dict[tuple[str, Verb, str], Operation],
) -> None:
    """Two bodies stand in the file's components alone."""
    rows = {place(one) for one in shipped().operations if Source.FILE_6 in one.sources}
    assert rows == file.keys() - {("customer", Verb.POST, "1.0"), ("scanbox", Verb.POST, "1.0")}
    assert len(rows) == 62


def test_every_read_has_the_columns_of_the_file(file: dict[tuple[str, Verb, str], Operation]) -> None:
    for known in pairs(file, Verb.GET):
        here, there = known
        columns = {column.name: column for column in here.columns}
        assert {name for name, one in columns.items() if Source.FILE_6 in one.sources} == {
            column.name for column in there.columns if column.sources != Source.SAMPLE
        }, here.title
        for column in there.columns:
            mine = here.column(column.name)
            assert mine, (here.title, column.name)
            assert mine.kind == column.kind or (here.connector, column.name) in _KIND, (here.title, column.name)
        assert here.tracked == there.tracked, here.title
        assert here.query == there.query or here.connector in _QUERY, here.title


def test_the_kinds_of_the_file_without_help_of_the_table(file: dict[tuple[str, Verb, str], Operation]) -> None:
    """What the file says by a format or a type is read from it alone: no column is another kind here, but for text,
    which the file calls many that are something else."""
    assert file
    alone = openapi.operations(FILE.read_bytes(), Table(()))
    told = {
        (one.connector, column.name, column.kind) for one in alone if one.verb is Verb.GET for column in one.columns
    }
    odd = {
        (connector, name)
        for connector, name, kind in told
        if kind != "text" and (mine := shipped().operation(connector, Verb.GET).column(name)) and mine.kind != kind
    }
    # By their samples these are UUIDs, by AFAS' lists and descriptions names or numbers.
    assert odd <= {
        ("journalentries", "VatSection"),
        ("ledgerperiodtotals", "LedgerAccountNumber"),
        ("linestobeinvoiced", "Status"),
        ("products", "ProductStyle"),
    }


def test_every_write_has_the_fields_of_the_file(file: dict[tuple[str, Verb, str], Operation]) -> None:
    for verb in (Verb.POST, Verb.PUT, Verb.DELETE):
        for here, there in pairs(file, verb):
            assert dict(flat(here.fields)) == dict(flat(there.fields)), here.title
            assert here.answer == there.answer, here.title


def pairs(file: dict[tuple[str, Verb, str], Operation], verb: Verb) -> Iterator[tuple[Operation, Operation]]:
    for (connector, of, version), there in file.items():
        if of is verb:
            yield shipped().operation(connector, verb, version), there


def flat(fields: tuple[Field, ...], before: str = "") -> Iterator[tuple[str, object]]:
    for field in fields:
        facets = (field.kind, field.required, field.choices, field.pattern, field.shortest, field.longest)
        yield before + field.name, (facets, field.cents, field.many)
        yield from flat(field.members, f"{before}{field.name}/")


def test_the_versions_that_a_call_takes_are_the_newest() -> None:
    for connector in shipped().connectors:
        for verb in shipped().verbs(connector):
            versions = shipped().versions(connector, verb)
            assert list(versions) == sorted(versions, key=version_key)
            assert shipped().operation(connector, verb).version == versions[-1]
