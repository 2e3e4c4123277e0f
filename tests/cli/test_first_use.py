"""What a first user ran into: streams that are closed or full, signals, typing errors, and what reaches a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from afas_soap.cli import main
from afas_soap.cli.read.compare import _WHERE_AND_WHO
from afas_soap.cli.shared.signals import Stopped
from afas_soap.cli.shared.terminal import printable
from afas_soap.emulator.http.app import Emulator
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.names import VARIABLES

Run = Callable[..., Any]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a shell and signals of POSIX are used")
DEBTORS = ("get", "Profit_Debtor", "--order-by", "DebtorId")
AFAS = [sys.executable, "-m", "afas_soap"]


def shell(python: list[str], line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``afas`` in a real shell; ``afas`` in the line is the command, run by this Python."""
    line = line.replace("afas ", f"{' '.join(python)} -m afas_soap ")
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
        (["frobnicate"], "There are attachment, attachments, auth, check, compare, completion,"),
        (["get"], "'afas get --help' shows how."),
        (["wsdl", "chek"], "Did you mean check?"),
        (["list"], "There is no command 'list'. Did you mean connectors? 'afas --help' shows how."),
        (["login"], "Did you mean auth login?"),
        (["Profit_Debtor"], "There is no command 'Profit_Debtor'. Did you mean get Profit_Debtor? "),
        (["KnSubject"], "Did you mean describe KnSubject?"),
        (["get", "X", "--where", "City == Ede"], "Did you mean =? One blank stands on each side"),
        (["profile", "ls"], "Did you mean list? 'afas profile --help' shows how."),
        (["get", "X", "--limit", "5"], "There is no option '--limit'. Did you mean --take? 'afas get --help' shows"),
        (["get", "X", "--all"], "Did you mean --everything?"),
        (["get", "X", "--csv"], "Did you mean --format csv?"),
        (["compare", "X", "--xml"], "Did you mean --format?"),
        (["get", "X", "--rest"], "Did you mean --protocol rest?"),
        (["get", "X", "-n", "5"], "Did you mean --take?"),
        (["compare", "X", "--sort", "A"], "Did you mean --key?"),
    ],
)
def test_a_typing_error_is_one_line_with_the_remedy(run: Run, arguments: list[str], words: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("afas: ")
    assert ran.err.count("\n") == 1
    assert words in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        *(["insrt"], ["updat"], ["delet"], ["create"], ["remove"], ["post"], ["profile", "rm"], ["auth", "logut"]),
        *(["delete", "X", "f", "--force"], ["insert", "X", "f", "--check"], ["get", "X", "--insecure-http"]),
        *(["compare", "X", "--take", "5"], ["get", "X", "--fields", "A"], ["get", "X", "--password", "x"]),
    ],
)
def test_nothing_suggests_what_writes_or_takes_a_guard_away(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    for word in ("insert", "update", "delete", "remove", "logout", "--yes", "--no-check", "--allow-http", "--trace"):
        assert f"Did you mean {word}" not in ran.err
    assert "Did you mean" not in ran.err or "--token-file" in ran.err


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
def test_a_full_disk_behind_a_redirection_is_one_line(arguments: str, unbuffered: str, warm: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    done = shell(
        [sys.executable] if arguments == "settings" else warm,
        f"afas {arguments} --profile emulator > /dev/full".replace("--help --profile emulator", "--help"),
        PYTHONUNBUFFERED=unbuffered,
    )
    assert done.returncode == 2
    assert done.stderr == "afas: cannot write the output: No space left on device.\n"


@POSIX
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_the_disk_takes_half_of_is_an_error(tmp_path: Path, unbuffered: str) -> None:
    """An unbuffered standard output does not notice a short write by itself: the file would look complete."""
    done = shell([sys.executable], f"ulimit -f 1; afas get --help > {tmp_path}/out", PYTHONUNBUFFERED=unbuffered)
    assert 0 < (tmp_path / "out").stat().st_size <= 1024
    assert done.returncode == 2
    assert done.stderr == "afas: cannot write the output: File too large.\n"


@POSIX
def test_closed_streams_are_no_reason_for_a_traceback(tmp_path: Path, warm: list[str]) -> None:
    target = tmp_path / "rows.jsonl"
    get = "afas get Profit_Debtor --take 2 --profile emulator"
    done = shell(warm, f"{get} >&-")
    assert done.returncode == 2
    assert done.stderr.startswith("afas: cannot write the output: ")
    assert done.stderr.count("\n") == 1
    assert shell([sys.executable], f"{get} -o {target} <&- >&- 2>&-").returncode == 0
    assert target.read_text(encoding="utf-8").count("\n") == 2
    assert shell(warm, f"{get} -v 2>&-").stdout.count("\n") == 2
    assert shell(warm, "afas nonsense 2>&-").returncode == 2
    done = shell(warm, "afas convert <&-")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@POSIX
@pytest.mark.parametrize("form", ["table", "jsonl", "json", "csv", "xml"])
def test_a_closed_pipe_ends_every_format_quietly(form: str, warm: list[str]) -> None:
    line = f"{{ afas get Profit_OrgPer --profile emulator --order-by BcCo --format {form}; echo $? >&2; }} | head -c 9"
    done = shell([sys.executable] if form == "jsonl" else warm, line)
    assert done.stderr == "0\n"


# --- signals ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("interruptible")
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
    long = run("convert", saved(tmp_path, {"a": "x" * 201, "b": "…"}), "--format", "table")
    assert (long.out.count("x"), long.out.count("…")) == (200, 2)
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


# --- where rows go ------------------------------------------------------------------------------------------------


def test_a_file_is_of_the_format_that_its_name_ends_in(run: Run, tmp_path: Path) -> None:
    source = saved(tmp_path, {"a": "x,y"})
    expected = {
        "a.csv": 'a\n"x,y"\n',
        "a.jsonl": '{"a":"x,y"}\n',
        "a.JSON": '[\n{"a":"x,y"}\n]\n',
        "a.xml": "<AfasGetConnector><Row><a>x,y</a></Row></AfasGetConnector>\n",
    }
    for name, text in expected.items():
        assert run("convert", source, "-o", tmp_path / name).code == 0
        assert (tmp_path / name).read_text(encoding="utf-8") == text
    assert run("convert", source, "--format", "jsonl", "-o", tmp_path / "b.csv").code == 0
    assert (tmp_path / "b.csv").read_text(encoding="utf-8") == '{"a":"x,y"}\n'


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("x.parquet", "x.parquet: .parquet is"),
        ("x.xlsx", ".xlsx is"),
        ("x.tsv", ".tsv is"),
        ("x.csv.gz", ".gz is"),
        ("x.txt", ".txt is"),
        ("x.ndjson", ".ndjson is"),
        ("x.", "without an ending"),
        ("x", "x: without an ending"),
        (".csv", "without an ending"),
    ],
)
@pytest.mark.parametrize("command", [("get", "Profit_Debtor"), ("connectors",), ("settings",), ("convert", "nowhere")])
def test_an_ending_that_is_no_format_wants_one_before_anybody_is_asked(
    run: Run, tmp_path: Path, command: tuple[str, ...], name: str, says: str
) -> None:
    ran = run(*command, "-o", tmp_path / name)
    assert (ran.code, ran.out, list(tmp_path.iterdir())) == (2, "", [])
    assert f"{says}" in ran.err
    assert "choose --format jsonl, json, csv or xml, or a name that ends in .jsonl, .json, .csv, .xml." in ran.err
    assert ran.err.count("\n") == 1


def test_a_delimiter_that_cannot_separate_is_refused_before_anybody_is_asked(run: Run) -> None:
    for command in (("get", "Profit_Debtor"), ("connectors",)):
        ran = run(*command, "--format", "csv", "--delimiter", "ab")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("afas: delimiter: must be one printable sign")


def test_an_ending_that_is_no_format_is_taken_with_one(run: Run, tmp_path: Path) -> None:
    source = saved(tmp_path, {"a": "x"})
    for name in ("x.tsv", "x"):
        assert run("convert", source, "--format", "csv", "-o", tmp_path / name).code == 0
        assert (tmp_path / name).read_text(encoding="utf-8") == "a\nx\n"


def test_a_dash_is_standard_output(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = saved(tmp_path, {"a": 1})
    monkeypatch.chdir(tmp_path)
    assert run("convert", source, "-o", "-").out == '{"a":1}\n'
    assert [path.name for path in tmp_path.iterdir()] == ["saved.json"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--schema"], "--schema is for --format xml, and this is jsonl"),
        (["--delimiter", ";", "--format", "xml"], "--delimiter is for --format csv, and this is xml"),
        (["--format", "table", "-o", "x.csv"], "a table goes to the terminal"),
        (["--dates", "Nope"], "--dates: the input has no column 'Nope'; it has a"),
        (["--files", "Nope"], "--files: the input has no column 'Nope'; it has a"),
    ],
)
def test_an_option_that_would_have_no_effect_is_refused(
    run: Run, tmp_path: Path, arguments: list[str], words: str
) -> None:
    ran = run("convert", saved(tmp_path, {"a": 1}), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err.splitlines()[-1]


def test_errors_speak_of_options_and_not_of_arguments_in_python(run: Run) -> None:
    assert "--everything is one call" in run("get", "Profit_Debtor", "--everything", "--take", "3").err
    assert "--raw gives each value" in run("get", "Profit_Debtor", "--raw", "--aware").err
    assert "leave out --page-size" in run("get", "Profit_Debtor", "--everything", "--page-size", "3").err
    wide = run("get", "Profit_Debtor", "--page-size", "9")
    assert '(--order-by DebtorId), read by a key (key="DebtorId"' in wide.err


# --- compare, wsdl, emulator, tokens --------------------------------------------------------------------------------


@pytest.fixture
def profiles(tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two profiles that name the emulator on its port."""
    token = tmp_path / "token"
    token.write_text(os.environ["AFAS_TOKEN"], encoding="utf-8")
    token.chmod(0o600)
    for name in ("AFAS_SOAP_URL", "AFAS_REST_URL", "AFAS_TOKEN"):
        monkeypatch.delenv(name)
    folder = tmp_path / "config" / "afas-soap"
    folder.mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder.parent))
    monkeypatch.setenv("LOCALAPPDATA", str(folder.parent))
    text = f'soap_url = "{server.soap_url}"\nrest_url = "{server.rest_url}"\ntoken_file = \'{token}\'\n'
    (folder / "profiles.toml").write_text(f"[profiles.one]\n{text}[profiles.two]\n{text}", encoding="utf-8")


@pytest.mark.skipif(sys.platform == "darwin", reason="the configuration folder of macOS is not named by a variable")
def test_all_connectors_are_those_of_a_side_and_not_of_the_embedded_profit(run: Run, profiles: None) -> None:
    ran = run("compare", "--all", "--left", "profile:one", "--right", "profile:two", "--where", "Nope []")
    assert "embedded" not in ran.err
    two = ("--left", "profile:one", "--right", "profile:two")
    ran = run("compare", "Profit_Journals", *two, "--protocol", "rest", "-v")
    assert (ran.code, ran.err.count("GetDataWithOptions")) == (0, 0)
    assert ran.lines[0] == ("Profit_Journals: 10 rows on profile:one 127.0.0.1, 10 on profile:two 127.0.0.1: equal")


@pytest.mark.skipif(sys.platform == "darwin", reason="the configuration folder of macOS is not named by a variable")
def test_a_variable_that_makes_both_sides_one_is_told(
    run: Run, server: Any, profiles: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFAS_SOAP_URL", server.soap_url)
    ran = run("compare", "Profit_Journals", "--left", "profile:one", "--right", "profile:two")
    assert ran.err.splitlines() == [
        f"afas: AFAS_SOAP_URL overrides what profile:{name} says; unset it to compare profiles"
        for name in ("one", "two")
    ]


def test_every_variable_that_says_where_and_as_whom_is_one_of_the_known() -> None:
    """The list of what is told is kept by hand: a variable that was renamed would no longer be told."""
    assert set(_WHERE_AND_WHO) <= set(VARIABLES)


def test_a_filter_on_one_side_only_is_refused(run: Run, tmp_path: Path) -> None:
    file = f"file:{saved(tmp_path, {'a': 1})}"
    ran = run("compare", "Profit_Debtor", "--left", file, "--where", "DebtorId = 1")
    assert (ran.code, ran.out) == (2, "")
    assert "--where cannot choose among the rows of file:" in ran.err
    ran = run("compare", "--all", "--left", file, "--right", file)
    assert ran.code == 2
    assert "--all asks a live side" in ran.err


def test_a_document_that_is_not_shipped_is_not_equal_to_the_live_one(run: Run) -> None:
    ran = run("wsdl", "check", "Nope")
    assert (ran.code, ran.out) == (2, "")
    names = "AppConnectorGet, AppConnectorUpdate, AppConnectorData, AppConnectorVersionInfo, AppConnectorSubject, "
    assert f"shipped are {names}AppConnectorReport" in ran.err


def test_an_address_that_is_taken_is_one_line(run: Run, server: Any, tmp_path: Path, warm: list[str]) -> None:
    port = server.soap_url.rsplit(":", 1)[1].partition("/")[0]
    # In a process of its own, for cheroot leaves the socket that it could not bind to the garbage collector.
    command = [*warm, "-m", "afas_soap", "emulator", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"afas: --host 127.0.0.1 --port {port}: ")
    assert "[" not in done.stderr
    assert "0<=x<=65535" in run("emulator", "--port", "65536").err
    (tmp_path / "token").write_bytes(b"\xd7\x00")
    ran = run("emulator", "--port", "0", "--token-file", tmp_path / "token")
    assert ran.code == 2
    assert all(line.startswith("afas: ") for line in ran.err.splitlines())


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"0" * 64, 0, ""),
        (b"\xef\xbb\xbf" + b"0" * 64 + b"\r\n", 0, ""),
        (("0" * 64).encode("utf-16"), 0, ""),
        (b"", 2, "standard input holds nothing"),
        (b"\xff\xfe", 2, "standard input holds nothing"),
        (b"\x80garbage", 2, "It was read from standard input."),
    ],
)
def test_a_token_on_standard_input_is_read_as_from_a_file(data: bytes, code: int, words: str, warm: list[str]) -> None:
    """No call is made: settings only says that there is one."""
    command = [*warm, "-m", "afas_soap", "settings", "--environment", "12345", "--token-file", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.returncode == code
    assert words in done.stderr.decode()
    assert (b"set (64 hex digits)" in done.stdout) is (code == 0)


def test_a_fault_of_ours_is_no_difference_and_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1 means that something differs, so a fault needs another one; its message may hold a value."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("a value of somebody")

    monkeypatch.setattr("afas_soap.cli.look.version.connect", broken)
    ran = run("version")
    assert ran.code == 70
    assert ran.err.startswith("afas: this is a fault in afas-soap itself (KeyError in test_first_use.py, line ")
    assert ran.err.count("\n") == 1
    assert "somebody" not in ran.err
    assert "Traceback" in run("version", "-v").err


@POSIX
def test_output_into_a_pipe_by_name(tmp_path: Path, warm: list[str]) -> None:
    if not Path("/dev/stdout").exists():
        pytest.skip("there is no /dev/stdout")
    assert shell(warm, f"afas convert {saved(tmp_path, {'a': 1})} -o /dev/stdout").stdout == '{"a":1}\n'


def test_a_file_that_may_only_be_read_is_not_replaced(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kept.jsonl"
    target.write_text("kept", encoding="utf-8")
    target.chmod(0o400)
    if os.access(target, os.W_OK):  # as root, who may write everything
        monkeypatch.setattr(os, "access", lambda _, right: right != os.W_OK)
    ran = run("convert", saved(tmp_path, {"a": 1}), "-o", target)
    assert (ran.code, target.read_text(encoding="utf-8")) == (2, "kept")
    assert ran.err.endswith("kept.jsonl: it may only be read.\n")


def test_the_connectors_of_a_soap_address_alone_name_the_remedy(
    run: Run, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AFAS_REST_URL")
    ran = run("connectors")
    assert (ran.code, ran.out) == (2, "")
    assert "SOAP has no list of connectors; REST has. Its address is not configured: give rest_url." in ran.err


@POSIX
def test_a_trace_onto_a_full_disk_is_told_as_such(run: Run, server: Any) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    ran = run("version", "--trace", "/dev/full")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "afas: trace: the file '/dev/full' cannot be written (No space left on device). [environment 127.0.0.1]\n"
    )


@pytest.mark.no_cover
def test_a_value_of_ten_million_signs_out_of_a_file_of_ones_own(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "Big.csv").write_text(f"Id,Text\n1,{'x' * 10_000_000}\n2,y\n", encoding="utf-8")
    with Store(data=folder) as store, serve(Emulator(store, tokens=[AfasToken.parse("0" * 64)])) as server:
        monkeypatch.setenv("AFAS_SOAP_URL", server.soap_url)
        monkeypatch.setenv("AFAS_REST_URL", server.rest_url)
        monkeypatch.setenv("AFAS_TOKEN", "0" * 64)
        for protocol in ("soap", "rest"):
            target = tmp_path / f"{protocol}.csv"
            assert run("get", "Big", "--order-by", "Id", "--protocol", protocol, "-o", target).code == 0
            assert target.stat().st_size == len("Id,Text\n1,\n2,y\n") + 10_000_000
            ran = run("get", "Big", "--order-by", "Id", "--protocol", protocol, "--max-value", "9999999")
            assert ran.code == 7
            assert "row 1, column Text: a value of more than max_value (9,999,999 bytes)" in ran.err
            shown = run("get", "Big", "--order-by", "Id", "--protocol", protocol, "--format", "table")
            assert len(shown.out) < 5000


def test_what_is_said_of_a_file_is_said_once(run: Run, tmp_path: Path) -> None:
    source = f"file:{saved(tmp_path, {'a': 1}, {'a': 2})}"
    ran = run("compare", "Row", "--left", source, "--right", source)
    assert (ran.code, ran.err.count("no schema")) == (0, 1)


@POSIX
def test_a_signal_and_streams_in_this_process(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What the tests above see from outside, with the handlers and streams as they were afterwards."""
    before = signal.getsignal(signal.SIGTERM), sys.stdin, sys.stdout, sys.stderr

    def interrupted(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    monkeypatch.setattr("afas_soap.cli.look.version.connect", interrupted)
    ran = run("version")
    assert (ran.code, ran.out, ran.err) == (143, "", "afas: terminated\n")
    assert before == (signal.getsignal(signal.SIGTERM), sys.stdin, sys.stdout, sys.stderr)
    for name in ("stdin", "stdout", "stderr"):
        with monkeypatch.context() as patch:
            patch.setattr(sys, name, None)
            code = main(["convert", "-"] if name == "stdin" else ["settings"])
            assert code == {"stdin": 2, "stdout": 2, "stderr": 0}[name]


def test_signals_are_left_alone_outside_the_main_thread(run: Run) -> None:
    """Python sets handlers in the main thread only; a program may run a command in another."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(main(["settings"])))
    thread.start()
    thread.join()
    assert codes == [0]


def test_the_emulator_is_served_until_a_signal_comes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop() -> None:
        raise Stopped(signal.SIGINT)

    monkeypatch.setattr("afas_soap.cli.serve.emulator.until_stopped", stop)
    ran = run("emulator", "--port", "0", "--rows", "Profit_Debtor=5")
    assert ran.code == 130
    assert [line.split()[0] for line in ran.lines] == ["SOAP", "REST", "SB", "SB", "SB"]
    assert ran.err.splitlines()[-1] == "afas: interrupted"
