"""The source distribution holds all that is under version control, and its demo and its tests run from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# What is made anew, or belongs to this machine.
_MADE = shutil.ignore_patterns(
    ".git", ".venv", ".*cache", ".hypothesis", ".coverage*", "__pycache__", "*.egg-info", "build", "dist", "_build"
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, without asking any registry, and unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    shutil.copytree(ROOT, folder / "source", ignore=_MADE)
    command = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(folder), "."]
    built = subprocess.run(command, cwd=folder / "source", capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def installed(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that what was unpacked is installed in."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--no-build-isolation", "--target"]
    subprocess.run([*command, str(folder), str(unpacked)], capture_output=True, check=True)
    return folder


def run(installed: Path, unpacked: Path, *arguments: str) -> str:
    """Run Python in what was unpacked, with what was installed from it in front of the checkout."""
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=unpacked,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "tests/test_sdist.py", "tests/conftest.py", "tests/wire/tls", "docs/tutorial/first-rows.md", "docs/conf.py",
        "bench/__main__.py", "findings/README.md", "wsdl_cache/index.ini", "afas_soap/py.typed", ".ci/run", "Makefile",
        "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    ],
)  # fmt: skip
def test_it_holds_what_a_packager_looks_for(unpacked: Path, name: str) -> None:
    assert (unpacked / name).exists()


def test_it_holds_all_that_is_under_version_control(unpacked: Path) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        pytest.skip("this is no checkout, so nobody tells what belongs in it")
    assert [
        name for name in listed.stdout.splitlines() if (ROOT / name).exists() and not (unpacked / name).exists()
    ] == []


def test_it_holds_nothing_that_was_made(unpacked: Path) -> None:
    made = ("*.pyc", ".coverage*", "docs/_build", "docs/reference/generated")
    assert [path for pattern in made for path in unpacked.glob(pattern if "/" in pattern else f"**/{pattern}")] == []


def test_its_demo_runs(installed: Path, unpacked: Path, tmp_path: Path) -> None:
    printed = run(installed, unpacked, "-m", "afas_soap", "demo", "-o", str(tmp_path / "demo.xml"))
    assert "Both protocols agree, field by field and byte by byte." in printed


def test_its_tests_run(installed: Path, unpacked: Path) -> None:
    some = ["tests/test_door.py", "tests/profit/test_rows.py", "tests/wire/http/test_tls.py"]
    assert " passed" in run(installed, unpacked, "-m", "pytest", "-q", "-p", "no:cacheprovider", *some)
