"""The shipped WSDL documents and the envelopes that zeep writes by them."""

from __future__ import annotations

import dataclasses

import pytest

from afas_soap.errors import QueryError, SettingsError
from afas_soap.wire.profit.shipped import document_of, shipped
from afas_soap.wire.profit.wsdl import Envelopes, ShippedOnly


def test_the_shipped_documents() -> None:
    names = {document.name: document.service for document in shipped()}
    assert names["AppConnectorGet"] == "ConnectorAppGet"
    assert {"AppConnectorGet", "AppConnectorUpdate", "AppConnectorData", "AppConnectorVersionInfo"} <= set(names)
    assert {"AppConnectorSubject", "AppConnectorReport"} <= set(names)
    for document in shipped():
        assert b"urn:Afas.Profit.Services" in document.document()
        assert document.known
        assert document.inferred
    assert document_of("appconnectorversioninfo").fallback == "appconnectorversion.asmx"


def test_a_service_of_which_no_wsdl_is_shipped() -> None:
    with pytest.raises(SettingsError, match="AppConnectorGet"):
        document_of("AppConnectorNiets")


def test_a_changed_document_is_refused() -> None:
    document = dataclasses.replace(document_of("AppConnectorGet"), sha256="0" * 64)
    with pytest.raises(SettingsError, match="changed or damaged"):
        document.document()


def test_nothing_else_is_loaded_and_nothing_sent_by_zeep() -> None:
    transport = ShippedOnly(document_of("AppConnectorGet"))
    assert transport.load(transport.location).startswith(b"<?xml")
    for url in ("https://example.nl/x.xsd", "file:///etc/passwd", "x.xsd"):
        with pytest.raises(SettingsError, match="none is ever fetched"):
            transport.load(url)
    for send in (transport.post, transport.post_xml, transport.get):
        with pytest.raises(SettingsError, match="zeep sends nothing"):
            send("https://example.nl", b"", {})


def test_what_the_wsdl_does_not_know_is_refused() -> None:
    envelopes = Envelopes(document_of("AppConnectorGet"), "1.1")
    with pytest.raises(QueryError, match="GetData: a parameter"):
        envelopes.message("GetData", {"connectorID": "X", "skip": 0, "take": 1})
    with pytest.raises(QueryError, match="GetData: a parameter"):
        envelopes.message("GetData", {"connectorId": "X"})
    with pytest.raises(QueryError, match="GetNiets: a parameter"):
        envelopes.message("GetNiets", {})
