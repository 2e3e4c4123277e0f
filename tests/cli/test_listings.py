"""What commands list, in the formats of ``afas get``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from afas_soap.settings.profiles import profiles_path

Run = Callable[..., Any]

# A command, and what its first row has under a name.
LISTINGS = [
    (("connectors",), {"kind": "get", "id": "Profit_Debtor", "description": "Debtors"}),
    (("describe", "Profit_Debtor"), {"column": "DebtorId", "type": "str", "declared": "string", "known": True}),
    (
        ("describe", "Profit_Debtor", "--protocol", "rest"),
        {"column": "DebtorId", "label": "Debtor number", "length": 16, "field_id": "U001"},
    ),
    (("describe", "KnSubject"), {"object": "KnSubject", "field": "SbId", "key": True, "type": "long"}),
    (("settings",), {"name": "protocol", "value": "soap", "source": "default"}),
    (("profile", "list"), {"name": "books", "environment": "12345", "protocol": "soap", "auth": "token"}),
    (("wsdl", "list"), {"name": "AppConnectorGet", "file": "appconnectorget.wsdl"}),
]


@pytest.fixture(autouse=True)
def _a_profile() -> None:
    path = profiles_path()
    path.parent.mkdir(parents=True)
    path.write_text('[profiles.books]\nenvironment = "12345"\n', encoding="utf-8")
    path.chmod(0o600)


@pytest.mark.parametrize(("command", "first"), LISTINGS, ids=lambda value: " ".join(value))
def test_every_listing_takes_the_formats_of_get(
    run: Run, tmp_path: Path, command: tuple[str, ...], first: dict[str, object]
) -> None:
    lines = run(*command, "--format", "jsonl").lines
    rows = [json.loads(line) for line in lines]
    assert rows[0].items() >= first.items()
    cells = list(csv.DictReader(io.StringIO(run(*command, "--format", "csv").out)))
    assert [list(cell) for cell in cells] == [list(row) for row in rows]
    assert cells[0].items() >= {name: _spelt(value) for name, value in first.items()}.items()
    root = ElementTree.fromstring(run(*command, "--format", "xml").out)
    assert {child.tag: child.text for child in root[0]}.items() >= {n: _spelt(v) for n, v in first.items()}.items()
    assert len(root) == len(rows) == len(cells)
    table = run(*command, "--format", "table")
    assert (table.code, table.out) == (0, run(*command).out)
    assert json.loads(run(*command, "--format", "json").out)
    assert run(*command, "-o", tmp_path / "listing.csv", "--delimiter", ";").out == ""
    assert (tmp_path / "listing.csv").read_text(encoding="utf-8").splitlines()[0] == ";".join(rows[0])
    assert run(*command, "-o", tmp_path / "listing.json").out == ""
    assert (tmp_path / "listing.json").read_text(encoding="utf-8") == run(*command, "--format", "json").out
    typed = run(*command, "--format", "xml", "--schema").out
    assert [child.tag for child in ElementTree.fromstring(typed)][1:] == [child.tag for child in root]


def _spelt(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("command", [command for command, _ in LISTINGS], ids=" ".join)
def test_a_listing_refuses_what_would_have_no_effect(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    for more in (("--delimiter", ";"), ("--schema",), ("--format", "table", "-o", str(tmp_path / "x.csv"))):
        ran = run(*command, *more)
        assert (ran.code, ran.out) == (2, "")


def test_the_fields_of_an_updateconnector_as_rows_name_where_each_stands(run: Run) -> None:
    rows = [json.loads(line) for line in run("describe", "FbSales", "--format", "jsonl", "--protocol", "rest").lines]
    line = next(row for row in rows if row["object"] == "FbSales/FbSalesLines" and row["field"] == "ItCd")
    assert line["mandatory"] in (True, False)
    codes = next(row["codes"] for row in rows if row["codes"])
    assert "=" in codes
    whole = json.loads(run("describe", "FbSales", "--format", "json", "--protocol", "rest").out)
    assert len([row for row in rows if row["object"] == "FbSales"]) == len(whole["keys"]) + len(whole["fields"])


def test_settings_with_bytes_that_are_no_text_can_be_written(run: Run) -> None:
    for form in ("json", "jsonl", "csv", "xml"):
        ran = run("settings", "--emulator", "--trace", "a\udcff", "--format", form)
        assert (ran.code, ran.err) == (0, "")
        assert "udcff" in ran.out


def test_settings_ask_nobody_and_say_nothing_of_rows(run: Run) -> None:
    assert run("settings").err == ""
