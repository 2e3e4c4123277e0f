"""Rows of CSV, as ``formats`` writes it: a header with the columns, then a line a row; every value is text.

Nothing in CSV says where it ends but the end of its last line, so that must be there.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import logging
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.readers.jsonrows import shown
from afas_soap.profit.rows import TYPED, Reading, Record, Rows, Value
from afas_soap.profit.values import text_reader

_LOG = logging.getLogger("afas_soap.export")

_DELIMITERS = ",;\t|"
# What fits a C long everywhere.
_LARGEST = 2**31 - 1

_Cell = Callable[[Sequence[str]], Value]


def delimiter_in(head: str, *, certain: bool = False, columns: Collection[str] = ()) -> str | None:
    """What separates the values of CSV that begins with ``head``; None when that does not look like CSV.

    That is hard to tell from a sentence: a header of two columns at least, without blanks round their names, and as
    many values below it; or names that are all among ``columns``; or the caller is ``certain``, by the file's name.
    """
    found = {delimiter: rows[0] for delimiter in _DELIMITERS if (rows := _beginning(head, delimiter, certain=certain))}
    best = max(found, key=lambda delimiter: len(found[delimiter]), default=None)
    if best is not None and (len(found[best]) > 1 or certain or set(found[best]) <= set(columns)):
        return best
    return None


def _beginning(head: str, delimiter: str, *, certain: bool) -> list[list[str]]:
    """The header and perhaps the row below it; [] when they cannot be that."""
    rows: list[list[str]] = []
    whole_lines = head[: head.rfind("\n") + 1]
    # A row that goes on behind what was seen of the file counts for nothing.
    with contextlib.suppress(csv.Error):
        reader = csv.reader(io.StringIO(whole_lines, newline=""), delimiter=delimiter, strict=True)
        rows.extend(itertools.islice(reader, 2))
    if not rows or not rows[0] or (len(rows) > 1 and rows[1] and len(rows[1]) != len(rows[0])):
        return []
    looks_fine = all(name == name.strip() and name.isprintable() for name in rows[0])
    return rows if looks_fine or certain else []


def csv_rows(
    chunks: Iterable[bytes],
    *,
    delimiter: str,
    fields: Fields | None = None,
    connector: str = "",
    reading: Reading = TYPED,
) -> Rows:
    """The rows, with the types of ``fields`` or as text, and with the columns of the header or those of ``fields``.

    An empty value is None. A header that comes again is passed over, for so files are added to one another. Reading
    raises ``AnswerError`` for what is no CSV, has a column that is not in ``fields``, or a value that does not fit; and
    ``CutOff`` where the last line has no end.
    """
    csv.field_size_limit(max(csv.field_size_limit(), min(reading.max_value, _LARGEST)))
    lines = _lines(chunks, delimiter)
    header = next(lines, [])
    _check_header(header)
    known = reading.columns(fields or Fields(connector, tuple(map(Field, header))))
    _check_columns(header, known)
    return Rows(known, _records(lines, header, known, reading), lines.close)


def _check_header(header: Sequence[str]) -> None:
    for name in header:
        if not name:
            raise AnswerError("the header of the CSV holds a column without a name")
        if header.count(name) > 1:
            raise AnswerError(f"the header of the CSV holds column {shown(name)} twice")


def _check_columns(header: Sequence[str], known: Fields) -> None:
    for name in header:
        if name not in known:
            raise AnswerError(f"column {shown(name)} is not among the connector's columns")
    if absent := [name for name in known.names if name not in header]:
        _LOG.warning("the CSV leaves out columns, which are read as empty: %s", ", ".join(absent))


def _records(lines: Iterator[list[str]], header: list[str], fields: Fields, reading: Reading) -> Iterator[Record]:
    cells = [(field.name, _cell(field, header, reading)) for field in fields]
    number = 0
    for row in lines:
        if row == header and len(header) > 1:
            continue
        number += 1
        if len(row) != len(header):
            raise AnswerError(f"row {number}: {len(row)} values stand there, and the header has {len(header)} columns")
        yield {name: _value(cell, row, f"row {number}, column {shown(name)}") for name, cell in cells}


def _cell(field: Field, header: Sequence[str], reading: Reading) -> _Cell:
    if field.name not in header:
        return lambda _: None
    position, read, limit = header.index(field.name), text_reader(field, reading), reading.max_value

    def cell(row: Sequence[str]) -> Value:
        text = row[position]
        if len(text) > limit // 4 and len(text.encode()) > limit:
            raise ValueError(f"is more than max_value ({limit:,} bytes)")
        return read(text) if read is not None and text else text or None

    return cell


def _value(cell: _Cell, row: Sequence[str], where: str) -> Value:
    try:
        return cell(row)
    except ValueError as error:
        problem = AnswerError(f"{where}: a text that {error}")
    raise problem


def _lines(chunks: Iterable[bytes], delimiter: str) -> Generator[list[str]]:
    """The values of each line, which may be several lines of the file; empty lines are passed over."""
    reader = csv.reader(_text_lines(chunks), delimiter=delimiter, strict=True)
    row = 0
    try:
        for values in reader:
            if values:
                yield values
                row += 1
    except csv.Error as error:
        if "end of data" in str(error):
            raise CutOff(f"the CSV ends within a value in quotes, behind row {max(row - 1, 0)}") from None
        raise AnswerError(f"row {row}: this is no CSV with {delimiter!r}: {error}") from None


def _text_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    begun: list[str] = []
    try:
        for chunk in chunks:
            *whole, rest = decoder.decode(chunk).split("\n")
            for line in whole:
                begun.append(line)
                yield "".join(begun) + "\n"
                begun.clear()
            begun.append(rest)
        begun.append(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        problem = AnswerError("the CSV is no UTF-8: save it as UTF-8")
    else:
        if not any(begun):
            return
        problem = CutOff("the last line of the CSV has no end, so it may not be whole: end it with a line feed")
    raise problem
