"""An emulator on a port, and commands run in process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from afas_soap.cli import main
from afas_soap.emulator.http.app import Emulator
from afas_soap.emulator.http.faults import parse_faults
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.store import Store
from afas_soap.profit.access.token import AfasToken

DATA = "FEDCBA9876543210" * 4


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Ran]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run ``afas`` with these arguments."""

    def run_(*arguments: str | Path) -> Ran:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return run_


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What a person types, line by line; ``terminal`` is whether it is one."""

    def answer_(*lines: str, terminal: bool = False) -> None:
        stdin = io.TextIOWrapper(io.BytesIO("".join(f"{line}\n" for line in lines).encode()))
        monkeypatch.setattr(stdin, "isatty", lambda: terminal)
        monkeypatch.setattr(sys, "stdin", stdin)

    return answer_


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture
def emulator(store: Store) -> Emulator:
    """An emulator with a token of its own, and a queue of faults as ``faults``."""
    return Emulator(store, tokens=[AfasToken.parse(DATA)], faults=parse_faults([]))


@pytest.fixture
def server(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The emulator on a port, configured in the variables."""
    with serve(emulator) as server:
        monkeypatch.setenv("AFAS_SOAP_URL", server.soap_url)
        monkeypatch.setenv("AFAS_REST_URL", server.rest_url)
        monkeypatch.setenv("AFAS_TOKEN", DATA)
        yield server
