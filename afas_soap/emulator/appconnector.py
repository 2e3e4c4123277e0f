"""Authorization: the app connector a token belongs to, and which connectors it may use, in front of the store.

The case of a connector's id does not matter (profit-wire 15.7: one client wrote ``knUser`` in production for years;
that GetConnectors and SOAP are alike is inferred). What is answered has the connector's own spelling.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.imports.jobs import Jobs
from afas_soap.emulator.refusals import (
    BLOCKED,
    DOES_NOT_EXIST,
    NO_SUCH_FIELD,
    NOT_SUPPORTED,
    UPDATE_NOT_SUPPORTED,
    Refused,
    Text,
)
from afas_soap.profit.connectors.capabilities import Catalogue, Connectors, Documents, Entry
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Query
from afas_soap.profit.rows import Rows
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Update

SCHEMA_CONNECTOR = "GetXMLSchema"
"""What an administrator adds to the app connector before schemas can be asked (profit-wire 4.6)."""
SUBJECT_CONNECTOR, REPORT_CONNECTOR = "AppConnectorSubject", "AppConnectorReport"
"""The same for attachments and other files, and for reports (special-connectors 0). Of pictures it is not known."""
REMOTE_CMD = "AFAS Remote Cmd"
"""What an administrator adds to the app connector before anything can be imported (special-connectors 5)."""


@runtime_checkable
class DescribesUpdates(Protocol):
    """A store that knows the fields of its UpdateConnectors; over SOAP there is only their schema."""

    def update_metainfo(self, connector: str) -> Mapping[str, object]:
        """The document of ``GET /metainfo/update/{connector}`` (profit-wire 3.4)."""
        ...


@runtime_checkable
class TakesUpdates(Protocol):
    """A store that can be sent updates, and tells what each UpdateConnector takes."""

    def definition(self, connector: str) -> Definition:
        """What an UpdateConnector takes."""
        ...


@runtime_checkable
class HasDocuments(Documents, Protocol):
    """A store that has documents."""


def _at_once() -> None:
    """No delay."""


@dataclass(frozen=True, slots=True)
class AppConnector:
    """``allowed`` names the connectors of the app connector, all of them when None; ``blocked`` those AFAS blocked;
    both are casefolded. ``pause`` is called before an update is worked off. ``imports`` are the jobs of remote imports,
    None where there are none."""

    store: Connectors
    dialect: str = "profit7"
    allowed: frozenset[str] | None = None
    blocked: frozenset[str] = frozenset()
    pause: Callable[[], None] = _at_once
    imports: Jobs | None = None

    def catalogue(self) -> Catalogue:
        """What metainfo lists: only what the app connector contains (profit-wire 3.4)."""
        whole = self.store.catalogue()
        return dataclasses.replace(
            whole,
            get_connectors=self._permitted(whole.get_connectors),
            update_connectors=self._permitted(whole.update_connectors),
            custom_connectors=self._permitted(whole.custom_connectors),
        )

    def fields(self, connector: str, *, unknown: Text = DOES_NOT_EXIST) -> Fields:
        """The columns of a GetConnector that may be used; ``unknown`` is the refusal when there is none."""
        own = self._permit(connector, self.store.catalogue().get_connectors, unknown, NOT_SUPPORTED)
        if own.casefold() in self.blocked:
            raise Refused(BLOCKED)
        return self.store.fields(own)

    def rows(self, fields: Fields, query: Query) -> Rows:
        """The rows of a question whose columns all exist."""
        asked = [condition.column for conditions in query.filters for condition in conditions]
        for name in fields.unknown([*asked, *(sort.column for sort in query.order_by)]):
            raise Refused(NO_SUCH_FIELD, name=name)
        return self.store.rows(fields.connector, query)

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector, when the app connector has GetXMLSchema."""
        if not self._allows(SCHEMA_CONNECTOR):
            raise Refused(NOT_SUPPORTED)
        return self.store.schema(self._permit_update(connector, unknown=DOES_NOT_EXIST))

    def update_metainfo(self, connector: str) -> Mapping[str, object]:
        """The fields of an UpdateConnector, as metainfo shows them."""
        own = self._permit_update(connector)
        if not isinstance(self.store, DescribesUpdates):
            raise Refused(UPDATE_NOT_SUPPORTED)
        return self.store.update_metainfo(own)

    def definition(self, connector: str, *, unknown: Text = UPDATE_NOT_SUPPORTED) -> Definition:
        """What an UpdateConnector that may be used takes; ``unknown`` is the refusal when there is none."""
        own = self._permit_update(connector, unknown=unknown)
        if not isinstance(self.store, TakesUpdates):
            raise Refused(UPDATE_NOT_SUPPORTED)
        return self.store.definition(own)

    def send(self, update: Update) -> Receipt:
        """Work off an update of a connector that may be used."""
        own = self.definition(update.connector).connector
        self.pause()
        return self.store.send(update if own == update.connector else dataclasses.replace(update, connector=own))

    def documents(self, connector: str = "") -> HasDocuments:
        """The documents that ``connector`` opens; without one nothing needs to be on the app connector."""
        if (connector and not self._allows(connector)) or not isinstance(self.store, HasDocuments):
            raise Refused(NOT_SUPPORTED)
        return self.store

    def remote_imports(self) -> Jobs:
        """The jobs, when the app connector has AFAS Remote Cmd."""
        if self.imports is None or not self._allows(REMOTE_CMD):
            raise Refused(NOT_SUPPORTED)
        return self.imports

    def _permit_update(self, connector: str, *, unknown: Text = UPDATE_NOT_SUPPORTED) -> str:
        return self._permit(connector, self.store.catalogue().update_connectors, unknown, UPDATE_NOT_SUPPORTED)

    def _permit(self, connector: str, entries: Iterable[Entry], unknown: Text, refused: Text) -> str:
        """The id of a connector that may be used, in its own spelling."""
        asked = connector.casefold()
        own = next((entry.id for entry in entries if entry.id.casefold() == asked), None)
        if own is None:
            raise Refused(unknown, name=connector)
        if not self._allows(own):
            raise Refused(refused)
        return own

    def _permitted(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        return tuple(entry for entry in entries if self._allows(entry.id))

    def _allows(self, connector: str) -> bool:
        return self.allowed is None or connector.casefold() in self.allowed
