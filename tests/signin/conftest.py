"""The judge, clients of every kind, and what signs in at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from afas_soap.emulator.store import Store
from afas_soap.profit.access.credentials import AuthorizationCode, ClientCredentials, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.http.link import Link

REDIRECT = "http://127.0.0.1:8321/callback"
SECRET = "geheim:% +é/zeer-geheim"


@pytest.fixture(scope="session")
def judges(module_of: Callable[[str], ModuleType]) -> ModuleType:
    """The module of the judge: its clients and refusals."""
    return module_of("judge.py")


@pytest.fixture
def judge(judges: ModuleType) -> Iterator[object]:
    """A server that knows a service, a person's client, and a public one."""
    server = judges.Judge(
        {
            "service": judges.Client((SECRET,)),
            "person": judges.Client((SECRET,), redirect_uri=REDIRECT),
            "public": judges.Client(redirect_uri=REDIRECT, dpop=True),
        }
    )
    yield server
    server.close()


@pytest.fixture
def link_to() -> Callable[..., Link]:
    """Makes a link to a server, with anything else by name."""

    def make(server, **settings: object) -> Link:
        chosen: dict[str, object] = {
            "soap_url": server.soap_url,
            "rest_url": server.rest_url,
            "environment": "12345-test",
            "connect_timeout": 5.0,
            "read_timeout": 10.0,
            "retry_total": 0.0,
            **settings,
        }
        return Link(**chosen)

    return make


@pytest.fixture
def service() -> ClientCredentials:
    """A service with a secret."""
    return ClientCredentials("service", ClientSecret(Secret(SECRET, "client secret")))


@pytest.fixture
def person() -> AuthorizationCode:
    """A person, with a client that has a secret."""
    return AuthorizationCode("person", REDIRECT, ClientSecret(Secret(SECRET, "client secret")))


@pytest.fixture
def public() -> AuthorizationCode:
    """A person, with a client that has none."""
    return AuthorizationCode("public", REDIRECT, None, dpop=True)


@pytest.fixture
def token_of() -> AfasToken:
    """A classic token that means nothing to anybody."""
    return AfasToken("0123456789ABCDEF" * 4)


@pytest.fixture(scope="session")
def sites(module_of: Callable[[str], ModuleType]) -> ModuleType:
    """The module of the environment on a TLS port, and of the machine in front of it."""
    return module_of("signin/site.py")


@pytest.fixture(scope="session")
def emulator_store() -> Iterator[Store]:
    """What the environments of the acceptance tests hold."""
    with Store() as store:
        yield store


@pytest.fixture
def site_of(sites: ModuleType, emulator_store: Store, tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Makes environments; they end with the test."""
    made: list[Any] = []

    def make(**settings: object) -> object:
        made.append(sites.Site(tmp_path, emulator_store, **settings))
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def run(sites: ModuleType, capfd: pytest.CaptureFixture[str]) -> object:
    """Runs ``afas`` in this process: its code, and what it wrote."""
    return sites.runner(capfd)
