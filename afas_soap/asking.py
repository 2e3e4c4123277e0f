"""One call at a time, and five at most: whom to ask, and what an error was about."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from afas_soap.concurrency import Slots
from afas_soap.connections import Opened
from afas_soap.errors import AfasError, Fate, NotOffered, ProfitError, QueryError, SettingsError
from afas_soap.profit.connectors.capabilities import Catalogue, Connectors
from afas_soap.profit.connectors.documented import Use
from afas_soap.profit.connectors.misnamed import explained, refuses_connector

_T = TypeVar("_T")

# What is asked of a GetConnector; everything else that names a connector is about an UpdateConnector.
_READS = ("rows", "fields", "GetData", "GetDataWithOptions")


class Asking:
    """The calls of one client. ``opened`` is None for connectors of one's own, and ``environment`` then "".

    Every error leaves with what was asked, of which connector, in which environment.
    """

    def __init__(self, connectors: Connectors, opened: Opened | None, environment: str) -> None:
        self.connectors = connectors
        self.opened = opened
        self._environment = environment
        self._slots = Slots()
        self._closed = False
        self._catalogue: Catalogue | None = None
        self._looked = False
        self._looking = threading.Lock()

    def close(self) -> None:
        """Let go of connections and files; no call begins from here on. Safe to call twice."""
        self._closed = True
        if self.opened is not None:
            self.opened.close()
        else:
            self.connectors.close()

    @contextlib.contextmanager
    def call(self, operation: str, connector: str | None, *, write: bool = False) -> Iterator[None]:
        """One of the five calls. Errors of a write leave with what became of it."""
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
            error.about(operation=operation, connector=connector, environment=self._environment or None)
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
                    self._catalogue = self.connectors.catalogue() if self.opened is None else self.opened.glance()
            return self._catalogue

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector, as this protocol tells it."""
        return self.from_whom_offers("schema", connector, lambda connectors: connectors.schema(connector))

    def offers(self, protocol: str) -> bool:
        """Whether the environment has an address for ``protocol``; not told of connectors of one's own."""
        return self.opened is not None and self.opened.offers(protocol)

    def metainfo(self, connector: str) -> str:
        """The XSD made of REST's metainfo of an UpdateConnector, whichever protocol is spoken."""
        assert self.opened is not None, "it offers REST"
        with self.call("metainfo", connector):
            return self.opened.connectors("rest").schema(connector)

    def from_whom_offers(self, operation: str, connector: str | None, ask: Callable[[Connectors], _T]) -> _T:
        """Ask; when this protocol does not offer it, the one that does, where the environment has its address."""
        with self.call(operation, connector):
            try:
                return ask(self.connectors)
            except NotOffered as error:
                offered_by = error.offered_by
                if offered_by is None or self.opened is None:
                    raise
                if not self.opened.offers(offered_by):
                    raise NotOffered(
                        f"{error.message} Its address is not configured: give {offered_by}_url.", offered_by=offered_by
                    ) from None
            return ask(self.opened.connectors(offered_by))


# One of them is enough: a double in somebody's test answers only what it is asked.
_ANSWERS = ("rows", "send", "fields", "schema", "get_data", "catalogue", "version", "outgoing")


def check_connectors(connectors: object) -> None:
    """Raise ``SettingsError`` for an environment, a token or settings: they would fail in the first call only."""
    if isinstance(connectors, type) or not any(callable(getattr(connectors, name, None)) for name in _ANSWERS):
        raise SettingsError(
            f"ProfitClient takes connectors, and no {type(connectors).__name__}: ProfitClient.connect(environment=...) "
            "connects to an environment by its settings."
        )
