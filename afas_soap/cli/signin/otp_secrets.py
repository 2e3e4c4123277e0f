"""The secrets of ``afas auth otp``, out of a file, standard input, a variable or a prompt that shows nothing; never out
of an argument."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from afas_soap.errors import SettingsError
from afas_soap.profit.access.onetimepassword import AppKeys, app_key, one_time_password
from afas_soap.profit.access.secret import Secret
from afas_soap.settings.kinds import path
from afas_soap.settings.secretfile import read_secret_text


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of these secrets: its ``name``, from which option and variable follow, what a person calls it, and how it is
    read."""

    name: str
    called: str
    read: Callable[[str, str], Secret]

    @property
    def file(self) -> str:
        """The option's name, as click hands it over."""
        return f"{self.name}_file"

    @property
    def variable(self) -> str:
        """The variable that may hold it."""
        return f"AFAS_{self.name.upper()}"


API_KEY = Wanted("api_key", "API key", app_key)
ENVIRONMENT_KEY = Wanted("environment_key", "environment key", app_key)
OTP = Wanted("otp", "one-time password", one_time_password)


def keys_from(arguments: dict[str, Any]) -> AppKeys:
    """Who asks and by which app connector, taken out of a command's arguments or asked for."""
    user = arguments.pop("user", None) or _user()
    # In this order: a person is asked for them as they stand in AFAS.
    api_key, environment_key = (secret_from(wanted, arguments) for wanted in (API_KEY, ENVIRONMENT_KEY))
    return AppKeys(user.strip(), api_key, environment_key)


def secret_from(wanted: Wanted, arguments: dict[str, Any]) -> Secret:
    """A secret, taken out of a command's arguments, a variable, or asked for."""
    # What came from standard input was read already.
    secret, file = arguments.pop(wanted.name, None), arguments.pop(wanted.file, None)
    if isinstance(secret, Secret):
        return secret
    if file is not None:
        return _in_file(wanted, path(wanted.file, file))
    if os.environ.get(wanted.variable, "").strip():
        return wanted.read(wanted.variable, os.environ[wanted.variable])
    return _asked(wanted)


def _in_file(wanted: Wanted, file: Path) -> Secret:
    text = read_secret_text(wanted.file, file, wanted.called)
    try:
        return wanted.read(wanted.file, text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from {file}.") from None


def _asked(wanted: Wanted) -> Secret:
    option = f"--{wanted.file.replace('_', '-')}"
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"there is no terminal to ask for the {wanted.called} on: give a file ({option}) or {wanted.variable}"
        )
    secret: Secret = click.prompt(
        f"{wanted.called[0].upper()}{wanted.called[1:]}",
        hide_input=True,
        err=True,
        value_proc=lambda text: _answer(wanted, text),
    )
    return secret


def _answer(wanted: Wanted, text: str) -> Secret:
    try:
        return wanted.read(wanted.name, text)
    except SettingsError as error:
        problem = click.UsageError(error.message)
    raise problem


def _user() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask for the user on: give --user 12345.jansen")
    user: str = click.prompt("User (12345.jansen, or the e-mail address)", err=True)
    return user
