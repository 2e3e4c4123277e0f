"""``afas emulator``: UpdateConnectors out of OpenAPI files, a state that outlives the run, and what cannot be kept."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from afas_soap.emulator.app import DEMO_TOKEN

PROPERTIES = {"Nr": {"type": "integer", "description": "Nummer"}, "Ds": {"type": "string", "maxLength": 5}}
FIELDS = {"type": "object", "properties": {"Fields": {"type": "object", "properties": PROPERTIES}}}
SPEC = {
    "openapi": "3.0.0",
    "paths": {
        "/connectors/KnDing": {
            "post": {
                "summary": "Ding",
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/KnDing_POST"}}}
                },
                "responses": {},
            }
        }
    },
    "components": {
        "schemas": {
            "KnDing_POST": {
                "type": "object",
                "properties": {"KnDing": {"type": "object", "properties": {"Element": FIELDS}}},
            }
        }
    },
}


@pytest.fixture
def while_served(run: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run the command and, while it serves, one call with the address of REST; then it is stopped."""

    def served(call: Callable[[str], object], *arguments: object) -> Any:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"http://127.0.0.1:{port}/ProfitRestServices/connectors"
        monkeypatch.setattr("afas_soap.cli.emulator.until_stopped", lambda: call(address))
        return run("emulator", "--port", str(port), *arguments)

    return served


def post(address: str, connector: str, fields: dict[str, object]) -> tuple[int, str]:
    headers = {"Authorization": DEMO_TOKEN.header()}
    body = {connector: {"Element": {"Fields": fields}}}
    answer = requests.post(f"{address}/{connector}", json=body, headers=headers, timeout=20)
    return answer.status_code, answer.text


def test_connectors_of_a_spec_are_added(while_served: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(json.dumps(SPEC), "utf-8")
    answers: list[tuple[int, str]] = []

    def call(address: str) -> None:
        answers.append(post(address, "KnDing", {"Ds": "goed"}))
        answers.append(post(address, "KnDing", {"Ds": "te lang"}))
        answers.append(post(address, "KnSubject", {"StId": 4, "Ds": "x"}))

    assert while_served(call, "--spec", tmp_path, "--delay", "0.01").code == 0
    assert [status for status, _ in answers] == [200, 500, 201]
    assert "is too long" in answers[1][1]


def test_a_state_outlives_the_run(while_served: Callable[..., Any], tmp_path: Path) -> None:
    answers: list[tuple[int, str]] = []
    for _ in range(2):
        ran = while_served(
            lambda address: answers.append(post(address, "KnSubject", {"StId": 4, "Ds": "x"})),
            "--state",
            tmp_path / "profit.state",
        )
        assert ran.code == 0
    assert [json.loads(text)["results"]["KnSubject"]["SbId"] for _, text in answers] == ["25121", "25122"]


@pytest.mark.parametrize(
    ("option", "content", "says"),
    [("--state", "rekening;bedrag\n" * 100, "name another file"), ("--delay", None, "is not a valid float")],
)
def test_what_cannot_be(run: Any, tmp_path: Path, option: str, content: str | None, says: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(content or "")
    ran = run("emulator", "--port", "0", option, path)
    assert ran.code == 2
    assert says in ran.err
    assert path.read_text() == (content or "")
