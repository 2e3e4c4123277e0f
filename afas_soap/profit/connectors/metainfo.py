"""Metainfo and version: the small JSON documents of REST, read and written.

Shapes: profit-wire 3.4, and the examples in AFAS' OpenAPI files.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from afas_soap.errors import AnswerError
from afas_soap.profit.connectors.capabilities import Catalogue, Entry
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.readers.errorbody import parsed

_LISTS = ("getConnectors", "updateConnectors", "customConnectors")
_INFO = {"envid": "environment_id", "appName": "app_name", "group": "group", "tokenExpiry": "token_expiry"}


def fields_from_metainfo(data: bytes, connector: str) -> Fields:
    """The columns in ``GET /metainfo/get/{connector}``; ``AnswerError`` when it is no metainfo."""
    document = _object(parsed(data, "metainfo"), "metainfo")
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
        Field.from_metainfo(name, declared, _number(item, "controlType")),
        label=_text(item, "label"),
        length=_number(item, "length"),
        decimals=_number(item, "decimals"),
        field_id=_text(item, "fieldId"),
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
    document = _object(parsed(data, "metainfo"), "metainfo")
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
    version = _object(parsed(data, "the version"), "the version").get("version")
    if not isinstance(version, str) or not version:
        raise AnswerError("the version answer holds no version")
    return version


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
