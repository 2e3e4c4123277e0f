"""Writing the file of profiles: one table is added, replaced or removed, and every other sign stays as it is.

The new text is read before it is written: when it does not say what it should, because the profile stands there in a
form that is not edited here (dotted or inline), it is refused and the file stays as it was. Reading, changing and
writing it go under a lock, so that of two processes neither loses what the other wrote; written is by atomic replace.
"""

from __future__ import annotations

import contextlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from afas_soap import disk
from afas_soap.errors import SettingsError
from afas_soap.settings.kinds import path as read_path
from afas_soap.settings.names import NAMES, PATHS
from afas_soap.settings.profiles import EMULATOR, parsed, profiles_of, read_text

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
# Far longer than anybody takes to write it.
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class _Table:
    """Lines ``start`` to ``end`` are the table ``key``: its header, and all up to its last line that says something."""

    key: tuple[str, ...]
    start: int
    end: int


def check_new(name: str, path: Path, *, replace: bool = False) -> None:
    """Raise ``SettingsError`` when a profile cannot have this name: it is taken, or it is no name."""
    if not name or name != name.strip() or not name.isprintable():
        raise SettingsError("profile: a name is visible text, without blanks around it.")
    if name == EMULATOR:
        raise SettingsError(f"profile: the name {EMULATOR!r} is taken by the embedded Profit: choose another.")
    if not replace and path.exists() and name in profiles_of(parsed(read_text(path), path), path):
        raise SettingsError(f"profile: there is a profile {name!r} in {path} already: say --replace to write it anew.")


def add_profile(path: Path, name: str, values: Mapping[str, object], *, replace: bool = False) -> None:
    """Write a profile behind the others, or with ``replace`` in the place of the one of that name, whose comments stay.

    ``values`` are texts, numbers and switches by setting. The file, and its folder where that is made, are for their
    owner only. Raises ``SettingsError``, and the file is what it was before.
    """
    with _locked(path):
        check_new(name, path, replace=replace)
        text = read_text(path) if path.exists() else ""
        _write(path, with_profile(text, name, values, path))


def remove_profile(path: Path, name: str) -> None:
    """Take a profile out of the file; comments in front of it stay."""
    with _locked(path):
        _write(path, without_profile(read_text(path), name, path))


def as_stored(setting: str, value: object) -> object:
    """A value as it goes into the file: there a relative path would count from that file's folder."""
    if setting not in PATHS:
        return value
    if str(value) == "-":
        raise SettingsError(f"{setting}: a profile names a file; - (standard input) is for a single call.")
    return str(read_path(setting, value).absolute())


def spelt(name: str, values: Mapping[str, object], newline: str = "\n") -> str:
    """A profile as TOML: its header and a line per setting, in the order of the reference."""
    lines = [f"[profiles.{_key(name)}]", *_settings(values)]
    return "".join(line + newline for line in lines)


def with_profile(text: str, name: str, values: Mapping[str, object], path: Path) -> str:
    """The text of the file with this profile in it."""
    before = parsed(text, path)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = _LINE.findall(text)
    found = [table for table in _tables(lines) if table.key[:2] == ("profiles", name)]
    if found:
        old = lines[found[0].start : found[0].end]
        kept = [old[0], *(line for line in old[1:] if line.lstrip().startswith("#"))]
        new = [*kept, *(line + newline for line in _settings(values))]
        lines[found[0].start : found[0].end] = [line if line.endswith("\n") else line + newline for line in new]
    else:
        gap = [] if not lines else [newline] if text.endswith("\n") else [newline, newline]
        lines = [*lines, *gap, spelt(name, values, newline)]
    wanted = {**profiles_of(before, path), name: dict(values)}
    return _verified("".join(lines), {**before, "profiles": wanted}, name, path)


def without_profile(text: str, name: str, path: Path) -> str:
    """The text of the file without this profile, which must be there."""
    before = parsed(text, path)
    profiles = profiles_of(before, path)
    if name not in profiles:
        raise SettingsError(f"profile: there is no profile {name!r} in {path}.")
    lines = _LINE.findall(text)
    for table in reversed(list(_tables(lines))):
        if table.key[:2] == ("profiles", name):
            end = table.end
            while end < len(lines) and not lines[end].strip():
                end += 1
            del lines[table.start : end]
    wanted = {other: value for other, value in profiles.items() if other != name}
    return _verified("".join(lines), {**before, "profiles": wanted}, name, path)


def _verified(text: str, wanted: Mapping[str, object], name: str, path: Path) -> str:
    try:
        found: Mapping[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        found = {}
    if {"profiles": {}, **found} != wanted:
        raise SettingsError(
            f"{path}: the profile {name!r} is not a table of its own ([profiles.{_key(name)}]): edit it by hand."
        )
    return text


def _tables(lines: Sequence[str]) -> Iterator[_Table]:
    """The tables of a document, in order."""
    headers = [(index, key) for index in range(len(lines)) if (key := _header(lines, index)) is not None]
    starts = [*(index for index, _ in headers), len(lines)]
    for (start, key), end in zip(headers, starts[1:], strict=True):
        # What stands behind the last setting is said of the next table.
        while end > start + 1 and lines[end - 1].strip()[:1] in ("", "#"):
            end -= 1
        yield _Table(key, start, end)


def _header(lines: Sequence[str], index: int) -> tuple[str, ...] | None:
    """The key of the table that begins at this line; None for another line, also for one that only looks like it."""
    if not lines[index].lstrip().startswith("["):
        return None
    try:
        # Within a text or an array of several lines, what stands before is no whole document.
        tomllib.loads("".join(lines[:index]))
        inner: object = tomllib.loads(lines[index])
    except tomllib.TOMLDecodeError:
        return None
    keys: list[str] = []
    while isinstance(inner, dict) and inner:
        key, inner = next(iter(inner.items()))
        keys.append(key)
    return tuple(keys)


def _settings(values: Mapping[str, object]) -> list[str]:
    order = [*(name for name in NAMES if name in values), *(name for name in values if name not in NAMES)]
    return [f"{_key(name)} = {_value(name, values[name])}" for name in order]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _value(name: str, value: object) -> str:
    if isinstance(value, str):
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise SettingsError(f"{name}: holds a sign that is no character; a profile is UTF-8.")
        return _quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    raise SettingsError(f"{name}: must be a text, a number, or true or false.")


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for one sign that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _locked(path: Path) -> contextlib.AbstractContextManager[None]:
    """Nobody else writes the file within. Makes its folder."""
    taken = SettingsError(f"Another process has been writing {path} for {_PATIENCE:g} seconds: end it, or try again.")
    return disk.locked(
        disk.behind_links(path),
        patience=_PATIENCE,
        taken=taken,
        refused=lambda problem: disk.unwritten(path, problem),
    )


def _write(path: Path, text: str) -> None:
    target = disk.behind_links(path)
    try:
        disk.check_writable(target, path)
        with disk.replacing(target) as file:
            file.write(text.encode())
    except OSError as problem:
        raise disk.unwritten(path, problem) from None
