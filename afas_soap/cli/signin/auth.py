"""``afas auth``: sign in and out, see how things stand, and hand a token to another program on request."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from afas_soap.cli.shared.connection import connect_either
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.signin.login_prompt import session_of, sign_in_person
from afas_soap.client import ProfitClient
from afas_soap.errors import SettingsError
from afas_soap.limits import CLASSIC_END, CLASSIC_LAST_DAY, SECRET_DAYS
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret, OAuth
from afas_soap.sb.access.credentials import AppToken
from afas_soap.settings import Settings
from afas_soap.settings.profiles import profiles_path, read_profiles
from afas_soap.signin.store import Entry, TokenStore

if TYPE_CHECKING:
    from afas_soap.sbclient import SBClient

_DAY = 86400.0
_SECRET_LIFE = f"a secret lasts {SECRET_DAYS} days unless AFAS was told otherwise"


def login(*, no_browser: bool, **options: Any) -> None:
    """A person signs in, and how long that lasts."""
    with connect_either(options) as client:
        session = session_of(client)
        session.check_own()
        entry = sign_in_person(session, no_browser=no_browser)
    click.echo(f"afas: signed in; the access token lasts {_span(entry.expires_at)}, {_chain(entry)}", err=True)


def status(format_: str, **options: Any) -> None:
    """How a profile signs in, what is kept and how long it lasts."""
    with connect_either(options) as profit:
        known = _status(profit)
    if format_ == "json":
        click.echo(json.dumps(known, ensure_ascii=False, indent=2, default=_iso))
        return
    width = max(map(len, known))
    for name, value in known.items():
        click.echo(printable(f"{name.replace('_', ' '):<{width}}  {_in_words(value)}"))


def token(**options: Any) -> None:
    """An access token, renewed first when it is about to end."""
    with connect_either(options) as profit:
        assert profit.settings is not None, "connected by settings"
        signed = session_of(profit).headers("GET", profit.settings.rest_url or "")
        scheme, _, text = signed["Authorization"].partition(" ")
    if scheme == "DPoP":
        click.echo("afas: this token is bound to its key (DPoP): alone it opens nothing", err=True)
    click.echo(text)


def logout(profile: str | None) -> None:
    """The tokens of a profile, removed."""
    name = profile or os.environ.get("AFAS_PROFILE", "").strip()
    if not name:
        raise SettingsError("profile: tokens are kept with a profile: name it (--profile, AFAS_PROFILE).")
    removed, path = TokenStore(name).remove(), profiles_path()
    if not removed and not (path.exists() and name in read_profiles(path)):
        # Of a name that was mistyped the right one would stay signed in.
        raise SettingsError(
            f"profile: there is no profile {name!r}, and nothing is kept under that name: 'afas profile list' shows "
            "those that there are."
        )
    who = "signed out" if removed else f"nothing is kept for profile {printable(name)}"
    click.echo(f"afas: {who}", err=True)


def _status(profit: ProfitClient | SBClient) -> Mapping[str, object]:
    settings = profit.settings
    assert settings is not None, "connected by settings"
    known = _named(settings)
    credential = settings.credential
    if settings.embedded:
        return known
    if isinstance(credential, AppToken):
        return {**_named(settings), "app_token": "there", "scope": credential.scope or "none"}
    if not isinstance(credential, OAuth):
        return {**known, "existing_tokens_expire": CLASSIC_END, "no_classic_token_after": CLASSIC_LAST_DAY}
    known["client_id"] = credential.client_id
    known["dpop"] = "yes" if credential.dpop else "no"
    return {**known, **_proof(settings, credential), **_kept(session_of(profit).entry(), credential)}


def _named(settings: Settings) -> dict[str, object]:
    known: dict[str, object] = {
        "environment": settings.environment_name,
        "profile": settings.profile or "none",
        "auth": "none: the embedded Profit needs none" if settings.embedded else settings.auth,
    }
    if settings.api == "sb":
        return {**known, **({"signed_in_with": settings.signed_in_with} if settings.signed_in_with else {})}
    return {**known, "integration_id": settings.integration_id or "not set"}


def _proof(settings: Settings, credential: OAuth) -> Mapping[str, str]:
    """Where the client's proof is kept, and since when where that is known."""
    if settings.private_key_file is not None:
        return {"private_key": _age(settings.private_key_file)}
    if not isinstance(credential.proof, ClientSecret):
        return {}
    if settings.client_secret_file is not None:
        return {"client_secret": f"{_age(settings.client_secret_file)}; {_SECRET_LIFE}"}
    where = "client_secret" if settings.client_secret is not None else "client_secret_keyring"
    return {"client_secret": f"its age is not known ({settings.sources.get(where, where)}); {_SECRET_LIFE}"}


def _kept(entry: Entry | None, credential: OAuth) -> Mapping[str, object]:
    if entry is None:
        missing = "none: 'afas auth login' signs in" if isinstance(credential, AuthorizationCode) else "none yet"
        return {"access_token": missing}
    if not entry.expires_at:
        # At SB the sign-in of a domain comes first, and the token of each environment when it is wanted.
        return {"access_token": "none yet: it is got when it is wanted"}
    known: dict[str, object] = {"access_token": entry.kind, "access_token_ends": _moment(entry.expires_at)}
    if entry.refresh_until is not None:
        known["renewals_end"] = _moment(entry.refresh_until)
    if entry.renewing:
        known["warning"] = "a renewal was stopped half-way: sign in again if the next one fails"
    return known


def _chain(entry: Entry) -> str:
    if entry.refresh_until is None:
        return "and is not renewed" if entry.refresh_token is None else "and is renewed until AFAS withdraws it"
    return f"and is renewed for {_span(entry.refresh_until)}"


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)


def _iso(value: object) -> str:
    assert isinstance(value, datetime.date), "what status knows is text or time"
    return value.isoformat()


def _in_words(value: object) -> object:
    """A time with how far away it is."""
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC ({_span(value.timestamp(), 'in ')})"
    if isinstance(value, datetime.date):
        days = (value - datetime.datetime.now(datetime.UTC).date()).days
        return f"{value} (in {days} days)" if days >= 0 else f"{value} ({-days} days ago)"
    return value


def _span(until: float, before: str = "") -> str:
    """How long from now, in words."""
    seconds = until - datetime.datetime.now(datetime.UTC).timestamp()
    if seconds <= 0:
        return "no longer"
    for size, unit in ((_DAY, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return f"{before}{seconds / size:.0f} {unit}"
    return f"{before}{seconds:.0f} seconds"


def _age(path: Path) -> str:
    try:
        changed = path.stat().st_mtime
    except OSError:
        return "in a file that cannot be looked at"
    return f"in a file of {(datetime.datetime.now(datetime.UTC).timestamp() - changed) / _DAY:.0f} days ago"
