"""Deadlines of answers: one thread for all of them, and none ended that was called off."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator

import pytest

from afas_soap.wire.http.deadline import Deadline


@contextlib.contextmanager
def _connected() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, other = socket.socketpair()
    with ours, other:
        ours.settimeout(10)
        yield ours, other


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connection: our end, and the one that never says anything."""
    with _connected() as connected:
        yield connected


def _begun(seconds: float | None, connection: object) -> Deadline:
    deadline = Deadline(seconds)
    deadline.begin(connection)
    return deadline


def test_an_answer_ends_when_its_time_is_up(pair: tuple[socket.socket, socket.socket]) -> None:
    """The connection may be wrapped, and an earlier deadline is seen to although a later one was there first."""

    class Wrapped:
        socket = pair[0]

    later = _begun(1000, pair[1])
    deadline = _begun(0.05, Wrapped())
    assert pair[0].recv(1) == b""
    assert (deadline.expired, later.expired) == (True, False)
    later.cancel()
    deadline.cancel()


def test_what_was_called_off_is_not_ended(pair: tuple[socket.socket, socket.socket]) -> None:
    called_off = _begun(0.01, pair[0])
    called_off.cancel()
    called_off.cancel()
    with _connected() as (other, _):
        ended = _begun(0.05, other)
        assert other.recv(1) == b""
    assert (called_off.expired, ended.expired) == (False, True)
    pair[1].sendall(b"x")
    assert pair[0].recv(1) == b"x"


def test_a_connection_that_is_closed_already_is_no_fault(pair: tuple[socket.socket, socket.socket]) -> None:
    closed = _begun(0.01, pair[0])
    pair[0].close()
    with _connected() as (other, _):
        _begun(0.05, other)
        assert other.recv(1) == b""
    assert closed.expired


def test_all_share_one_thread(pair: tuple[socket.socket, socket.socket]) -> None:
    deadlines = [_begun(1000, pair[0]) for _ in range(20)]
    assert [thread.name for thread in threading.enumerate()].count("afas-deadlines") == 1
    for deadline in (*deadlines, _begun(None, pair[0])):
        deadline.cancel()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_has_a_watch_of_its_own(pair: tuple[socket.socket, socket.socket]) -> None:
    before = _begun(1000, pair[1])
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            _begun(0.05, pair[0])
            os._exit(pair[0].recv(1) != b"")
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    before.cancel()
