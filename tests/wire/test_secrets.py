"""No secret in any log at any level, nor in any error, over both protocols."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Callable

import pytest

from afas_soap.errors import AfasError
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.questions.query import Query
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

DATA = "0123456789ABCDEF" * 4
PIECES = (DATA[:16].lower(), "mdeymzq1njc4", "phrva2vuP".lower())


@pytest.mark.parametrize("kind", ["soap", "soap with the token in its body", "rest"])
@pytest.mark.parametrize("reply", ["refusal", "fault", "html", "redirect", "nothing", "echo"])
def test_no_secret_shows(
    fixed,
    link_to: Callable[..., Link],
    caplog: pytest.LogCaptureFixture,
    kind: str,
    reply: str,
) -> None:
    for name in (None, "urllib3", "zeep", "requests", "afas_soap"):
        caplog.set_level(logging.DEBUG, name)
    transport = Transport(link_to(fixed, retry_total=0.0), PROFIT)
    for _ in range(3):
        {
            "refusal": lambda: fixed.json('{"externalMessage":"Nee.","errorNumber":1}', "500 No"),
            "fault": lambda: fixed.xml(
                '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>x</faultcode>'
                f"<faultstring>{DATA}</faultstring></s:Fault></s:Body></s:Envelope>"
            ),
            "html": lambda: fixed.html(),
            "redirect": lambda: fixed.reply("", "text/plain", "302 Found", f"Location: https://elders/?token={DATA}"),
            "nothing": lambda: fixed.raw(None),
            "echo": lambda: fixed.json(f'{{"externalMessage":"{DATA}"}}', "500 No"),
        }[reply]()
    connectors = (
        RestConnectors(transport) if kind == "rest" else SoapConnectors(transport, token_in_body=kind != "soap")
    )
    for ask in (
        connectors.version,
        lambda: connectors.rows("X", Query(take=1)),
        lambda: list(connectors.get_data(GetData("X", take=1))),
    ):
        with pytest.raises(AfasError) as caught:
            ask()
        shown = "".join(traceback.format_exception(caught.value)) + repr(pickle.dumps(caught.value))
        assert not [piece for piece in PIECES if piece in shown.lower()]
    assert caplog.records
    assert not [piece for piece in PIECES if piece in caplog.text.lower()]
