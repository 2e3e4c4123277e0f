"""The commands about documents: their arguments, options and help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from afas_soap.cli.options.output import listing_options
from afas_soap.cli.options.question import QuestionCommand
from afas_soap.cli.options.target import Target
from afas_soap.cli.options.whom import connection_options
from afas_soap.cli.options.words import SIZES
from afas_soap.cli.shared.lazy import done_by

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_SUBJECT = click.argument("subject", type=click.IntRange(min=1))
_OUTPUT = click.option(
    "-o",
    "--output",
    type=Target(),
    metavar="FILE",
    help="File to write, beside it first and then renamed, or a folder; - is standard output. [default: on a terminal "
    "a file of its own name in this folder, otherwise standard output]",
)


@click.command("attachments")
@_SUBJECT
@click.option("--reactions", is_flag=True, help="Those of its reactions as well.")
@listing_options
@connection_options
@done_by("afas_soap.cli.documents.attachments")
def attachments() -> None:
    """List the attachments of the dossier item SUBJECT: id of the file and name.

    REST, and --reactions over both protocols, read AFAS' GetConnectors Profit_Subject_Attachments and
    Profit_Subject_Reaction_Attachments, which the app connector needs then.

    \b
    afas attachments 25001
    afas attachments 25006 --reactions -o attachments.csv
    """


@click.command("attachment")
@_SUBJECT
@click.argument("file_id")
@click.option("--reaction", type=click.IntRange(min=1), metavar="NUMBER", help="The reaction that it hangs on.")
@_OUTPUT
@connection_options
@done_by("afas_soap.cli.documents.attachment")
def attachment() -> None:
    """Save the attachment FILE_ID of the dossier item SUBJECT; afas attachments lists them.

    On a terminal it gets its own name, cleaned of what no file may be called, and never takes the place of a file that
    is there; into a pipe its bytes go to standard output.

    \b
    afas attachment 25001 5C055C034516ED67972E0A852E03C5B9
    afas attachment 25001 5C055C034516ED67972E0A852E03C5B9 -o payslip.pdf
    """


@click.command("report", cls=QuestionCommand)
@click.argument("report_id")
@click.option(
    "--where",
    multiple=True,
    metavar="TERM",
    help="CODE SIGN VALUE, as in afas get; CODE is the internal code of a field, such as U002, and not its label.",
)
@click.option("--or", "or_", is_flag=True, expose_value=False, help="Begin the next filter: one of them must hold.")
@_OUTPUT
@connection_options
@done_by("afas_soap.cli.documents.report")
def report() -> None:
    """Save the report REPORT_ID, mostly a PDF, of the records that the filters let through.

    A report has no name of its own, so on a terminal it is called by its id. One with a start screen cannot be called.

    \b
    afas report CF761B2F7099455B8C5227639C447689 --where 'U002 = 202600031' -o invoice.pdf
    """


@click.command("image")
@click.argument("image_id")
@click.option("--size", type=click.Choice(SIZES), default=SIZES[0], show_default=True, help="How large.")
@_OUTPUT
@connection_options
@done_by("afas_soap.cli.documents.image")
def image() -> None:
    """Save the picture IMAGE_ID, which a column of a GetConnector gives. Only REST has pictures.

    \b
    afas image 38D436288D83AFE2A62B407A84E76D98 --size thumbnail -o item.png
    """


@click.command("file")
@click.argument("file_id")
@click.argument("name")
@_OUTPUT
@connection_options
@done_by("afas_soap.cli.documents.file")
def file() -> None:
    """Save the file FILE_ID of a free field or a project. Only REST has such files.

    NAME must be the stored one, exactly as a GetConnector gives it; AFAS takes none with a comma.

    \b
    afas file 38D436288D83AFE2A62B407A84E76D98 'manual (2).pdf'
    """
