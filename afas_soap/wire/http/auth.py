"""A credential as ``requests`` authentication, the same over SOAP and REST (profit-wire 1.4)."""

from __future__ import annotations

from collections.abc import Callable

from requests import PreparedRequest
from requests.auth import AuthBase

from afas_soap.wire.http.authorizer import Signature

CREDENTIALS = ("Authorization", "DPoP")
"""The headers that carry a credential."""

Headers = Callable[[str, str], Signature]


class SignedWith(AuthBase):
    """Sets the headers that ``headers`` gives for the request as it will be sent, or takes them away without one.

    ``signature`` is what they were. Always given to ``requests``, also without a credential: a request without
    authentication gets one from ``.netrc``.
    """

    def __init__(self, headers: Headers | None) -> None:
        self._headers = headers
        self.signature = Signature()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        for name in CREDENTIALS:
            request.headers.pop(name, None)
        if self._headers is not None:
            self.signature = self._headers(request.method or "", request.url or "")
            request.headers.update(self.signature)
        return request
