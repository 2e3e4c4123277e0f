"""An authorization server and two connectors on loopback, which judge what a client shows with a JOSE library that the
client does not use (PyJWT with cryptography). Loaded by the conftests that need it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

import jwt

VERSION_XML = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<GetProductVersionResponse xmlns="urn:Afas.Profit.Services"><GetProductVersionResult>7.1'
    "</GetProductVersionResult></GetProductVersionResponse></s:Body></s:Envelope>"
)


@dataclass
class Client:
    """A registered client: its secrets, or its public key (PEM) with the ``kid`` it must show, or neither."""

    secrets: tuple[str, ...] = ()
    basic: bool = True
    key: str | None = None
    kid: str | None = None
    redirect_uri: str | None = None
    dpop: bool = False


class Refused(Exception):  # noqa: N818 - it says no, as it should
    """What the server says no with."""

    def __init__(
        self, error: str, description: str | None = None, status: int = 400, *headers: tuple[str, str]
    ) -> None:
        self.error, self.description, self.status, self.headers = error, description, status, headers


@dataclass
class Token:
    """An access token: the thumbprint of its key, when it ends, whether it still counts."""

    jkt: str | None
    until: float
    good: bool = True


@dataclass
class Asked:
    """One request, and what it was answered."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int = 0

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Judge:
    """The server. What is public may be turned at any time."""

    clients: dict[str, Client] = field(default_factory=dict)
    life: float | None = 3600
    token_nonce: bool = False
    api_nonce: str = ""
    """``400``: JSON, ``401``: in WWW-Authenticate, ``last``: the same behind another challenge."""
    nonce_on_success: bool = False
    strange: list[Callable[[Asked], tuple[int, bytes, list[tuple[str, str]]] | None]] = field(default_factory=list)
    """Answers instead, one each; None drops the connection."""
    only: str = ""
    """The path that ``strange`` is for, anywhere in it."""
    fast: float = 0.0
    """Seconds that the server's clock is ahead of the true time."""
    hold: Callable[[Asked], None] = lambda _asked: None
    """Called after a request was judged, before it is answered."""
    answers_of_connectors: Callable[[Asked], tuple[int, bytes, list[tuple[str, str]]]] | None = None
    """Answers every call that is no token request."""

    def __post_init__(self) -> None:
        self.asked: list[Asked] = []
        self.tokens: dict[str, Token] = {}
        self.refresh: dict[str, tuple[str, str | None, bool]] = {}
        self.codes: dict[str, tuple[str, str, str]] = {}
        self.jtis: set[str] = set()
        self.nonces: list[str] = []
        self.writes = 0
        self.lock = threading.RLock()
        judge = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_arguments: object) -> None:
                """Nothing."""

            def date_time_string(self, timestamp: float | None = None) -> str:
                return formatdate(judge.now(), usegmt=True)

            def do_GET(self) -> None:
                judge.serve(self)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_arguments: object) -> None:
                """A client that was killed is none of its business."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    @property
    def rest_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ProfitRestServices"

    @property
    def soap_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ProfitServices"

    @property
    def token_calls(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.path.endswith("/oauth/token")]

    @property
    def grants(self) -> list[Asked]:
        return [asked for asked in self.token_calls if asked.status == 200]

    @property
    def api_calls(self) -> list[Asked]:
        return [asked for asked in self.asked if "/oauth/" not in asked.path]

    def now(self) -> float:
        return time.time() + self.fast

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def revoke(self) -> None:
        """No access token counts any more."""
        for token in self.tokens.values():
            token.good = False

    def code(self, url: str, client_id: str | None = None) -> tuple[str, str]:
        """What a person's "sign in" at an authorize address gives: the code, and the state."""
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert set(wanted) == {
            "response_type",
            "client_id",
            "redirect_uri",
            "state",
            "code_challenge",
            "code_challenge_method",
        }
        assert (wanted["response_type"], wanted["code_challenge_method"]) == ("code", "S256")
        code = secrets.token_urlsafe(24)
        self.codes[code] = (wanted["client_id"], wanted["redirect_uri"], wanted["code_challenge"])
        return code, wanted["state"]

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        asked = Asked(handler.command, handler.path, {k.lower(): v for k, v in handler.headers.items()}, body)
        with self.lock:
            self.asked.append(asked)
            answer = self._strange(asked) if self.strange and self.only in asked.path else self._answer(asked)
        self.hold(asked)
        if answer is None:
            handler.close_connection = True
            return
        asked.status, content, headers = answer
        handler.send_response(asked.status)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _strange(self, asked: Asked) -> Any:
        return self.strange.pop(0)(asked)

    def _answer(self, asked: Asked) -> Any:
        try:
            if asked.path.endswith("/oauth/token"):
                return self._token(asked)
            return self.answers_of_connectors(asked) if self.answers_of_connectors is not None else self._api(asked)
        except Refused as no:
            members = {"error": no.error} | ({"error_description": no.description} if no.description else {})
            headers = [("Content-Type", "application/json"), *no.headers]
            return no.status, json.dumps(members).encode(), headers

    # The token endpoint.

    def _token(self, asked: Asked) -> Any:
        fields = parse_qsl(asked.body.decode(), keep_blank_values=True)
        form = dict(fields)
        if len(form) != len(fields):
            raise Refused("invalid_request", "A parameter is repeated.")
        assert asked.method == "POST"
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
        assert not {"scope", "nonce"} & set(form)
        jkt = self._proof(asked, None) if "dpop" in asked.headers else None
        client_id, client = self._client(asked, form)
        if client.dpop and jkt is None:
            raise Refused("invalid_request", "A public client needs DPoP.")
        grant = {
            "client_credentials": self._service,
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
        }[form["grant_type"]]
        members = {"token_type": "DPoP" if jkt else "Bearer", "access_token": self._issue(jkt)}
        members |= grant(client_id, form, jkt)
        if self.life is not None:
            members["expires_in"] = self.life
        return 200, json.dumps(members).encode(), [("Content-Type", "application/json"), *self._news()]

    def _issue(self, jkt: str | None) -> str:
        token = secrets.token_urlsafe(40)
        self.tokens[token] = Token(jkt, time.time() + (self.life or 3600))
        return token

    def _service(self, client_id: str, form: dict[str, str], jkt: str | None) -> dict[str, Any]:
        return {}

    def _by_code(self, client_id: str, form: dict[str, str], jkt: str | None) -> dict[str, Any]:
        found = self.codes.pop(form["code"], None)
        challenge = b64(hashlib.sha256(form["code_verifier"].encode()).digest())
        if found != (client_id, form["redirect_uri"], challenge):
            raise Refused("invalid_grant", "The code is unknown, used, or not yours.")
        assert 43 <= len(form["code_verifier"]) <= 128
        return {"refresh_token": self._chain(client_id, jkt)}

    def _by_refresh(self, client_id: str, form: dict[str, str], jkt: str | None) -> dict[str, Any]:
        owner, bound, good = self.refresh.get(form["refresh_token"], ("", None, False))
        if owner != client_id or bound != jkt or not good:
            raise Refused("invalid_grant", "The refresh token is unknown or used.")
        self.refresh[form["refresh_token"]] = (owner, bound, False)
        return {"refresh_token": self._chain(client_id, jkt)}

    def _chain(self, client_id: str, jkt: str | None) -> str:
        refresh = secrets.token_urlsafe(40)
        self.refresh[refresh] = (client_id, jkt, True)
        return refresh

    def _client(self, asked: Asked, form: dict[str, str]) -> tuple[str, Client]:
        basic = asked.headers.get("authorization")
        ways = [basic is not None, "client_secret" in form, "client_assertion" in form]
        if sum(ways) > 1:
            raise Refused("invalid_request", "Two ways at once.")
        if basic is not None:
            return self._by_basic(basic)
        client = self.clients.get(form.get("client_id", ""))
        if client is None:
            raise Refused("invalid_client", "Unknown client.")
        if client.key is not None:
            self._assertion(form, client)
        elif client.secrets:
            if form.get("client_secret") not in client.secrets:
                raise Refused("invalid_client", "Wrong secret.")
        elif sum(ways):
            raise Refused("invalid_client", "A public client proves nothing.")
        return form["client_id"], client

    def _by_basic(self, header: str) -> tuple[str, Client]:
        scheme, _, coded = header.partition(" ")
        assert scheme == "Basic"
        client_id, _, secret = base64.b64decode(coded, validate=True).decode("ascii").partition(":")
        client = self.clients.get(unquote_plus(client_id))
        if client is None or unquote_plus(secret) not in client.secrets:
            raise Refused("invalid_client", None, 401, ("WWW-Authenticate", "Basic"))
        return unquote_plus(client_id), client

    def _assertion(self, form: dict[str, str], client: Client) -> None:
        if form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
            raise Refused("invalid_client", "No assertion.")
        assertion = form["client_assertion"]
        head = jwt.get_unverified_header(assertion)
        audiences = {
            "JWT": [self.rest_url, f"{self.rest_url}/oauth/token"],
            "client-authentication+jwt": [self.rest_url],
        }
        if head["typ"] not in audiences or set(head) - {"alg", "typ", "kid"} or head.get("kid") != client.kid:
            raise Refused("invalid_client", "The head of the assertion.")
        try:
            claims = jwt.decode(
                assertion,
                client.key,
                algorithms=["RS256", "PS256", "ES256"],
                audience=audiences[head["typ"]],
                options={
                    "require": ["iss", "sub", "aud", "jti", "iat", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.PyJWTError as problem:
            raise Refused("invalid_client", type(problem).__name__) from None
        if not claims["iss"] == claims["sub"] == form["client_id"]:
            raise Refused("invalid_client", "iss and sub.")
        if abs(claims["iat"] - self.now()) > 60 or not 0 < claims["exp"] - claims["iat"] <= 60:
            raise Refused("invalid_client", "The times of the assertion.")
        self._once(claims["jti"], "invalid_client")

    # DPoP, at both.

    def _proof(self, asked: Asked, token: str | None) -> str:
        proof = asked.headers["dpop"]
        head = jwt.get_unverified_header(proof)
        assert head["typ"] == "dpop+jwt"
        assert head["alg"] == "ES256"
        assert set(head["jwk"]) == {"kty", "crv", "x", "y"}, "the public part only"
        claims = jwt.decode(
            proof, jwt.PyJWK(head["jwk"], "ES256").key, algorithms=["ES256"], options={"verify_iat": False}
        )
        wanted = f"http://{asked.headers['host']}{asked.path.partition('?')[0]}"
        if (claims["htm"], claims["htu"]) != (asked.method, wanted) or abs(claims["iat"] - self.now()) > 60:
            raise Refused("invalid_dpop_proof", "htm, htu or iat.", 400)
        ath = None if token is None else b64(hashlib.sha256(token.encode()).digest())
        if claims.get("ath") != ath:
            raise Refused("invalid_dpop_proof", "ath.")
        if self.nonces and claims.get("nonce") != self.nonces[-1]:
            raise Refused(*self._nonce_wanted(token))
        if not self.nonces and (self.token_nonce if token is None else self.api_nonce):
            raise Refused(*self._nonce_wanted(token))
        self._once(claims["jti"], "invalid_dpop_proof")
        members = {name: head["jwk"][name] for name in ("crv", "kty", "x", "y")}
        return b64(hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":")).encode()).digest())

    def _nonce_wanted(self, token: str | None) -> tuple[Any, ...]:
        news = self._new_nonce()
        if token is None or self.api_nonce == "400":
            return ("use_dpop_nonce", None, 400, news)
        challenge = 'DPoP error="use_dpop_nonce", error_description="A nonce, please"'
        if self.api_nonce == "last":
            challenge = f'Bearer realm="a, b", {challenge}'
        return ("", None, 401, news, ("WWW-Authenticate", challenge))

    def _new_nonce(self) -> tuple[str, str]:
        self.nonces.append(secrets.token_urlsafe(12))
        return "DPoP-Nonce", self.nonces[-1]

    def _news(self) -> list[tuple[str, str]]:
        return [self._new_nonce()] if self.nonce_on_success else []

    def _once(self, jti: str, error: str) -> None:
        if jti in self.jtis:
            raise Refused(error, "A jti twice.")
        self.jtis.add(jti)

    # The connectors.

    def _api(self, asked: Asked) -> Any:
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        known = self.tokens.get(token)
        if (
            known is None
            or not known.good
            or known.until < time.time()
            or (scheme == "DPoP") != (known.jkt is not None)
        ):
            challenge = f'{scheme or "Bearer"} error="invalid_token", error_description="No such token"'
            raise Refused("", None, 401, ("WWW-Authenticate", challenge))
        if known.jkt is not None and self._proof(asked, token) != known.jkt:
            raise Refused("", None, 401, ("WWW-Authenticate", 'DPoP error="invalid_token"'))
        if asked.path.startswith("/ProfitServices"):
            return 200, VERSION_XML.encode(), [("Content-Type", "text/xml; charset=utf-8"), *self._news()]
        if asked.method != "GET":
            self.writes += 1
            return 200, b"", [("Content-Type", "application/json"), *self._news()]
        return 200, b'{"version":"7.1"}', [("Content-Type", "application/json"), *self._news()]


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
