"""``afas payload``: an update from one of AFAS' two spellings into the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.cli.shared.streams import tell
from afas_soap.cli.write.updates import named, read_schema, read_update
from afas_soap.errors import Problem, UpdateError
from afas_soap.export.target import write_file, write_stream
from afas_soap.profit.schemas.ordering import ordered
from afas_soap.profit.schemas.updateschema import UpdateSchema
from afas_soap.profit.updates.update import Action, Update
from afas_soap.profit.updates.updatejson import update_to_json
from afas_soap.profit.updates.updatexml import update_to_xml

_SPELLINGS: Mapping[str, Callable[[Update], str]] = {
    "json": lambda update: update_to_json(update).decode(),
    "xml": update_to_xml,
}


@click.command("payload")
@click.argument("connector")
@click.argument("file", type=click.Path(allow_dash=True), default="-")
@click.option("--to", type=click.Choice(sorted(_SPELLINGS)), required=True, help="AFAS' JSON (REST) or its XML (SOAP).")
@click.option(
    "--action",
    type=click.Choice([str(action) for action in Action]),
    default=str(Action.INSERT),
    show_default=True,
    help="What records do that do not say it.",
)
@click.option(
    "--schema",
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="XSD for the root element and the order of fields; in a folder CONNECTOR.xsd.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help="File to write.")
def command(connector: str, file: str, to: str, action: str, schema: Path | None, output: Path | None) -> None:
    """Turn the payload in FILE into the other spelling: AFAS' XML as SOAP takes it, AFAS' JSON as REST does.

    FILE is a path, or - for standard input; whether it is XML or JSON shows in it. With --schema the fields come in
    that schema's order, and plain records (a JSON object of fields) get their root element. Nobody is asked, and
    nothing is checked but the form: afas check does that. CONNECTOR/SUBOBJECT is for rows below records that are there.

    In XML each record says what is done; in JSON the verb does, which is --action here and the command that sends it.

    \b
    afas payload KnSubject subject.xml --to json
    afas payload KnSubject subject.json --to xml --schema KnSubject.xsd -o subject.xml
    """
    log_to_stderr(verbose=False)
    update = read_update(connector, file, Action(action))
    known = read_schema(schema, named(connector)[0])
    if known is not None:
        update = _by(known, update)
    if not update.root:
        raise UpdateError("A plain record does not tell the root element of its payload: --schema does.")
    pieces = [_SPELLINGS[to](update), "\n"]
    if output is None or output == Path("-"):
        write_stream(sys.stdout.buffer, pieces)
    else:
        write_file(output, pieces)
    if to == "json" and update.action not in (None, action):
        tell(
            f"afas: the payload says {update.action}, which AFAS' JSON leaves to the verb: "
            f"send it with afas {update.action}"
        )


def _by(schema: UpdateSchema, update: Update) -> Update:
    """The update with the schema's root and in its order."""
    root = schema.root.name
    if update.root not in ("", root):
        message = f"a payload for another connector: the root element of {schema.connector} is {root}."
        raise UpdateError.of(Problem(update.root, "another-root", message)).about(connector=schema.connector)
    return ordered(update.rooted(root), schema)
