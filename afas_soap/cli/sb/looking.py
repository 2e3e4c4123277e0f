"""The commands that look at SB's operations: their arguments, options and help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.cli.options.output import listing_options
from afas_soap.cli.options.words import VERBS
from afas_soap.cli.shared.lazy import done_by

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _openapi(command: _Command) -> _Command:
    return click.option(
        "--openapi",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="A newer OpenAPI file of AFAS' SB API (JSON), read beside the shipped table.",
    )(command)


@click.command("resources")
@listing_options
@_openapi
@done_by("afas_soap.cli.sb.resources")
def resources() -> None:
    """List what SB has: each connector, its verbs and versions. Makes no call.

    The version that stands first is the one a call takes unless another is named. "key" names a row, "tracked" says
    that "afas sb changes" can ask for what changed. "inferred" is what AFAS' files do not show whole.

    \b
    afas sb resources
    afas sb resources --format csv
    """


@click.command("describe")
@click.argument("connector")
@click.option("--verb", type=click.Choice(VERBS, case_sensitive=False), help="One verb only. [default: all it has]")
@click.option("--version", metavar="VERSION", help="A version, such as 2.0. [default: the newest]")
@listing_options
@_openapi
@done_by("afas_soap.cli.sb.describe")
def describe() -> None:
    """Show the columns of a read of CONNECTOR, and the fields of its writes. Makes no call.

    A star marks a required field; a field within a list is shown as LIST[]/FIELD. Rules between fields stand below
    them. JSON is one object for each operation; JSON Lines, CSV and XML have a row for each column or field.

    \b
    afas sb describe organisations
    afas sb describe salesjournalentry --verb POST --version 3.0
    """
