"""The tables of the reference, out of the code they describe."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import afas_soap
from afas_soap.cli.shared.exits import EXIT_CODES
from afas_soap.profit.questions.query import Operator
from afas_soap.sb.checks.conditions import parse
from afas_soap.sb.operation import Field, Kind, Operation, Source, Verb
from afas_soap.sb.table import shipped
from afas_soap.settings import DESCRIPTIONS

_PYTHON = {
    Operator.EQUALS: 'F.City == "Ede"',
    Operator.GREATER_OR_EQUAL: "F.Number >= 5",
    Operator.LESS_OR_EQUAL: "F.Number <= 5",
    Operator.GREATER: "F.Number > 5",
    Operator.LESS: "F.Number < 5",
    Operator.CONTAINS: 'F.City.contains("d")',
    Operator.NOT_EQUAL: 'F.City != "Ede"',
    Operator.EMPTY: "F.City == None",
    Operator.NOT_EMPTY: "F.City != None",
    Operator.STARTS_WITH: 'F.City.startswith("E")',
    Operator.NOT_CONTAINS: '~F.City.contains("d")',
    Operator.NOT_STARTS_WITH: '~F.City.startswith("E")',
    Operator.ENDS_WITH: 'F.City.endswith("e")',
    Operator.NOT_ENDS_WITH: '~F.City.endswith("e")',
    Operator.QUICK_FILTER: 'F.City.quick("Ede")',
}


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def operators() -> str:
    """All fifteen, from the table in ``profit/questions/query.py``."""
    rows = [[str(int(o)), f"`{o.sign}`", o.meaning, f"`{_PYTHON[o]}`"] for o in Operator]
    return _table(["code", "sign", "meaning", "Python"], rows)


def settings() -> str:
    """Every setting, from ``settings.py``."""
    rows = [[f"`{d.name}`", f"`{d.variable}`" if d.variable else "", d.default, d.text] for d in DESCRIPTIONS]
    return _table(["setting", "variable", "default", "what it is"], rows)


def exit_codes() -> str:
    """Every exit code, from ``cli/shared/exits.py``."""
    return _table(["code", "when"], [[str(code), when] for code, when in EXIT_CODES.items()])


def door() -> str:
    """Every public name of ``afas_soap``, the module it comes from, and the first sentence about it."""
    named = [(name, getattr(afas_soap, name)) for name in afas_soap.__all__]
    rows = [[f"`{name}`", f"`{_module(value)}`", _first_sentence(value)] for name, value in named]
    return _table(["name", "module", "what it is"], rows)


def sb_reads() -> str:
    """Every read of AFAS SB at each of its versions, from the table in ``sb/reads.py``."""
    rows = [
        [f"`{one.connector}`", one.version, _files(one), ", ".join(one.key), _marks(one), _columns(one)]
        for one in _operations()
        if one.verb is Verb.GET
    ]
    return _table(["connector", "version", "files", "key", "", "columns"], rows)


def sb_writes() -> str:
    """Every write of AFAS SB at each of its versions, from the table in ``sb/writes.py``."""
    rows = [
        [f"{one.verb} `{one.connector}`", one.version, _files(one), _body(one), _answer(one)]
        for one in _operations()
        if one.verb is not Verb.GET
    ]
    return _table(["call", "version", "files", "body", "answer"], rows)


def _operations() -> Iterator[Operation]:
    table = shipped()
    for connector in table.connectors:
        for verb in table.verbs(connector):
            yield from (table.operation(connector, verb, version) for version in table.versions(connector, verb)[::-1])


def _files(operation: Operation) -> str:
    files = ((Source.FILE_6, "6.0"), (Source.FILE_8, "8.0"))
    return ", ".join(name for source, name in files if source in operation.sources) or "none"


def _marks(operation: Operation) -> str:
    marks = (
        ("tracked", operation.tracked),
        ("admin", operation.admin_only),
        (f"`{' '.join(operation.query)}`", operation.query),
        ("inferred", operation.inferred),
    )
    return ", ".join(mark for mark, given in marks if given)


def _columns(operation: Operation) -> str:
    return ", ".join(
        f"{column.name}{_kind(column.kind)}{' (sample)' if column.sources == Source.SAMPLE else ''}"
        for column in operation.columns
    )


def _body(operation: Operation) -> str:
    rules = "".join(
        f" <br> {f'in {rule.where}: ' if rule.where else ''}{rule.sentence}"
        for rule in map(parse, operation.conditions)
    )
    return f"{_fields(operation.fields)}{rules}"


def _fields(fields: Sequence[Field]) -> str:
    return ", ".join(map(_field, fields))


def _field(field: Field) -> str:
    name = f"{field.name}{'*' if field.required else ''}"
    if field.members:
        opening, closing = "[]" if field.many else "()"
        return f"{name} {opening}{_fields(field.members)}{closing}"
    longest = f" ≤ {field.longest}" if field.longest else ""
    words = f" ({', '.join(word or 'empty' for word in field.choices)})" if field.choices else ""
    return f"{name}{_kind(field.kind)}{longest}{words}"


def _kind(kind: Kind) -> str:
    return "" if kind is Kind.TEXT else f" *{kind}*"


def _answer(operation: Operation) -> str:
    return f"{operation.answer.shape}: {', '.join(operation.answer.names)}" if operation.answer else "not known"


def _module(value: object) -> str:
    named = isinstance(value, type) or inspect.isfunction(value)
    return str(value.__module__) if named else type(value).__module__


def _first_sentence(value: object) -> str:
    if not isinstance(value, type) and not inspect.isfunction(value):
        return 'The columns in a filter: `F.City == "Ede"`.'
    text = " ".join((inspect.getdoc(value) or "").split())
    return re.split(r"(?<=\.)\s|(?<=\.)$", text, maxsplit=1)[0].replace("``", "`").replace("|", "\\|")


def generate(folder: Path) -> None:
    """Write the tables into the folder, each only when it changed."""
    folder.mkdir(exist_ok=True)
    for make in (operators, settings, exit_codes, door, sb_reads, sb_writes):
        target = folder / f"{make.__name__.replace('_', '-')}.md"
        text = make()
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
