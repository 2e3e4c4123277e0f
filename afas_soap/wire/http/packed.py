"""A body packed with gzip, unpacked as it comes; one that was cut off before it was sent is no end.

``urllib3`` unpacks as well, and takes such a body for complete: zlib says only when asked whether it reached an end.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import urllib3

GZIP = ("gzip", "x-gzip")
"""What the header calls it (RFC 9110, 8.4.1.3)."""

_WITH_HEADER = 16 + zlib.MAX_WBITS


def unpacked(pieces: Iterator[bytes], largest: int) -> Iterator[bytes]:
    """What is packed in ``pieces``, ``largest`` bytes at a time at most; nothing where there are none.

    Raises ``urllib3``'s ``DecodeError`` for what is no gzip, ``ProtocolError`` for one that ends before its end.
    Several may stand one behind the other, and what is none behind a whole one is passed over, as other clients do.
    """
    unpacker, members, begun = zlib.decompressobj(_WITH_HEADER), 0, False
    for piece in pieces:
        data, begun = piece, True
        while data:
            if unpacker.eof:
                unpacker, members = zlib.decompressobj(_WITH_HEADER), members + 1
            try:
                plain = unpacker.decompress(data, largest)
            except zlib.error:
                if not members:
                    raise urllib3.exceptions.DecodeError from None
                # To the end, so that the connection serves another call.
                for _ in pieces:
                    pass
                return
            if plain:
                yield plain
            data = unpacker.unconsumed_tail or unpacker.unused_data
    rest = unpacker.flush()
    if rest:
        yield rest
    if begun and not unpacker.eof:
        raise urllib3.exceptions.ProtocolError
