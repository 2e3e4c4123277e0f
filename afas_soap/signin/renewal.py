"""Token renewal, once for all who wait (single flight): a token is used until shortly before its end.

Nothing here knows how a token is got, or what it is for: that is its ``Source``'s. Threads wait for each other by a
lock of this object, processes by that of the store. Whoever comes first renews and writes what it got; the others find
that. Before its end a token is renewed without patience: where nothing comes of it, the old one does until then, and
nobody tries again before, in any process.
"""

from __future__ import annotations

import collections
import copy
import dataclasses
import logging
import threading
from collections.abc import Callable
from typing import Protocol

from afas_soap.errors import AfasError, SettingsError, SignInError
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.store import Entry, Store
from afas_soap.wire.oauth.clock import Now

_LOG = logging.getLogger("afas_soap.signin")

_MARGIN = 60.0
_SHARE = 0.1
# How many of the tokens that were used are still known: an answer to an old one may come late, and is masked.
_REMEMBERED = 4


class Source(Protocol):
    """Where tokens come from."""

    def is_ours(self, entry: Entry) -> bool:
        """Whether an entry is this client's: a profile may have changed since it was written."""
        ...

    def next(self, found: Entry | None, *, patient: bool) -> Entry:
        """A new entry in place of ``found``, written to the store, which is locked meanwhile. One that is not
        ``patient`` asks once. Raises every way to fail."""
        ...

    def ready(self, entry: Entry) -> None:
        """Called before ``entry`` is used. Raises ``SettingsError`` for one that cannot be."""
        ...


def renew_at(began: float, expires_in: float) -> float:
    """When a token that was asked for at ``began`` is to be renewed: a minute before its end, or in its last tenth."""
    return began + expires_in - min(_MARGIN, _SHARE * expires_in)


class Renewal:
    """The token in use, kept in ``store``. Threads may share it."""

    def __init__(self, source: Source, store: Store, now: Now) -> None:
        self._source = source
        self._store = store
        self._now = now
        self._lock = threading.RLock()
        self._entry: Entry | None = None
        self._failures = 0
        self._failure: AfasError | None = None
        self._used: collections.deque[Secret] = collections.deque(maxlen=_REMEMBERED)

    @property
    def in_use(self) -> Entry | None:
        """What was used last, whether it is still good or not."""
        return self._entry

    @property
    def used(self) -> tuple[Secret, ...]:
        """The access tokens of now and of just before."""
        return tuple(self._used)

    def kept(self) -> Entry | None:
        """What the store has for this client, if anything. Asks nobody."""
        found = self._store.read()
        return found if found is not None and self._source.is_ours(found) else None

    def current(self) -> Entry:
        """A token that is good now, renewed if need be. Raises what its source does."""
        entry = self._entry
        if entry is not None and self._usable(entry):
            return entry
        failures = self._failures
        with self._lock:
            if self._entry is None or not self._usable(self._entry):
                self._renew_unless_failed(None, failures)
            assert self._entry is not None, "renewed, or raised"
            return self._entry

    def supersede(self, refused: Callable[[Entry], bool]) -> None:
        """Have another token than the one that was ``refused``, which may have been replaced by now."""
        failures = self._failures
        with self._lock:
            entry = self._entry
            if entry is not None and refused(entry):
                self._renew_unless_failed(entry, failures)

    def begin(self, first: Callable[[], Entry]) -> Entry:
        """Use what ``first`` gives, and has written, in place of what there was."""
        with self._lock, self._store.locked():
            return self._take(first())

    def _renew_unless_failed(self, refused: Entry | None, failures: int) -> None:
        """Whoever waited for its turn while a renewal failed is told the same: if each tried anew, the last would wait
        for all of them, and each would show the same refresh token."""
        if self._failure is not None and self._failures != failures:
            raise copy.copy(self._failure)
        try:
            self._renew(refused)
        except AfasError as problem:
            self._failures += 1
            self._failure = copy.copy(problem)
            raise

    def _renew(self, refused: Entry | None) -> None:
        with self._store.locked():
            found = self.kept()
            fresh = found is not None and (refused is None or found.access_token != refused.access_token)
            if found is not None and fresh and self._usable(found):
                self._take(found)
            elif found is not None and fresh and self._lasts(found):
                self._renew_early(found)
            else:
                self._take(self._source.next(found, patient=True))

    def _renew_early(self, found: Entry) -> None:
        """Before its end. Where nothing comes of that, the old token does until then, and nobody tries again before: a
        refresh token that may have arrived is not spent once more for it. What is wrong with the client is told."""
        try:
            self._take(self._source.next(found, patient=False))
        except (SettingsError, SignInError):
            raise
        except AfasError as problem:
            failure = problem
        else:
            return
        left = self._store.read()
        if left is None or not self._lasts(left):
            raise failure
        _LOG.info("the access token is used to its end, for it was not renewed: %s", failure.message)
        left = dataclasses.replace(left, renew_at=left.expires_at)
        self._store.write(left)
        self._take(left)

    def _take(self, entry: Entry) -> Entry:
        self._source.ready(entry)
        # First: once it is in use, it is masked.
        self._used.append(entry.access_token)
        self._entry = entry
        return entry

    def _usable(self, entry: Entry) -> bool:
        return self._now() < entry.renew_at

    def _lasts(self, entry: Entry) -> bool:
        """Whether its access token is still good, be it for seconds."""
        return self._now() < entry.expires_at
