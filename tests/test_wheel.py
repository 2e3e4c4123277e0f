"""The built wheel, installed in a clean folder, works without the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("afas_soap", "wsdl_cache", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what is released, without asking any registry."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder / "dist"),
        str(folder),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = (folder / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the wheel was installed into."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", str(folder), str(wheel)]
    subprocess.run(command, capture_output=True, check=True)
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> str:
    """Run Python in ``folder`` with the installed package in front of the checkout."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_package_its_wsdl_documents_and_its_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packages = {path.parent.relative_to(ROOT) for path in (ROOT / "afas_soap").rglob("__init__.py")}
    assert {f"{package.as_posix()}/__init__.py" for package in packages} <= set(names)
    modules = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "afas_soap").rglob("*.py*") if path.suffix != ".pyc"
    }
    assert modules <= set(names), "packages are listed in setup.cfg by hand: one is missing there"
    documents = {f"afas_soap/wsdl_cache/{path.name}" for path in (ROOT / "wsdl_cache").glob("[!.]*.*")}
    assert documents <= set(names)
    assert "afas_soap/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "bench", "docs", "wsdl_cache"))]


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    printed = run(installed, tmp_path, "-c", "import afas_soap; print(afas_soap.__file__)")
    assert Path(printed.strip()).is_relative_to(installed)


def test_it_does_the_main_job_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    printed = run(installed, tmp_path, "-m", "afas_soap", "demo", "-o", "demo.xml")
    assert "Both protocols agree, field by field and byte by byte." in printed
    assert (tmp_path / "demo.xml").exists()


def test_it_finds_its_wsdl_documents_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    assert "no difference" in run(installed, tmp_path, "-m", "afas_soap", "wsdl", "check", "AppConnectorGet")
