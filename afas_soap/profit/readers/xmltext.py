"""A streaming (SAX) reader of one long text in an XML document: what one element holds, in pieces, never whole.

The element lies at a path of local names below the root, whose own name does not matter. Everything else is passed over
and checked to be XML; a second element there is refused, for one would be lost. In a SOAP answer such a document stands
in the text of the result: ``element_text(result_bytes(chunks), path, encoding="utf-8")``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit import xmlsafe
from afas_soap.profit.encoding import Lead
from afas_soap.profit.readers.fastrows import slices
from afas_soap.profit.rows import MAX_VALUE

_NIL = f"http://www.w3.org/2001/XMLSchema-instance{xmlsafe.SEPARATOR}nil"
# Expat keeps every element that is open.
_MAX_DEPTH = 100

Path = tuple[str, ...]
"""Local names of elements, each in the one before, the first in the root."""


class ElementText:
    """One document, of which the text of the element at ``path`` is read; ``max_value`` is its largest size in bytes.

    ``encoding`` is that of the bytes where it is not for the document to declare.
    """

    def __init__(self, path: Path, *, max_value: int = MAX_VALUE, encoding: str | None = None) -> None:
        self.attributes: dict[str, str] = {}
        """Those without a namespace of the elements on the path, once the text was reached."""
        self._path = path
        self._max_value = max_value
        self._open: list[str] = []
        self._on_path = 0
        self._attributes: list[dict[str, str]] = []
        self._found = self._inside = False
        self._size = 0
        self._pieces: list[str] = []
        self._lead = Lead()
        self._fed = 0
        self._parser = parser = expat.ParserCreate(encoding, xmlsafe.SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = 65536
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def pieces(self, chunks: Iterable[bytes]) -> Iterator[str]:
        """The text as it comes. ``CutOff`` where the document ends too early, ``AnswerError`` for all else that is
        wrong, each behind what was whole; also when there is no such element."""
        for data in slices(chunks):
            problem = self._fed_with(data)
            text = "".join(self._pieces)
            self._pieces.clear()
            self._size += len(text.encode())
            if self._size > self._max_value:
                raise AnswerError(f"{self._path[-1]} is a value of more than max_value ({self._max_value:,} bytes)")
            if text:
                yield text
            if problem is not None:
                raise problem
        self._finish()

    def _fed_with(self, data: bytes) -> AnswerError | None:
        """Read on; what is wrong is told behind what stands before it."""
        data = self._lead.behind(data)
        self._fed += len(data)
        try:
            self._parser.Parse(data, False)
        except AnswerError as error:
            return error
        except expat.ExpatError as error:
            advice = xmlsafe.advice(error, self._parser, data, self._fed)
            return AnswerError(f"the document is no well-formed XML: {expat.ErrorString(error.code)}{advice}")
        except (LookupError, ValueError):
            return AnswerError("the document declares an encoding that is not known here")
        if self._fed > xmlsafe.MAX_MARKUP and xmlsafe.pending(self._parser, self._fed) > xmlsafe.MAX_MARKUP:
            return AnswerError(f"a tag or comment of more than {xmlsafe.MAX_MARKUP:,} bytes in the document")
        return None

    def _finish(self) -> None:
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError:
            problem = CutOff("the document ends before its end") if self._fed else AnswerError("the document is empty")
        else:
            if self._found:
                return
            problem = AnswerError(f"the document holds no {self._path[-1]}")
        raise problem

    def _doctype(self, *_: object) -> None:
        raise AnswerError(xmlsafe.NO_DTD.replace("XML", "document"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(xmlsafe.SEPARATOR)[2]
        if self._inside:
            raise AnswerError(f"{self._path[-1]} holds elements where a text is expected")
        depth = len(self._open)
        self._open.append(name)
        if depth >= _MAX_DEPTH:
            raise AnswerError(f"the document is nested more than {_MAX_DEPTH} deep")
        if depth != self._on_path + 1 or name != self._path[self._on_path]:
            return
        self._on_path = depth
        self._attributes[depth - 1 :] = [attributes]
        if depth == len(self._path):
            self._begin(attributes)

    def _begin(self, attributes: dict[str, str]) -> None:
        if self._found:
            raise AnswerError(f"the document holds more than one {self._path[-1]}")
        if attributes.get(_NIL, "").strip() in ("true", "1"):
            raise AnswerError(f"{self._path[-1]} is nil, which is no text")
        self._found = self._inside = True
        found = (pair for each in self._attributes for pair in each.items())
        self.attributes = {name: value for name, value in found if xmlsafe.SEPARATOR not in name}
        self._parser.CharacterDataHandler = self._pieces.append

    def _end(self, _tag: str) -> None:
        if self._inside:
            self._inside = False
            self._parser.CharacterDataHandler = None
        self._open.pop()
        self._on_path = min(self._on_path, max(len(self._open) - 1, 0))


def element_text(
    chunks: Iterable[bytes], path: Path, *, max_value: int = MAX_VALUE, encoding: str | None = None
) -> Iterator[str]:
    """The text of the element at ``path``, in pieces, as its document's bytes come; see ``ElementText``."""
    return ElementText(path, max_value=max_value, encoding=encoding).pieces(chunks)
