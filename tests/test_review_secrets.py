"""Nothing that client or emulator writes holds the token: not whole, not escaped or packed, and no 12 signs of it."""

from __future__ import annotations

import base64
import contextlib
import copy
import dataclasses
import functools
import hashlib
import html
import io
import itertools
import json
import logging
import pickle
import re
import traceback
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from afas_soap import ProfitClient
from afas_soap.emulator.http.app import Emulator
from afas_soap.emulator.http.faults import Faults, parse_faults
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.errors import AfasError, Busy, SettingsError
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import resolve
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.tracing.masking import Masker
from afas_soap.wire.tracing.trace import Trace

# Mixed case, and no run of digits that anything else holds.
DATA = "".join(
    digit.upper() if number % 3 else digit
    for number, digit in enumerate(hashlib.sha256(b"a token that means nothing to anybody").hexdigest())
)
TOKEN = AfasToken(DATA)
SEEN = 12
# All that the forms below are made of.
_RUN = re.compile("[a-z0-9+/=%&;<>]{12,}")


def forms(secret: str) -> Iterator[str]:
    """The secret as it may stand somewhere; of base64 the part that depends on nothing but the secret."""
    yield secret
    yield html.escape(secret)
    yield urllib.parse.quote(secret, safe="")
    for offset in range(3):
        packed = base64.b64encode(b"\0" * offset + secret.encode()).decode().rstrip("=")
        yield packed[2 * offset : -1]
        yield urllib.parse.quote(packed[2 * offset : -1], safe="")


WINDOWS = frozenset(
    form[start : start + SEEN].lower()
    for case in (DATA, DATA.lower(), DATA.upper())
    for form in forms(case)
    for start in range(len(form) - SEEN + 1)
)


def found(text: str) -> list[str]:
    """Every run of 12 signs of the token that stands in ``text``, with what stands in front of it."""
    starts = (run.start() + at for run in _RUN.finditer(text.lower()) for at in _hits(run[0]))
    return [text[max(0, start - 300) : start + SEEN] for start in starts]


# The same ones stand in thousands of lines.
@functools.cache
def _hits(run: str) -> list[int]:
    return [at for at in range(len(run) - SEEN + 1) if run[at : at + SEEN] in WINDOWS]


def test_the_search_finds_what_it_looks_for() -> None:
    for text in (DATA, DATA.lower()[20:32], TOKEN.xml(), TOKEN.header(), html.escape(TOKEN.xml())):
        assert found(f"before {text} behind")
    assert found(base64.b64encode(f"x{TOKEN.xml()}".encode()).decode())
    assert not found("before <token><version>1</version><data>" + DATA[:11])


def shown(error: BaseException, *, names: bool) -> str:
    """All that is commonly written of an error; with ``names`` by tools that write what local names stand for."""
    parts = [str(error), repr(error), f"{error}", repr(vars(error))]
    parts += traceback.TracebackException.from_exception(error, capture_locals=names).format()
    parts.append(repr(pickle.dumps(error)))
    return "\n".join(parts)


class Echo:
    """A server that repeats all it was sent, in every way an answer has room for."""

    ways = ("json", "fault", "fault in 200", "html", "redirect", "busy", "cut", "metainfo", "unread")

    def __init__(self) -> None:
        self.way = "json"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        sent = " ".join([environ.get("HTTP_AUTHORIZATION", ""), body])
        digits = f"{DATA} {DATA.lower()} {DATA.upper()}"
        all_of_it = f"{sent} {TOKEN.header()} {TOKEN.xml()} {digits} {urllib.parse.quote(TOKEN.header())}"
        status, headers, answer = getattr(self, "_" + self.way.replace(" ", "_"))(all_of_it)
        start_response(status, [*headers, ("X-Trace-Identifier", digits), ("Set-Cookie", f"token={DATA}")])
        return cast("Iterable[bytes]", answer)

    def _json(self, text: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        body = {"externalMessage": text, "errorNumber": 1, "profitLogReference": DATA}
        return "500 No", [("Content-Type", "application/json")], [json.dumps(body).encode()]

    def _fault(self, text: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        fault = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>x</faultcode>'
            f"<faultstring>{html.escape(text)}</faultstring></s:Fault></s:Body></s:Envelope>"
        )
        return "500 No", [("Content-Type", "text/xml")], [fault.encode()]

    def _fault_in_200(self, text: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        _, headers, answer = self._fault(text)
        return "200 OK", headers, answer

    def _html(self, text: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        return f"200 {DATA}", [("Content-Type", f"text/html; {DATA}")], [f"<html>{text}</html>".encode()]

    def _redirect(self, _: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        return "302 Found", [("Location", f"https://elders.example/{DATA}/?{DATA}#{DATA}")], [b""]

    def _busy(self, text: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        body = json.dumps({"error": {"code": "503", "message": text}, "retry_after": 0})
        return "503 Away", [("Content-Type", "application/json")], [body.encode()]

    def _cut(self, _: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        def pieces() -> Iterator[bytes]:
            yield b'{"skip":0,' + b" " * 70_000 + DATA[:40].encode()
            raise ConnectionAbortedError

        return "200 OK", [("Content-Type", "application/json, text/xml")], pieces()

    def _metainfo(self, text: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        body = json.dumps({"fields": text, "version": {"x": text}})
        return "200 OK", [("Content-Type", "application/json, text/xml")], [body.encode()]

    def _unread(self, text: str) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        return "200 OK", [("Content-Type", f"text/plain; {DATA}")], [text.encode() * 90]


QUESTIONS: tuple[Callable[[ProfitClient], object], ...] = (
    lambda profit: list(profit.rows("Profit_Debtor", take=3)),
    lambda profit: next(profit.rows("Profit_Debtor", order_by=["DebtorId"], page_size=3)),
    lambda profit: profit.get_data("Profit_Debtor", None, 0, 3),
    lambda profit: profit.fields("Profit_Debtor"),
    lambda profit: profit.version(),
    lambda profit: profit.connectors(),
    lambda profit: profit.schema("KnSubject"),
    lambda profit: profit.rows("Nergens", take=1).fields,
    lambda profit: profit.get_data("Profit_Debtor", "\x00", 0, 3),
    lambda profit: list(profit.rows("Profit_Debtor", where=((),), take=3)),
)

KINDS: dict[str, dict[str, object]] = {
    "soap": {"protocol": "soap"},
    "soap 1.2": {"protocol": "soap", "soap_version": "1.2"},
    "token in body": {"protocol": "soap", "token_in_body": True},
    "rest": {"protocol": "rest"},
}


@contextlib.contextmanager
def served(app: WSGIApplication) -> Iterator[dict[str, object]]:
    """The addresses of an app on a port."""
    with serve(app) as server:
        yield {"soap_url": server.soap_url, "rest_url": server.rest_url}


def asked(settings: dict[str, object], *, names: bool) -> str:
    """Everything asked, and what is written of every error and object on the way."""
    written: list[str] = []
    with ProfitClient.connect(**settings) as profit:
        assert profit.opened is not None
        written += map(
            repr, (profit, profit.settings, profit.opened, profit.opened.transport, profit.opened.transport.link)
        )
        for question in QUESTIONS:
            try:
                written.append(repr(question(profit)))
            except AfasError as error:
                written.append(shown(error, names=names))
    return "\n".join(written)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody logs."""
    for name in (None, "urllib3", "zeep", "requests", "afas_soap", "tenacity"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_written_holds_the_token(
    kind: str, log: pytest.LogCaptureFixture, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    trace = tmp_path / "trace"
    settings = {"token": TOKEN, "trace": trace, "retry_total": 1.0, "language": "nl-nl", **KINDS[kind]}
    written: list[str] = []
    echo = Echo()
    with served(echo) as addresses:
        for echo.way in Echo.ways:
            # Not what local names stand for: a piece of an answer, with whatever the answer repeats.
            written.append(asked({**settings, **addresses}, names=False))
    with Store() as store:
        right = (Faults(), (TOKEN,))
        faulty = (parse_faults(["500", "503:0", "html", "cut:200,times=3", "reset"]), (TOKEN,))
        wrong = (Faults(), (AfasToken("1" * 64),))
        for faults, tokens in (right, faulty, wrong):
            with served(Emulator(store, tokens=tokens, faults=faults)) as addresses:
                written.append(asked({**settings, **addresses}, names=True))
    written.append(log.text)
    written += [*capfd.readouterr(), trace.read_bytes().decode("utf-8", "replace")]
    assert "***" in written[-1]
    assert len(log.records) > 50
    # Most lines stand there many times.
    lines = set(itertools.chain.from_iterable(map(str.splitlines, written)))
    assert [run for line in lines for run in found(line)][:3] == []


def test_what_an_emulator_answers_holds_no_token() -> None:
    """Whoever knocks with a token, right or wrong, in the header or the body, never gets it back."""
    answers: list[str] = []
    app = Emulator(tokens=(TOKEN,))
    credentials = (TOKEN.header(), f"AfasToken {DATA}", f"Bearer {DATA}", DATA, f"AfasToken {TOKEN.xml()}", "")
    paths = (
        "/ProfitRestServices/metainfo",
        "/ProfitRestServices/profitversion",
        "/ProfitServices/appconnectorget.asmx",
    )
    bodies = (b"", html.escape(TOKEN.xml()).encode(), b"<" + TOKEN.xml().encode())

    def start(status: str, headers: list[tuple[str, str]], _: object = None, /) -> Callable[[bytes], object]:
        answers.append(f"{status} {headers}")
        return lambda _: None

    for credential, path, body in itertools.product(credentials, paths, bodies):
        environ = {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "text/xml",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_AUTHORIZATION": credential,
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        answers.append(b"".join(app(environ, start)).decode())
    app.close()
    assert not found("\n".join(answers))


@pytest.mark.parametrize("end", ["flush", "chunks"])
def test_a_secret_that_an_answer_breaks_off_in_is_masked(end: str) -> None:
    masker = Masker(TOKEN.secrets())
    for text in (DATA, DATA.lower(), TOKEN.xml(), TOKEN.header(), base64.b64encode(f"{DATA}x".encode()).decode()):
        for length in range(len(text)):
            stream = masker.stream()
            data = b"before " + text[:length].encode()
            pieces = [data] if end == "flush" else [data[at : at + 1] for at in range(len(data))]
            out = b"".join(map(stream.feed, pieces)) + stream.flush()
            assert not found(out.decode())
            assert out.startswith(b"before ")


def test_what_is_no_beginning_of_a_secret_stays() -> None:
    stream = Masker(TOKEN.secrets()).stream()
    text = b"an answer that ends like the token begins: " + DATA[:7].encode()
    assert stream.feed(text) + stream.flush() == text


def test_settings_show_and_give_away_no_token(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(DATA)
    file.chmod(0o600)
    for given in ({"token": DATA}, {"token_file": str(file)}):
        settings = resolve({"environment": "12345", **given}, {})
        parts = [repr(settings), str(dataclasses.asdict(settings)), str(settings.shown())]
        parts.append(repr(copy.deepcopy(settings)))
        parts += [repr(dataclasses.replace(settings, protocol="rest")), repr(settings.token), f"{settings.token!s:>80}"]
        assert not found("\n".join(parts))
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(settings)


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        ({"token": DATA}, {}),
        ({"token": DATA, "protocol": "nee"}, {}),
        ({"token": DATA + "0", "environment": "12345"}, {}),
        ({"environment": DATA}, {}),
        ({"integration_id": DATA, "environment": "12345", "token": DATA}, {}),
        ({"soap_url": f"https://{DATA}@elders.example", "token": DATA}, {}),
        ({"soap_url": f"https://elders.example/?{DATA}", "token": DATA}, {}),
        ({"ca_bundle": "/nergens", "environment": "12345", "token": DATA}, {}),
        ({}, {"AFAS_TOKEN": DATA}),
        ({}, {"AFAS_TOKEN": DATA, "AFAS_EMBEDDED": "misschien"}),
        ({}, {"AFAS_TOKEN": DATA + "x", "AFAS_ENVIRONMENT": "12345"}),
        ({}, {"AFAS_ENVIRONMENT": DATA}),
        ({}, {"AFAS_PROTOCOL": DATA, "AFAS_TOKEN": DATA, "AFAS_ENVIRONMENT": "12345"}),
    ],
)
def test_an_error_about_settings_repeats_no_token(arguments: dict[str, object], environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        resolve(arguments, environ)
    error = caught.value
    lines = "".join(traceback.format_exception(error))
    assert not found(f"{error!s} {error!r} {vars(error)!r} {lines} {pickle.dumps(error)!r}")


def test_what_is_said_before_asking_again_holds_no_token(log: pytest.LogCaptureFixture) -> None:
    echo = Echo()
    echo.way = "busy"
    with served(echo) as addresses:
        link = Link(
            str(addresses["soap_url"]),
            str(addresses["rest_url"]),
            "x",
            authorizer=ClassicAuthorizer(TOKEN),
            retry_total=5.0,
        )
        with Transport(link, PROFIT, sleep=lambda _: None) as transport, pytest.raises(Busy):
            transport.ask(Request(Accepts.JSON, "metainfo", None, f"{link.rest_url}/metainfo"))
    assert "asking again" in log.text
    assert not found(log.text)


def test_a_trace_that_fills_the_disk_gives_nothing_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request is written when its headers and body lie ready: what their names stand for must not show."""

    def full(*_: object) -> None:
        raise SettingsError("trace: the file cannot be written (no space left on device).")

    for settings in KINDS.values():
        with served(Echo()) as addresses:
            given = {**settings, **addresses, "token": TOKEN, "trace": tmp_path / "trace"}
            with ProfitClient.connect(**given) as profit:
                monkeypatch.setattr(Trace, "write", full)
                with pytest.raises(SettingsError) as caught:
                    profit.version()
                monkeypatch.undo()
        assert not found(shown(caught.value, names=True))


@pytest.mark.parametrize("wrong", [{}, {"environment": "x"}, {"protocol": "x"}, {"soap_url": "x"}, {"profile": "x"}])
def test_an_error_of_connect_gives_its_arguments_away_to_nobody(wrong: dict[str, object]) -> None:
    """Also not to what writes the local names of every frame."""
    with pytest.raises(SettingsError) as caught:
        ProfitClient.connect(token=DATA, **wrong)
    assert not found(shown(caught.value, names=True))


@pytest.mark.parametrize("place", ["127.0.0.1:1", "127.0.0.1:99999", "[nergens"])
def test_the_password_of_a_proxy_shows_nowhere(
    place: str, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://iemand:{DATA}@{place}")
    link = Link("https://elders.example/x", "https://elders.example/y", "x", trace=tmp_path / "trace", retry_total=0.0)
    with Transport(link, PROFIT) as transport, pytest.raises(AfasError) as caught:
        transport.ask(Request(Accepts.JSON, "metainfo", None, "https://elders.example/y/metainfo"))
    packed = base64.b64encode(f"iemand:{DATA}".encode()).decode()
    written = shown(caught.value, names=False) + log.text + (tmp_path / "trace").read_text()
    assert packed[:20] not in written
    assert not found(written)
