"""The checks, one after the other. One that cannot run because an earlier one failed says so."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import time
from collections.abc import Callable, Iterator

from afas_soap.connections import Opened, way_out
from afas_soap.doctor import access, credentials, probes
from afas_soap.doctor.addresses import Side, addresses, environment_asked, sides
from afas_soap.doctor.certificates import client_certificate
from afas_soap.doctor.finding import Finding, Grade, failed, skipped
from afas_soap.doctor.network import way_to
from afas_soap.doctor.remedies import remedy_for
from afas_soap.errors import AfasError, SettingsError
from afas_soap.settings import Settings
from afas_soap.settings.names import PROOFS
from afas_soap.wire.http.link import Link, check_addresses
from afas_soap.wire.http.session import HttpSession
from afas_soap.wire.http.tls import tls_context

Now = Callable[[], float]

LONGEST = 30.0
"""The most seconds that a check waits for a byte: what it asks for is small."""

# What stands in front of a message of the settings, and which check it is.
_BY_SETTING = {
    "integration_id": "IntegrationId",
    **dict.fromkeys(("token", "token_file", "client_id", "app_token", "app_token_file", *PROOFS), "credential"),
    **dict.fromkeys(("client_cert_file", "client_key_file"), "client certificate"),
    **dict.fromkeys(("soap_url", "rest_url"), "addresses"),
    "environment": "environment",
}
_MEND = "Set it right where it was given: as an option, in a variable, or in the profile."
_SET = "'afas settings' shows what is configured and from where."


def unsettled(error: SettingsError) -> Iterator[Finding]:
    """The findings when there are no settings to go by."""
    yield failed(_BY_SETTING.get(error.message.partition(":")[0], "settings"), error, _MEND)
    yield skipped("everything else", "it is not known whom to ask, and how.")


def examine(settings: Settings, now: Now = time.time) -> Iterator[Finding]:
    """Every finding, in the order in which one thing rests on another; each as soon as it is known.

    ``now`` is our clock, in seconds since 1970. Each step has a time-out: the settings' own, ``LONGEST`` at most.
    """
    moment = datetime.datetime.fromtimestamp(now(), datetime.UTC)
    settings = dataclasses.replace(settings, read_timeout=min(settings.read_timeout, LONGEST), retry_total=0.0)
    yield _settings(settings)
    yield from credentials.credential(settings, moment.date())
    yield credentials.integration_id(settings)
    if settings.embedded:
        yield skipped("network", "the embedded Profit answers in this process.")
        yield from _access(settings, list(sides(settings)), moment.date())
        return
    yield client_certificate(settings.client_cert_file, moment)
    found = list(addresses(settings))
    yield from found
    if any(finding.check == "addresses" and finding.error is not None for finding in found):
        # Whatever is answered there would be taken for something else.
        yield skipped("network and access", "the addresses are not right.")
        return
    yield from _outside(settings, now, moment)


def _settings(settings: Settings) -> Finding:
    profile = f"profile {settings.profile!r}" if settings.profile else "no profile"
    who = f"{settings.environment_name} over {settings.protocol.upper()}"
    return Finding("settings", Grade.OK, f"{profile}: {who}, auth={settings.auth}.")


def _outside(settings: Settings, now: Now, moment: datetime.datetime) -> Iterator[Finding]:
    """Everything for which somebody else is asked."""
    link = _link(settings)
    try:
        check_addresses(link)
        context = tls_context(link.ca_bundle, link.client_certificate)
        http = HttpSession(link)
    except SettingsError as error:
        yield failed("connection", error, _SET)
        yield skipped("network and access", "nothing is sent like that.")
        return
    reached: list[Side] = []
    for side in sides(settings):
        ways = list(way_to(side, context, link.connect_timeout, moment))
        yield from ways
        if side.url and all(way.error is None for way in ways):
            reached.append(side)
    with contextlib.closing(http):
        yield from _probed(settings, http, reached, now)
    yield from _access(settings, reached, moment.date())


def _link(settings: Settings) -> Link:
    """The way out without the credential. It leaves no trace, for the calls behind it open the file themselves."""
    return dataclasses.replace(way_out(settings), trace=None)


def _probed(settings: Settings, http: HttpSession, reached: list[Side], now: Now) -> Iterator[Finding]:
    by_protocol = {side.protocol: side for side in reached}
    heard: probes.Heard | None = None
    if "rest" in by_protocol:
        heard = probes.token_endpoint(http, by_protocol["rest"].url)
        url = f"{by_protocol['rest'].url}/oauth/token"
        yield probes.oauth(heard, url, wanted=settings.auth != "token")
    else:
        yield skipped("OAuth", "it stands at the REST address, which is not reached or not configured.")
    if "soap" in by_protocol and (heard is None or heard.answer is None):
        heard = probes.any_answer(http, by_protocol["soap"].url)
    yield probes.clock(heard, now)


def _access(settings: Settings, reached: list[Side], today: datetime.date) -> Iterator[Finding]:
    if not reached:
        yield skipped("access", "no address is reached.")
        return
    try:
        opened = Opened(settings)
    except AfasError as error:
        yield failed("access", error, remedy_for(error) or _SET)
        return
    with contextlib.closing(opened):
        yield from _signed_in(settings, opened, [side.protocol for side in reached], today)


def _signed_in(settings: Settings, opened: Opened, reached: list[str], today: datetime.date) -> Iterator[Finding]:
    calls: list[Finding] = []
    catalogue = None
    if "soap" in reached:
        calls.append(access.soap_access(opened))
    else:
        yield skipped("SOAP access", "the SOAP address is not reached or not configured.")
    if "rest" in reached:
        finding, catalogue = access.rest_access(opened)
        calls.append(finding)
    else:
        yield skipped("REST access", "the REST address is not reached or not configured.")
    yield from calls
    yield access.ip_restriction(calls)
    asked = None if settings.embedded else environment_asked(settings)
    soap = any(call.check == "SOAP access" and call.weight is Grade.OK for call in calls)
    yield from access.app_connector(catalogue, opened, asked, today, soap=soap)
