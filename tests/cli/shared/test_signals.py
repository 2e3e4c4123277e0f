"""A signal ends a command in order; one that somebody switched off stays off, and what stood before comes back."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from afas_soap.cli.shared.signals import Stopped, stoppable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGHUP, and no way to send the others")


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_each_ends_a_command_with_its_code(name: str) -> None:
    number = getattr(signal, name)
    signal.signal(number, signal.SIG_DFL)
    with pytest.raises(Stopped) as caught, stoppable():
        send(number)
    assert caught.value.code == 128 + number
    assert signal.getsignal(number) is signal.SIG_DFL


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_one_that_is_ignored_stays_so(name: str) -> None:
    """``nohup afas insert ... &`` outlives its terminal; a job in the background is not for Ctrl-C."""
    number = getattr(signal, name)
    signal.signal(number, signal.SIG_IGN)
    with stoppable():
        send(number)
        assert signal.getsignal(number) is signal.SIG_IGN
    assert signal.getsignal(number) is signal.SIG_IGN


def test_a_program_that_has_a_handler_of_its_own_keeps_it() -> None:
    got: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: got.append(number))
    with stoppable():
        send(signal.SIGTERM)
    assert got == [signal.SIGTERM]


def test_another_thread_changes_nothing() -> None:
    seen: list[object] = []
    before = signal.getsignal(signal.SIGTERM)

    def run() -> None:
        with stoppable():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [before]
