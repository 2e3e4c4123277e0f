"""A batch that signs in with OAuth: whatever happens to tokens, secrets and their store while it runs, each record is
booked once, and the journal says of none that it was not sent when it may have been.

On real ports, over TLS where that matters; bookings are counted by what the GetConnectors show.
"""

from __future__ import annotations

import collections
import io
import json
import os
import secrets
import signal
import subprocess
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from afas_soap.emulator.http.app import Emulator
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.store import Store
from afas_soap.errors import SignInError
from afas_soap.profit.questions.query import Condition, Operator, Query
from afas_soap.signin.store import TokenStore

RECORDS = 10
LOOKUP = ("--lookup", "Profit_Subjects:Subject=Ds", "--settle", "0")


@pytest.fixture(scope="session")
def sites(module_of: Callable[[str], ModuleType]) -> ModuleType:
    """The module of the environment on a TLS port, and of the machine in front of it."""
    return module_of("signin/site.py")


class Between:
    """Between the port and the emulator: counts the writes as they arrive, and does something at the Nth of them."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._lock = threading.Lock()
        self.writes = 0
        self.at: dict[int, Callable[[], object]] = {}
        """What happens when the Nth write arrives, before it is looked at."""
        self.at_token: Callable[[], object] = lambda: None
        """Called when a token is asked for, before it is given."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        path = environ["PATH_INFO"].lower()
        # Wholly, so that nothing that happens here keeps its rest from arriving.
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        if path.endswith("/oauth/token"):
            self.at_token()
        elif path.endswith(("/appconnectorupdate.asmx", "/connectors/knsubject")):
            with self._lock:
                self.writes += 1
                self.at.pop(self.writes, lambda: None)()
        return self._emulator(environ, start_response)

    def wake(self) -> None:
        self._emulator.wake()


class Place:
    """An environment, a machine whose user has the profile ``demo``, and a batch of records."""

    def __init__(
        self, site: Any, between: Between, run: Any, *, python: list[str], store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.site, self.between, self.run, self._store, self.folder = site, between, run, store, site.folder
        self._python, self._monkeypatch = python, monkeypatch
        self.mark = secrets.token_hex(6)
        self.subjects = [f"{self.mark} {number}" for number in range(RECORDS)]
        self.write("records", self.subjects)

    def write(self, name: str, subjects: list[str]) -> None:
        lines = [{"KnSubject": {"Element": {"Fields": {"StId": 4, "Ds": subject}}}} for subject in subjects]
        (self.folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    def arguments(self, *options: str, name: str = "records") -> list[str]:
        files = [str(self.folder / f"{name}.jsonl"), "--journal", str(self.folder / f"{name}.journal")]
        return ["insert", "KnSubject", *files, "--no-check", *options]

    def batch(self, *options: str, name: str = "records") -> Any:
        return self.run(*self.arguments(*options, name=name))

    def started(self, *options: str, name: str = "records") -> subprocess.Popen[str]:
        """The same in a process of its own."""
        command = [*self._python, "-m", "afas_soap", *self.arguments(*options, name=name)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)

    def login(self) -> None:
        ran = self.run("auth", "login")
        assert ran.code == 0, ran.err

    def forget(self) -> None:
        """No token is kept any more."""
        assert self.run("auth", "logout").code == 0

    def settles_at_once(self) -> None:
        """What was sent had its time."""
        self._monkeypatch.setattr("afas_soap.cli.write.records.LATEST", 0.0)

    def waits_for(self, what: Callable[[], bool]) -> None:
        until = time.monotonic() + 30.0
        while not what():
            assert time.monotonic() < until
            time.sleep(0.01)

    def holds_tokens(self, *, from_write: int = 0) -> tuple[threading.Event, threading.Event]:
        """From a write on tokens are not given: set when one is asked for, and to be set when they are given again."""
        asked, over = threading.Event(), threading.Event()

        def hold() -> None:
            if self.between.writes >= from_write:
                asked.set()
                over.wait(60)

        self.between.at_token = hold
        return asked, over

    def booked(self) -> collections.Counter[str]:
        ours = ((Condition("Subject", Operator.STARTS_WITH, self.mark),),)
        with self._store.rows("Profit_Subjects", Query(ours)) as rows:
            return collections.Counter(str(row["Subject"]) for row in rows)

    def journal(self, name: str = "records") -> dict[int, str]:
        """The last word of the journal on each record."""
        lines = (self.folder / f"{name}.journal").read_text().splitlines()[1:]
        return {entry["position"]: entry["what"] for entry in map(json.loads, lines)}

    def withdraw(self) -> None:
        self.site.emulator.authorization.tokens.withdraw()

    def goes_wrong(self, fault: str) -> None:
        self.site.emulator.faults.add(parse_fault(fault))

    def all_is_well(self) -> None:
        self.site.emulator.faults._waiting.clear()

    def is_done(self) -> bool:
        return self.booked() == collections.Counter(self.subjects)


PlaceOf = Callable[..., Place]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store() as store:
        yield store


@pytest.fixture
def place_of(
    sites: ModuleType,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    warm: list[str],
) -> Iterator[PlaceOf]:
    """Makes places, signed in where a row of AFAS' table is a person's."""
    made: list[Any] = []

    def make(row: str, *, mtls: bool = False, nonce: str = "400", **settings: object) -> Place:
        found: list[Between] = []

        def wrapped(emulator: Emulator) -> Between:
            found.append(Between(emulator))
            return found[0]

        site = sites.Site(tmp_path, store, mtls=mtls, nonce=nonce, wrapped=wrapped)
        made.append(site)
        site.profile(row, **settings)
        monkeypatch.setenv("AFAS_PROFILE", "demo")
        monkeypatch.setattr(webbrowser, "open", site.browser())
        place = Place(site, found[0], sites.runner(capfd), python=warm, store=store, monkeypatch=monkeypatch)
        if sites.is_person(row):
            place.login()
        return place

    yield make
    for site in made:
        site.close()


FIRST = {"service, secret": 1, "service, key": 1}
RENEWAL = {"service, secret": "client_credentials", "service, key": "client_credentials"}
STOPPED = {"done", "notsent"}


def ended(place: Place, how: str) -> None:
    place.withdraw() if how == "withdrawn" else place.site.clock.turn(3700.0)


@pytest.mark.parametrize(
    ("row", "how", "parallel", "settings"),
    [
        ("service, secret", "ended", "1", {"protocol": "soap"}),
        ("service, key", "withdrawn", "5", {"protocol": "rest", "dpop": True, "mtls": True}),
        ("person, secret", "withdrawn", "5", {"protocol": "rest", "nonce": "off"}),
        ("person, key", "ended", "5", {"protocol": "soap", "dpop": True, "nonce": "401"}),
        ("public", "withdrawn", "1", {"protocol": "soap", "mtls": True}),
    ],
)
def test_a_token_that_ends_is_renewed_once(
    place_of: PlaceOf, row: str, how: str, parallel: str, settings: dict[str, Any]
) -> None:
    """Five calls may meet it at once, in the middle of a batch; none of them is lost, and none is sent twice."""
    place = place_of(row, **settings)
    place.between.at[5] = lambda: ended(place, how)
    ran = place.batch("--parallel", parallel)
    assert (ran.code, json.loads(ran.out)["done"]) == (0, RECORDS), ran.err
    assert place.is_done()
    assert set(place.journal().values()) == {"done"}
    assert place.site.granted[RENEWAL.get(row, "refresh_token")] == FIRST.get(row, 0) + 1


@pytest.mark.parametrize(
    ("row", "fault", "parallel", "lost"),
    [
        ("service, secret", "slow:0.4", "1", False),
        ("service, secret", "html", "5", False),
        ("person, secret", "503:in=neither", "1", False),
        ("public", "reset", "1", False),
        ("public", "cut:10", "5", True),
    ],
)
def test_a_token_endpoint_that_is_away_stops_the_batch(
    place_of: PlaceOf, row: str, fault: str, parallel: str, lost: bool
) -> None:
    """Nothing is uncertain. When it is back the batch goes on; a refresh token that arrived there is gone with its
    answer, and the person signs in once more."""
    place = place_of(row, protocol="rest", read_timeout=0.3)

    def away() -> None:
        place.withdraw()
        place.goes_wrong(f"{fault},path=oauth/token,times={9 if parallel == '5' else 1}")

    place.between.at[5] = away
    ran = place.batch("--parallel", parallel)
    assert ran.code in (3, 6), ran
    assert json.loads(ran.out)["uncertain"] == []
    assert set(place.journal().values()) == STOPPED
    place.all_is_well()
    ran = place.batch("--parallel", parallel)
    if lost:
        assert ran.code == 3
        assert "afas auth login" in ran.err
        place.login()
        ran = place.batch("--parallel", parallel)
    assert (ran.code, ran.err) == (0, "")
    assert place.is_done()


def test_with_time_to_repeat_an_endpoint_that_says_when_it_is_back_is_waited_for(place_of: PlaceOf) -> None:
    place = place_of("public")

    def away() -> None:
        place.withdraw()
        place.goes_wrong("503:retry=1,path=oauth/token")

    place.between.at[5] = away
    assert place.batch("--parallel", "5", "--retry-total", "30").code == 0
    assert place.is_done()
    assert place.site.granted == {"authorization_code": 1, "refresh_token": 1}


def test_a_secret_that_ends_stops_the_batch_until_there_is_another_one(sites: ModuleType, place_of: PlaceOf) -> None:
    place = place_of("service, secret", client_id="ending")
    place.site.secret_file("client-secret", sites.OLD_SECRET)
    place.between.at[5] = lambda: place.site.clock.turn(3700.0)
    ran = place.batch("--parallel", "5")
    assert (ran.code, "invalid_client" in ran.err) == (3, True)
    assert set(place.journal().values()) == STOPPED
    before = place.journal()
    place.forget()
    assert place.batch("--parallel", "5").code == 3
    assert place.journal() == before, "without a token nothing is said to be on its way"
    place.site.secret_file("client-secret", sites.SECRET)
    assert place.batch("--parallel", "5").code == 0
    assert place.is_done()


@pytest.mark.parametrize(("row", "parallel"), [("person, key", "5")])
def test_a_chain_that_ends_stops_the_batch_until_somebody_signs_in(place_of: PlaceOf, row: str, parallel: str) -> None:
    place = place_of(row, protocol="soap")
    place.between.at[5] = lambda: place.site.clock.turn(31 * 86400.0)
    ran = place.batch("--parallel", parallel)
    assert (ran.code, "afas auth login" in ran.err) == (3, True)
    assert set(place.journal().values()) == STOPPED
    place.login()
    assert place.batch("--parallel", parallel).code == 0
    assert place.is_done()


@pytest.mark.parametrize(("protocol", "nonce"), [("soap", "401"), ("rest", "400")])
def test_nonces_that_change_at_once_stop_nothing(place_of: PlaceOf, protocol: str, nonce: str) -> None:
    """The one before is not taken any more, either: a call may meet that several times."""
    place = place_of("service, key", dpop=True, nonce=nonce, protocol=protocol)
    nonces = place.site.emulator.authorization.resource_server.proofs.nonces
    for number in (2, 7, 12, 17):
        place.between.at[number] = lambda: setattr(nonces, "_key", secrets.token_bytes(32))
    ran = place.batch("--parallel", "5")
    assert (ran.code, ran.err) == (0, "")
    assert place.between.writes > RECORDS
    assert place.is_done()
    assert place.site.granted == {"client_credentials": 1}


def test_a_clock_that_is_put_right_stops_nothing(place_of: PlaceOf) -> None:
    place = place_of("public", nonce="401")
    place.between.at = {5: lambda: place.site.clock.turn(7200.0), 10: lambda: place.site.clock.turn(-7200.0)}
    assert place.batch().code == 0
    assert place.is_done()


@pytest.mark.parametrize(
    ("protocol", "fault"),
    [("soap", "reset:done=yes"), ("rest", "503:in=neither"), ("rest", "html")],
)
def test_a_break_of_a_repetition_is_uncertain_and_not_repeated(place_of: PlaceOf, protocol: str, fault: str) -> None:
    """The first attempt was not accepted; what became of the second nobody knows, however much time there is."""
    place = place_of("service, key", dpop=True, protocol=protocol)
    path = "update" if protocol == "soap" else "subject"
    place.between.at = {5: place.withdraw, 6: lambda: place.goes_wrong(f"{fault},path={path}")}
    ran = place.batch("--retry-total", "30")
    assert (ran.code, json.loads(ran.out)["uncertain"], place.between.writes) == (8, [5], 6)
    assert place.journal()[4] == "uncertain"
    place.settles_at_once()
    assert place.batch(*LOOKUP).code == 0
    assert place.is_done()


def test_what_broke_off_stays_uncertain_when_there_is_no_token_any_more(place_of: PlaceOf) -> None:
    """No token is got for it: it is not sent again. The others were not sent."""
    place = place_of("service, key", dpop=True)

    def broken() -> None:
        place.withdraw()
        place.goes_wrong("reset:done=yes,path=subject")
        place.goes_wrong("503:in=neither,path=oauth/token,times=99")

    place.between.at[5] = broken
    ran = place.batch("--retry-total", "1", "--parallel", "5")
    assert (ran.code, len(json.loads(ran.out)["uncertain"])) == (8, 1)
    assert list(place.journal().values()).count("uncertain") == 1
    place.all_is_well()
    place.settles_at_once()
    assert place.batch(*LOOKUP).code == 0
    assert place.is_done()


@pytest.mark.parametrize(
    ("row", "parallel", "how"), [("service, secret", "1", "unwritable"), ("public", "5", "damaged")]
)
def test_a_token_store_that_cannot_be_used_stops_the_batch(
    place_of: PlaceOf, row: str, parallel: str, how: str
) -> None:
    place = place_of(row)
    path = TokenStore("demo").path
    beside = Path(f"{path}.new")

    def spoil() -> None:
        place.withdraw()
        path.write_text("{") if how == "damaged" else beside.mkdir()

    place.between.at[5] = spoil
    ran = place.batch("--parallel", parallel)
    assert ran.code == 2
    assert ("sign in again" if how == "damaged" else "cannot be written") in ran.err
    assert set(place.journal().values()) == STOPPED
    if how == "unwritable":
        beside.rmdir()
    else:
        place.forget()
        if row == "public":
            place.login()
    assert place.batch("--parallel", parallel).code == 0
    assert place.is_done()


def test_a_client_certificate_that_ends_stops_the_batch(place_of: PlaceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lasting:
        over = False

        def check(self, _now: object) -> None:
            if self.over:
                raise SignInError("The client certificate ran out.")

    lasting = Lasting()
    monkeypatch.setattr("afas_soap.wire.http.session._lasting", lambda _shown: lasting)
    place = place_of("service, key", mtls=True)
    place.between.at[5] = lambda: setattr(lasting, "over", True)
    ran = place.batch("--parallel", "5")
    assert (ran.code, "certificate ran out" in ran.err) == (3, True)
    assert set(place.journal().values()) == STOPPED
    lasting.over = False
    assert place.batch().code == 0
    assert place.is_done()


def test_two_batches_of_one_profile_renew_once(place_of: PlaceOf) -> None:
    place = place_of("public")
    other = [f"{place.mark} other {number}" for number in range(RECORDS)]
    place.write("other", other)
    assert place.run("version", "--protocol", "rest").code == 0
    place.between.at[8] = place.withdraw
    processes = [place.started("--parallel", "5", name=name) for name in ("records", "other")]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in processes] == [("", 0)] * 2
    assert place.booked() == collections.Counter(place.subjects + other)
    assert sum(place.site.granted.values()) == 2


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("row", "parallel", "number"),
    [
        ("public", "1", signal.SIGTERM),
        ("service, key", "5", signal.SIGINT),
    ],
)
def test_a_process_that_is_ended_while_a_refused_token_is_renewed(
    place_of: PlaceOf, row: str, parallel: str, number: signal.Signals
) -> None:
    """It ends at once, whoever waits. A chain is lost then, and the next run says so before it sends anything."""
    place = place_of(row)
    asked, over = place.holds_tokens(from_write=5)
    place.between.at[5] = place.withdraw
    process = place.started("--parallel", parallel)
    assert asked.wait(30)
    process.send_signal(number)
    process.communicate(timeout=30)
    over.set()
    assert process.returncode == 128 + number
    assert set(place.journal().values()) == {"done", "sending"}
    assert place.batch().code == 8, "a call that was under way is uncertain"
    place.settles_at_once()
    place.waits_for(lambda: row != "public" or place.site.granted.get("refresh_token") == 1)
    ran = place.batch(*LOOKUP)
    if row == "public":
        assert (ran.code, "half-way" in ran.err, "afas auth login" in ran.err) == (3, True, True)
        place.login()
        ran = place.batch(*LOOKUP)
    assert (ran.code, ran.err) == (0, "")
    assert place.is_done()


def test_a_process_that_is_ended_while_its_first_token_is_got_leaves_nothing_uncertain(place_of: PlaceOf) -> None:
    """Nothing is said to be on its way before there is a token to send it with."""
    place = place_of("service, key")
    asked, over = place.holds_tokens()
    process = place.started()
    assert asked.wait(30)
    process.terminate()
    process.communicate(timeout=30)
    over.set()
    assert (process.returncode, place.journal()) == (143, {})
    assert place.batch().code == 0
    assert place.is_done()


def test_the_time_to_settle_reaches_to_a_repetition(place_of: PlaceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A renewal takes its time, so that the call goes out later than the journal says; Profit still works on it when
    the time after the first attempt is over. To send it again would book it twice."""
    monkeypatch.setattr("afas_soap.cli.write.records.LATEST", 2.5)
    place = place_of("service, key")
    arrived = threading.Event()

    def work() -> None:
        arrived.set()
        time.sleep(0.6)

    place.between.at_token = lambda: time.sleep(0.6) if place.between.writes else None
    place.between.at = {5: place.withdraw, 6: work}
    process = place.started()
    assert arrived.wait(30)
    process.kill()
    process.communicate()
    ran = place.batch(*LOOKUP[:-1], "0.6")
    assert (ran.code, json.loads(ran.out)["found"]) == (0, 1)
    assert place.is_done()
