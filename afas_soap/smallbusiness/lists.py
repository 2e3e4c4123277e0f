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
        body = answer.whole(calls.transport.link.max_document)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    rows = found.get("Result") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise AnswerError(f"SB's list of {operation.connector} is no list of records.")
    return tuple({str(name).lower(): value for name, value in row.items()} for row in rows)
