"""``afas get``: the rows of a GetConnector."""

from __future__ import annotations

from typing import Any

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.output import output_from, write
from afas_soap.cli.shared.question import rows_arguments


def run(connector: str, **options: Any) -> None:
    """The rows of a GetConnector, asked and written."""
    question = rows_arguments(options)
    output = output_from(options, aware=question["aware"])
    with connect(options) as profit, profit.rows(connector, **question) as rows:
        fields = rows.fields
        assert fields is not None, "a client's rows have columns, and be it none"
        write(rows, fields, output)
