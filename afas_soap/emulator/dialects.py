"""API versions: which Profit is played, and what that changes on the wire (profit-wire 2.5, authentication.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Dialect:
    """``version`` is what it calls itself, ``spelling`` how it writes values, ``oauth`` whether it has OAuth at all,
    ``since9`` whether it has what authentication.md marks with P9: Basic, assertions, DPoP and their answers."""

    name: str
    version: str
    spelling: str
    oauth: bool
    since9: bool


# "22.22.5" stands in AFAS' own sample. Which text a Profit 6, 7 or 9 gives is not known: these are made after it.
DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect("profit6", "6.22.5", "profit6", oauth=False, since9=False),
        Dialect("profit7", "7.22.5", "profit7", oauth=True, since9=False),
        Dialect("profit9", "9.22.5", "profit7", oauth=True, since9=True),
    )
}

NEWEST = "profit9"


def dialect_called(name: str) -> Dialect:
    """The dialect of this name; ``SettingsError`` when there is none."""
    if name not in DIALECTS:
        raise SettingsError(f"dialect: {name!r} is none of {', '.join(DIALECTS)}.")
    return DIALECTS[name]
