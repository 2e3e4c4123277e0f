"""Capability protocols: everything one may ask of Profit, which SOAP, REST and the emulator's store all answer.

A further capability (documents, imports) is a further protocol here, and no further method of these. A program may hand
in an object of its own that has one of them only, or one method of it: what that has not is ``NotOffered``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol

from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Filter, Query
from afas_soap.profit.rows import TYPED, Reading, Rows

if TYPE_CHECKING:
    # Who only reads rows does not load them.
    from afas_soap.profit.documents.content import Attachment, Content, Size
    from afas_soap.profit.imports.commandline import Command
    from afas_soap.profit.updates.receipt import Receipt
    from afas_soap.profit.updates.update import Update


@dataclass(frozen=True, slots=True)
class Entry:
    """One connector of the catalogue."""

    id: str
    description: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Which connectors the credentials may use, and what they belong to (REST metainfo, profit-wire 3.4)."""

    get_connectors: tuple[Entry, ...]
    update_connectors: tuple[Entry, ...]
    custom_connectors: tuple[Entry, ...] = ()
    environment_id: str = ""
    app_name: str = ""
    group: str = ""
    token_expiry: str = "0"  # noqa: S105 - AFAS' word for "does not expire", no secret


@dataclass(frozen=True, slots=True)
class GetData:
    """One SOAP operation as its caller spells it: ``GetData``, or ``GetDataWithOptions`` when ``options`` is given."""

    connector: str
    filters_xml: str | None = None
    skip: int = 0
    take: int = 0
    options: str | None = None

    @property
    def operation(self) -> str:
        """The SOAP operation this is."""
        return "GetData" if self.options is None else "GetDataWithOptions"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call as it would be sent, with secrets masked: for a person to read."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Reads(Protocol):
    """Reading: GetConnectors, and what there is to read. What a protocol does not have raises ``NotOffered``."""

    def version(self) -> str:
        """Profit's version, such as ``22.22.5``."""
        ...

    def catalogue(self) -> Catalogue:
        """Which connectors these credentials may use."""
        ...

    def fields(self, connector: str) -> Fields:
        """The columns of a GetConnector."""
        ...

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        """ONE call with one skip and take: the columns and an iterator of records."""
        ...

    def get_data(self, call: GetData) -> Iterator[bytes]:
        """The result text of the SOAP operation, as UTF-8 in chunks."""
        ...


class Writes(Protocol):
    """Writing: UpdateConnectors, and what they take."""

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector."""
        ...

    def send(self, update: Update) -> Receipt:
        """Send an update that has its root: ONE call, one transaction. ``Uncertain`` when nobody knows what came of
        it, ``ProfitError`` when Profit refused, any other error when it certainly did not arrive."""
        ...

    def outgoing(self, update: Update) -> Outgoing:
        """What ``send`` would send, without a call."""
        ...


class Documents(Protocol):
    """Documents: attachments of the dossier, reports, pictures and files. What a protocol does not have raises
    ``NotOffered``; what is not there, or may not be read, ``NotFound``. Each is ONE call."""

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        """The attachments of a dossier item, without their content and without those of its reactions; () for none."""
        ...

    def attachment(self, subject: int, file_id: str) -> Content:
        """The content of one attachment."""
        ...

    def attachment_data(self, subject: int) -> Iterator[Content]:
        """All attachments of a dossier item with their content, without their ids. The next one ends the one before."""
        ...

    def report(self, report: str, filters: tuple[Filter, ...]) -> Content:
        """A report, of the records that the filters let through; their columns are internal field codes."""
        ...

    def image(self, image: str, size: Size) -> Content:
        """A picture, by the id that stands in a column of a GetConnector."""
        ...

    def file(self, file_id: str, name: str) -> Content:
        """A file of a free file field or a project, by its id and its name, exactly as a GetConnector gives them."""
        ...


class Kept(Protocol):
    """Where an answer that comes once is kept, as it came, before anybody reads it."""

    def write(self, data: bytes) -> object:
        """Keep a piece of it."""
        ...

    def settle(self) -> None:
        """It has come to its end: see it on the disk."""
        ...


class Imports(Protocol):
    """Remote import. What a protocol does not have raises ``NotOffered``. Each is ONE call."""

    def execute(self, command: Command, archive: BinaryIO) -> str:
        """Send a command with its archive, which can be read again, and give its id. ``Uncertain`` when nobody knows
        whether it runs, ``ProfitError`` when Profit refused, any other error when it certainly was not sent."""
        ...

    def import_log(self, command_id: str, kept: Kept) -> bytes:
        """The archive with the log, which is given once; b"" while the command waits or runs, and ever after it was
        given. ``Uncertain`` when the answer broke off: then the log may be lost."""
        ...


class Connectors(Reads, Writes, Protocol):
    """What SOAP, REST and the emulator's store all are."""

    def close(self) -> None:
        """Let go of connections and files."""
        ...
