"""Content out of SOAP answers: base64 in the text of the result, decoded while it arrives.

The envelope is read by its parser up to the end of the tag that opens the result. The text behind it goes past the
parser, up to the next ``<`` or ``&``: base64 has neither. From there on the parser has the rest, which to it follows
that tag at once, and checks the document to its end. White space as references (``&#13;``) and CDATA are thereby read
as well, on the parser's slower way, as is a document in an encoding in which a byte need not be its sign; UTF-16 is
UTF-8 before anything looks at it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from afas_soap.profit.documents.base64stream import Base64Decoder
from afas_soap.profit.encoding import utf8_pieces
from afas_soap.profit.readers.envelope import Envelope

# Encodings in which a byte of base64 is its sign.
_LIKE_ASCII = ("utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252")


def soap_content(chunks: Iterable[bytes], operation: str) -> Iterator[bytes]:
    """The bytes of the document in the SOAP answer of ``operation``, in chunks that are not empty.

    Raises the ``ProfitError`` of a Fault (also one sent with HTTP 200), ``CutOff``, or ``AnswerError``, also for the
    answer of another operation and a result that is nil.
    """
    envelope = Envelope()
    decoder = Base64Decoder()
    for text in _result(envelope, utf8_pieces(chunks), operation):
        plain = decoder.feed(text)
        if plain:
            yield plain
    envelope.finish()
    envelope.check_answer(operation)
    decoder.finish()


def _result(envelope: Envelope, chunks: Iterator[bytes], operation: str) -> Iterator[bytes]:
    """The text of the result, in pieces."""
    rest = _opened(envelope, chunks)
    if rest is None:
        return
    envelope.check_answer(operation)
    past = envelope.encoding in _LIKE_ASCII
    for chunk in itertools.chain((rest,), chunks):
        end = _markup(chunk) if past else 0
        if end:
            yield chunk[:end]
        if end < len(chunk):
            past = False
            envelope.feed(chunk[end:])
            yield _ascii(envelope.take())


def _opened(envelope: Envelope, chunks: Iterator[bytes]) -> bytes | None:
    """Read to the tag that opens the result, and give what stands behind it; None when the answer has no text there."""
    for chunk in chunks:
        begin = 0
        while end := chunk.find(b">", begin) + 1:
            envelope.feed(chunk[begin:end])
            begin = end
            if envelope.is_open:
                return chunk[end:]
        envelope.feed(chunk[begin:])
    return None


def _markup(chunk: bytes) -> int:
    """Where the first markup stands in ``chunk``; its length for none."""
    return min((at for at in (chunk.find(b"<"), chunk.find(b"&")) if at >= 0), default=len(chunk))


def _ascii(text: str) -> bytes:
    # Any other sign is wrong, and the decoder says where it stands.
    return text.encode("ascii", "replace")
