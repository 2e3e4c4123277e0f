"""A streaming parser of rows with a fast path: most rows are matched by one pattern, and only the others are parsed.

An answer of 100,000 rows is some 90 MB, half of it the escapes of one document in the text of another. Two parsers, one
in the other, take three times as long as matching a whole row with one regular expression where it stands, still
escaped (``rowpattern``). That is safe, because a whole row neither opens nor closes anything: the parser's state is the
same before and behind it. So this is how a document is read:

1. **The beginning** goes to the general parser (``rowreader``, in an ``envelope`` or alone), up to a mark: the end tag
   of the schema, or that of a row where the columns were given. If the parser then stands between two rows, nothing of
   it being held back, the pattern is compiled from the columns. It is not tried where one would not know what it finds:
   no columns, bytes that are not UTF-8, offsets that name a moment, a limit of values that only the parser looks at.
2. **Row behind row is matched**, with nothing but white space between. The pattern accounts for every byte of a row:
   what deviates in anything (an attribute, CDATA, a comment, a column in another place, a value of another shape) does
   not match, which means "unusual" and never "wrong".
3. **What does not match is fed to the parser**, as far as the next end tag of a row. When the parser then stands
   between two rows, matching goes on; else the next stretch goes to it as well. It alone decides what is an error.
4. **A row that has not ended** waits for the next piece. One that is longer than some pieces goes to the parser, so
   that nothing is matched again and again while it comes in.
5. **Giving up**: what is no UTF-8 or no character of XML, and the end of the document. From there on all is the
   parser's, with what was held back in front.

So every byte is either matched or parsed, in order, and both ways give equal records: the tests hold them against each
other with any split of the bytes. The rows of a piece are handed on together, an error behind those that were whole.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from afas_soap.errors import AnswerError
from afas_soap.profit.names import xml_name
from afas_soap.profit.readers.rowpattern import RowFunction, row_function
from afas_soap.profit.readers.rowreader import WHITE, RowReader
from afas_soap.profit.rows import Batch, Rows

_SLICE = 65536
# Rows longer than this go to the parser, so that a large value is not matched again and again while it comes in.
_MAX_ROW = 4 * _SLICE
# Below this the parser must look at the size of every value; a matched row is at most _MAX_ROW + _SLICE characters.
_LEAST_MAX_VALUE = 2**21
# The longest end tag looked for where one chunk ends and the next begins.
_MARK = 512
# The parser would look at each line end in it by itself: half a gigabyte of them took it twenty seconds.
_BLANKS = re.compile(f"[{WHITE}]++")


class Document(Protocol):
    """What is fed the bytes of an answer and hands the rows in it to ``reader``.

    ``escaped`` says whether the rows stand escaped in a text of an outer document.
    """

    escaped: bool
    reader: RowReader

    @property
    def encoding(self) -> str:
        """What the outermost document declares, in lower case."""
        ...

    def feed(self, data: bytes) -> None:
        """Read on."""
        ...

    def finish(self) -> None:
        """There is no more."""
        ...


def slices(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of 64 KiB at most, so that memory does not hang on how they were handed over."""
    for chunk in chunks:
        if len(chunk) <= _SLICE:
            yield chunk
        else:
            yield from (chunk[start : start + _SLICE] for start in range(0, len(chunk), _SLICE))


def open_rows(document: Document, chunks: Iterable[bytes], *, fast: bool = True) -> Rows:
    """Read until the columns are known, and give the rows. ``fast`` false keeps to the general parser."""
    controls, pieces = document.reader.reading.controls, chunks
    if controls is not None:
        pieces = controls.replaced(chunks, escaped=document.escaped)
    batches = _batches(document.reader, FastDocument(document) if fast else document, pieces)
    close = functools.partial(_close, batches, chunks)
    try:
        next(batches)
    except BaseException:
        close()
        raise
    return Rows.of_batches(document.reader.fields, batches, close)


def _close(*things: object) -> None:
    for thing in things:
        close = getattr(thing, "close", None)
        if close is not None:
            close()


class _Fed(Protocol):
    def feed(self, data: bytes) -> None: ...

    def finish(self) -> None: ...


def _batches(reader: RowReader, document: _Fed, chunks: Iterable[bytes]) -> Iterator[Batch]:
    """An empty batch when the columns are known, then the records of each slice; an error behind what was whole."""
    announced = False
    for step in _steps(document, chunks):
        problem: AnswerError | None = None
        try:
            step()
        except AnswerError as error:
            problem = error
        if reader.ready and not announced:
            announced = True
            yield []
        if reader.done:
            yield reader.take()
        if problem is not None:
            raise problem


def _steps(document: _Fed, chunks: Iterable[bytes]) -> Iterator[Callable[[], None]]:
    for data in slices(chunks):
        yield functools.partial(document.feed, data)
    yield document.finish


class FastDocument:
    """A document in which rows that look as expected are matched, and all else is fed to the parser."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reader = document.reader
        # Bytes until the schema has been read, then text, in the end perhaps neither: all to the parser.
        self._mark = self._first_mark()
        self._bytes = b""
        self._text: str | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._between = False
        self._row_end = ""
        self._read: RowFunction | None = None

    def _first_mark(self) -> re.Pattern[bytes] | None:
        """The end tag behind which rows may be matched: that of the schema or, where columns are given, of a row."""
        if self._reader.reading.max_value < _LEAST_MAX_VALUE:
            return None
        tags = [rb"(?:[^<>&\s/]{1,200}:)?schema"]
        if self._reader.fields is not None:
            tags.append(re.escape(xml_name(self._reader.connector or self._reader.fields.connector).encode()))
        left, right = (b"&lt;", b"&gt;") if self._document.escaped else (b"<", b">")
        return re.compile(left + b"/(?:" + b"|".join(tags) + rb")\s{0,100}" + right)

    def feed(self, data: bytes) -> None:
        """Read on."""
        if self._text is not None:
            self._feed_text(data)
        elif self._mark is not None:
            self._feed_beginning(self._mark, data)
        else:
            self._document.feed(data)

    def finish(self) -> None:
        """There is no more."""
        self._give_up(b"")
        self._document.finish()

    def _give_up(self, data: bytes) -> None:
        """Everything from here on is the parser's."""
        held = self._bytes if self._text is None else self._text.encode() + self._decoder.getstate()[0]
        self._bytes, self._text, self._mark = b"", None, None
        self._document.feed(held + data)

    def _feed_beginning(self, mark: re.Pattern[bytes], data: bytes) -> None:
        data, self._bytes = self._bytes + data, b""
        position = 0
        while found := mark.search(data, position):
            self._document.feed(data[position : found.end()])
            position = found.end()
            if self._reader.between_rows(self._length(found[0])) and self._can_match():
                self._text = ""
                self._feed_text(data[position:])
                return
        self._bytes = data[position:]
        if self._reader.ready and (self._reader.fields is None or self._reader.rows):  # no mark will come any more
            self._give_up(b"")
        elif len(self._bytes) > _MARK:
            self._bytes = self._bytes[-_MARK:]
            self._document.feed(data[position:-_MARK])

    def _length(self, tag: bytes | str) -> int:
        """How many bytes of the inner document an end tag is."""
        return len(tag) - (len("&lt;&gt;") - len("<>") if self._document.escaped else 0)

    def _can_match(self) -> bool:
        """Whether rows can be matched in this document; prepares for it."""
        reader, document = self._reader, self._document
        if reader.fields is None or reader.row_tag is None or not all(reader.fields.names) or reader.moments:
            return False
        if document.encoding not in ("utf-8", "utf8"):
            return False
        left, right = ("&lt;", "&gt;") if document.escaped else ("<", ">")
        self._row_end = f"{left}/{reader.row_tag}{right}"
        self._read = row_function(reader.fields, reader.row_tag, reading=reader.reading, escaped=document.escaped)
        self._between = True
        return True

    def _feed_text(self, data: bytes) -> None:
        assert self._text is not None
        text: str | None
        try:
            text = self._decoder.decode(data)
        except UnicodeDecodeError:
            text = None
        if text is None:
            self._give_up(data)  # for the parser to refuse
        else:
            self._text += text
            if "\uffff" in text or "\ufffe" in text:  # no characters of XML
                self._give_up(b"")
            else:
                self._text = self._text[self._advance(self._text) :]

    def _advance(self, text: str) -> int:
        """Read what is whole; the position behind it."""
        position = 0
        while True:
            if self._between:
                position = self._match(text, position)
            end = text.find(self._row_end, position)
            if end < 0:
                break
            end += len(self._row_end)
            self._parse(text[position:end])
            position = end
        if len(text) - position > _MAX_ROW:
            end = len(text) - len(self._row_end)
            self._parse(text[position:end])
            position = end
        return position

    def _match(self, text: str, position: int) -> int:
        """Read rows and the white space between them; the position behind what could be read."""
        assert self._read is not None
        done = self._reader.done
        before = len(done)
        while True:
            position = self._read(text, position, done.append)
            blanks = _BLANKS.match(text, position)
            if blanks is None:
                break
            position = blanks.end()
        self._reader.rows += len(done) - before
        return position

    def _parse(self, text: str) -> None:
        self._document.feed(text.encode())
        self._between = self._reader.between_rows(self._length(self._row_end.encode()))
