"""A token is used until shortly before its end, renewed once whoever asks, and goes along over both protocols."""

from __future__ import annotations

import dataclasses
import email.utils
import threading
import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from afas_soap.errors import (
    AccessDenied,
    Busy,
    Fate,
    ProfitError,
    SettingsError,
    SignInError,
    TransportError,
    Uncertain,
)
from afas_soap.limits import CHAIN_SECONDS
from afas_soap.profit.access.credentials import AuthorizationCode, ClientCredentials, PrivateKey
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import Attempt
from afas_soap.signin.store import MemoryStore, TokenStore
from afas_soap.wire.http.authorizer import Cure, Reply
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.oauth import clientauth as oauth
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

JSON = [("Content-Type", "application/json")]
WRITE = b'{"KnSubject":{"Element":{"Fields":{}}}}'


def opened(judge, link_to, credential, store=None, *, now=time.time, **settings):
    link = link_to(judge, **settings)
    session = SignedIn(credential, link, store, now=now, sleep=lambda _: None)
    return Transport(dataclasses.replace(link, authorizer=session), PROFIT, sleep=lambda _: None)


def write(way: Transport) -> bytes:
    url = f"{way.link.rest_url}/connectors/KnSubject"
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = Request(Accepts.JSON, "insert", "KnSubject", url, headers, WRITE, read=False)
    return way.write(request, lambda answer: answer.whole(1000))


def signed_in(judge, link_to, credential: AuthorizationCode, store, **settings):
    """A person who has just signed in with a browser."""
    link = link_to(judge, **settings)
    way = Transport(dataclasses.replace(link, authorizer=SignedIn(credential, link, store)), PROFIT)
    attempt = Attempt(way.link.authorizer)
    code, state = judge.code(attempt.url)
    entry = attempt.finish(Secret(f"code={code}&state={state}"))
    way.close()
    return entry


class Turned:
    """A clock of ours that tests can turn."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.mark.parametrize("connectors", [SoapConnectors, RestConnectors])
@pytest.mark.parametrize("dpop", [False, True])
def test_one_token_for_many_calls(judge, link_to, service: ClientCredentials, connectors, dpop: bool) -> None:
    with opened(judge, link_to, dataclasses.replace(service, dpop=dpop)) as way:
        for _ in range(3):
            assert connectors(way).version() == "7.1"
    assert len(judge.token_calls) == 1
    assert [asked.status for asked in judge.asked] == [200] * 4
    scheme = "DPoP " if dpop else "Bearer "
    for asked in judge.api_calls:
        assert asked.headers["authorization"].startswith(scheme)
        assert asked.headers["authorization"].split(" ")[1].encode() not in asked.body, "never in a SOAP body"


def test_an_access_token_is_never_put_in_a_soap_body(judge, link_to, service, token_of) -> None:
    link = link_to(judge, authorizer=ClassicAuthorizer(token_of))
    with (
        Transport(dataclasses.replace(link, authorizer=SignedIn(service, link)), PROFIT) as way,
        pytest.raises(SettingsError, match="an access token goes in the header only"),
    ):
        SoapConnectors(way, token_in_body=True)


def test_it_is_renewed_shortly_before_its_end(judge, link_to, service) -> None:
    """60 seconds before, or a tenth of its life where that is less."""
    for life, still, no_longer in ((3600, 3500, 3545), (100, 85, 95)):
        judge.life = life
        turned = Turned()
        with opened(judge, link_to, service, now=turned) as way:
            before = len(judge.grants)
            RestConnectors(way).version()
            turned.ahead = still
            RestConnectors(way).version()
            assert len(judge.grants) == before + 1
            turned.ahead = no_longer
            RestConnectors(way).version()
            assert len(judge.grants) == before + 2


@pytest.mark.parametrize("dpop", [False, True])
def test_a_refused_token_is_renewed_once_and_a_read_repeated(judge, link_to, service, dpop: bool) -> None:
    with opened(judge, link_to, dataclasses.replace(service, dpop=dpop)) as way:
        RestConnectors(way).version()
        judge.revoke()
        assert SoapConnectors(way).version() == "7.1"
    assert [asked.status for asked in judge.api_calls] == [200, 401, 200]
    assert len(judge.grants) == 2


def test_a_write_is_repeated_because_it_was_not_accepted(judge, link_to, service) -> None:
    with opened(judge, link_to, service) as way:
        RestConnectors(way).version()
        judge.revoke()
        assert write(way) == b""
    assert judge.writes == 1
    assert judge.api_calls[-1].body == WRITE


@pytest.mark.parametrize("how", ["400", "401", "last"])
@pytest.mark.parametrize("always", [False, True])
@pytest.mark.parametrize(
    "call", [write, lambda way: RestConnectors(way).version(), lambda way: SoapConnectors(way).version()]
)
def test_a_nonce_in_every_form(judge, link_to, service, how: str, always: bool, call) -> None:
    """400 with JSON, 401 in front and 401 behind another challenge; and one in every 200."""
    judge.api_nonce, judge.nonce_on_success = how, always
    with opened(judge, link_to, dataclasses.replace(service, dpop=True)) as way:
        for _ in range(3):
            call(way)
    assert len(judge.grants) == 1
    assert sum(asked.status != 200 for asked in judge.api_calls) == (0 if always else 1)
    assert judge.writes in (0, 3)


def test_a_new_nonce_and_a_new_token_in_one_call(judge, link_to, service) -> None:
    judge.api_nonce, judge.token_nonce = "401", True
    with opened(judge, link_to, dataclasses.replace(service, dpop=True)) as way:
        RestConnectors(way).version()
        judge._new_nonce()
        judge.revoke()
        judge.asked.clear()
        assert write(way) == b""
    assert [asked.status for asked in judge.api_calls] == [401, 200]
    assert judge.writes == 1


@pytest.mark.parametrize("call", [write, lambda way: RestConnectors(way).version()])
def test_an_old_nonce_in_a_late_answer_to_another_thread_stops_no_call(judge, link_to, service, call) -> None:
    """It comes between the challenge and the repetition, and takes the place of the nonce that was just told."""
    judge.api_nonce = "401"
    with opened(judge, link_to, dataclasses.replace(service, dpop=True)) as way:
        RestConnectors(way).version()
        old = judge.nonces[-1]
        judge._new_nonce()
        session, late = way.link.authorizer, [old]
        proof = session.headers

        def signed(method, url):
            if late and judge.api_calls and judge.api_calls[-1].status == 401:
                session._hear_nonce(late.pop())
            return proof(method, url)

        session.headers = signed
        judge.asked.clear()
        call(way)
        assert [asked.status for asked in judge.api_calls] == [401, 401, 200]


def refusing(status: int, challenge: str):
    return lambda _asked: (status, b"", [("WWW-Authenticate", challenge), ("DPoP-Nonce", str(time.monotonic_ns()))])


@pytest.mark.parametrize(
    ("challenge", "error", "calls", "grants"),
    [
        ('Bearer error="invalid_token", error_description="Elders"', "invalid_token", 2, 2),
        ('DPoP error="invalid_token"', "invalid_token", 2, 2),
        ('DPoP error="use_dpop_nonce"', "use_dpop_nonce", 6, 1),
        ('Bearer error="insufficient_scope"', "insufficient_scope", 1, 1),
    ],
)
@pytest.mark.parametrize("call", [write, lambda way: RestConnectors(way).version()])
def test_what_stays_refused_is_told_in_oauths_words(
    judge, link_to, service, challenge, error, calls, grants, call
) -> None:
    """A token of another environment, say. Never more than one renewal, and a write is not uncertain."""
    with opened(judge, link_to, dataclasses.replace(service, dpop="DPoP" in challenge)) as way:
        judge.answers_of_connectors = refusing(401, challenge)
        with pytest.raises(SignInError) as caught:
            call(way)
    assert caught.value.error == error
    assert len(judge.api_calls) == calls
    assert len(judge.grants) == grants
    assert judge.writes == 0


def test_401_without_a_word_is_not_renewed(judge, link_to, service) -> None:
    with opened(judge, link_to, service) as way:
        judge.answers_of_connectors = lambda _asked: (401, b"", [("WWW-Authenticate", "Bearer, DPoP")])
        with pytest.raises(AccessDenied, match="refused the token"):
            RestConnectors(way).version()
    assert len(judge.grants) == 1


def test_503_is_never_a_bad_token(judge, link_to, service) -> None:
    """The replay store is down (authentication.md): the same token is used when it is back."""
    with opened(judge, link_to, dataclasses.replace(service, dpop=True), retry_total=60.0) as way:
        away = lambda _asked: (503, b"", [("WWW-Authenticate", 'DPoP error="invalid_token"')])  # noqa: E731
        RestConnectors(way).version()
        judge.only, judge.strange = "profitversion", [away, away]
        assert RestConnectors(way).version() == "7.1"
        judge.only, judge.strange = "connectors", [away]
        with pytest.raises(Uncertain):
            write(way)
    assert len(judge.grants) == 1


@pytest.mark.parametrize(
    ("strange", "kind"),
    [
        (lambda _asked: (503, b"", []), Busy),
        (lambda _asked: (200, b"<html>", []), SignInError),
        (lambda _asked: (500, b'{"externalMessage":"Nee","errorNumber":1}', []), SignInError),
        (lambda _asked: (400, b'{"error":"invalid_client"}', []), SignInError),
        (lambda _asked: None, TransportError),
    ],
)
@pytest.mark.parametrize("renewing", [False, True])
def test_a_write_whose_token_is_not_got_was_not_sent(judge, link_to, service, strange, kind, renewing) -> None:
    """Before the call, and between a 401 and its repetition: neither is uncertain, nor an answer to the write."""
    with opened(judge, link_to, service) as way:
        if renewing:
            RestConnectors(way).version()
            judge.revoke()
        judge.only, judge.strange = "/oauth/token", [strange]
        with pytest.raises(kind) as caught:
            write(way)
        assert not isinstance(caught.value, Uncertain)
        assert getattr(caught.value, "sent", False) is False
        assert caught.value.connector == "KnSubject"
        assert judge.writes == 0
        assert write(way) == b"", "a retry succeeds"


def test_nothing_is_asked_for_what_is_only_shown(judge, link_to, service) -> None:
    for dpop in (False, True):
        with opened(judge, link_to, dataclasses.replace(service, dpop=dpop)) as way:
            url = f"{judge.rest_url}/connectors/KnSubject"
            shown = way.outgoing(Request(Accepts.JSON, "insert", "KnSubject", url, {}, WRITE, read=False))
        assert shown.headers["Authorization"] == ("DPoP ***" if dpop else "Bearer ***")
        assert shown.headers.get("DPoP") == ("***" if dpop else None)
    assert not judge.asked


@pytest.mark.parametrize("dpop", [True, False])
def test_a_person_goes_on_by_a_chain(judge, link_to, person, public, tmp_path, dpop: bool) -> None:
    """In new processes, too: the key and the refresh token are in the store."""
    credential, store = (public if dpop else person), TokenStore("demo", tmp_path)
    signed_in(judge, link_to, credential, store)
    turned = Turned()
    for _ in range(3):
        with opened(judge, link_to, credential, store, now=turned) as way:
            assert RestConnectors(way).version() == "7.1"
            assert SoapConnectors(way).version() == "7.1"
        turned.ahead += 3600
    assert [asked.form["grant_type"] for asked in judge.grants] == ["authorization_code"] + ["refresh_token"] * 2
    assert len({asked.form["refresh_token"] for asked in judge.grants[1:]}) == 2


def test_after_30_days_the_person_signs_in_again(judge, link_to, person, tmp_path) -> None:
    """30 days after the first, however often it was renewed (authentication.md)."""
    store, turned = TokenStore("demo", tmp_path), Turned()
    signed_in(judge, link_to, person, store)
    with opened(judge, link_to, person, store, now=turned) as way:
        turned.ahead = CHAIN_SECONDS / 2
        RestConnectors(way).version()
        turned.ahead = CHAIN_SECONDS + 1
        with pytest.raises(SignInError, match=r"30 days old.*afas auth login"):
            RestConnectors(way).version()
        assert len(judge.grants) == 2
        signed_in(judge, link_to, person, store)


def test_nobody_has_signed_in(judge, link_to, person, tmp_path) -> None:
    with (
        opened(judge, link_to, person, TokenStore("demo", tmp_path)) as way,
        pytest.raises(SignInError, match=r"Nobody has signed in here yet.*afas auth login"),
    ):
        RestConnectors(way).version()
    assert not judge.asked


@pytest.mark.parametrize(
    "other", [{"client_id": "other"}, {"dpop": True}], ids=["another client", "bound tokens for what were none"]
)
def test_an_entry_that_does_not_fit_the_settings_is_not_used(judge, link_to, person, tmp_path, other) -> None:
    """A profile may have changed since: what it keeps now would be refused, or prove less than it should."""
    store = TokenStore("demo", tmp_path)
    signed_in(judge, link_to, person, store)
    session = SignedIn(dataclasses.replace(person, **other), link_to(judge), store)
    assert session.entry() is None
    assert SignedIn(person, link_to(judge), store).entry() is not None
    elsewhere = link_to(judge, rest_url=f"{judge.rest_url}x")
    assert SignedIn(person, elsewhere, store).entry() is None


def test_a_bound_entry_is_not_used_without_dpop(judge, link_to, person, tmp_path) -> None:
    store, bound = TokenStore("demo", tmp_path), dataclasses.replace(person, dpop=True)
    signed_in(judge, link_to, bound, store)
    assert SignedIn(person, link_to(judge), store).entry() is None
    assert SignedIn(bound, link_to(judge), store).entry() is not None


def test_tokens_of_just_before_are_still_masked(judge, link_to, service) -> None:
    """An answer to a call of another thread may come late, and repeat the token that it was asked with."""
    link = link_to(judge)
    session = SignedIn(service, link, sleep=lambda _: None)
    with Transport(dataclasses.replace(link, authorizer=session), PROFIT, sleep=lambda _: None) as way:
        for _ in range(4):
            RestConnectors(way).version()
            judge.revoke()
        late = judge.api_calls[0].headers["authorization"].removeprefix("Bearer ")
        judge.strange.append(lambda _asked: (500, f'{{"externalMessage":"{late}"}}'.encode(), JSON))
        with pytest.raises(ProfitError) as caught:
            RestConnectors(way).version()
    assert late not in str(caught.value)
    assert "***" in str(caught.value)
    # Not by this transport alone, which remembers what it sent itself.
    assert late in session.secrets()


def test_an_entry_of_another_client_is_not_used(judge, link_to, person, service, tmp_path) -> None:
    store = TokenStore("demo", tmp_path)
    signed_in(judge, link_to, person, store)
    other = dataclasses.replace(person, client_id="other")
    with opened(judge, link_to, other, store) as way, pytest.raises(SignInError, match="Nobody has signed in"):
        RestConnectors(way).version()
    with opened(judge, link_to, service, store) as way:
        assert RestConnectors(way).version() == "7.1"


def test_a_refresh_token_that_was_used_up_elsewhere(judge, link_to, person, tmp_path) -> None:
    store, turned = TokenStore("demo", tmp_path), Turned()
    entry = signed_in(judge, link_to, person, store)
    judge.refresh[entry.refresh_token.reveal()] = ("person", None, False)
    turned.ahead = 3600
    with opened(judge, link_to, person, store, now=turned) as way:
        for _ in range(2):
            with pytest.raises(SignInError, match="afas auth login") as caught:
                RestConnectors(way).version()
            assert caught.value.error == "invalid_grant"
        # Signing in again helps, without starting anew.
        signed_in(judge, link_to, person, store)
        turned.ahead = 0
        assert RestConnectors(way).version() == "7.1"


def test_a_trace_that_cannot_be_written_does_not_hide_that_a_refresh_token_was_used(
    judge, link_to, person, tmp_path, monkeypatch
) -> None:
    """The mark stays, so that the next process can say what became of the chain."""
    store = TokenStore("demo", tmp_path)
    signed_in(judge, link_to, person, store)

    def full(*_: object) -> None:
        raise SettingsError("The trace cannot be written.")

    monkeypatch.setattr("afas_soap.wire.tracing.trace.Exchange.answer", full)
    turned = Turned()
    turned.ahead = 3600.0
    with (
        opened(judge, link_to, person, store, now=turned, trace=tmp_path / "trace") as way,
        pytest.raises(SettingsError, match="trace"),
    ):
        write(way)
    kept = store.read()
    assert kept is not None
    assert kept.renewing
    with (
        opened(judge, link_to, person, store, now=turned) as way,
        pytest.raises(SignInError, match="the chain is lost"),
    ):
        write(way)
    assert judge.writes == 0


def test_a_renewal_that_broke_is_tried_once_more_and_then_told(judge, link_to, person, tmp_path) -> None:
    """Whether the answer was lost on its way is not known: if it was, the refresh token is used up."""
    store, turned = TokenStore("demo", tmp_path), Turned()
    for arrived in (False, True):
        entry = signed_in(judge, link_to, person, store)
        turned.ahead = 3600
        with opened(judge, link_to, person, store, now=turned) as way:
            judge.only, judge.strange = "/oauth/token", [lambda _asked: None]
            with pytest.raises(TransportError):
                RestConnectors(way).version()
            assert store.read().renewing is True
            if arrived:
                judge.refresh[entry.refresh_token.reveal()] = ("person", None, False)
                with pytest.raises(SignInError, match=r"stopped half-way.*chain is lost.*afas auth login"):
                    RestConnectors(way).version()
            else:
                assert RestConnectors(way).version() == "7.1"
                assert store.read().renewing is False


# What AFAS says while it is away, and nothing was begun.
AWAY = b'{"error":{"code":"503","message":"Onderhoud."},"retry_after":1}'


@pytest.mark.parametrize(
    "strange",
    [
        lambda _asked: (503, AWAY.replace(b"1}", b"600}"), [("Content-Type", "application/json")]),
        lambda _asked: (400, b'{"error":"invalid_client"}', []),
    ],
)
def test_a_refresh_token_that_was_not_spent_is_kept(judge, link_to, person, tmp_path, strange) -> None:
    store, turned = TokenStore("demo", tmp_path), Turned()
    signed_in(judge, link_to, person, store)
    turned.ahead = 3600
    with opened(judge, link_to, person, store, now=turned) as way:
        judge.only, judge.strange = "/oauth/token", [strange]
        with pytest.raises((Busy, SignInError)):
            RestConnectors(way).version()
        assert store.read().renewing is False
        assert RestConnectors(way).version() == "7.1"


BREAKS = {
    "break": (lambda _asked: None, TransportError),
    "503": (lambda _asked: (503, b"", []), Busy),
    "503 until": (lambda _asked: (503, AWAY, [("Content-Type", "application/json")]), Busy),
    "503 of a proxy": (lambda _asked: (503, b"", [("Retry-After", "1")]), Busy),
    # To a write, which must not take it for its own answer.
    "page": (lambda _asked: (200, b"<html>", [("Content-Type", "text/html")]), SignInError),
}


@pytest.mark.parametrize("strange", BREAKS)
@pytest.mark.parametrize("who", ["service", "person", "public"])
def test_an_early_renewal_that_fails_leaves_the_old_token(judge, link_to, request, tmp_path, strange: str, who) -> None:
    """It lasts for some seconds. Nobody tries again before its end, in no process: the refresh token may be used up."""
    credential, store, turned = request.getfixturevalue(who), TokenStore("demo", tmp_path), Turned()
    answer, _ = BREAKS[strange]
    if who != "service":
        signed_in(judge, link_to, credential, store)
    with opened(judge, link_to, credential, store, now=turned, retry_total=60.0) as way:
        RestConnectors(way).version()
        turned.ahead = 3550
        judge.only, judge.strange = "/oauth/token", [answer]
        before = len(judge.token_calls)
        for _ in range(2):
            assert write(way) == b""
        with opened(judge, link_to, credential, store, now=turned) as other:
            assert RestConnectors(other).version() == "7.1"
        assert len(judge.token_calls) == before + 1
        assert len({asked.headers["authorization"] for asked in judge.api_calls}) == 1
        # A break leaves the mark: whether the refresh token was spent is not known.
        kept = store.read()
        assert kept is not None
        assert kept.renewing is (who != "service" and strange != "503 until")
        turned.ahead = 3601
        assert write(way) == b""
        assert len(judge.token_calls) == before + 2
        assert len({asked.headers["authorization"] for asked in judge.api_calls}) == 2


def test_what_is_needed_now_is_waited_for(judge, link_to, service) -> None:
    """A first token, and one in place of a refused one: as patiently as the link says, for there is none to use."""
    away = lambda _asked: (503, b"", [("Retry-After", "1")])  # noqa: E731
    with opened(judge, link_to, service, retry_total=60.0) as way:
        for _ in range(2):
            judge.only, judge.strange = "/oauth/token", [away, away]
            assert RestConnectors(way).version() == "7.1"
            assert not judge.strange
            judge.revoke()


@pytest.mark.parametrize("strange", BREAKS)
def test_a_token_that_was_refused_is_not_used_again(judge, link_to, person, tmp_path, strange: str) -> None:
    """Nor is one whose end has come."""
    store, turned = TokenStore("demo", tmp_path), Turned()
    answer, kind = BREAKS[strange]
    signed_in(judge, link_to, person, store)
    with opened(judge, link_to, person, store, now=turned) as way:
        for cause in (lambda: setattr(turned, "ahead", 3601), judge.revoke, lambda: setattr(turned, "ahead", 7151)):
            if cause is not judge.revoke:
                RestConnectors(way).version()
            cause()
            if turned.ahead > 7000:
                judge.revoke()
                # Renewed early, to no effect, and then refused.
                judge.strange = [answer]
            judge.only, judge.strange = "/oauth/token", [*judge.strange, answer]
            with pytest.raises(kind):
                write(way)
            assert not judge.strange
            signed_in(judge, link_to, person, store)
    assert judge.writes == 0


def test_what_is_wrong_with_the_client_is_told_early(judge, link_to, person, tmp_path) -> None:
    """A secret that ran out, say: waiting does not help."""
    store, turned = TokenStore("demo", tmp_path), Turned()
    signed_in(judge, link_to, person, store)
    turned.ahead = 3550
    with opened(judge, link_to, person, store, now=turned) as way:
        judge.only, judge.strange = "/oauth/token", [lambda _asked: (400, b'{"error":"invalid_client"}', [])]
        with pytest.raises(SignInError, match="invalid_client"):
            RestConnectors(way).version()


def test_a_chain_is_lost_only_when_afas_says_so(judge, link_to, person, tmp_path) -> None:
    """After a break another cause, such as a secret that ran out, is told as what it is."""
    store, turned = TokenStore("demo", tmp_path), Turned()
    signed_in(judge, link_to, person, store)
    turned.ahead = 3600
    with opened(judge, link_to, person, store, now=turned) as way:
        judge.only = "/oauth/token"
        judge.strange = [lambda _asked: None, lambda _asked: (400, b'{"error":"invalid_client"}', [])]
        with pytest.raises(TransportError):
            RestConnectors(way).version()
        with pytest.raises(SignInError, match="invalid_client") as caught:
            RestConnectors(way).version()
        assert "lost" not in caught.value.message
        assert RestConnectors(way).version() == "7.1"


def test_a_store_that_is_damaged_keeps_a_write_from_being_sent(judge, link_to, person, tmp_path) -> None:
    """And says so: a batch may send that record again."""
    store = TokenStore("demo", tmp_path)
    signed_in(judge, link_to, person, store)
    store.path.write_bytes(b"{")
    with opened(judge, link_to, person, store) as way, pytest.raises(SettingsError, match="is damaged") as caught:
        write(way)
    assert caught.value.fate is Fate.NOT_SENT
    assert judge.writes == 0


def test_an_error_that_is_not_oauths_leaves_a_write_uncertain(judge, link_to, service) -> None:
    """A machine in front of Profit that answers in its own words: Profit may have booked it."""
    body = b'{"status":400,"error":"Bad Request"}'
    with opened(judge, link_to, service) as way:
        judge.only, judge.strange = "/connectors/", [lambda _asked: (400, body, [("Content-Type", "application/json")])]
        with pytest.raises(Uncertain):
            write(way)


@pytest.mark.parametrize("member", ["error", "error_description"])
def test_a_proof_that_is_sent_back_in_a_header_is_masked(judge, link_to, service, member: str) -> None:
    """Without a trace as well."""

    def echo(asked):
        said = asked.headers["authorization"].split()[1] + asked.headers["dpop"]
        others = "" if member == "error" else 'error="insufficient_scope", '
        return 401, b"", [("WWW-Authenticate", f'DPoP {others}{member}="{said}"'), ("X-Trace-Identifier", said)]

    with opened(judge, link_to, dataclasses.replace(service, dpop=True)) as way:
        RestConnectors(way).version()
        judge.answers_of_connectors = echo
        with pytest.raises(SignInError) as caught:
            RestConnectors(way).version()
    assert getattr(caught.value, member) == "******"
    shown = f"{caught.value} {vars(caught.value)}"
    assert not [part for part in judge.api_calls[-1].headers["dpop"].split(".") if part in shown]


def test_a_private_key_is_read_once(judge, link_to, monkeypatch) -> None:
    """Not for each token; and one that is none is told each time."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    judge.clients["service"].key = public
    made: list[object] = []
    signer = oauth.Signer
    monkeypatch.setattr(oauth, "Signer", lambda proof: made.append(proof) or signer(proof))
    with opened(judge, link_to, ClientCredentials("service", PrivateKey(Secret(pem)), dpop=True)) as way:
        for _ in range(3):
            assert RestConnectors(way).version() == "7.1"
            judge.revoke()
    assert len(judge.grants) == 3
    assert len(made) == 1


def test_a_person_without_a_refresh_token(judge, link_to, person, tmp_path) -> None:
    store, turned = TokenStore("demo", tmp_path), Turned()
    entry = signed_in(judge, link_to, person, store)
    store.write(dataclasses.replace(entry, refresh_token=None, refresh_until=None))
    with opened(judge, link_to, person, store, now=turned) as way:
        assert RestConnectors(way).version() == "7.1"
        turned.ahead = 3600
        with pytest.raises(SignInError, match="gave no refresh token"):
            RestConnectors(way).version()


@pytest.mark.parametrize("fast", [600.0, -600.0])
def test_a_clock_that_is_off_by_ten_minutes(judge, link_to, service, fast: float) -> None:
    """The token answer tells the time, so that already the first proof carries the right one."""
    judge.fast = fast
    with opened(judge, link_to, dataclasses.replace(service, dpop=True)) as way:
        assert RestConnectors(way).version() == "7.1"
        judge.fast = -fast
        assert SoapConnectors(way).version() == "7.1"
    assert len(judge.grants) == 1


def test_a_late_answer_that_tells_the_time_of_before_is_no_end(judge, link_to, service) -> None:
    """Answers to other threads may come behind a newer one; of one server without end, five are enough."""
    with opened(judge, link_to, dataclasses.replace(service, dpop=True)) as way:
        assert RestConnectors(way).version() == "7.1"
        session = way.link.authorizer
        refused = {"WWW-Authenticate": 'DPoP error="invalid_dpop_proof"'}
        tried: list[Cure] = []
        for turn in range(6):
            sent = session.headers("GET", "https://profit.example/x")
            moved = email.utils.formatdate(time.time() + 3600 * (1 - turn % 2), usegmt=True)
            tried.append(session.answered(Reply(sent, 401, {**refused, "Date": moved}, b""), tried))
    assert tried == [Cure.CLOCK] * 5 + [Cure.NONE]


def test_twenty_threads_renew_once(judge, link_to, service) -> None:
    """At the start, at the end of a token, and when it is refused."""
    turned = Turned()
    with opened(judge, link_to, dataclasses.replace(service, dpop=True), now=turned) as way:
        for round_, before in enumerate((lambda: None, lambda: setattr(turned, "ahead", 3600), judge.revoke)):
            before()
            assert at_once(20, RestConnectors(way).version) == ["7.1"] * 20
            assert len(judge.grants) == round_ + 1


@pytest.mark.parametrize("who", ["service", "person"])
@pytest.mark.parametrize("cause", ["at the end of a token", "when it is refused"])
def test_threads_that_wait_for_a_renewal_that_fails_are_told_the_same(judge, link_to, request, who, cause: str) -> None:
    """And do not each try for themselves: the last would wait for all of them."""
    turned, credential, turn = Turned(), request.getfixturevalue(who), Turn()

    def until_all_wait(asked) -> None:
        until = time.monotonic() + 10
        while asked.path.endswith("/oauth/token") and len(turn.came) < 8 and time.monotonic() < until:
            time.sleep(0.01)

    with opened(judge, link_to, credential, now=turned) as way:
        if who == "person":
            signed_in(judge, link_to, credential, way.link.authorizer._rotation._store)
        RestConnectors(way).version()
        if cause == "when it is refused":
            judge.revoke()
        else:
            turned.ahead = 3600
        way.link.authorizer._renewal._lock = turn
        before = len(judge.token_calls)
        judge.hold = until_all_wait
        judge.only, judge.strange = "/oauth/token", [lambda _asked: (400, b'{"error":"invalid_client"}', [])] * 8
        told = at_once(8, RestConnectors(way).version)
        assert [type(problem) for problem in told] == [SignInError] * 8
        assert len({id(problem) for problem in told}) == 8
        assert len(judge.token_calls) == before + 1
        judge.strange, judge.hold = [], lambda _asked: None
        assert RestConnectors(way).version() == "7.1"


class Turn:
    """A lock that knows who came for it."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self.came.append(threading.current_thread().name)
        self._lock.acquire()

    def __exit__(self, *_how: object) -> None:
        self._lock.release()


def at_once(count: int, ask: Callable[[], object]) -> list[object]:
    """What as many threads were told that asked at the same moment: answers, or errors."""
    told: list[object] = []
    gate = threading.Barrier(count)

    def run() -> None:
        gate.wait()
        try:
            told.append(ask())
        except Exception as problem:  # noqa: BLE001 - the test looks at it
            told.append(problem)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_a_memory_store() -> None:
    store = MemoryStore()
    with store.locked():
        assert store.read() is None
