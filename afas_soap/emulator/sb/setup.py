"""Service virtualization: how this SB is set up, where AFAS' own pages differ, or leave something open."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from afas_soap.emulator.sb.signin.clients import DEMO_APP_TOKEN, DEMO_SB_CLIENT, SbClient
from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.operation import Source

ADMIN = "admin"
"""The path of the Admin Center, which is no customer environment."""

ROOT = ""
"""Where the Admin Center may be as well."""

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_AT_ROOT = ("app", "authentication")
_AREAS = ("api", "app", "authentication")

DIALECTS = ("6.0", "8.0")
"""What can be spoken. The differences: which connectors and columns there are, the status of a write that failed (200
and 400), amounts as text and as numbers, ``expires_in`` as text and as a number."""

CHUNK = 5_242_880
"""What the server takes of a blob in one piece, as AFAS' sample has it (small-business.md 3.4)."""

MEMORY = 900.0
"""Seconds for which a ``Tracking-Identifier`` is remembered. How long SB does is not known (3.2)."""

READ_KEY = 28 * 3600.0
"""Seconds for which a read key opens a blob: about what AFAS' sample has (3.4)."""

ENVIRONMENTS: Mapping[str, str] = {
    "enyoi": "EnYoi Holding B.V.",
    "atlas": "Atlas Interior B.V.",
    "brauw": "Architectenbureau Brauw B.V.",
}
"""The customer environments: the path of each, and the name that the Admin Center shows."""


@dataclass(frozen=True, slots=True)
class SbSetup:
    """What may be told of an SB. Where it is None it follows the dialect."""

    dialect: str = "8.0"
    environments: Mapping[str, str] = field(default_factory=lambda: ENVIRONMENTS)
    amounts_as_text: bool | None = None
    bare: Collection[str] = ()
    """Connectors whose rows come without a tracking token, whatever the table says."""
    wrapped: Collection[str] = ()
    """Connectors whose rows come with one."""
    token_last: bool = False
    """Whether the tracking token stands behind the rows."""
    repeat_seconds: float = 0.0
    """For how long changes that were told come again, as out of a cache."""
    operators: bool = False
    """Whether the comparisons of OData are taken that AFAS does not document."""
    most_rows: int | None = None
    """How many rows an answer has at most; which number SB has is not known."""
    memory_seconds: float = MEMORY
    features_off: Collection[str] = ()
    """Columns of featuretoggles that are off in every administration."""

    clients: Collection[SbClient] = (DEMO_SB_CLIENT,)
    app_tokens: Collection[Secret] = (DEMO_APP_TOKEN,)
    token_seconds: int = 1800
    expires_as_text: bool | None = None
    scoped: bool = True
    """Whether an app token needs a scope, as in accountancy environments."""
    admin_at: str = "both"
    """Where the Admin Center gives tokens and scopes: below ``admin``, at the ``root``, or at ``both``."""

    read_key_seconds: float = READ_KEY
    chunk_bytes: int = CHUNK
    chunk_header: str | None = None
    """The header that orders the pieces of a large blob, which is documented nowhere; without it none is taken."""
    blob_form: str = "both"
    """What the second PUT of a blob is like: as AFAS' ``pages`` have it, as its newest ``file`` has it, or ``both``."""

    def __post_init__(self) -> None:
        if self.dialect not in DIALECTS:
            raise SettingsError(f"sb dialect: {self.dialect!r} is none of {', '.join(DIALECTS)}.")
        if self.admin_at not in ("admin", "root", "both"):
            raise SettingsError(f"sb admin_at: {self.admin_at!r} is none of admin, root, both.")
        if self.chunk_header is not None and not _HEADER.fullmatch(self.chunk_header):
            raise SettingsError(f"sb chunk_header: {self.chunk_header!r} is no name of a header.")
        for name, seconds in (("memory", self.memory_seconds), ("repeat", self.repeat_seconds)):
            if not (math.isfinite(seconds) and seconds >= 0):
                raise SettingsError(f"sb {name}_seconds: a number of seconds, 0 or more.")
        if self.blob_form not in ("pages", "file", "both"):
            raise SettingsError(f"sb blob_form: {self.blob_form!r} is none of pages, file, both.")
        for name in self.environments:
            if not name or "/" in name or name.lower() in (ADMIN, "profitservices", "profitrestservices"):
                raise SettingsError(f"sb environments: {name!r} cannot be the path of a customer environment.")

    @property
    def old(self) -> bool:
        """Whether this is 6.0."""
        return self.dialect == "6.0"

    @property
    def source(self) -> Source:
        """The file that says which connectors and columns there are."""
        return Source.FILE_6 if self.old else Source.FILE_8

    @property
    def text_amounts(self) -> bool:
        """Whether an amount is a JSON text."""
        return self.old if self.amounts_as_text is None else self.amounts_as_text

    @property
    def text_expiry(self) -> bool:
        """Whether ``expires_in`` is a JSON text."""
        return self.old if self.expires_as_text is None else self.expires_as_text

    @property
    def failed_status(self) -> int:
        """The status of a write whose result is ``Failed`` (small-business.md 0)."""
        return 200 if self.old else 400


def is_for_sb(path: str, setup: SbSetup) -> bool:
    """Whether a path, without its first slash, is one of SB: of a place that there is, or of what only SB has at an
    address that there is not."""
    place, _, rest = path.lower().partition("/")
    known = place in (ADMIN, *_AT_ROOT) or place in (name.lower() for name in setup.environments)
    return known or rest.partition("/")[0] in _AREAS


def located(path: str) -> tuple[str, str, str]:
    """The place that a path is below, what of it is meant (``api``, ``app`` or ``authentication``), and the rest; the
    first two in lower case. The Admin Center is at the root as well (small-business.md 1)."""
    place, _, rest = path.partition("/")
    if place.lower() in _AT_ROOT:
        return ROOT, place.lower(), rest.strip("/")
    area, _, rest = rest.partition("/")
    return place.lower(), area.lower(), rest.strip("/")
