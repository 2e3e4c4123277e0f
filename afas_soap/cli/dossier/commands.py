"""The commands about the dossier: their arguments, options and help."""

from __future__ import annotations

import click

from afas_soap.cli.group import Group
from afas_soap.cli.options.question import QuestionCommand
from afas_soap.cli.options.whom import connection_options
from afas_soap.cli.shared.lazy import done_by
from afas_soap.limits import CALLS_AT_ONCE


@click.group("dossier", cls=Group)
def dossier() -> None:
    """Take the dossier out of Profit: the attachments of its items as files, in folders or one ZIP."""


@dossier.command("export", cls=QuestionCommand)
@click.argument("connector", default="Dossierexport")
@click.option(
    "--to",
    required=True,
    metavar="FOLDER|FILE.zip",
    help="A new folder, or that of an export that is to go on; or a ZIP, gathered beside it in FILE.zip.part.",
)
@click.option("--where", multiple=True, metavar="TERM", help="COLUMN SIGN VALUE, as in afas get.")
@click.option("--or", "or_", is_flag=True, expose_value=False, help="Begin the next filter: one of them must hold.")
@click.option("--since", metavar="DATE", help="Only items with this date or a later one in the column --by.")
@click.option("--by", metavar="COLUMN", help="The column of CONNECTOR that --since is about.")
@click.option("--reactions", is_flag=True, help="The attachments of reactions as well.")
@click.option("--folders", metavar="A,B", help="Columns that give the folders. [default: those before DossieritemId]")
@click.option("--columns", metavar="C,D", help="Columns for the CSV. [default: those behind DossieritemId]")
@click.option("--subject", metavar="COLUMN", help="The number of the dossier item. [default: DossieritemId]")
@click.option(
    "--delimiter", default=";", show_default=True, metavar="SIGN", help=r"What separates in the CSV; \t: tab."
)
@click.option(
    "--parallel",
    type=click.IntRange(1, CALLS_AT_ONCE),
    default=CALLS_AT_ONCE,
    show_default=True,
    help="Calls at once.",
)
@click.option("--dry-run", is_flag=True, help="Count what would be fetched, and write nothing.")
@connection_options
@done_by("afas_soap.cli.dossier.export")
def export() -> None:
    """Save the attachments of the dossier items that the GetConnector CONNECTOR gives (Dossierexport unless named).

    As AFAS' consultants do it: the columns before DossieritemId are folders, those behind it go into a CSV, which also
    has DossieritemId and Bestandsnaam, the file with its folders. Beside it manifest.jsonl has the original name,
    length and SHA-256 of each file.

    Started again after a break, the same command goes on: what is whole is not fetched again. Files that Profit does
    not give are told, and the exit code is 4, or that of another reason than "not found".

    \b
    afas dossier export --to dossier.zip
    afas dossier export --to dossier --where 'Type = -2' --reactions
    afas dossier export --to dossier --since 2026-11-01 --by Gewijzigd
    afas dossier export Profit_Subjects --to files --folders SubjectType --columns Subject --subject SubjectId
    """
