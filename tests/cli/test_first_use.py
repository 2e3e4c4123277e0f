"""What a first user ran into: streams that are closed or full, signals, typing errors, and what reaches a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from afas_soap.cli.terminal import printable

Run = Callable[..., Any]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a shell and signals of POSIX are used")
DEBTORS = ("get", "Profit_Debtor", "--order-by", "DebtorId")
AFAS = [sys.executable, "-m", "afas_soap"]


def shell(line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``afas`` in a real shell; ``afas`` in the line is the command."""
    line = line.replace("afas ", f"{sys.executable} -m afas_soap ")
    environment = {**os.environ, "PYTHONUNBUFFERED": "", **variables}
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, env=environment, check=False)


# --- typing errors ------------------------------------------------------------------------------------------------


def test_without_a_command_there_is_help_and_no_error_line(run: Run) -> None:
    for arguments in ((), ("wsdl",)):
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("Usage: afas")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gte"], "There is no command 'gte'. Did you mean get? 'afas --help' shows how."),
        (["frobnicate"], "There are compare, completion,"),
        (["get"], "'afas get --help' shows how."),
        (["wsdl", "chek"], "Did you mean check?"),
    ],
)
def test_a_typing_error_is_one_line_with_the_remedy(run: Run, arguments: list[str], words: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("afas: ")
    assert ran.err.count("\n") == 1
    assert words in ran.err


@pytest.mark.parametrize(
    "secret", ["0123456789ABCDEF" * 4, "PHRva2VuPjx2ZXJzaW9uPjE8L3ZlcnNpb24+PGRhdGE+MDEyMzQ1Njc4OUFCQ0RFRg=="]
)
def test_a_token_typed_where_none_belongs_is_not_printed(run: Run, secret: str) -> None:
    for arguments in (["version", secret], ["version", "--token-file", secret], [secret]):
        ran = run(*arguments)
        assert ran.code == 2
        assert secret[:20] not in ran.err


# --- streams ------------------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", ["version", "get Profit_Debtor --take 1 --format jsonl", "settings", "--help"])
def test_a_full_disk_behind_a_redirection_is_one_line(arguments: str, unbuffered: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    done = shell(
        f"afas {arguments} --profile emulator > /dev/full".replace("--help --profile emulator", "--help"),
        PYTHONUNBUFFERED=unbuffered,
    )
    assert done.returncode == 2
    assert done.stderr == "afas: cannot write the output: No space left on device.\n"


@POSIX
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_the_disk_takes_half_of_is_an_error(tmp_path: Path, unbuffered: str) -> None:
    """An unbuffered standard output does not notice a short write by itself: the file would look complete."""
    done = shell(f"ulimit -f 1; afas get --help > {tmp_path}/out", PYTHONUNBUFFERED=unbuffered)
    assert 0 < (tmp_path / "out").stat().st_size <= 1024
    assert done.returncode == 2
    assert done.stderr == "afas: cannot write the output: File too large.\n"


@POSIX
def test_closed_streams_are_no_reason_for_a_traceback(tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    get = "afas get Profit_Debtor --take 2 --profile emulator"
    done = shell(f"{get} >&-")
    assert done.returncode == 2
    assert done.stderr.startswith("afas: cannot write the output: ")
    assert done.stderr.count("\n") == 1
    assert shell(f"{get} -o {target} <&- >&- 2>&-").returncode == 0
    assert target.read_text(encoding="utf-8").count("\n") == 2
    assert shell(f"{get} -v 2>&-").stdout.count("\n") == 2
    assert shell("afas nonsense 2>&-").returncode == 2
    done = shell("afas convert <&-")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@POSIX
@pytest.mark.parametrize("form", ["table", "jsonl", "json", "csv", "xml"])
def test_a_closed_pipe_ends_every_format_quietly(form: str) -> None:
    line = f"{{ afas get Profit_OrgPer --profile emulator --order-by BcCo --format {form}; echo $? >&2; }} | head -c 9"
    done = shell(line)
    assert done.stderr == "0\n"


# --- signals ------------------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(("number", "code", "word"), [(2, 130, "interrupted"), (15, 143, "terminated")])
def test_a_signal_half_way_leaves_nothing_behind(tmp_path: Path, number: int, code: int, word: str) -> None:
    served = subprocess.Popen(
        [*AFAS, "emulator", "--port", "0", "--fault", "slow:30,call=2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert served.stdout is not None
    soap = served.stdout.readline().split()[1]
    reading = subprocess.Popen(
        [*AFAS, *DEBTORS, "--page-size", "50", "-o", str(tmp_path / "out.jsonl")],
        env={"AFAS_SOAP_URL": soap, "AFAS_TOKEN": "0" * 64, "PATH": ""},
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(200):
        if list(tmp_path.iterdir()):
            break
        time.sleep(0.05)
    reading.send_signal(number)
    served.send_signal(signal.SIGTERM)
    assert reading.communicate(timeout=20)[1] == f"afas: {word}\n"
    assert reading.returncode == code
    assert list(tmp_path.iterdir()) == []
    assert served.communicate(timeout=20)[1].splitlines()[-1] == "afas: terminated"
    assert served.returncode == 143


# --- tables -------------------------------------------------------------------------------------------------------

EVIL = {"a": "[bold]x[/] :smile: \x1b[31m \x07\r\n\x9b\u202e 漢字", "b\x1b[1m": 2}


def saved(folder: Path, *rows: Mapping[str, object]) -> Path:
    path = folder / "saved.json"
    path.write_text(json.dumps({"skip": 0, "take": 100, "rows": rows}), encoding="utf-8")
    return path


@pytest.mark.parametrize("columns", ["", "200", "10"])
def test_what_a_terminal_obeys_does_not_reach_it(
    run: Run, tmp_path: Path, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    ran = run("convert", saved(tmp_path, EVIL), "--format", "table")
    assert r"[bold]x[/] :smile: \x1b[31m \x07\r\n\x9b\u202e 漢字" in ran.out
    assert r"b\x1b[1m" in ran.out
    assert all(sign.isprintable() for sign in ran.out.replace("\n", ""))


def test_columns_that_do_not_fit_the_terminal_are_written_below_each_other(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    ran = run(*DEBTORS, "--take", "2", "--format", "table", "--profile", "emulator")
    assert ran.lines[:3] == ["-- 1 --", "DebtorId        10001", "DebtorName      Bakkerij De Vries B.V."]
    assert len(ran.lines) == 2 * (1 + 21)
    monkeypatch.setenv("COLUMNS", "600")
    assert len(run(*DEBTORS, "--take", "2", "--format", "table").lines) == 3 + 2 + 1


def test_a_table_says_what_it_does_not_show(run: Run, tmp_path: Path) -> None:
    none = run("convert", saved(tmp_path), "--format", "table")
    assert (none.code, none.out, none.err) == (0, "", "afas: no rows\n")
    long = run("convert", saved(tmp_path, {"a": "x" * 201}), "--format", "table")
    assert "x" * 200 + "…" in long.out
    assert "x" * 201 not in long.out
    assert "cut short" in long.err
    many = run("convert", saved(tmp_path, *({"a": number} for number in range(1001))), "--format", "table")
    assert len(many.lines) == 3 + 1000 + 1
    assert "first 1,000 rows" in many.err


def test_escapes_in_what_a_server_says_are_shown(run: Run) -> None:
    assert printable("a\x1b[2Jb\n") == r"a\x1b[2Jb\n"
    assert printable("né ☃ 𝄞") == "né ☃ 𝄞"
    ran = run("get", "Profit\x1b[31m_Debtor", "--take", "1", "--profile", "emulator")
    assert ran.code == 2
    assert "\x1b" not in ran.err
