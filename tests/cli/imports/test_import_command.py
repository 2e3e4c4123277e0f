"""``afas import``: what is printed, where, and the exit codes."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import sys
from pathlib import Path

import pytest

from afas_soap.cli import main

EMULATOR = "--emulator"
ID = re.compile(r"[0-9A-F]{32}")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\r\n")
    return path


def test_the_log_goes_to_stdout_and_the_verdict_to_stderr(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "run", "Import", str(file), "--administration", "1", EMULATOR]) == 0
    told = capsys.readouterr()
    assert re.fullmatch(r"\d+-\d+-\d{4} [\d:]{8} De import 'Import' is uitgevoerd\.\n", told.out)
    assert re.fullmatch(r"afas: import [0-9A-F]{32} is sent\nafas: import [0-9A-F]{32} is done\n", told.err)


def test_one_that_failed_is_exit_code_1(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(b"")
    assert main(["import", "run", "Import", str(file), EMULATOR]) == 1
    told = capsys.readouterr()
    assert "failed: (Anta Import) The import-file is empty. [number -2147220469]" in told.err
    assert "Description......: (Anta Import) The import-file is empty." in told.out


class Full(io.TextIOWrapper):
    """A standard output that takes nothing."""

    def __init__(self, number: int) -> None:
        super().__init__(io.BytesIO())
        self._error = OSError(number, os.strerror(number))

    def write(self, text: str, /) -> int:
        raise self._error


@pytest.mark.parametrize(
    ("number", "codes"), [(errno.EPIPE, (0, 1, 1, 0)), (errno.ENOSPC, (8, 1, 1, 8))], ids=["closed", "full"]
)
def test_a_verdict_does_not_depend_on_who_reads(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    codes: tuple[int, ...],
) -> None:
    said = []
    for arguments in (
        ["run", "Import", "a.csv"],
        ["run", "Import", "a.csv"],
        ["log"],
        ["run", "Another", "a.csv", "--no-wait"],
    ):
        if arguments == ["run", "Import", "a.csv"] and said:
            file.write_bytes(b"")
        elif arguments == ["log"]:
            arguments = ["log", said[-1][1]]
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", Full(number))
            code = main(["import", *arguments, EMULATOR])
        said.append((code, ID.findall(told := capsys.readouterr().err)[0], told))
    assert tuple(code for code, _, _ in said) == codes
    assert [told.count("is done") for _, _, told in said] == [1, 0, 0, 0]
    assert [told.count("failed: (Anta Import)") for _, _, told in said] == [0, 1, 1, 0]
    assert all(("cannot be written" in told) is (number == errno.ENOSPC) for _, _, told in said)


def test_a_definition(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('{"emulator": "GetConnector", "name": "A", "source": "Profit_Debtor", "columns": ["DebtorId"]}')
    assert main(["import", "definition", str(file), EMULATOR]) == 0
    assert "De definitie 'A' is geïmporteerd." in capsys.readouterr().out


def test_without_waiting_the_id_is_what_is_printed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "run", "Import", str(file), "--no-wait", EMULATOR]) == 0
    command_id = capsys.readouterr().out.strip()
    assert ID.fullmatch(command_id)
    # Of an embedded Profit that is no more nobody has the log.
    assert main(["import", "log", command_id, "--no-wait", EMULATOR]) == 8
    said = capsys.readouterr().err
    assert "waits or runs" in said
    assert "the journal knows no import" not in said
    assert main(["import", "log", "F" * 32, "--no-wait", EMULATOR]) == 8
    assert (
        f"the journal knows no import {'F' * 32}: it was sent from elsewhere, or is mistyped" in capsys.readouterr().err
    )
    assert main(["import", "run", "Import", str(file), EMULATOR]) == 8
    assert "with --again it is sent nonetheless" in capsys.readouterr().err
    assert main(["import", "run", "Import", str(file), "--again", EMULATOR]) == 0


def test_what_was_imported_is_listed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "list"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "nothing was imported yet" in told.err
    main(["import", "run", "Import", str(file), EMULATOR])
    capsys.readouterr()
    assert main(["import", "list"]) == 0
    assert re.search(r"Z  emulator  done  0  Import    a\.csv  [0-9A-F]{32}\n", capsys.readouterr().out)
    assert main(["import", "list", "--format", "jsonl"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["state"], row["exit_code"], row["name"]) == ("done", "0", "Import")
    log = f"{file.parent}/data/afas-soap/imports/{row['command_id']}.xml"
    assert Path(log).exists()
    assert main(["import", "log", row["command_id"], EMULATOR]) == 0


def test_a_journal_may_lie_elsewhere(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "run", "Import", str(file), "--journal", "here", EMULATOR]) == 0
    assert main(["import", "list", "--journal", "here"]) == 0
    assert "done" in capsys.readouterr().out
    assert (file.parent / "here" / "imports.jsonl").exists()


def test_the_protocol_that_has_it_is_taken_unless_one_was_named(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFAS_PROTOCOL", "rest")
    assert main(["import", "run", "Import", str(file), EMULATOR]) == 0
    assert main(["import", "run", "Import", str(file), EMULATOR, "--protocol", "rest"]) == 2
    assert "REST has no remote import; SOAP has." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", 'a "b"', "a.csv"], "name: it holds a quotation mark"),
        (["run", "a", "none.csv"], "does not exist"),
        (["run", "a", "a.csv", "--with", "a.csv"], "two files are called 'a.csv'"),
        (["log", "ABC"], "command_id: give the 32 hexadecimal digits"),
        (["lst"], "There is no command 'lst'"),
    ],
)
def test_what_cannot_be_is_exit_code_2(
    file: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [EMULATOR] if len(arguments) > 1 else []
    assert main(["import", *arguments, *options]) == 2
    assert said in capsys.readouterr().err


def test_the_embedded_profit_is_not_written_to_by_accident(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "run", "Import", str(file)]) == 2
    assert "by accident" in capsys.readouterr().err
