"""Nothing that is written about AFAS SB holds a secret of it: app token, identity token, access and refresh token, the
client's secret, code, verifier, state and read key; neither whole, nor escaped, nor twelve signs of it.

They are planted, or taken down in front of the emulator, which also sends them back in every way that a server may. The
token store is left out: they are kept there.
"""

from __future__ import annotations

import io
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.emulator.sb.signin.clients import SbClient
from afas_soap.errors import AfasError
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped
from afas_soap.sbclient import SBClient
from afas_soap.sbconnections import opened, scopes
from afas_soap.settings import Settings, resolve
from afas_soap.signin.login import Attempt
from afas_soap.smallbusiness.lists import Row, whole_list
from tests.signin.test_sb_signin import Desk, desk
from tests.signin.test_signin_secrets import pieces

__all__ = ["desk"]

SECRET = "klant&geheim:% +/zeer-geheim-0123456789"
APP_TOKEN = 'app-token&<"zeer geheim">-9876543210'
READ_KEY = "eyJhbGciOiJIUzI1NiJ9.eyJuYmYiOjE3MDAwMDAwMDB9.c2xldXRlbC12YW4tZWVuLWJlc3RhbmQ"
SENT = ("client_secret", "code", "code_verifier", "refresh_token", "apptoken")
GIVEN = ("access_token", "refresh_token", "identity_token")
HEADERS = ("HTTP_AUTHORIZATION", "HTTP_IDENTITYTOKEN")
ADMINISTRATIONS = shipped().operation("administrations", Verb.GET)


class Recorder:
    """Stands in front of an SB, takes down what is secret, and answers in its ``way`` where that is set."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.secrets: set[str] = {SECRET, APP_TOKEN, READ_KEY}
        self.way: Callable[[str], tuple[str, str, str]] | None = None
        self.asked = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked += 1
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["HTTP_ACCEPT_ENCODING"] = ""
        sent = self._sent(environ, body)
        if self.way is not None:
            status, media, content = self.way(sent)
            headers = [("Content-Type", media), ("Location", f"/elders?{sent.replace(chr(10), ' ')}")]
            start_response(status, [*headers, ("X-Trace-Identifier", sent.replace("\n", " "))])
            return [content.encode()]
        answer = b"".join(self._emulator(environ, self._heard(start_response)))
        self._given(answer)
        return [answer]

    def _sent(self, environ: WSGIEnvironment, body: bytes) -> str:
        text = body.decode()
        fields = json.loads(text) if "json" in environ.get("CONTENT_TYPE", "") and text else dict(parse_qsl(text))
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        self.secrets |= {value for name, value in fields.items() if name in SENT}
        self.secrets |= {value for name, value in {**query, **fields}.items() if name == "state"}
        headers = [environ[name].rpartition(" ")[2] for name in HEADERS if environ.get(name)]
        self.secrets |= set(headers)
        return "\n".join([text, *fields.values(), *headers])

    def _heard(self, start_response: StartResponse) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            query = dict(parse_qsl(urlsplit(dict(headers).get("Location", "")).query))
            self.secrets |= {query["code"]} if "code" in query else set()
            return start_response(status, headers, *more)

        return start

    def _given(self, answer: bytes) -> None:
        try:
            found = json.loads(answer)
        except ValueError:
            return
        if isinstance(found, dict):
            self.secrets |= {str(found[name]) for name in GIVEN if name in found}


WAYS: dict[str, Callable[[str], tuple[str, str, str]]] = {
    "oauth": lambda sent: ("400 No", "application/json", json.dumps({"error": sent, "error_description": sent})),
    "message": lambda sent: ("401 No", "application/json", json.dumps({"StatusCode": 401, "Message": sent})),
    "failed": lambda sent: ("400 No", "application/json", json.dumps({"result": "Failed", "errors": [sent]})),
    "away": lambda sent: ("503 Away", "text/html", f"<p>{sent}"),
    "redirect": lambda sent: ("302 Found", "text/html", sent),
    "html": lambda sent: ("200 OK", "text/html", f"<html>{sent}"),
    "no token": lambda sent: ("200 OK", "application/json", json.dumps({"token_type": "bearer", "nothing": sent})),
    "absent": lambda sent: ("404 Not Found", "application/json", json.dumps({"Message": sent})),
}


def below(error: BaseException) -> str:
    """A traceback with what names stand for, without the tests' own frames."""
    trace = error.__traceback__
    while trace is not None and "/tests/" in trace.tb_frame.f_code.co_filename:
        trace = trace.tb_next
    return "".join(
        traceback.TracebackException.from_exception(error.with_traceback(trace), capture_locals=True).format()
    )


def read(settings: Settings) -> tuple[Row, ...]:
    """The administrations, by calls of their own."""
    calls = opened(settings)
    with calls.transport:
        return whole_list(calls, ADMINISTRATIONS)


class Scene:
    """A machine, an SB behind a recorder, and everything that was written."""

    def __init__(self, desk: Desk, recorder: Recorder, port: int) -> None:
        self.desk = desk
        self.recorder = recorder
        self.base = f"http://127.0.0.1:{port}"
        self.trace = desk.folder / "trace.txt"
        self.written: list[str] = []

    def failing(self, act: Callable[[], object]) -> None:
        """An error of ours, in every form in which somebody may write it down."""
        with pytest.raises(AfasError) as caught:
            act()
        error = caught.value
        self.written += [below(error), str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error))]

    def settings(self, **more: Any) -> dict[str, Any]:
        """Those of the app token."""
        app = {"api": "sb", "environment": f"{self.base}/atlas", "auth": "app-token", "app_token": APP_TOKEN}
        return {**app, "scope": "atlas", "trace": self.trace, "retry_total": 0.0, **more}


@pytest.fixture
def scene(desk: Desk, caplog: pytest.LogCaptureFixture) -> Iterator[Scene]:
    for name in (None, "urllib3", "requests", "filelock", "afas_soap"):
        caplog.set_level(logging.DEBUG, name)
    clients, tokens = (SbClient("app", Secret(SECRET, "secret")),), (Secret(APP_TOKEN, "app token"),)
    emulator = Emulator(setup=Setup(sb=SbSetup(clients=clients, app_tokens=tokens)))
    recorder = Recorder(emulator)
    with serve(recorder) as server:  # type: ignore[arg-type]
        yield Scene(desk, recorder, server.port)
    emulator.close()


def check(scene: Scene, caplog: pytest.LogCaptureFixture, least: int) -> None:
    """No piece of what is secret in what was written; there was as much of it as expected."""
    files = [path for path in scene.desk.folder.rglob("*") if path.is_file() and "tokens" not in path.parts]
    kept = [path for path in files if path.name != "secret.txt"]
    everything = "\n".join([*scene.written, caplog.text, *(path.read_text("utf-8") for path in kept)])
    assert len(scene.recorder.secrets) >= least
    found = [
        piece
        for secret in scene.recorder.secrets
        for piece in pieces(secret)
        if len(piece) >= 12 and piece in everything
    ]
    assert found == []


@pytest.mark.no_cover
def test_of_a_person(scene: Scene, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """On the command line and in a program: taken on, refused in every way, renewed, signed in by hand."""
    desk = scene.desk
    options = ["--client-id", "app", "--client-secret-file", str(desk.secret_file(SECRET))]
    options += ["--redirect-uri", desk.redirect_uri, "--trace", str(scene.trace), "--retry-total", "0", "-v"]
    ran = desk.run("sb", "onboard", f"{scene.base}/admin", "--loopback", "--profile", "office", *options)
    assert ran.code == 0, ran.err
    for arguments in (("auth", "status"), ("settings",), ("doctor",), ("sb", "scopes", "-v")):
        ran = desk.run(*arguments, "--profile", "office")
        scene.written += [ran.out, ran.err]
    office = resolve({"profile": "office"}, {})
    scene.written += [repr(office), repr(office.credential), repr(office.shown())]
    for way in WAYS.values():
        calls = opened(office)
        signed: Any = calls.transport.link.authorizer
        with calls.transport as transport:
            scopes(office)
            scene.recorder.way = way
            scene.failing(lambda: whole_list(calls, ADMINISTRATIONS))  # noqa: B023
            attempt = Attempt(signed)
            scene.failing(lambda: attempt.pasted(Secret("http://127.0.0.1/?code=abc&state=elders")))  # noqa: B023
            query = Secret(f"code=een-lange-geheime-code&state={attempt._state.reveal()}")
            scene.failing(lambda: attempt.finish(query))  # noqa: B023
            scene.failing(lambda: signed.endpoint().by_refresh(Secret("een-heel-geheim-refresh-token")))  # noqa: B023
            scene.recorder.way = None
            parts = (attempt, signed, signed._renewal, transport, transport.link)
            scene.written += [repr(vars(part)) for part in parts]
            scene.written += [repr(signed.entry()), repr(signed.shown())]
    check(scene, caplog, 8)


@pytest.mark.no_cover
def test_of_an_app_token(scene: Scene, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """And of the identity token that comes without a scope."""
    given = scene.settings()
    for way in WAYS.values():
        settings = resolve(given, {})
        with opened(settings).transport as transport:
            scene.written += [repr(settings), repr(settings.credential), repr(vars(transport.link.authorizer))]
        assert scopes(settings)
        with SBClient.connect(**given) as sb:
            assert sb.scopes()
        scene.recorder.way = way
        scene.failing(lambda: scopes(settings))  # noqa: B023
        scene.failing(lambda: read(settings))  # noqa: B023
        scene.recorder.way = None
    scene.failing(lambda: SBClient.connect(**scene.settings(app_token=f"{APP_TOKEN}\n{APP_TOKEN}")))
    scene.failing(lambda: SBClient.connect(**scene.settings(token=APP_TOKEN)))
    printed = capfd.readouterr()
    scene.written += [printed.out, printed.err]
    check(scene, caplog, 5)


@pytest.mark.no_cover
def test_of_a_read_key(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """It stands in rows, and opens a file for a day: the trace has the rows without it."""
    calls = opened(resolve(scene.settings(), {}))
    row = {"Id": "x", "Blob": {"Id": "y", "ReadKey": READ_KEY, "FileName": "bon.pdf"}}
    with calls.transport:
        whole_list(calls, ADMINISTRATIONS)
        scene.recorder.way = lambda _sent: ("200 OK", "application/json", json.dumps([row] * 3))
        assert "readkey" not in scene.trace.read_text().lower()
        assert whole_list(calls, ADMINISTRATIONS)[0]["blob"] == row["Blob"]
    told = scene.trace.read_text()
    assert told.count('"ReadKey": "***"') == 3
    assert told.count("bon.pdf") == 3
    check(scene, caplog, 4)


def test_a_redirect_is_followed_with_no_secret(scene: Scene) -> None:
    """Neither that of a token request nor that of a call: what stands in Location is not asked."""
    calls = opened(resolve(scene.settings(), {}))
    with calls.transport:
        whole_list(calls, ADMINISTRATIONS)
        before = scene.recorder.asked
        scene.recorder.way = WAYS["redirect"]
        with pytest.raises(AfasError, match="redirect"):
            whole_list(calls, ADMINISTRATIONS)
        assert scene.recorder.asked == before + 1
    fresh = opened(resolve(scene.settings(), {}))
    with fresh.transport, pytest.raises(AfasError, match="redirect"):
        whole_list(fresh, ADMINISTRATIONS)
    assert scene.recorder.asked == before + 2


def test_the_trace_is_its_owners(scene: Scene) -> None:
    with opened(resolve(scene.settings(), {})).transport:
        assert Path(scene.trace).stat().st_mode & 0o77 == 0
