"""What an earlier run called refused: looked up before it is sent again; and what older versions called so."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from afas_soap.batch.batch import Batch
from afas_soap.batch.journal import FORMAT
from afas_soap.batch.lookup import Lookup
from afas_soap.batch.running import run
from afas_soap.batch.sending import Calls
from afas_soap.batch.updates import Updates
from afas_soap.errors import ProfitError, Uncertain
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Update

BY_DS = Lookup.parse("Profit_Subjects:Subject=Ds")
SETTLE = 60.0


class Desk:
    """A Profit whose first answer to each of ``refusing`` is a no, whatever it did: it books those of ``booking``."""

    def __init__(self, *refusing: str, booking: tuple[str, ...] = ()) -> None:
        self.refusing = set(refusing)
        self.booking = booking
        self.booked: list[str] = []
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.time = 1790000000.0

    def send(self, update: Update) -> Receipt:
        value = str(update.elements[0].fields["Ds"])
        self.sent.append(value)
        if value not in self.refusing or value in self.booking:
            self.booked.append(value)
        if value in self.refusing:
            raise ProfitError("Nee.", number=1)
        return Receipt()

    def ask(self, lookup: Lookup, value: str, most: int) -> int:
        self.asked.append(value)
        return min(most, self.booked.count(value))

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def calls(self) -> Calls:
        return Calls(self.send, lambda update: update.rooted("KnSubject"), self.ask, lambda: self.time, self.sleep)


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    return Batch(tmp_path / "records.jsonl", Updates("KnSubject"), tmp_path / "journal", "12345", settle=SETTLE)


def write(batch: Batch, *values: str) -> None:
    batch.path.write_text("".join(json.dumps({"Ds": value, "@SbId": 1}) + "\n" for value in values))


def of_an_older_version(batch: Batch) -> None:
    """The journal as 0.3.0 would have written it."""
    text = batch.journal.read_text().replace(f'"format":{FORMAT}', '"format":1').replace(',"proven":true', "")
    assert '"refused"' in text
    batch.journal.write_text(text)


def again(batch: Batch, **changes: object) -> Batch:
    return dataclasses.replace(batch, retry_refused=True, **changes)


def test_a_refused_record_that_arrived_all_the_same_is_found_and_not_sent(batch: Batch) -> None:
    desk = Desk("b", booking=("b",))
    write(batch, "a", "b")
    run(batch, desk.calls())
    summary = run(again(batch, lookup=BY_DS), desk.calls())
    assert (summary.found, summary.done, summary.booked, summary.refused) == (1, 0, 2, ())
    assert (desk.asked, desk.sent) == (["b"], ["a", "b"])
    assert run(again(batch, lookup=BY_DS), desk.calls()).done_before == 2


def test_one_that_did_not_is_sent_once_it_had_the_time_to_arrive(batch: Batch) -> None:
    desk = Desk("b")
    write(batch, "a", "b")
    run(batch, desk.calls())
    desk.refusing.clear()
    with pytest.raises(Uncertain, match="did not arrive so far"):
        run(again(batch, lookup=BY_DS, wait=False), desk.calls())
    assert desk.sent == ["a", "b"]
    began = desk.time
    summary = run(again(batch, lookup=BY_DS), desk.calls())
    assert (summary.found, summary.done, desk.booked) == (0, 1, ["a", "b"])
    assert desk.time - began == SETTLE


def test_a_mended_record_is_looked_up_as_it_stands_now(batch: Batch) -> None:
    """It may have been entered by hand meanwhile."""
    desk = Desk("b", "c")
    write(batch, "a", "b", "c")
    run(batch, desk.calls())
    write(batch, "a", "B", "C")
    desk.booked.append("B")
    summary = run(again(batch, lookup=BY_DS), desk.calls())
    assert (summary.found, summary.done, summary.done_before) == (1, 1, 1)
    assert sorted(desk.booked) == ["B", "C", "a"]
    assert run(batch, desk.calls()).done_before == 3, "the journal knows the mended records"


def test_without_a_lookup_profits_own_refusal_is_sent_again(batch: Batch) -> None:
    desk = Desk("b")
    write(batch, "a", "b")
    run(batch, desk.calls())
    desk.refusing.clear()
    assert run(again(batch), desk.calls()).done == 1
    assert desk.sent == ["a", "b", "b"]


def test_what_an_older_version_called_refused_may_have_been_booked(batch: Batch) -> None:
    desk = Desk("a", "b", booking=("b",))
    write(batch, "a", "b")
    run(batch, desk.calls())
    of_an_older_version(batch)
    with pytest.raises(Uncertain, match=r"Lines 1 and 2 of .* earlier version .* \(--lookup\).* --yes"):
        run(again(batch), desk.calls())
    assert desk.sent == ["a", "b"], "nothing is sent"
    desk.refusing.clear()
    summary = run(again(batch, lookup=BY_DS), desk.calls())
    assert (summary.found, summary.done) == (1, 1)
    assert sorted(desk.booked) == ["a", "b"]


def test_an_older_versions_refusal_is_sent_again_by_whoever_knows(batch: Batch) -> None:
    desk = Desk("b")
    write(batch, "a", "b")
    run(batch, desk.calls())
    of_an_older_version(batch)
    desk.refusing.clear()
    assert run(again(batch, trust_refused=True), desk.calls()).done == 1


def test_an_older_versions_refusal_that_was_mended_cannot_be_looked_up(batch: Batch) -> None:
    desk = Desk("b")
    write(batch, "a", "b")
    run(batch, desk.calls())
    of_an_older_version(batch)
    write(batch, "a", "B")
    with pytest.raises(Uncertain, match=r"Line 2 of .*: the lookup cannot tell, .* mended since .* say --yes"):
        run(again(batch, lookup=BY_DS), desk.calls())
    assert desk.sent == ["a", "b"]


def test_an_update_has_no_lookup(batch: Batch) -> None:
    desk = Desk("b")
    batch = dataclasses.replace(batch, form=Updates("KnSubject", Action.UPDATE))
    write(batch, "a", "b")
    run(batch, desk.calls())
    of_an_older_version(batch)
    with pytest.raises(Uncertain, match=r"Line 2 of .* Nothing is sent: look in Profit yourself and say --yes"):
        run(again(batch), desk.calls())


def test_an_older_journal_goes_on(batch: Batch) -> None:
    desk = Desk("b")
    write(batch, "a", "b")
    run(batch, desk.calls())
    of_an_older_version(batch)
    write(batch, "a", "b", "c")
    summary = run(batch, desk.calls())
    assert (summary.done, summary.done_before, [ending.line for ending in summary.refused_before]) == (1, 1, [2])
