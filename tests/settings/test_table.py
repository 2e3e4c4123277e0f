"""The table of settings: a new one is one row, and its static twins agree with it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from afas_soap.profit.rows import MAX_VALUE
from afas_soap.settings.arguments import SettingsArguments
from afas_soap.settings.names import BY_NAME, NAMES
from afas_soap.settings.setting import Setting
from afas_soap.settings.settings import Settings
from afas_soap.settings.table import SETTINGS
from afas_soap.wire.http.link import Link

# A setting that is not there, in one row; what is made of it is looked at in a process of its own, in which the table
# has it before anybody reads the table.
ONE_ROW = """
import dataclasses, json, os, sys
from pathlib import Path

from afas_soap.settings import kinds, table
from afas_soap.settings.setting import Option, Setting, row, rows_of


@dataclasses.dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class Table(table.Table):
    greeting: str = row(
        "hello",
        Setting(
            reader=kinds.one_of("hello", "goodbye"),
            text="What is said first.",
            variable="AFAS_GREETING",
            kind="word",
            link="outside",
            option=Option(help="What to say first.", words=("hello", "goodbye")),
        ),
    )


table.Table, table.SETTINGS = Table, rows_of(Table)

import click
from click.testing import CliRunner

from afas_soap import ProfitClient, SettingsError, connections
from afas_soap.cli.commands import afas
from afas_soap.settings import DESCRIPTIONS, resolve
from afas_soap.wire.http.link import Link

sys.path.insert(0, sys.argv[1])
import generate


@dataclasses.dataclass(frozen=True)
class Greeted(Link):
    greeting: str = ""


connections.Link = Greeted
profiles = Path(sys.argv[2]) / "profiles.toml"
profiles.write_text('[profiles.polite]\\nenvironment = "12345"\\ngreeting = "goodbye"\\n')
profiles.chmod(0o600)
token = {"token": "ab" * 32}


def refusal(**arguments):
    try:
        resolve(arguments, {})
    except SettingsError as error:
        return error.message


def run(*arguments):
    os.environ["AFAS_TOKEN"] = "ab" * 32
    done = CliRunner().invoke(afas, [*arguments], catch_exceptions=False)
    return done.output


by_variable = resolve({"environment": "12345", **token}, {"AFAS_GREETING": "Goodbye"})
by_profile = resolve({"profile": "polite", **token}, {}, profiles=profiles)
print(json.dumps({
    "default": resolve({"environment": "12345", **token}, {}).greeting,
    "argument": resolve({"environment": "12345", **token, "greeting": "goodbye"}, {}).greeting,
    "variable": [by_variable.greeting, by_variable.sources["greeting"]],
    "profile": by_profile.greeting,
    "refusal": refusal(environment="12345", greeting="hi", **token),
    "misspelt": refusal(greetings="hello"),
    "shown": [list(line) for line in by_variable.shown() if line[0] == "greeting"],
    "link": connections.way_out(by_variable).greeting,
    "help": run("get", "--help"),
    "profile_help": run("profile", "add", "--help"),
    "settings": run("settings", "--environment", "12345", "--greeting", "goodbye"),
    "wrong": run("settings", "--greeting", "hi"),
    "docs": generate.settings(),
    "described": [dataclasses.astuple(one) for one in DESCRIPTIONS if one.name == "greeting"],
}))
"""
DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """What the rest of the package makes of one more row."""
    done = subprocess.run(
        [sys.executable, "-c", ONE_ROW, str(DOCS), str(tmp_path_factory.mktemp("profiles"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made: Mapping[str, object] = json.loads(done.stdout)
    return made


def test_a_setting_in_one_row_is_read_from_every_level(found: Mapping[str, object]) -> None:
    assert found["default"] == "hello"
    assert found["argument"] == "goodbye"
    assert found["variable"] == ["goodbye", "AFAS_GREETING"]
    assert found["profile"] == "goodbye"
    assert found["refusal"] == "greeting: must be one of hello, goodbye. It came from: argument."
    assert found["misspelt"] == "'greetings' is no setting. Did you mean greeting?"


def test_a_setting_in_one_row_is_an_option_of_commands(found: Mapping[str, object]) -> None:
    for text in (found["help"], found["profile_help"]):
        assert "--greeting [hello|goodbye]" in str(text)
        assert "What to say first. [default: hello]" in str(text)
    assert "'hi' is not one of 'hello', 'goodbye'" in str(found["wrong"])


def test_a_setting_in_one_row_is_shown(found: Mapping[str, object]) -> None:
    assert found["shown"] == [["greeting", "goodbye", "AFAS_GREETING"]]
    assert ["greeting", "goodbye", "argument"] in [line.split() for line in str(found["settings"]).splitlines()]


def test_a_setting_in_one_row_stands_in_the_reference(found: Mapping[str, object]) -> None:
    assert "| `greeting` | `AFAS_GREETING` | hello | What is said first. |\n" in str(found["docs"])
    assert found["described"] == [["greeting", "AFAS_GREETING", "hello", "What is said first."]]


def test_a_setting_in_one_row_goes_to_the_link(found: Mapping[str, object]) -> None:
    assert found["link"] == "goodbye"


def test_the_arguments_for_type_checkers_are_those_of_the_table() -> None:
    assert tuple(SettingsArguments.__annotations__) == NAMES


def test_settings_hold_every_row_of_the_table() -> None:
    assert set(NAMES) < {field.name for field in dataclasses.fields(Settings)}
    assert {name: getattr(Settings(), name) for name in NAMES} == {one.name: one.default for one in SETTINGS}


def test_what_a_link_takes_has_the_same_default_there() -> None:
    """Whoever makes a link without settings is as patient."""
    defaults = {field.name: field.default for field in dataclasses.fields(Link)}
    for setting in SETTINGS:
        if setting.link and setting.name not in ("soap_url", "rest_url"):
            assert defaults[setting.name] == setting.default, setting.name
    assert BY_NAME["max_value"].default == MAX_VALUE


@pytest.mark.parametrize("setting", [pytest.param(one, id=one.name) for one in SETTINGS])
def test_a_row_agrees_with_itself(setting: Setting) -> None:
    """What is a secret stands in no option and in no profile, and has a file; a variable is called as its setting."""
    assert setting.text.endswith(".")
    assert setting.variable in ("", f"AFAS_{setting.name.upper()}")
    if setting.secret:
        assert setting.option is None
        assert BY_NAME[setting.kept_in].kind == "path"
    if setting.option is not None and setting.option.words:
        read = {setting.reader(setting.name, word) for word in setting.option.words}
        assert read == set(setting.option.words)
    if setting.default is not None and setting.name != "max_value":
        assert setting.reader(setting.name, setting.default) == setting.default
