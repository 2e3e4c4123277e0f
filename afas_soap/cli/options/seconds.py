"""A parameter type (click): a number of seconds, which ``nan`` and ``inf`` are not, whatever Python reads."""

from __future__ import annotations

import math
from typing import Any

import click


class Seconds(click.FloatRange):
    """From 0, to ``longest`` where that is given."""

    def __init__(self, longest: float | None = None) -> None:
        super().__init__(0, longest)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refused before anything is asked: nothing is longer than ``nan``, nor shorter."""
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return found
