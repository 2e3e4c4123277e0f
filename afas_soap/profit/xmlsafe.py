"""XML from outside, read whole: no DTD, no entities of its own, no network, and a stated limit.

For small documents (schemas, filters, faults, tokens). Rows never come this way: they are streamed by
``profit.readers.envelope``.
"""

from __future__ import annotations

from xml.parsers import expat

from lxml import etree

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.encoding import LEAD, as_utf8

MAX_DOCUMENT = 256 * 2**20
"""The largest document ``parse`` takes, in bytes."""

MAX_MARKUP = 2**20
"""The longest tag, comment or processing instruction in a stream, in bytes: expat keeps it whole until it ends."""

SEPARATOR = "}"
"""Between namespace and name in what expat calls a tag, as ElementTree has it; expat refuses it in a namespace."""

_NOT_ASCII, _BLANK = 0x80, 0x20
_NO_UTF8 = ": a byte stands there that is no UTF-8: save it as UTF-8, or declare the encoding that it has"
_CONTROL = ": replace_controls=True reads it with U+FFFD in place of each character that XML cannot carry"
_INVALID_TOKEN = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
_BAD_REFERENCE = expat.errors.codes[expat.errors.XML_ERROR_BAD_CHAR_REF]

NO_DTD = "the XML has a document type declaration (DTD), which is refused because it can define entities"


class _PrologRead(Exception):  # noqa: N818 - it ends the reading, it is no error
    """The first tag is reached: no DTD can follow."""


def parse(data: bytes | str) -> etree._Element:
    """The root element of a whole document, whatever encoding it is in and blanks in front of it (``profit.encoding``).

    Raises ``CutOff`` when it ends before its end, ``AnswerError`` when it is no well-formed XML, has a DTD, or is
    larger than ``MAX_DOCUMENT``. Messages say where, never what.
    """
    raw, encoding = _raw(data)
    if len(raw) > MAX_DOCUMENT:
        raise AnswerError(f"the XML is {len(raw):,} bytes, over the limit of {MAX_DOCUMENT:,}")
    _refuse_dtd(raw, encoding)
    # huge_tree: libxml2 otherwise refuses a text over 10,000,000 bytes. Without a DTD nothing in it can grow.
    parser = etree.XMLParser(encoding=encoding, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, LookupError) as error:
        problem = _problem(raw, encoding, error)
    raise problem


def _raw(data: bytes | str) -> tuple[bytes, str | None]:
    """The bytes, and their encoding when it is not for the document to declare: a ``str`` may declare any."""
    if isinstance(data, bytes):
        return as_utf8(data), None
    try:
        return data.lstrip(LEAD).encode(), "utf-8"
    except UnicodeEncodeError:
        problem = AnswerError("the XML holds half of a surrogate pair, which is no character")
    raise problem


def _refuse_dtd(raw: bytes, encoding: str | None) -> None:
    """Read up to the first tag with expat, before libxml2 sees a byte."""
    parser = expat.ParserCreate(encoding)
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _first_tag
    problem: AnswerError
    try:
        parser.Parse(raw, True)
    except _PrologRead:
        return
    except expat.ExpatError as error:
        # Not left to libxml2, which reads encodings that expat does not (UTF-32), and a DTD in them.
        problem = _problem(raw, encoding, error)
    except (LookupError, ValueError):
        problem = AnswerError("the XML declares an encoding that is not known here")
    raise problem from None


def _doctype(*_: object) -> None:
    raise AnswerError(NO_DTD)


def _first_tag(*_: object) -> None:
    raise _PrologRead


def _problem(raw: bytes, encoding: str | None, error: Exception) -> AnswerError:
    """Why it cannot be read: expat's reasons are fixed texts, libxml2's quote the document."""
    if not raw.strip():
        return AnswerError("the XML is empty")
    parser = expat.ParserCreate(encoding)
    try:
        parser.Parse(raw, False)
    except expat.ExpatError as found:
        # Its own words are fixed texts and quote nothing.
        what = f"{expat.ErrorString(found.code)} (line {found.lineno}, column {found.offset + 1})"
        return AnswerError(f"the XML is not well-formed: {what}{advice(found, parser, raw, len(raw))}")
    try:
        parser.Parse(b"", True)
    except expat.ExpatError:
        return CutOff("the XML ends before its end")
    # libxml2 is the stricter of the two in a few things, such as undeclared prefixes.
    return AnswerError(f"the XML is not well-formed (line {getattr(error, 'lineno', 1)})")


def advice(error: expat.ExpatError, parser: expat.XMLParserType, data: bytes, fed: int, *, rows: bool = False) -> str:
    """What helps against what expat refused in ``data``, which was fed last and ends at ``fed`` bytes; "" for nothing.

    ``rows`` says that it stands in an answer with rows, which can be read with such characters replaced.
    """
    behind = distance(parser.ErrorByteIndex, fed)
    byte = data[-behind] if error.code == _INVALID_TOKEN and 0 < behind <= len(data) else _BLANK
    if error.code == _BAD_REFERENCE or byte < _BLANK:
        return _CONTROL if rows else ""
    return _NO_UTF8 if byte >= _NOT_ASCII else ""


def pending(parser: expat.XMLParserType, fed: int) -> int:
    """How many of the bytes ``fed`` are the beginning of a tag or comment that has not ended. Texts never pend."""
    return distance(parser.CurrentByteIndex, fed)


def distance(index: int, fed: int) -> int:
    """From a byte index of expat's to the end of what was fed. It is a C long, which wraps where that has 32 bits."""
    return (fed - index) % 2**32
