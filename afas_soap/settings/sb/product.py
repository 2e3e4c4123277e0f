"""Which of AFAS' programs settings are about, Profit or SB, and what is said when it is the other one.

Said by ``api``, or seen by an address that only one of them has; Profit otherwise. What belongs to the other one is a
contradiction, but for what a variable gives: those stand for every program at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from afas_soap.errors import SettingsError
from afas_soap.profit.access.environment import Environment
from afas_soap.sb.access.address import SbEnvironment, product_of
from afas_soap.settings.kinds import APIS, PROFIT_AUTHS, SB_AUTHS, one_of
from afas_soap.settings.levels import Level
from afas_soap.settings.names import VARIABLES
from afas_soap.settings.table import SETTINGS

SB = "sb"
PROFIT = "profit"
AUTHS: Mapping[str, tuple[str, ...]] = {
    PROFIT: PROFIT_AUTHS,
    SB: SB_AUTHS,
}
"""The ways of signing in of each; the first is the default."""

_TITLES = {PROFIT: "AFAS Profit", SB: "AFAS SB"}
_OTHER = {PROFIT: SB, SB: PROFIT}
_REMEDIES = {
    PROFIT: "use SBClient or 'afas sb', or a profile with api = \"sb\"",
    SB: "use ProfitClient or the commands outside 'afas sb', or name a customer environment such as demo/enyoi",
}
_ONLY: Mapping[str, tuple[str, ...]] = {
    api: tuple(setting.name for setting in SETTINGS if setting.api == api) for api in APIS
}
_ADDRESSES = ("environment", "soap_url", "rest_url")


def said_api(levels: Sequence[Level]) -> str | None:
    """What the levels say in so many words. ``SettingsError`` when two of them say different things."""
    said = [(level.read("api", one_of(*APIS)), level.sources["api"]) for level in levels if "api" in level.values]
    if len({api for api, _ in said}) > 1:
        sources = " and ".join(f"{api} ({source})" for api, source in said)
        raise SettingsError(f"api: {sources} contradict: a profile is of one of them, so name another profile.")
    return said[0][0] if said else None


def api_of(levels: Sequence[Level]) -> str:
    """Which of them is meant: as it is said, or as the highest level that gives an address shows."""
    said = said_api(levels)
    if said is not None:
        return said
    for level in levels:
        seen = [_product(level.values[name]) for name in _ADDRESSES if name in level.values]
        if seen:
            return SB if SB in seen else PROFIT
    return PROFIT


def of_api(levels: Sequence[Level], api: str) -> list[Level]:
    """The levels without what variables give for the other one. ``SettingsError`` where anything else gives it."""
    strange = _ONLY[_OTHER[api]]
    for level in levels:
        for name in strange:
            if level.values.get(name, False) is not False and name not in _by_variable(level):
                raise SettingsError(
                    f"{name} ({level.sources[name]}) is a setting of {_TITLES[_OTHER[api]]}, and this asks "
                    f"{_TITLES[api]}{_why(levels)}: leave it out, or {_REMEDIES[_OTHER[api]]}."
                )
    return [level.without(strange) for level in levels]


def check_addresses(api: str, addresses: Mapping[str, object]) -> None:
    """Raise ``SettingsError`` for the address of the other one, in one sentence and before any call."""
    for name, value in addresses.items():
        found = _product(value) if value is not None else ""
        if found and found != api:
            shown = value.name if isinstance(value, Environment | SbEnvironment) else f"what {name} holds"
            raise SettingsError(
                f"{name}: {shown} is {_TITLES[found]}, and this asks {_TITLES[api]}, which is another program with "
                f"another API: {_REMEDIES[api]}."
            )


def wrong_api(api: str, environment: str) -> SettingsError:
    """That settings are of ``api``, where the other one is asked."""
    asked = _OTHER[api]
    return SettingsError(
        f"api: {environment} is {_TITLES[api]}, and this asks {_TITLES[asked]}, which is another program with another "
        f"API: {_REMEDIES[asked]}."
    )


def _why(levels: Sequence[Level]) -> str:
    """What says so: one of the settings, with where it was given."""
    given = ((name, level) for name in ("api", *_ADDRESSES) for level in levels if name in level.values)
    found = next(given, None)
    return "" if found is None else f" ({found[0]}, {found[1].sources[found[0]]})"


def _by_variable(level: Level) -> tuple[str, ...]:
    return tuple(name for name in level.values if level.sources[name] in VARIABLES)


def _product(value: object) -> str:
    if isinstance(value, SbEnvironment):
        return SB
    if isinstance(value, Environment):
        return PROFIT
    text = value.strip() if isinstance(value, str) else ""
    if "://" not in text:
        return SB if "/" in text else PROFIT
    return product_of(text)
