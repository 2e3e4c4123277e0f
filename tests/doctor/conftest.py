"""Servers that a profile may lead to, and what the doctor finds there."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from afas_soap.doctor.examination import examine
from afas_soap.doctor.finding import Finding
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.http.tls import ThrowAwayAuthority, Tls
from afas_soap.emulator.store import Store
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import resolve

DATA = "FEDCBA9876543210" * 4

Findings = Mapping[str, Finding]
Examined = Callable[..., Findings]


@pytest.fixture(scope="session")
def servers(module_of: Callable[[str], ModuleType]) -> ModuleType:
    """The module with the server of fixed bytes."""
    return module_of("wire/conftest.py")


@pytest.fixture
def fixed(servers: ModuleType) -> Iterator[Any]:
    """A server of fixed bytes, without TLS."""
    server = servers.FixedServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def authority() -> ThrowAwayAuthority:
    """Who signs the certificates of a test."""
    return ThrowAwayAuthority()


@pytest.fixture
def trusted(authority: ThrowAwayAuthority, tmp_path: Path) -> Path:
    """The PEM file of that authority."""
    path = tmp_path / "ca.pem"
    path.write_text(authority.pem)
    return path


@pytest.fixture
def secured(servers: ModuleType, authority: ThrowAwayAuthority, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Makes a server of fixed bytes with a certificate for a host that lasts some days."""
    made: list[Any] = []

    def make(host: str = "127.0.0.1", *, days: float = 100, least: ssl.TLSVersion | None = None) -> Any:
        pem = authority.for_server([host], days=days)
        path = tmp_path / "server.pem"
        path.write_text(pem.certificate + pem.key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if least is not None:
            context.maximum_version = least
        made.append(servers.FixedServer(context))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture
def emulated(store: Store) -> Iterator[Callable[..., Server]]:
    """Makes an emulator on a port that takes the token."""
    made: list[Server] = []

    def make(*, dialect: str = "profit9", tls: Tls | None = None, **setup: Any) -> Server:
        app = Emulator(store, dialect=dialect, tokens=[AfasToken(DATA)], setup=Setup(**setup))
        made.append(serve(app, tls=tls))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture
def examined() -> Examined:
    """The findings by their checks, of settings given by name; ``now`` is our clock."""

    def run(*, now: Callable[[], float] = time.time, **settings: object) -> Findings:
        found = list(examine(resolve({"token": DATA, "connect_timeout": 5.0, **settings}, {}), now))
        assert len({finding.check for finding in found}) == len(found), "each check has one finding"
        return {finding.check: finding for finding in found}

    return run
