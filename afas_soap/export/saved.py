"""Saved answers: a SOAP envelope, an ``AfasGetConnector`` document or REST JSON, told apart by how it begins."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, Protocol

from afas_soap.errors import AnswerError
from afas_soap.export.savedbytes import SavedBytes
from afas_soap.export.untyped import untyped_fields, with_every_column
from afas_soap.profit.envelope import soap_rows
from afas_soap.profit.fields import Fields
from afas_soap.profit.inline import fields_from_schema
from afas_soap.profit.jsonrows import json_rows
from afas_soap.profit.metainfo import fields_from_metainfo
from afas_soap.profit.names import column_name
from afas_soap.profit.rows import TYPED, Reading, Rows
from afas_soap.profit.xmlrows import xml_rows

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


_READERS: Mapping[str, Reader] = {"Envelope": soap_rows, "AfasGetConnector": xml_rows, "AfasDataConnector": xml_rows}
# What may stand in front of the root. Nothing is tried twice (``(?>`` and ``*+``): a file of comments costs its length.
_ROOT = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<(?:[^\s<>/&:!?]+:)?([^\s<>/&:!?]+)[\s/>]", re.DOTALL)
_ROW = re.compile(rb"<AfasGetConnector(?:\s[^<>&]*)?>\s*<([^\s<>/&:!?]+)")


def open_saved(
    source: Path | BinaryIO,
    *,
    fields: Fields | None = None,
    connector: str | None = None,
    reading: Reading = TYPED,
    whole: bool = True,
) -> Rows:
    """The rows of a saved answer; the caller closes them.

    Types come from ``fields`` or else from the schema in the file. Without either, and with ``whole``, the input is
    read twice: the columns are those of the whole input in order of first appearance, JSON keeps its own types, XML
    values stay text, and a warning says so. Without ``whole`` such rows have no ``fields``. ``connector`` names rows
    that have no name, and refuses others.

    Raises ``SettingsError`` when it cannot be read, ``CutOff`` when it ends before its end, ``AnswerError`` for what is
    no such answer, and the ``ProfitError`` of a saved fault.
    """
    saved = SavedBytes(source)
    try:
        head = next(saved.chunks(), b"")
        read = _reader(head)

        def again() -> Rows:
            return read(saved.chunks(), connector=connector, fields=fields, reading=reading)

        rows = again()
        if rows.fields is None and whole:
            return _untyped(rows, again, connector or _row_name(head), saved)
        saved.once()
        return Rows(rows.fields, iter(rows), _closing(rows, saved))
    except BaseException:
        saved.close()
        raise


def read_fields(path: Path) -> Fields:
    """The columns in a file: saved metainfo of one GetConnector (JSON), or the schema of one (XSD).

    Raises ``SettingsError`` when it cannot be read and ``AnswerError`` when it is neither.
    """
    saved = SavedBytes(path)
    try:
        data = b"".join(saved.chunks())
    finally:
        saved.close()
    if data.startswith(b"<"):
        return fields_from_schema(data)
    return fields_from_metainfo(data, _metainfo_name(data))


def _reader(head: bytes) -> Reader:
    if head.startswith(b"{"):
        return json_rows
    if match := _ROOT.match(head):
        root = match[1].decode(errors="replace")
        if root.lower() == "html":
            raise AnswerError("this is an HTML page, no answer of a GetConnector.")
        if root in _READERS:
            return _READERS[root]
    elif head.startswith(b"<"):
        # A DTD, or an end before the first tag is whole: the reader says which.
        return xml_rows
    raise AnswerError(_NEITHER if head else "the saved answer is empty.")


_NEITHER = "this is no saved answer: neither a SOAP envelope, nor AfasGetConnector XML, nor the JSON of REST rows."


def _untyped(rows: Rows, again: Callable[[], Rows], connector: str, saved: SavedBytes) -> Rows:
    with rows:
        found = untyped_fields(rows, connector)
    if found.columns:
        _LOG.warning(
            "the input has no schema: its columns are those that occur, with JSON's own types or as text in XML"
        )
    second = again()
    saved.once()
    return Rows(found, with_every_column(second, found), _closing(second, saved))


def _closing(rows: Rows, saved: SavedBytes) -> Callable[[], None]:
    def close() -> None:
        rows.close()
        saved.close()

    return close


def _row_name(head: bytes) -> str:
    """What the rows are called in XML without a schema, escaped or not, as far as it stands in the first block."""
    match = _ROW.search(head.replace(b"&lt;", b"<").replace(b"&gt;", b">"))
    return column_name(match[1].decode(errors="replace")) if match else UNNAMED


def _metainfo_name(data: bytes) -> str:
    """The connector that metainfo describes: ``name`` (profit-wire 3.4)."""
    try:
        document: object = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not document.get("fields"):
        raise AnswerError("these fields are neither metainfo of a GetConnector (JSON) nor its schema (XSD).")
    name = document.get("name")
    return name if isinstance(name, str) and name else UNNAMED
