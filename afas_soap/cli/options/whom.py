"""The options that say whom to ask and how to sign in, made from the table of settings. None of them takes a secret:
one that stands there is refused, and said where it belongs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.settings.setting import Group, Kind, Option, Setting, spelt
from afas_soap.settings.table import SETTINGS

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Decorator = Callable[[Decorated], Decorated]

_FILES: Mapping[str, click.ParamType[Any]] = {
    "read": click.Path(path_type=Path),
    "input": click.Path(allow_dash=True),
    "written": click.Path(path_type=Path, readable=False),
}
_NUMBERS: Mapping[Kind, type] = {"seconds": float, "bytes": int}
_MEGABYTE = 2**20


def _refused(context: click.Context, option: click.Parameter, value: object) -> None:
    """Say where a secret goes; the secret itself is not repeated."""
    if value is None or context.resilient_parsing:
        return
    assert option.name is not None, "named below"
    raise click.UsageError(
        f"{option.opts[0]} is no option, for others see the command line: it stands in the list of processes and in "
        f"the shell's history. {_KEPT[option.name]} A secret that stood here should be replaced."
    )


# What somebody may write in the hope that it takes a secret, and where that goes.
_KEPT = {
    "token": "A token goes into a file (--token-file, or - for standard input) or into AFAS_TOKEN.",
    "client_secret": "A client secret goes into a file (--client-secret-file, or - for standard input), into "
    "AFAS_CLIENT_SECRET, or into the keyring (client_secret_keyring in a profile).",
    "private_key": "A private key goes into a file (--private-key-file).",
    "app_token": "An app token goes into a file (--app-token-file, or - for standard input), into AFAS_APP_TOKEN, or "
    "into the keyring (app_token_keyring in a profile).",
    "client_key": "The key of a client certificate goes into a file (--client-key-file).",
    "api_key": "The API key goes into a file (--api-key-file, or - for standard input) or into AFAS_API_KEY.",
    "environment_key": "The environment key goes into a file (--environment-key-file, or - for standard input) or into "
    "AFAS_ENVIRONMENT_KEY.",
    "otp": "The one-time password goes into a file (--otp-file, or - for standard input) or into AFAS_OTP.",
}
_OF_OTP = ("api_key", "environment_key", "otp")
_REFUSED_BY_NAME: Mapping[str, Decorator[Any]] = {
    name: click.option(
        f"--{name.replace('_', '-')}", name, hidden=True, expose_value=False, callback=_refused, is_eager=True
    )
    for name in _KEPT
}
_REFUSED = tuple(option for name, option in _REFUSED_BY_NAME.items() if name not in _OF_OTP)
_REFUSED_OF_OTP = tuple(_REFUSED_BY_NAME[name] for name in _OF_OTP)
_WHOM: tuple[Decorator[Any], ...] = (
    click.option("--profile", metavar="NAME", help="Profile in the TOML file; emulator is the embedded Profit."),
    click.option("--emulator", "embedded", is_flag=True, default=None, help="The embedded Profit, by name."),
)
_VERBOSE: Decorator[Any] = click.option("-v", "--verbose", is_flag=True, help="One line per call on stderr.")


def _ordered(groups: Collection[Group]) -> list[tuple[Setting, Option]]:
    """The options of these groups, in the order of the help."""
    found: list[tuple[Setting, Option]] = []
    moved: list[tuple[Setting, Option]] = []
    for setting in SETTINGS:
        if setting.option is not None and setting.option.group in groups:
            (moved if setting.option.before else found).append((setting, setting.option))
    for setting, option in moved:
        place = next(index for index, (other, _) in enumerate(found) if other.name == option.before)
        found.insert(place, (setting, option))
    return found


def _made(setting: Setting, option: Option) -> Decorator[Any]:
    """The option of one setting; the same as none was given when it is left out, so that lower levels count."""
    name = f"--{setting.name.replace('_', '-')}"
    if setting.kind == "switch":
        return click.option(name, is_flag=True, default=None, help=option.help)
    shown = f" [default: {_default(setting)}]" if setting.default is not None else ""
    return click.option(name, type=_type(setting, option), metavar=option.metavar or None, help=option.help + shown)


def _type(setting: Setting, option: Option) -> click.ParamType[Any] | type:
    if option.words:
        return click.Choice(option.words)
    return _FILES[option.file] if setting.kind == "path" else _NUMBERS.get(setting.kind, str)


def _default(setting: Setting) -> str:
    """As a person would write it."""
    if isinstance(setting.default, float):
        return f"{setting.default:g}"
    if setting.kind == "bytes" and isinstance(setting.default, int):
        return f"{setting.default // _MEGABYTE} MiB"
    return spelt(setting.default)


def _at_sb(setting: Setting, option: Option) -> Decorator[Any]:
    """The option as the commands of SB have it."""
    if setting.at_sb is None:
        return _made(setting, option)
    words = setting.at_sb.words
    return _made(dataclasses.replace(setting, default=words[0]) if words else setting, setting.at_sb)


_CALL: tuple[Decorator[Any], ...] = tuple(_made(*each) for each in _ordered(["call", "signing"]))
_ADDRESS: tuple[Decorator[Any], ...] = tuple(
    _made(setting, option)
    for setting, option in _ordered(["call", "signing"])
    if not setting.auths and setting.name != "auth"
)
_EITHER: tuple[Decorator[Any], ...] = tuple(_made(*each) for each in _ordered(["call", "signing", "sb"]))
_SB: tuple[Decorator[Any], ...] = tuple(
    _at_sb(*each) for each in _ordered(["call", "signing", "sb"]) if each[0].api in ("", "sb")
)
_ONBOARD: tuple[Decorator[Any], ...] = tuple(
    _at_sb(*each)
    for each in _ordered(["call", "signing", "sb", "profile"])
    if each[0].api in ("", "sb") and each[0].name not in ("api", "environment", "rest_url", "signed_in_with")
)
_PROFILE: tuple[Decorator[Any], ...] = tuple(_made(*each) for each in _ordered(["profile", "sb"]))
_SIGN_IN: tuple[Decorator[Any], ...] = tuple(
    _made(setting, option)
    for setting, option in (*_ordered(["signing"]), *_ordered(["profile"]))
    if setting.auths or option.group == "signing"
)


def connection_options(command: Decorated) -> Decorated:
    """Add the options to a command; they arrive as keyword arguments and go to ``connect`` or ``arguments_from``."""
    return with_options(command, *_WHOM, *_CALL, _VERBOSE, *_REFUSED)


def sb_options(command: Decorated) -> Decorated:
    """Add those that say which customer environment of AFAS SB to ask, and how to sign in there."""
    profile = click.option("--profile", metavar="NAME", help="Profile in the TOML file.")
    return with_options(command, profile, *_SB, _VERBOSE, *_REFUSED)


def onboard_options(command: Decorated) -> Decorated:
    """Add those that say how to sign in at an address that is given apart, and where a profile finds the secret."""
    return with_options(command, *_ONBOARD, _VERBOSE, *_REFUSED)


def either_options(command: Decorated) -> Decorated:
    """Add those of Profit and of AFAS SB, for a command that knows both."""
    return with_options(command, *_WHOM, *_EITHER, _VERBOSE, *_REFUSED)


def address_options(command: Decorated) -> Decorated:
    """Add those that say whom to ask, for a command that needs no credential."""
    return with_options(command, *_WHOM, *_ADDRESS, _VERBOSE, *_REFUSED)


def app_key_options(command: Decorated) -> Decorated:
    """Add what says who asks for a one-time password; the keys themselves are refused."""
    user = click.option("--user", metavar="USER", help="Who gets the mail: 12345.user, or the e-mail address.")
    return with_options(command, user, *map(_secret_file, _OF_OTP[:2]), *_REFUSED_OF_OTP)


def otp_option(command: Decorated) -> Decorated:
    """Add the file of a one-time password."""
    return with_options(command, _secret_file("otp"))


def _secret_file(name: str) -> Decorator[Any]:
    words = _WORDS[name]
    return click.option(
        f"--{name.replace('_', '-')}-file",
        type=click.Path(allow_dash=True),
        metavar="FILE",
        help=f"File that holds {words}, or - for standard input. [default: AFAS_{name.upper()}, or asked for]",
    )


_WORDS = {
    "api_key": "the app connector's API key",
    "environment_key": "its environment key",
    "otp": "the one-time password",
}


def profile_options(command: Decorated) -> Decorated:
    """Add all that may stand in a profile; the others are the command's own business."""
    return with_options(command, *_PROFILE, *_CALL, *_REFUSED)


def sign_in_options(command: Decorated) -> Decorated:
    """Add those that say how to sign in with OAuth, for a command that changes nothing else."""
    return with_options(command, *_SIGN_IN, *_REFUSED)


def with_options(command: Decorated, *options: Decorator[Any]) -> Decorated:
    """The command with these options, in their order."""
    for option in reversed(options):
        command = option(command)
    return command
