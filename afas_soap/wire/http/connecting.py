"""Whether a request certainly stayed here: it did when its connection, with tunnel and TLS, never came to stand.

The exceptions of ``requests`` do not tell: behind a proxy a connection that broke after the request went out looks like
one that was never made. So the connections themselves are watched.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import requests
import urllib3

from afas_soap.wire.http.deadline import Deadline

PROBLEMS = (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
"""What an adapter of ``requests`` raises."""

_Result = TypeVar("_Result")


class Unconnected(Exception):  # noqa: N818 - it carries what went wrong, it is none
    """``problem`` happened before a connection stood, so nothing of the request went out."""

    def __init__(self, problem: Exception) -> None:
        super().__init__(type(problem).__name__)
        self.problem = problem


class _Call(threading.local):
    """The call of this thread. ``stands`` is None before a connection is made, and for one that was there already."""

    stands: bool | None = None
    deadline: Deadline | None = None


_CALL = _Call()


class _Watched:
    """A connection that says when it begins to be made, when it stands, and when a request is out."""

    def connect(self) -> None:
        """Called by ``urllib3`` and ``http.client`` before anything of the request is sent."""
        if _CALL.stands is None:
            _CALL.stands = False
        super().connect()  # type: ignore[misc]
        _CALL.stands = True

    def getresponse(self) -> object:
        """Called by ``urllib3`` once the request is out."""
        if _CALL.deadline is not None:
            _CALL.deadline.begin(self.sock)  # type: ignore[attr-defined]
        return super().getresponse()  # type: ignore[misc]


def watch(manager: urllib3.PoolManager) -> None:
    """Have ``manager``, also one for proxies, make connections that are watched."""
    classes = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _watched(pool) for scheme, pool in classes.items()}


@functools.cache
def _watched(pool: type[urllib3.HTTPConnectionPool]) -> type[urllib3.HTTPConnectionPool]:
    connection = type(pool.ConnectionCls.__name__, (_Watched, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


@contextlib.contextmanager
def until(deadline: Deadline) -> Iterator[None]:
    """Have ``deadline`` begin when the request that is sent within is out."""
    _CALL.deadline = deadline
    try:
        yield
    finally:
        _CALL.deadline = None


def watching(send: Callable[[], _Result]) -> _Result:
    """What ``send`` gives; ``Unconnected`` for what it raises before a watched connection stood."""
    _CALL.stands = None
    try:
        return send()
    except PROBLEMS as problem:
        if not _stayed_here():
            raise
        # Without a name here, which would keep it, and the request in it, alive in a circle.
        raise Unconnected(problem) from None


def _stayed_here() -> bool:
    return _CALL.stands is False
