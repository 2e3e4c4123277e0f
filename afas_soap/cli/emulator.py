"""``afas emulator``: a small Profit on a port."""

from __future__ import annotations

import contextlib
import re
import threading
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.stderr import log_to_stderr
from afas_soap.emulator.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.faults import parse_faults
from afas_soap.emulator.serve import Server, serve
from afas_soap.emulator.store import Store
from afas_soap.settings.tokenfile import read_token


def _grown(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    grown: dict[str, int] = {}
    for value in values:
        connector, _, number = value.partition("=")
        if not connector or not number.isascii() or not number.isdigit():
            raise click.BadParameter(f"{value!r} is not CONNECTOR=N, such as Profit_Debtor=1000000")
        grown[connector] = int(number)
    return grown


@click.command("emulator")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8077,
    show_default=True,
    metavar="N",
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--rows", multiple=True, callback=_grown, metavar="CONNECTOR=N", help="Grow a connector to N rows.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of CSV and JSON files to serve as GetConnectors of your own.",
)
@click.option(
    "--spec",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of AFAS' OpenAPI files, whose UpdateConnectors to add.",
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to keep what updates book, from one run to the next. [default: nothing outlives the run]",
)
@click.option(
    "--delay",
    type=click.FloatRange(0, 86400),
    default=0.0,
    metavar="SECONDS",
    help="Seconds between the arrival of an update and its being worked off. [default: 0]",
)
@click.option("--dialect", type=click.Choice(["profit6", "profit7"]), default="profit7", show_default=True)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    help="Go wrong on purpose, once each and in this order: 503:retry=1, 500, html, slow:3, cut:2000, reset, timeout.",
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the token to accept. [default: a token of 64 zeros]",
)
def command(host: str, port: int, token_file: Path | None, delay: float, **options: Any) -> None:
    """Serve a small Profit on a port, over SOAP and REST, until interrupted.

    The two addresses are printed on standard output, for AFAS_SOAP_URL and AFAS_REST_URL; a token never is.

    \b
    afas emulator --port 0 --rows Profit_Debtor=1000000
    afas emulator --data mine --fault 503:retry=1 --fault cut:2000
    afas emulator --spec openapi --state profit.state --delay 2
    """
    log_to_stderr(verbose=False)
    token = read_token(token_file) if token_file else DEMO_TOKEN
    faults = parse_faults(options.pop("faults"))
    app = Emulator(
        store := Store(**options),
        dialect=options["dialect"],
        tokens=[token],
        faults=faults,
        setup=Setup(write_delay=delay),
    )
    with contextlib.closing(store), _served(app, host, port) as server:
        click.echo(f"SOAP {server.soap_url}")
        click.echo(f"REST {server.rest_url}")
        click.echo("afas: serving invented data; Ctrl-C ends it", err=True)
        until_stopped()


def until_stopped() -> None:
    """Wait for the signal that ends the command."""
    threading.Event().wait()


def _served(app: Emulator, host: str, port: int) -> Server:
    try:
        return serve(app, host=host, port=port)
    except OSError as error:
        # The server has put the system's reason, such as "[Errno 98] Address already in use", into a text of its own.
        found = re.search(r"\[\w+ -?\d+\] ([^()]+)", str(error))
        reason = found[1] if found else "this address cannot be listened on"
        raise click.UsageError(f"--host {host} --port {port}: {reason}") from None
