"""A column that REST leaves out is empty, and not silently so."""

from __future__ import annotations

import logging

import pytest

from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.readers.jsonrows import json_rows

FIELDS = Fields("Debtors", (Field("Id"), Field("Name"), Field("City")))


def test_columns_that_are_left_out_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Profit sends empty fields as null: a column that is missing was perhaps taken out of the connector."""
    data = b'{"skip":0,"take":3,"rows":[{"Id":"1"},{"Id":"2","City":"Ede"},{"Id":"3","Name":null,"City":null}]}'
    with caplog.at_level(logging.WARNING, "afas_soap"):
        assert [row["City"] for row in json_rows([data], fields=FIELDS)] == [None, "Ede", None]
    (record,) = caplog.records
    assert record.name == "afas_soap.profit"
    assert record.getMessage() == ("Debtors: the answer leaves out columns, which are read as empty: Name, City")


def test_columns_in_another_order_are_nothing_to_tell(caplog: pytest.LogCaptureFixture) -> None:
    data = b'{"skip":0,"take":1,"rows":[{"City":"Ede","Name":null,"Id":"1"}]}'
    rows = list(json_rows([data], fields=FIELDS))
    assert rows == [{"Id": "1", "Name": None, "City": "Ede"}]
    assert list(rows[0]) == ["Id", "Name", "City"]
    assert caplog.records == []
