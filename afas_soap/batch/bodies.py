"""The records of a batch for AFAS SB: each line is the body of one call of one operation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from afas_soap.batch.lookup import plain_value
from afas_soap.errors import Problem, UpdateError
from afas_soap.sb.jsonnumbers import dumps, plain
from afas_soap.sb.jsonrecord import record_in
from afas_soap.sb.operation import Operation, Verb


@dataclass(frozen=True, slots=True)
class Bodies:
    """See ``batch.file.Form``. A field is a path of members, in any case: ``InvoiceNumber``,
    ``InvoiceLine/Description``."""

    operation: Operation
    service: str = "SB"
    sub_object: str = ""
    lookup: str = "a lookup (--lookup sb:CONNECTOR:COLUMN=FIELD), which reads a connector of SB"

    @property
    def connector(self) -> str:
        """The connector's name."""
        return self.operation.connector

    @property
    def action(self) -> str:
        """The verb with the version, whose body may be another."""
        return f"{self.operation.verb} {self.operation.version}"

    @property
    def is_new(self) -> bool:
        """A POST makes what was not there."""
        return self.operation.verb is Verb.POST

    def read(self, text: str) -> Mapping[str, object]:
        """The body of a line."""
        try:
            body = record_in(text)
        except UpdateError as error:
            failure = error
        except ValueError as error:
            failure = UpdateError.of(Problem("", "json", f"this is no JSON: {error}."))
        else:
            if isinstance(body, dict):
                return body
            failure = UpdateError.of(Problem("", "shape", "a line is one record: a JSON object of its fields."))
        raise failure.about(connector=self.connector)

    def hash(self, update: Mapping[str, object]) -> str:
        """SHA-256 of the body, whichever way its JSON was spaced."""
        return hashlib.sha256(dumps(update)).hexdigest()

    def values(self, update: Mapping[str, object], field: str) -> tuple[str, ...]:
        """Numbers are spelt without an exponent."""
        return tuple(value for value in _texts(update, field.replace("@", "").split("/")) if value)

    def value(self, update: Mapping[str, object], field: str) -> str | None:
        """None for a record that is not new, for several values, and for one that is no plain one."""
        values = self.values(update, field)
        return plain_value(values[0]) if self.is_new and len(values) == 1 else None


def _texts(value: object, path: list[str]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            if path and name.lower() == path[0].lower():
                yield from _texts(member, path[1:])
    elif not path and value is not None:
        yield _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, Decimal) else str(value)
