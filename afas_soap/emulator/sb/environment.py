"""Tenants: one customer environment of this SB, with its rows, its books and what it remembers."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.sb.blobs.readkeys import ReadKeys
from afas_soap.emulator.sb.blobs.store import BlobStore
from afas_soap.emulator.sb.books.answers import Outcome
from afas_soap.emulator.sb.books.books import Books
from afas_soap.emulator.sb.idempotency import Memory
from afas_soap.emulator.sb.planting import first_rows
from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.emulator.sb.tables import Tables
from afas_soap.emulator.sb.tracking import Trackers
from afas_soap.sb.table import shipped


class CustomerEnvironment:
    """The rows that reads ask for, the books that writes go to, blobs, tracking tokens, and the memory of identifiers.
    It has its first rows when it stands."""

    def __init__(self, name: str, setup: SbSetup, clock: Clock, numbers: Iterator[int]) -> None:
        self.name = name
        self.tables = Tables(shipped())
        self.trackers = Trackers(setup.repeat_seconds, clock, numbers)
        self.memory: Memory[Outcome] = Memory(setup.memory_seconds, clock)
        self.blobs = BlobStore(ReadKeys(setup.read_key_seconds, clock))
        self.books = Books(
            self.tables,
            failed=setup.failed_status,
            now=lambda: datetime.fromtimestamp(clock(), UTC),
            knows_blob=self.blobs.has,
        )
        self.tables.restore(first_rows())
        for feature in setup.features_off:
            self.tables.change("featuretoggles", {}, {feature: False})

    def close(self) -> None:
        """Let go of the rows."""
        self.tables.close()


class Environments:
    """The customer environments, each made when it is first asked for; their names may be written in any case."""

    def __init__(self, setup: SbSetup, clock: Clock) -> None:
        numbers = itertools.count(1)
        self._names = {name.lower(): name for name in setup.environments}
        self._make: Callable[[str], CustomerEnvironment] = lambda name: CustomerEnvironment(name, setup, clock, numbers)
        self._made: dict[str, CustomerEnvironment] = {}
        self._making = threading.Lock()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def __getitem__(self, name: str) -> CustomerEnvironment:
        key = name.lower()
        with self._making:
            if key not in self._made:
                self._made[key] = self._make(self._names[key])
            return self._made[key]

    def close(self) -> None:
        """Let go of them all."""
        with self._making:
            for environment in self._made.values():
                environment.close()
            self._made.clear()
