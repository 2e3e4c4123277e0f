"""Error bodies of REST: how Profit, and what stands in front of it, say no in JSON (profit-wire 3.6)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import NoReturn

from afas_soap.errors import AnswerError, Busy, ProfitError

# Nobody is away for longer, and what is longer is infinite as a float.
_DIGITS = 9
_SECONDS = re.compile(f"[0-9]{{1,{_DIGITS}}}")

ERROR_NAMES = frozenset(("externalMessage", "errorNumber", "profitLogReference", "message", "error", "retry_after"))
"""The members of an error body, in any of its forms."""

INVALID_JSON = "Invalid json"
"""What AFAS says of a body that it cannot read (profit-wire 3.6)."""


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error body says, "" when it has no message; ``retry_after`` in seconds.

    ``nested`` is whether the message stands in an object ``error``, as in AFAS' 503, and ``external`` whether it stands
    in ``externalMessage``, as in Profit's refusals.
    """

    message: str
    number: int | None = None
    log_reference: str | None = None
    retry_after: float | None = None
    nested: bool = field(default=False, compare=False)
    external: bool = field(default=False, compare=False)

    @property
    def is_whole_refusal(self) -> bool:
        """Whether it has all members of a refusal of Profit's; a gateway's has a ``message`` at most."""
        return self.external and self.number is not None and self.log_reference is not None

    @property
    def is_unread(self) -> bool:
        """Whether it says that the body of the request cannot be read."""
        return self.message == INVALID_JSON and not self.nested and not self.external

    @property
    def is_whole_absence(self) -> bool:
        """Whether it has both members of AFAS' 503, which says that nothing was begun."""
        return self.nested and self.retry_after is not None

    def error(self) -> ProfitError:
        """The exception that this body is where it stands in place of what was read."""
        if self.retry_after is not None:
            return Busy(self.message or "Profit is away for a while.", retry_after=self.retry_after)
        return ProfitError(self.message, number=self.number, log_reference=self.log_reference)


def error_from_json(data: bytes) -> ErrorBody | None:
    """What an error body says, in any of the forms that were seen; None when it is none of them."""
    try:
        document = parsed(data, "the error")
    except AnswerError:
        return None
    return error_in(document)


def error_in(document: object) -> ErrorBody | None:
    """The same of a document that was decoded."""
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
        nested=isinstance(nested, dict),
        external=message == document.get("externalMessage"),
    )


def _seconds(value: object) -> float | None:
    if isinstance(value, dict):
        value = value.get("example")
    if isinstance(value, str) and _SECONDS.fullmatch(value):
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value < 10**_DIGITS else None


def parsed(data: bytes, what: str) -> object:
    """A small JSON document, read strictly; ``AnswerError`` naming ``what`` for anything else."""

    def refuse(_name: str) -> NoReturn:
        raise ValueError

    try:
        document: object = json.loads(data.decode("utf-8-sig"), parse_constant=refuse)
        if b"\\u" in data:
            # Half of a surrogate pair is no character, and nothing that holds one can be printed.
            json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        problem = AnswerError(f"{what} is not the JSON that REST answers with")
    else:
        return document
    raise problem
