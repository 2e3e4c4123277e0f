"""An export, resumable: read the items, list their attachments, give each a name, fetch what is not there, and write
the CSV and the ZIP when all is.

Everything that a later run must know stands in the manifest before it is acted on; so a run may end at any moment, and
the next one fetches what is not whole and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from afas_soap.dossier import target, zipping
from afas_soap.dossier.asking import Client
from afas_soap.dossier.fetching import Fetching
from afas_soap.dossier.items import Inventory, Wanted, inventory
from afas_soap.dossier.layout import AS_AFAS, Chosen, Layout
from afas_soap.dossier.manifest import NAME, Entry, Header, Key, Manifest, State, entries, key_of
from afas_soap.dossier.naming import Names
from afas_soap.dossier.progress import Progress, unseen
from afas_soap.dossier.target import Place
from afas_soap.errors import AfasError, NotFound, SettingsError
from afas_soap.export.formats import lines
from afas_soap.limits import CALLS_AT_ONCE
from afas_soap.profit.documents.safename import safe_name
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Filter

CONNECTOR = "Dossierexport"
"""The GetConnector that AFAS' consultants ask for (special-connectors 2.1)."""

ZIP = ".zip"
"""What the name of a target ends in that becomes a ZIP, in capitals as well."""

_GONE = "it lay there whole once, and does not any more"


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported, and where to.

    ``target`` is a folder, or a file that ends in ``.zip``. The rows of ``connector`` that ``where`` lets through are
    the dossier items; ``chosen`` replaces AFAS' own layout, or a part of it. ``reactions`` adds the attachments of
    their reactions. ``progress`` is called in any thread, though in one at a time. Raises ``SettingsError`` for what
    cannot be.
    """

    target: Path
    connector: str = CONNECTOR
    where: tuple[Filter, ...] = ()
    chosen: Chosen = AS_AFAS
    reactions: bool = False
    parallel: int = CALLS_AT_ONCE
    delimiter: str = ";"
    progress: Callable[[Progress], None] = unseen

    def __post_init__(self) -> None:
        if not 1 <= self.parallel <= CALLS_AT_ONCE:
            raise SettingsError(f"parallel: 1 to {CALLS_AT_ONCE} calls at once; AFAS allows no more.")
        # Said before any call, and not behind the last one.
        lines("csv", (), Fields(self.connector, ()), delimiter=self.delimiter)

    @property
    def zipped(self) -> bool:
        """Whether it becomes a ZIP."""
        return self.target.suffix.lower() == ZIP

    @property
    def folder(self) -> Path:
        """Where its files are gathered."""
        return zipping.gathered_in(self.target) if self.zipped else self.target

    @property
    def csv(self) -> str:
        """The name of its CSV."""
        return safe_name(f"{self.connector}.csv")

    def published(self, summary: Summary) -> bool:
        """Whether what ended so lies in ``target``: a ZIP is not written while files failed, for their next try needs
        the folder. What Profit says is not there keeps none from it."""
        return not (self.zipped and summary.failed)

    @property
    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(self.connector, self.where, self.chosen, self.reactions)


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of an export.

    ``items`` counts the dossier items that were read and ``files`` their attachments; ``fetched`` (of ``size`` bytes)
    those that came now, ``before`` those that were whole before, and ``left`` those that are not there, which is all
    that a dry run leaves. ``missing`` and ``failed`` are the files that Profit did not give, and ``errors`` says why;
    ``empty`` are those that came without a byte, which is for somebody to judge: they are asked for again each time.
    """

    items: int
    files: int
    before: int
    fetched: int = 0
    size: int = 0
    missing: tuple[Entry, ...] = ()
    failed: tuple[Entry, ...] = ()
    errors: tuple[AfasError, ...] = ()
    empty: tuple[Entry, ...] = ()

    @property
    def left(self) -> int:
        """How many files are not there."""
        return self.files - self.before - self.fetched


def count(export: Export, client: Client) -> Summary:
    """What an export would do, without fetching or writing anything: a dry run. Raises what ``run`` raises."""
    target.check(export.target, export.folder)
    found = inventory(client, export.wanted, export.parallel, export.progress)
    known, place = entries(export.folder, _header(export, client, found.layout)), Place(export.folder)
    keys = {key_of(attachment) for _, attachment in found.files()}
    before = sum(1 for key in keys if key in known and place.is_done(known[key]))
    return Summary(len(found.items), len(keys), before)


def run(export: Export, client: Client) -> Summary:
    """Export what is not there yet, and tell what became of it.

    Raises ``SettingsError`` for a target that cannot be used or written, and what the client raises for all files;
    what Profit refuses for one file alone stands in the summary. A signal passes. In any case the next run goes on.
    """
    target.check(export.target, export.folder)
    found = inventory(client, export.wanted, export.parallel, export.progress)
    target.make(export.folder)
    place = Place(export.folder)
    with Manifest(export.folder, _header(export, client, found.layout)) as manifest:
        # Again, for another run may have made it since.
        if export.zipped and zipping.is_made(export.target, export.folder, NAME):
            # Killed behind its last step but the tidying.
            _tidy(export, manifest, place)
            return _as_made(found, manifest)
        csv = place.own((export.csv,))
        summary = _fetch(export, client, manifest, found=found, place=place)
        manifest.write(entry.ended(State.NAMED, reason=_GONE) for entry in manifest.whole() if not place.holds(entry))
        target.write_csv(csv, manifest.whole(), found.layout, export.delimiter)
        if export.zipped and export.published(summary):
            _zip(export, manifest, place)
    return summary


def _as_made(found: Inventory, manifest: Manifest) -> Summary:
    """What became of the export whose ZIP is there already."""
    missing = tuple(entry for entry in manifest.entries.values() if entry.state is State.MISSING)
    return Summary(
        len(found.items),
        len(manifest.entries),
        sum(1 for _ in manifest.whole()),
        missing=missing,
        errors=tuple(NotFound(entry.reason) for entry in missing),
    )


def _header(export: Export, client: Client, layout: Layout) -> Header:
    return Header(client.environment, export.connector, layout)


def _fetch(export: Export, client: Client, manifest: Manifest, *, found: Inventory, place: Place) -> Summary:
    wanted = _named(export, manifest, found)
    # What failed before comes last: were it to stop this run as well, all others would be there.
    to_fetch = sorted(
        (entry for entry in wanted if not place.is_done(entry)),
        key=lambda entry: entry.state is State.FAILED,
    )
    fetching = Fetching(
        client,
        manifest,
        place,
        probe=lambda: list(client.rows(export.connector, take=1)),
        progress=export.progress,
    )
    fetching.run(to_fetch, export.parallel)
    ended = [manifest.entries[entry.key] for entry in to_fetch]
    return Summary(
        len(found.items),
        len(wanted),
        len(wanted) - len(to_fetch),
        sum(entry.state is State.WHOLE for entry in ended),
        fetching.size,
        tuple(entry for entry in ended if entry.state is State.MISSING),
        tuple(entry for entry in ended if entry.state is State.FAILED),
        tuple(fetching.errors),
        tuple(entry for entry in ended if entry.state is State.WHOLE and not entry.length),
    )


def _named(export: Export, manifest: Manifest, found: Inventory) -> Sequence[Entry]:
    """What is to be there, each with the path that the manifest has for it, or gets now; and with its present texts."""
    names = Names((export.csv, NAME))
    for entry in manifest.entries.values():
        names.take(entry.path)
    wanted: dict[Key, Entry] = {}
    new: list[Entry] = []
    for item, attachment in found.files():
        key = key_of(attachment)
        if key in wanted:
            continue
        known = manifest.entries.get(key)
        if known is not None and known.values == item.values:
            wanted[key] = known
            continue
        if known is not None:
            wanted[key] = known.with_values(item.values)
        else:
            wanted[key] = Entry(attachment, names.give(item.folders, attachment.name), item.values)
        new.append(wanted[key])
    manifest.write(new)
    return list(wanted.values())


def _zip(export: Export, manifest: Manifest, place: Place) -> None:
    whole = [entry.path for entry in manifest.whole()]
    paths = [*whole, (export.csv,), (NAME,)]
    done = iter(range(1, len(paths) + 1))
    zipping.write_zip(
        export.target,
        export.folder,
        paths,
        lambda: export.progress(Progress("zipping", next(done), len(paths))),
    )
    _tidy(export, manifest, place)


def _tidy(export: Export, manifest: Manifest, place: Place) -> None:
    """Take away what the ZIP was gathered in, the manifest last: by it the ZIP is known as this export's."""
    paths = [entry.path for entry in manifest.entries.values() if place.is_straight(entry.path[:-1])]
    paths.append((export.csv,))
    zipping.tidy(export.folder, paths, manifest.remove)
