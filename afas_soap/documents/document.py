"""A document, a streamed download: asked for when its first byte is wanted, and saved by an atomic replace.

Its content comes once, in constant memory. The file appears under its name only when it is whole: an answer that is cut
off, a full disk and Ctrl-C leave nothing there.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from afas_soap.disk import behind_links, check_writable, drafting, flush_folder, replacing, target_of, unwritten
from afas_soap.documents.naming import file_name, free_names
from afas_soap.errors import AnswerError, QueryError
from afas_soap.profit.documents.content import Content, Facts

LARGEST_READ = 256 * 2**20
"""Bytes that ``read`` keeps in memory at most, unless it is told another limit. Ours."""


_ONCE = "This document was read, and its content comes once: ask for it again."


class _State(enum.Enum):
    UNREAD = enum.auto()
    BEGUN = enum.auto()
    READ = enum.auto()
    BROKEN = enum.auto()


_OVER = (_State.READ, _State.BROKEN)


class Document(Iterator[bytes]):
    """The bytes of one document, once: iterate over its chunks, ``read`` them into one, or ``save`` them.

    ``name``, ``media_type`` and ``length`` (bytes) are "", "" and None while they are not known; whatever is ever known
    is known behind the last chunk. Close it, or use it in ``with``, when it is not read to its end: until then it is
    one of the five calls that may be open at once.

    Reading raises ``NotFound`` for what is not there or may not be read, ``CutOff`` for an answer that ends before its
    end, ``AnswerError`` for one that cannot be read, and ``QueryError`` when it was read before.
    """

    def __init__(
        self,
        ask: Callable[[], AbstractContextManager[Content]],
        known: Facts | None = None,
        *,
        named: Callable[[], str] | None = None,
    ) -> None:
        """``known`` is what is known before it is asked for; ``named`` tells the name that a file of it gets where no
        answer does, and may ask for it."""
        self._known = known or Facts()
        self._named = named
        self._content: Content | None = None
        self._chunks = self._read(ask)
        self._state = _State.UNREAD
        self._received = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Self:
        if self._state in _OVER:
            raise QueryError(_ONCE)
        return self

    def __next__(self) -> bytes:
        if self._state is _State.BROKEN:
            raise QueryError("This document broke off or was closed before its end: ask for it again.")
        if self._state is _State.UNREAD:
            self._state = _State.BEGUN
        try:
            chunk = next(self._chunks)
        except StopIteration:
            self._state = _State.READ
            raise
        except BaseException:
            # A generator that raised has ended, and its next would be an end like any other.
            self._state = _State.BROKEN
            raise
        self._received += len(chunk)
        return chunk

    @property
    def name(self) -> str:
        """Its name as AFAS has it, which may be no name for a file; "" while it is not known."""
        return self._known.name or self._told.name

    @property
    def media_type(self) -> str:
        """Its media type, such as ``application/pdf``; "" while it is not known."""
        return self._told.media_type or self._known.media_type

    @property
    def length(self) -> int | None:
        """Its bytes; None while it is not known."""
        return self._told.length

    @property
    def received(self) -> int:
        """How many of its bytes came until now."""
        return self._received

    def close(self) -> None:
        """Let go of the call. Safe to call twice."""
        if self._state is not _State.READ:
            self._state = _State.BROKEN
        self._chunks.close()

    def read(self, limit: int = LARGEST_READ) -> bytes:
        """The whole content. Raises ``AnswerError`` when it is longer than ``limit`` bytes."""
        self._begin()
        with self:
            whole = bytearray()
            for chunk in self:
                whole += chunk
                if len(whole) > limit:
                    raise AnswerError(
                        f"The document is longer than {limit:,} bytes: save it to a file, or give read a larger limit."
                    )
            return bytes(whole)

    def save(self, path: str | Path) -> Path:
        """Write the content to ``path``, and give the file that it is in.

        A folder gets a file under the document's own name, cleaned of what no file may be called, and never over one
        that is there: the next one is called ``x (2).pdf``. An attachment over SOAP has no name, so one more call asks
        for it. A path of a file is replaced. Raises ``SettingsError`` when it cannot be written, and before anything is
        asked for no path and for one that ends as a folder's (``x/``) which is not there.
        """
        target = target_of(path)
        self._begin()
        with self:
            return self._into(target) if target.is_dir() else self._over(target)

    def _over(self, target: Path) -> Path:
        try:
            if target.exists() and not target.is_file():
                # A device or a named pipe is written as it is.
                with target.open("wb") as stream:
                    self._write(stream)
                return target
            check_writable(target, target)
            file = behind_links(target)
            with replacing(file, mode=None) as stream:
                self._write(stream)
            flush_folder(file.parent)
        except OSError as problem:
            failure = unwritten(target, problem)
        else:
            return target
        raise failure

    def _write(self, stream: BinaryIO) -> None:
        for chunk in self:
            stream.write(chunk)

    def _into(self, folder: Path) -> Path:
        """Its name may be known at the end only, so until then the file has none."""
        try:
            with drafting(folder) as draft:
                self._write(draft.stream)
                return draft.publish(free_names(self._file_name()))
        except OSError as problem:
            failure = unwritten(folder, problem)
        raise failure

    def _file_name(self) -> str:
        name = self.name
        if not name and self._named is not None:
            name = self._named()
        return file_name(name, self.media_type)

    def _begin(self) -> None:
        if self._state is not _State.UNREAD:
            raise QueryError(_ONCE)

    @property
    def _told(self) -> Facts:
        return Facts() if self._content is None else self._content.facts

    def _read(self, ask: Callable[[], AbstractContextManager[Content]]) -> Generator[bytes]:
        with ask() as content:
            self._content = content
            yield from content
