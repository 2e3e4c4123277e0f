"""What the transport does with a credential: headers for every attempt, one more attempt after a cure, and masking."""

from __future__ import annotations

import dataclasses
import itertools
import logging
import pickle
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    SettingsError,
    SignInError,
    TransportError,
    Uncertain,
)
from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.http.authorizer import Cure, Reply, Signature, TokenReply, Way
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.judge import PROFIT


class Scripted:
    """An authority that numbers its headers, and cures what it is told to."""

    def __init__(self, *cures: Cure) -> None:
        self.numbers = itertools.count(1)
        self.cures = list(cures)
        self.asked: list[tuple[str, str]] = []
        self.replies: list[tuple[Reply, frozenset[Cure]]] = []
        self.now: tuple[str, ...] = ()
        self.failure: AfasError | None = None

    def connect(self, way: Way) -> None:
        """Nothing to ask."""

    def headers(self, method: str, url: str) -> Signature:
        self.asked.append((method, url))
        if self.failure is not None:
            raise self.failure
        secret = f"toegangsbewijs-{next(self.numbers)}-abcdefgh"
        self.now = (secret,)
        return Signature({"Authorization": f"DPoP {secret}", "DPoP": f"bewijs-{secret}"})

    def shown(self) -> Signature:
        return Signature({"Authorization": "DPoP ***"})

    def answered(self, reply: Reply, tried: Sequence[Cure]) -> Cure:
        self.replies.append((reply, frozenset(tried)))
        if reply.status not in (400, 401) or not self.cures:
            return Cure.NONE
        return self.cures.pop(0)

    def refusal(self, reply: Reply) -> SignInError | None:
        return SignInError("No.") if b"oauth" in reply.body else None

    def secrets(self) -> tuple[str, ...]:
        return self.now


@pytest.fixture
def opened(fixed, link_to: Callable[..., Link]):
    made: list[Transport] = []

    def open_(authority: Scripted, **settings: object) -> Transport:
        link = link_to(fixed, **{"token": None, "retry_total": 0.0, **settings})
        made.append(Transport(dataclasses.replace(link, authorizer=authority), PROFIT, sleep=lambda _: None))
        return made[-1]

    yield open_
    for transport in made:
        transport.close()


def asked(fixed, transport: Transport, *, read: bool = True, sign: bool = True) -> bytes:
    url = f"{fixed.rest_url}/connectors/X?skip=1"
    body = None if read else b"{}"
    request = Request(Accepts.JSON, "rows" if read else "insert", "X", url, body=body, read=read, sign=sign)
    if not read:
        return transport.write(request, lambda answer: answer.whole(100))
    with transport.ask(request) as answer:
        return answer.whole(100)


def sent(fixed) -> list[str]:
    return [
        line.split("-")[1] for one in fixed.requests for line in one.decode().split("\r\n") if line.startswith("Auth")
    ]


@pytest.mark.parametrize("read", [True, False])
def test_every_attempt_has_headers_of_its_own(fixed, opened, read: bool) -> None:
    """Of the address as it is sent; a refusal that is cured is sent once more, a write as well."""
    authority = Scripted(Cure.NONCE, Cure.TOKEN)
    fixed.json("{}", "401 No")
    fixed.json("{}", "400 No")
    fixed.json("{}")
    assert asked(fixed, opened(authority), read=read) == b"{}"
    assert sent(fixed) == ["1", "2", "3"]
    assert authority.asked == [("GET" if read else "POST", f"{fixed.rest_url}/connectors/X?skip=1")] * 3
    assert [(reply.status, tried) for reply, tried in authority.replies] == [
        (401, frozenset()),
        (400, {Cure.NONCE}),
        # A new token may need a new nonce.
        (200, {Cure.TOKEN}),
    ]
    assert b"bewijs-toegangsbewijs-1" in fixed.requests[0]


@pytest.mark.parametrize("read", [True, False])
def test_a_write_is_not_repeated_long_after_its_first_attempt(
    fixed, opened, monkeypatch: pytest.MonkeyPatch, read: bool
) -> None:
    """A journal has the time of that; what is told is that it was not sent."""
    monkeypatch.setattr("afas_soap.wire.http.transport.LATEST", -1.0)
    fixed.json("{}", "401 No")
    fixed.json("{}")
    if read:
        assert asked(fixed, opened(Scripted(Cure.TOKEN)), read=read) == b"{}"
        return
    with pytest.raises(TransportError, match=r"not accepted, and it took more than .* Send it again") as caught:
        asked(fixed, opened(Scripted(Cure.TOKEN)), read=read)
    assert (type(caught.value), caught.value.sent, len(fixed.requests)) == (TransportError, False, 1)


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (TransportError("broke", sent=True), TransportError),
        (AnswerError("odd"), SignInError),
        (SettingsError("damaged"), SettingsError),
    ],
)
def test_signing_in_ahead_sends_nothing_and_leaves_no_doubt(fixed, opened, problem: AfasError, kind) -> None:
    authority = Scripted()
    way = opened(authority)
    way.sign_in()
    assert authority.asked == [("POST", fixed.rest_url)]

    authority.failure = problem
    with pytest.raises(kind) as caught:
        way.sign_in()
    assert (getattr(caught.value, "sent", False), getattr(caught.value, "unsent", True)) == (False, True)
    assert not fixed.requests


def test_signing_in_ahead_without_a_credential_is_nothing(fixed, opened) -> None:
    opened(None).sign_in()
    assert not fixed.connections


def test_a_repeated_read_is_signed_anew(fixed, opened) -> None:
    fixed.raw(None)
    fixed.json("{}", "503 Away")
    fixed.json("{}")
    asked(fixed, opened(Scripted(), retry_total=60.0))
    assert sent(fixed) == ["1", "2", "3"]


def test_a_request_whose_credential_goes_another_way_is_not_signed(fixed, opened) -> None:
    fixed.json("{}")
    authority = Scripted()
    asked(fixed, opened(authority), sign=False)
    assert sent(fixed) == []
    assert authority.asked == []


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (SignInError("x"), SignInError),
        (TransportError("x", sent=True), TransportError),
        (Busy("x", status=503), Busy),
    ],
)
@pytest.mark.parametrize("read", [True, False])
def test_what_goes_wrong_before_the_call_is_not_of_the_call(fixed, opened, failure, kind, read) -> None:
    """A token request may have arrived; the call itself did not."""
    authority = Scripted()
    authority.failure = failure
    with pytest.raises(kind) as caught:
        asked(fixed, opened(authority), read=read)
    assert not isinstance(caught.value, Uncertain)
    assert getattr(caught.value, "sent", False) is False
    assert not fixed.requests


@pytest.mark.parametrize("read", [True, False])
def test_a_refusal_is_told_in_the_credentials_words_or_afas(fixed, opened, read: bool) -> None:
    fixed.json('{"error":"oauth"}', "401 No")
    with pytest.raises(SignInError):
        asked(fixed, opened(Scripted()), read=read)
    fixed.reply("", "application/xml; charset=utf-8", "401 No")
    with pytest.raises(AccessDenied):
        asked(fixed, opened(Scripted()), read=read)


def test_a_token_that_came_later_is_masked_as_well(fixed, opened, tmp_path: Path, caplog) -> None:
    """In traces and errors, wherever the server repeats it, and in tracebacks with the names of each frame."""
    for name in (None, "urllib3", "requests", "afas_soap"):
        caplog.set_level(logging.DEBUG, name)
    trace = tmp_path / "trace.txt"
    said = "toegangsbewijs-1-abcdefgh en bewijs-toegangsbewijs-1-abcdefgh"
    fixed.json(f'{{"externalMessage":"Nee, {said}"}}', "401 No", f"X-Trace-Identifier: {said}")
    fixed.json(f'{{"externalMessage":"Nee, {said.replace("-1-", "-2-")}"}}', "500 No")
    with pytest.raises(AfasError, match=r"Nee, \*\*\*") as caught:
        asked(fixed, opened(Scripted(Cure.TOKEN), trace=trace))
    below = caught.value.with_traceback(caught.value.__traceback__.tb_next)
    written = "".join(traceback.TracebackException.from_exception(below, capture_locals=True).format())
    written += caplog.text + trace.read_text("utf-8")
    assert "Authorization: DPoP ***\n" in written
    assert "\nDPoP: ***\n" in written
    assert "abcdefgh" not in written.replace("(said", "")


def test_the_classic_token_as_an_authority(token: AfasToken) -> None:
    classic = ClassicAuthorizer(token)
    reply = Reply(Signature(), 401, {}, b'{"error":"invalid_token"}')
    assert dict(classic.headers("GET", "https://host/")) == {"Authorization": token.header()} == dict(classic.shown())
    assert classic.answered(reply, ()) is Cure.NONE
    assert classic.refusal(reply) is None
    assert classic.secrets() == token.secrets()


def test_what_signs_a_link(link_to, fixed, token: AfasToken) -> None:
    other = Scripted()
    assert link_to(fixed).authorizer == ClassicAuthorizer(token)
    assert link_to(fixed, token=None).authorizer is None
    assert link_to(fixed, authorizer=other).authorizer is other
    assert "Scripted" not in repr(link_to(fixed, authorizer=other))


def test_a_signature_does_not_show(token: AfasToken) -> None:
    signature = ClassicAuthorizer(token).headers("GET", "")
    assert repr(signature) == "Signature(Authorization, hidden)"
    assert len(signature) == 1
    assert "0123456789" not in repr(Reply(signature, 200, {}, b""))
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(signature)


def test_a_token_reply_does_not_show() -> None:
    """The body of a success holds the token, and a header may hold a cookie."""
    reply = TokenReply(200, {"Set-Cookie": "geheim"}, b"geheim")
    assert repr(reply) == "TokenReply(status=200)"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(reply)
