"""Streamed content: a document as it arrives, in chunks, with what is known of it so far.

A report tells its type behind its bytes, and SOAP's ``GetAttachment`` neither name nor type (special-connectors 1, 3):
so what a ``Content`` says of itself is what is known now, and all of it only at the end.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a dossier item: the item's number, the id of the file (32 hexadecimal digits), and its name, which is
    not unique, not even within one item. ``reaction`` is the number of the reaction that it hangs on, if any."""

    subject: int
    file_id: str
    name: str
    reaction: int | None = None


class Size(enum.IntEnum):
    """The sizes of a picture, as the ImageConnector numbers them (special-connectors 4)."""

    ORIGINAL = 0
    THUMBNAIL = 1
    MEDIUM = 2


@dataclass(slots=True)
class Facts:
    """What is known of a document: "" and None stand for what is not, or not yet. ``length`` is in bytes."""

    name: str = ""
    media_type: str = ""
    length: int | None = None


class Content:
    """The bytes of one document, once: an iterator of chunks, none of them empty. ``facts`` grows while it is read.

    Reading raises what its source raises: an answer that is cut off or cannot be read is an error and never the end.
    Close it when it is not read to its end.
    """

    def __init__(self, chunks: Iterator[bytes], facts: Facts, close: Callable[[], object] = lambda: None) -> None:
        self._chunks = chunks
        self.facts = facts
        self._close = close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        """Let go of what it comes from. Safe to call twice."""
        self._close()
