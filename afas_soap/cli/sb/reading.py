"""The commands that read AFAS SB: their arguments, options and help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from afas_soap.cli.options.output import output_options
from afas_soap.cli.options.question import QuestionCommand
from afas_soap.cli.options.target import Target
from afas_soap.cli.options.whom import sb_options, with_options
from afas_soap.cli.shared.lazy import done_by

_Command = TypeVar("_Command", bound=Callable[..., Any])

_READ: tuple[Callable[[Any], Any], ...] = (
    click.option("--version", "version", metavar="VERSION", help="A version, such as 2.0. [default: the newest]"),
    click.option(
        "--query",
        "query",
        multiple=True,
        metavar="NAME=VALUE",
        help="What else the connector asks for, such as BusinessActivityVersion=1. Repeatable.",
    ),
    click.option("--read-keys", is_flag=True, help="Keep the read keys of blobs: secrets that open a file for a day."),
    click.option("--undocumented", is_flag=True, help="Try what AFAS does not document for SB, whatever comes of it."),
)


def _read_options(command: _Command) -> _Command:
    """Add what every read of SB takes."""
    return with_options(command, *_READ)


@click.command("get", cls=QuestionCommand)
@click.argument("connector")
@click.option(
    "--where",
    "where",
    multiple=True,
    metavar="TERM",
    help="COLUMN = VALUE with one blank between, such as 'City = Ede'; repeated: all must hold. AFAS documents no "
    "other sign for SB; those of afas get take --undocumented.",
)
@click.option("--or", "or_", is_flag=True, expose_value=False, help="Begin the next filter: one of them must hold.")
@click.option("--order-by", metavar="COLUMN", help="Sort by one column; -COLUMN descends. [default: the key]")
@click.option("--skip", type=int, default=0, help="Rows to leave out at the beginning.")
@click.option("--take", type=int, help="Rows to give at most. [default: all]")
@click.option("--page-size", type=int, help="Rows a call. [default: 1,000, or fewer where SB gives fewer]")
@_read_options
@output_options
@sb_options
@done_by("afas_soap.cli.sb.get")
def get() -> None:
    """Read the rows of CONNECTOR, page after page.

    A table on a terminal, JSON Lines into a pipe. Pages are sorted by the key that "afas sb describe" names, so that
    rows which come and go meanwhile neither double nor lose another one.

    \b
    afas sb get organisations
    afas sb get contacts --where 'IsArchived = false' -o contacts.csv
    afas sb get journalentries --order-by -PostingDate --take 100
    afas sb get salesinvoices --query BusinessActivityVersion=1
    """


@click.command("changes")
@click.argument("connector")
@click.option(
    "--cursor",
    type=Target(),
    metavar="FILE",
    help="File that keeps the tracking token; it moves when the records were written, and not before.",
)
@click.option("--since", metavar="TOKEN", help="The token of an earlier answer, in place of --cursor.")
@click.option("--full", is_flag=True, help="Every row, whatever the cursor says: what is not among them was removed.")
@_read_options
@output_options
@sb_options
@done_by("afas_soap.cli.sb.changes")
def changes() -> None:
    """Read what changed in CONNECTOR since a tracking token, and keep the next one.

    The first time, or with --full, these are all rows. JSON Lines unless FILE or --format says otherwise. A run that
    breaks off leaves the cursor, and the next one gives the same records again: put them in place by their key. AFAS
    keeps answers for minutes, so records may come again besides.

    Rows that were removed are not told: compare the keys of a --full read with yours from time to time. Standard error
    has the next token where no cursor keeps it.

    \b
    afas sb changes contacts --cursor contacts.cursor -o contacts.jsonl
    afas sb changes contacts --cursor contacts.cursor --full -o contacts.jsonl
    afas sb changes persons --since 202401291327471
    """
