"""``afas get`` prints the same bytes over SOAP and over REST: every connector of the emulator, both dialects."""

from __future__ import annotations

import json

import pytest

from afas_soap.cli import main
from afas_soap.emulator.http.app import DEMO_TOKEN
from afas_soap.profit.fields import Kind
from afas_soap.profit.questions.query import Query


@pytest.fixture
def configured(profit, monkeypatch: pytest.MonkeyPatch):
    """A Profit of either dialect on a port, named in the variables."""
    monkeypatch.setenv("AFAS_SOAP_URL", profit.server.soap_url)
    monkeypatch.setenv("AFAS_REST_URL", profit.server.rest_url)
    monkeypatch.setenv("AFAS_TOKEN", DEMO_TOKEN.xml())
    return profit


def test_both_protocols_print_the_same_bytes(configured, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    connectors = [entry.id for entry in configured.store.catalogue().get_connectors]
    assert len(connectors) >= 15
    for connector in connectors:
        fields = configured.store.fields(connector)
        get = ["get", connector, "--order-by", fields.names[0], "--format", "jsonl"]
        printed = []
        for protocol in ("soap", "rest"):
            assert main([*get, "--protocol", protocol]) == 0
            out, err = capfdbinary.readouterr()
            assert err == (b"" if out else b"afas: no rows\n"), connector
            printed.append(out)
        assert printed[0] == printed[1], connector
        rows = [json.loads(line) for line in printed[0].splitlines()]
        assert len(rows) == sum(1 for _ in configured.store.rows(connector, Query(skip=-1, take=-1))), connector
        assert all(list(row) == list(fields.names) for row in rows), connector


@pytest.mark.parametrize("format_", ["csv", "json", "xml"])
def test_and_so_they_do_in_every_other_format(
    configured, capfdbinary: pytest.CaptureFixture[bytes], format_: str
) -> None:
    """Emulator_Types has the values that go wrong most easily."""
    kinds = {field.kind for field in configured.store.fields("Emulator_Types")}
    assert kinds == set(Kind) - {Kind.DATE}
    printed = []
    for protocol in ("soap", "rest"):
        assert main(["get", "Emulator_Types", "--order-by", "Id", "--format", format_, "--protocol", protocol]) == 0
        printed.append(capfdbinary.readouterr().out)
    assert printed[0] == printed[1]
    assert len(printed[0]) > 1000
