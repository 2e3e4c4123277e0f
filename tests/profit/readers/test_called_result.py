"""The result of a small SOAP answer by its operation, which may give none at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.readers.envelope import called_result

TOKEN = "<token><version>1</version><data>geheim</data></token>"
ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{soap}"><soap:Body>'
    '<{name} xmlns="urn:Afas.Profit.Services">{inner}</{name}></soap:Body></soap:Envelope>'
)
Spelt = Callable[..., bytes]


@pytest.fixture(params=["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"])
def spelt(request: pytest.FixtureRequest) -> Spelt:
    return lambda name, inner="": ENVELOPE.format(soap=request.param, name=name, inner=inner).encode()


def test_the_result_over_soap(spelt: Spelt) -> None:
    escaped = TOKEN.replace("<", "&lt;").replace(">", "&gt;")
    result = f"<GetTokenFromOTPResult>{escaped}</GetTokenFromOTPResult>"
    assert called_result(spelt("GetTokenFromOTPResponse", result), "GetTokenFromOTP") == TOKEN


@pytest.mark.parametrize("inner", ["", "<GenerateOTPResult/>", "<GenerateOTPResult></GenerateOTPResult>"])
def test_no_result_over_soap(spelt: Spelt, inner: str) -> None:
    assert called_result(spelt("GenerateOTPResponse", inner), "GenerateOTP") == ""


def test_no_answer_over_soap(spelt: Spelt) -> None:
    with pytest.raises(AnswerError, match="no SOAP answer of GenerateOTP"):
        called_result(spelt("DeleteTokenResponse"), "GenerateOTP")
    with pytest.raises(AnswerError, match="no SOAP answer of GenerateOTP"):
        called_result(b"<html/>", "GenerateOTP")
    with pytest.raises(CutOff):
        called_result(spelt("GenerateOTPResponse")[:-9], "GenerateOTP")
