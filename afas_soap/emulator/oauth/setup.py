"""How one signs in at this Profit, and who came in, as values."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug import Response

from afas_soap.emulator.oauth.clock import Clock
from afas_soap.errors import SettingsError

if TYPE_CHECKING:
    # With the cryptography that their keys take.
    from afas_soap.emulator.oauth.clients.registration import Client

NONCES = ("off", "400", "401")
"""How a connector asks for another nonce: not at all, or with this status."""

TYPES = ("classic", "hybrid", "oauth")
"""The authentication types of an app connector."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How one signs in: the authentication type of the app connector, its clients (the demo clients when None), how a
    connector asks for another nonce, whether the replay store is down, and the time."""

    auth: str = "hybrid"
    clients: Collection[Client] | None = None
    nonce: str = "400"
    replay_down: bool = False
    clock: Clock = time.time

    def __post_init__(self) -> None:
        if self.auth not in TYPES:
            raise SettingsError(f"auth: {self.auth!r} is none of {', '.join(TYPES)}.")
        if self.nonce not in NONCES:
            raise SettingsError(f"nonce: {self.nonce!r} is none of {', '.join(NONCES)}.")


@dataclass(frozen=True, slots=True)
class Entry:
    """Who knocked: ``admitted`` by an access token, or sent away with ``answer``; neither when there was none."""

    admitted: bool = False
    answer: Response | None = None
    nonce: str | None = None

    def seen_off(self, answer: Response) -> Response:
        """The answer to the call, with a newer nonce when there is one."""
        if self.nonce is not None:
            answer.headers["DPoP-Nonce"] = self.nonce
        return answer
