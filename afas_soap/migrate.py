"""From the classic token to OAuth: what two credentials may use, compared, and a profile switched.

Nothing is read but metainfo: no rows. It is told over REST only (profit-wire 3.4), whatever the profile's protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from afas_soap.errors import Busy, ProfitError, SettingsError
from afas_soap.profit.connectors.capabilities import Catalogue, Connectors, Entry
from afas_soap.profit.fields import Field
from afas_soap.settings.names import TAKEN
from afas_soap.settings.profilefile import add_profile, check_new
from afas_soap.settings.profiles import EMULATOR, read_profiles, stored_profile


@dataclass(frozen=True, slots=True)
class Difference:
    """What the new credential finds otherwise than the old one: ``where`` is a connector, or what was compared."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """``get_connectors`` is how many GetConnectors had their columns compared."""

    get_connectors: int
    differences: tuple[Difference, ...]


def compare_access(old: Connectors, new: Connectors) -> Comparison:
    """Compare the catalogues, and the columns of every GetConnector that both may use. Both are asked over REST.

    What Profit refuses to one of them only is a difference; every other error is raised.
    """
    before, after = old.catalogue(), new.catalogue()
    theirs = {entry.id for entry in after.get_connectors}
    both = [entry.id for entry in before.get_connectors if entry.id in theirs]
    found = [*_catalogues(before, after)]
    for connector in both:
        found += _columns(connector, _asked(old, connector), _asked(new, connector))
    return Comparison(len(both), tuple(found))


def check_classic(name: str, path: Path) -> Mapping[str, object]:
    """The profile as it stands in the file. Raises ``SettingsError`` when it signs in with OAuth, or is not there."""
    if name == EMULATOR:
        raise SettingsError("profile: the embedded Profit signs in with nothing; name a profile of your own.")
    values = stored_profile(name, path)
    if values.get("auth", "token") != "token":
        raise SettingsError(f"profile {name!r} signs in with OAuth already (auth={values['auth']}).")
    return values


def check_copy(name: str, path: Path) -> None:
    """Raise ``SettingsError`` when the copy cannot have this name."""
    if name in read_profiles(path):
        raise SettingsError(f"profile: there is a profile {name!r} already: give the copy another name (--keep).")
    check_new(name, path)


def with_oauth(values: Mapping[str, object], given: Mapping[str, object]) -> Mapping[str, object]:
    """The settings of a profile with ``given`` in place of its classic token."""
    return {**{name: value for name, value in values.items() if name not in TAKEN["token"]}, **given}


def switch(path: Path, name: str, copy: str, given: Mapping[str, object]) -> None:
    """Have a profile sign in as ``given`` says; as it was it stays under the name ``copy``, in the same file.

    The copy is written first: who is stopped in between has lost nothing. Raises ``SettingsError``.
    """
    values = check_classic(name, path)
    add_profile(path, copy, values)
    add_profile(path, name, with_oauth(values, given), replace=True)


def _catalogues(before: Catalogue, after: Catalogue) -> Iterator[Difference]:
    if before.environment_id != after.environment_id:
        yield Difference(
            "environment", f"the old one is of {before.environment_id}, the new one of {after.environment_id}"
        )
    yield from _entries("GetConnector", before.get_connectors, after.get_connectors)
    yield from _entries("UpdateConnector", before.update_connectors, after.update_connectors)
    yield from _entries("custom connector", before.custom_connectors, after.custom_connectors)


def _entries(kind: str, before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[Difference]:
    old, new = ([entry.id for entry in entries] for entries in (before, after))
    for name in old:
        if name not in new:
            yield Difference(name, f"this {kind} is not open to the new credentials")
    for name in new:
        if name not in old:
            yield Difference(name, f"this {kind} is open to the new credentials only")


_Columns = Sequence[Field] | ProfitError


def _asked(side: Connectors, connector: str) -> _Columns:
    """The columns, or Profit's no."""
    try:
        return side.fields(connector).columns
    except Busy:
        raise
    except ProfitError as refusal:
        return refusal


def _columns(connector: str, old: _Columns, new: _Columns) -> Iterator[Difference]:
    if isinstance(old, ProfitError) or isinstance(new, ProfitError):
        if not isinstance(new, ProfitError):
            yield Difference(connector, "its columns are told to the new credentials only")
        elif not isinstance(old, ProfitError):
            yield Difference(connector, f"its columns are not told to the new credentials: {new.message}")
        return
    before, after = ({field.name: _type(field) for field in fields} for fields in (old, new))
    for name in (*before, *(name for name in after if name not in before)):
        if name not in after:
            yield Difference(connector, f"column {name} is not there with the new credentials")
        elif name not in before:
            yield Difference(connector, f"column {name} is there with the new credentials only")
        elif before[name] != after[name]:
            yield Difference(connector, f"column {name} is {before[name]}, and {after[name]} with the new credentials")
    if before == after and [*before] != [*after]:
        yield Difference(connector, "its columns come in another order")


def _type(field: Field) -> str:
    """What metainfo says of a column's values; its label depends on who asks."""
    return f"{field.declared} (length {field.length}, decimals {field.decimals})"
