"""Client facade: what a program holds. One environment over one protocol, read in pages, and written to once.

It hands a question to ``reading`` and an update to ``writing``, and hands out what comes; what each does stands there.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, Unpack, overload

from afas_soap.calls import Calls, check_connectors, checked_name
from afas_soap.connections import Opened, kept_schemas, load_check
from afas_soap.errors import Problem
from afas_soap.profit.connectors.capabilities import Catalogue, Documents, GetData, Imports, Outgoing, Reads, Writes
from afas_soap.profit.documents.content import Size
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import MAX_VALUE, Rows
from afas_soap.profit.schemas.updateschema import UpdateSchema
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Update
from afas_soap.reading import getdata
from afas_soap.reading.plan import Reader
from afas_soap.reading.question import Question
from afas_soap.settings.names import SECRETS
from afas_soap.settings.resolving import resolve
from afas_soap.settings.settings import Settings
from afas_soap.writing.checking import CHECKED, Checking, Writing
from afas_soap.writing.schemacache import Kept, Source
from afas_soap.writing.writer import Records, Writer

if TYPE_CHECKING:
    from afas_soap.documents.document import Document
    from afas_soap.documents.reader import DocumentReader
    from afas_soap.imports.journal import ImportRun
    from afas_soap.imports.running import Importer, ImportOptions
    from afas_soap.profit.documents.content import Attachment
    from afas_soap.profit.imports.result import ImportResult
    from afas_soap.profit.questions.query import Filter
    from afas_soap.profit.questions.where import Expression
    from afas_soap.settings.arguments import SettingsArguments

__all__ = ["ProfitClient", "Question", "Records"]


class ProfitClient:
    """One environment over one protocol. Close it, or use it in ``with``.

    ``ProfitClient.connect`` makes one from settings; a program may hand in an object of its own instead that ``Reads``,
    or ``Writes``, or both. ``settings`` are those it was made from, None otherwise. Several threads may use it. Five
    calls are open at once at most, each until its rows are read to their end or closed; all clients of this process
    that ask the same environment share them (see ``afas_soap.concurrency``). Every error knows the operation, the
    connector and the environment it is about. Raises ``SettingsError`` for what are no connectors.

    Updates are checked before they are sent (see ``Checking``), and no write is repeated unless it certainly was not
    sent (see "What can be repeated").
    """

    def __init__(
        self,
        connectors: Reads | Writes | Documents | Imports,
        *,
        settings: Settings | None = None,
        opened: Opened | None = None,
    ) -> None:
        check_connectors(connectors)
        self.settings = settings
        self._opened = opened
        self._calls = Calls(connectors, opened, self.environment, self.protocol)

    @functools.cached_property
    def _reader(self) -> Reader:
        return Reader(self._calls, MAX_VALUE if self.settings is None else self.settings.max_value)

    @functools.cached_property
    def _writer(self) -> Writer:
        settings = self.settings
        accidental = settings is not None and settings.embedded and not settings.explicitly_embedded
        return Writer(self._calls, self._writing, accidental=accidental)

    @functools.cached_property
    def _writing(self) -> Writing:
        calls, beside = self._calls, self.protocol == "soap" and self._calls.offers("rest")
        return Writing(
            Source(calls.schema, kept_schemas(self.settings)),
            load_check,
            metainfo=Source(calls.metainfo, kept_schemas(self.settings, "rest")) if beside else None,
        )

    @functools.cached_property
    def _documents(self) -> DocumentReader:
        reader: DocumentReader = importlib.import_module("afas_soap.documents.reader").DocumentReader(self._calls)
        return reader

    @classmethod
    def connect(cls, **settings: Unpack[SettingsArguments]) -> Self:
        """Connect as the arguments, the ``AFAS_*`` variables and the profile say; nothing is asked yet.

        Nothing configured is the embedded Profit, with a logged warning; ``embedded=False`` makes that an error.
        Raises ``SettingsError`` for settings that are unknown, contradictory or half.
        """
        try:
            resolved = resolve(settings)
        finally:
            # A traceback may show what local names stand for, and a secret may be among the arguments.
            for name in SECRETS:
                settings.pop(name, None)  # type: ignore[misc]
        return cls.of(resolved)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Connect as these settings say."""
        opened = Opened(settings)
        return cls(opened.connectors(settings.protocol), settings=settings, opened=opened)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections and files. Safe to call twice."""
        self._calls.close()

    @property
    def environment(self) -> str:
        """The environment's name: ``12345-test``, a host, or ``emulator``; "" for connectors of one's own."""
        return self.settings.environment_name if self.settings is not None else ""

    @property
    def protocol(self) -> str:
        """``soap`` or ``rest``; "" for connectors of one's own."""
        return self.settings.protocol if self.settings is not None else ""

    @property
    def opened(self) -> Opened | None:
        """The open environment below; None for connectors of one's own."""
        return self._opened

    def rows(self, connector: str, **question: Unpack[Question]) -> Rows:
        """The rows of a GetConnector: an iterator of dicts over all pages; none is asked for before it is wanted.

        More than one page wants ``order_by`` or ``key``. By key, any depth goes at one speed, and rows that come or go
        meanwhile shift nothing; a row that changes while it stands at the end of a page may come twice. Without either,
        and without a ``take`` that fits one page, one page and a row is asked for and held until its end has come: then
        those are all rows, or reading raises ``QueryError``.

        Raises ``QueryError`` at once for a question that cannot be sent. Reading raises ``AnswerError`` when a page
        contradicts the one before, ``QueryError`` for a column that turns out not to be there, and what
        ``Connectors.rows`` raises.
        """
        return self._reader.rows(connector, question)

    def attachments(self, subject: int, *, reactions: bool = False) -> tuple[Attachment, ...]:
        """The attachments of a dossier item, with ``reactions`` those of its reactions as well; () for none. REST, and
        reactions over both, read them with AFAS' GetConnectors ``Profit_Subject_Attachments`` and
        ``Profit_Subject_Reaction_Attachments``, which the app connector needs then."""
        return self._documents.attachments(subject, reactions=reactions)

    def attachment(self, subject: int, file: str | Attachment) -> Document:
        """The content of an attachment, by the id of its file or as ``attachments`` gave it; nothing is asked yet."""
        return self._documents.attachment(subject, file)

    def attachment_data(self, subject: int) -> Iterator[Document]:
        """All attachments of a dossier item with their content, in one call (SOAP only): each is to be read before the
        next one. They have names and no ids, and names need not be unique: to keep files, take ``attachments`` and
        ``attachment``."""
        return self._documents.attachment_data(subject)

    def report(self, report: str, where: Expression | tuple[Filter, ...] | None = None) -> Document:
        """A report, by its id, of the records that ``where`` lets through; its columns are internal field codes, such
        as ``F.U002``. Nothing is asked yet."""
        return self._documents.report(report, where)

    def image(self, image: str, size: Size = Size.ORIGINAL) -> Document:
        """A picture, by the id that a GetConnector gives (REST only); nothing is asked yet."""
        return self._documents.image(image, size)

    def file(self, file_id: str, name: str) -> Document:
        """A file of a free file field or a project, by the id and the name that a GetConnector gives (REST only);
        nothing is asked yet."""
        return self._documents.file(file_id, name)

    def importer(self, journal: str | Path | None = None) -> Importer:
        """Remote imports (SOAP only), with their journal in the folder ``journal``, the user's own when None."""
        running = importlib.import_module("afas_soap.imports.running")
        importer: Importer = running.Importer(self._calls, journal, check=self.check_writable)
        return importer

    def run_import(self, name: str, file: str | Path, **options: Unpack[ImportOptions]) -> ImportResult:
        """Import ``file`` by the import definition ``name`` of Profit, and wait until its log is there.

        Whether it succeeded stands in the result. Nothing sends it twice: the same file, definition and administration
        as those of an import whose outcome is not known is refused with ``Uncertain``, unless ``again``.
        """
        return self.importer().run(name, file, **options)

    def import_definition(self, file: str | Path, *, again: bool = False) -> ImportResult:
        """Import the definition of a GetConnector, a ``.gcn`` file, and wait until its log is there."""
        return self.importer().run_definition(file, again=again)

    def import_log(self, command_id: str) -> ImportResult:
        """What became of an import, which is waited for. Profit gives a log once; it is kept."""
        return self.importer().awaited(command_id)

    def imports(self) -> tuple[ImportRun, ...]:
        """Every import that the journal knows, the first one first."""
        return self.importer().runs()

    def fields(self, connector: str) -> Fields:
        """The columns of a GetConnector, asked once. SOAP may tell none while it holds no rows: then REST is asked."""
        return self._reader.columns.of(connector)

    def connectors(self) -> Catalogue:
        """Which connectors the credentials may use. SOAP does not tell, so REST is asked whatever the protocol."""
        return self._calls.from_whom_offers("catalogue", None, lambda connectors: connectors.catalogue())

    def version(self) -> str:
        """Profit's version."""
        with self._calls.call("version", None):
            return self._calls.reads("version").version()

    def schema(self, connector: str, *, refresh: bool = False) -> str:
        """The XSD of an UpdateConnector: Profit's own over SOAP, over REST made from metainfo.

        Kept on disk for a day (see ``kept_schema`` for its age); ``refresh`` asks for the present one.
        """
        return self._writing.kept(checked_name(connector), refresh=refresh).text

    def kept_schema(self, connector: str, *, refresh: bool = False) -> Kept:
        """The XSD of an UpdateConnector with the time it was fetched. Over SOAP what REST's metainfo tells beside it is
        fetched as well, where that can be asked: an update asks nothing more then."""
        return self._writing.fetched(checked_name(connector), refresh=refresh)

    def update_schema(self, connector: str, *, refresh: bool = False) -> UpdateSchema:
        """What an UpdateConnector takes: its root element, fields, keys and sub-objects."""
        return self._writing.schema(checked_name(connector), refresh=refresh)

    def check(self, update: Update, checking: Checking = CHECKED) -> tuple[Problem, ...]:
        """Everything that is wrong with ``update``, errors first; () when nothing is. Nothing is sent or changed."""
        return self._writer.problems(update, checking)

    def ready(self, update: Update, checking: Checking = CHECKED) -> Update:
        """``update`` as ``send`` would send it: checked, with its root, in its schema's order."""
        return self._writer.ready(update, checking)

    def approve(self, update: Update, checking: Checking = CHECKED) -> None:
        """Raise what ``ready`` raises for ``update``, without making it ready: for who keeps it until later."""
        self._writer.approve(update, checking)

    def arranged(self, update: Update, checking: Checking = CHECKED) -> Update:
        """``update``, which was approved before, as ``ready`` gives it, without a second look."""
        return self._writer.arranged(update, checking)

    def insert(
        self, connector: str, records: Records, *, sub_object: str = "", checking: Checking = CHECKED
    ) -> Receipt:
        """Insert records: a dict each, see ``update_from_plain``. With ``sub_object`` its rows are inserted below
        records that are there already. The receipt holds the keys that Profit handed out."""
        return self._sent(Action.INSERT, connector, records, sub_object, checking)

    def update(
        self, connector: str, records: Records, *, sub_object: str = "", checking: Checking = CHECKED
    ) -> Receipt:
        """Change the given fields of records, which are found by their keys; None or "" clears a field."""
        return self._sent(Action.UPDATE, connector, records, sub_object, checking)

    def delete(
        self, connector: str, records: Records, *, sub_object: str = "", checking: Checking = CHECKED
    ) -> Receipt:
        """Delete records, or with ``sub_object`` rows below them, by their keys. For good: nobody is asked again."""
        return self._sent(Action.DELETE, connector, records, sub_object, checking)

    def send(self, update: Update, checking: Checking = CHECKED) -> Receipt:
        """Send an update: one call, which is one transaction.

        Raises ``UpdateError`` before any call for what the check finds; ``ProfitError`` when Profit refused,
        ``Uncertain`` when nobody knows whether it was booked, and any other error when it certainly was not sent.
        """
        return self._writer.send(update, checking)

    def check_writable(self) -> None:
        """Raise ``SettingsError`` when updates would go to the embedded Profit and nobody chose that."""
        self._writer.check_writable()

    def outgoing(self, update: Update, checking: Checking = CHECKED) -> Outgoing:
        """What ``send`` would send, with secrets masked, without sending it."""
        return self._writer.outgoing(update, checking)

    @overload
    def get_data(
        self, connector: str, filters_xml: str | None, skip: int, take: int, *, stream: Literal[False] = False
    ) -> str: ...
    @overload
    def get_data(
        self, connector: str, filters_xml: str | None, skip: int, take: int, *, stream: Literal[True]
    ) -> Iterator[bytes]: ...
    def get_data(
        self, connector: str, filters_xml: str | None, skip: int, take: int, *, stream: bool = False
    ) -> str | Iterator[bytes]:
        """The SOAP operation ``GetData``: its arguments and its result text, over either protocol.

        A take of 0 gives no rows, skip and take of -1 all of them, as there (profit-wire 2.3). ``stream=True`` gives
        the text as UTF-8 in pieces. What REST cannot say raises ``NotOffered``.
        """
        return self._result(GetData(connector, filters_xml, skip, take), stream=stream)

    @overload
    def get_data_with_options(
        self,
        connector: str,
        filters_xml: str | None,
        skip: int,
        take: int,
        options: str,
        *,
        stream: Literal[False] = False,
    ) -> str: ...
    @overload
    def get_data_with_options(
        self, connector: str, filters_xml: str | None, skip: int, take: int, options: str, *, stream: Literal[True]
    ) -> Iterator[bytes]: ...
    def get_data_with_options(
        self, connector: str, filters_xml: str | None, skip: int, take: int, options: str, *, stream: bool = False
    ) -> str | Iterator[bytes]:
        """The SOAP operation ``GetDataWithOptions``, as ``get_data``; text (Outputmode 2) is passed on as it comes."""
        return self._result(GetData(connector, filters_xml, skip, take, options), stream=stream)

    def _sent(self, action: Action, connector: str, records: Records, sub_object: str, checking: Checking) -> Receipt:
        return self._writer.sent_plain(connector, records, action=action, sub_object=sub_object, checking=checking)

    def _result(self, call: GetData, *, stream: bool) -> str | Iterator[bytes]:
        return getdata.pieces(self._calls, call) if stream else getdata.text(self._calls, call)
