"""Nothing that client or emulator writes holds a secret of OAuth: not whole, not escaped or packed, no 12 signs of it.

Everything that is secret is taken down in front of the emulator. The token store is left out: they are kept there.
"""

from __future__ import annotations

import base64
import contextlib
import html
import io
import itertools
import json
import logging
import pickle
import secrets
import threading
import traceback
import webbrowser
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from afas_soap import ProfitClient
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.errors import AfasError
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import Attempt, Receiver, sign_in
from afas_soap.signin.store import TokenStore
from afas_soap.wire.http.authorizer import Signature
from afas_soap.wire.oauth.dpop import DpopKey

SEEN = 12
ROWS = ("service, secret", "service, key", "person, secret", "person, key", "public")
PROVING = ("client_secret", "client_assertion", "code", "code_verifier", "refresh_token")
"""The fields of a token request that are secret."""
RECORD = {"StId": 4, "Ds": "Offerte"}


class Recorder:
    """Stands between the port and the emulator, and takes down what is secret. ``way`` is how it answers instead, with
    all that it was sent; ``only`` is the path that it does so for."""

    ways = ("json", "invalid_token", "html", "html in 200", "json in 200", "fault", "redirect", "busy", "cut")

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self.secrets: dict[str, set[str]] = defaultdict(set)
        self.way = ""
        self.only = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        cookie = secrets.token_urlsafe(24)
        self._take_down(environ, body, cookie)
        if self.way and self.only in environ["PATH_INFO"]:
            return self._echo(environ, body, start_response)
        oauth = "/oauth/" in environ["PATH_INFO"]
        if oauth:
            # To be read here.
            environ["HTTP_ACCEPT_ENCODING"] = ""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            location = dict(headers).get("Location", "")
            self._note("code", dict(parse_qsl(urlsplit(location).query)).get("code"))
            return start_response(status, [*headers, ("Set-Cookie", f"session={cookie}; Secure")], *more)

        answer = self.emulator(environ, start)
        if not oauth:
            return answer
        content = b"".join(answer)
        with contextlib.suppress(ValueError):
            members = json.loads(content)
            for name in ("access_token", "refresh_token"):
                self._note(name, members.get(name))
        return [content]

    def _take_down(self, environ: WSGIEnvironment, body: bytes, cookie: str) -> None:
        self._note("cookie", cookie)
        self._note("authorization", environ.get("HTTP_AUTHORIZATION", "").rpartition(" ")[2])
        self._note("proof", environ.get("HTTP_DPOP"))
        if environ["PATH_INFO"].endswith("/oauth/token"):
            form = dict(parse_qsl(body.decode()))
            for name in PROVING:
                self._note(name, form.get(name))

    def _note(self, name: str, value: str | None) -> None:
        if value:
            self.secrets[name].add(value)

    def _echo(self, environ: WSGIEnvironment, body: bytes, start_response: StartResponse) -> Iterable[bytes]:
        headers = [environ.get(name, "") for name in ("HTTP_AUTHORIZATION", "HTTP_DPOP")]
        fields = [value for name, value in parse_qsl(body.decode()) if name in PROVING]
        sent = " ".join(
            [spelt for text in [*headers, *fields] for spelt in (text, quote(text, safe=""), _packed(text))]
            + [body.decode()]
        )
        # Headers hold no line ends and only signs of ASCII.
        line = quote(headers[0], safe="") + headers[1]
        text, page = ("Content-Type", "application/json"), ("Content-Type", "text/html")
        document = {"error": "invalid_client", "error_description": sent, "externalMessage": sent, "fields": sent}
        challenge = f'Bearer error="invalid_token", error_description="{line}"'
        pieces: Iterable[bytes]
        status, more, pieces = {
            "json": ("400 No", [text], [json.dumps(document).encode()]),
            "invalid_token": ("401 No", [text, ("WWW-Authenticate", challenge)], [b""]),
            "html": ("500 No", [page], [f"<html>{html.escape(sent)}</html>".encode()]),
            "html in 200": ("200 OK", [page], [f"<html>{sent}</html>".encode()]),
            "json in 200": ("200 OK", [text], [json.dumps(document).encode()]),
            "fault": ("500 No", [("Content-Type", "text/xml")], [_fault(sent)]),
            "redirect": ("302 Found", [("Location", f"https://elders.example/{line}?{line}")], [b""]),
            "busy": ("503 Away", [text], [json.dumps(document).encode()]),
            "cut": ("200 OK", [text], _cut(sent)),
        }[self.way]
        start_response(status, [*more, ("X-Trace-Identifier", line), ("DPoP-Nonce", "another")])
        return pieces


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _fault(text: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>x</faultcode>'
        f"<faultstring>{html.escape(text)}</faultstring></s:Fault></s:Body></s:Envelope>"
    ).encode()


def _cut(text: str) -> Iterator[bytes]:
    yield b'{"skip":0,' + text.encode()
    raise ConnectionAbortedError


def forms(secret: str) -> Iterator[str]:
    """A secret as it may stand somewhere; of base64 the part that depends on nothing but the secret."""
    yield secret
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1].replace("/", "\\/")
    for offset in range(3):
        for pack in (base64.b64encode, base64.urlsafe_b64encode):
            packed = pack(b"\0" * offset + secret.encode()).decode().rstrip("=")
            yield packed[2 * offset : -1]
            yield quote(packed[2 * offset : -1], safe="")


def windows(all_secrets: Iterable[str]) -> frozenset[str]:
    """Every run of 12 signs of every form, in lower case."""
    texts = {form.lower() for secret in all_secrets for form in forms(secret)}
    return frozenset(text[at : at + SEEN] for text in texts for at in range(len(text) - SEEN + 1))


def leaks(written: Iterable[str], seen: frozenset[str]) -> list[str]:
    """The lines that hold one, from a little before it."""
    # Most lines stand there many times.
    lines = set(itertools.chain.from_iterable(map(str.splitlines, written)))
    found = []
    for line in lines:
        lowered = line.lower()
        hit = next((at for at in range(len(lowered) - SEEN + 1) if lowered[at : at + SEEN] in seen), None)
        if hit is not None:
            found.append(line[max(0, hit - 200) : hit + SEEN])
    return found


def test_the_search_finds_what_it_looks_for(sites: ModuleType) -> None:
    """In each of the forms, and 12 signs of each; and no fewer."""
    secret = sites.SECRET
    seen = windows([secret])
    others = (html.escape(secret), quote(secret), quote_plus(secret), json.dumps({"x": secret}), _packed(f"a:{secret}"))
    for text in (secret, secret.upper(), *others, repr(pickle.dumps(secret[:20])), secret[20:32]):
        assert leaks([f"line\nbefore {text} behind"], seen)
    assert not leaks(["before " + secret[:11] + " behind"], seen)


def shown(error: BaseException, *, names: bool) -> str:
    """All that is commonly written of an error; with ``names`` by tools that write what local names stand for."""
    parts = [str(error), repr(error), repr(vars(error))]
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        # The names of this file stand for secrets on purpose.
        trace = trace.tb_next
    parts += traceback.TracebackException(type(error), error, trace, capture_locals=names).format()
    return "\n".join([*parts, *_pickled(error)])


def _pickled(thing: object) -> Iterator[str]:
    """What lies in a pickle, if it can be pickled at all."""
    with contextlib.suppress(Exception):
        yield pickle.dumps(thing).decode("latin-1")


def described(*things: object) -> Iterator[str]:
    """Whatever is written of things that hold secrets."""
    for thing in things:
        yield from (repr(thing), f"{thing}", *_pickled(thing))
        # Those two are what stands round a secret.
        if not isinstance(thing, DpopKey | Signature):
            yield repr(getattr(thing, "__dict__", ""))


class Browsing:
    """Keeps what the browser of the test logs out of what the client does."""

    def __init__(self) -> None:
        self._now = threading.Event()

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a line of the browser's."""
        return not (self._now.is_set() and record.name.startswith("urllib3"))

    def browser(self, browse: Callable[[str], str]) -> Callable[[str], str]:
        """The same browser, silent."""

        def silent(url: str) -> str:
            self._now.set()
            try:
                return browse(url)
            finally:
                self._now.clear()

        return silent


@pytest.fixture
def browsing() -> Browsing:
    """Who browses."""
    return Browsing()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, browsing: Browsing) -> pytest.LogCaptureFixture:
    """Everything that anybody logs."""
    for name in (None, "urllib3", "zeep", "requests", "afas_soap", "filelock", "cheroot"):
        caplog.set_level(logging.DEBUG, name)
    caplog.handler.addFilter(browsing)
    return caplog


def questions(profit: ProfitClient, *, names: bool) -> Iterator[str]:
    """What is written of answers and errors to a read, a write and a few more."""
    asked: tuple[Callable[[], object], ...] = (
        lambda: list(profit.rows("Profit_Debtor", take=2)),
        lambda: profit.insert("KnSubject", RECORD),
        lambda: profit.fields("Profit_Debtor"),
        lambda: profit.version(),
        lambda: profit.rows("Nergens", take=1).fields,
    )
    for ask in asked:
        try:
            yield repr(ask())
        except AfasError as error:
            yield shown(error, names=names)


def all_secrets(recorder: Recorder, sites: ModuleType, files: Path) -> set[str]:
    """Everything that was secret in a run; of a key the lines of its base64."""
    found = {value for values in recorder.secrets.values() for value in values}
    found |= {sites.SECRET, sites.OLD_SECRET}
    pems = [(files / "client-key.pem").read_text()]
    pems += [sites.pem_of(client_id) for client_id in ("service-key", "service-rsa", "person-key")]
    for pem in pems:
        found.update(line for line in pem.splitlines() if line and " " not in line)
    entry = TokenStore("demo").read()
    if entry is not None and entry.dpop_key is not None:
        found.add(json.loads(entry.dpop_key.reveal())["d"])
    return {secret for secret in found if len(secret) >= SEEN}


def files_written(folder: Path, but: Iterable[Path]) -> Iterator[str]:
    """The content of every file that was written, and its name."""
    left_out = set(but)
    for path in folder.rglob("*"):
        yield str(path)
        if path.is_file() and path not in left_out and not left_out & set(path.parents):
            yield path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("row", "more"),
    [*((row, {}) for row in ROWS), ("service, key", {"client_id": "service-rsa"})],
    ids=[*ROWS, "service, RSA key"],
)
def test_the_library(site_of, sites, tmp_path, log, capfd, browsing, row: str, more: dict[str, str]) -> None:
    """With DPoP and mTLS, over both protocols: what works, what breaks, and a server that repeats all it is sent."""
    recorders: list[Recorder] = []

    def wrapped(emulator: Any) -> Recorder:
        recorders.append(Recorder(emulator))
        return recorders[0]

    site = site_of(mtls=True, wrapped=wrapped)
    site.profile(row, dpop=True, trace=str(tmp_path / "trace"), retry_total=0.0, **more)
    recorder, written = recorders[0], list[str]()
    for protocol in ("soap", "rest"):
        with ProfitClient.connect(profile="demo", protocol=protocol) as profit:
            assert profit.opened is not None
            transport = profit.opened.transport
            session = transport.link.authorizer
            assert isinstance(session, SignedIn)
            if sites.is_person(row):
                written += logged_in(site, session, browsing)
            written += questions(profit, names=True)
            written += described(profit, profit.settings, profit.opened, transport, transport.link, session)
            written += described(
                session.entry(), session.credential, session.endpoint(None), session._rotation.keys.newest
            )
            written += described(session._renewal, session._rotation, session._rotation.keys)
            written += described(session.headers("GET", site.server.rest_url), session.shown())
            site.emulator.authorization.tokens.withdraw()
            written += questions(profit, names=True)
            for fault in ("500", "reset") if protocol == "rest" else ("503:0", "html", "cut:20"):
                for _ in range(2):
                    site.emulator.faults.add(parse_fault(fault))
                written += itertools.islice(questions(profit, names=True), 2)
            # Half of the ways over each protocol: they are many.
            ways = itertools.product(("/oauth/token", ""), Recorder.ways)
            for recorder.only, recorder.way in itertools.islice(ways, protocol == "rest", None, 2):
                site.emulator.authorization.tokens.withdraw()
                with contextlib.suppress(AfasError):
                    # As if it had never been there, so that a token is asked for.
                    session._renewal._entry = None
                written += itertools.islice(questions(profit, names=False), 2)
            recorder.way = ""
    written += described(site.emulator.authorization, site.emulator.authorization.tokens, site.emulator)
    written += [*capfd.readouterr(), log.text]
    assert "***" in (tmp_path / "trace").read_text()
    assert len(log.records) > 50
    kept = TokenStore("demo").path
    written += files_written(tmp_path, [kept, site.files, tmp_path / "client-secret", tmp_path / "key.pem"])
    expected = {"access_token", "authorization", "proof", "cookie"}
    expected |= {"code", "code_verifier", "refresh_token"} if sites.is_person(row) else set()
    expected |= {"client_secret"} if row.endswith("secret") else set()
    expected |= {"client_assertion"} if row.endswith("key") else set()
    assert set(recorder.secrets) == expected
    assert leaks(written, windows(all_secrets(recorder, sites, site.files)))[:3] == []


def logged_in(site: Any, session: SignedIn, browsing: Browsing) -> Iterator[str]:
    """A person who logs in, and what goes wrong there: a code that is used twice, and a state that is another's."""
    browse = browsing.browser(site.browser(follow=False))
    attempt = Attempt(session)
    ended_at = browse(attempt.url)
    for wrong in (f"{ended_at}x", "elsewhere", ended_at.replace("/back/", "/other/")):
        with pytest.raises(AfasError) as caught:
            attempt.pasted(Secret(wrong))
        yield shown(caught.value, names=True)
    yield from described(attempt, attempt._verifier, attempt._endpoint, attempt._key, attempt.pasted(Secret(ended_at)))
    with pytest.raises(AfasError) as caught:
        attempt.pasted(Secret(ended_at))
    yield shown(caught.value, names=True)
    yield repr(sign_in(session, browsing.browser(site.browser()), patience=20))
    with Receiver(site.redirect_uri) as receiver:
        yield from described(receiver)


@pytest.mark.parametrize("row", ["service, secret", "public"])
def test_the_commands(site_of, sites, run, tmp_path, log, browsing, monkeypatch, row: str) -> None:
    """What the commands print, trace, keep and journal; ``auth token`` alone prints a token, for it is asked to."""
    recorders: list[Recorder] = []

    def wrapped(emulator: Any) -> Recorder:
        recorders.append(Recorder(emulator))
        return recorders[0]

    site = site_of(mtls=True, wrapped=wrapped)
    site.profile(row, trace=str(tmp_path / "trace"))
    monkeypatch.setenv("AFAS_PROFILE", "demo")
    monkeypatch.setattr(webbrowser, "open", browsing.browser(site.browser()))
    (tmp_path / "one.json").write_text(json.dumps(RECORD))
    (tmp_path / "many.jsonl").write_text("\n".join([json.dumps(RECORD)] * 2))
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("auth", "login"),
        ("get", "Profit_Debtor", "--take", "2", "-v"),
        ("get", "Profit_Debtor", "--take", "2", "-v", "--protocol", "soap"),
        ("insert", "KnSubject", tmp_path / "one.json", "-v"),
        ("insert", "KnSubject", tmp_path / "one.json", "--dry-run"),
        ("insert", "KnSubject", tmp_path / "many.jsonl", "--journal", tmp_path / "journal", "-v"),
        ("auth", "status"),
        ("auth", "status", "--format", "json"),
        ("settings",),
        ("doctor",),
        ("profile", "show", "demo"),
        ("get", "Nergens", "-v"),
    )
    written: list[str] = []
    for command in commands:
        ran = run(*command)
        assert ran.code in (0, 2, 3, 4, 5, 1), (command, ran.err)
        written += [ran.out, ran.err]
    for recorder in recorders:
        for recorder.only, recorder.way in itertools.product(("/oauth/token", ""), ("json", "html in 200", "redirect")):
            site.emulator.authorization.tokens.withdraw()
            for command in (commands[1], commands[3]):
                ran = run(*command)
                written += [ran.out, ran.err]
        recorder.way = ""
    secret = all_secrets(recorders[0], sites, site.files)
    ran = run("auth", "token") if row == "service, secret" else None
    if ran is not None:
        assert ran.code == 0
        assert ran.out.strip() in recorders[0].secrets["access_token"]
        written.append(ran.err)
    written.append(log.text)
    assert (tmp_path / "journal").exists()
    kept = TokenStore("demo").path
    written += files_written(tmp_path, [kept, site.files, tmp_path / "client-secret"])
    assert leaks(written, windows(secret))[:3] == []
    assert run("auth", "logout").code == 0
    assert not kept.exists()


@pytest.mark.parametrize("option", ["--client-secret", "--private-key", "--client-key", "--token"])
def test_a_secret_on_the_command_line_is_refused(run, sites: ModuleType, option: str) -> None:
    """It stands in the list of processes then, so it is not used, and not repeated."""
    for arguments in (
        ("get", "Profit_Debtor", option, sites.SECRET),
        ("get", "Profit_Debtor", f"{option}={sites.SECRET}"),
    ):
        ran = run(*arguments)
        assert ran.code == 2
        assert f"{option} is no option" in ran.err
        assert not leaks([ran.out, ran.err], windows([sites.SECRET]))
