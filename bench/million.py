"""A million rows through an emulator on a port and the command line: none lost, no memory, no half file."""

from __future__ import annotations

import filecmp
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROWS = 1_000_000
CONNECTOR = "Profit_Debtor"
MOST_GROWTH = 16 * 2**20
FULL_DISK = 20 * 2**20
TOKEN = "1234567890ABCDEF" * 4

Verdict = tuple[bool, str]


@contextmanager
def emulator(folder: Path, *grown: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """An emulator in a process of its own, ``grown`` by options, and the variables that lead to it."""
    token = folder / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    command = [sys.executable, "-m", "afas_soap", "emulator", "--port", "0", "--token-file", str(token)]
    process = subprocess.Popen([*command, *grown], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        urls = dict(process.stdout.readline().split() for _ in range(2))
        variables = {"AFAS_SOAP_URL": urls["SOAP"], "AFAS_REST_URL": urls["REST"], "AFAS_TOKEN_FILE": str(token)}
        yield process, {**os.environ, **variables}
    finally:
        process.terminate()
        process.communicate()


def get(protocol: str, target: Path, variables: dict[str, str], *options: str, limit: int = 0) -> tuple[int, int]:
    """Run ``afas get`` and give its exit code and peak memory in bytes."""
    command = [sys.executable, "-m", "afas_soap", "get", CONNECTOR, "--protocol", protocol, "--format", "jsonl"]
    child = subprocess.Popen(
        [*command, "-o", str(target), *options],
        env=variables,
        stderr=subprocess.DEVNULL if limit else None,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None,
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_maxrss * 1024


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def million() -> list[Verdict]:
    """Read a million rows over both protocols; every bound as a verdict."""
    print(f"{ROWS:,} rows of {CONNECTOR} from an emulator on a port, written with afas get\n")
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.monotonic()
        with emulator(folder, "--rows", f"{CONNECTOR}={ROWS}") as (process, variables):
            print(f"emulator grown and listening after {time.monotonic() - began:.1f} s")
            for protocol in ("soap", "rest"):
                verdicts += _one(protocol, folder, process.pid, variables)
            same = filecmp.cmp(folder / "soap.jsonl", folder / "rest.jsonl", shallow=False)
            verdicts.append((same, "a million rows: SOAP and REST write the same bytes"))
            code, _ = get("soap", folder / "full.jsonl", variables, "--everything", limit=FULL_DISK)
            left = sorted(path.name for path in folder.glob("*full*"))
            verdicts.append(
                (code not in (0, 1) and not left, f"full disk: exit code {code}, files left: {left or 'none'}")
            )
    return verdicts


def _one(protocol: str, folder: Path, pid: int, variables: dict[str, str]) -> list[Verdict]:
    _, base = get(protocol, folder / "few.jsonl", variables, "--take", "10")
    far_end = _resident(pid)
    began = time.monotonic()
    code, peak = get(protocol, folder / f"{protocol}.jsonl", variables, "--everything")
    seconds = time.monotonic() - began
    with (folder / f"{protocol}.jsonl").open("rb") as file:
        lines = sum(1 for _ in file)
    grown, far_grown = peak - base, _resident(pid) - far_end
    print(f"{protocol}: {seconds:.1f} s, {grown / 2**20:.1f} MB above ten rows, emulator {far_grown / 2**20:.1f} MB")
    return [
        (code == 0 and lines == ROWS, f"a million rows over {protocol}: exit code {code}, {lines:,} rows"),
        (grown <= MOST_GROWTH, f"a million rows over {protocol}: client grew {grown / 2**20:.1f} MB, at most 16 MB"),
        (
            far_grown <= MOST_GROWTH,
            f"a million rows over {protocol}: emulator grew {far_grown / 2**20:.1f} MB, at most 16 MB",
        ),
    ]
