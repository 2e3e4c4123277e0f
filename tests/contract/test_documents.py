"""One suite for every ``Documents``: the store, SOAP and REST give the same names and the same bytes of each document
that both protocols have, and each says of the others which one has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import pytest

from afas_soap.client import ProfitClient
from afas_soap.emulator.documents import attachments as seed
from afas_soap.emulator.documents.files import FREE_FILES, free_file
from afas_soap.emulator.documents.images import image_id
from afas_soap.emulator.documents.reports import REPORTS
from afas_soap.errors import NotFound, NotOffered, ProfitError, QueryError
from afas_soap.profit.connectors.capabilities import Documents
from afas_soap.profit.documents.content import Attachment, Content, Size
from afas_soap.profit.questions.where import F, where_filters
from afas_soap.wire.profit.documents.rest import RestDocuments

KINDS = ("store", "soap", "soap 1.2", "soap on a port", "rest", "rest on a port")
# What REST alone has, and in which ways it gives it.
OF_REST = ("store", "rest", "rest on a port", "rest, binary", "rest, binary, on a port")
ITEMS = range(seed.FIRST_ITEM, seed.FIRST_ITEM + seed.PER_ITEMS)
GONE = "verdwenen.pdf"
REPORT, WITH_SCREEN = "CF761B2F7099455B8C5227639C447689", "9A8B7C6D5E4F40312233445566778899"


class Profit(Protocol):
    """What the fixture ``profit`` is."""

    store: Documents
    documents: Callable[[str], Documents]


@pytest.fixture(scope="module", params=KINDS)
def documents(request: pytest.FixtureRequest, profit: Profit) -> Documents:
    """Each kind of ``Documents``."""
    return profit.documents(request.param)


@pytest.fixture(scope="module", params=OF_REST)
def of_rest(request: pytest.FixtureRequest, profit: Profit) -> Documents:
    """Each kind that has pictures and files."""
    return profit.documents(request.param)


def whole(content: Content) -> bytes:
    with content:
        chunks = list(content)
    assert all(chunks), "no chunk is empty"
    return b"".join(chunks)


def seeded() -> Iterator[tuple[int, list[seed.SeedFile]]]:
    return ((subject, seed.attachments_of(subject)) for subject in ITEMS)


def test_names_and_ids_of_attachments(documents: Documents) -> None:
    for subject, files in seeded():
        assert documents.attachments(subject) == tuple(Attachment(subject, each.file_id, each.name) for each in files)


def test_each_attachment_with_its_bytes(documents: Documents) -> None:
    """Also by an id in small letters, and those of reactions by the number of the item and by that of the reaction."""
    looked_at = 0
    for subject, files in seeded():
        for file in (*files, *seed.reaction_attachments_of(subject)):
            if file.content is None:
                with pytest.raises(NotFound):
                    whole(documents.attachment(subject, file.file_id))
                continue
            plain = file.content()
            assert whole(documents.attachment(subject, file.file_id)) == plain
            assert whole(documents.attachment(file.reaction or subject, file.file_id.lower())) == plain
            looked_at += 1
    assert looked_at == seed.FILES + seed.REACTION_FILES - 1


def test_its_type_is_told_or_sniffed(documents: Documents) -> None:
    kinds = {}
    for subject in (25_001, 25_018):
        for each in documents.attachments(subject):
            content = documents.attachment(subject, each.file_id)
            whole(content)
            kinds[each.name] = content.facts.media_type
    assert list(kinds.values())[:3] == ["application/pdf", "application/pdf", "image/png"]
    assert kinds["leeg.txt"] in ("text/plain", "application/octet-stream")


@pytest.mark.parametrize("file_id", ["0" * 32, "F" * 32])
def test_an_attachment_that_is_not_there(documents: Documents, file_id: str) -> None:
    with pytest.raises(NotFound):
        whole(documents.attachment(25_001, file_id))


def test_all_attachments_of_an_item_in_one_call(documents: Documents, request: pytest.FixtureRequest) -> None:
    """Those that are on disk, in their order, by name. REST has no such call, and says which protocol has it."""
    if "rest" in request.node.callspec.params["documents"]:
        with pytest.raises(NotOffered, match="REST gives attachments one by one only") as caught:
            documents.attachment_data(25_001)
        assert caught.value.offered_by == "soap"
        return
    for subject, files in seeded():
        there = [(each.name, each.content()) for each in files if each.content is not None]
        assert [(each.facts.name, whole(each)) for each in documents.attachment_data(subject)] == there


@pytest.mark.parametrize("report", [each for each, found in REPORTS.items() if not found.start_screen])
def test_reports_of_what_the_filters_let_through(documents: Documents, profit: Profit, report: str) -> None:
    asked = (F.U002 == "A & B;,") & (F.KnSbjSbId.isin([25_001, 25_002]))
    for filters in ((), where_filters(asked)):
        content = documents.report(report, filters)
        plain = whole(content)
        assert plain == whole(profit.store.report(report, filters))
        assert content.facts.media_type == "application/pdf"
        assert content.facts.name == ""


def test_reports_that_cannot_be_called(documents: Documents) -> None:
    with pytest.raises(ProfitError, match=r"(?i)start|scherm"):
        whole(documents.report(WITH_SCREEN, ()))
    with pytest.raises(ProfitError):
        whole(documents.report("0" * 32, ()))


@pytest.mark.parametrize("size", list(Size))
def test_pictures_in_each_size(of_rest: Documents, profit: Profit, size: Size) -> None:
    content = of_rest.image(image_id(3), size)
    plain = whole(content)
    assert plain == whole(profit.store.image(image_id(3), size))
    assert plain.startswith(b"\x89PNG")
    assert content.facts.media_type == "image/png"
    with pytest.raises(NotFound):
        whole(of_rest.image("0" * 32, size))


def test_files_by_their_exact_names(of_rest: Documents) -> None:
    """In AFAS' own escaping; a comma is refused before the call; what is listed and gone is not found."""
    looked_at = 0
    for file in map(free_file, range(FREE_FILES)):
        if "," in file.name and isinstance(of_rest, RestDocuments):
            with pytest.raises(QueryError, match="comma"):
                whole(of_rest.file(file.file_id, file.name))
        elif file.content is None:
            with pytest.raises(NotFound):
                whole(of_rest.file(file.file_id, file.name))
        else:
            assert whole(of_rest.file(file.file_id, file.name)) == file.content()
            with pytest.raises(NotFound):
                whole(of_rest.file(file.file_id, f"{file.name}x"))
            looked_at += 1
    assert looked_at > 12


@pytest.mark.parametrize("kind", ["soap", "soap 1.2"])
def test_what_soap_has_not(profit: Profit, kind: str) -> None:
    documents = profit.documents(kind)
    for ask in (lambda: documents.image("1", Size.MEDIUM), lambda: documents.file("0" * 32, "x")):
        with pytest.raises(NotOffered) as caught:
            ask()
        assert caught.value.offered_by == "rest"


@pytest.mark.parametrize("kind", ["store", "soap", "rest"])
def test_a_client_of_each(profit: Profit, kind: str) -> None:
    """Documents alone are connectors of a program's own as well; what they have not is ``NotOffered``."""
    client = ProfitClient(profit.documents(kind))
    (first, *_) = client.attachments(25_001)
    with client.attachment(25_001, first) as document:
        assert document.name == first.name
        plain = document.read()
    assert plain == seed.attachment(0).content()
    if kind != "store":
        with pytest.raises(NotOffered, match=r"have no rows\(\), which this call needs"):
            client.attachments(25_001, reactions=True)
        with pytest.raises(NotOffered, match="have no version"):
            client.version()
