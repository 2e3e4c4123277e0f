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


LEFT = f"Please correct this error in application or delete SalesJournalEntry with id: {_ID}"


@pytest.mark.parametrize(
    "body",
    [
        {"errors": _KEPT},
        {"errors": {"SalesJournalEntry": _KEPT}},
        {"errors": [[_KEPT]]},
        {"errors": [{"Entry": {"Lines": ["other", {"1": _KEPT}]}}]},
        {"Errors": [_KEPT]},
        {"error": _KEPT},
        {"message": _KEPT, "errors": []},
        {"errors": [LEFT]},
        {"errors": [_KEPT.replace(" ", "\n")]},
        {"errors": ["x" * 3000 + " " + _KEPT]},
        {"data": {"Told": [_KEPT]}},
    ],
)
@pytest.mark.parametrize("result", ["Failed", "Working"])
def test_a_kept_entry_is_found_in_whatever_form_it_is_told(result: str, body: dict[str, object]) -> None:
    error = failure({"result": result, **body}, 400)
    assert (error.fate, error.created_in_error) == (Fate.STORED, (_ID,))
    assert "it did not say why" not in error.message or "data" in body


@pytest.mark.parametrize("form", [{"Message": _KEPT, "StatusCode": 400}, {"Message": "x", "AdditionalInfo": [_KEPT]}])
def test_nor_does_it_take_a_result(form: dict[str, object]) -> None:
    error = refused(form)
    assert error is not None
    assert (error.fate, error.result, error.created_in_error) == (Fate.STORED, None, (_ID,))


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ({"data": {"SalesJournalEntryId": _ID.upper()}}, (_ID,)),
        ({"Data": {"Entry": {"Id": 4711}}}, ("4711",)),
        ({"data": [_ID, _ID]}, (_ID,)),
        ({"instances": {"Code": "Adres", "Id": _ID}}, (_ID,)),
        ({"instances": [_ID]}, (_ID,)),
        ({"instances": [{"Code": "Adres", "Id": None}]}, ()),
        ({"errors": [{"x": _KEPT}], "data": {"OtherId": "A7"}}, (_ID, "a7")),
    ],
)
def test_an_id_in_a_failure_is_of_something_that_was_kept(body: dict[str, object], kept: tuple[str, ...]) -> None:
    error = failure({"result": "Failed", **body}, 400)
    assert (error.fate, error.made) == (Fate.STORED, kept)


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"State": "busy"}},
        {"instances": ["Adres"]},
        {"errors": ["The invoice was created, with a warning"]},
        {"errors": ["De factuur is aangemaakt."]},
        {"errors": ["verwijder Verkoopboeking met id 7"]},
    ],
)
def test_what_shows_something_and_does_not_say_what_is_no_refusal(body: dict[str, object]) -> None:
    assert failure({"result": "Failed", **body}, 400).outcome is Fate.UNCERTAIN


@pytest.mark.parametrize(
    "body",
    [
        {"data": {}, "instances": [], "errors": None},
        {"data": {"SalesJournalEntryId": None}, "traceId": _ID},
        {"data": {"SalesJournalEntryId": "00000000-0000-0000-0000-000000000000", "Note": ""}},
        {"errors": [f"SalesJournalEntry with id {_ID} does not exist"]},
        {"errors": [f"Field 'Grootboekrekening' contains an invalid reference ({_ID})"]},
        {"errors": ["The invoice is not created.", "De factuur is niet aangemaakt.", None, ""]},
        {"errors": [f"Cannot delete SalesInvoice, or could not delete SalesInvoice with id {_ID}"]},
    ],
)
def test_a_refusal_shows_nothing_of_that(body: dict[str, object]) -> None:
    error = failure({"result": "Failed", **body}, 400)
    assert (error.outcome, error.made) == (Fate.REFUSED, ())
