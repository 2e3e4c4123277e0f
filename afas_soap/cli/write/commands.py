"""The commands that write records, and what goes before: their arguments, options and help."""

from __future__ import annotations

from pathlib import Path

import click

from afas_soap.cli.options.target import Target
from afas_soap.cli.options.update import checking_options, sending_options
from afas_soap.cli.options.whom import connection_options
from afas_soap.cli.options.words import ACTIONS, SPELLINGS
from afas_soap.cli.shared.lazy import done_by


@click.command("check")
@click.argument("connector")
@click.argument("file", type=click.Path(allow_dash=True), default="-")
@click.option(
    "--action",
    type=click.Choice(ACTIONS),
    default=ACTIONS[0],
    show_default=True,
    help="What records do that do not say it.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@checking_options
@connection_options
@done_by("afas_soap.cli.write.check")
def check() -> None:
    """Check the payload in FILE (- is standard input) against the schema of CONNECTOR; nothing is sent.

    FILE holds AFAS' JSON, AFAS' XML, or one plain record as JSON. Errors would keep it from being sent: the exit code
    is 1. Doubts are told and change nothing, unless --strict. CONNECTOR/SUBOBJECT checks rows of a sub-object. With
    --schema nobody is asked.

    \b
    afas check KnSubject subject.json
    afas check FiEntries entry.xml --schema FiEntries.xsd --format json
    """


@click.command("payload")
@click.argument("connector")
@click.argument("file", type=click.Path(allow_dash=True), default="-")
@click.option("--to", type=click.Choice(SPELLINGS), required=True, help="AFAS' JSON (REST) or its XML (SOAP).")
@click.option(
    "--action",
    type=click.Choice(ACTIONS),
    default=ACTIONS[0],
    show_default=True,
    help="What records do that do not say it.",
)
@click.option(
    "--schema",
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="XSD for the root element and the order of fields; in a folder CONNECTOR.xsd.",
)
@click.option("-o", "--output", type=Target(), metavar="FILE", help="File to write.")
@done_by("afas_soap.cli.write.payload")
def payload() -> None:
    """Turn the payload in FILE into the other spelling: AFAS' XML as SOAP takes it, AFAS' JSON as REST does.

    FILE is a path, or - for standard input; whether it is XML or JSON shows in it. With --schema the fields come in
    that schema's order, and plain records (a JSON object of fields) get their root element. Nobody is asked, and
    nothing is checked but the form: afas check does that. CONNECTOR/SUBOBJECT is for rows below records that are there.

    In XML each record says what is done; in JSON the verb does, which is --action here and the command that sends it.

    \b
    afas payload KnSubject subject.xml --to json
    afas payload KnSubject subject.json --to xml --schema KnSubject.xsd -o subject.xml
    """


@click.command("insert")
@sending_options("insert")
@connection_options
@done_by("afas_soap.cli.write.insert")
def insert() -> None:
    """Insert the records of FILE (- is standard input) through the UpdateConnector CONNECTOR.

    FILE holds AFAS' JSON, AFAS' XML, or one plain record as JSON, and is one call, which is one transaction. It is
    checked against the connector's schema first. The keys that Profit hands out are printed as JSON.

    CONNECTOR/SUBOBJECT inserts rows below records that are there already. With --journal FILE is JSON Lines, a record a
    line and a call a record: started again after a break, what is done is not done twice.

    \b
    afas insert KnSubject subject.json --dry-run
    afas insert KnSubject/KnSubjectAttachment attachment.json
    afas insert FbSales orders.jsonl --journal orders.journal --lookup Profit_Salesorders:CustomerReference=RfCs
    """


@click.command("update")
@sending_options("update")
@connection_options
@done_by("afas_soap.cli.write.update")
def update() -> None:
    """Change records through the UpdateConnector CONNECTOR: the fields in FILE (- is standard input).


    FILE holds AFAS' JSON, AFAS' XML, or one plain record as JSON, in which a key is "@SbId"; the records are found by
    their keys. An empty text clears a field.
    With --journal FILE is JSON Lines, a record a line and a call a record.

    \b
    afas update KnSubject change.json
    """


@click.command("delete")
@sending_options("delete")
@connection_options
@done_by("afas_soap.cli.write.delete")
def delete() -> None:
    """Delete records of the UpdateConnector CONNECTOR for good: those whose keys stand in FILE (- is standard input).

    FILE holds AFAS' JSON, AFAS' XML, or one plain record as JSON, such as {"@SbId": 1957}. CONNECTOR/SUBOBJECT deletes
    rows below records, which stay. It asks first, unless --yes.

    \b
    echo '{"@SbId": 1957}' | afas delete KnSubject - --yes
    """
