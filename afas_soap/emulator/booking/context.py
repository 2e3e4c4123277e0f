"""The context of a business rule: what the rules of a connector may use, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.numbering import Numbers
from afas_soap.emulator.booking.records import Document, Records
from afas_soap.emulator.booking.seeds import Seeds
from afas_soap.emulator.booking.validation import Validated
from afas_soap.profit.updates.update import Action


@dataclass(frozen=True, slots=True)
class Context:
    """One connector inside one call: its definition, the records so far, the rows of the seed, and the numbers."""

    definition: Definition
    records: Records
    seeds: Seeds
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done with a record after all: ``keys`` are those of the record that is meant, when a match found it."""

    action: Action
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one connector does beyond its definition; every part of it may be left out.

    ``choose`` decides over the action of a record, ``adopt`` fills in what the seed has of a record that an update
    touches for the first time, ``settle`` works out what Profit works out, and refuses. ``marks`` are codes by which
    records are looked up.
    """

    choose: Callable[[Context, Validated], Choice | None] | None = None
    adopt: Callable[[Context, Document], None] | None = None
    settle: Callable[[Context, Document], None] | None = None
    marks: tuple[str, ...] = ()
