"""What the emulator knows: GetConnectors on SQLite. A third implementation of ``Connectors``, without any protocol."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from afas_soap.emulator.appconnector import AppConnector
from afas_soap.emulator.database import Database
from afas_soap.emulator.getdata import result_text
from afas_soap.emulator.records import records
from afas_soap.emulator.refusals import DOES_NOT_EXIST, Refused
from afas_soap.emulator.seed.table import Table
from afas_soap.emulator.sql import select
from afas_soap.emulator.tables import TABLES, listing
from afas_soap.errors import NotFound, ProfitError, SettingsError
from afas_soap.profit.connectors import Catalogue, Entry, GetData
from afas_soap.profit.fields import Fields
from afas_soap.profit.query import Query
from afas_soap.profit.rows import TYPED, Reading, Rows

ENVIRONMENT_ID = "O12345AA"

# "22.22.5" stands in AFAS' own sample; which text a Profit 6 or 7 gives is not known, so these are invented after it.
_VERSIONS = {"profit6": "6.22.5", "profit7": "7.22.5"}


class Store:
    """The seed data, with connectors grown to a number of rows (``rows``) and files of your own (``data``).

    Safe for several threads, each with several streams. Connectors are built when they are first asked, in a temporary
    folder that goes when the store is closed or forgotten. Raises ``SettingsError`` for a connector that is not there
    or cannot grow, and for a file that cannot be read.
    """

    def __init__(
        self, *, rows: Mapping[str, int] | None = None, data: Path | None = None, dialect: str = "profit7"
    ) -> None:
        if dialect not in _VERSIONS:
            raise SettingsError(f"dialect: {dialect!r} is none of {', '.join(_VERSIONS)}.")
        self._dialect = dialect
        self._tables = _tables(rows or {}, data)
        folder = Path(tempfile.mkdtemp(prefix="afas-emulator-"))
        self._remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        # By number: the name of a connector may be no name for a file.
        self._databases = {
            table.name: Database(table, folder / f"{number}.sqlite")
            for number, table in enumerate(self._tables.values())
        }
        self._catalogue = _catalogue(self._tables.values())

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def has(self, connector: str) -> bool:
        """Whether there is a GetConnector of this name, letter by letter."""
        return connector in self._tables

    def version(self) -> str:
        """An invented version of the dialect."""
        return _VERSIONS[self._dialect]

    def catalogue(self) -> Catalogue:
        """Every connector there is."""
        return self._catalogue

    def fields(self, connector: str) -> Fields:
        """The columns of a GetConnector; ``NotFound`` when there is none of this name."""
        return self._table(connector).fields

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        """The rows of one question.

        A skip of -1 is everything whatever the take, and a take of None is all from the skip on; the defaults of the
        protocols are theirs. Raises ``ProfitError`` as Profit would: an unknown column, a value that is no number.
        """
        fields = self._table(connector).fields
        statement = select(fields, query)
        connection, cursor = self._databases[connector].read(statement)
        shown = fields.with_dates(reading.dates)
        return Rows(shown, records(cursor, shown, reading), connection.close)

    def get_data(self, call: GetData) -> Iterator[bytes]:
        """The result text of the SOAP operation, the newline behind its root included; refusals as ``ProfitError``."""
        try:
            for piece in result_text(AppConnector(self, self._dialect), call):
                yield piece.encode()
        except Refused as refused:
            raise ProfitError(str(refused), number=refused.number) from None

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector; ``NotFound`` when there is none of this name."""
        raise _unknown(connector)

    def close(self) -> None:
        """Let go of the files. Safe to call twice."""
        for database in self._databases.values():
            database.close()
        self._remove()

    def _table(self, connector: str) -> Table:
        table = self._tables.get(connector)
        if table is None:
            raise _unknown(connector)
        return table


def _unknown(connector: str) -> NotFound:
    error = NotFound(DOES_NOT_EXIST.en.replace("{name}", connector), number=DOES_NOT_EXIST.number)
    return error.about(connector=connector)


def _tables(rows: Mapping[str, int], data: Path | None) -> dict[str, Table]:
    tables = {table.name: table for table in TABLES}
    listed = listing(tables.values())
    tables[listed.name] = listed
    for connector, count in rows.items():
        tables[connector] = _grown(tables, connector, count)
    return tables


def _grown(tables: Mapping[str, Table], connector: str, count: int) -> Table:
    table = tables.get(connector)
    if table is None:
        raise SettingsError(f"rows: the emulator has no GetConnector {connector!r}.")
    if count < 0:
        raise SettingsError(f"rows: the number of rows for {connector} is below 0.")
    if not table.grows and count != table.count:
        raise SettingsError(f"rows: {connector} lists what is there, so it cannot be grown.")
    return dataclasses.replace(table, count=count)


def _catalogue(tables: Iterable[Table]) -> Catalogue:
    return Catalogue(
        get_connectors=tuple(Entry(table.name, table.fields.description) for table in tables),
        update_connectors=(),
        environment_id=ENVIRONMENT_ID,
        app_name="Emulator",
        group="Emulator (12345.EMULATOR)",
    )
