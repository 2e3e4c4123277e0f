"""Error bodies of SB, as errors: a refused request, and a write that failed or was done in part.

Source: small-business.md 3.1. ``errors`` holds texts, or objects of one text under the name of what it is about; any
other form that has texts in it is read as well. That an entry was kept although it failed stands in a text only; its id
is taken out of there by a strict pattern. A text that says so without an id in that place means the same: something was
kept, and which is not known. So do ``instances``, and ids in ``data``, of which no sample of a failure has any (ours).
What says no more than that something was made leaves it uncertain.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from afas_soap.errors import Fate, SBError, printable

_KEPT = re.compile(
    r"delete \w+ with id: "
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f-])",
    re.IGNORECASE | re.ASCII,
)
_MADE = re.compile(r"\bentity is made\b|(?<!not )(?<!unable to )\bdelete [\w ]{1,80} with id\b", re.IGNORECASE)
# Other words for that, in either language, which SB is not known to use (ours). A "not" breaks them.
_MAYBE_MADE = re.compile(
    r"\b(is|are|was|were|has been|have been) (made|created|saved|stored|booked|added)\b"
    r"|\b(is|zijn|werd|werden) (aangemaakt|opgeslagen|bewaard|geboekt|toegevoegd|vastgelegd)\b"
    r"|\bverwijder [\w ]{1,80} met id\b",
    re.IGNORECASE,
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_NOTHING = "00000000-0000-0000-0000-000000000000"
# An answer says these of itself, and none of them is an entry.
_OF_ANSWER = ("result", "traceid", "instances", "data")
# What stands beside ``Message`` in each of SB's own (3.1). A gateway's, or that of a framework, has the message alone.
_OWN = ("StatusCode", "ExceptionCode", "AdditionalInfo")


def refusal_in(body: bytes, status: int, trace_id: str | None = None) -> SBError | None:
    """What ``body`` says, None when it is no error body of SB."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("result") == "Succeeded":
        return None
    if isinstance(found.get("result"), str) or says_made(found):
        return failure(found, status, trace_id)
    message = found.get("Message")
    if not isinstance(message, str):
        return None
    trace = found.get("TraceId")
    return SBError(printable(message), trace_id=trace if isinstance(trace, str) else trace_id, status=status)


def failure(found: Mapping[str, object], status: int | None, trace_id: str | None = None) -> SBError:
    """The error for an answer whose ``result`` is not ``Succeeded``."""
    members = {name.lower(): value for name, value in found.items()}
    errors = tuple(texts(members.get("errors"))) or tuple(_other_texts(found))
    trace, result = members.get("traceid"), found.get("result")
    said = f"SB answered {printable(str(result))}: " if isinstance(result, str) else ""
    told = tuple(map(_plain, _texts(found)))
    error = SBError(
        f"{said}{' '.join(errors) or 'it did not say why.'}",
        result=printable(result) if isinstance(result, str) else None,
        errors=errors,
        created_in_error=created_in_error(told),
        trace_id=trace if isinstance(trace, str) else trace_id,
        status=status,
    )
    parts = [members.get("instances"), members.get("data")]
    error.instances = tuple(instances(parts[0]))
    error.made = tuple(dict.fromkeys((*error.created_in_error, *_ids(parts))))
    if error.made or says_made(found) or error.outcome is Fate.STORED:
        return error.of_write(Fate.STORED)
    if any(_holds(leaf) for _, leaf in _leaves(parts)) or any(map(_MAYBE_MADE.search, told)):
        # It shows something, and what that means is not known: no refusal.
        return error.of_write(Fate.UNCERTAIN)
    return error


def says_made(found: object) -> bool:
    """Whether a text anywhere in an answer says that an entry was made, or names one to delete."""
    return any(_MADE.search(_plain(text)) for text in _texts(found))


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
    each = [found] if isinstance(found, dict) and found else found
    return (one for one in each if isinstance(one, dict)) if isinstance(each, list) else ()


def texts(errors: object) -> Iterable[str]:
    """Each of ``errors`` as one text: ``Instelling: 'identificatie' bevat ...`` for an object, however deep."""
    for names, leaf in _leaves(errors):
        if _holds(leaf):
            yield printable(": ".join((*names, str(leaf))))


def created_in_error(errors: Iterable[str]) -> tuple[str, ...]:
    """The ids of entries that were kept although they failed."""
    return tuple(dict.fromkeys(found.lower() for error in errors for found in _KEPT.findall(error)))


def _other_texts(found: Mapping[str, object]) -> Iterable[str]:
    """Where ``errors`` has none: what else the answer says, a ``message`` above all."""
    for name, value in found.items():
        if name.lower() not in _OF_ANSWER:
            yield from (text for _, leaf in _leaves(value) if isinstance(leaf, str) for text in texts(leaf))


def _ids(found: object) -> Iterable[str]:
    """The ids in ``instances`` or ``data``: GUIDs, and whatever stands under a name that ends so."""
    for names, leaf in _leaves(found):
        text = "" if isinstance(leaf, bool) else str(leaf).strip().lower()
        named = bool(names) and (names[-1].endswith(("Id", "ID", "_id")) or names[-1].lower() == "id")
        if _holds(leaf) and (named or _GUID.fullmatch(text)) and text not in ("", "0", _NOTHING):
            yield printable(text)


def _holds(leaf: object) -> bool:
    return leaf is not None and leaf not in ("", _NOTHING)


def _texts(found: object) -> Iterable[str]:
    return (leaf for _, leaf in _leaves(found) if isinstance(leaf, str))


def _plain(text: str) -> str:
    """On one line, with one blank where there are several: a break in a sentence is none of its words."""
    return " ".join(text.split())


def _leaves(found: object) -> Iterator[tuple[tuple[str, ...], object]]:
    """Each value that is neither an object nor a list, in order, with the names that lead to it."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), found)]
    while waiting:
        names, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [((*names, str(name)), inner) for name, inner in reversed(list(value.items()))]
        elif isinstance(value, list):
            waiting += [(names, inner) for inner in reversed(value)]
        else:
            yield names, value
