"""Authorization: what a transport asks of a credential, headers for each request and what to make of each answer."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

import requests
from requests.auth import AuthBase

from afas_soap.errors import SignInError

CREDENTIALS = ("Authorization", "DPoP")
"""The headers that carry a credential."""


class Cure(enum.Enum):
    """Why a request that was refused may be sent once more, and will then be another one."""

    NONE = "nothing changed"
    NONCE = "the server's newest nonce is known now"
    TOKEN = "there is another access token now"  # noqa: S105
    CLOCK = "it is known now by how much this machine's clock is off"


class Signature(Mapping[str, str]):
    """The headers that carry a credential on one request. They do not show. ``issued`` is the time in them, if any."""

    def __init__(self, headers: Mapping[str, str] | None = None, issued: int | None = None) -> None:
        self.__headers = {} if headers is None else headers
        self.issued = issued

    def __getitem__(self, name: str) -> str:
        return self.__headers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__headers)

    def __len__(self) -> int:
        return len(self.__headers)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Signature is not pickled: it would stand readable in the pickle")

    def __repr__(self) -> str:
        return f"Signature({', '.join(self)}, hidden)"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, with the headers that ``Authorizer.headers`` gave its request. ``body`` is that of a refusal, up to a
    limit and masked; empty for a success."""

    sent: Signature
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenReply:
    """The answer to a token request, read to its end. What was sent is masked in its headers, and in the body of a
    refusal; that of a success holds the token."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a TokenReply is not pickled: it would stand readable in the pickle")


class Way(Protocol):
    """A way out to the environment, with its TLS, proxies, time-outs, headers and trace."""

    def post(self, request: requests.Request) -> TokenReply:
        """The answer to a token request. ``Repeatable`` and ``TransportError`` as for any request."""
        ...


class Authorizer(Protocol):
    """A credential on the wire. One may be asked by several threads at once."""

    def connect(self, way: Way) -> None:
        """Called once by a transport: what has to be asked first, such as a token, goes the same way as its calls."""
        ...

    def headers(self, method: str, url: str) -> Signature:
        """The headers of one request. May get a token first: ``SignInError``, ``TransportError``, ``AnswerError``."""
        ...

    def shown(self) -> Signature:
        """What ``headers`` would give, for a request that is not sent, with nothing in it that masking would not find.
        It asks nobody."""
        ...

    def answered(self, reply: Reply, tried: Sequence[Cure]) -> Cure:
        """Called with every answer. What was cured, if it was refused for a reason that could be, and that was not
        ``tried`` for this request before, or not often enough. Raises what ``headers`` raises."""
        ...

    def refusal(self, reply: Reply) -> SignInError | None:
        """The error in the credential's own terms, None when the answer says nothing about it."""
        ...

    def secrets(self) -> tuple[str, ...]:
        """Every text that must not show now; others than before once a token was renewed."""
        ...


class SignedWith(AuthBase):
    """Authentication for ``requests``: the headers that ``headers`` gives for the request as it will be sent; without
    it there are none.

    ``signature`` is what they were. Always given to ``requests``, also without a credential: a request without
    authentication gets one from ``.netrc``.
    """

    def __init__(self, headers: Callable[[str, str], Signature] | None) -> None:
        self._headers = headers
        self.signature = Signature()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        for name in CREDENTIALS:
            request.headers.pop(name, None)
        if self._headers is not None:
            self.signature = self._headers(request.method or "", request.url or "")
            request.headers.update(self.signature)
        return request
