"""A batch job and its summary as values: what is to be sent and how to go on with it, and what became of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from afas_soap.batch.file import Form, Written
from afas_soap.batch.lookup import Lookup
from afas_soap.batch.sending import Ending
from afas_soap.errors import AfasError, SettingsError
from afas_soap.limits import CALL_SECONDS, CALLS_AT_ONCE

SETTLE = CALL_SECONDS
"""Seconds after which work that Profit took on has ended: AFAS' own limit."""


@dataclass(frozen=True, slots=True)
class Batch(Generic[Written]):
    """What is to be sent, and how to go on with it.

    ``path`` is the file, JSON Lines, and ``form`` what its lines hold; ``journal`` is the file that remembers, which is
    made when it is not there. ``lookup`` tells how to find out whether an uncertain record arrived; it has to be one
    that was not there before, so it is for inserts only. When it is not found, it counts as not arrived ``settle``
    seconds after it was sent: until then the run waits, or stops when ``wait`` is false. ``retry_refused`` sends again
    what was refused in an earlier run, as it stands in the file now; with a lookup it is looked up first. Before 0.4
    other answers were taken for refusals as well: what was called refused then, and cannot be looked up, is sent again
    with ``trust_refused`` only. ``accept`` says that a person saw to what refusals left behind, so that corrected
    records go. Raises ``SettingsError`` for what contradicts itself.
    """

    path: Path
    form: Form[Written]
    journal: Path
    environment: str
    parallel: int = 1
    settle: float = SETTLE
    lookup: Lookup | None = None
    wait: bool = True
    retry_refused: bool = False
    trust_refused: bool = False
    accept: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.parallel <= CALLS_AT_ONCE:
            raise SettingsError(f"parallel: 1 to {CALLS_AT_ONCE} calls at once; AFAS allows no more.")
        if not (math.isfinite(self.settle) and self.settle >= 0):
            raise SettingsError("settle: a number of seconds, 0 or more.")
        if self.lookup is not None and not self.form.is_new:
            raise SettingsError(
                f"lookup: it finds out whether a new record arrived, and tells nothing about {self.form.action}: "
                "look such records up yourself."
            )


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch.

    ``total`` counts the records of the file; ``done`` those that this run sent and that were booked; ``done_before``
    those that earlier runs saw to; ``found`` those that this run looked up and found. ``refused``, ``stored``,
    ``not_sent`` and ``uncertain`` are of this run, ``refused_before`` and ``stored_before`` of earlier ones.
    ``stopped`` is what ended the run before its end, and None when every record was tried.
    """

    total: int
    done: int
    done_before: int
    found: int
    refused: tuple[Ending, ...] = ()
    refused_before: tuple[Ending, ...] = ()
    not_sent: tuple[Ending, ...] = ()
    uncertain: tuple[Ending, ...] = ()
    stopped: AfasError | None = None
    stored: tuple[Ending, ...] = ()
    stored_before: tuple[Ending, ...] = ()

    @property
    def booked(self) -> int:
        """How many records are booked, as far as is known."""
        return self.done + self.done_before + self.found

    @property
    def left(self) -> int:
        """How many records the next run would send, once those that are uncertain were looked up."""
        closed = (self.refused, self.refused_before, self.uncertain, self.stored, self.stored_before)
        return self.total - self.booked - sum(map(len, closed))
