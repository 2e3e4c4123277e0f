"""What a row of 6.0 tells otherwise than one of 8.0: the section of the VAT return by a GUID, not by its name."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import requests

from afas_soap.emulator.http.serve import Server


@pytest.mark.parametrize("dialect", ["6.0", "8.0"])
def test_the_section_of_the_vat_return(dialect: str, sb_serving: Callable[..., Server]) -> None:
    server = sb_serving(dialect=dialect)
    headers = {"Authorization": f"Bearer {server.emulator.sb.token('enyoi')}", "Accept-Version": "1.1"}
    rows = requests.get(f"{server.sb_url('enyoi')}/api/journalentries", headers=headers, timeout=10).json()
    sections = {row["VatSection"] for row in rows} - {None}
    assert sections
    if dialect == "8.0":
        assert all(section.startswith("Rubriek") for section in sections)
    else:
        assert all(str(uuid.UUID(section)) == section for section in sections)
