"""Write answers: the two shapes of a success, the result that failed, was done in part or kept an entry, and refusals.

Source: small-business.md 0 and 3.1. A write is answered with a value here; the host spells it as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from afas_soap.emulator.sb.books.register import EntryKind
from afas_soap.sb.operation import Operation, Shape

NOT_ENABLED = "FeatureToggle not enabled"
NOT_A_DRAFT = "SalesInvoice cannot be deleted because it is not a draft or it is already deleted"
TOO_EARLY = "De factuurdatum ligt vóór de beginbalansdatum. Dit is niet toegestaan."
ATTACHMENT = "'Bijlage' bevat een verwijzing naar een ongeldige waarde."


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to a write: its HTTP status and its body, with ``Decimal`` for numbers."""

    status: int
    content: dict[str, object]


class FailedError(Exception):
    """What was asked failed. ``kept`` is whether what was written so far stays: an entry in error."""

    def __init__(self, *errors: object, kept: bool = False) -> None:
        super().__init__(*errors)
        self.errors = errors
        self.kept = kept


@dataclass(frozen=True, slots=True)
class Done:
    """A write that was done, in part where there are ``errors``. ``names`` are ids under their code or their member of
    ``data``; ``more`` is what else an instance with that code has."""

    names: Mapping[str, object]
    more: Mapping[str, Mapping[str, str]] | None = None
    errors: Sequence[object] = ()


def invalid_reference(field: str, value: object) -> str:
    """SB's text for an id that is of nothing."""
    return f"Field '{field}' contains an invalid reference ({value})"


def kept_in_error(kind: EntryKind, key: str, *errors: str) -> FailedError:
    """The entry stays, and has to be corrected or deleted."""
    told = "Entity is made with one or more errors. Please correct this error in application or delete"
    return FailedError(f"{told} {kind} with id: {key}", *errors, kept=True)


def kept_with_lines_in_error(kind: EntryKind, key: str, *errors: str) -> FailedError:
    """The same for its lines: SB's own text has a full stop here."""
    told = "Entity is made with one or more errors in the lines. Please correct this error in application or delete"
    return FailedError(f"{told} {kind} with id: {key}.", *errors, kept=True)


def succeeded(operation: Operation, done: Done, trace: str) -> dict[str, object]:
    """The body of an answer to what was done, in the operation's shape."""
    result = "PartiallySucceeded" if done.errors else "Succeeded"
    instances = [{"Code": code, "Id": key, **(done.more or {}).get(code, {})} for code, key in done.names.items()]
    if done.errors:
        return {"result": result, "traceId": trace, "instances": instances, "errors": list(done.errors)}
    if operation.answer is not None and operation.answer.shape is Shape.INSTANCES:
        return {"result": result, "instances": instances, "errors": []}
    return {"result": result, "traceId": trace, "data": dict(done.names), "errors": []}


def failed(errors: Sequence[object], trace: str) -> dict[str, object]:
    """The body of an answer to what failed; ``instances`` is empty even where an entry was kept."""
    return {"result": "Failed", "traceId": trace, "instances": [], "errors": list(errors)}


def refused(operation: Operation, message: str, trace: str) -> Outcome:
    """What does not fit the schema: nothing is stored (3.1)."""
    told: dict[str, object] = {
        "ExceptionType": "DeserializationException",
        "DefinitionName": f"{operation.connector}.UpdateConnectorHandler",
        "PropertyNames": "",
    }
    content: dict[str, object] = {
        "StatusCode": 400,
        "Message": f"Invalid JSON request {message}",
        "ExceptionCode": "DS3100",
        "TraceId": trace.replace("-", ""),
        "AdditionalInfo": told,
    }
    return Outcome(400, content)
