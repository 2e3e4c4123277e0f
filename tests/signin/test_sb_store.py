"""What is kept of a sign-in at AFAS SB: one refresh token, and an access token for each environment."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.sbstore import SbTokenStore
from afas_soap.signin.store import Entry, TokenStore

ENYOI = "https://demo.afasfocus.nl/enyoi"
ATLAS = "https://demo.afasfocus.nl/atlas"
ENTRY = Entry(
    access_token=Secret("toegang", "access token"),
    kind="Bearer",
    client_id="app",
    environment=ENYOI,
    issued_at=1.0,
    renew_at=2.0,
    expires_at=3.0,
    refresh_token=Secret("vernieuwing", "refresh token"),
)


OPENING = b'{"version": 1, "api": "sb", "origin": "https://demo.afasfocus.nl:443", "client_id": "a", '


def other(entry: Entry, token: str) -> Entry:
    """The same sign-in at another environment."""
    return dataclasses.replace(entry, environment=ATLAS, access_token=Secret(token, "access token"))


@pytest.fixture
def enyoi(tmp_path: Path) -> SbTokenStore:
    return SbTokenStore("office", ENYOI, tmp_path)


@pytest.fixture
def atlas(tmp_path: Path) -> SbTokenStore:
    return SbTokenStore("office", ATLAS, tmp_path)


def test_each_environment_has_its_access_token(enyoi: SbTokenStore, atlas: SbTokenStore) -> None:
    """And all have the refresh token, in a file that is its owner's."""
    assert enyoi.read() is None
    enyoi.write(ENTRY)
    first = atlas.read()
    assert first is not None
    assert (first.refresh_token, first.expires_at, first.environment) == (ENTRY.refresh_token, 0.0, ATLAS)
    atlas.write(other(ENTRY, "ander"))
    assert enyoi.read() == ENTRY
    assert atlas.read() == other(ENTRY, "ander")
    assert stat.S_IMODE(enyoi.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "anew", [{"client_id": "another"}, {"refresh_token": Secret("nieuw", "refresh token")}, {"refresh_token": None}]
)
def test_another_sign_in_takes_the_place_of_all(
    enyoi: SbTokenStore, atlas: SbTokenStore, anew: dict[str, object]
) -> None:
    """Tokens of another client or person are not left beside it."""
    atlas.write(other(ENTRY, "ander"))
    enyoi.write(dataclasses.replace(ENTRY, **anew))  # type: ignore[arg-type]
    assert list(json.loads(enyoi.path.read_bytes())["environments"]) == [ENYOI]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://demo.afasfocus.nl/enyoi",
        "https://demo.afasfocus.nl:8443/enyoi",
        "https://demo2.afasfocus.nl/enyoi",
        "https://demo.afasfocus.nl.example/enyoi",
    ],
)
def test_what_another_host_gave_is_told_as_its_own(enyoi: SbTokenStore, elsewhere: str, tmp_path: Path) -> None:
    """By scheme, host and port; and a sign-in there takes the place of it."""
    enyoi.write(ENTRY)
    stranger = SbTokenStore("office", elsewhere, tmp_path)
    found = stranger.read()
    assert found is not None
    assert (found.environment, found.access_token.reveal()) == ("https://demo.afasfocus.nl:443", "none")
    stranger.write(dataclasses.replace(ENTRY, environment=elsewhere))
    assert list(json.loads(enyoi.path.read_bytes())["environments"]) == [elsewhere]


def test_a_token_that_stands_under_an_address_of_another_host_is_not_its(enyoi: SbTokenStore, tmp_path: Path) -> None:
    enyoi.write(ENTRY)
    enyoi.path.write_text(enyoi.path.read_text().replace(ENYOI, "https://evil.example/enyoi"))
    found = SbTokenStore("office", "https://evil.example/enyoi", tmp_path).read()
    assert found is not None
    assert (found.environment, found.access_token.reveal()) == ("https://demo.afasfocus.nl:443", "none")


def test_the_same_host_in_another_spelling(enyoi: SbTokenStore, tmp_path: Path) -> None:
    enyoi.write(ENTRY)
    again = "https://DEMO.afasfocus.nl:443/atlas"
    found = SbTokenStore("office", again, tmp_path).read()
    assert found is not None
    assert (found.environment, found.refresh_token) == (again, ENTRY.refresh_token)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"version": 1}',
        b'{"version": 1, "api": "sb", "client_id": "a", "refresh_token": "b", "environments": {}}',
        OPENING + b'"refresh_token": null}',
        OPENING + b'"environments": []}',
        OPENING + b'"environments": {"%s": 1}}' % ENYOI.encode(),
        OPENING + b'"environments": {"%s": {"expires_at": 1}}}' % ENYOI.encode(),
        OPENING + b'"refresh_token": "a\\nb", "environments": {}}',
    ],
)
def test_what_is_damaged_is_said_with_the_remedy(enyoi: SbTokenStore, content: bytes) -> None:
    enyoi.write(ENTRY)
    enyoi.path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"is damaged, .*'afas auth login'"):
        enyoi.read()
    enyoi.write(ENTRY)
    assert enyoi.read() == ENTRY


def test_neither_takes_the_others_file(enyoi: SbTokenStore, tmp_path: Path) -> None:
    """A profile that was Profit's, and is SB's now, or the other way round: sign in anew."""
    profit = TokenStore("office", tmp_path)
    profit.write(ENTRY)
    with pytest.raises(SettingsError, match="damaged, or of another version"):
        enyoi.read()
    enyoi.write(ENTRY)
    with pytest.raises(SettingsError, match="damaged, or of another version"):
        profit.read()
    assert profit.remove()


def _write(folder: Path, number: int) -> None:
    for _ in range(20):
        base = f"https://demo.afasfocus.nl/klant{number}"
        store = SbTokenStore("office", base, folder)
        with store.locked():
            store.write(dataclasses.replace(ENTRY, environment=base))


def test_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """Each writes its own environment into the one file, under the one lock."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(tmp_path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    kept = json.loads((tmp_path / "office.json").read_bytes())["environments"]
    assert sorted(kept) == [f"https://demo.afasfocus.nl/klant{number}" for number in range(3)]
