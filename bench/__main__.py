"""Run every reader in turn, five rounds, then attachments, the check of an update, batches, a dossier, an import and
start-up; hold the figures against bounds."""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.answers import store
from bench.batch import batch
from bench.check import checked
from bench.documents import documents
from bench.dossier import dossier
from bench.imports import imports
from bench.million import million
from bench.readers import READERS
from bench.smallbusiness import smallbusiness
from bench.startup import startup

SIZES = (10_000, 100_000)
ROUNDS = 5
MEGABYTE = 2**20
Figures = dict[str, float]


@dataclass(frozen=True)
class Bound:
    """``reader``'s figure over ``base``'s (or alone) must be at most ``most``; ``goal`` is only reported."""

    reader: str
    base: str
    most: float
    goal: float | None = None

    def line(self, size: int, medians: dict[str, Figures]) -> tuple[bool, str]:
        """Whether it holds, and the sentence that says so."""
        ratio = medians[self.reader]["cpu"] / medians[self.base]["cpu"]
        goal = "" if self.goal is None else f", goal {self.goal} {'reached' if ratio <= self.goal else 'not reached'}"
        held = ratio <= self.most
        return held, f"{size:,} rows: {self.reader} / {self.base} {ratio:.2f}, at most {self.most}{goal}"


BOUNDS = (
    Bound("soap", "expat", 1.3, goal=1.0),
    Bound("soap", "zeep", 1 / 2.5),
    Bound("soap", "jsonloads", 2.0, goal=1.5),
    Bound("rest", "jsonloads", 1.3),
)
MOST_MEMORY = 8 * MEGABYTE
MOST_FIRST = 0.020


def run_reader(name: str, port: str, size: int) -> Figures:
    """One run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.readers", name, port, str(size)], check=True, capture_output=True, text=True
    )
    figures: Figures = json.loads(done.stdout)
    assert name == "expat" or figures["rows"] == size, f"{name} gave {figures['rows']} rows of {size}"
    return figures


def rounds(port: str, size: int) -> dict[str, Figures]:
    """The medians of five interleaved rounds."""
    runs: dict[str, list[Figures]] = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        for name, figures in runs.items():
            figures.append(run_reader(name, port, size))
    return {
        name: {key: statistics.median(run[key] for run in figures) for key in figures[0]}
        for name, figures in runs.items()
    }


def judge(size: int, medians: dict[str, Figures]) -> list[tuple[bool, str]]:
    """Every bound for one size."""
    lines = [bound.line(size, medians) for bound in BOUNDS]
    for name in ("soap", "rest"):
        memory, first = medians[name]["memory"], medians[name]["first"]
        lines.append((memory <= MOST_MEMORY, f"{size:,} rows: {name} memory {memory / MEGABYTE:.1f} MB, at most 8 MB"))
        lines.append((first <= MOST_FIRST, f"{size:,} rows: {name} first row {first * 1000:.1f} ms, at most 20 ms"))
    return lines


def table(size: int, medians: dict[str, Figures]) -> None:
    """Print one size's medians."""
    print(f"\n{size:,} rows of 20 columns, medians of {ROUNDS}\n")
    print(f"{'reader':<10} {'CPU s':>8} {'MB above start':>15} {'first row ms':>13}")
    for name, figures in medians.items():
        row = f"{figures['cpu']:>8.3f} {figures['memory'] / MEGABYTE:>15.1f} {figures['first'] * 1000:>13.1f}"
        print(f"{name:<10} {row}")


def main() -> int:
    """0 when every bound holds, 1 otherwise, naming what was missed."""
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    verdicts: list[tuple[bool, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        store(Path(folder), (10, *SIZES))
        server = subprocess.Popen([sys.executable, "-m", "bench.server", folder], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            for size in SIZES:
                medians = rounds(port, size)
                table(size, medians)
                verdicts += judge(size, medians)
        finally:
            server.kill()
            server.communicate()
    print()
    verdicts += documents()
    print()
    verdicts += million()
    print()
    verdicts += checked()
    print()
    verdicts += batch()
    print()
    verdicts += dossier()
    print()
    verdicts += imports()
    print()
    verdicts += smallbusiness()
    print()
    verdicts += startup()
    print()
    for held, line in verdicts:
        print(f"{'held  ' if held else 'MISSED'} {line}")
    return 0 if all(held for held, _ in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
