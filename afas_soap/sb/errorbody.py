"""Error bodies of SB, as errors: a refused request, and a write that failed or was done in part.

Source: small-business.md 3.1. ``errors`` holds texts, or objects of one text under the name of what it is about. That
an entry was kept although it failed stands in a text only; its id is taken out of there by a strict pattern. A text
that says so without an id in that place means the same: something was kept, and which is not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from afas_soap.errors import Fate, SBError, printable

_KEPT = re.compile(
    r"delete \w+ with id: "
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f-])",
    re.IGNORECASE | re.ASCII,
)
_MADE = re.compile(r"\bentity is made\b", re.IGNORECASE)
# What stands beside ``Message`` in each of SB's own (3.1). A gateway's, or that of a framework, has the message alone.
_OWN = ("StatusCode", "ExceptionCode", "AdditionalInfo")


def refusal_in(body: bytes, status: int, trace_id: str | None = None) -> SBError | None:
    """What ``body`` says, None when it is no error body of SB."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    if isinstance(found.get("result"), str) and found["result"] != "Succeeded":
        return failure(found, status, trace_id)
    message = found.get("Message")
    if not isinstance(message, str):
        return None
    trace = found.get("TraceId")
    return SBError(printable(message), trace_id=trace if isinstance(trace, str) else trace_id, status=status)


def failure(found: dict[str, object], status: int | None, trace_id: str | None = None) -> SBError:
    """The error for an answer whose ``result`` is not ``Succeeded``."""
    errors = tuple(texts(found.get("errors")))
    trace = found.get("traceId")
    result = printable(str(found.get("result")))
    error = SBError(
        f"SB answered {result}: {' '.join(errors) or 'it did not say why.'}",
        result=result,
        errors=errors,
        created_in_error=created_in_error(errors),
        trace_id=trace if isinstance(trace, str) else trace_id,
        status=status,
    )
    error.instances = tuple(instances(found.get("instances")))
    return error.of_write(Fate.STORED) if any(map(_MADE.search, errors)) else error


def is_own(body: bytes) -> bool:
    """Whether an error body has SB's own form, so that a write which it refuses was refused by SB and nobody before
    it."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, dict):
        return False
    return "result" in found or ("Message" in found and any(name in found for name in _OWN))


def instances(found: object) -> Iterable[Mapping[str, object]]:
    """Each of the ``instances`` that are objects, as all of them should be."""
    return (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def texts(errors: object) -> Iterable[str]:
    """Each of ``errors`` as one text: ``Instelling: 'identificatie' bevat ...`` for an object."""
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            yield from (printable(f"{name}: {text}") for name, text in error.items())
        else:
            yield printable(str(error))


def created_in_error(errors: Iterable[str]) -> tuple[str, ...]:
    """The ids of entries that were kept although they failed."""
    return tuple(found.lower() for error in errors for found in _KEPT.findall(error))
