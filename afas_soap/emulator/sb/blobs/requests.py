"""File transfer: the calls of ``api/blob``. Source: small-business.md 3.4.

A blob is announced by one PUT with ``Blob-*`` headers and without a body, and sent by a second. AFAS' pages send the
headers again, a multipart part ``file`` and ``blob-upload-type: blob``; its newest file has the bytes alone and
``Blob-Upload-Type``. Which header orders the pieces of a large one is documented nowhere.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug import Request, Response

from afas_soap.emulator.sb.answers import answered, bad, no_rights, not_found, spelt
from afas_soap.emulator.sb.blobs.store import About, BlobStore
from afas_soap.emulator.sb.setup import SbSetup

_NAME, _LENGTH, _TYPE = "Blob-Content-FileName", "Blob-Content-Length", "Blob-Content-Type"
_UPLOAD = "Blob-Upload-Type"
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.ASCII)
_DIGITS = re.compile(r"\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BlobCalls:
    """Answers the calls to the blobs of one environment. Each raises ``SbRefusedError``."""

    store: BlobStore
    setup: SbSetup

    def respond(self, request: Request, blob: str) -> Response:
        """The answer to a GET or PUT of one blob."""
        try:
            key = str(uuid.UUID(blob))
        except ValueError:
            key = ""
        if not key:
            raise not_found()
        return _CALLS[request.method](self, request, key)

    def _get(self, request: Request, blob: str) -> Response:
        """That a blob without a good key is a 403 is inferred."""
        given = {name.lower(): value for name, value in request.args.items()}
        if not self.store.keys.opens(given.get("readkey", ""), blob):
            raise no_rights()
        found = self.store.read(blob)
        if found is None:
            raise not_found()
        about, content = found
        return answered(content, media=about.content_type)

    def _put(self, request: Request, blob: str) -> Response:
        content = _content(request)
        if content is None:
            return self._announced(request, blob)
        about = self.store.reserved(blob)
        if about is None:
            raise bad("De blob is niet aangekondigd.")
        self._check_form(request, about)
        if len(content) > self.setup.chunk_bytes:
            raise bad(f"Een blob wordt gestuurd in delen van ten hoogste {self.setup.chunk_bytes} bytes.")
        if not self.store.add(blob, self._position(request, about, content), content):
            raise bad("De blob is langer dan aangekondigd.")
        return answered(b"")

    def _announced(self, request: Request, blob: str) -> Response:
        self.store.reserve(blob, _about(request))
        return answered(spelt({"BlobAccepted": True, "ChunkSize": self.setup.chunk_bytes}))

    def _check_form(self, request: Request, about: About) -> None:
        """``blob_form`` is ``pages``, ``file`` or ``both``."""
        if not request.headers.get(_UPLOAD):
            raise bad(f"{_UPLOAD} ontbreekt.")
        repeated = _NAME in request.headers and bool(request.files)
        if self.setup.blob_form == "pages" and not repeated:
            raise bad(f"{_NAME} ontbreekt.")
        if self.setup.blob_form == "file" and _NAME in request.headers:
            raise bad(f"{_NAME} wordt hier niet verwacht.")
        if repeated and _about(request) != about:
            raise bad("De blob is anders aangekondigd.")

    def _position(self, request: Request, about: About, content: bytes) -> int:
        """Where a piece belongs. A blob that fits in one needs no header."""
        if about.length <= self.setup.chunk_bytes:
            if len(content) != about.length:
                raise bad("De blob is niet zo lang als aangekondigd.")
            return 0
        value = request.headers.get(self.setup.chunk_header or "", "")
        match = _RANGE.fullmatch(value)
        if match is not None and int(match[2]) - int(match[1]) + 1 == len(content):
            return int(match[1])
        if match is None and _DIGITS.fullmatch(value):
            return int(value)
        raise bad("De volgorde van de delen is niet bekend.")


_CALLS: Mapping[str, Callable[[BlobCalls, Request, str], Response]] = {"GET": BlobCalls._get, "PUT": BlobCalls._put}

METHODS = tuple(_CALLS)
"""What one may do with a blob."""


def _content(request: Request) -> bytes | None:
    """The bytes of the part ``file``, or of the body as it is; None without any."""
    if request.mimetype == "multipart/form-data":
        part = request.files.get("file")
        return None if part is None else part.read()
    return request.get_data() or None


def _about(request: Request) -> About:
    name, kind, length = (request.headers.get(header, "").strip() for header in (_NAME, _TYPE, _LENGTH))
    if not name or not kind or not _DIGITS.fullmatch(length):
        raise bad(f"{_NAME}, {_TYPE} en {_LENGTH} zijn verplicht.")
    return About(name, kind, int(length))
