"""The commands that serve the emulator, or show it: their options and help."""

from __future__ import annotations

from pathlib import Path

import click

from afas_soap.cli.options.seconds import Seconds
from afas_soap.cli.options.target import Target
from afas_soap.cli.options.words import DIALECTS, NEWEST, NONCES, SB_DIALECTS, SB_MEMORY, TYPES
from afas_soap.cli.shared.lazy import done_by


def _grown(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    grown: dict[str, int] = {}
    for value in values:
        connector, _, number = value.partition("=")
        if not connector or not number.isascii() or not number.isdigit():
            raise click.BadParameter(f"{value!r} is not CONNECTOR=N, such as Profit_Debtor=1000000")
        grown[connector] = int(number)
    return grown


def _listened_on(_ctx: click.Context, _param: click.Parameter, host: str) -> str:
    try:
        # As names go over the wire, and stand in certificates.
        name = host.encode("idna").decode()
    except UnicodeError:
        name = ""
    if not name:
        raise click.BadParameter("this is no name and no address of a machine, such as 127.0.0.1")
    return name


@click.command("demo")
@click.option("-o", "--output", type=Target(allow_dash=False), default=Path("afas-demo.xml"), show_default=True)
@done_by("afas_soap.cli.serve.demo")
def demo() -> None:
    """Show the main job on the embedded Profit, whatever is configured.

    Lists the connectors, prints the first debtors over SOAP, compares every connector over SOAP and REST field by
    field, books an order over either and reads it back over the other, and writes the debtors to an XML file. Then it
    reads AFAS SB beside that Profit, books a sales entry there, sees it and deletes it again.
    """


@click.command("emulator")
@click.option("--host", default="127.0.0.1", show_default=True, callback=_listened_on, help="Address to listen on.")
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
    help="File to keep what updates of Profit book, from one run to the next. [default: nothing outlives the run]",
)
@click.option(
    "--delay",
    type=Seconds(86400),
    default=0.0,
    metavar="SECONDS",
    help="Seconds between the arrival of an update and its being worked off. [default: 0]",
)
@click.option("--dialect", type=click.Choice(DIALECTS), default=NEWEST, show_default=True)
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
@click.option(
    "--mailbox",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to append the mails with one-time passwords to. [default: none is sent]",
)
@click.option(
    "--auth",
    type=click.Choice(TYPES),
    default="hybrid",
    show_default=True,
    help="Authentication type of the app connector: AfasToken only, both, or OAuth only.",
)
@click.option(
    "--clients",
    "client_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file with the OAuth clients. [default: demo clients; none with --token-file]",
)
@click.option(
    "--nonce",
    type=click.Choice(NONCES),
    default="400",
    show_default=True,
    help="How a connector asks a DPoP client for another nonce.",
)
@click.option(
    "--tls",
    "tls_folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Serve https, and write into this folder the CA to trust and a client certificate with its key.",
)
@click.option("--mtls", is_flag=True, help="With --tls: take only clients that show the certificate of that folder.")
@click.option(
    "--sb-dialect",
    type=click.Choice(SB_DIALECTS),
    default=SB_DIALECTS[-1],
    show_default=True,
    help="Version of AFAS SB, which is served beside Profit.",
)
@click.option(
    "--sb-memory",
    type=Seconds(86400),
    default=SB_MEMORY,
    metavar="SECONDS",
    help="Seconds for which SB remembers a Tracking-Identifier. [default: 900]",
)
@click.option(
    "--sb-repeat",
    type=Seconds(86400),
    default=0.0,
    metavar="SECONDS",
    help="Seconds for which SB tells changes again that it told, as out of a cache. [default: 0]",
)
@click.option("--sb-off", multiple=True, metavar="FEATURE", help="Switch a feature toggle of SB off.")
@click.option(
    "--sb-chunk-header",
    metavar="NAME",
    help="Header that orders the pieces of a large blob. [default: none, and no piece is taken]",
)
@click.option(
    "--sb-app-token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the app token that SB accepts. [default: a demo token; no SB with --token-file]",
)
@done_by("afas_soap.cli.serve.emulator")
def emulator() -> None:
    """Serve a small Profit on a port, over SOAP and REST, and AFAS SB beside it, until interrupted.

    The addresses are printed on standard output: two of Profit, for AFAS_SOAP_URL and AFAS_REST_URL, and those of the
    customer environments of SB; a token never is.

    \b
    afas emulator --port 0 --rows Profit_Debtor=1000000
    afas emulator --data mine --fault 503:retry=1 --fault cut:2000
    afas emulator --spec openapi --state profit.state --delay 2
    afas emulator --sb-dialect 6.0 --sb-memory 60
    afas emulator --auth oauth --tls certificates --mtls
    """
