"""What became of a write. It ends in one of four ways, and only one that was not sent may be sent again.

*Done* is a receipt. *Not sent*: no connection, TLS refused, 401, 403, 404, 413, or a 503 that tells when to come back.
*Refused*: Profit's own fault or error body. *Uncertain* is everything else: a break or silence after the first byte
went out, 502, 504, another 503, an answer that is not what AFAS documents, and Profit's own words that it gave up
waiting, after which the work may go on (profit-wire 2.6 and 3.6).
"""

from __future__ import annotations

import re

from afas_soap.errors import (
    AfasError,
    AnswerError,
    Busy,
    ProfitError,
    SettingsError,
    SignInError,
    TransportError,
    Uncertain,
    UpdateError,
)
from afas_soap.wire.request import Request

MAX_CALL = 75 * 2**20
"""The largest call that Profit takes, in bytes (profit-wire 2.6)."""

_ADVICE = "The update was sent, and whether Profit booked it is not known: look it up before you send it again."
_GAVE_UP = re.compile(r"command timeout expired|maximum duration", re.IGNORECASE)
_MEGABYTE = 2**20


def outcome(error: AfasError, *, answered: bool = False) -> AfasError:
    """What an error of a write stands for: itself, or ``Uncertain``. ``answered`` is whether an answer had begun, so
    that an error that is not of the answer (a trace that cannot be written) came too late."""
    if isinstance(error, Uncertain) or not _may_be_booked(error, answered=answered):
        return error
    return Uncertain(
        f"{error.message} {_ADVICE}",
        number=getattr(error, "number", None),
        log_reference=getattr(error, "log_reference", None),
        trace_id=getattr(error, "trace_id", None),
        status=getattr(error, "status", None),
    ).about(operation=error.operation, connector=error.connector, environment=error.environment)


def unsigned(error: AfasError) -> AfasError:
    """What an error of a write stands for that came while its token was got: itself, for it is none of the write.

    What only says that an answer was odd, or no, would be taken for the answer to the write.
    """
    if isinstance(error, SettingsError):
        error.unsent = True
    if isinstance(error, AnswerError) or type(error) is ProfitError:
        said = SignInError(f"No access token was got, so nothing was booked. {error.message}")
        return said.about(operation=error.operation, connector=error.connector, environment=error.environment)
    return error


def certainly_not_sent(error: Busy) -> bool:
    """Whether a server that is away had not begun: AFAS documents that of a 503 which says when to come back."""
    return error.status == 503 and error.retry_after is not None


def _may_be_booked(error: AfasError, *, answered: bool) -> bool:
    if isinstance(error, TransportError):
        return error.sent
    if isinstance(error, Busy):
        return not certainly_not_sent(error)
    if isinstance(error, ProfitError):
        return _GAVE_UP.search(error.message) is not None
    if isinstance(error, SignInError):
        return False
    return answered or isinstance(error, AnswerError)


def check_size(request: Request) -> None:
    """Raise ``UpdateError`` for a call that Profit would not take (413), before it is sent."""
    size = len(request.body or b"")
    if size > MAX_CALL:
        raise UpdateError(
            f"This update is {size / _MEGABYTE:.1f} MB once it is spelt, and Profit takes {MAX_CALL // _MEGABYTE} MB a "
            "call: send fewer records, or a smaller file (in base64 a file grows by a third)."
        ).about(connector=request.connector)
