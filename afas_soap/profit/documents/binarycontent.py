"""Content of answers to ``SendFileAsBinary: 1``: the document itself, or after all the JSON that it is wrapped in.

What answers that header is known from one public client alone (special-connectors 2), so the answer says what it is. It
is the wrapper only as a JSON object with a text ``filedata``; anything else is the document, also one that is JSON. One
that is called JSON and begins as an object must be a whole one, for half a wrapper has no ``filedata`` either.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import cast

from afas_soap.profit.documents.content import Facts
from afas_soap.profit.documents.jsoncontent import beginning, content_behind, may_be_object, whole_object
from afas_soap.profit.documents.sniffing import UNKNOWN
from afas_soap.profit.readers.errorbody import error_from_json

_JSON = ("application/json", "text/json")
# More digits are no length that anything has, and int takes no more than some thousands.
_LENGTH = re.compile(r"\s*[0-9]{1,18}\s*", re.ASCII)


def binary_content(chunks: Iterable[bytes], facts: Facts, told: Facts) -> Iterator[bytes]:
    """The bytes of the document, in chunks that are not empty. ``told`` is what the headers of the answer say, which is
    about the document only where it came as it is.

    Raises what ``json_content`` raises, of the wrapper alone, the ``ProfitError`` of a whole refusal, and ``CutOff`` or
    ``AnswerError`` for half an object that is called JSON.
    """
    source = iter(chunks)
    gathered, begin = beginning(source)
    if begin is not None:
        yield from content_behind(gathered, begin, source, facts)
        return
    body = error_from_json(gathered) if may_be_object(gathered) else None
    if body is not None and (body.is_whole_refusal or body.is_whole_absence):
        raise body.error()
    rest: Iterator[bytes] = filter(None, source)
    if told.media_type in _JSON and may_be_object(gathered):
        # Half a wrapper would be no document.
        rest = whole_object(gathered, rest)
    facts.name, facts.media_type, facts.length = told.name, told.media_type, told.length
    yield from filter(None, (gathered,))
    yield from rest


def facts_of_headers(content_type: str, disposition: str, length: str) -> Facts:
    """What headers tell of a document that came as it is: "" for one that is not there."""
    media = content_type.partition(";")[0].strip().lower()
    return Facts(
        _file_name(disposition), "" if media == UNKNOWN else media, int(length) if _LENGTH.fullmatch(length) else None
    )


def _file_name(disposition: str) -> str:
    """The name in a ``Content-Disposition``, of its two spellings the one that can say everything (RFC 6266, 4.3)."""
    message = Message()
    message["Content-Disposition"] = disposition.replace("\r", " ").replace("\n", " ")
    # Its types say text alone; a value is a tuple where its spelling names a character set.
    parameters = cast(list[tuple[str, object]], message.get_params([], "Content-Disposition"))
    names = [value for key, value in parameters if key.lower() == "filename"]
    extended = [collapse_rfc2231_value(value) for value in names if isinstance(value, tuple)]
    return extended[0] if extended else _plain("".join(map(str, names[:1])))


def _plain(name: str) -> str:
    """.NET writes a name that is not ASCII as an encoded word of mail (RFC 2047), and others as plain UTF-8."""
    if name.startswith("=?"):
        # What is none after all, or names no character set that is known, is the name as it stands.
        with contextlib.suppress(MessageError, LookupError, ValueError):
            return str(make_header(decode_header(name)))
    try:
        # A header is read as Latin-1.
        return name.encode("latin-1").decode()
    except UnicodeError:
        return name
