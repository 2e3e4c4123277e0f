"""How to sign in: which settings belong together, which contradict, and what is missing.

Chosen, never guessed: ``auth`` says it, and without it it is the classic token. A level that gives ``auth`` replaces
what lower levels give for another way of signing in; at its own level or above it such a setting contradicts. The proof
of a higher level (secret or key) replaces that of a lower one, wherever either is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import AuthorizationCode, ClientCertificate, ClientCredentials, OAuth, Proof
from afas_soap.settings.kinds import one_of
from afas_soap.settings.levels import Level, contradiction
from afas_soap.settings.names import PROOFS, SIGNING, STRANGE, TAKEN

TOKEN = "a token (token, AFAS_TOKEN, or where it is kept: token_file, AFAS_TOKEN_FILE, token_keyring)"  # noqa: S105
_CLIENT_ID = "the client's id (client_id, AFAS_CLIENT_ID)"
_PROOF = (
    "the client's proof: a secret (client_secret, AFAS_CLIENT_SECRET, or where it is kept: client_secret_file, "
    "AFAS_CLIENT_SECRET_FILE, client_secret_keyring) or a key (private_key_file, AFAS_PRIVATE_KEY_FILE)"
)
_APP_TOKEN = "an app token (app_token, AFAS_APP_TOKEN, or kept: app_token_file, app_token_keyring)"  # noqa: S105
_ONLY_PROOF = (
    "the client's secret (client_secret, AFAS_CLIENT_SECRET, or where it is kept: client_secret_file, "
    "AFAS_CLIENT_SECRET_FILE, client_secret_keyring)"
)
SB_PERSON = "authorization-code at SB"
"""What ``missing`` calls a person at SB, which has secrets alone."""

_REDIRECT = "the address that AFAS sends the browser back to (redirect_uri, AFAS_REDIRECT_URI)"
# auth: (setting, what is missing without it); the proof is asked for by the name of the first place.
_NEEDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "token": (("token", TOKEN),),
    "client-credentials": (("client_id", _CLIENT_ID), ("proof", _PROOF)),
    "authorization-code": (
        ("client_id", _CLIENT_ID),
        ("proof", f"{_PROOF}; a client that has neither is auth=public"),
        ("redirect_uri", _REDIRECT),
    ),
    "public": (("client_id", _CLIENT_ID), ("redirect_uri", _REDIRECT)),
    "app-token": (("app_token", _APP_TOKEN),),
    SB_PERSON: (("client_id", _CLIENT_ID), ("proof", _ONLY_PROOF), ("redirect_uri", _REDIRECT)),
}
_TOKENS = ("token", "token_file", "token_keyring")
_APP_TOKENS = ("app_token", "app_token_file", "app_token_keyring")
_CERTIFICATE = "the client's certificate that belongs to client_key_file (client_cert_file, AFAS_CLIENT_CERT_FILE)"
_KEY = (
    "the key that belongs to client_cert_file (client_key_file, AFAS_CLIENT_KEY_FILE; it may be the same file, when "
    "the key stands in it)"
)
# What to do about a setting that does not go with an auth.
_REMEDIES = {
    "token": (
        "say how to sign in with auth (AFAS_AUTH): client-credentials for a service, authorization-code or public for "
        "a person; or leave out what is not for the classic token"
    ),
    "client-credentials": "leave it out, or choose another: token for the AfasToken, authorization-code for people",
    "authorization-code": "leave it out, or choose another: token for the AfasToken, client-credentials for services",
    "public": "leave it out; a client that has a secret or a key is auth=authorization-code",
    "app-token": "leave it out, or say auth=authorization-code for a person who signs in with a browser",
    SB_PERSON: "leave it out, or say auth=app-token (AFAS_AUTH) for an app token",
}


def fitting(levels: Sequence[Level], auths: Sequence[str]) -> list[Level]:
    """The levels without what a higher one replaced. ``auths`` are the ways of signing in that there are, the first one
    the default. Raises ``SettingsError`` for a contradiction."""
    auth, chosen = _auth(levels, auths)
    kept: list[Level] = []
    for index, level in enumerate(levels):
        unfit = [name for name in _given(level, SIGNING) if name not in TAKEN[auth]]
        if unfit and index <= chosen:
            raise _does_not_go(auth, unfit, level, levels, remedy=_remedy(auth, auths))
        kept.append(level.without(unfit))
    return _with_one_proof(_with_one_of(_APP_TOKENS, _with_one_of(_TOKENS, kept)))


def missing(auth: str, given: Iterable[str]) -> list[str]:
    """What else it takes to sign in so, each with its settings; ``given`` names what there is, ``proof`` among it."""
    there = set(given)
    lacking = [sentence for name, sentence in _NEEDED[auth] if name not in there]
    if "client_key_file" in there and "client_cert_file" not in there:
        lacking.append(_CERTIFICATE)
    if "client_cert_file" in there and "client_key_file" not in there:
        lacking.append(_KEY)
    return lacking


def dpop(auth: str, *, given: bool | None) -> bool:
    """Whether access tokens are bound to a key: as it was said, and always for a public client."""
    if auth != "public":
        return bool(given)
    if given is False:
        raise SettingsError("dpop: AFAS takes a public client (auth=public) with DPoP only: leave dpop out.")
    return True


def audience(assertion_type: str, given: str | None) -> str:
    """Whom assertions are meant for: as it was said, and the base URL wherever their type leaves no choice."""
    if assertion_type == "JWT":
        return given or "token-url"
    if given == "token-url":
        raise SettingsError(
            f"assertion_audience: AFAS takes an assertion of assertion_type={assertion_type} for base-url only: leave "
            "assertion_audience out."
        )
    return "base-url"


def oauth(auth: str, client_id: str, proof: Proof | None, redirect_uri: str | None, *, bound: bool) -> OAuth:
    """The credential of an auth that is not ``token``; ``bound`` is with DPoP."""
    if auth == "client-credentials":
        assert proof is not None, "asked for where it is missing"
        return ClientCredentials(client_id, proof, dpop=bound)
    return AuthorizationCode(client_id, redirect_uri or "", proof, dpop=bound)


def certificate(cert_file: Path | None, key_file: Path | None) -> ClientCertificate | None:
    """What the client shows on the TLS layer, when it is configured."""
    return None if cert_file is None or key_file is None else ClientCertificate(cert_file, key_file)


def _auth(levels: Sequence[Level], auths: Sequence[str]) -> tuple[str, int]:
    """How to sign in, and which level says so; a number behind the last for none."""
    for index, level in enumerate(levels):
        if "auth" in level.values:
            return level.read("auth", one_of(*auths)), index
    return auths[0], len(levels)


def _given(level: Level, names: Iterable[str]) -> list[str]:
    """Those that a level gives; a switch that is off asks for nothing."""
    return [name for name in names if level.values.get(name, False) is not False]


def _with_one_of(tokens: Sequence[str], levels: Sequence[Level]) -> list[Level]:
    """The levels with the token of the highest that gives one, in whatever form."""
    kept: list[Level] = []
    for level in levels:
        given = _given(level, tokens)
        if len(given) > 1:
            raise contradiction(given, level)
        kept.append(level)
        if given:
            break
    return [*kept, *(level.without(tokens) for level in levels[len(kept) :])]


def _with_one_proof(levels: Sequence[Level]) -> list[Level]:
    found = next((index for index, level in enumerate(levels) if _given(level, PROOFS)), None)
    if found is None:
        return list(levels)
    proofs = _given(levels[found], PROOFS)
    if len(proofs) > 1:
        raise contradiction(proofs, levels[found])
    strange = STRANGE[proofs[0]]
    for level in levels[: found + 1]:
        unfit = _given(level, strange)
        if unfit:
            sources = f"{unfit[0]} ({level.sources[unfit[0]]}) and {proofs[0]} ({levels[found].sources[proofs[0]]})"
            raise SettingsError(f"{sources} contradict: the one is said of a secret, the other of a key.")
    return [*levels[: found + 1], *(_below_a_proof(level, strange) for level in levels[found + 1 :])]


def _below_a_proof(level: Level, strange: Sequence[str]) -> Level:
    """A level whose proof was replaced: the id of its key goes with it."""
    replaced = ("key_id",) if "private_key_file" in level.values else ()
    return level.without((*PROOFS, *strange, *replaced))


def _remedy(auth: str, auths: Sequence[str]) -> str:
    return _REMEDIES[SB_PERSON if auth == "authorization-code" and "app-token" in auths else auth]


def _does_not_go(
    auth: str, unfit: Sequence[str], level: Level, levels: Sequence[Level], *, remedy: str
) -> SettingsError:
    sources = [found.sources["auth"] for found in levels if "auth" in found.values]
    named = ", ".join(f"{name} ({level.sources[name]})" for name in unfit)
    sentences = [f"auth={auth} ({sources[0] if sources else 'the default'}) and {named} contradict: {remedy}."]
    sentences += [suspicion for each in levels for suspicion in each.suspicions]
    return SettingsError(" ".join(sentences))
