"""The resource server, in front of the connectors over SOAP and REST alike: what a token in ``Authorization`` is worth
(authentication.md, "Answers of the resource server"; that SOAP answers as REST does is inferred)."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug import Request

from afas_soap.emulator.dialects import Dialect
from afas_soap.emulator.http.answers import bare
from afas_soap.emulator.oauth import challenge
from afas_soap.emulator.oauth.setup import Entry
from afas_soap.emulator.oauth.tokens.dpop import Proofs, Verdict
from afas_soap.emulator.oauth.tokens.issued import Tokens


@dataclass(frozen=True, slots=True)
class ResourceServer:
    """``auth`` is one of ``TYPES``, ``nonce`` one of ``NONCES``."""

    dialect: Dialect
    auth: str
    nonce: str
    tokens: Tokens
    proofs: Proofs

    def enter(self, request: Request, scheme: str, token: str) -> Entry:
        """Look at the access token of a request, which came with this scheme. Raises ``ReplayStoreDown``."""
        if scheme == "bearer":
            return self._by_bearer(token)
        return self._by_dpop(request, token) if self.dialect.since9 else Entry()

    def _by_bearer(self, token: str) -> Entry:
        access = self.tokens.access(token)
        # A token that is bound to a key is nothing without it.
        if self.auth == "classic" or access is None or access.key is not None:
            return self._rejected("Bearer")
        return Entry(admitted=True)

    def _by_dpop(self, request: Request, token: str) -> Entry:
        proof = self.proofs.look_at(request, access_token=token, nonce=self.nonce != "off")
        if proof.verdict is Verdict.OTHER_NONCE:
            return Entry(answer=challenge.other_nonce(proof.nonce or "", int(self.nonce)))
        if proof.verdict is Verdict.BAD:
            # RFC 9449 7.1 has a word of its own for it; AFAS names invalid_token only, for the token and the key.
            return self._rejected("DPoP", "invalid_dpop_proof")
        access = self.tokens.access(token)
        if self.auth == "classic" or access is None or access.key != proof.key:
            return self._rejected("DPoP")
        return Entry(admitted=True, nonce=proof.nonce)

    def _rejected(self, scheme: str, error: str = "invalid_token") -> Entry:
        return Entry(answer=challenge.rejected(scheme, error) if self.dialect.since9 else bare(401))
