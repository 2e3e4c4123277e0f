"""The options that say whom to ask, shared by every command that asks. None of them takes a secret: one that stands
there is refused, and said where it belongs."""

from __future__ import annotations

import codecs
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.cli.shared.streams import why
from afas_soap.client import ProfitClient
from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import ALGORITHMS, ASSERTION_TYPES
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.kinds import AUDIENCES, AUTHS, client_secret

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

Option = Callable[[Decorated], Decorated]

# A token in its longest form is far below this.
_LONGEST = 16 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_SEVERAL = "Overrides the AFAS_* variable and the profile."
_PATH = click.Path(path_type=Path)
_INPUT = click.Path(allow_dash=True)


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
    "client_key": "The key of a client certificate goes into a file (--client-key-file).",
}
_REFUSED: tuple[Option[Any], ...] = tuple(
    click.option(f"--{name.replace('_', '-')}", name, hidden=True, expose_value=False, callback=_refused, is_eager=True)
    for name in _KEPT
)

_WHOM: tuple[Option[Any], ...] = (
    click.option("--profile", metavar="NAME", help="Profile in the TOML file; emulator is the embedded Profit."),
    click.option("--emulator", "embedded", is_flag=True, default=None, help="The embedded Profit, by name."),
)
# How to sign in with OAuth.
_SIGN_IN: tuple[Option[Any], ...] = (
    click.option("--auth", type=click.Choice(AUTHS), help="How to sign in. [default: token]"),
    click.option("--client-id", metavar="ID", help="The client's id, as it stands in AFAS (OAuth)."),
    click.option(
        "--client-secret-file",
        type=_INPUT,
        metavar="FILE",
        help="File that holds the client's secret, or - for standard input.",
    ),
    click.option("--private-key-file", type=_PATH, metavar="FILE", help="PEM file of the key that signs assertions."),
    click.option("--key-id", metavar="ID", help="The kid of that key, where AFAS wants one."),
    click.option("--dpop", is_flag=True, default=None, help="Bind access tokens to a key (DPoP)."),
    click.option("--redirect-uri", metavar="URL", help="Where AFAS sends the browser back to."),
    click.option("--client-cert-file", type=_PATH, metavar="FILE", help="PEM file of the client's certificate (mTLS)."),
    click.option("--client-key-file", type=_PATH, metavar="FILE", help="PEM file of that certificate's key."),
)
# What a single call has no option for.
_PROOF: tuple[Option[Any], ...] = (
    click.option("--client-secret-keyring", metavar="SERVICE/USERNAME", help="Where the keyring keeps the secret."),
    click.option(
        "--client-secret-basic", is_flag=True, default=None, help="Send the secret in the header, not the form."
    ),
    click.option("--assertion-type", type=click.Choice(ASSERTION_TYPES), help="The typ of assertions. [default: JWT]"),
    click.option(
        "--assertion-audience", type=click.Choice(AUDIENCES), help="The aud of assertions. [default: token-url]"
    ),
    click.option("--assertion-algorithm", type=click.Choice(ALGORITHMS), help="What assertions are signed with."),
)
# Everything else that may stand in a profile as well.
_OPTIONS: tuple[Option[Any], ...] = (
    click.option("--protocol", type=click.Choice(["soap", "rest"]), help="Protocol to ask over. [default: soap]"),
    click.option("--environment", metavar="NUMBER[-TYPE]", help="12345, 12345-test, O12345AA. " + _SEVERAL),
    click.option(
        "--token-file", type=_INPUT, metavar="FILE", help="File that holds the token, or - for standard input."
    ),
    *_SIGN_IN,
    click.option("--integration-id", metavar="ID", help="12345_123456, sent as an HTTP header."),
    click.option(
        "--language", metavar="LANG", help="Language of Profit's messages: en-us, nl-nl, nl-be, fr-fr, de-de."
    ),
    click.option("--soap-url", metavar="URL", help="SOAP address in place of the environment's."),
    click.option("--rest-url", metavar="URL", help="REST address in place of the environment's."),
    click.option("--ca-bundle", type=_PATH, metavar="FILE", help="PEM file with a further CA."),
    click.option("--connect-timeout", type=float, metavar="SECONDS", help="To wait for a connection. [default: 10]"),
    click.option("--read-timeout", type=float, metavar="SECONDS", help="To wait for a byte. [default: 960]"),
    click.option(
        "--call-timeout", type=float, metavar="SECONDS", help="For a whole answer. [default: 1000 for an update]"
    ),
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
)
_VERBOSE: Option[Any] = click.option("-v", "--verbose", is_flag=True, help="One line per call on stderr.")


def connection_options(command: Decorated) -> Decorated:
    """Add the options to a command; they arrive as keyword arguments and go to ``connect`` or ``settings_from``."""
    return _with(command, *_WHOM, *_OPTIONS, _VERBOSE, *_REFUSED)


def profile_options(command: Decorated) -> Decorated:
    """Add those that may stand in a profile; the others are the command's own business."""
    return _with(command, *_OPTIONS, *_REFUSED)


def proof_options(command: Decorated) -> Decorated:
    """Add what is said of a client's proof in a profile alone."""
    return _with(command, *_PROOF)


def sign_in_options(command: Decorated) -> Decorated:
    """Add those that say how to sign in with OAuth, for a command that changes nothing else."""
    return _with(command, *_SIGN_IN, *_PROOF, *_REFUSED)


def _with(command: Decorated, *options: Option[Any]) -> Decorated:
    for option in reversed(options):
        command = option(command)
    return command


def arguments_from(options: dict[str, Any], *, fallback: bool = True) -> dict[str, Any]:
    """The settings among a command's options; the library's warnings go to stderr from here on.

    ``fallback`` false leaves out that nothing is configured and the embedded Profit answers, for a command that asks
    nobody or stops over it.
    """
    log_to_stderr(verbose=bool(options.pop("verbose", False)), settings=fallback)
    given = {name: value for name, value in options.items() if value is not None}
    waiting = [name for name in _FROM_INPUT if given.get(name) == "-"]
    if len(waiting) > 1:
        raise SettingsError(f"{' and '.join(waiting)}: only one of them can come from standard input.")
    for name in waiting:
        del given[name]
        given[name.removesuffix("_file")] = _from_input(name)
    return given


def _from_input(name: str) -> AfasToken | Secret:
    """What a file of this setting may hold, from standard input."""
    what, read = _FROM_INPUT[name]
    try:
        data = sys.stdin.buffer.read(_LONGEST)
    except OSError as error:
        raise SettingsError(f"{name}: cannot read standard input: {why(error)}.") from None
    text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig", errors="replace")
    if not text.strip():
        raise SettingsError(f"{name}: standard input holds nothing, and a {what} is expected there.")
    try:
        return read(text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from standard input.") from None


def _client_secret(text: str) -> Secret:
    return client_secret("client_secret_file", text)


# setting: what it is, and how it is read
_FROM_INPUT: dict[str, tuple[str, Callable[[str], AfasToken | Secret]]] = {
    "token_file": ("token", AfasToken.parse),
    "client_secret_file": ("client secret", _client_secret),
}


def connect(options: dict[str, Any], *, writing: bool = False) -> ProfitClient:
    """The client that a command's options ask for; for ``writing`` not the embedded Profit, unless it was chosen."""
    profit = ProfitClient.connect(**arguments_from(options, fallback=not writing))
    if writing:
        with contextlib.ExitStack() as closing:
            closing.push(profit)
            profit.check_writable()
            closing.pop_all()
    return profit
