"""Documents of SB: downloaded by the key of their row, which is read anew when it ran out, and uploaded whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from afas_soap.documents.document import Document
from afas_soap.errors import AccessDenied, AnswerError, NotFound, QueryError, SBError, SettingsError
from afas_soap.limits import SB_BLOB_BYTES
from afas_soap.profit.documents.content import Content, Facts
from afas_soap.profit.rows import Rows
from afas_soap.sb.blobs import Blob, BlobForm, Upload, blobs_in, checked_id
from afas_soap.wire.sb.blobs import SbBlobs
from afas_soap.wire.sb.calls import SbCalls

_REFUSED = (AccessDenied, NotFound, SBError)
_PLAIN = "application/octet-stream"


class Documents:
    """The documents of one customer environment. ``rows`` reads the rows of a connector with their read keys. ``form``
    and ``chunk_header`` are settings: what AFAS contradicts itself in, or does not say."""

    def __init__(
        self,
        calls: SbCalls,
        rows: Callable[[str], Rows],
        *,
        form: str = BlobForm.GUIDE,
        chunk_header: str | None = None,
    ) -> None:
        self._blobs = SbBlobs(calls)
        self._rows = rows
        self._form = BlobForm(form)
        self._chunk_header = chunk_header

    def document(self, identity: str, *, of: str) -> Document:
        """The document that a row of the connector ``of`` names by this id; its key is read from there."""
        return self.opened(self.find(checked_id(identity), of), of=of)

    def opened(self, blob: Blob, *, of: str | None) -> Document:
        """The document of a row that was read before. Where its key is refused, that of the row as it is now is taken,
        once, if ``of`` names its connector."""
        checked_id(blob.id)

        @contextlib.contextmanager
        def asked() -> Iterator[Content]:
            with self._asked(blob, of) as content:
                yield content

        return Document(asked, Facts(blob.name, blob.media_type, blob.length), named=lambda: blob.name or blob.id)

    def find(self, identity: str, of: str) -> Blob:
        """The blob of that id in the rows of a connector. ``NotFound`` where none has it."""
        with self._rows(of) as rows:
            for row in rows:
                for blob in blobs_in(dict(row)):
                    if blob.id == identity:
                        return blob
        raise NotFound(f"No row of {of} names a document {identity}: check the id, and the connector.")

    def upload(self, path: str | Path, *, name: str | None = None, media_type: str | None = None) -> str:
        """Upload a file, and give the id that goes into ``Attachments`` as ``AttachmentId``."""
        source = Path(path)
        try:
            if not stat.S_ISREG(source.stat().st_mode):
                raise SettingsError(f"{path} is no plain file, so its length is not known: upload one.")
            with source.open("rb") as stream:
                length = os.fstat(stream.fileno()).st_size
                upload = Upload(name or source.name, media_type or _type_of(name or source.name), length)
                return self._sent(stream, upload)
        except OSError as problem:
            failure = SettingsError(f"cannot read {path}: {problem.strerror or type(problem).__name__}.")
        raise failure

    def _asked(self, blob: Blob, of: str | None) -> Content:
        try:
            return self._blobs.download(blob)
        except _REFUSED as error:
            failure = error
        if of is not None:
            fresh = self.find(blob.id, of)
            if fresh.read_key != blob.read_key:
                return self._blobs.download(fresh)
        raise failure

    def _sent(self, stream: BinaryIO, upload: Upload) -> str:
        if not upload.length:
            raise QueryError("The file is empty: there is nothing to upload.")
        self._check_length(upload, SB_BLOB_BYTES)
        identity = str(uuid.uuid4())
        taken = self._blobs.announce(identity, upload)
        self._check_length(upload, taken.chunk)
        digest, begin = hashlib.sha256(), 0
        while begin < upload.length:
            data = stream.read(min(taken.chunk, upload.length - begin))
            if not data:
                raise SettingsError("The file became shorter while it was read: what SB has of it is not whole.")
            digest.update(data)
            headers, body = upload.piece(data, self._form, uuid.uuid4().hex)
            if self._chunk_header is not None and upload.length > taken.chunk:
                headers = {**headers, self._chunk_header: upload.place(begin, len(data))}
            self._blobs.send(identity, headers, body)
            begin += len(data)
        if upload.length > taken.chunk and taken.read_key is not None:
            self._compare(
                Blob(identity, taken.read_key, upload.name, upload.media_type, upload.length), digest.digest()
            )
        return identity

    def _check_length(self, upload: Upload, most: int) -> None:
        if upload.length > most and self._chunk_header is None:
            raise QueryError(
                f"The file has {upload.length:,} bytes, and SB takes {most:,} in one piece. How further pieces are put "
                "in order is documented nowhere: make it smaller, or name the header in blob_chunk_header if AFAS told "
                "you which one it is."
            )

    def _compare(self, blob: Blob, digest: bytes) -> None:
        found = hashlib.sha256()
        with self._blobs.download(blob) as content:
            for chunk in content:
                found.update(chunk)
        if found.digest() != digest:
            raise AnswerError(f"SB put the pieces together otherwise: do not attach {blob.id}.")


def _type_of(name: str) -> str:
    # Loaded where a file needs it. An object of its own: what the machine has beside the table is not asked.
    import mimetypes

    return mimetypes.MimeTypes().guess_type(name)[0] or _PLAIN
