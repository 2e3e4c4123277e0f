"""How far it is: on stderr while that is a terminal, and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from afas_soap.batch.sending import Progress
from afas_soap.cli.shared.batches import described

AFAS = ["-m", "afas_soap"]
GET = [*AFAS, "get", "Profit_Debtor", "--profile", "emulator"]
COMMAND = [*GET, "--everything"]


def on_a_terminal(command: list[str]) -> tuple[int, bytes, bytes]:
    """Exit code, standard output, and what a terminal is told on standard error."""
    pty = pytest.importorskip("pty", reason="a pseudo terminal is what POSIX has")
    leader, follower = pty.openpty()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=follower, env={**os.environ, "TERM": "xterm"})
    os.close(follower)
    printed = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        printed += piece
    os.close(leader)
    out, _ = process.communicate()
    return process.returncode, out, printed


def test_rows_are_counted_on_a_terminal(tmp_path: Path) -> None:
    code, out, printed = on_a_terminal([sys.executable, *COMMAND, "-o", str(tmp_path / "rows.jsonl")])
    assert (code, out) == (0, b"")
    assert printed.endswith(b"afas: 180 rows\r\n")


@pytest.mark.parametrize("form", ["jsonl", "csv", "xml", "table"])
def test_their_number_stands_behind_every_format(form: str, warm: list[str]) -> None:
    code, out, printed = on_a_terminal([*warm, *GET, "--take", "1", "--format", form])
    assert code == 0
    assert printed.endswith(b"afas: 1 row\r\n")
    assert b"afas:" not in out


def test_a_table_that_shows_a_part_does_not_count(tmp_path: Path, warm: list[str]) -> None:
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps({"skip": 0, "take": 2000, "rows": [{"a": number} for number in range(1500)]}), "utf-8")
    code, _, printed = on_a_terminal([*warm, *AFAS, "convert", str(saved), "--format", "table"])
    assert code == 0
    assert b"the table shows the first 1,000 rows" in printed
    assert b"1,001" not in printed


def test_a_batch_never_says_how_many_of_none(tmp_path: Path, warm: list[str]) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text('{"StId": 4, "Ds": "x"}\n' * 3, encoding="utf-8")
    batch = ["insert", "KnSubject", str(records), "--journal", str(tmp_path / "journal"), "--profile", "emulator"]
    code, out, told = on_a_terminal([*warm, *AFAS, *batch])
    assert (code, b'"done": 3' in out) == (0, True)
    assert b"reading" in told
    assert b"None" not in told


@pytest.mark.parametrize(
    ("far", "words"),
    [
        (Progress("checking", 1_200, None), "checking, 1,200 so far"),
        (Progress("sending", 1, 1_200), "sending, 1 of 1,200"),
        (Progress("sending", 7, 9, refused=2), "sending, 7 of 9, 2 refused"),
        (Progress("waiting", 0, None, 12.4), "waiting 12 s for what may still arrive"),
    ],
)
def test_how_far_a_batch_is(far: Progress, words: str) -> None:
    assert described(far) == words


def test_nothing_is_said_into_a_pipe(tmp_path: Path, warm: list[str]) -> None:
    command = [*warm, *COMMAND, "-o", str(tmp_path / "rows.jsonl")]
    done = subprocess.run(command, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
