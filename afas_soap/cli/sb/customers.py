"""``afas sb onboard``, from the landing address of an app through sign-in to a profile and its administrations, and
``afas sb scopes``, the customer environments of a domain.

A profile is written when the sign-in has worked, and not before; tokens are kept under its name. Until then they are in
memory alone: where it is not written, nothing is left of them, and what a profile of that name had stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import click

from afas_soap.cli.shared.connection import arguments_from, connect_sb
from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.signin.login_prompt import sign_in_person
from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import AuthorizationCode
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record
from afas_soap.sb.access.address import SbEnvironment, landing
from afas_soap.sb.access.scopes import Scope
from afas_soap.sb.operation import Verb
from afas_soap.sbconnections import opened, table_of
from afas_soap.settings import Settings, resolve
from afas_soap.settings.profilefile import add_profile, as_stored, check_new
from afas_soap.settings.profiles import profiles_path
from afas_soap.settings.resolving import check_profile
from afas_soap.signin.sbsession import SbSignedIn
from afas_soap.signin.sbstore import SbTokenStore
from afas_soap.signin.store import MemoryStore, Store
from afas_soap.smallbusiness.lists import whole_list
from afas_soap.wire.oauth.sbscopes import scopes as admin_scopes

# What a variable may have given: a profile is to be enough by itself, but for secrets.
_KEPT = ("auth", "client_id", "redirect_uri", "client_secret_file", "app_token_file", "scope", "ca_bundle", "trace")


_FIELDS = Fields("Scopes", (Field("path"), Field("name"), Field("description")))


def scopes(**options: Any) -> None:
    """Each customer environment: its path, its name and what describes it."""
    output = output_from(options, listing=True)
    with connect_sb(options) as sb:
        rows = _rows_of(sb.scopes())
    records: list[Record] = [dict(zip(_FIELDS.names, row, strict=True)) for row in rows]
    write_listing(records, _FIELDS, output, {"table": lambda: aligned(rows)})


def onboard(
    address: str, *, name: str | None, replace: bool, customers: tuple[str, ...], no_browser: bool, **options: Any
) -> None:
    """A customer taken on: signed in, written down, and shown."""
    environment = landing(address, loopback=bool(options.pop("loopback")))
    if customers and not environment.is_admin:
        raise click.UsageError("--customer is for an Admin Center, whose address ends in /admin")
    profile = name or environment.rest_url.rpartition("/")[2]
    settings, values = _settings(environment, options)
    profiles = {profile: values, **_further(profile, environment, customers, values)}
    _check(profiles, replace=replace)
    _tell_of_the_scope(environment, settings.scope)
    store = MemoryStore()
    rows = _entered(settings, store, no_browser=no_browser)
    _check_there(customers, rows)
    path = profiles_path()
    for each, kept in profiles.items():
        add_profile(path, each, kept, replace=replace)
        click.echo(f"afas: {printable(str(path))}: profile {each!r} is written", err=True)
    _keep(store, SbTokenStore(profile, environment.rest_url))
    click.echo(aligned(rows), nl=False)


def _settings(environment: SbEnvironment, options: dict[str, Any]) -> tuple[Settings, Mapping[str, object]]:
    """As they apply to this sign-in, and as a profile holds them."""
    given = arguments_from(options, fallback=False)
    told = {"api": "sb", "environment": _told(environment)}
    settings = resolve({**given, **told})
    names = [
        name for name in (*_KEPT, *given) if name in settings.sources and name not in ("client_secret", "app_token")
    ]
    # A path as it was given, a switch or a number as it is.
    found = {name: given.get(name, getattr(settings, name)) for name in names}
    return settings, {**told, "auth": settings.auth, **{name: as_stored(name, value) for name, value in found.items()}}


def _tell_of_the_scope(environment: SbEnvironment, scope: str | None) -> None:
    """Say that an app token is to be for another customer: whether a scope is ever spelt otherwise is not known."""
    if scope is not None and not environment.is_of(scope):
        text = (
            f"afas: scope: {scope!r} is not the customer of this address, {environment.scope!r}; left out it would be"
        )
        click.echo(printable(text), err=True)


def _told(environment: SbEnvironment) -> str:
    """``demo/enyoi``, or the whole address of another host."""
    name = environment.name
    return name if SbEnvironment.is_name(name) else environment.rest_url


def _further(
    profile: str, environment: SbEnvironment, customers: Sequence[str], values: Mapping[str, object]
) -> Mapping[str, Mapping[str, object]]:
    """A profile for each customer environment of an Admin Center, with its sign-in or its app token."""
    own = {"signed_in_with": profile} if values["auth"] == "authorization-code" else {}
    return {
        f"{profile}-{path}": {
            **values,
            "environment": _told(environment.customer(path)),
            **(own or {"scope": path}),
        }
        for path in customers
    }


def _check(profiles: Mapping[str, Mapping[str, object]], *, replace: bool) -> None:
    for name, values in profiles.items():
        check_new(name, profiles_path(), replace=replace)
        lacking = check_profile(values, f"the profile {name!r} to be")
        if lacking:
            raise SettingsError(
                f"onboard: a profile that is enough by itself misses: {'; '.join(lacking)}. A secret that came from "
                "standard input or a variable goes into a file first, for its owner only."
            )


def _entered(settings: Settings, store: Store, *, no_browser: bool) -> list[tuple[str, ...]]:
    """What is there, once somebody signed in, with tokens in ``store``: the customer environments, or the
    administrations."""
    calls = opened(settings, store=store)
    with calls.transport as transport:
        if isinstance(settings.credential, AuthorizationCode):
            sign_in_person(cast("SbSignedIn", transport.link.authorizer), no_browser=no_browser)
        if SbEnvironment(calls.base).is_admin:
            return [*_rows_of(admin_scopes(transport))]
        administrations = whole_list(calls, table_of(settings).operation("administrations", Verb.GET))
    return [(str(row.get("id", "")), str(row.get("description", ""))) for row in administrations]


def _keep(store: MemoryStore, kept: SbTokenStore) -> None:
    """Move what a person's sign-in gave to where it is kept; an app token gives nothing of the kind."""
    entry = store.read()
    if entry is not None:
        with kept.locked():
            kept.write(entry)


def _check_there(customers: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """Whether the Admin Center lists each customer environment that is wanted."""
    paths = {row[0].lower() for row in rows}
    for customer in customers:
        if customer.lower() not in paths:
            raise SettingsError(f"customer: the Admin Center lists no {customer!r}; it has {', '.join(sorted(paths))}.")


def _rows_of(scopes: Sequence[Scope]) -> list[tuple[str, str, str]]:
    """A row for each, its path first: that is what an address and an app token want."""
    return [(scope.path, scope.name, scope.description) for scope in scopes]
