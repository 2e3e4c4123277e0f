"""The judge is judged: AFAS' samples pass its schema loosened, many fail it as it stands, and nonsense passes none."""

from __future__ import annotations

import pytest

from tests.emulator.sb.judges.afasfile import FILE, AfasFile, Asked, rows_of

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the genuine AFAS artefacts (../shared/afas) are not here")


def test_what_the_file_holds(file: AfasFile) -> None:
    operations = list(file.operations())
    assert len(operations) == 67
    assert len(list(file.samples())) == 75
    assert sum(len(one.bodies) for one in operations) == 47


def test_every_sample_of_a_200_passes_the_loosened_schema_and_not_every_one_the_schema_itself(file: AfasFile) -> None:
    refused = 0
    for asked, sample in samples(file):
        problems = [error.message for error in file.loosened(asked).iter_errors(sample)]
        assert not problems, (str(asked), problems)
        refused += not file.strict(asked).is_valid(sample)
    assert refused >= 15


def samples(file: AfasFile) -> list[tuple[Asked, object]]:
    return [(asked, sample) for asked in file.operations() for sample in asked.samples.values() if asked.content]


def test_nonsense_fails_the_loosened_schema(file: AfasFile) -> None:
    """A row with one value of another kind, for each read that has a column of a kind that can be told."""
    judged = 0
    for asked, sample in samples(file):
        if asked.verb != "GET" or not asked.path.startswith("/api/"):
            continue
        rows = rows_of(sample)
        for name, wrong in (("Id", {"a": 1}), ("Description", [1]), ("RelationId", {"a": 1}), ("StartDate", "soon")):
            if rows and name in rows[0]:
                judged += 1
                assert not file.loosened(asked).is_valid([{**rows[0], name: wrong}]), (str(asked), name)
        assert not file.loosened(asked).is_valid({"Result": rows})
    assert judged >= 20
