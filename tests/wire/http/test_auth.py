"""The credential on the wire: both protocols, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.judge import PROFIT

# base64 of <token><version>1</version><data>0123456789ABCDEF (four times)</data></token>, made with coreutils' base64.
HEADER = (
    b"Authorization: AfasToken "
    b"PHRva2VuPjx2ZXJzaW9uPjE8L3ZlcnNpb24+PGRhdGE+MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUYwMTIzNDU2Nzg5QUJDREVG"
    b"MDEyMzQ1Njc4OUFCQ0RFRjwvZGF0YT48L3Rva2VuPg==\r\n"
)


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A .netrc that has a password for this machine, found both ways requests looks for it."""
    path = tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login jansen password geheim\ndefault login jansen password geheim\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))


def _sent(fixed, link: Link, speaks: Accepts, *, sign: bool = True) -> bytes:
    fixed.reply("<a/>" if speaks is Accepts.XML else "{}", "text/xml" if speaks is Accepts.XML else "application/json")
    url = fixed.soap_url if speaks is Accepts.XML else fixed.rest_url
    with Transport(link, PROFIT) as transport, transport.ask(Request(speaks, "x", None, url, sign=sign)) as answer:
        answer.whole(100)
    sent: bytes = fixed.requests[-1]
    return sent


@pytest.mark.parametrize("speaks", [Accepts.XML, Accepts.JSON])
@pytest.mark.usefixtures("netrc")
def test_the_token_goes_in_the_header_and_netrc_never_replaces_it(
    fixed, link_to: Callable[..., Link], speaks: Accepts
) -> None:
    assert HEADER in _sent(fixed, link_to(fixed), speaks)


@pytest.mark.usefixtures("netrc")
def test_without_a_token_in_the_header_netrc_sends_none_either(fixed, link_to: Callable[..., Link]) -> None:
    assert b"authorization" not in _sent(fixed, link_to(fixed, token=None), Accepts.JSON).lower()
    assert b"authorization" not in _sent(fixed, link_to(fixed), Accepts.XML, sign=False).lower()


@pytest.mark.parametrize("speaks", [Accepts.XML, Accepts.JSON])
def test_headers_of_every_request(fixed, link_to: Callable[..., Link], speaks: Accepts) -> None:
    sent = _sent(fixed, link_to(fixed, integration_id="12345_123456", language="nl-nl"), speaks)
    assert b"\r\nIntegrationId: 12345_123456\r\n" in sent
    assert b"\r\nAccept-Language: nl-nl\r\n" in sent
    assert b"\r\nAccept-Encoding: gzip\r\n" in sent
    assert b"\r\nUser-Agent: afas-soap/" in sent
    # It leads to resets, says AFAS.
    assert b"connection:" not in sent.lower()
