"""Precedence: every level of settings read, the highest first, into one value."""

from __future__ import annotations

import dataclasses
import logging
import os
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import ClientCertificate, ClientSecret, Credential, PrivateKey, Proof
from afas_soap.profit.access.environment import Environment
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.rows import MAX_VALUE
from afas_soap.settings import kinds as types
from afas_soap.settings import signing
from afas_soap.settings.keyringentry import check_entry, from_keyring
from afas_soap.settings.levels import Level, Levels, argument_level, profile_level, variable_level
from afas_soap.settings.pemfile import check_certificate, read_private_key
from afas_soap.settings.profiles import EMULATOR, profiles_path

_LOG = logging.getLogger("afas_soap.settings")

_ADDRESS = "an environment (environment, AFAS_ENVIRONMENT, or environment in a profile) or {}"
_REMEDY = "For the embedded Profit name it: profile emulator."


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting as it applies. Times are in seconds, ``max_value`` in bytes; an address is None when neither an
    environment nor an override gives it. ``private_key`` is what stands in ``private_key_file``, and ``client_secret``
    what stands in ``client_secret_file`` where that is given. ``sources`` says for each name where it came from."""

    protocol: str = "soap"
    profile: str | None = None
    environment: Environment | None = None
    soap_url: str | None = None
    rest_url: str | None = None
    auth: str = "token"
    token: AfasToken | None = None
    client_id: str | None = None
    client_secret: Secret | None = None
    client_secret_file: Path | None = None
    client_secret_keyring: str | None = None
    client_secret_basic: bool = False
    private_key_file: Path | None = None
    private_key: Secret | None = None
    key_id: str | None = None
    assertion_type: str = "JWT"
    assertion_audience: str = "token-url"
    assertion_algorithm: str | None = None
    dpop: bool = False
    redirect_uri: str | None = None
    client_cert_file: Path | None = None
    client_key_file: Path | None = None
    api: str = "profit"
    integration_id: str | None = None
    language: str | None = None
    connect_timeout: float = 10.0
    # AFAS itself stops at 900 s and answers that; a shorter wait only hides its answer.
    read_timeout: float = 960.0
    call_timeout: float | None = None
    retry_total: float = 120.0
    retry_locked: bool = False
    ca_bundle: Path | None = None
    allow_http: bool = False
    token_in_body: bool = False
    soap_version: str = "1.1"
    trace: Path | None = None
    max_value: int = MAX_VALUE
    embedded: bool = False
    explicitly_embedded: bool = False
    sources: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def environment_name(self) -> str:
        """``emulator``, the environment's name, or the host of the address that is asked."""
        if self.embedded:
            return EMULATOR
        if self.environment is not None:
            return self.environment.name
        host = urllib.parse.urlsplit(getattr(self, self._address) or "").hostname or ""
        # By either protocol's address it is the same environment, and is to be called the same.
        named = Environment.of_host(host)
        return host if named is None else named.name

    @property
    def credential(self) -> Credential | None:
        """What to sign in with: the AfasToken, or OAuth as ``auth`` says. None for the embedded Profit, and where no
        token is given.

        A secret that the keyring keeps is looked up now, each time. Raises ``SettingsError`` when that fails, and when
        something is missing that ``auth`` needs.
        """
        if self.embedded:
            return None
        if self.auth == "token":
            return self.token
        lacking = _lacking(self)
        if lacking:
            raise SettingsError(f"auth={self.auth} is half configured: missing: {'; '.join(lacking)}.")
        return signing.oauth(self.auth, self.client_id or "", self._proof(), self.redirect_uri, bound=self.dpop)

    @property
    def client_certificate(self) -> ClientCertificate | None:
        """What the client shows on the TLS layer (mTLS), beside any credential."""
        return None if self.embedded else signing.certificate(self.client_cert_file, self.client_key_file)

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
        values: dict[str, object] = {name: getattr(self, name) for name in _SHOWN}
        values["environment"] = self.environment_name
        values["token"] = "set (64 hex digits)" if self.token is not None else None
        values["client_secret"] = "set" if self.client_secret is not None else None
        sources = {"environment": self._source_of_environment, **self.sources}
        return [(name, _spelt(value), sources.get(name, "default")) for name, value in values.items()]

    @property
    def _address(self) -> str:
        """The setting that holds the address of the chosen protocol."""
        return f"{self.protocol}_url"

    @property
    def _source_of_environment(self) -> str:
        """Where the name comes from when no environment is given."""
        if self.embedded:
            return "embedded" if self.explicitly_embedded else "default"
        return self._address if getattr(self, self._address) else "default"


_HIDDEN = ("sources", "explicitly_embedded", "private_key")
_SHOWN = tuple(name for name in Settings.__dataclass_fields__ if name not in _HIDDEN)


def _spelt(value: object) -> str:
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)


def resolve(
    arguments: Mapping[str, object], environ: Mapping[str, str] | None = None, *, profiles: Path | None = None
) -> Settings:
    """The settings that follow from arguments (see ``SettingsArguments``), variables and the profile they name.

    ``environ`` is the process's own and ``profiles`` the user's file unless given. Raises ``SettingsError`` for what is
    unknown, unreadable, contradictory or missing; logs one warning when it falls to the embedded Profit, and one for
    each variable that was meant to be a setting and is none, or could not be read if it counted.
    """
    variables = variable_level(os.environ if environ is None else environ)
    remarks = (*variables.suspicions, *variables.remarks)
    try:
        settings = _resolved([argument_level(arguments), variables], profiles)
    except SettingsError as error:
        _tell(remark for remark in remarks if remark not in error.message)
        raise
    _tell((*remarks, *_unreadable(variables, settings)))
    return settings


def _tell(remarks: Iterable[str]) -> None:
    for remark in remarks:
        _LOG.warning("%s", remark)


def _unreadable(variables: Level, settings: Settings) -> Iterator[str]:
    """What is wrong with the variables that something else overruled. What stands in a file is not looked at."""
    for name in variables.values:
        if name in (*types.PATHS, "profile", "embedded") or settings.sources.get(name) == variables.sources[name]:
            continue
        try:
            _read(Levels([variables.only([name])]), embedded=False)
        except SettingsError as error:
            yield f"{error.message} It is not used here."


def _resolved(levels: list[Level], profiles: Path | None) -> Settings:
    chosen = _embedded(levels)
    if chosen is not None:
        below = [level.only(types.FREE) for level in levels[chosen + 1 :]]
        suited = Levels([*levels[: chosen + 1], *below])
        suited.sources["embedded"] = levels[chosen].source_of_embedded
        return _read(suited, embedded=True, explicit=True)
    name = _profile(levels)
    if name is not None:
        levels.append(profile_level(name, profiles or profiles_path()))
    if any(level.configured or level.suspicions for level in levels):
        return _complete(_read(Levels(signing.fitting(levels)), embedded=False), levels)
    _allow_embedded(levels)
    return _read(Levels(levels), embedded=True)


def _embedded(levels: list[Level]) -> int | None:
    """Which level chooses the embedded Profit: the highest that says anything about it, if it says so."""
    for index, level in enumerate(levels):
        says, targets = level.embedded, level.targets
        if says and targets:
            raise SettingsError(f"the embedded Profit and {' and '.join(targets)} contradict: give one of them.")
        if says is not None or targets:
            return index if says else None
    return None


def _profile(levels: list[Level]) -> str | None:
    """The name of the profile to read; ``emulator`` is none, and here a higher level has overruled it."""
    names = [level.read("profile", types.text) for level in levels if "profile" in level.values]
    return names[0] if names and names[0] != EMULATOR else None


def _read(levels: Levels, *, embedded: bool, explicit: bool = False) -> Settings:
    read = levels.read
    environment = None if embedded else read("environment", types.environment, None)
    profile = read("profile", types.text, None)
    settings = Settings(
        protocol=read("protocol", types.one_of(*types.PROTOCOLS), Settings.protocol),
        profile=profile if embedded or profile != EMULATOR else None,
        environment=environment,
        soap_url=_address(levels, "soap_url", environment),
        rest_url=_address(levels, "rest_url", environment),
        token=None if embedded else levels.token(),
        api=read("api", types.one_of(*types.APIS), Settings.api),
        integration_id=read("integration_id", types.integration_id, None),
        language=read("language", types.one_of(*types.LANGUAGES), None),
        connect_timeout=read("connect_timeout", types.seconds, Settings.connect_timeout),
        read_timeout=read("read_timeout", types.seconds, Settings.read_timeout),
        call_timeout=read("call_timeout", types.seconds, None),
        retry_total=read("retry_total", types.seconds_or_none, Settings.retry_total),
        retry_locked=read("retry_locked", types.switch, Settings.retry_locked),
        ca_bundle=read("ca_bundle", types.existing_file, None),
        allow_http=read("allow_http", types.switch, Settings.allow_http),
        token_in_body=read("token_in_body", types.switch, Settings.token_in_body),
        soap_version=read("soap_version", types.one_of(*types.SOAP_VERSIONS), Settings.soap_version),
        trace=read("trace", types.path, None),
        max_value=read("max_value", types.size, Settings.max_value),
        embedded=embedded,
        explicitly_embedded=explicit,
        sources=levels.sources,
    )
    return settings if embedded else _with_oauth(settings, levels)


def _with_oauth(settings: Settings, levels: Levels) -> Settings:
    """The settings with how to sign in; a file that is named is read now, the keyring is not."""
    read = levels.read
    auth = read("auth", types.one_of(*types.AUTHS), Settings.auth)
    assertion_type = read("assertion_type", types.assertion_type, Settings.assertion_type)
    audience = read("assertion_audience", types.one_of(*types.AUDIENCES), None)
    return dataclasses.replace(
        settings,
        auth=auth,
        client_id=read("client_id", types.name_of_client, None),
        client_secret=levels.client_secret(),
        client_secret_file=read("client_secret_file", types.path, None),
        client_secret_keyring=read("client_secret_keyring", check_entry, None),
        client_secret_basic=read("client_secret_basic", types.switch, Settings.client_secret_basic),
        private_key_file=read("private_key_file", types.path, None),
        private_key=read("private_key_file", _private_key, None),
        key_id=read("key_id", types.name_of_client, None),
        assertion_type=assertion_type,
        assertion_audience=signing.audience(assertion_type, audience),
        assertion_algorithm=read("assertion_algorithm", types.algorithm, None),
        dpop=signing.dpop(auth, read("dpop", types.switch, None)),
        redirect_uri=read("redirect_uri", types.redirect_uri, None),
        client_cert_file=read("client_cert_file", _certificate_file, None),
        client_key_file=read("client_key_file", _certificate_key, None),
    )


def _private_key(name: str, given: object) -> Secret:
    return read_private_key(name, types.path(name, given))


def _certificate_file(name: str, given: object) -> Path:
    path = types.path(name, given)
    check_certificate(name, path)
    return path


def _certificate_key(name: str, given: object) -> Path:
    """The path alone, for TLS reads the file itself; now is when somebody may be told what is wrong with it."""
    path = types.path(name, given)
    read_private_key(name, path)
    return path


def _address(levels: Levels, name: str, environment: Environment | None) -> str | None:
    given = levels.read(name, types.base_url, None)
    if given is not None or environment is None:
        return given
    levels.sources[name] = "environment"
    return environment.rest_url if name == "rest_url" else environment.soap_url


def check_profile(values: Mapping[str, object], where: str) -> list[str]:
    """What is missing for a profile of these values to be enough by itself; variables may still give it.

    Raises ``SettingsError`` for what is wrong or contradictory, and for a file of secrets that cannot be used.
    """
    level = Level(values, dict.fromkeys(values, where))
    return _missing(_read(Levels(signing.fitting([level])), embedded=False))


def check_value(name: str, value: object) -> None:
    """Raise ``SettingsError`` for a value that the setting ``name`` cannot have; of a file of secrets what is in it
    counts."""
    _read(Levels([Level({name: value}, {name: "answer"})]), embedded=False)


def _lacking(settings: Settings) -> list[str]:
    """What else it takes to sign in."""
    given = [name for name in (*types.SIGNING, *_CERTIFICATE) if getattr(settings, name, None) is not None]
    proofs = (settings.client_secret, settings.client_secret_keyring, settings.private_key)
    return signing.missing(settings.auth, [*given, *("proof" for proof in proofs if proof is not None)])


_CERTIFICATE = ("client_cert_file", "client_key_file")


def _missing(settings: Settings) -> list[str]:
    address = f"{settings.protocol}_url"
    missing = [] if getattr(settings, address) else [_ADDRESS.format(address)]
    if not missing and settings.auth != "token" and not settings.rest_url:
        missing.append(f"{_ADDRESS.format('rest_url')}, where OAuth hands out tokens, over SOAP as well")
    return missing + _lacking(settings)


def _complete(settings: Settings, levels: list[Level]) -> Settings:
    """The settings, when whom to ask is known and how to sign in there."""
    missing = _missing(settings)
    if not missing:
        return settings
    given = [f"{name} ({level.sources[name]})" for level in levels for name in level.configured]
    sentences = [f"the settings are half configured: missing: {'; '.join(missing)}."]
    sentences += [f"Given are: {', '.join(given)}."] if given else []
    sentences += [suspicion for level in levels for suspicion in level.suspicions]
    raise SettingsError(" ".join([*sentences, _REMEDY]))


def _allow_embedded(levels: list[Level]) -> None:
    """Nothing is configured: the embedded Profit, aloud, unless somebody forbade it."""
    for level in levels:
        if level.embedded is False:
            raise SettingsError(
                f"nothing is configured, and {level.sources['embedded']} forbids the embedded Profit: "
                f"missing: {_ADDRESS.format('soap_url or rest_url')}; {signing.TOKEN}."
            )
    _LOG.warning(
        "nothing is configured: these are invented rows from the embedded Profit (environment %s), for reading only",
        EMULATOR,
    )
