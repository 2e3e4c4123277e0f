"""A refusal that is about the version is told with the version that was asked for, whatever words SB has for it."""

from __future__ import annotations

from typing import Any

import pytest

from afas_soap.errors import AfasError, SBError
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.sb.calls import SbCalls
from afas_soap.wire.sb.judge import SB

ASKED = "version 2.0 of organisations: name another one with version="


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found"])
@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("De gevraagde versie bestaat niet.", True),
        ("Version 2.0 is not supported", True),
        ("Accept-Version is unknown", True),
        ("Diversie is not a filter", False),
    ],
)
def test_a_version_that_is_not_there_is_told(fixed: Any, link_to: Any, status: str, message: str, told: bool) -> None:
    fixed.json(f'{{"StatusCode":400,"Message":"{message}","TraceId":"t"}}', status)
    calls = SbCalls(Transport(link_to(fixed), SB, sleep=lambda _: None))
    with pytest.raises(AfasError) as caught:
        calls.ask(shipped().operation("organisations", Verb.GET, "2.0"))
    assert message in caught.value.message
    assert (ASKED in caught.value.message) is told
    assert getattr(caught.value, "trace_id", None) == "t"


def test_a_failed_record_is_not_about_the_version(fixed: Any, link_to: Any) -> None:
    fixed.json('{"result":"Failed","errors":["Version of the invoice"]}', "400 Bad Request")
    calls = SbCalls(Transport(link_to(fixed), SB, sleep=lambda _: None))
    with pytest.raises(SBError) as caught:
        calls.ask(shipped().operation("organisations", Verb.GET, "2.0"))
    assert "name another one" not in caught.value.message
