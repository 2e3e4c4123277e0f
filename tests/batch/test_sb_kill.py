"""A batch for AFAS SB that is killed again and again, its answers cut, is stored once each: processes and a real port.

The emulator works off what it received although its client is gone. ``AFAS_KILLS`` is how often it is killed, and the
seed is printed, so that a failure can be repeated.
"""

from __future__ import annotations

import collections
import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import Server
from afas_soap.emulator.sb.books.books import Books
from afas_soap.emulator.sb.idempotency import Memory

KILLS = int(os.environ.get("AFAS_KILLS", "6"))
RECORDS = 300
# Equal records among the others: each of these names stands on several lines.
EQUAL = 12
DELAY = 0.02
LOOKUP = ("--lookup", "sb:organisations:Name=Name")


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    """The names of the organisations, in the order of the file ``records.jsonl``."""
    found = [f"Batch {number % EQUAL if number % 3 == 0 else number + 1000}" for number in range(RECORDS)]
    _write(tmp_path, found)
    return found


def _write(folder: Path, names: list[str]) -> None:
    (folder / "records.jsonl").write_text("".join(json.dumps({"Name": name}) + "\n" for name in names), "utf-8")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books that take their time."""
    apply, never = Books.apply, threading.Event()

    def later(self: Books, *arguments: Any) -> Any:
        never.wait(DELAY)
        return apply(self, *arguments)

    monkeypatch.setattr(Books, "apply", later)


def _begun(python: list[str], server: Server, folder: Path, *options: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "AFAS_API": "sb",
        "AFAS_ENVIRONMENT": server.sb_url("enyoi"),
        "AFAS_AUTH": "app-token",
        "AFAS_APP_TOKEN": "demo-sb-app-token",
        "AFAS_SCOPE": "enyoi",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    command = [*python, "-m", "afas_soap", "sb", "post", "organisation", "records.jsonl", "--journal", "journal"]
    return subprocess.Popen(
        [*command, *options], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _stored(server: Server) -> collections.Counter[str]:
    rows = server.emulator.sb.environments["enyoi"].tables.find("organisations")
    return collections.Counter(str(row["Name"]) for row in rows if str(row["Name"]).startswith("Batch "))


def _killed(process: subprocess.Popen[str], after: float) -> bool:
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


def _open(folder: Path) -> int:
    """How many records the journal says are being sent without saying what became of them."""
    found: set[int] = set()
    for line in (folder / "journal").read_text("utf-8").splitlines()[1:]:
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # torn by the kill
        (found.add if entry["what"] in ("sending", "uncertain") else found.discard)(entry["position"])
    return len(found)


def _ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def _stir(server: Server, chance: random.Random) -> None:
    """Answers that are cut, and connections that break behind what was done."""
    for _ in range(2):
        kind = chance.choice(["cut:20", "cut:1,framing=length", "reset,done=yes", "reset"])
        server.emulator.faults.add(parse_fault(f"{kind},path=organisation,call={chance.randint(1, 20)}"))


@pytest.mark.usefixtures("slow")
def test_every_record_is_stored_once_however_often_it_is_killed(
    sb_serving: Callable[..., Server], tmp_path: Path, names: list[str], warm: list[str]
) -> None:
    """By their identifiers alone, without a lookup."""
    server = sb_serving()
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    kills = unsettled = 0
    # The last of them hits a call that is under way, if none before it did.
    while kills < KILLS or (not unsettled and kills < 5 * KILLS):
        _stir(server, chance)
        process = _begun(warm, server, tmp_path, "--parallel", str(chance.randint(1, 3)))
        _once_sending(process, tmp_path)
        # All together shorter than the batch takes with three calls at once.
        assert _killed(process, chance.uniform(0.0, RECORDS * DELAY / 4 / KILLS)), seed
        kills += 1
        unsettled += _open(tmp_path) > 0
    code, out, err = _ended(_begun(warm, server, tmp_path))
    assert (seed, code, json.loads(out)["left"]) == (seed, 0, 0), err
    assert unsettled > 0, "no kill hit a call that was under way"
    assert (seed, _stored(server)) == (seed, collections.Counter(names))


@pytest.mark.usefixtures("slow")
def test_by_an_sb_that_forgets_nothing_is_stored_twice(
    sb_serving: Callable[..., Server], tmp_path: Path, names: list[str], warm: list[str]
) -> None:
    """What it is not taken to know is not repeated: exit 8, and then a lookup."""
    server = sb_serving(memory_seconds=0.0)
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    short = ("--repeat-within", "0", "--retry-total", "0")
    while True:
        process = _begun(warm, server, tmp_path, *short, "--parallel", "3")
        _once_sending(process, tmp_path)
        assert _killed(process, chance.uniform(0.0, 0.4)), seed
        if _open(tmp_path):
            break
    for _ in range(2):
        code, out, err = _ended(_begun(warm, server, tmp_path, *short))
        assert (seed, code, out) == (seed, 8, "")
        assert "--lookup sb:CONNECTOR:COLUMN=FIELD" in err
    assert not _stored(server) - collections.Counter(names), seed
    server.emulator.faults.add(parse_fault("cut:20,path=organisation,method=POST,call=5"))
    for _ in range(2):
        code, _, err = _ended(_begun(warm, server, tmp_path, *short, "--no-wait", *LOOKUP))
        assert (seed, code in (0, 8)) == (seed, True), err
        assert not _stored(server) - collections.Counter(names), seed


def test_a_repeat_that_arrives_while_the_first_still_runs_is_stored_once(
    sb_serving: Callable[..., Server], tmp_path: Path, warm: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = sb_serving()
    _write(tmp_path, ["Batch 1"])
    apply, once = Books.apply, Memory.once
    asked, begun, go_on = threading.Semaphore(0), threading.Event(), threading.Event()

    def held(self: Books, *arguments: Any) -> Any:
        begun.set()
        assert go_on.wait(60)
        return apply(self, *arguments)

    def counted(self: Memory[Any], *arguments: Any) -> Any:
        asked.release()
        return once(self, *arguments)

    monkeypatch.setattr(Books, "apply", held)
    monkeypatch.setattr(Memory, "once", counted)
    first = _begun(warm, server, tmp_path)
    assert begun.wait(60)
    first.kill()
    first.communicate()
    other = _begun(warm, server, tmp_path)
    assert asked.acquire(timeout=60)
    assert asked.acquire(timeout=60)
    go_on.set()
    code, out, err = _ended(other)
    assert (code, json.loads(out)["done"]) == (0, 1), err
    assert _stored(server) == collections.Counter(["Batch 1"])
