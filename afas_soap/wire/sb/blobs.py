"""Blobs over HTTP: a download by its read key, streamed, and an upload in the two requests that SB wants."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import quote

from afas_soap.errors import CutOff, Fate, TransportError, Uncertain
from afas_soap.profit.documents.content import Content, Facts
from afas_soap.sb.blobs import Accepted, Blob, Upload, accepted, taken
from afas_soap.sb.errorbody import is_own, refusal_in
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.sb.calls import SbCalls

_Result = TypeVar("_Result")

_VERSION: Mapping[str, str] = {"Accept-Version": "1.0"}
_SMALL = 2**20
_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
_REMEDY = (
    "Whether SB has the file is not known: upload it once more. It gets another id, and what is attached nowhere does "
    "no harm."
)


_NOT_YET = "Nothing of the file was sent yet: upload it once more."


class SbBlobs:
    """The blobs of one customer environment."""

    def __init__(self, calls: SbCalls) -> None:
        self._calls = calls

    def download(self, blob: Blob) -> Content:
        """``GET /api/blob/{Id}?readkey=...``. ``CutOff`` behind the last byte when the row promised more."""
        self._calls.transport.conceal(blob.read_key)
        url = f"{self._address(blob.id)}?readkey={quote(blob.read_key.reveal(), safe='')}"
        answer = self._calls.transport.ask(Request(Accepts.BYTES, "blob", None, url, {**_VERSION, "Accept": "*/*"}))
        try:
            chunks = self._no_refusal(answer, blob)
        except BaseException as error:
            answer.close(type(error).__name__)
            raise
        facts = Facts(blob.name, answer.headers.get("Content-Type", "") or blob.media_type, blob.length)
        return Content(answer.ending(_whole(answer, blob, chunks)), facts, answer.close)

    def _no_refusal(self, answer: Answer, blob: Blob) -> Iterator[bytes]:
        """The bytes, once they are known to be no refusal of SB that came as a success, whatever its content type says:
        then another key may be tried. What is as long as its row says is the document, whatever it holds."""
        if not answer.beginning().lstrip(_BEFORE_JSON).startswith(b"{"):
            return answer.chunks()
        chunks, head = answer.chunks(), b""
        while len(head) <= _SMALL and (chunk := next(chunks, b"")):
            head += chunk
        if len(head) <= _SMALL and len(head) != blob.length and is_own(head):
            refusal = refusal_in(head, 200, answer.trace_id)
            if refusal is not None:
                refusal.fate = None
                masked = self._calls.transport.masked(refusal)
                raise masked.about(operation="blob", environment=self._calls.environment)
        return itertools.chain((head,), chunks)

    def announce(self, identity: str, upload: Upload) -> Accepted:
        """The first request of an upload, without a body: whatever ends it, nothing of the file was sent."""
        # Its length is said, for some servers wait for the body of a PUT that says none.
        headers = {**_VERSION, "Accept": "application/json", **upload.headers}
        try:
            return self._put(identity, headers, b"", lambda answer: accepted(answer.whole(_SMALL)), _NOT_YET)
        except Uncertain as error:
            failure = TransportError(error.message).about(
                operation=error.operation, connector=error.connector, environment=error.environment
            )
        raise failure.of_write(Fate.NOT_SENT)

    def send(self, identity: str, headers: Mapping[str, str], body: bytes) -> None:
        """A further one, with the file or a piece of it. It is answered without a body."""
        self._put(identity, {**_VERSION, "Accept": "*/*", **headers}, body, _read, _REMEDY)

    def _put(
        self, identity: str, headers: Mapping[str, str], body: bytes, read: Callable[[Answer], _Result], remedy: str
    ) -> _Result:
        request = Request(
            # A body is whatever it is: the reader of the first answer says what that must be.
            Accepts.BYTES,
            "blob",
            None,
            self._address(identity),
            headers,
            body=body,
            read=False,
            verb="PUT",
            what="file",
            remedy=remedy,
        )
        return self._calls.transport.write(request, read)

    def _address(self, identity: str) -> str:
        return f"{self._calls.base}/api/blob/{identity}"


def _read(answer: Answer) -> None:
    taken(answer.whole(_SMALL))


def _whole(answer: Answer, blob: Blob, chunks: Iterator[bytes]) -> Iterator[bytes]:
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if chunk:
            yield chunk
    if not answer.is_framed and blob.length is None:
        raise CutOff("The answer does not say where the document ends, so whether it is whole is not known.")
    if blob.length is not None and received != blob.length:
        raise CutOff(f"The document has {blob.length:,} bytes by its row, and {received:,} came: ask for it again.")
