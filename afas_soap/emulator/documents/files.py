"""Files beside the dossier: those of free fields and projects, by id and name (special-connectors 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from afas_soap.emulator.documents.pdf import pdf
from afas_soap.emulator.documents.png import png

_NAMES = (
    "handleiding.pdf",
    "plattegrond_begane-grond.png",
    "Regel één & twee + drie.txt",
    "50%~korting!.pdf",
    "l'été #1 @ 2.txt",
    "a_2Db.txt",
    "Offerte, versie 2.pdf",
    " blanco rondom .txt",
    "prijs$*<>:?.txt",
    "3/4.txt",
    "weg.pdf",
    "HOOFDLETTERS.PDF",
)
# Listed, and not on disk: of it comes HTTP 500 with the page of a 404.
_GONE = "weg.pdf"
FREE_FILES = 2 * len(_NAMES)
"""How many there are."""


@dataclass(frozen=True, slots=True)
class FreeFile:
    """A file by its id and its name; ``content`` makes its bytes, None when it is not on disk."""

    file_id: str
    name: str
    content: Callable[[], bytes] | None


def free_file(number: int) -> FreeFile:
    """File ``number``, from 0."""
    name = _NAMES[number % len(_NAMES)]
    identity = hashlib.sha256(f"seed file {number}".encode()).hexdigest()[:32].upper()
    return FreeFile(identity, name, None if name == _GONE else lambda: _content(number, name))


def find(file_id: str, name: str) -> FreeFile | None:
    """The file with this id, in any case, and exactly this name; None when there is none."""
    file = _FILES.get(file_id.upper())
    return file if file is not None and file.name == name else None


def _content(number: int, name: str) -> bytes:
    ending = name.rpartition(".")[2].lower()
    if ending == "png":
        return png(48, 32, (number * 19 % 256, number * 67 % 256, 90))
    return pdf([name, f"Bestand {number}"]) if ending == "pdf" else f"{name}\r\nBestand {number}\r\n".encode()


_FILES = {file.file_id: file for file in map(free_file, range(FREE_FILES))}
