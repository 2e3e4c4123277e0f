"""SB on a real socket, as it was at 6.0, and somebody who signed in there by code."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.oauth.pages import html
from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.emulator.sb.signin.clients import DEMO_SB_CLIENT
from tests.emulator.sb.judges.afasfile import FILE, AfasFile

REDIRECT = "http://localhost:8321/callback"
VERIFIER = "v" * 64


@dataclass
class Session:
    """A person who is signed in to customer environments of one SB, and all that was called."""

    server: Server
    http: requests.Session = field(default_factory=requests.Session)
    tokens: dict[str, str] = field(default_factory=dict)

    def url(self, place: str) -> str:
        return str(self.server.sb_url(place))

    def token(self, place: str) -> str:
        if place not in self.tokens:
            self.tokens[place] = self.signed_in(place)["access_token"]
        return self.tokens[place]

    def signed_in(self, place: str) -> dict[str, Any]:
        """The answer of the token endpoint, in the way that AFAS' file has it: a multipart form."""
        asked = {
            "client_id": DEMO_SB_CLIENT.id,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "state": "s",
            "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
            .rstrip(b"=")
            .decode(),
            "code_challenge_method": "S256",
        }
        page = self.http.get(f"{self.url(place)}/app/auth", params=asked)
        assert page.status_code == 200
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)) or asked
        back = self.http.post(
            f"{self.url(place)}/app/auth", data={**asked, **hidden, **asked, "do": html.SIGN_IN}, allow_redirects=False
        )
        [code] = parse_qs(urlsplit(back.headers["Location"]).query)["code"]
        return self.asked_for(
            place, grant_type="authorization_code", code=code, redirect_uri=REDIRECT, code_verifier=VERIFIER
        )

    def asked_for(self, place: str, **form: str) -> dict[str, Any]:
        """A token for a form."""
        known = {"client_id": DEMO_SB_CLIENT.id, "client_secret": DEMO_SB_CLIENT.secret.reveal(), **form}
        parts = {name: (None, value) for name, value in known.items()}
        answer = self.http.post(f"{self.url(place)}/app/token", files=parts)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def call(
        self, verb: str, place: str, path: str, version: str, *, headers: Mapping[str, str] = {}, **options: Any
    ) -> requests.Response:
        """An answer to a call with a token."""
        told = {"Authorization": f"Bearer {self.token(place)}", "Accept-Version": version, **headers}
        return self.http.request(verb, f"{self.url(place)}{path}", headers=told, **options)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """Signed in at an SB of 6.0, of which each customer environment has the same first rows."""
    environments = {name: name for name in ("enyoi", "again", "folded", "foldedagain")}
    emulator = Emulator(setup=Setup(sb=SbSetup(dialect="6.0", environments=environments)))
    with contextlib.closing(emulator), serve(emulator) as server:
        signed_in = Session(server)
        with signed_in.http:
            yield signed_in


@pytest.fixture(scope="module")
def file() -> AfasFile:
    """AFAS' file, which lies beside the project."""
    if not FILE.is_file():
        pytest.skip("the genuine AFAS artefacts (../shared/afas) are not here")
    return AfasFile()


Rows = Callable[..., list[dict[str, Any]]]
