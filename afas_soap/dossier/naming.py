"""Name assignment: a path of its own for each file of an export, the same on every file system and in every run.

Two paths that differ in case alone, or in how their letters are composed, are one on Windows and macOS, so they are one
here. Of two folders the spelling that came first is taken for both; of two files the second one is numbered.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from afas_soap.profit.documents.safename import numbered_name, safe_name

Path = tuple[str, ...]
"""The folders and the name of a file, below the folder of the export."""


class Names:
    """The paths that are taken: those of ``reserved`` names, which stand beside the folders, and those given since."""

    def __init__(self, reserved: Iterable[str]) -> None:
        # By their hashes, a third of the memory: of two that are one by chance, the second is numbered.
        self._taken: set[int] = set()
        self._spelt: dict[int, Path] = {_alike(()): ()}
        # The last number that a name got: of a thousand equal ones the last need not try them all.
        self._last: dict[int, int] = {}
        for name in reserved:
            self._taken.add(_alike((name,)))

    def take(self, path: Path) -> None:
        """See that nobody else gets ``path``, which an earlier run gave."""
        self._taken.add(_alike(path))
        self._folder(path[:-1])

    def give(self, folders: Path, name: str) -> Path:
        """A path of its own for a file that is called ``name``, in these folders, whose names are safe."""
        folder, safe = self._folder(folders), safe_name(name)
        wanted = _alike((*folder, safe))
        number = self._last.get(wanted, 0)
        while True:
            number += 1
            path = (*folder, numbered_name(safe, number))
            if _alike(path) not in self._taken:
                break
        if number > 1:
            self._last[wanted] = number
        self._taken.add(_alike(path))
        return path

    def _folder(self, folders: Path) -> Path:
        """The folders, as the first who came spelt them."""
        known = _alike(folders)
        if known in self._spelt:
            return self._spelt[known]
        above, number, name = self._folder(folders[:-1]), 1, folders[-1]
        # Only a name that is reserved can be in the way: files lie deeper than all folders.
        while _alike((*above, name)) in self._taken:
            number += 1
            name = numbered_name(folders[-1], number)
        spelt = self._spelt[known] = (*above, name)
        self._spelt.setdefault(_alike(spelt), spelt)
        return spelt


def _alike(path: Path) -> int:
    """The same for paths that are one somewhere."""
    return hash(unicodedata.normalize("NFC", unicodedata.normalize("NFC", "/".join(path)).casefold()))
