"""Refresh token rotation: how a client gets its next token.

A service just signs in again. A person's refresh tokens are used once each (authentication.md): before one is spent the
entry is marked in the store, and what came of it is written before it is used. A mark that is found says that somebody
was stopped half-way: the chain may be lost, and only AFAS' answer tells.
"""

from __future__ import annotations

import dataclasses
from typing import Protocol, TypeGuard

from afas_soap.errors import AfasError, Fate, SignInError
from afas_soap.limits import CHAIN_SECONDS
from afas_soap.profit.access.credentials import AuthorizationCode, OAuth
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.renewal import renew_at
from afas_soap.signin.store import Entry, Store
from afas_soap.wire.oauth.clock import Now
from afas_soap.wire.oauth.dpop import DpopKey
from afas_soap.wire.oauth.grants import TokenEndpoint
from afas_soap.wire.oauth.tokenanswer import Grant

_AGAIN = "Sign in again: 'afas auth login'."


class Endpoint(Protocol):
    """Where tokens are asked for."""

    def __call__(self, key: DpopKey | None, *, patient: bool) -> TokenEndpoint:
        """The token endpoint, for tokens that are bound to ``key``."""
        ...


class Keys:
    """The key of the entry that was looked at last, read once: ``newest`` holds the newest nonce that any answer
    told."""

    def __init__(self) -> None:
        self._last: tuple[Secret, DpopKey] | None = None

    @property
    def newest(self) -> DpopKey | None:
        """The key that is in use, None where tokens are bound to none."""
        return self._last[1] if self._last is not None else None

    def of(self, entry: Entry | None) -> DpopKey | None:
        """The key that the tokens of ``entry`` are bound to; of one that has none, the newest."""
        last = self._last
        if entry is None or entry.dpop_key is None:
            return None if last is None else last[1]
        if last is not None and last[0] == entry.dpop_key:
            return last[1]
        return self.use(entry.dpop_key, DpopKey.from_json(entry.dpop_key, entry.nonce))

    def use(self, text: Secret, key: DpopKey) -> DpopKey:
        """Keep ``key``, which ``text`` spells."""
        self._last = text, key
        return key


class Rotation:
    """The ``Source`` of one client's tokens at ``environment``, written to ``store``, which whoever calls has
    locked."""

    def __init__(self, credential: OAuth, environment: str, *, store: Store, now: Now, endpoint: Endpoint) -> None:
        self.keys = Keys()
        self._credential = credential
        self._environment = environment
        self._store = store
        self._now = now
        self._endpoint = endpoint

    def is_ours(self, entry: Entry) -> bool:
        """Whether the entry is this client's."""
        ours = (self._credential.client_id, self._environment, self._credential.dpop)
        return ours == (entry.client_id, entry.environment, entry.kind == "DPoP")

    def ready(self, entry: Entry) -> None:
        """Read its key, if it has one."""
        self.keys.of(entry)

    def begin(self, grant: Grant, key: DpopKey | None) -> Entry:
        """The first of a chain: what a person's sign-in gave."""
        return self._keep(grant, key, self._now(), None)

    def next(self, found: Entry | None, *, patient: bool) -> Entry:
        """See ``signin.renewal.Source``."""
        if isinstance(self._credential, AuthorizationCode):
            return self._go_on(found, patient=patient)
        return self._ask_anew(found, patient=patient)

    def _ask_anew(self, found: Entry | None, *, patient: bool) -> Entry:
        """A service just signs in again, with the key that it had."""
        key = self.keys.of(found) if self._credential.dpop else None
        began = self._now()
        if key is None and self._credential.dpop:
            key = DpopKey.generate()
        return self._keep(self._endpoint(key, patient=patient).by_client_credentials(), key, began, None)

    def _go_on(self, found: Entry | None, *, patient: bool) -> Entry:
        """A person's chain of refresh tokens, of which each is used once."""
        entry, refresh_token = self._to_go_on(found)
        key, began = self.keys.of(entry), self._now()
        endpoint = self._endpoint(key, patient=patient)
        self._store.write(dataclasses.replace(entry, renewing=True))
        try:
            grant = endpoint.by_refresh(refresh_token)
        except AfasError as problem:
            # As it was, where the refresh token was certainly not used up just now.
            if problem.outcome is Fate.NOT_SENT:
                self._store.write(entry)
            failure = _lost(problem) if entry.renewing and _is_spent(problem) else problem
        else:
            return self._keep(grant, key, began, entry)
        raise failure

    def _to_go_on(self, found: Entry | None) -> tuple[Entry, Secret]:
        if found is None:
            raise SignInError("Nobody has signed in here yet: 'afas auth login'.")
        if found.refresh_token is None:
            raise SignInError(f"The access token ran out, and AFAS gave no refresh token. {_AGAIN}")
        if found.refresh_until is not None and self._now() >= found.refresh_until:
            raise SignInError(f"The sign-in is 30 days old, and ends then. {_AGAIN}")
        return found, found.refresh_token

    def _keep(self, grant: Grant, key: DpopKey | None, began: float, before: Entry | None) -> Entry:
        """Write what was got, then give it out: an access token in use whose refresh token is lost would help
        nobody."""
        until = before.refresh_until if before is not None else began + CHAIN_SECONDS
        kept = key.to_json() if key is not None else None
        entry = Entry(
            access_token=grant.access_token,
            kind=grant.kind,
            client_id=self._credential.client_id,
            environment=self._environment,
            issued_at=began,
            renew_at=renew_at(began, grant.expires_in),
            expires_at=began + grant.expires_in,
            refresh_token=grant.refresh_token,
            refresh_until=until if grant.refresh_token is not None else None,
            dpop_key=kept,
            nonce=key.nonce if key is not None else None,
        )
        self._store.write(entry)
        if kept is not None and key is not None:
            self.keys.use(kept, key)
        return entry


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
