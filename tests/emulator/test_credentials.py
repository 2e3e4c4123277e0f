"""What a token is worth in the header and in the body (profit-wire 1.4)."""

from __future__ import annotations

import base64

import pytest

from afas_soap.emulator.credentials import Verdict, of_body, of_header
from afas_soap.profit.access.token import AfasToken

DIGITS = "0123456789abcdef" * 4
XML = f"<token><version>1</version><data>{DIGITS}</data></token>"
OTHER = f"<token><version>1</version><data>{'f' * 64}</data></token>"
TOKENS = (AfasToken(DIGITS),)


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        (None, Verdict.MISSING),
        ("", Verdict.MISSING),
        ("AfasToken", Verdict.MISSING),
        (f"Bearer {_packed(XML)}", Verdict.MISSING),
        (f"AfasToken {_packed(XML)}", Verdict.ADMITTED),
        (f"afastoken  {_packed(XML)} ", Verdict.ADMITTED),
        (f"AfasToken {_packed(OTHER)}", Verdict.UNKNOWN),
        (f"AfasToken {_packed('<token/>')}", Verdict.UNREADABLE),
        (f"AfasToken {_packed('no xml')}", Verdict.UNREADABLE),
        ("AfasToken /////w==", Verdict.UNREADABLE),  # base64 of what is no text
        (f"AfasToken {DIGITS}", Verdict.UNREADABLE),  # 64 digits are base64 by chance, of no token
        (f"AfasToken {XML}", Verdict.NOT_BASE64),
        ("AfasToken not-base64!", Verdict.NOT_BASE64),
    ],
)
def test_header_of_profit_7(header: str | None, verdict: Verdict) -> None:
    assert of_header(header, TOKENS, dialect="profit7") is verdict


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        (f"AfasToken {XML}", Verdict.ADMITTED),
        (f"AfasToken {OTHER}", Verdict.UNKNOWN),
        (f"AfasToken {_packed(XML)}", Verdict.ADMITTED),
        ("AfasToken not-base64!", Verdict.NOT_BASE64),
    ],
)
def test_header_of_profit_6(header: str, verdict: Verdict) -> None:
    assert of_header(header, TOKENS, dialect="profit6") is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (None, Verdict.MISSING),
        (" \n ", Verdict.MISSING),
        (XML, Verdict.ADMITTED),
        (f"\n  {XML}\n", Verdict.ADMITTED),
        (OTHER, Verdict.UNKNOWN),
        (DIGITS, Verdict.UNREADABLE),
        (_packed(XML), Verdict.UNREADABLE),
        ("<token>", Verdict.UNREADABLE),
    ],
)
def test_body(text: str | None, verdict: Verdict) -> None:
    assert of_body(text, TOKENS) is verdict
