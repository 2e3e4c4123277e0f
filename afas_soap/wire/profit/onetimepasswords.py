"""One-time passwords over SOAP (tokenconnector) and REST (otprequest, otpvalidation): sent once, and unsigned.

Source: profit-wire 6.4, special-connectors 6. The keys, the password and the token stand in the bodies, so the requests
have no ``Authorization`` header. Each call is a write that nothing repeats, not even what certainly was not sent: a
second request would be a second mail, and a password is used up by one redemption.

What is sent is masked everywhere, by an authorizer that signs nothing and knows it. The token in an answer is not known
before it is there, so no mask can be ready for it in a trace: these calls have none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from afas_soap.errors import NotOffered, ProfitError, SignInError
from afas_soap.profit.access.onetimepassword import AppKeys, token_from_json, token_from_text
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.readers.envelope import called_result
from afas_soap.profit.readers.errorbody import error_from_json
from afas_soap.profit.readers.faults import read_fault
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.authorizer import Cure, Reply, Signature, Way
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.fates import fate_of_fault
from afas_soap.wire.profit.refusals import Whom, refused_within
from afas_soap.wire.profit.soapcalls import Parameters, SoapCalls

_Result = TypeVar("_Result")

_SERVICE = "TokenConnector"
# What helps where nobody knows what became of a call; Profit books none of these.
_MAIL = "The request may have arrived: look for the mail before you ask for another password."
_USED_UP = "The password may be used up: request a new one."
_GONE = "The token may be gone: see whether AFAS still takes it before you delete it again."


@dataclass(frozen=True)
class Unsigned:
    """An authorizer that signs nothing: its secrets go another way, and must not show."""

    hidden: tuple[str, ...] = field(repr=False)

    def connect(self, way: Way) -> None:
        """It asks nothing."""

    def headers(self, method: str, url: str) -> Signature:
        """None."""
        return Signature()

    def shown(self) -> Signature:
        """None."""
        return Signature()

    def answered(self, reply: Reply, tried: Sequence[Cure]) -> Cure:
        """Nothing can be renewed."""
        return Cure.NONE

    def refusal(self, reply: Reply) -> SignInError | None:
        """AFAS' own words are all there is."""
        return None

    def secrets(self) -> tuple[str, ...]:
        """What it was given."""
        return self.hidden


def without_trace(link: Link, *hidden: str) -> Link:
    """The link for these calls: unsigned, without a trace, and with ``hidden`` masked wherever it might show."""
    return dataclasses.replace(link, authorizer=Unsigned(hidden), trace=None)


class SoapOneTimePasswords:
    """``OneTimePasswords`` over SOAP ``1.1`` or ``1.2``, on a link that ``without_trace`` made."""

    def __init__(self, transport: Transport, *, soap_version: str = "1.1") -> None:
        self._transport = transport
        self._calls = SoapCalls(transport, soap_version=soap_version)

    def request(self, keys: AppKeys, description: str | None = None) -> None:
        """``GenerateOTP``."""
        parameters = {**keys.soap_parameters(), "description": description}
        self._transport.write(self._request("GenerateOTP", parameters, _MAIL), self._read("GenerateOTP", _nothing))

    def redeem(self, keys: AppKeys, password: Secret) -> AfasToken:
        """``GetTokenFromOTP``."""
        request = self._request("GetTokenFromOTP", {**keys.soap_parameters(), "otp": password}, _USED_UP)
        return self._transport.write(request, self._read("GetTokenFromOTP", token_from_text))

    def delete(self, token: AfasToken) -> None:
        """``DeleteToken``."""
        request = self._request("DeleteToken", {"token": token}, _GONE)
        self._transport.write(request, self._read("DeleteToken", _nothing))

    def _request(self, operation: str, parameters: Parameters, remedy: str) -> Request:
        return _once(self._calls.request(_SERVICE, operation, None, parameters), remedy)

    def _read(self, operation: str, parse: Callable[[str], _Result]) -> Callable[[Answer], _Result]:
        def read(answer: Answer) -> _Result:
            # No name for what the answer holds: a traceback may show what names stand for.
            return parse(self._result(answer, operation))

        return read

    def _result(self, answer: Answer, operation: str) -> str:
        fault = read_fault(data := answer.whole(self._transport.link.max_document))
        if fault is None:
            try:
                return called_result(data, operation)
            finally:
                del data
        error = self._calls.refused(fault.error(), None, answer, read=False)
        raise error.of_write(fate_of_fault(fault))


class RestOneTimePasswords:
    """``OneTimePasswords`` over REST, on a link that ``without_trace`` made."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def request(self, keys: AppKeys, description: str | None = None) -> None:
        """``POST /otprequest``: 200 by AFAS' specification, 201 in production."""
        if description is not None:
            raise NotOffered("REST takes no description with a request for a password; SOAP does.", offered_by="soap")
        self._transport.write(self._request("otprequest", keys.rest_body(), _MAIL), self._unread)

    def redeem(self, keys: AppKeys, password: Secret) -> AfasToken:
        """``POST /otpvalidation``."""
        request = self._request("otpvalidation", keys.rest_body(password), _USED_UP)
        return self._transport.write(request, lambda answer: token_from_json(self._whole(answer)))

    def delete(self, token: AfasToken) -> None:
        """Not offered."""
        raise NotOffered("REST deletes no tokens; SOAP does.", offered_by="soap")

    def _request(self, operation: str, body: bytes, remedy: str) -> Request:
        headers = {"Accept": "application/json", "Content-Type": "application/json; charset=utf-8"}
        url = f"{self._transport.link.rest_url}/{operation}"
        return _once(Request(Accepts.JSON, operation, None, url, headers, body), remedy)

    def _unread(self, answer: Answer) -> None:
        self._whole(answer)

    def _whole(self, answer: Answer) -> bytes:
        """The body. An error body that came as a success is Profit's refusal."""
        body = error_from_json(data := answer.whole(self._transport.link.max_document))
        if body is None:
            return data
        del data
        whom = Whom(self._transport.link.environment, None, read=False)
        error: ProfitError = self._transport.masked(body.error())
        raise refused_within(error, whom, answer.trace_id)


def _once(request: Request, remedy: str) -> Request:
    return dataclasses.replace(request, read=False, sign=False, patient=False, remedy=remedy)


def _nothing(_result: str) -> None:
    """What the two operations without a result give."""
