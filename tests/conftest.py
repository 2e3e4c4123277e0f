"""What every test gets: no network but loopback, and the same property-test examples on every run."""

from __future__ import annotations

import importlib.util
import logging
import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "fixed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

ROOT = Path(__file__).resolve().parent.parent
AFAS = ROOT.parent / "shared" / "afas"
CASES = ROOT.parent / "shared" / "cases"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Keys that are made anew in every process must not stand in the name of a test: pytest-xdist compares names."""
    return argname if isinstance(val, bytes | dict) and len(repr(val)) > 60 else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is by explicit cases: a property test does not count, and takes half the time."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")


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


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to anything but this machine fails the test, whatever swallowed it."""
    connect = socket.socket.connect
    refused: list[object] = []

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in ("127.0.0.1", "::1", "localhost", ""):
            refused.append(address)
            raise OSError(f"tests use loopback only, not {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
    assert not refused, f"a test tried to reach {refused}"


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No AFAS_* variable, proxy or user profile of the machine that runs the tests reaches a test."""
    for name in list(os.environ):
        if name.startswith("AFAS_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name)
    for name in (
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "APPDATA",
        "LOCALAPPDATA",
    ):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """A command run in this process sends the library's log to stderr: after the test it goes where it went before."""
    logger = logging.getLogger("afas_soap")
    handlers, propagate, level = logger.handlers, logger.propagate, logger.level
    yield
    logger.handlers, logger.propagate = handlers, propagate
    logger.setLevel(level)


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What is seen to on the disk, in its order: ``("flushed", size)`` with the size that a file has there by then,
    ``("renamed", name)``, and ``("folder", name)`` for the names in a folder."""
    done: list[tuple[str, object]] = []
    flush, rename, opened = os.fsync, os.replace, os.open
    names: dict[int, str] = {}

    def opening(path: object, *arguments: object, **options: object) -> int:
        number = opened(path, *arguments, **options)  # type: ignore[call-overload]
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
