"""The file of a batch: records one by one, each with its place and its hash."""

from __future__ import annotations

import hashlib
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.batch import file as batchfile
from afas_soap.batch.file import BatchFile, Record, at_line
from afas_soap.batch.updates import Updates, record_hash
from afas_soap.errors import SettingsError, UpdateError, Weight
from afas_soap.profit.updates.update import Action, Update
from afas_soap.profit.updates.updatejson import update_from_json
from afas_soap.profit.updates.updateplain import update_from_plain


def records(path: Path, data: bytes | str, **options: object) -> list[Record]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with BatchFile(path, Updates("KnSubject", **options)) as file:
        return [file.record(line) for line in file.lines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.jsonl"


def test_a_record_has_its_position_and_its_line(path: Path) -> None:
    found = records(
        path, b'\xef\xbb\xbf\r\n{"Ds":"a"}\r\n  \n{"KnSubject":{"Element":{"Fields":{"Ds":"b"}}}}\n{"Ds":"c"}'
    )
    assert [(record.position, record.line) for record in found] == [(0, 2), (1, 4), (2, 5)]
    assert [dict(record.update.elements[0].fields) for record in found] == [{"Ds": "a"}, {"Ds": "b"}, {"Ds": "c"}]
    assert [record.update.root for record in found] == ["", "KnSubject", ""]


def test_a_bom_before_the_first_record_is_no_part_of_it(path: Path) -> None:
    assert records(path, b'\xef\xbb\xbf{"Ds":"a"}')[0].hash == records(path, b'{"Ds":"a"}')[0].hash


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n\t\n"])
def test_a_file_without_records(path: Path, data: bytes) -> None:
    assert records(path, data) == []


def test_action_and_sub_object_are_those_of_the_batch(path: Path) -> None:
    assert records(path, '{"@SbId":1}', action=Action.DELETE)[0].update.action is Action.DELETE
    inner = records(path, '{"@SbId":1,"KnSubjectLink":{"ToBC":true}}', sub_object="KnSubjectLink")[0].update
    assert inner.elements[0].action is Action.UPDATE
    assert inner.action is Action.INSERT


def test_the_lines_can_be_gone_through_again(path: Path) -> None:
    path.write_text('{"Ds":"a"}\n{"Ds":"b"}\n')
    with BatchFile(path, Updates("KnSubject")) as file:
        assert file.fileno() > 2
        assert [line.position for line in file.lines()] == [0, 1]
        assert next(file.lines()).position == 0
        assert [line.position for line in file.lines()] == [0, 1]


def test_values_do_not_show(path: Path) -> None:
    found = records(path, '{"Ds":"Jansen"}')
    with BatchFile(path, Updates("KnSubject")) as file:
        assert "Jansen" not in repr([found, list(file.lines())])


# --- what is refused ---


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "line 3: this is no JSON"),
        (b'{"Ds":"\xff"}', "line 3: JSON is UTF-8"),
        (b'{"Ds":NaN}', "line 3: NaN"),
        (b'{"Ds":1,"Ds":2}', "line 3 KnSubject/Ds: this name stands here twice"),
        (b'{"KnSubject":{"Element":{"Feelds":{}}}}', "line 3 KnSubject/Feelds: a record holds"),
        (b"7", "line 3 KnSubject: a record is a dict"),
    ],
)
def test_a_broken_record_names_its_line(path: Path, line: bytes, told: str) -> None:
    with pytest.raises(UpdateError) as caught:
        records(path, b'{"Ds":"a"}\n\n' + line + b"\n")
    assert caught.value.message.startswith(told)
    assert caught.value.connector == "KnSubject"
    assert all(problem.path.startswith("line 3") for problem in caught.value.problems)


def test_utf16_is_no_utf8(path: Path) -> None:
    with pytest.raises(UpdateError, match="line 1: JSON is UTF-8, and byte 1 is not: save it as UTF-8"):
        records(path, '{"Ds":"a"}\n'.encode("utf-16"))
    # Its lines do not begin where a byte of a line end stands: behind an empty line this one looked like UTF-16 again.
    with pytest.raises(UpdateError, match=r"line 2: JSON is UTF-8, and byte"):
        records(path, '\n{"Ds":"€"}\n'.encode("utf-16-le"))


def test_an_error_without_problems_gets_one() -> None:
    told = at_line(UpdateError("It is too large.").about(connector="FbSales"), 9)
    assert told.message == "line 9: It is too large."
    assert [(problem.rule, problem.weight) for problem in told.problems] == [("record", Weight.ERROR)]
    assert told.connector == "FbSales"


def test_a_line_that_is_too_long_is_refused_before_it_is_all_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batchfile, "LONGEST", 30)
    assert len(records(path, '{"Ds":"aaaaaaaaaaaaaaaaaaaa"}\n')) == 1
    with pytest.raises(UpdateError, match="line 2: it is longer than"):
        records(path, '{"Ds":"a"}\n{"Ds":"aaaaaaaaaaaaaaaaaaaaaa"}\n')


def test_what_cannot_be_read_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read .*nowhere"):
        BatchFile(tmp_path / "nowhere", Updates("KnSubject"))
    if os.name == "nt":
        return
    with pytest.raises(SettingsError, match="is no plain file"):
        BatchFile(tmp_path, Updates("KnSubject"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SettingsError, match="is no plain file"):
        BatchFile(tmp_path / "pipe", Updates("KnSubject"))


def test_a_disk_that_fails_is_told(path: Path) -> None:
    path.write_text('{"Ds":"a"}\n')

    class Broken:
        def seek(self, _place: int) -> None:
            raise OSError(5, "Input/output error")

        def close(self) -> None:
            """Nothing to close."""

    with BatchFile(path, Updates("KnSubject")) as file:
        real, file._file = file._file, Broken()
        real.close()
        with pytest.raises(SettingsError, match=r"cannot read .*: Input/output error"):
            list(file.lines())


# --- the hash ---


def plain(record: object) -> Update:
    return update_from_plain("KnSubject", record)


def test_a_hash_never_changes() -> None:
    """It stands in journals that later versions go on with."""
    spelt = (
        b'["","",["insert",[["SbId","1"]],[["Ds","\\u00e9"],["Da",null]],[["L",["insert",[],[["ToBC","true"]],[]]]]]]'
    )
    record = plain({"@SbId": 1, "Ds": "é", "Da": None, "L": {"ToBC": True}})
    assert record_hash(record) == hashlib.sha256(spelt).hexdigest()


def test_what_is_sent_alike_is_the_same_record() -> None:
    one = update_from_json(b'{"Ds":"a\\u00e9","Nr":1.50,"Ok":true,"No":null}', "KnSubject")
    assert record_hash(one) == record_hash(plain({"Ds": "aé", "Nr": Decimal("1.50"), "Ok": "true", "No": ""}))
    spaced = update_from_json('{ "Ds" : "aé" , "Nr":"1.50", "Ok":true, "No":"" }', "KnSubject")
    assert record_hash(one) == record_hash(spaced)


@pytest.mark.parametrize(
    "other",
    [
        {"Ds": "b", "Nr": 1},
        {"Nr": 1, "Ds": "a"},
        {"Ds": "a", "@Nr": 1},
        {"Ds": "a", "Nr": 1, "X": ""},
        {"Ds": "a", "Nr": 1, "@Action": "update"},
        {"Ds": "a", "Nr": 1, "L": {"X": 1}},
        [{"Ds": "a", "Nr": 1}, {"Ds": "a", "Nr": 1}],
    ],
)
def test_what_differs_is_another_record(other: object) -> None:
    assert record_hash(plain(other)) != record_hash(plain({"Ds": "a", "Nr": 1}))


def test_another_root_is_another_record() -> None:
    assert record_hash(plain({"Ds": "a"}).rooted("A")) != record_hash(plain({"Ds": "a"}).rooted("B"))


_NAMES = st.sampled_from(["Ds", "@SbId", "U0123", "Rm"])
_PLAIN = st.dictionaries(
    _NAMES, st.none() | st.booleans() | st.integers() | st.text("aé'\"\\ ", max_size=4), min_size=1
)


@given(_PLAIN, st.sampled_from([None, 1, 4]), st.booleans())
def test_the_spelling_of_the_json_does_not_count(
    record: dict[str, object], indent: int | None, ascii_only: bool
) -> None:
    one = update_from_json(json.dumps(record), "KnSubject")
    other = update_from_json(json.dumps(record, indent=indent, ensure_ascii=ascii_only), "KnSubject")
    assert record_hash(one) == record_hash(other)
