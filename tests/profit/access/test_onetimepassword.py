"""One-time passwords as values: what is taken for a key and a password, both spellings, and the token in an answer."""

from __future__ import annotations

import json
import traceback

import pytest

from afas_soap.errors import AnswerError, SettingsError
from afas_soap.profit.access.onetimepassword import (
    AppKeys,
    app_key,
    one_time_password,
    token_from_json,
    token_from_text,
)
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken

# AFAS' own examples (OpenAPI, OtpValidation).
API_KEY = "8B4406A0041C4A319D6594224186383F"
ENVIRONMENT_KEY = "941C8D1742366C922BFF7B81946526EE"
PASSWORD = "34264813"
USER = "work@exampleemail.com"
DATA = "979D703A5D92417998F36ECE577E10CD2822304B4E687A46AAB4598889FA5804"
TOKEN = f"<token><version>1</version><data>{DATA}</data></token>"

KEYS = AppKeys(USER, app_key("api_key", API_KEY), app_key("environment_key", ENVIRONMENT_KEY))


def shown(error: BaseException) -> str:
    """All that is commonly written of an error, what local names of ours stand for included."""
    trace = error.__traceback__.tb_next if error.__traceback__ is not None else None
    told = traceback.TracebackException(type(error), error, trace, capture_locals=True)
    return "".join(told.format()) + repr(vars(error))


def test_what_is_hidden_does_not_show() -> None:
    printed = f"{KEYS!r} {KEYS} {one_time_password('otp', PASSWORD)!r}"
    assert not [secret for secret in (API_KEY, ENVIRONMENT_KEY, PASSWORD) if secret in printed]
    assert KEYS.secrets() == (API_KEY, ENVIRONMENT_KEY)


@pytest.mark.parametrize("text", [API_KEY, API_KEY.lower(), f" {API_KEY}\r\n", f"\ufeff{API_KEY}"])
def test_a_key(text: str) -> None:
    assert app_key("api_key", text).reveal() == text.strip().removeprefix("\ufeff")


@pytest.mark.parametrize("text", ["", "geheim", API_KEY[:-1], f"{API_KEY}0", f"{{{API_KEY}}}", DATA])
def test_no_key(text: str) -> None:
    with pytest.raises(SettingsError, match="environment_key: must be 32 hexadecimal digits") as caught:
        app_key("environment_key", text)
    assert not text or text not in shown(caught.value)


@pytest.mark.parametrize("text", [PASSWORD, f"{PASSWORD}\n", "abcd1234EFGH"])
def test_a_password(text: str) -> None:
    assert one_time_password("otp", text).reveal() == text.strip()


@pytest.mark.parametrize("text", ["", "342 648 13", "1" * 17, API_KEY, "The one-time password is 34264813."])
def test_no_password(text: str) -> None:
    with pytest.raises(SettingsError, match="otp: must be the one-time password alone") as caught:
        one_time_password("otp", text)
    assert not text or text not in shown(caught.value)


@pytest.mark.parametrize("user", ["", "a b", "a\nb", " 12345.user", "x" * 257])
def test_no_user(user: str) -> None:
    with pytest.raises(SettingsError, match=r"user: must be the user's id \(12345.user\) or e-mail address"):
        AppKeys(user, KEYS.api_key, KEYS.environment_key)


def test_keys_in_the_wrong_places() -> None:
    with pytest.raises(SettingsError, match="user: this looks like a key") as caught:
        AppKeys(API_KEY, KEYS.api_key, KEYS.environment_key)
    assert API_KEY not in str(caught.value)
    with pytest.raises(SettingsError, match="api_key: must be 32"):
        AppKeys(USER, Secret("geheim"), KEYS.environment_key)
    with pytest.raises(SettingsError, match="environment_key: must be 32"):
        AppKeys(USER, KEYS.api_key, Secret("geheim"))
    with pytest.raises(SettingsError, match="they are the same"):
        AppKeys(USER, KEYS.api_key, app_key("environment_key", API_KEY.lower()))


def test_two_keys_that_differ() -> None:
    assert AppKeys(USER, Secret(API_KEY), Secret(ENVIRONMENT_KEY)).secrets() == KEYS.secrets()


def test_as_json() -> None:
    request = {"apiKey": API_KEY, "userId": USER, "apiToken": ENVIRONMENT_KEY}
    assert json.loads(KEYS.rest_body()) == request
    assert json.loads(KEYS.rest_body(Secret(PASSWORD))) == {**request, "otp": PASSWORD}


def test_as_parameters() -> None:
    parameters = KEYS.soap_parameters()
    assert list(parameters) == ["userId", "apiKey", "environmentKey"]
    assert ENVIRONMENT_KEY not in repr(parameters)


def test_the_token_in_an_answer() -> None:
    """As AFAS' specification has it, with a line end behind the token."""
    answer = '{"token":"' + TOKEN + '\\r\\n"}'
    assert token_from_json(answer.encode()) == AfasToken(DATA)
    assert token_from_text(f"{TOKEN}\r\n") == AfasToken(DATA)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'"' + TOKEN.encode() + b'"',
        b'{"token":null}',
        b'{"token":""}',
        b'{"token":["' + TOKEN.encode() + b'"]}',
        b'{"token":"' + TOKEN.encode()[:-9] + b'"}',
        b"[" * 100_000,
    ],
)
def test_no_token_in_an_answer(data: bytes) -> None:
    with pytest.raises(AnswerError, match="holds no AfasToken") as caught:
        token_from_json(data)
    assert DATA not in shown(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("text", ["", " ", TOKEN[:-9], f"{DATA}0"])
def test_no_token_in_a_text(text: str) -> None:
    with pytest.raises(AnswerError, match="holds no AfasToken") as caught:
        token_from_text(text)
    assert DATA not in shown(caught.value)
