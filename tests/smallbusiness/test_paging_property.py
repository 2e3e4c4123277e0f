"""Whatever others insert and delete between two pages: a row that was there all the time is given once, in order, or
reading says that it cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import AnswerError

# Before which call, where among the rows, and whether one is inserted there or deleted.
CHANGES = st.lists(st.tuples(st.integers(1, 12), st.floats(0, 1), st.booleans()), max_size=12)


@pytest.fixture(scope="module")
def site_and_client(module_of: Callable[[str], Any]) -> Callable[[], tuple[Any, Any]]:
    conftest = module_of("smallbusiness/conftest.py")

    def made() -> tuple[Any, Any]:
        site = conftest.Site()
        return site, conftest.client_of(site)

    return made


@given(
    number=st.integers(0, 90),
    page_size=st.integers(1, 60),
    cap=st.one_of(st.none(), st.integers(1, 70)),
    changes=CHANGES,
    cuts=st.sets(st.integers(1, 12), max_size=2),
)
def test_a_row_that_stays_is_given_once(
    site_and_client: Callable[[], tuple[Any, Any]],
    number: int,
    page_size: int,
    cap: int | None,
    changes: list[tuple[int, float, bool]],
    cuts: set[int],
) -> None:
    site, sb = site_and_client()
    site.rows = [{"Id": f"{at:04}.5"} for at in range(number)]
    site.cap = cap
    stayed = {row["Id"] for row in site.rows}
    seen = {*stayed}

    def change(call: int) -> None:
        for before, place, inserts in changes:
            if before != call:
                continue
            at = int(place * len(site.rows))
            if inserts:
                # Between two, and never the same one twice.
                new = f"{at:04}.{len(seen):04}"
                seen.add(new)
                site.rows.append({"Id": new})
            elif site.rows:
                stayed.discard(site.rows.pop(min(at, len(site.rows) - 1))["Id"])

    site.before = change
    site.answer = lambda call, body: body[: len(body) // 2] if call in cuts else body
    found: list[str] = []
    try:
        found.extend(row["Id"] for row in sb.rows("organisations", page_size=page_size))
    except AnswerError:
        # What it gave until then is right as well.
        assert len(found) == len({*found})
        return
    assert len(found) == len({*found})
    # One that was inserted in front of a row which then went may come behind it.
    assert [name for name in found if name in stayed] == sorted(stayed)
    assert {*found} <= seen
