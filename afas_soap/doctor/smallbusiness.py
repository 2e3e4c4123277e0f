"""The checks of AFAS SB, one after the other: the way there, the sign-in, what it may see, and its feature toggles."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from afas_soap.doctor.addresses import Side
from afas_soap.doctor.finding import Finding, Grade, failed, skipped
from afas_soap.doctor.network import way_to
from afas_soap.errors import AfasError, SettingsError, SignInError, printable
from afas_soap.profit.access.credentials import AuthorizationCode
from afas_soap.sb.access.address import SbEnvironment, product_of
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import Table
from afas_soap.sbconnections import opened, scopes, table_of, way_out
from afas_soap.settings import Settings
from afas_soap.signin.sbsession import SbSignedIn
from afas_soap.smallbusiness.lists import Row, whole_list
from afas_soap.wire.http.link import check_addresses, is_loopback
from afas_soap.wire.http.tls import tls_context
from afas_soap.wire.sb.calls import SbCalls

LONGEST = 30.0
"""The most seconds that a check waits for a byte: what it asks for is small."""

_SET = "'afas settings' shows what is configured and from where."
_LOGIN = "Sign in: 'afas auth login', with this profile or the one that it names in signed_in_with."
_RIGHTS = "Check the rights of whoever signed in, and that the app is not blocked in AFAS SB."
_SWITCH = "Switch it on in AFAS SB where you write that; without it SB answers 'FeatureToggle not enabled'."
_MOST_NAMED = 5


def examine(settings: Settings, now: Callable[[], float] = time.time) -> Iterator[Finding]:
    """Every finding, in the order in which one thing rests on another; each as soon as it is known."""
    settings = dataclasses.replace(settings, read_timeout=min(settings.read_timeout, LONGEST), retry_total=0.0)
    profile = f"profile {settings.profile!r}" if settings.profile else "no profile"
    yield Finding("settings", Grade.OK, f"{profile}: {settings.environment_name} of AFAS SB, auth={settings.auth}.")
    credential = _credential(settings)
    yield credential
    yield _address(settings)
    way = list(_way(settings, datetime.datetime.fromtimestamp(now(), datetime.UTC)))
    yield from way
    if credential.error is not None or any(finding.error is not None for finding in way):
        yield skipped("sign-in and access", "the way there is not right yet.")
        return
    yield from _inside(settings)


def _credential(settings: Settings) -> Finding:
    try:
        found = settings.credential
        table_of(settings)
    except AfasError as error:
        return failed("credential", error)
    if isinstance(found, AuthorizationCode):
        return Finding(
            "credential", Grade.OK, "A person, at a client with a secret: everything is there that it takes."
        )
    environment = SbEnvironment(settings.rest_url or "")
    scope = settings.scope or environment.scope
    if scope is None:
        return Finding("credential", Grade.OK, "An app token, without a scope: there is none to name here.")
    if not environment.is_of(scope):
        return Finding(
            "credential",
            Grade.WARNING,
            printable(f"An app token for the scope {scope}, and the address is of {environment.scope}."),
            "Leave scope out: it follows from the address then.",
        )
    return Finding("credential", Grade.OK, printable(f"An app token for the scope {scope}."))


def _address(settings: Settings) -> Finding:
    url = settings.rest_url or ""
    if product_of(url) == "sb":
        return Finding("addresses", Grade.OK, f"{SbEnvironment(url).name} is at a host of AFAS SB.")
    here = "this machine" if is_loopback(url) else "another host than AFAS'"
    return Finding(
        "addresses", Grade.NOTE, f"The calls go to {here}.", "Name the customer environment alone for AFAS'."
    )


def _way(settings: Settings, moment: datetime.datetime) -> Iterator[Finding]:
    """The host's name, and TLS."""
    try:
        link = way_out(settings)
        check_addresses(link)
        context = tls_context(link.ca_bundle, None)
    except SettingsError as error:
        yield failed("connection", error, _SET)
        return
    yield from way_to(Side("rest", link.rest_url), context, link.connect_timeout, moment)


def _inside(settings: Settings) -> Iterator[Finding]:
    try:
        calls = opened(settings)
    except AfasError as error:
        yield failed("sign-in", error, _SET)
        return
    with contextlib.closing(calls.transport):
        signed = _signed_in(calls)
        yield signed
        if signed.error is not None:
            yield skipped("access", "nobody is signed in.")
            return
        if SbEnvironment(calls.base).is_admin:
            yield _scopes(settings)
            return
        table = table_of(settings)
        yield _access(calls, table)
        yield _toggles(calls, table)


def _signed_in(calls: SbCalls) -> Finding:
    session = cast("SbSignedIn", calls.transport.link.authorizer)
    try:
        session.headers("GET", calls.base)
        entry = session.entry()
    except AfasError as error:
        person = isinstance(session.credential, AuthorizationCode)
        return failed("sign-in", error, _LOGIN if person and isinstance(error, SignInError) else "")
    renewed = "and is renewed when it ends" if entry is None or entry.refresh_token is not None else "and is got anew"
    return Finding("sign-in", Grade.OK, f"SB gave an access token, {renewed}.")


def _scopes(settings: Settings) -> Finding:
    try:
        found = scopes(settings)
    except AfasError as error:
        return failed("access", error, _RIGHTS)
    return Finding("access", Grade.OK, f"The Admin Center lists {_counted(len(found), 'customer environment')}.")


def _access(calls: SbCalls, table: Table) -> Finding:
    try:
        found = whole_list(calls, table.operation("administrations", Verb.GET))
    except AfasError as error:
        return failed("access", error, _RIGHTS)
    names = ", ".join(str(row.get("description", "")) for row in found[:_MOST_NAMED])
    more = ", ..." if len(found) > _MOST_NAMED else ""
    message = printable(f"{_counted(len(found), 'administration')}: {names}{more}.")
    if found:
        return Finding("access", Grade.OK, message)
    return Finding("access", Grade.WARNING, "SB let us in, and shows no administration.", _RIGHTS)


def _toggles(calls: SbCalls, table: Table) -> Finding:
    """Which features are off, in how many administrations: writes that need one fail there."""
    operation = table.operation("featuretoggles", Verb.GET)
    try:
        found = whole_list(calls, operation)
    except AfasError as error:
        # Not every app may ask for them.
        return Finding("feature toggles", Grade.NOTE, f"They cannot be read: {error.message}")
    off = [name for name in _names(found) if any(_is_off(row.get(name)) for row in found)]
    if not off:
        return Finding("feature toggles", Grade.OK, f"All are on, in {_counted(len(found), 'administration')}.")
    spelt = {column.name.lower(): column.name for column in operation.columns}
    counts = [f"{spelt.get(name, name)} in {sum(_is_off(row.get(name)) for row in found)}" for name in off]
    message = printable(f"Of {_counted(len(found), 'administration')}, off: {', '.join(counts)}.")
    return Finding("feature toggles", Grade.NOTE, message, _SWITCH)


def _names(rows: Sequence[Row]) -> list[str]:
    return [name for name in dict.fromkeys(name for row in rows for name in row) if name != "administrationid"]


def _is_off(value: object) -> bool:
    """AFAS' file has booleans there, and calls them texts."""
    return str(value).lower() == "false"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
