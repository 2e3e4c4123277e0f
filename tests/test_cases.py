"""The inputs that failed once, each in a folder of its own beside the project: every one of them has its test."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parent


def test_every_folder_has_a_test_that_is_named_after_it(cases: Path) -> None:
    wanted = {f"test_{folder.name.replace('-', '_')}" for folder in cases.iterdir() if folder.is_dir()}
    there = {
        node.name
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert wanted
    assert not wanted - there
