"""A few jobs at once, and how they end."""

from __future__ import annotations

import _thread
import threading
import time

import pytest

from afas_soap.crew import Crew


def test_every_job_is_done_once_and_so_many_at_once() -> None:
    done: list[int] = []
    meeting = threading.Barrier(3, timeout=10)
    crew = Crew(3)

    def work(_: int, job: int) -> None:
        if job < 3:
            meeting.wait()
        done.append(job)

    crew.run(range(20), work)
    assert sorted(done) == list(range(20))
    assert not crew.ended


def test_each_has_a_number_of_its_own() -> None:
    seen: set[int] = set()
    Crew(1).run("ab", lambda number, _: seen.add(number))
    assert seen == {0}


def test_what_a_job_raises_ends_the_others_and_is_raised() -> None:
    done: list[int] = []

    def work(_: int, job: int) -> None:
        done.append(job)
        if job == 2:
            raise ValueError(job)

    with pytest.raises(ValueError, match="2"):
        Crew(1).run(range(10), work)
    assert done == [0, 1, 2]


def test_what_the_jobs_themselves_raise_is_raised() -> None:
    def jobs() -> list[int]:
        raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        Crew(2).run((job for _ in range(2) for job in jobs()), lambda *_: None)


@pytest.mark.usefixtures("interruptible")
def test_a_signal_passes_and_those_under_way_see_it() -> None:
    crew, seen = Crew(2), threading.Event()

    def work(_: int, job: int) -> None:
        if job == 0:
            _thread.interrupt_main()
        while not crew.ended:
            time.sleep(0.001)
        seen.set()

    with pytest.raises(KeyboardInterrupt):
        crew.run(range(9), work)
    assert seen.wait(10)
