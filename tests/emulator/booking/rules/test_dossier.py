"""KnSubject: attachments, and what its two GetConnectors show."""

from __future__ import annotations

import pytest

from afas_soap.emulator.store import Store
from afas_soap.errors import ProfitError
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import update_from_plain

NOTE = {"StId": 4, "Ds": "Offerte"}


def send(store: Store, action: Action = Action.INSERT, **record: object) -> Receipt:
    return store.send(update_from_plain("KnSubject", record, root="KnSubject", action=action))


@pytest.mark.parametrize(
    ("attachment", "missing"),
    [
        ({"FileName": "a.txt"}, "FileStream"),
        ({"FileStream": b"hallo"}, "FileName"),
        ({"FileName": "", "FileId": "A" * 32}, "FileName"),
    ],
)
def test_an_attachment_lacks_something(store: Store, attachment: dict[str, object], missing: str) -> None:
    with pytest.raises(ProfitError, match=rf"There is no value entered in mandatory field '.*' \({missing}\)"):
        send(store, **NOTE, KnSubjectAttachment=attachment)


def test_attachments_by_content_and_by_number(store: Store) -> None:
    files = [{"FileName": "a.txt", "FileStream": b"hallo"}, {"FileName": "b.txt", "FileId": "0" * 32}]
    assert send(store, **NOTE, KnSubjectAttachment=files)["SbId"] == "25121"
    more = {"FileName": "c.txt", "FileStream": b"ook", "@Action": "insert"}
    send(store, Action.UPDATE, SbId=25121, KnSubjectAttachment=more)
    document = next(iter(store._records[0].of("KnSubject")))
    rows = document.row.parts["KnSubjectAttachment"]
    assert [row.text("FileName") for row in rows] == ["a.txt", "b.txt", "c.txt"]
    numbers = [row.text("FileId") for row in rows]
    assert numbers[1] == "0" * 32
    assert len(set(numbers)) == 3
    assert all(len(number) == 32 and number.isalnum() for number in numbers)
    assert not any(row.text("FileStream") for row in rows), "content lies apart from its record"
    assert b"".join(store.attachment(25121, numbers[0])) == b"hallo"


def test_a_file_cannot_lose_its_name(store: Store) -> None:
    send(store, **NOTE, KnSubjectAttachment={"FileName": "a.txt", "FileId": "0" * 32})
    with pytest.raises(ProfitError, match=r"mandatory field '.*' \(FileName\)"):
        send(store, Action.UPDATE, SbId=25121, KnSubjectAttachment={"FileId": "0" * 32, "FileName": ""})
