"""The schema cache: schemas of UpdateConnectors on disk, so that a check need not ask Profit each time.

A kept schema is no more than a convenience: one that is not there, too old, broken, or of another environment is asked
again, and a folder that cannot be written is a warning in the log. No file holds a secret.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from lxml import etree

from afas_soap import disk
from afas_soap.errors import AnswerError, SettingsError
from afas_soap.profit import xmlsafe
from afas_soap.profit.encoding import encoding_of

_LOG = logging.getLogger("afas_soap.cache")

MAX_AGE = datetime.timedelta(hours=24)
"""How old a kept schema may be: an administrator adds a field, and it is there the next day at the latest."""

_UNSAFE = re.compile("[^A-Za-z0-9-]+")
# The longest that counts, in the words of a person: a unit and how many seconds it has.
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Kept:
    """A schema, when it was fetched (UTC), and whether it was on disk already."""

    text: str = field(repr=False)
    fetched: datetime.datetime
    from_disk: bool

    def age(self, now: datetime.datetime) -> str:
        """How old it is, in words: ``3 hours``, ``2 days``, ``less than a minute``."""
        seconds = int((now - self.fetched).total_seconds())
        for unit, size in _UNITS:
            if seconds >= size:
                count = seconds // size
                return f"{count} {unit}{'s' if count != 1 else ''}"
        return "less than a minute"


def now() -> datetime.datetime:
    """The time, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def schemas_folder() -> Path | None:
    """Where the system keeps such files; None for a user who has no folder at all, as in some containers."""
    try:
        return platformdirs.user_cache_path("afas-soap", appauthor=False) / "schemas"
    except RuntimeError:
        return None


class Schemas:
    """The schemas in ``folder`` that ``owner`` has: a text that names the environment and the protocol
    (``12345-test soap``), for both may have fields of their own."""

    def __init__(self, folder: Path, owner: str, *, clock: Callable[[], datetime.datetime] = now) -> None:
        self.folder = folder
        self._owner = owner
        self._clock = clock

    def find(self, connector: str, ask: Callable[[], str], *, refresh: bool = False) -> Kept:
        """The schema of a connector: the kept one when it is no older than ``MAX_AGE``, else what ``ask`` gives, which
        is kept. ``refresh`` asks in any case. Raises what ``ask`` raises, and nothing of its own."""
        path = self.path(connector)
        kept = None if refresh else self._read(path, connector)
        if kept is not None and datetime.timedelta() <= self._clock() - kept.fetched <= MAX_AGE:
            return kept
        asked = Kept(ask(), self._clock(), from_disk=False)
        self._write(path, connector, asked)
        return asked

    def path(self, connector: str) -> Path:
        """Where a connector's schema is kept, whatever signs the names hold."""
        whole = json.dumps([self._owner, connector.lower()])
        readable = _UNSAFE.sub("-", f"{connector[:40].lower()}-{self._owner[:40]}").strip("-")
        return self.folder / f"{readable}-{hashlib.sha256(whole.encode()).hexdigest()[:16]}.json"

    def _read(self, path: Path, connector: str) -> Kept | None:
        try:
            document = json.loads(path.read_bytes())
            if (document["owner"], document["connector"].lower()) != (self._owner, connector.lower()):
                raise ValueError
            text, fetched = document["schema"], datetime.datetime.fromisoformat(document["fetched"])
            if not isinstance(text, str) or fetched.tzinfo is None:
                raise ValueError
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
            _LOG.warning("the kept schema %s cannot be used (%s): it is asked again", path, type(problem).__name__)
            return None
        return Kept(text, fetched, from_disk=True)

    def _write(self, path: Path, connector: str, asked: Kept) -> None:
        document = {
            "owner": self._owner,
            "connector": connector,
            "fetched": asked.fetched.isoformat(),
            "schema": asked.text,
        }
        try:
            disk.make_folder(self.folder)
            # For its owner only: no other user needs to know which connectors there are. Lost, it is asked again.
            with disk.replacing(path, flushed=False) as file:
                file.write(json.dumps(document).encode("ascii"))
        except OSError as problem:
            _LOG.warning("the schema of %s cannot be kept in %s: %s", connector, self.folder, disk.reason(problem))


@dataclass(frozen=True, slots=True)
class Source:
    """``ask`` gives the XSD of a connector as it is now; ``schemas`` are those on disk, None where none are kept."""

    ask: Callable[[str], str]
    schemas: Schemas | None = None

    def find(self, connector: str, *, refresh: bool = False) -> Kept:
        """The XSD of a connector, as ``Schemas.find``. Raises what ``ask`` raises."""
        if self.schemas is None:
            return Kept(self.ask(connector), now(), from_disk=False)
        return self.schemas.find(connector, lambda: self.ask(connector), refresh=refresh)

    def keep(self, connector: str, text: str) -> None:
        """Keep this text in place of what would be asked, for as long as that would be."""
        if self.schemas is not None:
            self.schemas.find(connector, lambda: text, refresh=True)


def folder_schema(path: Path, connector: str) -> str:
    """The XSD of a connector out of a file, or out of a folder of XSDs (``KnSubject.xsd``, in any case).

    Raises ``SettingsError`` when it is not there, cannot be read, or holds no text.
    """
    try:
        file = _in_folder(path, connector) if path.is_dir() else path
        data = file.read_bytes()
    except OSError as problem:
        raise SettingsError(f"cannot read {path}: {problem.strerror or type(problem).__name__}.") from None
    return _decoded(file, data)


def _in_folder(folder: Path, connector: str) -> Path:
    name = f"{connector}.xsd"
    # The name as it is spelt goes first, where case tells files apart.
    found = sorted(
        (each for each in folder.iterdir() if each.name.lower() == name.lower()), key=lambda each: each.name != name
    )
    if not found:
        raise SettingsError(f"there is no {name} in {folder}.")
    return found[0]


def _decoded(file: Path, data: bytes) -> str:
    """UTF-8 as it is; anything else is read as XML, in the encoding that it has or declares."""
    if encoding_of(data) in (None, "utf-8"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode("utf-8-sig")
    try:
        return etree.tostring(xmlsafe.parse(data), encoding="unicode")
    except AnswerError as problem:
        raise SettingsError(f"cannot read {file}: {problem.message}.") from None
