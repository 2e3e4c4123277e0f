"""What the doctor finds on the way to AFAS SB."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from afas_soap.cli import main
from afas_soap.doctor.finding import Finding, Grade
from afas_soap.doctor.smallbusiness import examine
from afas_soap.settings import resolve

Server = Any


def found(url: str, **settings: Any) -> Mapping[str, Finding]:
    """The findings by their checks, with the demo app token."""
    app = {"auth": "app-token", "app_token": "demo-sb-app-token", "scope": "enyoi", "profile": None}
    return {one.check: one for one in examine(resolve({"api": "sb", "environment": url, **app, **settings}, {}))}


def test_everything_is_fine(sb_server: Server) -> None:
    told = found(sb_server.sb_url("enyoi"))
    assert {check: one.weight for check, one in told.items()} == {
        "settings": Grade.OK,
        "credential": Grade.OK,
        "addresses": Grade.NOTE,
        "REST name": Grade.OK,
        "REST TLS": Grade.NOTE,
        "sign-in": Grade.OK,
        "access": Grade.OK,
        "feature toggles": Grade.NOTE,
    }
    assert told["settings"].message.startswith("no profile: 127.0.0.1:")
    assert "administrations: " in told["access"].message


def test_a_feature_that_is_off_is_named(sb_serving: Callable[..., Server]) -> None:
    """With what a write that needs it would be answered."""
    told = found(sb_serving(features_off=("LinesToBeInvoiced",)).sb_url("enyoi"))["feature toggles"]
    assert told.weight is Grade.NOTE
    assert "off: LinesToBeInvoiced in" in told.message
    assert "FeatureToggle not enabled" in told.remedy


def test_a_wrong_app_token(sb_server: Server) -> None:
    told = found(sb_server.sb_url("enyoi"), app_token="geheim-en-fout")
    assert told["sign-in"].weight is Grade.ERROR
    assert told["access"].weight is Grade.SKIPPED
    # No person signs in for it.
    assert "Check the app token and its scope" in told["sign-in"].message
    assert "auth login" not in told["sign-in"].remedy
    assert not any("geheim" in f"{one.message}{one.remedy}" for one in told.values())


def test_a_scope_of_another_environment(sb_server: Server) -> None:
    told = found(sb_server.sb_url("atlas"))
    assert told["access"].weight is Grade.ERROR
    assert "of another environment" in told["access"].message
    assert told["credential"].weight is Grade.WARNING
    assert told["credential"].message == "An app token for the scope enyoi, and the address is of atlas."


def test_without_a_scope(sb_server: Server) -> None:
    """It is that of the address, which is what SB is asked for."""
    told = found(sb_server.sb_url("atlas"), scope=None)
    assert told["credential"].message == "An app token for the scope atlas."
    assert told["access"].weight is Grade.OK


def test_an_admin_center(sb_server: Server) -> None:
    assert "without a scope" in found(sb_server.sb_url("admin"), scope=None)["credential"].message
    assert found(sb_server.sb_url("admin"))["access"].message == "The Admin Center lists 3 customer environments."


def test_nobody_there() -> None:
    """Nobody listens on port 1 of this machine."""
    told = found("http://127.0.0.1:1/enyoi")
    assert told["REST TLS"].weight is Grade.ERROR
    assert told["sign-in and access"].weight is Grade.SKIPPED


def test_http_to_another_machine_is_no_way() -> None:
    told = found("demo/enyoi", rest_url="http://sb.example/enyoi")
    assert told["connection"].weight is Grade.ERROR
    assert "another host than AFAS'" in told["addresses"].message


def test_a_person_who_did_not_sign_in(
    sb_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """On the command line, with the exit code of a sign-in."""
    for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    secret = tmp_path / "secret.txt"
    secret.touch(mode=0o600)
    secret.write_text("geheim")
    client = ["--client-id", "a", "--client-secret-file", str(secret), "--redirect-uri", "http://localhost:8321/back"]
    assert main(["profile", "add", "mine", "--environment", sb_server.sb_url("enyoi"), "--api", "sb", *client]) == 0
    capfd.readouterr()
    assert main(["doctor", "--profile", "mine", "--format", "json"]) == 3
    told = {one["check"]: one for one in json.loads(capfd.readouterr().out)}
    assert "Nobody has signed in here yet" in told["sign-in"]["message"]
    assert "afas auth login" in told["sign-in"]["remedy"]
    assert told["credential"]["weight"] == "ok"
