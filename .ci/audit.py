"""Whether known holes are in what is installed here, or in the least versions that setup.cfg admits (``make audit``).

Exit code 0: a source was asked and knows none. 1: it knows some. 2: no source could be reached, so nobody was asked;
pip-audit itself calls that "No known vulnerabilities found". Arguments are a command to ask in place of pip-audit.
"""

from __future__ import annotations

import configparser
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("pypi", "osv")
LEAST = re.compile(r"\s*(?P<name>[\w.-]+)(?:\[[^]]*])?\s*>=\s*(?P<version>[\w.]+)")

Report = Sequence[Mapping[str, Any]]


def least_versions(config: Path) -> list[str]:
    """``name==version`` of everything that is required, whatever for; extras of extras aside."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(config, encoding="utf-8")
    lines = parser["options"]["install_requires"].splitlines()
    return [f"{found['name']}=={found['version']}" for found in map(LEAST.match, lines) if found is not None]


def asked(command: Sequence[str], *arguments: str) -> Report | None:
    """What the first source that can be reached says of each package; None when there is none."""
    for source in SOURCES:
        done = subprocess.run(
            [*command, "--format", "json", "--progress-spinner", "off", "--timeout", "20", "-s", source, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        try:
            report: Report = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError, TypeError):
            continue
        # One that is not known there, such as this package itself, is skipped; all of them when nobody answers.
        known = [package for package in report if "skip_reason" not in package]
        if known:
            return known
    return None


def holes(report: Report) -> Iterator[str]:
    """A line for each known hole."""
    for package in report:
        for hole in package["vulns"]:
            closed = ", ".join(hole.get("fix_versions") or ()) or "none yet"
            names = ", ".join([hole["id"], *hole.get("aliases", ())])
            yield f"  {package['name']} {package['version']}: {names} (closed in {closed})"


def told(what: str, report: Report | None) -> int:
    """Print what was found, and give the exit code."""
    if report is None:
        print(f"audit: {what}: no source of known holes can be reached from here, so nothing was looked up")
        return 2
    found = list(holes(report))
    print(f"audit: {what}: {len(report)} packages asked about, {len(found)} known holes")
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


def main(command: Sequence[str]) -> int:
    if not command and importlib.util.find_spec("pip_audit") is None:
        print("audit: pip-audit is not here and cannot be had, so nothing was looked up")
        return 2
    command = command or [sys.executable, "-m", "pip_audit"]
    with tempfile.TemporaryDirectory() as folder:
        least = Path(folder, "least.txt")
        least.write_text("\n".join(least_versions(ROOT / "setup.cfg")) + "\n", "utf-8")
        codes = (
            told("what is installed", asked(command)),
            told("the least versions", asked(command, "-r", str(least), "--no-deps", "--disable-pip")),
        )
    # A hole counts for more than a question that nobody answered.
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
