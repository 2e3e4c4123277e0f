"""The page of the reference about SB has every operation, column and field of the table."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from afas_soap.sb.operation import Field, Verb
from afas_soap.sb.table import shipped

_DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", _DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(text: str) -> dict[tuple[str, str], str]:
    """The whole row by its first two cells."""
    cells = (line.strip("| ").split(" | ") for line in text.splitlines()[2:])
    return {(first.replace("`", ""), second): " | ".join(others) for first, second, *others in cells}


def test_every_read_stands_there_with_its_columns(generate: ModuleType) -> None:
    told = rows(generate.sb_reads())
    reads = [one for one in shipped().operations if one.verb is Verb.GET]
    assert told.keys() == {(one.connector, one.version) for one in reads}
    for one in reads:
        columns = told[one.connector, one.version]
        assert all(column.name in columns for column in one.columns), one.title
        assert ("tracked" in columns, "admin" in columns) == (one.tracked, one.admin_only), one.title


def test_every_write_stands_there_with_its_fields_and_rules(generate: ModuleType) -> None:
    told = rows(generate.sb_writes())
    writes = [one for one in shipped().operations if one.verb is not Verb.GET]
    assert told.keys() == {(f"{one.verb} {one.connector}", one.version) for one in writes}
    for one in writes:
        body = told[f"{one.verb} {one.connector}", one.version]
        assert all(f"{name}{'*' if required else ''}" in body for name, required in flat(one.fields)), one.title
        assert body.count("<br>") == len(one.conditions)


def flat(fields: tuple[Field, ...]) -> list[tuple[str, bool]]:
    return [pair for one in fields for pair in [(one.name, one.required), *flat(one.members)]]


def test_the_page_includes_both_tables(generate: ModuleType, tmp_path: Path) -> None:
    generate.generate(tmp_path)
    page = (_DOCS / "reference" / "sb.md").read_text(encoding="utf-8")
    for name in ("sb-reads.md", "sb-writes.md"):
        assert f"{{include}} generated/{name}" in page
        assert (tmp_path / name).read_text(encoding="utf-8").startswith("| ")
