"""The options that say whom to ask, shared by every command that asks. None of them takes a secret."""

from __future__ import annotations

import codecs
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.cli.stderr import log_to_stderr
from afas_soap.cli.streams import why
from afas_soap.client import ProfitClient
from afas_soap.errors import SettingsError
from afas_soap.profit.token import AfasToken

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

# A token in its longest form is far below this.
_LONGEST_TOKEN = 16 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_SEVERAL = "Overrides the AFAS_* variable and the profile."

_OPTIONS: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option("--profile", metavar="NAME", help="Profile in the TOML file; emulator is the embedded Profit."),
    click.option("--emulator", "embedded", is_flag=True, default=None, help="The embedded Profit, by name."),
    click.option("--protocol", type=click.Choice(["soap", "rest"]), help="Protocol to ask over. [default: soap]"),
    click.option("--environment", metavar="NUMBER[-TYPE]", help="12345, 12345-test, O12345AA. " + _SEVERAL),
    click.option(
        "--token-file",
        type=click.Path(allow_dash=True),
        metavar="FILE",
        help="File that holds the token, or - for standard input.",
    ),
    click.option("--integration-id", metavar="ID", help="12345_123456, sent as an HTTP header."),
    click.option(
        "--language", metavar="LANG", help="Language of Profit's messages: en-us, nl-nl, nl-be, fr-fr, de-de."
    ),
    click.option("--soap-url", metavar="URL", help="SOAP address in place of the environment's."),
    click.option("--rest-url", metavar="URL", help="REST address in place of the environment's."),
    click.option("--ca-bundle", type=click.Path(path_type=Path), metavar="FILE", help="PEM file with a further CA."),
    click.option("--connect-timeout", type=float, metavar="SECONDS", help="To wait for a connection. [default: 10]"),
    click.option("--read-timeout", type=float, metavar="SECONDS", help="To wait for a byte. [default: 960]"),
    click.option("--retry-total", type=float, metavar="SECONDS", help="To spend on repeating a read. [default: 120]"),
    click.option("--max-value", type=int, metavar="BYTES", help="Largest single value. [default: 64 MiB]"),
    click.option("--soap-version", type=click.Choice(["1.1", "1.2"]), help="Version of the envelopes. [default: 1.1]"),
    click.option("--allow-http", is_flag=True, default=None, help="Send the token over http as well; warns."),
    click.option("--token-in-body", is_flag=True, default=None, help="Legacy: the token in the SOAP body; warns."),
    click.option(
        "--trace",
        type=click.Path(path_type=Path, readable=False),
        metavar="FILE",
        help="Append each exchange, secrets masked.",
    ),
    click.option("-v", "--verbose", is_flag=True, help="One line per call on stderr."),
)


def connection_options(command: Decorated) -> Decorated:
    """Add the options to a command; they arrive as keyword arguments and go to ``connect`` or ``settings_from``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def arguments_from(options: dict[str, Any], *, writing: bool = False) -> dict[str, Any]:
    """The settings among a command's options; the library's warnings go to stderr from here on."""
    log_to_stderr(verbose=bool(options.pop("verbose", False)), settings=not writing)
    given = {name: value for name, value in options.items() if value is not None}
    if given.get("token_file") == "-":
        del given["token_file"]
        given["token"] = _token_from_input()
    return given


def _token_from_input() -> AfasToken:
    """What a token file may hold, from standard input."""
    try:
        data = sys.stdin.buffer.read(_LONGEST_TOKEN)
    except OSError as error:
        raise SettingsError(f"token_file: cannot read standard input: {why(error)}.") from None
    text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig", errors="replace")
    if not text.strip():
        raise SettingsError("token_file: standard input holds nothing, and a token is expected there.")
    try:
        return AfasToken.parse(text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from standard input.") from None


def connect(options: dict[str, Any], *, writing: bool = False) -> ProfitClient:
    """The client that a command's options ask for; for ``writing`` not the embedded Profit, unless it was chosen."""
    profit = ProfitClient.connect(**arguments_from(options, writing=writing))
    if writing:
        with contextlib.ExitStack() as closing:
            closing.push(profit)
            profit.check_writable()
            closing.pop_all()
    return profit
