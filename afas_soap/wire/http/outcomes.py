"""At-most-once delivery: how a write ended, by how far it had come.

Nobody sends a write again that may have arrived. So every error of one says its fate: before the first byte left it is
*not sent*, whatever it is; behind that only an answer in which the service itself says no is a refusal (which the
service's judge tells, ``wire.http.judge``), and everything else is *uncertain*, be it a break, a fault of our own or a
trace that cannot be written.
"""

from __future__ import annotations

import enum

from afas_soap.errors import (
    AfasError,
    AnswerError,
    Broken,
    Busy,
    CutOff,
    Fate,
    ProfitError,
    SignInError,
    TransportError,
    Uncertain,
    place,
    printable,
)
from afas_soap.wire.http.network_errors import Silence


class Stage(enum.Enum):
    """How far one attempt of a call is. Its outcome depends on where it ends."""

    SIGNING = "nothing of it has left, or it was not accepted"
    SENDING = "it is on its way"
    ANSWERED = "an answer began"


def told(problem: Exception, stage: Stage, *, advice: str) -> Exception:
    """What ended a write, with its fate: itself, or ``Uncertain`` with ``advice`` where it may have been booked.

    Whatever is raised after the first byte may be anything, so a fault of our own is uncertain as well; before that it
    stays what it is.
    """
    if stage is Stage.SIGNING:
        return _unsigned(problem) if isinstance(problem, AfasError) else problem
    if not isinstance(problem, AfasError):
        return Uncertain(f"Something unexpected happened ({place(problem)}). {advice}")
    known = (ProfitError, SignInError, Uncertain)
    if stage is Stage.ANSWERED and not isinstance(problem, known):
        # Too late, whatever it is: a trace that cannot be written, an answer that breaks off or cannot be read.
        problem.fate = Fate.UNCERTAIN
    problem.fate = problem.outcome
    return _uncertain(problem, advice) if problem.fate is Fate.UNCERTAIN else problem


def _uncertain(error: AfasError, advice: str) -> Uncertain:
    """``error`` as one of a write that may have been booked, with all that it knows."""
    if isinstance(error, Uncertain):
        return error
    said = printable(error.message)
    found = Uncertain(
        f"{said}{'' if said.endswith(('.', '!', '?')) else '.'} {advice}",
        number=getattr(error, "number", None),
        log_reference=getattr(error, "log_reference", None),
        trace_id=getattr(error, "trace_id", None),
        status=getattr(error, "status", None),
    ).about(operation=error.operation, connector=error.connector, environment=error.environment)
    found.broken = _broken(error)
    return found


def _broken(error: AfasError) -> Broken | None:
    """What broke a write off, where it was by the way to the service."""
    if isinstance(error, Silence):
        return Broken.SILENT
    return Broken.OFF if isinstance(error, (TransportError, CutOff, Busy)) else None


def _unsigned(error: AfasError) -> AfasError:
    """An error that came while the token of a write was got, and is none of the write.

    What only says that an answer was odd, or no, would be taken for the answer to the write.
    """
    if isinstance(error, AnswerError) or type(error) is ProfitError:
        said = SignInError(f"No access token was got, so nothing was booked. {error.message}")
        error = said.about(operation=error.operation, connector=error.connector, environment=error.environment)
    return error.of_write(Fate.NOT_SENT)
