"""Precedence: every level of settings read, the highest first, into one value."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from afas_soap.errors import SettingsError
from afas_soap.profit.access.environment import Environment
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.address import SbEnvironment
from afas_soap.settings import signing
from afas_soap.settings.kinds import path, text
from afas_soap.settings.levels import Level, Levels, argument_level, profile_level, variable_level
from afas_soap.settings.names import FREE, PATHS
from afas_soap.settings.pemfile import read_private_key
from afas_soap.settings.profiles import EMULATOR, profiles_path
from afas_soap.settings.sb import product
from afas_soap.settings.settings import ADDRESS, Settings, missing
from afas_soap.settings.table import SETTINGS

_LOG = logging.getLogger("afas_soap.settings")

_REMEDY = "For the embedded Profit name it: profile emulator."


def resolve(
    arguments: Mapping[str, object], environ: Mapping[str, str] | None = None, *, profiles: Path | None = None
) -> Settings:
    """The settings that follow from arguments (see ``SettingsArguments``), variables and the profile they name.

    ``environ`` is the process's own and ``profiles`` the user's file unless given. Raises ``SettingsError`` for what is
    unknown, unreadable, contradictory or missing; logs one warning when it falls to the embedded Profit, and one for
    each variable that was meant to be a setting and is none, or could not be read if it counted.
    """
    variables = variable_level(os.environ if environ is None else environ)
    remarks = (*variables.suspicions, *variables.remarks)
    try:
        settings = _resolved([argument_level(arguments), variables], profiles)
    except SettingsError as error:
        _tell(remark for remark in remarks if remark not in error.message)
        raise
    _tell((*remarks, *_unreadable(variables, settings)))
    return settings


def _tell(remarks: Iterable[str]) -> None:
    for remark in remarks:
        _LOG.warning("%s", remark)


def _unreadable(variables: Level, settings: Settings) -> Iterator[str]:
    """What is wrong with the variables that something else overruled. What stands in a file is not looked at."""
    for name in variables.values:
        if name in (*PATHS, "profile", "embedded") or settings.sources.get(name) == variables.sources[name]:
            continue
        try:
            _read(Levels([variables.only([name])]), embedded=False)
        except SettingsError as error:
            yield f"{error.message} It is not used here."


def _resolved(levels: list[Level], profiles: Path | None) -> Settings:
    chosen = _embedded(levels)
    if chosen is not None:
        _check_embedded(levels[: chosen + 1])
        below = [level.only(FREE) for level in levels[chosen + 1 :]]
        suited = Levels([*levels[: chosen + 1], *below])
        suited.sources["embedded"] = levels[chosen].source_of_embedded
        return _read(suited, embedded=True, explicit=True)
    name = _profile(levels)
    if name is not None:
        levels.append(profile_level(name, profiles or profiles_path()))
    api = product.api_of(levels)
    if api == product.SB or any(level.configured or level.suspicions for level in levels):
        return _complete(_read(_fitting(levels, api), embedded=False, api=api), levels)
    _allow_embedded(levels)
    return _read(Levels(levels), embedded=True)


def _fitting(levels: list[Level], api: str) -> Levels:
    """The levels with what that one of AFAS' programs takes."""
    return Levels(signing.fitting(product.of_api(levels, api), product.AUTHS[api]))


def _check_embedded(levels: list[Level]) -> None:
    if product.said_api(levels) == product.SB:
        raise SettingsError(
            "the embedded Profit has no AFAS SB in it: start 'afas emulator', which has, and give its address "
            "(environment=http://127.0.0.1:PORT/CUSTOMER)."
        )


def _embedded(levels: list[Level]) -> int | None:
    """Which level chooses the embedded Profit: the highest that says anything about it, if it says so."""
    for index, level in enumerate(levels):
        says, targets = level.embedded, level.targets
        if says and targets:
            raise SettingsError(f"the embedded Profit and {' and '.join(targets)} contradict: give one of them.")
        if says is not None or targets:
            return index if says else None
    return None


def _profile(levels: list[Level]) -> str | None:
    """The name of the profile to read; ``emulator`` is none, and here a higher level has overruled it."""
    names = [level.read("profile", text) for level in levels if "profile" in level.values]
    return names[0] if names and names[0] != EMULATOR else None


def _read(levels: Levels, *, embedded: bool, explicit: bool = False, api: str = product.PROFIT) -> Settings:
    """Every row of the table, from the levels; what is not given is its default, or follows from another."""
    given = {one.name: levels.read(one.name, one.reader) for one in SETTINGS if one.name not in _APART}
    for setting in SETTINGS:
        if setting.secret:
            given |= levels.kept(setting)
    values: dict[str, Any] = {**_DEFAULTS, **{name: value for name, value in given.items() if value is not None}}
    values |= {"api": api, "auth": given["auth"] or product.AUTHS[api][0], **_following(values, given, levels)}
    values["profile"] = values["profile"] if embedded or values["profile"] != EMULATOR else None
    values["embedded"] = embedded
    return Settings(**values, explicitly_embedded=explicit, sources=levels.sources)


_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}
# What is read by a rule of its own. Of the secrets a file that is named is read now, the keyring is not.
_APART = {"embedded", *(name for one in SETTINGS if one.secret for name in (one.name, one.kept_in))}


def _following(values: Mapping[str, Any], given: Mapping[str, Any], levels: Levels) -> Mapping[str, object]:
    """The values that follow from others."""
    return {
        **_addresses(values, levels),
        "private_key": levels.read("private_key_file", _private_key),
        "assertion_audience": signing.audience(values["assertion_type"], given["assertion_audience"]),
        "dpop": signing.dpop(values["auth"], given=given["dpop"]),
    }


def _private_key(name: str, given: object) -> Secret:
    return read_private_key(name, path(name, given))


def _addresses(values: Mapping[str, Any], levels: Levels) -> Mapping[str, object]:
    """The environment's, where no address is given."""
    environment: Environment | SbEnvironment | None = values["environment"]
    if environment is None:
        return {}
    own = {"soap_url": environment.soap_url, "rest_url": environment.rest_url}
    followed = {name: url for name, url in own.items() if values[name] is None and url is not None}
    levels.sources |= dict.fromkeys(followed, "environment")
    return followed


def check_profile(values: Mapping[str, object], where: str) -> list[str]:
    """What is missing for a profile of these values to be enough by itself; variables may still give it.

    Raises ``SettingsError`` for what is wrong or contradictory, and for a file of secrets that cannot be used.
    """
    level = Level(values, dict.fromkeys(values, where))
    api = product.api_of([level])
    settings = _read(_fitting([level], api), embedded=False, api=api)
    _check_product(settings)
    return missing(settings)


def check_value(name: str, value: object) -> None:
    """Raise ``SettingsError`` for a value that the setting ``name`` cannot have; of a file of secrets what is in it
    counts."""
    _read(Levels([Level({name: value}, {name: "answer"})]), embedded=False)


def _complete(settings: Settings, levels: list[Level]) -> Settings:
    """The settings, when whom to ask is known and how to sign in there."""
    _check_product(settings)
    lacking = missing(settings)
    if not lacking:
        return settings
    given = [f"{name} ({level.sources[name]})" for level in levels for name in level.configured]
    sentences = [f"the settings are half configured: missing: {'; '.join(lacking)}."]
    sentences += [f"Given are: {', '.join(given)}."] if given else []
    sentences += [suspicion for level in levels for suspicion in level.suspicions]
    raise SettingsError(" ".join([*sentences, *([_REMEDY] if settings.api == product.PROFIT else [])]))


def _check_product(settings: Settings) -> None:
    """Whether the addresses are of the program that is meant, wherever they came from."""
    names = ("environment", "soap_url", "rest_url")
    given = {name: getattr(settings, name) for name in names if name in settings.sources}
    product.check_addresses(settings.api, given)


def _allow_embedded(levels: list[Level]) -> None:
    """Nothing is configured: the embedded Profit, aloud, unless somebody forbade it."""
    for level in levels:
        if level.embedded is False:
            raise SettingsError(
                f"nothing is configured, and {level.sources['embedded']} forbids the embedded Profit: "
                f"missing: {ADDRESS.format('soap_url or rest_url')}; {signing.TOKEN}."
            )
    _LOG.warning(
        "nothing is configured: these are invented rows from the embedded Profit (environment %s), for reading only",
        EMULATOR,
    )
