"""The commands that read rows: their arguments, options and help."""

from __future__ import annotations

from pathlib import Path

import click

from afas_soap.cli.options.output import output_options
from afas_soap.cli.options.question import REPLACE_CONTROLS, QuestionCommand, question_options
from afas_soap.cli.options.whom import connection_options, either_options
from afas_soap.cli.options.words import MAX_VALUE, REPORTS, WINDOW
from afas_soap.cli.shared.lazy import done_by

_SIDE = "soap, rest, profile:NAME, sb:CONNECTOR or file:PATH."


@click.command("get", cls=QuestionCommand)
@click.argument("connector")
@question_options
@output_options
@connection_options
@done_by("afas_soap.cli.read.get")
def get() -> None:
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


@click.command("compare", cls=QuestionCommand)
@click.argument("connectors", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Every GetConnector that the credentials may use.")
@click.option("--left", metavar="SIDE", default="soap", show_default=True, help=_SIDE)
@click.option("--right", metavar="SIDE", default="rest", show_default=True, help=_SIDE)
@click.option("--key", help="Columns A,B that identify a row. [default: the first column]")
@click.option("--where", multiple=True, metavar="TERM", help="COLUMN SIGN VALUE, as in afas get.")
@click.option("--or", "or_", is_flag=True, expose_value=False, help="Begin the next filter: one of them must hold.")
@click.option("--window", type=click.IntRange(min=1), default=WINDOW, show_default=True, help="Rows to wait, a side.")
@click.option("--trailing-blanks", is_flag=True, help="Tolerate blanks at the end of a text.")
@click.option("--decimals", type=click.IntRange(min=0), metavar="N", help="Tolerate decimals behind the N-th.")
@click.option("--seconds", is_flag=True, help="Tolerate date-times a second apart.")
@click.option("--order", is_flag=True, help="Tolerate another order of the rows.")
@click.option("--fields", type=click.Path(path_type=Path), metavar="FILE", help="Types of file: sides, as in convert.")
@REPLACE_CONTROLS
@click.option(
    "--format",
    "format_",
    type=click.Choice(REPORTS),
    help="[default: what FILE ends in: .txt table, .json json, .xml junit; otherwise table]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, readable=False, allow_dash=True),
    metavar="FILE",
    help="File to write, beside it first and then renamed; - is standard output.",
)
@either_options
@done_by("afas_soap.cli.read.compare")
def compare() -> None:
    """Ask two sides the same question and report what differs; exit code 1 when something does.

    Every connector is tried. Of one that cannot be compared standard error says why, as do JSON and JUnit; then the
    exit code is that of the first such error.

    \b
    afas compare Profit_Debtor
    afas compare Profit_Debtor_Invoices --key UnitId,InvoiceNr --decimals 2
    afas compare --all --format junit -o compare.xml
    afas compare Profit_Debtor --left file:yesterday.xml --right soap
    afas compare --all --left profile:books --right profile:books-test
    afas compare --left sb:organisations --right file:yesterday.jsonl
    """


@click.command("convert")
@click.argument("file", type=click.Path(allow_dash=True), default="-")
@click.option("--fields", type=click.Path(path_type=Path), metavar="FILE", help="Types from saved metainfo or an XSD.")
@click.option("--connector", help="Refuse rows of any other connector.")
@click.option("--raw", is_flag=True, help="Every value as the text that came.")
@click.option("--dates", multiple=True, metavar="COLUMN", help="Read this column as a date; midnight is checked.")
@click.option("--files", multiple=True, metavar="COLUMN", help="Read this text as the base64 of a file.")
@click.option("--aware", is_flag=True, help="Date-times with their Amsterdam offset (+00:00 before May 1940).")
@click.option(
    "--max-value",
    type=click.IntRange(min=1),
    default=MAX_VALUE,
    metavar="BYTES",
    help="Largest single value. [default: 64 MiB]",
)
@REPLACE_CONTROLS
@output_options
@done_by("afas_soap.cli.read.convert")
def convert() -> None:
    """Turn a saved answer into another format: a SOAP envelope, AfasGetConnector XML, what a .NET DataSet made of it,
    REST JSON, and whatever afas get and afas convert write.

    FILE is a path, or - for standard input; it may hold several answers, one behind the other. Types come from the
    schema in the file or from --fields; without either, JSON keeps its own types, XML and CSV values stay text, and
    standard error says so.

    \b
    afas convert saved.xml -o saved.csv
    curl ... | afas convert --format csv
    afas convert saved.json --fields metainfo.json --format xml --schema
    """
