"""The three kinds of ``Connectors`` over the same rows: the emulator's store, SOAP and REST, the latter two without a
socket and over a port, in both dialects."""

from __future__ import annotations

import base64
import contextlib
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from afas_soap.connections import EMBEDDED_REST_URL, EMBEDDED_SOAP_URL
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.store import Store
from afas_soap.profit.connectors.capabilities import Connectors, Documents
from afas_soap.profit.fields import FREE_TEXT, KEY_OR_LIST, PICTURE, REMARK
from afas_soap.wire.http.embedded import WsgiAdapter
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.documents.rest import RestDocuments
from afas_soap.wire.profit.documents.soap import SoapDocuments
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

DIALECTS = ("profit6", "profit9")
KINDS = ("store", "soap", "soap 1.2", "soap on a port", "rest", "rest on a port")

ORDERS = [
    # Id, City, Amount, Open, Since, File, Note met blank, Memo
    (1, "Ede", "10.50", True, "2024-02-01T10:00:00", b"one", "a,b;c", "Bel Jan morgen"),
    (2, "ede", "-0.5", False, "2024-02-01T00:00:00", None, None, "QUJD"),
    (3, "Epe", None, True, "2023-12-31T23:59:59", None, 'it\'s <b> & "q"\r\n]]>', "Nog niet!"),
    (4, "Amersfoort", "100", None, None, None, "50%", None),
    (5, None, "10.5", False, "2024-02-29T00:00:00", b"\x00\xff", " x ", "AAAA"),
    (6, "Edam", "2", True, "2024-07-01T12:30:15", None, "é ☕ 𝄞", " QQ== \r\n"),
]
COLUMNS = (
    ("Id", "int", KEY_OR_LIST),
    ("City", "string", FREE_TEXT),
    ("Amount", "decimal", FREE_TEXT),
    ("Open", "boolean", KEY_OR_LIST),
    ("Since", "date", FREE_TEXT),
    ("File", "blob", PICTURE),
    ("Note met blank", "string", FREE_TEXT),
    ("Memo", "blob", REMARK),
)


@dataclass(frozen=True)
class Profit:
    """One emulator of one dialect, in every way it can be reached."""

    dialect: str
    store: Store
    app: Emulator
    server: Server

    def open(self, kind: str) -> Connectors:
        """The connectors of that kind; the store itself stays open."""
        if kind == "store":
            return self.store
        transport = self.transport(kind)
        if kind.startswith("rest"):
            return RestConnectors(transport)
        return SoapConnectors(transport, soap_version="1.2" if "1.2" in kind else "1.1")

    def documents(self, kind: str) -> Documents:
        """The documents of that kind."""
        if kind == "store":
            return self.store
        transport = self.transport(kind)
        if kind.startswith("rest"):
            return RestDocuments(transport, binary="binary" in kind)
        return SoapDocuments(transport, soap_version="1.2" if "1.2" in kind else "1.1")

    def transport(self, kind: str) -> Transport:
        """What carries calls of that kind."""
        on_a_port = kind.endswith("port")
        link = Link(
            soap_url=self.server.soap_url if on_a_port else EMBEDDED_SOAP_URL,
            rest_url=self.server.rest_url if on_a_port else EMBEDDED_REST_URL,
            environment="emulator",
            authorizer=ClassicAuthorizer(DEMO_TOKEN),
        )
        return Transport(link, PROFIT, None if on_a_port else WsgiAdapter(self.app))


def _folder(folder: Path) -> Path:
    fields = [
        {"id": name, "fieldId": "U001", "dataType": kind, "label": name, "length": 0, "controlType": control}
        for name, kind, control in COLUMNS
    ]
    described = {"name": "Orders", "description": "Bestellingen", "fields": fields}
    (folder / "Orders.fields.json").write_text(json.dumps(described), "utf-8")
    with (folder / "Orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(name for name, *_ in COLUMNS)
        writer.writerows(map(_cell, row) for row in ORDERS)
    return folder


def _cell(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture(scope="session", params=DIALECTS)
def profit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profit]:
    """A Profit of each dialect, with all that comes with the emulator and with Orders."""
    dialect: str = request.param
    store = Store(data=_folder(tmp_path_factory.mktemp("orders")), dialect=dialect)
    app = Emulator(store, dialect=dialect)
    with contextlib.closing(store), contextlib.closing(app), serve(app) as server:
        yield Profit(dialect, store, app, server)


@pytest.fixture(scope="session", params=KINDS)
def connectors(request: pytest.FixtureRequest, profit: Profit) -> Iterator[Connectors]:
    """Each kind of ``Connectors``."""
    opened = profit.open(request.param)
    yield opened
    if opened is not profit.store:
        opened.close()
