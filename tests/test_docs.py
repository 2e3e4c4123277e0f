"""Every command and every code sample of the documentation runs, and prints what the page says.

A page is run from top to bottom in an empty folder:

- a ``python`` block is added to the page's script and run;
- a ``console`` block holds ``$ `` commands, each followed by what it prints;
- a ``text`` block right behind a ``python`` block is what that prints;
- ``<!-- file: NAME -->`` before a block writes the block to that file;
- ``<!-- emulator -->`` anywhere gives the page an emulator on a port, in place of the environments that it names.

In expected output ``...`` stands for anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from afas_soap.emulator.app import Emulator
from afas_soap.emulator.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.profit.token import AfasToken

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
PAGES = [page for page in PAGES if "_build" not in page.parts and "generated" not in page.parts]
BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n+)?^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
# What runs is something else there: these set up a machine, and have tests of their own.
ELSEWHERE = re.compile(r"make \w+|pip install .*|git clone .*|cd \S+|eval .*")
DATA = {"text", "toml", "xml", "json", "csv", "yaml", "ini"}
TOKEN = "1234567890ABCDEF" * 4


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    language: str
    body: str
    file: str | None


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(found["language"], found["body"], found["file"]) for found in BLOCK.finditer(text)]


def fits(expected: str, printed: str) -> bool:
    """Whether the output is as expected, ``...`` being anything and blanks at line ends nothing."""
    plain = "\n".join(line.rstrip() for line in expected.strip("\n").splitlines())
    pattern = re.escape(plain).replace(re.escape("..."), ".*?")
    got = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, got, re.DOTALL) is not None


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Each ``$ `` command, with its continuation lines, and what it prints."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = 1
        while lines[length - 1].endswith("\\"):
            length += 1
        yield "\n".join(lines[:length]), "\n".join(lines[length:])


@pytest.fixture
def environment(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The variables a page's commands see: ours first on the path, and an emulator where the page wants one."""
    page: Path = request.getfixturevalue("page")
    variables = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    (tmp_path / "token.xml").write_text(TOKEN)
    (tmp_path / "token.xml").chmod(0o600)
    if "<!-- emulator -->" in page.read_text(encoding="utf-8"):
        soap, rest = request.getfixturevalue("served")
        variables |= {"AFAS_SOAP_URL": soap, "AFAS_REST_URL": rest}
    return variables


@pytest.fixture
def served() -> Iterator[tuple[str, str]]:
    """The addresses of an emulator on a port that takes the token of the pages."""
    with serve(Emulator(Store(), tokens=[AfasToken.parse(TOKEN)])) as server:
        yield server.soap_url, server.rest_url


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_runs(page: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    """The page does what it says."""
    script = printed = ""
    for block in blocks(page):
        if block.file is not None:
            target = tmp_path / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.language == "python":
            before = printed
            script += block.body + "\n"
            printed = _python(script, tmp_path, environment)
            assert printed.startswith(before), "a page's script prints the same every time"
            last = printed[len(before) :]
        elif block.language == "text" and script:
            assert fits(block.body, last), f"{page.name}: expected\n{block.body}\ngot\n{last}"
        elif block.language == "console":
            for command, expected in commands(block.body):
                _console(command, expected, tmp_path, environment)
        else:
            assert block.language in DATA, f"{page.name}: nobody runs a {block.language} block"


def _python(script: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stderr}"
    return done.stdout


def _console(command: str, expected: str, folder: Path, environment: dict[str, str]) -> None:
    if ELSEWHERE.fullmatch(command):
        target = command.removeprefix("make ")
        assert target == command or re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), command
        return
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("the commands of the pages are written for bash, and there is none")
    done = subprocess.run(
        [bash, "-c", f"set -o pipefail\n{_exports(folder)}{command}\ncode=$?\nexport -p > .exports\nexit $code"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = re.search(r"\(exit code (\d+)\)\s*$", expected)
    wanted = int(said[1]) if said else 0
    assert done.returncode == wanted, f"$ {command}\n{done.stdout}{done.stderr}"
    if said:
        expected = expected[: said.start()]
    if expected.strip():
        assert fits(expected, done.stdout + done.stderr), f"$ {command}\n{done.stdout}{done.stderr}"


def _exports(folder: Path) -> str:
    """What an earlier command of the page exported holds for the later ones."""
    return ". ./.exports\n" if (folder / ".exports").exists() else ""
