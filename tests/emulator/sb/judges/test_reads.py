"""Every read of AFAS' file: three rows or more, by its schema, with every column of schema or sample filled."""

from __future__ import annotations

import pytest

from tests.emulator.sb.judges.afasfile import FILE, AfasFile, Asked, rows_of
from tests.emulator.sb.judges.conftest import Session

READS = [one for one in AfasFile().operations() if one.verb == "GET" and "{" not in one.path] if FILE.is_file() else []
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the genuine AFAS artefacts (../shared/afas) are not here")


def test_there_are_38_reads_of_rows() -> None:
    assert len(READS) == 38


@pytest.mark.parametrize("asked", READS, ids=str)
def test_a_read_answers_rows_as_the_file_has_them(asked: Asked, session: Session, file: AfasFile) -> None:
    answer = session.call("GET", "enyoi", asked.path, asked.version)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [error.message for error in file.loosened(asked).iter_errors(found)] == []
    rows = rows_of(found)
    assert len(rows) >= 3
    columns = wanted(asked, file)
    assert columns
    for row in rows:
        assert columns <= {name.lower() for name in row}
    filled = {name.lower() for row in rows for name, value in row.items() if value is not None}
    assert columns - filled == set(), "a column that is never filled is judged by nobody"


def wanted(asked: Asked, file: AfasFile) -> set[str]:
    """The columns of schema and samples. In small letters: contacts spells one of them in two ways."""
    schema = file.node(asked.content["schema"])
    rows = file.node(schema.get("properties", {}).get("Result", schema))
    shown = {name for sample in asked.samples.values() for row in rows_of(sample) for name in row}
    return {name.lower() for name in {*file.node(rows["items"])["properties"], *shown}}


@pytest.mark.parametrize("asked", READS, ids=str)
def test_a_read_pages_and_sorts(asked: Asked, session: Session) -> None:
    everything = rows_of(session.call("GET", "enyoi", asked.path, asked.version).json())
    column = next(iter(everything[0]))
    query = {"skip": 1, "take": 2, "sortField": f"{column} descending"}
    page = rows_of(session.call("GET", "enyoi", asked.path, asked.version, params=query).json())
    values = [row[column] for row in page]
    assert len(page) == 2
    assert values == sorted(values, reverse=True)
