"""The AfasToken as ``requests`` authentication, the same over SOAP and REST (profit-wire 1.4)."""

from __future__ import annotations

from requests import PreparedRequest
from requests.auth import AuthBase

from afas_soap.profit.token import AfasToken


class AfasTokenAuth(AuthBase):
    """Sets ``Authorization`` to the token, or takes it away when there is none for this request.

    Always given to ``requests``, also without a token: a request without authentication gets one from ``.netrc``.
    """

    def __init__(self, token: AfasToken | None) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.pop("Authorization", None)
        if self._token is not None:
            request.headers["Authorization"] = self._token.header()
        return request
