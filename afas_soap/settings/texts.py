"""What each setting is, in a sentence or two: the reference is made from this."""

from __future__ import annotations

from dataclasses import dataclass

from afas_soap.settings.kinds import NAMES, VARIABLES


@dataclass(frozen=True, slots=True)
class Description:
    """One setting: its ``variable`` where it has one, its ``default`` as one would write it ("" for none), and what it
    is."""

    name: str
    variable: str
    default: str
    text: str


# name: (default, text)
_TEXTS = {
    "profile": ("", "Named profile to read; `emulator` is the embedded Profit and stands in no file."),
    "protocol": ("soap", "`soap` or `rest`."),
    "environment": (
        "",
        "`12345`, `12345-test`, `12345-accept`, `12345-cursus`, or an id such as `O12345AA`, `T12345AB`, `A12345AC`. "
        "It replaces addresses that come from a lower level.",
    ),
    "token": ("", "The AfasToken: 64 hexadecimal digits, XML, or base64. Never in a profile or on the command line."),
    "token_file": (
        "",
        "File that holds the token. Refused when others can write it, a warning when others can read it; neither below "
        "`/run/secrets`. In a profile, relative paths count from the folder of the profile file.",
    ),
    "auth": (
        "token",
        "How to sign in: `token` (the AfasToken), `client-credentials` (a service), `authorization-code` (a person), "
        "`public` (a person, at a client without secret and key).",
    ),
    "client_id": ("", "The client's id, as it stands in AFAS. For OAuth."),
    "client_secret": ("", "The client's secret. Never in a profile or on the command line."),
    "client_secret_file": (
        "",
        "File that holds the client's secret in one line; refused and warned of as `token_file`.",
    ),
    "client_secret_keyring": (
        "",
        "`SERVICE/USERNAME` under which the system's keyring keeps the client's secret (extra `keyring`).",
    ),
    "client_secret_basic": ("false", "Send the secret in the `Authorization` header (HTTP Basic), not in the form."),
    "private_key_file": (
        "",
        "PEM file of the key that signs assertions, in place of a secret; refused and warned of as `token_file`.",
    ),
    "key_id": ("", "`kid` of the assertions: needed when a JWKS serves several keys, or AFAS has one configured."),
    "assertion_type": ("JWT", "`typ` of the assertions: `JWT` or `client-authentication+jwt`."),
    "assertion_audience": (
        "token-url",
        "`aud` of the assertions: `token-url`, or `base-url`, which is that without `/oauth/token`; always the latter "
        "with `client-authentication+jwt`.",
    ),
    "assertion_algorithm": ("", "`RS256`, `PS256` or `ES256`; otherwise RS256 for an RSA key, ES256 for one on P-256."),
    "dpop": ("false", "Bind access tokens to a key (DPoP); always with `public`."),
    "redirect_uri": ("", "Where AFAS sends the browser back to, as it stands in AFAS; for a person."),
    "client_cert_file": ("", "PEM file of the certificate that the client shows (mTLS), with its chain."),
    "client_key_file": ("", "PEM file of that certificate's key, without a password; it may be the same file."),
    "api": ("profit", "`profit`."),
    "integration_id": ("", "Two groups of digits and one underscore, sent as an HTTP header with every request."),
    "language": ("", "Language of Profit's messages: `en-us`, `nl-nl`, `nl-be`, `fr-fr`, `de-de`."),
    "soap_url": ("", "SOAP address in place of the environment's, without the name of a service."),
    "rest_url": ("", "REST address in place of the environment's."),
    "connect_timeout": ("10.0", "Seconds to connect."),
    "read_timeout": ("960.0", "Seconds without a byte. AFAS stops at 900 and says so; less only hides its answer."),
    "call_timeout": (
        "",
        "Seconds for one answer as a whole, from the last byte of its request on; unset, none for a read and 1000 for "
        "an update.",
    ),
    "retry_total": ("120.0", "Seconds to spend on repeating a read; 0 never repeats."),
    "retry_locked": ("false", "Repeat an update, too, that Profit refused because another user has the journal open."),
    "ca_bundle": ("", "PEM file with a further CA."),
    "allow_http": ("false", "Send credentials over http to another machine; warns."),
    "token_in_body": ("false", "Legacy: the token in the SOAP body; warns."),
    "soap_version": ("1.1", "`1.1` or `1.2`."),
    "trace": ("", "File to which each exchange is written, with secrets masked."),
    "max_value": ("67108864", "Largest single value in bytes; an answer with a larger one is refused."),
    "embedded": (
        "",
        "The embedded Profit: true asks for it, false makes an error of nothing configured. The variable takes "
        "`always` and `never`. Not in a profile.",
    ),
}
_VARIABLES = {name: variable for variable, name in VARIABLES.items()}

DESCRIPTIONS = tuple(Description(name, _VARIABLES.get(name, ""), *_TEXTS[name]) for name in NAMES)
