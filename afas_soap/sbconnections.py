"""Opening an environment of AFAS SB: its transport and what signs its requests, out of settings."""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path

from afas_soap.errors import SettingsError
from afas_soap.sb.access.address import SbEnvironment
from afas_soap.sb.access.credentials import AppToken, SbCredential
from afas_soap.sb.access.scopes import Scope
from afas_soap.sb.table import Table, shipped
from afas_soap.settings.sb.product import SB as API
from afas_soap.settings.sb.product import wrong_api
from afas_soap.settings.settings import Settings
from afas_soap.settings.table import SETTINGS
from afas_soap.signin.sbsession import SbSignedIn
from afas_soap.signin.sbstore import SbTokenStore
from afas_soap.signin.store import Store
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.oauth.sbscopes import scopes as admin_scopes
from afas_soap.wire.sb.calls import SbCalls
from afas_soap.wire.sb.judge import SB

# Some 70 operations; AFAS' own file has 664 kB.
_LARGEST = 32 * 2**20


def opened(settings: Settings, *, base: str | None = None, patient: bool = True, store: Store | None = None) -> SbCalls:
    """Calls to the environment that ``settings`` name, signed as they say; nothing is asked yet. ``base`` is another
    environment of the same sign-in, such as the Admin Center; ``store`` keeps its tokens in place of the profile's.

    Raises ``SettingsError`` for settings of Profit, and for an address that must not get a credential.
    """
    link = way_out(settings, base=base)
    signed = session(settings, link, store)
    return SbCalls(Transport(dataclasses.replace(link, authorizer=signed), SB), patient=patient)


def way_out(settings: Settings, *, base: str | None = None) -> Link:
    """The link that ``settings`` describe, without a credential."""
    if settings.api != API:
        raise wrong_api(settings.api, settings.environment_name)
    rows = (row.name for row in SETTINGS if row.link and row.api in ("", API))
    given = {name: value for name in rows if (value := getattr(settings, name)) is not None}
    link = Link(**{"soap_url": "", **given}, environment=settings.environment_name)
    return link if base is None else dataclasses.replace(link, rest_url=base)


def session(settings: Settings, link: Link, store: Store | None = None) -> SbSignedIn:
    """Who is signed in there, its tokens kept in ``store``, or with the profile that the sign-in is of.

    Raises ``SettingsError`` for a person without a profile: where they signed in before is not known then.
    """
    credential = settings.credential
    assert isinstance(credential, SbCredential), "settings of SB have no other"
    if isinstance(credential, AppToken):
        environment = SbEnvironment(link.rest_url)
        said = None if environment.is_admin else credential.scope
        return SbSignedIn(dataclasses.replace(credential, scope=said or environment.scope), link)
    profile = settings.signed_in_with or settings.profile
    if store is not None:
        return SbSignedIn(credential, link, store, shared=settings.signed_in_with)
    if profile is None:
        raise SettingsError(
            "profile: a person signs in with 'afas auth login', and the tokens are kept with a profile: 'afas sb "
            "onboard' makes one, as 'afas profile add' does; name it (profile, AFAS_PROFILE)."
        )
    return SbSignedIn(credential, link, SbTokenStore(profile, link.rest_url), shared=settings.signed_in_with)


def table_of(settings: Settings) -> Table:
    """The table of operations: what is shipped, or what stands in the OpenAPI file that ``settings`` name."""
    if settings.openapi is None:
        return shipped()
    document = _document(settings.openapi)
    try:
        table: Table = importlib.import_module("afas_soap.sb.openapi").table(document)
    except SettingsError as error:
        failure = SettingsError(f"openapi: {settings.openapi}: {error.message}")
    else:
        return table
    raise failure


def _document(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        failure = SettingsError(f"openapi: cannot read {path}: {error.strerror or type(error).__name__}.")
    else:
        if len(data) <= _LARGEST:
            return data
        failure = SettingsError(f"openapi: {path} is larger than any OpenAPI file of AFAS: it is another file.")
    raise failure


def scopes(settings: Settings) -> tuple[Scope, ...]:
    """The customer environments that the sign-in of ``settings`` may enter, as the Admin Center of its domain lists
    them. Raises every way to fail."""
    admin = SbEnvironment(settings.rest_url or "").admin.rest_url
    with opened(settings, base=admin).transport as transport:
        return admin_scopes(transport)
