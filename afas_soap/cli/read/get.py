"""``afas get``: the rows of a GetConnector."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.shared.connection import connect, connection_options
from afas_soap.cli.shared.output import output_from, output_options, write
from afas_soap.cli.shared.question import QuestionCommand, question_options, rows_arguments


@click.command("get", cls=QuestionCommand)
@click.argument("connector")
@question_options
@output_options
@connection_options
def command(connector: str, **options: Any) -> None:
    """Read the rows of the GetConnector CONNECTOR.

    A table on a terminal, JSON Lines into a pipe. More rows than fit one page want --order-by, --key or --everything;
    without them nothing is given before it is known that there are no more.

    \b
    afas get Profit_Debtor
    afas get Profit_Debtor --take 10
    afas get Profit_Debtor --order-by DebtorId -o debtors.csv
    afas get Profit_Debtor --key DebtorId --where 'DebtorName @ J' --where 'Blocked = false'
    afas get Profit_Debtor --order-by -DebtorId --where 'Email []' --or --where 'TelNr []'
    """
    question = rows_arguments(options)
    output = output_from(options, aware=question["aware"])
    with connect(options) as profit, profit.rows(connector, **question) as rows:
        fields = rows.fields
        assert fields is not None, "a client's rows have columns, and be it none"
        write(rows, fields, output)
