"""A batch for a service that tells repeats by an identifier, and whose refusals may leave something behind."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from afas_soap.batch.batch import Batch, Summary
from afas_soap.batch.bodies import Bodies
from afas_soap.batch.journal import Header, Journal
from afas_soap.batch.lookup import Lookup
from afas_soap.batch.running import run
from afas_soap.batch.sending import Calls, Identified, Ticket
from afas_soap.errors import AfasError, Fate, SBError, SettingsError, TransportError, Uncertain, UpdateError
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped

Body = Mapping[str, object]
POST = Bodies(shipped().operation("salesjournalentry", Verb.POST))
BY_NUMBER = Lookup("debtorinvoicebalance", "InvoiceNumber", "invoicenumber")
WINDOW = 900.0
GUID = "7c3d0d6e-38ee-4b4a-8c7f-0a7a3f0f7f11"


class Killed(BaseException):
    """The process died here."""


class World:
    """A service that carries out an identifier once for as long as it knows it, and a clock."""

    def __init__(self, memory: float = WINDOW) -> None:
        self.time = 1790000000.0
        self.memory = memory
        self.known: dict[str, float] = {}
        self.booked: list[str] = []
        self.tickets: list[tuple[str, Ticket]] = []
        self.script: dict[str, list[Callable[[str], None]]] = {}
        self.slept = 0.0
        self._made = itertools.count(1)

    def carry_out(self, number: str, identifier: str) -> None:
        if self.time - self.known.get(identifier, -1e9) >= self.memory:
            self.known[identifier] = self.time
            self.booked.append(number)

    def send(self, body: Body, ticket: Ticket) -> Receipt:
        number = str(body["InvoiceNumber"])
        self.tickets.append((number, ticket))
        steps = self.script.get(number)
        if steps:
            steps.pop(0)(ticket.identifier)
        else:
            self.carry_out(number, ticket.identifier)
        return Receipt(({"SalesJournalEntryId": "x"},), "t")

    def ask(self, lookup: Lookup, value: str, most: int) -> int:
        assert lookup == BY_NUMBER
        return min(most, self.booked.count(value))

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.slept += seconds

    def calls(self) -> Calls[Body]:
        return Calls(
            lambda body: pytest.fail("it has an identifier"),
            lambda body: body,
            self.ask,
            lambda: self.time,
            self.sleep,
            identified=Identified(self.send, lambda: f"id-{next(self._made)}", WINDOW),
        )

    def then(self, number: str, error: BaseException, *, booked: bool = False) -> None:
        def step(identifier: str) -> None:
            if booked:
                self.carry_out(number, identifier)
            raise error

        self.script.setdefault(number, []).append(step)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def batch(tmp_path: Path) -> Batch[Body]:
    return Batch(tmp_path / "records.jsonl", POST, tmp_path / "journal", "demo/enyoi", settle=60.0)


def write(batch: Batch[Body], *numbers: str, **more: object) -> None:
    lines = (json.dumps({"InvoiceNumber": number, **more}) + "\n" for number in numbers)
    batch.path.write_text("".join(lines), "utf-8")


def lines(batch: Batch[Body]) -> list[tuple[Any, ...]]:
    found = [json.loads(line) for line in batch.journal.read_text("utf-8").splitlines()]
    return [(line["what"], line["position"], line.get("identifier")) for line in found[1:]]


def kept(*ids: str) -> AfasError:
    error = SBError("SB answered Failed: Entity is made.", result="Failed", created_in_error=ids, trace_id="t")
    return error.of_write(Fate.STORED)


def go(batch: Batch[Body], world: World, **changes: Any) -> Summary:
    return run(dataclasses.replace(batch, **changes), world.calls())


# --- identifiers ---


def test_each_line_has_an_identifier_which_is_kept_before_it_is_sent(batch: Batch[Body], world: World) -> None:
    write(batch, "1", "1")
    seen: list[list[tuple[Any, ...]]] = []
    world.script["1"] = [lambda identifier: seen.append(lines(batch))]
    assert go(batch, world).done == 2
    assert seen == [[("sending", 0, "id-1")]]
    assert lines(batch) == [("sending", 0, "id-1"), ("done", 0, None), ("sending", 1, "id-2"), ("done", 1, None)]
    assert json.loads(batch.journal.read_text().splitlines()[0])["action"] == f"POST {POST.operation.version}"


@pytest.mark.parametrize("how", [Killed(), Uncertain("It broke.")])
@pytest.mark.parametrize("booked", [True, False])
def test_what_broke_off_is_repeated_under_the_same_identifier(
    batch: Batch[Body], world: World, how: BaseException, booked: bool
) -> None:
    write(batch, "1", "2")
    world.then("1", how, booked=booked)
    if isinstance(how, Killed):
        with pytest.raises(Killed):
            go(batch, world)
    else:
        stopped = go(batch, world).stopped
        assert stopped is not None
        assert "the next run repeats it under the same identifier within 15 minutes" in stopped.message
    first = world.time
    world.time += 100
    summary = go(batch, world)
    assert (summary.done, summary.left) == (2, 0)
    assert world.booked == ["1", "2"]
    ((_, one), (_, other), _) = world.tickets
    assert (one.identifier, one.repeated, one.first) == ("id-1", False, first)
    assert (other.identifier, other.repeated, other.first) == ("id-1", True, first)


def test_behind_the_window_nobody_knows(batch: Batch[Body], world: World) -> None:
    """Counted from the first time, however often it was repeated: then a lookup must tell."""
    write(batch, "1", "2")
    for _ in range(2):
        world.then("1", Killed(), booked=True)
    for _ in range(2):
        with pytest.raises(Killed):
            go(batch, world)
        world.time += 500
    with pytest.raises(Uncertain, match=r"line 1 .* --lookup sb:CONNECTOR:COLUMN=FIELD|Line 1 .*--lookup sb:"):
        go(batch, world)
    assert world.booked == ["1"]
    assert len(world.tickets) == 2
    summary = go(batch, world, lookup=BY_NUMBER)
    assert (summary.found, summary.done) == (1, 1)
    assert world.booked == ["1", "2"]


def test_what_the_lookup_finds_is_not_repeated(batch: Batch[Body]) -> None:
    """The memory may be shorter than is believed."""
    world = World(memory=10)
    write(batch, "1", "2")
    world.then("1", Killed(), booked=True)
    with pytest.raises(Killed):
        go(batch, world)
    world.time += 100
    summary = go(batch, world, lookup=BY_NUMBER)
    assert (summary.found, summary.done, world.slept) == (1, 1, 0)
    assert world.booked == ["1", "2"]


def test_what_it_does_not_find_is_repeated_without_a_wait(batch: Batch[Body], world: World) -> None:
    """Its identifier tells, also of a call that is still worked on."""
    write(batch, "1")
    world.then("1", Killed())
    with pytest.raises(Killed):
        go(batch, world)
    assert go(batch, world, lookup=BY_NUMBER).done == 1
    assert world.slept == 0
    assert [ticket.identifier for _, ticket in world.tickets] == ["id-1", "id-1"]


def test_behind_the_window_what_it_does_not_find_is_sent_anew(batch: Batch[Body], world: World) -> None:
    write(batch, "1")
    world.then("1", Killed())
    with pytest.raises(Killed):
        go(batch, world)
    world.time += WINDOW
    assert go(batch, world, lookup=BY_NUMBER).done == 1
    assert [ticket.identifier for _, ticket in world.tickets] == ["id-1", "id-2"]
    assert not world.tickets[1][1].repeated


def test_equal_records_of_which_some_arrived_are_told_apart_by_counting(batch: Batch[Body], world: World) -> None:
    write(batch, "1", "1")
    world.then("1", Uncertain("It broke."), booked=True)
    go(batch, world)
    world.then("1", Killed())
    world.then("1", Killed())
    with pytest.raises(Killed):
        go(batch, world)
    world.script.clear()
    summary = go(batch, world, lookup=BY_NUMBER)
    assert world.booked == ["1", "1"]
    assert summary.left == 0


def test_what_was_not_sent_keeps_its_identifier_and_begins_anew(batch: Batch[Body], world: World) -> None:
    write(batch, "1")
    world.then("1", TransportError("no host"))
    assert go(batch, world).not_sent
    world.time += 5000
    assert go(batch, world).done == 1
    ((_, one), (_, other)) = world.tickets
    assert one.identifier == other.identifier
    assert (other.repeated, other.first) == (False, world.time)


def test_a_repeat_within_a_run_is_in_the_journal_first(batch: Batch[Body], world: World) -> None:
    write(batch, "1")
    world.script["1"] = [lambda _: world.tickets[-1][1].again()]
    go(batch, world)
    assert lines(batch) == [("sending", 0, "id-1"), ("sending", 0, "id-1"), ("done", 0, None)]
    assert go(batch, world).done_before == 1


def test_a_clock_that_was_set_back_tells_nothing(batch: Batch[Body], world: World) -> None:
    write(batch, "1")
    world.then("1", Killed(), booked=True)
    with pytest.raises(Killed):
        go(batch, world)
    world.time -= 3600
    with pytest.raises(Uncertain):
        go(batch, world)


def test_what_became_too_old_while_others_were_sent_stops_the_run(batch: Batch[Body], world: World) -> None:
    write(batch, "1", "2")
    world.then("1", Killed())
    with pytest.raises(Killed):
        go(batch, world)
    world.time += WINDOW - 1

    def prepared(body: Body) -> Body:
        world.sleep(2)
        return body

    calls = dataclasses.replace(world.calls(), prepare=prepared, check=lambda body: None)
    stopped = run(batch, calls).stopped
    assert isinstance(stopped, Uncertain)
    assert "it is too late to repeat it" in stopped.message
    assert len(world.tickets) == 1


def test_another_identifier_behind_sending_is_no_journal_of_ours(batch: Batch[Body], world: World) -> None:
    write(batch, "1")
    world.then("1", Killed())
    with pytest.raises(Killed):
        go(batch, world)
    last = batch.journal.read_text().splitlines()[-1]
    for changed in (last.replace("id-1", "id-9"), last.replace(',"identifier":"id-1"', "")):
        text = batch.journal.read_text()
        batch.journal.write_text(f"{text}{changed}\n")
        with pytest.raises(SettingsError, match="is damaged"):
            go(batch, world)
        batch.journal.write_text(text)


# --- what a refusal left behind ---


def left_behind(batch: Batch[Body], world: World) -> None:
    write(batch, "1", "2")
    world.then("1", kept(GUID))
    summary = go(batch, world)
    assert [ending.line for ending in summary.stored] == [1]
    assert (summary.done, summary.left, summary.stopped) == (1, 0, None)


def test_it_is_told_and_not_sent_again(batch: Batch[Body], world: World) -> None:
    left_behind(batch, world)
    assert json.loads(batch.journal.read_text().splitlines()[2])["kept"] == [GUID]
    for changes in ({}, {"retry_refused": True}, {"accept": True}, {"retry_refused": True, "accept": True}):
        summary = go(batch, world, **changes)
        assert [(ending.line, GUID in ending.message) for ending in summary.stored_before] == [(1, True)]
        assert (summary.left, len(world.tickets)) == (0, 2)


def corrected(batch: Batch[Body]) -> None:
    lines = batch.path.read_text().splitlines()
    batch.path.write_text("\n".join([json.dumps({"InvoiceNumber": "1", "Reference": "mended"}), *lines[1:]]))


def test_a_corrected_body_waits_for_the_delete(batch: Batch[Body], world: World) -> None:
    left_behind(batch, world)
    corrected(batch)
    words = rf"afas sb delete salesjournalentry --administration ADMINISTRATION --id {GUID} --journal .*--accept"
    with pytest.raises(SettingsError, match=words):
        go(batch, world)
    assert len(world.tickets) == 2


def test_the_words_for_it_can_be_typed(batch: Batch[Body], world: World) -> None:
    """Also where the journal has a blank in its name."""
    batch = dataclasses.replace(batch, journal=batch.journal.with_name("my entries.journal"))
    left_behind(batch, world)
    corrected(batch)
    with pytest.raises(SettingsError, match=r"--journal '[^']*my entries.journal'"):
        go(batch, world)


def removed(batch: Batch[Body]) -> None:
    header = Header("salesjournalentry", None, "", "demo/enyoi", "")
    with Journal(batch.journal, header, lambda: 1790000001.0) as journal:
        position = journal.of_kept(GUID.upper())
        assert position == 0
        assert journal.removed(position, GUID) == ()
        assert journal.of_kept("other") is None


def test_behind_the_delete_it_goes_under_another_identifier(batch: Batch[Body], world: World) -> None:
    left_behind(batch, world)
    removed(batch)
    summary = go(batch, world)
    assert [ending.line for ending in summary.refused_before] == [1]
    assert summary.stored_before == ()
    corrected(batch)
    assert go(batch, world).done == 1
    assert [ticket.identifier for _, ticket in world.tickets] == ["id-1", "id-2", "id-3"]
    assert world.booked == ["2", "1"]


def test_of_two_entries_that_were_left_behind_both_must_be_gone(batch: Batch[Body], world: World) -> None:
    other = "9a1b1c1d-0000-4000-8000-0123456789ab"
    write(batch, "1")
    world.then("1", kept(GUID, other))
    go(batch, world)
    corrected(batch)
    header = Header("salesjournalentry", None, "", "demo/enyoi", "")
    for identity, rest in ((other, (GUID,)), (GUID, ())):
        with pytest.raises(SettingsError, match="changed"):
            go(batch, world)
        with Journal(batch.journal, header, lambda: 1790000001.0) as journal:
            position = journal.of_kept(identity)
            assert position == 0
            assert journal.removed(position, identity) == rest
            assert journal.of_kept(other) is None
    assert go(batch, world).done == 1


def test_behind_the_delete_the_same_body_goes_when_it_is_asked_for(batch: Batch[Body], world: World) -> None:
    left_behind(batch, world)
    removed(batch)
    assert go(batch, world, retry_refused=True).done == 1


def test_with_accept_a_corrected_body_goes_and_the_journal_says_so(batch: Batch[Body], world: World) -> None:
    left_behind(batch, world)
    corrected(batch)
    assert go(batch, world, accept=True).done == 1
    assert [what for what, position, _ in lines(batch) if position == 0] == [
        "sending",
        "stored",
        "accepted",
        "sending",
        "done",
    ]


def test_a_part_that_was_kept_is_named_by_its_ids(batch: Batch[Body], world: World) -> None:
    write(batch, "1")
    error = SBError("SB answered PartiallySucceeded.", result="PartiallySucceeded")
    error.instances, error.made = ({"Code": "Persoon", "Id": GUID.upper()}, {"Code": "Adres"}), (GUID,)
    world.then("1", error)
    assert len(go(batch, world).stored) == 1
    assert json.loads(batch.journal.read_text().splitlines()[-1])["kept"] == [GUID]


def test_a_journal_that_there_is_not_cannot_be_told(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(SettingsError, match="is no journal"):
        Journal(tmp_path / "empty", Header("salesjournalentry", None, "", "demo", ""), lambda: 0.0)


# --- bodies ---


def test_the_form_of_a_body() -> None:
    body = {"InvoiceNumber": "7", "InvoiceLine": [{"Quantity1": 1.5, "Paid": True}, {"quantity1": None}], "Nr": 7}
    read = POST.read(json.dumps(body))
    assert POST.values(read, "InvoiceLine/Quantity1") == ("1.5",)
    assert POST.values(read, "invoiceline/paid") == ("true",)
    assert POST.values(read, "InvoiceLine") == ()
    assert (POST.value(read, "@nr"), POST.value(read, "Other")) == ("7", None)
    assert POST.hash(read) == POST.hash(POST.read(json.dumps(body, indent=2)))
    assert POST.hash(read) != POST.hash({**read, "Nr": 8})
    delete = Bodies(shipped().operation("salesjournalentry", Verb.DELETE))
    assert (delete.is_new, delete.value(read, "Nr"), delete.sub_object) == (False, None, "")


@pytest.mark.parametrize("text", ["{", "[]", "7", '"x"', '{"a":NaN}'])
def test_a_line_that_is_no_body(text: str) -> None:
    with pytest.raises(UpdateError):
        POST.read(text)
