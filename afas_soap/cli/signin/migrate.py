"""``afas auth migrate``: a profile from the classic token to OAuth, tried and compared before it is switched."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from afas_soap.cli.shared.exits import DIFFERENCES, FINE
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.signin.login_prompt import session_of, sign_in_person
from afas_soap.cli.signin.profilequestions import answered, ask_sign_in
from afas_soap.client import ProfitClient
from afas_soap.errors import AccessDenied, AfasError, SettingsError, SignInError
from afas_soap.migrate import Comparison, check_classic, check_copy, compare_access, switch, with_oauth
from afas_soap.profit.access.credentials import AuthorizationCode
from afas_soap.profit.connectors.capabilities import Connectors
from afas_soap.settings import resolve
from afas_soap.settings.profilefile import as_stored
from afas_soap.settings.profiles import profiles_path, read_profile
from afas_soap.settings.resolving import check_profile
from afas_soap.signin.store import TokenStore

_HYBRID = (
    "while you migrate, the app connector's authentication type in Profit is hybrid, which lets in both; and the "
    "OAuth client belongs to that app connector"
)


def run(profile: str | None, keep: str | None, *, yes: bool, no_browser: bool, **options: Any) -> int:
    """A profile from the classic token to OAuth; gives the exit code."""
    log_to_stderr(verbose=False)
    name, path = _named(profile), profiles_path()
    copy = keep or f"{name}-classic"
    check_classic(name, path)
    check_copy(copy, path)
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("confirm it with --yes, for there is no terminal to ask on")
    given = _given(options)
    check_profile(with_oauth(read_profile(name, path), given), f"the profile {name!r} to be")
    with _kept_when_switched(name) as switched:
        comparison = _tried(name, given, no_browser=no_browser)
        if comparison.differences:
            return _differs(name, comparison)
        _say(f"both find the same: {comparison.get_connectors} GetConnectors with their columns")
        if not yes:
            click.confirm(f"Switch the profile {printable(name)} to {given['auth']}?", abort=True, err=True)
        switch(path, name, copy, given)
        switched.append(name)
    _say(f"{path}: profile {name!r} signs in with {given['auth']} now; as it was it is {copy!r}")
    _say_what_stands_above(name)
    return FINE


def _named(profile: str | None) -> str:
    name = profile or os.environ.get("AFAS_PROFILE", "").strip()
    if not name:
        raise SettingsError("profile: name the profile to migrate (--profile, AFAS_PROFILE).")
    return name


def _given(options: Mapping[str, object]) -> dict[str, Any]:
    """The new credentials, as they go into the file."""
    values = {setting: value for setting, value in options.items() if value is not None} or answered(ask_sign_in)
    if values.get("auth", "token") == "token":
        raise SettingsError("auth: say how to sign in from now on: client-credentials, authorization-code or public.")
    return {setting: as_stored(setting, value) for setting, value in values.items()}


@contextlib.contextmanager
def _kept_when_switched(name: str) -> Iterator[list[str]]:
    """Tokens of a trial that led to nothing are of no use to a classic profile."""
    switched: list[str] = []
    try:
        yield switched
    finally:
        if not switched:
            # What went wrong before is what is to be told.
            with contextlib.suppress(AfasError):
                TokenStore(name).remove()


def _tried(name: str, given: dict[str, Any], *, no_browser: bool) -> Comparison:
    """Both credentials at work. What is given overrides variables as well as the profile."""
    with contextlib.ExitStack() as stack:
        with _hinted("the classic token"):
            old = stack.enter_context(ProfitClient.connect(profile=name, auth="token"))
            before = _over_rest(old)
            old.version()
        with _hinted("the new credentials"):
            new = stack.enter_context(ProfitClient.connect(profile=name, **given))
            session = session_of(new)
            if isinstance(session.credential, AuthorizationCode):
                sign_in_person(session, no_browser=no_browser)
            new.version()
            return compare_access(before, _over_rest(new))


def _over_rest(profit: ProfitClient) -> Connectors:
    opened = profit.opened
    if opened is None or not opened.offers("rest"):
        raise SettingsError(
            "rest_url: only REST tells which connectors there are, and OAuth hands out its tokens there, for SOAP as "
            "well: add rest_url or environment to the profile."
        )
    return opened.connectors("rest")


@contextlib.contextmanager
def _hinted(whose: str) -> Iterator[None]:
    """Say what is being tried, and what is mostly wrong when it is not let in."""
    _say(f"trying {whose}")
    try:
        yield
    except (AccessDenied, SignInError):
        _say(f"{whose}: not let in; {_HYBRID}")
        raise


def _differs(name: str, comparison: Comparison) -> int:
    for difference in comparison.differences:
        click.echo(printable(f"{difference.where}: {difference.message}"))
    number = len(comparison.differences)
    _say(f"{number} {'difference' if number == 1 else 'differences'}: profile {name!r} stays as it is")
    return DIFFERENCES


def _say_what_stands_above(name: str) -> None:
    """A variable such as AFAS_TOKEN contradicts the profile from now on."""
    try:
        resolve({"profile": name}, os.environ)
    except SettingsError as error:
        _say(f"as things stand it cannot be used yet: {error.message}")


def _say(line: str) -> None:
    click.echo(f"afas: {printable(line)}", err=True)
