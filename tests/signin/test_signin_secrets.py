"""Everything that is written while somebody is signed in, the token store excepted, and no secret in it."""

from __future__ import annotations

import base64
import dataclasses
import html
import json
import logging
import pickle
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from afas_soap.errors import AfasError
from afas_soap.profit.access.credentials import AuthorizationCode, PrivateKey
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import Attempt, sign_in
from afas_soap.signin.store import TokenStore
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

REDIRECT = "http://127.0.0.1:8321/callback"
PIECE = 12


def spellings(secret: str) -> Iterator[str]:
    """A secret as it is, and as base64, XML, JSON and URLs spell it."""
    yield secret
    yield base64.b64encode(secret.encode()).decode()
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
    yield quote_plus(secret)


def pieces(secret: str) -> set[str]:
    found = set()
    for line in secret.splitlines():
        if not line.startswith("-----"):
            for text in spellings(line):
                found |= {text[at : at + PIECE] for at in range(max(1, len(text) - PIECE + 1))}
    return found


def below(error: BaseException) -> str:
    """A traceback with what names stand for, without the test's own frames."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return "".join(
        traceback.TracebackException.from_exception(error.with_traceback(trace), capture_locals=True).format()
    )


def used(judge) -> list[str]:
    """Every secret that went over the wire, in either direction."""
    hidden = ("client_secret", "client_assertion", "code", "code_verifier", "refresh_token")
    sent = [asked.form[name] for asked in judge.token_calls for name in hidden if name in asked.form]
    headers = [asked.headers.get(name, "") for asked in judge.asked for name in ("authorization", "dpop")]
    # The head of every proof and assertion is the same, and public.
    parts = [part for text in (*sent, *headers) for part in text.rpartition(" ")[2].split(".")]
    heads = [part for part in parts if part.startswith("eyJ") and b'"typ"' in base64.urlsafe_b64decode(part + "===")]
    return [*(part for part in parts if part and part not in heads), *judge.tokens, *judge.refresh]


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", ["secret", "basic", "key", "public"])
def test_no_secret_is_written(judge, judges, link_to, person, public, tmp_path: Path, caplog, capfd, kind) -> None:
    for name in (None, "urllib3", "requests", "zeep", "filelock", "afas_soap"):
        caplog.set_level(logging.DEBUG, name)
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public_pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    judge.clients["key"] = judges.Client(key=public_pem.decode(), redirect_uri=REDIRECT)
    judge.api_nonce, judge.token_nonce = "last", True
    credential = {
        "secret": dataclasses.replace(person, dpop=True),
        "basic": dataclasses.replace(person, proof=dataclasses.replace(person.proof, basic=True)),
        "key": AuthorizationCode("key", REDIRECT, PrivateKey(Secret(pem)), dpop=True),
        "public": public,
    }[kind]
    store, trace, ahead = TokenStore("demo", tmp_path / "store"), tmp_path / "trace.txt", 0.0
    link = link_to(judge, trace=trace)
    session = SignedIn(credential, link, store, now=lambda: time.time() + ahead, sleep=lambda _: None)
    written = [repr(credential), repr(session), repr(link)]

    def failing(act, *, read: bool = True) -> None:
        with pytest.raises(AfasError) as caught:
            act()
        written.extend((below(caught.value), str(caught.value), repr(caught.value), repr(pickle.dumps(caught.value))))

    with Transport(dataclasses.replace(link, authorizer=session), PROFIT, sleep=lambda _: None) as way:
        rest, soap = RestConnectors(way), SoapConnectors(way)
        failing(rest.version)
        attempt = Attempt(session)
        written.append(repr(vars(attempt)))
        code, state = judge.code(attempt.url)
        failing(lambda: attempt.pasted(Secret(f"{REDIRECT}?code={code}&state=elders")))
        written.append(repr(attempt.pasted(Secret(f"{REDIRECT}?code={code}&state={state}"))))
        failing(lambda: attempt.pasted(Secret(f"{REDIRECT}?code={code}&state={state}")))
        rest.version()
        soap.version()
        judge.revoke()
        rest.version()
        judge.fast = ahead = 3600.0

        def echoing(asked):
            said = json.dumps(
                f"Nee: {asked.body.decode()} {asked.headers.get('authorization')} {asked.headers.get('dpop')}"
            )
            return 400, f'{{"error":"invalid_client","error_description":{said}}}'.encode(), []

        judge.only, judge.strange = "/oauth/token", [echoing, lambda _asked: (200, b"<html>", []), lambda _asked: None]
        for _ in range(3):
            failing(soap.version)
        soap.version()
        judge.answers_of_connectors = echoing
        failing(rest.version)
        judge.answers_of_connectors = lambda asked: (
            500,
            json.dumps({"externalMessage": str(asked.headers)}).encode(),
            [],
        )
        failing(rest.version)
        written.extend((repr(store.read()), repr(session.entry()), repr(vars(session))))
        parts = (session._renewal, session._rotation, session._rotation.keys)
        written.extend(repr(vars(part)) for part in parts)
    failing(lambda: sign_in(session, lambda _url: None, patience=0.0))
    session.close()
    printed = capfd.readouterr()
    everything = "\n".join([*written, caplog.text, printed.out, printed.err, trace.read_text("utf-8")])
    assert everything.count("grant_type=") >= 4
    assert len(judge.grants) == 4
    secrets = [*used(judge), *(text for text in ("geheim:% +é/zeer-geheim",) if kind != "public")]
    if kind == "key":
        secrets.append(pem)
    dpop = store.read().dpop_key
    secrets += [json.loads(dpop.reveal())["d"]] if dpop is not None else []
    assert len(secrets) > 10
    found = {piece for secret in secrets for piece in pieces(secret) if len(piece) >= PIECE and piece in everything}
    assert found == set()
