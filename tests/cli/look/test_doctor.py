"""``afas doctor``: text, JSON and exit codes."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afas_soap.emulator.http.serve import Server

Run = Callable[..., Any]
DATA = "FEDCBA9876543210" * 4


def test_each_finding_is_a_line(run: Run, server: Server) -> None:
    done = run("doctor")
    assert done.code == 0
    assert done.lines[0].startswith("ok       settings: no profile: 127.0.0.1 over SOAP")
    assert all(line.split()[0] in ("ok", "note", "skipped", "warning") for line in done.lines)
    assert any(line.startswith("note     IntegrationId: ") and " -> " in line for line in done.lines)


def test_json_has_the_same_findings(run: Run, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFAS_TOKEN", "0" * 64)
    done = run("doctor", "--format", "json")
    assert done.code == 3
    found = {one["check"]: one for one in json.loads(done.out)}
    assert found["REST access"]["weight"] == "error"
    assert found["REST access"]["exit_code"] == 3
    assert found["settings"]["exit_code"] is None
    assert found["clock"]["weight"] == "ok"


def test_half_settings_end_with_2(run: Run) -> None:
    done = run("doctor", "--environment", "12345")
    assert done.code == 2
    assert done.lines[0].startswith("error    settings: ")
    assert done.lines[1].startswith("skipped  everything else: ")


def test_an_integration_id_that_is_none_ends_with_2(run: Run, server: Server) -> None:
    done = run("doctor", "--integration-id", "12345-123456")
    assert done.code == 2
    assert done.lines[0].startswith("error    IntegrationId: ")


def test_nobody_there_ends_with_6(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("AFAS_TOKEN", DATA)
    done = run("doctor", "--rest-url", f"http://127.0.0.1:{port}/ProfitRestServices", "--protocol", "rest")
    assert done.code == 6


def test_the_first_error_gives_the_code(run: Run, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """REST is not reached (6), and SOAP refuses the token (3)."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("AFAS_TOKEN", "0" * 64)
    done = run("doctor", "--rest-url", f"http://127.0.0.1:{port}/ProfitRestServices", "--format", "json")
    codes = [one["exit_code"] for one in json.loads(done.out) if one["exit_code"] is not None]
    assert (done.code, codes) == (6, [6, 3])


def test_the_embedded_profit_is_fine(run: Run) -> None:
    assert run("doctor", "--emulator").code == 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_path_that_is_no_text(run: Run, server: Server, form: str) -> None:
    done = run("doctor", "--ca-bundle", "a\udcff.pem", "--format", form)
    assert (done.code, done.err) == (2, "")
    assert r"\udcff" in done.out


def test_no_secret_shows(run: Run, server: Server, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    done = run("doctor", "--trace", trace, "-v")
    said = done.out + done.err + trace.read_text()
    assert DATA not in said
    assert DATA.lower() not in said
