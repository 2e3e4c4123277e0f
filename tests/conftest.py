"""What every test gets: no network but loopback, and the same property-test examples on every run."""

from __future__ import annotations

import collections
import contextlib
import gc
import importlib.util
import itertools
import logging
import os
import pkgutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests.adapters
from hypothesis import HealthCheck, settings

import afas_soap
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.errors import SignInError
from afas_soap.wire.http import tls
from afas_soap.wire.http.authorizer import Cure, Reply, Signature, Way
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.sb.calls import SbCalls
from afas_soap.wire.sb.judge import SB

# Half as many as Hypothesis makes by itself: these are the same ones each time.
settings.register_profile(
    "fixed",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

ROOT = Path(__file__).resolve().parent.parent
AFAS = ROOT.parent / "shared" / "afas"
CASES = ROOT.parent / "shared" / "cases"

COVERAGE = pytest.StashKey[Any]()
COUNTS = pytest.StashKey[bool]()
CASES_THAT_COUNT = 3
# Both ends at once, with processes or with all that one can think of: what these find is no missing branch.
END_TO_END = (
    *(
        "contract/",
        "batch/test_kill.py",
        "dossier/test_kill.py",
        "smallbusiness/test_kill.py",
        "batch/test_sb_kill.py",
        "batch/test_signed_in.py",
        "wire/test_gateways.py",
    ),
    *("wire/test_gateway_batches.py", "signin/test_matrix.py", "signin/test_leaks.py", "signin/test_bad_input.py"),
    *("signin/test_browser.py", "emulator/test_silent_clients.py", "emulator/test_afas_examples.py"),
    *("emulator/test_bad_input.py", "test_review_secrets.py", "test_docs.py", "test_sdist.py", "test_wheel.py"),
    # These read our files.
    *("test_audit.py", "test_cases.py", "test_findings.py", "test_house.py", "test_limits.py"),
)
# What takes longest to wait for, so that no worker begins it when the others are done.
FIRST = (
    "batch/test_kill.py",
    "batch/test_sb_kill.py",
    "dossier/test_kill.py",
    "smallbusiness/test_kill.py",
    "test_docs.py",
    "contract/test_afas_examples.py",
    "signin/test_matrix.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: a quarter of the time a test waits, for a process, a pause or a socket."""
    return (os.cpu_count() or 1) + 1


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Keys that are made anew in every process must not stand in the name of a test: pytest-xdist compares names."""
    return argname if isinstance(val, bytes | dict) and len(repr(val)) > 60 else None


def _nothing() -> None:
    """Nothing is measured."""


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """What a module does when it is imported counts as covered; what collecting the tests does is not looked at."""
    # Without pytest-cov there is nothing to look with; and who hands out the tests runs none.
    handing_out = session.config.pluginmanager.hasplugin("dsession")
    current = sys.modules["coverage"].Coverage.current if "coverage" in sys.modules and not handing_out else _nothing
    session.config.stash[COVERAGE] = current()
    if current() is not None:
        for module in pkgutil.walk_packages(afas_soap.__path__, "afas_soap."):
            importlib.import_module(module.name)
    # In a worker pytest-cov has begun twice: what it began first goes on where the other one ends.
    while (begun := current()) is not None:
        begun.stop()
    yield
    # A million things that stay: no collection of garbage needs to look at them again, and less often is enough.
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is by explicit cases, and looking doubles the time that a test takes. So a property test does not count,
    nor one from end to end, nor what is marked so; of one with many cases the first ones do, and those of the ground
    floor, which is covered to every branch, all do."""
    items.sort(key=lambda item: not item.nodeid.removeprefix("tests/").startswith(FIRST))
    cases: collections.Counter[str] = collections.Counter()
    for item in items:
        function = item.nodeid.partition("[")[0]
        cases[function] += 1
        item.stash[COUNTS] = not (
            getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
            or item.get_closest_marker("no_cover")
            or function.removeprefix("tests/").startswith(END_TO_END)
            or (cases[function] > CASES_THAT_COUNT and not function.startswith(("tests/profit/", "tests/sb/")))
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What the product does is looked at while a test runs that counts."""
    coverage = item.config.stash[COVERAGE]
    if coverage is None:
        return (yield)
    if item.stash[COUNTS]:
        coverage.start()
    try:
        return (yield)
    finally:
        coverage.stop()


@pytest.fixture(scope="session")
def module_of() -> Callable[[str], ModuleType]:
    """Loads a file below ``tests`` that others use, such as ``judge.py``, once for all: no folder here is a package."""

    def load(path: str) -> ModuleType:
        name = "afas_soap_tests_" + path.removesuffix(".py").replace("/", "_")
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / path)
            assert spec is not None
            assert spec.loader is not None
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        return sys.modules[name]

    return load


@pytest.fixture(scope="session")
def warm() -> Iterator[list[str]]:
    """In place of ``[sys.executable]``: real processes that have everything imported already, by ``warm/server.py``.

    What a process imports, how it starts and what limits it has is tested with Python itself; so is one case where many
    are alike. Where processes cannot be started like this, they all are Python itself.
    """
    if not hasattr(os, "pidfd_open"):
        yield [sys.executable]
        return
    folder = Path(__file__).parent / "warm"
    with tempfile.TemporaryDirectory(prefix="afas") as place:
        socket_ = str(Path(place, "s"))
        with subprocess.Popen(
            [sys.executable, "-P", folder / "server.py", socket_], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            yield [sys.executable, "-IS", str(folder / "command.py"), socket_]


# One fixture for them all, without others: there are many thousand tests, and a folder for each takes longer than most.
@pytest.fixture(autouse=True)
def _as_on_a_machine_of_its_own(homes: Iterator[str]) -> Iterator[None]:
    """Loopback only, nothing configured, and the log as it was."""
    logger = logging.getLogger("afas_soap")
    handlers, propagate, level = logger.handlers, logger.propagate, logger.level
    before = dict(os.environ)
    _nothing_configured(next(homes))
    REFUSED.clear()
    yield
    os.environ.clear()
    os.environ.update(before)
    # A command run in this process sends the library's log to stderr: now it goes where it went before.
    logger.handlers, logger.propagate = handlers, propagate
    logger.setLevel(level)
    assert not REFUSED, f"a test tried to reach {REFUSED}"


def _nothing_configured(home: str) -> None:
    """No AFAS_* variable, proxy or user profile of the machine that runs the tests reaches a test."""
    for name in list(os.environ):
        if name.startswith("AFAS_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            del os.environ[name]
    for name in (
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "APPDATA",
        "LOCALAPPDATA",
    ):
        os.environ[name] = f"{home}/{name.lower()}"


@pytest.fixture(scope="session", autouse=True)
def few_authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The path of the usual CAs, which have signed no certificate here. Reading them takes a twentieth of a second, for
    each client and again for each of its connections: these are two of them, where no test asks for the others."""
    first = Path(tls.DEFAULT_CA_BUNDLE_PATH).read_text("utf-8").split("-----END CERTIFICATE-----")[:2]
    few = tmp_path_factory.mktemp("authorities") / "few.pem"
    few.write_text("".join(f"{one}-----END CERTIFICATE-----" for one in first), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        usual = tls.DEFAULT_CA_BUNDLE_PATH
        for module in (tls, requests.adapters):
            patch.setattr(module, "DEFAULT_CA_BUNDLE_PATH", str(few))
        yield usual


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A user's folder for each test, which is made when something is written there."""
    folder = tmp_path_factory.mktemp("homes")
    return (f"{folder}/{number}" for number in itertools.count())


REFUSED: list[object] = []
_CONNECT = socket.socket.connect


def _guarded(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if host not in ("127.0.0.1", "::1", "localhost", ""):
        REFUSED.append(address)
        raise OSError(f"tests use loopback only, not {host}")
    _CONNECT(self, address)


# A connection to anything but this machine fails the test, whatever swallowed it.
socket.socket.connect = _guarded


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C is heard, here and by the processes that are started: what a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What is seen to on the disk, in its order: ``("flushed", size)`` with the size that a file has there by then,
    ``("renamed", name)``, and ``("folder", name)`` for the names in a folder."""
    done: list[tuple[str, object]] = []
    flush, rename, opened = os.fsync, os.replace, os.open
    names: dict[int, str] = {}

    def opening(path: object, *arguments: object, **options: object) -> int:
        number = opened(path, *arguments, **options)
        names[number] = Path(str(path)).name
        return int(number)

    def flushing(number: int) -> None:
        found = os.fstat(number)
        done.append(("folder", names[number]) if stat.S_ISDIR(found.st_mode) else ("flushed", found.st_size))
        flush(number)

    def renaming(source: Path, target: Path) -> None:
        done.append(("renamed", Path(target).name))
        rename(source, target)

    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(os, "fsync", flushing)
    monkeypatch.setattr(os, "replace", renaming)
    return done


@pytest.fixture
def afas() -> Path:
    """The folder of genuine AFAS artefacts, which lies beside the project and is never copied into it."""
    if not AFAS.is_dir():
        pytest.skip("the genuine AFAS artefacts (../shared/afas) are not here")
    return AFAS


@pytest.fixture
def cases() -> Path:
    """The folder of small inputs that failed once, beside the project: each has a test that is named after it."""
    if not CASES.is_dir():
        pytest.skip("the inputs that failed once (../shared/cases) are not here")
    return CASES


@pytest.fixture
def sb_serving() -> Iterator[Callable[..., Server]]:
    """Serves an SB with its first rows on a port, set up by fields of ``SbSetup``: as ``server.emulator`` (``.faults``,
    and ``.sb``, which gives tokens and holds the rows), at ``server.sb_url("enyoi")``."""
    with contextlib.ExitStack() as closing:

        def served(**fields: Any) -> Server:
            emulator = Emulator(setup=Setup(sb=SbSetup(**fields)))
            closing.callback(emulator.close)
            return closing.enter_context(serve(emulator))

        yield served


@pytest.fixture
def sb_server(sb_serving: Callable[..., Server]) -> Server:
    """An SB as it comes."""
    return sb_serving()


class _Bearer:
    """An authorizer with one access token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def connect(self, way: Way) -> None:
        """It asks nothing."""

    def headers(self, method: str, url: str) -> Signature:
        return Signature({"Authorization": f"Bearer {self._token}"})

    def shown(self) -> Signature:
        return self.headers("", "")

    def answered(self, reply: Reply, tried: Sequence[Cure]) -> Cure:
        return Cure.NONE

    def refusal(self, reply: Reply) -> SignInError | None:
        return None

    def secrets(self) -> tuple[str, ...]:
        return (self._token,)


@pytest.fixture
def sb_calls() -> Iterator[Callable[..., SbCalls]]:
    """Calls to a customer environment that a server has, signed in: ``sb_calls(sb_server, "enyoi")``. More arguments
    are those of ``Link``."""
    with contextlib.ExitStack() as closing:

        def calls(server: Server, environment: str = "enyoi", **link: Any) -> SbCalls:
            token = server.emulator.sb.token(environment)
            told = Link("", server.sb_url(environment), f"demo/{environment}", authorizer=_Bearer(token), **link)
            return SbCalls(closing.enter_context(Transport(told, SB)))

        yield calls
