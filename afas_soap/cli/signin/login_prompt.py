"""A person's sign-in from a terminal: with the browser of this machine, or with an address that is pasted."""

from __future__ import annotations

import sys
import webbrowser
from typing import TYPE_CHECKING, cast

import click

from afas_soap.client import ProfitClient
from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import PATIENCE, Attempt, Session, sign_in
from afas_soap.signin.store import Entry

if TYPE_CHECKING:
    from afas_soap.sbclient import SBClient
    from afas_soap.signin.sbsession import SbSignedIn


def session_of(profit: ProfitClient | SBClient) -> SignedIn | SbSignedIn:
    """How ``profit`` is signed in. Raises ``SettingsError`` when that is not by OAuth."""
    if not isinstance(profit, ProfitClient):
        return cast("SbSignedIn", profit.authorizer)
    opened = profit.opened
    authorizer = opened.transport.link.authorizer if opened is not None else None
    if profit.settings is not None and profit.settings.embedded:
        raise SettingsError(
            "auth: the embedded Profit needs no sign-in: name a profile (--profile, AFAS_PROFILE) or say which "
            "environment is meant, and how to sign in there (--environment, --auth)."
        )
    if not isinstance(authorizer, SignedIn):
        raise SettingsError(
            "auth: this is signed in with a classic token, which needs no login: for OAuth set auth to "
            "client-credentials, authorization-code or public (AFAS_AUTH, --auth, or in the profile)."
        )
    return authorizer


def sign_in_person(session: Session, *, no_browser: bool) -> Entry:
    """Have a person sign in, and keep the tokens. Raises what ``signin.login.sign_in`` raises."""
    return _pasted(session) if no_browser else sign_in(session, _browse)


def _browse(url: str) -> None:
    click.echo("afas: sign in with the browser that opens now; Ctrl-C gives up", err=True)
    if not webbrowser.open(url):
        if not _is_watched():
            raise click.UsageError(
                "no browser could be opened, and there is no terminal on which somebody would see the address: nobody "
                "is signed in. Use a machine with a browser, or --no-browser, which takes the address that one ends at "
                "from standard input"
            )
        click.echo(f"afas: no browser could be opened; open this address: {url}", err=True)
        click.echo(
            f"afas: waiting {PATIENCE:.0f} seconds for that; on a machine without a browser use --no-browser", err=True
        )


def _is_watched() -> bool:
    """Whether somebody may be there to read what is said."""
    return any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _pasted(session: Session) -> Entry:
    attempt = Attempt(session)
    click.echo(attempt.url)
    try:
        pasted = click.prompt("Open that address, sign in, and paste the address you end at", err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo(err=True)  # behind the question
        raise click.UsageError("standard input ended before an address was pasted: nobody is signed in") from None
    if not sys.stdin.isatty():
        click.echo(err=True)  # behind the question, as a terminal does by itself
    return attempt.pasted(Secret(pasted.strip(), "redirected address"))
