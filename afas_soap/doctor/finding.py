"""What a check found: how much it counts, a sentence, and what helps."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from afas_soap.errors import AfasError


class Grade(enum.StrEnum):
    """How much a finding counts. An ``error`` keeps calls from succeeding, a ``warning`` will do so one day or costs
    safety, a ``note`` is to be known; what was ``skipped`` is not known."""

    OK = "ok"
    NOTE = "note"
    SKIPPED = "skipped"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one check. ``message`` and ``remedy`` are sentences and hold no secret; ``remedy`` is "" where
    nothing is to be done. ``error`` is what a call fails with for this reason; only an ``ERROR`` has one."""

    check: str
    weight: Grade
    message: str
    remedy: str = ""
    error: AfasError | None = field(default=None, repr=False, compare=False)


def failed(check: str, error: AfasError, remedy: str = "") -> Finding:
    """The finding that ``error`` is."""
    return Finding(check, Grade.ERROR, error.message, remedy, error)


def skipped(check: str, why: str) -> Finding:
    """A check that could not run, or that there was no reason for."""
    return Finding(check, Grade.SKIPPED, why)
