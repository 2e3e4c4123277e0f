"""An environment with its first rows, and what the tests ask of it."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest

from afas_soap.emulator.sb.books.answers import Outcome
from afas_soap.emulator.sb.books.books import Books
from afas_soap.emulator.sb.planting import first_rows
from afas_soap.emulator.sb.tables import Row, Tables
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped

READ = tuple(connector for connector in shipped().connectors if Verb.GET in shipped().verbs(connector))
LATER = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclass
class Environment:
    """Its tables and its books. ``uploaded`` are the ids of blobs."""

    tables: Tables
    books: Books
    uploaded: set[str]

    def write(self, verb: Verb, connector: str, body: Mapping[str, object], version: str | None = None) -> Outcome:
        operation = shipped().operation(connector, verb, version)
        return self.books.apply(operation, json.dumps(body).encode())

    def post(self, connector: str, body: Mapping[str, object], version: str | None = None) -> Outcome:
        return self.write(Verb.POST, connector, body, version)

    def delete(self, connector: str, administration: object, key: object) -> Outcome:
        return self.write(Verb.DELETE, connector, {"AdministrationId": administration, "Id": key})

    def rows(self, connector: str, **where: object) -> list[Row]:
        return self.tables.find(connector, where)

    def everything(self) -> dict[str, list[Row]]:
        return {connector: self.tables.find(connector) for connector in READ}

    def amount(self, connector: str, column: str, **where: object) -> Decimal:
        return sum((Decimal(str(row[column])) for row in self.rows(connector, **where)), Decimal(0))

    def assert_balanced(self) -> None:
        sums: dict[object, Decimal] = defaultdict(Decimal)
        for row in self.rows("journalentries"):
            sums[row["HeaderId"]] += Decimal(str(row["AmountDebit"])) - Decimal(str(row["AmountCredit"]))
        assert set(sums.values()) == {Decimal(0)}


@pytest.fixture
def environment() -> Iterator[Environment]:
    made_now = made()
    yield made_now
    made_now.tables.close()


def made(failed: int = 400) -> Environment:
    tables, uploaded = Tables(shipped()), set[str]()
    books = Books(tables, failed=failed, now=lambda: LATER, knows_blob=uploaded.__contains__)
    tables.restore(first_rows())
    return Environment(tables, books, uploaded)


def data(outcome: Outcome) -> dict[str, object]:
    """The members of ``data`` of what succeeded."""
    assert (outcome.status, outcome.content["result"]) == (200, "Succeeded"), outcome.content
    found = outcome.content["data"]
    assert isinstance(found, dict)
    return found


def instances(outcome: Outcome) -> dict[str, str]:
    """Ids by code of what succeeded."""
    assert (outcome.status, outcome.content["result"]) == (200, "Succeeded"), outcome.content
    found = outcome.content["instances"]
    assert isinstance(found, list)
    return {one["Code"]: one["Id"] for one in found}


def errors(outcome: Outcome) -> list[object]:
    """What is told of one that failed."""
    assert (outcome.content["result"], outcome.content["instances"]) == ("Failed", []), outcome.content
    found = outcome.content["errors"]
    assert isinstance(found, list)
    return found
