"""Calls with the credential: who is let in, and what the app connector holds. They read no rows and change nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from afas_soap.connections import Opened
from afas_soap.doctor.certificates import SOON, days_away
from afas_soap.doctor.finding import Finding, Grade, failed, skipped
from afas_soap.doctor.remedies import FORBIDDEN, LET_IN, remedy_for
from afas_soap.errors import AccessDenied, AfasError, SettingsError, printable
from afas_soap.profit.access.environment import Environment
from afas_soap.profit.connectors.capabilities import Catalogue

_NEVER = "0"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_CATALOGUE = "the list of connectors could not be read (over REST)."


def soap_access(opened: Opened) -> Finding:
    """Whether Profit tells its version over SOAP, for which it wants the credential."""
    try:
        version = opened.connectors("soap").version()
    except AfasError as error:
        return failed("SOAP access", error, remedy_for(error))
    return Finding("SOAP access", Grade.OK, printable(f"Profit {version} let us in."))


def rest_access(opened: Opened) -> tuple[Finding, Catalogue | None]:
    """Whether Profit tells over REST which connectors there are, and which."""
    try:
        catalogue = opened.connectors("rest").catalogue()
    except AfasError as error:
        return failed("REST access", error, remedy_for(error)), None
    return Finding("REST access", Grade.OK, "Profit let us in."), catalogue


def ip_restriction(calls: Sequence[Finding]) -> Finding:
    """Whether this machine is among those the app connector takes calls from, as these calls tell."""
    check = "IP restriction"
    for call in calls:
        if call.error is not None and getattr(call.error, "status", None) == FORBIDDEN:
            error = AccessDenied("Profit takes no calls from this machine's address (403).", status=FORBIDDEN)
            return failed(check, error, LET_IN)
    if any(call.weight is Grade.OK for call in calls):
        return Finding(check, Grade.OK, "Profit takes calls from this machine's address.")
    return skipped(check, "no call came far enough to tell.")


def app_connector(
    catalogue: Catalogue | None, opened: Opened, asked: Environment | None, today: datetime.date, *, soap: bool
) -> Iterator[Finding]:
    """What the app connector holds, whose it is, when its token ends, and whether it gives schemas over SOAP."""
    if catalogue is None:
        for check in ("connectors", "token's environment", "token's end", "GetXMLSchema"):
            yield skipped(check, _NO_CATALOGUE)
        return
    yield _connectors(catalogue)
    yield _environment(catalogue, asked)
    yield _end(catalogue.token_expiry, today)
    yield _schemas(catalogue, opened) if soap else skipped("GetXMLSchema", "SOAP is not reached, and asks for it only.")


def _connectors(catalogue: Catalogue) -> Finding:
    get, update = len(catalogue.get_connectors), len(catalogue.update_connectors)
    message = printable(f"App connector {catalogue.app_name!r}: {get} GetConnectors, {update} UpdateConnectors.")
    if get or update:
        return Finding("connectors", Grade.OK, message)
    return Finding("connectors", Grade.WARNING, message, "Add connectors to the app connector in Profit.")


def _environment(catalogue: Catalogue, asked: Environment | None) -> Finding:
    check, found = "token's environment", printable(catalogue.environment_id)
    try:
        theirs = Environment.parse(found)
    except SettingsError:
        # Which letter the id of a cursus environment begins with is not known.
        return Finding(check, Grade.NOTE, f"Profit calls it {found!r}, which is compared with nothing.")
    if asked is None:
        return Finding(check, Grade.NOTE, f"{theirs.name} ({found}); which one is meant is not configured.")
    if theirs == asked:
        return Finding(check, Grade.OK, f"{theirs.name} ({found}), as configured.")
    error = SettingsError(f"The token is of {theirs.name} ({found}), and {asked.name} is configured.")
    return failed(check, error, f"Use a token of {asked.name}, or set environment to {theirs.name}.")


def _end(expiry: str, today: datetime.date) -> Finding:
    """When the token ends. How Profit spells a day there is not known, only "0" for never (profit-wire 3.4)."""
    check = "token's end"
    if expiry in ("", _NEVER):
        return Finding(check, Grade.OK, "Profit names no day on which it ends.")
    message = f"Profit says that it ends: {printable(expiry)[:40]}."
    remedy = "Make a new token at the app connector before that day."
    match = _DATE.match(expiry)
    try:
        day = datetime.date.fromisoformat(match[0]) if match else None
    except ValueError:
        day = None
    if day is None:
        return Finding(check, Grade.NOTE, message, remedy)
    left = (day - today).days
    grade = Grade.WARNING if left < SOON else Grade.OK
    return Finding(check, grade, f"It ends on {day} ({days_away(left)}).", remedy if grade is Grade.WARNING else "")


def _schemas(catalogue: Catalogue, opened: Opened) -> Finding:
    """By asking for one: whether metainfo lists GetXMLSchema itself is not known."""
    check = "GetXMLSchema"
    if not catalogue.update_connectors:
        return skipped(check, "there is no UpdateConnector to ask the schema of.")
    try:
        opened.connectors("soap").schema(catalogue.update_connectors[0].id)
    except AfasError as error:
        remedy = "Add GetXMLSchema to the app connector in Profit: updates over SOAP are checked with its schemas."
        return Finding(check, Grade.WARNING, f"No schema over SOAP: {error.message}", remedy)
    return Finding(check, Grade.OK, "Schemas of UpdateConnectors are given over SOAP.")
