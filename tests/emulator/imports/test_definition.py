"""Definitions in the emulator's own text form."""

from __future__ import annotations

import pytest

from afas_soap.emulator.imports.definition import Definition, read_definition


def test_a_definition_is_read() -> None:
    text = b'{"emulator": "GetConnector", "name": "My_Debtors", "source": "Profit_Debtor", "columns": ["DebtorId"]}'
    assert read_definition(text) == Definition("My_Debtors", "Profit_Debtor", ("DebtorId",))


@pytest.mark.parametrize(
    "data",
    [
        b"\x00GCN\xff",
        b"[]",
        b'{"name": "A", "source": "B", "columns": ["c"]}',
        b'{"emulator": "GetConnector", "name": "1 A", "source": "B", "columns": ["c"]}',
        b'{"emulator": "GetConnector", "name": "A", "source": 1, "columns": ["c"]}',
        b'{"emulator": "GetConnector", "name": "A", "source": "B", "columns": []}',
        b'{"emulator": "GetConnector", "name": "A", "source": "B", "columns": [1]}',
    ],
)
def test_what_is_none_is_none(data: bytes) -> None:
    assert read_definition(data) is None
