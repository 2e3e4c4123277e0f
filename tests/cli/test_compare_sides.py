"""Two environments whose connectors are alike but not the same."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.settings.profiles import profiles_path

Run = Callable[..., Any]
# Sorted by A the rows stand in one order, sorted by B in the other.
ROWS = [("1", "z"), ("2", "y"), ("3", "x")]


@pytest.fixture
def profiles(tmp_path: Path) -> Iterator[None]:
    """Profiles ``ab`` and ``ba``: the same rows, with their two columns in either order."""
    token = tmp_path / "token"
    token.write_text(DEMO_TOKEN.xml())
    token.chmod(0o600)
    text = ""
    with contextlib.ExitStack() as stack:
        for name in ("ab", "ba"):
            folder = tmp_path / name
            folder.mkdir()
            columns = ",".join(name.upper())
            lines = [",".join((a, b) if name == "ab" else (b, a)) for a, b in ROWS]
            (folder / "Shop.csv").write_text("\n".join([columns, *lines, ""]))
            store = stack.enter_context(contextlib.closing(Store(data=folder)))
            server = stack.enter_context(serve(Emulator(store)))
            text += f'[profiles.{name}]\nsoap_url = "{server.soap_url}"\ntoken_file = "{token.as_posix()}"\n'
        target = profiles_path()
        target.parent.mkdir(parents=True)
        target.write_text(text)
        target.chmod(0o600)
        yield


@pytest.mark.usefixtures("profiles")
@pytest.mark.parametrize("key", [[], ["--key", "B"], ["--key", "B,A"]])
def test_both_sides_are_asked_with_the_same_sort(run: Run, key: list[str]) -> None:
    """Each by its own first column, the rows would come in opposite orders, and beyond the window find no partner."""
    sides = ["--left", "profile:ab", "--right", "profile:ba"]
    ran = run("compare", "Shop", *sides, *key, "--window", "1", "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    assert json.loads(ran.out)[0]["equal"] is True
