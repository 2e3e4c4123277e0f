"""Opening an environment of AFAS SB: what is refused before any call, and the table that calls go by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from afas_soap import sbconnections
from afas_soap.errors import SettingsError
from afas_soap.sb.table import shipped
from afas_soap.sbclient import SBClient
from afas_soap.settings import resolve

APP: dict[str, Any] = {"api": "sb", "environment": "demo/enyoi", "auth": "app-token", "app_token": "a"}


def test_the_link_has_nothing_of_profit() -> None:
    """No header of Profit's, and the one address."""
    settings = resolve(APP, {"AFAS_LANGUAGE": "nl-nl", "AFAS_INTEGRATION_ID": "12345_123456"})
    link = sbconnections.way_out(settings)
    assert (link.soap_url, link.rest_url) == ("", "https://demo.afasfocus.nl/enyoi")
    assert (link.language, link.integration_id, link.authorizer) == (None, None, None)
    assert link.environment == "demo/enyoi"


def test_another_environment_of_the_same_sign_in() -> None:
    calls = sbconnections.opened(resolve(APP, {}), base="https://demo.afasfocus.nl/admin")
    with calls.transport:
        assert (calls.base, calls.admin) == ("https://demo.afasfocus.nl/admin",) * 2


def test_settings_of_profit_are_told() -> None:
    with pytest.raises(SettingsError, match="12345 is AFAS Profit, and this asks AFAS SB"):
        sbconnections.opened(resolve({"environment": "12345", "token": "ab" * 32}, {}))


def test_http_to_another_machine_gets_no_token() -> None:
    with pytest.raises(SettingsError, match="is http, which would show the token"):
        sbconnections.opened(resolve({**APP, "rest_url": "http://sb.example/enyoi"}, {}))


class TestTable:
    def test_the_shipped_one(self) -> None:
        assert sbconnections.table_of(resolve(APP, {})) is shipped()

    def test_an_openapi_file(self, afas: Path) -> None:
        """AFAS' own of 6.0.0, by path."""
        with SBClient.connect(**APP, openapi=afas / "openapi" / "sb" / "6-0-0.json") as sb:
            assert "purchaseinvoice" in sb.table.connectors

    def test_another_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that is too large is not read."""
        path = tmp_path / "6-0-0.json"
        path.write_text("{}" * 100)
        monkeypatch.setattr(sbconnections, "_LARGEST", 100)
        with pytest.raises(SettingsError, match="larger than any OpenAPI file of AFAS"):
            SBClient.connect(**APP, openapi=path)

    def test_a_file_of_something_else(self, tmp_path: Path) -> None:
        """The setting and the file are named."""
        path = tmp_path / "6-0-0.json"
        path.write_text("{}")
        with pytest.raises(SettingsError, match=r"openapi: .*6-0-0.json: this is no OpenAPI file"):
            SBClient.connect(**APP, openapi=path)

    def test_a_file_that_went_away(self, tmp_path: Path) -> None:
        path = tmp_path / "6-0-0.json"
        path.touch()
        settings = resolve({**APP, "openapi": path}, {})
        path.unlink()
        with pytest.raises(SettingsError, match=r"openapi: cannot read .*No such file"):
            sbconnections.table_of(settings)
