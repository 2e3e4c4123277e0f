"""Writes over the host: once for each identifier, and what is refused around them (small-business.md 3)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.sb.setup import SbSetup

IDENTIFIER = "8522fea1-a067-4851-9b8e-a7b7080ac3af"
BODY = {"Name": "Plantage B.V."}


class Side:
    """An SB that remembers for a minute, by a clock that stands still."""

    def __init__(self, **fields: float) -> None:
        self.now = 1_800_000_000.0
        self.app = Emulator(
            setup=Setup(sb=SbSetup(memory_seconds=60.0), clock=lambda: self.now, write_delay=fields.get("delay", 0.0))
        )
        self._signed = {"Authorization": f"Bearer {self.app.sb.token('enyoi')}"}

    def post(self, body: object = BODY, headers: Mapping[str, str] | None = None) -> TestResponse:
        told = {**self._signed, "Tracking-Identifier": IDENTIFIER, **(headers or {})}
        return Client(self.app).post("/enyoi/api/organisation", data=json.dumps(body), headers=told, buffered=True)

    def stored(self) -> int:
        return len(self.app.sb.environments["enyoi"].tables.find("organisations", {"Name": BODY["Name"]}))


@pytest.fixture
def side() -> Iterator[Side]:
    side = Side()
    yield side
    side.app.close()


def test_a_repeat_gets_the_first_answer_and_books_nothing(side: Side) -> None:
    first, second = side.post(), side.post()
    assert first.get_json()["result"] == "Succeeded"
    assert first.headers["Content-Version"] == "4"
    assert second.data == first.data
    assert side.stored() == 1


def test_behind_the_memory_it_is_booked_again(side: Side) -> None:
    side.post()
    side.now += 60
    side.post()
    assert side.stored() == 2


def test_without_an_identifier_each_call_is_booked(side: Side) -> None:
    side.post(headers={"Tracking-Identifier": ""})
    side.post(headers={"Tracking-Identifier": ""})
    assert side.stored() == 2


def test_another_body_or_version_under_the_same_identifier_is_refused(side: Side) -> None:
    side.post()
    answer = side.post({"Name": "Another B.V."})
    assert answer.status_code == 400
    assert "ander verzoek" in answer.get_json()["Message"]


def test_an_identifier_is_a_uuid(side: Side) -> None:
    assert "geen uuid" in side.post(headers={"Tracking-Identifier": "mine"}).get_json()["Message"]
    assert side.stored() == 0


def test_an_answer_that_was_cut_is_given_again(side: Side) -> None:
    side.app.faults.add(parse_fault("cut:20,protocol=sb"))
    with pytest.raises(ConnectionAbortedError):
        side.post()
    assert side.stored() == 1
    assert side.post().get_json()["result"] == "Succeeded"
    assert side.stored() == 1


def test_a_write_that_was_reset_before_it_arrived_is_not_booked(side: Side) -> None:
    side.app.faults.add(parse_fault("reset,protocol=sb"))
    with pytest.raises(ConnectionResetError):
        side.post()
    assert side.stored() == 0


def test_a_fault_of_the_server_has_no_body(side: Side) -> None:
    side.app.faults.add(parse_fault("500,protocol=sb"))
    answer = side.post()
    assert (answer.status_code, answer.data) == (500, b"")
    assert side.stored() == 0


def test_sb_that_is_away_says_no_word(side: Side) -> None:
    side.app.faults.add(parse_fault("503:retry=7,protocol=sb,method=POST"))
    assert Client(side.app).get("/enyoi/api/organisations").status_code == 401
    answer = side.post()
    assert (answer.status_code, answer.data, answer.headers["Retry-After"]) == (503, b"", "7")
    assert side.stored() == 0


def test_a_repeat_while_the_first_still_runs_waits_for_it() -> None:
    side = Side(delay=60.0)
    arrived = threading.Barrier(3)

    def post() -> TestResponse:
        arrived.wait()
        return side.post()

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(post) for _ in range(2)]
        arrived.wait()
        while not all(answer.done() for answer in answers):
            side.app.wake()
        bodies = {answer.result().data for answer in answers}
    assert len(bodies) == 1
    assert side.stored() == 1
    side.app.close()
