"""AFAS' refusals by their text: which kind of error each is, and what helps.

The numbers are not specific enough to go by, says AFAS (profit-wire 3.6), and the texts come in Dutch or English.
Source of the texts: profit-wire 2.6, 3.6 and 7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.errors import AccessDenied, NotFound, ProfitError, printable

_NO_TEXT = "Profit refused and gave no message."


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Profit said, whichever protocol it said it over."""

    message: str
    number: int | None = None
    log_reference: str | None = None
    trace_id: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Whom:
    """What was asked, for the sentences that name it; ``read`` is false for an update."""

    environment: str
    connector: str | None = None
    read: bool = True


_SMALLER = "Ask for fewer columns or a smaller page (page_size)."
_UNREADABLE_TOKEN = "Profit cannot read the token: give it as AFAS gave it, the 64 digits or the <token> XML."  # noqa: S105
_UNKNOWN_TOKEN = "The token is not known in {environment}: it may be another environment's, withdrawn or expired."  # noqa: S105
_NOT_IN_APP = (
    "Add {connector} to the app connector in Profit, or give its user the right to it; "
    "'afas connectors' lists what is there."
)
_UNKNOWN_CONNECTOR = "Check the spelling: 'afas connectors' lists them."
_BLOCKED = "AFAS blocks a GetConnector that weighs too much on the system: make its definition lighter and ask AFAS."
_SORT = "A column in the sort order is not one of the connector's."

_FOR_READS = (_SMALLER, _SORT)

# The first that fits is it: pattern, kind, remedy.
_TABLE: tuple[tuple[str, type[ProfitError], str], ...] = (
    (r"token .*(parse|base64)|base64.* token", AccessDenied, _UNREADABLE_TOKEN),
    (r"ongeldige gebruikersnaam|invalid username|inloggegevens niet gevonden", AccessDenied, _UNKNOWN_TOKEN),
    (r"token .*(not found|invalid|unknown|niet gevonden|ongeldig|onbekend)", AccessDenied, _UNKNOWN_TOKEN),
    (r"(invalid|unknown|ongeldige?|onbekende?) token", AccessDenied, _UNKNOWN_TOKEN),
    # Inferred, and before the next one: what cannot be told from what may not be had is not found, as over REST.
    (r"\bfile does not exist\b|\bbestand bestaat niet\b", NotFound, ""),
    (r"connector.* (niet ondersteund|not supported)|niet geautoriseerd|not authori[sz]ed", AccessDenied, _NOT_IN_APP),
    (r"^(general message: )?connector .+ does not exist", NotFound, _UNKNOWN_CONNECTOR),
    (r"connector ?\(definition\) is blocked", ProfitError, _BLOCKED),
    (r"out of (memory|string space)|command timeout expired|maximum duration", ProfitError, _SMALLER),
    (r"invalid index field", ProfitError, _SORT),
)
# AFAS says that a journal may be locked by another user (profit-wire 3.6); its words for it are not known.
_LOCKED = (
    r"\b(journal|dagboek)\b.*\b(locked|in use|vergrendeld|geblokkeerd door|in gebruik)\b"
    r"|\b(locked|in use|vergrendeld|in gebruik)\b.*\b(journal|dagboek)\b"
)
# What such a status means is known whatever is said beside it.
_BY_STATUS: Mapping[int | None, type[ProfitError]] = {401: AccessDenied, 403: AccessDenied, 404: NotFound}


def refused(refusal: Refusal, whom: Whom) -> ProfitError:
    """The error for what Profit said: AFAS' text first, then the remedy where one is known."""
    text = printable(refusal.message) or _NO_TEXT
    kind, remedy = _kind_and_remedy(text)
    if kind is ProfitError:
        kind = _BY_STATUS.get(refusal.status, kind)
    if remedy in _FOR_READS and not whom.read:
        remedy = ""
    known: Mapping[str, str] = {"connector": whom.connector or "it", "environment": whom.environment}
    message = f"{_sentence(text)} {remedy.format_map(known)}" if remedy else text
    return kind(
        message,
        number=refusal.number,
        log_reference=refusal.log_reference,
        trace_id=refusal.trace_id,
        status=refusal.status,
    )


def refused_within(error: ProfitError, whom: Whom, trace_id: str | None) -> ProfitError:
    """What ``error`` would have been, had it come with a status of its own: a fault may stand in a 200 answer."""
    return refused(Refusal(error.message, error.number, error.log_reference, trace_id, error.status), whom)


def passes(error: ProfitError) -> bool:
    """Whether Profit refused for a reason that passes: a journal that another user has open."""
    return re.search(_LOCKED, error.message, re.IGNORECASE) is not None


def _kind_and_remedy(text: str) -> tuple[type[ProfitError], str]:
    # Compiled by re when Profit refuses something, and kept there.
    for pattern, kind, remedy in _TABLE:
        if re.search(pattern, text, re.IGNORECASE):
            return kind, remedy
    return ProfitError, ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
