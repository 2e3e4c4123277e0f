"""What became of a write at SB: shown by its own form, stored also where it says Failed, and uncertain otherwise."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest

from afas_soap.errors import AfasError, Broken, Fate, SBError, Uncertain
from afas_soap.sb.operation import Verb
from afas_soap.sb.results import Result
from afas_soap.sb.table import shipped
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.sb.calls import SbCalls, read_result
from afas_soap.wire.sb.judge import SB

LinkTo = Callable[..., Link]

ID = "11111111-2222-4333-8444-555555555555"
GUID = "7c3d0d6e-38ee-4b4a-8c7f-0a7a3f0f7f11"
KEPT = f"Entity is made with one or more errors. Please correct this error in application or delete X with id: {GUID}"
DELETE = shipped().operation("salesjournalentry", Verb.DELETE)


@pytest.fixture
def calls(fixed: Any, link_to: LinkTo) -> SbCalls:
    return SbCalls(Transport(link_to(fixed), SB, sleep=lambda _: None))


def write(calls: SbCalls) -> Result:
    return calls.write(DELETE, b'{"Id":"x"}', ID, read_result)


def failed(calls: SbCalls) -> AfasError:
    with pytest.raises(AfasError) as caught:
        write(calls)
    return caught.value


def test_a_delete_sends_its_body_and_its_identifier(fixed: Any, calls: SbCalls) -> None:
    fixed.json('{"result":"Succeeded","data":{"SalesJournalEntryId":"' + GUID + '"}}')
    assert write(calls)["SalesJournalEntryId"] == GUID
    (sent,) = fixed.requests
    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"DELETE /ProfitRestServices/api/salesjournalentry HTTP/1.1\r\n")
    assert f"Tracking-Identifier: {ID}".encode() in head
    assert b"Accept-Version: 2.1" in head
    assert body == b'{"Id":"x"}'


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ({"result": "Failed", "errors": ["FeatureToggle not enabled"]}, Fate.REFUSED),
        ({"result": "Failed", "errors": [KEPT]}, Fate.STORED),
        ({"result": "PartiallySucceeded", "instances": [{"Code": "Adres", "Id": GUID}], "errors": []}, Fate.STORED),
    ],
)
def test_the_status_says_nothing(
    fixed: Any, calls: SbCalls, status: str, answer: dict[str, object], fate: Fate
) -> None:
    fixed.json(json.dumps(answer), status)
    error = failed(calls)
    assert isinstance(error, SBError)
    assert error.fate is fate
    assert error.connector == "salesjournalentry"


@pytest.mark.parametrize(
    ("status", "answer", "fate"),
    [
        (400, '{"StatusCode":400,"Message":"Invalid JSON request","ExceptionCode":"DS3100"}', Fate.REFUSED),
        (401, '{"StatusCode":401,"Message":"Er is geen ingelogde gebruiker."}', Fate.NOT_SENT),
        (403, '{"StatusCode":403,"Message":"De ingelogde gebruiker heeft niet voldoende rechten."}', Fate.NOT_SENT),
        (404, '{"StatusCode":"404","Message":"Not found","AdditionalInfo":{}}', Fate.NOT_SENT),
        (500, '{"StatusCode":500,"Message":"Fout"}', Fate.UNCERTAIN),
        (500, "", Fate.UNCERTAIN),
        (400, '{"Message":"An error has occurred."}', Fate.UNCERTAIN),
        (400, "<html>", Fate.UNCERTAIN),
        (401, "", Fate.UNCERTAIN),
        (404, "<html>not here</html>", Fate.UNCERTAIN),
        (301, "", Fate.UNCERTAIN),
        (429, '{"result":"Failed"}', Fate.UNCERTAIN),
        (503, '{"StatusCode":503,"Message":"away"}', Fate.UNCERTAIN),
        (200, "[]", Fate.UNCERTAIN),
        (200, '{"result":"Pending"}', Fate.UNCERTAIN),
    ],
)
def test_an_outcome_counts_only_in_sbs_own_form(
    fixed: Any, calls: SbCalls, status: int, answer: str, fate: Fate
) -> None:
    fixed.json(answer, f"{status} X")
    error = failed(calls)
    assert error.fate is fate
    assert isinstance(error, Uncertain) is (fate is Fate.UNCERTAIN)


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 405, 409, 429, 500, 502, 503])
@pytest.mark.parametrize("form", [{"result": "Failed", "errors": KEPT}, {"Message": KEPT}])
def test_what_was_kept_is_told_with_whichever_status(
    fixed: Any, calls: SbCalls, status: int, form: dict[str, object]
) -> None:
    fixed.json(json.dumps(form), f"{status} X")
    error = failed(calls)
    assert isinstance(error, SBError)
    assert (error.fate, error.created_in_error) == (Fate.STORED, (GUID,))
    assert len(fixed.requests) == 1


@pytest.mark.parametrize(
    ("status", "fate"), [(400, Fate.REFUSED), (401, Fate.REFUSED), (403, Fate.REFUSED), (500, Fate.UNCERTAIN)]
)
def test_a_result_says_more_than_who_may_what(fixed: Any, calls: SbCalls, status: int, fate: Fate) -> None:
    """A record with one came as far as being carried out, and is not sent again by itself."""
    fixed.json('{"result":"Failed","errors":["no"]}', f"{status} X")
    assert failed(calls).fate is fate


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "steps",
    [
        (None,),
        (_reset,),
        (HEAD % b"200 OK" + b'Content-Length: 99\r\n\r\n{"result":"Succ', None),
        (HEAD % b"200 OK" + b'Connection: close\r\n\r\n{"result":"Succ', None),
        (HEAD % b"400 Bad Request" + b'Content-Length: 99\r\n\r\n{"result":"Failed"}', None),
        (HEAD % b"502 Bad Gateway" + b"Content-Length: 0\r\n\r\n",),
    ],
)
def test_what_broke_it_off_is_told(fixed: Any, calls: SbCalls, steps: tuple[object, ...]) -> None:
    fixed.raw(*steps)
    error = failed(calls)
    assert isinstance(error, Uncertain)
    assert error.broken is Broken.OFF
    assert len(fixed.requests) == 1, "the wire repeats no write"


def test_silence_is_told_apart(fixed: Any, link_to: LinkTo) -> None:
    """The service may still be working on it."""
    calls = SbCalls(Transport(link_to(fixed, read_timeout=0.05), SB, sleep=lambda _: None))
    fixed.raw(0.3, None)
    error = failed(calls)
    assert isinstance(error, Uncertain)
    assert error.broken is Broken.SILENT


def test_an_answer_that_says_too_little_did_not_break_off(fixed: Any, calls: SbCalls) -> None:
    fixed.json("[]")
    error = failed(calls)
    assert isinstance(error, Uncertain)
    assert error.broken is None


def test_no_secret_in_the_texts_of_an_error(fixed: Any, calls: SbCalls) -> None:
    token = "0123456789ABCDEF" * 4
    fixed.json(json.dumps({"result": "Failed", "errors": [f"token {token}"]}))
    error = failed(calls)
    assert isinstance(error, SBError)
    assert token not in f"{error}{error.errors}"


def test_a_refusal_that_breaks_off_says_nothing(fixed: Any, calls: SbCalls) -> None:
    fixed.raw(HEAD % b"400 Bad Request" + b'Content-Length: 99\r\n\r\n{"result":"Failed"}', None)
    assert failed(calls).fate is Fate.UNCERTAIN


def test_a_gateways_400_is_no_refusal_of_sb(fixed: Any, calls: SbCalls) -> None:
    fixed.json('{"Message":"An error has occurred."}', "400 Bad Request")
    assert failed(calls).fate is Fate.UNCERTAIN


def test_of_a_fault_of_sbs_own_nobody_knows_how_far_it_came(fixed: Any, calls: SbCalls) -> None:
    fixed.json('{"StatusCode":500,"Message":"Fout"}', "500 Internal Server Error")
    assert failed(calls).fate is Fate.UNCERTAIN
