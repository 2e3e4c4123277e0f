"""JSON import: a file is read whole, and let go of once its rows are stored."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from afas_soap.emulator.getconnectors.files import Loaded, cell, checked_names, made_fields, same_columns, unreadable
from afas_soap.emulator.seed.table import Cell, Cells
from afas_soap.errors import SettingsError
from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.rows import TYPED
from afas_soap.profit.values import JsonReader, json_reader, read_datetime

_Row = Mapping[str, object]

_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z", re.ASCII)
# What the schema of an answer declares for whole numbers is xs:int.
_INTEGERS = range(-(2**31), 2**31)
# Two kinds in one column, and what the column is then.
_WIDER = {frozenset((Kind.INT, Kind.DECIMAL)): Kind.DECIMAL, frozenset((Kind.DATETIME, Kind.TEXT)): Kind.TEXT}


def read_json(path: Path, connector: str, declared: Fields | None) -> Loaded:
    """The file as a connector: the types of its values, or the columns of ``declared`` in their order."""
    rows = _parsed(path)
    names = list(dict.fromkeys(name for row in rows for name in row))
    checked_names(names, path, "its rows")
    if declared is not None:
        same_columns(declared, names, path, "its rows")
        return Loaded(declared, _cells(path, rows, declared))
    if not names:
        raise SettingsError(f"data: {path.name} has no columns: give it a row, or a file {connector}.fields.json.")
    fields = made_fields(connector, path, ((name, _kind(path, rows, name)) for name in names))
    return Loaded(fields, _cells(path, rows, fields))


def _parsed(path: Path) -> Sequence[_Row]:
    try:
        document = json.loads(
            path.read_text(encoding="utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_members,
        )
    except OSError as error:
        raise unreadable(path, error) from None
    except json.JSONDecodeError as error:
        raise SettingsError(f"data: {path.name}, line {error.lineno}: this is no JSON: {error.msg}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"data: {path.name} is not UTF-8.") from None
    except RecursionError:
        raise SettingsError(f"data: {path.name} holds lists in lists without end.") from None
    except ValueError as error:
        raise SettingsError(f"data: {path.name}: {error}.") from None
    return _checked(path, document)


def _checked(path: Path, document: object) -> Sequence[_Row]:
    rows = document.get("rows") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise SettingsError(f"data: {path.name} is neither a list of objects nor an object with such a list as rows.")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise SettingsError(f"data: {path.name}, row {number}: an object is expected there.")
    return rows


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("an object names one of its members twice")
    return members


def _kind(path: Path, rows: Sequence[_Row], name: str) -> Kind:
    """The one kind that all values of a column have; text when there are none."""
    found: Kind | None = None
    for number, row in enumerate(rows, 1):
        value = row.get(name)
        if value is None or value == "":
            continue
        kind = _kind_of(value)
        if kind is None:
            raise SettingsError(f"data: {path.name}, row {number}, column {name}: a list or object is no value.")
        both = kind if found in (None, kind) else _WIDER.get(frozenset((found, kind)))
        if both is None:
            raise SettingsError(
                f"data: {path.name}, row {number}, column {name}: the value is a {kind}, and those before it are not: "
                f"say in {path.stem}.fields.json what the column holds."
            )
        found = both
    return found or Kind.TEXT


def _kind_of(value: object) -> Kind | None:
    if isinstance(value, bool):
        return Kind.BOOL
    if isinstance(value, int):
        return Kind.INT if value in _INTEGERS else Kind.DECIMAL
    if isinstance(value, Decimal):
        return Kind.DECIMAL
    if isinstance(value, str):
        return Kind.DATETIME if _is_date_time(value) else Kind.TEXT
    return None


def _is_date_time(text: str) -> bool:
    try:
        return _DATE_TIME.fullmatch(text) is not None and read_datetime(text) is not None
    except ValueError:
        return False


def _cells(path: Path, rows: Sequence[_Row], fields: Fields) -> Iterator[Cells]:
    readers = [(field.name, json_reader(field, TYPED)) for field in fields]
    for number, row in enumerate(rows, 1):
        yield tuple(
            [
                None if (value := row.get(name)) is None or value == "" else _cell(reader, value, path, (number, name))
                for name, reader in readers
            ]
        )


def _cell(reader: JsonReader | None, value: object, path: Path, place: tuple[int, str]) -> Cell:
    assert reader is not None, "only what is not typed has none"
    try:
        return cell(reader(value))
    except ValueError as error:
        raise SettingsError(f"data: {path.name}, row {place[0]}, column {place[1]}: the value {error}.") from None
