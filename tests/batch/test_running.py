"""A batch survives: whatever breaks off, each record is booked once, and nothing is sent twice on a guess."""

from __future__ import annotations

import _thread
import contextlib
import dataclasses
import functools
import json
import os
import pickle
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap import appendlog
from afas_soap.batch.batch import Batch, Summary
from afas_soap.batch.journal import What
from afas_soap.batch.lookup import Lookup
from afas_soap.batch.running import run
from afas_soap.batch.sending import Calls, Ending, Progress, outcome
from afas_soap.batch.updates import Updates
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
)
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Update

BY_DS = Lookup("Profit_Subjects", "Subject", "Ds")
SETTLE = 60.0
SOON = 60.0


class Killed(BaseException):
    """The process died here. What runs in the same process in these tests must do nothing more."""


class World:
    """A Profit that books, a clock, and what happens at each call: ``script`` by the value of ``Ds``.

    What is said to arrive later is booked once the clock has come so far, as by a Profit that finishes what it received
    although its client is gone.
    """

    def __init__(self) -> None:
        self.time = 1790000000.0
        self.booked: list[tuple[float, str]] = []
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.script: dict[str, Callable[[str], Receipt]] = {}
        self.checked: list[str] = []
        self.progress: list[Progress] = []
        self.slept = 0.0
        self.lock = threading.Lock()

    def book(self, value: str, later: float = 0.0) -> Receipt:
        with self.lock:
            self.booked.append((self.time + later, value))
            return Receipt(({"SbId": str(len(self.booked))},), f"trace-{len(self.booked)}")

    def values(self) -> Counter[str]:
        return Counter(value for when, value in self.booked if when <= self.time)

    def send(self, update: Update) -> Receipt:
        value = str(update.elements[0].fields["Ds"])
        assert update.root == "KnSubject", "it was prepared"
        with self.lock:
            self.sent.append(value)
        return self.script.get(value, self.book)(value)

    def prepare(self, update: Update) -> Update:
        value = str(update.elements[0].fields["Ds"])
        self.checked.append(value)
        if value == "wrong":
            raise UpdateError.of(Problem("KnSubject/Ds", "too-long", "80 characters at most."))
        return update.rooted("KnSubject")

    def ask(self, lookup: Lookup, value: str, most: int) -> int:
        assert lookup == BY_DS
        self.asked.append(value)
        return min(most, self.values()[value])

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 1, "so that a wait can be broken off"
        self.time += seconds
        self.slept += seconds

    def calls(self) -> Calls:
        return Calls(self.send, self.prepare, self.ask, lambda: self.time, self.sleep, self.progress.append)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    return Batch(tmp_path / "records.jsonl", Updates("KnSubject"), tmp_path / "journal", "12345", settle=SETTLE)


def write(batch: Batch, *values: str) -> None:
    batch.path.write_text("".join(json.dumps({"Ds": value}) + "\n" for value in values))


def kinds(batch: Batch) -> list[tuple[str, int]]:
    """The lines of the journal: what, and of which record."""
    lines = [json.loads(line) for line in batch.journal.read_text().splitlines()[1:]]
    return [(line["what"], line["position"]) for line in lines]


def raising(error: BaseException, *, booked: Callable[[str], object] = lambda value: None) -> Callable[[str], Receipt]:
    def call(value: str) -> Receipt:
        booked(value)
        raise error

    return call


def looking(batch: Batch, **changes: Any) -> Batch:
    return dataclasses.replace(batch, lookup=BY_DS, **changes)


# --- all is well ---


def test_every_record_is_sent_once_in_order(batch: Batch, world: World) -> None:
    write(batch, "a", "b", "b", "c")
    assert run(batch, world.calls()) == Summary(4, done=4, done_before=0, found=0)
    assert world.sent == ["a", "b", "b", "c"]
    assert kinds(batch) == [(what, position) for position in range(4) for what in ("sending", "done")]
    done = json.loads(batch.journal.read_text().splitlines()[2])
    assert (done["keys"], done["trace"]) == ([{"SbId": "1"}], "trace-1")


def test_a_second_run_skips_what_is_done(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    run(batch, world.calls())
    assert run(batch, world.calls()) == Summary(2, done=0, done_before=2, found=0)
    assert world.sent == ["a", "b"]
    assert world.checked == ["a", "b", "a", "b"], "before any is sent, and again before its call; not once it is done"


def test_records_at_the_end_of_a_file_that_grew_are_sent(batch: Batch, world: World) -> None:
    write(batch, "a")
    run(batch, world.calls())
    write(batch, "a", "a", "b")
    assert run(batch, world.calls()) == Summary(3, done=2, done_before=1, found=0)
    assert world.sent == ["a", "a", "b"]


def test_the_journal_holds_no_payload(batch: Batch, world: World) -> None:
    write(batch, "Jansen", "Pietersen")
    world.script["Pietersen"] = raising(Uncertain("It broke."))
    run(batch, world.calls())
    text = batch.journal.read_text()
    assert "Jansen" not in text
    assert "Pietersen" not in text
    assert str(batch.path.parent) not in text


def test_progress(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    world.script["a"] = raising(ProfitError("No."))
    run(batch, world.calls())
    assert world.progress == [
        Progress("checking", 1, None),
        Progress("checking", 2, None),
        Progress("sending", 1, 2, refused=1),
        Progress("sending", 2, 2, refused=1),
    ]
    quiet = Calls(world.send, world.prepare)
    assert run(batch, quiet).done_before == 1


def test_an_empty_file_is_no_work(batch: Batch, world: World) -> None:
    write(batch)
    assert run(batch, world.calls()) == Summary(0, 0, 0, 0)


# --- before anything is sent ---


def test_all_wrong_lines_are_told_and_nothing_is_sent(batch: Batch, world: World) -> None:
    batch.path.write_text('{"Ds":"a"}\n{"Ds":\n{"Ds":"wrong"}\n{"Ds":"b","Ds":"c"}\n')
    with pytest.raises(UpdateError) as caught:
        run(batch, world.calls())
    assert [problem.path for problem in caught.value.problems] == [
        "line 2",
        "line 3 KnSubject/Ds",
        "line 4 KnSubject/Ds",
    ]
    assert caught.value.message.startswith("line 2: this is no JSON")
    assert caught.value.message.endswith("And 2 more problems.")
    assert world.sent == []
    write(batch, "a", "b")
    assert run(batch, world.calls()).done == 2


def test_of_very_many_problems_a_hundred_are_told(batch: Batch, world: World) -> None:
    write(batch, *["wrong"] * 150)
    with pytest.raises(UpdateError, match="And 99 more problems"):
        run(batch, world.calls())
    assert len(world.checked) == 100


@pytest.mark.parametrize("values", [["x", "b"], ["b", "a"], ["a"], [], ["", "a", "b"]])
def test_a_file_whose_beginning_changed_is_refused(batch: Batch, world: World, values: list[str]) -> None:
    write(batch, "a", "b")
    run(batch, world.calls())
    write(batch, *values, *(["c"] if len(values) > 1 else []))
    with pytest.raises(SettingsError, match=r"is not the file that the journal .* is about: .* Put the file back"):
        run(batch, world.calls())
    assert world.sent == ["a", "b"]


def test_the_line_that_changed_is_named(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    run(batch, world.calls())
    batch.path.write_text('\n{"Ds":"a"}\n\n{"Ds":"x"}\n')
    with pytest.raises(SettingsError, match="line 4 is not the record that was sent from there"):
        run(batch, world.calls())


def test_a_refused_record_may_be_put_right_in_place_when_it_is_to_be_sent_again(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    world.script["a"] = raising(ProfitError("No."))
    run(batch, world.calls())
    write(batch, "a2", "b")
    with pytest.raises(SettingsError, match="line 1 is not the record"):
        run(batch, world.calls())
    summary = run(dataclasses.replace(batch, retry_refused=True), world.calls())
    assert (summary.done, summary.done_before, summary.refused_before) == (1, 1, ())
    assert world.values() == Counter(["a2", "b"])
    # What was booked stays what it is.
    write(batch, "a3", "b")
    with pytest.raises(SettingsError, match="line 1 is not the record"):
        run(dataclasses.replace(batch, retry_refused=True), world.calls())


def test_the_spelling_of_the_file_does_not_count(batch: Batch, world: World) -> None:
    write(batch, "a", "é")
    run(batch, world.calls())
    batch.path.write_bytes('\ufeff{ "Ds" : "a" }\r\n\r\n{"Ds":"é"}'.encode())
    assert run(batch, world.calls()).done_before == 2


def test_the_journal_of_another_batch_is_refused(batch: Batch, world: World) -> None:
    write(batch, "a")
    run(batch, world.calls())
    for other in (
        {"form": Updates("FbSales")},
        {"form": Updates("KnSubject", Action.UPDATE)},
        {"form": Updates("KnSubject", sub_object="X")},
        {"environment": "12345-test"},
    ):
        with pytest.raises(SettingsError, match="is of another batch"):
            run(dataclasses.replace(batch, **other), world.calls())


def test_two_runs_at_once_are_refused(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    told: list[str] = []

    def second(value: str) -> Receipt:
        with pytest.raises(SettingsError) as caught:
            run(batch, world.calls())
        told.append(caught.value.message)
        return world.book(value)

    world.script["a"] = second
    assert run(batch, world.calls()).done == 2
    assert "another run uses the journal" in told[0]
    assert world.sent == ["a", "b"]


def test_the_journal_is_not_the_file_itself(batch: Batch, world: World) -> None:
    write(batch, "a")
    with pytest.raises(SettingsError, match="is no journal"):
        run(dataclasses.replace(batch, journal=batch.path), world.calls())
    write(batch)
    with pytest.raises(SettingsError, match="is the batch file itself"):
        run(dataclasses.replace(batch, journal=batch.path), world.calls())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"parallel": 0}, "1 to 5 calls at once"),
        ({"parallel": 6}, "1 to 5 calls at once"),
        ({"settle": -1.0}, "0 or more"),
        ({"settle": float("nan")}, "0 or more"),
        ({"settle": float("inf")}, "0 or more"),
        ({"lookup": BY_DS, "form": Updates("KnSubject", Action.UPDATE)}, "tells nothing about update"),
        ({"lookup": BY_DS, "form": Updates("KnSubject", Action.DELETE)}, "tells nothing about delete"),
    ],
)
def test_what_contradicts_itself_is_refused(batch: Batch, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        dataclasses.replace(batch, **changes)


def test_a_file_that_grows_while_it_is_sent_is_sent_as_far_as_it_was_checked(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    world.script["a"] = lambda value: (write(batch, "a", "b", "c", "wrong"), world.book(value))[1]
    assert run(batch, world.calls()) == Summary(2, done=2, done_before=0, found=0)


def test_a_line_put_into_the_file_while_it_is_sent_doubles_nothing(batch: Batch, world: World) -> None:
    """It moves what was sent to where it looks new. The lines are long, so that not all is read before it changes."""
    values = [f"{number}".zfill(50_000) for number in range(6)]
    write(batch, *values)
    world.script[values[0]] = lambda value: (write(batch, *values[:2], *values), world.book(value))[1]
    summary = run(batch, world.calls())
    assert "changed while the batch was sent" in str(summary.stopped)
    assert set(world.values().values()) == {1}


# --- how a record ends ---


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (Uncertain("x"), What.UNCERTAIN),
        (TransportError("x", sent=True), What.UNCERTAIN),
        (TransportError("x"), What.NOT_SENT),
        (AccessDenied("x", status=401), What.NOT_SENT),
        (SignInError("x"), What.NOT_SENT),
        (NotFound("x", status=404), What.NOT_SENT),
        (Busy("x", status=503, retry_after=3.0), What.NOT_SENT),
        (ProfitError("x", status=413), What.NOT_SENT),
        (ProfitError("x", status=500), What.REFUSED),
        (ProfitError("x"), What.REFUSED),
        (UpdateError("x"), What.NOT_SENT),
        (QueryError("x"), What.NOT_SENT),
        (NotOffered("x"), What.NOT_SENT),
        (AnswerError("x"), What.UNCERTAIN),
        (CutOff("x"), What.UNCERTAIN),
        (SettingsError("the trace cannot be written"), What.UNCERTAIN),
        (SettingsError("the token store is damaged").of_write(Fate.NOT_SENT), What.NOT_SENT),
        (AfasError("x"), What.UNCERTAIN),
        (Busy("x", status=502, retry_after=3.0), What.UNCERTAIN),
        (Busy("x", status=503), What.UNCERTAIN),
        (ProfitError("Command timeout expired."), What.UNCERTAIN),
        (AccessDenied("De maximale tijdsduur voor het uitvoeren van de opdracht is verstreken."), What.UNCERTAIN),
        (ProfitError("There is no value entered in mandatory field 'Time-out'"), What.REFUSED),
        (AccessDenied("x").of_write(Fate.UNCERTAIN), What.UNCERTAIN),
        (pickle.loads(pickle.dumps(AnswerError("x").of_write(Fate.REFUSED))), What.REFUSED),
    ],
)
def test_what_an_error_says_of_its_record(error: AfasError, what: What) -> None:
    assert outcome(error) is what


def test_a_refusal_is_written_down_and_the_run_goes_on(batch: Batch, world: World) -> None:
    write(batch, "a", "b", "c")
    world.script["b"] = raising(ProfitError("Onbekend.", number=12, log_reference="F" * 32, trace_id="t"))
    refusal = (Ending(1, 2, "Onbekend."),)
    assert run(batch, world.calls()) == Summary(3, done=2, done_before=0, found=0, refused=refusal)
    line = json.loads(batch.journal.read_text().splitlines()[4])
    assert [line[name] for name in ("what", "number", "log", "trace")] == ["refused", 12, "F" * 32, "t"]
    # Profit's words may repeat what stood in the record, and the journal never holds that.
    assert "Onbekend" not in batch.journal.read_text()
    told = f"Profit refused it in an earlier run (number 12, log reference {'F' * 32})."
    before = (Ending(1, 2, told),)
    assert run(batch, world.calls()) == Summary(3, done=0, done_before=2, found=0, refused_before=before)
    assert world.sent == ["a", "b", "c"], "not sent again"


def test_a_refusal_is_sent_again_on_request_only(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    world.script["a"] = raising(ProfitError("No."))
    run(batch, world.calls())
    again = dataclasses.replace(batch, retry_refused=True)
    assert run(again, world.calls()).refused == (Ending(0, 1, "No."),)
    del world.script["a"]
    summary = run(again, world.calls())
    assert (summary.done, summary.done_before, summary.booked, summary.left) == (1, 1, 2, 0)
    assert world.values() == Counter("ab")


@pytest.mark.parametrize(
    "error",
    [
        TransportError("No connection."),
        AccessDenied("No."),
        NotFound("No."),
        Busy("Later.", status=503, retry_after=1.0),
    ],
)
def test_what_was_not_sent_stops_and_is_sent_by_the_next_run(batch: Batch, world: World, error: AfasError) -> None:
    write(batch, "a", "b", "c")
    world.script["b"] = raising(error)
    summary = run(batch, world.calls())
    assert (summary.done, summary.not_sent, summary.stopped) == (1, (Ending(1, 2, error.message),), error)
    assert summary.left == 2
    assert world.sent == ["a", "b"]
    del world.script["b"]
    assert run(batch, world.calls()) == Summary(3, done=2, done_before=1, found=0)
    assert kinds(batch)[2:6] == [("sending", 1), ("notsent", 1), ("sending", 1), ("done", 1)]


def test_what_is_uncertain_stops_and_says_so(batch: Batch, world: World) -> None:
    write(batch, "a", "b", "c")
    error = Uncertain("The answer broke off.", number=3, log_reference="L", trace_id="t", status=502)
    world.script["b"] = raising(error.about(operation="insert", connector="KnSubject"))
    summary = run(batch, world.calls())
    assert (summary.done, summary.uncertain, summary.left) == (1, (Ending(1, 2, "The answer broke off."),), 1)
    stopped = summary.stopped
    assert isinstance(stopped, Uncertain)
    assert stopped.sent
    assert "Line 2 of records.jsonl may have been booked, or not: The answer broke off." in stopped.message
    assert (stopped.number, stopped.log_reference, stopped.trace_id, stopped.status) == (3, "L", "t", 502)
    assert (stopped.operation, stopped.connector) == ("insert", "KnSubject")
    assert world.sent == ["a", "b"]
    assert kinds(batch)[-1] == ("uncertain", 1)


@pytest.mark.parametrize("action", Action)
def test_a_lookup_is_advised_for_inserts_only(batch: Batch, world: World, action: Action) -> None:
    """It is refused for the others, which nobody finds by a value."""
    batch = dataclasses.replace(batch, form=Updates("KnSubject", action))
    write(batch, "a", "b")
    world.script["a"] = raising(Uncertain("The answer broke off."))
    stopped = run(batch, world.calls()).stopped
    with pytest.raises(Uncertain) as caught:
        run(batch, world.calls())
    assert stopped is not None
    assert ["--lookup" in told for told in (stopped.message, caught.value.message)] == [action is Action.INSERT] * 2
    assert world.sent == ["a"]


def test_an_answer_that_cannot_be_read_is_uncertain(batch: Batch, world: World) -> None:
    write(batch, "a")
    world.script["a"] = raising(AnswerError("This is no receipt."), booked=world.book)
    assert isinstance(run(batch, world.calls()).stopped, Uncertain)


def test_a_signal_during_a_call_writes_nothing_more(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    world.script["a"] = raising(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run(batch, world.calls())
    assert kinds(batch) == [("sending", 0)]
    with pytest.raises(Uncertain, match=r"Line 1 of records.jsonl may have been booked"):
        run(batch, world.calls())
    assert world.sent == ["a"]


def test_a_fault_of_ours_during_a_call_passes(batch: Batch, world: World) -> None:
    for parallel in (1, 2):
        write(batch, "a", "b")
        batch.journal.unlink(missing_ok=True)
        world.script["a"] = raising(ZeroDivisionError())
        with pytest.raises(ZeroDivisionError):
            run(dataclasses.replace(batch, parallel=parallel), world.calls())
        assert ("sending", 0) in kinds(batch)
        assert ("done", 0) not in kinds(batch)


def test_a_check_that_fails_only_later_stops_before_its_record(batch: Batch, world: World) -> None:
    """Such as a schema that was renewed meanwhile."""
    write(batch, "a", "b")
    calls, prepare = world.calls(), world.prepare

    def changed(update: Update) -> Update:
        if "a" in world.sent:
            raise UpdateError("No longer.")
        return prepare(update)

    summary = run(batch, dataclasses.replace(calls, prepare=changed))
    assert (summary.done, str(summary.stopped)) == (1, "line 2: No longer.")
    assert kinds(batch) == [("sending", 0), ("done", 0)]


# --- what is uncertain ---


def broken_off(batch: Batch, world: World, *values: str, at: str, later: float | None = None) -> None:
    """A run that was killed while it sent ``at``, which arrives ``later``, or never."""
    write(batch, *values)
    booking = (lambda value: None) if later is None else functools.partial(world.book, later=later)
    world.script[at] = raising(Killed(), booked=booking)
    with pytest.raises(Killed):
        run(batch, world.calls())
    del world.script[at]


def test_without_a_lookup_the_run_stops_each_time_and_tells_how(batch: Batch, world: World) -> None:
    broken_off(batch, world, "a", "b", "c", at="b", later=0)
    for calls in (world.calls(), dataclasses.replace(world.calls(), ask=None)):
        tried = batch if calls.ask else looking(batch)
        with pytest.raises(Uncertain, match=r"Line 2 of records.jsonl may .*--lookup CONNECTOR:COLUMN=FIELD") as caught:
            run(tried, calls)
        assert caught.value.connector == "KnSubject"
    assert world.sent == ["a", "b"]


def test_found_is_done(batch: Batch, world: World) -> None:
    broken_off(batch, world, "a", "b", "c", at="b", later=0)
    assert run(looking(batch), world.calls()) == Summary(3, done=1, done_before=1, found=1)
    assert world.values() == Counter("abc")
    assert world.slept == 0, "what is there needs no waiting"
    assert kinds(batch)[2:] == [("sending", 1), ("found", 1), ("sending", 2), ("done", 2)]
    assert run(batch, world.calls()).done_before == 3


def test_not_found_counts_once_the_time_has_passed(batch: Batch, world: World) -> None:
    broken_off(batch, world, "a", "b", "c", at="b")
    world.time += SETTLE
    assert run(looking(batch), world.calls()) == Summary(3, done=2, done_before=1, found=0)
    assert world.slept == 0
    assert world.asked == ["b", "a"], "and a record that is known as booked, to see that the lookup finds any"
    assert kinds(batch)[2:6] == [("sending", 1), ("notfound", 1), ("sending", 1), ("done", 1)]


def test_until_then_the_run_waits(batch: Batch, world: World) -> None:
    broken_off(batch, world, "a", "b", at="b", later=SETTLE - 1)
    world.time += 10
    world.progress.clear()
    assert run(looking(batch), world.calls()).found == 1
    assert world.slept == SETTLE - 10
    waits = [step for step in world.progress if step.phase == "waiting"]
    assert (waits[0].seconds, waits[-1].seconds, len(waits)) == (50.0, 1.0, 50)
    assert world.values() == Counter("ab")


def test_or_stops(batch: Batch, world: World) -> None:
    broken_off(batch, world, "a", "b", "c", at="b")
    world.time += 10.5
    with pytest.raises(Uncertain, match=r"Line 2 of records.jsonl did not arrive so far, .* for 50 seconds"):
        run(looking(batch, wait=False), world.calls())
    assert world.sent == ["a", "b"]
    world.time += SETTLE
    assert run(looking(batch, wait=False), world.calls()).done == 2


def test_a_clock_that_was_set_back_counts_as_just_sent(batch: Batch, world: World) -> None:
    broken_off(batch, world, "a", "b", at="b")
    world.booked = [(0.0, "a")]
    world.time -= 86400
    run(looking(batch), world.calls())
    assert world.slept == SETTLE
    assert world.values() == Counter("ab")


def test_an_uncertain_outcome_is_looked_up_as_well(batch: Batch, world: World) -> None:
    write(batch, "a", "b")
    world.script["a"] = raising(Uncertain("?"), booked=world.book)
    run(batch, world.calls())
    assert run(looking(batch), world.calls()) == Summary(2, done=1, done_before=0, found=1)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ('{"Rm":"b"}', "cannot be looked up: that takes a new record with one value in Ds"),
        ('[{"Ds":"b"},{"Ds":"c"}]', "cannot be looked up"),
        ('{"Ds":" b"}', "cannot be looked up"),
    ],
)
def test_what_cannot_be_looked_up_stops(batch: Batch, world: World, record: str, told: str) -> None:
    batch.path.write_text(record + "\n")
    with pytest.raises(Killed):
        run(batch, Calls(raising(Killed()), lambda update: update, now=lambda: world.time))
    with pytest.raises(Uncertain, match=told):
        run(looking(batch), dataclasses.replace(world.calls(), prepare=lambda update: update))
    assert world.asked == []


def test_more_hits_than_the_file_explains_stop(batch: Batch, world: World) -> None:
    """One may be the record, and one older than the batch."""
    world.book("b")
    broken_off(batch, world, "a", "b", at="b", later=0)
    with pytest.raises(Uncertain, match="Whether line 2 arrived cannot be told: Profit_Subjects has more rows"):
        run(looking(batch), world.calls())
    assert world.sent == ["a", "b"]


def test_a_lookup_of_the_wrong_column_stops_before_the_wait(batch: Batch, world: World) -> None:
    """It finds nothing at all, and believing it would send everything twice."""
    broken_off(batch, world, "a", "b", at="b", later=0)
    with pytest.raises(Uncertain, match="does not find a record of this batch that is known as booked"):
        run(looking(batch), dataclasses.replace(world.calls(), ask=lambda *_: 0))
    assert world.slept == 0
    assert world.sent == ["a", "b"]


@pytest.mark.parametrize("arrives", [True, False])
def test_equal_records_are_counted(batch: Batch, world: World, arrives: bool) -> None:
    """Two of them are booked already: a third row is the uncertain one, and two rows mean that it did not arrive."""
    write(batch, "b", "a", "b")
    run(batch, world.calls())
    broken_off(batch, world, *"babbcb", at="b", later=0 if arrives else None)
    summary = run(looking(batch), world.calls())
    assert (summary.found, summary.done) == ((1, 2) if arrives else (0, 3))
    assert world.values() == Counter("babbcb")


def test_an_answer_of_no_help_passes(batch: Batch, world: World) -> None:
    broken_off(batch, world, "a", "b", at="b", later=0)

    def ask(_lookup: Lookup, _value: str, _most: int) -> int:
        raise TransportError("No connection.")

    with pytest.raises(TransportError, match=r"No connection\."):
        run(looking(batch), dataclasses.replace(world.calls(), ask=ask))
    assert world.sent == ["a", "b"]


# --- several at once ---


def test_five_at_once_and_each_once(batch: Batch, world: World) -> None:
    values = [f"v{number % 20}" for number in range(60)]
    write(batch, *values)
    now = most = 0

    def slow(value: str) -> Receipt:
        nonlocal now, most
        with world.lock:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.002)
        with world.lock:
            now -= 1
        return world.book(value)

    world.script = dict.fromkeys(values, slow)
    assert run(dataclasses.replace(batch, parallel=5), world.calls()).done == 60
    assert 2 <= most <= 5
    assert world.values() == Counter(values)
    found = kinds(batch)
    assert [position for what, position in found if what == "sending"] == list(range(60)), "begun in order"
    assert all(found.index(("sending", position)) < found.index(("done", position)) for position in range(60))


@pytest.mark.parametrize("end", [Uncertain("?"), TransportError("No connection."), ZeroDivisionError()])
def test_calls_under_way_end_and_are_written_down(batch: Batch, world: World, end: Exception) -> None:
    write(batch, *"abcdef")
    under_way, failed = threading.Barrier(3), threading.Event()

    def slow(value: str) -> Receipt:
        under_way.wait(SOON)
        assert failed.wait(SOON)
        return world.book(value)

    def fail(value: str) -> Receipt:
        under_way.wait(SOON)
        threading.Timer(0.05, failed.set).start()
        raise end

    world.script = {"a": slow, "b": slow, "c": fail}
    three = dataclasses.replace(batch, parallel=3)
    if isinstance(end, AfasError):
        summary = run(three, world.calls())
        assert summary.done == 2
        assert summary.stopped is end or isinstance(summary.stopped, Uncertain)
    else:
        with pytest.raises(ZeroDivisionError):
            run(three, world.calls())
    assert sorted(world.sent) == ["a", "b", "c"]
    assert {("done", 0), ("done", 1)} < set(kinds(batch))


def test_several_doubts_are_told_together(batch: Batch, world: World) -> None:
    write(batch, *"abc")
    under_way = threading.Barrier(2)

    def doubt(_value: str) -> Receipt:
        under_way.wait(SOON)
        raise Uncertain("It broke.").about(connector="KnSubject")

    world.script = {"a": doubt, "b": doubt}
    summary = run(dataclasses.replace(batch, parallel=2), world.calls())
    assert summary.uncertain == (Ending(0, 1, "It broke."), Ending(1, 2, "It broke."))
    assert "Line 1 of" in str(summary.stopped)
    assert "Line 2 of" in str(summary.stopped)
    with pytest.raises(Uncertain, match=r"Lines 1 and 2 of records.jsonl may have been booked"):
        run(batch, world.calls())


@pytest.mark.usefixtures("interruptible")
def test_a_signal_does_not_wait_for_calls_under_way(batch: Batch, world: World) -> None:
    """They may last for a quarter of an hour. What they bring afterwards is not written down: it is uncertain."""
    write(batch, *"abcd")
    under_way, released = threading.Barrier(2), threading.Event()
    workers: list[threading.Thread] = []

    def slow(value: str) -> Receipt:
        workers.append(threading.current_thread())
        if under_way.wait(SOON) == 0:
            _thread.interrupt_main()
        assert released.wait(SOON)
        return world.book(value)

    world.script = dict.fromkeys("abcd", slow)
    with pytest.raises(KeyboardInterrupt):
        run(dataclasses.replace(batch, parallel=2), world.calls())
    assert kinds(batch) == [("sending", 0), ("sending", 1)]
    released.set()
    for worker in workers:
        worker.join(SOON)
    assert kinds(batch) == [("sending", 0), ("sending", 1)]
    assert sorted(world.sent) == ["a", "b"], "nothing was begun afterwards"
    world.script.clear()
    assert run(looking(batch), world.calls()).found == 2


# --- a journal that cannot be written ---


@contextlib.contextmanager
def no_space(after: int) -> Iterator[None]:
    """The disk takes so many more lines."""
    left = after
    lock = threading.Lock()
    real = os.write

    def limited(file: int, data: bytes) -> int:
        nonlocal left
        with lock:
            left -= 1
            if left >= 0:
                return real(file, data)
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(appendlog.os, "write", limited)
        yield


def test_nothing_is_sent_that_could_not_be_journalled_first(batch: Batch, world: World) -> None:
    write(batch, *"abc")
    with no_space(0), pytest.raises(SettingsError, match=r"cannot write the journal .*: No space left on device"):
        run(batch, world.calls())
    with no_space(3):
        summary = run(batch, world.calls())
    assert (summary.done, type(summary.stopped)) == (1, SettingsError)
    assert "No space left on device" in str(summary.stopped)
    assert world.sent == ["a"]
    assert run(batch, world.calls()) == Summary(3, done=2, done_before=1, found=0)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (None, r"\(booked, with the keys \[\{'SbId': '2'\}\]\), but not written down: cannot write the journal"),
        (ProfitError("No."), r"\(refused\), but not written down"),
        (TransportError("No connection."), r"\(not sent\), but not written down"),
        (Uncertain("?"), r"\(not known whether it was booked\), but not written down"),
    ],
)
def test_an_outcome_that_cannot_be_journalled_stops_with_what_is_known(
    batch: Batch, world: World, end: AfasError | None, told: str
) -> None:
    write(batch, *"abc")
    if end is not None:
        world.script["b"] = raising(end)
    with no_space(4):
        stopped = run(batch, world.calls()).stopped
    assert isinstance(stopped, Uncertain)
    with pytest.raises(Uncertain, match=f"Line 2 was sent and its outcome is known {told}"):
        raise stopped
    assert world.sent == ["a", "b"]
    with pytest.raises(Uncertain, match="Line 2 of"):
        run(batch, world.calls())
    world.script.clear()
    run(looking(batch), world.calls())
    assert world.values() == Counter("abc")


# --- killed anywhere ---


class Death:
    """Kills the run at its ``step``-th step. Steps are the writes of the journal, which end after a part of their
    bytes, before their flush or after it, and calls, which end unheard, or are booked at once or later."""

    def __init__(self, world: World, dice: random.Random, step: int) -> None:
        self._world = world
        self._dice = dice
        self._left = step
        self.dead = False
        self._lock = threading.Lock()
        self._write, self._sync = os.write, os.fsync

    def _dies(self) -> bool:
        """Whether the run dies at this step; it stays dead."""
        with self._lock:
            if self.dead:
                raise Killed
            self._left -= 1
            self.dead = self._left < 0
            return self.dead

    def write(self, file: int, data: bytes) -> int:
        if self._dies():
            self._write(file, data[: self._dice.randrange(len(data) + 1)])
            raise Killed
        return self._write(file, data)

    def sync(self, file: int) -> None:
        if self._dies():
            raise Killed
        self._sync(file)

    def send(self, update: Update) -> Receipt:
        if self._dies():
            fate = self._dice.choice([None, 0.0, 0.0, SETTLE / 2])
            if fate is not None:
                self._world.book(str(update.elements[0].fields["Ds"]), later=fate)
            raise Killed
        receipt = self._world.send(update)
        if self._dies():
            raise Killed
        return receipt

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Calls]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(appendlog.os, "write", self.write)
            patch.setattr(appendlog.os, "fsync", self.sync)
            yield dataclasses.replace(self._world.calls(), send=self.send)


def ran_until_it_was_through(batch: Batch, world: World, dice: random.Random) -> int:
    """Run again and again, killed at some step each time, until a run gets through; the number of kills."""
    for kills in range(1000):
        death = Death(world, dice, dice.randrange(14))
        with death.at_work() as calls:
            try:
                assert run(batch, calls).stopped is None
            except Killed:
                world.time += dice.choice([0, 1, SETTLE, 2 * SETTLE])
            else:
                return kills
    raise AssertionError("it never got through")


VALUES = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=8)


@given(VALUES, st.integers(0, 2**32), st.sampled_from([1, 1, 3]))
def test_killed_anywhere_every_record_is_booked_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], seed: int, parallel: int
) -> None:
    folder = tmp_path_factory.mktemp("killed")
    batch = Batch(
        folder / "r.jsonl", Updates("KnSubject"), folder / "j", "1234", settle=SETTLE, parallel=parallel, lookup=BY_DS
    )
    world = World()
    write(batch, *values)
    ran_until_it_was_through(batch, world, random.Random(seed))
    world.time += 10 * SETTLE
    assert world.values() == Counter(values)


@given(VALUES, st.integers(0, 2**32), st.sampled_from([1, 1, 3]))
def test_killed_anywhere_nothing_is_doubled_without_a_lookup(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], seed: int, parallel: int
) -> None:
    """And where it stops, it stops for good."""
    folder = tmp_path_factory.mktemp("killed")
    batch = Batch(folder / "r.jsonl", Updates("KnSubject"), folder / "j", "1234", settle=SETTLE, parallel=parallel)
    world = World()
    write(batch, *values)
    try:
        ran_until_it_was_through(batch, world, random.Random(seed))
    except Uncertain:
        with pytest.raises(Uncertain):
            run(batch, world.calls())
        run(looking(batch), world.calls())
    world.time += 10 * SETTLE
    assert world.values() == Counter(values)
