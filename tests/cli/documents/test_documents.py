"""Documents from the command line: where their bytes go, what is told of it, and which protocol has them."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from afas_soap.cli import main
from afas_soap.cli.documents import saving
from afas_soap.client import ProfitClient
from afas_soap.documents.document import Document
from afas_soap.emulator.documents import attachments as seed
from afas_soap.emulator.documents.files import free_file
from afas_soap.emulator.documents.images import image_id
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.store import Store
from afas_soap.profit.documents.content import Content, Facts

REPORT = "CF761B2F7099455B8C5227639C447689"
FIRST = seed.attachment(0)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Store() as store, contextlib.closing(Emulator(store)) as app, serve(app) as running:
        yield running


@pytest.fixture(autouse=True)
def here(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own, and an emulator on a port that has both protocols."""
    monkeypatch.setenv("AFAS_SOAP_URL", server.soap_url)
    monkeypatch.setenv("AFAS_REST_URL", server.rest_url)
    monkeypatch.setenv("AFAS_TOKEN", DEMO_TOKEN.xml())
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Somebody looks at standard output."""

    return lambda: monkeypatch.setattr(saving, "sys", looking(stdout=True))


def looking(*, stdout: bool = False, stderr: bool = False) -> SimpleNamespace:
    """Streams of which the one or the other is a terminal."""
    return SimpleNamespace(
        stdout=SimpleNamespace(isatty=lambda: stdout, buffer=sys.stdout.buffer),
        stderr=SimpleNamespace(isatty=lambda: stderr),
    )


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_list_of_attachments(run) -> None:
    found = run("attachments", 25_006)
    assert found.code == 0
    assert next(line.split(maxsplit=1) for line in found.lines) == [
        seed.attachments_of(25_006)[0].file_id,
        "Bijlage.pdf",
    ]
    assert len(found.lines) == 5
    assert run("attachments", 25_002).out == ""


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_with_those_of_reactions(run, protocol: str, here: Path) -> None:
    found = run("attachments", 25_006, "--reactions", "--format", "jsonl", "--protocol", protocol)
    rows = [json.loads(line) for line in found.lines]
    assert [row["name"] for row in rows[5:]] == ["scan.pdf", "scan.pdf", "Schermafbeelding: 1?.png"]
    assert rows[0] == {
        "subject": 25_006,
        "reaction": None,
        "file_id": seed.attachments_of(25_006)[0].file_id,
        "name": "Bijlage.pdf",
    }
    assert rows[5]["reaction"] == 70_002
    line = next(line for line in run("attachments", 25_006, "--reactions").lines if "70002" in line)
    assert line.split() == [rows[5]["file_id"], "scan.pdf", "reaction", "70002"]
    assert run("attachments", 25_006, "-o", "list.csv").code == 0
    assert (here / "list.csv").read_text("utf-8").startswith("subject,reaction,file_id,name")


def test_into_a_pipe_go_the_bytes(capfdbinary: pytest.CaptureFixture[bytes], here: Path) -> None:
    for more in ([], ["-o", "-"]):
        capfdbinary.readouterr()
        assert main(["attachment", "25001", FIRST.file_id, *more]) == 0
        out, err = capfdbinary.readouterr()
        assert out == FIRST.content()
        assert err == b""
    assert files(here) == {}


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_on_a_terminal_it_is_saved_under_its_own_name(run, terminal, here: Path, protocol: str) -> None:
    """Never over one that is there, and the line says where."""
    terminal()
    plain = FIRST.content()
    for number in ("", " (2)"):
        done = run("attachment", 25_001, FIRST.file_id, "--protocol", protocol)
        name = FIRST.name.replace(".pdf", f"{number}.pdf")
        assert (done.code, done.out) == (0, "")
        assert done.err == f"afas: saved as {name} ({len(plain):,} bytes)\n"
        assert (here / name).read_bytes() == plain
    hidden = next(each for each in seed.attachments_of(25_011) if each.name == ".verborgen")
    assert run("attachment", 25_011, hidden.file_id, "--protocol", protocol).err.startswith("afas: saved as verborgen")


def test_into_a_file_or_a_folder(run, here: Path) -> None:
    (here / "folder").mkdir()
    (here / "x.pdf").write_bytes(b"old")
    assert run("attachment", 25_001, FIRST.file_id, "-o", "x.pdf").err == ""
    saved = run("attachment", 25_001, FIRST.file_id, "-o", "folder")
    assert saved.err == f"afas: saved as {Path('folder') / FIRST.name} ({len(FIRST.content()):,} bytes)\n"
    assert (here / "x.pdf").read_bytes() == (here / "folder" / FIRST.name).read_bytes() == FIRST.content()
    if os.name != "nt":
        assert run("attachment", 25_001, FIRST.file_id, "-o", "/dev/null").code == 0
        assert not Path("/dev/null").is_file()
    refused = run("attachment", 25_001, FIRST.file_id, "-o", here / "none" / "x.pdf")
    assert (refused.code, refused.err) == (
        2,
        f"afas: cannot write {here / 'none' / 'x.pdf'}: No such file or directory.\n",
    )


@pytest.mark.parametrize(
    "command",
    [
        ("attachment", 25_001, FIRST.file_id),
        ("report", REPORT),
        ("attachments", 25_006),
        ("get", "Profit_Debtor", "--take", 1),
        ("schema", "FbSales"),
        ("payload", "--to", "json"),
        ("demo",),
    ],
)
@pytest.mark.parametrize("given", ["", "none/"])
def test_no_file_without_a_name_and_no_folder_as_a_file(
    run, here: Path, command: tuple[object, ...], given: str
) -> None:
    """With every command that writes a file: nothing is asked, and nothing is written."""
    refused = run(*command, "-o", given)
    assert refused.code == 2
    assert ("a file without a name" if not given else "cannot write none/: there is no such folder") in refused.err
    assert files(here) == {}
    if command[0] == "attachment":
        (here / "none").mkdir()
        assert run(*command, "-o", "none/").code == 0
        assert list(files(here / "none")) == [FIRST.name]


@pytest.mark.parametrize("output", ["x.pdf", "-"])
def test_an_empty_document_is_told(run, monkeypatch: pytest.MonkeyPatch, here: Path, output: str) -> None:
    """It is saved as what it is, and nobody has to look at its size."""
    monkeypatch.setattr(
        ProfitClient, "attachment", lambda *_: Document(lambda: Content(iter(()), Facts(media_type="application/pdf")))
    )
    done = run("attachment", 25_001, FIRST.file_id, "-o", output)
    assert (done.code, done.err) == (0, "afas: the document is empty: AFAS gave 0 bytes and no error\n")
    assert files(here) == ({"x.pdf": b""} if output == "x.pdf" else {})


def test_a_list_without_any_says_so(run) -> None:
    ran = run("attachments", 25002)
    assert (ran.code, ran.out) == (0, "")
    assert "dossier item 25002 has no attachments" in ran.err


def test_an_attachment_of_a_reaction(run, here: Path) -> None:
    (of, *_) = seed.reaction_attachments_of(25_006)
    assert run("attachment", 25_006, of.file_id, "--reaction", of.reaction, "-o", "x").code == 0
    # By the number of the reaction alone, as a client in production asks.
    assert run("attachment", 1, of.file_id, "--reaction", of.reaction, "-o", "y").code == 0
    assert (here / "x").read_bytes() == (here / "y").read_bytes() == of.content()


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_report(run, terminal, here: Path, protocol: str) -> None:
    terminal()
    done = run("report", REPORT, "--protocol", protocol, "--where", "U002 = 1", "--or", "--where", "U002 = 2")
    assert done.err.startswith(f"afas: saved as {REPORT}.pdf (")
    assert (here / f"{REPORT}.pdf").read_bytes().startswith(b"%PDF-")


def test_pictures_and_files_are_asked_of_the_protocol_that_has_them(run, here: Path) -> None:
    """Nobody chose one, so the usual one (SOAP) is no reason to refuse."""
    file = free_file(1)
    assert run("image", image_id(1), "--size", "thumbnail", "-o", "small").code == 0
    assert run("image", image_id(1), "-o", "large").code == 0
    assert run("file", file.file_id, file.name, "-o", "file").code == 0
    assert len(files(here)["small"]) < len(files(here)["large"])
    assert files(here)["file"] == file.content()


@pytest.mark.parametrize("way", ["option", "variable", "profile"])
def test_unless_another_one_was_chosen(run, monkeypatch: pytest.MonkeyPatch, here: Path, way: str) -> None:
    more: list[str] = []
    if way == "option":
        more = ["--protocol", "soap"]
    elif way == "variable":
        monkeypatch.setenv("AFAS_PROTOCOL", "soap")
    else:
        made = run("profile", "add", "own", "--protocol", "soap", "--soap-url", os.environ["AFAS_SOAP_URL"])
        assert made.code == 0, made.err
        more = ["--profile", "own"]
    for asked in (["image", image_id(1)], ["file", "A" * 32, "x"]):
        refused = run(*asked, *more)
        assert refused.code == 2
        assert "REST has" in refused.err


def test_the_embedded_profit_has_them_too(run, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    for name in ("AFAS_SOAP_URL", "AFAS_REST_URL", "AFAS_TOKEN"):
        monkeypatch.delenv(name)
    assert run("image", image_id(1), "--emulator", "-o", "x.png").code == 0
    assert (here / "x.png").read_bytes().startswith(b"\x89PNG")


def test_without_an_address_of_the_other_it_says_what_this_one_has_not(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFAS_REST_URL")
    refused = run("image", image_id(1))
    assert (refused.code, "REST has" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (
            ["attachment", "25001", "0" * 32, "--protocol", "rest"],
            4,
            "sign in to Profit as that user and open it there",
        ),
        (
            ["attachment", "25001", "0" * 32, "--protocol", "soap"],
            4,
            "sign in to Profit as that user and open it there",
        ),
        (["image", "0" * 32], 4, "(404)"),
        (["file", free_file(10).file_id, "weg.pdf"], 4, "(500)"),
        (["file", free_file(10).file_id, "a, b"], 2, "does not take a comma"),
        (["attachment", "25001", "x"], 2, "its id is 32 hexadecimal digits"),
        (["attachment", "0", "0" * 32], 2, "SUBJECT"),
        (["report", REPORT, "--where", "U002"], 2, ""),
        (["image", "x", "--size", "huge"], 2, "original"),
    ],
)
def test_what_is_not_there_or_cannot_be_asked(run, here: Path, asked: list[str], code: int, said: str) -> None:
    refused = run(*asked)
    assert refused.out == ""
    assert said in refused.err
    assert refused.err.count("\n") == 1
    assert refused.code == code
    assert files(here) == {}


def test_progress_is_for_whoever_looks_on(run, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setattr(saving, "sys", looking(stderr=True))
    done = run("attachment", 25_001, FIRST.file_id, "-o", "x.pdf")
    assert done.code == 0
    assert done.err.endswith(f"afas: saved as x.pdf ({len(FIRST.content()):,} bytes)\n")
    assert (here / "x.pdf").read_bytes() == FIRST.content()
