"""The table of settings, its first part: whom to ask, and how to sign in there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from afas_soap.profit.access.credentials import ALGORITHMS, ASSERTION_TYPES
from afas_soap.profit.access.environment import Environment
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.sb.access.address import SbEnvironment
from afas_soap.settings import kinds
from afas_soap.settings.keyringentry import check_entry
from afas_soap.settings.kinds import AUDIENCES, AUTHS, PROTOCOLS, SB_AUTHS
from afas_soap.settings.pemfile import certificate_key, certificate_path
from afas_soap.settings.setting import Option, Setting, row

# Which ways of signing in take a setting.
_TOKEN = ("token",)
_CONFIDENTIAL = ("client-credentials", "authorization-code")
_OAUTH = (*_CONFIDENTIAL, "public")
_PERSON = ("authorization-code", "public")


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class Access:
    """Whom to ask, and how to sign in there."""

    profile: str | None = row(
        None,
        Setting(
            reader=kinds.text,
            text="Named profile to read; `emulator` is the embedded Profit and stands in no file.",
            variable="AFAS_PROFILE",
            counts="own",
            in_profile=False,
        ),
    )
    protocol: str = row(
        "soap",
        Setting(
            reader=kinds.one_of(*PROTOCOLS),
            text="`soap` or `rest`.",
            variable="AFAS_PROTOCOL",
            kind="word",
            counts="free",
            api="profit",
            option=Option(help="Protocol to ask over.", words=PROTOCOLS),
        ),
    )
    environment: Environment | SbEnvironment | None = row(
        None,
        Setting(
            reader=kinds.environment,
            text="`12345`, `12345-test`, `12345-accept`, `12345-cursus`, or an id such as `O12345AA`, `T12345AB`, "
            "`A12345AC`; of AFAS SB `DOMAIN/CUSTOMER`, or its whole address. It replaces addresses that come from a "
            "lower level.",
            variable="AFAS_ENVIRONMENT",
            counts="own",
            option=Option(
                help="12345, 12345-test, O12345AA. Overrides the AFAS_* variable and the profile.",
                metavar="NUMBER[-TYPE]",
            ),
            at_sb=Option(
                help="demo/enyoi, or its whole address. Overrides the AFAS_* variable and the profile.",
                metavar="DOMAIN/CUSTOMER",
            ),
        ),
    )
    token: AfasToken | None = row(
        None,
        Setting(
            reader=kinds.token,
            text="The AfasToken: 64 hexadecimal digits, XML, or base64. Never in a profile or on the command line.",
            variable="AFAS_TOKEN",
            counts="own",
            masked="set (64 hex digits)",
            kept_in="token_file",
            auths=_TOKEN,
            api="profit",
        ),
    )
    token_file: Path | None = row(
        None,
        Setting(
            reader=kinds.path,
            text="File that holds the token. Refused when others can write it, a warning when others can read it; "
            "neither below `/run/secrets`. In a profile, relative paths count from the folder of the profile file.",
            variable="AFAS_TOKEN_FILE",
            kind="path",
            counts="own",
            shown=False,
            auths=_TOKEN,
            api="profit",
            option=Option(help="File that holds the token, or - for standard input.", metavar="FILE", file="input"),
        ),
    )
    token_keyring: str | None = row(
        None,
        Setting(
            reader=check_entry,
            text="`SERVICE/USERNAME` under which the system's keyring keeps the token (extra `keyring`).",
            counts="own",
            auths=_TOKEN,
            api="profit",
            option=Option(help="Where the keyring keeps the token.", metavar="SERVICE/USERNAME", group="profile"),
        ),
    )
    auth: str = row(
        "token",
        Setting(
            reader=kinds.one_of(*AUTHS),
            text="How to sign in: `token` (the AfasToken), `client-credentials` (a service), `authorization-code` (a "
            "person), `public` (a person, at a client without secret and key); at AFAS SB `authorization-code`, or "
            "`app-token`.",
            variable="AFAS_AUTH",
            kind="word",
            counts="own",
            option=Option(help="How to sign in.", words=AUTHS, group="signing"),
            at_sb=Option(help="How to sign in.", words=SB_AUTHS),
        ),
    )
    client_id: str | None = row(
        None,
        Setting(
            reader=kinds.name_of_client,
            text="The client's id, as it stands in AFAS. For OAuth.",
            variable="AFAS_CLIENT_ID",
            counts="own",
            auths=_OAUTH,
            option=Option(help="The client's id, as it stands in AFAS (OAuth).", metavar="ID", group="signing"),
        ),
    )
    client_secret: Secret | None = row(
        None,
        Setting(
            reader=kinds.client_secret,
            text="The client's secret. Never in a profile or on the command line.",
            variable="AFAS_CLIENT_SECRET",
            counts="own",
            masked="set",
            kept_in="client_secret_file",
            auths=_CONFIDENTIAL,
            proof="secret",
        ),
    )
    client_secret_file: Path | None = row(
        None,
        Setting(
            reader=kinds.path,
            text="File that holds the client's secret in one line; refused and warned of as `token_file`.",
            variable="AFAS_CLIENT_SECRET_FILE",
            kind="path",
            counts="own",
            auths=_CONFIDENTIAL,
            proof="secret",
            option=Option(
                help="File that holds the client's secret, or - for standard input.",
                metavar="FILE",
                group="signing",
                file="input",
            ),
        ),
    )
    client_secret_keyring: str | None = row(
        None,
        Setting(
            reader=check_entry,
            text="`SERVICE/USERNAME` under which the system's keyring keeps the client's secret (extra `keyring`).",
            counts="own",
            auths=_CONFIDENTIAL,
            proof="secret",
            option=Option(help="Where the keyring keeps the secret.", metavar="SERVICE/USERNAME", group="profile"),
        ),
    )
    client_secret_basic: bool = row(
        False,
        Setting(
            reader=kinds.switch,
            text="Send the secret in the `Authorization` header (HTTP Basic), not in the form.",
            kind="switch",
            counts="own",
            auths=_CONFIDENTIAL,
            beside="secret",
            api="profit",
            option=Option(help="Send the secret in the header, not the form.", group="profile"),
        ),
    )
    private_key_file: Path | None = row(
        None,
        Setting(
            reader=kinds.path,
            text="PEM file of the key that signs assertions, in place of a secret; refused and warned of as "
            "`token_file`.",
            variable="AFAS_PRIVATE_KEY_FILE",
            kind="path",
            counts="own",
            auths=_CONFIDENTIAL,
            proof="key",
            api="profit",
            option=Option(help="PEM file of the key that signs assertions.", metavar="FILE", group="signing"),
        ),
    )
    key_id: str | None = row(
        None,
        Setting(
            reader=kinds.name_of_client,
            text="`kid` of the assertions: needed when a JWKS serves several keys, or AFAS has one configured.",
            variable="AFAS_KEY_ID",
            counts="own",
            auths=_CONFIDENTIAL,
            beside="key",
            api="profit",
            option=Option(help="The kid of that key, where AFAS wants one.", metavar="ID", group="signing"),
        ),
    )
    assertion_type: str = row(
        "JWT",
        Setting(
            reader=kinds.assertion_type,
            text="`typ` of the assertions: `JWT` or `client-authentication+jwt`.",
            variable="AFAS_ASSERTION_TYPE",
            kind="word",
            counts="own",
            auths=_CONFIDENTIAL,
            beside="key",
            api="profit",
            option=Option(help="The typ of assertions.", words=ASSERTION_TYPES, group="profile"),
        ),
    )
    assertion_audience: str = row(
        "token-url",
        Setting(
            reader=kinds.one_of(*AUDIENCES),
            text="`aud` of the assertions: `token-url`, or `base-url`, which is that without `/oauth/token`; always "
            "the latter with `client-authentication+jwt`.",
            variable="AFAS_ASSERTION_AUDIENCE",
            kind="word",
            counts="own",
            auths=_CONFIDENTIAL,
            beside="key",
            api="profit",
            option=Option(help="The aud of assertions.", words=AUDIENCES, group="profile"),
        ),
    )
    assertion_algorithm: str | None = row(
        None,
        Setting(
            reader=kinds.algorithm,
            text="`RS256`, `PS256` or `ES256`; otherwise RS256 for an RSA key, ES256 for one on P-256.",
            variable="AFAS_ASSERTION_ALGORITHM",
            kind="word",
            counts="own",
            auths=_CONFIDENTIAL,
            beside="key",
            api="profit",
            option=Option(help="What assertions are signed with.", words=ALGORITHMS, group="profile"),
        ),
    )
    dpop: bool = row(
        False,
        Setting(
            reader=kinds.switch,
            text="Bind access tokens to a key (DPoP); always with `public`.",
            kind="switch",
            counts="own",
            auths=_OAUTH,
            api="profit",
            option=Option(help="Bind access tokens to a key (DPoP).", group="signing"),
        ),
    )
    redirect_uri: str | None = row(
        None,
        Setting(
            reader=kinds.redirect_uri,
            text="Where AFAS sends the browser back to, as it stands in AFAS; for a person.",
            variable="AFAS_REDIRECT_URI",
            counts="own",
            auths=_PERSON,
            option=Option(help="Where AFAS sends the browser back to.", metavar="URL", group="signing"),
        ),
    )
    client_cert_file: Path | None = row(
        None,
        Setting(
            reader=certificate_path,
            text="PEM file of the certificate that the client shows (mTLS), with its chain.",
            variable="AFAS_CLIENT_CERT_FILE",
            kind="path",
            counts="own",
            api="profit",
            option=Option(help="PEM file of the client's certificate (mTLS).", metavar="FILE", group="signing"),
        ),
    )
    client_key_file: Path | None = row(
        None,
        Setting(
            reader=certificate_key,
            text="PEM file of that certificate's key, without a password; it may be the same file.",
            variable="AFAS_CLIENT_KEY_FILE",
            kind="path",
            counts="own",
            api="profit",
            option=Option(help="PEM file of that certificate's key.", metavar="FILE", group="signing"),
        ),
    )
