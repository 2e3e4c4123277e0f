"""Base64 of content that is streamed: a block at a time, so that no document is ever whole in memory."""

from __future__ import annotations

import binascii
from collections.abc import Iterator

from afas_soap.profit.documents.content import Content

# Bytes that become base64 in one go: three of them are four signs, so that no block but the last needs padding.
_BLOCK = 3 * 16_384


def base64_text(content: Content) -> Iterator[str]:
    """The base64 of ``content`` in pieces, without line ends; closes it at the end, or when it is left."""
    held = bytearray()
    with content:
        for chunk in content:
            held += chunk
            whole = len(held) - len(held) % 3
            for at in range(0, whole, _BLOCK):
                yield _encoded(held[at : min(at + _BLOCK, whole)])
            del held[:whole]
        if held:
            yield _encoded(held)


def _encoded(data: bytearray) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")
