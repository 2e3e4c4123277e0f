"""Kills at each of the four stages of an import, of real processes on a real port, and how the next ones go on.

Before the answer to ``Execute``: nobody knows. Behind it: the log is asked for. The log whole: it is read from the
disk. The log cut: it is lost, and that is told.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.imports.jobs import Behaviour

UNKNOWN, FAILED = 8, 1
RUN = ("run", "Import dossier nieuw", "a.csv")


class Afas:
    """``afas import`` in processes of its own, with one journal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = folder / "journal"
        self.seconds = 0.0
        self.emulator = Emulator(setup=Setup(auth="classic", clock=lambda: time.time() + self.seconds))
        (folder / "a.csv").write_bytes(b"a;b\r\n1;2\r\n")
        (folder / "token.txt").write_text(DEMO_TOKEN.xml())
        (folder / "token.txt").chmod(0o600)
        self.environment = {**os.environ, "AFAS_TOKEN_FILE": str(folder / "token.txt"), "AFAS_RETRY_TOTAL": "0"}

    def start(self, *arguments: str, before: str = "") -> subprocess.Popen[str]:
        """``before`` is Python that runs first."""
        script = f"{before}\nimport sys\nfrom afas_soap.cli import main\nsys.exit(main(sys.argv[1:]))"
        command = [sys.executable, "-c", script, "import", *arguments, "--journal", str(self.journal)]
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def ended(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and what was said."""
        process = self.start(*arguments)
        output, said = process.communicate(timeout=60)
        return process.returncode, output + said

    def listed(self) -> list[dict[str, str]]:
        """What ``afas import list`` tells."""
        return [json.loads(line) for line in self.ended("list", "--format", "jsonl")[1].splitlines()]

    def killed(self, process: subprocess.Popen[str], when: Callable[[], bool]) -> None:
        """Kill it as soon as ``when`` holds."""
        self._awaited(process, when)
        process.kill()
        process.communicate()

    def stopped(self, number: int, when: Callable[[], bool]) -> tuple[int, str]:
        """Run the import and send it a signal as soon as ``when`` holds: the exit code, and what was said."""
        process = self.start(*RUN)
        self._awaited(process, when)
        process.send_signal(number)
        said = process.communicate(timeout=60)[1]
        self.emulator.wake()
        return process.returncode, said

    def _awaited(self, process: subprocess.Popen[str], when: Callable[[], bool]) -> None:
        until = time.monotonic() + 60
        while not when():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.fixture
def afas(tmp_path: Path) -> Iterator[Afas]:
    afas = Afas(tmp_path)
    with serve(afas.emulator) as server:
        afas.environment |= {"AFAS_SOAP_URL": server.soap_url, "AFAS_REST_URL": server.rest_url}
        yield afas


def test_before_the_answer_to_execute(afas: Afas) -> None:
    afas.emulator.faults.add(parse_fault("slow:60,path=cmdconnector"))
    afas.killed(afas.start(*RUN), lambda: bool(afas.emulator.imports.executed))
    afas.emulator.wake()
    assert [(row["state"], row["command_id"]) for row in afas.listed()] == [("uncertain", "")]
    code, said = afas.ended(*RUN)
    assert code == UNKNOWN
    assert "look in Profit" in said
    assert len(afas.emulator.imports.executed) == 1
    code, said = afas.ended(*RUN, "--again")
    assert code == FAILED
    assert "Profit has imported this file already" in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize(("number", "word"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")])
@pytest.mark.usefixtures("interruptible")
def test_a_signal_before_the_answer_to_execute(afas: Afas, number: signal.Signals, word: str) -> None:
    afas.emulator.faults.add(parse_fault("slow:60,path=cmdconnector"))
    code, said = afas.stopped(number, lambda: bool(afas.emulator.imports.executed))
    assert code == 128 + number
    assert "whether Profit took it is not known" in said
    assert said.endswith(f"afas: {word}\n")
    assert [row["state"] for row in afas.listed()] == ["uncertain"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.usefixtures("interruptible")
def test_a_signal_while_the_log_comes(afas: Afas) -> None:
    afas.emulator.faults.add(parse_fault("slow:60,after=600,path=cmdconnector,call=2"))
    code, said = afas.stopped(signal.SIGTERM, lambda: any(part.stat().st_size for part in afas.journal.glob("*.part")))
    assert code == 128 + signal.SIGTERM
    (row,) = afas.listed()
    assert f"'afas import log {row['command_id']}' tells" in said
    code, said = afas.ended("log", row["command_id"])
    assert code == UNKNOWN
    assert f"What came of it is kept as {afas.journal / row['command_id']}.cut" in said


def test_behind_the_answer_to_execute(afas: Afas) -> None:
    afas.emulator.imports._behaviour = Behaviour(seconds=1000)

    def is_open() -> bool:
        journal = afas.journal / "imports.jsonl"
        return journal.exists() and b'"begun"' in journal.read_bytes()

    afas.killed(afas.start(*RUN), is_open)
    (row,) = afas.listed()
    assert row["state"] == "open"
    assert afas.ended(*RUN)[0] == UNKNOWN
    assert afas.ended("log", row["command_id"], "--no-wait")[0] == UNKNOWN
    afas.seconds = 1001.0
    code, said = afas.ended("log", row["command_id"])
    assert code == 0, said
    assert "uitgevoerd" in said
    assert afas.listed()[0]["state"] == "done"
    assert len(afas.emulator.imports.executed) == 1


@pytest.mark.parametrize("killed_in", ["is_whole", "result"])
def test_the_log_whole(afas: Afas, killed_in: str) -> None:
    """On the disk, under the one name or the other, and nobody has looked at it."""
    before = (
        "import os, signal\nfrom afas_soap.imports.keptlog import KeptLog\n"
        f"real = KeptLog.{killed_in}\n"
        "def killed(self):\n"
        "    if self._part.exists() or self.path.exists():\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(self)\n"
        f"KeptLog.{killed_in} = killed"
    )
    process = afas.start(*RUN, before=before)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    (row,) = afas.listed()
    assert row["state"] == "open"
    assert afas.emulator.imports.take_log(row["command_id"]) == b"", "it was given"
    code, said = afas.ended("log", row["command_id"])
    assert code == 0, said
    assert "uitgevoerd" in said
    assert afas.ended("log", row["command_id"])[0] == 0, "again, from the disk"


def test_the_log_cut(afas: Afas) -> None:
    afas.emulator.faults.add(parse_fault("slow:60,after=600,path=cmdconnector,call=2"))

    def is_coming() -> bool:
        return any(b"<GetStateResult>U" in part.read_bytes() for part in afas.journal.glob("*.part"))

    afas.killed(afas.start(*RUN), is_coming)
    afas.emulator.wake()
    (row,) = afas.listed()
    assert row["state"] == "open"
    for _ in range(2):
        code, said = afas.ended("log", row["command_id"])
        assert code == UNKNOWN
        assert "is lost, for Profit gives it once" in said
    assert afas.listed()[0]["state"] == "lost"
    assert afas.ended(*RUN)[0] == UNKNOWN
    assert len(afas.emulator.imports.executed) == 1
