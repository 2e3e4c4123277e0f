"""The command table: every command stands in it, imports, and says what the table says."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from afas_soap import __version__
from afas_soap.batch.batch import SETTLE
from afas_soap.cli.commands import TABLE, afas, main
from afas_soap.cli.options import words
from afas_soap.cli.read.reports import REPORTS
from afas_soap.cli.write.payload import SPELLINGS
from afas_soap.compare import WINDOW
from afas_soap.emulator.dialects import DIALECTS, NEWEST
from afas_soap.emulator.oauth.setup import NONCES, TYPES
from afas_soap.emulator.sb import setup as sb_setup
from afas_soap.export.formats import FORMATS
from afas_soap.limits import SB_REMEMBERS
from afas_soap.profit.documents.content import Size
from afas_soap.profit.rows import MAX_VALUE
from afas_soap.profit.updates.update import Action
from afas_soap.sb.operation import Verb


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


@pytest.mark.parametrize("command", ["get", "changes", "post", "put", "delete", "scopes", "onboard"])
def test_the_options_of_sb_are_told_in_its_words(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a setting means in Profit alone is not said there: an environment by number, a classic token, SOAP."""
    assert main(["sb", command, "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert [
        word for word in ("NUMBER[-TYPE]", "12345", "O12345AA", "client-credentials", "SOAP", "REST") if word in told
    ] == []
    assert "To spend on repeating a read, or a write under its identifier." in told
    assert "1000 for a write" in told


def test_version_is_the_package_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"afas-soap, version {__version__}\n"


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


HEAVY = {
    *("zeep", "lxml", "lxml.etree", "requests", "urllib3", "http.client", "ssl", "socket", "xmlschema", "rich"),
    *("werkzeug", "cheroot", "tenacity", "sqlite3", "cryptography", "jwt", "joserfc", "keyring", "platformdirs"),
    *(
        "filelock",
        "jsonschema_rs",
        "tomllib",
        "decimal",
        "email.message",
        "importlib.metadata",
        "importlib.resources",
        "asyncio",
    ),
    *("afas_soap.client", "afas_soap.connections", "afas_soap.settings.resolving", "afas_soap.profit.rows"),
    *("afas_soap.export", "afas_soap.wire", "afas_soap.emulator", "afas_soap.batch", "afas_soap.signin"),
}


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a fresh ``afas`` loads for these arguments."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "afas_soap", *arguments], capture_output=True, text=True, check=True
    )
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


def test_help_imports_nothing_heavy() -> None:
    """The table is read, no command is imported: none of the libraries that the commands need is loaded."""
    loaded = loaded_by("--help")
    assert not loaded & HEAVY
    assert not any(name.startswith("afas_soap.settings") for name in loaded), "nor the options of any command"
    assert "click" in loaded, "the measurement itself works"


@pytest.mark.parametrize(
    "command", ["get", "insert", "settings", "emulator", "auth", "profile add", "report", "sb describe"]
)
def test_the_help_of_a_command_imports_nothing_heavy(command: str) -> None:
    """One of each group: the options are there, what a command does is loaded when it is called."""
    loaded = loaded_by(*command.split(), "--help")
    assert not loaded & HEAVY
    assert "afas_soap.cli.options.words" in loaded or "afas_soap.settings.table" in loaded


def declared(group: click.Group = afas) -> Iterator[click.Command]:
    """Every command that does something."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from declared(command)
        else:
            yield command


@pytest.mark.parametrize("command", [pytest.param(one, id=str(one.name)) for one in declared()])
def test_what_a_command_declares_is_what_its_work_takes(command: click.Command) -> None:
    """``bind`` raises for an option that is not taken, and for an argument that is not given."""
    module, name = vars(command.callback)["work"]
    work = inspect.signature(getattr(importlib.import_module(module), name))
    given = {str(option.name): None for option in command.params if option.expose_value}
    work.bind(**given)


def test_what_help_says_of_other_rooms_is_what_stands_there() -> None:
    """``words`` is a copy, for help loads none of these rooms."""
    assert tuple(str(action) for action in Action) == words.ACTIONS
    assert tuple(FORMATS) == words.FORMATS
    assert tuple(REPORTS) == words.REPORTS
    assert tuple(sorted(SPELLINGS)) == words.SPELLINGS
    assert (words.WINDOW, words.SETTLE, words.MAX_VALUE) == (WINDOW, SETTLE, MAX_VALUE)
    assert words.REPEAT_WITHIN == SB_REMEMBERS
    assert (tuple(DIALECTS), NEWEST) == (words.DIALECTS, words.NEWEST)
    assert (sb_setup.DIALECTS, sb_setup.MEMORY) == (words.SB_DIALECTS, words.SB_MEMORY)
    assert (words.TYPES, words.NONCES) == (TYPES, NONCES)
    assert tuple(size.name.lower() for size in Size) == words.SIZES
    assert tuple(map(str, Verb)) == words.VERBS


def test_every_module_of_the_command_line_is_a_command_or_shared_by_commands() -> None:
    folder = Path(str(sys.modules["afas_soap.cli.commands"].__file__)).parent
    groups = ("documents", "dossier", "imports", "look", "read", "serve", "signin", "write")
    shared = {
        "commands",
        "__init__",
        "list_",
        "login_prompt",
        "migrate",
        "otp",
        "otp_place",
        "otp_secrets",
        "profilequestions",
        "records",
        "reports",
        "saving",
        "sending",
        "smallbusiness",
        "demosb",
        "tree",
        "updates",
    }
    commands = {f"{group}.{path.stem}" for group in groups for path in (folder / group).glob("*.py")}
    assert {path.stem for path in folder.glob("*.py")} == {"__init__", "commands", "group"}
    # What "afas sb" does stands in its own group.
    assert {name for name in commands if name.rpartition(".")[2] not in shared} == {
        module for module, _ in TABLE.values() if not module.startswith("sb.")
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
