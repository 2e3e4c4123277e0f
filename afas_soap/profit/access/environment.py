"""Environments: a number and a kind, and the SOAP and REST addresses that follow from them.

Source: profit-wire 1.1. The SOAP host of a cursus (training) environment is inferred from its REST host, and which
letter the id of such an environment begins with is not known: there is no id form for it.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from afas_soap.errors import SettingsError

ACCEPTED = "12345, 12345-test, 12345-accept, 12345-cursus, or an id such as O12345AA, T12345AB or A12345AC"

# Five and six digits were met; a little room on both sides, but not so much that any number will do.
_NUMBER = re.compile(r"[0-9]{4,7}")
_NAME = re.compile(r"([0-9]+)(?:-([a-z]+))?")
_ID = re.compile(r"([OTA])([0-9]+)[A-Z]{2}", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"([0-9]{4,7})\.(?:soap|rest)(test|accept|cursus)?\.afas\.online")
_INTEGRATION_ID = re.compile(r"[0-9]+_[0-9]+")
# Longer text is not repeated in a message: it may be a token that went into the wrong setting.
_SHOWN = 24


class EnvironmentKind(enum.StrEnum):
    """The four kinds of environment; the value is what stands behind the number in its name."""

    PRODUCTION = "production"
    TEST = "test"
    ACCEPT = "accept"
    CURSUS = "cursus"


_LETTERS = {"O": EnvironmentKind.PRODUCTION, "T": EnvironmentKind.TEST, "A": EnvironmentKind.ACCEPT}


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment: ``number`` is 4 to 7 digits, the subscription number that stands in the host name."""

    number: str
    kind: EnvironmentKind = EnvironmentKind.PRODUCTION

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number):
            raise SettingsError(
                f"environment: the number{_got(self.number)} must be 4 to 7 digits; accepted are {ACCEPTED}."
            )

    @classmethod
    def parse(cls, text: str) -> Environment:
        """The environment that ``text`` names: ``12345``, ``12345-test``, ``-accept``, ``-cursus``, ``-production``, or
        an id such as ``O12345AA``; upper and lower case alike. Raises ``SettingsError`` listing the forms."""
        stripped = text.strip()
        if match := _ID.fullmatch(stripped):
            return cls(match[2], _LETTERS[match[1].upper()])
        match = _NAME.fullmatch(stripped.lower())
        kind = (match[2] or EnvironmentKind.PRODUCTION) if match else ""
        if match is None or kind not in list(EnvironmentKind):
            raise SettingsError(f"environment:{_got(text)} names no AFAS environment; accepted are {ACCEPTED}.")
        return cls(match[1], EnvironmentKind(kind))

    @classmethod
    def of_host(cls, host: str) -> Environment | None:
        """The environment whose SOAP or REST host this is; None for any other host."""
        match = _HOST.fullmatch(host.lower())
        return None if match is None else cls(match[1], EnvironmentKind(match[2] or EnvironmentKind.PRODUCTION))

    @property
    def name(self) -> str:
        """``12345`` for production, ``12345-test`` and so on for the others."""
        return self.number + self._suffix("-")

    @property
    def soap_url(self) -> str:
        """The base address of the SOAP services, without a slash at its end."""
        return f"https://{self.number}.soap{self._suffix('')}.afas.online/profitservices"

    @property
    def rest_url(self) -> str:
        """The base address of the REST services, without a slash at its end."""
        return f"https://{self.number}.rest{self._suffix('')}.afas.online/profitrestservices"

    def _suffix(self, separator: str) -> str:
        return "" if self.kind is EnvironmentKind.PRODUCTION else separator + self.kind.value


def check_integration_id(text: str) -> str:
    """The IntegrationId of a certified partner: subscription number, underscore, project number (profit-wire 6.3).

    Blanks around it are dropped. Raises ``SettingsError`` for anything else.
    """
    stripped = text.strip()
    if not _INTEGRATION_ID.fullmatch(stripped):
        raise SettingsError(
            f"integration_id:{_got(text)} must be two groups of digits joined by one underscore, such as 12345_123456."
        )
    return stripped


def _got(text: str) -> str:
    return f" {text!r}" if len(text) <= _SHOWN else ""
