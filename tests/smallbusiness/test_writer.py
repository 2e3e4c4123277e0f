"""Writes: checked before the call, under one identifier, and told with what became of them and what helps."""

from __future__ import annotations

import json
import types
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

import pytest

from afas_soap.errors import AfasError, Broken, Fate, QueryError, SBError, Uncertain, UpdateError
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.results import result_from_json
from afas_soap.sb.table import shipped
from afas_soap.sbclient import SBClient
from afas_soap.smallbusiness.writer import SbWriter, Sent, checked_identifier
from afas_soap.wire.sb.calls import SbCalls

ID = "8afb1a9a-1613-4e2b-ab19-20c0f4f3e216"
GUID = "7c3d0d6e-38ee-4b4a-8c7f-0a7a3f0f7f11"
LINE = {"LedgerAccountId": ID, "AmountExcludingVat": Decimal("40.55"), "VatType": "Zero"}
ENTRY = {
    "AdministrationId": ID,
    "InvoiceDate": "2026-01-22",
    "InvoiceNumber": "V-1",
    "RelationType": "organisation",
    "RelationId": ID,
    "InvoiceLine": [LINE],
}
DONE = f'{{"result":"Succeeded","data":{{"SalesJournalEntryId":"{GUID}"}},"errors":[]}}'
KEPT = (
    "Entity is made with one or more errors. Please correct this error in application or delete "
    f"SalesJournalEntry with id: {GUID}"
)
Answer = str | AfasError


class Calls:
    """In place of ``SbCalls``: it answers what it was told to, and keeps what it was sent."""

    environment = "demo/enyoi"

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.sent: list[tuple[str, dict[str, object], str]] = []
        self.transport = types.SimpleNamespace(link=types.SimpleNamespace(retry_total=120.0), close=lambda: None)

    def write(self, operation: Operation, body: bytes, identifier: str, read: Callable[[Any], Any]) -> Any:
        del read
        self.sent.append((operation.title, json.loads(body, parse_float=Decimal), identifier))
        answer = self.answers.pop(0)
        if isinstance(answer, AfasError):
            raise answer
        return result_from_json(answer.encode())


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def writer(calls: Calls) -> SbWriter:
    return SbWriter(cast(SbCalls, calls), shipped(), sleep=lambda _: None)


@pytest.fixture
def client(calls: Calls) -> SBClient:
    return SBClient(cast(SbCalls, calls))


def doubt() -> Uncertain:
    error = Uncertain("It broke.")
    error.broken = Broken.OFF
    return error


def test_a_body_goes_as_sb_spells_it_and_amounts_keep_their_digits(calls: Calls, client: SBClient) -> None:
    calls.answers = [DONE]
    assert client.post("SalesJournalEntry", ENTRY)["SalesJournalEntryId"] == GUID
    ((title, body, identifier),) = calls.sent
    assert title == "POST salesjournalentry 3.0"
    assert body == {**ENTRY, "InvoiceLine": [{**LINE, "VatType": "zero"}]}
    assert uuid.UUID(identifier).version == 4


def test_each_write_has_an_identifier_of_its_own(calls: Calls, client: SBClient) -> None:
    calls.answers = [DONE, DONE]
    for _ in range(2):
        client.delete("salesjournalentry", {"AdministrationId": ID, "Id": GUID})
    assert len({identifier for *_, identifier in calls.sent}) == 2


def test_or_that_of_a_call_before(calls: Calls, client: SBClient) -> None:
    calls.answers = [DONE]
    client.put("salesjournalentry", {"AdministrationId": ID, "Id": GUID}, identifier=ID.upper(), version="2.1")
    assert calls.sent[0][2] == ID
    for wrong in ("", "x", "8afb1a9a", 7):
        with pytest.raises(QueryError, match="identifier: it is a UUID"):
            checked_identifier(cast(str, wrong))


@pytest.mark.parametrize("text", ["SalesJournalEntry with invoicenumber V-1 already exists", "no"])
def test_what_is_refused_under_the_identifier_of_a_call_before_may_be_carried_out(
    calls: Calls, client: SBClient, text: str
) -> None:
    """An SB that forgot the first refuses the second because of it."""
    calls.answers = [json.dumps({"result": "Failed", "errors": [text]})] * 2
    with pytest.raises(Uncertain, match="may have been carried out before"):
        client.post("salesjournalentry", ENTRY, identifier=ID)
    with pytest.raises(SBError):
        client.post("salesjournalentry", ENTRY)


def test_every_problem_is_told_before_any_call(calls: Calls, client: SBClient) -> None:
    with pytest.raises(UpdateError) as caught:
        client.post("salesjournalentry", {**ENTRY, "InvoiceDate": "x", "InvoiceLine": [{**LINE, "VatType": "some"}]})
    assert [problem.path for problem in caught.value.problems] == ["InvoiceDate", "InvoiceLine[1]/VatType"]
    assert (caught.value.fate or caught.value.outcome) is Fate.NOT_SENT
    assert (caught.value.operation, caught.value.connector, caught.value.environment) == (
        "post",
        "salesjournalentry",
        "demo/enyoi",
    )
    with pytest.raises(QueryError, match="takes an object of fields, and no list"):
        client.post("salesjournalentry", cast(Any, [ENTRY]))
    with pytest.raises(QueryError, match="has no PUT"):
        client.put("salesinvoice", {})
    assert calls.sent == []


def test_a_write_that_broke_off_goes_again_under_its_identifier(calls: Calls, writer: SbWriter) -> None:
    calls.answers = [doubt(), DONE]
    said: list[str] = []
    ready = writer.ready(writer.operation("salesjournalentry", Verb.POST), ENTRY)
    writer.send(ready, Sent(ID, again=lambda: said.append("again")))
    assert [identifier for *_, identifier in calls.sent] == [ID, ID]
    assert said == ["again"]


def test_what_stays_uncertain_tells_its_identifier(calls: Calls, writer: SbWriter) -> None:
    calls.answers = [doubt()]
    ready = writer.ready(writer.operation("salesjournalentry", Verb.POST), ENTRY)
    with pytest.raises(Uncertain, match=f"Its Tracking-Identifier is {ID}"):
        writer.send(ready, Sent(ID, first=0.0))


def test_an_entry_left_in_error_is_told_with_its_guid_and_its_delete(calls: Calls, client: SBClient) -> None:
    calls.answers = [json.dumps({"result": "Failed", "errors": [KEPT]})]
    with pytest.raises(SBError) as caught:
        client.post("salesjournalentry", ENTRY)
    error = caught.value
    assert error.outcome is Fate.STORED
    assert error.created_in_error == (GUID,)
    assert f"delete it: afas sb delete salesjournalentry --administration {ID} --id {GUID}." in error.message


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            {"result": "PartiallySucceeded", "instances": [{"Code": "Persoon", "Id": GUID}], "errors": ["e-mail"]},
            f"SB kept {GUID}: send nothing of it again before that is seen to. Correct it in the application.",
        ),
        (
            {"result": "Failed", "errors": ["Entity is made with one or more errors."]},
            "SB kept something of it, and did not say what: send nothing of it again before that is seen to.",
        ),
    ],
)
def test_where_no_delete_helps_the_application_does(
    calls: Calls, client: SBClient, answer: dict[str, object], told: str
) -> None:
    calls.answers = [json.dumps(answer)]
    with pytest.raises(SBError) as caught:
        client.post("contact", {"OrganisationId": ID, "LastName": "Jansen"})
    assert told in caught.value.message
    assert "afas sb delete" not in caught.value.message


def test_a_plain_refusal_is_told_as_it_is(calls: Calls, client: SBClient) -> None:
    calls.answers = [json.dumps({"result": "Failed", "errors": ["FeatureToggle not enabled"]})]
    with pytest.raises(SBError) as caught:
        client.post("salesjournalentry", ENTRY)
    assert caught.value.message == "SB answered Failed: FeatureToggle not enabled"
    assert caught.value.outcome is Fate.REFUSED


def test_what_it_holds_does_not_show(writer: SbWriter) -> None:
    ready = writer.ready(writer.operation("contact", Verb.POST), {"OrganisationId": ID, "LastName": "Jansen"})
    assert "Jansen" not in repr(ready)


def test_a_version_that_sb_does_not_have_names_the_others(calls: Calls, client: SBClient) -> None:
    refusals = [SBError(text).of_write(Fate.REFUSED) for text in ("De gevraagde versie bestaat niet.", "Anders")]
    calls.answers = list(refusals)
    with pytest.raises(SBError, match=r"3\.0 was asked for; name another \(version=, CLI: --version\): .*2\.0"):
        client.post("salesjournalentry", ENTRY)
    with pytest.raises(SBError) as caught:
        client.post("salesjournalentry", ENTRY)
    assert caught.value.message == "Anders"
