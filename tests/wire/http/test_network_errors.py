"""What goes wrong on the way: a sentence each, and nothing of the original exception."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
import requests
import urllib3

from afas_soap.errors import AnswerError, SettingsError, TransportError
from afas_soap.wire.http.network_errors import before_answer, unconnected, within_answer
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.judge import PROFIT

URL = "https://12345.soap.afas.online/profitservices/appconnectorget.asmx?geheim"
SHOWN = "https://12345.soap.afas.online/profitservices/appconnectorget.asmx"
FOREIGN = (requests.RequestException, urllib3.exceptions.HTTPError)
POOL = urllib3.HTTPSConnectionPool("12345.soap.afas.online")


def _retried(reason: Exception) -> urllib3.exceptions.MaxRetryError:
    return urllib3.exceptions.MaxRetryError(POOL, "/?geheim", reason)


def _unreachable(reason: Exception) -> requests.exceptions.ConnectionError:
    return requests.exceptions.ConnectionError(_retried(reason))


@pytest.mark.parametrize(
    ("problem", "sentence", "repeatable"),
    [
        (requests.exceptions.ConnectTimeout("geheim"), "took no connection in time", True),
        (requests.exceptions.ReadTimeout("geheim"), "took no connection in time", True),
        (requests.exceptions.ProxyError("geheim"), "The proxy on the way", True),
        (requests.exceptions.SSLError("TLSV1_ALERT_PROTOCOL_VERSION"), "TLS 1.2", False),
        (requests.exceptions.SSLError("SSLV3_ALERT_HANDSHAKE_FAILURE"), "refused the TLS connection", False),
        (requests.exceptions.SSLError("geheim EOF occurred in violation of protocol"), "or broke it off", True),
        (
            _unreachable(urllib3.exceptions.NameResolutionError("host", POOL, socket.gaierror(-2, "geheim"))),
            "no host by the name",
            True,
        ),
        (_unreachable(urllib3.exceptions.NewConnectionError(POOL, "geheim")), "takes no connection", True),
    ],
)
def test_before_a_connection_nothing_was_sent(problem: Exception, sentence: str, *, repeatable: bool) -> None:
    broken = unconnected(problem, URL)
    assert isinstance(broken.error, TransportError)
    assert sentence in str(broken.error)
    assert SHOWN in str(broken.error)
    assert "geheim" not in str(broken.error)
    assert (broken.error.sent, broken.repeatable) == (False, repeatable)


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (requests.exceptions.ReadTimeout("geheim"), "silent for too long"),
        (requests.exceptions.ProxyError("geheim"), "broke before an answer"),
        (requests.exceptions.SSLError("geheim EOF occurred in violation of protocol"), "broke before an answer"),
        (requests.exceptions.SSLError("geheim WRONG_VERSION_NUMBER"), "broke before an answer"),
        (
            requests.exceptions.ConnectionError(urllib3.exceptions.ProtocolError("geheim", ConnectionResetError())),
            "broke before an answer",
        ),
        (OSError("geheim"), "broke before an answer"),
        (urllib3.exceptions.HTTPError("geheim"), "broke before an answer"),
    ],
)
def test_before_an_answer_the_request_may_have_arrived(problem: Exception, sentence: str) -> None:
    broken = before_answer(problem, URL)
    assert isinstance(broken.error, TransportError)
    assert sentence in str(broken.error)
    assert SHOWN in str(broken.error)
    assert "geheim" not in str(broken.error)
    assert (broken.error.sent, broken.repeatable) == (True, True)


@pytest.mark.parametrize("problem", [requests.exceptions.InvalidURL("geheim"), requests.exceptions.InvalidHeader("x")])
def test_what_cannot_be_sent_is_a_setting(problem: Exception) -> None:
    broken = unconnected(problem, URL)
    assert isinstance(broken.error, SettingsError)
    assert "geheim" not in str(broken.error)
    assert not broken.repeatable


def test_a_header_that_is_none_is_the_answers_once_there_was_a_connection() -> None:
    assert isinstance(before_answer(requests.exceptions.InvalidURL("geheim"), URL).error, SettingsError)
    broken = before_answer(requests.exceptions.InvalidHeader("geheim"), URL)
    assert isinstance(broken.error, AnswerError)
    assert "geheim" not in str(broken.error)
    assert not broken.repeatable


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (urllib3.exceptions.DecodeError("geheim"), "cannot be unpacked"),
        (urllib3.exceptions.ReadTimeoutError(POOL, "/?geheim", "geheim"), "silent for too long"),
        (urllib3.exceptions.IncompleteRead(1, 2), "broke off half-way"),
        (ConnectionResetError("geheim"), "broke off half-way"),
    ],
)
def test_within_an_answer(problem: Exception, sentence: str) -> None:
    error = within_answer(problem, URL)
    assert sentence in str(error)
    assert "geheim" not in str(error)
    assert error.sent


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        if (one := waiting.pop()) is not None and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__]
    return found


def test_refused_on_the_wire_and_nothing_hangs_on_the_error(link_to: Callable[..., Link], fixed) -> None:
    link = link_to(fixed)
    fixed.close()
    with pytest.raises(TransportError, match="takes no connection") as caught:
        Transport(link, PROFIT, sleep=lambda _: None).ask(Request(Accepts.JSON, "x", None, link.rest_url))
    assert not caught.value.sent
    # The exceptions of requests and urllib3 hold the request, and so the token.
    assert not any(
        isinstance(one, requests.RequestException | urllib3.exceptions.HTTPError) for one in _chain(caught.value)
    )


def test_nothing_hangs_on_the_error_of_a_body_either(link_to: Callable[..., Link], fixed) -> None:
    fixed.raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n" + b" " * 70000, None
    )
    link = link_to(fixed, retry_total=0.0)
    answer = Transport(link, PROFIT).ask(Request(Accepts.JSON, "x", None, link.rest_url))
    with answer, pytest.raises(TransportError, match="broke off") as caught:
        answer.whole(10**6)
    assert not any(
        isinstance(one, requests.RequestException | urllib3.exceptions.HTTPError) for one in _chain(caught.value)
    )
