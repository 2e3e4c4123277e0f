"""Settings as they apply: one value, which says whom it is about and what to sign in with."""

from __future__ import annotations

import dataclasses
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import ClientCertificate, ClientSecret, Credential, PrivateKey, Proof
from afas_soap.profit.access.environment import Environment
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.address import SbEnvironment
from afas_soap.sb.access.credentials import AppToken
from afas_soap.settings import signing
from afas_soap.settings.keyringentry import app_token_from_keyring, from_keyring, token_from_keyring
from afas_soap.settings.names import BY_NAME, SIGNING
from afas_soap.settings.profiles import EMULATOR
from afas_soap.settings.setting import Setting, spelt
from afas_soap.settings.table import SETTINGS, Table

ADDRESS = "an environment (environment, AFAS_ENVIRONMENT, or environment in a profile) or {}"
"""What says whom to ask; ``{}`` is the setting of the address alone."""

_CUSTOMER = "a customer environment such as demo/enyoi, or its whole address (environment, AFAS_ENVIRONMENT, rest_url)"


@dataclass(frozen=True, kw_only=True)
class Settings(Table):
    """Every setting as it applies. Times are in seconds, ``max_value`` in bytes; an address is None when neither an
    environment nor an override gives it. ``private_key`` is what stands in ``private_key_file``, and ``client_secret``
    what stands in ``client_secret_file`` where that is given. ``sources`` says for each name where it came from."""

    private_key: Secret | None = None
    explicitly_embedded: bool = False
    sources: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    @property
    def environment_name(self) -> str:
        """``emulator``, the environment's name, or the host of the address that is asked; of SB its path as well."""
        if self.embedded:
            return EMULATOR
        if self.environment is not None:
            return self.environment.name
        if self.api == "sb":
            return SbEnvironment(self.rest_url or "").name
        host = urllib.parse.urlsplit(getattr(self, self._address) or "").hostname or ""
        # By either protocol's address it is the same environment, and is to be called the same.
        named = Environment.of_host(host)
        return host if named is None else named.name

    @property
    def credential(self) -> Credential | AppToken | None:
        """What to sign in with: the AfasToken, OAuth as ``auth`` says, or the app token of SB. None for the embedded
        Profit, and where no token is given.

        A secret that the keyring keeps is looked up now, each time. Raises ``SettingsError`` when that fails, and when
        something is missing that ``auth`` needs.
        """
        if self.embedded:
            return None
        if self.auth == "token":
            if self.token is None and self.token_keyring is not None:
                return token_from_keyring("token_keyring", self.token_keyring)
            return self.token
        lacking = _lacking(self)
        if lacking:
            raise SettingsError(f"auth={self.auth} is half configured: missing: {'; '.join(lacking)}.")
        if self.auth == "app-token":
            return AppToken(self._app_token(), self.scope)
        return signing.oauth(self.auth, self.client_id or "", self._proof(), self.redirect_uri, bound=self.dpop)

    @property
    def client_certificate(self) -> ClientCertificate | None:
        """What the client shows on the TLS layer (mTLS), beside any credential."""
        return None if self.embedded else signing.certificate(self.client_cert_file, self.client_key_file)

    def _app_token(self) -> Secret:
        if self.app_token is not None:
            return self.app_token
        return app_token_from_keyring("app_token_keyring", self.app_token_keyring or "")

    def _proof(self) -> Proof | None:
        if self.auth == "public":
            return None
        if self.private_key is not None:
            to_base = self.assertion_audience == "base-url"
            return PrivateKey(self.private_key, self.key_id, self.assertion_algorithm, self.assertion_type, to_base)
        secret = self.client_secret
        if secret is None and self.client_secret_keyring is not None:
            secret = from_keyring("client_secret_keyring", self.client_secret_keyring)
        return None if secret is None else ClientSecret(secret, self.client_secret_basic)

    def shown(self) -> list[tuple[str, str, str]]:
        """Name, value and source of each setting, for a person to read: no part of a secret."""
        rows = (BY_NAME[name] for name in _SHOWN if BY_NAME[name].api in ("", self.api))
        values = {setting.name: _shown(setting, getattr(self, setting.name)) for setting in rows}
        values["environment"] = self.environment_name
        sources = {"environment": self._source_of_environment, **self.sources}
        return [(name, value, sources.get(name, "default")) for name, value in values.items()]

    @property
    def _address(self) -> str:
        """The setting that holds the address of the chosen protocol."""
        return "rest_url" if self.api == "sb" else f"{self.protocol}_url"

    @property
    def _source_of_environment(self) -> str:
        """Where the name comes from when no environment is given."""
        if self.embedded:
            return "embedded" if self.explicitly_embedded else "default"
        return self._address if getattr(self, self._address) else "default"


# Whom it is about stands in front.
_FIRST = ("protocol", "profile", "environment", "soap_url", "rest_url", "auth")
_SHOWN = tuple(dict.fromkeys((*_FIRST, *(setting.name for setting in SETTINGS if setting.shown))))


def _shown(setting: Setting, value: object) -> str:
    return "not set" if value is None else setting.masked or spelt(value)


def missing(settings: Settings) -> list[str]:
    """What else it takes to ask somebody and to sign in there, each with the settings that give it."""
    if settings.api == "sb":
        return [*([] if settings.rest_url else [_CUSTOMER]), *_lacking(settings)]
    address = f"{settings.protocol}_url"
    found = [] if getattr(settings, address) else [ADDRESS.format(address)]
    if not found and settings.auth != "token" and not settings.rest_url:
        found.append(f"{ADDRESS.format('rest_url')}, where OAuth hands out tokens, over SOAP as well")
    return found + _lacking(settings)


def _lacking(settings: Settings) -> list[str]:
    """What else it takes to sign in."""
    given = [name for name in (*SIGNING, *_CERTIFICATE) if getattr(settings, name) is not None]
    proofs = (settings.client_secret, settings.client_secret_keyring, settings.private_key)
    kept = [name for name in ("token", "app_token") if getattr(settings, f"{name}_keyring") is not None]
    auth = signing.SB_PERSON if (settings.api, settings.auth) == ("sb", "authorization-code") else settings.auth
    return signing.missing(auth, [*given, *kept, *("proof" for proof in proofs if proof is not None)])


_CERTIFICATE = ("client_cert_file", "client_key_file")
