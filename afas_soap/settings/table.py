"""The table of settings: a new one is one row here, in ``accesstable`` or in ``sb.rows``, and nothing else but its type
in ``SettingsArguments``.

Of a row are made: its variable and its place in a profile (``names``, ``levels``), the value that applies
(``resolving``), its option (``cli.options.whom``), what ``afas settings`` and the reference show, and what a link takes
(``connections``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from afas_soap.limits import CALL_SECONDS
from afas_soap.settings import kinds
from afas_soap.settings.kinds import APIS, LANGUAGES, SOAP_VERSIONS
from afas_soap.settings.sb.rows import Sb
from afas_soap.settings.setting import Option, Setting, row, rows_of


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class Table(Sb):
    """Every setting by its name, with the type of its value, in the order of the reference: ``Access`` and ``Sb``
    first."""

    api: str = row(
        "profit",
        Setting(
            reader=kinds.one_of(*APIS),
            text="Which of AFAS' programs: `profit`, or `sb` (AFAS SB). Not given, it follows from the environment.",
            variable="AFAS_API",
            kind="word",
            counts="free",
            option=Option(help="Which of AFAS' programs.", words=APIS, group="profile", before="client_secret_keyring"),
        ),
    )
    integration_id: str | None = row(
        None,
        Setting(
            reader=kinds.integration_id,
            text="Two groups of digits and one underscore, sent as an HTTP header with every request.",
            variable="AFAS_INTEGRATION_ID",
            link="always",
            api="profit",
            option=Option(help="12345_123456, sent as an HTTP header.", metavar="ID"),
        ),
    )
    language: str | None = row(
        None,
        Setting(
            reader=kinds.one_of(*LANGUAGES),
            text="Language of Profit's messages: `en-us`, `nl-nl`, `nl-be`, `fr-fr`, `de-de`.",
            variable="AFAS_LANGUAGE",
            kind="word",
            counts="free",
            link="always",
            api="profit",
            option=Option(help="Language of Profit's messages: en-us, nl-nl, nl-be, fr-fr, de-de.", metavar="LANG"),
        ),
    )
    soap_url: str | None = row(
        None,
        Setting(
            reader=kinds.base_url,
            text="SOAP address in place of the environment's, without the name of a service.",
            variable="AFAS_SOAP_URL",
            counts="own",
            link="outside",
            api="profit",
            option=Option(help="SOAP address in place of the environment's.", metavar="URL"),
        ),
    )
    rest_url: str | None = row(
        None,
        Setting(
            reader=kinds.base_url,
            text="REST address in place of the environment's.",
            variable="AFAS_REST_URL",
            counts="own",
            link="outside",
            option=Option(help="REST address in place of the environment's.", metavar="URL"),
            at_sb=Option(help="Address in place of the environment's.", metavar="URL"),
        ),
    )
    connect_timeout: float = row(
        10.0,
        Setting(
            reader=kinds.seconds,
            text="Seconds to connect.",
            variable="AFAS_CONNECT_TIMEOUT",
            kind="seconds",
            counts="free",
            link="outside",
            option=Option(help="To wait for a connection.", metavar="SECONDS"),
        ),
    )
    # AFAS itself stops and answers that; a shorter wait only hides its answer.
    read_timeout: float = row(
        CALL_SECONDS + 60.0,
        Setting(
            reader=kinds.seconds,
            text=f"Seconds without a byte. AFAS stops at {CALL_SECONDS:.0f} and says so; less only hides its answer.",
            variable="AFAS_READ_TIMEOUT",
            kind="seconds",
            counts="free",
            link="outside",
            option=Option(help="To wait for a byte.", metavar="SECONDS"),
        ),
    )
    call_timeout: float | None = row(
        None,
        Setting(
            reader=kinds.seconds,
            text="Seconds for one answer as a whole, from the last byte of its request on; unset, none for a read and "
            "1000 for an update.",
            variable="AFAS_CALL_TIMEOUT",
            kind="seconds",
            counts="free",
            link="outside",
            option=Option(help="For a whole answer. [default: 1000 for an update]", metavar="SECONDS"),
            at_sb=Option(help="For a whole answer. [default: 1000 for a write]", metavar="SECONDS"),
        ),
    )
    retry_total: float = row(
        120.0,
        Setting(
            reader=kinds.seconds_or_none,
            text="Seconds to spend on repeating a read, at AFAS SB a write as well; 0 never repeats.",
            variable="AFAS_RETRY_TOTAL",
            kind="seconds",
            counts="free",
            link="outside",
            option=Option(help="To spend on repeating a read.", metavar="SECONDS"),
            at_sb=Option(help="To spend on repeating a read, or a write under its identifier.", metavar="SECONDS"),
        ),
    )
    retry_locked: bool = row(
        False,
        Setting(
            reader=kinds.switch,
            text="Repeat an update, too, that Profit refused because another user has the journal open.",
            kind="switch",
            counts="free",
            link="outside",
            api="profit",
            option=Option(help="Repeat what an open journal kept out.", group="profile"),
        ),
    )
    ca_bundle: Path | None = row(
        None,
        Setting(
            reader=kinds.existing_file,
            text="PEM file with a further CA.",
            variable="AFAS_CA_BUNDLE",
            kind="path",
            link="outside",
            option=Option(help="PEM file with a further CA.", metavar="FILE", before="connect_timeout"),
        ),
    )
    allow_http: bool = row(
        False,
        Setting(
            reader=kinds.switch,
            text="Send credentials over http to another machine; warns.",
            kind="switch",
            link="outside",
            option=Option(help="Send the token over http as well; warns."),
        ),
    )
    token_in_body: bool = row(
        False,
        Setting(
            reader=kinds.switch,
            text="Legacy: the token in the SOAP body; warns.",
            kind="switch",
            auths=("token",),
            api="profit",
            option=Option(help="Legacy: the token in the SOAP body; warns."),
        ),
    )
    soap_version: str = row(
        "1.1",
        Setting(
            reader=kinds.one_of(*SOAP_VERSIONS),
            text="`1.1` or `1.2`.",
            kind="word",
            api="profit",
            option=Option(help="Version of the envelopes.", words=SOAP_VERSIONS, before="allow_http"),
        ),
    )
    send_file_as_binary: bool = row(
        False,
        Setting(
            reader=kinds.switch,
            text="Ask for reports, pictures and files as they are (`SendFileAsBinary: 1`, REST only), not within JSON.",
            variable="AFAS_SEND_FILE_AS_BINARY",
            kind="switch",
            counts="free",
            api="profit",
            option=Option(help="Ask REST for documents as they are.", group="profile"),
        ),
    )
    trace: Path | None = row(
        None,
        Setting(
            reader=kinds.path,
            text="File to which each exchange is written, with secrets masked.",
            kind="path",
            link="always",
            option=Option(help="Append each exchange, secrets masked.", metavar="FILE", file="written"),
        ),
    )
    # Here for commands, which load no reader of rows for it: ``profit.rows.MAX_VALUE``, as a test says.
    max_value: int = row(
        64 * 2**20,
        Setting(
            reader=kinds.size,
            text="Largest single value in bytes; an answer with a larger one is refused.",
            kind="bytes",
            link="always",
            option=Option(help="Largest single value.", metavar="BYTES", before="soap_version"),
        ),
    )
    embedded: bool = row(
        False,
        Setting(
            reader=kinds.switch,
            text="The embedded Profit: true asks for it, false makes an error of nothing configured. The variable "
            "takes `always` and `never`. Not in a profile.",
            unset="",
            variable="AFAS_EMBEDDED",
            kind="switch",
            counts="choice",
            in_profile=False,
        ),
    )


SETTINGS = rows_of(Table)
