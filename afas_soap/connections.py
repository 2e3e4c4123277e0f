"""The choice of protocol, of the embedded Profit, of OAuth and of the check: the one place that loads them, each when
wanted."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from requests.adapters import BaseAdapter

from afas_soap.errors import NotOffered, Problem, SettingsError
from afas_soap.profit.access.credentials import AuthorizationCode, OAuth
from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.connectors.capabilities import Catalogue, Connectors, Documents, Imports
from afas_soap.sb.access.credentials import AppToken
from afas_soap.settings.sb.product import PROFIT, wrong_api
from afas_soap.settings.settings import Settings
from afas_soap.settings.table import SETTINGS
from afas_soap.wire.http.authorizer import Authorizer
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.judge import PROFIT as PROFITS_JUDGE
from afas_soap.writing.schemacache import Schemas, schemas_folder

if TYPE_CHECKING:
    from afas_soap.profit.access.onetimepassword import OneTimePasswords

# Loopback by their names, so that a credential may go there; no socket is ever opened to them.
EMBEDDED_SOAP_URL = "http://127.0.0.1/ProfitServices"
EMBEDDED_REST_URL = "http://127.0.0.1/ProfitRestServices"

Build = Callable[[Settings, Transport], Connectors]
Judge = Callable[..., tuple[Problem, ...]]


def load_check() -> Judge:
    """``profit.schemas.schema.check``, loaded where something is checked: it takes xmlschema, which is heavy."""
    check: Judge = importlib.import_module("afas_soap.profit.schemas.schema").check
    return check


class Opened:
    """One environment, opened: its transport and the connectors over each protocol, each made when first wanted."""

    def __init__(self, settings: Settings) -> None:
        if settings.api != PROFIT:
            raise wrong_api(settings.api, settings.environment_name)
        self.settings = settings
        with contextlib.ExitStack() as closing:
            link, adapter = _embedded(settings, closing) if settings.embedded else (_link(settings), None)
            self.transport = Transport(link, PROFITS_JUDGE, adapter)
            closing.callback(self.transport.close)
            self._closing = closing.pop_all()
        self._connectors: dict[str, Connectors] = {}
        self._documents: dict[str, Documents] = {}

    def connectors(self, protocol: str) -> Connectors:
        """Everything one may ask, over ``protocol``."""
        if protocol not in self._connectors:
            # They share the transport, and hold nothing beside it that is to be closed.
            self._connectors[protocol] = _PROTOCOLS[protocol](self.settings, self.transport)
        return self._connectors[protocol]

    def documents(self, protocol: str) -> Documents:
        """Attachments, reports, pictures and files, over ``protocol``."""
        if protocol not in self._documents:
            self._documents[protocol] = _DOCUMENTS[protocol](self.settings, self.transport)
        return self._documents[protocol]

    def imports(self, protocol: str) -> Imports:
        """Remote import, over ``protocol``: it holds nothing that would be worth keeping."""
        return _IMPORTS[protocol](self.settings, self.transport)

    def glance(self) -> Catalogue:
        """Which connectors the credentials may use, asked over REST and once: for whoever explains another error and
        must not wait long. Raises what ``Connectors.catalogue`` raises, and ``NotOffered`` without an address."""
        if not self.offers("rest"):
            raise NotOffered("SOAP has no list of connectors; REST has.", offered_by="rest")
        rest = importlib.import_module("afas_soap.wire.profit.rest").RestConnectors(self.transport, patient=False)
        catalogue: Catalogue = rest.catalogue()
        return catalogue

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the calls go; () for the embedded Profit, which is one client's alone."""
        link = self.transport.link
        return () if self.settings.embedded else (link.soap_url, link.rest_url)

    def offers(self, protocol: str) -> bool:
        """Whether the environment has an address for ``protocol``."""
        return bool(getattr(self.transport.link, f"{protocol}_url"))

    def close(self) -> None:
        """Let go of connections and files."""
        self._closing.close()


def _soap(settings: Settings, transport: Transport) -> Connectors:
    soap = importlib.import_module("afas_soap.wire.profit.soap")
    connectors: Connectors = soap.SoapConnectors(
        transport, soap_version=settings.soap_version, token_in_body=settings.token_in_body
    )
    return connectors


def _rest(_settings: Settings, transport: Transport) -> Connectors:
    connectors: Connectors = importlib.import_module("afas_soap.wire.profit.rest").RestConnectors(transport)
    return connectors


_PROTOCOLS: Mapping[str, Build] = {"soap": _soap, "rest": _rest}


def _soap_documents(settings: Settings, transport: Transport) -> Documents:
    soap = importlib.import_module("afas_soap.wire.profit.documents.soap")
    documents: Documents = soap.SoapDocuments(
        transport, soap_version=settings.soap_version, token_in_body=settings.token_in_body
    )
    return documents


def _rest_documents(settings: Settings, transport: Transport) -> Documents:
    rest = importlib.import_module("afas_soap.wire.profit.documents.rest")
    documents: Documents = rest.RestDocuments(transport, binary=settings.send_file_as_binary)
    return documents


_DOCUMENTS: Mapping[str, Callable[[Settings, Transport], Documents]] = {
    "soap": _soap_documents,
    "rest": _rest_documents,
}


def _soap_imports(settings: Settings, transport: Transport) -> Imports:
    imports = importlib.import_module("afas_soap.wire.profit.imports")
    over_soap: Imports = imports.SoapImports(transport, soap_version=settings.soap_version)
    return over_soap


def _rest_imports(_settings: Settings, _transport: Transport) -> Imports:
    over_rest: Imports = importlib.import_module("afas_soap.wire.profit.imports").RestImports()
    return over_rest


_IMPORTS: Mapping[str, Callable[[Settings, Transport], Imports]] = {"soap": _soap_imports, "rest": _rest_imports}


@contextlib.contextmanager
def one_time_passwords(settings: Settings, protocol: str, *hidden: str) -> Iterator[OneTimePasswords]:
    """One-time passwords over ``protocol``, at whom ``settings`` name and without what signs in there. ``hidden`` is
    masked wherever it might show."""
    passwords = importlib.import_module("afas_soap.wire.profit.onetimepasswords")
    with Transport(passwords.without_trace(way_out(settings), *hidden), PROFITS_JUDGE) as transport:
        if protocol == "soap":
            yield passwords.SoapOneTimePasswords(transport, soap_version=settings.soap_version)
        else:
            yield passwords.RestOneTimePasswords(transport)


def way_out(settings: Settings) -> Link:
    """The link that ``settings`` describe, without a credential."""
    carried = _carried(settings, ("outside", "always"))
    return Link(
        **{"soap_url": "", "rest_url": "", **carried},
        environment=settings.environment_name,
        client_certificate=settings.client_certificate,
    )


def _carried(settings: Settings, links: Collection[str]) -> dict[str, Any]:
    """What a link takes from the settings, as the table says; what is None is left to the link."""
    values = {row.name: getattr(settings, row.name) for row in SETTINGS if row.link in links}
    return {name: value for name, value in values.items() if value is not None}


def kept_schemas(settings: Settings | None, protocol: str | None = None) -> Schemas | None:
    """Kept on disk by the address they came from; the embedded Profit's, and of connectors of one's own, are not.

    ``protocol`` is the one that is spoken, unless another is named.
    """
    if settings is None or settings.embedded:
        return None
    folder = schemas_folder()
    if folder is None:
        return None
    protocol = protocol or settings.protocol
    return Schemas(folder, f"{protocol} {settings.soap_url if protocol == 'soap' else settings.rest_url}")


def _link(settings: Settings) -> Link:
    link, credential = way_out(settings), settings.credential
    if credential is None:
        return link
    assert not isinstance(credential, AppToken), "AFAS SB's, which was refused before"
    if isinstance(credential, AfasToken):
        return dataclasses.replace(link, authorizer=ClassicAuthorizer(credential))
    return dataclasses.replace(link, authorizer=_signed_in(credential, link, settings.profile))


def _signed_in(credential: OAuth, link: Link, profile: str | None) -> Authorizer:
    """OAuth, its tokens kept with the profile; without one a service keeps them in memory.

    Raises ``SettingsError`` for a person without a profile: where they signed in before is not known then.
    """
    if profile is None and isinstance(credential, AuthorizationCode):
        raise SettingsError(
            "profile: a person signs in with 'afas auth login', and the tokens are kept with a profile: make one "
            "(afas profile add NAME) and name it (profile, AFAS_PROFILE)."
        )
    store = None if profile is None else importlib.import_module("afas_soap.signin.store").TokenStore(profile)
    authorizer: Authorizer = importlib.import_module("afas_soap.signin.headers").SignedIn(credential, link, store)
    return authorizer


def _embedded(settings: Settings, closing: contextlib.ExitStack) -> tuple[Link, BaseAdapter]:
    """The embedded Profit: no socket, and its own public token in place of any that is configured."""
    embedded = importlib.import_module("afas_soap.wire.http.embedded")
    app = importlib.import_module("afas_soap.emulator.http.app")
    link = Link(
        soap_url=EMBEDDED_SOAP_URL,
        rest_url=EMBEDDED_REST_URL,
        environment=settings.environment_name,
        authorizer=ClassicAuthorizer(app.DEMO_TOKEN),
        **_carried(settings, ("always",)),
    )
    emulator = app.Emulator()
    closing.callback(emulator.close)
    return link, embedded.WsgiAdapter(emulator)
