"""Documents of rows read as they come."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from afas_soap.errors import AnswerError
from afas_soap.profit.rowreader import RowReader
from afas_soap.profit.rows import Record, Rows

_SLICE = 65536


class Document(Protocol):
    """What is fed the bytes of an answer and hands the rows in it to ``reader``.

    ``escaped`` says whether the rows stand escaped in a text of an outer document.
    """

    escaped: bool
    reader: RowReader

    @property
    def encoding(self) -> str:
        """What the outermost document declares, in lower case."""
        ...

    def feed(self, data: bytes) -> None:
        """Read on."""
        ...

    def finish(self) -> None:
        """There is no more."""
        ...


def slices(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of 64 KiB at most, so that memory does not hang on how they were handed over."""
    for chunk in chunks:
        if len(chunk) <= _SLICE:
            yield chunk
        else:
            yield from (chunk[start : start + _SLICE] for start in range(0, len(chunk), _SLICE))


def open_rows(document: Document, chunks: Iterable[bytes], *, fast: bool = True) -> Rows:
    """Read until the columns are known, and give the rows. ``fast`` false keeps to the general parser."""
    batches = _batches(document, chunks)
    close = _closing(chunks, batches)
    try:
        next(batches)
    except BaseException:
        close()
        raise
    return Rows(document.reader.fields, itertools.chain.from_iterable(batches), close)


def _closing(chunks: Iterable[bytes], batches: Iterator[list[Record]]) -> Callable[[], None]:
    def close() -> None:
        for thing in (batches, chunks):
            end = getattr(thing, "close", None)
            if end is not None:
                end()

    return close


def _batches(document: Document, chunks: Iterable[bytes]) -> Iterator[list[Record]]:
    """The general way: an empty batch when the columns are known, then the records of each slice."""
    reader = document.reader
    announced = False
    for step in _steps(document, chunks):
        problem: AnswerError | None = None
        try:
            step()
        except AnswerError as error:
            problem = error
        if reader.ready and not announced:
            announced = True
            yield []
        if reader.done:
            yield reader.take()
        if problem is not None:
            raise problem


def _steps(document: Document, chunks: Iterable[bytes]) -> Iterator[Callable[[], None]]:
    for data in slices(chunks):
        yield functools.partial(document.feed, data)
    yield document.finish
