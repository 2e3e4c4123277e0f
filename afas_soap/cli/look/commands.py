"""The commands that look around: their arguments, options and help."""

from __future__ import annotations

import click

from afas_soap.cli.group import Group
from afas_soap.cli.options.output import listing_options
from afas_soap.cli.options.target import Target
from afas_soap.cli.options.whom import connection_options, either_options
from afas_soap.cli.shared.lazy import done_by


@click.command("connectors")
@listing_options
@connection_options
@done_by("afas_soap.cli.look.connectors")
def connectors() -> None:
    """List the connectors that your credentials may use.

    Only REST tells them, so REST is asked whatever the protocol. JSON is one object with a list for each kind; every
    other format has a row for each connector.
    """


@click.command("describe")
@click.argument("connector")
@listing_options
@click.option("--update", is_flag=True, help="CONNECTOR is an UpdateConnector. [default: when it is no GetConnector]")
@connection_options
@done_by("afas_soap.cli.look.describe")
def describe() -> None:
    """Show the columns of the GetConnector CONNECTOR, their types here and the names Profit has for them.

    SOAP tells names and types; REST (--protocol rest) also labels, lengths and decimals. Of an UpdateConnector its
    root element, keys (@), fields and sub-objects are shown as a tree; only REST tells which fields are mandatory.
    JSON is one object; JSON Lines, CSV and XML have a row for each column or field.

    \b
    afas describe Profit_Debtor --protocol rest
    afas describe KnSubject
    afas describe KnSubject -o fields.csv
    """


@click.command("doctor")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@either_options
@done_by("afas_soap.cli.look.doctor")
def doctor() -> None:
    """Check the way to Profit, step by step, and say what helps.

    Looks at settings, credential, addresses, names, TLS, certificates, OAuth, clock, access and the app connector. It
    asks Profit, but reads no rows and changes nothing. The exit code is that of the first error, on which the later
    ones mostly rest: 2 settings, 3 access, 4 not found, 5 Profit refused, 6 no answer, 7 unreadable answer. Warnings
    and notes leave it 0.
    """


@click.command("schema")
@click.argument("connector")
@click.option("--refresh", is_flag=True, help="Ask Profit although one is kept.")
@click.option("-o", "--output", type=Target(), metavar="FILE", help="File to write.")
@connection_options
@done_by("afas_soap.cli.look.schema")
def schema() -> None:
    """Print the XSD of the UpdateConnector CONNECTOR, as updates are checked against it.

    Over SOAP it is Profit's own, for which the app connector needs GetXMLSchema; over REST it is made from metainfo,
    which also tells mandatory fields. It is kept for a day; standard error says how old it is.

    \b
    afas schema KnSubject -o KnSubject.xsd
    afas schema FiEntries --protocol rest --refresh
    """


@click.command("settings")
@listing_options
@either_options
@done_by("afas_soap.cli.look.settings")
def settings() -> None:
    """Show each setting and where it came from, and no secret. Makes no call."""


@click.command("version")
@connection_options
@done_by("afas_soap.cli.look.version")
def version() -> None:
    """Print Profit's version, asked over the chosen protocol."""


@click.group("wsdl", cls=Group)
def wsdl() -> None:
    """List the shipped WSDL documents, or compare them with a live one."""


@wsdl.command("list")
@listing_options
@done_by("afas_soap.cli.look.wsdl", "list_")
def list_() -> None:
    """List the shipped documents, and what in each is known and what inferred."""


@wsdl.command("check")
@click.argument("services", nargs=-1)
@connection_options
@done_by("afas_soap.cli.look.wsdl", "check")
def check() -> None:
    """Fetch the live ?WSDL of the SERVICES (all by default) and say what differs; exit code 1 when something does.

    \b
    afas wsdl check
    afas wsdl check AppConnectorGet
    """


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@done_by("afas_soap.cli.look.completion")
def completion() -> None:
    """Print the script that completes afas commands in your SHELL.

    Load it with: eval "$(afas completion bash)"
    """
