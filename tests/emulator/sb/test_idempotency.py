"""Idempotency: done once, answered the same, remembered for the stated time, and no longer."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from afas_soap.emulator.sb.idempotency import IdentifierReusedError, Memory

ID = "0A1B2C3D-0000-4000-8000-00000000000A"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_repeat_gets_the_first_answer() -> None:
    memory, counter = Memory[int](), itertools.count(1)
    assert memory.once(ID, b"body", lambda: next(counter)) == 1
    assert memory.once(ID.lower(), b"body", lambda: next(counter)) == 1
    assert memory.once("another", b"body", lambda: next(counter)) == 2


def test_another_request_under_it_is_refused() -> None:
    memory = Memory[int]()
    memory.once(ID, b"body", lambda: 1)
    with pytest.raises(IdentifierReusedError):
        memory.once(ID, b"other", lambda: 2)


def test_it_is_forgotten_when_the_time_is_over() -> None:
    clock, counter = Clock(), itertools.count(1)
    memory = Memory[int](10.0, clock)
    memory.once(ID, b"body", lambda: next(counter))
    clock.now = 9.0
    assert memory.once(ID, b"body", lambda: next(counter)) == 1
    clock.now = 10.0
    assert memory.once(ID, b"other", lambda: next(counter)) == 2


def test_a_repeat_that_comes_while_the_first_runs_waits_for_it() -> None:
    memory, counter = Memory[int](), itertools.count(1)
    began, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        began.set()
        assert go_on.wait(30)
        return next(counter)

    with ThreadPoolExecutor(3) as crew:
        first = crew.submit(memory.once, ID, b"body", slow)
        assert began.wait(30)
        others = [crew.submit(memory.once, ID, b"body", lambda: next(counter)) for _ in range(2)]
        with pytest.raises(IdentifierReusedError):
            memory.once(ID, b"other", lambda: 0)
        assert not any(other.done() for other in others)
        go_on.set()
        assert [one.result() for one in (first, *others)] == [1, 1, 1]


def test_work_that_broke_off_is_done_by_the_one_that_waited() -> None:
    memory = Memory[int]()
    began, go_on = threading.Event(), threading.Event()

    def broken() -> int:
        began.set()
        assert go_on.wait(30)
        raise ConnectionError

    with ThreadPoolExecutor(2) as crew:
        first = crew.submit(memory.once, ID, b"body", broken)
        assert began.wait(30)
        other = crew.submit(memory.once, ID, b"body", lambda: 7)
        go_on.set()
        assert other.result() == 7
        assert isinstance(first.exception(), ConnectionError)
