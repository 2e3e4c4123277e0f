"""A secret in the keyring: looked up when it is used, and every way in which there is none has its remedy."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import ClientCredentials, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import resolve
from afas_soap.settings.keyringentry import check_entry, from_keyring, is_kept, keep, token_from_keyring


class NoKeyringError(RuntimeError):
    """Has the name of the library's own."""


class KeyringLocked(Exception):  # noqa: N818 - the library's name for it
    """Has the name of the library's own."""


class Backend(types.ModuleType):
    """What stands in for the library: entries by service and username, or what it raises."""

    def __init__(self, entries: dict[tuple[str, str], str], error: Exception | None = None) -> None:
        super().__init__("keyring")
        self.entries = entries
        self.error = error
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error is not None:
            raise self.error
        self.entries[service, username] = password


def install(monkeypatch: pytest.MonkeyPatch, backend: Backend | None) -> None:
    monkeypatch.setitem(sys.modules, "keyring", backend)


def test_it_is_looked_up_when_the_credential_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are shown without unlocking anything."""
    backend = Backend({("afas/books", "client"): " geheim\n"})
    install(monkeypatch, backend)
    arguments = {"auth": "client-credentials", "environment": "12345", "client_id": "id"}
    found = resolve({**arguments, "client_secret_keyring": "afas/books/client"}, {})
    assert ("client_secret_keyring", "afas/books/client", "argument") in found.shown()
    assert backend.asked == 0
    assert found.credential == ClientCredentials("id", ClientSecret(Secret("geheim")))
    assert backend.asked == 1


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        (None, r"the extra keyring is not installed; .*afas-soap\[keyring\]"),
        (Backend({}), r"keeps nothing for service 'my afas' and user 'id'; put it there: keyring set 'my afas' id"),
        (Backend({("my afas", "id"): " "}), "keeps nothing"),
        (Backend({}, NoKeyringError("geheim")), "no keyring on this system .*client_secret_file"),
        (Backend({}, KeyringLocked("geheim")), "is locked: unlock it"),
        (Backend({}, EOFError("geheim")), "is locked: unlock it"),
        (Backend({}, OSError("geheim")), r"cannot be used \(OSError\): .*client_secret_file"),
        (Backend({("my afas", "id"): "geheim\ngeheim"}), "a client secret in one line"),
        (Backend({("my afas", "id"): "-----BEGIN PRIVATE KEY-----\ngeheim"}), "private_key_file"),
    ],
)
def test_there_is_none(monkeypatch: pytest.MonkeyPatch, backend: Backend | None, message: str) -> None:
    """What a backend says is not repeated."""
    install(monkeypatch, backend)
    with pytest.raises(SettingsError, match=f"client_secret_keyring: .*{message}") as caught:
        from_keyring("client_secret_keyring", "my afas/id")
    assert "geheim" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


TOKEN = AfasToken("AB" * 32)


def test_a_token_is_looked_up_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend({("afas/books", "me"): TOKEN.xml()})
    install(monkeypatch, backend)
    found = resolve({"environment": "12345", "token_keyring": "afas/books/me"}, {})
    assert (found.token, backend.asked) == (None, 0)
    assert found.credential == TOKEN
    backend.entries["afas/books", "me"] = "geheim"
    with pytest.raises(SettingsError, match="this is no AfasToken") as caught:
        found.credential  # noqa: B018 - it is looked up each time
    assert "geheim" not in str(caught.value)


def test_the_token_of_the_highest_level_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, Backend({("a", "b"): TOKEN.xml()}))
    profiles = tmp_path / "profiles.toml"
    profiles.write_text('[profiles.kept]\nenvironment = "12345"\ntoken_keyring = "a/b"\n')
    other = AfasToken("CD" * 32)
    assert resolve({"profile": "kept"}, {}, profiles=profiles).credential == TOKEN
    assert resolve({"profile": "kept"}, {"AFAS_TOKEN": other.xml()}, profiles=profiles).credential == other
    above = resolve({"token_keyring": "a/b", "environment": "12345"}, {"AFAS_TOKEN": other.xml()})
    assert (above.token, above.credential) == (None, TOKEN)
    with pytest.raises(SettingsError, match="token and token_keyring contradict"):
        resolve({"token_keyring": "a/b", "token": other, "environment": "12345"}, {})
    with pytest.raises(SettingsError, match="contradict"):
        resolve({"token_keyring": "a/b", "auth": "public", "environment": "12345"}, {})


def test_a_token_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend({})
    install(monkeypatch, backend)
    assert not is_kept("token_keyring", "a/b/c")
    keep("token_keyring", "a/b/c", TOKEN)
    assert backend.entries == {("a/b", "c"): TOKEN.xml()}
    assert is_kept("token_keyring", "a/b/c")
    assert token_from_keyring("token_keyring", "a/b/c") == TOKEN
    backend.error = KeyringLocked(TOKEN.xml())
    for refused in (lambda: keep("token_keyring", "a/b", TOKEN), lambda: is_kept("token_keyring", "a/b")):
        with pytest.raises(SettingsError, match="token_keyring: the keyring is locked: unlock it, or use token_file"):
            refused()


def test_an_entry_is_two_names() -> None:
    """The last slash divides them, for a service may be an address."""
    assert check_entry("x", " https://12345/a/b ") == "https://12345/a/b"
    for bad in ("", "a", "/a", "a/", "a\n/b", 5):
        with pytest.raises(SettingsError, match="SERVICE/USERNAME"):
            check_entry("client_secret_keyring", bad)
