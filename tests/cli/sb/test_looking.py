"""``afas sb resources`` and ``afas sb describe``: what the table has, without a call."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.cli.sb.commands import sb
from afas_soap.errors import QueryError, SettingsError
from afas_soap.sb.table import shipped

Told = Callable[..., str]


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str]) -> Told:
    """What ``afas sb`` writes to standard output for these arguments."""

    def told_(*arguments: str | Path) -> str:
        sb.main([str(argument) for argument in arguments], standalone_mode=False)
        return capfd.readouterr().out

    return told_


def test_every_verb_of_every_connector_is_a_row(told: Told) -> None:
    rows = list(csv.DictReader(io.StringIO(told("resources", "--format", "csv"))))
    table = shipped()
    assert len(rows) == sum(len(table.verbs(connector)) for connector in table.connectors)
    [entry] = [row for row in rows if (row["connector"], row["verb"]) == ("purchasejournalentry", "POST")]
    assert (entry["version"], entry["older"]) == ("3.0", "2.0, 1.1")
    [products] = [row for row in rows if row["connector"] == "products"]
    assert (products["key"], products["tracked"]) == ("", "true")


def test_resources_as_a_table(told: Told) -> None:
    lines = told("resources").splitlines()
    assert lines[0].split() == ["connector", "verb", "version", "older", "key", "notes"]
    assert ["adminlicenseinformation", "GET", "1.0", "admin"] in [line.split() for line in lines]
    assert ["organisations", "GET", "2.0", "Id", "tracked"] in [line.split() for line in lines]


def test_the_columns_of_a_read(told: Told) -> None:
    lines = told("describe", "products").splitlines()
    assert lines[0] == "GET products 3.0 (no column names a row, tracked)"
    assert lines[1].split() == ["name", "type", "choices", "known", "from"] or "known_from" in lines[1]
    assert any(line.split()[:2] == ["PriceExcludingVAT", "number"] for line in lines)


def test_the_fields_and_rules_of_every_write(told: Told) -> None:
    text = told("describe", "SALESJOURNALENTRY")
    assert text.startswith("POST salesjournalentry 3.0\n")
    assert "\nPUT salesjournalentry 2.1\n" in text
    assert "\nDELETE salesjournalentry 2.1\n" in text
    lines = text.splitlines()
    assert any(line.split()[:2] == ["InvoiceLine[]/LedgerAccountId*", "uuid"] for line in lines)
    assert "rule: each line of InvoiceLine: give LocationId or DepartmentId, not both." in lines
    assert "answers with data: SalesJournalEntryId" in lines
    assert "two decimals at most" in text
    assert "at most 255 characters" in text


def test_one_verb_and_one_version(told: Told) -> None:
    assert told("describe", "organisation", "--verb", "put", "--version", "3").startswith("PUT organisation 3.0\n")
    text = told("describe", "salesjournalentry", "--version", "2.0")
    assert "POST salesjournalentry 2.0" in text
    assert "PUT" not in text
    assert "at least 1 characters" in told("describe", "organisation")
    assert "the form ^[0-9]+$" in told("describe", "organisation")
    assert "(only at /admin)" in told("describe", "adminlicenseinformation").replace("no column names a row, ", "")
    assert "also asks for BusinessActivityVersion" in told("describe", "debtorpaymentterms")


def test_json_is_an_object_for_each_operation(told: Told) -> None:
    [entry] = json.loads(told("describe", "financialjournalentry", "--verb", "POST", "--format", "json"))
    assert (entry["verb"], entry["version"], entry["answers"]) == ("POST", "1.0", ["FinancialJournalEntryId"])
    assert entry["rules"][1] == "give AmountDebit or AmountCredit."
    assert [one["type"] for one in entry["fields"] if one["name"] == "EntryLine"] == ["list of object"]
    [read] = json.loads(told("describe", "vatrate", "--format", "json"))
    assert (read["key"], read["answers"]) == (["Id"], [])


def test_rows_for_other_formats(told: Told) -> None:
    rows = [json.loads(line) for line in told("describe", "vatrate", "--format", "jsonl").splitlines()]
    assert [(row["operation"], row["name"], row["known_from"]) for row in rows] == [
        ("GET vatrate 1.0", "Id", "6.0, 8.0"),
        ("GET vatrate 1.0", "Description", "6.0, 8.0"),
    ]


def test_an_unknown_connector_or_version_is_told(told: Told) -> None:
    with pytest.raises(QueryError, match="Did you mean organisations"):
        told("describe", "organisatoins")
    with pytest.raises(QueryError, match="has no version 9"):
        told("describe", "vatrate", "--version", "9")


def test_a_newer_openapi_file_is_read_beside_the_table(told: Told, tmp_path: Path) -> None:
    file = tmp_path / "9-0-0.json"
    operation = {"parameters": [{"name": "Accept-Version", "in": "header", "example": "9.0"}]}
    file.write_text(json.dumps({"openapi": "3.0.0", "paths": {"/api/vatrate": {"get": operation}}}), encoding="utf-8")
    assert told("describe", "vatrate", "--openapi", file).startswith("GET vatrate 9.0 (no column")
    rows = csv.DictReader(io.StringIO(told("resources", "--openapi", file, "--format", "csv")))
    assert [row["older"] for row in rows if row["connector"] == "vatrate"] == ["1.0"]


def test_a_file_that_is_none_is_told(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}")
    with pytest.raises(SettingsError, match="no OpenAPI file"):
        told("resources", "--openapi", file)
    monkeypatch.setattr("afas_soap.cli.sb.tables._LARGEST", 1)
    with pytest.raises(SettingsError, match="larger than any"):
        told("resources", "--openapi", file)

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(SettingsError, match="cannot read"):
        told("resources", "--openapi", file)
