"""A batch that is killed again and again, on real processes and a real port, ends with every record booked once.

The emulator works off what it received although its client is gone, after a delay: the case in which a blind repeat
books twice, and a hasty one does so a moment later. The seed is printed, so that a failure can be repeated.
"""

from __future__ import annotations

import collections
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.store import Store
from afas_soap.profit.questions.query import Condition, Operator, Query

DELAY = 0.05
SETTLE = 2.0
CHAINS = 10
# Of each chain, at the least.
KILLS = 5
RECORDS = 60
# Equal records among the others: each of these texts stands on several lines.
EQUAL = 12
PREFIX = "Batch"


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    """A Profit that takes its time, and finishes what it began."""
    app = Emulator(store, setup=Setup(write_delay=DELAY))
    with serve(app) as running:
        yield running


@pytest.fixture
def records(tmp_path: Path) -> list[str]:
    """The subjects of the records, in the order of the file ``records.jsonl``."""
    subjects: list[str] = []
    _grow(tmp_path, subjects)
    return subjects


def _grow(folder: Path, subjects: list[str]) -> None:
    """More records at the end of the file, which a batch may have."""
    numbers = range(len(subjects), len(subjects) + RECORDS)
    more = [f"{PREFIX} {number % EQUAL if number % 3 == 0 else number + 1000}" for number in numbers]
    with (folder / "records.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps({"StId": 4, "Ds": subject}) + "\n" for subject in more)
    subjects += more


def _begun(
    python: list[str], server: Server, folder: Path, *options: str, protocol: str = "rest"
) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "AFAS_SOAP_URL": server.soap_url,
        "AFAS_REST_URL": server.rest_url,
        "AFAS_TOKEN": DEMO_TOKEN.xml(),
        "AFAS_PROTOCOL": protocol,
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    command = [*python, "-m", "afas_soap", "insert", "KnSubject", "records.jsonl", "--journal", "journal"]
    return subprocess.Popen(
        [*command, *options], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _lookup(settle: float = SETTLE) -> tuple[str, ...]:
    return "--lookup", "Profit_Subjects:Subject=Ds", "--settle", str(settle)


def _booked(store: Store) -> collections.Counter[str]:
    ours = ((Condition("Subject", Operator.STARTS_WITH, PREFIX),),)
    with store.rows("Profit_Subjects", Query(ours)) as rows:
        return collections.Counter(str(row["Subject"]) for row in rows)


def _kill(process: subprocess.Popen[str], after: float) -> bool:
    """Kill it after some seconds, whatever it is doing; False when it had ended by itself."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    return False


def _once_sending(process: subprocess.Popen[str], folder: Path) -> None:
    """Wait until it sends, however long a busy machine takes to start it, or until it has ended."""
    before = _size(folder)
    while process.poll() is None and _size(folder) <= before:
        time.sleep(0.002)


def _size(folder: Path) -> int:
    journal = folder / "journal"
    return journal.stat().st_size if journal.exists() else 0


def _uncertain(folder: Path) -> int:
    """How many records the journal says are being sent without saying what became of them."""
    open_: set[int] = set()
    journal = folder / "journal"
    for line in journal.read_text("utf-8").splitlines()[1:] if journal.exists() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # torn by the kill
        (open_.add if entry["what"] == "sending" else open_.discard)(entry["position"])
    return len(open_)


@pytest.mark.parametrize("chain", range(CHAINS))
def test_every_record_is_booked_once_however_often_it_is_killed(
    server: Server, store: Store, tmp_path: Path, records: list[str], warm: list[str], chain: int
) -> None:
    """Chains of kills, each with a seed of its own. In the first one each process starts from nothing."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    python = warm if chain else [sys.executable]
    kills = unsettled = 0
    # The last kill of them hits a call that is under way, if none before it did.
    while kills < KILLS or (not unsettled and kills < 10 * KILLS):
        options = (*_lookup(), "--parallel", str(chance.randint(1, 5)))
        process = _begun(python, server, tmp_path, *options, protocol=chance.choice(["rest", "rest", "soap"]))
        # A start takes some time, more so when an uncertain record is waited for: the kill comes before, in or after.
        if chance.random() < 0.5:
            _once_sending(process, tmp_path)
        if _kill(process, chance.uniform(0.0, 1.2)):
            kills += 1
            unsettled += _uncertain(tmp_path) > 0
        else:
            out, err = process.communicate()
            assert (seed, process.returncode, err) == (seed, 0, ""), out
            _grow(tmp_path, records)
    out, err = _begun(python, server, tmp_path, *_lookup()).communicate(timeout=120)
    assert (seed, json.loads(out)["left"], err) == (seed, 0, "")
    assert unsettled > 0, "no kill hit a call that was under way"
    # Nothing is still to come.
    time.sleep(4 * DELAY)
    assert (seed, _booked(store)) == (seed, collections.Counter(records))


def test_without_a_lookup_it_stops_at_what_is_uncertain_and_doubles_nothing(
    server: Server, store: Store, tmp_path: Path, records: list[str], warm: list[str]
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(50):
        process = _begun(warm, server, tmp_path, "--parallel", "3")
        _once_sending(process, tmp_path)
        assert _kill(process, chance.uniform(0.0, 0.5)), seed
        if _uncertain(tmp_path):
            break
    time.sleep(4 * DELAY)
    booked = _booked(store)
    assert _uncertain(tmp_path), seed
    for _ in range(2):
        process = _begun(warm, server, tmp_path)
        out, err = process.communicate(timeout=60)
        assert (seed, process.returncode, out) == (seed, 8, "")
        assert "--lookup" in err
    assert (seed, _booked(store)) == (seed, booked)
    assert not booked - collections.Counter(records), seed
