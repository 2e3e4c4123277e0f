"""The house: rooms that have room, imports that only point down, and a package that is shipped whole."""

from __future__ import annotations

import ast
import configparser
from collections.abc import Iterator, Mapping
from pathlib import Path

import afas_soap
from afas_soap.cli.commands import TABLE

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "afas_soap"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
MOST_LINES, MOST_OF_A_FUNCTION, MOST_MODULES = 400, 60, 15


def imported(name: str) -> Iterator[str]:
    """Every module of ours that the module of this name imports, wherever in it that stands."""
    nodes = list(ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    loggers = {id(argument) for call in calls if "getLogger" in ast.unparse(call.func) for argument in call.args}
    for node in nodes:
        match node:
            case ast.ImportFrom(module=str() as base, level=0):
                wanted = [f"{base}.{alias.name}" for alias in node.names]
                yield from (found for found in (one if one in MODULES else base for one in wanted) if found in MODULES)
            case ast.Import():
                yield from (alias.name for alias in node.names if alias.name in MODULES)
            case ast.Constant(value=str() as text) if text in MODULES and id(node) not in loggers:
                # What is loaded later is named in a string.
                yield text


def graph() -> Mapping[str, set[str]]:
    """Module -> what it imports, with what the doors load."""
    found = {name: set(imported(name)) - {name} for name in MODULES}
    found["afas_soap"] |= {f"afas_soap.{module}" for module in afas_soap._DOOR.values()}
    found["afas_soap.cli.commands"] |= {f"afas_soap.cli.{row[0].partition('.')[0]}.commands" for row in TABLE.values()}
    return found


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """One way round, [] when there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name not in done:
            for other in sorted(edges[name]):
                if found := walk(other, [*way, name]):
                    return found
            done.add(name)
        return []

    return next((found for name in sorted(edges) if (found := walk(name, []))), [])


def test_no_import_goes_round_in_a_circle_however_late_it_happens() -> None:
    edges = graph()
    assert "afas_soap.wire.profit.soap" in edges["afas_soap.connections"], "what is loaded later counts"
    assert circle(edges) == []


def test_a_circle_would_be_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


def test_a_module_says_what_it_is_and_stays_small() -> None:
    silent, large, long = [], {}, {}
    for name, path in MODULES.items():
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        if not ast.get_docstring(tree):
            silent.append(name)
        if (lines := len(text.splitlines())) > MOST_LINES:
            large[name] = lines
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > MOST_OF_A_FUNCTION:
                    long[f"{name}.{node.name}"] = length
    assert (silent, large, long) == ([], {}, {})


def test_no_room_is_crowded() -> None:
    rooms = {path.parent for path in MODULES.values()}
    crowded = {
        room.relative_to(ROOT).as_posix(): count
        for room in rooms
        if (count := len([path for path in room.glob("*.py") if not path.name.startswith("__")])) > MOST_MODULES
    }
    assert crowded == {}


def test_each_package_of_the_tree_is_shipped() -> None:
    """``packages`` is written by hand, and what is forgotten there is missing only where it is installed."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    shipped = setup["options"]["packages"].split()
    packages = [name for name, path in MODULES.items() if path.name == "__init__.py"]
    assert sorted(shipped) == sorted([*packages, "afas_soap.wsdl_cache"])
