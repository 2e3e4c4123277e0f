"""The token store: one file per profile, its owner's only, by atomic replace and under a lock of its own.

Refresh tokens are used once (authentication.md), so whoever renews first writes what came of it, and the others read
that. Before a refresh token is spent the entry is marked: a mark that is found says that somebody was stopped half-way.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import platformdirs

from afas_soap import disk
from afas_soap.errors import SettingsError, SignInError
from afas_soap.profit.access.secret import Secret

VERSION = 1
# Longer than a token request takes, with its time-outs.
_PATIENCE = 180.0
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LARGEST = 2**20
# The year 10000, which no calendar here has.
_END_OF_TIME = 253402300800


@dataclass(frozen=True, slots=True)
class Entry:
    """What a sign-in gave. Times in seconds since 1970 by this machine's clock; ``renew_at`` lies before
    ``expires_at``, ``refresh_until`` is the end of the chain. ``renewing`` is the mark."""

    access_token: Secret
    kind: str
    client_id: str
    environment: str
    issued_at: float
    renew_at: float
    expires_at: float
    refresh_token: Secret | None = None
    refresh_until: float | None = None
    dpop_key: Secret | None = None
    nonce: str | None = None
    renewing: bool = False


class Store(Protocol):
    """Where an entry is kept."""

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Nobody else reads to renew, or writes, within."""
        ...

    def read(self) -> Entry | None:
        """What is there now."""
        ...

    def write(self, entry: Entry) -> None:
        """Keep ``entry`` in place of what was there; it is safe when this returns."""
        ...


class MemoryStore:
    """Keeps an entry as long as the process lives."""

    def __init__(self) -> None:
        self._entry: Entry | None = None

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """There is nobody else."""
        return contextlib.nullcontext()

    def read(self) -> Entry | None:
        """What was written last."""
        return self._entry

    def write(self, entry: Entry) -> None:
        """Keep it."""
        self._entry = entry


def store_folder() -> Path:
    """Where the entries are. ``SettingsError`` for a user who has no folder at all, as in some containers."""
    try:
        return platformdirs.user_state_path("afas-soap", appauthor=False) / "tokens"
    except RuntimeError:
        failure = SettingsError("There is no folder to keep tokens in: set HOME, or XDG_STATE_HOME.")
    raise failure


class TokenStore:
    """The entry of one profile. Raises ``SettingsError`` for a file that cannot be read or written, or is damaged."""

    def __init__(self, profile: str, folder: Path | None = None) -> None:
        self._profile = profile
        self._folder = folder if folder is not None else store_folder()
        # A name may hold what no file name should, such as a slash.
        self.path = self._folder / f"{quote(profile, safe=' ')}.json"
        self._beside = Path(f"{self.path}.new")

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Other processes and threads wait. ``SignInError`` when one of them does not let go."""
        taken = SignInError(
            f"Another process has been renewing the tokens of profile {self._profile} for {_PATIENCE:.0f} seconds: "
            "end it, or try again later."
        )
        return disk.locked(
            self.path, patience=_PATIENCE, taken=taken, refused=lambda problem: self._unusable("locked", problem)
        )

    def read(self) -> Entry | None:
        """The entry, None when nobody has signed in."""
        try:
            with self.path.open("rb") as file:
                self._check_mode(os.fstat(file.fileno()))
                return self._entry(file.read(_LARGEST + 1))
        except FileNotFoundError:
            return None
        except OSError as problem:
            failure = self._unusable("read", problem)
        raise failure

    def write(self, entry: Entry) -> None:
        """It is on the disk when this returns, and so is its name. Call it while it is locked."""
        data = self._spelt(entry)
        try:
            disk.make_folder(self._folder)
            with disk.replacing(self.path, beside=self._beside) as file:
                file.write(data)
            disk.flush_folder(self._folder)
        except OSError as problem:
            failure = self._unusable("written", problem)
        else:
            return
        raise failure

    def remove(self) -> bool:
        """Forget the entry, whatever stands in it; whether there was one."""
        if not self._is_there():
            # Nor is a lock laid down for a name that nobody has.
            return False
        with self.locked():
            try:
                self._beside.unlink(missing_ok=True)
                self.path.unlink()
            except FileNotFoundError:
                return False
            except OSError as problem:
                failure = self._unusable("removed", problem)
            else:
                return True
        raise failure

    def _spelt(self, entry: Entry) -> bytes:
        return _spelt(entry)

    def _read(self, members: object) -> Entry:
        return _read(members)

    def _is_there(self) -> bool:
        try:
            return self.path.exists() or self._beside.exists()
        except OSError:
            # Perhaps; whoever needs to know is told why not.
            return True

    def _check_mode(self, found: os.stat_result) -> None:
        # Windows keeps no such bits: a profile's folder is its owner's there.
        if os.name != "nt" and found.st_mode & _OTHERS:
            raise SettingsError(f"Others can read or write {self.path}: chmod 600 it, or sign in again.")

    def _entry(self, data: bytes) -> Entry:
        try:
            return self._read(json.loads(data))
        except (LookupError, ValueError, OverflowError, RecursionError):
            failure = SettingsError(
                f"The token store {self.path} is damaged, or of another version of afas-soap: sign in again "
                "('afas auth login'), or remove it ('afas auth logout')."
            )
        raise failure

    def _unusable(self, how: str, problem: Exception) -> SettingsError:
        return SettingsError(
            f"The token store {self.path} cannot be {how} ({disk.reason(problem)}): see to that, or have it elsewhere "
            "(XDG_STATE_HOME)."
        )


def _spelt(entry: Entry) -> bytes:
    members: dict[str, object] = {"version": VERSION}
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        members[field.name] = value.reveal() if isinstance(value, Secret) else value
    return json.dumps(members, indent=1).encode()


def _read(members: object) -> Entry:
    """``ValueError`` for what is no entry, without a word of it."""
    if not isinstance(members, dict) or members.get("version") != VERSION:
        raise ValueError
    refresh, key, until = (members.get(name) for name in ("refresh_token", "dpop_key", "refresh_until"))
    kind = as_text(members.get("kind"))
    # A bound token is worth nothing without its key.
    if kind not in ("Bearer", "DPoP") or (kind == "DPoP" and key is None):
        raise ValueError
    return Entry(
        access_token=Secret(as_token(members.get("access_token")), "access token"),
        kind=kind,
        client_id=as_text(members.get("client_id")),
        environment=as_text(members.get("environment")),
        issued_at=as_time(members.get("issued_at")),
        renew_at=as_time(members.get("renew_at")),
        expires_at=as_time(members.get("expires_at")),
        refresh_token=None if refresh is None else Secret(as_token(refresh), "refresh token"),
        refresh_until=None if until is None else as_time(until),
        dpop_key=None if key is None else Secret(as_text(key), "DPoP key"),
        nonce=None if members.get("nonce") is None else as_text(members["nonce"]),
        renewing=members.get("renewing") is True,
    )


def as_text(value: object) -> str:
    """Text that can be written; ``ValueError`` for anything else."""
    if not isinstance(value, str):
        raise ValueError
    # Half a sign cannot be sent, nor written.
    value.encode()
    return value


def as_token(value: object) -> str:
    """What goes into a header: one without a line end, say."""
    text = as_text(value)
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError
    return text


def as_time(value: object) -> float:
    """Seconds since 1970; ``ValueError`` for what no calendar here has."""
    # NaN is not, either.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _END_OF_TIME:
        raise ValueError
    return float(value)
