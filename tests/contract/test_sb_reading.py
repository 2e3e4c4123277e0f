"""Reading against the SB emulator on a port: every connector of the table, typed, paged, filtered and in changes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from afas_soap import F
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import Server
from afas_soap.errors import NotFound, SBError
from afas_soap.profit.fields import Kind
from afas_soap.profit.rows import Record
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.table import shipped
from afas_soap.sbclient import SBClient
from afas_soap.wire.sb.calls import SbCalls

Calls = Callable[..., SbCalls]
Serving = Callable[..., Server]

READS = [operation for operation in shipped().operations if operation.verb is Verb.GET and not operation.admin_only]
TYPES = {
    Kind.TEXT: str,
    Kind.INT: int,
    Kind.DECIMAL: Decimal,
    Kind.BOOL: bool,
    Kind.DATETIME: datetime.datetime,
    Kind.DATE: datetime.date,
}


def title(operation: Operation) -> str:
    return f"{operation.connector}-{operation.version}"


def raw(calls: SbCalls, operation: Operation) -> list[dict[str, object]]:
    """The rows as the server spells them, all in one answer."""
    with calls.ask(operation) as answer:
        found = json.loads(answer.whole(2**24))
    rows: list[dict[str, object]] = found["Result"] if isinstance(found, dict) else found
    return rows


@pytest.mark.parametrize("dialect", ["6.0", "8.0"])
def test_every_connector_is_read_typed_and_whole(sb_serving: Serving, sb_calls: Calls, dialect: str) -> None:
    server = sb_serving(dialect=dialect)
    calls, read = sb_calls(server), 0
    sb = SBClient(calls)
    for operation in READS:
        try:
            given = raw(calls, operation)
        except (NotFound, SBError):
            # Not in that dialect.
            continue
        rows = sb.rows(operation.connector, version=operation.version, page_size=100)
        fields = rows.fields
        assert fields is not None
        records = list(rows)
        assert len(records) == len(given) >= 3, title(operation)
        for record in records:
            for field in fields:
                value = record[field.name]
                assert value is None or isinstance(value, TYPES[field.kind]), (title(operation), field.name)
        names = {name.lower() for row in given for name in row}
        assert names <= {name.lower() for name in fields.names}, title(operation)
        read += 1
    assert read >= 30


def test_pages_of_any_size_give_each_row_once(sb_server: Server, sb_calls: Calls) -> None:
    sb = SBClient(sb_calls(sb_server))
    whole = {row["Id"] for row in sb.rows("organisations")}
    for size in (1, 2, 3, 7):
        found = [row["Id"] for row in sb.rows("organisations", page_size=size)]
        assert len(found) == len({*found}) == len(whole)
        assert {*found} == whole


def test_a_greatest_take_that_nobody_documents_loses_nothing(sb_serving: Serving, sb_calls: Calls) -> None:
    server = sb_serving(most_rows=50)
    tables = server.emulator.sb.environments["enyoi"].tables
    for number in range(120):
        tables.insert("vatrate", {"Id": f"00000000-0000-4000-8000-{number:012}", "Description": f"tarief {number}"})
    found = [row["Id"] for row in SBClient(sb_calls(server)).rows("vatrate")]
    assert len(found) == len({*found}) >= 120


def test_a_filter_finds_what_python_finds(sb_server: Server, sb_calls: Calls) -> None:
    sb = SBClient(sb_calls(sb_server))
    everything = list(sb.rows("organisations"))
    first = everything[0]
    for where, same in (
        (F.Id == first["Id"], lambda row: row["Id"] == first["Id"]),
        (F.name == first["Name"], lambda row: row["Name"] == first["Name"]),
        ((F.IsArchived == False) & (F.Id == first["Id"]), lambda row: row["Id"] == first["Id"]),  # noqa: E712
        (F.Id.isin([row["Id"] for row in everything[:2]]), lambda row: row in everything[:2]),
    ):
        wanted = sorted(str(row["Id"]) for row in everything if same(row))
        assert sorted(str(row["Id"]) for row in sb.rows("organisations", where=where)) == wanted


def test_a_quote_in_a_value_is_a_quote_in_a_value(sb_server: Server, sb_calls: Calls) -> None:
    tables = sb_server.emulator.sb.environments["enyoi"].tables
    tables.insert("vatrate", {"Id": "00000000-0000-4000-8000-000000000001", "Description": "'s avonds & co + 5%"})
    sb = SBClient(sb_calls(sb_server))
    found = list(sb.rows("vatrate", where=F.Description == "'s avonds & co + 5%"))
    assert [row["Id"] for row in found] == ["00000000-0000-4000-8000-000000000001"]


@pytest.mark.parametrize("shape", [{}, {"token_last": True}, {"bare": ["countries"]}, {"wrapped": ["vatrate"]}])
def test_bare_and_wrapped_answers_are_read_alike(
    sb_serving: Serving, sb_calls: Calls, shape: dict[str, object]
) -> None:
    sb = SBClient(sb_calls(sb_serving(**shape)))
    assert len(list(sb.rows("countries"))) >= 3
    assert len(list(sb.rows("vatrate"))) >= 3


def test_an_answer_that_breaks_off_is_read_to_its_end(sb_server: Server, sb_calls: Calls) -> None:
    sb = SBClient(sb_calls(sb_server))
    wanted = list(sb.rows("organisations"))
    sb_server.emulator.faults.add(parse_fault("cut:100,protocol=sb,times=1"))
    assert list(sb.rows("organisations")) == wanted


def test_changes_since_a_token_are_those_that_were_made(sb_server: Server, sb_calls: Calls, tmp_path: Path) -> None:
    sb, cursor = SBClient(sb_calls(sb_server)), tmp_path / "organisations.cursor"
    mine: dict[object, Record] = {}

    def take() -> int:
        with sb.changes("organisations", cursor=cursor) as changes:
            found = list(changes)
            mine.update({record["Id"]: record for record in found})
            changes.taken()
        return len(found)

    assert take() == len(list(sb.rows("organisations")))
    assert take() == 0
    tables = sb_server.emulator.sb.environments["enyoi"].tables
    first = next(iter(mine))
    tables.change("organisations", {"Id": first}, {"IsArchived": True})
    tables.insert("organisations", {"Id": "00000000-0000-4000-8000-000000000001", "Name": "Nieuw B.V."})
    assert take() == 2
    assert mine[first]["IsArchived"] is True
    assert sorted(map(repr, mine.values())) == sorted(map(repr, sb.rows("organisations")))


def test_a_token_that_runs_out_between_two_pages_is_renewed_and_no_row_is_lost(sb_server: Server) -> None:
    settings: dict[str, str] = {"auth": "app-token", "app_token": "demo-sb-app-token", "scope": "enyoi"}
    with SBClient.connect(api="sb", environment=sb_server.sb_url("enyoi"), **settings) as sb:  # type: ignore[arg-type]
        wanted = [row["Id"] for row in sb.rows("organisations")]
        rows = sb.rows("organisations", page_size=3)
        found = [next(rows)["Id"] for _ in range(3)]
        sb_server.emulator.sb.tokens.expire()
        assert found + [row["Id"] for row in rows] == wanted
