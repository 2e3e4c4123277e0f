"""Sequences: the numbers Profit hands out, a counter for each kind, and GUIDs and file numbers made from one.

Nothing here is left to chance, so that two fresh emulators that get the same updates give the same receipts.
"""

from __future__ import annotations

import hashlib
import re

from afas_soap.emulator.booking.records import Records
from afas_soap.emulator.booking.seeds import Seeds
from afas_soap.emulator.booking.views.definitions import seed_keys

# Organisations and persons share their numbers, and so do the two kinds of debtors and of creditors.
_FAMILIES = {
    "KnPerson": "KnOrganisation",
    "KnSalesRelationPer": "KnSalesRelationOrg",
    "KnPurchaseRelationPer": "KnPurchaseRelationOrg",
}
_PARTIES = ("BcCo", "BcId")
_NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>[0-9]{1,15})", re.ASCII | re.DOTALL)


def family_of(connector: str) -> str:
    """The connector under whose name the records of this one have their keys."""
    return _FAMILIES.get(connector, connector)


def is_guid(code: str) -> bool:
    """Whether a key is a GUID by its name: GuLi, GUID, Sessieguid (profit-wire 4.5 and 13)."""
    return code == "GuLi" or "guid" in code.lower()


def guid(*parts: object) -> str:
    """A GUID in braces that is always the same for the same parts."""
    digits = _digits(parts)
    return "{" + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])) + "}"


def file_id(*parts: object) -> str:
    """The number of a file: 32 hexadecimal digits (profit-wire 5.3)."""
    return _digits(parts)


def _digits(parts: tuple[object, ...]) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:32].upper()


class Numbers:
    """Counters that go on above every number that is known, be it in the seed or of a record that was sent."""

    def __init__(self, records: Records, seeds: Seeds) -> None:
        self._records = records
        self._seeds = seeds

    def next(self, connector: str, code: str) -> str:
        """The next number, spelt as the seed's own are: ``VO000071`` behind ``VO000070``."""
        name = self._name(connector, code)
        prefix, width, _ = self._pattern(connector, code)
        number = self._last(connector, code) + 1
        self._records.set_last(name, number)
        return f"{prefix}{number:0{width}d}"

    def seen(self, connector: str, code: str, text: str) -> None:
        """A number that was sent: the next one is above it."""
        match = _NUMBERED.fullmatch(text)
        if match is not None and int(match["number"]) > self._last(connector, code):
            self._records.set_last(self._name(connector, code), int(match["number"]))

    def _last(self, connector: str, code: str) -> int:
        last = self._records.last(self._name(connector, code))
        return self._pattern(connector, code)[2] if last is None else last

    def _name(self, connector: str, code: str) -> str:
        return code if code in _PARTIES else f"{family_of(connector)} {code}"

    def _pattern(self, connector: str, code: str) -> tuple[str, int, int]:
        """What stands before the digits of the seed's numbers, how many digits they have, and the largest."""
        asked = "KnOrganisation" if code in _PARTIES else connector
        largest = ""
        for view, column in seed_keys(asked, code):
            largest = max(largest, self._seeds.largest(view, column), key=lambda text: (len(text), text))
        match = _NUMBERED.fullmatch(largest)
        return ("", 0, 0) if match is None else (match["prefix"], len(match["number"]), int(match["number"]))
