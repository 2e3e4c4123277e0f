"""The check of one payload of 1,000 FiEntries lines, whose schema is compiled already."""

from __future__ import annotations

import json
import statistics
import time

from afas_soap.profit.schemas.metainfoxsd import metainfo_xsd
from afas_soap.profit.schemas.schema import check
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.updates.update import Update
from afas_soap.profit.updates.updateplain import update_from_plain

LINES = 1_000
ROUNDS = 5
MOST_SECONDS = 1.0

# Code, type, length and decimals of metainfo; a list of codes where there is one.
HEADER = (("Year", "int", 4, 0), ("Peri", "int", 2, 0), ("UnId", "int", 10, 0), ("JoCo", "string", 6, 0))
LINE = (
    ("EnNo", "int", 10, 0),
    ("VaAs", "string", 10, 0),
    ("AcNr", "string", 16, 0),
    ("EnDa", "date", 10, 0),
    ("BpDa", "date", 10, 0),
    ("BpNr", "string", 32, 0),
    ("InId", "string", 12, 0),
    ("Ds", "string", 255, 0),
    ("AmDe", "decimal", 26, 10),
    ("AmCr", "decimal", 26, 10),
    ("VaId", "string", 3, 0),
    ("BlPa", "boolean", 1, 0),
)
ASSETS = [{"id": "1", "description": "Grootboekrekening"}, {"id": "2", "description": "Debiteur"}]


def _field(code: str, kind: str, length: int, decimals: int) -> dict[str, object]:
    return {
        "fieldId": code,
        "primaryKey": False,
        "dataType": kind,
        "label": code,
        "mandatory": code in ("Year", "Peri", "JoCo", "VaAs", "AcNr"),
        "length": length,
        "decimals": decimals,
        "values": ASSETS if code == "VaAs" else None,
    }


def xsd() -> str:
    """A schema of FiEntries, made from metainfo."""
    lines = {"name": "FiEntries", "fields": [_field(*row) for row in LINE], "objects": []}
    document = {"id": "FiEntries", "name": "FiEntryPar", "fields": [_field(*row) for row in HEADER], "objects": [lines]}
    return metainfo_xsd(json.dumps(document).encode(), "FiEntries")


def payload() -> Update:
    """An entry of 1,000 lines, no two alike in number, dates, description and amounts."""
    lines = [
        {
            "VaAs": "1",
            "AcNr": f"{4000 + number % 60}",
            "EnDa": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "BpDa": f"2024-{number % 12 + 1:02}-{number % 27 + 1:02}",
            "BpNr": f"INK{number:06}",
            "InId": f"F{number:08}",
            "Ds": f"Regel {number} van de memoriaalboeking",
            "AmDe": f"{number * 17}.{number % 100:02}" if number % 2 else "0.00",
            "AmCr": f"{number * 19}.{number % 100:02}" if not number % 2 else "0.00",
            "BlPa": "false",
        }
        for number in range(LINES)
    ]
    record = {"Year": 2024, "Peri": 1, "UnId": 1, "JoCo": "90", "FiEntries": lines}
    return update_from_plain("FiEntries", record, root="FiEntryPar")


def checked() -> list[tuple[bool, str]]:
    """The median of five warm checks, in CPU seconds, as a verdict."""
    schema, update = schema_from_xsd(xsd(), "FiEntries"), payload()
    began = time.process_time()
    assert check(update, schema) == ()
    print(f"a payload of {LINES:,} FiEntries lines: first check {time.process_time() - began:.3f} s of CPU time")
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        check(update, schema)
        seconds.append(time.process_time() - began)
    took = statistics.median(seconds)
    line = f"check of {LINES:,} FiEntries lines, warm: {took:.3f} s of CPU time, at most {MOST_SECONDS:.0f} s"
    return [(took <= MOST_SECONDS, line)]
