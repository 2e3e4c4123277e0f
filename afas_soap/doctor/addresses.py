"""The addresses by themselves, before anybody is asked: whose they are, and whether they are swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from afas_soap.doctor.finding import Finding, Grade, failed
from afas_soap.errors import SettingsError
from afas_soap.profit.access.environment import Environment
from afas_soap.settings import Settings
from afas_soap.wire.http.link import shown

# Only a host of AFAS' own tells by its name; in another one, .rest may be the beginning of a restaurant.
_HOST = re.compile(r".*\.(soap|rest)(?:test|accept|cursus)?\.afas\.online")
_PATHS = {"soap": "/profitservices", "rest": "/profitrestservices"}
_FROM_NUMBER = "Leave soap_url and rest_url out: both follow from the environment (AFAS_ENVIRONMENT, --environment)."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two addresses; ``url`` is "" when it is not configured."""

    protocol: str
    url: str

    @property
    def name(self) -> str:
        """``SOAP`` or ``REST``."""
        return self.protocol.upper()

    @property
    def host(self) -> str:
        """The host's name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port that is connected to."""
        return urlsplit(self.url).port or (443 if self.encrypted else 80)

    @property
    def encrypted(self) -> bool:
        """Whether TLS is spoken there."""
        return urlsplit(self.url).scheme == "https"

    @property
    def environment(self) -> Environment | None:
        """Whose address it is by its name; None for hosts that are not AFAS' own."""
        return Environment.of_host(self.host)


def sides(settings: Settings) -> tuple[Side, Side]:
    """The SOAP and the REST address."""
    return Side("soap", settings.soap_url or ""), Side("rest", settings.rest_url or "")


def environment_asked(settings: Settings) -> Environment | None:
    """Which environment is meant: the one that is named, or whose addresses these are; None when nothing tells."""
    named = (side.environment for side in sides(settings))
    given = settings.environment if isinstance(settings.environment, Environment) else None
    return given or next((environment for environment in named if environment is not None), None)


def addresses(settings: Settings) -> Iterator[Finding]:
    """Whether the addresses are the right way round, and of one environment."""
    both = sides(settings)
    swapped = [side for side in both if _belongs_to_other(side)]
    yield from (_swapped(side) for side in swapped)
    if not swapped:
        ways = " and ".join(f"{side.name} at {shown(side.url)}" for side in both if side.url)
        yield Finding("addresses", Grade.OK, f"{ways}.")
    yield _environment(settings, both)


def _belongs_to_other(side: Side) -> bool:
    """Whether it is by its name the address of the other protocol (profit-wire 1.1)."""
    other = "rest" if side.protocol == "soap" else "soap"
    match = _HOST.fullmatch(side.host)
    return (match is not None and match[1] == other) or _PATHS[other] in urlsplit(side.url).path.lower()


def _swapped(side: Side) -> Finding:
    other = "REST" if side.protocol == "soap" else "SOAP"
    error = SettingsError(f"{side.protocol}_url holds the address of the {other} services ({shown(side.url)}).")
    return failed("addresses", error, f"Swap soap_url and rest_url. {_FROM_NUMBER}")


def _environment(settings: Settings, both: tuple[Side, Side]) -> Finding:
    wanted = environment_asked(settings)
    if wanted is None:
        return Finding(
            "environment", Grade.NOTE, "The addresses are not AFAS' own, so they do not tell which environment it is."
        )
    for side in both:
        if side.environment not in (None, wanted):
            error = SettingsError(f"{side.protocol}_url leads to {side.environment.name}, and {wanted.name} is meant.")
            return failed("environment", error, _FROM_NUMBER)
    strange = [f"{side.protocol}_url" for side in both if side.url and side.environment is None]
    if strange:
        message = f"{wanted.name}, but the host of {' and '.join(strange)} is not AFAS' own."
        return Finding("environment", Grade.NOTE, message, f"Unless that is meant: {_FROM_NUMBER}")
    return Finding("environment", Grade.OK, f"{wanted.name} ({wanted.kind.value}).")
