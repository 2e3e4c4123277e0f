"""A dossier of 1,000 items with 1,500 attachments exported with a latency, five calls at once and one after another."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from bench.million import emulator

ITEMS, FILES = 1_000, 1_500
LATENCY = 0.05
MOST = 0.25
# Of them a twentieth is listed and not on disk.
MISSING = 4

Verdict = tuple[bool, str]


def dossier() -> list[Verdict]:
    """The wall of both, over each protocol, as verdicts."""
    grown = {"Profit_Subjects": ITEMS, "Dossierexport": ITEMS, "Profit_Subject_Attachments": FILES}
    options = [part for connector, rows in grown.items() for part in ("--rows", f"{connector}={rows}")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with emulator(folder, *options, "--fault", f"slow:{LATENCY},times=1000000") as (_, variables):
            return [_compared(protocol, folder, variables) for protocol in ("soap", "rest")]


def _compared(protocol: str, folder: Path, variables: Mapping[str, str]) -> Verdict:
    five, one = (_exported(protocol, parallel, folder, variables) for parallel in (5, 1))
    title = f"{ITEMS:,} items with {FILES:,} attachments over {protocol} at {LATENCY * 1000:.0f} ms a call"
    print(f"{title}: {five:.1f} s five calls at once, {one:.1f} s one after another")
    return five <= MOST * one, f"{title}: {five / one:.2f} of one after another, at most {MOST}"


def _exported(protocol: str, parallel: int, folder: Path, variables: Mapping[str, str]) -> float:
    """Seconds of a whole export."""
    to = folder / f"{protocol}-{parallel}"
    command = ["dossier", "export", "--to", str(to), "--protocol", protocol, "--parallel", str(parallel)]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "afas_soap", *command], env=variables, check=False, stderr=subprocess.PIPE, text=True
    )
    seconds = time.monotonic() - began
    assert done.returncode in (0, MISSING), done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"afas: {ITEMS:,} dossier items, {FILES:,} files: "), done.stderr
    return seconds
