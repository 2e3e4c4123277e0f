"""CSV import, row by row."""

from __future__ import annotations

import contextlib
import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from afas_soap.emulator.getconnectors.files import Loaded, cell, checked_names, made_fields, same_columns, unreadable
from afas_soap.emulator.seed.table import Cell, Cells
from afas_soap.errors import SettingsError
from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.rows import TYPED, Value
from afas_soap.profit.values import text_reader

# What fits a C long everywhere.
_LARGEST = 2**31 - 1


# What stands between values: the comma, or what a Dutch spreadsheet writes in its place, for it keeps the comma for
# amounts; a tab comes out of a copied table.
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def read_csv(path: Path, connector: str, declared: Fields | None) -> Loaded:
    """The file as a connector: all text, or the columns of ``declared`` in their order."""
    delimiter = _delimiter(path)
    header = next(iter(_first(path, delimiter)), [])
    if not header:
        raise SettingsError(f"data: {path.name}, line 1: a header with the names of the columns is expected there.")
    checked_names(header, path, "line 1")
    if declared is None:
        fields = made_fields(connector, path, ((name, Kind.TEXT) for name in header))
    else:
        fields = declared
        same_columns(fields, header, path, "line 1")
    return Loaded(fields, _rows(path, header, fields, delimiter))


def _delimiter(path: Path) -> str:
    """The one by which the header has several columns and the first row as many values; of several the one with most
    columns. A header of one column fits anything, so that says nothing."""
    found = {}
    for delimiter in _DELIMITERS:
        with contextlib.suppress(SettingsError):
            header, *row = _first(path, delimiter) or [[]]
            found[delimiter] = len(header) > 1 and all(len(one) == len(header) for one in row), len(header)
    # Of equals the first, which is the comma.
    return max(found, key=found.__getitem__, default=",")


def _first(path: Path, delimiter: str) -> list[list[str]]:
    """The header and the first row, as far as they are there."""
    with _opened(path) as file:
        return [row for _, row in itertools.islice(_lines(file, path, delimiter), 2)]


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise unreadable(path, error) from None


def _lines(file: TextIO, path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line on which each begins; lines without anything are passed over."""
    # Python's own limit for all of the process, 128 KiB, is less than an image or a long remark takes.
    csv.field_size_limit(max(csv.field_size_limit(), _LARGEST))
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except UnicodeDecodeError:
        raise SettingsError(
            f"data: {path.name}, line {line} or soon after: this is not UTF-8. Save it as such."
        ) from None
    except csv.Error as error:
        raise SettingsError(
            f"data: {path.name}, line {line}: this is no CSV with {_DELIMITERS[delimiter]}: {error}."
        ) from None


def _rows(path: Path, header: Sequence[str], fields: Fields, delimiter: str) -> Iterator[Cells]:
    readers = [(name, _reader(fields, header, name)) for name in fields.names]
    with _opened(path) as file:
        lines = _lines(file, path, delimiter)
        next(lines, None)
        for line, row in lines:
            if len(row) != len(header):
                raise SettingsError(
                    f"data: {path.name}, line {line}: {len(row)} values stand there, and the header has {len(header)} "
                    f"columns. {_DELIMITERS[delimiter].capitalize()} stand between them here."
                )
            yield tuple(_cell(reader, row, path, f"line {line}, column {name}") for name, reader in readers)


def _reader(fields: Fields, header: Sequence[str], name: str) -> Callable[[Sequence[str]], Cell]:
    if name not in header:
        return lambda _: None
    position, read = header.index(name), text_reader(fields[name], TYPED)

    def reader(row: Sequence[str]) -> Cell:
        text = row[position]
        value: Value = read(text) if read is not None and text else text
        return cell(value)

    return reader


def _cell(reader: Callable[[Sequence[str]], Cell], row: Sequence[str], path: Path, place: str) -> Cell:
    try:
        return reader(row)
    except ValueError as error:
        raise SettingsError(f"data: {path.name}, {place}: the value {error}.{_HINTS.get(str(error), '')}") from None


_HINTS = {"is no decimal": " A point stands before its fraction, and nothing between thousands."}
