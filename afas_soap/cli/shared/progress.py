"""A progress bar on standard error, for whoever looks on."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from afas_soap.dossier.progress import Progress as HowFar

_MEGABYTE = 2**20


def rows_so_far(number: Callable[[], int]) -> contextlib.AbstractContextManager[object]:
    """How many rows passed, while it is open; it is gone behind that."""
    return _so_far(lambda: f"{number():,} rows")


def bytes_so_far(number: Callable[[], int]) -> contextlib.AbstractContextManager[object]:
    """How many bytes passed, in the same way."""
    return _so_far(lambda: f"{number() / _MEGABYTE:,.1f} MB")


def _so_far(text: Callable[[], str]) -> contextlib.AbstractContextManager[object]:
    progress = Progress(
        SpinnerColumn(),
        _TextNow(text),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    progress.add_task("", total=None)
    return progress


@contextlib.contextmanager
def files_so_far() -> Iterator[Callable[[HowFar], None]]:
    """How far an export of files is, on standard error where that is a terminal; otherwise nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("asking", total=None)
        yield lambda far: progress.update(task, description=described(far), completed=far.count, total=far.total)


def described(far: HowFar) -> str:
    """How far an export is, in words: ``fetching 12 of 1,500, 3.4 MB, 0:02:10 left``."""
    parts = [f"{far.phase} {far.count:,}" + ("" if far.total is None else f" of {far.total:,}")]
    parts += [f"{far.size / _MEGABYTE:,.1f} MB"] if far.size else []
    parts += [] if far.seconds is None else [f"{datetime.timedelta(seconds=round(far.seconds))} left"]
    return ", ".join(parts)


class _TextNow(TextColumn):
    """What is so at the moment."""

    def __init__(self, text: Callable[[], str]) -> None:
        super().__init__("{task.description}")
        self._text = text

    def render(self, task: Any) -> Any:
        task.description = self._text()
        return super().render(task)
