"""The data behind both protocols: GetConnectors on SQLite, and what updates made of them. A third implementation of
``Connectors`` and of ``Documents``, without any protocol."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import shutil
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from afas_soap.emulator.appconnector import REPORT_CONNECTOR, SUBJECT_CONNECTOR, AppConnector
from afas_soap.emulator.booking.booking import Books
from afas_soap.emulator.booking.definition import Definition, Definitions
from afas_soap.emulator.booking.records import Records
from afas_soap.emulator.booking.seeds import Seeds
from afas_soap.emulator.booking.specification import describing, openapi
from afas_soap.emulator.booking.table import TABLE
from afas_soap.emulator.booking.views.definitions import views_of
from afas_soap.emulator.booking.views.refresh import MaterializedViews
from afas_soap.emulator.dialects import NEWEST, dialect_called
from afas_soap.emulator.documents import archive
from afas_soap.emulator.documents.dossier import Dossier
from afas_soap.emulator.getconnectors.database import Database
from afas_soap.emulator.getconnectors.folder import load
from afas_soap.emulator.getconnectors.getdata import result_text
from afas_soap.emulator.getconnectors.records import records
from afas_soap.emulator.getconnectors.sql import select
from afas_soap.emulator.getconnectors.tables import TABLES, listing
from afas_soap.emulator.refusals import DOES_NOT_EXIST, NO_SUCH_FIELD, Refused
from afas_soap.emulator.seed.table import Cells, Table
from afas_soap.errors import NotFound, NotOffered, ProfitError, SettingsError
from afas_soap.profit.connectors.capabilities import Catalogue, Entry, GetData, Outgoing
from afas_soap.profit.documents.content import Attachment, Content, Size
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Filter, Query
from afas_soap.profit.rows import TYPED, Reading, Rows
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Update

ENVIRONMENT_ID = "O12345AA"


class Store:
    """The seed data, with connectors grown to a number of rows (``rows``) and files of your own (``data``).

    A file takes the place of the seed's connector of the same name; the case of a name does not matter. Safe for
    several threads, each with several streams. What comes from the seed is laid down when it is first asked, and what
    is grown at once, in a temporary folder that goes when the store is closed or forgotten. What updates book lies
    there too, or in the file ``state``, which is read again when it is there already. ``spec`` is a folder of AFAS'
    OpenAPI files: their UpdateConnectors are added to those of the emulator, and take the place of those with the same
    name.

    Raises ``SettingsError`` for a connector that is not there or cannot grow, and for a file that cannot be read.
    """

    def __init__(
        self,
        *,
        rows: Mapping[str, int] | None = None,
        data: Path | None = None,
        dialect: str = NEWEST,
        spec: Path | None = None,
        state: Path | None = None,
    ) -> None:
        self._dialect = dialect_called(dialect)
        self._folder = Path(tempfile.mkdtemp(prefix="afas-emulator-"))
        self._numbers = itertools.count(1)
        self._closed = False
        self._databases: dict[str, Database] = {}
        self._records: list[Records] = []
        self._let_go = weakref.finalize(self, _let_go, self._databases, self._records, self._folder)
        try:
            self._definitions: Definitions = {**TABLE, **(openapi.definitions(spec) if spec is not None else {})}
            self._records.append(Records(state or self._new_path(), durable=state is not None))
            self._fill(rows or {}, data)
        except BaseException:
            self.close()
            raise
        seeds = Seeds(self._databases)
        self._books = Books(self._definitions, self._records[0], seeds)
        self._dossier = Dossier(self._books, seeds)
        self._catalogue = _catalogue((database.fields for database in self._databases.values()), self._definitions)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def has(self, connector: str) -> bool:
        """Whether there is a GetConnector of this name, letter by letter."""
        return connector in self._databases

    def version(self) -> str:
        """An invented version of the dialect."""
        return self._dialect.version

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
        shown = reading.columns(database.fields)
        stream = database.read(select(database.fields, query))
        return Rows(shown, records(stream, shown, reading), stream.close)

    def get_data(self, call: GetData) -> Iterator[bytes]:
        """The result text of the SOAP operation, the line end behind its root included; refusals as ``ProfitError``."""
        try:
            for piece in result_text(AppConnector(self, self._dialect.spelling), call):
                yield piece.encode()
        except Refused as refused:
            raise ProfitError(str(refused), number=refused.number) from None

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector; ``NotFound`` when there is none of this name."""
        return describing.xsd(self.definition(connector))

    def update_metainfo(self, connector: str) -> dict[str, object]:
        """The fields of an UpdateConnector as metainfo shows them; ``NotFound`` when there is none of this name."""
        return describing.metainfo(self.definition(connector))

    def definition(self, connector: str) -> Definition:
        """What an UpdateConnector takes; ``NotFound`` when there is none of this name."""
        own = _spelt(connector, self._definitions)
        if own is None:
            raise _unknown(connector)
        return self._definitions[own]

    def send(self, update: Update) -> Receipt:
        """Book an update as one transaction, after those that came before it. Raises ``ProfitError`` as Profit would,
        and ``SettingsError`` when nothing can be written."""
        if self._closed:
            raise SettingsError("The emulator's store is closed: it takes no more updates.")
        update.check_root()
        own = _spelt(update.connector, self._definitions)
        if own not in (None, update.connector):
            update = dataclasses.replace(update, connector=own)
        try:
            return self._books.book(update)
        except Refused as refused:
            raise refused.error().about(connector=update.connector) from refused

    def remember(self, connector: str, keys: Mapping[str, str]) -> None:
        """Put a bare record with these keys there, as if it had been inserted long ago; ``NotFound`` when there is no
        such UpdateConnector."""
        self._books.remember(self.definition(connector).connector, keys)

    def define(self, name: str, source: str, columns: Sequence[str]) -> None:
        """Add a GetConnector that shows some columns of another, in place of one of its name. Its rows are those that
        are there when it is first asked. Raises ``ProfitError`` for a source or a column that is not there."""
        shown = self._database(source)
        for column in shown.fields.unknown(columns):
            raise ProfitError(NO_SUCH_FIELD.en.replace("{name}", column), number=NO_SUCH_FIELD.number)
        places = [shown.fields.names.index(column) for column in columns]
        fields = Fields(_spelt(name, self._databases) or name, tuple(shown.fields[column] for column in columns))
        whole = select(shown.fields, Query(skip=-1))
        self._made(fields, lambda: (tuple(row[place] for place in places) for row in shown.read(whole)))
        self._catalogue = _catalogue((database.fields for database in self._databases.values()), self._definitions)

    def outgoing(self, update: Update) -> Outgoing:
        """Not offered: nothing is sent here."""
        raise NotOffered("The emulator's store sends nothing.")

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        """The attachments of a dossier item, () for none; those of its reactions are not among them."""
        return self._dossier.attachments(subject)

    def attachment(self, subject: int, file_id: str) -> Content:
        """The content of one attachment, of the item or of one of its reactions; the item's first without an id."""
        return self._dossier.attachment(subject, file_id)

    def attachment_data(self, subject: int) -> Iterator[Content]:
        """The content of all attachments of an item."""
        return self._dossier.attachment_data(subject)

    def report(self, report: str, filters: tuple[Filter, ...]) -> Content:
        """A report; ``ProfitError`` for one with a start screen."""
        return archive.report(report, filters)

    def image(self, image: str, size: Size) -> Content:
        """A picture of an item."""
        return archive.image(image, size)

    def file(self, file_id: str, name: str) -> Content:
        """A file of a free field."""
        return archive.file(file_id, name)

    def attach(self, subject: int, name: str, content: bytes) -> str:
        """Put one more file on a dossier item, as large as it may be, and give the file's id; ``ProfitError`` when
        there is no such item."""
        return self._dossier.attach(subject, name, content)

    def close(self) -> None:
        """Let go of the files. Safe to call twice."""
        self._closed = True
        self._let_go()

    def _database(self, connector: str) -> Database:
        own = _spelt(connector, self._databases)
        if own is None:
            raise _unknown(connector)
        return self._databases[own]

    def _fill(self, rows: Mapping[str, int], data: Path | None) -> None:
        tables = {table.name: table for table in TABLES}
        grown = {_spelt(connector, tables) or connector: (connector, count) for connector, count in rows.items()}
        for own, (connector, count) in grown.items():
            tables[own] = _grown(tables.get(own), connector, count)
        for table in tables.values():
            self._add(table)
        for loaded in load(data) if data is not None else ():
            own = _spelt(loaded.fields.connector, tables) or loaded.fields.connector
            fields = dataclasses.replace(loaded.fields, connector=own)
            database = self._made(fields, functools.partial(iter, loaded.rows))
            # Now, while somebody is there to read what is wrong with the file.
            database.build()
        for own in grown:
            # A million rows take ten seconds: now, and not while the first client waits for them.
            self._databases[own].build()
        self._add(listing(database.fields for database in self._databases.values()))

    def _add(self, table: Table) -> None:
        self._made(table.fields, table.rows)

    def _made(self, fields: Fields, rows: Callable[[], Iterable[Cells]]) -> Database:
        views = views_of(fields.connector)
        changes = MaterializedViews(self._records[0], views) if views else None
        database = self._databases[fields.connector] = Database(fields, rows, self._new_path(), changes)
        return database

    def _new_path(self) -> Path:
        # By number: the name of a connector may be no name for a file.
        return self._folder / f"{next(self._numbers)}.sqlite"


def _let_go(databases: Mapping[str, Database], records: Iterable[Records], folder: Path) -> None:
    for database in databases.values():
        database.close()
    for each in records:
        each.close()
    shutil.rmtree(folder, ignore_errors=True)


def _spelt(connector: str, names: Collection[str]) -> str | None:
    """The one of these names that is the connector's, whose case does not matter (profit-wire 15.7); None for none."""
    asked = connector.casefold()
    return connector if connector in names else next((name for name in names if name.casefold() == asked), None)


def _unknown(connector: str) -> NotFound:
    error = NotFound(DOES_NOT_EXIST.en.replace("{name}", connector), number=DOES_NOT_EXIST.number)
    return error.about(connector=connector)


def _grown(table: Table | None, connector: str, count: int) -> Table:
    if table is None:
        raise SettingsError(f"rows: the emulator has no connector {connector} that it can grow.")
    if count < 0:
        raise SettingsError(f"rows: the number of rows for {connector} is below 0.")
    return dataclasses.replace(table, count=count)


def _catalogue(connectors: Iterable[Fields], definitions: Definitions) -> Catalogue:
    return Catalogue(
        get_connectors=tuple(Entry(fields.connector, fields.description) for fields in connectors),
        update_connectors=tuple(Entry(name, definition.description) for name, definition in definitions.items()),
        # As AFAS' sample has it: the id is the description as well (profit-wire 3.4).
        custom_connectors=tuple(Entry(name, name) for name in (REPORT_CONNECTOR, SUBJECT_CONNECTOR)),
        environment_id=ENVIRONMENT_ID,
        app_name="Emulator",
        group="Emulator (12345.EMULATOR)",
    )
