"""What became of a write. It ends in one of four ways, and only one that was not sent may be sent again.

The rule is positive: an outcome counts only where it is shown, and everything else is *uncertain*.

- *Not sent*: no byte of it left, or an answer that only AFAS gives for a call that was not begun: its bare 400, 401,
  403, 404 and 413, its whole 503, an OAuth refusal in OAuth's words.
- *Refused*: Profit's whole form in the protocol's own language, unless it says that somebody gave up waiting.
- *Done*: 200 or 201 with a body that fits (``profit.updates.receiptform``).

Gateways, caches and firewalls answer in Profit's place, with any status, also behind a Profit that has worked: a page,
a ``message`` in JSON or a ``Retry-After`` of theirs proves nothing. Sources: profit-wire 2.6, 3.6 and 7.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from afas_soap.errors import AfasError, AnswerError, Fate, ProfitError, SignInError, Uncertain, UpdateError, place
from afas_soap.gaveup import gave_up
from afas_soap.profit.readers.errorbody import error_from_json
from afas_soap.profit.readers.faults import Fault, read_fault
from afas_soap.wire.http.request import Request, Speaks
from afas_soap.wire.profit.refusals import printable

MAX_CALL = 75 * 2**20
"""The largest call that Profit takes, in bytes (profit-wire 2.6)."""

_ADVICE = "The update was sent, and whether Profit booked it is not known: look it up before you send it again."
_MEGABYTE = 2**20
# AFAS gives these without a body, as application/xml of length 0 (profit-wire 3.6).
_BARE = (400, 401, 403, 404, 413)
_AWAY = 503
# These come from whatever stands in front of Profit, also with a body that passed through.
_GATEWAYS = (429, 502, 503, 504)


class Stage(enum.Enum):
    """How far one attempt of a call is. Its outcome depends on where it ends."""

    SIGNING = "nothing of it has left, or it was not accepted"
    SENDING = "it is on its way"
    ANSWERED = "an answer began"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is no success: its status, headers, and body up to a limit with secrets masked; ``ended`` is
    whether that came to its end."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    trace_id: str | None
    ended: bool = True

    @property
    def media(self) -> str:
        """The content type without its parameters, in small letters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def is_bare(self) -> bool:
        """Whether it is AFAS' own answer without a body. Others leave the type away, or have one of their own."""
        return self.status in _BARE and self.ended and not self.body and self.media == "application/xml"


def fate_of_answer(request: Request, answered: Answered) -> Fate:
    """What an answer that is no success says of a write."""
    if answered.is_bare:
        return Fate.NOT_SENT
    if answered.status == _AWAY:
        body = error_from_json(answered.body) if "json" in answered.media else None
        return Fate.NOT_SENT if body is not None and body.is_whole_absence else Fate.UNCERTAIN
    if answered.status in _GATEWAYS:
        return Fate.UNCERTAIN
    refused = _refused_over_soap(answered) if request.speaks is Speaks.SOAP else _refused_over_rest(answered)
    return Fate.REFUSED if refused else Fate.UNCERTAIN


def _refused_over_soap(answered: Answered) -> bool:
    fault = read_fault(answered.body)
    return fault is not None and fate_of_fault(fault) is Fate.REFUSED


def _refused_over_rest(answered: Answered) -> bool:
    if "json" not in answered.media:
        return False
    body = error_from_json(answered.body)
    if body is None:
        return False
    if answered.status == 400:
        # The only one whose words are known: the request could not be read, so nothing was begun (profit-wire 3.6).
        return body.is_unread
    if answered.status != 500:
        return False
    return body.is_whole_refusal and not gave_up(body.message)


def fate_of_fault(fault: Fault) -> Fate:
    """What a fault says of a write: no, where it is Profit's own and says nowhere that somebody gave up."""
    return Fate.REFUSED if fault.is_profits and not gave_up(fault.text) else Fate.UNCERTAIN


def told(problem: Exception, stage: Stage) -> Exception:
    """What ended a write, with its fate: itself, or ``Uncertain`` where it may have been booked.

    Whatever is raised after the first byte may be anything, so a fault of our own is uncertain as well; before that
    it stays what it is.
    """
    if stage is Stage.SIGNING:
        return _unsigned(problem) if isinstance(problem, AfasError) else problem
    if not isinstance(problem, AfasError):
        return Uncertain(f"Something unexpected happened ({place(problem)}). {_ADVICE}")
    known = (ProfitError, SignInError, Uncertain)
    if stage is Stage.ANSWERED and not isinstance(problem, known):
        # Too late, whatever it is: a trace that cannot be written, an answer that breaks off or cannot be read.
        problem.fate = Fate.UNCERTAIN
    problem.fate = problem.outcome
    return uncertain(problem) if problem.fate is Fate.UNCERTAIN else problem


def uncertain(error: AfasError) -> Uncertain:
    """``error`` as one of a write that may have been booked, with all that it knows."""
    if isinstance(error, Uncertain):
        return error
    said = printable(error.message)
    return Uncertain(
        f"{said}{'' if said.endswith(('.', '!', '?')) else '.'} {_ADVICE}",
        number=getattr(error, "number", None),
        log_reference=getattr(error, "log_reference", None),
        trace_id=getattr(error, "trace_id", None),
        status=getattr(error, "status", None),
    ).about(operation=error.operation, connector=error.connector, environment=error.environment)


def _unsigned(error: AfasError) -> AfasError:
    """An error that came while the token of a write was got, and is none of the write.

    What only says that an answer was odd, or no, would be taken for the answer to the write.
    """
    if isinstance(error, AnswerError) or type(error) is ProfitError:
        said = SignInError(f"No access token was got, so nothing was booked. {error.message}")
        error = said.about(operation=error.operation, connector=error.connector, environment=error.environment)
    return error.of_write(Fate.NOT_SENT)


def check_size(request: Request) -> None:
    """Raise ``UpdateError`` for a call that Profit would not take (413), before it is sent."""
    size = len(request.body or b"")
    if size > MAX_CALL:
        raise UpdateError(
            f"This update is {size / _MEGABYTE:.1f} MB once it is spelt, and Profit takes {MAX_CALL // _MEGABYTE} MB a "
            "call: send fewer records, or a smaller file (in base64 a file grows by a third)."
        ).about(connector=request.connector)
