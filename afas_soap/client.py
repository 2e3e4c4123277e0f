"""What a program holds: one environment over one protocol, read in pages, with its mistakes explained."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from types import TracebackType
from typing import Literal, Self, TypedDict, TypeVar, Unpack, overload

from afas_soap.errors import AfasError, NotOffered
from afas_soap.opening import Opened
from afas_soap.paging import Read, check, check_dates, open_page, read_rows
from afas_soap.profit.connectors import Catalogue, Connectors, GetData
from afas_soap.profit.fields import Fields
from afas_soap.profit.query import Filter, Query, Sort
from afas_soap.profit.rows import MAX_VALUE, Reading, Record, Rows
from afas_soap.profit.where import Expression, sorts, where_filters
from afas_soap.settings import Settings, SettingsArguments, resolve

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
    """Column to read by, in place of ``order_by`` and skip."""
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
    ``settings`` are those it was made from, None otherwise.
    """

    def __init__(
        self, connectors: Connectors, *, settings: Settings | None = None, opened: Opened | None = None
    ) -> None:
        self._connectors = connectors
        self._opened = opened
        self._noted: set[str] = set()
        self.settings = settings

    @classmethod
    def connect(cls, **settings: Unpack[SettingsArguments]) -> Self:
        """Connect as the arguments, the ``AFAS_*`` variables and the profile say; nothing is asked yet.

        Nothing configured is the embedded Profit, with a logged warning; ``embedded=False`` makes that an error.
        Raises ``SettingsError`` for settings that are unknown, contradictory or half.
        """
        resolved = resolve(settings)
        opened = Opened(resolved)
        return cls(opened.connectors(resolved.protocol), settings=resolved, opened=opened)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections and files."""
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
        """The rows of a GetConnector: an iterator of dicts over all pages; nothing is asked before the first is wanted.

        More than one page wants ``order_by`` or ``key``. Raises ``QueryError`` for a question that cannot be sent,
        ``AnswerError`` when a page contradicts the one before, and what ``Connectors.rows`` raises.
        """
        read = Read(
            connector,
            Query(
                where_filters(question.get("where")),
                sorts(question.get("order_by") or ()),
                question.get("skip", 0),
                question.get("take"),
            ),
            question.get("page_size"),
            question.get("key"),
            question.get("everything", False),
        )
        reading = Reading(
            question.get("typed", True),
            tuple(question.get("dates", ())),
            question.get("aware", False),
            self.settings.max_value if self.settings is not None else MAX_VALUE,
        )

        def fields() -> Fields:
            return self.fields(connector)

        with self._explained("rows", connector):
            check(read, fields)
            if reading.dates:
                check_dates(reading.dates, fields())
        records = self._records(read, reading)
        return Rows(lambda: fields().with_dates(reading.dates), records, records.close)

    def _records(self, read: Read, reading: Reading) -> Generator[Record, None, None]:
        opener = open_page(self._connectors, read, reading)
        with self._explained("rows", read.connector):
            yield from read_rows(opener, read, lambda: self.fields(read.connector))

    def fields(self, connector: str) -> Fields:
        """The columns of a GetConnector, asked once. A type that is in no table is read as text, and logged once."""
        with self._explained("fields", connector):
            fields = self._connectors.fields(connector)
        unknown = [field for field in fields if not field.known]
        if unknown and connector not in self._noted:
            self._noted.add(connector)
            for field in unknown:
                _LOG.warning(
                    "%s: %s is read as text: its type %r is in no table", connector, field.name, field.declared
                )
        return fields

    def connectors(self) -> Catalogue:
        """Which connectors the credentials may use. SOAP does not tell, so REST is asked whatever the protocol."""
        return self._from_whom_offers("catalogue", None, lambda connectors: connectors.catalogue())

    def version(self) -> str:
        """Profit's version."""
        with self._explained("version", None):
            return self._connectors.version()

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector. REST does not tell, so SOAP is asked whatever the protocol."""
        return self._from_whom_offers("schema", connector, lambda connectors: connectors.schema(connector))

    @overload
    def get_data(
        self,
        connector: str,
        filters_xml: str | None = None,
        skip: int = 0,
        take: int = 0,
        *,
        stream: Literal[False] = False,
    ) -> str: ...
    @overload
    def get_data(
        self, connector: str, filters_xml: str | None = None, skip: int = 0, take: int = 0, *, stream: Literal[True]
    ) -> Iterator[bytes]: ...
    def get_data(
        self, connector: str, filters_xml: str | None = None, skip: int = 0, take: int = 0, *, stream: bool = False
    ) -> str | Iterator[bytes]:
        """The SOAP operation ``GetData``: its arguments and its result text, over either protocol.

        ``stream=True`` gives the text as UTF-8 in pieces. What REST cannot say raises ``NotOffered``.
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
        """The SOAP operation ``GetDataWithOptions``, as ``get_data``."""
        return self._result(GetData(connector, filters_xml, skip, take, options), stream=stream)

    def _result(self, call: GetData, *, stream: bool) -> str | Iterator[bytes]:
        def pieces() -> Iterator[bytes]:
            with self._explained(call.operation, call.connector):
                yield from self._connectors.get_data(call)

        return pieces() if stream else b"".join(pieces()).decode()

    def _from_whom_offers(self, operation: str, connector: str | None, ask: Callable[[Connectors], _T]) -> _T:
        """Ask; when this protocol does not offer it, the one that does, where the environment has its address."""
        with self._explained(operation, connector):
            try:
                return ask(self._connectors)
            except NotOffered as error:
                if error.offered_by is None or self._opened is None or not self._opened.offers(error.offered_by):
                    raise
                other = self._opened.connectors(error.offered_by)
            return ask(other)

    @contextlib.contextmanager
    def _explained(self, operation: str, connector: str | None) -> Iterator[None]:
        """Errors leave with what was asked, of which connector, in which environment."""
        try:
            yield
        except AfasError as error:
            error.about(operation=operation, connector=connector, environment=self.environment or None)
            raise
