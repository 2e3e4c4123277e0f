"""A document as a program holds it: asked late, read once, and saved whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afas_soap import disk
from afas_soap.documents.document import Document
from afas_soap.errors import AnswerError, CutOff, QueryError, SettingsError
from afas_soap.profit.documents.content import Content, Facts

Made = Callable[..., tuple[Document, list[str]]]


def made(
    *chunks: bytes | BaseException, told: Facts | None = None, known: Facts | None = None, named: str | None = None
) -> tuple[Document, list[str]]:
    """A document, and what happened to the call behind it. ``told`` is what the answer tells, at its end."""
    events: list[str] = []
    facts = Facts()

    def pieces() -> Iterator[bytes]:
        for chunk in chunks:
            if isinstance(chunk, BaseException):
                raise chunk
            yield chunk
        for name in ("name", "media_type", "length"):
            setattr(facts, name, getattr(told or Facts(), name))

    @contextlib.contextmanager
    def ask() -> Iterator[Content]:
        events.append("asked")
        with Content(pieces(), facts) as content:
            try:
                yield content
            finally:
                events.append("ended")

    return Document(ask, known, named=None if named is None else lambda: _name(events, named)), events


def _name(events: list[str], named: str) -> str:
    events.append("named")
    return named


def left(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_it_is_asked_for_when_its_first_byte_is_wanted() -> None:
    document, events = made(b"a", b"b", told=Facts("x.pdf", "application/pdf", 2))
    assert events == []
    assert (document.name, document.media_type, document.length) == ("", "", None)
    chunks = iter(document)
    assert next(chunks) == b"a"
    assert events == ["asked"]
    assert document.name == ""
    assert list(chunks) == [b"b"]
    assert events == ["asked", "ended"]
    assert (document.name, document.media_type, document.length) == ("x.pdf", "application/pdf", 2)


def test_what_its_caller_knows_of_it() -> None:
    """The caller's name counts: it is the one of the list that it was taken from. Of its type the answer knows more."""
    document, _ = made(b"a", told=Facts("told.pdf", "application/pdf"), known=Facts("known.pdf", "text/plain"))
    assert (document.name, document.media_type) == ("known.pdf", "text/plain")
    document.read()
    assert (document.name, document.media_type) == ("known.pdf", "application/pdf")


def test_its_content_comes_once() -> None:
    for first in (list, Document.read, next):
        document, events = made(b"a")
        first(document)
        with pytest.raises(QueryError, match="was read, and its content comes once"):
            document.read()
        if first is not next:
            with pytest.raises(QueryError, match="was read, and its content comes once"):
                list(document)
        assert events.count("asked") == 1


def test_it_is_let_go_of_before_its_end() -> None:
    document, events = made(b"a", b"b")
    with document:
        next(document)
    document.close()
    assert events == ["asked", "ended"]
    with pytest.raises(QueryError):
        document.read()
    unread, nothing = made(b"a")
    unread.close()
    assert nothing == []
    with pytest.raises(QueryError):
        list(unread)


def test_what_broke_off_does_not_end_when_it_is_read_on() -> None:
    document, _ = made(b"a", CutOff("cut"))
    assert next(document) == b"a"
    with pytest.raises(CutOff):
        next(document)
    for _ in range(2):
        with pytest.raises(QueryError, match="broke off or was closed before its end: ask for it again"):
            next(document)
    closed, _ = made(b"a", b"b")
    next(closed)
    closed.close()
    with pytest.raises(QueryError, match="broke off or was closed"):
        next(closed)
    ended, _ = made(b"a")
    assert list(ended) == [b"a"]
    ended.close()
    assert next(ended, None) is None


def test_reading_it_whole_has_a_limit() -> None:
    assert made(b"abc", b"de")[0].read(5) == b"abcde"
    assert made()[0].read(0) == b""
    document, events = made(b"abc", b"de", b"f")
    with pytest.raises(AnswerError, match=r"longer than 4 bytes: save it to a file, or give read a larger limit\."):
        document.read(limit=4)
    assert events == ["asked", "ended"]


def test_it_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"old")
    assert made(b"ne", b"w", told=Facts("other.pdf"))[0].save(path) == path
    assert made(b"new")[0].save(str(tmp_path / "y")) == tmp_path / "y"
    assert left(tmp_path) == {"x.pdf": b"new", "y": b"new"}


@pytest.mark.skipif(os.name == "nt", reason="what POSIX has")
def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    """And stays one; a link stays a link."""
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert made(b"a", b"b")[0].save(pipe) == pipe
    assert os.read(reader, 10) == b"ab"
    os.close(reader)
    assert pipe.is_fifo()
    link.symlink_to("file")
    document, _ = made(b"abc")
    assert document.save(link) == link
    assert (link.is_symlink(), (tmp_path / "file").read_bytes(), document.received) == (True, b"abc", 3)


@pytest.mark.parametrize("into", ["folder", "file"])
@pytest.mark.parametrize("error", [CutOff("cut"), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_whatever_stops_it_nothing_looks_whole(tmp_path: Path, into: str, error: BaseException) -> None:
    (tmp_path / "old").write_bytes(b"old")
    document, events = made(b"ha", error)
    target = tmp_path if into == "folder" else tmp_path / "old"
    expected = SettingsError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected, match="No space left" if isinstance(error, OSError) else None):
        document.save(target)
    assert left(tmp_path) == {"old": b"old"}
    assert events == ["asked", "ended"]


def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    for target in (tmp_path / "none" / "x", tmp_path / "file" / "x"):
        (tmp_path / "file").touch()
        with pytest.raises(SettingsError, match=f"^cannot write {target}: "):
            made(b"a")[0].save(target)


def test_a_folder_that_may_only_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    document, events = made(b"a")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(SettingsError, match=f"^cannot write {tmp_path}: Permission denied"):
        document.save(tmp_path)
    assert events == [], "who cannot write asks for nothing"


def test_a_folder_gets_it_under_its_own_name_cleaned(tmp_path: Path) -> None:
    """Which may be told at the end only, as its type may."""
    saved = made(b"a", told=Facts("../..\\.bashrc", "text/plain"))[0].save(tmp_path)
    assert saved == tmp_path / "_.._.bashrc"
    assert made(b"b", told=Facts("", "application/pdf"), named="A1")[0].save(tmp_path) == tmp_path / "A1.pdf"
    assert made(b"c", told=Facts("", "application/pdf"))[0].save(tmp_path) == tmp_path / "unnamed.pdf"
    assert left(tmp_path) == {"_.._.bashrc": b"a", "A1.pdf": b"b", "unnamed.pdf": b"c"}


def test_a_name_is_asked_for_only_where_nobody_told_it(tmp_path: Path) -> None:
    for keywords, asked in (
        ({"known": Facts("x.pdf")}, False),
        ({"told": Facts("x.pdf")}, False),
        ({}, True),
    ):
        document, events = made(b"a", named="y.pdf", **keywords)
        document.save(tmp_path)
        # Behind the end of its own call: one at a time.
        assert events == ["asked", "ended", *(["named"] if asked else [])]
    document, events = made(b"a", named="y.pdf")
    document.save(tmp_path / "z.pdf")
    assert events == ["asked", "ended"]


def test_none_that_is_there_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"old")
    (tmp_path / "x (2).pdf").mkdir()
    with contextlib.suppress(OSError):
        (tmp_path / "x (3).pdf").symlink_to(tmp_path / "nowhere")
    free = "x (4).pdf" if (tmp_path / "x (3).pdf").is_symlink() else "x (3).pdf"
    assert made(b"new", known=Facts("x.pdf"))[0].save(tmp_path) == tmp_path / free
    assert (tmp_path / "x.pdf").read_bytes() == b"old"
    assert (tmp_path / free).read_bytes() == b"new"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_its_bytes_are_on_the_disk_before_its_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    flush, link = disk.flush, os.link
    monkeypatch.setattr(disk, "flush", lambda file: (done.append("flushed"), flush(file))[1])
    monkeypatch.setattr(os, "link", lambda *paths: (done.append("named"), link(*paths))[1])
    made(b"a", known=Facts("x"))[0].save(tmp_path)
    assert done[:2] == ["flushed", "named"]


@pytest.mark.parametrize("given", ["", "none/", "none/deeper/"])
def test_no_path_and_a_folder_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """``Path`` would make this folder of the one and a file of the other. Nothing was asked, so it may be saved yet."""
    monkeypatch.chdir(tmp_path)
    document = Document(lambda: Content(iter((b"abc",)), Facts("x.txt")))
    with pytest.raises(SettingsError, match=r"a file without a name|there is no such folder; make it first"):
        document.save(given)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "none").mkdir()
    assert document.save("none/") == Path("none/x.txt")
