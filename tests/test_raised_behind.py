"""The idiom "raised behind the block" (CONTRIBUTING.md): no error of ours keeps, as its context, what it was made from.

``raise ... from None`` hides a context and keeps it. An error of requests holds the request with its headers, one of
json the whole text, one of a codec the bytes. So in a handler no other error is raised, unless what is caught there is
known to hold nothing.
"""

from __future__ import annotations

import ast
import codecs
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

import pytest

import afas_soap
from afas_soap import errors
from afas_soap.batch.file import BatchFile
from afas_soap.batch.updates import Updates
from afas_soap.errors import AfasError
from afas_soap.export.target import write_stream
from afas_soap.profit.encoding import as_utf8
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.questions.filterjson import filters_from_json
from afas_soap.profit.questions.restquery import query_from_string
from afas_soap.profit.readers.envelope import xml_rows
from afas_soap.profit.readers.errorbody import parsed
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.schemas.metainfoxsd import metainfo_xsd
from afas_soap.profit.xmlsafe import parse
from afas_soap.settings import secretfile
from afas_soap.settings.profiles import read_text

PACKAGE = Path(afas_soap.__file__).parent
# The far end: its errors become answers, or end its process.
ELSEWHERE = ("emulator",)
# An error of these holds a position, a name or a sentence of its own, and one of ours no body, value or secret.
HARMLESS = {
    *(name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, AfasError)),
    "ImportError",
    "RecursionError",
    "RuntimeError",
    "SystemExit",
    "click.Abort",
    "csv.Error",
    "disk.InUseError",
    "expat.ExpatError",
    "queue.Empty",
    "zlib.error",
}
# A number, a reason and a file's name; but those of requests are of that kind as well.
OF_FILES = {"OSError", "FileNotFoundError"}
WITH_REQUESTS = ("wire", "signin", "connections.py")
REASONED = {
    # It hands over what it was made from, and goes no further than to HttpSession.send.
    "wire/http/connecting.py: watching",
    # LookupError and ValueError of expat name an encoding.
    "profit/readers/envelope.py: feed",
    "profit/readers/rowreader.py: feed",
}


def _handlers(path: Path) -> Iterator[tuple[str, ast.ExceptHandler]]:
    """Each handler of a module, with the name of the innermost function around it."""
    todo: list[tuple[ast.AST, str]] = [(ast.parse(path.read_text(encoding="utf-8")), "")]
    while todo:
        node, name = todo.pop()
        if isinstance(node, ast.FunctionDef):
            name = node.name
        if isinstance(node, ast.ExceptHandler):
            yield name, node
        todo.extend((child, name) for child in ast.iter_child_nodes(node))


def _caught(handler: ast.ExceptHandler) -> set[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {"BaseException" if kind is None else ast.unparse(kind) for kind in kinds}


def _raised(handler: ast.ExceptHandler) -> list[ast.Raise]:
    """What it raises itself; a bare ``raise`` lets the same error through."""
    return [node for node in ast.walk(handler) if isinstance(node, ast.Raise) and node.exc is not None]


def offences(package: Path) -> list[str]:
    """Where an error is raised while one is handled that may hold more than its message."""
    found = []
    for path in sorted(package.rglob("*.py")):
        at = path.relative_to(package)
        if at.parts[0] in ELSEWHERE:
            continue
        harmless = HARMLESS if at.parts[0] in WITH_REQUESTS else HARMLESS | OF_FILES
        for function, handler in _handlers(path):
            if _raised(handler) and not _caught(handler) <= harmless and f"{at.as_posix()}: {function}" not in REASONED:
                found.append(f"{at.as_posix()}: {function}: raises in except {', '.join(sorted(_caught(handler)))}")
    return sorted(found)


def test_errors_are_raised_behind_the_block() -> None:
    assert offences(PACKAGE) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("except ValueError:\n        raise AfasError() from None", ["room.py: f: raises in except ValueError"]),
        ("except (OSError, UnicodeError):\n        if f:\n            raise X", None),
        ("except:\n        raise X", ["room.py: f: raises in except BaseException"]),
        ("except ValueError:\n        raise", []),
        ("except OSError:\n        raise X", []),
        ("except ValueError:\n        problem = X\n    raise problem", []),
    ],
)
def test_the_search_finds_what_it_looks_for(tmp_path: Path, code: str, found: list[str] | None) -> None:
    text = f"def f():\n    try:\n        pass\n    {code}\n"
    for room in ("room.py", "wire/http/room.py", "emulator/room.py"):
        (tmp_path / room).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / room).write_text(text, encoding="utf-8")
    within = ["OSError, UnicodeError"] if found is None else [one.rpartition("except ")[2] for one in found]
    files = [*within, *(["OSError"] if code.startswith("except OSError") else [])]
    expected = [f"room.py: f: raises in except {kinds}" for kinds in within]
    assert offences(tmp_path) == [*expected, *(f"wire/http/room.py: f: raises in except {kinds}" for kinds in files)]


AB = Fields("X", (Field("A", Kind.INT, "int"), Field("B", Kind.BYTES, "binary")))
HALF = "geheim \ud800"


def _xml(value: str) -> bytes:
    return f"<AfasGetConnector><X><B>{value}</B></X></AfasGetConnector>".encode()


def _written(folder: Path, data: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(data)
    return path


def _line(folder: Path, data: bytes) -> object:
    with BatchFile(_written(folder, data), Updates("KnSubject")) as file:
        return [file.record(line) for line in file.lines()]


MADE: dict[str, Callable[[Path], object]] = {
    "an error body": lambda _: parsed(b'{"a": geheim', "it"),
    "metainfo": lambda _: metainfo_xsd(b'{"a": geheim', "X"),
    "a filter": lambda _: filters_from_json('{"a": geheim'),
    "a query string": lambda _: query_from_string("?filterfieldids=geheim%FF"),
    "UTF-16": lambda _: as_utf8(codecs.BOM_UTF16_LE + "geheim".encode("utf-16-le") + b"x"),
    "XML": lambda _: parse(HALF),
    "JSON that is none": lambda _: list(json_rows([b'{"rows":[{"A":1,"B":"geheim}]}'], fields=AB)),
    "JSON that is no UTF-8": lambda _: list(json_rows([b'{"rows":[{"A":1,"B":"geheim\xff"}]}'], fields=AB)),
    "a value of JSON": lambda _: list(json_rows([b'{"rows":[{"A":1,"B":"geheim"}]}'], fields=AB)),
    "half a character": lambda _: list(json_rows([b'{"rows":[{"A":"geheim \\ud800"}]}'], fields=None)),
    "a value of XML": lambda _: list(xml_rows([_xml("geheim\u20ac")], fields=AB)),
    "XML that is no UTF-8": lambda _: list(xml_rows([_xml("geheim").replace(b"m<", b"\xff<")], fields=AB)),
    "a file of settings": lambda folder: secretfile.decoded("token_file", folder, b"geheim\xff"),
    "a file of profiles": lambda folder: read_text(_written(folder, b"geheim\xff")),
    "a line of a batch": lambda folder: _line(folder, b'{"a":"geheim\xff"}\n'),
    "a text to write": lambda _: write_stream(io.BytesIO(), [HALF]),
}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_no_error_keeps_what_it_was_made_from(made: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(AfasError) as caught:
        made(tmp_path)
    # That of expat holds a position alone.
    assert caught.value.__context__ is None or isinstance(caught.value.__context__, expat.ExpatError)
    assert "geheim" not in str(caught.value)
