"""OAuth at AFAS' token endpoint: grants, proofs of the client, PKCE and DPoP (authentication.md).

The one file that knows ``requests_oauth2client`` and ``jwskate``, and loaded only where OAuth is used. The library
writes the grants, the PKCE and the JOSE; what version 1.8.0 does otherwise than AFAS wants it is done here: Basic with
form-url-encoded parts, assertions without ``kid`` and of either ``typ``, ``use_dpop_nonce`` in both its forms, and the
address of a proof as it is sent. None of its exceptions leaves this file: they hold requests, with all their secrets.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import math
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qsl, quote_plus

import requests
from jwskate import Jwk, Jwt
from requests.auth import AuthBase
from requests_oauth2client import AuthorizationRequest, ClientSecretPost, OAuth2Client, PublicApp

from afas_soap.errors import AnswerError, SettingsError
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret, OAuth, PrivateKey
from afas_soap.profit.access.secret import Secret
from afas_soap.wire.http.authorizer import Way
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.retry import Patience, repeated
from afas_soap.wire.oauth.clock import Clock
from afas_soap.wire.oauth.tokenpost import TokenPost

AUTHORIZE = "oauth/authorize"
TOKEN = "oauth/token"  # noqa: S105 - a path
ASSERTION_LIFE = 60
"""Seconds that a client assertion is good for: what AFAS advises."""

_BEARER_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_KINDS = {"bearer": "Bearer", "dpop": "DPoP"}
# Of a token without an expires_in nobody says how long it lasts; a refused one is renewed in any case.
_UNTOLD_LIFE = 300.0
# Nothing is known of one that lasts longer than a year, and a time that no calendar has helps nobody.
_LONGEST_LIFE = 366 * 86400.0
_SMALLEST_RSA = 2048


@dataclass(frozen=True, slots=True)
class Grant:
    """What the token endpoint gave. ``kind`` is ``Bearer`` or ``DPoP``, ``expires_in`` in seconds."""

    access_token: Secret
    kind: str
    expires_in: float
    refresh_token: Secret | None = None


class DpopKey:
    """The key that access tokens are bound to (P-256), and its proofs (RFC 9449). ``nonce`` is the newest one that any
    answer told. It does not show."""

    def __init__(self, key: Jwk, nonce: str | None = None) -> None:
        self._key = key
        self.nonce = nonce

    @classmethod
    def generate(cls) -> DpopKey:
        """A new key."""
        return cls(Jwk.generate(alg="ES256"))

    @classmethod
    def from_json(cls, text: Secret, nonce: str | None = None) -> DpopKey:
        """The key that ``to_json`` gave. ``SettingsError`` for a text that is none."""
        made = _kept(text, nonce)
        if made is None:
            raise SettingsError("The DPoP key that was kept is none: sign in again.")
        return made

    def to_json(self) -> Secret:
        """The private key, for a file that is its owner's only."""
        return Secret(self._key.to_json(), "DPoP key")

    def proof(self, method: str, url: str, issued: int, access_token: Secret | None = None) -> str:
        """A proof for one request, with its address as it is sent, without the query. ``issued`` is the time in it."""
        claims: dict[str, str | int] = {
            "jti": str(uuid.uuid4()),
            "htm": method,
            "htu": url.partition("?")[0].partition("#")[0],
            "iat": issued,
        }
        if self.nonce is not None:
            claims["nonce"] = self.nonce
        if access_token is not None:
            claims["ath"] = _b64(hashlib.sha256(access_token.reveal().encode()).digest())
        public = {"jwk": dict(self._key.public_jwk().minimize())}
        return str(Jwt.sign(claims, self._key, alg="ES256", typ="dpop+jwt", extra_headers=public))

    def __repr__(self) -> str:
        return "DpopKey(hidden)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(
            "a DpopKey is not pickled: it would stand readable in the pickle; to_json() gives it on request"
        )


class TokenEndpoint:
    """The token endpoint of one environment, for one client. ``key`` is there when tokens are to be bound to it.

    Every grant raises ``SignInError`` when AFAS says no, ``Busy`` when it is away, ``TransportError`` when nothing came
    back, ``AnswerError`` for what is no token answer, and ``SettingsError`` for a private key that is none.
    """

    def __init__(
        self,
        link: Link,
        credential: OAuth,
        way: Way,
        *,
        key: DpopKey | None = None,
        clock: Clock | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not link.rest_url:
            raise SettingsError("rest_url: OAuth signs in at the REST address, over SOAP as well, and none is set.")
        self.key = key
        self.clock = clock if clock is not None else Clock()
        self._link = link
        self._credential = credential
        self._way = way
        self._sleep = sleep
        self._patience = link.retry_total
        self._signer = Signer(credential.proof) if isinstance(credential.proof, PrivateKey) else None
        self._url = f"{link.rest_url}/{TOKEN}"

    def again(self, way: Way, key: DpopKey | None, *, patient: bool = True) -> TokenEndpoint:
        """The same endpoint over ``way``, for tokens that are bound to ``key``; the client's own key is not read anew.
        One that is not ``patient`` asks once, whatever a link says."""
        other = copy.copy(self)
        other._way, other.key = way, key
        other._patience = self._link.retry_total if patient else 0.0
        return other

    @property
    def base(self) -> str:
        """The environment's REST address."""
        return self._link.rest_url

    def by_client_credentials(self) -> Grant:
        """A token for the service itself. Asked again when nothing came back: a grant that got lost does no harm."""
        return self._granted(lambda client: client.client_credentials(scope=None), single=False)

    def by_code(self, code: Secret, verifier: Secret) -> Grant:
        """A token for the person who just signed in. A code is used once: what may have arrived is not repeated."""
        redirect = self._credential.redirect_uri if isinstance(self._credential, AuthorizationCode) else None
        return self._granted(
            lambda client: client.authorization_code(
                code.reveal(), validate=False, redirect_uri=redirect, code_verifier=verifier.reveal()
            ),
            single=True,
        )

    def by_refresh(self, refresh_token: Secret) -> Grant:
        """A new token, and a new refresh token in place of this one, which is used up. Repeated as a code is."""
        return self._granted(lambda client: client.refresh_token(refresh_token.reveal()), single=True)

    def authorization_request(self, state: str) -> tuple[str, Secret]:
        """The address to open in a browser, and the PKCE verifier that belongs to it."""
        assert isinstance(self._credential, AuthorizationCode), "only a person signs in with a browser"
        asked = AuthorizationRequest(
            f"{self._link.rest_url}/{AUTHORIZE}",
            client_id=self._credential.client_id,
            redirect_uri=self._credential.redirect_uri,
            scope=None,
            state=state,
            nonce=None,
        )
        return asked.uri, Secret(asked.code_verifier or "", "PKCE verifier")

    def _granted(self, ask: Callable[[OAuth2Client], object], *, single: bool) -> Grant:
        patience = Patience(read=not single, total=self._patience, sleep=self._sleep)
        return repeated(lambda: self._once(ask), patience)

    def _once(self, ask: Callable[[OAuth2Client], object]) -> Grant:
        session = TokenPost(self._way, self.key, self.clock, link=self._link, timed=self._timed)
        try:
            # Without the library's own checks of addresses: those of a link are checked, and may be a loopback's.
            client = OAuth2Client(
                self._url,
                _Proof(self._credential, self._signer, self),
                session=session,  # type: ignore[arg-type]
                token_class=_grant,  # type: ignore[arg-type]
                testing=True,
            )
            grant = ask(client)
        except Exception:  # noqa: BLE001 - the library's own, which hold requests and their secrets
            failure = session.failed()
        else:
            return self._checked(grant)
        raise failure

    @property
    def _timed(self) -> bool:
        """Whether a token request carries a time."""
        return self.key is not None or isinstance(self._credential.proof, PrivateKey)

    def _checked(self, grant: object) -> Grant:
        assert isinstance(grant, Grant), "the library gives what its token class made"
        if self._credential.dpop and grant.kind != "DPoP":
            raise AnswerError(
                "AFAS gave a Bearer token where one bound to a DPoP key was asked for, and it is not used: leave dpop "
                "out, or check that this Profit has it (9 or newer)."
            )
        if grant.kind == "DPoP" and self.key is None:
            raise AnswerError("AFAS gave a token that is bound to a DPoP key, and none was shown: set dpop.")
        return grant


class _Proof(AuthBase):
    """Proves the client on a token request, in exactly one way: two at once are an ``invalid_request``. Adds the DPoP
    proof when there is a key."""

    def __init__(self, credential: OAuth, signer: Signer | None, endpoint: TokenEndpoint) -> None:
        self._client_id = credential.client_id
        self._proof = credential.proof
        self._signer = signer
        self._endpoint = endpoint

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if isinstance(self._proof, ClientSecret):
            self._by_secret(request, self._proof)
        else:
            PublicApp(self._client_id)(request)
            if self._signer is not None:
                signed = self._signer.assertion(self._client_id, self._endpoint.base, self._now())
                _add(request, {"client_assertion_type": _BEARER_ASSERTION, "client_assertion": signed})
        key = self._endpoint.key
        if key is not None:
            request.headers["DPoP"] = key.proof(request.method or "", request.url or "", self._now())
        return request

    def _by_secret(self, request: requests.PreparedRequest, proof: ClientSecret) -> None:
        if not proof.basic:
            ClientSecretPost(self._client_id, proof.secret.reveal())(request)
            return
        # Form-url-encoded before they are joined, so that a colon in either is none (RFC 6749, 2.3.1).
        parts = f"{quote_plus(self._client_id)}:{quote_plus(proof.secret.reveal())}"
        request.headers["Authorization"] = f"Basic {base64.b64encode(parts.encode()).decode()}"

    def _now(self) -> int:
        return self._endpoint.clock.theirs()


class Signer:
    """Signs client assertions. ``SettingsError`` for a private key that AFAS would not take. It does not show."""

    def __init__(self, proof: PrivateKey) -> None:
        self._proof = proof
        self._key, problem = _key_of(proof)
        if problem:
            raise SettingsError(f"private_key_file: {problem}")
        self._algorithm = proof.algorithm or ("RS256" if self._key.kty == "RSA" else "ES256")

    def assertion(self, client_id: str, base: str, issued: int) -> str:
        """A new assertion, for one token request. ``base`` is the environment's REST address."""
        proof = self._proof
        to_base = proof.to_base or proof.type != "JWT"
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": base if to_base else f"{base}/{TOKEN}",
            "jti": str(uuid.uuid4()),
            "iat": issued,
            "exp": issued + ASSERTION_LIFE,
        }
        named = {} if proof.key_id is None else {"kid": proof.key_id}
        return str(Jwt.sign(claims, self._key, alg=self._algorithm, typ=proof.type, extra_headers=named))

    def __repr__(self) -> str:
        return "Signer(hidden)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Signer is not pickled: its key would stand readable in the pickle")


def _kept(text: Secret, nonce: str | None) -> DpopKey | None:
    """A key that was kept as JSON, None for what is none."""
    try:
        key = Jwk.from_json(text.reveal())
        return DpopKey(key, nonce) if key.is_private and key.get("crv") == "P-256" else None
    except Exception:  # noqa: BLE001 - the library's own, and whatever comes of what is no key
        return None


def _key_of(proof: PrivateKey) -> tuple[Jwk, str]:
    """The key, and what is wrong with it, without a word of what stands in it."""
    nothing: Jwk = Jwk({"kty": "oct", "k": ""})
    try:
        key = Jwk.from_pem(proof.pem.reveal())
        private = key.is_private
    except TypeError:
        return nothing, "the key is protected by a pass phrase: 'openssl pkey -in KEY -out NEW' makes one without."
    except Exception:  # noqa: BLE001 - the library's own, and whatever comes of what is no key
        return nothing, "this is no PEM file of a private key (of a .pfx 'openssl pkcs12 -in FILE -nodes' makes one)."
    if not private:
        return nothing, "this is a public key or a certificate: the private key is needed."
    return key, _unfit(key, proof.algorithm)


def _unfit(key: Jwk, algorithm: str | None) -> str:
    if key.kty == "RSA":
        if key.key_size < _SMALLEST_RSA:
            return f"an RSA key has {_SMALLEST_RSA} bits or more at AFAS."
        return "" if algorithm in (None, "RS256", "PS256") else f"{algorithm} needs a key on the curve P-256."
    if key.get("crv") != "P-256":
        return "AFAS takes RSA keys, and EC keys on the curve P-256."
    return "" if algorithm in (None, "ES256") else f"{algorithm} needs an RSA key."


def _add(request: requests.PreparedRequest, fields: Mapping[str, str]) -> None:
    request.prepare_body([*parse_qsl(str(request.body), keep_blank_values=True), *fields.items()], None)


def _grant(**members: object) -> Grant:
    """What the library makes of a token answer. ``ValueError`` for what is none; the library does not let it out."""
    refresh = members.get("refresh_token")
    return Grant(
        Secret(_token(members.get("access_token")), "access token"),
        _KINDS[str(members.get("token_type")).lower()],
        _life(members.get("expires_in")),
        Secret(_token(refresh), "refresh token") if refresh is not None else None,
    )


def _token(value: object) -> str:
    if not isinstance(value, str) or not value or not all("!" <= sign <= "~" for sign in value):
        raise ValueError
    return value


def _life(value: object) -> float:
    if value is None:
        return _UNTOLD_LIFE
    seconds = float(str(value))
    if not math.isfinite(seconds) or seconds <= 0:
        raise ValueError
    return min(seconds, _LONGEST_LIFE)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
