"""Client facade for AFAS SB: one customer environment, read in pages and by changes, and written to once.

It hands everything to ``smallbusiness``; what each does stands there.
"""

from __future__ import annotations

import functools
import importlib
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from afas_soap.errors import SettingsError
from afas_soap.sb.access.scopes import Scope
from afas_soap.sb.table import Table, shipped
from afas_soap.sbconnections import opened, scopes, table_of
from afas_soap.settings.names import SECRETS
from afas_soap.settings.resolving import resolve
from afas_soap.settings.settings import Settings

if TYPE_CHECKING:
    from afas_soap.settings.arguments import SettingsArguments
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

    @functools.cached_property
    def _reader(self) -> SbReader:
        reader: SbReader = importlib.import_module("afas_soap.smallbusiness.reader").SbReader(self._calls, self.table)
        return reader

    @functools.cached_property
    def _writer(self) -> SbWriter:
        writer: SbWriter = importlib.import_module("afas_soap.smallbusiness.writer").SbWriter(self._calls, self.table)
        return writer
