"""Seed data of the dossier's files: which dossier item has which attachments, and which its reactions have.

Twenty items have thirty files among them and then it begins anew, so that a dossier of a thousand items has fifteen
hundred. Their names are what people and programs leave there: two of one name, names that differ by case alone, names
that no folder of Windows takes, and one that leads out of a folder.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from afas_soap.emulator.documents.pdf import pdf
from afas_soap.emulator.documents.png import png
from afas_soap.emulator.seed import words

FIRST_ITEM = 25_001
"""The number of the first dossier item."""
FIRST_REACTION = 70_001
"""The number of the first reaction."""


@dataclass(frozen=True, slots=True)
class SeedFile:
    """File ``number`` of all attachments, or of all those of reactions. ``content`` makes its bytes, the same each
    time; None when the file is listed and not on disk."""

    number: int
    subject: int
    name: str
    content: Callable[[], bytes] | None
    reaction: int | None = None

    @property
    def file_id(self) -> str:
        """32 hexadecimal digits, in capitals and without hyphens."""
        kind = "attachment" if self.reaction is None else "reaction"
        return hashlib.sha256(f"seed {kind} {self.number}".encode()).hexdigest()[:32].upper()


_Make = Callable[[int, str], bytes]


def _payslip(number: int, name: str) -> bytes:
    """A payslip, as far as one may invent it: its amounts are cents of the number."""
    gross = 250_000 + number * 7919 % 300_000
    tax = gross * 37 // 100
    rows = (("Brutoloon", gross), ("Loonheffing", -tax), ("Nettoloon", gross - tax))
    head = (name, words.person_name(number), words.address(number).line1, "")
    return pdf([*head, *(f"{label}: {cents / 100:.2f}" for label, cents in rows)])


def _letter(number: int, name: str) -> bytes:
    return pdf([name, f"Volgnummer {number}", "", "Geachte heer, mevrouw,", "Zie het dossier."])


def _long_letter(number: int, name: str) -> bytes:
    return pdf([name, *(f"{line}. {words.person_name(number + line)}" for line in range(1, 200))])


def _photo(number: int, _name: str) -> bytes:
    return png(64, 48, (number * 29 % 256, number * 83 % 256, number * 47 % 256))


def _text(number: int, name: str) -> bytes:
    return f"{name}\r\nVolgnummer {number}\r\nMet vriendelijke groet, José\r\n".encode()


def _empty(_number: int, _name: str) -> bytes:
    return b""


_LONG = "é" * 251 + ".pdf"
# Per item its files: a name, and what makes the content; without it the file is not on disk.
_ITEMS: Sequence[Sequence[tuple[str, _Make | None]]] = (
    (("Loonstrook {period}.pdf", _payslip), ("Jaaropgave {year}.pdf", _letter), ("pasfoto.png", _photo)),
    (),
    (("Contract {item}.pdf", _long_letter),),
    (("scan.pdf", _letter), ("scan.pdf", _payslip)),
    (("Offerte, versie 2.pdf", _letter),),
    (
        ("Bijlage.pdf", _letter),
        ("BIJLAGE.PDF", _payslip),
        ("Notulen 3/4 januari.txt", _text),
        ("..\\..\\x.txt", _text),
        ("CON.txt", _text),
    ),
    (),
    (("Foto café ☕.png", _photo),),
    ((_LONG, _letter), ("naam met punt.", _text)),
    (),
    (("Loonstrook {period}.pdf", _payslip), ("COM1.pdf", _letter), (".verborgen", _text)),
    (),
    (("50% korting & meer + extra #1.pdf", _letter),),
    (("Scan_001.png", _photo), ("scan_001.PNG", _photo)),
    (("aux.tar.gz", _text),),
    (
        ("Brief 01-02-2024.pdf", _letter),
        ("BRIEF~1.PDF", _letter),
        ("l'été!.pdf", _letter),
        ("prijs$ @ 2 <concept>.pdf", _letter),
        ("../../x.txt", _text),
    ),
    (),
    (("leeg.txt", _empty),),
    (("verdwenen.pdf", None), ("Regel één.txt", _text)),
    (),
)
# The same for reactions: the place of the item, and the files of a reaction to it.
_REACTIONS: Sequence[tuple[int, Sequence[tuple[str, _Make | None]]]] = (
    (2, (("Antwoord.pdf", _letter),)),
    (5, (("scan.pdf", _letter), ("scan.pdf", _payslip))),
    (5, (("Schermafbeelding: 1?.png", _photo),)),
    (6, (("Reactie, getekend.pdf", _letter),)),
)
_PLACES = [(item, at) for item, files in enumerate(_ITEMS) for at in range(len(files))]
_REACTION_PLACES = [(reaction, at) for reaction, (_, files) in enumerate(_REACTIONS) for at in range(len(files))]
PER_ITEMS, FILES, REACTION_FILES = len(_ITEMS), len(_PLACES), len(_REACTION_PLACES)
"""So many items have so many files, and so many of reactions."""


def attachment(number: int) -> SeedFile:
    """Attachment ``number``, from 0."""
    round_, place = divmod(number, FILES)
    item, at = _PLACES[place]
    return _made(number, round_ * PER_ITEMS + item, _ITEMS[item][at])


def reaction_attachment(number: int) -> SeedFile:
    """Attachment ``number`` of all reactions, from 0."""
    round_, place = divmod(number, REACTION_FILES)
    reaction, at = _REACTION_PLACES[place]
    item, files = _REACTIONS[reaction]
    return _made(number, round_ * PER_ITEMS + item, files[at], FIRST_REACTION + round_ * len(_REACTIONS) + reaction)


def attachments_of(subject: int) -> list[SeedFile]:
    """What the seed has for the dossier item with this number, whether there is such an item or not."""
    round_, item = divmod(subject - FIRST_ITEM, PER_ITEMS)
    return [attachment(round_ * FILES + at) for at, place in enumerate(_PLACES) if place[0] == item and round_ >= 0]


def reaction_attachments_of(subject: int) -> list[SeedFile]:
    """The same of its reactions."""
    round_ = (subject - FIRST_ITEM) // PER_ITEMS
    found = (reaction_attachment(round_ * REACTION_FILES + at) for at in range(REACTION_FILES) if round_ >= 0)
    return [file for file in found if file.subject == subject]


def subject_of(reaction: int) -> int | None:
    """The dossier item that a reaction of the seed belongs to."""
    round_, at = divmod(reaction - FIRST_REACTION, len(_REACTIONS))
    return None if round_ < 0 else FIRST_ITEM + round_ * PER_ITEMS + _REACTIONS[at][0]


def _made(number: int, item: int, file: tuple[str, _Make | None], reaction: int | None = None) -> SeedFile:
    pattern, make = file
    day = words.day(item)
    name = pattern.format(period=day[:7], year=day[:4], item=FIRST_ITEM + item)
    # Every file has other bytes, whatever its name.
    content = None if make is None else functools.partial(make, item + number * PER_ITEMS, name)
    return SeedFile(number, FIRST_ITEM + item, name, content, reaction)
