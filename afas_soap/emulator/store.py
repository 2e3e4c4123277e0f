"""What the emulator knows: GetConnectors on SQLite. A third implementation of ``Connectors``, without any protocol."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from afas_soap.emulator.appconnector import AppConnector
from afas_soap.emulator.database import Database
from afas_soap.emulator.folder import load
from afas_soap.emulator.getdata import result_text
from afas_soap.emulator.records import records
from afas_soap.emulator.refusals import DOES_NOT_EXIST, Refused
from afas_soap.emulator.seed.table import Table
from afas_soap.emulator.sql import select
from afas_soap.emulator.tables import TABLES, listing
from afas_soap.emulator.updates import UPDATE_CONNECTORS, update_metainfo, update_schema
from afas_soap.errors import NotFound, NotOffered, ProfitError, SettingsError
from afas_soap.profit.connectors import Catalogue, Entry, GetData, Outgoing
from afas_soap.profit.fields import Fields
from afas_soap.profit.query import Query
from afas_soap.profit.receipt import Receipt
from afas_soap.profit.rows import TYPED, Reading, Rows
from afas_soap.profit.update import Update

ENVIRONMENT_ID = "O12345AA"

# "22.22.5" stands in AFAS' own sample. Which text a Profit 6 or 7 gives is not known: these are made after it.
_VERSIONS = {"profit6": "6.22.5", "profit7": "7.22.5"}


class Store:
    """The seed data, with connectors grown to a number of rows (``rows``) and files of your own (``data``).

    A file takes the place of the seed's connector of the same name. Safe for several threads, each with several
    streams. What comes from the seed is laid down when it is first asked, in a temporary folder that goes when the
    store is closed or forgotten. Raises ``SettingsError`` for a connector that is not there or cannot grow, and for a
    file that cannot be read.
    """

    def __init__(
        self, *, rows: Mapping[str, int] | None = None, data: Path | None = None, dialect: str = "profit7"
    ) -> None:
        if dialect not in _VERSIONS:
            raise SettingsError(f"dialect: {dialect!r} is none of {', '.join(_VERSIONS)}.")
        self._dialect = dialect
        self._folder = Path(tempfile.mkdtemp(prefix="afas-emulator-"))
        self._numbers = itertools.count(1)
        self._databases: dict[str, Database] = {}
        self._let_go = weakref.finalize(self, _let_go, self._databases, self._folder)
        try:
            self._fill(rows or {}, data)
        except BaseException:
            self.close()
            raise
        self._catalogue = _catalogue(database.fields for database in self._databases.values())

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def has(self, connector: str) -> bool:
        """Whether there is a GetConnector of this name, letter by letter."""
        return connector in self._databases

    def version(self) -> str:
        """An invented version of the dialect."""
        return _VERSIONS[self._dialect]

    def catalogue(self) -> Catalogue:
        """Every connector there is."""
        return self._catalogue

    def fields(self, connector: str) -> Fields:
        """The columns of a GetConnector; ``NotFound`` when there is none of this name."""
        return self._database(connector).fields

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        """The rows of one question.

        A skip of -1 is everything whatever the take, and a take of None is all from the skip on; the defaults of the
        protocols are theirs. Raises ``ProfitError`` as Profit would: an unknown column, a value that is no number.
        """
        database = self._database(connector)
        shown = database.fields.with_dates(reading.dates)
        stream = database.read(select(database.fields, query))
        return Rows(shown, records(stream, shown, reading), stream.close)

    def get_data(self, call: GetData) -> Iterator[bytes]:
        """The result text of the SOAP operation, the line end behind its root included; refusals as ``ProfitError``."""
        try:
            for piece in result_text(AppConnector(self, self._dialect), call):
                yield piece.encode()
        except Refused as refused:
            raise ProfitError(str(refused), number=refused.number) from None

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector; ``NotFound`` when there is none of this name."""
        if connector not in UPDATE_CONNECTORS:
            raise _unknown(connector)
        return update_schema(connector)

    def update_metainfo(self, connector: str) -> dict[str, object]:
        """The fields of an UpdateConnector as metainfo shows them; ``NotFound`` when there is none of this name."""
        if connector not in UPDATE_CONNECTORS:
            raise _unknown(connector)
        return update_metainfo(connector)

    def send(self, update: Update) -> Receipt:
        """Not yet."""
        raise NotOffered("The emulator's store takes no updates.")

    def outgoing(self, update: Update) -> Outgoing:
        """Not offered: nothing is sent here."""
        raise NotOffered("The emulator's store sends nothing.")

    def close(self) -> None:
        """Let go of the files. Safe to call twice."""
        self._let_go()

    def _database(self, connector: str) -> Database:
        database = self._databases.get(connector)
        if database is None:
            raise _unknown(connector)
        return database

    def _fill(self, rows: Mapping[str, int], data: Path | None) -> None:
        tables = {table.name: table for table in TABLES}
        for connector, count in rows.items():
            tables[connector] = _grown(tables.get(connector), connector, count)
        for table in tables.values():
            self._add(table)
        for loaded in load(data) if data is not None else ():
            database = Database(loaded.fields, functools.partial(iter, loaded.rows), self._new_path())
            self._databases[loaded.fields.connector] = database
            # Now, while somebody is there to read what is wrong with the file.
            database.build()
        self._add(listing(database.fields for database in self._databases.values()))

    def _add(self, table: Table) -> None:
        self._databases[table.name] = Database(table.fields, table.rows, self._new_path())

    def _new_path(self) -> Path:
        # By number: the name of a connector may be no name for a file.
        return self._folder / f"{next(self._numbers)}.sqlite"


def _let_go(databases: Mapping[str, Database], folder: Path) -> None:
    for database in databases.values():
        database.close()
    shutil.rmtree(folder, ignore_errors=True)


def _unknown(connector: str) -> NotFound:
    error = NotFound(DOES_NOT_EXIST.en.replace("{name}", connector), number=DOES_NOT_EXIST.number)
    return error.about(connector=connector)


def _grown(table: Table | None, connector: str, count: int) -> Table:
    if table is None:
        raise SettingsError(f"rows: the emulator has no connector {connector} that it can grow.")
    if count < 0:
        raise SettingsError(f"rows: the number of rows for {connector} is below 0.")
    return dataclasses.replace(table, count=count)


def _catalogue(connectors: Iterable[Fields]) -> Catalogue:
    return Catalogue(
        get_connectors=tuple(Entry(fields.connector, fields.description) for fields in connectors),
        update_connectors=tuple(Entry(name, description) for name, description in UPDATE_CONNECTORS.items()),
        environment_id=ENVIRONMENT_ID,
        app_name="Emulator",
        group="Emulator (12345.EMULATOR)",
    )
