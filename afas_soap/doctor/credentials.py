"""The credential by itself, before anybody is asked: its form, and how long its kind still works."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from afas_soap.doctor.certificates import days_away
from afas_soap.doctor.finding import Finding, Grade, failed
from afas_soap.errors import AfasError
from afas_soap.limits import CLASSIC_END, CLASSIC_LAST_DAY, TOKEN_DIGITS
from afas_soap.settings import Settings

# As many days before the first of them a note becomes a warning: moving to OAuth takes an administrator at AFAS' side.
_HIGH_TIME = 180
_MOVE = "Move to OAuth: 'afas auth migrate' tries the new credentials beside the old ones and then switches."


def credential(settings: Settings, today: datetime.date) -> Iterator[Finding]:
    """Its form, and for a classic token the days that are left."""
    if settings.embedded:
        yield Finding("credential", Grade.OK, "The embedded Profit has a token of its own, which opens nothing else.")
        return
    try:
        settings.credential  # noqa: B018 - a secret in the keyring is looked up now
    except AfasError as error:
        yield failed("credential", error)
        return
    if settings.auth != "token":
        yield Finding("credential", Grade.OK, f"OAuth ({settings.auth}): everything is there that it takes.")
        return
    yield Finding("credential", Grade.OK, f"A classic token of the right form ({TOKEN_DIGITS} hex digits).")
    yield classic_days(today)


def classic_days(today: datetime.date) -> Finding:
    """The days that are left to classic tokens."""
    first, last = (CLASSIC_END - today).days, (CLASSIC_LAST_DAY - today).days
    check = "classic token"
    if last < 0:
        # Whether Profit still takes it shows when it is asked; this alone keeps no call from succeeding.
        gone = f"No classic token works after 31 August 2027 ({days_away(last)})."
        return Finding(check, Grade.WARNING, gone, _MOVE)
    when = (
        f"Classic tokens end on 1 May 2027 ({days_away(first)}), and none works after 31 August 2027 "
        f"({days_away(last)})."
    )
    if first < 0:
        return Finding(check, Grade.WARNING, f"{when} Only one that was made with a short life still works.", _MOVE)
    return Finding(check, Grade.NOTE if first > _HIGH_TIME else Grade.WARNING, when, _MOVE)


def integration_id(settings: Settings) -> Finding:
    """Whether calls tell whose integration they are. One that is malformed has not come this far."""
    if settings.integration_id is not None:
        return Finding("IntegrationId", Grade.OK, f"{settings.integration_id} is sent as a header with every call.")
    return Finding(
        "IntegrationId",
        Grade.NOTE,
        "None is sent.",
        "A partner's integration needs one (integration_id, 12345_123456: the partner's own subscription number and "
        "the project's); your own does not.",
    )
