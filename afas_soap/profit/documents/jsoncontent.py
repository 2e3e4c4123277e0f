"""Content out of REST answers: base64 in one JSON string, ``filedata``, decoded while it arrives.

``{"filename": ..., "mimetype": ..., "filedata": "base64"}``, the members in any order: reports and pictures tell their
type behind the content, and have no name (special-connectors 2 to 4). What stands in front of the string is small and
is read member by member; the string goes past any parser, up to its quote; what stands behind it is small again.
Escapes are undone in the bytes: .NET may write ``\\u002B`` for a plus, and others ``\\/`` for a slash.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.documents.base64stream import Base64Decoder
from afas_soap.profit.documents.content import Facts
from afas_soap.profit.encoding import without_lead
from afas_soap.profit.readers.errorbody import error_from_json, error_in

MEMBER = "filedata"
_NAMES = {"filename": "name", "mimetype": "media_type"}
# What stands beside the content is small.
_MOST_BESIDE = 2**20
_NO_JSON = "the answer is no well-formed JSON"
_ENDS_EARLY = "the answer ends before its end"
# What json stops at where a document ends within a word, a number, an escape or between two signs.
_BEGUN = re.compile(r"(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-|\.|[eE][-+]?|\\?u?[0-9A-Fa-f]{0,4})?[ \t\r\n]*\Z")
_LEAD = b"\xef\xbb\xbf \t\r\n"
_BLANK = re.compile(r"[ \t\r\n]*")
_ESCAPE = re.compile(rb"\\(?:u00([0-9A-Fa-f]{2})|([/nrtbf]))")
_ESCAPE_BEGUN = re.compile(rb"\\(?:u[0-9A-Fa-f]{0,3})?\Z")
_PLAIN = {b"/": b"/", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def json_content(chunks: Iterable[bytes], facts: Facts) -> Iterator[bytes]:
    """The bytes of the document in a REST answer, in chunks that are not empty; ``facts`` learns name and media type.

    Raises ``CutOff``, ``AnswerError``, and the ``ProfitError`` of an error body that came as a success.
    """
    source = without_lead(chunks)
    gathered, begin = beginning(source)
    if begin is None:
        raise _without(gathered)
    yield from content_behind(gathered, begin, source, facts)


def beginning(source: Iterator[bytes]) -> tuple[bytes, int | None]:
    """What came until it was clear where the content begins, and where in that its first quote stands: None when it
    has none, which may then be all of it, or be no JSON object, or be too much."""
    gathered, tried = bytearray(), 0
    for chunk in source:
        gathered += chunk
        # Looked at whenever it is twice as long: it may come byte by byte.
        if len(gathered) < 2 * tried:
            continue
        tried, begin = len(gathered), _content_at(gathered)
        if begin is not None or tried > _MOST_BESIDE or not may_be_object(gathered):
            return bytes(gathered), begin
    return bytes(gathered), _content_at(gathered)


def may_be_object(gathered: bytes | bytearray) -> bool:
    """Whether an answer that begins so may be a JSON object."""
    return gathered.lstrip(_LEAD)[:1] in (b"", b"{")


def whole_object(gathered: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    """``source``, which goes on where ``beginning`` ended with a JSON object that holds no content.

    Raises ``CutOff`` or ``AnswerError`` for one that is not whole: at once where ``gathered`` is all of it, and of a
    longer one, which is not held, behind the last chunk that is no closing brace.
    """
    if len(gathered) <= _MOST_BESIDE:
        _object(gathered)
    return _closed(gathered, source)


def _closed(gathered: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    last = gathered.rstrip()[-1:]
    for chunk in source:
        last = chunk.rstrip()[-1:] or last
        yield chunk
    if last != b"}":
        raise CutOff(_ENDS_EARLY)


def content_behind(gathered: bytes, begin: int, source: Iterator[bytes], facts: Facts) -> Iterator[bytes]:
    """The bytes of the document of which ``beginning`` found where it begins. An empty one beside what an error says is
    that error."""
    members = dict(_object(gathered[:begin] + b'""}'))
    _learn(facts, members)
    decoder, is_empty = Base64Decoder(), True
    tail = bytearray()
    for text in _string(itertools.chain((gathered[begin + 1 :],), source), tail):
        plain = decoder.feed(text)
        if plain:
            is_empty = False
            yield plain
    behind = _members_behind(bytes(tail))
    _learn(facts, behind)
    decoder.finish()
    if is_empty and (refusal := _refusal_in({**members, **behind})):
        raise refusal


def _refusal_in(members: Mapping[str, object]) -> Exception | None:
    """The error that stands beside an empty document; None for none."""
    body = error_in(members)
    if body is not None:
        return body.error()
    number, reference = members.get("errorNumber"), members.get("profitLogReference")
    if not number and not reference:
        return None
    return AnswerError(f'"{MEMBER}" is empty in the answer, and beside it stands an error that does not say why')


def _content_at(gathered: bytearray) -> int | None:
    """Where the string of the content begins, with its quote; None where it is not there yet, or something is wrong."""
    # A byte a sign, for the place is wanted; whether it is UTF-8 is looked at later.
    text = gathered.decode("latin-1")
    decoder = json.JSONDecoder()
    at, sign = len(text) - len(text.lstrip(_LEAD.decode("latin-1"))), "{"
    while text[at : at + 1] == sign:
        try:
            name, at = decoder.raw_decode(text, _blank(text, at + 1))
            at = _blank(text, at)
            if text[at : at + 1] != ":":
                return None
            at = _blank(text, at + 1)
            if name == MEMBER:
                return at if text[at : at + 1] == '"' else None
            _, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return None
        at, sign = _blank(text, at), ","
    return None


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None, "it matches nothing as well"
    return found.end()


def _without(document: bytes) -> Exception:
    """The error for a whole answer in which there is no content."""
    if not document.strip():
        return AnswerError("the answer is empty")
    if not may_be_object(document):
        return AnswerError("the answer is no JSON object, and so no document")
    if len(document) > _MOST_BESIDE:
        return AnswerError(f'the answer has no "{MEMBER}" in its first {_MOST_BESIDE:,} bytes')
    body = error_from_json(document)
    if body is not None:
        return body.error()
    members = _object(document)
    said = "holds no text" if MEMBER in members else "is missing"
    return AnswerError(f'"{MEMBER}" {said} in the answer, so it holds no document')


def _string(source: Iterator[bytes], tail: bytearray) -> Iterator[bytes]:
    """The text up to its quote, escapes undone; what stands behind it goes into ``tail``."""
    held = b""
    for chunk in source:
        end = chunk.find(b'"')
        text = held + (chunk if end < 0 else chunk[:end])
        held = b""
        if b"\\" in text:
            if end < 0 and (begun := _ESCAPE_BEGUN.search(text)):
                text, held = text[: begun.start()], begun[0]
            text = _ESCAPE.sub(_unescaped, text)
        yield text
        if end >= 0:
            for part in itertools.chain((chunk[end + 1 :],), source):
                tail += part
                if len(tail) > _MOST_BESIDE:
                    raise AnswerError(f'the answer goes on for more than {_MOST_BESIDE:,} bytes behind "{MEMBER}"')
            return
    raise CutOff(f'the answer ends before its end, within "{MEMBER}"')


def _unescaped(found: re.Match[bytes]) -> bytes:
    # Any other escape stays, and its backslash is refused as no sign of base64.
    return bytes([int(found[1], 16)]) if found[1] else _PLAIN.get(found[2], found[0])


def _members_behind(tail: bytes) -> Mapping[str, object]:
    members = _object(b'{"": ""' + tail)
    if MEMBER in members:
        raise AnswerError(f'the answer holds "{MEMBER}" twice')
    return members


def _object(data: bytes) -> Mapping[str, object]:
    """The members of an object, which ``data`` is known to begin as."""
    problem: AnswerError
    try:
        members: Mapping[str, object] = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        early = error.reason == "unexpected end of data"
        problem = CutOff(_ENDS_EARLY) if early else AnswerError("the answer is no UTF-8")
    except json.JSONDecodeError as error:
        problem = CutOff(_ENDS_EARLY) if _ends_early(error) else AnswerError(_NO_JSON)
    except (ValueError, RecursionError):
        problem = AnswerError(_NO_JSON)
    else:
        return members
    raise problem


def _ends_early(error: json.JSONDecodeError) -> bool:
    if error.msg.startswith("Extra"):
        return False
    return error.msg.startswith("Unterminated") or _BEGUN.match(error.doc, error.pos) is not None


def _learn(facts: Facts, members: Mapping[str, object]) -> None:
    """Take over what ``members`` tell of a document."""
    for theirs, ours in _NAMES.items():
        told = members.get(theirs)
        if isinstance(told, str) and told:
            setattr(facts, ours, told)
