"""Metainfo, version and error bodies: the small JSON documents of REST, read and written.

Shapes: profit-wire 3.4 and 3.6, and the examples in AFAS' OpenAPI files.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from afas_soap.errors import AnswerError
from afas_soap.profit.connectors import Catalogue, Entry
from afas_soap.profit.fields import Field, Fields

_LISTS = ("getConnectors", "updateConnectors", "customConnectors")
_INFO = {"envid": "environment_id", "appName": "app_name", "group": "group", "tokenExpiry": "token_expiry"}
# Nobody is away for longer, and what is longer is infinite as a float.
_DIGITS = 9
_SECONDS = re.compile(f"[0-9]{{1,{_DIGITS}}}")


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error body says, "" when it has no message; ``retry_after`` in seconds."""

    message: str
    number: int | None = None
    log_reference: str | None = None
    retry_after: float | None = None


def fields_from_metainfo(data: bytes, connector: str) -> Fields:
    """The columns in ``GET /metainfo/get/{connector}``; ``AnswerError`` when it is no metainfo."""
    document = _object(_parse(data, "metainfo"), "metainfo")
    if "fields" not in document:
        raise AnswerError("metainfo without fields is no metainfo of a GetConnector")
    columns = tuple(_column(_object(item, "metainfo's fields")) for item in _list(document, "fields"))
    names = [field.name for field in columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise AnswerError(f"metainfo names column {twice} twice")
    return Fields(connector, columns, _text(document, "description"))


def _column(item: Mapping[str, object]) -> Field:
    declared = _text(item, "dataType")
    name = _text(item, "id")
    if not name:
        raise AnswerError("metainfo holds a field without an id")
    return dataclasses.replace(
        Field.from_metainfo(name, declared),
        label=_text(item, "label"),
        length=_number(item, "length"),
        decimals=_number(item, "decimals"),
        field_id=_text(item, "fieldId"),
        control_type=_number(item, "controlType"),
    )


def metainfo_get(fields: Fields) -> dict[str, object]:
    """``GET /metainfo/get/{connector}`` for these columns."""
    return {
        "name": fields.connector,
        "description": fields.description,
        "fields": [
            {
                "id": field.name,
                "fieldId": field.field_id,
                "dataType": field.metainfo_type if field.known else field.declared,
                "label": field.label,
                "length": field.length,
                "controlType": field.control_type,
                "decimals": field.decimals,
                "decimalsFieldId": "",
            }
            for field in fields
        ],
    }


def catalogue_from_metainfo(data: bytes) -> Catalogue:
    """The connectors in ``GET /metainfo``; lists and members that are not there are empty."""
    document = _object(_parse(data, "metainfo"), "metainfo")
    if not any(name in document for name in _LISTS):
        raise AnswerError("metainfo names no connectors at all, so it is no list of connectors")
    get, update, custom = (tuple(_entry(item) for item in _list(document, name)) for name in _LISTS)
    info = _object(document.get("info") or {}, "metainfo's info")
    known = {ours: _text(info, theirs) for theirs, ours in _INFO.items() if theirs in info}
    return Catalogue(get, update, custom, **known)


def _entry(item: object) -> Entry:
    entry = _object(item, "metainfo's connectors")
    return Entry(_text(entry, "id"), _text(entry, "description"))


def metainfo_catalogue(catalogue: Catalogue) -> dict[str, object]:
    """``GET /metainfo`` for this catalogue."""
    lists = (catalogue.update_connectors, catalogue.get_connectors, catalogue.custom_connectors)
    names = ("updateConnectors", "getConnectors", "customConnectors")
    return {
        **{
            name: [{"id": entry.id, "description": entry.description} for entry in entries]
            for name, entries in zip(names, lists, strict=True)
        },
        "info": {theirs: getattr(catalogue, ours) for theirs, ours in _INFO.items()},
    }


def version_from_json(data: bytes) -> str:
    """The version in ``GET /profitversion``."""
    version = _object(_parse(data, "the version"), "the version").get("version")
    if not isinstance(version, str) or not version:
        raise AnswerError("the version answer holds no version")
    return version


def error_from_json(data: bytes) -> ErrorBody | None:
    """What an error body says, in any of the forms that were seen; None when it is none of them."""
    try:
        document = _parse(data, "the error")
    except AnswerError:
        return None
    if not isinstance(document, dict):
        return None
    nested = document.get("error")
    message = document.get("externalMessage") or document.get("message")
    if isinstance(nested, dict):
        message = nested.get("message")
    # The documented 503 nests its message in an object with "example", a leaked schema by its looks (profit-wire 3.6).
    if isinstance(message, dict):
        message = message.get("example")
    retry_after = _seconds(document.get("retry_after"))
    if not isinstance(message, str) or not message:
        return ErrorBody("", retry_after=retry_after) if retry_after is not None else None
    number, reference = document.get("errorNumber"), document.get("profitLogReference")
    return ErrorBody(
        message,
        number if type(number) is int else None,
        reference if isinstance(reference, str) and reference else None,
        retry_after,
    )


def _seconds(value: object) -> float | None:
    if isinstance(value, dict):
        value = value.get("example")
    if isinstance(value, str) and _SECONDS.fullmatch(value):
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value < 10**_DIGITS else None


def _parse(data: bytes, what: str) -> object:
    def refuse(_name: str) -> NoReturn:
        raise ValueError

    try:
        document: object = json.loads(data.decode("utf-8-sig"), parse_constant=refuse)
        if b"\\u" in data:
            # Half of a surrogate pair is no character, and nothing that holds one can be printed.
            json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise AnswerError(f"{what} is not the JSON that REST answers with") from None
    return document


def _object(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise AnswerError(f"{what} holds something else where an object is expected")
    return value


def _list(document: Mapping[str, object], name: str) -> Sequence[object]:
    value = document.get(name) or []
    if not isinstance(value, list):
        raise AnswerError(f"metainfo's {name} is no list")
    return value


def _text(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _number(item: Mapping[str, object], name: str) -> int:
    value = item.get(name)
    return value if type(value) is int else 0
