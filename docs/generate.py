"""The tables of the reference, out of the code they describe."""

from __future__ import annotations

from pathlib import Path

from afas_soap.cli.exits import EXIT_CODES
from afas_soap.profit.query import Operator
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
    """All fifteen, from the table in ``profit/query.py``."""
    rows = [[str(int(o)), f"`{o.sign}`", o.meaning, f"`{_PYTHON[o]}`"] for o in Operator]
    return _table(["code", "sign", "meaning", "Python"], rows)


def settings() -> str:
    """Every setting, from ``settings.py``."""
    rows = [[f"`{d.name}`", f"`{d.variable}`" if d.variable else "", d.default, d.text] for d in DESCRIPTIONS]
    return _table(["setting", "variable", "default", "what it is"], rows)


def exit_codes() -> str:
    """Every exit code, from ``cli/exits.py``."""
    return _table(["code", "when"], [[str(code), when] for code, when in EXIT_CODES.items()])


def generate(folder: Path) -> None:
    """Write the tables into the folder, each only when it changed."""
    folder.mkdir(exist_ok=True)
    for name, text in (("operators", operators()), ("settings", settings()), ("exit-codes", exit_codes())):
        target = folder / f"{name}.md"
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
