"""A token that is renewed by itself, whatever gives it: nothing here is AFAS', or OAuth's."""

from __future__ import annotations

import dataclasses
import threading
import time

import pytest

from afas_soap.errors import AnswerError, SettingsError, SignInError
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.renewal import Renewal, renew_at
from afas_soap.signin.store import Entry, MemoryStore


def entry(number: int, began: float, *, life: float = 3600.0, client_id: str = "me") -> Entry:
    token = Secret(f"token-{number}", "access token")
    return Entry(token, "Bearer", client_id, "here", began, renew_at(began, life), began + life)


class Giver:
    """A source that numbers its tokens. ``failing`` is raised in place of the next ones."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.now = 0.0
        self.asked: list[bool] = []
        self.failing: list[Exception] = []
        self.unfit: set[str] = set()
        self.renewal = Renewal(self, self.store, lambda: self.now)

    def is_ours(self, entry: Entry) -> bool:
        return entry.client_id == "me"

    def next(self, found: Entry | None, *, patient: bool) -> Entry:
        self.asked.append(patient)
        if self.failing:
            raise self.failing.pop(0)
        made = entry(len(self.asked), self.now)
        self.store.write(made)
        return made

    def ready(self, entry: Entry) -> None:
        if entry.access_token.reveal() in self.unfit:
            raise SettingsError("It has a key that is none.")

    def token(self) -> str:
        return self.renewal.current().access_token.reveal()


@pytest.mark.parametrize(("life", "at"), [(3600.0, 3540.0), (600.0, 540.0), (300.0, 270.0), (1.0, 0.9)])
def test_when_a_token_is_renewed(life: float, at: float) -> None:
    """A minute before its end, of a short one in its last tenth."""
    assert renew_at(0.0, life) == pytest.approx(at)


def test_a_token_is_used_until_shortly_before_its_end() -> None:
    giver = Giver()
    assert [giver.token(), giver.token()] == ["token-1", "token-1"]
    giver.now = 3539.0
    assert giver.token() == "token-1"
    giver.now = 3541.0
    assert giver.token() == "token-2"
    giver.now = 99_999.0
    assert giver.token() == "token-3"
    # Without patience where the old one is still good.
    assert giver.asked == [True, False, True]
    assert [token.reveal() for token in giver.renewal.used] == ["token-1", "token-2", "token-3"]


def test_what_another_process_wrote_is_used() -> None:
    giver = Giver()
    giver.token()
    giver.store.write(entry(7, 3000.0))
    assert giver.token() == "token-1"
    giver.now = 3541.0
    assert giver.token() == "token-7"
    assert len(giver.asked) == 1


def test_what_is_another_clients_is_not_used() -> None:
    giver = Giver()
    giver.store.write(entry(7, 0.0, client_id="another"))
    assert giver.renewal.kept() is None
    assert giver.token() == "token-1"


def test_a_token_that_cannot_be_used_is_not_in_use() -> None:
    """Whatever is put in its place is looked at the next time."""
    giver = Giver()
    giver.unfit = {"token-7"}
    giver.store.write(entry(7, 0.0))
    with pytest.raises(SettingsError):
        giver.token()
    assert giver.renewal.in_use is None
    giver.store.write(entry(8, 0.0))
    assert giver.token() == "token-8"


def test_a_refused_token_is_replaced_unless_it_was() -> None:
    giver = Giver()
    giver.token()
    giver.renewal.supersede(lambda entry: entry.access_token.reveal() == "another")
    assert giver.token() == "token-1"
    giver.renewal.supersede(lambda entry: True)
    assert giver.token() == "token-2"


def test_an_early_renewal_that_fails_leaves_the_old_token() -> None:
    """What is wrong with the client is told all the same."""
    giver = Giver()
    giver.token()
    giver.now = 3541.0
    giver.failing = [AnswerError("What is this?")]
    assert [giver.token(), giver.token()] == ["token-1", "token-1"]
    assert len(giver.asked) == 2
    giver.now = 3601.0
    giver.failing = [AnswerError("What is this?")]
    with pytest.raises(AnswerError):
        giver.token()
    giver.store.write(dataclasses.replace(entry(3, 3601.0), renew_at=0.0))
    giver.failing = [SignInError("No.")]
    with pytest.raises(SignInError):
        giver.token()


def test_what_begins_replaces_what_was() -> None:
    giver = Giver()
    giver.token()
    assert giver.renewal.begin(lambda: entry(9, 0.0)).access_token.reveal() == "token-9"
    assert giver.token() == "token-9"


@pytest.mark.parametrize("fails", [False, True])
def test_threads_that_wait_get_what_the_first_one_got(fails: bool) -> None:
    giver, told = Giver(), list[object]()
    gate = threading.Barrier(8)
    ask = giver.next

    def slow(found: Entry | None, *, patient: bool) -> Entry:
        time.sleep(0.3)
        if fails:
            giver.failing = [AnswerError("What is this?")]
        return ask(found, patient=patient)

    giver.next = slow

    def run() -> None:
        gate.wait()
        try:
            told.append(giver.token())
        except AnswerError as problem:
            told.append(str(problem))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["What is this?" if fails else "token-1"] * 8
    assert len(giver.asked) == 1
