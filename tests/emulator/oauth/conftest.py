"""An authorization server in this process, and signed texts made with PyJWT: nothing of our client takes part."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from werkzeug.test import Client as Http
from werkzeug.test import TestResponse

from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.oauth.clients.clientkeys import ClientKey, ClientKeys
from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind
from afas_soap.emulator.oauth.clock import TurnedClock
from afas_soap.profit.access.secret import Secret

HOST = "http://localhost"
BASE_URL = f"{HOST}/ProfitRestServices"
TOKEN_URL = f"{BASE_URL}/oauth/token"
AUTHORIZE_URL = f"{BASE_URL}/oauth/authorize"
ROWS = f"{BASE_URL}/connectors/Products"
SOAP = f"{HOST}/ProfitServices/AppConnectorGet.asmx"
ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<GetData xmlns="urn:Afas.Profit.Services"><connectorId>Products</connectorId><take>9</take></GetData>'
    "</s:Body></s:Envelope>"
)
REDIRECT = "http://localhost:8321/callback"
SECRET = "s3cret of a client: 100% + é/="
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""The pair of RFC 7636, appendix B."""

RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
NUMBERS = itertools.count(1)

CLIENTS = (
    Client("svc", Kind.SERVICE, secrets=(ClientSecretOf(Secret(SECRET)), ClientSecretOf(Secret("the other one")))),
    Client("svc-rsa", Kind.SERVICE, keys=ClientKeys((ClientKey(RSA_KEY.public_key()),))),
    Client("svc-ec", Kind.SERVICE, keys=ClientKeys((ClientKey(EC_KEY.public_key()),))),
    Client("person", Kind.PERSON, secrets=(ClientSecretOf(Secret(SECRET)),), redirect_uris=(REDIRECT,)),
    Client("person-ec", Kind.PERSON, keys=ClientKeys((ClientKey(EC_KEY.public_key()),)), redirect_uris=(REDIRECT,)),
    Client("public", Kind.PUBLIC, redirect_uris=(REDIRECT,)),
    Client("svc-dpop", Kind.SERVICE, secrets=(ClientSecretOf(Secret(SECRET)),), dpop=True),
)


class Side:
    """One emulator with its clock, as its clients see it."""

    def __init__(self, store: Any, *, dialect: str = "profit9", **setup: Any) -> None:
        self.clock = TurnedClock()
        self.emulator = Emulator(
            store, dialect=dialect, setup=Setup(**{"clients": CLIENTS, "clock": self.clock, **setup})
        )
        self.http = Http(self.emulator)

    def token(self, *, headers: dict[str, str] | None = None, **form: Any) -> TestResponse:
        """A token request."""
        return self.http.post(TOKEN_URL, data=form, headers=headers)

    def access(self, **more: Any) -> str:
        """An access token for Bearer."""
        answer = self.token(grant_type="client_credentials", client_id="svc", client_secret=SECRET, **more)
        assert answer.status_code == 200
        return str(answer.json["access_token"])

    def assertion(self, key: Any = EC_KEY, algorithm: str = "ES256", headers: Any = None, **claims: Any) -> str:
        """A client assertion; a claim of None is left out."""
        now = int(self.clock())
        plain = {"iss": "svc-ec", "sub": "svc-ec", "aud": TOKEN_URL, "jti": f"jti {next(NUMBERS)}"}
        return signed(plain | {"iat": now, "exp": now + 60} | claims, key, algorithm, headers)

    def proof(self, method: str, url: str, key: Any = EC_KEY, headers: Any = None, **claims: Any) -> str:
        """A DPoP proof; ``token`` becomes ``ath``, and a claim of None is left out."""
        token = claims.pop("token", None)
        plain: dict[str, Any] = {"jti": f"jti {next(NUMBERS)}", "htm": method, "htu": url, "iat": int(self.clock())}
        if token is not None:
            plain["ath"] = packed(hashlib.sha256(token.encode()).digest())
        return signed(plain | claims, key, "ES256", {"typ": "dpop+jwt", "jwk": jwk(key), **(headers or {})})

    def nonce(self) -> str:
        """The nonce that the token endpoint asks for."""
        headers = {"DPoP": self.proof("POST", TOKEN_URL)}
        answer = self.token(headers=headers, grant_type="client_credentials")
        assert (answer.status_code, answer.json) == (400, {"error": "use_dpop_nonce"})
        return answer.headers["DPoP-Nonce"]

    def bound(self, key: Any = EC_KEY) -> str:
        """An access token that is bound to ``key``."""
        headers = {"DPoP": self.proof("POST", TOKEN_URL, key, nonce=self.nonce())}
        answer = self.token(headers=headers, grant_type="client_credentials", client_id="svc", client_secret=SECRET)
        assert answer.json["token_type"] == "DPoP"
        return str(answer.json["access_token"])

    def rows(self, authorization: str | None, **headers: str) -> TestResponse:
        """Rows over REST."""
        sent = headers if authorization is None else {"Authorization": authorization, **headers}
        return self.http.get(ROWS, headers=sent)

    def soap(self, authorization: str | None, **headers: str) -> TestResponse:
        """The same rows over SOAP."""
        sent = headers if authorization is None else {"Authorization": authorization, **headers}
        return self.http.post(SOAP, data=ENVELOPE, content_type="text/xml", headers=sent)


def signed(claims: dict[str, Any], key: Any, algorithm: str, headers: Any = None) -> str:
    """A signed text; a claim or header of None is left out."""
    kept = {name: value for name, value in claims.items() if value is not None}
    return str(jwt.PyJWS().encode(json.dumps(kept).encode(), key, algorithm, headers=headers))


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk(key: Any) -> dict[str, Any]:
    """The public half of a P-256 key."""
    numbers = key.public_key().public_numbers()
    x, y = (packed(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


@pytest.fixture
def side(small: Any) -> Side:
    """Profit 9 with the clients of this module."""
    return Side(small)


@pytest.fixture
def dressed(small: Any) -> Any:
    """Make one that is set up in some other way."""
    return lambda **options: Side(small, **options)
