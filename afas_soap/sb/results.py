"""What SB answers to a write, as a value: its own word, and what it made, in either of two shapes.

Source: small-business.md 3.1. *instances* is a list of objects with a code and an id, *data* an object; which of them a
connector answers with is known (``sb.operation.Answer``), and read is what comes. Numbers come as ``Decimal``.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from afas_soap.errors import AnswerError, CutOff, SBError, printable
from afas_soap.sb import errorbody

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


class Outcome(enum.StrEnum):
    """SB's own word for what became of a write."""

    SUCCEEDED = "Succeeded"
    PARTIALLY_SUCCEEDED = "PartiallySucceeded"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class Result:
    """What SB said of one write.

    ``instances`` and ``data`` are as SB spells them, () and empty where the answer has the other shape. What it made is
    read from the result itself, whatever the case: ``result["SalesInvoiceId"]``, or ``result["Adres"]`` for the id of
    the instance of that code. ``created_in_error`` are ids of what it kept although it failed. ``trace_id`` is what
    AFAS asks for when something is to be looked up.
    """

    outcome: Outcome
    instances: tuple[Mapping[str, object], ...] = field(default=(), repr=False)
    data: Mapping[str, object] = field(default_factory=dict, repr=False)
    errors: tuple[str, ...] = ()
    created_in_error: tuple[str, ...] = ()
    trace_id: str | None = None

    def __getitem__(self, name: str) -> object:
        """A member of ``data``, or the id of the first instance of that code; ``KeyError`` for what there is not."""
        for key, value in self._named():
            if key.lower() == name.lower():
                return value
        raise KeyError(f"{name}: SB told {', '.join(key for key, _ in self._named()) or 'nothing'}")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(key.lower() == name.lower() for key, _ in self._named())

    def keys(self) -> tuple[str, ...]:
        """The names that ``result[...]`` takes, in order."""
        return tuple(dict.fromkeys(key for key, _ in self._named()))

    @property
    def ids(self) -> tuple[tuple[str, str], ...]:
        """What was made or kept: pairs of a name (a code, or a member of ``data``) and an id; inner ones are left
        out."""
        return tuple((key, value) for key, value in self._named() if isinstance(value, str) and _UUID.fullmatch(value))

    def _named(self) -> Iterator[tuple[str, object]]:
        yield from self.data.items()
        for instance in self.instances:
            told = {name.lower(): value for name, value in instance.items()}
            code, made = told.get("code"), told.get("id")
            if isinstance(code, str):
                yield code, made


def result_from_json(body: bytes) -> Result:
    """The result that an answer holds.

    Raises ``SBError`` for one that is not ``Succeeded``, ``CutOff`` for JSON that ends before its end, and
    ``AnswerError`` for anything else that is no answer to a write: of such a one nobody knows what became of it.
    """
    found = _object(body)
    said = found.get("result")
    if said == Outcome.SUCCEEDED:
        return _result(Outcome.SUCCEEDED, found)
    if not isinstance(said, str) and not errorbody.says_made(found):
        raise AnswerError("SB answered a write with JSON that does not say what became of it.")
    raise errorbody.failure(found, None)


def result_of(error: SBError) -> Result | None:
    """What an error says of a write that SB carried out in part or not; None where it refused the request as such."""
    if error.result not in list(Outcome):
        return None
    return Result(
        Outcome(str(error.result)),
        error.instances,
        errors=error.errors,
        created_in_error=error.created_in_error,
        trace_id=error.trace_id,
    )


def _result(outcome: Outcome, found: Mapping[str, object]) -> Result:
    data, trace = found.get("data"), found.get("traceId")
    return Result(
        outcome,
        tuple(errorbody.instances(found.get("instances"))),
        data if isinstance(data, dict) else {},
        tuple(errorbody.texts(found.get("errors"))),
        trace_id=printable(trace) if isinstance(trace, str) else None,
    )


def _object(body: bytes) -> dict[str, object]:
    try:
        found: object = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        if not body.strip() or body.lstrip()[:1] == b"{":
            failure: AnswerError = CutOff("The answer of SB to a write ends before its end, or is no JSON.")
        else:
            failure = AnswerError("SB answered a write with something that is no JSON.")
    else:
        if isinstance(found, dict):
            return found
        failure = AnswerError("SB answered a write with JSON that is no object.")
    raise failure
