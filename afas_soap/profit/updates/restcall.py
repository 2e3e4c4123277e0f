"""An update as a REST call: verb, address and body (profit-wire 3.1 and 3.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from afas_soap.errors import NotOffered, Problem, UpdateError
from afas_soap.profit.updates.fieldvalue import FieldValue, field_text
from afas_soap.profit.updates.update import Action, Element, Update
from afas_soap.profit.updates.updatejson import update_to_json

# A comma stands between two keys and a slash between two parts of the address. Whether either survives in a value, when
# it is encoded, is not known: IIS decodes an address before anything else looks at it.
_UNFIT = re.compile(r"[,/\\]|^\.{1,2}$")


@dataclass(frozen=True, slots=True)
class RestCall:
    """``path`` stands behind the base address; ``body`` is None for a DELETE."""

    method: str
    path: str
    body: bytes | None = field(default=None, repr=False)


def rest_call(update: Update) -> RestCall:
    """The call that sends ``update``.

    Raises ``NotOffered`` for what SOAP can say and REST cannot: records that do not all do the same, several deletes, a
    delete with rows below it, a key that holds a comma or slash. Raises ``UpdateError`` for an update without its
    root, and for a delete of something that has no key.
    """
    update.check_root()
    action = update.action
    if action is None:
        raise NotOffered(
            "These records do different things (insert, update, delete), and a REST call has one verb: send each kind "
            "by itself, or all of them over SOAP.",
            offered_by="soap",
        ).about(connector=update.connector)
    if action is Action.DELETE:
        return RestCall("DELETE", f"connectors/{segment(update.connector)}/{_row_path(update)}")
    path = f"connectors/{segment(update.connector)}"
    if action is Action.INSERT and update.sub_object:
        path += f"/{segment(update.sub_object)}"
    return RestCall("POST" if action is Action.INSERT else "PUT", path, update_to_json(update))


def segment(name: str) -> str:
    """``name`` as one part of an address."""
    return quote(name, safe="")


def _row_path(update: Update) -> str:
    """The root with its keys and, when a row below it goes, the sub-object with those of the row."""
    record = _only(update, update.elements)
    path = _keyed(update, update.root, record)
    others = [part for part in record.objects if part.name != update.sub_object]
    for part in record.objects:
        if part.name == update.sub_object:
            row = _only(update, part.elements)
            path = f"{path}/{_keyed(update, f'{update.root}/{part.name}', row)}"
            others += row.objects
    if others:
        raise NotOffered(
            f"The address of a REST delete names one record and no rows below it, and there are rows of "
            f"{others[0].name}: leave them out, or send them over SOAP.",
            offered_by="soap",
        ).about(connector=update.connector)
    return path


def _only(update: Update, elements: tuple[Element, ...]) -> Element:
    if len(elements) != 1:
        raise NotOffered(
            f"REST deletes one record a call, and these are {len(elements)}: send one after the other, or all of them "
            "over SOAP.",
            offered_by="soap",
        ).about(connector=update.connector)
    return elements[0]


def _keyed(update: Update, path: str, element: Element) -> str:
    """``KnSubject/@SbId/1957``: with ``@`` where the key is an attribute, bare where it is a field (inferred: AFAS'
    pages have both)."""
    keys: Mapping[str, FieldValue] = {f"@{name}": value for name, value in element.keys.items()} | dict(element.fields)
    problem = next((problem for problem in (_key_problem(path, *key) for key in keys.items()) if problem), None)
    if not keys:
        problem = Problem(path, "missing-key", "a delete needs the key of what is to go.")
    if problem is not None:
        raise UpdateError.of(problem).about(connector=update.connector)
    if any(_UNFIT.search(field_text(value) or "") for value in keys.values()):
        raise NotOffered(
            f"A key of {path} holds a comma or a slash, which an address cannot carry: delete it over SOAP.",
            offered_by="soap",
        ).about(connector=update.connector)
    names = ",".join(f"@{segment(name[1:])}" if name.startswith("@") else segment(name) for name in keys)
    values = ",".join(segment(field_text(value) or "") for value in keys.values())
    return f"{segment(path.rpartition('/')[2])}/{names}/{values}"


def _key_problem(path: str, name: str, value: FieldValue) -> Problem | None:
    if field_text(value) is None:
        return Problem(f"{path}/{name}", "missing-key", "a key that is empty finds nothing: give its value.")
    return None
