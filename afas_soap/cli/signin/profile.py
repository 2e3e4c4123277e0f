"""``afas profile``: named settings in a TOML file, written, listed and removed. None of them is a secret."""

from __future__ import annotations

import sys
from typing import Any

import click

from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.signin.profilequestions import answered, ask_profile
from afas_soap.errors import SettingsError
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record
from afas_soap.settings.levels import Level
from afas_soap.settings.profilefile import add_profile, as_stored, check_new, remove_profile, spelt
from afas_soap.settings.profiles import profiles_path, read_profiles, stored_profile
from afas_soap.settings.resolving import check_profile
from afas_soap.settings.sb.product import AUTHS, SB, api_of
from afas_soap.signin.store import TokenStore


def add(name: str, *, replace: bool, **options: Any) -> None:
    """A profile, out of options or by asking."""
    log_to_stderr(verbose=False)
    path = profiles_path()
    check_new(name, path, replace=replace)
    given = {setting: value for setting, value in options.items() if value is not None}
    values = {setting: as_stored(setting, value) for setting, value in (given or answered(ask_profile)).items()}
    if "api" not in values and api_of([Level(values, dict.fromkeys(values, "answer"))]) == SB:
        values["api"] = SB
    missing = check_profile(values, f"the profile {name!r} to be")
    add_profile(path, name, values, replace=replace)
    click.echo(f"afas: {printable(str(path))}: profile {name!r} is written", err=True)
    if missing:
        click.echo(f"afas: it is not enough by itself: missing: {'; '.join(missing)}", err=True)


def list_(**options: Any) -> None:
    """The profiles, a row each."""
    output = output_from(options, listing=True)
    path = profiles_path()
    rows = [_row(name, values) for name, values in (read_profiles(path) if path.exists() else {}).items()]
    if not rows:
        click.echo(f"afas: there is no profile in {printable(str(path))}: afas profile add NAME", err=True)
    records: list[Record] = [dict(zip(_FIELDS.names, row, strict=True)) for row in rows]
    write_listing(records, _FIELDS, output, {"table": lambda: aligned(rows)})


def show(name: str) -> None:
    """A profile as TOML."""
    click.echo(spelt(name, stored_profile(name, profiles_path())), nl=False)


def remove(name: str, *, yes: bool) -> None:
    """A profile and its tokens, removed."""
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
    if settings.get("api") == SB:
        where = settings.get("environment", settings.get("rest_url", ""))
        return name, str(where), SB, str(settings.get("auth", AUTHS[SB][0]))
    protocol = str(settings.get("protocol", "soap"))
    where = settings.get("environment", settings.get(f"{protocol}_url", ""))
    return name, str(where), protocol, str(settings.get("auth", "token"))
