"""``make audit``: what it says of known holes, and that it never takes silence for an all-clear."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
AUDIT = ROOT / ".ci" / "audit.py"
FINE = {"name": "lxml", "version": "6.1", "vulns": []}
HOLE = {
    "name": "werkzeug",
    "version": "3.0.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-2024-34069"], "fix_versions": ["3.0.3"], "description": "..."}],
}
SKIPPED = {"name": "afas-soap", "skip_reason": "Dependency not found on PyPI and could not be audited"}
NOT_LOOKED = "no source of known holes can be reached from here, so nothing was looked up"


def audit(tmp_path: Path, answers: dict[str, object]) -> tuple[int, list[str], list[list[str]]]:
    """Run it with a program that gives each source's answer in place of pip-audit; also what that was asked."""
    fake, asked = tmp_path / "fake.py", tmp_path / "asked"
    fake.write_text(
        "import json, sys\n"
        f"with open({str(asked)!r}, 'a') as file: print(json.dumps(sys.argv[1:]), file=file)\n"
        f"answers = json.loads({json.dumps(answers)!r})\n"
        "answer = answers.get(sys.argv[sys.argv.index('-s') + 1])\n"
        "print(answer if isinstance(answer, str) else json.dumps({'dependencies': answer, 'fixes': []}))\n"
        "sys.exit(0 if isinstance(answer, list) else 1)\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(AUDIT), sys.executable, str(fake)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines(), [json.loads(line) for line in asked.read_text().splitlines()]


def test_nothing_known(tmp_path: Path) -> None:
    """Of those that the source knows; this package itself it does not."""
    code, lines, asked = audit(tmp_path, {"pypi": [FINE, SKIPPED]})
    assert code == 0
    assert lines == [
        "audit: what is installed: 1 packages asked about, 0 known holes",
        "audit: the least versions: 1 packages asked about, 0 known holes",
    ]
    assert len(asked) == 2


def test_a_hole_is_named_with_what_closes_it(tmp_path: Path) -> None:
    code, lines, _ = audit(tmp_path, {"pypi": [FINE, HOLE]})
    assert code == 1
    assert "  werkzeug 3.0.0: PYSEC-1, CVE-2024-34069 (closed in 3.0.3)" in lines


@pytest.mark.parametrize("silent", ["", "no JSON", "{}", "[]", [SKIPPED], []])
def test_nobody_to_ask_is_no_all_clear(tmp_path: Path, silent: object) -> None:
    """A source that cannot be reached has every package skipped, and pip-audit calls that no known vulnerabilities."""
    code, lines, asked = audit(tmp_path, {"pypi": silent, "osv": silent})
    assert code == 2
    assert lines == [f"audit: what is installed: {NOT_LOOKED}", f"audit: the least versions: {NOT_LOOKED}"]
    assert len(asked) == 4


def test_the_next_source_is_asked(tmp_path: Path) -> None:
    code, lines, _ = audit(tmp_path, {"pypi": [SKIPPED], "osv": [HOLE]})
    assert code == 1
    assert "audit: the least versions: 1 packages asked about, 1 known holes" in lines


def test_the_least_versions_are_those_of_setup_cfg(tmp_path: Path) -> None:
    """Each requirement states one."""
    wanted = re.search(r"^install_requires =\n((?:    .*\n)+)", (ROOT / "setup.cfg").read_text("utf-8"), re.MULTILINE)
    assert wanted is not None
    fake = tmp_path / "fake.py"
    keep = tmp_path / "kept"
    fake.write_text(
        "import sys\n"
        f"if '-r' in sys.argv: open({str(keep)!r}, 'w').write(open(sys.argv[sys.argv.index('-r') + 1]).read())\n",
        "utf-8",
    )
    subprocess.run([sys.executable, str(AUDIT), sys.executable, str(fake)], capture_output=True, check=False)
    least = dict(line.split("==") for line in keep.read_text().splitlines())
    assert len(least) == sum(not line.strip().startswith("#") for line in wanted[1].splitlines())
    # Releases that closed holes which were published.
    closed = {"filelock": (4, 2, 1), "urllib3": (2, 8), "werkzeug": (3, 1, 9), "cryptography": (50,), "PyJWT": (2, 15)}
    for name, version in closed.items():
        assert tuple(map(int, least[name].split("."))) >= version
