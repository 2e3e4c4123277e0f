"""``afas auth otp``: a classic token by a one-time password, kept in a file that a profile names, and given back."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from afas_soap import disk
from afas_soap.cli.shared.connection import arguments_from
from afas_soap.cli.shared.signals import Stopped
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.signin.otp_place import InKeyring, Where, place_for, wanted_place
from afas_soap.cli.signin.otp_secrets import OTP, keys_from, secret_from
from afas_soap.connections import one_time_passwords
from afas_soap.errors import Fate, NotOffered, ProfitError, SettingsError
from afas_soap.limits import CLASSIC_END, CLASSIC_LAST_DAY, TOKEN_DIGITS
from afas_soap.profit.access.onetimepassword import AppKeys, OneTimePasswords
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import Settings
from afas_soap.settings.names import BY_NAME
from afas_soap.settings.profiles import EMULATOR
from afas_soap.settings.resolving import resolve

# The settings that say whom to ask.
_WHOM = ("profile", "environment", "soap_url", "rest_url")
# Stands in for the token that is still to come, so that whom to ask is settled as for any call.
_NO_TOKEN_YET = AfasToken("0" * TOKEN_DIGITS)


def request(description: str | None, **options: Any) -> None:
    """A password, sent by mail."""
    arguments = arguments_from(options, fallback=False)
    settings = _settings_of(arguments)
    keys = keys_from(arguments)
    with _passwords(settings, *keys.secrets()) as passwords:
        passwords.request(keys, description)
    _tell(f"asked: AFAS sends a one-time password to {keys.user_id} by mail, if the keys fit")
    _tell(
        "AFAS answers the same when they do not: without a mail in a few minutes look at the user, the API key and the "
        "environment key"
    )
    _tell_of_the_end()


def redeem(*, to: Path | None, to_keyring: str | None, add: str | None, replace: bool, **options: Any) -> None:
    """A token for a password, in a file or the keyring, and a profile that names it."""
    wanted = wanted_place(to, to_keyring)
    arguments = arguments_from(options, fallback=False)
    settings = _settings_of(arguments)
    place = place_for(settings, wanted, add, replace=replace)
    keys, password = keys_from(arguments), secret_from(OTP, arguments)
    with _passwords(settings, *keys.secrets(), password.reveal()) as passwords:
        kept = _redeemed(passwords, keys, password, place.where)
    _tell(f"the token is in {kept}, for its owner only")
    for line in place.name_it(settings, arguments, kept):
        _tell(line)
    _tell_of_the_end()


def delete(*, yes: bool, **options: Any) -> None:
    """The configured token, forgotten by AFAS."""
    arguments = arguments_from(options, fallback=False)
    _refuse_the_emulator(arguments)
    settings = resolve(arguments)
    token = settings.credential
    if not isinstance(token, AfasToken):
        raise SettingsError(
            "auth: there is no classic token to delete here: name the profile that has it (--profile, AFAS_PROFILE)."
        )
    if arguments.get("protocol") == "rest" or settings.soap_url is None:
        raise NotOffered("REST deletes no tokens; SOAP does.", offered_by="soap")
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("confirm it with --yes, for there is no terminal to ask on")
        whose = f"of profile {printable(settings.profile)}" if settings.profile else "that is configured"
        click.confirm(f"Have AFAS forget the token {whose}? What uses it stops", abort=True, err=True)
    with one_time_passwords(settings, "soap", *token.secrets()) as passwords:
        passwords.delete(token)
    _tell(f"AFAS has forgotten the token of {settings.environment_name}")
    if settings.token_file is not None:
        _tell(f"{settings.token_file} still holds it, and it opens nothing now: remove that file")
    elif settings.token is None and settings.token_keyring is not None:
        _tell(f"{InKeyring(settings.token_keyring)} still has it, and it opens nothing now: remove that entry")
    _tell_of_the_end()


def _settings_of(arguments: Mapping[str, Any]) -> Settings:
    """Whom to ask, out of the settings among a command's arguments."""
    _refuse_the_emulator(arguments)
    if not any(name in arguments or os.environ.get(BY_NAME[name].variable, "").strip() for name in _WHOM):
        raise SettingsError("say whom to ask: --environment, or --soap-url and --rest-url, or a profile (--profile).")
    others = ("user", "api_key", "api_key_file", "environment_key", "environment_key_file", "otp", "otp_file")
    given = {name: value for name, value in arguments.items() if name not in others}
    # How a profile signs in does not matter here.
    settings = resolve({**given, "auth": "token", "token": _NO_TOKEN_YET})
    if settings.trace is not None:
        _tell("nothing of this goes into the trace: what comes back is not known before it is there")
    return settings


def _refuse_the_emulator(arguments: Mapping[str, Any]) -> None:
    # An address that is given wins over a variable that names a profile.
    named = "" if any(name in arguments for name in _WHOM) else os.environ.get("AFAS_PROFILE", "").strip()
    if arguments.get("embedded") or EMULATOR in (arguments.get("profile"), named):
        raise SettingsError(
            "the embedded Profit has nobody to send a mail to, and forgets every token: serve one on a port "
            "(afas emulator --mailbox FILE) and give the addresses that it prints."
        )


def _passwords(settings: Settings, *hidden: str) -> contextlib.AbstractContextManager[OneTimePasswords]:
    return one_time_passwords(settings, settings.protocol, *hidden)


def _redeemed(passwords: OneTimePasswords, keys: AppKeys, password: Secret, where: Where) -> Where:
    """Where the token is."""
    begun = received = False

    def redeemed() -> AfasToken:
        nonlocal begun, received
        begun = True
        token = passwords.redeem(keys, password)
        received = True
        return token

    try:
        with _explained():
            return where.put(redeemed)
    except (KeyboardInterrupt, Stopped):
        if begun:
            _tell("the password may be used up, and the token that AFAS gave for it lost: request another password")
        raise
    except OSError as problem:
        failure = disk.unwritten(where, problem)
    except SettingsError as error:
        failure = error
    if received:
        failure = SettingsError(
            f"{failure.message} The password is used up, and the token that AFAS gave for it is lost: request another "
            "password, and withdraw that token in the app connector."
        )
    raise failure


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """AFAS' refusal of a password, with what helps."""
    try:
        yield
    except ProfitError as error:
        if error.fate is not Fate.REFUSED:
            raise
        said = error.message if error.message.endswith(".") else f"{error.message}."
        problem = error.retold(
            type(error),
            f"{said} A password is good once, for a short time, and for the user and the keys that it was requested "
            "with: request another (afas auth otp request).",
        )
    else:
        return
    raise problem


def _tell_of_the_end() -> None:
    existing, last = (f"{day.day} {day:%B %Y}" for day in (CLASSIC_END, CLASSIC_LAST_DAY))
    _tell(
        f"classic tokens that exist end on {existing}, and none works after {last}: OAuth takes their place "
        "(afas auth migrate)"
    )


def _tell(line: str) -> None:
    click.echo(f"afas: {printable(line)}", err=True)
