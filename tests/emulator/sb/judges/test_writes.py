"""Every write of AFAS' file: each of its 47 bodies is taken but one, answered as its sample, and shows afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from afas_soap.errors import Weight
from afas_soap.sb.bodies import checked, spelt
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped
from tests.emulator.sb.judges.afasfile import FILE, AfasFile, Asked, rows_of
from tests.emulator.sb.judges.conftest import Session

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the genuine AFAS artefacts (../shared/afas) are not here")
_ALL = list(AfasFile().operations()) if FILE.is_file() else []
WRITES = [one for one in _ALL if one.verb != "GET" and one.path.startswith("/api/") and "{" not in one.path]

Body = Mapping[str, Any]
# Where a write shows: a list, a column of it, and the value to be found there.
_Shown = Callable[[Body, Body], tuple[str, str, object]]


def _instance(connector: str, column: str, code: str) -> _Shown:
    def shown(answer: Body, body: Body) -> tuple[str, str, object]:
        return connector, column, next(one["Id"] for one in answer["instances"] if one["Code"] == code)

    return shown


def _data(connector: str, column: str, member: str) -> _Shown:
    return lambda answer, body: (connector, column, answer["data"][member])


def _of_body(connector: str, column: str, field: str) -> _Shown:
    """``connector`` may have ``{}`` for the kind of relation of the body."""
    return lambda answer, body: (connector.format(body.get("RelationType")), column, body[field])


SHOWN: Mapping[tuple[str, str], _Shown] = {
    ("POST", "address"): _instance("addresses", "Id", "Adres"),
    ("POST", "bankaccount"): _instance("bankaccounts", "Id", "Bankrekening"),
    ("POST", "cashmutation"): _data("journalentries", "HeaderId", "FinancialBookingId"),
    ("POST", "contact"): _instance("contacts", "Id", "Contactpersoon"),
    ("POST", "emailaddress"): _of_body("{}s", "EmailAddress", "EmailAddress"),
    ("POST", "financialjournalentry"): _data("journalentries", "HeaderId", "FinancialJournalEntryId"),
    ("DELETE", "financialjournalentry"): _of_body("journalentries", "HeaderId", "Id"),
    ("POST", "linestobeinvoiced"): _data("linestobeinvoiced", "InstanceId", "LinesToBeInvoiced"),
    ("PUT", "linestobeinvoiced"): _of_body("linestobeinvoiced", "Quantity", "Quantity"),
    ("DELETE", "linestobeinvoiced"): _of_body("linestobeinvoiced", "InstanceId", "Id"),
    ("POST", "organisation"): _data("organisations", "Id", "RelationId"),
    ("PUT", "organisation"): _of_body("organisations", "Name", "Name"),
    ("POST", "payrolljournalentry"): _instance("journalentries", "HeaderId", "Memoriaalboeking2"),
    ("POST", "person"): _data("persons", "Id", "RelationId"),
    ("PUT", "person"): _of_body("persons", "Lastname", "LastName"),
    ("POST", "phonenumber"): lambda answer, body: (
        {"organisation": "organisations", "person": "persons"}[body["RelationType"]],
        "PhoneNumber",
        body["PhoneNumber"],
    ),
    ("POST", "purchaseinvoice"): _instance("creditorinvoicebalance", "InvoiceId", "Inkoopfactuur"),
    ("POST", "purchasejournalentry"): _instance("creditorinvoicebalance", "InvoiceId", "Inkoopfactuur"),
    ("POST", "salesinvoice"): _data("salesinvoices", "InstanceId", "SalesInvoiceId"),
    ("DELETE", "salesinvoice"): _of_body("salesinvoices", "InstanceId", "Id"),
    ("POST", "salesjournalentry"): _data("journalentries", "HeaderId", "SalesJournalEntryId"),
    ("DELETE", "salesjournalentry"): _of_body("journalentries", "HeaderId", "Id"),
    ("POST", "supplier"): _instance("supplier", "SupplierId", "Leverancier"),
}
# No read of any version shows a mandate.
UNSEEN = {("POST", "mandates")}


def test_every_write_of_the_file_has_a_place_where_it_shows() -> None:
    assert len(WRITES) == 24
    assert {(one.verb, one.connector) for one in WRITES} == SHOWN.keys() | UNSEEN


def matching(session: Session, place: str, connector: str, column: str, value: object) -> list[dict[str, Any]]:
    version = shipped().operation(connector, Verb.GET, None).version
    asked = next((one for one in _ALL if (one.verb, one.connector) == ("GET", connector)), None)
    rows = rows_of(session.call("GET", place, f"/api/{connector}", asked.version if asked else version).json())
    return [row for row in rows if str(row[column]).rstrip("0").rstrip(".") == str(value).rstrip("0").rstrip(".")]


_SEEN: Counter[tuple[str, object]] = Counter()


def place_for(body: Body, places: tuple[str, str]) -> str:
    """Two of AFAS' bodies have the same number of an invoice, which is taken once in an environment."""
    key = (places[0], body.get("InvoiceNumber"))
    _SEEN[key] += 1
    return places[min(_SEEN[key], 2) - 1] if key[1] else places[0]


@pytest.mark.parametrize("asked", WRITES, ids=str)
def test_the_bodies_as_they_stand_in_the_file(asked: Asked, session: Session, file: AfasFile) -> None:
    done = [
        answered(Sent(session, asked, place_for(body, ("enyoi", "again"))), body, file)
        for body in asked.bodies.values()
    ]
    assert done
    assert any(codes(answer) == codes(sample) for answer in done for sample in succeeded(asked))


@pytest.mark.parametrize("asked", WRITES, ids=str)
def test_the_bodies_as_the_clients_check_makes_them(asked: Asked, session: Session, file: AfasFile) -> None:
    """At the versions of the file: all but the contact without ``LastName``."""
    operation = shipped().operation(asked.connector, Verb(asked.verb), asked.version)
    for body in asked.bodies.values():
        folded, problems = checked(operation, body)
        errors = [problem for problem in problems if problem.weight is Weight.ERROR]
        assert bool(errors) == (asked.connector == "contact")
        if not errors:
            answered(Sent(session, asked, place_for(body, ("folded", "foldedagain"))), folded, file)


@dataclass(frozen=True)
class Sent:
    """Where a body of an operation goes."""

    session: Session
    asked: Asked
    place: str

    def __call__(self, body: Body) -> requests.Response:
        headers = {"Content-Type": "application/json"}
        asked = self.asked
        return self.session.call(asked.verb, self.place, asked.path, asked.version, headers=headers, data=spelt(body))

    def rows(self, answer: Body, body: Body) -> int:
        """How many rows show the write."""
        shown = SHOWN[self.asked.verb, self.asked.connector]
        return len(matching(self.session, self.place, *shown(answer, body)))


def answered(send: Sent, body: Body, file: AfasFile) -> Body:
    """The answer to a write that is done, or to the contact without ``LastName``, which is refused and done with it."""
    asked = send.asked
    before = send.rows({}, body) if asked.verb == "DELETE" else 0
    if asked.connector == "contact" and "LastName" not in body:
        refused = send(body)
        assert refused.status_code == 400
        assert "Required properties are missing from object: LastName." in refused.json()["Message"]
        body = {**{name: value for name, value in body.items() if name != "Lastname"}, "LastName": body["Lastname"]}
    answer = send(body)
    found: Body = answer.json()
    assert (answer.status_code, found.get("result")) == (200, "Succeeded"), found
    assert [error.message for error in file.loosened(asked).iter_errors(found)] == []
    assert any(as_a_sample(found, sample) for sample in succeeded(asked))
    if (asked.verb, asked.connector) not in UNSEEN:
        there = send.rows(found, body)
        assert (there > 0) == (asked.verb != "DELETE")
        assert asked.verb != "DELETE" or before > 0
    return found


def succeeded(asked: Asked) -> list[Body]:
    return [sample for sample in asked.samples.values() if sample["result"] == "Succeeded"]


def codes(answer: Body) -> set[str]:
    return {one["Code"] for one in answer.get("instances", ())}


def as_a_sample(found: Body, sample: Body) -> bool:
    """Whether the members are those of a sample, those of ``data`` too. Which instances there are is by what the body
    gives; of a supplier that is an organisation the file has only a sample of one done in part."""
    members = found.keys() == sample.keys() and found.get("data", {}).keys() == sample.get("data", {}).keys()
    return members and codes(found) <= codes(sample) | ({"Organisatie"} if "Leverancier" in codes(found) else set())
