"""One-time passwords at the emulator's end: who gets one, how long it is good, and what the tokens open, by requests
written from the facts (profit-wire 6.4)."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from html import escape, unescape

import pytest
import requests
import zeep
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.credentials import AcceptedTokens
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.onetimepasswords import DEMO_API_KEY, DEMO_ENVIRONMENT_KEY, Mail
from afas_soap.emulator.store import Store
from afas_soap.profit.access.token import AfasToken

USER = "12345.jansen"
ENVELOPE = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<{name} xmlns="urn:Afas.Profit.Services">{inner}</{name}></soap:Body></soap:Envelope>'
)


class Profit:
    """An emulator with a mailbox and a clock of the test's own."""

    def __init__(self, store: Store, auth: str = "hybrid") -> None:
        self.mails: list[Mail] = []
        self.now = 1_800_000_000.0
        self.app = Emulator(store, setup=Setup(auth=auth, mailbox=self.mails.append, clock=lambda: self.now))
        self._client = Client(self.app)

    @property
    def password(self) -> str:
        """The password in the newest mail."""
        found = re.search(r"\b[0-9]{8}\b", self.mails[-1].text)
        assert found is not None
        return found[0]

    def soap(self, operation: str, **parameters: str) -> TestResponse:
        inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parameters.items())
        return self._client.post(
            "/ProfitServices/tokenconnector.asmx",
            data=ENVELOPE.format(name=operation, inner=inner),
            content_type="text/xml; charset=utf-8",
            headers={"SOAPAction": f'"urn:Afas.Profit.Services/{operation}"'},
        )

    def rest(self, path: str, **members: object) -> TestResponse:
        return self._client.post(f"/ProfitRestServices/{path}", json=members)

    def opens(self, token: AfasToken) -> tuple[bool, bool]:
        """Whether a token is accepted, over SOAP and over REST."""
        headers = {"Authorization": token.header()}
        body = ENVELOPE.format(name="GetProductVersion", inner="")
        soap = self._client.post(
            "/ProfitServices/appconnectorversioninfo.asmx", data=body, content_type="text/xml", headers=headers
        )
        rest = self._client.get("/ProfitRestServices/profitversion", headers=headers)
        return soap.status_code == 200, rest.status_code == 200


SOAP_KEYS = {"userId": USER, "apiKey": DEMO_API_KEY, "environmentKey": DEMO_ENVIRONMENT_KEY}
REST_KEYS = {"userId": USER, "apiKey": DEMO_API_KEY, "apiToken": DEMO_ENVIRONMENT_KEY}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture
def profit(store: Store) -> Profit:
    return Profit(store)


def test_over_soap(profit: Profit) -> None:
    asked = profit.soap("GenerateOTP", **SOAP_KEYS, description="uit Utrecht")
    assert asked.status_code == 200
    assert asked.text.endswith(
        '<soap:Body><GenerateOTPResponse xmlns="urn:Afas.Profit.Services" /></soap:Body></soap:Envelope>'
    )
    assert profit.mails[0].to == USER
    assert profit.mails[0].subject == "One-time password for Emulator (uit Utrecht)"
    redeemed = profit.soap("GetTokenFromOTP", **SOAP_KEYS, otp=profit.password)
    assert redeemed.status_code == 200
    found = re.search("<GetTokenFromOTPResult>(.*)</GetTokenFromOTPResult>", redeemed.text)
    assert found is not None
    token = AfasToken.parse(unescape(found[1]))
    assert profit.opens(token) == (True, True)
    assert profit.soap("DeleteToken", token=token.xml()).status_code == 200
    assert profit.opens(token) == (False, False)
    assert profit.opens(DEMO_TOKEN) == (True, True), "the others stay"
    again = profit.soap("DeleteToken", token=token.xml())
    assert (again.status_code, "inloggegevens niet gevonden" in again.text) == (500, True)


def test_over_rest(profit: Profit) -> None:
    asked = profit.rest("otprequest", **REST_KEYS)
    assert (asked.status_code, asked.data, asked.headers["Content-Length"]) == (200, b"", "0")
    assert profit.mails[0].subject == "One-time password for Emulator"
    redeemed = profit.rest("OtpValidation", **REST_KEYS, otp=profit.password)
    assert redeemed.status_code == 200
    assert redeemed.json is not None
    assert re.fullmatch(
        r"<token><version>1</version><data>[0-9A-F]{64}</data></token>\r\n", text := redeemed.json["token"]
    )
    assert profit.opens(AfasToken.parse(text)) == (True, True)


def test_names_of_members_in_any_case(profit: Profit) -> None:
    """AFAS' own example has ``userid`` where its schema has ``userId``."""
    assert profit.rest("OtpRequest", userid=USER, APIKEY=DEMO_API_KEY, apiToken=DEMO_ENVIRONMENT_KEY).status_code == 200
    assert len(profit.mails) == 1


@pytest.mark.parametrize(
    "other", [{"userId": " "}, {"apiKey": DEMO_ENVIRONMENT_KEY}, {"apiToken": "0"}, {"apiToken": "é"}, {"apiKey": 5}]
)
def test_keys_that_do_not_fit_answer_success_and_send_nothing(profit: Profit, other: dict[str, object]) -> None:
    assert profit.rest("otprequest", **{**REST_KEYS, **other}).status_code == 200
    assert profit.mails == []
    assert profit.soap("GenerateOTP").status_code == 200
    assert profit.mails == []


def refused(answer: TestResponse) -> bool:
    return answer.status_code == 500 and "one-time password does not fit or has expired" in answer.text


def test_a_password_is_good_once(profit: Profit) -> None:
    profit.rest("otprequest", **REST_KEYS)
    password = profit.password
    assert profit.rest("otpvalidation", **REST_KEYS, otp=password).status_code == 200
    assert refused(profit.rest("otpvalidation", **REST_KEYS, otp=password))
    assert refused(profit.soap("GetTokenFromOTP", **SOAP_KEYS, otp=password))


def test_a_password_expires(profit: Profit) -> None:
    profit.rest("otprequest", **REST_KEYS)
    profit.now += 601
    assert refused(profit.rest("otpvalidation", **REST_KEYS, otp=profit.password))


def test_the_newest_password_is_the_only_one(profit: Profit) -> None:
    profit.rest("otprequest", **REST_KEYS)
    first = profit.password
    while not profit.mails[1:] or profit.password == first:
        profit.rest("otprequest", **REST_KEYS)
    assert refused(profit.rest("otpvalidation", **REST_KEYS, otp=first))
    assert profit.rest("otpvalidation", **{**REST_KEYS, "userId": USER.upper()}, otp=profit.password).status_code == 200


@pytest.mark.parametrize("other", [{"userId": "12345.piet"}, {"apiKey": "0"}, {"otp": ""}, {"otp": "1"}])
def test_what_does_not_fit_a_password(profit: Profit, other: dict[str, str]) -> None:
    profit.rest("otprequest", **REST_KEYS)
    assert refused(profit.rest("otpvalidation", **{**REST_KEYS, "otp": profit.password, **other}))
    assert profit.rest("otpvalidation", **REST_KEYS, otp=profit.password).status_code == 200, "it is still good"


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"'])
def test_a_body_that_is_none(profit: Profit, body: str) -> None:
    answer = Client(profit.app).post("/ProfitRestServices/otprequest", data=body)
    assert (answer.status_code, "could not be read" in answer.text) == (500, True)


def test_a_token_that_is_none(profit: Profit) -> None:
    answer = profit.soap("DeleteToken", token="<token/>")
    assert (answer.status_code, "could not be parsed" in answer.text) == (500, True)


def test_an_app_connector_without_classic_tokens_sends_nothing(store: Store) -> None:
    profit = Profit(store, auth="oauth")
    assert profit.rest("otprequest", **REST_KEYS).status_code == 200
    assert profit.mails == []


def test_without_a_mailbox(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    answer = Client(Emulator(store)).post("/ProfitRestServices/otprequest", json=REST_KEYS)
    assert answer.status_code == 200
    assert "there is no mailbox" in caplog.text


def test_a_mailbox_that_is_full(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def full(_mail: Mail) -> None:
        raise OSError(28, "No space left on device")

    app = Emulator(store, setup=Setup(mailbox=full))
    assert Client(app).post("/ProfitRestServices/otprequest", json=REST_KEYS).status_code == 200
    assert "cannot be delivered: No space left on device" in caplog.text


def test_neither_password_nor_token_is_logged(profit: Profit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    profit.rest("otprequest", **{**REST_KEYS, "apiKey": "0" * 32})
    profit.rest("otprequest", **REST_KEYS)
    profit.rest("otpvalidation", **REST_KEYS, otp="1")
    redeemed = profit.rest("otpvalidation", **REST_KEYS, otp=profit.password)
    assert redeemed.json is not None
    assert caplog.records
    assert profit.password not in caplog.text + repr(profit.mails)
    assert redeemed.json["token"][40:60] not in caplog.text


def test_tokens_come_and_go_while_others_look() -> None:
    tokens = AcceptedTokens([DEMO_TOKEN])
    others = [AfasToken(f"{number:064X}") for number in range(1, 9)]

    def come_and_go(token: AfasToken) -> None:
        for _ in range(200):
            tokens.add(token)
            assert token in tokens
            assert tokens.remove(token)
            assert DEMO_TOKEN in tokens

    threads = [threading.Thread(target=come_and_go, args=(token,)) for token in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (list(tokens), len(tokens), tokens.remove(others[0])) == ([DEMO_TOKEN], 1, False)


def test_stock_zeep_gets_a_token(profit: Profit) -> None:
    """By the document that is served."""
    with serve(profit.app) as server, requests.Session() as session:
        client = zeep.Client(f"{server.soap_url}/tokenconnector.asmx?WSDL", transport=zeep.Transport(session=session))
        client.service.GenerateOTP(USER, DEMO_API_KEY, DEMO_ENVIRONMENT_KEY, "zeep")
        token = client.service.GetTokenFromOTP(USER, DEMO_API_KEY, DEMO_ENVIRONMENT_KEY, profit.password)
        assert profit.opens(AfasToken.parse(token)) == (True, True)
        client.service.DeleteToken(token)
    assert profit.opens(AfasToken.parse(token)) == (False, False)
