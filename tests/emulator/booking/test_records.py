"""Where records lie: all or nothing, found again, and a file of another program left alone."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest

from afas_soap.emulator.booking.records import Document, Records, Row, folded, key_of
from afas_soap.errors import SettingsError

ROW = Row(
    {"Id": "7", "Name": "É ☕", "Gone": None}, {"Line": [Row({"Text": "a"}, handed={"SeqNo": "1"})]}, {"Total": "1.00"}
)


def test_a_document_comes_back_as_it_was_laid_down(records: Records) -> None:
    with records.transaction():
        records.save(Document("Things", ROW), family="Things", key=key_of(["7"]))
    found = records.by_key("Things", key_of(["7"]))
    assert found == Document("Things", ROW, id=1)


def _fail(records: Records, error: Exception) -> None:
    with records.transaction():
        records.save(Document("Things", ROW), family="Things", key=key_of(["7"]))
        records.set_last("Things Id", 7)
        raise error


def test_nothing_is_kept_of_a_transaction_that_fails(records: Records) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail(records, ZeroDivisionError())
    assert records.by_key("Things", key_of(["7"])) is None
    assert records.last("Things Id") is None
    assert records.revision == 0


def test_the_last_of_several_with_a_key_that_is_there_counts(records: Records) -> None:
    with records.transaction():
        records.save(Document("Things", Row({"Name": "old"}), gone=True), family="Things", key="k")
    assert records.by_key("Things", "k") == Document("Things", Row({"Name": "old"}), id=1, gone=True)
    with records.transaction():
        records.save(Document("Things", Row({"Name": "new"})), family="Things", key="k")
    assert records.by_key("Things", "k") == Document("Things", Row({"Name": "new"}), id=2)
    assert [document.id for document in records.of("Things")] == [2]
    # One that was removed later than that is no reason to forget it.
    with records.transaction():
        records.save(Document("Things", Row({"Name": "other"}), gone=True), family="Things", key="k")
    assert records.by_key("Things", "k") == Document("Things", Row({"Name": "new"}), id=2)


def test_marks_find_what_a_document_holds_now(records: Records) -> None:
    document = Document("Things", Row({"Nm": "De Wit"}))
    with records.transaction():
        records.save(document, family="Things", key=None, marks=("Nm", "CcNr"))
    assert [each.id for each in records.marked("Things", "Nm", "de wit")] == [1]
    document.row.values["Nm"] = "De Zwart"
    with records.transaction():
        records.save(document, family="Things", key=None, marks=("Nm", "CcNr"))
    assert records.marked("Things", "Nm", "De Wit") == []
    assert [each.id for each in records.marked("Things", "Nm", "De Zwart")] == [1]
    assert records.marked("Others", "Nm", "De Zwart") == []


def test_changes_are_told_by_revision_while_a_transaction_is_open(records: Records) -> None:
    for name in ("a", "b"):
        with records.transaction():
            records.save(Document("Things", Row({"Name": name})), family="Things", key=name)
    with records.transaction():
        records.save(Document("Things", Row({"Name": "c"})), family="Things", key="c")
        told = [(revision, document.row.values["Name"]) for revision, document in records.since(["Things"], 1)]
    assert told == [(2, "b")]
    assert [revision for revision, _ in records.since({"Others", "Things"}, 0)] == [1, 2, 3]
    assert records.revision == 3


@pytest.mark.parametrize(("left", "right"), [("FloorA", "FLOORA"), ("{AB-1}", "ab-1"), (" x", "x")])
def test_what_is_the_same_key(left: str, right: str) -> None:
    assert folded(left) == folded(right)


def test_a_state_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with contextlib.closing(Records(path, durable=True)) as first, first.transaction():
        first.save(Document("Things", ROW), family="Things", key="k")
        first.set_last("n", 12)
    with contextlib.closing(Records(path, durable=True)) as second:
        assert second.by_key("Things", "k") == Document("Things", ROW, id=1)
        assert (second.last("n"), second.revision) == (12, 1)


def test_a_state_is_on_the_disk_when_a_booking_is_done(tmp_path: Path) -> None:
    """Also when the power fails (SQLite's synchronous FULL); one that is thrown away need not be (OFF)."""
    for durable, level in ((True, 2), (False, 0)):
        with contextlib.closing(Records(tmp_path / str(durable), durable=durable)) as records:
            assert records._connection.execute("PRAGMA synchronous").fetchone() == (level,)


def test_a_state_is_the_same_file_wherever_the_program_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also ``:memory:``, which means no file to SQLite."""
    (tmp_path / "elsewhere").mkdir()
    for name in ("state", ":memory:"):
        monkeypatch.chdir(tmp_path)
        with contextlib.closing(Records(Path(name))) as records:
            with records.transaction():
                records.save(Document("Things", ROW), family="Things", key="k")
            monkeypatch.chdir(tmp_path / "elsewhere")
            assert [document.id for _, document in records.since(["Things"], 0)] == [1]
    assert list(Path().iterdir()) == []


def test_what_cannot_be_read_again_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "state"
    records = Records(path)
    records.close()
    path.unlink()
    path.mkdir()
    with pytest.raises(SettingsError, match="cannot read what it booked"):
        list(records.since(["Things"], 0))


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    text, other, later = tmp_path / "text", tmp_path / "other", tmp_path / "later"
    text.write_text("rekening;bedrag\n" * 100)
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE mine (x)")
    Records(later).close()
    with contextlib.closing(sqlite3.connect(later)) as connection:
        connection.execute("PRAGMA user_version = 99")
    for path in (text, other, later):
        before = path.read_bytes()
        with pytest.raises(SettingsError, match=r"name (a new|another) file"):
            Records(path)
        assert path.read_bytes() == before


def test_two_emulators_do_not_share_a_state(tmp_path: Path) -> None:
    """Each would hand out numbers and revisions of its own. Another name of the file is no way round it."""
    path, other = tmp_path / "state", tmp_path / "other"
    other.symlink_to(path)
    with contextlib.closing(Records(path, durable=True)) as first:
        for name in (path, other):
            with pytest.raises(SettingsError, match=f"{name.name}: another emulator keeps its state there: end it, or"):
                Records(name, durable=True)
        # The first goes on.
        with first.transaction():
            first.save(Document("Things", ROW), family="Things", key="k")
    with contextlib.closing(Records(other, durable=True)) as second:
        assert second.revision == 1


def test_a_state_is_let_go_by_another_thread(tmp_path: Path) -> None:
    records = Records(tmp_path / "state", durable=True)
    closing = threading.Thread(target=records.close)
    closing.start()
    closing.join()
    with contextlib.closing(Records(tmp_path / "state", durable=True)) as again:
        assert again.revision == 0
    records.close()
    Records(tmp_path / "state", durable=True).close()


def test_a_state_that_is_refused_is_not_held(tmp_path: Path) -> None:
    """Nor is anything laid beside a file that is another program's."""
    path = tmp_path / "mine.csv"
    path.write_text("rekening;bedrag\n" * 100)
    with pytest.raises(SettingsError, match="name another file"):
        Records(path, durable=True)
    assert list(tmp_path.iterdir()) == [path]
    path.unlink()
    Records(path, durable=True).close()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="name another file"):
        Records(tmp_path / "nowhere" / "state")


def test_what_cannot_be_written_is_said_so(records: Records) -> None:
    records.close()
    with pytest.raises(SettingsError, match="cannot keep what it booked"), records.transaction():
        pass


def test_a_write_that_fails_inside_leaves_the_storage_in_order(records: Records) -> None:
    with pytest.raises(SettingsError, match=r"cannot keep what it booked: database or disk is full\."):
        _fail(records, sqlite3.OperationalError("database or disk is full"))
    with records.transaction():
        records.save(Document("Things", Row()), family="Things", key="k")
    assert [document.id for document in records.of("Things")] == [1]


def test_a_value_does_not_show() -> None:
    assert "☕" not in repr(Document("Things", ROW))


def test_a_file_lies_apart_and_is_read_in_pieces(records: Records) -> None:
    content = bytes(range(256)) * 1000
    with records.transaction():
        records.keep_file("A", b"eerst")
        records.keep_file("A", content)
        records.keep_file("B", b"")
    assert (records.has_file("A"), records.has_file("C")) == (True, False)
    length, pieces = records.file("A") or (0, iter(()))
    assert length == len(content)
    whole = list(pieces)
    assert b"".join(whole) == content
    assert max(map(len, whole)) < 100_000
    length, pieces = records.file("B") or (1, iter(()))
    assert (length, list(pieces)) == (0, [])
    assert records.file("C") is None


def test_a_file_is_not_kept_of_a_transaction_that_fails(records: Records) -> None:
    def fail() -> None:
        with records.transaction():
            records.keep_file("A", b"weg")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert not records.has_file("A")


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "state"
    records = Records(path)
    records.close()
    path.write_bytes(b"no database at all, and long enough to be looked at" * 20)
    with pytest.raises(SettingsError, match="cannot read what it booked"):
        records.file("A")


def test_a_state_from_before_there_were_files_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "state"
    Records(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE files")
    with contextlib.closing(Records(path)) as records:
        assert records.file("A") is None
