"""An environment on a TLS port, clients for every row of AFAS' table, a machine that is configured as a user would, and
a small browser. Loaded by the conftest; what the acceptance tests share."""

from __future__ import annotations

import contextlib
import html
import json
import os
import random
import re
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from afas_soap.cli import main
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.http.tls import ThrowAwayAuthority, Tls, write_files
from afas_soap.emulator.oauth.clients.clientkeys import ClientKey, ClientKeys
from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind
from afas_soap.emulator.oauth.clock import TurnedClock
from afas_soap.emulator.store import Store
from afas_soap.profit.access.secret import Secret

# What has to be escaped somewhere: in a form, in XML, in JSON, and twice in Basic.
SECRET = f"{secrets.token_urlsafe(18)}&<\"/:é%+'{secrets.token_urlsafe(18)}"
OLD_SECRET = secrets.token_urlsafe(30)
AUTHORITY = ThrowAwayAuthority()
_KEYS = {
    "service-key": ec.generate_private_key(ec.SECP256R1()),
    "service-rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "person-key": ec.generate_private_key(ec.SECP256R1()),
}

ROWS: dict[str, dict[str, object]] = {
    "service, secret": {"auth": "client-credentials", "client_id": "service"},
    "service, key": {"auth": "client-credentials", "client_id": "service-key"},
    "person, secret": {"auth": "authorization-code", "client_id": "person"},
    "person, key": {"auth": "authorization-code", "client_id": "person-key"},
    "public": {"auth": "public", "client_id": "public"},
}
"""The rows of the table "Which combinations exist" (authentication.md), as settings."""


def is_person(row: str) -> bool:
    """Whether somebody has to log in."""
    return not row.startswith("service")


def pem_of(client_id: str) -> str:
    """The private key of a client."""
    return _KEYS[client_id].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def free_port() -> int:
    """A port that nobody has just now, and that no call gets meanwhile: Linux hands those out from 32768 on."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def clients(redirect_uri: str) -> tuple[Client, ...]:
    """One client for each row; the secret of "renewed" has run out, that of "ending" will, and another one is good."""
    in_an_hour = time.time() + 3600.0
    held = (ClientSecretOf(Secret(SECRET, "secret")),)
    keys = {name: ClientKeys((ClientKey(key.public_key()),)) for name, key in _KEYS.items()}
    back = (redirect_uri,)
    return (
        Client("service", Kind.SERVICE, secrets=held),
        Client("renewed", Kind.SERVICE, secrets=(ClientSecretOf(Secret(OLD_SECRET, "secret"), until=1.0), *held)),
        Client("ending", Kind.SERVICE, secrets=(ClientSecretOf(Secret(OLD_SECRET, "secret"), until=in_an_hour), *held)),
        Client("service-key", Kind.SERVICE, keys=keys["service-key"]),
        Client("service-rsa", Kind.SERVICE, keys=keys["service-rsa"]),
        Client("person", Kind.PERSON, secrets=held, redirect_uris=back),
        Client("person-key", Kind.PERSON, keys=keys["person-key"], redirect_uris=back),
        Client("public", Kind.PUBLIC, redirect_uris=back),
    )


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


class Site:
    """The environment and the machine in front of it. ``wrapped`` puts something between the port and the emulator."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        *,
        mtls: bool = False,
        wrapped: Callable[[Emulator], Any] = lambda emulator: emulator,
        authority: ThrowAwayAuthority = AUTHORITY,
        ahead: float = 0.0,
        nonce: str = "400",
    ) -> None:
        self.folder = folder
        self.redirect_uri = f"http://127.0.0.1:{free_port()}/back/here"
        self.clock = TurnedClock(ahead)
        setup = Setup(auth="oauth", clients=clients(self.redirect_uri), clock=self.clock, nonce=nonce)
        self.emulator = Emulator(store, tokens=(), setup=setup)
        self.mtls = mtls
        self.server = serve(wrapped(self.emulator), tls=Tls(authority, demands_certificate=mtls))
        self.files = folder / f"tls-{self.server.port}"
        write_files(self.files, authority)

    def close(self) -> None:
        """End it."""
        self.server.close()
        self.emulator.close()

    @property
    def granted(self) -> dict[str, int]:
        """How many tokens were given, by the way they were asked for."""
        return dict(self.emulator.authorization.granted)

    def settings(self, row: str, **more: object) -> dict[str, object]:
        """The settings of a row, secrets in files of their own."""
        found: dict[str, object] = {
            **ROWS[row],
            "soap_url": self.server.soap_url,
            "rest_url": self.server.rest_url,
            "ca_bundle": str(self.files / "ca.pem"),
            "retry_total": 0.0,
            "protocol": "rest",
        }
        if is_person(row):
            found["redirect_uri"] = self.redirect_uri
        if row.endswith("secret"):
            found["client_secret_file"] = self.secret_file("client-secret", SECRET)
        if row.endswith("key"):
            client_id = str(more.get("client_id", found["client_id"]))
            found["private_key_file"] = self.secret_file("key.pem", pem_of(client_id))
        if self.mtls:
            found["client_cert_file"] = str(self.files / "client.pem")
            found["client_key_file"] = str(self.files / "client-key.pem")
        return {name: value for name, value in {**found, **more}.items() if value is not None}

    def secret_file(self, name: str, text: str) -> str:
        """The path of a file for its owner only."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def profile(self, row: str, **more: object) -> None:
        """Write the profile ``demo`` of this user: a row of the table, and what else is said."""
        path = Path(os.environ["XDG_CONFIG_HOME"], "afas-soap", "profiles.toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {json.dumps(value)}" for name, value in self.settings(row, **more).items()]
        path.write_text("\n".join(["[profiles.demo]", *lines, ""]), encoding="utf-8")

    def variables(self, row: str, **more: object) -> dict[str, str]:
        """The variables that say the same as a profile."""
        names = self.settings(row, retry_total=None, dpop=None, **more)
        return {f"AFAS_{name.upper()}": str(value) for name, value in names.items()}

    def browser(self, *, press: str = "sign-in", follow: bool = True) -> Callable[[str], str]:
        """What a person does in a browser: open the page, press a button, and go where it leads. Gives that address."""

        def browse(url: str) -> str:
            with requests.Session() as session:
                # Otherwise a variable of this machine that names CAs would count for more.
                session.trust_env = False
                session.verify = str(self.files / "ca.pem")
                if self.mtls:
                    session.cert = (str(self.files / "client.pem"), str(self.files / "client-key.pem"))
                page = session.get(url, timeout=10)
                assert page.status_code == 200, page.text
                answer = session.post(
                    url.partition("?")[0], data={**_hidden(page.text), "do": press}, timeout=10, allow_redirects=False
                )
                location = answer.headers["Location"]
            if follow:
                assert "You may close this page" in requests.get(location, timeout=10).text
            return location

        return browse


def _hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def runner(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs ``afas`` in this process."""

    def run(*arguments: str | Path) -> Ran:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return run


def query_of(address: str) -> Secret:
    """The query of the address that a browser ended at."""
    return Secret(urlsplit(address).query)
