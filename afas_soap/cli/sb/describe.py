"""``afas sb describe``: the columns of a read, and the fields of writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from afas_soap.cli.sb.tables import table_from
from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.profit.fields import Field as Listed
from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.rows import Record
from afas_soap.profit.values import spell
from afas_soap.sb.checks.conditions import parse
from afas_soap.sb.operation import Field, Operation, Source, Verb, version_key
from afas_soap.sb.table import Table

_FIELDS = Fields(
    "Columns",
    (
        Listed("operation"),
        Listed("name"),
        Listed("type"),
        Listed("required", Kind.BOOL),
        Listed("rule"),
        Listed("choices"),
        Listed("known_from"),
    ),
)
_KNOWN_FROM = ((Source.FILE_6, "6.0"), (Source.FILE_8, "8.0"), (Source.SAMPLE, "sample"))


def run(connector: str, *, verb: str | None, version: str | None, openapi: Path | None, **options: Any) -> None:
    """The operations of a connector, written."""
    output = output_from(options, listing=True)
    found = _operations(table_from(openapi), connector, verb, version)
    shapes = {"table": lambda: "\n".join(map(_table, found)), "json": lambda: _json(found)}
    write_listing((row for operation in found for row in _rows(operation)), _FIELDS, output, shapes)


def _operations(table: Table, connector: str, verb: str | None, version: str | None) -> list[Operation]:
    """Those of all its verbs; of the one that is named, or of those that have the version."""
    if verb is not None:
        return [table.operation(connector, Verb(verb.upper()), version)]
    verbs = table.verbs(connector) or (Verb.GET,)
    having = [one for one in verbs if version is None or _has(table, connector, one, version)]
    return [table.operation(connector, one, version) for one in having or verbs]


def _has(table: Table, connector: str, verb: Verb, version: str) -> bool:
    return version_key(version) in map(version_key, table.versions(connector, verb))


def _rows(operation: Operation) -> Iterator[Record]:
    for column in operation.columns:
        yield _row(operation, column.name, str(column.kind), choices=column.choices, known=_known(column.sources))
    for name, field in _flat(operation.fields):
        kind = f"list of {field.kind}" if field.many else str(field.kind)
        yield _row(operation, name, kind, required=field.required, rule=_rule(field), choices=field.choices)


def _row(  # noqa: PLR0913 - one for each column of the listing
    operation: Operation,
    name: str,
    kind: str,
    *,
    required: bool = False,
    rule: str = "",
    choices: Sequence[str] = (),
    known: str = "",
) -> Record:
    return {
        "operation": operation.title,
        "name": name,
        "type": kind,
        "required": required,
        "rule": rule or None,
        "choices": ", ".join(word or '""' for word in choices) or None,
        "known_from": known or None,
    }


def _known(sources: Source) -> str:
    return ", ".join(word for source, word in _KNOWN_FROM if source in sources)


def _flat(fields: Sequence[Field], before: str = "") -> Iterator[tuple[str, Field]]:
    """Each field with its path, those of an object and of a list below it."""
    for field in fields:
        yield before + field.name, field
        yield from _flat(field.members, f"{before}{field.name}{'[]' if field.many else ''}/")


def _rule(field: Field) -> str:
    rules = (
        ("two decimals at most", field.cents),
        (f"at least {field.shortest} characters", field.shortest),
        (f"at most {field.longest} characters", field.longest),
        (f"the form {field.pattern}", field.pattern),
    )
    return ", ".join(rule for rule, given in rules if given)


def _table(operation: Operation) -> str:
    rows = [{**row, "name": spell(row["name"]) + ("*" if row["required"] else "")} for row in _rows(operation)]
    perhaps = [head for head in ("rule", "choices", "known_from") if any(row[head] for row in rows)]
    heads = ["name", "type", *perhaps]
    cells = ([spell(row[head]) for head in heads] for row in rows)
    told = "".join(f"{line}\n" for line in _below(operation))
    return f"{operation.title}{_marks(operation)}\n{aligned([heads, *cells])}{told}"


def _below(operation: Operation) -> Iterator[str]:
    """What is said below the columns: the rules, and what the answer holds."""
    for condition in map(parse, operation.conditions):
        yield f"rule: {f'each line of {condition.where}: ' if condition.where else ''}{condition.sentence}"
    if operation.answer is not None and operation.answer.names:
        yield f"answers with {operation.answer.shape}: {', '.join(operation.answer.names)}"


def _marks(operation: Operation) -> str:
    marks = (
        (f"key {', '.join(operation.key)}", operation.key),
        ("no column names a row", not operation.key and operation.verb is Verb.GET),
        ("tracked", operation.tracked),
        (f"also asks for {', '.join(operation.query)}", operation.query),
        ("only at /admin", operation.admin_only),
        ("inferred", operation.inferred),
    )
    told = ", ".join(mark for mark, given in marks if given)
    return f" ({told})" if told else ""


def _json(operations: Sequence[Operation]) -> str:
    described = [
        {
            "operation": operation.title,
            "connector": operation.connector,
            "verb": str(operation.verb),
            "version": operation.version,
            "key": list(operation.key),
            "tracked": operation.tracked,
            "inferred": operation.inferred,
            "fields": [{name: value for name, value in row.items() if name != "operation"} for row in _rows(operation)],
            "rules": [condition.sentence for condition in map(parse, operation.conditions)],
            "answers": list(operation.answer.names) if operation.answer else [],
        }
        for operation in operations
    ]
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"
