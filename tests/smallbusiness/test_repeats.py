"""Repeats: a write that broke off goes again under its identifier, soon, and never when it cannot be known any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    Broken,
    Fate,
    SBError,
    SettingsError,
    TransportError,
    Uncertain,
    UpdateError,
)
from afas_soap.smallbusiness.repeats import Repeats

NOON = 1790000000.0
Step = AfasError | str


def doubt(broken: Broken | None = Broken.OFF) -> Uncertain:
    error = Uncertain("It broke. Look it up.")
    error.broken = broken
    return error


def refusal(*errors: str, fate: Fate = Fate.REFUSED) -> SBError:
    return SBError("SB answered Failed.", result="Failed", errors=errors).of_write(fate)


class Clock:
    """Seconds that pass by waiting only."""

    def __init__(self) -> None:
        self.time = NOON
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def attempts(*steps: Step) -> Callable[[], str]:
    left = iter(steps)

    def once() -> str:
        step = next(left)
        if isinstance(step, str):
            return step
        raise step

    return once


def run(*steps: Step, clock: Clock | None = None, **options: object) -> str:
    clock = clock or Clock()
    settings = {name: options.pop(name) for name in ("patience", "margin", "window") if name in options}
    options = {"first": clock.now(), **options}
    return Repeats(clock.now, clock.sleep, **settings).carried_out(attempts(*steps), **options)  # type: ignore[arg-type]


def test_what_broke_off_goes_again_and_each_repeat_is_said_first() -> None:
    clock, said = Clock(), []
    assert run(doubt(), doubt(), "done", clock=clock, again=lambda: said.append(clock.time)) == "done"
    assert clock.slept == [0.5, 1.0]
    assert said == [NOON + 0.5, NOON + 1.5]


def test_behind_silence_it_waits_longer() -> None:
    """The first may still be worked on."""
    clock = Clock()
    assert run(doubt(Broken.SILENT), "done", clock=clock) == "done"
    assert clock.slept == [60.0]


@pytest.mark.parametrize(
    "error",
    [doubt(None), refusal("no"), refusal("made", fate=Fate.STORED), TransportError("no host"), UpdateError("x")],
)
def test_anything_else_is_told_at_once(error: AfasError) -> None:
    clock = Clock()
    with pytest.raises(AfasError) as caught:
        run(error, clock=clock)
    assert caught.value is error
    assert clock.slept == []


def test_four_breaks_are_no_accident() -> None:
    with pytest.raises(Uncertain):
        run(doubt(), doubt(), doubt(), doubt(), "never")


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 0.0},
        {"window": 0.4},
        {"window": 900.0, "margin": 899.6},
        {"first": NOON - 900.0},
        {"first": NOON + 5.0},
    ],
)
def test_behind_the_window_or_ones_patience_it_stays_uncertain(options: dict[str, object]) -> None:
    """Nor by a clock that was set back, which tells nothing of when it was sent first."""
    clock = Clock()
    with pytest.raises(Uncertain):
        run(doubt(), "never", clock=clock, **options)
    assert clock.slept == []


def test_nothing_is_repeated_that_cannot_be_said() -> None:
    def full() -> None:
        raise SettingsError("the disk is full")

    with pytest.raises(SettingsError):
        run(doubt(), "never", again=full)


# --- what an error of a repeat says of the write ---


@pytest.mark.parametrize(
    "error",
    [
        refusal("FeatureToggle not enabled"),
        refusal("Field 'Grootboekrekening' contains an invalid reference (x)").about(operation="post"),
        refusal("'Bijlage' bevat een verwijzing naar een ongeldige waarde.").about(operation="post"),
        SBError("Invalid JSON request String '' does not validate"),
        refusal("made", fate=Fate.STORED),
        refusal("x already exists", fate=Fate.STORED),
    ],
)
def test_a_no_to_a_repeat_that_the_first_cannot_have_led_to_is_told(error: SBError) -> None:
    with pytest.raises(SBError) as caught:
        run(doubt(), error)
    assert caught.value is error


@pytest.mark.parametrize(
    "error",
    [
        refusal("SalesJournalEntry with invoicenumber 7 already exists"),
        refusal("SalesInvoice cannot be deleted because it is not a draft or it is already deleted"),
        refusal("SalesJournalEntry with id 7 does not exist"),
        refusal("Factuurnummer 7 is al in gebruik"),
        refusal("no"),
        refusal(),
        refusal("FeatureToggle not enabled", "no"),
        refusal("Field 'Id' contains an invalid reference (x)").about(operation="delete"),
        SBError("Tracking-Identifier is used"),
        AccessDenied("401").of_write(Fate.NOT_SENT),
    ],
)
@pytest.mark.parametrize("repeated", [True, False])
def test_what_a_repeat_may_meet_because_the_first_was_carried_out(error: AfasError, repeated: bool) -> None:
    """The memory of SB may be shorter than is believed."""
    steps = (error,) if repeated else (doubt(), error)
    with pytest.raises(Uncertain, match="Sent again under the same identifier it ended with") as caught:
        run(*steps, repeated=repeated, patience=0.0 if repeated else 120.0)
    assert caught.value.fate is Fate.UNCERTAIN


@pytest.mark.parametrize("text", ["X already exists", "Nummer 7 is al in gebruik", "must be unique"])
def test_what_a_lookup_did_not_find_may_be_there(text: str) -> None:
    """An entry in error is in no list."""
    with pytest.raises(Uncertain, match="a lookup did not find it"):
        run(refusal(text), sought=True)
    with pytest.raises(SBError):
        run(refusal(text))


@pytest.mark.parametrize("error", [refusal("no"), refusal("already", fate=Fate.STORED), TransportError("no host")])
def test_any_other_answer_counts_once_a_lookup_did_not_find_it(error: AfasError) -> None:
    with pytest.raises(AfasError) as caught:
        run(error, sought=True)
    assert caught.value is error


def test_a_repeat_that_did_not_arrive_undoes_nothing_and_is_tried_once_more() -> None:
    assert run(doubt(), TransportError("no connection"), "done") == "done"
    with pytest.raises(Uncertain):
        run(doubt(), TransportError("no connection"), patience=1.0)
