"""A client for AFAS Profit: SOAP/XML first, REST with the same interface, and an embedded Profit to try it on.

The names are loaded when they are first used, so that a program pays only for the protocol that it speaks.
"""

from __future__ import annotations

import importlib

from afas_soap.version import __version__ as __version__

# public name -> module; the only lazy imports beside the command table and the choice of protocol in connections.py
_DOOR = {
    "AccessDenied": "errors",
    "Action": "profit.updates.update",
    "AfasError": "errors",
    "AfasToken": "profit.access.token",
    "AnswerError": "errors",
    "Attachment": "profit.documents.content",
    "Busy": "errors",
    "Catalogue": "profit.connectors.capabilities",
    "Checking": "writing.checking",
    "CutOff": "errors",
    "Document": "documents.document",
    "Element": "profit.updates.update",
    "Environment": "profit.access.environment",
    "F": "profit.questions.where",
    "Fate": "errors",
    "Field": "profit.fields",
    "Fields": "profit.fields",
    "Kind": "profit.fields",
    "NotFound": "errors",
    "NotOffered": "errors",
    "Part": "profit.updates.update",
    "Problem": "errors",
    "ProfitClient": "client",
    "ProfitError": "errors",
    "QueryError": "errors",
    "Receipt": "profit.updates.receipt",
    "Rows": "profit.rows",
    "SBClient": "sbclient",
    "SBError": "errors",
    "Settings": "settings.settings",
    "SettingsError": "errors",
    "SignInError": "errors",
    "Size": "profit.documents.content",
    "TransportError": "errors",
    "Uncertain": "errors",
    "Update": "profit.updates.update",
    "UpdateError": "errors",
    "UpdateSchema": "profit.schemas.updateschema",
    "Weight": "errors",
    "schema_from_xsd": "profit.schemas.schemaxsd",
    "update_from_json": "profit.updates.updatejson",
    "update_from_plain": "profit.updates.updateplain",
    "update_from_xml": "profit.updates.updatexml",
    "update_to_json": "profit.updates.updatejson",
    "update_to_xml": "profit.updates.updatexml",
}
__all__ = sorted(_DOOR)  # noqa: PLE0605 - a list of strings, made from the table


def __getattr__(name: str) -> object:
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_DOOR[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_DOOR])
