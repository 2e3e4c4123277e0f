"""AFAS' own sample answers of 6.0.0, read: every row, every value, whatever their schemas say of them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from afas_soap.sb.operation import Verb
from afas_soap.sb.records import Answered, Records
from afas_soap.sb.table import shipped

_CASES = 38


def _samples(file: Path) -> Iterator[tuple[str, object]]:
    document = json.loads(file.read_bytes(), parse_float=Decimal)
    for path, operations in document["paths"].items():
        content = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        for media in content.values():
            for sample in media.get("examples", {}).values():
                if isinstance(sample.get("value"), list | dict):
                    yield path.removeprefix("/api/"), sample["value"]


def _as_sent(sample: object) -> bytes:
    return json.dumps(sample, default=float).encode()


def _same(value: object, sent: object) -> bool:
    if isinstance(value, datetime.datetime):
        return f"{value.isoformat()}Z" == sent
    if isinstance(value, Decimal):
        return value == Decimal(str(sent))
    if isinstance(sent, dict | list):
        return isinstance(value, str) and json.loads(value) == json.loads(
            json.dumps(_without_keys(sent), default=float)
        )
    if isinstance(sent, int | Decimal) and isinstance(value, str):
        return Decimal(value) == sent
    return value == (None if sent == "" else sent)


def _without_keys(sent: Any) -> Any:
    if isinstance(sent, dict):
        return {name: _without_keys(value) for name, value in sent.items() if name != "ReadKey"}
    return [*map(_without_keys, sent)] if isinstance(sent, list) else sent


def test_every_sample_is_read_and_no_value_lost(afas: Path) -> None:
    count = 0
    for connector, sample in _samples(afas / "openapi" / "sb" / "6-0-0.json"):
        sent: list[dict[str, object]] = sample["Result"] if isinstance(sample, dict) else sample  # type: ignore[assignment]
        for operation in (shipped().operation(connector, Verb.GET, version) for version in _versions(connector)):
            answer = Answered([_as_sent(sample)], Records(operation), lambda _: None)
            records = [record for batch in answer.batches for record in batch]
            assert len(records) == len(sent), connector
            for record, row in zip(records, sent, strict=True):
                found = {name.lower(): value for name, value in record.items()}
                lost = [name for name, value in row.items() if not _same(found[name.lower()], value)]
                assert lost == [], connector
            assert (answer.token is not None) == isinstance(sample, dict), connector
        count += 1
    assert count >= _CASES


def _versions(connector: str) -> tuple[str, ...]:
    return shipped().versions(connector, Verb.GET)
