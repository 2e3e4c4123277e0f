"""Whom to ask, and how: argument, then ``AFAS_*`` variable, then named profile, then default.

Nothing configured at all is the embedded Profit (``emulator``). Everything but protocol, language and time-outs counts
as configured, and what is configured by half is an error that names the rest: never a silent fall-back. ``embedded``
(``AFAS_EMBEDDED``: never or always; a profile named emulator) says it in so many words.

Four rules beside the order. The token of a higher level replaces the one of a lower level, wherever either is kept. A
level that names an environment replaces the addresses of lower levels, so that ``--environment 12345-test`` never asks
an address that a variable left behind. A level that gives ``auth`` replaces what lower levels give for another way of
signing in, and a proof (secret or key) replaces the one below it. A level that chooses the embedded Profit cuts off
everything below it except protocol, language and time-outs.

A variable that is set but empty gives no value, and yet counts as configured: a container that lost its secrets must
not read invented rows.

What each setting is stands in ``table``. The names here are loaded when they are first used: a command's help takes the
table alone.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from afas_soap.settings.arguments import SettingsArguments
    from afas_soap.settings.names import DESCRIPTIONS, Description
    from afas_soap.settings.resolving import resolve
    from afas_soap.settings.settings import Settings

__all__ = ["DESCRIPTIONS", "Description", "Settings", "SettingsArguments", "resolve"]

# name -> module
_DOOR = {
    "DESCRIPTIONS": "afas_soap.settings.names",
    "Description": "afas_soap.settings.names",
    "Settings": "afas_soap.settings.settings",
    "SettingsArguments": "afas_soap.settings.arguments",
    "resolve": "afas_soap.settings.resolving",
}


def __getattr__(name: str) -> object:
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_DOOR[name]), name)
