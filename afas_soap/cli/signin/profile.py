"""``afas profile``: named settings in a TOML file, written, listed and removed. None of them is a secret."""

from __future__ import annotations

import sys
from typing import Any

import click

from afas_soap.cli.group import Group
from afas_soap.cli.shared.connection import profile_options, proof_options
from afas_soap.cli.shared.output import listing_options, output_from, write_listing
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.cli.shared.table import aligned
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.signin.profilequestions import answered, ask_profile
from afas_soap.errors import SettingsError
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record
from afas_soap.settings.kinds import APIS
from afas_soap.settings.profilefile import add_profile, as_stored, check_new, remove_profile, spelt
from afas_soap.settings.profiles import profiles_path, read_profiles, stored_profile
from afas_soap.settings.resolving import check_profile
from afas_soap.signin.store import TokenStore


@click.group("profile", cls=Group)
def command() -> None:
    """Add, list, show and remove profiles, which are named settings.

    They stand in a TOML file in your configuration folder, and hold no secret: only the names of the files that do.
    """


@command.command("add")
@click.argument("name")
@click.option("--replace", is_flag=True, help="Write a profile anew that is there.")
@click.option("--api", type=click.Choice(APIS), help="Which of AFAS' programs. [default: profit]")
@proof_options
@click.option("--retry-locked", is_flag=True, default=None, help="Repeat what an open journal kept out.")
@profile_options
def add(name: str, *, replace: bool, **options: Any) -> None:
    """Write the profile NAME; without an option for a setting, it asks.

    The files of secrets that it names are looked at now, and must be there.

    \b
    afas profile add books --environment 12345 --token-file books.xml
    afas profile add books --auth client-credentials --client-id ID --client-secret-file secret.txt --environment 12345
    """
    log_to_stderr(verbose=False)
    path = profiles_path()
    check_new(name, path, replace=replace)
    given = {setting: value for setting, value in options.items() if value is not None}
    values = {setting: as_stored(setting, value) for setting, value in (given or answered(ask_profile)).items()}
    missing = check_profile(values, f"the profile {name!r} to be")
    add_profile(path, name, values, replace=replace)
    click.echo(f"afas: {printable(str(path))}: profile {name!r} is written", err=True)
    if missing:
        click.echo(f"afas: it is not enough by itself: missing: {'; '.join(missing)}", err=True)


@command.command("list")
@listing_options
def list_(**options: Any) -> None:
    """List the profiles: name, environment, protocol and how they sign in."""
    output = output_from(options, listing=True)
    path = profiles_path()
    rows = [_row(name, values) for name, values in (read_profiles(path) if path.exists() else {}).items()]
    if not rows:
        click.echo(f"afas: there is no profile in {printable(str(path))}: afas profile add NAME", err=True)
    records: list[Record] = [dict(zip(_FIELDS.names, row, strict=True)) for row in rows]
    write_listing(records, _FIELDS, output, {"table": lambda: aligned(rows)})


@command.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Print the profile NAME as TOML."""
    click.echo(spelt(name, stored_profile(name, profiles_path())), nl=False)


@command.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, *, yes: bool) -> None:
    """Take the profile NAME out of the file, and forget the tokens that are kept for it.

    What it names (a token's file, a key) stays where it is.
    """
    path = profiles_path()
    if not path.exists() or name not in read_profiles(path):
        raise SettingsError(
            f"profile: there is no profile {name!r} in {path}; afas profile list shows which there are."
        )
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("confirm it with --yes, for there is no terminal to ask on")
        click.confirm(f"Remove the profile {printable(name)} from {printable(str(path))}?", abort=True, err=True)
    remove_profile(path, name)
    store = TokenStore(name)
    tokens = ", and so are its tokens" if store.path.exists() and store.remove() else ""
    click.echo(f"afas: {printable(str(path))}: profile {name!r} is gone{tokens}", err=True)


_FIELDS = Fields("Profiles", (Field("name"), Field("environment"), Field("protocol"), Field("auth")))


def _row(name: str, values: object) -> tuple[str, str, str, str]:
    settings = values if isinstance(values, dict) else {}
    protocol = str(settings.get("protocol", "soap"))
    where = settings.get("environment", settings.get(f"{protocol}_url", ""))
    return name, str(where), protocol, str(settings.get("auth", "token"))
