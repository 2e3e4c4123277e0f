"""Errors: what they carry, that the innermost name stays, and that they survive a pickle."""

import pickle

import pytest

from afas_soap import errors
from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    CutOff,
    NotFound,
    NotOffered,
    ProfitError,
    QueryError,
    SettingsError,
    TransportError,
)

REFERENCE = "B8213AF1C3C54E579686406A8DE71C6C"


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        (SettingsError, (AfasError,)),
        (QueryError, (AfasError,)),
        (NotOffered, (AfasError,)),
        (TransportError, (AfasError,)),
        (AnswerError, (AfasError,)),
        (CutOff, (AnswerError, AfasError)),
        (ProfitError, (AfasError,)),
        (AccessDenied, (ProfitError, AfasError)),
        (NotFound, (ProfitError, AfasError)),
        (Busy, (ProfitError, AfasError)),
    ],
)
def test_family(kind: type[AfasError], parents: tuple[type[AfasError], ...]) -> None:
    """Whoever catches a parent catches the child; all of them are an AfasError."""
    assert issubclass(kind, parents)
    assert str(kind("what happened")) == "what happened"


def test_every_error_is_in_the_family() -> None:
    """No exception of this module stands outside."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) == 11
    assert all(issubclass(kind, AfasError) for kind in kinds)


def test_about_fills_in_what_is_not_known() -> None:
    """The innermost name stays; the rest is filled in, and the same error comes back."""
    error = AnswerError("x")
    assert (error.operation, error.connector, error.environment) == (None, None, None)
    assert error.about(connector="Profit_Debtor") is error
    error.about(operation="rows", connector="Profit_Article", environment="O12345AA")
    assert (error.operation, error.connector, error.environment) == ("rows", "Profit_Debtor", "O12345AA")
    error.about(operation="version", environment="emulator")
    assert (error.operation, error.environment) == ("rows", "O12345AA")


def test_what_each_carries() -> None:
    """Defaults are None or False."""
    assert NotOffered("x").offered_by is None
    assert NotOffered("x", offered_by="soap").offered_by == "soap"
    assert TransportError("x").sent is False
    assert TransportError("x", sent=True).sent is True
    plain = ProfitError("x")
    assert (plain.number, plain.log_reference, plain.trace_id, plain.status) == (None, None, None, None)
    busy = Busy("x", retry_after=7200.0, trace_id="t", status=503)
    assert (busy.retry_after, busy.trace_id, busy.status, busy.number) == (7200.0, "t", 503, None)


@pytest.mark.parametrize(
    "error",
    [
        SettingsError("s"),
        NotOffered("n", offered_by="rest"),
        TransportError("t", sent=True),
        CutOff("c").about(operation="rows", connector="Profit_Debtor", environment="emulator"),
        ProfitError("p", number=-2147220469, log_reference=REFERENCE, trace_id="abc", status=500),
        AccessDenied("a", status=401),
        Busy("b", retry_after=1.5, trace_id="abc", status=503),
    ],
)
def test_pickle(error: AfasError) -> None:
    """Workers in other processes hand their errors on: type, text and everything carried."""
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
