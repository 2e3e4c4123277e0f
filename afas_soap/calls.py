"""Call context: one call at a time through the concurrency limit, whom to ask, and what an error was about."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar, cast

from afas_soap.concurrency import slots_for
from afas_soap.errors import AfasError, Fate, NotOffered, ProfitError, QueryError, SettingsError
from afas_soap.profit.connectors.capabilities import Catalogue, Connectors, Documents, Imports, Reads, Writes
from afas_soap.profit.connectors.documented import Use
from afas_soap.profit.connectors.misnamed import explained, refuses_connector

_T = TypeVar("_T")

# What is asked of a GetConnector; everything else that names a connector is about an UpdateConnector.
_READS = ("rows", "fields", "GetData", "GetDataWithOptions")


class OpenEnvironment(Protocol):
    """One environment, opened: its connectors over each protocol that it has an address for."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where its calls go, and are counted together with those of other clients; () where they are its own alone."""
        ...

    def connectors(self, protocol: str) -> Connectors:
        """Everything one may ask, over ``protocol``."""
        ...

    def documents(self, protocol: str) -> Documents:
        """Attachments, reports, pictures and files, over ``protocol``."""
        ...

    def imports(self, protocol: str) -> Imports:
        """Remote import, over ``protocol``."""
        ...

    def glance(self) -> Catalogue:
        """Which connectors the credentials may use, asked once and quickly."""
        ...

    def offers(self, protocol: str) -> bool:
        """Whether the environment has an address for ``protocol``."""
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...


class Calls:
    """The calls of one client. For connectors of one's own ``opened`` is None, ``environment`` and ``protocol`` "".

    Every error leaves with what was asked, of which connector, in which environment.
    """

    def __init__(
        self,
        connectors: Reads | Writes | Documents | Imports,
        opened: OpenEnvironment | None,
        environment: str,
        protocol: str = "",
    ) -> None:
        self._opened = opened
        self._protocol = protocol
        self.environment = environment
        # One that only reads, or only writes, is looked at before it is asked: see ``_having``.
        self._connectors = cast(Connectors, connectors)
        self._slots = slots_for(*(() if opened is None else opened.addresses))
        self._closed = False
        self._catalogue: Catalogue | None = None
        self._looked = False
        self._looking = threading.Lock()

    def close(self) -> None:
        """Let go of connections and files; no call begins from here on. Safe to call twice."""
        self._closed = True
        self._slots.close()
        if self._opened is not None:
            self._opened.close()
        elif callable(close := getattr(self._connectors, "close", None)):
            close()

    def reads(self, method: str) -> Reads:
        """Whom to ask to read. Raises ``NotOffered`` for connectors of a program's own that have no such ``method``."""
        return self._having(method)

    def writes(self, method: str) -> Writes:
        """Whom to ask to write, as ``reads``."""
        return self._having(method)

    def documents(self, method: str) -> Documents:
        """Whom to ask for documents, as ``reads``."""
        if self._opened is not None:
            return self._opened.documents(self._protocol)
        return cast(Documents, self._having(method))

    def imports(self, method: str) -> Imports:
        """Whom to ask for remote imports, as ``reads``."""
        if self._opened is not None:
            return self._opened.imports(self._protocol)
        return cast(Imports, self._having(method))

    def _having(self, method: str) -> Connectors:
        if not callable(getattr(self._connectors, method, None)):
            kind = type(self._connectors).__name__
            raise NotOffered(f"The connectors of this client ({kind}) have no {method}(), which this call needs.")
        return self._connectors

    @contextlib.contextmanager
    def call(self, operation: str, connector: str | None, *, write: bool = False) -> Iterator[None]:
        """One of the calls that may be open at once. Errors of a write leave with what became of it."""
        with self.explained(operation, connector), self._named(operation, connector):
            try:
                if self._closed:
                    raise QueryError("This client is closed.")
                with self._slots.one():
                    yield
            except AfasError as error:
                error.fate = error.outcome if write else None
                raise

    @contextlib.contextmanager
    def explained(self, operation: str, connector: str | None, *, fate: Fate | None = None) -> Iterator[None]:
        """Errors leave with what they are about, and with ``fate`` where that is known of all of them."""
        try:
            yield
        except AfasError as error:
            error.about(operation=operation, connector=connector, environment=self.environment or None)
            error.fate = fate or error.fate
            raise

    @contextlib.contextmanager
    def _named(self, operation: str, connector: str | None) -> Iterator[None]:
        """A refusal of the connector says whether there is one of that name, the same over either protocol."""
        try:
            yield
        except ProfitError as error:
            if connector is None or not refuses_connector(error):
                raise
            use = Use.READ if operation in _READS else Use.WRITE
            problem = explained(error, connector, use, self._listed())
            if problem is error:
                raise
        else:
            return
        raise problem

    def _listed(self) -> Catalogue | None:
        """What the app connector holds, looked at once for such refusals; None where that cannot be told quickly."""
        with self._looking:
            if not self._looked:
                self._looked = True
                with contextlib.suppress(AfasError), self._slots.one(wait=False):
                    self._catalogue = self._whole_catalogue()
            return self._catalogue

    def _whole_catalogue(self) -> Catalogue:
        return self.reads("catalogue").catalogue() if self._opened is None else self._opened.glance()

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector, as this protocol tells it."""
        return self.from_whom_offers("schema", connector, lambda connectors: connectors.schema(connector))

    def offers(self, protocol: str) -> bool:
        """Whether the environment has an address for ``protocol``; not told of connectors of one's own."""
        return self._opened is not None and self._opened.offers(protocol)

    def metainfo(self, connector: str) -> str:
        """The XSD made of REST's metainfo of an UpdateConnector, whichever protocol is spoken."""
        assert self._opened is not None, "it offers REST"
        with self.call("metainfo", connector):
            return self._opened.connectors("rest").schema(connector)

    def from_whom_offers(self, operation: str, connector: str | None, ask: Callable[[Connectors], _T]) -> _T:
        """Ask for what the method ``operation`` gives; when this protocol does not offer it, the one that does, where
        the environment has its address."""
        with self.call(operation, connector):
            try:
                return ask(self._having(operation))
            except NotOffered as error:
                offered_by = error.offered_by
                if offered_by is None or self._opened is None:
                    raise
                if not self._opened.offers(offered_by):
                    raise NotOffered(
                        f"{error.message} Its address is not configured: give {offered_by}_url.", offered_by=offered_by
                    ) from None
            return ask(self._opened.connectors(offered_by))


# One of them is enough: a double in somebody's test answers only what it is asked.
_ANSWERS = (
    *("rows", "send", "fields", "schema", "get_data", "catalogue", "version", "outgoing"),
    *("attachments", "attachment", "attachment_data", "report", "image", "file"),
    *("execute", "import_log"),
)


def checked_name(connector: str) -> str:
    """``connector``. Raises ``QueryError`` when it names none."""
    if not isinstance(connector, str) or not connector.strip():
        raise QueryError("Name the connector, such as Profit_Debtor.")
    return connector


def check_connectors(connectors: object) -> None:
    """Raise ``SettingsError`` for an environment, a token or settings: they would fail in the first call only."""
    if isinstance(connectors, type) or not any(callable(getattr(connectors, name, None)) for name in _ANSWERS):
        raise SettingsError(
            f"ProfitClient takes connectors, and no {type(connectors).__name__}: ProfitClient.connect(environment=...) "
            "connects to an environment by its settings."
        )
