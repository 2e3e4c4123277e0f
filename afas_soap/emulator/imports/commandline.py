"""A parser for the command lines of remote imports. Source: special-connectors 5.1; any order of options is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.emulator.refusals import UNREADABLE_COMMAND, Refused

_PART = re.compile(r'\s*(?:/(?P<option>[A-Za-z])"(?P<value>[^"]*)"|(?P<action>[A-Za-z]+))(?=\s|$)')


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One command: its action in capitals, and its options by their letters in capitals."""

    action: str
    options: Mapping[str, str]


def read_command_line(text: str) -> CommandLine:
    """Raises ``Refused`` for what is no command line; the wording is the emulator's own."""
    at, actions, options = 0, [], dict[str, str]()
    stripped = text.strip()
    while at < len(stripped):
        part = _PART.match(stripped, at)
        if part is None or (part["option"] or "").upper() in options:
            raise Refused(UNREADABLE_COMMAND)
        if part["option"]:
            options[part["option"].upper()] = part["value"]
        else:
            actions.append(part["action"].upper())
        at = part.end()
    if len(actions) != 1:
        raise Refused(UNREADABLE_COMMAND)
    return CommandLine(actions[0], options)
