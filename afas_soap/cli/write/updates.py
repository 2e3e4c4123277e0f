"""What the commands about updates share: the connector, the payload in a file, and how it is checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.cli.shared.payloads import payload_of
from afas_soap.errors import AnswerError, Problem, SettingsError, UpdateError
from afas_soap.profit.encoding import begins_as_xml, decoded
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.schemas.updateschema import UpdateSchema
from afas_soap.profit.updates.update import Action, Update
from afas_soap.profit.updates.updatejson import update_from_json
from afas_soap.profit.updates.updatexml import update_from_xml
from afas_soap.writing.checking import Checking
from afas_soap.writing.schemacache import folder_schema

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def checking_from(options: dict[str, Any], connector: str, *, on: bool = True) -> Checking:
    """Take the way of checking out of a command's options."""
    schema, refresh, strict = (options.pop(name) for name in ("schema", "refresh", "strict"))
    return Checking(on, strict, read_schema(schema, connector), refresh)


def read_schema(path: Path | None, connector: str) -> UpdateSchema | None:
    """The schema in a file or folder that was named. Raises ``SettingsError``: it was chosen, and Profit gave none."""
    if path is None:
        return None
    try:
        return schema_from_xsd(folder_schema(path, connector), connector)
    except AnswerError as problem:
        raise SettingsError(
            f"--schema {path}: {problem.message}. Name an XSD such as afas schema {connector} prints."
        ) from None


def named(connector: str) -> tuple[str, str]:
    """The connector and the sub-object of ``KnSubject/KnSubjectAttachment``."""
    main, slash, sub_object = connector.partition("/")
    if not main.strip() or (slash and not sub_object.strip()) or "/" in sub_object:
        raise click.UsageError(
            f"{connector!r} is no UpdateConnector: KnSubject is one, KnSubject/KnSubjectAttachment a sub-object of it"
        )
    return main, sub_object


def read_update(connector: str, file: str, action: Action) -> Update:
    """The update in a file, or on standard input: AFAS' JSON, its XML, or one plain record as JSON."""
    data = payload_of(file)
    main, sub_object = named(connector)
    read = update_from_xml if begins_as_xml(data) else update_from_json
    try:
        return read(data, main, action=action, sub_object=sub_object)
    except UpdateError as error:
        if [problem.rule for problem in error.problems] != ["json"] or not _is_batch(data):
            raise
    raise UpdateError.of(Problem("", "json", _BATCH)).about(connector=main)


_BATCH = (
    "a record a line is a batch: afas insert, update and delete take a file of that with --journal. One call takes one "
    "record, or a list of them."
)


def _is_batch(data: bytes) -> bool:
    """Whether each of the first two lines holds a record of its own."""
    try:
        first, _, rest = decoded(data).strip().partition("\n")
        return all(isinstance(json.loads(each), dict) for each in (first, rest.lstrip().partition("\n")[0]))
    except (AnswerError, ValueError, RecursionError):
        return False
