"""Journal entries of AFAS SB, 100,000 rows of 17 columns, typed by this client and by json.loads: each in a process of
its own, with the amounts as numbers (8.0) and as texts (6.0.0)."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from bench.readers import received

MEGABYTE = 2**20
ROWS, SMALL, ROUNDS = 100_000, 10, 5
AMOUNTS = ("AmountDebit", "AmountCredit", "AmountTotal", "VatPercentage", "VatAmount")
DATES = ("PostingDate", "DocumentDate")
MOST, MOST_MEMORY = 1.3, 8 * MEGABYTE

Figures = dict[str, float]
Read = Callable[[], Iterator[object]]


def _row(number: int, *, texts: bool) -> dict[str, object]:
    """Row ``number``: members and their order as in AFAS' sample of journalentries."""
    guid = f"{number:08x}-7a95-56f7-a54b-000b17fb8d24"
    day = f"2024-{1 + number % 12:02}-{1 + number % 28:02}T00:00:00Z"
    amount, taxed = f"{number % 9973}.{number % 100:02}", not number % 3

    def spelt(text: str) -> object:
        return text if texts else float(text)

    return {
        "LineId": guid,
        "AmountDebit": spelt(amount if number % 2 else "0.0"),
        "AmountCredit": spelt("0.0" if number % 2 else amount),
        "AmountTotal": spelt(amount),
        "VatPercentage": spelt("21.0") if taxed else None,
        "VatSection": "Rubriek1a" if taxed else None,
        "VatAmount": spelt(f"{number % 500}.21") if taxed else None,
        "AdministrationId": "701b747b-eea2-5ed1-8518-973e5c670252",
        "HeaderId": f"{number // 3:08x}-f317-53af-bcde-b1c8e5d28472",
        "Number": str(number // 3),
        "PostingDate": day,
        "DocumentDate": day,
        "AccountingPeriodId": f"59aaf644-e6da-45eb-962f-bc37555d42{number % 12:02}",
        "AccountingYearId": "f37fc13c-870f-45ae-96e1-a5fa70c861c1",
        "LedgerAccountId": f"349016af-3fa7-5b11-b77d-454cc05a{number % 400:04}",
        "Description": f"Overige uitgave - factuur {number} - levering volgens offerte",
        "DocumentIdentification": f"F{number}" if number % 2 else None,
    }


def store(folder: Path) -> None:
    """The answers, under the names that ``bench.server`` looks for."""
    for kind in ("numbers", "texts"):
        rows = [_row(number, texts=kind == "texts") for number in range(ROWS)]
        (folder / f"rest-{kind}").write_text(json.dumps(rows), encoding="utf-8")
        (folder / f"rest-{kind}-small").write_text(json.dumps(rows[:SMALL]), encoding="utf-8")


def _ours(port: int, _kind: str) -> Read:
    from afas_soap.sbclient import SBClient
    from afas_soap.wire.http.link import Link
    from afas_soap.wire.http.transport import Transport
    from afas_soap.wire.sb.calls import SbCalls
    from afas_soap.wire.sb.judge import SB

    link = Link(soap_url="", rest_url=f"http://127.0.0.1:{port}/demo", environment="demo")
    sb = SBClient(SbCalls(Transport(link, SB)))
    return lambda: sb.rows("journalentries")


def _loads(port: int, kind: str) -> Read:
    """json.loads with Decimal, then the date-times, and the amounts where they are texts."""
    amounts = AMOUNTS if kind == "texts" else ()

    def read() -> Iterator[object]:
        for row in json.loads(b"".join(received(port, "GET", "/api/journalentries")), parse_float=Decimal):
            for name in DATES:
                if row[name] is not None:
                    row[name] = datetime.fromisoformat(row[name][:-1])
            for name in amounts:
                if row[name] is not None:
                    row[name] = Decimal(row[name])
            yield row

    return read


READERS: dict[str, Callable[[int, str], Read]] = {"sb": _ours, "jsonloads": _loads}


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _peak() -> int:
    # Not what getrusage tells, which counts what the parent had when it began this process.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def measure(name: str, port: int, kind: str) -> Figures:
    """Read ten rows, then all; CPU seconds and bytes above start."""
    read = READERS[name](port, kind)
    list(received(port, "GET", f"/size/{kind}-small"))
    for _ in read():
        pass
    list(received(port, "GET", f"/size/{kind}"))
    Path("/proc/self/clear_refs").write_text("5")
    before, began, count = _resident(), time.process_time(), 0
    for _ in read():
        count += 1
    cpu = time.process_time() - began
    assert count == ROWS, f"{name} gave {count} rows"
    return {"cpu": cpu, "memory": max(0, _peak() - before)}


def _run(name: str, port: str, kind: str) -> Figures:
    command = [sys.executable, "-m", "bench.smallbusiness", name, port, kind]
    figures: Figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def smallbusiness() -> list[tuple[bool, str]]:
    """Medians of interleaved rounds, and every bound."""
    with tempfile.TemporaryDirectory() as folder:
        store(Path(folder))
        server = subprocess.Popen([sys.executable, "-m", "bench.server", folder], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            runs: dict[tuple[str, str], list[Figures]] = {
                (name, kind): [] for kind in ("numbers", "texts") for name in READERS
            }
            for _ in range(ROUNDS):
                for (name, kind), figures in runs.items():
                    figures.append(_run(name, port, kind))
        finally:
            server.kill()
            server.communicate()
    medians = {
        which: {key: statistics.median(run[key] for run in figures) for key in figures[0]}
        for which, figures in runs.items()
    }
    print(f"AFAS SB: {ROWS:,} journal entries of 17 columns, medians of {ROUNDS}\n")
    print(f"{'reader':<12} {'amounts':<8} {'CPU s':>8} {'MB above start':>15}")
    for (name, kind), figure in medians.items():
        print(f"{name:<12} {kind:<8} {figure['cpu']:>8.3f} {figure['memory'] / MEGABYTE:>15.1f}")
    return list(_judged(medians))


def _judged(medians: dict[tuple[str, str], Figures]) -> Iterator[tuple[bool, str]]:
    for kind in ("numbers", "texts"):
        ours, theirs = medians["sb", kind], medians["jsonloads", kind]
        ratio, memory = ours["cpu"] / theirs["cpu"], ours["memory"]
        yield ratio <= MOST, f"SB, amounts as {kind}: sb / jsonloads {ratio:.2f}, at most {MOST}"
        yield memory <= MOST_MEMORY, f"SB, amounts as {kind}: memory {memory / MEGABYTE:.1f} MB, at most 8 MB"


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
