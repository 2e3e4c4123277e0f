"""The commands about credentials: their arguments, options and help."""

from __future__ import annotations

from pathlib import Path

import click

from afas_soap.cli.group import Group, OptionsOnly
from afas_soap.cli.options.output import listing_options
from afas_soap.cli.options.whom import (
    address_options,
    app_key_options,
    connection_options,
    either_options,
    otp_option,
    profile_options,
    sign_in_options,
)
from afas_soap.cli.shared.lazy import done_by


@click.group("auth", cls=Group)
def auth() -> None:
    """Sign in with OAuth and out again, and see how things stand. No command here takes a secret as an
    argument."""


@auth.command("login")
@click.option("--no-browser", is_flag=True, help="Print the address to open, and take the one you are sent to.")
@either_options
@done_by("afas_soap.cli.signin.auth", "login")
def login() -> None:
    """Sign in as a person: opens AFAS' login page and waits for it to send the browser back.

    It waits on exactly the host, port and path of the redirect URI that AFAS has. With --no-browser, for a browser on
    another machine, paste the whole address that it ends at.
    """


@auth.command("status")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@either_options
@done_by("afas_soap.cli.signin.auth", "status")
def status() -> None:
    """Show how this profile signs in, what is kept and how long it lasts. No secret, and nobody is asked."""


@auth.command("token")
@either_options
@done_by("afas_soap.cli.signin.auth", "token")
def token() -> None:
    """Print an access token, for curl and the like; it is renewed first when it is about to end.

    Whoever has it is let in until it ends. With DPoP it is of use only together with its key.
    """


@auth.command("logout")
@click.option("--profile", metavar="NAME", help="Whose tokens. [default: AFAS_PROFILE]")
@done_by("afas_soap.cli.signin.auth", "logout")
def logout() -> None:
    """Remove the tokens that are kept for a profile. AFAS is not told: a token that is out lasts until its end.

    The rest of the profile is not looked at, which may be gone, or be half.
    """


@auth.command("migrate")
@click.option("--profile", metavar="NAME", help="Which profile. [default: AFAS_PROFILE]")
@click.option("--keep", metavar="NAME", help="What to call the copy of the profile. [default: NAME-classic]")
@click.option("--yes", is_flag=True, help="Switch without asking, when both find the same.")
@click.option("--no-browser", is_flag=True, help="For a person: paste the address that the browser ends at.")
@sign_in_options
@done_by("afas_soap.cli.signin.migrate")
def migrate() -> None:
    """Move a profile from the classic token to OAuth, once the new credentials have shown that they do.

    The options are the new credentials; without them it asks. Set the app connector to hybrid first. Both credentials
    are used, beside each other: they must find the same connectors, and the same columns in every GetConnector. No
    rows are read. Then the profile is switched, and what it was stays under another name. With differences the exit
    code is 1, and the profile stays as it is.

    \b
    afas auth migrate --profile books --auth client-credentials --client-id ID --client-secret-file secret.txt
    afas auth migrate --profile books --auth public --client-id ID --redirect-uri http://localhost:8321/callback
    """


@auth.group("otp", cls=Group)
def otp() -> None:
    """Get a classic token by a one-time password, and give one back, as long as AFAS has them.

    Tokens that exist end on 1 May 2027, and none works after 31 August 2027: for anything new sign in with OAuth.
    """


@otp.command("request", cls=OptionsOnly)
@app_key_options
@click.option("--description", metavar="TEXT", help="Stands in the mail, such as where the token goes (SOAP only).")
@address_options
@done_by("afas_soap.cli.signin.otp", "request")
def request() -> None:
    """Have AFAS send a one-time password to a user by mail.

    The app connector shows its API key and its environment key. AFAS says the same when they do not fit: only the mail
    tells.

    \b
    afas auth otp request --environment 12345 --user 12345.jansen --api-key-file api.key --environment-key-file env.key
    """


@otp.command("redeem", cls=OptionsOnly)
@app_key_options
@otp_option
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help="File to write the token into, for its owner only."
)
@click.option("--to-keyring", metavar="SERVICE/USERNAME", help="Entry of the system's keyring, in place of a file.")
@click.option("--add", metavar="NAME", help="Write a new profile that names where it is.")
@click.option("--replace", is_flag=True, help="Replace the token of the profile that is named.")
@address_options
@done_by("afas_soap.cli.signin.otp", "redeem")
def redeem() -> None:
    """Redeem a one-time password for a token, and keep that in a file or in the keyring.

    The token is not printed. With --add a new profile names where it is, with --profile one that is there does.
    Nothing that is there is written over, but for the profile's own token with --replace. A password is good once: when
    the answer is lost, request another.

    \b
    afas auth otp redeem --environment 12345 --user 12345.jansen --api-key-file a.key --environment-key-file e.key \\
        --to books.xml --add books
    """


@otp.command("delete", cls=OptionsOnly)
@click.option("--yes", is_flag=True, help="Do not ask.")
@connection_options
@done_by("afas_soap.cli.signin.otp", "delete")
def delete() -> None:
    """Have AFAS forget the token that is configured. Over SOAP: REST has no such call.

    Whatever uses that token is not let in any more. The file that holds it stays.
    """


@click.group("profile", cls=Group)
def profile() -> None:
    """Add, list, show and remove profiles, which are named settings.

    They stand in a TOML file in your configuration folder, and hold no secret: only the names of the files that do.
    """


@profile.command("add")
@click.argument("name")
@click.option("--replace", is_flag=True, help="Write a profile anew that is there.")
@profile_options
@done_by("afas_soap.cli.signin.profile", "add")
def add() -> None:
    """Write the profile NAME; without an option for a setting, it asks.

    The files of secrets that it names are looked at now, and must be there.

    \b
    afas profile add books --environment 12345 --token-file books.xml
    afas profile add books --auth client-credentials --client-id ID --client-secret-file secret.txt --environment 12345
    """


@profile.command("list")
@listing_options
@done_by("afas_soap.cli.signin.profile", "list_")
def list_() -> None:
    """List the profiles: name, environment, protocol and how they sign in."""


@profile.command("show")
@click.argument("name")
@done_by("afas_soap.cli.signin.profile", "show")
def show() -> None:
    """Print the profile NAME as TOML."""


@profile.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@done_by("afas_soap.cli.signin.profile", "remove")
def remove() -> None:
    """Take the profile NAME out of the file, and forget the tokens that are kept for it.

    What it names (a token's file, a key) stays where it is.
    """
