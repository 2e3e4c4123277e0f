"""The token store: its owner's only, whole or not there, and clear about what it cannot read."""

from __future__ import annotations

import json
import os
import re
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import filelock
import platformdirs
import pytest

from afas_soap.errors import SettingsError, SignInError
from afas_soap.profit.access.secret import Secret
from afas_soap.signin import store as stores
from afas_soap.signin.store import Entry, TokenStore, store_folder

FULL = Entry(
    access_token=Secret("toegang-0123456789"),
    kind="DPoP",
    client_id="client",
    environment="https://12345.rest.afas.online/ProfitRestServices",
    issued_at=1.0,
    renew_at=2.0,
    expires_at=3.5,
    refresh_token=Secret("vernieuwing-0123456789"),
    refresh_until=4.0,
    dpop_key=Secret('{"kty":"EC"}'),
    nonce="nonce",
    renewing=True,
)
BARE = Entry(Secret("toegang"), "Bearer", "client", "https://host", 1.0, 2.0, 3.0)


@pytest.mark.parametrize("entry", [FULL, BARE])
def test_what_is_written_is_read(tmp_path: Path, entry: Entry) -> None:
    store = TokenStore("demo", tmp_path / "a" / "b")
    assert store.read() is None
    store.write(BARE)
    store.write(entry)
    assert store.read() == entry
    assert [path.name for path in store.path.parent.iterdir()] == ["demo.json"]
    assert json.loads(store.path.read_text("utf-8"))["version"] == 1


def test_it_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
    tmp_path: Path, on_disk: list[tuple[str, object]]
) -> None:
    """A refresh token is used once. Renamed first, a power cut leaves an empty file where the old one was; and a rename
    that is not flushed is forgotten, with the token that was spent for it."""
    store = TokenStore("demo", tmp_path)
    store.write(BARE)
    on_disk.clear()
    store.write(FULL)
    size = store.path.stat().st_size
    assert size > 0
    folder = [] if os.name == "nt" else [("folder", tmp_path.name)]
    assert on_disk == [("flushed", size), ("renamed", "demo.json"), *folder]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")
def test_only_its_owner_may_touch_it(tmp_path: Path) -> None:
    store = TokenStore("demo", tmp_path / "tokens")
    mask = os.umask(0)
    try:
        with store.locked():
            store.write(BARE)
    finally:
        os.umask(mask)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, *tmp_path.rglob("*"))}
    assert modes["tokens"] == 0o700
    assert modes["demo.json"] == 0o600
    assert modes.get("demo.json.lock", 0o600) == 0o600
    store.path.chmod(0o640)
    with pytest.raises(SettingsError, match=r"Others can read or write .*chmod 600"):
        store.read()


def test_it_lies_where_the_system_keeps_state(tmp_path: Path) -> None:
    assert store_folder().name == "tokens"
    assert store_folder().parent.name == "afas-soap"
    assert TokenStore("demo").path.parent == store_folder()


def test_a_user_without_any_folder_is_told_which_variable_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container there may be neither HOME nor a user."""

    def none(*_names: object, **_options: object) -> Path:
        raise RuntimeError

    monkeypatch.setattr(platformdirs, "user_state_path", none)
    with pytest.raises(SettingsError, match="set HOME, or XDG_STATE_HOME"):
        TokenStore("demo")


@pytest.mark.parametrize("name", ["../elders", "a/b", "een profiel", "..", "CON:1", "é"])
def test_no_name_leads_elsewhere(tmp_path: Path, name: str) -> None:
    store = TokenStore(name, tmp_path)
    store.write(BARE)
    assert store.path.parent == tmp_path
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]


WHOLE = stores._spelt(FULL).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        WHOLE[:-20],
        WHOLE.replace('"version": 1', '"version": 2'),
        "[]",
        "null",
        "[" * 100_000,
        WHOLE.replace('"toegang-0123456789"', "7"),
        WHOLE.replace('"DPoP"', "null"),
        WHOLE.replace('"nonce": "nonce"', '"nonce": 7'),
        WHOLE.replace("3.5", '"3.5"'),
        WHOLE.replace("3.5", "true"),
        WHOLE.replace('"vernieuwing-0123456789"', "[]"),
        # Nothing that a header, a calendar or a file can hold; and a bound token without its key.
        WHOLE.replace("3.5", "1" + "0" * 400),
        WHOLE.replace("3.5", "1e300"),
        WHOLE.replace("3.5", "NaN"),
        WHOLE.replace('"toegang-0123456789"', '"toegang-0123456789\\r\\nX: y"'),
        WHOLE.replace('"vernieuwing-0123456789"', '""'),
        WHOLE.replace('"nonce": "nonce"', '"nonce": "\\ud800"'),
        WHOLE.replace('"DPoP"', '"mac"'),
        re.sub('"dpop_key": .*', '"dpop_key": null,', WHOLE),
    ],
)
def test_a_damaged_store_is_told_and_can_be_replaced(tmp_path: Path, text: str) -> None:
    store = TokenStore("demo", tmp_path)
    store.write(FULL)
    store.path.write_text(text, "utf-8")
    with pytest.raises(
        SettingsError, match=r"damaged, or of another version .*afas auth login.*afas auth logout"
    ) as caught:
        store.read()
    assert "0123456789" not in str(caught.value)
    store.write(BARE)
    assert store.read() == BARE


def test_no_text_at_all(tmp_path: Path) -> None:
    store = TokenStore("demo", tmp_path)
    store.write(BARE)
    store.path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="damaged"):
        store.read()


def test_what_was_left_beside_is_no_harm(tmp_path: Path) -> None:
    """Of a process that was killed while it wrote."""
    store = TokenStore("demo", tmp_path)
    Path(f"{store.path}.new").write_text("half", "utf-8")
    assert store.read() is None
    store.write(BARE)
    assert store.read() == BARE


def test_it_is_forgotten_whatever_stands_in_it(tmp_path: Path) -> None:
    store = TokenStore("demo", tmp_path)
    assert store.remove() is False
    store.write(BARE)
    Path(f"{store.path}.new").write_text("half", "utf-8")
    store.path.write_text("damaged", "utf-8")
    assert store.remove() is True
    assert store.read() is None
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == []


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text("a file", "utf-8")
    store = TokenStore("demo", tmp_path / "tokens")
    for act in (store.read, lambda: store.write(BARE)):
        with pytest.raises(SettingsError, match="cannot be"):
            act()
    assert store.remove() is False


def test_a_folder_that_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What may lie in it is not said to be gone."""

    def refusing(act: str) -> Callable[..., object]:
        allowed = getattr(Path, act)

        def refused(path: Path, *arguments: object, **options: object) -> object:
            if path.suffix == ".lock":
                return allowed(path, *arguments, **options)
            raise PermissionError(13, "Permission denied", str(path))

        return refused

    store = TokenStore("demo", tmp_path)
    store.write(BARE)
    for act in ("exists", "unlink"):
        monkeypatch.setattr(Path, act, refusing(act))
    with pytest.raises(SettingsError, match=r"cannot be removed \(Permission denied\)"):
        store.remove()


def test_an_entry_that_is_a_folder(tmp_path: Path) -> None:
    store = TokenStore("demo", tmp_path)
    store.path.mkdir()
    for act in (store.read, store.remove, lambda: store.write(BARE)):
        with pytest.raises(SettingsError, match="cannot be"):
            act()


def test_a_lock_that_nobody_lets_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_PATIENCE", 0.05)
    store = TokenStore("demo", tmp_path)
    with (
        filelock.FileLock(f"{store.path}.lock"),
        pytest.raises(SignInError, match="Another process has been renewing"),
        store.locked(),
    ):
        pass
    with store.locked():
        store.write(BARE)


def test_a_lock_is_let_go_of_whatever_happens(tmp_path: Path) -> None:
    store = TokenStore("demo", tmp_path)
    with pytest.raises(ZeroDivisionError), store.locked():
        raise ZeroDivisionError
    done = threading.Event()

    def other() -> None:
        with TokenStore("demo", tmp_path).locked():
            done.set()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert done.is_set()


def test_a_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_arguments: object, **_keywords: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(filelock.FileLock, "acquire", none)
    with (
        pytest.raises(SettingsError, match=r"cannot be locked \(NotImplementedError\)"),
        TokenStore("d", tmp_path).locked(),
    ):
        pass


def test_nothing_of_it_shows() -> None:
    assert "0123456789" not in repr(FULL)
