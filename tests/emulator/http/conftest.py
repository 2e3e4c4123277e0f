"""The seed's Profit on WSGI, for calls of both hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.store import Store

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
CALLS = {"Authorization": DEMO_TOKEN.header()}

Soap = Callable[..., TestResponse]
Rest = Callable[..., TestResponse]


@pytest.fixture
def store() -> Iterator[Store]:
    """The seed."""
    with Store() as store:
        yield store


def soap_to(emulator: Emulator) -> Soap:
    """Calls an operation of an .asmx with parameters by name."""

    def call(service: str, operation: str, **parameters: object) -> TestResponse:
        inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in parameters.items())
        return Client(emulator).post(
            f"/ProfitServices/{service}.asmx",
            data=f'<s:Envelope xmlns:s="{SOAP11}"><s:Body><{operation} xmlns="urn:Afas.Profit.Services">{inner}'
            f"</{operation}></s:Body></s:Envelope>",
            content_type="text/xml; charset=utf-8",
            headers={**CALLS, "SOAPAction": f'"urn:Afas.Profit.Services/{operation}"'},
        )

    return call


def rest_to(emulator: Emulator) -> Rest:
    """Asks an address below ``/ProfitRestServices/``."""

    def call(address: str, headers: Mapping[str, str] | None = None) -> TestResponse:
        return Client(emulator).get(f"/ProfitRestServices/{address}", headers={**CALLS, **(headers or {})})

    return call


@pytest.fixture
def soap(store: Store) -> Soap:
    """The SOAP host of the seed."""
    return soap_to(Emulator(store))


@pytest.fixture
def rest(store: Store) -> Rest:
    """The REST host of the seed."""
    return rest_to(Emulator(store))
