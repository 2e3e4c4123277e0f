"""Findings keep the form that their README states. They ask a registry, so they are not run here."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
TABLE = (FOLDER / "README.md").read_text("utf-8")


def test_each_has_its_line() -> None:
    assert SCRIPTS
    assert re.findall(r"^\| \[`([\w-]+)`\]\(\1\.sh\)", TABLE, re.MULTILINE) == [script.stem for script in SCRIPTS]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_form(script: Path) -> None:
    """A head that says versions, behaviour and remedy; a folder of its own; pinned packages, and none of ours."""
    text = script.read_text("utf-8")
    head = text.split("\n\n")[0].partition("set -euo pipefail")[0]
    assert os.access(script, os.X_OK)
    assert all(f"# {word}:" in head for word in ("Versions", "Behaviour", "What to do"))
    assert "mktemp -d" in text
    assert "trap 'rm -rf" in text
    assert "afas_soap" not in text
    installed = re.findall(r"pip install --quiet (?:--no-deps --target \w+ )?(.+)", text)
    assert installed
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", package) for packages in installed for package in packages.split())
    subprocess.run(["bash", "-n", str(script)], check=True)
