"""A progress bar on standard error, for whoever looks on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


def rows_so_far(number: Callable[[], int]) -> contextlib.AbstractContextManager[object]:
    """How many rows passed, while it is open; it is gone behind that."""
    progress = Progress(
        SpinnerColumn(),
        _RowsColumn(number),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    progress.add_task("rows", total=None)
    return progress


class _RowsColumn(TextColumn):
    """How many rows passed."""

    def __init__(self, number: Callable[[], int]) -> None:
        super().__init__("{task.description}")
        self._number = number

    def render(self, task: Any) -> Any:
        task.description = f"{self._number():,} rows"
        return super().render(task)
