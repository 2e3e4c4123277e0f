"""Somebody who is signed in: the token that is used until shortly before its end, and renewed once, whoever asks."""

from __future__ import annotations

import collections
import copy
import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeGuard

from afas_soap.errors import AfasError, Fate, SettingsError, SignInError
from afas_soap.limits import CHAIN_SECONDS
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret, OAuth, PrivateKey
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.store import Entry, MemoryStore, Store
from afas_soap.wire.http.authorizer import Cure, Reply, Signature, Way
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.session import HttpSession
from afas_soap.wire.oauth.challenge import NONCE_HEADER, NONCE_WANTED, TOKEN_REFUSED, credential_error, refused
from afas_soap.wire.oauth.clock import Clock, Now
from afas_soap.wire.oauth.dpop import DpopKey
from afas_soap.wire.oauth.grants import TokenEndpoint
from afas_soap.wire.oauth.tokenanswer import Grant
from afas_soap.wire.tracing.masking import MASK

_LOG = logging.getLogger("afas_soap.signin")

_MARGIN = 60.0
_SHARE = 0.1
# How many nonces are tried for one request: how long one is good for is not known, and of calls at once each answer may
# bring a newer one.
_NONCES = 5
# How many of the tokens that were used are still masked: an answer to an old one may come late.
_REMEMBERED = 4
_AGAIN = "Sign in again: 'afas auth login'."


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
        self._store: Store = store if store is not None else MemoryStore()
        self._clock = Clock(now)
        self._sleep = sleep
        self._lock = threading.RLock()
        self._entry: Entry | None = None
        self._key: DpopKey | None = None
        self._way: Way | None = None
        self._own: HttpSession | None = None
        self._endpoint: TokenEndpoint | None = None
        self._failures = 0
        self._failure: AfasError | None = None
        self._used: collections.deque[Secret] = collections.deque(maxlen=_REMEMBERED)

    def connect(self, way: Way) -> None:
        """See ``Authorizer``. The latest one counts."""
        self._way = way

    def headers(self, method: str, url: str) -> Signature:
        """``Authorization``, and a proof of its own for a bound token."""
        entry, key = self._current()
        headers = {"Authorization": f"{entry.kind} {entry.access_token.reveal()}"}
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
        """A nonce that was wanted is known now, a clock that was off is, a refused token is replaced; each once, but
        for a nonce, which may have changed again by the answers to other threads."""
        self._clock.hear(reply.headers.get("Date"))
        told = self._hear_nonce(reply.headers.get(NONCE_HEADER))
        error = credential_error(reply.status, reply.headers, reply.body)
        if error is None:
            return Cure.NONE
        if error.error == NONCE_WANTED:
            return Cure.NONCE if told and tried.count(Cure.NONCE) < _NONCES else Cure.NONE
        issued = reply.sent.issued
        if issued is not None and self._clock.is_wrong(issued) and Cure.CLOCK not in tried:
            return Cure.CLOCK
        if error.error == TOKEN_REFUSED and Cure.TOKEN not in tried:
            self._replace(reply.sent)
            return Cure.TOKEN
        return Cure.NONE

    def refusal(self, reply: Reply) -> SignInError | None:
        """OAuth's own error, where the answer has one."""
        error = credential_error(reply.status, reply.headers, reply.body)
        return None if error is None else refused(error, self._clock.complaint())

    def secrets(self) -> tuple[str, ...]:
        """The tokens of now and of just before, and what proves the client."""
        entry, proof = self._entry, self.credential.proof
        own = proof.secret.reveal() if isinstance(proof, ClientSecret) else None
        refresh = entry.refresh_token.reveal() if entry is not None and entry.refresh_token is not None else None
        lines = _lines(proof.pem) if isinstance(proof, PrivateKey) else ()
        return (*filter(None, (own, refresh)), *lines, *(token.reveal() for token in tuple(self._used)))

    def begin(self, grant: Grant, key: DpopKey | None) -> Entry:
        """Keep what a person's sign-in gave, in place of what there was."""
        with self._lock, self._store.locked():
            return self._keep(grant, key, self._clock.now(), None)

    def endpoint(self, key: DpopKey | None, *, patient: bool = True) -> TokenEndpoint:
        """The token endpoint, for tokens that are bound to ``key`` if there is one; see ``TokenEndpoint.again``."""
        if self._way is None:
            self._way = self._own = HttpSession(dataclasses.replace(self._link, authorizer=None))
            self._own.masker.learn(self.secrets())
        if self._endpoint is None:
            made = TokenEndpoint(self._link, self.credential, self._way, clock=self._clock, sleep=self._sleep)
            self._endpoint = made
        return self._endpoint.again(self._way, key, patient=patient)

    def close(self) -> None:
        """Let go of the way that was made because no transport had one. What is kept stays kept."""
        if self._own is not None:
            self._own.close()
            self._own = self._way = None

    def entry(self) -> Entry | None:
        """What is kept for this client at this environment, if anything is. Asks nobody."""
        found = self._store.read()
        return found if found is not None and self._is_ours(found) else None

    def _current(self) -> tuple[Entry, DpopKey | None]:
        entry, key = self._entry, self._key
        if entry is not None and self._usable(entry):
            return entry, key
        failures = self._failures
        with self._lock:
            if self._entry is None or not self._usable(self._entry):
                self._renew_unless_failed(None, failures)
            assert self._entry is not None, "renewed, or raised"
            return self._entry, self._key

    def _replace(self, sent: Signature) -> None:
        """Another token than the one that was refused, which may have been replaced by now."""
        failures = self._failures
        with self._lock:
            entry = self._entry
            if entry is not None and sent.get("Authorization") == f"{entry.kind} {entry.access_token.reveal()}":
                self._renew_unless_failed(entry, failures)

    def _renew_unless_failed(self, refused_one: Entry | None, failures: int) -> None:
        """Whoever waited for its turn while a renewal failed is told the same: if each tried anew, the last would wait
        for all of them, and each would show the same refresh token."""
        if self._failure is not None and self._failures != failures:
            raise copy.copy(self._failure)
        try:
            self._renew(refused_one)
        except AfasError as problem:
            self._failures += 1
            self._failure = copy.copy(problem)
            raise

    def _usable(self, entry: Entry) -> bool:
        return self._clock.now() < entry.renew_at

    def _lasts(self, entry: Entry) -> bool:
        """Whether its access token is still good, be it for seconds."""
        return self._clock.now() < entry.expires_at

    def _is_ours(self, entry: Entry) -> bool:
        """Whether the entry is this client's: a profile may have changed since."""
        ours = (self.credential.client_id, self._link.rest_url, self.credential.dpop)
        return ours == (entry.client_id, entry.environment, entry.kind == "DPoP")

    def _renew(self, refused_one: Entry | None) -> None:
        """Under our own lock and that of the store: whoever comes first renews, the others find what it wrote."""
        with self._store.locked():
            found = self._store.read()
            if found is not None and not self._is_ours(found):
                found = None
            fresh = found is not None and (refused_one is None or found.access_token != refused_one.access_token)
            if found is not None and fresh and self._usable(found):
                self._take(found)
            elif found is not None and fresh and self._lasts(found):
                self._renew_early(found)
            else:
                self._get(found, patient=True)

    def _renew_early(self, found: Entry) -> None:
        """Before its end. Where nothing comes of that, the old token does until then, and nobody tries again before: a
        refresh token that may have arrived is not spent once more for it. What is wrong with the client is told."""
        try:
            self._get(found, patient=False)
        except (SettingsError, SignInError):
            raise
        except AfasError as problem:
            failure = problem
        else:
            return
        left = self._store.read()
        if left is None or not self._lasts(left):
            raise failure
        _LOG.info("the access token is used to its end, for it was not renewed: %s", failure.message)
        left = dataclasses.replace(left, renew_at=left.expires_at)
        self._store.write(left)
        self._take(left)

    def _get(self, found: Entry | None, *, patient: bool) -> None:
        if isinstance(self.credential, AuthorizationCode):
            self._go_on(found, patient=patient)
        else:
            self._ask_anew(found, patient=patient)

    def _ask_anew(self, found: Entry | None, *, patient: bool) -> None:
        """A service just signs in again, with the key that it had."""
        key = self._key_of(found) if self.credential.dpop else None
        began = self._clock.now()
        if key is None and self.credential.dpop:
            key = DpopKey.generate()
        self._keep(self.endpoint(key, patient=patient).by_client_credentials(), key, began, None)

    def _go_on(self, found: Entry | None, *, patient: bool) -> None:
        """A person's chain of refresh tokens, of which each is used once."""
        entry = self._to_go_on(found)
        assert entry.refresh_token is not None, "_to_go_on looked"
        key, began = self._key_of(entry), self._clock.now()
        endpoint = self.endpoint(key, patient=patient)
        self._store.write(dataclasses.replace(entry, renewing=True))
        try:
            grant = endpoint.by_refresh(entry.refresh_token)
        except AfasError as problem:
            # As it was, where the refresh token was certainly not used up just now.
            if problem.outcome is Fate.NOT_SENT:
                self._store.write(entry)
            failure = _lost(problem) if entry.renewing and _is_spent(problem) else problem
        else:
            self._keep(grant, key, began, entry)
            return
        raise failure

    def _to_go_on(self, found: Entry | None) -> Entry:
        if found is None:
            raise SignInError("Nobody has signed in here yet: 'afas auth login'.")
        if found.refresh_token is None:
            raise SignInError(f"The access token ran out, and AFAS gave no refresh token. {_AGAIN}")
        if found.refresh_until is not None and self._clock.now() >= found.refresh_until:
            raise SignInError(f"The sign-in is 30 days old, and ends then. {_AGAIN}")
        return found

    def _key_of(self, entry: Entry | None) -> DpopKey | None:
        if entry is None or entry.dpop_key is None:
            return self._key
        if self._key is not None and self._entry is not None and self._entry.dpop_key == entry.dpop_key:
            return self._key
        return DpopKey.from_json(entry.dpop_key, entry.nonce)

    def _keep(self, grant: Grant, key: DpopKey | None, began: float, before: Entry | None) -> Entry:
        """Write what was got, then use it: an access token in use whose refresh token is lost would help nobody."""
        until = before.refresh_until if before is not None else began + CHAIN_SECONDS
        entry = Entry(
            access_token=grant.access_token,
            kind=grant.kind,
            client_id=self.credential.client_id,
            environment=self._link.rest_url,
            issued_at=began,
            renew_at=began + grant.expires_in - min(_MARGIN, _SHARE * grant.expires_in),
            expires_at=began + grant.expires_in,
            refresh_token=grant.refresh_token,
            refresh_until=until if grant.refresh_token is not None else None,
            dpop_key=key.to_json() if key is not None else None,
            nonce=key.nonce if key is not None else None,
        )
        self._store.write(entry)
        self._take(entry, key)
        return entry

    def _take(self, entry: Entry, key: DpopKey | None = None) -> None:
        key = key if key is not None else (self._key_of(entry) if entry.dpop_key is not None else None)
        self._used.append(entry.access_token)
        self._key = key
        self._entry = entry

    def _hear_nonce(self, nonce: str | None) -> bool:
        key = self._key
        if key is None or not nonce:
            return False
        key.nonce = nonce
        return True


def _is_spent(problem: AfasError) -> TypeGuard[SignInError]:
    """Whether AFAS says that the refresh token is none any more, and not that something else is wrong."""
    return isinstance(problem, SignInError) and problem.error == "invalid_grant"


def _lost(error: SignInError) -> SignInError:
    return SignInError(
        f"An earlier renewal was stopped half-way, and its refresh token is used up: the chain is lost. {_AGAIN} "
        f"({error.message})",
        error=error.error,
        error_description=error.error_description,
    )


def _lines(pem: Secret) -> tuple[str, ...]:
    """A key in pieces as well: where it is shown, it may be folded in another way."""
    lines = (line.strip() for line in pem.reveal().splitlines())
    return (pem.reveal(), *(line for line in lines if line and not line.startswith("-----")))
