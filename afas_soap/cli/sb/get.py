"""``afas sb get``: the rows of a connector of AFAS SB."""

from __future__ import annotations

from typing import Any

from afas_soap.cli.sb.questions import rows_question
from afas_soap.cli.shared.connection import connect_sb
from afas_soap.cli.shared.output import output_from, write


def run(connector: str, **options: Any) -> None:
    """The rows of a connector, asked and written."""
    question = rows_question(options)
    output = output_from(options)
    with connect_sb(options) as sb, sb.rows(connector, **question) as rows:
        fields = rows.fields
        assert fields is not None, "a client's rows have columns, and be it none"
        write(rows, fields, output)
