"""Every command and every code sample of the documentation runs, and prints what the page says.

A page is run from top to bottom in an empty folder that holds ``token.xml``, with nothing configured:

- a ``python`` block is run behind those before it, as one script;
- a ``console`` block holds ``$ `` commands, each followed by what a terminal shows then, standard error included;
- a ``text`` block right behind a ``python`` block is what that prints;
- ``<!-- file: NAME -->`` before a block writes the block to that file, below ``config/`` for the user's configuration;
- from ``<!-- emulator -->`` on an emulator on a port stands in for the environments that the page names, and
  ``mail.txt`` is its mailbox;
- from ``<!-- embedded -->`` on the embedded Profit is the profile chosen, so that nothing says it was fallen back to;
- from ``<!-- sb -->`` on the files that the page writes lead to an emulator on a port where they name the customer
  environment ``demo/enyoi``, and ``app-token.txt`` beside the profiles holds an app token for it.

Its processes are real ones; only README.md has them start from nothing, for the others all has been imported.

In expected output a line ``...`` stands for any lines, and ``...`` within a line for anything in that line.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.mailbox import FileMailbox
from afas_soap.emulator.sb.signin.clients import DEMO_APP_TOKEN
from afas_soap.emulator.store import Store
from afas_soap.profit.access.token import AfasToken

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
PAGES = [page for page in PAGES if "_build" not in page.parts and "generated" not in page.parts]
BLOCK = re.compile(
    r"^<!-- (?P<profit>emulator|embedded|sb) -->$"
    r"|(?:^<!-- file: (?P<file>\S+) -->\n+)?^```(?P<language>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
# What runs is something else there: these set up a machine, and have tests of their own.
ELSEWHERE = re.compile(r"make \w+|pip install .*|git clone .*|cd \S+|eval .*")
DATA = {"text", "toml", "xml", "json", "yaml", "ini"}
TOKEN = "1234567890ABCDEF" * 4


@dataclass(frozen=True)
class Block:
    """One fenced block of a page; ``profit`` is who answers in it."""

    language: str
    body: str
    file: str | None
    profit: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    profit = ""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        profit = found["profit"] or profit
        if found["language"]:
            yield Block(found["language"], found["body"], found["file"], profit)


def fits(expected: str, printed: str) -> bool:
    """Whether the output is as expected; blanks at line ends are nothing, and how wide a gap is does not matter."""
    lines = [
        r"(?:[^\n]*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", r"[^\n]*?") + r"\n"
        for line in _lines(expected)
    ]
    return re.fullmatch("".join(lines), "".join(f"{line}\n" for line in _lines(printed))) is not None


def _lines(text: str) -> list[str]:
    return [re.sub(r"(?<=\S) {2,}", "  ", line.rstrip()) for line in text.strip("\n").splitlines()]


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Each ``$ `` command, with its continuation lines, and what it prints."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = 1
        while lines[length - 1].endswith("\\"):
            length += 1
        yield "\n".join(lines[:length]), "\n".join(lines[length:])


class Script:
    """A page's script, fed block by block to one Python, which says when a block is done."""

    _DONE = "\x1e"
    _FEED = (
        "import json, sys\n"
        "names = {'__name__': '__main__'}\n"
        "for line in sys.stdin:\n"
        "    exec(compile(json.loads(line), 'page', 'exec'), names)\n"
        f"    print({_DONE!r}, flush=True)\n"
    )

    def __init__(self, python: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._errors = folder / ".errors"
        with self._errors.open("w") as errors:
            self._python = subprocess.Popen(
                [*python, "-W", "error", "-c", self._FEED],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._too_long = threading.Timer(120, self._python.kill)
        self._too_long.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._too_long.cancel()
        self._python.kill()
        self._python.communicate()

    def run(self, block: str) -> str:
        """What the block prints."""
        feed, output = self._python.stdin, self._python.stdout
        assert feed is not None
        assert output is not None
        feed.write(json.dumps(block) + "\n")
        feed.flush()
        printed: list[str] = []
        for line in output:
            if line == f"{self._DONE}\n":
                return "".join(printed)
            printed.append(line)
        pytest.fail(f"{block}\n{self._errors.read_text()}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a page runs: with a token file that nobody else can read."""
    (tmp_path / "token.xml").write_text(TOKEN)
    (tmp_path / "token.xml").chmod(0o600)
    app_token = tmp_path / "config" / "afas-soap" / "app-token.txt"
    app_token.parent.mkdir(parents=True)
    app_token.write_text(DEMO_APP_TOKEN.reveal())
    app_token.chmod(0o600)
    return tmp_path


@pytest.fixture
def python(page: Path, warm: list[str]) -> list[str]:
    """What runs the page: Python itself, or one that has everything imported."""
    return [sys.executable] if page.name == "README.md" else warm


@pytest.fixture
def programs(python: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the command ``afas``."""
    if python == [sys.executable]:
        return Path(sys.executable).parent
    afas = tmp_path_factory.mktemp("programs") / "afas"
    afas.write_text(f'#!/bin/sh\nexec {shlex.join(python)} -m afas_soap "$@"\n')
    afas.chmod(0o755)
    return afas.parent


@pytest.fixture
def environments(folder: Path, programs: Path, served: tuple[str, str, Path, str]) -> Mapping[str, dict[str, str]]:
    """The variables that a block's commands see, by who answers: our programs come first, none is the user's own."""
    (folder / "mail.txt").symlink_to(served[2])
    plain = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AFAS_")},
        "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "COLUMNS": "100",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_STATE_HOME": str(folder / "state"),
    }
    return {
        "": plain,
        "embedded": {**plain, "AFAS_PROFILE": "emulator"},
        "emulator": {**plain, "AFAS_SOAP_URL": served[0], "AFAS_REST_URL": served[1]},
        "sb": plain,
    }


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path, str]]:
    """The addresses of an emulator on a port that takes the token of the pages, its mailbox, and a customer environment
    of SB there: each page has its own, for one of them adds a GetConnector that others would count."""
    mailbox = tmp_path_factory.mktemp("mailbox") / "mail.txt"
    with serve(Emulator(Store(), tokens=[AfasToken.parse(TOKEN)], setup=Setup(mailbox=FileMailbox(mailbox)))) as server:
        yield server.soap_url, server.rest_url, mailbox, server.sb_url("enyoi")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_runs(
    page: Path,
    folder: Path,
    environments: Mapping[str, dict[str, str]],
    python: list[str],
    served: tuple[str, str, Path, str],
) -> None:
    """The page does what it says."""
    found = [
        dataclasses.replace(block, body=block.body.replace("demo/enyoi", served[3])) if block.file else block
        for block in blocks(page)
    ]
    with contextlib.ExitStack() as stack:
        _run(page, folder, found, environments, lambda names: stack.enter_context(Script(python, folder, names)))


def _run(
    page: Path,
    folder: Path,
    found: list[Block],
    environments: Mapping[str, dict[str, str]],
    begun: Callable[[dict[str, str]], Script],
) -> None:
    script: Script | None = None
    printed = ""
    for block in found:
        environment = environments[block.profit]
        if block.file is not None:
            target = folder / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.language == "python":
            script = script or begun(environment)
            printed = script.run(block.body)
        elif block.language == "text" and script is not None:
            assert fits(block.body, printed), f"{page.name}: expected\n{block.body}\ngot\n{printed}"
        elif block.language == "console":
            for command, expected in commands(block.body):
                _console(command, expected, folder, environment)
        else:
            assert block.language in DATA, f"{page.name}: nobody runs a {block.language} block"


def test_the_house_names_every_module() -> None:
    """Who looks for a line of code finds its room on the page, with the first line of the module as it is now."""
    house = runpy.run_path(str(ROOT / "docs" / "house.py"))
    page = house["PAGE"].read_text(encoding="utf-8")
    assert house["renewed"](page) == page, "python docs/house.py writes the tables anew"


def test_each_term_of_the_glossary_stands_at_the_head_of_its_module() -> None:
    """Who knows the field's term finds the module by a search for it."""
    page = (ROOT / "docs" / "explanation" / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| ([^|]+) \| [^|]+ \| `([\w/.]+)` \|$", page, re.MULTILINE)
    assert len(terms) > 30
    assert terms == sorted(terms), "who looks for a word finds it by the alphabet"
    missing = []
    for term, module in terms:
        head = ast.get_docstring(ast.parse((ROOT / "afas_soap" / module).read_text(encoding="utf-8"))) or ""
        if term not in " ".join(head.split()).lower():
            missing.append(f"{module}: {term}")
    assert missing == []


def test_the_pages_name_no_module_that_is_not_there() -> None:
    """Who follows a page to a file finds it."""
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "afas_soap").rglob("*.py")}
    named = {name for page in PAGES for name in re.findall(r"`([\w/]+\.py)`", page.read_text(encoding="utf-8"))}
    places = {
        name: [f"afas_soap/{name}"] * (f"afas_soap/{name}" in modules)
        or [module for module in modules if f"/{module}".endswith(f"/{name}")]
        for name in named
    }
    assert {name for name, found in places.items() if not found} == set()
    assert {name: found for name, found in places.items() if len(found) > 1} == {}, "name the room as well"


def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    """``make docs`` is good: no dead link, no page that nobody links to, no markup fault in a docstring. Without
    our theme, which takes half as long again."""
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    pytest.importorskip("furo", reason="the extra docs is not installed")
    builder = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-d", str(tmp_path / "trees")]
    builder += ["-D", "html_theme=basic", "-D", "html_copy_source=0", "-D", "html_use_index=0"]
    done = subprocess.run(
        [*builder, str(ROOT / "docs"), str(tmp_path / "html")], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("expected", "printed", "wanted"),
    [
        ("one\n...\nfour", "one\ntwo\nthree\nfour", True),
        ("one\n...\ntwo", "one\ntwo", True),
        ("o...e\ntwo", "one\ntwo", True),
        ("o...o", "one\ntwo", False),
        ("one", "one\ntwo", False),
        ("a.c", "abc", False),
        ("a   b", "a  b", True),
        ("a  b", "a b", False),
    ],
)
def test_dots_stand_for_lines_or_for_a_part_of_a_line(expected: str, printed: str, wanted: bool) -> None:
    """An expected output with dots in it still says something."""
    assert fits(expected, printed) is wanted


def _console(command: str, expected: str, folder: Path, environment: dict[str, str]) -> None:
    if ELSEWHERE.fullmatch(command):
        target = command.removeprefix("make ")
        assert target == command or re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), command
        return
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("the commands of the pages are written for bash, and there is none")
    done = subprocess.run(
        [
            bash,
            "-c",
            f"set -o pipefail\n{_exports(folder)}{command}\ncode=$?\nexport -p | grep ' AFAS_' > .exports\nexit $code",
        ],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    said = re.search(r"\(exit code (\d+)\)\s*$", expected)
    wanted = int(said[1]) if said else 0
    assert done.returncode == wanted, f"$ {command}\n{done.stdout}"
    if said:
        expected = expected[: said.start()]
    assert fits(expected, done.stdout), f"$ {command}\nexpected\n{expected}\ngot\n{done.stdout}"


def _exports(folder: Path) -> str:
    """What an earlier command of the page exported holds for the later ones."""
    return ". ./.exports\n" if (folder / ".exports").exists() else ""
