"""Rows of an ``AfasGetConnector`` document: the result text of GetData, or a file it was saved to."""

from __future__ import annotations

from collections.abc import Iterable

from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Fields
from afas_soap.profit.readers.fastrows import open_rows
from afas_soap.profit.readers.rowreader import RowReader
from afas_soap.profit.rows import TYPED, Reading, Rows


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
