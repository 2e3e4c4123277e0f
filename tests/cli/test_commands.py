"""The command table: every command stands in it, imports, and says what the table says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from afas_soap import __version__
from afas_soap.cli.commands import TABLE, afas, main


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_command_of_the_table_imports_and_begins_its_help_as_the_table_says(name: str) -> None:
    command = afas.get_command(click.Context(afas), name)
    assert command is not None
    assert command.name == name
    assert command.help, "a command without help cannot stand in the reference"


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in TABLE:
        assert main([name, "--help"]) == 0
        assert f"Usage: afas {name}" in capsys.readouterr().out


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in TABLE)


@pytest.mark.parametrize("group", ["auth", "profile"])
def test_a_group_lists_its_commands_with_a_whole_sentence(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([group, "--help"]) == 0
    commands = capsys.readouterr().out.partition("Commands:")[2]
    assert "..." not in commands
    # Continued lines stand further in than names.
    assert len([line for line in commands.splitlines() if line.startswith("  ") and line[2] != " "]) >= 4


def test_version_is_the_package_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"afas-soap, version {__version__}\n"


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    """The table is read, no command is imported: none of the libraries that the commands need is loaded."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "afas_soap", "--help"], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    heavy = {
        "zeep",
        "lxml",
        "lxml.etree",
        "requests",
        "xmlschema",
        "rich",
        "werkzeug",
        "cheroot",
        "tenacity",
        "sqlite3",
    }
    assert not loaded & heavy
    assert "click" in loaded, "the measurement itself works"


def test_every_module_of_the_command_line_is_a_command_or_shared_by_commands() -> None:
    folder = Path(str(sys.modules["afas_soap.cli.commands"].__file__)).parent
    groups = ("look", "read", "serve", "signin", "write")
    shared = {
        "__init__",
        "login_prompt",
        "migrate",
        "profilequestions",
        "records",
        "reports",
        "sending",
        "tree",
        "updates",
    }
    commands = {f"{group}.{path.stem}" for group in groups for path in (folder / group).glob("*.py")}
    commands |= {path.stem for path in folder.glob("*.py") if path.stem not in ("__init__", "commands", "group")}
    assert {name for name in commands if name.rpartition(".")[2] not in shared} == {
        module for module, _ in TABLE.values()
    }


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_names_afas(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "_AFAS_COMPLETE" in capsys.readouterr().out


def test_completion_knows_commands_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from afas_soap.cli import main; sys.argv[0] = 'afas'; sys.exit(main())"],
        capture_output=True,
        text=True,
        check=False,
        env={"_AFAS_COMPLETE": "bash_complete", "COMP_WORDS": "afas con", "COMP_CWORD": "1", "PATH": ""},
    )
    assert {"plain,connectors", "plain,convert"} <= set(done.stdout.split())
