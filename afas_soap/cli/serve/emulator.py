"""``afas emulator``: a small Profit on a port."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.serve import smallbusiness
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.emulator.dialects import DIALECTS
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.faults import parse_faults
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.http.tls import ThrowAwayAuthority, Tls, write_files, write_marked
from afas_soap.emulator.mailbox import FileMailbox
from afas_soap.emulator.oauth.clients.clientfile import read_clients
from afas_soap.emulator.oauth.clients.demo import DEMO_CLIENTS, DEMO_PRIVATE_KEY
from afas_soap.emulator.oauth.clients.registration import Client
from afas_soap.emulator.onetimepasswords import DEMO_API_KEY, DEMO_ENVIRONMENT_KEY
from afas_soap.emulator.store import Store
from afas_soap.settings.secretfile import read_token

# What takes a second or more to lay down, before the emulator listens.
_MANY_ROWS = 100_000


def run(host: str, port: int, token_file: Path | None, delay: float, **options: Any) -> None:
    """The emulator on a port, until interrupted."""
    log_to_stderr(verbose=False)
    tls_folder, mtls = options.pop("tls_folder"), options.pop("mtls")
    if mtls and tls_folder is None:
        raise click.UsageError("--mtls needs --tls FOLDER")
    clients = _clients(options.pop("client_file"), token_file)
    if options["auth"] == "oauth":
        _check_that_somebody_can_enter(clients, options["dialect"])
    sign_in = {"auth": options.pop("auth"), "nonce": options.pop("nonce"), "clients": clients}
    of_sb = {name: options.pop(name) for name in list(options) if name.startswith("sb_")}
    sb = smallbusiness.set_up(of_sb, token_file)
    token = read_token(token_file) if token_file else DEMO_TOKEN
    faults = parse_faults(options.pop("faults"))
    mailbox = _mailbox(options.pop("mailbox"))
    for connector, count in options["rows"].items():
        if count >= _MANY_ROWS:
            click.echo(f"afas: laying down {count:,} rows of {connector}", err=True)
    app = Emulator(
        store := Store(**options),
        dialect=options["dialect"],
        tokens=[token],
        faults=faults,
        setup=Setup(write_delay=delay, mailbox=mailbox, sb=sb, **sign_in),
    )
    shown = _tls(tls_folder, clients, mtls=mtls)
    with contextlib.closing(store), contextlib.closing(app), _served(app, host, port, tls=shown) as server:
        click.echo(f"SOAP {server.soap_url}")
        click.echo(f"REST {server.rest_url}")
        smallbusiness.tell(sb, server)
        if clients and sign_in["auth"] != "classic" and DIALECTS[app.dialect].oauth:
            click.echo(f"afas: OAuth clients: {', '.join(client.id for client in clients)}", err=True)
        click.echo("afas: serving invented data; Ctrl-C ends it", err=True)
        until_stopped()


def until_stopped() -> None:
    """Wait for the signal that ends the command."""
    threading.Event().wait()


def _mailbox(file: Path | None) -> FileMailbox | None:
    if file is None:
        return None
    mailbox = FileMailbox(file)
    click.echo(
        f"afas: one-time passwords go to {file}, for API key {DEMO_API_KEY} and environment key {DEMO_ENVIRONMENT_KEY}",
        err=True,
    )
    return mailbox


def _clients(file: Path | None, token_file: Path | None) -> Sequence[Client]:
    """Who has closed the emulator with a token of his own does not leave it open to secrets that everybody knows."""
    if file is not None:
        return read_clients(file)
    return () if token_file is not None else DEMO_CLIENTS


def _check_that_somebody_can_enter(clients: Sequence[Client], dialect: str) -> None:
    if not DIALECTS[dialect].oauth:
        raise click.UsageError(
            f"--auth oauth: {dialect} has no OAuth, so nobody could sign in: choose another --dialect"
        )
    if not clients:
        raise click.UsageError("--auth oauth: there is no client to sign in with: add --clients FILE")


def _tls(folder: Path | None, clients: Sequence[Client], *, mtls: bool) -> Tls | None:
    if folder is None:
        return None
    authority = ThrowAwayAuthority()
    write_files(folder, authority)
    if clients is DEMO_CLIENTS:
        # The key of those that sign in with one; it is as public as their secret.
        write_marked(folder, {"demo-key.pem": DEMO_PRIVATE_KEY.reveal()})
    return Tls(authority, demands_certificate=mtls)


def _served(app: Emulator, host: str, port: int, *, tls: Tls | None) -> Server:
    try:
        return serve(app, host=host, port=port, tls=tls)
    except OSError as error:
        # The server has put the system's reason, such as "[Errno 98] Address already in use", into a text of its own.
        found = re.search(r"\[\w+ -?\d+\] ([^()]+)", str(error))
        reason = found[1] if found else "this address cannot be listened on"
        raise click.UsageError(f"--host {host} --port {port}: {reason}") from None
