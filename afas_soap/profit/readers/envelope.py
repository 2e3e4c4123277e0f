"""XML answers, streamed: the SOAP envelope (1.1 and 1.2) round a result text, and rows in an envelope or without one.

A result is one text that is itself an escaped document (profit-wire 1.3). An empty result element is an answer without
rows; everything else that is no result is an error of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from afas_soap.errors import AnswerError, CutOff, ProfitError
from afas_soap.profit import xmlsafe
from afas_soap.profit.encoding import LEAD, Lead
from afas_soap.profit.fields import Fields
from afas_soap.profit.readers.fastrows import open_rows, slices
from afas_soap.profit.readers.faults import Fault, fault_in, read_fault
from afas_soap.profit.readers.rowreader import WHITE, RowReader
from afas_soap.profit.rows import TYPED, Reading, Rows

__all__ = [
    "Envelope",
    "Fault",
    "called_result",
    "execute_result",
    "read_fault",
    "result_bytes",
    "simple_result",
    "soap_rows",
    "xml_rows",
]

SERVICES = "urn:Afas.Profit.Services"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
_NIL = f"http://www.w3.org/2001/XMLSchema-instance{xmlsafe.SEPARATOR}nil"

# What stands before the result, and a whole Fault, are small.
_MAX_HEAD = 2**20


def soap_rows(
    chunks: Iterable[bytes],
    *,
    connector: str | None = None,
    fields: Fields | None = None,
    reading: Reading = TYPED,
    wanted: bool = True,
) -> Rows:
    """The rows of a whole SOAP answer of GetData or GetDataWithOptions, as its bytes come.

    ``connector`` is the one asked for, ``fields`` its columns where the answer has no schema (or to read it otherwise
    than the schema says). ``wanted`` is whether rows were asked for: then a result that is nil is an error, and not an
    answer without rows. Returns as soon as the columns are known. Raises the ``ProfitError`` of a Fault (also one
    sent with HTTP 200), ``CutOff``, or ``AnswerError``; those behind the first rows are raised when reached, after
    the rows that were whole.
    """
    return open_rows(soap_document(connector=connector, fields=fields, reading=reading, wanted=wanted), chunks)


def xml_rows(
    chunks: Iterable[bytes],
    *,
    connector: str | None = None,
    fields: Fields | None = None,
    reading: Reading = TYPED,
) -> Rows:
    """The rows of an ``AfasGetConnector`` document, as its bytes come; UTF-8 unless it declares otherwise.

    ``fields`` gives the columns of a document without a schema (or reads it otherwise than its schema says). With
    neither, ``Rows.fields`` is None and a record holds the columns that stand in its row, as text. Errors as
    ``soap_rows``.
    """
    return open_rows(XmlDocument(RowReader(connector=connector, fields=fields, reading=reading)), chunks)


def result_bytes(chunks: Iterable[bytes], *, wanted: bool = False) -> Iterator[bytes]:
    """The result text as UTF-8, one level of escaping taken off, as its bytes come. Errors as ``soap_rows``."""
    envelope = Envelope()
    for data in slices(chunks):
        envelope.feed(data)
        if envelope.pieces:
            yield envelope.take().encode()
    envelope.finish()
    if wanted:
        envelope.check_result()


def simple_result(data: bytes) -> str:
    """The result text of a small answer, such as a version or a schema. Errors as ``soap_rows``."""
    return b"".join(result_bytes([data])).decode()


def execute_result(data: bytes) -> str:
    """The result text of ``AppConnectorUpdate.Execute``, which may be empty. Errors as ``soap_rows``, and for the
    answer of another operation and a result that is nil, which no update gives."""
    envelope = Envelope()
    envelope.feed(data)
    envelope.finish()
    if envelope.operation != "Execute":
        raise AnswerError("this is the SOAP answer of another operation than an update's")
    if envelope.is_nil:
        raise AnswerError("the result of the update is nil, which says nothing")
    return envelope.take()


def called_result(data: bytes, operation: str) -> str:
    """The result text of a small answer to ``operation``, "" also where that gives none. ``AnswerError`` for any other
    document. What may be a secret has no name here: a traceback may show what names stand for."""
    answered = xmlsafe.parse(data).find(f"{{*}}Body/{{{SERVICES}}}{operation}Response")
    del data
    if answered is None:
        raise AnswerError(f"this is no SOAP answer of {operation}")
    return answered.findtext(f"{{{SERVICES}}}{operation}Result") or ""


class Envelope:
    """The outer document: fed the bytes of the answer, it gathers the text of the result element in ``pieces``.

    ``rows`` says that the result holds rows, for what is advised against errors.
    """

    def __init__(self, *, rows: bool = False) -> None:
        self._rows = rows
        self._lead = Lead()
        self.pieces: list[str] = []
        self.encoding = "utf-8"
        self.operation = ""
        """Whose answer it is, such as ``Execute``, once its result was reached and both its elements say so."""
        self.is_nil = False
        """Whether the result says of itself that there is none (``xsi:nil``)."""
        self._head: bytearray | None = bytearray()
        self._path: list[str] = []
        self._result: bool | None = None  # None before, True inside, False behind the result element
        self._is_fault = False
        self._fed = 0
        self._parser = parser = expat.ParserCreate(None, xmlsafe.SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = 65536
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._outside

    def feed(self, data: bytes) -> None:
        """Read on. Raises ``AnswerError``; the text before the trouble stands in ``pieces``."""
        data = self._lead.behind(data)
        if self._head is not None:
            self._head += data
            if len(self._head) > _MAX_HEAD:
                raise AnswerError(f"this SOAP answer has no result in its first {_MAX_HEAD:,} bytes")
        if self._is_fault:
            return
        self._fed += len(data)
        try:
            self._parser.Parse(data, False)
        except _FaultFound:
            self._is_fault = True
        except expat.ExpatError as error:
            raise self._unreadable(error, data) from None
        except (LookupError, ValueError):
            raise AnswerError("the answer declares an encoding that is not known here") from None
        if self._result is not None:
            self._head = None
            if self._fed > xmlsafe.MAX_MARKUP and xmlsafe.pending(self._parser, self._fed) > xmlsafe.MAX_MARKUP:
                raise AnswerError(f"a tag or comment of more than {xmlsafe.MAX_MARKUP:,} bytes in the SOAP answer")

    def finish(self) -> None:
        """There is no more. Raises ``CutOff`` when the answer is not at its end, and the error of a Fault."""
        if self._is_fault:
            raise self._fault()
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError:
            if self._head is not None and not self._head.strip():
                raise AnswerError("the answer is empty") from None
            raise CutOff("the SOAP answer ends before its end") from None
        if self._result is None:
            raise AnswerError("this SOAP answer has no result element")

    def check_result(self) -> None:
        """Raise ``AnswerError`` for a result that is nil: an empty one has no rows, and this one is no answer."""
        if self.is_nil:
            raise AnswerError(
                "the result of the SOAP answer is nil, which is not even an answer without rows: ask again, and if it "
                "stays so, ask AFAS with the trace id"
            )

    def check_content(self) -> None:
        """Raise ``AnswerError`` for a result that is nil: a document may be empty, and this is none."""
        if self.is_nil:
            raise AnswerError("the result of the SOAP answer is nil, which is no document")

    def check_answer(self, operation: str) -> None:
        """Raise ``AnswerError`` for the answer of another operation, and as ``check_content``."""
        if self.operation and self.operation != operation:
            raise AnswerError(f"this is the SOAP answer of {self.operation}, where that of {operation} is expected")
        self.check_content()

    @property
    def is_open(self) -> bool:
        """Whether what is fed now is the text of the result."""
        return self._result is True

    def take(self) -> str:
        """The text of the result since the last time."""
        text = "".join(self.pieces)
        self.pieces.clear()
        return text

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()

    def _doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":
            raise AnswerError(_HTML)
        raise AnswerError(xmlsafe.NO_DTD.replace("XML", "answer"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        depth = len(self._path)
        self._path.append(tag)
        if depth == 0:
            _check_root(tag)
        elif depth == 1:
            _check_part(tag)
        elif self._in_header():
            return
        elif depth == 2 and tag in (f"{SOAP11}}}Fault", f"{SOAP12}}}Fault"):
            raise _FaultFound
        elif depth == 3 and self._result is None and tag.startswith(f"{SERVICES}}}") and tag.endswith("Result"):
            self._open(tag, attributes)
        elif depth != 2 or self._result is not None:
            raise AnswerError("this SOAP answer holds an element where the text of one result is expected")

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        """The result begins."""
        named = tag.removesuffix("Result")
        self.operation = named.rpartition(xmlsafe.SEPARATOR)[2] if self._path[2] == f"{named}Response" else ""
        self.is_nil = attributes.get(_NIL, "").strip() in ("true", "1")
        self._result = True
        self._parser.CharacterDataHandler = self.pieces.append

    def _end(self, _tag: str) -> None:
        self._path.pop()
        if self._result and len(self._path) == 3:
            self._result = False
            self._parser.CharacterDataHandler = self._outside

    def _outside(self, text: str) -> None:
        if text.strip(WHITE) and not self._in_header():
            raise AnswerError("this SOAP answer holds text outside its result")

    def _in_header(self) -> bool:
        return len(self._path) > 1 and self._path[1] in (f"{SOAP11}}}Header", f"{SOAP12}}}Header")

    def _fault(self) -> ProfitError:
        fault = fault_in(xmlsafe.parse(bytes(self._head or b"")))
        assert fault is not None
        return fault.error()

    def _unreadable(self, error: expat.ExpatError, data: bytes) -> AnswerError:
        if self._path or self._result is not None:
            advice = xmlsafe.advice(error, self._parser, data, self._fed, rows=self._rows)
            return AnswerError(f"the SOAP answer is no well-formed XML: {expat.ErrorString(error.code)}{advice}")
        beginning = bytes((self._head or b"")[:1000]).lower()
        if beginning.startswith((b"{", b"[")):
            return AnswerError("the answer is JSON where SOAP is expected: is this the REST address?")
        if b"<html" in beginning or b"<!doctype html" in beginning:
            return AnswerError(_HTML)
        return AnswerError(f"the answer is no SOAP: {expat.ErrorString(error.code)}")


class _FaultFound(Exception):  # noqa: N818 - it ends the reading, it is no error
    """The body holds a Fault, which is gathered and read whole."""


_HTML = "the answer is an HTML page where SOAP is expected: perhaps from a proxy, or the address is wrong"


def _check_root(tag: str) -> None:
    if tag in (f"{SOAP11}}}Envelope", f"{SOAP12}}}Envelope"):
        return
    if tag.rpartition(xmlsafe.SEPARATOR)[2].lower() == "html":
        raise AnswerError(_HTML)
    raise AnswerError("the answer is no SOAP envelope: its root has another name or namespace")


def _check_part(tag: str) -> None:
    namespace, _, name = tag.rpartition(xmlsafe.SEPARATOR)
    if namespace not in (SOAP11, SOAP12) or name not in ("Header", "Body"):
        raise AnswerError("this SOAP envelope holds something that is neither its header nor its body")


class XmlDocument:
    """A document with nothing around it."""

    escaped = False

    def __init__(self, reader: RowReader) -> None:
        self.reader = reader
        self._empty = True

    @property
    def encoding(self) -> str:
        """What the document declares."""
        return self.reader.encoding

    def feed(self, data: bytes) -> None:
        """Read on."""
        self._empty = self._empty and not data.strip()
        self.reader.feed(data)

    def finish(self) -> None:
        """There is no more."""
        if self._empty:
            raise AnswerError("the document is empty")
        self.reader.finish()


class SoapDocument:
    """An envelope with rows in its result: the outer parser hands the result text to the inner one."""

    escaped = True

    def __init__(self, reader: RowReader, *, wanted: bool) -> None:
        self.reader = reader
        self._wanted = wanted
        self._envelope = Envelope(rows=True)
        self._began = False

    @property
    def encoding(self) -> str:
        """What the envelope declares; the result text is text and has none of its own."""
        return self._envelope.encoding

    def feed(self, data: bytes) -> None:
        """Read on: what is whole is read, also before an error in the same bytes."""
        try:
            self._envelope.feed(data)
        finally:
            self._pass_on()

    def finish(self) -> None:
        """There is no more."""
        self._envelope.finish()
        if self._wanted:
            self._envelope.check_result()
        if self._began:
            self.reader.finish()
        self.reader.ready = True

    def _pass_on(self) -> None:
        text = self._envelope.take()
        if not self._began:
            text = text.lstrip(LEAD)
        if text:
            self._began = True
            self.reader.feed(text.encode())


def soap_document(
    *, connector: str | None, fields: Fields | None, reading: Reading, wanted: bool = True
) -> SoapDocument:
    """A SOAP answer to be fed, with the reader of its rows."""
    return SoapDocument(RowReader(connector=connector, fields=fields, reading=reading, encoding="utf-8"), wanted=wanted)
