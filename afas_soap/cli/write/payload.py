"""``afas payload``: an update from one of AFAS' two spellings into the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

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

SPELLINGS: Mapping[str, Callable[[Update], str]] = {
    "json": lambda update: update_to_json(update).decode(),
    "xml": update_to_xml,
}


def run(connector: str, file: str, to: str, action: str, schema: Path | None, output: Path | None) -> None:
    """An update, spelt the other way."""
    log_to_stderr(verbose=False)
    update = read_update(connector, file, Action(action))
    known = read_schema(schema, named(connector)[0])
    if known is not None:
        update = _by(known, update)
    if not update.root:
        raise UpdateError("A plain record does not tell the root element of its payload: --schema does.")
    pieces = [SPELLINGS[to](update), "\n"]
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
