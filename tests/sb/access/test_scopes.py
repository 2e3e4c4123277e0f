"""The list of customer environments as an Admin Center answers it, and what is none."""

from __future__ import annotations

import pytest

from afas_soap.errors import AnswerError
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.credentials import AppToken
from afas_soap.sb.access.scopes import Scope, scopes_in


def test_afas_sample() -> None:
    """As small-business.md 1 has it, with and without a description."""
    body = b'[{"Name":"Atlas Interior B.V.","Description":"Bouw","Path":"atlas"},{"name":"EnYoi","path":"enyoi"}]'
    assert scopes_in(body) == (Scope("Atlas Interior B.V.", "atlas", "Bouw"), Scope("EnYoi", "enyoi"))


def test_nobody() -> None:
    assert scopes_in(b"[]") == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"null", b"[1]", b'[{"Name":"a"}]', b'[{"Name":"a","Path":1}]', b"[" * 100_000, b'{"Result":[]}'],
)
def test_what_is_no_list_of_them(body: bytes) -> None:
    with pytest.raises(AnswerError, match="is not one of Name and Path"):
        scopes_in(body)


def test_an_app_token_does_not_show() -> None:
    assert repr(AppToken(Secret("geheim", "app token"), "atlas")) == (
        "AppToken(token=Secret(app token, hidden), scope='atlas')"
    )
