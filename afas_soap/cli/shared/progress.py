"""A progress bar on standard error, for whoever looks on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

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


class HowFar(Protocol):
    """How far something is: what is done, and of how many, None while nobody knows."""

    @property
    def count(self) -> int:
        """What is done."""
        ...

    @property
    def total(self) -> int | None:
        """Of how many."""
        ...


_Far = TypeVar("_Far", bound=HowFar)


@contextlib.contextmanager
def bar(begin: str, described: Callable[[_Far], str]) -> Iterator[Callable[[_Far], None]]:
    """A bar for what tells how far it is, on standard error where that is a terminal; otherwise nothing. It says
    ``begin`` until then, and what ``described`` makes of it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(begin, total=None)
        yield lambda far: progress.update(task, description=described(far), completed=far.count, total=far.total)


class _TextNow(TextColumn):
    """What is so at the moment."""

    def __init__(self, text: Callable[[], str]) -> None:
        super().__init__("{task.description}")
        self._text = text

    def render(self, task: Any) -> Any:
        task.description = self._text()
        return super().render(task)
