"""Bearer and DPoP headers: what goes on each request of somebody who is signed in by OAuth, and what an answer says.

Three parts make a sign-in: this one, which the transport asks; ``renewal``, which has a token at hand that is good; and
``rotation``, which gets the next one. Only this one knows the way out.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence

from afas_soap.errors import SignInError
from afas_soap.profit.access.credentials import ClientSecret, OAuth, PrivateKey
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.renewal import Renewal
from afas_soap.signin.rotation import Rotation
from afas_soap.signin.store import Entry, MemoryStore, Store
from afas_soap.wire.http.authorizer import Cure, Reply, Signature, Way
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.session import HttpSession
from afas_soap.wire.oauth.challenge import NONCE_HEADER, NONCE_WANTED, TOKEN_REFUSED, credential_error, refused
from afas_soap.wire.oauth.clock import AGAIN, Clock, Now
from afas_soap.wire.oauth.dpop import DpopKey
from afas_soap.wire.oauth.grants import TokenEndpoint
from afas_soap.wire.oauth.tokenanswer import Grant
from afas_soap.wire.tracing.masking import MASK


class SignedIn:
    """An ``Authorizer`` by OAuth, for one client at the environment of ``link``. Threads may share it.

    ``store`` keeps the tokens of a profile; without one they live as long as this object, which does for a service.
    """

    def __init__(
        self,
        credential: OAuth,
        link: Link,
        store: Store | None = None,
        *,
        now: Now = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.credential = credential
        self._link = link
        self._clock = Clock(now)
        self._sleep = sleep
        self._way: Way | None = None
        self._own: HttpSession | None = None
        self._endpoint: TokenEndpoint | None = None
        kept = store if store is not None else MemoryStore()
        self._rotation = Rotation(credential, link.rest_url, store=kept, now=now, endpoint=self.endpoint)
        self._renewal = Renewal(self._rotation, kept, now)

    def connect(self, way: Way) -> None:
        """See ``Authorizer``. The latest one counts."""
        self._way = way

    def headers(self, method: str, url: str) -> Signature:
        """``Authorization``, and a proof of its own for a bound token."""
        entry = self._renewal.current()
        headers = {"Authorization": _authorization(entry)}
        key = self._rotation.keys.of(entry) if entry.dpop_key is not None else None
        if key is None:
            return Signature(headers)
        issued = self._clock.theirs()
        return Signature({**headers, "DPoP": key.proof(method, url, issued, entry.access_token)}, issued)

    def shown(self) -> Signature:
        """The names of the headers; no token is got to show none of it."""
        if not self.credential.dpop:
            return Signature({"Authorization": f"Bearer {MASK}"})
        return Signature({"Authorization": f"DPoP {MASK}", "DPoP": MASK})

    def answered(self, reply: Reply, tried: Sequence[Cure]) -> Cure:
        """A nonce that was wanted is known now, a clock that was off is, a refused token is replaced: once, but
        for what is known of nonce and clock, which late answers to other threads may have changed again."""
        self._clock.hear(reply.headers.get("Date"))
        told = self._hear_nonce(reply.headers.get(NONCE_HEADER))
        error = credential_error(reply.status, reply.headers, reply.body)
        if error is None:
            return Cure.NONE
        if error.error == NONCE_WANTED:
            return Cure.NONCE if told and tried.count(Cure.NONCE) < AGAIN else Cure.NONE
        issued = reply.sent.issued
        if issued is not None and self._clock.is_wrong(issued) and tried.count(Cure.CLOCK) < AGAIN:
            return Cure.CLOCK
        if error.error == TOKEN_REFUSED and Cure.TOKEN not in tried:
            self._renewal.supersede(lambda entry: reply.sent.get("Authorization") == _authorization(entry))
            return Cure.TOKEN
        return Cure.NONE

    def refusal(self, reply: Reply) -> SignInError | None:
        """OAuth's own error, where the answer has one."""
        error = credential_error(reply.status, reply.headers, reply.body)
        return None if error is None else refused(error, self._clock.complaint())

    def secrets(self) -> tuple[str, ...]:
        """The tokens of now and of just before, and what proves the client."""
        entry, proof = self._renewal.in_use, self.credential.proof
        own = proof.secret.reveal() if isinstance(proof, ClientSecret) else None
        refresh = entry.refresh_token.reveal() if entry is not None and entry.refresh_token is not None else None
        lines = _lines(proof.pem) if isinstance(proof, PrivateKey) else ()
        return (*filter(None, (own, refresh)), *lines, *(token.reveal() for token in self._renewal.used))

    def begin(self, grant: Grant, key: DpopKey | None) -> Entry:
        """Keep what a person's sign-in gave, in place of what there was."""
        return self._renewal.begin(lambda: self._rotation.begin(grant, key))

    def endpoint(self, key: DpopKey | None, *, patient: bool = True) -> TokenEndpoint:
        """The token endpoint, for tokens that are bound to ``key`` if there is one; see ``TokenEndpoint.again``."""
        if self._way is None:
            self._way = self._own = HttpSession(dataclasses.replace(self._link, authorizer=None))
            self._own.masker.learn(self.secrets())
        if self._endpoint is None:
            made = TokenEndpoint(self._link, self.credential, self._way, clock=self._clock, sleep=self._sleep)
            self._endpoint = made
        return self._endpoint.again(self._way, key, patient=patient)

    def check_own(self) -> None:
        """A profile of Profit has a sign-in of its own."""

    def close(self) -> None:
        """Let go of the way that was made because no transport had one. What is kept stays kept."""
        if self._own is not None:
            self._own.close()
            self._own = self._way = None

    def entry(self) -> Entry | None:
        """What is kept for this client at this environment, if anything is. Asks nobody."""
        return self._renewal.kept()

    def _hear_nonce(self, nonce: str | None) -> bool:
        key = self._rotation.keys.newest
        if key is None or not nonce:
            return False
        key.nonce = nonce
        return True


def _authorization(entry: Entry) -> str:
    return f"{entry.kind} {entry.access_token.reveal()}"


def _lines(pem: Secret) -> tuple[str, ...]:
    """A key in pieces as well: where it is shown, it may be folded in another way."""
    lines = (line.strip() for line in pem.reveal().splitlines())
    return (pem.reveal(), *(line for line in lines if line and not line.startswith("-----")))
