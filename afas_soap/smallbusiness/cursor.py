"""A durable cursor (change data capture): the tracking token of one connector in a file, to go on from in the next run.

The file says of which address, connector, version and further parameters its token is, for what SB makes of another's
is not known (small-business.md 2.1). It is replaced whole, so a kill leaves the old token or the new one; and it is
locked while it is open, so that two runs do not take the same changes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from afas_soap import disk
from afas_soap.errors import SettingsError
from afas_soap.sb.rowsarray import is_token

_FORMAT = "afas-sb-cursor-1"
_LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token is from. ``query`` is what else was asked: it chooses rows, and a token knows of those alone."""

    address: str
    connector: str
    version: str
    query: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        query = "".join(f" with {name}={value}" for name, value in sorted(self.query.items()))
        return f"{self.connector} {self.version} of {self.address}{query}"

    @property
    def kept(self) -> dict[str, object]:
        """As the file has it; addresses and connectors are the same in any case (inferred)."""
        return {
            "address": self.address.lower(),
            "connector": self.connector.lower(),
            "version": self.version,
            "query": {**self.query},
        }

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> Self:
        """The place that a file has; whatever stands there is told as it is."""
        query = kept.get("query", {})
        named = {str(name): str(value) for name, value in query.items()} if isinstance(query, dict) else {"?": "?"}
        address, connector, version = (str(kept.get(name)) for name in ("address", "connector", "version"))
        return cls(address, connector, version, named)


class Cursor:
    """The cursor in ``path`` for ``place``, open and locked until it is closed. ``token`` is the one to go on from,
    None for a new file.

    Raises ``SettingsError`` for a file that somebody else has open, that cannot be read or is no cursor, and for one of
    another place.
    """

    def __init__(self, path: str | Path, place: Place) -> None:
        self._path = disk.behind_links(disk.target_of(path))
        if not self._path.parent.is_dir():
            raise SettingsError(f"cannot write {self._path}: there is no such folder; make it first.")
        self._place = place
        self._new = _new(self._path)
        self._lock = disk.Lock(self._path)
        self._acquire()
        try:
            self.token = self._read()
        except BaseException:
            self.close()
            raise

    @classmethod
    def opened(cls, path: str | Path | None, place: Place) -> Self | None:
        """The cursor, None where no file is named."""
        return None if path is None else cls(path, place)

    def move(self, token: str) -> None:
        """Keep ``token``, which is on the disk when this returns. Raises ``SettingsError`` when it cannot be."""
        text = json.dumps({"format": _FORMAT, **self._place.kept, "token": token})
        try:
            with disk.replacing(self._path, beside=self._new) as stream:
                stream.write(f"{text}\n".encode())
            disk.flush_folder(self._path.parent)
        except OSError as error:
            problem = disk.unwritten(self._path, error)
        else:
            self.token = token
            return
        raise problem

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        self._lock.release()

    def _acquire(self) -> None:
        try:
            disk.check_writable(self._path, self._path)
            self._lock.acquire()
        except disk.InUseError:
            problem = SettingsError(f"{self._path} is in use: another run reads the same changes. Let it end first.")
        except (OSError, NotImplementedError) as error:
            problem = disk.unwritten(self._path, error)
        else:
            return
        raise problem

    def _read(self) -> str | None:
        try:
            with self._path.open("rb") as stream:
                data = stream.read(_LONGEST)
        except FileNotFoundError:
            return None
        except OSError as error:
            problem = SettingsError(f"cannot read {self._path}: {disk.reason(error)}.")
        else:
            return self._token_in(data)
        raise problem

    def _token_in(self, data: bytes) -> str:
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or found.get("format") != _FORMAT:
            raise SettingsError(
                f"{self._path} is no cursor of afas sb changes: name another file, or remove this one and begin with "
                "every row."
            )
        there, token = Place.of(found), found.get("token")
        if there.kept != self._place.kept or not isinstance(token, str) or not is_token(token):
            raise SettingsError(
                f"{self._path} is the cursor of {there}, and this is {self._place}: its token means nothing here. Name "
                "another file."
            )
        return token


def check_apart(cursor: str | Path, other: str | Path | int, name: str) -> None:
    """Raise ``SettingsError`` where what is written to ``other``, a path or an open file that messages call ``name``,
    would be one of the files of ``cursor``: itself, the new one that takes its place, or its lock."""
    path = disk.behind_links(Path(cursor))
    for file in (path, _new(path), Path(f"{path}.lock")):
        if _is_same(file, other):
            raise SettingsError(
                f"cursor: {file} belongs to the cursor, and {name} would be written to the same file: name another one."
            )


def _new(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _is_same(file: Path, other: str | Path | int) -> bool:
    """By name, in any case, for some file systems know no other; or by what is there, for a file has many names."""
    if not isinstance(other, int) and str(disk.behind_links(Path(other))).casefold() == str(file).casefold():
        return True
    try:
        return os.path.samestat(file.stat(), os.fstat(other) if isinstance(other, int) else Path(other).stat())
    except (OSError, ValueError):
        return False
