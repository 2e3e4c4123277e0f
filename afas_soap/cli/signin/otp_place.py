"""Where a new token goes: a file for its owner only, over none but a profile's own, and the profile that names it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from afas_soap import disk
from afas_soap.errors import SettingsError
from afas_soap.settings import Settings
from afas_soap.settings.names import PROFILE_KEYS
from afas_soap.settings.profilefile import add_profile, as_stored, check_new
from afas_soap.settings.profiles import profiles_path, read_profile, stored_profile
from afas_soap.settings.resolving import check_profile

# Whoever takes the name while AFAS answers gets it; how many others are tried.
_NAMES = 10


@dataclass(frozen=True, slots=True)
class Place:
    """The file ``target``, and the profile to be written: ``name``, which is ``added`` or has these settings
    (``stored``), and may have ``named`` the file before. ``replace`` is whether that is there."""

    target: Path
    name: str | None = None
    added: bool = False
    stored: Mapping[str, object] = field(default_factory=dict)
    named: bool = False
    replace: bool = False

    def write(self, made: Callable[[], bytes]) -> Path:
        """Where the bytes are that ``made`` gives. It is called when there is a file to take them, which has no name
        before they are in it. Raises ``OSError``."""
        if self.replace:
            with disk.replacing(disk.behind_links(self.target)) as stream:
                stream.write(made())
            return self.target
        with disk.drafting(self.target.parent, mode=disk.OWNER_ONLY) as draft:
            draft.stream.write(made())
            return draft.publish(self._names())

    def name_it(self, settings: Settings, arguments: Mapping[str, Any], written: Path) -> list[str]:
        """Have the profile name the file; what is to be told of that. Raises ``SettingsError``."""
        if self.name is None:
            return [f"name it where it is to be used: --token-file {written}, or token_file in a profile"]
        if self.named and written == self.target:
            return []
        values = {**self.stored, **(_values(settings, arguments) if self.added else {})}
        values["token_file"] = as_stored("token_file", written)
        path = profiles_path()
        try:
            missing = check_profile(values, f"the profile {self.name!r} to be")
            add_profile(path, self.name, values, replace=not self.added)
        except SettingsError as error:
            raise SettingsError(f"{error.message} The token is in {written}, and no profile names it.") from None
        told = [f"{path}: profile {self.name!r} is written"]
        return [*told, f"it is not enough by itself: missing: {'; '.join(missing)}"] if missing else told

    def _names(self) -> Iterator[str]:
        yield self.target.name
        yield from (f"{self.target.stem}-{number}{self.target.suffix}" for number in range(2, _NAMES))


def place_for(settings: Settings, to: Path | None, add: str | None, *, replace: bool) -> Place:
    """Where a token goes, before any password is used up. Raises ``SettingsError`` and ``click.UsageError``."""
    if add is not None:
        if replace:
            raise click.UsageError("--replace is for the token of a profile that is there (--profile), not for --add")
        check_new(add, profiles_path())
        return Place(_free(_named(to)), add, added=True)
    if settings.profile is None:
        if replace:
            raise click.UsageError("--replace replaces the token of a profile: name it (--profile)")
        return Place(_free(_named(to)))
    return _of_profile(settings.profile, to, replace=replace)


def _of_profile(name: str, to: Path | None, *, replace: bool) -> Place:
    stored, read = (take(name, profiles_path()) for take in (stored_profile, read_profile))
    if stored.get("auth", "token") != "token":
        raise SettingsError(
            f"profile: {name!r} signs in with OAuth, which outlives the classic token: it needs none. For a profile "
            "beside it say --add NAME."
        )
    own = read.get("token_file")
    if own is None:
        return Place(_free(_named(to)), name, stored=stored)
    assert isinstance(own, Path), "as it is read"
    if to is None or _same(to, own):
        if own.exists() and not replace:
            raise SettingsError(f"profile: {name!r} has a token in {own}: say --replace to write a new one over it.")
        return Place(_writable(own), name, stored=stored, named=True, replace=own.exists())
    if not replace:
        raise SettingsError(f"profile: {name!r} names {own}: say --replace to have it name another file.")
    return Place(_free(to), name, stored=stored)


def _named(to: Path | None) -> Path:
    if to is None:
        raise click.UsageError("say where the token goes: --to FILE. It is not printed")
    return to


def _free(target: Path) -> Path:
    """A file that is not there, in a folder that is."""
    if str(target) == "-":
        raise SettingsError("--to: a token does not go to standard output, only into a file of its own.")
    target = target.expanduser().absolute()
    if target.exists() or target.is_symlink():
        raise SettingsError(f"--to: {target} is there, and no file is written over: choose another name.")
    if not target.parent.is_dir():
        raise SettingsError(f"--to: there is no folder {target.parent} to write the token into.")
    return target


def _writable(target: Path) -> Path:
    disk.check_writable(target, target)
    return target


def _same(one: Path, other: Path) -> bool:
    return disk.behind_links(one.expanduser()) == disk.behind_links(other)


def _values(settings: Settings, arguments: Mapping[str, Any]) -> dict[str, object]:
    """The settings of a new profile: whom the password was redeemed at, and what else was given."""
    given = {name: as_stored(name, value) for name, value in arguments.items() if name in PROFILE_KEYS}
    addresses = {"soap_url": settings.soap_url, "rest_url": settings.rest_url}
    whom = addresses if settings.environment is None else {"environment": settings.environment.name}
    known = itertools.chain(whom.items(), [("protocol", settings.protocol)], given.items())
    return {name: value for name, value in known if value is not None}
