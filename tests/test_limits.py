"""What AFAS set: the numbers as its pages give them, and nowhere else in the package."""

from __future__ import annotations

import ast
import datetime
from pathlib import Path

import afas_soap
from afas_soap import limits

PACKAGE = Path(afas_soap.__file__).parent
# Numbers that are no other's: a second one in the code is a second place to change.
UNMISTAKABLE = {75 * 2**20, 2_049, 150_000, 30 * 86400.0}


def test_the_numbers_are_those_of_afas_pages() -> None:
    assert (limits.CALL_BYTES, limits.CALL_SECONDS, limits.CALLS_AT_ONCE) == (78_643_200, 900.0, 5)
    assert (limits.CELLS, limits.QUERY_STRING, limits.WINDOW) == (150_000, 2_049, 2_147_483_647)
    assert (limits.REST_TAKE, limits.OPTIONS_TAKE, limits.CALL_RECORDS) == (100, 1_000, 1_000)
    assert (limits.TOKEN_DIGITS, limits.RSA_BITS, limits.SECRET_DAYS) == (64, 2_048, 180)
    assert (datetime.date(2027, 5, 1), datetime.date(2027, 8, 31)) == (limits.CLASSIC_END, limits.CLASSIC_LAST_DAY)
    assert (limits.CLOCK_SKEW, limits.ASSERTION_ADVISED, limits.ASSERTION_MOST) == (60.0, 60, 300)
    assert limits.CHAIN_SECONDS == 2_592_000.0


def test_they_stand_once() -> None:
    again = [
        f"{path.relative_to(PACKAGE)}: {ast.unparse(node)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "limits.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _number(node) in UNMISTAKABLE
    ]
    assert again == []


def _number(node: ast.AST) -> float | None:
    """The value of a number, or of an arithmetic expression of numbers."""
    if not isinstance(node, ast.Constant | ast.BinOp):
        return None
    if any(not isinstance(part, ast.Constant | ast.BinOp | ast.operator) for part in ast.walk(node)):
        return None
    if any(isinstance(part, ast.Constant) and type(part.value) not in (int, float) for part in ast.walk(node)):
        return None
    value = eval(compile(ast.Expression(node), "", "eval"))
    return float(value)
