"""AFAS' own bodies: every example of the OpenAPI file of 6.0.0 is taken, but for one that lacks a required member."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped
from tests.emulator.sb.books.conftest import made

# Of versions in this file: the newest that it has of each.
VERSIONS = {
    ("organisation", Verb.POST): "3.0",
    ("organisation", Verb.PUT): "3.0",
    ("person", Verb.POST): "3.0",
    ("person", Verb.PUT): "3.0",
    ("purchasejournalentry", Verb.POST): "1.1",
    ("salesinvoice", Verb.POST): "2.0",
    ("salesjournalentry", Verb.POST): "2.0",
    ("salesjournalentry", Verb.DELETE): "2.0",
}


def bodies(file: Path) -> Iterator[tuple[str, Verb, str, object]]:
    paths = json.loads(file.read_text(encoding="utf-8"))["paths"]
    for path, item in paths.items():
        for verb, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            for name, example in content.get("application/json", {}).get("examples", {}).items():
                if path.startswith("/api/"):
                    yield path.removeprefix("/api/"), Verb(verb.upper()), name, example["value"]


def test_all_are_taken_but_the_contact_without_last_name(afas: Path) -> None:
    found = list(bodies(afas / "openapi" / "sb" / "6-0-0.json"))
    assert len(found) == 47
    refused = []
    for connector, verb, name, body in found:
        # One each: two of the sales entries have the same number in one administration.
        environment = made()
        operation = shipped().operation(connector, verb, VERSIONS.get((connector, verb)))
        outcome = environment.books.apply(operation, json.dumps(body).encode())
        if (outcome.status, outcome.content.get("result")) != (200, "Succeeded"):
            refused.append((connector, name, outcome.content))
        environment.assert_balanced()
        environment.tables.close()
    assert [(connector, name) for connector, name, _ in refused] == [("contact", "new contact")], refused
    told = "Invalid JSON request Required properties are missing from object: LastName. Path '', line 1, position 1."
    assert refused[0][2]["Message"] == told
