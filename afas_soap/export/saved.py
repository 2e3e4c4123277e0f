"""Saved answers, and what ``afas`` or a .NET ``DataSet`` wrote of them, back to rows."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from afas_soap.errors import AnswerError
from afas_soap.export.detection import UNNAMED, reader_of, row_name
from afas_soap.export.savedbytes import SavedBytes
from afas_soap.export.untyped import untyped_fields, with_every_column
from afas_soap.profit.connectors.metainfo import fields_from_metainfo
from afas_soap.profit.fields import Fields
from afas_soap.profit.readers.inline import fields_from_schema
from afas_soap.profit.rows import TYPED, Reading, Rows

_LOG = logging.getLogger("afas_soap.export")


def open_saved(
    source: Path | BinaryIO,
    *,
    fields: Fields | None = None,
    connector: str | None = None,
    reading: Reading = TYPED,
    whole: bool = True,
) -> Rows:
    """The rows of a saved answer; the caller closes them.

    A SOAP envelope, an ``AfasGetConnector`` document or what a ``DataSet`` made of it, REST's JSON, and the JSON, JSON
    Lines and CSV of ``export.formats``. Several of one kind, one behind the other, are read as one.

    Types come from ``fields`` or else from the schema in the file. Without either, and with ``whole``, the input is
    read twice: the columns are those of the whole input in order of first appearance, JSON keeps its own types, XML
    and CSV values stay text, and a warning says so. Without ``whole`` such rows may have no ``fields``. ``connector``
    names rows that have no name, and refuses others.

    Raises ``SettingsError`` when it cannot be read, ``CutOff`` when it ends before its end, ``AnswerError`` for what is
    no such answer, and the ``ProfitError`` of a saved refusal.
    """
    saved = SavedBytes(source)
    try:
        head = next(saved.chunks(), b"")
        named_csv = isinstance(source, Path) and source.suffix.lower() in (".csv", ".tsv")
        read = reader_of(head, fields.names if fields else (), named_csv=named_csv)

        def again() -> Rows:
            if reading.controls is not None:
                reading.controls.count = 0
            return read(saved.chunks(), connector=connector, fields=fields, reading=reading)

        rows = again()
        if rows.fields is None and whole:
            return _untyped(rows, again, connector or row_name(head) or UNNAMED, saved)
        saved.once()
        return rows.closing(saved.close)
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


def _untyped(rows: Rows, again: Callable[[], Rows], connector: str, saved: SavedBytes) -> Rows:
    with rows:
        found = untyped_fields(rows, connector)
    if found.columns:
        _LOG.warning(
            "the input has no schema: its columns are those that occur, with JSON's own types or as text in XML"
        )
    second = again()
    saved.once()
    return Rows(found, with_every_column(second, found), second.close).closing(saved.close)


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
