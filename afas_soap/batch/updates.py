"""The records of a batch for Profit: each line is AFAS' JSON body or a plain record, and does what the batch does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from afas_soap.batch.lookup import plain_value
from afas_soap.profit.updates.fieldvalue import field_text
from afas_soap.profit.updates.update import Action, Element, Update, check_action
from afas_soap.profit.updates.updatejson import update_from_json


@dataclass(frozen=True, slots=True)
class Updates:
    """See ``batch.file.Form``. What a line may hold is told by ``profit.updates.updatejson``."""

    connector: str
    action: Action = Action.INSERT
    sub_object: str = ""
    service: str = "Profit"
    lookup: str = "a lookup (--lookup CONNECTOR:COLUMN=FIELD), which asks a GetConnector"

    @property
    def is_new(self) -> bool:
        """Only what is inserted was not there before."""
        return self.action is Action.INSERT

    def read(self, text: str) -> Update:
        """The update of a line."""
        update = update_from_json(text, self.connector, action=self.action, sub_object=self.sub_object)
        check_action(update, self.action)
        return update

    def hash(self, update: Update) -> str:
        """That of ``record_hash``."""
        return record_hash(update)

    def values(self, update: Update, field: str) -> tuple[str, ...]:
        """``field`` is the code of a field or key (``Ds``, ``@SbId``), also in a sub-object (``KnOrganisation/Nm``)."""
        *parts, name = field.split("/")
        elements: list[Element] = list(update.as_text().elements)
        for part in parts:
            inner = [each for element in elements for each in element.objects if each.name == part]
            elements = [row for each in inner for row in each.elements]
        found = (_value(element, name) for element in elements)
        return tuple(value for value in found if value)

    def value(self, update: Update, field: str) -> str | None:
        """None when there are several records or rows, when the record is not new (it was there before it was sent),
        and for a value that is no plain one."""
        values = self.values(update, field)
        if update.action is not Action.INSERT or len(values) != 1 or len(update.elements) != 1:
            return None
        return plain_value(values[0])


def record_hash(update: Update) -> str:
    """64 hexadecimal digits: SHA-256 of what would be sent, whichever way the JSON was spaced and its values spelt.

    The order of the fields counts: whether it means something to Profit is not known.
    """
    document = [update.root, update.sub_object, *map(_spelt, update.elements)]
    return hashlib.sha256(json.dumps(document, separators=(",", ":")).encode()).hexdigest()


def _spelt(element: Element) -> list[object]:
    return [
        element.action.value,
        [[name, field_text(value)] for name, value in element.keys.items()],
        [[name, field_text(value)] for name, value in element.fields.items()],
        [[part.name, *map(_spelt, part.elements)] for part in element.objects],
    ]


def _value(element: Element, name: str) -> str | None:
    key = element.keys.get(name.removeprefix("@"))
    value = key if name.startswith("@") else element.fields.get(name) or key
    assert value is None or isinstance(value, str), "an update as text has texts"
    return value
