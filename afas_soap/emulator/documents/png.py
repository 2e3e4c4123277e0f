"""PNG: an image of one colour, written by hand (ISO/IEC 15948), the same bytes for the same colour and size."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Eight bits for each of red, green and blue; packed by deflate, filtered line by line, not interlaced.
_RGB = (8, 2, 0, 0, 0)


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """An image of ``width`` by ``height`` pixels."""
    line = b"\x00" + bytes(colour) * width
    header = struct.pack(">IIBBBBB", width, height, *_RGB)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(line * height, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
