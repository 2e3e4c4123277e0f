"""Clients out of a TOML file, the demo clients, and clients that AFAS does not offer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from afas_soap.emulator.oauth.clients.clientfile import read_clients
from afas_soap.emulator.oauth.clients.demo import DEMO_CLIENTS, DEMO_PRIVATE_KEY, DEMO_REDIRECT_URIS, DEMO_SECRETS
from afas_soap.emulator.oauth.clients.registration import Kind, registered
from afas_soap.errors import SettingsError
from tests.emulator.oauth.conftest import EC_KEY, jwk

PUBLIC_KEY = EC_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

# On secp112r1.
ODD_KEY = """-----BEGIN PUBLIC KEY-----
MDIwEAYHKoZIzj0CAQYFK4EEAAYDHgAEtc8ckoFbmiOKzkcsc+W7WABVPa9zXK1s
xvOmpg==
-----END PUBLIC KEY-----
"""
ODD_CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBJTCB8KADAgECAhQwiyE2kqsLcRvOnwgOLYDL9RJtkTAKBggqhkjOPQQDAjAO
MQwwCgYDVQQDDANvZGQwHhcNMjYxMTI2MDExMDEwWhcNMzYxMTIzMDExMDEwWjAO
MQwwCgYDVQQDDANvZGQwMjAQBgcqhkjOPQIBBgUrgQQABgMeAAS1zxySgVuaI4rO
Ryxz5btYAFU9r3NcrWzG86amo1MwUTAdBgNVHQ4EFgQUJZPtj9NogYmOTk6v1nyt
b44fH+IwHwYDVR0jBBgwFoAUJZPtj9NogYmOTk6v1nytb44fH+IwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgMkADAhAg5NBQ8Ylue35oot4+w3IQIPAJPOIr2G
7XCr/j9/4RLG
-----END CERTIFICATE-----
"""


def read(folder: Path, text: str) -> Any:
    path = folder / "clients.toml"
    path.write_text(text, "utf-8")
    return read_clients(path)


def test_clients_of_every_kind(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(PUBLIC_KEY)
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [jwk(EC_KEY)]}))
    service, keyed, served, public = read(
        tmp_path,
        """
        [[client]]
        id = "a"
        kind = "service"
        secrets = ["one", "two"]
        dpop = true

        [[client]]
        id = "b"
        kind = "service"
        key = "key.pem"
        key_id = "k1"

        [[client]]
        id = "c"
        kind = "person"
        jwks = "keys.json"
        redirect_uris = ["http://localhost:1/x"]

        [[client]]
        id = "d"
        kind = "public"
        redirect_uris = ["http://localhost:1/x"]
        """,
    )
    assert [client.kind for client in (service, keyed, served, public)] == [
        Kind.SERVICE,
        Kind.SERVICE,
        Kind.PERSON,
        Kind.PUBLIC,
    ]
    assert service.has_secret("one", 0)
    assert service.has_secret("two", 0)
    assert not service.has_secret("three", 0)
    assert service.needs_dpop
    assert public.needs_dpop
    assert not keyed.needs_dpop
    assert keyed.keys.keys[0].key_id == "k1"
    assert served.keys.served
    assert "one" not in repr(service)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x", "no TOML"),
        ("x = " + "[" * 50_000, "no TOML"),
        ("", "table"),
        ("client = 5", "table"),
        ("client = [5]", "table"),
        ("more = 5\n[[client]]", "table"),
        ("[[client]]\nname = 'a'", "has no 'name'"),
        ("[[client]]\nid = 5", "id is a text"),
        ("[[client]]\nid = 'a'", "kind is"),
        ("[[client]]\nid = 'a'\nkind = 'other'", "kind is"),
        ("[[client]]\nkind = 'service'\nsecrets = ['s3cret']", "id of visible"),
        ("[[client]]\nid = 'a'\nkind = 'service'\nsecrets = 's3cret'", "secrets is a list"),
        ("[[client]]\nid = 'a'\nkind = 'service'\nsecrets = ['s3cret', '']", "secrets is a list"),
        ("[[client]]\nid = 'a'\nkind = 'service'", "needs a secret"),
        (
            "[[client]]\nid = 'a'\nkind = 'service'\nsecrets = ['s3cret']\nredirect_uris = ['http://a/']",
            "no redirect_uris",
        ),
        ("[[client]]\nid = 'a'\nkind = 'person'\nsecrets = ['s3cret']", "needs redirect_uris"),
        ("[[client]]\nid = 'a'\nkind = 'person'\nsecrets = ['s3cret']\nredirect_uris = ['a']", "is an address"),
        (
            "[[client]]\nid = 'a'\nkind = 'public'\nsecrets = ['s3cret']\nredirect_uris = ['http://a/']",
            "neither secret",
        ),
        ("[[client]]\nid = 'a'\nkind = 'service'\nkey = 'none.pem'", "cannot be read"),
        ("[[client]]\nid = 'a'\nkind = 'service'\nkey = 'clients.toml'", "no public key"),
        ("[[client]]\nid = 'a'\nkind = 'service'\ncertificate = 'clients.toml'", "no certificate"),
        ("[[client]]\nid = 'a'\nkind = 'service'\njwks = 'clients.toml'", "no JSON"),
        ("[[client]]\nid = 'a'\nkind = 'service'\njwks = 'x'\nkey = 'x'", "one of certificate, key, jwks"),
        ("[[client]]\nid = 'a'\nkind = 'service'\nsecrets = ['s3cret']\nkey_id = 'x'", "key_id goes with"),
        ("[[client]]\nid = 'a'\nkind = 'service'\nsecrets = ['s3cret']\n" * 2, "same id"),
    ],
)
def test_what_is_no_file_of_clients(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        read(tmp_path, text)
    assert "clients.toml: " in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("name", ["certificate", "key", "jwks"])
def test_keys_of_a_kind_that_nobody_knows(tmp_path: Path, name: str) -> None:
    """On a curve that the library has no name for, or nested too deeply."""
    (tmp_path / "odd").write_text({"certificate": ODD_CERTIFICATE, "key": ODD_KEY, "jwks": "[" * 50_000}[name])
    with pytest.raises(SettingsError, match=f"clients.toml: {name}: this is no "):
        read(tmp_path, f"[[client]]\nid = 'a'\nkind = 'service'\n{name} = 'odd'")


def test_the_demo_clients_are_one_per_row_of_the_table() -> None:
    kinds = [(client.kind, bool(client.secrets), bool(client.keys.keys)) for client in DEMO_CLIENTS]
    assert kinds == [
        (Kind.SERVICE, True, False),
        (Kind.SERVICE, False, True),
        (Kind.PERSON, True, False),
        (Kind.PERSON, False, True),
        (Kind.PUBLIC, False, False),
    ]
    assert len(registered(DEMO_CLIENTS)) == 5
    for client in DEMO_CLIENTS:
        assert all(client.has_secret(secret.reveal(), 0) for secret in DEMO_SECRETS) is bool(client.secrets)
        assert client.redirect_uris in ((), DEMO_REDIRECT_URIS)
    key = load_pem_private_key(DEMO_PRIVATE_KEY.reveal().encode(), None)
    assert key.public_key() == DEMO_CLIENTS[1].keys.keys[0].public
