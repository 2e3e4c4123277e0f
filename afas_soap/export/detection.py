"""Format detection: which kind of saved answer a file is, by how it begins, and what reads it."""

from __future__ import annotations

import contextlib
import functools
import itertools
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

from afas_soap.errors import AfasError, AnswerError
from afas_soap.export.csvrows import csv_rows, delimiter_in
from afas_soap.export.pages import ROOT, Pages
from afas_soap.profit.fields import Fields
from afas_soap.profit.names import column_name
from afas_soap.profit.readers.dataset import ROOTS
from afas_soap.profit.readers.envelope import soap_rows, xml_rows
from afas_soap.profit.readers.jsonpage import Layout
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.readers.jsonsaved import layout_of
from afas_soap.profit.rows import TYPED, Batch, Reading, Rows

_LOG = logging.getLogger("afas_soap.export")

UNNAMED = "Row"
"""What rows are called in XML when neither the file nor the caller names their connector."""


class Reader(Protocol):
    """What reads one kind of saved answer."""

    def __call__(
        self,
        chunks: Iterable[bytes],
        *,
        fields: Fields | None,
        connector: str | None = ...,
        reading: Reading = ...,
    ) -> Rows:
        """The rows in ``chunks``."""
        ...


_READERS: Mapping[str, Reader] = {
    "Envelope": soap_rows,
    **dict.fromkeys(("AfasGetConnector", "AfasDataConnector", *ROOTS), xml_rows),
}
# A DataSet may have a name of its own, which its document has for a root.
_DATASET = re.compile(rb"""IsDataSet\s*=\s*["']true""")
_TAG = rb"<(?:[^\s<>/&:!?]+:)?([^\s<>/&:!?]+)[\s/>]"
_INSIDE = rb"(?:\s[^<>&]*)?>\s*"
# The first row without a schema in front of it, in a diffgram behind the DataSet's own tag.
_ROW = re.compile(
    rb"(?:<(?:AfasGetConnector|NewDataSet|DocumentElement)|:diffgram" + _INSIDE + rb"<[^\s<>/&:!?]+)" + _INSIDE + _TAG
)


def reader_of(head: bytes, columns: Collection[str], *, named_csv: bool) -> Reader:
    """What reads a file that begins with ``head``, in UTF-8 and without blanks in front.

    ``columns`` are those that are known; ``named_csv`` says that the file's name makes it CSV. Raises ``AnswerError``
    for what is no saved answer.
    """
    text = head.decode(errors="replace")
    if rows := layout_of(text):
        return functools.partial(json_rows, layout=Layout(rows))
    if head.startswith(b"<"):
        return _xml_reader(head)
    if delimiter := delimiter_in(text, certain=named_csv, columns=columns):
        return functools.partial(_csv, delimiter=delimiter)
    raise AnswerError(_NEITHER if head else "the saved answer is empty.")


def row_name(head: bytes) -> str:
    """What the rows are called in XML without a schema, escaped or not; "" where that does not stand in ``head``."""
    match = _ROW.search(head.replace(b"&lt;", b"<").replace(b"&gt;", b">"))
    name = match[1].decode(errors="replace") if match else ""
    return "" if name == "schema" else column_name(name)


_NEITHER = (
    "this is no saved answer: neither a SOAP envelope, nor AfasGetConnector XML, nor the JSON of REST rows, nor JSON, "
    "JSON Lines or CSV as afas writes them (CSV of one column has a name that ends in .csv)."
)


def _xml_reader(head: bytes) -> Reader:
    match = ROOT.match(head)
    if match is None:
        # A DTD, or an end before the first tag is whole: the reader says which.
        return xml_rows
    root = match[2].decode(errors="replace")
    if root.lower() == "html":
        raise AnswerError("this is an HTML page, no answer of a GetConnector.")
    if root in _READERS or _DATASET.search(head):
        return functools.partial(_paged, _READERS.get(root, xml_rows))
    raise AnswerError(_NEITHER)


def _paged(
    read: Reader,
    chunks: Iterable[bytes],
    *,
    fields: Fields | None,
    connector: str | None = None,
    reading: Reading = TYPED,
) -> Rows:
    """The rows of all documents in ``chunks``, which must be of one connector and have the same columns."""
    pages = iter(Pages(chunks))

    def opened() -> Iterator[tuple[str, Rows]]:
        for page in pages:
            head = next(page)
            pieces = itertools.chain([head], page)
            yield row_name(head), read(pieces, fields=fields, connector=connector, reading=reading)

    following = opened()
    name, first = next(following)
    batches = itertools.chain(first.batches(), _following(name, first.fields, following))
    return Rows.of_batches(first.fields, batches, first.close)


def _following(name: str, fields: Fields | None, pages: Iterator[tuple[str, Rows]]) -> Iterator[Batch]:
    """The rows of the pages behind the first, which had rows of this name and these columns."""
    for number in itertools.count(2):
        with _about_page(number):
            other, rows = next(pages, ("", None))
            if rows is None:
                return
            name = name or other
            if (other and other != name) or rows.fields not in (fields, None):
                raise AnswerError("its rows are another connector's than those of the first, or have other columns")
            for batch in rows.batches():
                if rows.fields is None and fields is not None:
                    raise AnswerError("it has rows, and no schema as the first has")
                yield batch


@contextlib.contextmanager
def _about_page(number: int) -> Iterator[None]:
    try:
        yield
    except AfasError as error:
        error.message = f"page {number} of the file: {error.message}"
        error.args = (error.message,)
        raise


def _csv(
    chunks: Iterable[bytes],
    *,
    fields: Fields | None,
    connector: str | None = None,
    reading: Reading = TYPED,
    delimiter: str,
) -> Rows:
    if fields is None:
        _LOG.warning("the input has no schema: the values of CSV are text")
    return csv_rows(chunks, delimiter=delimiter, fields=fields, connector=connector or UNNAMED, reading=reading)
