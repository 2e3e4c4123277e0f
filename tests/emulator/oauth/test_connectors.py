"""Access tokens on connector calls, over REST and over SOAP (authentication.md, "Answers of the resource server")."""

from __future__ import annotations

from typing import Any

import pytest

from afas_soap.emulator.http.app import DEMO_TOKEN
from afas_soap.errors import SettingsError
from tests.emulator.oauth.conftest import ENVELOPE, ROWS, SOAP, Side

WAYS = pytest.mark.parametrize("way", ["rows", "soap"])


def ask(side: Side, way: str, authorization: str | None, **headers: str) -> Any:
    return getattr(side, way)(authorization, **headers)


def challenges(answer: Any) -> list[str]:
    """What a 401 without a body offers."""
    assert (answer.status_code, answer.data) == (401, b"")
    return list(answer.headers.getlist("WWW-Authenticate"))


@WAYS
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_a_good_token(side: Side, way: str, scheme: str) -> None:
    answer = ask(side, way, f"{scheme} {side.access()}")
    assert answer.status_code == 200
    assert "product1" in answer.text


@WAYS
@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic eDp5", "DPoP ", "Unknown x"])
def test_no_credentials(side: Side, way: str, header: str | None) -> None:
    """Both schemes are offered, without an error code."""
    assert challenges(ask(side, way, header)) == ["Bearer", 'DPoP algs="ES256"']


@WAYS
@pytest.mark.parametrize("token", ["x", "a b", "é", "AAAA" * 11])
def test_a_token_that_is_not_known(side: Side, way: str, token: str) -> None:
    header = f"Bearer {token}".encode().decode("latin-1")
    assert challenges(ask(side, way, header)) == ['Bearer error="invalid_token"']


@WAYS
def test_a_token_ends_after_an_hour(side: Side, way: str) -> None:
    token = side.access()
    side.clock.turn(3590)
    assert ask(side, way, f"Bearer {token}").status_code == 200
    side.clock.turn(20)
    assert challenges(ask(side, way, f"Bearer {token}")) == ['Bearer error="invalid_token"']


@WAYS
def test_a_token_of_another_environment(side: Side, dressed: Any, way: str) -> None:
    assert challenges(ask(side, way, f"Bearer {dressed().access()}")) == ['Bearer error="invalid_token"']


@WAYS
def test_tokens_that_were_withdrawn(side: Side, way: str) -> None:
    token = side.access()
    side.emulator.authorization.tokens.withdraw()
    assert challenges(ask(side, way, f"Bearer {token}")) == ['Bearer error="invalid_token"']
    assert ask(side, way, f"Bearer {side.access()}").status_code == 200


@WAYS
def test_hybrid_takes_both(side: Side, way: str) -> None:
    assert ask(side, way, DEMO_TOKEN.header()).status_code == 200


@WAYS
def test_classic_takes_no_access_token(dressed: Any, way: str) -> None:
    side = dressed(auth="classic")
    assert ask(side, way, DEMO_TOKEN.header()).status_code == 200
    assert challenges(ask(side, way, "Bearer x")) == ['Bearer error="invalid_token"']
    bare = ask(side, way, None)
    assert "WWW-Authenticate" not in bare.headers
    assert bare.status_code == {"rows": 401, "soap": 500}[way]


@WAYS
def test_oauth_takes_no_classic_token(dressed: Any, way: str) -> None:
    side = dressed(auth="oauth")
    assert ask(side, way, f"Bearer {side.access()}").status_code == 200
    for header in (DEMO_TOKEN.header(), "AfasToken not-base64!"):
        assert challenges(ask(side, way, header)) == ["Bearer", 'DPoP algs="ES256"']


def test_the_token_in_a_soap_body(side: Side, dressed: Any) -> None:
    """Classic only: an access token never stands there, and a body is nothing beside a bad header."""
    body = ENVELOPE.replace("<connectorId>", f"<token><![CDATA[{DEMO_TOKEN.xml()}]]></token><connectorId>")
    send = {"data": body, "content_type": "text/xml"}
    assert side.http.post(SOAP, **send).status_code == 200
    assert challenges(dressed(auth="oauth").http.post(SOAP, **send)) == ["Bearer", 'DPoP algs="ES256"']
    refused = side.http.post(SOAP, **send, headers={"Authorization": "Bearer x"})
    assert challenges(refused) == ['Bearer error="invalid_token"']
    inside = ENVELOPE.replace("<connectorId>", f"<token>{side.access()}</token><connectorId>")
    assert side.http.post(SOAP, data=inside, content_type="text/xml").status_code == 500


def test_a_wsdl_needs_no_token(side: Side) -> None:
    assert side.http.get(f"{SOAP}?wsdl").status_code == 200


@WAYS
def test_profit_7_refuses_with_the_status_alone(dressed: Any, way: str) -> None:
    side = dressed(dialect="profit7")
    assert ask(side, way, f"Bearer {side.access()}").status_code == 200
    assert challenges(ask(side, way, "Bearer x")) == []
    assert ask(side, way, "DPoP x").status_code == {"rows": 401, "soap": 500}[way]
    only = dressed(dialect="profit7", auth="oauth")
    assert challenges(ask(only, way, DEMO_TOKEN.header())) == []


@WAYS
def test_profit_6_knows_no_access_token(dressed: Any, way: str) -> None:
    answer = ask(dressed(dialect="profit6"), way, "Bearer x")
    assert "WWW-Authenticate" not in answer.headers
    assert answer.status_code == {"rows": 401, "soap": 500}[way]


def test_profit_9_writes_as_profit_7_does(dressed: Any) -> None:
    seven, nine = dressed(dialect="profit7"), dressed()
    for way in ("rows", "soap"):
        assert ask(seven, way, DEMO_TOKEN.header()).data == ask(nine, way, DEMO_TOKEN.header()).data


@WAYS
def test_the_replay_store_is_down(side: Side, way: str) -> None:
    """503, and not 401; what needs no replay store goes on."""
    bearer, bound = side.access(), side.bound()
    nonce = side.nonce()
    method, url = ("GET", ROWS) if way == "rows" else ("POST", SOAP)
    side.emulator.authorization.replay.down = True
    assert ask(side, way, f"Bearer {bearer}").status_code == 200
    answer = ask(side, way, f"DPoP {bound}", DPoP=side.proof(method, url, token=bound, nonce=nonce))
    assert (answer.status_code, answer.data) == (503, b"")
    assert "WWW-Authenticate" not in answer.headers
    assertion = {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": side.assertion(),
    }
    assert side.token(grant_type="client_credentials", **assertion).status_code == 503
    side.emulator.authorization.replay.down = False
    assert side.token(grant_type="client_credentials", **assertion).status_code == 200


def test_down_from_the_beginning(dressed: Any) -> None:
    side = dressed(replay_down=True)
    assertion = {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": side.assertion(),
    }
    assert side.token(grant_type="client_credentials", **assertion).status_code == 503
    assert side.access()


@pytest.mark.parametrize("setup", [{"auth": "none"}, {"nonce": "500"}])
def test_setups_that_are_none(dressed: Any, setup: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"{next(iter(setup))}: "):
        dressed(**setup)


def test_the_date_is_that_of_the_clock(side: Side) -> None:
    side.clock.turn(10 * 365 * 86400)
    first = side.rows(None).headers["Date"]
    side.clock.turn(86400)
    assert first != side.rows(None).headers["Date"]
    assert int(first.split()[3]) >= 2035
