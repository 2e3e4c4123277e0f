"""Error bodies of SB: what they say, and which entry was kept although it failed."""

from __future__ import annotations

import json

import pytest

from afas_soap.errors import Fate, SBError
from afas_soap.sb.errorbody import created_in_error, failure, refusal_in

_ID = "8afb1a9a-1613-5e2b-ab19-20c0f4f3e216"
_KEPT = (
    "Entity is made with one or more errors. Please correct this error in application or delete SalesJournalEntry "
    f"with id: {_ID}"
)


def refused(body: object, status: int = 400) -> SBError | None:
    return refusal_in(json.dumps(body).encode(), status, "trace of the header")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b"[" * 100_000, b"{}", b'{"Message": 1}', b'{"result": null}']
)
def test_what_is_no_error_body(body: bytes) -> None:
    assert refusal_in(body, 400) is None


def test_a_write_that_succeeded_is_no_error() -> None:
    assert refused({"result": "Succeeded", "errors": []}) is None


def test_a_refused_request_has_its_message_and_the_trace_of_the_body() -> None:
    error = refused({"StatusCode": 400, "Message": "Ongeldig gebruikersfilter.", "TraceId": "3b02"})
    assert error is not None
    assert (error.message, error.trace_id, error.status) == ("Ongeldig gebruikersfilter.", "3b02", 400)
    without = refused({"Message": "x"})
    assert without is not None
    assert without.trace_id == "trace of the header"


@pytest.mark.parametrize("status", [200, 400])
def test_a_failure_tells_its_errors_whatever_the_status(status: int) -> None:
    body = {"result": "Failed", "traceId": "t", "instances": [], "errors": [{"Instelling": "is er niet"}, "nee", 5]}
    error = refused(body, status)
    assert error is not None
    assert error.message == "SB answered Failed: Instelling: is er niet nee 5"
    assert (error.result, error.errors) == ("Failed", ("Instelling: is er niet", "nee", "5"))
    assert (error.trace_id, error.status, error.created_in_error) == ("t", status, ())
    assert error.outcome is Fate.REFUSED


def test_a_failure_that_kept_an_entry_is_stored() -> None:
    error = failure({"result": "Failed", "errors": [_KEPT]}, 200)
    assert error.created_in_error == (_ID,)
    assert error.outcome is Fate.STORED


def test_a_part_that_was_done_is_stored() -> None:
    error = failure({"result": "PartiallySucceeded", "errors": None}, 400, "h")
    assert (error.outcome, error.trace_id) == (Fate.STORED, "h")
    assert error.message == "SB answered PartiallySucceeded: it did not say why."


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (_KEPT, (_ID,)),
        (_KEPT.upper(), (_ID,)),
        (_KEPT + ".", (_ID,)),
        (_KEPT + "0", ()),
        (_KEPT + "-1", ()),
        (_KEPT[:-1], ()),
        (f"SalesJournalEntry with id: {_ID}", ()),
        (f"delete the SalesJournalEntry, id: {_ID}", ()),
    ],
)
def test_the_id_of_a_kept_entry_by_a_strict_pattern(text: str, ids: tuple[str, ...]) -> None:
    assert created_in_error([text]) == ids
