"""Start-up time of a command, in CPU seconds: the help of ``afas get`` against click alone; ``afas get`` with the
embedded Profit, and up to its first call, by this tree and an earlier one, side by side in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.batch import ROOT, Verdict, exported

BASELINE = "6faf509"
"""The commit that this tree is held against: the last one before commands were loaded when they are called."""
ROUNDS = 15
MOST_HELP, MOST_GET = 2.5, 0.8

GET = ("-m", "afas_soap", "get", "Profit_Debtor", "--take", "1")
AWAY = (*GET, "--soap-url", "http://127.0.0.1:9/x", "--retry-total", "0", "--token-file")
Run = tuple[Path, tuple[str, ...]]


def cpu(tree: Path, arguments: Sequence[str]) -> float:
    """CPU seconds of one fresh Python in a tree; what it prints is dropped."""
    child = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=tree,
        env={name: value for name, value in os.environ.items() if not name.startswith("AFAS_")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def least(runs: Mapping[str, Run]) -> dict[str, float]:
    """The least of interleaved runs of each."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            taken[name].append(cpu(*run))
    return {name: min(seconds) for name, seconds in taken.items()}


def verdict(seconds: Mapping[str, float], of: str, over: str, most: float) -> Verdict:
    """Whether the one takes at most so many times the other."""
    ratio = seconds[of] / seconds[over]
    return ratio <= most, f"start-up: {of} / {over} {ratio:.2f}, at most {most}"


def compiled(tree: Path) -> None:
    """A tree as it is installed: with its byte code."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(tree / "afas_soap")], check=True)


def startup() -> list[Verdict]:
    """The three ratios, as verdicts."""
    with tempfile.TemporaryDirectory() as folder:
        token = Path(folder) / "token"
        token.write_text("0" * 64)
        token.chmod(0o600)
        before = exported(BASELINE, Path(folder) / "before")
        if before is None:
            print(f"start-up: no commit {BASELINE} here to hold it against, so it is not measured")
            return []
        for tree in (before, ROOT):
            compiled(tree)
        runs: dict[str, Run] = {"import click": (ROOT, ("-c", "import click"))}
        runs["afas get --help"] = (ROOT, (*GET, "--help"))
        for name, arguments in (("afas get", (*GET, "--emulator")), ("afas get, up to a call", (*AWAY, str(token)))):
            runs |= {f"{name}, before": (before, arguments), name: (ROOT, arguments)}
        seconds = least(runs)
    for name, took in seconds.items():
        print(f"{name:<32} {took * 1000:>7.1f} ms of CPU time")
    return [
        verdict(seconds, "afas get --help", "import click", MOST_HELP),
        verdict(seconds, "afas get", "afas get, before", MOST_GET),
        verdict(seconds, "afas get, up to a call", "afas get, up to a call, before", MOST_GET),
    ]


if __name__ == "__main__":
    for held, line in startup():
        print(f"{'held  ' if held else 'MISSED'} {line}")
