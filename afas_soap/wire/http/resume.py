"""A read that breaks off within its answer is asked again, and goes on behind what was given.

The new answer must begin with the bytes that were given already: their checksum is kept, not they. So whoever reads
rows out of the bytes gets each row once, or an error, and never notices the break.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator

from afas_soap.errors import AnswerError, TransportError
from afas_soap.wire.http.network_errors import Silence

_LOG = logging.getLogger("afas_soap.wire")

ATTEMPTS = 3
"""How often one answer is asked for again."""


def resumed(chunks: Iterator[bytes], again: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """``chunks``, with ``again`` for another try of the same read.

    Raises the ``TransportError`` of the last break, or ``AnswerError`` when the new answer begins otherwise.
    """
    # Not a cryptographic hash, which would take a seventh of the time of reading: nobody is to be kept from forging it.
    given, checksum, breaks = 0, 0, 0
    while True:
        try:
            for chunk in chunks:
                given += len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                yield chunk
            return
        except TransportError as problem:
            breaks += 1
            if breaks > ATTEMPTS or isinstance(problem, Silence):
                raise
            _LOG.info("broke off after %d bytes, asking again: %s", given, problem.message)
        chunks = _behind(again(), given, checksum)


def _behind(chunks: Iterator[bytes], given: int, checksum: int) -> Iterator[bytes]:
    """What comes after the first ``given`` bytes, which must have this checksum."""
    found, left = 0, given
    rest = b""
    while left:
        chunk = next(chunks, None)
        if chunk is None:
            break
        found = zlib.crc32(chunk[:left], found)
        rest = chunk[left:]
        left = max(0, left - len(chunk))
    if left or found != checksum:
        raise AnswerError(
            "The connection broke, and asked again Profit gave other rows than before: the data changed meanwhile. "
            "Read again from the beginning."
        )
    if rest:
        yield rest
    yield from chunks
