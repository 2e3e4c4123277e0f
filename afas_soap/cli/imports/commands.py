"""The commands about remote imports: their arguments, options and help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.cli.group import Group
from afas_soap.cli.options.output import listing_options
from afas_soap.cli.options.whom import connection_options
from afas_soap.cli.shared.lazy import done_by

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_AGAIN = click.option("--again", is_flag=True, help="Send it although it may have been imported already.")
_WAIT = click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until the log is there.")
_ID = click.option(
    "--environment-id", metavar="ID", help="The whole id, such as O12345AA. [default: asked for over REST]"
)
_JOURNAL = click.option(
    "--journal",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where it is written down what was imported, and logs are kept. [default: your own]",
)


@click.group("import", cls=Group)
def import_() -> None:
    """Run a remote import, follow it, and list what was imported. Over SOAP, for REST has none.

    The app connector needs "AFAS Remote Cmd" on its tab Connectors. A journal remembers what was sent, so that nothing
    is imported twice by accident, and it keeps each log, which Profit gives once.
    """


@import_.command("run")
@click.argument("name")
@click.argument("file", type=_FILE)
@click.option("--with", "with_", multiple=True, type=_FILE, metavar="FILE", help="Send this file along, by its name.")
@click.option("--administration", metavar="N", help="The administration to import into, where it has to be said.")
@_AGAIN
@_WAIT
@_ID
@_JOURNAL
@connection_options
@done_by("afas_soap.cli.imports.run")
def run() -> None:
    """Import FILE by the import definition NAME, and say what became of it; exit code 1 when it failed.

    The log goes to standard output, what is about the import to standard error. The same file for the same definition
    and administration as an import whose outcome is not known is refused with exit code 8.

    \b
    afas import run "Import dossier nieuw" dossier.csv
    afas import run "Import artikelen" artikelen.csv --with foto1.jpg --with foto2.jpg
    afas import run "Import mutaties" mutaties.csv --administration 1 --no-wait
    """


@import_.command("definition")
@click.argument("file", type=_FILE)
@_AGAIN
@_WAIT
@_ID
@_JOURNAL
@connection_options
@done_by("afas_soap.cli.imports.run", "definition")
def definition() -> None:
    """Import the definition of a GetConnector, a .gcn file, whose bytes are sent as they are."""


@import_.command("log")
@click.argument("command_id")
@_WAIT
@_JOURNAL
@connection_options
@done_by("afas_soap.cli.imports.run", "log")
def log() -> None:
    """Say what became of the import COMMAND_ID; exit code 1 when it failed.

    A log that came before is read again, and nobody is asked. One that was cut off on its way is lost: exit code 8,
    which one also gets that cannot be read, and with --no-wait an import that waits or runs.
    """


@import_.command("list")
@_JOURNAL
@listing_options
@done_by("afas_soap.cli.imports.list_")
def list_() -> None:
    """List the imports of the journal, the first one first. Nobody is asked."""
