"""Where a new token goes: a file for its owner only or the keyring, over nothing but a profile's own token, and the
profile that names it."""

from __future__ import annotations

import dataclasses
import itertools
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import click

from afas_soap import disk
from afas_soap.errors import SettingsError
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import Settings
from afas_soap.settings.keyringentry import check_entry, is_kept, keep
from afas_soap.settings.names import PROFILE_KEYS
from afas_soap.settings.profilefile import add_profile, as_stored, check_new
from afas_soap.settings.profiles import profiles_path, read_profile, stored_profile
from afas_soap.settings.resolving import check_profile

# Whoever takes the name while AFAS answers gets it; how many others are tried.
_NAMES = 10
Redeem = Callable[[], AfasToken]


@dataclass(frozen=True, slots=True)
class InFile:
    """A file for its owner only. ``over`` is whether it is there and may be replaced."""

    path: Path
    over: bool = False
    setting: ClassVar[str] = "token_file"

    def __str__(self) -> str:
        return str(self.path)

    @property
    def stored(self) -> object:
        """As a profile names it."""
        return as_stored(self.setting, self.path)

    def is_there(self) -> bool:
        """Whether something stands there. Raises ``SettingsError`` when it may not be written."""
        disk.check_writable(self.path, self.path)
        return self.path.exists()

    def is_same(self, other: object) -> bool:
        """Whether the other is this file, whatever links lead to it."""
        return isinstance(other, InFile) and disk.behind_links(self.path) == disk.behind_links(other.path)

    def checked(self) -> InFile:
        """This file, which is not there, in a folder that is."""
        if str(self.path) == "-":
            raise SettingsError("--to: a token does not go to standard output, only into a file of its own.")
        target = self.path.expanduser().absolute()
        if target.exists() or target.is_symlink():
            raise SettingsError(f"--to: {target} is there, and no file is written over: choose another name.")
        if not target.parent.is_dir():
            raise SettingsError(f"--to: there is no folder {target.parent} to write the token into.")
        return InFile(target)

    def put(self, redeem: Redeem) -> InFile:
        """Where the token is that ``redeem`` gives. It is called when there is a file to take it, which has no name
        before the token is in it. Raises ``OSError``."""
        if self.over:
            with disk.replacing(disk.behind_links(self.path)) as stream:
                stream.write(_spelt(redeem()))
            return self
        with disk.drafting(self.path.parent, mode=disk.OWNER_ONLY) as draft:
            draft.stream.write(_spelt(redeem()))
            return InFile(draft.publish(self._names()))

    def _names(self) -> Iterator[str]:
        yield self.path.name
        yield from (f"{self.path.stem}-{number}{self.path.suffix}" for number in range(2, _NAMES))


@dataclass(frozen=True, slots=True)
class InKeyring:
    """An entry of the system's keyring, ``SERVICE/USERNAME``. ``over`` as ``InFile``."""

    entry: str
    over: bool = False
    setting: ClassVar[str] = "token_keyring"

    def __str__(self) -> str:
        service, _, username = self.entry.rpartition("/")
        return f"the keyring ({shlex.join([service, username])})"

    @property
    def stored(self) -> object:
        """As a profile names it."""
        return self.entry

    def is_there(self) -> bool:
        """Whether the keyring keeps something there. Raises ``SettingsError`` when it cannot be asked."""
        return is_kept(self.setting, self.entry)

    def is_same(self, other: object) -> bool:
        """Whether the other is this entry."""
        return isinstance(other, InKeyring) and self.entry == other.entry

    def checked(self) -> InKeyring:
        """This entry, which keeps nothing yet."""
        if self.is_there():
            raise SettingsError(f"--to-keyring: {self} keeps something already: choose another entry.")
        return self

    def put(self, redeem: Redeem) -> InKeyring:
        """Where the token is that ``redeem`` gives. Raises ``SettingsError``."""
        keep(self.setting, self.entry, redeem())
        return self


Where = InFile | InKeyring


@dataclass(frozen=True, slots=True)
class Place:
    """Where the token goes, and the profile to be written: ``name``, which is ``added`` or has these settings
    (``stored``), and may have ``named`` that place before."""

    where: Where
    name: str | None = None
    added: bool = False
    stored: Mapping[str, object] = field(default_factory=dict)
    named: bool = False

    def name_it(self, settings: Settings, arguments: Mapping[str, Any], kept: Where) -> list[str]:
        """Have the profile name where the token is; what is to be told of that. Raises ``SettingsError``."""
        if self.name is None:
            return [f"name it where it is to be used, such as in a profile: {kept.setting} = {str(kept.stored)!r}"]
        if self.named and kept == self.where:
            return []
        values = _values(settings, arguments) if self.added else dict(self.stored)
        values = {setting: value for setting, value in values.items() if setting not in (*_OWN, "token")}
        values[kept.setting] = kept.stored
        path = profiles_path()
        try:
            missing = check_profile(values, f"the profile {self.name!r} to be")
            add_profile(path, self.name, values, replace=not self.added)
        except SettingsError as error:
            raise SettingsError(f"{error.message} The token is in {kept}, and no profile names it.") from None
        told = [f"{path}: profile {self.name!r} is written"]
        return [*told, f"it is not enough by itself: missing: {'; '.join(missing)}"] if missing else told


_OWN: Mapping[str, Callable[[Any], Where]] = {InFile.setting: InFile, InKeyring.setting: InKeyring}


def wanted_place(to: Path | None, to_keyring: str | None) -> Where | None:
    """Where a command's options say that the token goes."""
    if to is not None and to_keyring is not None:
        raise click.UsageError("--to and --to-keyring contradict: give one of them")
    if to_keyring is not None:
        return InKeyring(check_entry("--to-keyring", to_keyring))
    return None if to is None else InFile(to)


def place_for(settings: Settings, wanted: Where | None, add: str | None, *, replace: bool) -> Place:
    """Where a token goes, before any password is used up. Raises ``SettingsError`` and ``click.UsageError``."""
    if add is not None:
        if replace:
            raise click.UsageError("--replace is for the token of a profile that is there (--profile), not for --add")
        check_new(add, profiles_path())
        return Place(_needed(wanted).checked(), add, added=True)
    if settings.profile is None:
        if replace:
            raise click.UsageError("--replace replaces the token of a profile: name it (--profile)")
        return Place(_needed(wanted).checked())
    return _of_profile(settings.profile, wanted, replace=replace)


def _of_profile(name: str, wanted: Where | None, *, replace: bool) -> Place:
    stored, read = (take(name, profiles_path()) for take in (stored_profile, read_profile))
    if stored.get("auth", "token") != "token":
        raise SettingsError(
            f"profile: {name!r} signs in with OAuth, which outlives the classic token: it needs none. For a profile "
            "beside it say --add NAME."
        )
    own = next((made(read[setting]) for setting, made in _OWN.items() if setting in read), None)
    if own is None:
        return Place(_needed(wanted).checked(), name, stored=stored)
    if wanted is None or wanted.is_same(own):
        there = own.is_there()
        if there and not replace:
            raise SettingsError(f"profile: {name!r} has a token in {own}: say --replace to write a new one over it.")
        return Place(dataclasses.replace(own, over=there), name, stored=stored, named=True)
    if not replace:
        raise SettingsError(f"profile: {name!r} names {own}: say --replace to have it name another place.")
    return Place(wanted.checked(), name, stored=stored)


def _needed(wanted: Where | None) -> Where:
    if wanted is None:
        raise click.UsageError(
            "say where the token goes: --to FILE or --to-keyring SERVICE/USERNAME. It is not printed"
        )
    return wanted


def _spelt(token: AfasToken) -> bytes:
    return f"{token.xml()}\n".encode()


def _values(settings: Settings, arguments: Mapping[str, Any]) -> dict[str, object]:
    """The settings of a new profile: whom the password was redeemed at, and what else was given."""
    given = {name: as_stored(name, value) for name, value in arguments.items() if name in PROFILE_KEYS}
    addresses = {"soap_url": settings.soap_url, "rest_url": settings.rest_url}
    whom = addresses if settings.environment is None else {"environment": settings.environment.name}
    known = itertools.chain(whom.items(), [("protocol", settings.protocol)], given.items())
    return {name: value for name, value in known if value is not None}
