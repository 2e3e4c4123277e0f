"""A name that stands twice in an object of a record is told with its place, however deep."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afas_soap.errors import UpdateError
from afas_soap.sb.jsonrecord import record_in


def test_a_record_has_its_numbers_as_they_are() -> None:
    assert record_in(b'{"A": 8.52, "B": [{"A": 1}, {"A": 2}], "a": null}') == {
        "A": Decimal("8.52"),
        "B": [{"A": 1}, {"A": 2}],
        "a": None,
    }


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('{"A": 8.52, "A": 999}', ("A",)),
        ('{"A": 1, "A": 1, "B": 2, "B": 2, "A": 1}', ("A", "B")),
        ('{"Line": [{"A": 1}, {"A": 1, "B": {"C": 1, "C": 2}}]}', ("Line[2]/B/C",)),
        ('{"A": {"B": 1, "B": 1}, "A": 5}', ("A",)),
        ('[{"A": 1, "\\u0041": 2}]', ("[1]/A",)),
    ],
)
def test_a_name_that_stands_twice_is_refused(text: str, paths: tuple[str, ...]) -> None:
    with pytest.raises(UpdateError, match="this name stands here twice") as caught:
        record_in(text)
    assert tuple(problem.path for problem in caught.value.problems) == paths
    assert {problem.rule for problem in caught.value.problems} == {"twice"}


def test_what_is_no_json_is_none_here_either() -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        record_in("[" * 100_000)
