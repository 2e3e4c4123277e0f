"""The table of settings, its part about AFAS SB: how to sign in there, and what its API leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from afas_soap.profit.access.secret import Secret
from afas_soap.settings import kinds
from afas_soap.settings.accesstable import Access
from afas_soap.settings.keyringentry import check_entry
from afas_soap.settings.kinds import BLOB_FORMS
from afas_soap.settings.setting import Option, Setting, row

_APP = ("app-token",)


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class Sb(Access):
    """What only SB knows."""

    app_token: Secret | None = row(
        None,
        Setting(
            reader=kinds.app_token,
            text="SB: the app token. Never in a profile or on the command line.",
            variable="AFAS_APP_TOKEN",
            counts="own",
            masked="set",
            kept_in="app_token_file",
            auths=_APP,
            api="sb",
        ),
    )
    app_token_file: Path | None = row(
        None,
        Setting(
            reader=kinds.path,
            text="SB: file that holds the app token in one line; refused and warned of as `token_file`.",
            variable="AFAS_APP_TOKEN_FILE",
            kind="path",
            counts="own",
            auths=_APP,
            api="sb",
            option=Option(
                help="File that holds the app token, or - for standard input.",
                metavar="FILE",
                group="sb",
                file="input",
            ),
        ),
    )
    app_token_keyring: str | None = row(
        None,
        Setting(
            reader=check_entry,
            text="SB: `SERVICE/USERNAME` under which the system's keyring keeps the app token (extra `keyring`).",
            counts="own",
            auths=_APP,
            api="sb",
            option=Option(help="Where the keyring keeps the app token.", metavar="SERVICE/USERNAME", group="profile"),
        ),
    )
    scope: str | None = row(
        None,
        Setting(
            reader=kinds.name_of_client,
            text="SB: the customer environment that an app token is for, as `afas sb scopes` lists it; that of the "
            "address unless it is given.",
            variable="AFAS_SCOPE",
            counts="own",
            auths=_APP,
            api="sb",
            option=Option(help="Customer environment that an app token is for.", metavar="PATH", group="sb"),
        ),
    )
    signed_in_with: str | None = row(
        None,
        Setting(
            reader=kinds.text,
            text="SB: the profile whose sign-in this one uses, that of the Admin Center: one refresh token serves all "
            "customer environments of a domain.",
            counts="own",
            auths=("authorization-code",),
            api="sb",
            option=Option(help="Profile whose sign-in this one uses.", metavar="NAME", group="profile"),
        ),
    )
    openapi: Path | None = row(
        None,
        Setting(
            reader=kinds.existing_file,
            text="SB: AFAS' OpenAPI file of another version, read in place of the table that is shipped.",
            variable="AFAS_OPENAPI",
            kind="path",
            counts="free",
            api="sb",
            option=Option(help="AFAS' OpenAPI file, in place of the shipped table.", metavar="FILE", group="sb"),
        ),
    )
    blob_form: str = row(
        "guide",
        Setting(
            reader=kinds.one_of(*BLOB_FORMS),
            text="SB: how the bytes of an upload are sent: `guide` (multipart, as AFAS' guide has it) or `openapi` "
            "(plain, as its OpenAPI file has it). AFAS contradicts itself here.",
            kind="word",
            counts="free",
            api="sb",
            option=Option(help="How the bytes of an upload are sent.", words=BLOB_FORMS, group="profile"),
        ),
    )
    blob_chunk_header: str | None = row(
        None,
        Setting(
            reader=kinds.header_name,
            text="SB: name of the header that tells the place of a further chunk of an upload, such as "
            "`Content-Range`; which one SB takes is documented nowhere. Without it, larger files are refused.",
            counts="free",
            api="sb",
            option=Option(help="Header that places a further chunk of an upload.", metavar="NAME", group="profile"),
        ),
    )
