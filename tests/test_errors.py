"""Errors: what they carry, that the innermost name stays, and that they survive a pickle."""

import pickle
import traceback

import pytest

from afas_soap import errors
from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    CutOff,
    Fate,
    NotFound,
    NotOffered,
    Problem,
    ProfitError,
    QueryError,
    SettingsError,
    SignInError,
    TransportError,
    Uncertain,
    UpdateError,
    Weight,
)

REFERENCE = "B8213AF1C3C54E579686406A8DE71C6C"
TOO_LONG = Problem("FiEntryPar/FiEntries[3]/Ds", "too-long", "80 characters at most.", kind="text of 300 characters")
DOUBT = Problem(
    "KnSubject/ViPr",
    "code",
    "no code of the list.",
    Weight.DOUBT,
    "text of 1 character",
    "Prioriteit",
    (("H", "HOOG"),),
)


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        (SettingsError, (AfasError,)),
        (QueryError, (AfasError,)),
        (UpdateError, (AfasError,)),
        (NotOffered, (AfasError,)),
        (SignInError, (AfasError,)),
        (TransportError, (AfasError,)),
        (Uncertain, (TransportError, AfasError)),
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
    assert len(kinds) == 15
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
    assert (SignInError("x").error, SignInError("x").error_description) == (None, None)
    signed = SignInError("x", error="invalid_client", error_description="Unknown.")
    assert (signed.error, signed.error_description) == ("invalid_client", "Unknown.")
    assert TransportError("x").sent is False
    assert TransportError("x", sent=True).sent is True
    plain = ProfitError("x")
    assert (plain.number, plain.log_reference, plain.trace_id, plain.status) == (None, None, None, None)
    busy = Busy("x", retry_after=7200.0, trace_id="t", status=503)
    assert (busy.retry_after, busy.trace_id, busy.status, busy.number) == (7200.0, "t", 503, None)
    unknown = Uncertain("x", number=-1, log_reference=REFERENCE, trace_id="t", status=500)
    assert (unknown.sent, unknown.number, unknown.log_reference) == (True, -1, REFERENCE)
    assert (unknown.trace_id, unknown.status) == ("t", 500)
    bare = Uncertain("x")
    assert (bare.sent, bare.number, bare.log_reference, bare.trace_id, bare.status) == (True, None, None, None, None)
    assert UpdateError("x").problems == ()


def test_a_problem() -> None:
    """Its text is where and what; an error is what weighs, unless it is said to be a doubt."""
    assert str(TOO_LONG) == "FiEntryPar/FiEntries[3]/Ds: 80 characters at most."
    assert str(Problem("", "xml", "the XML is empty.")) == "the XML is empty."
    assert (TOO_LONG.weight, DOUBT.weight) == (Weight.ERROR, Weight.DOUBT)
    assert [str(weight) for weight in Weight] == ["error", "doubt"]
    assert (TOO_LONG.label, TOO_LONG.codes) == ("", ())


def test_several_problems() -> None:
    """The message tells the first and counts the others."""
    one = UpdateError.of(TOO_LONG)
    assert str(one) == one.message == str(TOO_LONG)
    assert not one.__notes__
    assert one.problems == (TOO_LONG,)
    assert UpdateError.of(TOO_LONG, DOUBT).message == f"{TOO_LONG} And 1 more problem."
    assert UpdateError.of(TOO_LONG, DOUBT, DOUBT).message == f"{TOO_LONG} And 2 more problems."


def test_the_text_and_the_notes_tell_what_is_known() -> None:
    """A scheduler's log shows nothing else; the message stays the sentence."""
    error = ProfitError("Nee.", number=-2147220469, log_reference=REFERENCE, trace_id="t-1", status=500)
    assert error.__notes__ == [f"For AFAS: number -2147220469, log reference {REFERENCE}, trace id t-1"]
    error.about(connector="Profit_Debtor").about(operation="rows", environment="12345")
    facts = f"number -2147220469; log reference {REFERENCE}; trace id t-1; connector Profit_Debtor; environment 12345"
    assert str(error) == f"Nee. [{facts}; operation rows]"
    assert error.message == "Nee."
    assert error.__notes__ == [
        "Where: connector Profit_Debtor, environment 12345, operation rows",
        f"For AFAS: number -2147220469, log reference {REFERENCE}, trace id t-1",
    ]
    told = "".join(traceback.format_exception(error))
    assert all(value in told for _, value in error.facts)


def test_every_problem_of_an_update_is_told_once() -> None:
    error = UpdateError.of(TOO_LONG, DOUBT, Problem("A", "x", "third.")).about(connector="FiEntries")
    assert str(error) == f"{TOO_LONG} And 2 more problems. {DOUBT} A: third. [connector FiEntries]"
    assert error.__notes__ == ["Where: connector FiEntries", str(DOUBT), "A: third."]


def test_a_note_of_somebody_elses_stays() -> None:
    error = AnswerError("x").about(connector="A")
    error.add_note("while the stock was read")
    error.about(operation="rows")
    assert error.__notes__ == ["Where: connector A, operation rows", "while the stock was read"]
    copy = pickle.loads(pickle.dumps(error))
    copy.about(environment="12345")
    assert copy.__notes__ == ["Where: connector A, environment 12345, operation rows", "while the stock was read"]


def test_an_error_told_in_other_words_carries_what_it_carried() -> None:
    error = AccessDenied("nee", number=-1, trace_id="t", status=500).about(connector="X").of_write(Fate.REFUSED)
    error.add_note("in the night")
    told = error.retold(NotFound, "There is no X.")
    assert type(told) is NotFound
    assert (told.message, told.args) == ("There is no X.", ("There is no X.",))
    assert (told.number, told.trace_id, told.status, told.connector, told.fate) == (-1, "t", 500, "X", Fate.REFUSED)
    assert told.__notes__ == ["Where: connector X", "For AFAS: number -1, trace id t", "in the night"]
    assert vars(pickle.loads(pickle.dumps(told))) == vars(told)
    assert dict(error.retold(QueryError, "no column").facts) == {"number": "-1", "trace id": "t", "connector": "X"}


@pytest.mark.parametrize(
    "error",
    [
        SettingsError("s"),
        NotOffered("n", offered_by="rest"),
        SignInError("s", error="invalid_grant", error_description="Used."),
        UpdateError.of(TOO_LONG, DOUBT).about(operation="insert", connector="FiEntries"),
        TransportError("t", sent=True),
        Uncertain("u", number=-2147180999, log_reference=REFERENCE, trace_id="abc", status=504),
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
