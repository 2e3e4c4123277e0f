"""A read that breaks off within its answer is asked again, and goes on behind what was given.

The new answer must begin with the bytes that were given already: their hash is kept, not they. So whoever reads rows
out of the bytes gets each row once, or an error, and never notices the break.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator

from afas_soap.errors import AnswerError, TransportError

_LOG = logging.getLogger("afas_soap.wire")

ATTEMPTS = 3
"""How often one answer is asked for again."""


def resumed(chunks: Iterator[bytes], again: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """``chunks``, with ``again`` for another try of the same read.

    Raises the ``TransportError`` of the last break, or ``AnswerError`` when the new answer begins otherwise.
    """
    given, hashed, breaks = 0, hashlib.sha256(), 0
    while True:
        try:
            for chunk in chunks:
                given += len(chunk)
                hashed.update(chunk)
                yield chunk
            return
        except TransportError as problem:
            breaks += 1
            if breaks > ATTEMPTS:
                raise
            _LOG.info("broke off after %d bytes, asking again: %s", given, problem.message)
        chunks = _behind(again(), given, hashed.digest())


def _behind(chunks: Iterator[bytes], given: int, digest: bytes) -> Iterator[bytes]:
    """What comes after the first ``given`` bytes, which must have this hash."""
    hashed, left = hashlib.sha256(), given
    rest = b""
    while left:
        chunk = next(chunks, None)
        if chunk is None:
            break
        hashed.update(chunk[:left])
        rest = chunk[left:]
        left = max(0, left - len(chunk))
    if left or hashed.digest() != digest:
        raise AnswerError(
            "The connection broke, and asked again Profit gave other rows than before: the data changed meanwhile. "
            "Read again from the beginning."
        )
    if rest:
        yield rest
    yield from chunks
