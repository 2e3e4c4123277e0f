"""GetConnectors of documents: the files of the dossier, a connector for its export, and ids of files and pictures.

The first two are AFAS' own; what AFAS calls ``Dossierexport`` is made anew for each customer (special-connectors 2.1).
"""

from __future__ import annotations

from afas_soap.emulator.documents.attachments import (
    FILES,
    FIRST_ITEM,
    PER_ITEMS,
    REACTION_FILES,
    attachment,
    reaction_attachment,
)
from afas_soap.emulator.documents.files import FREE_FILES, free_file
from afas_soap.emulator.documents.images import image_id
from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.items import item_code
from afas_soap.emulator.seed.relations import DEBTORS, party_name
from afas_soap.emulator.seed.subjects import SUBJECT
from afas_soap.emulator.seed.table import Cells, Table, columns

_ITEMS = SUBJECT.count
# Far apart, so that no id of one is an id of the other however many rows there are.
_FIRST_ATTACHMENT, _FIRST_OF_REACTION = 90_001, 20_000_001


def _attachment(number: int) -> Cells:
    file = attachment(number)
    return _FIRST_ATTACHMENT + number, file.subject, file.file_id, file.name


ATTACHMENT = Table(
    columns(
        "Profit_Subject_Attachments",
        "Files for dossier",
        """
        attachment_id  int        Attachment ID
        subject_id     int!       Dossier item
        file_id        string32   Attachment
        file_name      string255  Name
        """,
    ),
    _ITEMS * FILES // PER_ITEMS,
    _attachment,
)


def _reaction_attachment(number: int) -> Cells:
    file = reaction_attachment(number)
    # AFAS' sample has 0 for a file that is there.
    size = 0 if number % 3 == 0 or file.content is None else len(file.content())
    return _FIRST_OF_REACTION + number, file.reaction, file.subject, file.file_id, file.name, size


REACTION_ATTACHMENT = Table(
    columns(
        "Profit_Subject_Reaction_Attachments",
        "Files for response",
        """
        attachment_id  int        Attachment ID
        reaction_id    int!       Response
        subject_id     int!       Dossier item
        file_id        string32   Attachment
        file_name      string255  Name
        file_size      int        File size
        """,
    ),
    _ITEMS * REACTION_FILES // PER_ITEMS,
    _reaction_attachment,
)

# What a folder may be called in AFAS' own layout, and what no folder can be.
_TYPES = ("Correspondentie", "Notitie", "Contract", "Loonstrook (Profit)")
_UNITS = ("EZW", "A/S Noord", None, "Zuid\\West", "aux", "Directie.", "..", "Ezw")


def _export(number: int) -> Cells:
    return (
        _TYPES[number % len(_TYPES)],
        _UNITS[number // len(_TYPES) % len(_UNITS)],
        FIRST_ITEM + number,
        party_name(number * 11 % DEBTORS),
        words.moment(number),
        ("Open", "In behandeling", "Afgehandeld")[number % 3],
    )


EXPORT = Table(
    columns(
        "Dossierexport",
        "Dossier export",
        """
        Type           string80   Type of dossier item
        Eenheid        string80   Organisational unit
        DossieritemId  int!       Dossier item
        Relatie        string255  Organisation/person
        Instuurdatum   date       Submission date
        Status         string20!  Status
        """,
    ),
    _ITEMS,
    _export,
)


def _file(number: int) -> Cells:
    file = free_file(number)
    return number + 1, file.file_id, file.name


FILE = Table(
    columns(
        "Emulator_Files",
        "Invented: files of free fields",
        """
        Id        int!       Number
        FileId    string32   File
        FileName  string255  Name
        """,
    ),
    FREE_FILES,
    _file,
)


def _image(number: int) -> Cells:
    return item_code(number), None if number % 6 == 5 else image_id(number)


IMAGE = Table(
    columns(
        "Emulator_Images",
        "Invented: pictures of items",
        """
        ItemCode  string40!  Item code
        ImageId   string32   Picture
        """,
    ),
    24,
    _image,
)

TABLES = (ATTACHMENT, REACTION_ATTACHMENT, EXPORT, FILE, IMAGE)
