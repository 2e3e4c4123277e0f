"""Bearer headers of AFAS SB: who is signed in at one customer environment, by a person's consent or by an app token.

``renewal`` has a token at hand that is good, as for Profit. SB's refresh token is no chain: it stays, and one serves
every environment of a domain (small-business.md 1), so nothing is lost when a renewal is stopped half-way.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence

from afas_soap.errors import SettingsError, SignInError, printable
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.address import SbEnvironment
from afas_soap.sb.access.credentials import AppToken, SbCredential
from afas_soap.signin.renewal import Renewal, renew_at
from afas_soap.signin.store import Entry, MemoryStore, Store
from afas_soap.wire.http.authorizer import Cure, Reply, Signature, Way
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.session import HttpSession
from afas_soap.wire.oauth.clock import Now
from afas_soap.wire.oauth.sbtokens import SbTokens
from afas_soap.wire.oauth.tokenanswer import Grant
from afas_soap.wire.tracing.masking import MASK

_REFUSED = 401


class SbSignedIn:
    """An ``Authorizer`` for one client at the environment of ``link``. Threads may share it.

    ``store`` keeps a person's tokens; an app token needs none. ``shared`` is the profile whose sign-in this uses, where
    that is another one's.
    """

    def __init__(
        self,
        credential: SbCredential,
        link: Link,
        store: Store | None = None,
        *,
        shared: str | None = None,
        now: Now = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.credential = credential
        self._link = link
        self._shared = shared
        self._now = now
        self._sleep = sleep
        self._way: Way | None = None
        self._own: HttpSession | None = None
        self._store = store if store is not None else MemoryStore()
        self._renewal = Renewal(self, self._store, now)

    def connect(self, way: Way) -> None:
        """See ``Authorizer``. The latest one counts."""
        self._way = way

    def headers(self, method: str, url: str) -> Signature:
        """``Authorization``: guides write it so, AFAS' OpenAPI file has a header AccessToken on reads alone. An Admin
        Center's list of scopes takes the token as ``IdentityToken`` as well, in that file alone."""
        entry = self._renewal.current()
        identity = {"IdentityToken": entry.access_token.reveal()} if self._is_admin else {}
        return Signature({"Authorization": _authorization(entry), **identity})

    def shown(self) -> Signature:
        """The name of the header; no token is got to show none of it."""
        identity = {"IdentityToken": MASK} if self._is_admin else {}
        return Signature({"Authorization": f"Bearer {MASK}", **identity})

    def answered(self, reply: Reply, tried: Sequence[Cure]) -> Cure:
        """A refused token is replaced, once."""
        if reply.status != _REFUSED or Cure.TOKEN in tried:
            return Cure.NONE
        self._renewal.supersede(lambda entry: reply.sent.get("Authorization") == _authorization(entry))
        return Cure.TOKEN

    def refusal(self, reply: Reply) -> SignInError | None:
        """SB tells in its own words, which its judge reads."""
        return None

    def secrets(self) -> tuple[str, ...]:
        """The tokens of now and of just before, and what proves the client."""
        entry = self._renewal.in_use
        refresh = None if entry is None else entry.refresh_token
        own = _own_secret(self.credential)
        known = (own, refresh, *self._renewal.used)
        return tuple(secret.reveal() for secret in known if secret is not None)

    def begin(self, grant: Grant, key: object = None) -> Entry:
        """Keep what a person's sign-in gave, in place of what there was."""
        return self._renewal.begin(lambda: self._keep(grant, grant.refresh_token, self._now()))

    def endpoint(self, key: object = None, *, patient: bool = True) -> SbTokens:
        """The token endpoint; SB binds tokens to no ``key``."""
        if self._way is None:
            self._way = self._own = HttpSession(dataclasses.replace(self._link, authorizer=None))
            self._own.masker.learn(self.secrets())
        return SbTokens(self._link, self.credential, self._way, patient=patient, sleep=self._sleep)

    def check_own(self) -> None:
        """Raise ``SettingsError`` where a person cannot sign in, since the sign-in is another profile's."""
        if self._shared is not None:
            raise SettingsError(
                f"signed_in_with: this uses the sign-in of profile {self._shared}: sign in with that one ('afas auth "
                f"login --profile {self._shared}')."
            )

    def close(self) -> None:
        """Let go of the way that was made because no transport had one. What is kept stays kept."""
        if self._own is not None:
            self._own.close()
            self._own = self._way = None

    def entry(self) -> Entry | None:
        """What is kept for this client at this environment, if anything is. Asks nobody."""
        return self._renewal.kept()

    def is_ours(self, entry: Entry) -> bool:
        """See ``signin.renewal.Source``. The store gives an entry of another host as that one's."""
        return (entry.client_id, entry.environment) == (self._client_id, self._link.rest_url)

    def ready(self, entry: Entry) -> None:
        """There is nothing to see to."""

    def next(self, found: Entry | None, *, patient: bool) -> Entry:
        """See ``signin.renewal.Source``."""
        began = self._now()
        if isinstance(self.credential, AppToken):
            return self._keep(self.endpoint(patient=patient).by_app_token(), None, began)
        if found is None or found.refresh_token is None:
            raise SignInError(self._nobody())
        grant = self.endpoint(patient=patient).by_refresh(found.refresh_token)
        # The answer has no new one: the old one is kept. Should SB send one some day, it counts.
        return self._keep(grant, grant.refresh_token or found.refresh_token, began)

    @property
    def _is_admin(self) -> bool:
        return SbEnvironment(self._link.rest_url).is_admin

    def _nobody(self) -> str:
        """What to say where there is no sign-in; one at another host is told, for it is not for this one."""
        kept = self._store.read()
        if kept is not None and kept.environment != self._link.rest_url:
            own = "" if self._shared is None else "leave signed_in_with out and "
            return (
                f"Nobody has signed in here yet: what is kept is of {printable(kept.environment)}, and goes to no "
                f"other host. Check the address (environment, rest_url), or {own}sign in here: 'afas auth login'."
            )
        named = "" if self._shared is None else f" --profile {self._shared}"
        return f"Nobody has signed in here yet: 'afas auth login{named}'."

    @property
    def _client_id(self) -> str:
        return self.credential.client_id if isinstance(self.credential, AuthorizationCode) else ""

    def _keep(self, grant: Grant, refresh_token: Secret | None, began: float) -> Entry:
        entry = Entry(
            access_token=grant.access_token,
            kind=grant.kind,
            client_id=self._client_id,
            environment=self._link.rest_url,
            issued_at=began,
            renew_at=renew_at(began, grant.expires_in),
            expires_at=began + grant.expires_in,
            refresh_token=refresh_token,
        )
        self._store.write(entry)
        return entry


def _authorization(entry: Entry) -> str:
    return f"{entry.kind} {entry.access_token.reveal()}"


def _own_secret(credential: SbCredential) -> Secret | None:
    if isinstance(credential, AppToken):
        return credential.token
    return credential.proof.secret if isinstance(credential.proof, ClientSecret) else None
