"""The seed's files: which there are, that each is its own, and that Pillow and pypdf can read them."""

from __future__ import annotations

import io
import re

import pypdf
from PIL import Image

from afas_soap.emulator.documents.attachments import (
    FILES,
    FIRST_ITEM,
    FIRST_REACTION,
    PER_ITEMS,
    REACTION_FILES,
    attachment,
    attachments_of,
    reaction_attachment,
    reaction_attachments_of,
    subject_of,
)


def test_a_thousand_items_have_fifteen_hundred_files() -> None:
    assert (FILES * 1000 // PER_ITEMS, REACTION_FILES) == (1500, 5)
    counts = [len(attachments_of(FIRST_ITEM + number)) for number in range(1000)]
    assert (sum(counts), set(counts)) == (1500, {0, 1, 2, 3, 5})


def test_by_number_and_by_item_they_are_the_same() -> None:
    by_item = [file for item in range(60) for file in attachments_of(FIRST_ITEM + item)]
    assert [(file.number, file.file_id) for file in by_item] == [
        (number, attachment(number).file_id) for number in range(90)
    ]
    of_reactions = [file for item in range(60) for file in reaction_attachments_of(FIRST_ITEM + item)]
    assert [file.file_id for file in of_reactions] == [reaction_attachment(number).file_id for number in range(15)]
    assert all(file.reaction is not None and subject_of(file.reaction) == file.subject for file in of_reactions)


def test_what_lies_before_the_first_one_is_nothing() -> None:
    assert attachments_of(FIRST_ITEM - 1) == []
    assert reaction_attachments_of(FIRST_ITEM - 18) == []
    assert subject_of(FIRST_REACTION - 1) is None


def test_the_names_are_those_that_give_trouble() -> None:
    names = [attachment(number).name for number in range(FILES)]
    assert names.count("scan.pdf") == 2
    assert {"Bijlage.pdf", "BIJLAGE.PDF", "CON.txt", "aux.tar.gz", "naam met punt.", ".verborgen"} <= set(names)
    assert {"../../x.txt", "..\\..\\x.txt", "Offerte, versie 2.pdf"} <= set(names)
    assert any(len(name) == 255 and len(name.encode()) > 255 for name in names)
    assert [name for name in names if re.fullmatch(r"Loonstrook \d{4}-\d\d\.pdf", name)]


def test_each_has_bytes_of_its_own_and_they_are_what_the_name_says() -> None:
    files = [*map(attachment, range(2 * FILES)), *map(reaction_attachment, range(2 * REACTION_FILES))]
    contents = []
    for file in files:
        assert re.fullmatch("[0-9A-F]{32}", file.file_id)
        if file.content is None:
            continue
        data = file.content()
        assert data == file.content(), "the same each time"
        contents.append(data)
        if file.name.lower().endswith(".pdf"):
            reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
            assert file.name[:4] in reader.pages[0].extract_text()
        elif file.name.lower().endswith(".png"):
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                assert image.format == "PNG"
    assert len({file.file_id for file in files}) == len(files)
    # The empty ones are all alike.
    assert sorted(contents).count(b"") == len(contents) - len(set(contents)) + 1 == 2
