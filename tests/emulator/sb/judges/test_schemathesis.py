"""A second judge: schemathesis asks all that AFAS' file allows, and more. No 5xx, no method but those there are, and
45 of the 67 operations are done at least once: a server that only answers 401 would pass without that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.sb.judges.afasfile import FILE
from tests.emulator.sb.judges.conftest import Session

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the genuine AFAS artefacts (../shared/afas) are not here")
# Made-up calls of each operation, beside the examples and the edges of the file: half a minute where nothing else runs.
# It is bounded by them and not by a time, in which a busy machine would not come round.
_EXAMPLES = "1"
_LONGEST = 180

# Each operation is asked at the version that the file has for it, beside whatever else is made up.
_HOOKS = """
import schemathesis

@schemathesis.hook
def map_headers(context, headers):
    headers = dict(headers or {})
    for parameter in context.operation.definition.raw.get("parameters", []):
        if parameter.get("name") == "Accept-Version":
            headers["Accept-Version"] = parameter["example"]
    return headers
"""
# It stands at the Admin Center; the file knows POST alone, AFAS' pages GET, and the emulator takes both.
_SCOPES = "/authentication/getscopes"


def test_schemathesis_finds_nothing(session: Session, tmp_path: Path) -> None:
    """All 67 operations: 66 at a customer environment, and one at the Admin Center."""
    (tmp_path / "sbhooks.py").write_text(_HOOKS, encoding="utf-8")
    checks = "not_a_server_error,unsupported_method"
    statuses = asked(session, "enyoi", tmp_path, "--exclude-path", _SCOPES, "--checks", checks)
    scopes = asked(session, "admin", tmp_path, "--include-path", _SCOPES, "--checks", "not_a_server_error")
    assert (len(statuses), list(scopes)) == (66, [f"POST {_SCOPES}"])
    statuses |= scopes
    assert not [label for label, found in statuses.items() if any(status >= 500 for status in found)]
    successful = [label for label, found in statuses.items() if any(200 <= status < 300 for status in found)]
    assert len(successful) >= 45, successful


def asked(session: Session, place: str, folder: Path, *options: str) -> dict[str, set[int]]:
    """The statuses of each operation in a run that found nothing."""
    report = folder / f"{place}.ndjson"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(FILE), "--url", session.url(place), *options),
            *("--header", f"Authorization: Bearer {session.token(place)}", "--continue-on-failure", "--no-color"),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", _EXAMPLES),
            *("--seed", "1", "--report", "ndjson", "--report-ndjson-path", str(report)),
        ],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "sbhooks", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        check=False,
    )
    assert done.returncode == 0, done.stdout.partition("= FAILURES =")[2] or done.stdout + done.stderr
    return told(report)


def told(report: Path) -> dict[str, set[int]]:
    """The statuses of each operation."""
    found: dict[str, set[int]] = {}
    for recorder in recorders(report):
        for interaction in recorder.get("interactions", {}).values():
            answer = interaction.get("response")
            if answer is not None:
                found.setdefault(recorder["label"], set()).add(answer["status_code"])
    return found


def recorders(report: Path) -> Iterator[dict[str, Any]]:
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line).get("ScenarioFinished")
            if event and event.get("recorder"):
                yield event["recorder"]
