"""What a program holds: one environment over one protocol, read in pages, with its mistakes explained."""

from __future__ import annotations

import contextlib
import difflib
import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from types import TracebackType
from typing import Literal, Self, TypedDict, TypeVar, Unpack, overload

from afas_soap.errors import AfasError, AnswerError, NotOffered, QueryError
from afas_soap.opening import Opened
from afas_soap.paging import Pages
from afas_soap.profit.connectors import Catalogue, Connectors, GetData
from afas_soap.profit.fields import Fields
from afas_soap.profit.query import Filter, Query, Sort
from afas_soap.profit.rows import MAX_VALUE, Reading, Record, Rows
from afas_soap.profit.where import Expression, sorts, where_filters
from afas_soap.reading import SMALLEST_PAGE, Read
from afas_soap.settings import Settings, SettingsArguments, resolve
from afas_soap.slots import Slots

_LOG = logging.getLogger("afas_soap.rows")
_T = TypeVar("_T")


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
    aware: bool
    """Date-times with the zone Europe/Amsterdam."""


class ProfitClient:
    """One environment over one protocol. Close it, or use it in ``with``.

    ``ProfitClient.connect`` makes one from settings; a program may hand in any ``Connectors`` of its own instead.
    ``settings`` are those it was made from, None otherwise. Several threads may use it; five calls are open at once at
    most (see ``afas_soap.slots``), each until its rows are read to their end or closed. Every error knows the
    operation, the connector and the environment it is about.
    """

    def __init__(
        self, connectors: Connectors, *, settings: Settings | None = None, opened: Opened | None = None
    ) -> None:
        self._connectors = connectors
        self._opened = opened
        self._known: dict[str, Fields] = {}
        self._slots = Slots()
        self._closed = False
        self.settings = settings

    @classmethod
    def connect(cls, **settings: Unpack[SettingsArguments]) -> Self:
        """Connect as the arguments, the ``AFAS_*`` variables and the profile say; nothing is asked yet.

        Nothing configured is the embedded Profit, with a logged warning; ``embedded=False`` makes that an error.
        Raises ``SettingsError`` for settings that are unknown, contradictory or half.
        """
        try:
            resolved = resolve(settings)
        finally:
            # A traceback may show what local names stand for, and a token may be among the arguments.
            settings.pop("token", None)
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
        self._closed = True
        if self._opened is not None:
            self._opened.close()
        else:
            self._connectors.close()

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
        meanwhile shift nothing; a row that changes while it stands at the end of a page may come twice.

        Raises ``QueryError`` at once for a question that cannot be sent. Reading raises ``AnswerError`` when a page
        contradicts the one before, ``QueryError`` for a column that turns out not to be there, and what
        ``Connectors.rows`` raises.
        """
        with self._explained("rows", connector):
            read = self._read(connector, question)
            if connector in self._known:
                read.check_columns(self._known[connector])
            read.check_sorted(lambda: self._checked(read))
        pages = Pages(lambda query: self._page(read, query), read)
        records = self._records(pages, read)
        return Rows(
            lambda: pages.fields or self._columns(connector).with_dates(read.reading.dates), records, records.close
        )

    def fields(self, connector: str) -> Fields:
        """The columns of a GetConnector, asked once. SOAP may tell none while it holds no rows: then REST is asked."""
        if connector not in self._known:
            found = self._from_whom_offers("fields", connector, lambda connectors: connectors.fields(_named(connector)))
            self._known[connector] = found
        return self._known[connector]

    def connectors(self) -> Catalogue:
        """Which connectors the credentials may use. SOAP does not tell, so REST is asked whatever the protocol."""
        return self._from_whom_offers("catalogue", None, lambda connectors: connectors.catalogue())

    def version(self) -> str:
        """Profit's version."""
        with self._call("version", None):
            return self._connectors.version()

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector. REST does not tell, so SOAP is asked whatever the protocol."""
        return self._from_whom_offers("schema", connector, lambda connectors: connectors.schema(_named(connector)))

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

    def _read(self, connector: str, question: Question) -> Read:
        _check_arguments(question)
        dates = question.get("dates", ())
        if isinstance(dates, str):
            raise QueryError(f"dates is a list of columns: [{dates!r}].")
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
                tuple(dates),
                question.get("aware", False),
                self.settings.max_value if self.settings is not None else MAX_VALUE,
            ),
        )

    def _records(self, pages: Pages, read: Read) -> Generator[Record]:
        with self._explained("rows", read.connector):
            yield from pages.records(lambda: self._size(read))

    @contextlib.contextmanager
    def _page(self, read: Read, query: Query) -> Iterator[Rows]:
        """One call, open until its rows are let go of."""
        with (
            self._call("rows", read.connector),
            self._connectors.rows(read.connector, query, read.reading) as rows,
        ):
            if rows.fields is not None:
                # With dates named, the columns are the caller's and not the connector's.
                if not read.reading.dates:
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
        with self._call(call.operation, call.connector):
            _named(call.connector)
            yield from self._connectors.get_data(call)

    def _from_whom_offers(self, operation: str, connector: str | None, ask: Callable[[Connectors], _T]) -> _T:
        """Ask; when this protocol does not offer it, the one that does, where the environment has its address."""
        with self._call(operation, connector):
            try:
                return ask(self._connectors)
            except NotOffered as error:
                offered_by = error.offered_by
                if offered_by is None or self._opened is None:
                    raise
                if not self._opened.offers(offered_by):
                    raise NotOffered(
                        f"{error.message} Its address is not configured: give {offered_by}_url.", offered_by=offered_by
                    ) from None
            return ask(self._opened.connectors(offered_by))

    @contextlib.contextmanager
    def _call(self, operation: str, connector: str | None) -> Iterator[None]:
        """One of the five calls."""
        with self._explained(operation, connector):
            if self._closed:
                raise QueryError("This client is closed.")
            with self._slots.one():
                yield

    @contextlib.contextmanager
    def _explained(self, operation: str, connector: str | None) -> Iterator[None]:
        """Errors leave with what was asked, of which connector, in which environment."""
        try:
            yield
        except AfasError as error:
            error.about(operation=operation, connector=connector, environment=self.environment or None)
            raise


def _check_arguments(question: Question) -> None:
    """Raise ``QueryError`` for an argument that does not exist: left unread, it would ask for other rows."""
    for name in question:
        if name not in Question.__annotations__:
            nearest = difflib.get_close_matches(name, Question.__annotations__, n=1)
            hint = f" Did you mean {nearest[0]}?" if nearest else ""
            raise QueryError(f"rows takes no argument {name!r}.{hint}")


def _named(connector: str) -> str:
    if not isinstance(connector, str) or not connector.strip():
        raise QueryError("Name the connector, such as Profit_Debtor.")
    return connector
