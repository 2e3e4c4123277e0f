"""A sync by tracking token that is killed again and again, on real processes and a real port, while somebody else
writes: it ends equal to the source. The seed is printed, so that a failure can be repeated.

``AFAS_SB_KILLS`` says how often; 30 is what is asked of it.
"""

from __future__ import annotations

import collections
import json
import os
import random
import sqlite3
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import Server
from afas_soap.emulator.sb.tables import Row, Tables

KILLS = int(os.environ.get("AFAS_SB_KILLS", "6"))
CONNECTOR = "organisations"
# What the sync tells of itself: each is a place to be killed at.
STEPS = ("asked", "first", "all", "kept", "taken")
ROWS = 200

# A program as the how-to has it: records are put in place by their key, and kept before they are called taken.
SYNC = """
import json, sqlite3, sys
from afas_soap.sbclient import SBClient

def tell(step):
    print(step, flush=True)

database, cursor, mode = sys.argv[1:]
mine = sqlite3.connect(database)
mine.execute("CREATE TABLE IF NOT EXISTS mine (id PRIMARY KEY, record)")
with SBClient.connect() as sb:
    more = True
    while more:
        tell("asked")
        with sb.changes("organisations", cursor=cursor, full=mode == "full") as changes:
            if changes.since is None:
                mine.execute("DELETE FROM mine")
            for number, record in enumerate(changes):
                if not number:
                    tell("first")
                mine.execute("REPLACE INTO mine VALUES (?, ?)", (record["Id"], json.dumps(record, sort_keys=True)))
            tell("all")
            mine.commit()
            tell("kept")
            changes.taken()
            tell("taken")
        more = mode == "on"
"""


class Writer(threading.Thread):
    """Inserts, changes, archives and deletes rows until it is stopped."""

    def __init__(self, tables: Tables, seed: int) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.written: collections.Counter[str] = collections.Counter()
        self._tables = tables
        self._chance = random.Random(seed)

    def run(self) -> None:
        while not self.done.wait(self._chance.uniform(0.0005, 0.003)):
            action = self._chance.choice([self.insert, self.change, self.archive, self.delete])
            action()
            self.written[action.__name__] += 1

    def insert(self) -> None:
        name = f"Bedrijf {self._chance.random()}"
        number = str(uuid.UUID(int=self._chance.getrandbits(128)))
        self._tables.insert(CONNECTOR, {"Id": number, "Name": name, "IsArchived": False})

    def change(self) -> None:
        self._tables.change(CONNECTOR, self._one(), {"Name": f"Anders {self._chance.random()}"})

    def archive(self) -> None:
        self._tables.change(CONNECTOR, self._one(), {"IsArchived": True})

    def delete(self) -> None:
        if len(self._tables.find(CONNECTOR)) > ROWS:
            self._tables.remove(CONNECTOR, self._one())

    def _one(self) -> Row:
        return {"Id": self._chance.choice(self._tables.find(CONNECTOR))["Id"]}


@pytest.fixture
def seed() -> int:
    found = int(os.environ.get("AFAS_SB_SEED", random.randrange(2**32)))
    print(f"seed {found}")
    return found


@pytest.fixture
def server(sb_serving: Callable[..., Server]) -> Server:
    """An SB that takes its time, and tells again what it told in the last second."""
    server = sb_serving(repeat_seconds=1.0)
    server.emulator.faults.add(parse_fault("slow:0.002,protocol=sb,times=1000000"))
    return server


@pytest.fixture
def tables(server: Server) -> Tables:
    found: Tables = server.emulator.sb.environments["enyoi"].tables
    return found


@pytest.fixture
def writer(tables: Tables, seed: int) -> Iterator[Writer]:
    thread = Writer(tables, seed)
    for _ in range(ROWS):
        thread.insert()
    yield thread
    thread.done.set()
    if thread.ident is not None:
        thread.join()


class Sync:
    """Runs of the program, each a process."""

    def __init__(self, python: list[str], server: Server, folder: Path) -> None:
        self.program = SYNC
        self._python = python
        self._database, self._cursor = folder / "mine.sqlite", folder / "organisations.cursor"
        self._environment = {
            **os.environ,
            "AFAS_API": "sb",
            "AFAS_ENVIRONMENT": server.sb_url("enyoi"),
            "AFAS_AUTH": "app-token",
            "AFAS_APP_TOKEN": "demo-sb-app-token",
            "AFAS_SCOPE": "enyoi",
        }

    def begin(self, mode: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self._python, "-c", self.program, str(self._database), str(self._cursor), mode],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def killed(self, chance: random.Random) -> str:
        """Begin one, kill it behind a step and a moment, and say behind which; "" when it would not begin."""
        process = self.begin("on")
        assert process.stdout is not None
        wanted, told = chance.randrange(1, 3 * len(STEPS)), ""
        for _ in range(wanted):
            line = process.stdout.readline().strip()
            if not line:
                break
            told = line
        try:
            process.wait(chance.choice([0.0, chance.uniform(0.0, 0.02)]))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return told
        # What was killed before holds the cursor for a moment longer: what is killed stands in for it (``warm``).
        _, err = process.communicate()
        assert "is in use: another run" in err, err
        return ""

    def run(self, mode: str) -> None:
        """One to its end."""
        while True:
            process = self.begin(mode)
            _, err = process.communicate()
            if process.returncode == 0:
                return
            assert "is in use: another run" in err, err

    def mine(self) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self._database)) as database:
            return [json.loads(record) for (record,) in database.execute("SELECT record FROM mine")]


def _multiset(rows: list[dict[str, Any]]) -> collections.Counter[str]:
    return collections.Counter(json.dumps(row, sort_keys=True) for row in rows)


def test_a_sync_that_is_killed_again_and_again_ends_equal_to_the_source(
    server: Server, tables: Tables, writer: Writer, seed: int, tmp_path: Path, warm: list[str]
) -> None:
    chance, sync = random.Random(seed), Sync(warm, server, tmp_path)
    writer.start()
    behind: collections.Counter[str] = collections.Counter()
    while behind.total() < KILLS:
        told = sync.killed(chance)
        if told:
            behind[told] += 1
    writer.done.set()
    writer.join()
    assert min(writer.written.values(), default=0) > 0, "somebody wrote meanwhile"
    sync.run("once")
    source = {row["Id"]: row for row in tables.find(CONNECTOR)}
    mine = {row["Id"]: row for row in sync.mine()}
    assert _multiset([mine[key] for key in source]) == _multiset([*source.values()]), (seed, behind)
    # What was deleted is still there, until all of it is read.
    sync.run("full")
    assert _multiset(sync.mine()) == _multiset([*source.values()]), (seed, behind)


def test_a_cursor_that_moved_before_the_records_were_kept_would_be_found(
    sb_server: Server, tmp_path: Path, warm: list[str]
) -> None:
    """The test above finds what it is to find: here a program calls records taken that it never kept."""
    tables, sync = sb_server.emulator.sb.environments["enyoi"].tables, Sync(warm, sb_server, tmp_path)
    sync.program = SYNC.replace("mine.commit()", "mine.rollback()")
    sync.run("once")
    sync.program = SYNC
    sync.run("once")
    assert _multiset(sync.mine()) != _multiset([*tables.find(CONNECTOR)])
