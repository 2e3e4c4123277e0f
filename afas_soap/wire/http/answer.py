"""A streamed answer as it arrives: unpacked (gzip), counted, traced, and let go of when it has been read."""

from __future__ import annotations

import http.client
import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Self, TypeVar

import requests
import urllib3

from afas_soap.errors import AfasError, AnswerError, CutOff
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Batch, Rows
from afas_soap.wire.http import network_errors
from afas_soap.wire.http.deadline import Deadline
from afas_soap.wire.http.retry import resumed
from afas_soap.wire.tracing.calls import Call
from afas_soap.wire.tracing.trace import Exchange

_Part = TypeVar("_Part")

# The first piece is small, so that the first row does not wait for a full one; larger ones cost less each.
_FIRST_CHUNK = 16 * 1024
_CHUNK = 256 * 1024
# What the header calls gzip (RFC 9110, 8.4.1.3), and what zlib does.
_GZIP = ("gzip", "x-gzip")
# A number of more digits is none for http.client either.
_LENGTH = re.compile(r"\s*[0-9]{1,18}\s*", re.ASCII)
_WITH_HEADER = 16 + zlib.MAX_WBITS


class Answer:
    """A successful answer. Read it once, as ``chunks``, with ``whole``, or through ``rows``; or close it."""

    def __init__(
        self, response: requests.Response, url: str, call: Call, exchange: Exchange | None, deadline: Deadline
    ) -> None:
        self.trace_id = call.trace_id
        self._deadline = deadline
        self._response = response
        self._url = url
        self._call = call
        self._exchange = exchange
        self._peeked: list[bytes] = []
        self._complete = False
        self._stream = self._unpacked()
        self._again: Callable[[], Answer] | None = None
        self._service = ""
        self._successor: Answer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, AfasError):
            self._call.about(error)
        self.close("" if kind is None or kind is GeneratorExit else kind.__name__)

    def beginning(self) -> bytes:
        """The first chunk, without taking it away from the reader; empty when there is no body."""
        if not self._peeked:
            self._peeked = [next(self._stream, b"")]
        return self._peeked[0]

    def resume_with(self, again: Callable[[], Answer], service: str) -> None:
        """Ask ``service`` ``again`` when the body breaks off, and go on behind what was given."""
        self._again, self._service = again, service

    def chunks(self) -> Iterator[bytes]:
        """The body, unpacked. ``TransportError`` when it breaks off for good."""
        if self._again is None:
            return self._received()
        return resumed(self._received(), self._continued, service=self._service)

    def _received(self) -> Iterator[bytes]:
        peeked, self._peeked = self._peeked, []
        yield from filter(None, peeked)
        yield from self._stream

    def _continued(self) -> Iterator[bytes]:
        assert self._again is not None, "chunks() looked"
        self.release()
        self._successor = self._again()
        return self._successor.chunks()

    def whole(self, limit: int) -> bytes:
        """The whole body. ``AnswerError`` when it is longer than ``limit`` bytes."""
        body = bytearray()
        for chunk in self.chunks():
            body += chunk
            if len(body) > limit:
                raise AnswerError(f"The answer is longer than {limit:,} bytes, which no such answer should be.")
        return bytes(body)

    def rows(self, rows: Rows, fields: Fields | None, unreadable: Callable[[], object] | None = None) -> Rows:
        """``rows``, read from this answer, which have ``fields`` and now end the call when they end. ``unreadable`` is
        called when one of them cannot be read."""
        return Rows.of_batches(fields, self._watched(rows, unreadable), self.close)

    def ending(self, parts: Iterable[_Part]) -> Generator[_Part]:
        """``parts``, made from this answer, which now end the call when they end."""
        with self:
            yield from parts

    def release(self) -> None:
        """Let the connection go. One that was not read to its end is not used again."""
        try:
            self._stream.close()
        finally:
            # Also when the trace does not take that the stream was closed.
            self._deadline.cancel()
            self._response.close()
        if self._successor is not None:
            self._successor.release()

    def close(self, outcome: str = "") -> None:
        """Let the connection go and end the call."""
        self.release()
        self._call.finish(outcome or ("" if self.ended else "not read to its end"))

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers, found by their names in any case."""
        return self._response.headers

    @property
    def ended(self) -> bool:
        """Whether its body was read to its end."""
        return self._complete if self._successor is None else self._successor.ended

    @property
    def is_framed(self) -> bool:
        """Whether it says where its body ends. Of one that does not, even half a head looks complete."""
        headers = self._response.headers
        if not _may_break(self._response.raw):
            return True
        length, coding = headers.get("Content-Length", ""), headers.get("Transfer-Encoding", "")
        # A length that is no number is passed over by http.client, as if there were none.
        return bool(_LENGTH.fullmatch(length)) or "chunked" in coding.lower()

    def _watched(self, rows: Rows, unreadable: Callable[[], object] | None) -> Iterator[Batch]:
        with self:
            try:
                yield from self._call.counted(rows.batches())
            except AnswerError as problem:
                # What ends too soon may be right as far as it goes.
                if unreadable is not None and not isinstance(problem, CutOff):
                    unreadable()
                raise

    def _unpacked(self) -> Generator[bytes]:
        failure: AfasError
        try:
            for chunk in _pieces(self._response.raw):
                self._call.received += len(chunk)
                if self._exchange is not None:
                    self._exchange.chunk(chunk)
                yield chunk
            self._deadline.cancel()
            if not self._deadline.expired:
                self._complete = True
                self._end("complete")
                return
            failure = network_errors.dripped(self._url).error
        except GeneratorExit:
            self._end("not read to its end")
            raise
        except AfasError:
            raise
        except Exception as problem:  # noqa: BLE001 - http.client lets through whatever a broken body makes it raise
            failure = (
                network_errors.dripped(self._url).error
                if self._deadline.expired
                else network_errors.within_answer(problem, self._url)
            )
        self._end(f"broken off: {failure}")
        raise self._call.about(failure)

    def _end(self, how: str) -> None:
        if self._exchange is not None:
            self._exchange.end(f"{how}, {self._call.received} bytes")


def _may_break(raw: urllib3.BaseHTTPResponse) -> bool:
    """Whether it comes over a connection; the answer of an adapter that makes its own does not."""
    return getattr(raw, "_original_response", None) is not None


def _pieces(raw: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """The unpacked body."""
    coding = raw.headers.get("Content-Encoding", "").strip().lower()
    if coding in _GZIP:
        return unpacked(_sent(raw, unpack=False), _CHUNK)
    return _sent(raw, unpack=bool(coding))


def _sent(raw: urllib3.BaseHTTPResponse, *, unpack: bool) -> Iterator[bytes]:
    """What is sent, and what breaks it off only behind all that came before.

    A chunked body comes as it is chunked; of the others the first piece is a small one.
    """
    if getattr(raw, "chunked", False):
        return _sent_in_chunks(raw, unpack=unpack)
    return _sent_in_one(raw, unpack=unpack)


def _sent_in_chunks(raw: urllib3.BaseHTTPResponse, *, unpack: bool) -> Iterator[bytes]:
    try:
        yield from raw.stream(_CHUNK, decode_content=unpack)
        return
    except urllib3.exceptions.ProtocolError as problem:
        broken, cause = problem, problem.__cause__
    begun = _begun_chunk(cause)
    if begun and not unpack:
        yield begun
    raise broken


def _begun_chunk(cause: BaseException | None) -> bytes:
    """What came of the chunk that broke off, which ``http.client`` hands over in its error alone."""
    if not isinstance(cause, http.client.IncompleteRead) or not isinstance(cause.partial, bytes):
        return b""
    # Or it is the line's end behind a chunk that was wanted, which is none of the body.
    return cause.partial if len(cause.partial) + (cause.expected or 0) > len(b"\r\n") else b""


def _sent_in_one(raw: urllib3.BaseHTTPResponse, *, unpack: bool) -> Iterator[bytes]:
    """Gathered here from what each call of the system gives: ``read``, which gathers as well, drops what it has when
    the connection breaks or falls silent."""
    take, most, broken = raw.read1 if _may_break(raw) else raw.read, _FIRST_CHUNK, None
    while broken is None:
        pieces: list[bytes] = []
        left = most
        try:
            while left and (piece := take(left, decode_content=unpack)):
                pieces.append(piece)
                left -= len(piece)
        except Exception as problem:  # noqa: BLE001 - whatever a broken body makes http.client raise
            broken = problem
        if pieces:
            yield pieces[0] if len(pieces) == 1 else b"".join(pieces)
        elif broken is None:
            return
        most = _CHUNK
    raise broken


def unpacked(pieces: Iterator[bytes], largest: int) -> Iterator[bytes]:
    """What is packed in ``pieces``, ``largest`` bytes at a time at most; nothing where there are none.

    ``urllib3`` unpacks as well, and takes a body for complete that was cut off before it was sent: zlib says only when
    asked whether it reached an end.

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
