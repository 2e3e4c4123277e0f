"""The tables of ``explanation/the-house.md``, out of the first lines of the modules: this file writes them anew."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "afas_soap"
PAGE = ROOT / "docs" / "explanation" / "the-house.md"
BEGIN, END = "<!-- modules: python docs/house.py -->\n", "<!-- end of modules -->\n"


def _first_line(path: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.partition("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def tables() -> str:
    """A heading and a table for each room, in the order of their paths."""
    rooms = sorted({path.parent for path in PACKAGE.rglob("*.py")})
    return "\n".join(filter(None, map(_table, rooms)))


def _table(room: Path) -> str:
    modules = sorted(path for path in room.glob("*.py") if path.name != "__init__.py")
    place = room.relative_to(PACKAGE).as_posix()
    heading = "### The doors and what a program holds" if place == "." else f"### `{place}/`"
    rows = "".join(f"| `{path.relative_to(PACKAGE).as_posix()}` | {_first_line(path)} |\n" for path in modules)
    return f"{heading}\n\n{_first_line(room / '__init__.py')}\n\n| module | what is in it |\n|---|---|\n{rows}"


def renewed(page: str) -> str:
    """``page`` with its tables as the modules are now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
