"""What follows from the table: the variables, what a profile may hold, and which settings belong together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from afas_soap.errors import SettingsError
from afas_soap.profit.suggestions import NAMES as MEANINGS
from afas_soap.settings.kinds import AUTHS
from afas_soap.settings.setting import Setting
from afas_soap.settings.table import SETTINGS


@dataclass(frozen=True, slots=True)
class Description:
    """One setting: its ``variable`` where it has one, its ``default`` as one would write it ("" for none), and what it
    is."""

    name: str
    variable: str
    default: str
    text: str


def _those(holds: Callable[[Setting], object]) -> tuple[str, ...]:
    """The names of the settings of which that holds, in the order of the table."""
    return tuple(setting.name for setting in SETTINGS if holds(setting))


BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
NAMES = tuple(BY_NAME)
DESCRIPTIONS = tuple(Description(one.name, one.variable, one.default_text, one.text) for one in SETTINGS)
VARIABLES: Mapping[str, str] = {setting.variable: setting.name for setting in SETTINGS if setting.variable}
_PREFIX = "AFAS"
# Of commands that take a secret which is no setting: "afas auth otp".
OF_COMMANDS = ("AFAS_API_KEY", "AFAS_ENVIRONMENT_KEY", "AFAS_OTP")
# What a profile never holds, and in which setting it names the place where it is kept.
SECRETS = {setting.name: setting.kept_in for setting in SETTINGS if setting.secret}
# A profile holds no secret, names no other profile, and is a Profit of one's own.
PROFILE_KEYS = _those(lambda setting: setting.in_profile and not setting.secret)
PATHS = _those(lambda setting: setting.kind == "path")
SECONDS = _those(lambda setting: setting.kind == "seconds")
SWITCHES = _those(lambda setting: setting.kind == "switch")
# A client proves itself with exactly one of these.
PROOFS = _those(lambda setting: setting.proof)
# What each way of signing in takes; a setting of another way contradicts it.
TAKEN: Mapping[str, tuple[str, ...]] = {
    auth: tuple(setting.name for setting in SETTINGS if auth in setting.auths) for auth in AUTHS
}
SIGNING = _those(lambda setting: setting.auths)
# What does not go with a proof of the other kind.
STRANGE: Mapping[str, tuple[str, ...]] = {
    proof: tuple(one.name for one in SETTINGS if one.beside not in ("", BY_NAME[proof].proof)) for proof in PROOFS
}
# Whoever gives one of these means a Profit of their own, not the embedded one.
TARGETS = _those(lambda setting: setting.counts == "own")
# These do not count as configured: they suit the embedded Profit as well as any other.
FREE = _those(lambda setting: setting.counts == "free")
EMBEDDED = {"never": False, "always": True}
# How a variable says what a profile and an argument say as true or false, in any case.
SPELT = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)


def nearest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?`` when it is clear which of those that are known is meant, otherwise nothing."""
    meant = MEANINGS.meant(name, known)
    return f" Did you mean {meant}?" if meant else ""


def nearest_variable(name: str) -> str | None:
    """The variable that is meant by ``name``, in any case and with or without ``_`` behind AFAS; None when it is one,
    or is somebody else's."""
    if name in VARIABLES or name in OF_COMMANDS or not name.upper().startswith(_PREFIX):
        return None
    by_setting = {setting: variable for variable, setting in VARIABLES.items()}
    meant = MEANINGS.meant(name[len(_PREFIX) :].lstrip("_-"), by_setting)
    return by_setting.get(meant or "")


def from_variable(name: str, given: str) -> object:
    """What a variable holds as the setting's own reader takes it: a word as true or false, a number of seconds. What
    it cannot be stays text, which the reader refuses.

    Raises ``SettingsError`` for a wrong ``AFAS_EMBEDDED``: nobody may take that for a permission.
    """
    word = given.strip()
    if name == "embedded":
        if word.lower() not in EMBEDDED:
            raise SettingsError(f"AFAS_EMBEDDED: must be one of {', '.join(EMBEDDED)}.")
        return EMBEDDED[word.lower()]
    if name == "profile":
        return word
    if name in SWITCHES:
        return SPELT.get(word.lower(), given)
    return float(word) if name in SECONDS and _NUMBER.fullmatch(word) else given
