"""The token endpoint: grants, proofs and refusals, judged by a server with another JOSE library."""

from __future__ import annotations

import dataclasses
import json
import logging
import pickle
import time
import traceback
from collections.abc import Callable, Iterator

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from afas_soap.errors import AccessDenied, AfasError, AnswerError, Busy, SettingsError, SignInError, TransportError
from afas_soap.profit.access.credentials import AuthorizationCode, ClientCredentials, ClientSecret, OAuth, PrivateKey
from afas_soap.profit.access.secret import Secret
from afas_soap.wire.http import session as sessions
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.session import HttpSession
from afas_soap.wire.oauth.assertions import Signer
from afas_soap.wire.oauth.clock import Clock
from afas_soap.wire.oauth.dpop import DpopKey
from afas_soap.wire.oauth.grants import TokenEndpoint

REDIRECT = "http://127.0.0.1:8321/callback"
# Everything that a form, a URL, Basic and JSON spell differently.
STRANGE = "geheim:% +é/&=\"'<"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem_of(key: Key, password: bytes | None = None) -> Secret:
    protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    data = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    return Secret(data.decode(), "private key")


def public_of(key: Key) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def endpoint(link_to: Callable[..., Link]) -> Iterator[Callable[..., TokenEndpoint]]:
    """Makes a token endpoint for a client at a server."""
    sessions: list[HttpSession] = []

    def make(server, credential: OAuth, *, key=None, clock=None, **settings: object) -> TokenEndpoint:
        link = link_to(server, **{"token": None, "retry_total": 0.0, **settings})
        sessions.append(HttpSession(link))
        return TokenEndpoint(link, credential, sessions[-1], key=key, clock=clock, sleep=lambda _: None)

    yield make
    for http in sessions:
        http.close()


def service(proof: ClientSecret | PrivateKey, client_id: str = "service", *, dpop: bool = False) -> ClientCredentials:
    return ClientCredentials(client_id, proof, dpop)


SECRET = ClientSecret(Secret(STRANGE, "client secret"))


@pytest.mark.parametrize("basic", [False, True])
@pytest.mark.parametrize("client_id", ["service", "dienst:% +é"])
def test_a_secret_in_the_body_or_as_basic(judge, judges, endpoint, basic: bool, client_id: str) -> None:
    """With Basic each part is form-url-encoded first, so that a colon or an é in it arrives (authentication.md)."""
    judge.clients[client_id] = judges.Client((STRANGE,))
    grant = endpoint(judge, service(dataclasses.replace(SECRET, basic=basic), client_id)).by_client_credentials()
    assert grant.access_token.reveal() in judge.tokens
    assert (grant.kind, grant.expires_in, grant.refresh_token) == ("Bearer", 3600.0, None)
    form = judge.asked[0].form
    assert form == (
        {"grant_type": "client_credentials"}
        if basic
        else {"grant_type": "client_credentials", "client_id": client_id, "client_secret": STRANGE}
    )


@pytest.mark.parametrize("key_id", [None, "key-1"])
@pytest.mark.parametrize(("kind", "to_base"), [("JWT", False), ("JWT", True), ("client-authentication+jwt", False)])
@pytest.mark.parametrize("algorithm", [None, "RS256", "PS256"])
def test_an_assertion_by_rsa(judge, judges, endpoint, rsa_key, algorithm, kind, to_base, key_id) -> None:
    proof = PrivateKey(pem_of(rsa_key), key_id, algorithm, kind, to_base)
    judged(judge, judges, endpoint, proof, public_of(rsa_key), algorithm or "RS256")


@pytest.mark.parametrize("key_id", [None, "key-1"])
@pytest.mark.parametrize("kind", ["JWT", "client-authentication+jwt"])
def test_an_assertion_on_a_curve(judge, judges, endpoint, ec_key, kind, key_id) -> None:
    judged(judge, judges, endpoint, PrivateKey(pem_of(ec_key), key_id, None, kind), public_of(ec_key), "ES256")


def judged(judge, judges, endpoint, proof: PrivateKey, public: str, algorithm: str) -> None:
    """Two requests: the server takes each ``jti`` once, and lives of 60 seconds."""
    judge.clients["service"] = judges.Client(key=public, kid=proof.key_id)
    asking = endpoint(judge, service(proof))
    for _ in range(2):
        assert asking.by_client_credentials().kind == "Bearer"
    form = judge.asked[0].form
    assert set(form) == {"grant_type", "client_id", "client_assertion_type", "client_assertion"}
    assert jwt.get_unverified_header(form["client_assertion"])["alg"] == algorithm
    claims = jwt.decode(form["client_assertion"], options={"verify_signature": False})
    wanted = judge.rest_url if proof.to_base or proof.type != "JWT" else f"{judge.rest_url}/oauth/token"
    assert claims["aud"] == wanted
    assert claims["exp"] - claims["iat"] == 60
    assert "authorization" not in judge.asked[0].headers


def test_a_key_that_does_not_fit(judge, judges, endpoint, rsa_key, ec_key) -> None:
    judge.clients["service"] = judges.Client(key=public_of(rsa_key))
    with pytest.raises(SignInError, match="private key must belong to the certificate") as caught:
        endpoint(judge, service(PrivateKey(pem_of(ec_key)))).by_client_credentials()
    assert (caught.value.error, caught.value.error_description) == ("invalid_client", "InvalidKeyError")


@pytest.mark.parametrize(
    ("make", "algorithm", "told"),
    [
        (lambda: "", None, "no PEM file of a private key"),
        (
            lambda: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            None,
            "no PEM file of a private key",
        ),
        (lambda: pem_of(rsa.generate_private_key(65537, 2048), b"x").reveal(), None, "pass phrase"),
        (lambda: public_of(rsa.generate_private_key(65537, 2048)), None, "this is a public key"),
        (lambda: pem_of(rsa.generate_private_key(65537, 1024)).reveal(), None, "2048 bits or more"),
        (lambda: pem_of(rsa.generate_private_key(65537, 2048)).reveal(), "ES256", "needs a key on the curve P-256"),
        (lambda: pem_of(ec.generate_private_key(ec.SECP384R1())).reveal(), None, "on the curve P-256"),
        (lambda: pem_of(ec.generate_private_key(ec.SECP256R1())).reveal(), "PS256", "needs an RSA key"),
    ],
)
def test_a_private_key_that_is_none(judge, endpoint, make: Callable[[], str], algorithm, told: str) -> None:
    """Found before any call; not a word of it is repeated."""
    text = make()
    with pytest.raises(SettingsError, match=told) as caught:
        endpoint(judge, service(PrivateKey(Secret(text), algorithm=algorithm)))
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    body = [line for line in text.splitlines() if line and not line.startswith("---")]
    held = [line for line in shown.splitlines() if "text = " not in line]
    assert not [line for line in body if any(line[:12] in one for one in held)]
    assert not judge.asked


def person(proof: ClientSecret | None, *, dpop: bool) -> AuthorizationCode:
    return AuthorizationCode("person", REDIRECT, proof, dpop)


@pytest.mark.parametrize("confidential", [True, False])
@pytest.mark.parametrize("dpop", [True, False])
def test_a_code_with_pkce_and_a_chain(judge, judges, endpoint, confidential: bool, dpop: bool) -> None:
    if not confidential and not dpop:
        return
    judge.clients["person"] = judges.Client((STRANGE,) if confidential else (), redirect_uri=REDIRECT, dpop=dpop)
    asking = endpoint(
        judge, person(SECRET if confidential else None, dpop=dpop), key=DpopKey.generate() if dpop else None
    )
    url, verifier = asking.authorization_request("state-1")
    assert url.startswith(f"{judge.rest_url}/oauth/authorize?")
    code, state = judge.code(url)
    assert state == "state-1"
    grant = asking.by_code(Secret(code), verifier)
    assert grant.kind == ("DPoP" if dpop else "Bearer")
    assert grant.refresh_token is not None
    renewed = asking.by_refresh(grant.refresh_token)
    assert renewed.refresh_token is not None
    assert renewed.refresh_token != grant.refresh_token
    # Used once, each of them.
    for again in (lambda: asking.by_code(Secret(code), verifier), lambda: asking.by_refresh(grant.refresh_token)):
        with pytest.raises(SignInError, match="afas auth login") as caught:
            again()
        assert caught.value.error == "invalid_grant"


def test_a_renewal_with_another_key_is_refused(judge, judges, endpoint) -> None:
    judge.clients["person"] = judges.Client(redirect_uri=REDIRECT, dpop=True)
    first = endpoint(judge, person(None, dpop=True), key=DpopKey.generate())
    url, verifier = first.authorization_request("s")
    grant = first.by_code(Secret(judge.code(url)[0]), verifier)
    with pytest.raises(SignInError):
        endpoint(judge, person(None, dpop=True), key=DpopKey.generate()).by_refresh(grant.refresh_token)


def test_a_nonce_is_asked_for_once_and_kept(judge, judges, endpoint) -> None:
    """The first answer tells it; the newest counts, also when a 200 tells it."""
    judge.clients["service"] = judges.Client((STRANGE,))
    judge.token_nonce = judge.nonce_on_success = True
    key = DpopKey.generate()
    asking = endpoint(judge, service(SECRET, dpop=True), key=key)
    for _ in range(3):
        assert asking.by_client_credentials().kind == "DPoP"
    assert [asked.status for asked in judge.asked] == [400, 200, 200, 200]
    assert key.nonce == judge.nonces[-1]


def test_a_nonce_is_learnt_before_an_assertion_is_spent(judge, judges, endpoint, ec_key) -> None:
    judge.clients["service"] = judges.Client(key=public_of(ec_key))
    judge.token_nonce = True
    asking = endpoint(judge, service(PrivateKey(pem_of(ec_key)), dpop=True), key=DpopKey.generate())
    assert asking.by_client_credentials().kind == "DPoP"


def test_a_server_that_wants_another_nonce_each_time(judge, judges, endpoint) -> None:
    def never(_asked):
        return 400, b'{"error":"use_dpop_nonce"}', [("DPoP-Nonce", str(time.monotonic_ns()))]

    judge.clients["service"] = judges.Client((STRANGE,))
    judge.strange = [never] * 9
    with pytest.raises(SignInError, match="another nonce each time") as caught:
        endpoint(judge, service(SECRET, dpop=True), key=DpopKey.generate()).by_client_credentials()
    assert caught.value.error == "use_dpop_nonce"
    assert len(judge.asked) == 2


@pytest.mark.parametrize("fast", [600.0, -600.0])
@pytest.mark.parametrize("dpop", [True, False])
def test_a_clock_that_is_off_is_made_up_for(judge, judges, endpoint, ec_key, fast: float, dpop: bool) -> None:
    judge.clients["service"] = judges.Client(key=public_of(ec_key))
    judge.fast = fast
    clock = Clock()
    key = DpopKey.generate() if dpop else None
    asking = endpoint(judge, service(PrivateKey(pem_of(ec_key)), dpop=dpop), key=key, clock=clock)
    assert asking.by_client_credentials().access_token.reveal() in judge.tokens
    assert [asked.status for asked in judge.asked] == [400, 200]
    assert "600 seconds" in clock.complaint()


def test_a_clock_that_is_off_is_named_when_it_did_not_help(judge, judges, endpoint, ec_key, rsa_key) -> None:
    judge.clients["service"] = judges.Client(key=public_of(rsa_key))
    judge.fast = 600
    with pytest.raises(SignInError, match=r"This machine's clock is about 600 seconds slow .* set it right"):
        endpoint(judge, service(PrivateKey(pem_of(ec_key)))).by_client_credentials()
    assert len(judge.asked) == 2


def answer(status: int, body: bytes = b"", *headers: tuple[str, str]):
    return lambda _asked: (status, body, [("Content-Type", "application/json"), *headers])


def token(**members: object):
    usual = {"access_token": "abc", "token_type": "Bearer", "expires_in": 3600}
    chosen = {name: value for name, value in {**usual, **members}.items() if value is not None}
    return answer(200, json.dumps(chosen).encode())


@pytest.mark.parametrize(
    "strange",
    [
        answer(200, b"<html>"),
        answer(200, b"[]"),
        answer(200, b'"x"'),
        answer(200, b"x" * (2**20 + 1)),
        token(access_token=None),
        token(access_token=7),
        token(access_token=""),
        token(access_token="a\nX-Header: b"),
        token(access_token="a b"),
        token(token_type=None),
        token(token_type="mac"),
        # Bound to a key that nobody has shown.
        token(token_type="DPoP"),
        token(expires_in="soon"),
        token(expires_in=-1),
        token(expires_in=True),
        token(expires_in=[1]),
        token(expires_in=float("nan")),
        token(refresh_token=7),
        answer(302, b"", ("Location", "https://elders.invalid/")),
    ],
)
def test_what_is_no_token_answer(judge, endpoint, strange) -> None:
    judge.strange = [strange]
    with pytest.raises(AnswerError):
        endpoint(judge, service(SECRET)).by_client_credentials()
    assert len(judge.asked) == 1


@pytest.mark.parametrize(
    ("strange", "life"),
    [
        (token(), 3600.0),
        (token(expires_in="60"), 60.0),
        (token(expires_in=None), 300.0),
        (token(expires_in=1.5), 1.5),
        (token(expires_in=1e300), 366 * 86400.0),
    ],
)
def test_how_long_a_token_lasts(judge, endpoint, strange, life: float) -> None:
    judge.strange = [strange]
    assert endpoint(judge, service(SECRET)).by_client_credentials().expires_in == life


@pytest.mark.parametrize("kind", ["bearer", "BEARER", "Bearer"])
def test_the_kind_in_any_case(judge, endpoint, kind: str) -> None:
    judge.strange = [token(token_type=kind, scope="x", something="else")]
    assert endpoint(judge, service(SECRET)).by_client_credentials().kind == "Bearer"


def test_a_bearer_token_in_place_of_a_bound_one_is_not_used(judge, endpoint) -> None:
    judge.strange = [token()]
    with pytest.raises(AnswerError, match="bound to a DPoP key"):
        endpoint(judge, service(SECRET, dpop=True), key=DpopKey.generate()).by_client_credentials()


@pytest.mark.parametrize(
    ("strange", "kind", "told"),
    [
        (answer(401, b"", ("WWW-Authenticate", "Basic")), SignInError, "did not say why"),
        (answer(404, b"<html>"), SignInError, "There is no OAuth at"),
        (answer(403), AccessDenied, "IP addresses"),
        (answer(500, b'{"externalMessage":"Nee","errorNumber":1}'), AfasError, "Nee"),
        (answer(400, b'{"error":"unsupported_grant_type"}'), SignInError, "Profit's version"),
        (answer(503), Busy, "away"),
        (lambda _asked: None, TransportError, "broke before an answer"),
    ],
)
def test_what_is_told_of_other_answers(judge, endpoint, strange, kind: type[AfasError], told: str) -> None:
    judge.strange = [strange]
    with pytest.raises(kind, match=told):
        endpoint(judge, service(SECRET)).by_client_credentials()


def test_a_service_asks_again_and_a_person_does_not(judge, judges, endpoint) -> None:
    """A code and a refresh token are used once: what may have arrived is not repeated. A 503 that tells when to come
    back had not begun."""
    judge.clients |= {"service": judges.Client((STRANGE,)), "person": judges.Client((STRANGE,), redirect_uri=REDIRECT)}
    asking = endpoint(judge, service(SECRET), retry_total=60.0)
    judge.strange = [lambda _asked: None, answer(503), answer(502)]
    assert asking.by_client_credentials().kind == "Bearer"
    someone = endpoint(judge, person(SECRET, dpop=False), retry_total=60.0)
    url, verifier = someone.authorization_request("s")
    code = Secret(judge.code(url)[0])
    away = b'{"error":{"code":"503","message":"Onderhoud."},"retry_after":1}'
    judge.strange = [answer(503, away, ("Content-Type", "application/json"))]
    grant = someone.by_code(code, verifier)
    for strange, kind in ((lambda _asked: None, TransportError), (answer(503), Busy), (answer(502), Busy)):
        judge.strange, before = [strange], len(judge.asked)
        with pytest.raises(kind):
            someone.by_refresh(grant.refresh_token)
        assert len(judge.asked) == before + 1


def test_the_same_headers_as_every_call(judge, judges, endpoint) -> None:
    judge.clients["service"] = judges.Client((STRANGE,))
    endpoint(judge, service(SECRET), integration_id="12345_123456").by_client_credentials()
    headers = judge.asked[0].headers
    assert headers["integrationid"] == "12345_123456"
    assert headers["user-agent"].startswith("afas-soap/")


def test_a_signer_does_not_show(ec_key) -> None:
    signer = Signer(PrivateKey(pem_of(ec_key)))
    assert repr(signer) == "Signer(hidden)"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(signer)


def test_oauth_needs_the_rest_address(judge, endpoint) -> None:
    with pytest.raises(SettingsError, match="over SOAP as well"):
        endpoint(judge, service(SECRET), rest_url="")


def test_a_key_is_kept_as_text() -> None:
    key = DpopKey.generate()
    kept = DpopKey.from_json(key.to_json(), "nonce-1")
    assert kept.to_json() == key.to_json()
    assert kept.nonce == "nonce-1"
    assert repr(key) == "DpopKey(hidden)"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(key)
    public = jwt.get_unverified_header(key.proof("GET", "https://host/", 1))["jwk"]
    for text in ("", "{}", "[]", "no", json.dumps(public), '{"kty":"oct","k":"AAAA"}'):
        with pytest.raises(SettingsError, match="sign in again"):
            DpopKey.from_json(Secret(text))


@pytest.mark.parametrize(
    ("url", "htu"),
    [
        ("https://h:8443/a/@SbId,X/1%2C2?x=/#y", "https://h:8443/a/@SbId,X/1%2C2"),
        ("https://h/%C3%A9%20x?", "https://h/%C3%A9%20x"),
    ],
)
def test_a_proof_names_the_address_as_it_is_sent(url: str, htu: str) -> None:
    proof = DpopKey.generate().proof("DELETE", url, 7, Secret("abc"))
    claims = jwt.decode(proof, options={"verify_signature": False, "verify_iat": False})
    # base64url of the SHA-256 of "abc", by coreutils.
    assert claims.pop("ath") == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
    assert len(claims.pop("jti")) == 36
    assert claims == {"htm": "DELETE", "htu": htu, "iat": 7}


def echo(asked):
    """What was sent comes back in the description."""
    said = json.dumps(asked.body.decode() + json.dumps(asked.headers))
    return 400, f'{{"error":"invalid_client","error_description":{said}}}'.encode(), []


@pytest.mark.parametrize("basic", [False, True])
@pytest.mark.parametrize("strange", [None, echo, answer(200, b"<html>"), answer(503), lambda _asked: None])
def test_no_secret_shows(judge, judges, endpoint, tmp_path, caplog, strange, basic) -> None:
    """Not in logs at DEBUG, nor in traces, errors, their tracebacks with names, and pickles."""
    for name in (None, "urllib3", "requests", "afas_soap", "filelock"):
        caplog.set_level(logging.DEBUG, name)
    judge.clients["service"] = judges.Client((STRANGE,))
    trace = tmp_path / "trace.txt"
    proof = dataclasses.replace(SECRET, basic=basic)
    asking = endpoint(judge, service(proof, dpop=True), key=DpopKey.generate(), trace=trace)
    written = ""
    if strange is None:
        written = repr(asking.by_client_credentials())
    else:
        judge.strange = [strange]
        with pytest.raises(AfasError) as caught:
            asking.by_client_credentials()
        # Without this frame, which holds the secrets.
        below = caught.value.with_traceback(caught.value.__traceback__.tb_next)
        told = traceback.TracebackException.from_exception(below, capture_locals=True)
        written = "".join(told.format()) + str(pickle.dumps(caught.value))
    written += caplog.text + trace.read_text("utf-8")
    assert "grant_type=client_credentials" in written
    asked = judge.asked[0]
    held = [*judge.tokens, asked.headers["dpop"], *asked.headers["dpop"].split(".")[1:], "geheim"]
    held += [asked.headers.get("authorization", "geheim").rpartition(" ")[2]]
    assert not [secret for secret in held if secret in written or secret[:12] in written]


def test_a_token_answer_that_breaks_off(fixed, endpoint) -> None:
    fixed.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", None)
    with pytest.raises(TransportError, match="broke off half-way") as caught:
        endpoint(fixed, service(SECRET)).by_client_credentials()
    assert caught.value.sent is True


def test_a_token_answer_that_comes_in_drops(fixed, endpoint, monkeypatch) -> None:
    """No drop is late for the socket; but others wait for this token."""
    monkeypatch.setattr(sessions, "_TOKEN_TIMEOUT", 0.2)
    drops = (step for _ in range(100) for step in (b" ", 0.05))
    fixed.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n", *drops)
    with pytest.raises(TransportError, match="did not come to its end in 0 seconds") as caught:
        endpoint(fixed, service(SECRET)).by_client_credentials()
    assert caught.value.sent is True


def test_a_token_is_not_waited_for_as_long_as_a_question(fixed, link_to) -> None:
    link = link_to(fixed, token=None, read_timeout=0.2, retry_total=0.0)
    fixed.raw(1.0)
    http = HttpSession(link)
    with pytest.raises(TransportError, match="silent for too long"):
        TokenEndpoint(link, service(SECRET), http).by_client_credentials()
    http.close()


def test_a_secret_that_the_server_repeats_is_masked_in_its_description(judge, link_to) -> None:
    """With Basic, in which it is not sent as it is."""
    link = link_to(judge, token=None, retry_total=0.0)
    http = HttpSession(link)
    http.masker.learn([STRANGE])
    said = json.dumps({"error": "invalid_client", "error_description": f"{STRANGE} is wrong"})
    judge.strange = [answer(400, said.encode())]
    with pytest.raises(SignInError) as caught:
        TokenEndpoint(link, service(dataclasses.replace(SECRET, basic=True)), http).by_client_credentials()
    assert caught.value.error_description == "*** is wrong"
    http.close()
