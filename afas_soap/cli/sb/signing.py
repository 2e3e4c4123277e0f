"""The commands that sign in at AFAS SB: their arguments, options and help."""

from __future__ import annotations

import click

from afas_soap.cli.options.output import listing_options
from afas_soap.cli.options.whom import onboard_options, sb_options
from afas_soap.cli.shared.lazy import done_by


@click.command("scopes")
@listing_options
@sb_options
@done_by("afas_soap.cli.sb.customers", "scopes")
def scopes() -> None:
    """List the customer environments that the sign-in of an Admin Center may enter, with the path of each.

    The profile is one whose environment is DOMAIN/admin, or one that uses its sign-in.

    \b
    afas sb scopes --profile office
    """


@click.command("onboard")
@click.argument("address", metavar="URL")
@click.option("--profile", "name", metavar="NAME", help="Profile to write. [default: the customer environment's path]")
@click.option("--replace", is_flag=True, help="Write a profile anew that is there.")
@click.option(
    "--customer",
    "customers",
    multiple=True,
    metavar="PATH",
    help="At an Admin Center: write a profile NAME-PATH for this customer environment as well. Repeatable.",
)
@click.option("--no-browser", is_flag=True, help="Print the address to open, and take the one you are sent to.")
@click.option("--loopback", is_flag=True, help="Take an address of this machine as well, for the emulator.")
@onboard_options
@done_by("afas_soap.cli.sb.customers", "onboard")
def onboard() -> None:
    """Take a customer on: sign in where the landing address URL leads, write a profile, list the administrations.

    URL is the afasBaseUrl that your landing page was opened with, or the whole address of that page. Anybody can forge
    one, so it must be https://DOMAIN.afasfocus.nl/CUSTOMER exactly. The client's secret goes nowhere else, and
    redirects are not followed. An app token in place of a person: --auth app-token.

    \b
    afas sb onboard https://demo.afasfocus.nl/enyoi --client-id ID --client-secret-file secret.txt \\
        --redirect-uri http://localhost:8321/callback
    """
