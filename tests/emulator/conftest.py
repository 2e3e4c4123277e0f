"""A Profit of three connectors, small enough to write its answers by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

import pytest
from werkzeug.test import Client

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.errors import NotFound
from afas_soap.profit.connectors.capabilities import Catalogue, Entry, GetData
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.questions.query import Query
from afas_soap.profit.rows import TYPED, Reading, Record, Rows

PRODUCTS = Fields("Products", tuple(Field(name) for name in ("sku", "title", "price")), "Producten")
MIXED = Fields(
    "Mixed",
    (
        Field.from_xsd("Id", "int"),
        Field("Btw.nummer"),
        Field.from_xsd("Amount", "decimal"),
        Field.from_xsd("Open", "boolean"),
        Field.from_xsd("Since", "dateTime"),
    ),
)
ROWS: dict[str, tuple[Fields, list[Record]]] = {
    "Products": (
        PRODUCTS,
        [
            {"sku": "product1", "title": "Product 1", "price": "16.00"},
            {"sku": "product2", "title": "Product 2", "price": "62.00"},
        ],
    ),
    "Mixed": (
        MIXED,
        [
            {
                "Id": 1,
                "Btw.nummer": 'a "b" <c> & d',
                "Amount": Decimal("-0.5"),
                "Open": True,
                "Since": datetime.datetime(2024, 2, 1, 10, 0),
            },
            {"Id": 2, "Btw.nummer": None, "Amount": None, "Open": False, "Since": None},
        ],
    ),
    "Nothing": (Fields("Nothing", (Field("Id"),)), []),
}


class SmallProfit:
    """Implements Connectors: it does not filter or sort, and remembers the questions and how many rows are let go."""

    def __init__(self) -> None:
        self.asked: list[Query] = []
        self.closed = 0

    def version(self) -> str:
        return "7.22.5"

    def catalogue(self) -> Catalogue:
        return Catalogue(
            tuple(Entry(name, fields.description) for name, (fields, _) in ROWS.items()),
            (Entry("KnSubject", "Dossieritem"),),
            (Entry("AppConnectorSubject", "AppConnectorSubject"),),
            "O12345AA",
            "Small",
            "Users (12345.USER)",
        )

    def fields(self, connector: str) -> Fields:
        return ROWS[connector][0]

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        self.asked.append(query)
        fields, records = ROWS[connector]
        if query.skip >= 0:
            assert query.take is not None
            records = records[query.skip : query.skip + query.take]
        return Rows(fields, iter(records), self._let_go)

    def _let_go(self) -> None:
        self.closed += 1

    def get_data(self, call: GetData) -> Iterator[bytes]:
        raise NotImplementedError

    def schema(self, connector: str) -> str:
        if connector != "KnSubject":
            raise NotFound("not here")
        return '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:element name="KnSubject"/></xsd:schema>'

    def update_metainfo(self, connector: str) -> dict[str, object]:
        return {"id": connector, "fields": []}

    def close(self) -> None:
        self.closed += 100


@pytest.fixture
def small() -> SmallProfit:
    """The store behind ``emulator`` and ``http``."""
    return SmallProfit()


@pytest.fixture
def emulator(small: SmallProfit) -> Emulator:
    """Profit 7 on the small store."""
    return Emulator(small)


@pytest.fixture
def http(emulator: Emulator) -> Client:
    """Calls ``emulator`` without a socket; requests carry no credential of themselves."""
    return Client(emulator)


@pytest.fixture
def authorized() -> dict[str, str]:
    """The header that a fresh emulator accepts."""
    return {"Authorization": DEMO_TOKEN.header()}
