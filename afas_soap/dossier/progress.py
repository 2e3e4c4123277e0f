"""Progress of an export, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is: ``phase`` is ``reading`` (items), ``listing`` (items whose attachments are known),
    ``fetching`` (files) or ``zipping`` (files).

    ``size`` counts the bytes that came; ``seconds`` is what is left, None while nobody can tell.
    """

    phase: str
    count: int
    total: int | None = None
    size: int = 0
    seconds: float | None = None


def unseen(_progress: Progress) -> None:
    """Nobody wants to see it."""
