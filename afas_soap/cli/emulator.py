"""``afas emulator``: a small Profit on a port."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from afas_soap.emulator.app import Emulator
from afas_soap.emulator.faults import parse_faults
from afas_soap.emulator.serve import serve
from afas_soap.emulator.store import Store


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
@click.option("--port", default=8077, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--rows", multiple=True, callback=_grown, metavar="CONNECTOR=N", help="Grow a connector to N rows.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of CSV and JSON files to serve as GetConnectors of your own.",
)
@click.option("--dialect", type=click.Choice(["profit6", "profit7"]), default="profit7", show_default=True)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    help="Go wrong on purpose, once each and in this order: 503:retry=1, 500, html, slow:3, cut:2000, reset.",
)
def command(
    host: str, port: int, rows: dict[str, int], data: Path | None, dialect: str, faults: tuple[str, ...]
) -> None:
    """Serve a small Profit on a port, over SOAP and REST, until interrupted.

    It accepts the demo token that "afas emulator" users take from the documentation; it never prints one.
    """
    store = Store(rows=rows, data=data, dialect=dialect)
    app = Emulator(store, dialect=dialect, faults=parse_faults(faults))
    with serve(app, host=host, port=port) as server:
        click.echo(f"SOAP {server.soap_url}")
        click.echo(f"REST {server.rest_url}")
        click.echo("afas: serving invented data; Ctrl-C ends it", err=True)
        threading.Event().wait()
