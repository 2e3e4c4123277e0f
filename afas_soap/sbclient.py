"""Client facade for AFAS SB: one customer environment, read in pages and by changes, and written to once.

It hands everything to ``smallbusiness``; what each does stands there.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from afas_soap.errors import SettingsError
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Rows
from afas_soap.sb.access.scopes import Scope
from afas_soap.sb.operation import Verb
from afas_soap.sb.results import Result
from afas_soap.sb.table import Table, shipped
from afas_soap.sbconnections import opened, scopes, table_of
from afas_soap.settings.names import SECRETS
from afas_soap.settings.resolving import resolve
from afas_soap.settings.settings import Settings

if TYPE_CHECKING:
    from afas_soap.documents.document import Document
    from afas_soap.settings.arguments import SettingsArguments
    from afas_soap.smallbusiness.blobs import Documents
    from afas_soap.smallbusiness.changes import Changes
    from afas_soap.smallbusiness.question import SbQuestion, Since
    from afas_soap.smallbusiness.reader import SbReader
    from afas_soap.smallbusiness.writer import SbWriter
    from afas_soap.wire.http.authorizer import Authorizer
    from afas_soap.wire.sb.calls import SbCalls

__all__ = ["SBClient"]


class SBClient:
    """One customer environment of AFAS SB. Close it, or use it in ``with``.

    ``SBClient.connect`` makes one from settings; ``settings`` are those it was made from, None otherwise.
    """

    def __init__(self, calls: SbCalls, *, table: Table | None = None, settings: Settings | None = None) -> None:
        self._calls = calls
        self.table = shipped() if table is None else table
        self.settings = settings

    @classmethod
    def connect(cls, **settings: Unpack[SettingsArguments]) -> Self:
        """Connect as the arguments, the ``AFAS_*`` variables and the profile say; nothing is asked yet.

        ``environment`` is ``DOMAIN/CUSTOMER``, or a whole address. Raises ``SettingsError`` for settings that are
        unknown, contradictory, half, or of Profit.
        """
        given: SettingsArguments = {"api": "sb", **settings}
        try:
            resolved = resolve(given)
        finally:
            # A traceback may show what local names stand for, and a secret may be among the arguments.
            for name in SECRETS:
                settings.pop(name, None)  # type: ignore[misc]
                given.pop(name, None)  # type: ignore[misc]
        return cls.of(resolved)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Connect as these settings say."""
        table = table_of(settings)
        return cls(opened(settings), table=table, settings=settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections and files. Safe to call twice."""
        self._calls.transport.close()

    @property
    def authorizer(self) -> Authorizer | None:
        """What signs the requests."""
        return self._calls.transport.link.authorizer

    @property
    def environment(self) -> str:
        """The environment's name: ``demo/enyoi``, or a host."""
        return self._calls.environment

    def scopes(self) -> tuple[Scope, ...]:
        """The customer environments that this sign-in may enter, as the Admin Center of the domain lists them. Raises
        ``AccessDenied`` for a sign-in at one customer environment alone."""
        if self.settings is None:
            raise SettingsError("scopes: the Admin Center wants a sign-in of its own: use SBClient.connect.")
        return scopes(self.settings)

    def rows(self, connector: str, **question: Unpack[SbQuestion]) -> Rows:
        """The rows of a connector: an iterator of dicts over all pages; none is asked for before it is wanted.

        Pages are sorted by the key of the table unless ``order_by`` says otherwise, and hang together by the row that
        ended the last one: with a unique key each row that stays is given once, whatever comes and goes meanwhile.
        Where there is none, or ``order_by`` names another column, the log says what may be lost.

        Raises ``QueryError`` at once for a question that cannot be sent. Reading raises ``AnswerError`` when pages do
        not hang together any more, and whatever a call raises.
        """
        return self._reader.rows(connector, question)

    def fields(self, connector: str, version: str | None = None) -> Fields:
        """The columns that the table knows of a connector, without a call. Rows may have more of them."""
        return self._reader.fields(connector, version)

    def changes(self, connector: str, **since: Unpack[Since]) -> Changes:
        """What changed since a tracking token, and the next token. One call, made when its records are wanted.

        ::

            with sb.changes("contacts", cursor="contacts.cursor") as changes:
                for record in changes:
                    keep(record)
                changes.taken()

        The cursor moves with ``taken`` alone, which refuses to before all records were read; a run that ends earlier
        gets them again. What was removed is found by ``full=True`` only.
        """
        return self._reader.changes(connector, since)

    @functools.cached_property
    def _reader(self) -> SbReader:
        reader: SbReader = importlib.import_module("afas_soap.smallbusiness.reader").SbReader(self._calls, self.table)
        return reader

    def post(
        self,
        connector: str,
        body: Mapping[str, object],
        *,
        version: str | None = None,
        identifier: str | None = None,
    ) -> Result:
        """Make a record of a connector, and give what SB says of it when that is ``Succeeded``.

        The body is checked before the call (``UpdateError`` with every problem), its words spelt as SB lists them.
        ``identifier`` is the ``Tracking-Identifier`` of a call before, of which it is not known what became: SB carries
        the two out once, as long as it knows it; a refusal may come of the first then, and is ``Uncertain`` where that
        cannot be told. Without it a new one is made, and a call that broke off is repeated
        under it for a while.

        Raises ``SBError`` for anything but ``Succeeded``: its ``fate`` is ``Fate.STORED`` where SB kept a part, or an
        entry in error (``created_in_error``), and nothing may be sent again before that is seen to. ``Uncertain`` is a
        write of which nobody knows whether it was carried out.
        """
        return self.writer.write(Verb.POST, connector, body, version=version, identifier=identifier)

    def put(
        self,
        connector: str,
        body: Mapping[str, object],
        *,
        version: str | None = None,
        identifier: str | None = None,
    ) -> Result:
        """Change a record of a connector, as ``post``."""
        return self.writer.write(Verb.PUT, connector, body, version=version, identifier=identifier)

    def delete(
        self,
        connector: str,
        body: Mapping[str, object],
        *,
        version: str | None = None,
        identifier: str | None = None,
    ) -> Result:
        """Delete what ``body`` names (``AdministrationId`` and ``Id``), as ``post``."""
        return self.writer.write(Verb.DELETE, connector, body, version=version, identifier=identifier)

    def document(self, identity: str, *, of: str) -> Document:
        """The document of this id that a row of the connector ``of`` names (``salesinvoices``, ``products``): streamed,
        read whole, or saved. Its key is read from the row, and asked for when the first byte is wanted.

        ``NotFound`` where no row has it, ``CutOff`` for one that ends before its end.
        """
        return self.documents.document(identity, of=of)

    def upload(self, path: str | Path, *, name: str | None = None, media_type: str | None = None) -> str:
        """Upload a file, and give its id, which goes into ``Attachments`` of a write as ``AttachmentId``.

        ``QueryError`` before any call for a name that no HTTP header carries, and for a file that is larger than SB
        takes in one piece, unless ``blob_chunk_header`` is set.
        """
        return self.documents.upload(path, name=name, media_type=media_type)

    @functools.cached_property
    def documents(self) -> Documents:
        """What loads documents down and up, for who has a read key already."""
        made: Documents = importlib.import_module("afas_soap.smallbusiness.blobs").Documents(
            self._calls,
            lambda connector: self.rows(connector, read_keys=True),
            **({} if self.settings is None else {"form": self.settings.blob_form}),
            chunk_header=None if self.settings is None else self.settings.blob_chunk_header,
        )
        return made

    @functools.cached_property
    def writer(self) -> SbWriter:
        """What writes, for who wants a write step by step: checked, shown, sent."""
        writer: SbWriter = importlib.import_module("afas_soap.smallbusiness.writer").SbWriter(self._calls, self.table)
        return writer
