"""Short rows for a person, below each other: what commands list."""

from __future__ import annotations

from collections.abc import Sequence

from afas_soap.cli.shared.terminal import printable


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Short rows below each other for a person, each column as wide as its widest text; "" for none."""
    shown = [[printable(text) for text in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in shown)
    return "".join(f"{line}\n" for line in lines)
