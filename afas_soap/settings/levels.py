"""The levels that settings come from, the highest first: arguments, variables, the named profile."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import kinds
from afas_soap.settings.names import FREE, NAMES, TARGETS, VARIABLES, from_variable, nearest, nearest_variable
from afas_soap.settings.profiles import EMULATOR, read_profile
from afas_soap.settings.secretfile import read_app_token, read_client_secret, read_token
from afas_soap.settings.setting import Reader, Setting

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Level:
    """What one level gives: ``values`` by setting, and under which name each of them was given.

    ``suspicions`` are sentences about what was surely meant to be a setting and gives no value: an empty variable, a
    misspelt one. They count as configured; ``remarks`` are the same about what would not have counted either.
    """

    values: Mapping[str, object] = dataclasses.field(repr=False)
    sources: Mapping[str, str]
    suspicions: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def read(self, name: str, reader: Reader[T]) -> T:
        """The value of a setting that this level gives; an error says where it came from."""
        try:
            return reader(name, self.values[name])
        except SettingsError as error:
            raise SettingsError(f"{error.message} It came from: {self.sources[name]}.") from None

    @property
    def embedded(self) -> bool | None:
        """Whether this level asks for the embedded Profit, refuses it, or says nothing."""
        says = self.read("embedded", kinds.switch) if "embedded" in self.values else None
        if self.values.get("profile") != EMULATOR:
            return says
        if says is False:
            raise SettingsError(f"embedded ({self.sources['embedded']}) and the profile {EMULATOR} contradict.")
        return True

    @property
    def source_of_embedded(self) -> str:
        """Where a level that asks for the embedded Profit says so."""
        return self.sources["embedded" if "embedded" in self.values else "profile"]

    @property
    def targets(self) -> tuple[str, ...]:
        """The settings given here that mean a Profit of one's own."""
        return tuple(
            name for name in TARGETS if name in self.values and (name != "profile" or self.values[name] != EMULATOR)
        )

    @property
    def configured(self) -> tuple[str, ...]:
        """The settings given here that count as configured."""
        return tuple(name for name in self.values if name not in FREE and name != "embedded")

    def only(self, names: Collection[str]) -> Level:
        """This level with no other settings than these."""
        return dataclasses.replace(self, values={name: self.values[name] for name in self.values if name in names})

    def without(self, names: Collection[str]) -> Level:
        """This level without these settings."""
        return self.only(tuple(name for name in self.values if name not in names))


def argument_level(arguments: Mapping[str, object]) -> Level:
    """The arguments that are not None; one that is no setting is an error."""
    for name in arguments:
        if name not in NAMES:
            raise SettingsError(f"{name!r} is no setting.{nearest(name, NAMES)}")
    values = {name: value for name, value in arguments.items() if value is not None}
    return Level(values, dict.fromkeys(values, "argument"))


def variable_level(environ: Mapping[str, str]) -> Level:
    """The ``AFAS_*`` variables that hold anything but blanks."""
    given = {name: environ[variable] for variable, name in VARIABLES.items() if environ.get(variable, "").strip()}
    values = {name: from_variable(name, text) for name, text in given.items()}
    sources = {name: variable for variable, name in VARIABLES.items()}
    meant = {name: VARIABLES[known] for name in environ if (known := nearest_variable(name))}
    return Level(
        values,
        sources,
        (*_empty(environ), *(_misspelt(name, sources[setting]) for name, setting in meant.items() if _counts(setting))),
        tuple(_misspelt(name, sources[setting]) for name, setting in meant.items() if not _counts(setting)),
    )


def profile_level(name: str, path: Path) -> Level:
    """What the profile says."""
    values = read_profile(name, path)
    return Level(values, dict.fromkeys(values, f"profile {name!r} in {path}"))


def _counts(setting: str) -> bool:
    return setting not in (*FREE, "embedded")


def _empty(environ: Mapping[str, str]) -> list[str]:
    """A switch or a free setting that is empty says nothing; any other was meant to hold something."""
    return [
        f"{variable} is set but empty."
        for variable, name in VARIABLES.items()
        if variable in environ and not environ[variable].strip() and _counts(name)
    ]


def _misspelt(variable: str, meant: str) -> str:
    return f"{variable} is not known. Did you mean {meant}?"


class Levels:
    """The levels in their order, and what was taken from which."""

    def __init__(self, levels: Sequence[Level]) -> None:
        self._levels = _without_lower_addresses(levels)
        self.sources: dict[str, str] = {}

    def read(self, name: str, reader: Reader[T]) -> T | None:
        """The setting of the highest level that gives it; None when none does."""
        for level in self._levels:
            if name in level.values:
                self.sources[name] = level.sources[name]
                return level.read(name, reader)
        return None

    def kept(self, setting: Setting) -> Mapping[str, object]:
        """The secret, and the file that keeps it, of the highest level that gives either; both at one level
        contradict."""
        names = (setting.name, setting.kept_in)
        for level in self._levels:
            found = [name for name in names if name in level.values]
            if len(found) > 1:
                raise contradiction(found, level)
            if found:
                self.sources |= dict.fromkeys({setting.name, *found}, level.sources[found[0]])
                return _kept(setting, level, in_file=found[0] == setting.kept_in)
        return {}


def _kept(setting: Setting, level: Level, *, in_file: bool) -> Mapping[str, object]:
    if not in_file:
        return {setting.name: level.read(setting.name, setting.reader)}
    secret = level.read(setting.kept_in, _IN_FILE[setting.name])
    return {setting.name: secret, setting.kept_in: level.read(setting.kept_in, kinds.path)}


def contradiction(names: Sequence[str], level: Level) -> SettingsError:
    """That one level gives these settings, of which there may be one."""
    sources = " and ".join(level.sources[name] for name in names)
    return SettingsError(f"{' and '.join(names)} contradict: give one of them. They came from: {sources}.")


def _token_file(name: str, given: object) -> AfasToken:
    return read_token(kinds.path(name, given))


def _client_secret_file(name: str, given: object) -> Secret:
    return read_client_secret(kinds.path(name, given))


def _app_token_file(name: str, given: object) -> Secret:
    return read_app_token(kinds.path(name, given))


# How the file that keeps a secret is read.
_IN_FILE: Mapping[str, Reader[object]] = {
    "token": _token_file,
    "client_secret": _client_secret_file,
    "app_token": _app_token_file,
}


def _without_lower_addresses(levels: Sequence[Level]) -> list[Level]:
    """Addresses below the level that names the environment belong to another environment."""
    kept: list[Level] = []
    named = False
    for level in levels:
        kept.append(level.without(("soap_url", "rest_url")) if named else level)
        named = named or "environment" in level.values
    return kept
