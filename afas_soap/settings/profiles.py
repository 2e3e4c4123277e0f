"""Named profiles in a TOML file: ``[profiles.NAME]`` with one key per setting, and no secret.

A profile is used only when it is named (``profile=``, ``--profile``, ``AFAS_PROFILE``): no name, not even ``default``,
is special, except ``emulator``, which is the embedded Profit and needs no file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from afas_soap.errors import SettingsError
from afas_soap.settings.kinds import path as read_path
from afas_soap.settings.names import PATHS, PROFILE_KEYS, SECRETS, nearest
from afas_soap.settings.secretfile import others_may_write

EMULATOR = "emulator"


def profiles_path() -> Path:
    """``afas-soap/profiles.toml`` in the user's configuration folder (``~/.config`` on Linux, AppData on Windows).

    ``SettingsError`` for a user who has no folder at all, as in some containers.
    """
    try:
        return platformdirs.user_config_path("afas-soap", appauthor=False) / "profiles.toml"
    except RuntimeError:
        failure = SettingsError("There is no folder to keep profiles in: set HOME, or XDG_CONFIG_HOME.")
    raise failure


def read_profile(name: str, path: Path) -> Mapping[str, object]:
    """The settings of one profile as they stand in the file; relative paths count from the folder of the file.

    Raises ``SettingsError`` naming file, profile and key for everything that is not as it should be.
    """
    return {
        key: path.parent / read_path(key, value) if key in PATHS else value
        for key, value in stored_profile(name, path).items()
    }


def stored_profile(name: str, path: Path) -> Mapping[str, object]:
    """The settings of one profile exactly as they stand in the file, each a known one and no secret."""
    profiles = read_profiles(path)
    if name not in profiles:
        known = ", ".join(sorted([*profiles, EMULATOR]))
        raise SettingsError(f"profile: there is no profile {name!r} in {path}; known are {known}.")
    found = profiles[name]
    where = f"profile {name!r} in {path}"
    if not isinstance(found, dict):
        raise SettingsError(f"{where} must be a table: [profiles.{name}].")
    for key in found:
        _check_key(key, where)
    return found


def read_profiles(path: Path) -> Mapping[str, object]:
    """What stands under each name in the file; whether it is a profile is looked at when that one is read."""
    return profiles_of(_document(path), path)


def profiles_of(document: Mapping[str, object], path: Path) -> Mapping[str, object]:
    """The same of a file that was read already."""
    for key in document:
        if key != "profiles":
            raise SettingsError(f"{path}: {key!r} is not known here; settings stand below [profiles.NAME].")
    profiles = document.get("profiles", {})
    if not isinstance(profiles, dict):
        raise SettingsError(f"{path}: profiles must be tables: [profiles.NAME].")
    if EMULATOR in profiles:
        raise SettingsError(f"{path}: the name {EMULATOR!r} is taken by the embedded Profit; rename that profile.")
    return profiles


def read_text(path: Path) -> str:
    """The text of the file, without a mark in front, its line ends as they are. Refused when others can write it."""
    try:
        with path.open("rb") as file:
            if others_may_write(path, file):
                raise SettingsError(f"{path}: others can write it and so change whom you ask: chmod o-w first.")
            return file.read().decode("utf-8-sig")
    except FileNotFoundError:
        problem = SettingsError(f"profile: there is no file {path} to find it in.")
    except OSError as error:
        problem = SettingsError(f"profile: cannot read {path}: {error.strerror or type(error).__name__}.")
    except UnicodeDecodeError:
        problem = SettingsError(f"{path}: must be UTF-8.")
    raise problem


def _document(path: Path) -> Mapping[str, object]:
    return parsed(read_text(path), path)


def parsed(text: str, path: Path) -> Mapping[str, object]:
    """The TOML document that stands in the file as ``text``."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = str(error)
    except (ValueError, RecursionError):
        # A number too long for Python, brackets within brackets: TOML perhaps, but no file of profiles.
        problem = "a number or a nesting without end"
    else:
        return document
    raise SettingsError(f"{path} is no TOML: {problem}. Mend it, or put a copy of it from before in its place.")


def _check_key(key: str, where: str) -> None:
    if key in SECRETS:
        raise SettingsError(
            f"{where}: a profile holds no {key}; put it into a file of its own and name that with {SECRETS[key]}."
        )
    if key not in PROFILE_KEYS:
        raise SettingsError(f"{where}: {key!r} is no setting.{nearest(key, PROFILE_KEYS)}")
