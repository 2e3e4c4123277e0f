"""What a program holds: one environment over one protocol, read in pages, written to once, with mistakes explained."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Generator, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Literal, Self, TypedDict, Unpack, overload

from afas_soap.asking import Asking, check_connectors
from afas_soap.connections import Opened, kept_schemas, load_check
from afas_soap.errors import AnswerError, Fate, NotOffered, Problem, QueryError
from afas_soap.profit.connectors.capabilities import Catalogue, Connectors, GetData, Outgoing
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Filter, Query, Sort
from afas_soap.profit.questions.where import Expression, sorts, where_filters
from afas_soap.profit.rows import MAX_VALUE, Reading, Record, Rows
from afas_soap.profit.schemas.updateschema import UpdateSchema
from afas_soap.profit.suggestions import NAMES as MEANINGS
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Element, Update, check_action
from afas_soap.profit.updates.updateplain import Plain, update_from_plain
from afas_soap.reading.paging import Pages
from afas_soap.reading.question import SMALLEST_PAGE, Read
from afas_soap.settings import Settings, SettingsArguments, resolve
from afas_soap.writing.checking import CHECKED, Checking, Writing, check_writable
from afas_soap.writing.schemacache import Kept, Source

_LOG = logging.getLogger("afas_soap.rows")

Records = Plain | Element | Iterable[Plain | Element]
"""One record or several, as plain data or as ``Element``."""


class Question(TypedDict, total=False):
    """What ``ProfitClient.rows`` takes beside the connector."""

    where: Expression | tuple[Filter, ...] | None
    """An expression of ``F``, or filters; None for every row."""
    order_by: Sequence[str | Sort] | None
    """Column names ("-Name" descends) or ``Sort``."""
    skip: int
    """Rows to leave out at the beginning."""
    take: int | None
    """Rows to give at most; None for all."""
    page_size: int | None
    """Rows a call; None for AFAS' guide, columns times rows below 150,000."""
    key: str | None
    """Column of text or whole numbers to read by, in place of ``order_by`` and skip."""
    everything: bool
    """One call for all rows (skip -1, take -1)."""
    typed: bool
    """False for every value as the text that came."""
    dates: Sequence[str]
    """Columns to read as dates; midnight is checked."""
    files: Sequence[str]
    """Columns of text that are the base64 of a file, to read as bytes."""
    aware: bool
    """Date-times with the zone Europe/Amsterdam; before 1947 its offset depends on the machine's time-zone data."""
    replace_controls: bool
    """U+FFFD for each character that XML cannot carry, which else makes an answer unreadable; a warning counts them."""


class ProfitClient:
    """One environment over one protocol. Close it, or use it in ``with``.

    ``ProfitClient.connect`` makes one from settings; a program may hand in any ``Connectors`` of its own instead.
    ``settings`` are those it was made from, None otherwise. Several threads may use it; five calls are open at once at
    most (see ``afas_soap.concurrency``), each until its rows are read to their end or closed. Every error knows the
    operation, the connector and the environment it is about. Raises ``SettingsError`` for what are no connectors.

    Updates are checked before they are sent (see ``Checking``), and no write is repeated unless it certainly was not
    sent (see "What can be repeated").
    """

    def __init__(
        self, connectors: Connectors, *, settings: Settings | None = None, opened: Opened | None = None
    ) -> None:
        check_connectors(connectors)
        self.settings = settings
        self._asking = Asking(connectors, opened, self.environment)
        self._known: dict[str, Fields] = {}
        beside = self.protocol == "soap" and self._asking.offers("rest")
        self._writing = Writing(
            Source(self._asking.schema, kept_schemas(settings)),
            load_check,
            metainfo=Source(self._asking.metainfo, kept_schemas(settings, "rest")) if beside else None,
        )

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
            settings.pop("token", None)
            settings.pop("client_secret", None)
        opened = Opened(resolved)
        return cls(opened.connectors(resolved.protocol), settings=resolved, opened=opened)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections and files. Safe to call twice."""
        self._asking.close()

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
        return self._asking.opened

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
        with self._asking.explained("rows", connector):
            read = self._read(connector, question)
            if connector in self._known:
                read.check_columns(self._known[connector])
        pages = Pages(lambda query: self._page(read, query), read)
        records = self._records(pages, read)
        return Rows(lambda: pages.fields or read.reading.columns(self._columns(connector)), records, records.close)

    def fields(self, connector: str) -> Fields:
        """The columns of a GetConnector, asked once. SOAP may tell none while it holds no rows: then REST is asked."""
        if connector not in self._known:
            found = self._asking.from_whom_offers(
                "fields", connector, lambda connectors: connectors.fields(_named(connector))
            )
            self._known[connector] = found
        return self._known[connector]

    def connectors(self) -> Catalogue:
        """Which connectors the credentials may use. SOAP does not tell, so REST is asked whatever the protocol."""
        return self._asking.from_whom_offers("catalogue", None, lambda connectors: connectors.catalogue())

    def version(self) -> str:
        """Profit's version."""
        with self._asking.call("version", None):
            return self._asking.connectors.version()

    def schema(self, connector: str, *, refresh: bool = False) -> str:
        """The XSD of an UpdateConnector: Profit's own over SOAP, over REST made from metainfo.

        Kept on disk for a day (see ``kept_schema`` for its age); ``refresh`` asks for the present one.
        """
        return self._writing.kept(_named(connector), refresh=refresh).text

    def kept_schema(self, connector: str, *, refresh: bool = False) -> Kept:
        """The XSD of an UpdateConnector with the time it was fetched. Over SOAP what REST's metainfo tells beside it is
        fetched as well, where that can be asked: an update asks nothing more then."""
        return self._writing.fetched(_named(connector), refresh=refresh)

    def update_schema(self, connector: str, *, refresh: bool = False) -> UpdateSchema:
        """What an UpdateConnector takes: its root element, fields, keys and sub-objects."""
        return self._writing.schema(_named(connector), refresh=refresh)

    def check(self, update: Update, checking: Checking = CHECKED) -> tuple[Problem, ...]:
        """Everything that is wrong with ``update``, errors first; () when nothing is. Nothing is sent or changed."""
        with self._asking.explained("check", update.connector):
            return self._writing.problems(update, checking)

    def ready(self, update: Update, checking: Checking = CHECKED) -> Update:
        """``update`` as ``send`` would send it: checked, with its root, in its schema's order."""
        with self._asking.explained("check", update.connector):
            return self._writing.ready(update, checking)

    def approve(self, update: Update, checking: Checking = CHECKED) -> None:
        """Raise what ``ready`` raises for ``update``, without making it ready: for who keeps it until later."""
        with self._asking.explained("check", update.connector):
            self._writing.approve(update, checking)

    def arranged(self, update: Update, checking: Checking = CHECKED) -> Update:
        """``update``, which was approved before, as ``ready`` gives it, without a second look."""
        with self._asking.explained("check", update.connector):
            return self._writing.arranged(update, checking)

    def insert(
        self, connector: str, records: Records, *, sub_object: str = "", checking: Checking = CHECKED
    ) -> Receipt:
        """Insert records: a dict each, see ``update_from_plain``. With ``sub_object`` its rows are inserted below
        records that are there already. The receipt holds the keys that Profit handed out."""
        return self._sent(connector, records, Action.INSERT, sub_object, checking)

    def update(
        self, connector: str, records: Records, *, sub_object: str = "", checking: Checking = CHECKED
    ) -> Receipt:
        """Change the given fields of records, which are found by their keys; None or "" clears a field."""
        return self._sent(connector, records, Action.UPDATE, sub_object, checking)

    def delete(
        self, connector: str, records: Records, *, sub_object: str = "", checking: Checking = CHECKED
    ) -> Receipt:
        """Delete records, or with ``sub_object`` rows below them, by their keys. For good: nobody is asked again."""
        return self._sent(connector, records, Action.DELETE, sub_object, checking)

    def send(self, update: Update, checking: Checking = CHECKED) -> Receipt:
        """Send an update: one call, which is one transaction.

        Raises ``UpdateError`` before any call for what the check finds; ``ProfitError`` when Profit refused,
        ``Uncertain`` when nobody knows whether it was booked, and any other error when it certainly was not sent.
        """
        operation = str(update.action or "send")
        with self._asking.explained(operation, update.connector, fate=Fate.NOT_SENT):
            self.check_writable()
            wanted = self._writing.ready(update, checking)
        with self._asking.call(operation, update.connector, write=True):
            return self._asking.connectors.send(wanted)

    def check_writable(self) -> None:
        """Raise ``SettingsError`` when updates would go to the embedded Profit and nobody chose that."""
        if self.settings is not None:
            check_writable(embedded=self.settings.embedded, chosen=self.settings.explicitly_embedded)

    def outgoing(self, update: Update, checking: Checking = CHECKED) -> Outgoing:
        """What ``send`` would send, with secrets masked, without sending it."""
        with self._asking.explained("outgoing", update.connector):
            return self._asking.connectors.outgoing(self._writing.ready(update, checking))

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

    def _sent(self, connector: str, records: Records, action: Action, sub_object: str, checking: Checking) -> Receipt:
        update = update_from_plain(_named(connector), records, action=action, sub_object=sub_object)
        with self._asking.explained(action, connector, fate=Fate.NOT_SENT):
            check_action(update, action)
        return self.send(update, checking)

    def _read(self, connector: str, question: Question) -> Read:
        _check_arguments(question)
        return Read(
            connector=_named(connector),
            filters=where_filters(question.get("where")),
            order_by=sorts(question.get("order_by") or ()),
            skip=question.get("skip", 0),
            take=question.get("take"),
            page_size=question.get("page_size"),
            key=question.get("key"),
            everything=question.get("everything", False),
            reading=Reading(
                question.get("typed", True),
                _columns("dates", question.get("dates", ())),
                question.get("aware", False),
                self.settings.max_value if self.settings is not None else MAX_VALUE,
                _columns("files", question.get("files", ())),
                controls=Controls() if question.get("replace_controls", False) else None,
            ),
        )

    def _records(self, pages: Pages, read: Read) -> Generator[Record]:
        try:
            with self._asking.explained("rows", read.connector):
                yield from pages.records(lambda: self._size(read))
        finally:
            if read.reading.controls is not None:
                read.reading.controls.tell(read.connector)

    @contextlib.contextmanager
    def _page(self, read: Read, query: Query) -> Iterator[Rows]:
        """One call, open until its rows are let go of."""
        with (
            self._asking.call("rows", read.connector),
            self._asking.connectors.rows(read.connector, query, read.reading) as rows,
        ):
            if rows.fields is not None:
                # With dates or files named, the columns are the caller's and not the connector's.
                if not (read.reading.dates or read.reading.files):
                    self._known[read.connector] = rows.fields
                read.check_columns(rows.fields)
            yield rows

    def _size(self, read: Read) -> int:
        try:
            return read.size(lambda: self._checked(read))
        except NotOffered:
            # It holds no rows. Should some come meanwhile, this page is not too large for them.
            return SMALLEST_PAGE

    def _columns(self, connector: str) -> Fields:
        """The columns; none where nobody tells them, because the connector holds no rows."""
        try:
            return self.fields(connector)
        except NotOffered as error:
            _LOG.warning("%s", error.message)
            return Fields(connector, ())

    def _checked(self, read: Read) -> Fields:
        fields = self.fields(read.connector)
        read.check_columns(fields)
        return fields

    def _result(self, call: GetData, *, stream: bool) -> str | Iterator[bytes]:
        pieces = self._pieces(call)
        if stream:
            return pieces
        try:
            return b"".join(pieces).decode()
        except UnicodeDecodeError:
            # Not as a cause: it would hold the whole result.
            error = AnswerError("The result is not UTF-8.")
        raise error.about(operation=call.operation, connector=call.connector, environment=self.environment or None)

    def _pieces(self, call: GetData) -> Iterator[bytes]:
        with self._asking.call(call.operation, call.connector):
            _named(call.connector)
            yield from self._asking.connectors.get_data(call)


def _check_arguments(question: Question) -> None:
    """Raise ``QueryError`` for an argument that does not exist: left unread, it would ask for other rows."""
    for name in question:
        if name not in Question.__annotations__:
            meant = MEANINGS.meant(name, Question.__annotations__)
            hint = f" Did you mean {meant}?" if meant else ""
            raise QueryError(f"rows takes no argument {name!r}.{hint}")


def _columns(argument: str, names: Sequence[str]) -> tuple[str, ...]:
    if isinstance(names, str):
        raise QueryError(f"{argument} is a list of columns: [{names!r}].")
    return tuple(names)


def _named(connector: str) -> str:
    if not isinstance(connector, str) or not connector.strip():
        raise QueryError("Name the connector, such as Profit_Debtor.")
    return connector
