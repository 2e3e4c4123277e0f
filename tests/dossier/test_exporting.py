"""An export as a whole: what lies in its folder, what is fetched again, and what stops it."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import logging
import os
import signal
import stat
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afas_soap import disk
from afas_soap.dossier import exporting, zipping
from afas_soap.dossier.exporting import Export, Summary
from afas_soap.dossier.layout import SUBJECT, Chosen
from afas_soap.dossier.manifest import NAME, Manifest
from afas_soap.dossier.progress import Progress
from afas_soap.errors import (
    AccessDenied,
    AnswerError,
    Busy,
    CutOff,
    NotFound,
    ProfitError,
    QueryError,
    SettingsError,
    TransportError,
)
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Condition, Operator

Ids = Callable[[int], str]


@pytest.fixture(params=["folder", "zip"])
def to(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / ("out" if request.param == "folder" else "out.zip")


def found(target: Path) -> dict[str, bytes]:
    """The files of an export, by their paths."""
    if target.suffix == ".zip":
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            assert len(set(archive.namelist())) == len(archive.namelist())
            return {name: archive.read(name) for name in archive.namelist()}
    return {
        path.relative_to(target).as_posix(): path.read_bytes() for path in sorted(target.rglob("*")) if path.is_file()
    }


def documents(target: Path) -> dict[str, bytes]:
    """Without the CSV and the manifest."""
    return {path: content for path, content in found(target).items() if path not in (NAME, "Dossierexport.csv")}


def check(target: Path, client: Any) -> None:
    """Every file whole, exactly once, equal to what is stored, and a manifest that matches."""
    files = documents(target)
    entries = {
        (line["subject"], line["reaction"], line["file"]): line
        for line in map(json.loads, found(target)[NAME].splitlines()[1:])
    }
    assert len(entries) == len(files) == len(client.attached)
    for attachment, content in client.attached:
        entry = entries[attachment.subject, attachment.reaction, attachment.file_id]
        assert files[entry["path"]] == content
        assert entry["state"] == "whole"
        assert (entry["length"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert entry["name"] == attachment.name


def test_folders_csv_and_manifest(client: Any, to: Path) -> None:
    client.item(17, "loon.pdf", "loon.pdf", "../../x").item(18, "LOON.pdf").item(19).item(20, "a", folders=("", "A/B"))
    assert exporting.run(Export(to), client) == Summary(4, 5, 0, 5, sum(len(each) for _, each in client.attached))
    check(to, client)
    assert sorted(documents(to)) == [
        "(leeg)/A_B/a",
        "Loonstrook (Profit)/EZW/LOON (3).pdf",
        "Loonstrook (Profit)/EZW/_.._x",
        "Loonstrook (Profit)/EZW/loon (2).pdf",
        "Loonstrook (Profit)/EZW/loon.pdf",
    ]
    assert found(to)["Dossierexport.csv"].decode() == (
        "DossieritemId;Bestandsnaam;Onderwerp;Bedrag\n"
        "17;Loonstrook (Profit)\\EZW\\loon.pdf;Nr 17;\n"
        "17;Loonstrook (Profit)\\EZW\\loon (2).pdf;Nr 17;\n"
        "17;Loonstrook (Profit)\\EZW\\_.._x;Nr 17;\n"
        "18;Loonstrook (Profit)\\EZW\\LOON (3).pdf;Nr 18;\n"
        "20;(leeg)\\A_B\\a;Nr 20;\n"
    )
    assert {path.name for path in to.parent.iterdir()} == {to.name}


def test_chosen_columns_and_another_connector(client: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    chosen = Chosen(folders=("Medewerker",), columns=("Type",))
    exporting.run(Export(tmp_path / "out", "Loon/Mijn", chosen=chosen, delimiter=","), client)
    files = found(tmp_path / "out")
    assert list(files) == ["EZW/x.pdf", "Loon_Mijn.csv", NAME]
    assert files["Loon_Mijn.csv"] == b"DossieritemId,Bestandsnaam,Type\n17,EZW\\x.pdf,Loonstrook (Profit)\n"


def test_what_is_asked(client: Any, tmp_path: Path) -> None:
    where = ((Condition("Type", Operator.EQUALS, "-2"),),)
    exporting.run(Export(tmp_path / "out", where=where), client)
    assert client.calls == [("Dossierexport", {"where": where, "key": SUBJECT})]
    exporting.run(Export(tmp_path / "out"), client)
    assert client.calls[-1][1]["where"] is None
    assert list(found(tmp_path / "out")) == ["Dossierexport.csv", NAME]


def test_reactions(client: Any, to: Path) -> None:
    client.item(17, "x.pdf")
    client.attach(17, "x.pdf", reaction=4)
    assert exporting.run(Export(to, reactions=True), client).files == 2
    check(to, client)


def test_a_second_run_fetches_what_is_new_and_keeps_the_names(client: Any, tmp_path: Path) -> None:
    to = tmp_path / "out"
    client.item(18, "x.pdf")
    exporting.run(Export(to), client)
    # It comes first now, and its name is taken.
    client.records.insert(0, {**client.records[0], SUBJECT: 17})
    client.attach(17, "x.pdf")
    client.calls.clear()
    summary = exporting.run(Export(to), client)
    assert (summary.before, summary.fetched) == (1, 1)
    assert client.fetched == [client.attached[1][0].file_id]
    check(to, client)
    assert set(documents(to)) == {"Loonstrook (Profit)/EZW/x.pdf", "Loonstrook (Profit)/EZW/x (2).pdf"}


def test_what_is_not_whole_is_fetched_again_and_nothing_else(client: Any, tmp_path: Path) -> None:
    to = tmp_path / "out"
    client.item(17, "short", "gone", "folder", "fine", "unknown")
    exporting.run(Export(to), client)
    place = to / "Loonstrook (Profit)" / "EZW"
    (place / "short").write_bytes(b"x")
    (place / "gone").unlink()
    manifest = to / NAME
    # The last line of one file is gone: it lies there, and nobody knows what it is.
    kept = [line for line in manifest.read_text().splitlines(keepends=True) if '"unknown"' not in line]
    manifest.write_text("".join(kept) + '{"path": "Loon')
    client.calls.clear()
    summary = exporting.run(Export(to), client)
    assert (summary.before, summary.fetched) == (2, 3)
    check(to, client)


def test_the_csv_has_the_texts_of_today(client: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    exporting.run(Export(tmp_path / "out"), client)
    client.records[0]["Onderwerp"] = "Nieuw"
    assert exporting.run(Export(tmp_path / "out"), client).before == 1
    assert b"EZW\\x.pdf;Nieuw;" in found(tmp_path / "out")["Dossierexport.csv"]


def test_a_dry_run_counts_and_writes_nothing(client: Any, to: Path) -> None:
    client.item(17, "x.pdf", "y.pdf")
    assert exporting.count(Export(to), client) == Summary(1, 2, 0)
    assert not list(to.parent.iterdir())
    if to.suffix != ".zip":
        exporting.run(Export(to), client)
        client.attach(17, "z.pdf")
        summary = exporting.count(Export(to), client)
        assert (summary.before, summary.left) == (2, 1)


def test_an_attachment_that_is_listed_twice_comes_once(client: Any, to: Path) -> None:
    client.item(17, "x.pdf")
    client.attached.append(client.attached[0])
    assert exporting.run(Export(to), client).files == 1
    assert len(documents(to)) == 1


def test_items_on_several_rows(client: Any, to: Path, caplog: pytest.LogCaptureFixture) -> None:
    client.item(17, "x.pdf").item(17)
    exporting.run(Export(to), client)
    assert not caplog.messages
    client.item(17, folders=("Other", "EZW"))
    exporting.count(Export(to.with_name("other")), client)
    assert caplog.messages == [
        "Dossierexport: 1 dossier items stand on several rows that differ, such as 17: of each the first row counts"
    ]
    assert caplog.records[0].levelno == logging.WARNING


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NotFound("not on disk"), "missing"),
        (ProfitError("no"), "failed"),
        (AccessDenied("not for you"), "failed"),
        (AnswerError("dirty base64"), "failed"),
    ],
)
def test_what_profit_does_not_give_is_told_and_tried_again(
    client: Any, ids: Ids, to: Path, error: ProfitError, state: str
) -> None:
    client.item(17, "x.pdf", "y.pdf")
    client.wrong[ids(1)] = [[b"%PDF", error]]
    summary = exporting.run(Export(to), client)
    (entry,) = getattr(summary, state)
    assert (entry.attachment.name, entry.reason, summary.errors) == ("x.pdf", error.message, (error,))
    assert (summary.fetched, summary.left) == (1, 1)
    export = Export(to)
    # A ZIP without it is written only when Profit has it not: what may come another time needs the folder.
    assert export.published(summary) == (state == "missing" or to.suffix != ".zip")
    place = to if export.published(summary) else export.folder
    assert {path.name for path in to.parent.iterdir()} == {place.name}
    assert list(documents(place)) == ["Loonstrook (Profit)/EZW/y.pdf"]
    assert b"x.pdf" not in found(place)["Dossierexport.csv"]
    told = [json.loads(line) for line in found(place)[NAME].splitlines()[1:]]
    assert (state, error.message) in [(line["state"], line["reason"]) for line in told]
    if place == to and to.suffix == ".zip":
        with pytest.raises(SettingsError, match="is there already"):
            exporting.run(export, client)
    else:
        assert exporting.run(export, client).fetched == 1
        check(to, client)
        assert {path.name for path in to.parent.iterdir()} == {to.name}


@pytest.mark.parametrize("error", [CutOff("ends"), TransportError("reset", sent=True)])
def test_a_file_that_breaks_off_is_asked_for_anew(client: Any, ids: Ids, to: Path, error: AnswerError) -> None:
    client.item(17, "x.pdf")
    client.wrong[ids(1)] = [[b"%PDF", error], [b"%P", error]]
    exporting.run(Export(to), client)
    check(to, client)
    assert len(client.fetched) == 3


BREAKS = pytest.mark.parametrize(
    ("pieces", "calls"),
    [
        ([b"%P", CutOff("ends")], 3),
        ([b"%P", TransportError("reset", sent=True)], 3),
        ([TransportError("no connection")], 1),
        ([Busy("away")], 1),
    ],
)


@BREAKS
def test_a_file_that_breaks_off_each_time_does_not_stop_the_others(
    client: Any, ids: Ids, tmp_path: Path, pieces: list[object], calls: int
) -> None:
    client.item(17, *"abcdef")
    # Two in a row may be chance.
    client.wrong[ids(2)], client.wrong[ids(3)] = [pieces] * calls, [pieces] * calls
    summary = exporting.run(Export(tmp_path / "out", parallel=1), client)
    assert [(entry.attachment.name, entry.reason) for entry in summary.failed] == [
        ("b", summary.errors[0].message),
        ("c", summary.errors[1].message),
    ]
    assert (summary.fetched, {type(error) for error in summary.errors}) == (4, {type(pieces[-1])})
    assert exporting.run(Export(tmp_path / "out", parallel=1), client).fetched == 2
    check(tmp_path / "out", client)


@BREAKS
def test_a_break_that_the_next_call_meets_as_well_stops_it(
    client: Any, ids: Ids, to: Path, pieces: list[object], calls: int
) -> None:
    client.item(17, *"abcdef")
    away = lambda: client.absent.add("Dossierexport")  # noqa: E731
    client.wrong[ids(3)] = [[away, *pieces]] * calls
    with pytest.raises(NotFound, match="Dossierexport is not there"):
        exporting.run(Export(to, parallel=1), client)
    assert client.fetched == [ids(1), ids(2), *[ids(3)] * calls]
    client.absent.clear()
    client.calls.clear()
    assert exporting.run(Export(to, parallel=1), client).before == 2
    assert client.fetched == [ids(3), ids(4), ids(5), ids(6)]
    check(to, client)


@BREAKS
def test_three_files_in_a_row_that_break_off_stop_it_and_the_next_run_goes_on_behind_them(
    client: Any, ids: Ids, to: Path, pieces: list[object], calls: int
) -> None:
    client.item(17, *"abcdefg")
    for number in (2, 3, 4):
        client.wrong[ids(number)] = [pieces] * calls * 2
    # The smallest that came before does not come now.
    client.wrong[ids(1)] = [[client.content(ids(1))], pieces]
    with pytest.raises(type(pieces[-1]), match=r"dossier item 17, d: .*; the 2 files before it"):  # type: ignore[arg-type]
        exporting.run(Export(to, parallel=1), client)
    client.calls.clear()
    summary = exporting.run(Export(to, parallel=1), client)
    assert list(dict.fromkeys(client.fetched)) == [ids(5), ids(6), ids(7), ids(2), ids(3), ids(4)]
    assert (summary.fetched, [entry.attachment.name for entry in summary.failed]) == (3, ["b", "c", "d"])
    assert exporting.run(Export(to, parallel=1), client).fetched == 3
    check(to, client)


@BREAKS
def test_three_in_a_row_stop_it_when_nothing_came_before(
    client: Any, ids: Ids, tmp_path: Path, pieces: list[object], calls: int
) -> None:
    client.item(17, *"abcd")
    for number in (1, 2, 3):
        client.wrong[ids(number)] = [pieces] * calls
    with pytest.raises(type(pieces[-1]), match=r"dossier item 17, c: "):  # type: ignore[arg-type]
        exporting.run(Export(tmp_path / "out", parallel=1), client)


@BREAKS
def test_many_in_a_row_do_not_stop_it_while_one_that_came_before_comes_again(
    client: Any, ids: Ids, tmp_path: Path, pieces: list[object], calls: int
) -> None:
    client.item(17, *"abcdefghij")
    for number in range(2, 10):
        client.wrong[ids(number)] = [pieces] * calls
    summary = exporting.run(Export(tmp_path / "out", parallel=1), client)
    assert ("".join(entry.attachment.name for entry in summary.failed), summary.fetched) == ("bcdefghi", 2)
    assert client.fetched.count(ids(1)) == 3


def test_an_id_that_is_none_fails_its_file_alone(client: Any, ids: Ids, tmp_path: Path) -> None:
    client.item(17, "x.pdf", "y.pdf")
    client.wrong[ids(1)] = [[QueryError("file: its id is 32 hexadecimal digits, as Profit gives it.")]]
    summary = exporting.run(Export(tmp_path / "out"), client)
    assert [(entry.attachment.name, entry.reason) for entry in summary.failed] == [
        ("x.pdf", "file: its id is 32 hexadecimal digits, as Profit gives it.")
    ]
    assert isinstance(summary.errors[0], AnswerError)
    assert summary.fetched == 1


def test_a_token_that_opens_nothing_any_more_stops_it(client: Any, ids: Ids, to: Path) -> None:
    client.item(17, *"abc")
    client.wrong[ids(2)] = [[lambda: client.absent.add("Dossierexport"), AccessDenied("no")]]
    with pytest.raises(NotFound, match="Dossierexport"):
        exporting.run(Export(to, parallel=1), client)
    assert client.fetched == [ids(1), ids(2)]


@pytest.mark.usefixtures("interruptible")
def test_a_signal_leaves_nothing_half_written_and_the_next_run_goes_on(client: Any, ids: Ids, to: Path) -> None:
    client.item(17, *"abcdefgh")
    client.wrong[ids(3)] = [[b"x", lambda: os.kill(os.getpid(), signal.SIGINT), lambda: time.sleep(0.2), b"y"]]
    with pytest.raises(KeyboardInterrupt):
        exporting.run(Export(to, parallel=2), client)
    folder = Export(to).folder
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert "c" not in left
    assert not to.is_file()
    exporting.run(Export(to), client)
    check(to, client)


def test_what_a_kill_left_is_taken_away(client: Any, to: Path) -> None:
    client.item(17, "x.pdf")
    folder = Export(to).folder
    (folder / ".part").mkdir(parents=True)
    (folder / ".part" / "0").write_text("half")
    exporting.run(Export(to), client)
    check(to, client)


def test_a_kill_behind_the_rename_of_the_zip(
    client: Any, ids: Ids, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.item(17, "x.pdf", "y.pdf", "z.pdf")
    client.wrong[ids(3)] = [[NotFound("not on disk")]]
    to = tmp_path / "out.zip"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(zipping, "tidy", killed)
        with pytest.raises(KeyboardInterrupt):
            exporting.run(Export(to), client)
    next((tmp_path / "out.zip.part").rglob("x.pdf")).unlink()
    # Where it was killed between two names of one file.
    os.link(to, tmp_path / "out.zip.part" / ".zip.part")
    client.calls.clear()
    summary = exporting.run(Export(to), client)
    assert (summary.before, summary.fetched, client.fetched) == (2, 0, [])
    assert [entry.attachment.name for entry in summary.missing] == ["z.pdf"]
    assert [(type(error), error.message) for error in summary.errors] == [(NotFound, "not on disk")]
    assert {path.rpartition("/")[2] for path in documents(to)} == {"x.pdf", "y.pdf"}
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]


def other_zip(to: Path, *, name: str = NAME, kind: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(to, "w", kind) as archive:
        archive.writestr(name, "x")


@pytest.mark.parametrize(
    "put",
    [
        lambda to: to.write_text("precious"),
        lambda to: to.write_bytes(b""),
        lambda to: to.mkdir(),
        other_zip,
        lambda to: other_zip(to, name="x"),
        lambda to: other_zip(to, kind=zipfile.ZIP_STORED),
        lambda to: to.symlink_to(to.with_name("other")),
    ],
)
def test_what_has_the_name_of_a_zip_is_not_replaced_though_it_was_begun(
    client: Any, ids: Ids, tmp_path: Path, put: Callable[[Path], object]
) -> None:
    client.item(17, "x.pdf", "y.pdf")
    to = tmp_path / "out.zip"
    client.wrong[ids(2)] = [[ProfitError("no")]]
    exporting.run(Export(to), client)
    put(to)
    before = to.lstat()
    gathered = found(tmp_path / "out.zip.part")
    with pytest.raises(SettingsError, match=r"out\.zip is there already"):
        exporting.run(Export(to), client)
    assert (to.lstat().st_ino, to.lstat().st_size) == (before.st_ino, before.st_size)
    assert found(tmp_path / "out.zip.part") == gathered


def test_what_gets_the_name_of_a_zip_meanwhile_is_not_replaced(client: Any, ids: Ids, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    to = tmp_path / "out.zip"
    client.wrong[ids(1)] = [[b"x", lambda: to.write_text("precious")]]
    with pytest.raises(SettingsError, match=r"cannot write .*out.zip: File exists"):
        exporting.run(Export(to), client)
    assert to.read_text() == "precious"
    to.unlink()
    client.calls.clear()
    exporting.run(Export(to), client)
    assert (client.fetched, documents(to)) == ([], {"Loonstrook (Profit)/EZW/x.pdf": b"x"})


def test_what_does_not_lie_there_any_more_stands_in_no_csv_and_no_zip(client: Any, ids: Ids, to: Path) -> None:
    client.item(17, "x.pdf").item(18, "y.pdf", "z.pdf")
    client.wrong[ids(3)] = [[ProfitError("no")]]
    export = Export(to)
    exporting.run(export, client)
    next(export.folder.rglob("y.pdf")).unlink()
    # It is not asked for any more.
    del client.records[1]
    exporting.run(export, client)
    assert list(documents(to)) == ["Loonstrook (Profit)/EZW/x.pdf"]
    assert b"y.pdf" not in found(to)["Dossierexport.csv"]
    states = {line["name"]: line["state"] for line in map(json.loads, found(to)[NAME].splitlines()[1:])}
    assert states == {"x.pdf": "whole", "y.pdf": "named", "z.pdf": "failed"}


def test_a_file_without_a_byte_is_told_and_asked_for_each_time(client: Any, ids: Ids, to: Path) -> None:
    client.item(17, "x.pdf", "y.pdf")
    client.wrong[ids(1)] = [[]]
    summary = exporting.run(Export(to), client)
    assert (summary.fetched, summary.failed, summary.errors) == (2, (), ())
    assert [(entry.attachment.name, entry.length, entry.reason) for entry in summary.empty] == [
        ("x.pdf", 0, "Profit gave it without a byte")
    ]
    assert documents(to)["Loonstrook (Profit)/EZW/x.pdf"] == b""
    assert b"without a byte" in found(to)[NAME]
    if to.suffix != ".zip":
        assert exporting.count(Export(to), client).left == 1
        summary = exporting.run(Export(to), client)
        assert (summary.before, summary.fetched, summary.empty) == (1, 1, ())
        check(to, client)


def test_a_zip_that_is_there_is_not_replaced(client: Any, tmp_path: Path) -> None:
    to = tmp_path / "out.ZIP"
    exporting.run(Export(to), client)
    with pytest.raises(SettingsError, match="is there already"):
        exporting.run(Export(to), client)


def test_what_somebody_put_beside_a_zip_stays(client: Any, tmp_path: Path) -> None:
    to = tmp_path / "out.zip"
    client.item(17, "x.pdf")
    client.wrong[client.attached[0][0].file_id] = [[lambda: (tmp_path / "out.zip.part" / "mine").write_text("x"), b"y"]]
    exporting.run(Export(to), client)
    assert [path.name for path in (tmp_path / "out.zip.part").iterdir()] == ["mine"]


def test_a_zip_holds_files_of_before_1980(client: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    to = tmp_path / "out.zip"
    old = lambda: os.utime(tmp_path / "out.zip.part" / ".part" / "0", (0, 0))  # noqa: E731
    client.wrong[client.attached[0][0].file_id] = [[b"x", old]]
    exporting.run(Export(to, parallel=1), client)
    assert documents(to) == {"Loonstrook (Profit)/EZW/x.pdf": b"x"}


def test_a_folder_that_is_somebodys_is_left_alone(client: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(SettingsError, match=r"holds files, and no manifest.jsonl"):
        exporting.run(Export(tmp_path), client)
    with pytest.raises(SettingsError, match="is a file, and files are gathered in a folder"):
        exporting.run(Export(tmp_path / "mine"), client)
    with pytest.raises(SettingsError, match="there is no folder"):
        exporting.run(Export(tmp_path / "none" / "out.zip"), client)
    assert not client.calls
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_folders_are_made_for_a_folder(client: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    exporting.run(Export(tmp_path / "a" / "b"), client)
    check(tmp_path / "a" / "b", client)


def everything(place: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of every file."""
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in place.rglob("*") if path.is_file()}


def test_a_dry_run_leaves_half_a_line_as_it_is_and_another_run_alone(client: Any, ids: Ids, to: Path) -> None:
    client.item(17, "x.pdf", "y.pdf")
    export = Export(to)
    counted: list[int] = []
    client.wrong[ids(2)] = [[lambda: counted.append(exporting.count(export, client).before), ProfitError("no")]]
    exporting.run(dataclasses.replace(export, parallel=1), client)
    with (export.folder / NAME).open("a") as manifest:
        manifest.write('{"path": "Loon')
    before = everything(to.parent)
    assert exporting.count(export, client).left == 1
    assert (everything(to.parent), counted) == (before, [1])
    (export.folder / NAME).write_bytes(b"")
    assert exporting.count(export, client).left == 2
    assert (export.folder / NAME).read_bytes() == b""


def outside(tmp_path: Path) -> Path:
    """A folder of somebody else's, with a file that has the name and length of one of the export's."""
    place = tmp_path / "outside"
    (place / "EZW").mkdir(parents=True)
    (place / "EZW" / "x.pdf").write_bytes(b"0" * 38)
    (place / "0").write_text("mine")
    return place


@pytest.mark.parametrize("path", ["Loonstrook (Profit)", "Loonstrook (Profit)/EZW", ".part", "Dossierexport.csv", NAME])
@pytest.mark.parametrize("dangling", [False, True])
def test_no_link_in_the_target_is_followed(client: Any, ids: Ids, to: Path, path: str, dangling: bool) -> None:
    client.item(17, "x.pdf", "y.pdf")
    client.wrong[ids(2)] = [[ProfitError("no")]]
    export = Export(to)
    exporting.run(export, client)
    link = export.folder / path
    place = outside(to.parent)
    if link.is_dir():
        link.rename(to.parent / "moved")
        link.symlink_to(place / "none" if dangling else place, target_is_directory=True)
    else:
        link.unlink(missing_ok=True)
        link.symlink_to(place / "none" if dangling else place / ("0" if link.suffix else ""))
    before = everything(place)
    with pytest.raises(SettingsError, match=r"is or lies behind a link, which an export does not follow: remove"):
        exporting.run(export, client)
    assert everything(place) == before
    assert not (place / "none").exists()
    link.unlink()
    if path != NAME:
        exporting.run(export, client)
        check(to, client)


def test_a_link_in_the_place_of_a_file_is_no_file_of_the_export(client: Any, ids: Ids, to: Path) -> None:
    client.item(17, "x.pdf", "y.pdf")
    client.wrong[ids(2)] = [[ProfitError("no")]]
    export = Export(to)
    exporting.run(export, client)
    place = outside(to.parent)
    before = everything(place)
    file = next(export.folder.rglob("x.pdf"))
    file.unlink()
    file.symlink_to(place / "EZW" / "x.pdf")
    assert exporting.run(export, client).fetched == 2
    check(to, client)
    assert everything(place) == before


def test_tidying_takes_nothing_away_behind_a_link(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client.item(17, "x.pdf")
    to = tmp_path / "out.zip"
    with monkeypatch.context() as patch:
        patch.setattr(zipping, "tidy", lambda *_: None)
        exporting.run(Export(to), client)
    place = outside(tmp_path)
    before = everything(place)
    folder = tmp_path / "out.zip.part" / "Loonstrook (Profit)"
    folder.rename(tmp_path / "moved")
    folder.symlink_to(place, target_is_directory=True)
    exporting.run(Export(to), client)
    assert everything(place) == before
    assert [path.name for path in (tmp_path / "out.zip.part").iterdir()] == [folder.name]


def test_the_target_itself_may_be_a_link(client: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real", target_is_directory=True)
    exporting.run(Export(tmp_path / "out"), client)
    assert exporting.run(Export(tmp_path / "out"), client).before == 1
    check(tmp_path / "real", client)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(client: Any, tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(SettingsError, match="cannot write"):
        exporting.run(Export(tmp_path / "out"), client)


def test_a_folder_that_cannot_be_made(client: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingsError, match=r"cannot write .*out: Not a directory"):
        exporting.run(Export(tmp_path / "file" / "out"), client)


def refusing(*_: object, **__: object) -> None:
    raise OSError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.mark.parametrize("call", ["mkdir", "iterdir"])
def test_a_folder_that_cannot_be_used(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(Path, call, refusing)
    with pytest.raises(SettingsError, match=r"cannot write .*out.*: Permission denied"):
        exporting.run(Export(tmp_path / "out"), client)


def test_parts_that_cannot_be_made(client: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    exporting.run(Export(tmp_path / "out"), client)
    (tmp_path / "out" / ".part").write_text("a file")
    with pytest.raises(SettingsError, match=r"cannot write .*\.part: "):
        exporting.run(Export(tmp_path / "out"), client)


def test_where_no_folder_can_be_flushed(client: Any, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client.item(17, "x.pdf")
    monkeypatch.setattr(os, "fsync", lambda number: refusing() if stat.S_ISDIR(os.fstat(number).st_mode) else None)
    exporting.run(Export(to), client)
    check(to, client)


def test_names_are_seen_to_on_the_disk(client: Any, to: Path, on_disk: list[tuple[str, object]]) -> None:
    client.item(17, "x.pdf")
    exporting.run(Export(to), client)
    assert ("folder", "EZW") in on_disk
    assert ("folder", "Loonstrook (Profit)") in on_disk
    if to.suffix == ".zip":
        assert on_disk[-1] == ("folder", to.parent.name)


def test_a_full_disk_is_one_clear_error(client: Any, ids: Ids, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client.item(17, *"abcdef")
    flush = disk.flush
    names: list[int] = []

    def full(number: int) -> None:
        if stat.S_ISREG(os.fstat(number).st_mode):
            names.append(number)
            if len(names) > 5:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(number)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "flush", full)
        with pytest.raises(SettingsError, match=r"cannot write .*: No space left on device"):
            exporting.run(Export(to, parallel=1), client)
    exporting.run(Export(to), client)
    check(to, client)


def test_a_disk_that_is_full_when_the_zip_is_written(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.item(17, "x.pdf")
    to = tmp_path / "out.zip"
    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "open", refusing)
        with pytest.raises(SettingsError, match=r"cannot write .*out.zip: "):
            exporting.run(Export(to), client)
    assert not to.exists()
    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "remove", refusing)
        with pytest.raises(SettingsError, match=r"the ZIP is whole, but .* cannot be removed"):
            exporting.run(Export(to), client)
    client.calls.clear()
    exporting.run(Export(to), client)
    assert not client.fetched
    check(to, client)


def test_two_at_once_into_one_target(client: Any, ids: Ids, to: Path) -> None:
    client.item(17, "x.pdf")
    errors: list[str] = []

    def second() -> None:
        with pytest.raises(SettingsError) as raised:
            exporting.run(Export(to), dataclasses.replace(client, wrong={}))
        errors.append(str(raised.value))

    client.wrong[ids(1)] = [[second, client.content(ids(1))]]
    exporting.run(Export(to), client)
    assert "another export writes into" in errors[0]
    check(to, client)


def test_progress(client: Any, to: Path) -> None:
    client.item(17, "x.pdf").item(18, "y.pdf")
    told: list[Progress] = []
    exporting.run(Export(to, progress=told.append, parallel=1), client)
    assert told[:3] == [Progress("reading", 1), Progress("reading", 2), Progress("listing", 2, 2)]
    one, two = told[3:5]
    assert (one.phase, one.count, one.total, two.count, two.seconds) == ("fetching", 1, 2, 2, 0)
    assert 0 < one.size < two.size
    zipped = [Progress("zipping", number, 4) for number in (1, 2, 3, 4)]
    assert told[5:] == (zipped if to.suffix == ".zip" else [])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"parallel": 0}, "parallel"), ({"parallel": 6}, "parallel"), ({"delimiter": '"'}, "deli")],
)
def test_options_that_cannot_be(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        Export(Path("out"), **options)


def test_without_rows_the_columns_are_asked_for(client: Any, tmp_path: Path) -> None:
    client.columns = None
    assert exporting.run(Export(tmp_path / "out"), client) == Summary(0, 0, 0)
    assert client.calls[-1] == ("fields", "Dossierexport")
    assert (tmp_path / "out" / "Dossierexport.csv").read_text() == "DossieritemId;Bestandsnaam;Onderwerp;Bedrag\n"


@pytest.mark.parametrize("fields", [None, Fields("Dossierexport", ())])
def test_without_rows_and_columns_nothing_is_made(client: Any, to: Path, fields: Fields | None) -> None:
    client.columns, client.columns_known = fields, Fields("Dossierexport", ())
    with pytest.raises(QueryError, match="neither rows nor columns"):
        exporting.run(Export(to), client)
    assert not list(to.parent.iterdir())
