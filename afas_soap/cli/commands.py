"""The command table. A group's declarations are imported when one of its commands is wanted, what a command does when
it is called: ``afas --help`` starts at once."""

from __future__ import annotations

import atexit
import gc
import importlib
import keyword
import sys
from collections.abc import Sequence

import click

from afas_soap.cli.group import Group
from afas_soap.cli.shared.exits import run
from afas_soap.version import __version__

# command -> (module below afas_soap.cli that does it, help line); it is declared in ``commands`` of the same folder
TABLE = {
    "attachment": ("documents.attachment", "Save an attachment of a dossier item."),
    "attachments": ("documents.attachments", "List the attachments of a dossier item."),
    "auth": ("signin.auth", "Sign in with OAuth, sign out, and see how things stand."),
    "check": ("write.check", "Check an update against its connector's schema, and name every problem."),
    "compare": ("read.compare", "Ask two sides the same question and report what differs."),
    "completion": ("look.completion", "Print the script that completes afas commands in your shell."),
    "connectors": ("look.connectors", "List the connectors that your credentials may use."),
    "convert": ("read.convert", "Turn a saved answer (SOAP, XML or JSON) into another format."),
    "delete": ("write.delete", "Delete records of an UpdateConnector, by their keys."),
    "demo": ("serve.demo", "Show the main job on the embedded Profit: read, compare, write XML."),
    "describe": ("look.describe", "Show a connector's columns, or what an UpdateConnector takes, as a tree."),
    "doctor": ("look.doctor", "Check the way to Profit, step by step, and say what helps."),
    "dossier": (
        "dossier.export",
        "Export the attachments of the dossier, as AFAS' consultants do, in folders or a ZIP.",
    ),
    "emulator": ("serve.emulator", "Serve a small Profit on a port, over SOAP and REST."),
    "file": ("documents.file", "Save a file of a free field or a project."),
    "get": ("read.get", "Read the rows of a GetConnector."),
    "image": ("documents.image", "Save a picture."),
    "import": ("imports.run", "Run a remote import, follow it, and list what was imported."),
    "insert": ("write.insert", "Insert records through an UpdateConnector, one call or a whole batch."),
    "payload": ("write.payload", "Turn an update from AFAS' XML into its JSON, and back."),
    "profile": ("signin.profile", "Add, list, show and remove profiles, which are named settings."),
    "report": ("documents.report", "Save a report, mostly a PDF, of the records that filters let through."),
    "sb": ("sb.get", "Read and write AFAS SB, AFAS' accounting for small businesses."),
    "schema": ("look.schema", "Print the XSD of an UpdateConnector."),
    "settings": ("look.settings", "Show each setting and where it came from, and no secret."),
    "update": ("write.update", "Change records through an UpdateConnector, found by their keys."),
    "version": ("look.version", "Print Profit's version."),
    "wsdl": ("look.wsdl", "List the shipped WSDL documents, or compare them with a live one."),
}


class Commands(Group):
    """A group whose commands are imported when they are called; their help lines stand in the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, sorted."""
        return sorted(TABLE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command as it is declared."""
        if cmd_name not in TABLE:
            return None
        group = TABLE[cmd_name][0].partition(".")[0]
        # "import" can be no name of a function.
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(importlib.import_module(f"afas_soap.cli.{group}.commands"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help lines out of the table, so that help imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in sorted(TABLE.items())])


@click.group(cls=Commands, name="afas", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="afas-soap")
def afas() -> None:
    """Read and write AFAS Profit over SOAP and REST.

    With nothing configured, an embedded Profit answers what is read; "afas settings" shows what is configured.

    Exit codes: 0 fine, 1 differences or errors found, 2 usage or settings, 3 access, 4 not found, 5 Profit refused,
    6 no answer, 7 unreadable answer, 8 sent but outcome unknown, 70 a fault of afas itself, 130 interrupted,
    143 terminated.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``afas`` and give its exit code; an error is one readable line on stderr."""
    # When the process ends the system takes back what is left; to look through it for garbage takes a fifth of a short
    # command's time.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    return run(afas, list(sys.argv[1:] if arguments is None else arguments))
