"""The target of an export, a folder: what may lie there before, whether a file lies there whole, and the CSV."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from afas_soap import disk
from afas_soap.dossier import zipping
from afas_soap.dossier.layout import FILE_NAME, SUBJECT, Layout
from afas_soap.dossier.manifest import NAME, Entry, State
from afas_soap.errors import SettingsError
from afas_soap.export.formats import lines
from afas_soap.export.target import write_file
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record

PARTS = ".part"
"""The folder of what is not whole, in that of the export: nothing else there begins with a dot."""


class Place:
    """The folder of an export, which may be a link, and in which none is followed: what one leads to is somebody
    else's, to be neither written, nor taken away, nor taken for a file of the export."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._itself = Path(os.path.realpath(folder))
        # Of the folders in it: there are a hundred times as many files.
        self._straight: dict[tuple[str, ...], bool] = {}

    def own(self, path: tuple[str, ...]) -> Path:
        """Where something of the export's own lies, or is to lie. Raises ``SettingsError`` for a link on the way, or in
        its place."""
        if not self.is_straight(path):
            raise SettingsError(
                f"{self.folder.joinpath(*path)} is or lies behind a link, which an export does not follow: remove the "
                "link, or name another target."
            )
        return self.folder.joinpath(*path)

    def is_straight(self, path: tuple[str, ...]) -> bool:
        """Whether no link stands on the way to ``path``, or in its place."""
        if path not in self._straight:
            real = Path(os.path.realpath(self.folder.joinpath(*path)))
            self._straight[path] = real == self._itself.joinpath(*path)
        return self._straight[path]

    def holds(self, entry: Entry) -> bool:
        """Whether the file lies there whole: the manifest says so, and it has its length."""
        if entry.state is not State.WHOLE or not self.is_straight(entry.path[:-1]):
            return False
        try:
            found = self.folder.joinpath(*entry.path).lstat()
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size == entry.length

    def is_done(self, entry: Entry) -> bool:
        """Whether the file lies there whole and need not be asked for. One without a byte is asked for each time: that
        may be all there is of it, or a fault that is mended since."""
        return entry.length != 0 and self.holds(entry)


def check(target: Path, folder: Path) -> None:
    """Raise ``SettingsError`` for a target that is something else already: a whole ZIP, or anybody's folder; and for a
    link where the manifest is to be."""
    Place(folder).own((NAME,))
    try:
        begun = (folder / NAME).exists()
        if target != folder and os.path.lexists(target) and not zipping.is_made(target, folder, NAME):
            raise SettingsError(f"{target} is there already: remove it first, or name another target.")
        if target != folder and not target.parent.is_dir():
            raise SettingsError(f"there is no folder {target.parent} for {target.name}: make it first.")
        if folder.exists() and not folder.is_dir():
            raise SettingsError(f"{folder} is a file, and files are gathered in a folder: name another target.")
        if not begun and folder.exists() and any(each.name != PARTS for each in folder.iterdir()):
            raise SettingsError(
                f"{folder} holds files, and no {NAME} of an export that could go on: name a new folder or an empty one."
            )
    except OSError as problem:
        failure = disk.unwritten(folder, problem)
    else:
        return
    raise failure


def make(folder: Path) -> None:
    """Make the folder where it is not there. Raises ``SettingsError``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        failure = disk.unwritten(folder, problem)
    else:
        return
    raise failure


def write_csv(path: Path, entries: Iterable[Entry], layout: Layout, delimiter: str) -> None:
    """Write the CSV of what is there: a row for each file, with the texts of its dossier item. Raises
    ``SettingsError``."""
    fields = Fields("", tuple(map(Field, layout.header)))
    write_file(path, lines("csv", _rows(entries, layout), fields, delimiter=delimiter))


def _rows(entries: Iterable[Entry], layout: Layout) -> Iterator[Record]:
    for entry in entries:
        # As AFAS delivers it: the folders as Windows writes them.
        texts = dict(zip(layout.columns, entry.values, strict=True))
        yield {SUBJECT: entry.attachment.subject, FILE_NAME: "\\".join(entry.path), **texts}
