"""Short lists of SB, read whole: administrations and feature toggles, before a program reads anything else."""

from __future__ import annotations

import json
from collections.abc import Mapping

from afas_soap.errors import AnswerError
from afas_soap.sb.operation import Operation
from afas_soap.wire.sb.calls import SbCalls

Row = Mapping[str, object]


def whole_list(calls: SbCalls, operation: Operation) -> tuple[Row, ...]:
    """Every row of a read, its names in lower case: AFAS spells them in more than one way. Raises what
    ``Transport.ask`` raises, and ``AnswerError`` for what is no list."""
    with calls.ask(operation) as answer:
        rows = _rows(answer.whole(calls.transport.link.max_document))
    if rows is None:
        raise AnswerError(f"SB's list of {operation.connector} is no list of records.")
    return rows


def _rows(body: bytes) -> tuple[Row, ...] | None:
    """The rows, None for what is no list of them. Nothing is raised: the names here stand for what was answered."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    rows = found.get("Result") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return tuple({str(name).lower(): value for name, value in row.items()} for row in rows)
