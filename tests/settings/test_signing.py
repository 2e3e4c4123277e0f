"""How to sign in: chosen, never guessed; what contradicts and what is missing is said with its remedy."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import (
    AuthorizationCode,
    ClientCertificate,
    ClientCredentials,
    ClientSecret,
    PrivateKey,
)
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import Settings, resolve
from afas_soap.settings.names import NAMES, SIGNING, TAKEN, TARGETS
from afas_soap.settings.sb.product import AUTHS, PROFIT
from afas_soap.settings.table import SETTINGS

PROFITS_AUTHS = AUTHS[PROFIT]
SBS = [setting.name for setting in SETTINGS if setting.api == "sb"]
TOKEN = "ab" * 32
SECRET = "zeer-geheim-0123456789"
URI = "http://localhost:8321/callback"
SERVICE = {"auth": "client-credentials", "environment": "12345", "client_id": "id"}
PERSON = {"auth": "authorization-code", "environment": "12345", "client_id": "id", "redirect_uri": URI}
PUBLIC = {"auth": "public", "environment": "12345", "client_id": "id", "redirect_uri": URI}


@pytest.fixture(scope="session")
def pem() -> str:
    """A private key on P-256."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def key(tmp_path: Path, pem: str) -> Path:
    """Its file, which only its owner reads."""
    path = tmp_path / "key.pem"
    path.write_text(pem)
    path.chmod(0o600)
    return path


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with the client secret."""
    path = tmp_path / "secret.txt"
    path.write_text(SECRET + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """What has the form of a certificate: more is not looked at here."""
    path = tmp_path / "certificate.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    return path


class TestCredentials:
    """Each combination that exists (authentication.md) can be chosen."""

    def test_the_classic_token(self) -> None:
        found = resolve({"token": TOKEN, "environment": "12345"}, {})
        assert (found.auth, found.credential) == ("token", AfasToken(TOKEN))
        assert found.client_certificate is None

    @pytest.mark.parametrize("basic", [False, True])
    def test_a_service_with_a_secret(self, secret: Path, basic: bool) -> None:
        proof = ClientSecret(Secret(SECRET, "client secret"), basic)
        for given_ in ({"client_secret": SECRET}, {"client_secret": Secret(SECRET)}, {"client_secret_file": secret}):
            found = resolve({**SERVICE, **given_, "client_secret_basic": basic}, {})
            assert found.credential == ClientCredentials("id", proof)
            assert found.token is None

    def test_a_service_with_a_key(self, key: Path, pem: str) -> None:
        found = resolve({**SERVICE, "private_key_file": str(key), "dpop": True}, {})
        assert found.credential == ClientCredentials("id", PrivateKey(Secret(pem)), dpop=True)
        more = {"key_id": "k1", "assertion_type": "CLIENT-authentication+jwt", "assertion_algorithm": "es256"}
        found = resolve({**SERVICE, "private_key_file": key, **more}, {})
        expected = PrivateKey(Secret(pem), "k1", "ES256", "client-authentication+jwt", to_base=True)
        assert found.credential == ClientCredentials("id", expected)

    def test_whom_an_assertion_is_meant_for(self, tmp_path: Path, key: Path) -> None:
        """The token URL unless the base URL is asked for, or follows from the type."""
        given_ = {**SERVICE, "private_key_file": key}
        profiles = tmp_path / "profiles.toml"
        profiles.write_text('[profiles.a]\nassertion_audience = "base-url"\n')
        typed = {"assertion_type": "client-authentication+jwt"}
        for more, environ, audience in (
            ({}, {}, "token-url"),
            ({"assertion_audience": "token-url"}, {}, "token-url"),
            ({"assertion_audience": "Base-URL"}, {}, "base-url"),
            ({}, {"AFAS_ASSERTION_AUDIENCE": "base-url"}, "base-url"),
            ({"profile": "a"}, {}, "base-url"),
            (typed, {}, "base-url"),
            ({**typed, "assertion_audience": "base-url"}, {}, "base-url"),
        ):
            found = resolve({**given_, **more}, environ, profiles=profiles)
            assert isinstance(found.credential, ClientCredentials)
            assert isinstance(found.credential.proof, PrivateKey)
            assert found.credential.proof.to_base is (audience == "base-url")
            assert ("assertion_audience", audience) in [(name, value) for name, value, _ in found.shown()]
        with pytest.raises(SettingsError, match=r"^assertion_audience: .*client-authentication\+jwt.*leave"):
            resolve({**given_, **typed, "assertion_audience": "token-url"}, {})

    def test_a_person(self, key: Path, pem: str) -> None:
        found = resolve({**PERSON, "client_secret": SECRET}, {})
        assert found.credential == AuthorizationCode("id", URI, ClientSecret(Secret(SECRET)))
        found = resolve({**PERSON, "private_key_file": key, "dpop": True}, {})
        assert found.credential == AuthorizationCode("id", URI, PrivateKey(Secret(pem)), dpop=True)

    @pytest.mark.parametrize("dpop", [None, True])
    def test_a_person_at_a_public_client_always_with_dpop(self, dpop: bool | None) -> None:
        found = resolve({**PUBLIC, "dpop": dpop}, {})
        assert found.credential == AuthorizationCode("id", URI, dpop=True)
        assert found.dpop

    def test_a_certificate_beside_any(self, certificate: Path, key: Path) -> None:
        files = {"client_cert_file": str(certificate), "client_key_file": str(key)}
        expected = ClientCertificate(certificate, key)
        assert resolve({**SERVICE, **files, "client_secret": SECRET}, {}).client_certificate == expected
        assert resolve({"environment": "1234", "token": TOKEN, **files}, {}).client_certificate == expected

    def test_one_file_for_certificate_and_key(self, certificate: Path, pem: str) -> None:
        certificate.write_text(certificate.read_text() + pem)
        certificate.chmod(0o600)
        files = {"client_cert_file": certificate, "client_key_file": certificate}
        found = resolve({**SERVICE, **files, "client_secret": SECRET}, {})
        assert found.client_certificate == ClientCertificate(certificate, certificate)

    def test_by_variables(self, secret: Path, key: Path, certificate: Path) -> None:
        environ = {
            "AFAS_ENVIRONMENT": "12345",
            "AFAS_AUTH": " Authorization-Code ",
            "AFAS_CLIENT_ID": " id ",
            "AFAS_CLIENT_SECRET_FILE": str(secret),
            "AFAS_REDIRECT_URI": URI,
            "AFAS_CLIENT_CERT_FILE": str(certificate),
            "AFAS_CLIENT_KEY_FILE": str(key),
        }
        found = resolve({}, environ)
        assert found.credential == AuthorizationCode("id", URI, ClientSecret(Secret(SECRET)))
        assert found.sources["client_secret"] == "AFAS_CLIENT_SECRET_FILE"
        del environ["AFAS_CLIENT_SECRET_FILE"]
        found = resolve({}, environ | {"AFAS_PRIVATE_KEY_FILE": str(key), "AFAS_KEY_ID": "7"})
        assert isinstance(found.credential, AuthorizationCode)
        assert isinstance(found.credential.proof, PrivateKey)
        assert found.credential.proof.key_id == "7"

    def test_by_a_profile(self, tmp_path: Path, secret: Path) -> None:
        """Files count from the folder of the profile file, and a secret itself is refused."""
        path = tmp_path / "profiles.toml"
        lines = 'environment = "12345"\nauth = "client-credentials"\nclient_id = "id"\ndpop = true\napi = "profit"\n'
        path.write_text(f'[profiles.a]\n{lines}client_secret_file = "{secret.name}"\n')
        found = resolve({"profile": "a"}, {}, profiles=path)
        assert found.credential == ClientCredentials("id", ClientSecret(Secret(SECRET)), dpop=True)
        path.write_text(f'[profiles.a]\n{lines}client_secret = "{SECRET}"\n')
        with pytest.raises(SettingsError, match=r"holds no client_secret;.*client_secret_file") as caught:
            resolve({"profile": "a"}, {}, profiles=path)
        assert SECRET not in str(caught.value)

    def test_the_embedded_profit_has_none(self) -> None:
        found = resolve({"embedded": True}, {"AFAS_AUTH": "public", "AFAS_CLIENT_ID": "id"})
        assert (found.credential, found.client_certificate, found.auth) == (None, None, "token")

    def test_settings_made_by_hand_are_checked_when_they_are_used(self) -> None:
        assert Settings().credential is None
        with pytest.raises(SettingsError, match=r"auth=public is half configured: missing: .*client_id.*redirect_uri"):
            _ = Settings(auth="public").credential


CONTRADICTIONS: list[tuple[Mapping[str, object], str]] = [
    ({"environment": "12345", "client_id": "id"}, r"auth=token \(the default\) and client_id \(argument\).*AFAS_AUTH"),
    ({"environment": "12345", "token": TOKEN, "dpop": True}, r"auth=token .* and dpop"),
    ({"environment": "12345", "token": TOKEN, "client_secret": SECRET}, r"auth=token .* and client_secret"),
    ({"environment": "12345", "auth": "token", "redirect_uri": URI}, r"auth=token \(argument\) and redirect_uri"),
    ({**SERVICE, "token": TOKEN}, r"auth=client-credentials \(argument\) and token \(argument\) contradict: .*another"),
    ({**SERVICE, "client_secret": SECRET, "redirect_uri": URI}, r"and redirect_uri .*authorization-code for people"),
    ({**SERVICE, "client_secret": SECRET, "token_in_body": True}, r"and token_in_body"),
    ({**PUBLIC, "client_secret": SECRET}, r"auth=public .* and client_secret .*is auth=authorization-code"),
    ({**PUBLIC, "private_key_file": "x"}, r"auth=public .* and private_key_file"),
    ({**PUBLIC, "dpop": False}, r"dpop: AFAS takes a public client .* with DPoP only"),
    (
        {**SERVICE, "client_secret": SECRET, "client_secret_file": "x"},
        r"client_secret and client_secret_file contradict",
    ),
    ({**SERVICE, "client_secret": SECRET, "private_key_file": "x"}, r"client_secret and private_key_file contradict"),
    ({**SERVICE, "client_secret_file": "x", "client_secret_keyring": "a/b"}, r"contradict: give one of them"),
    ({**SERVICE, "client_secret": SECRET, "key_id": "k"}, r"key_id \(argument\) and client_secret \(argument\) contra"),
    (
        {**SERVICE, "client_secret": SECRET, "assertion_audience": "base-url"},
        r"assertion_audience .* and client_secret",
    ),
    ({**SERVICE, "private_key_file": "x", "client_secret_basic": True}, r"client_secret_basic .* and private_key_file"),
    ({"embedded": True, "auth": "public"}, r"embedded Profit and auth contradict"),
    ({"embedded": True, "client_secret": SECRET}, r"embedded Profit and client_secret contradict"),
]


@pytest.mark.parametrize(("arguments", "message"), CONTRADICTIONS, ids=[message for _, message in CONTRADICTIONS])
def test_contradictions(arguments: Mapping[str, object], message: str) -> None:
    """Each names the settings, where they came from, and what to do; none repeats a secret."""
    with pytest.raises(SettingsError, match=message) as caught:
        resolve(arguments, {})
    assert SECRET not in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "environ", "message"),
    [
        (
            {"auth": "client-credentials"},
            {},
            "missing: an environment .*; the client's id .*; the client's proof: .*key",
        ),
        (SERVICE, {}, "missing: the client's proof: .*AFAS_CLIENT_SECRET_FILE.*AFAS_PRIVATE_KEY_FILE"),
        (SERVICE, {"AFAS_CLIENT_SECRET": " "}, "missing: the client's proof: .*AFAS_CLIENT_SECRET is set but empty"),
        (PERSON, {}, "missing: the client's proof: .*auth=public"),
        ({**PERSON, "client_secret": SECRET, "redirect_uri": None}, {}, "missing: the address .*AFAS_REDIRECT_URI"),
        ({**PUBLIC, "client_id": None}, {}, "missing: the client's id .*AFAS_CLIENT_ID"),
        ({}, {"AFAS_AUTH": "public"}, "missing: an environment"),
        (
            {**PUBLIC, "environment": None, "soap_url": "https://x.example/p"},
            {},
            "rest_url, where OAuth hands out tokens",
        ),
        ({}, {"AFAS_AUTH": ""}, "AFAS_AUTH is set but empty"),
    ],
)
def test_what_is_missing(arguments: Mapping[str, object], environ: Mapping[str, str], message: str) -> None:
    """Half configured is an error that names the rest."""
    with pytest.raises(SettingsError, match=message) as caught:
        resolve(arguments, environ)
    assert SECRET not in str(caught.value)


def test_half_a_certificate(certificate: Path, key: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing: the key that belongs to client_cert_file .*may be the same"):
        resolve({**PUBLIC, "client_cert_file": certificate}, {})
    with pytest.raises(SettingsError, match=r"missing: the client's certificate that belongs to client_key_file"):
        resolve({**PUBLIC, "client_key_file": key}, {})


class TestLevels:
    """A higher level chooses; a lower one never contradicts what was chosen above it."""

    def test_the_auth_of_a_higher_level_replaces_what_is_for_another_below(self, tmp_path: Path) -> None:
        path = tmp_path / "profiles.toml"
        path.write_text('[profiles.a]\nenvironment = "12345"\ntoken_file = "nowhere"\ntoken_in_body = true\n')
        found = resolve({**SERVICE, "client_secret": SECRET, "profile": "a"}, {"AFAS_TOKEN": TOKEN}, profiles=path)
        assert isinstance(found.credential, ClientCredentials)
        assert (found.token, found.token_in_body) == (None, False)
        found = resolve({"auth": "token"}, {"AFAS_TOKEN": TOKEN, "AFAS_ENVIRONMENT": "12345", "AFAS_CLIENT_ID": "id"})
        assert (found.credential, found.client_id) == (AfasToken(TOKEN), None)

    def test_above_it_such_a_setting_contradicts(self) -> None:
        """A token that a variable left behind is not dropped in silence for what a profile says."""
        with pytest.raises(SettingsError, match=r"auth=public \(AFAS_AUTH\) and token \(argument\) contradict"):
            resolve({"token": TOKEN}, {"AFAS_AUTH": "public", "AFAS_CLIENT_ID": "id"})

    def test_the_proof_of_a_higher_level_replaces_the_one_below(self, tmp_path: Path, key: Path) -> None:
        path = tmp_path / "profiles.toml"
        path.write_text(
            f'[profiles.a]\nenvironment = "12345"\nauth = "client-credentials"\nclient_id = "id"\n'
            f'private_key_file = "{key.name}"\nkey_id = "k1"\n'
        )
        found = resolve({"profile": "a"}, {"AFAS_CLIENT_SECRET": SECRET}, profiles=path)
        assert found.credential == ClientCredentials("id", ClientSecret(Secret(SECRET)))
        found = resolve({"profile": "a", "private_key_file": key}, {}, profiles=path)
        assert isinstance(found.credential, ClientCredentials)
        assert isinstance(found.credential.proof, PrivateKey)
        assert found.credential.proof.key_id is None, "it was the id of the other key"

    def test_the_secret_of_a_higher_level_keeps_the_way_it_is_sent(self, tmp_path: Path) -> None:
        path = tmp_path / "profiles.toml"
        path.write_text(
            '[profiles.a]\nenvironment = "12345"\nauth = "client-credentials"\nclient_id = "id"\n'
            'client_secret_keyring = "a/b"\nclient_secret_basic = true\n'
        )
        found = resolve({"profile": "a"}, {"AFAS_CLIENT_SECRET": SECRET}, profiles=path)
        assert found.credential == ClientCredentials("id", ClientSecret(Secret(SECRET), basic=True))

    def test_a_switch_that_is_off_contradicts_nothing(self) -> None:
        off = {"dpop": False, "client_secret_basic": False}
        assert resolve({"environment": "12345", "token": TOKEN, **off}, {}).credential == AfasToken(TOKEN)

    @given(st.sampled_from(PROFITS_AUTHS), st.sampled_from(sorted({*SIGNING} - {"token_in_body"} - {*SBS})))
    def test_what_another_auth_takes_is_never_ignored(self, auth: str, name: str) -> None:
        """For every auth and every setting: taken, or an error that names both."""
        value: object = True if name in ("dpop", "client_secret_basic") else "x"
        if name in TAKEN[auth]:
            return
        with pytest.raises(SettingsError, match=f"^auth={auth} .* and {name} .*contradict"):
            resolve({"environment": "12345", "auth": auth, name: value}, {})

    def test_whoever_signs_in_means_a_profit_of_their_own(self) -> None:
        assert set(SIGNING) - {"token_in_body"} <= set(TARGETS)
        assert set(TARGETS) <= set(NAMES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auth", "oauth"),
        ("auth", 5),
        ("client_id", ""),
        ("client_id", "a b"),
        ("client_id", "a\nb"),
        ("client_id", "é"),
        ("client_secret", ""),
        ("client_secret", "two\nlines"),
        ("client_secret", 5),
        ("client_secret", "-----BEGIN PRIVATE KEY-----\n"),
        ("client_secret_file", ""),
        ("client_secret_keyring", "service"),
        ("client_secret_keyring", "/user"),
        ("client_secret_keyring", "service/"),
        ("client_secret_keyring", 5),
        ("private_key_file", 5),
        ("client_cert_file", "nowhere.pem"),
        ("client_key_file", "nowhere.pem"),
        ("redirect_uri", "localhost:8321"),
        ("redirect_uri", "http://localhost:99999/"),
        ("redirect_uri", "http://[::1/"),
        ("redirect_uri", "http://localhost/#here"),
        ("dpop", "yes"),
        ("client_secret_basic", 1),
        ("api", "smallbusiness"),
    ],
)
def test_values_that_do_not_fit(name: str, value: object) -> None:
    """Each is refused by name, and the message says where it came from."""
    arguments = {**PERSON, name: value}
    with pytest.raises(SettingsError, match=rf"^{name}: .*It came from: argument"):
        resolve(arguments, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [("key_id", "a b"), ("assertion_type", "jwt+x"), ("assertion_audience", "x"), ("assertion_algorithm", "HS256")],
)
def test_values_of_a_key_that_do_not_fit(key: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name}: .*It came from: argument"):
        resolve({**SERVICE, "private_key_file": key, name: value}, {})


def test_nothing_secret_shows(secret: Path, key: Path, pem: str) -> None:
    """Neither in ``afas settings`` nor in repr; a copy is the same, and a pickle is refused."""
    body = pem.splitlines()[1]
    for given_ in ({"client_secret": SECRET}, {"client_secret_file": secret}, {"private_key_file": key}):
        found = resolve({**SERVICE, **given_}, {})
        shown = f"{found!r} {found} {found.shown()} {found.credential!r}"
        assert SECRET not in shown
        assert body not in shown
        assert copy.deepcopy(found) == found
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(found)
    assert ("client_secret", "set", "argument") in resolve({**SERVICE, "client_secret": SECRET}, {}).shown()
    assert ("private_key_file", str(key), "argument") in found.shown()
    assert "private_key" not in [name for name, _, _ in found.shown()]
