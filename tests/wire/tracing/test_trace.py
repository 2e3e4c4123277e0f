"""The trace: all of an exchange, none of the secrets."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.errors import AccessDenied, AnswerError, SettingsError, TransportError
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.soap import SoapConnectors
from afas_soap.wire.tracing.masking import Masker
from afas_soap.wire.tracing.trace import Trace

LinkTo = Callable[..., Link]
DATA = "0123456789ABCDEF" * 4
PACKED = "MDEyMzQ1Njc4OUFCQ0RFR"  # of its digits


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trace.txt"


def test_an_exchange_as_it_went(fixed, link_to: LinkTo, path: Path) -> None:
    fixed.json('{"rows":[{"Naam":"José"}]}', "200 OK", "X-Trace-Identifier: spoor-1", "Set-Cookie: sessie=geheim")
    with Transport(link_to(fixed, trace=path), PROFIT) as transport:
        url = f"{fixed.rest_url}/connectors/X?skip=0"
        with transport.ask(Request(Accepts.JSON, "rows", "X", url)) as answer:
            answer.whole(1000)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("=== 1 request, 20")
    assert lines[0].endswith(", environment 12345-test, attempt 1")
    assert lines[1] == f"GET {url}"
    assert "Authorization: AfasToken ***" in lines
    assert "200 OK" in lines
    assert "X-Trace-Identifier: spoor-1" in lines
    assert "Set-Cookie: ***" in lines
    assert '{"rows":[{"Naam":"José"}]}' in lines
    assert lines[-1] == "=== 1 end: complete, 27 bytes"


def test_no_secret_in_any_form_and_at_no_border(fixed, link_to: LinkTo, path: Path) -> None:
    """The token goes in the header or the body, comes back in a header, and in the answer across two chunks."""
    body = b" " * (65536 - 20) + DATA.encode() + b" " * 70_000
    with Transport(link_to(fixed, trace=path), PROFIT) as transport:
        for in_body in (False, True):
            fixed.xml(body, "200 OK", f"X-Echo: {DATA.lower()}")
            soap = SoapConnectors(transport, token_in_body=in_body)
            with pytest.raises(AnswerError):
                list(soap.get_data(GetData("X")))
        fixed.xml(body)
        with transport.ask(Request(Accepts.XML, "x", None, fixed.soap_url)) as answer:
            answer.whole(10**6)
    text = path.read_text(encoding="utf-8")
    assert DATA.lower() not in text.lower()
    assert "0123456789" not in text
    assert PACKED not in text
    assert "<ns0:token>***</ns0:token>" in text
    assert text.count("X-Echo: ***") == 2
    assert text.count(" ***") > 4


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("/api/blob/1?readkey=eyJ.a-b_c&x=1", "/api/blob/1?readkey=***&x=1"),
        ("http://127.0.0.1:1/?x=1&ReadKey=eyJ.a#top", "http://127.0.0.1:1/?x=1&ReadKey=***#top"),
        ("/login?back=%2Fblob%3Freadkey%3DeyJ.a%2Bb%26x=1", "/login?back=%2Fblob%3Freadkey%3D***%26x=1"),
        ("/login?back=%252Fblob%253Freadkey%253DeyJ.a%2526x", "/login?back=%252Fblob%253Freadkey%253D***%2526x"),
        ("/api/blob/1?readkey=", "/api/blob/1?readkey="),
    ],
)
def test_a_read_key_in_an_address_is_masked_by_its_name(
    fixed, link_to: LinkTo, path: Path, location: str, shown: str
) -> None:
    """Of a redirect or of the request, also where nobody said before that it is a secret."""
    fixed.json("", "302 Found", f"Location: {location}", f"Link: <{location}>; rel=next")
    with Transport(link_to(fixed, trace=path), PROFIT) as transport, pytest.raises(AnswerError) as caught:
        transport.ask(Request(Accepts.JSON, "rows", "X", f"{fixed.rest_url}/blob/1?readkey=eyJ.gevraagd"))
    text = path.read_text(encoding="utf-8")
    assert f"Location: {shown}\n" in text
    assert f"Link: <{shown}>; rel=next\n" in text
    assert "/blob/1?readkey=***\n" in text
    assert "eyJ" not in f"{text}{caught.value}"


def test_what_was_not_read_or_never_came(fixed, link_to: LinkTo, path: Path) -> None:
    fixed.json(b" " * 200_000)
    fixed.raw(None)
    fixed.raw(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 7\r\n\r\nverbode", None)
    request = Request(Accepts.JSON, "rows", "X", fixed.rest_url)
    with Transport(link_to(fixed, trace=path), PROFIT, sleep=lambda _: None) as transport:
        transport.ask(request).close()
        with pytest.raises(AccessDenied):
            transport.ask(request)
        fixed.raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n" + b" " * 66_000, None
        )
        with pytest.raises(TransportError), transport.ask(request) as answer:
            answer.whole(10**6)
    text = path.read_text(encoding="utf-8")
    assert "=== 1 end: not read to its end, " in text
    assert "=== 2 end: no answer: The connection to " in text
    assert ", environment 12345-test, attempt 2\n403 Forbidden\n" in text
    assert "\nverbode\n=== 3 end: complete, 7 bytes\n" in text
    # Its number may be higher: the connection of the answer before may be found closed first.
    assert re.search(r"=== \d+ end: broken off: The answer of ", text)


def test_exchanges_that_overlap_say_whose_piece_is_whose(fixed, link_to: LinkTo, path: Path) -> None:
    fixed.json(b"a" * 70_000)
    fixed.json(b"b" * 10)
    request = Request(Accepts.JSON, "rows", "X", fixed.rest_url)
    with Transport(link_to(fixed, trace=path), PROFIT) as transport, transport.ask(request) as first:
        with transport.ask(request) as second:
            second.whole(100)
        first.whole(100_000)
    text = path.read_text(encoding="utf-8")
    assert "\n=== 1 continued\na" in text
    assert text.count("a" * 53_000) == 1
    assert text.count("continued") == 1


def test_a_trace_is_appended_to_and_is_the_owners_alone(fixed, link_to: LinkTo, path: Path) -> None:
    path.write_text("van gisteren\n", encoding="utf-8")
    path.chmod(0o644)
    Transport(link_to(fixed, trace=path), PROFIT).close()
    assert path.read_text(encoding="utf-8") == "van gisteren\n"
    if hasattr(os, "fchmod"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_trace_that_cannot_be_written_is_told_before_any_call(fixed, link_to: LinkTo, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"trace: the file .* cannot be written"):
        Transport(link_to(fixed, trace=tmp_path / "nergens" / "trace.txt"), PROFIT)
    with pytest.raises(SettingsError, match="trace"):
        Transport(link_to(fixed, trace=tmp_path), PROFIT)


def test_a_trace_that_was_closed(path: Path) -> None:
    trace = Trace(path, "x", Masker(()))
    trace.close()
    with pytest.raises(SettingsError, match="closed"):
        trace.begin(1).chunk(b"te laat")


def test_a_trace_into_nothing(fixed, link_to: LinkTo) -> None:
    """What is no regular file keeps the mode it has."""
    mode = Path(os.devnull).stat().st_mode
    Transport(link_to(fixed, trace=Path(os.devnull)), PROFIT).close()
    assert Path(os.devnull).stat().st_mode == mode
