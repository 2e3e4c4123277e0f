"""All attachments of a dossier item out of one SOAP answer (``GetSubjectAttachmentData``), one after another.

The result is an escaped document: ``<SubjectAttachmentData>``, and in it ``<Attachment filename="...">`` with a
``<Data>`` of base64 each (special-connectors 1). Two parsers, the outer one handing the inner one its text, in constant
memory. There are no ids of files in it, so two files of one name cannot be told apart.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Iterator
from xml.parsers import expat

from afas_soap.errors import AnswerError, CutOff, QueryError
from afas_soap.profit import xmlsafe
from afas_soap.profit.documents.base64stream import Base64Decoder
from afas_soap.profit.documents.content import Content, Facts
from afas_soap.profit.documents.sniffing import sniffed
from afas_soap.profit.encoding import Lead, utf8_pieces
from afas_soap.profit.readers.envelope import Envelope
from afas_soap.profit.readers.fastrows import slices

Event = str | bytes | None
"""What is met one after another: the name of a document that begins, bytes of it, and None for its end."""

_OPERATION = "GetSubjectAttachmentData"
_WAY = ("SubjectAttachmentData", "Attachment", "Data")
_ROOT, _ATTACHMENT, _DATA = 1, 2, 3


def data_events(chunks: Iterable[bytes]) -> Generator[Event]:
    """What the answer holds, as its bytes come. Errors as ``soap_content``, and for an attachment without content."""
    envelope, data = Envelope(), _Data()
    for piece in slices(utf8_pieces(chunks)):
        envelope.feed(piece)
        envelope.check_answer(_OPERATION)
        yield from data.feed(envelope.take().encode())
    envelope.finish()
    envelope.check_answer(_OPERATION)
    data.finish()


def contents_of(events: Generator[Event]) -> Generator[Content]:
    """Each document, to be read before the next one is asked for: what is left of it is passed over then, and who goes
    on to read it is told so. ``events`` are closed with it."""
    with contextlib.closing(events):
        for event in events:
            assert isinstance(event, str), "behind the end of a document the next one begins"
            part, facts = _Part(events), Facts(event)
            yield Content(sniffed(part, facts), facts)
            part.pass_over()


class _Part:
    """The bytes of one document among the events of all."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._ended = False
        self._passed_over = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._passed_over:
            raise QueryError("This attachment was passed over when the next one was asked for: read each before that.")
        event = None if self._ended else self._next()
        if event is None:
            self._ended = True
            raise StopIteration
        return event

    def pass_over(self) -> None:
        """Go on to its end, and give nothing of it any more."""
        while not self._ended:
            self._passed_over = True
            self._ended = self._next() is None

    def _next(self) -> bytes | None:
        event = next(self._events, "")
        if isinstance(event, str):
            raise QueryError("The answer with this attachment broke off, or was closed, before it was read to its end.")
        return event


class _Data:
    """The inner document, to be fed."""

    def __init__(self) -> None:
        self._lead = Lead()
        self._events: list[Event] = []
        self._decoder = Base64Decoder()
        self._depth = 0
        self._has_data = False
        self._fed = 0
        # What its text declares is not so: it is UTF-8 here.
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = 65536
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def feed(self, data: bytes) -> list[Event]:
        """Read on, and what was met."""
        data = self._lead.behind(data)
        self._fed += len(data)
        try:
            self._parser.Parse(data, False)
        except expat.ExpatError as error:
            raise AnswerError(f"the attachments are no well-formed XML: {expat.ErrorString(error.code)}") from None
        if xmlsafe.pending(self._parser, self._fed) > xmlsafe.MAX_MARKUP:
            raise AnswerError(f"a tag or comment of more than {xmlsafe.MAX_MARKUP:,} bytes in the attachments")
        events, self._events = self._events, []
        return events

    def finish(self) -> None:
        """There is no more. An empty result is an answer without attachments."""
        if not self._fed:
            return
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError:
            raise CutOff("the attachments end before their end") from None

    def _doctype(self, *_: object) -> None:
        raise AnswerError(xmlsafe.NO_DTD)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth <= _DATA and tag != _WAY[self._depth - 1]:
            raise AnswerError(f"the attachments hold an element where {_WAY[self._depth - 1]} is expected")
        if self._depth == _ATTACHMENT:
            self._has_data = False
            self._events.append(attributes.get("filename", ""))
        elif self._depth == _DATA and self._has_data:
            raise AnswerError("an attachment of the dossier item has its content twice")
        elif self._depth == _DATA:
            self._has_data = True
            self._decoder = Base64Decoder()
        elif self._depth > _DATA:
            raise AnswerError("the attachments hold an element where the text of one is expected")

    def _end(self, _tag: str) -> None:
        if self._depth == _DATA:
            self._decoder.finish()
        elif self._depth == _ATTACHMENT and not self._has_data:
            raise AnswerError("an attachment of the dossier item has no content (Data)")
        elif self._depth == _ATTACHMENT:
            self._events.append(None)
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._depth == _DATA:
            plain = self._decoder.feed(text.encode("ascii", "replace"))
            if plain:
                self._events.append(plain)
        elif text.strip():
            raise AnswerError("the attachments hold text outside their content")
