"""``afas connectors``: what the credentials may use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.cli.shared.terminal import printable
from afas_soap.profit.connectors.capabilities import Catalogue, Entry
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record

_FIELDS = Fields("Connectors", (Field("kind"), Field("id"), Field("description")))


def run(**options: Any) -> None:
    """What the credentials may use, asked and written."""
    output = output_from(options, listing=True)
    with connect(options) as profit:
        catalogue = profit.connectors()
    shapes = {"table": lambda: _table(catalogue), "json": lambda: _json(catalogue)}
    write_listing(_records(catalogue), _FIELDS, output, shapes)


def _kinds(catalogue: Catalogue) -> Iterator[tuple[str, str, tuple[Entry, ...]]]:
    """What a row calls each kind, its title in the table, and its connectors."""
    yield "get", "GetConnectors", catalogue.get_connectors
    yield "update", "UpdateConnectors", catalogue.update_connectors
    yield "other", "Other connectors", catalogue.custom_connectors


def _records(catalogue: Catalogue) -> Iterator[Record]:
    for kind, _, entries in _kinds(catalogue):
        for entry in entries:
            yield {"kind": kind, "id": entry.id, "description": entry.description or None}


def _json(catalogue: Catalogue) -> str:
    return json.dumps(asdict(catalogue), ensure_ascii=False, indent=2) + "\n"


def _table(catalogue: Catalogue) -> str:
    return "".join(_section(title, entries) for _, title, entries in _kinds(catalogue) if entries)


def _section(title: str, entries: tuple[Entry, ...]) -> str:
    width = max(len(entry.id) for entry in entries)
    lines = [f"{title}:", *(printable(f"  {entry.id:<{width}}  {entry.description}".rstrip()) for entry in entries)]
    return "".join(f"{line}\n" for line in lines)
