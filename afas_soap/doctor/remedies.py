"""What helps against an error of a call."""

from __future__ import annotations

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    NotFound,
    ProfitError,
    SignInError,
    TransportError,
)

FORBIDDEN = 403
"""The status of a machine that the app connector takes no calls from."""

LET_IN = (
    "Add the address under which this machine is seen outside to those that the app connector takes calls from, in "
    "Profit; or send the calls from a machine that is among them."
)
LATER = "Try again after a while."

# The first class that fits, so a class stands before its parent.
_REMEDIES: tuple[tuple[type[AfasError], str], ...] = (
    (SignInError, "Check client_id, its proof and the app connector's authentication type; a person signs in again."),
    (
        AccessDenied,
        "Check that the token is of this environment and of an app connector that is not blocked; make a new one there "
        "when it was withdrawn or has ended.",
    ),
    (NotFound, "Check soap_url and rest_url, or leave both out and name the environment."),
    (TransportError, "See what is said of name and TLS above; a server may also want a client certificate (mTLS)."),
    (AnswerError, "See what stands at that address, and what is said of the addresses above."),
    (ProfitError, LATER),
)


def remedy_for(error: AfasError) -> str:
    """What helps against an error of a call; "" when its message says so itself."""
    if getattr(error, "status", None) == FORBIDDEN:
        return LET_IN
    return next((remedy for kind, remedy in _REMEDIES if isinstance(error, kind)), "")
