"""Blobs as values: a document of a row, and an upload with the headers and bodies of its requests.

Source: small-business.md 3.4. AFAS contradicts itself about the second request of an upload: its guide sends the file
as a multipart part named ``file`` with the headers of the first one again, its OpenAPI file plain bytes with others.
Which header tells the place of a further piece is documented nowhere; its value is spelt as ``Content-Range`` is
(inferred).
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from afas_soap.errors import AnswerError, QueryError, SBError
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.errorbody import refusal_in

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_MEDIA = re.compile(r"[\w.+-]+/[\w.+-]+(;[ \w.+=\"-]*)?", re.ASCII)
_LONGEST_NAME = 255


class BlobForm(enum.StrEnum):
    """How the bytes of an upload are sent."""

    GUIDE = "guide"
    OPENAPI = "openapi"


@dataclass(frozen=True, slots=True)
class Blob:
    """A document of a row. ``read_key`` opens it, and runs out about a day after the row was read."""

    id: str
    read_key: Secret = field(repr=False)
    name: str = ""
    media_type: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What SB answers to the first request of an upload: how many bytes it takes in one piece, and a key to read it
    back with, should it give one (none is documented)."""

    chunk: int
    read_key: Secret | None = field(default=None, repr=False)


def checked_id(identity: str) -> str:
    """``identity`` as a blob's id. ``QueryError`` for what is none."""
    if isinstance(identity, str) and _ID.fullmatch(identity.strip()):
        return identity.strip().lower()
    raise QueryError("The id of a blob is a UUID, as the Id in the Blob of a row.")


def blobs_in(row: Mapping[str, object]) -> Iterator[Blob]:
    """The documents that a row names: in a column that is an object, an array of them, or the JSON of either."""
    for value in row.values():
        found = _json(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
        for each in found if isinstance(found, list) else [found]:
            blob = _blob(each) if isinstance(each, dict) else None
            if blob is not None:
                yield blob


def accepted(body: bytes) -> Accepted:
    """What the first answer of an upload says. ``SBError`` when it does not take the file, ``AnswerError`` when it does
    not say so, or not in which pieces."""
    found = _json(body)
    told = {name.lower(): value for name, value in found.items()} if isinstance(found, dict) else {}
    chunk, key = told.get("chunksize"), told.get("readkey")
    if told.get("blobaccepted") is False:
        raise SBError("SB did not take the file: its answer says that it was not accepted. Nothing of it was sent.")
    if told.get("blobaccepted") is not True or type(chunk) is not int or chunk <= 0:
        raise AnswerError(
            "SB did not take the file: its answer does not say that it was accepted, and in which pieces."
        )
    return Accepted(chunk, Secret(key) if isinstance(key, str) and key else None)


def taken(body: bytes) -> None:
    """Nothing, where the answer to the file itself says that SB has it: it has no body then, or one that says so.
    ``SBError`` where it says no, ``AnswerError`` for anything else."""
    if not body.strip():
        return
    refusal = refusal_in(body, 200)
    found = _json(body)
    told = {name.lower(): value for name, value in found.items()} if isinstance(found, dict) else {}
    if refusal is None and told.get("blobaccepted") is False:
        refusal = SBError("SB did not take the file: its answer says that it was not accepted.")
    if refusal is not None:
        raise refusal
    if told.get("blobaccepted") is not True and told.get("result") != "Succeeded":
        raise AnswerError("SB answered the file with something that does not say whether it has it.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: what its headers say. ``QueryError`` for a name or type that no header carries."""

    name: str
    media_type: str
    length: int

    def __post_init__(self) -> None:
        if not (self.name.isascii() and self.name.isprintable() and self.name.strip() == self.name != ""):
            raise QueryError(
                "The name of the file goes in a header of HTTP, which takes ASCII on one line: give it another one for "
                "SB (name=, CLI: --name), such as invoice-7.pdf."
            )
        if len(self.name) > _LONGEST_NAME:
            raise QueryError(f"The name of the file has more than {_LONGEST_NAME} characters: give it another one.")
        if not _MEDIA.fullmatch(self.media_type):
            raise QueryError("The media type of the file goes in a header: give one such as application/pdf.")

    @property
    def headers(self) -> Mapping[str, str]:
        """Those of the first request."""
        return {
            "blob-content-filename": self.name,
            "blob-content-length": str(self.length),
            "blob-content-type": self.media_type,
        }

    def piece(self, data: bytes, form: BlobForm, boundary: str) -> tuple[Mapping[str, str], bytes]:
        """Headers and body of the request that sends ``data``; ``boundary`` stands nowhere in it."""
        if form is BlobForm.OPENAPI:
            kinds = {"Blob-Upload-Type": "Blob", "Blob-Format": "Default"}
            return {**kinds, "Content-Type": "application/octet-stream"}, data
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_escaped(self.name)}"\r\n'
            f"Content-Type: {self.media_type}\r\n\r\n"
        )
        body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
        kinds = {"blob-upload-type": "blob", "Content-Type": f"multipart/form-data; boundary={boundary}"}
        return {**self.headers, **kinds}, body

    def place(self, begin: int, length: int) -> str:
        """Where a piece stands in the file."""
        return f"bytes {begin}-{begin + length - 1}/{self.length}"


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _json(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _blob(found: Mapping[str, object]) -> Blob | None:
    told = {name.lower(): value for name, value in found.items()}
    identity, key = told.get("id"), told.get("readkey")
    if not isinstance(identity, str) or not isinstance(key, str) or not key or not _ID.fullmatch(identity):
        return None
    length = told.get("contentlength")
    return Blob(
        identity.lower(),
        Secret(key),
        str(told.get("filename") or ""),
        str(told.get("contenttype") or ""),
        int(length) if isinstance(length, int) and length >= 0 else None,
    )
