"""How far it is: on stderr while that is a terminal, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "afas_soap", "get", "Profit_Debtor", "--profile", "emulator", "--everything"]


def test_rows_are_counted_on_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="a pseudo terminal is what POSIX has")
    leader, follower = pty.openpty()
    command = [*COMMAND, "-o", str(tmp_path / "rows.jsonl")]
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
    assert (process.returncode, out) == (0, b"")
    assert b"rows" in printed


def test_nothing_is_said_into_a_pipe(tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, "-o", str(tmp_path / "rows.jsonl")], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
