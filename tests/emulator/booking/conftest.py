"""Books of a connector small enough to write its definition by hand, and stores that are closed when a test ends."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afas_soap.emulator.booking.booking import Books
from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.records import Records
from afas_soap.emulator.booking.seeds import Seeds
from afas_soap.emulator.store import Store
from afas_soap.profit.schemas.updateschema import FieldRule, Shape


def shape(
    name: str, fields: tuple[FieldRule, ...], *, keys: tuple[FieldRule, ...] = (), objects: tuple[Shape, ...] = ()
) -> Shape:
    return Shape(
        name,
        {rule.name: rule for rule in fields},
        {rule.name: rule for rule in keys},
        {each.name: each for each in objects},
    )


LINE = shape("Line", (FieldRule("GuLi"), FieldRule("Amount", "decimal", 0, 10, 2), FieldRule("Text", max_length=5)))
NOTE = shape("KnBasicAddressAdr", (FieldRule("Ad"), FieldRule("Rs")))
THING = Definition(
    "Things",
    "Dingen",
    shape(
        "Thing",
        (
            FieldRule("Name", max_length=10, label="Naam", mandatory=True),
            FieldRule("Kind", codes=(("A", "Aap"), ("N", "Noot")), label="Soort"),
            FieldRule("Since", "date"),
            FieldRule("Open", "boolean"),
            FieldRule("Price", "decimal", 0, 10, 2),
        ),
        keys=(FieldRule("Id", "long"),),
        objects=(LINE, NOTE),
    ),
    keys=("Id",),
    results=("Id",),
    result_name="Things",
    sub_objects=("Line",),
)
PAIR = Definition(
    "Pairs",
    "Paren",
    shape("Pair", (FieldRule("Code"), FieldRule("Sub", "long"), FieldRule("Text"), FieldRule("Sessieguid"))),
    keys=("Code", "Sub"),
    results=("Code", "Sub", "Sessieguid", "Text"),
)
MARK = shape("Mark", (FieldRule("Text"),), keys=(FieldRule("Nr", "long"),))
ENTRY = Definition(
    "Entries", "Posten", shape("Entry", (FieldRule("Text"),), objects=(LINE, MARK)), sub_objects=("Line",)
)
LOOSE = Definition(
    "Loose", "Los", shape("Loose", (FieldRule("Text"), FieldRule("Kind", codes=(("A", ""),)))), strict=False
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """An empty storage."""
    with contextlib.closing(Records(tmp_path / "books.sqlite")) as opened:
        yield opened


@pytest.fixture
def books(records: Records) -> Books:
    """Books of Things, Pairs, Entries and Loose, without any seed."""
    return Books({each.connector: each for each in (THING, PAIR, ENTRY, LOOSE)}, records, Seeds({}))


@pytest.fixture
def store() -> Iterator[Store]:
    """All that comes with the emulator."""
    with Store() as opened:
        yield opened


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Stores that keep their state in one file, each of which is the next start of the same emulator."""
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(Store(state=tmp_path / "profit.state"))
