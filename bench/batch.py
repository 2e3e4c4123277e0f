"""A batch of records sent to an emulator on a port, by this tree and by an earlier one, side by side in one run."""

from __future__ import annotations

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.million import emulator

ROOT = Path(__file__).resolve().parent.parent
BASELINE = "c8f6071"
"""The commit that this tree is held against: the last one before a record was checked once."""
FEW, MANY = 50, 550
ROUNDS = 5
MOST = 0.82

Record = Mapping[str, object]
Verdict = tuple[bool, str]


def note(number: int) -> Record:
    """A dossier item as a help desk sends it: a few short texts, no two alike."""
    return {
        "StId": 4,
        "Ds": f"Melding {number:06}",
        "SbTx": f"Nummer {number * 7919 % 1_000_003} gaf geen antwoord.",
        "Da": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}:00",
        "St": bool(number % 2),
        "KnSubjectLink": {"ToBC": True, "BcId": f"{1_000_000 + number}"},
    }


def order(number: int) -> Record:
    """An order of a web shop: five lines with quantities and prices."""
    lines = [
        {
            "VaIt": 2,
            "ItCd": "1006",
            "BiUn": "STK",
            "QuUn": (number + line) % 9 + 1,
            "Upri": f"{number * 7 % 500}.{line}5",
        }
        for line in range(5)
    ]
    return {"DbId": "10001", "OrDa": "2024-02-29", "RfCs": f"WEB-{number:06}", "FbSalesLines": lines}


BATCHES: Mapping[str, tuple[str, Callable[[int], Record]]] = {
    "notes": ("KnSubject", note),
    "orders": ("FbSales", order),
}


def batch() -> list[Verdict]:
    """CPU per record of both trees, for each batch over each protocol; every bound as a verdict."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = exported(BASELINE, folder / "before")
        if before is None:
            print(f"a batch: no commit {BASELINE} here to hold it against, so it is not measured")
            return []
        for title, (_, record) in BATCHES.items():
            for count in (FEW, MANY):
                lines = "".join(f"{json.dumps(record(number))}\n" for number in range(count))
                (folder / f"{title}-{count}.jsonl").write_text(lines)
        with emulator(folder) as (_, variables):
            return [
                _compared(title, protocol, before, folder, variables) for title in BATCHES for protocol in PROTOCOLS
            ]


PROTOCOLS = ("soap", "rest")


def exported(revision: str, folder: Path) -> Path | None:
    """A tree as it was committed; None where there is no such commit, or no git."""
    try:
        done = subprocess.run(["git", "-C", str(ROOT), "archive", revision], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    # Where an installed package has it.
    shutil.copytree(folder / "wsdl_cache", folder / "afas_soap" / "wsdl_cache")
    return folder


def _compared(title: str, protocol: str, before: Path, folder: Path, variables: Mapping[str, str]) -> Verdict:
    runs: dict[Path, list[float]] = {before: [], ROOT: []}
    for tree, figures in list(runs.items()) * (ROUNDS + 1):
        figures.append(_per_record(tree, title, protocol, folder, variables))
    # The first round compiled the modules and kept the schema.
    was, now = (statistics.median(figures[1:]) for figures in runs.values())
    print(f"{title} over {protocol}: {now * 1e6:.0f} us of CPU time a record, {was * 1e6:.0f} us before")
    return now <= MOST * was, f"a batch of {title} over {protocol}: {now / was:.2f} of {BASELINE}, at most {MOST}"


def _per_record(tree: Path, title: str, protocol: str, folder: Path, variables: Mapping[str, str]) -> float:
    """Seconds of CPU time, without what every run takes."""
    few, many = (_run(tree, title, protocol, folder / f"{title}-{count}.jsonl", variables) for count in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _run(tree: Path, title: str, protocol: str, file: Path, variables: Mapping[str, str]) -> float:
    """Send a batch with the ``afas`` of a tree, and give its CPU time."""
    journal = file.with_suffix(".journal")
    journal.unlink(missing_ok=True)
    command = ["insert", BATCHES[title][0], str(file), "--journal", str(journal), "--protocol", protocol]
    child = subprocess.Popen(
        [sys.executable, "-m", "afas_soap", *command],
        cwd=tree,
        env={**variables, "XDG_CACHE_HOME": str(file.parent / "cache" / tree.name)},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f"{title} over {protocol}: exit code {child.returncode}"
    return usage.ru_utime + usage.ru_stime
