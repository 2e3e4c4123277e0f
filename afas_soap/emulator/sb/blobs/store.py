"""Blob storage: what was uploaded to one customer environment, and what its first rows show. Kept in memory."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from afas_soap.emulator.documents.pdf import pdf
from afas_soap.emulator.documents.png import png
from afas_soap.emulator.sb.blobs.readkeys import ReadKeys


@dataclass(frozen=True, slots=True)
class About:
    """What the first call of an upload says of the blob."""

    file_name: str
    content_type: str
    length: int


@dataclass(slots=True)
class _Blob:
    """``pieces`` by what orders them; together they are whole when they have the length that was told."""

    about: About
    pieces: dict[int, bytes] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return sum(map(len, self.pieces.values())) == self.about.length and bool(self.pieces)


class BlobStore:
    """Blobs by their id in lower case. Safe for several threads."""

    def __init__(self, keys: ReadKeys) -> None:
        self.keys = keys
        self._lock = threading.Lock()
        self._blobs: dict[str, _Blob] = {}

    def reserve(self, blob: str, about: About) -> None:
        """Make room for a blob; one that was there under this id is no more."""
        with self._lock:
            self._blobs[blob] = _Blob(about)

    def reserved(self, blob: str) -> About | None:
        """What was told of a blob, None for one that nobody told of."""
        with self._lock:
            found = self._blobs.get(blob)
            return None if found is None else found.about

    def add(self, blob: str, position: int, content: bytes) -> bool:
        """Keep a piece of a blob, in place of what came at this position before. Whether it fits: no blob becomes
        longer than was told."""
        with self._lock:
            found = self._blobs[blob]
            others = sum(len(piece) for at, piece in found.pieces.items() if at != position)
            if others + len(content) > found.about.length:
                return False
            found.pieces[position] = content
            return True

    def has(self, blob: str) -> bool:
        """Whether all of a blob is there."""
        return self.read(blob) is not None

    def read(self, blob: str) -> tuple[About, bytes] | None:
        """A whole blob; None for one that is not, or not yet."""
        with self._lock:
            found = self._blobs.get(blob.lower())
            if found is None or not found.whole:
                return None
            return found.about, b"".join(piece for _, piece in sorted(found.pieces.items()))

    def shown(self, value: object) -> object:
        """The ``Blob`` of a row, or a list of them, with its read key of now and its true length."""
        if isinstance(value, list):
            return [self.shown(one) for one in value]
        if not isinstance(value, Mapping) or "FileName" not in value:
            return value
        blob = str(value["Id"]).lower()
        found = self.read(blob) or self._made(blob, str(value["FileName"]), str(value["ContentType"]))
        return {**value, "ContentLength": found[0].length, "ReadKey": self.keys.give(blob)}

    def _made(self, blob: str, file_name: str, content_type: str) -> tuple[About, bytes]:
        """A document of the first rows, the same each time."""
        colour = (int(blob[:2], 16), int(blob[2:4], 16), int(blob[4:6], 16))
        content = png(32, 32, colour) if content_type == "image/png" else pdf([file_name, f"Blob {blob}"])
        about = About(file_name, content_type, len(content))
        self.reserve(blob, about)
        self.add(blob, 0, content)
        return about, content
