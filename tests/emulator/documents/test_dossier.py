"""Attachments that were booked: exactly the bytes that were sent, beside those of the seed, over either protocol."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.store import Store
from afas_soap.errors import NotFound, ProfitError, SettingsError
from afas_soap.profit.questions.query import Condition, Operator, Query
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import update_from_plain

NOTE = {"StId": 4, "Ds": "Offerte"}
ODD = bytes(range(256)) * 3 + b"\r\n"
HEADERS = {"Authorization": DEMO_TOKEN.header()}


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as store:
        yield store


def book(store: Store, record: Mapping[str, Any], action: Action = Action.INSERT, connector: str = "KnSubject") -> int:
    root = {"KnSubjectReaction": "KnReaction", "KnSubjectWorkflowReaction": "KnWorkflow"}.get(connector, connector)
    receipt = store.send(update_from_plain(connector, record, root=root, action=action))
    return int(receipt["SbId"]) if connector == "KnSubject" and receipt.keys else 0


def files(store: Store, subject: int) -> dict[str, bytes]:
    return {file.name: b"".join(store.attachment(subject, file.file_id)) for file in store.attachments(subject)}


def rows(store: Store, connector: str, column: str, value: object) -> list[dict[str, Any]]:
    return list(store.rows(connector, Query(((Condition(column, Operator.EQUALS, str(value)),),))))


@pytest.mark.parametrize("content", [b"x", b"xy", b"xyz", ODD], ids=len)
def test_what_was_sent_comes_back(store: Store, content: bytes) -> None:
    number = book(store, {**NOTE, "KnSubjectAttachment": [{"FileName": "a.bin", "FileStream": content}]})
    (file,) = store.attachments(number)
    with store.attachment(number, file.file_id) as found:
        assert (found.facts.name, found.facts.media_type) == ("a.bin", "application/octet-stream")
        assert found.facts.length == len(content)
        assert b"".join(found) == content
    (row,) = rows(store, "Profit_Subject_Attachments", "subject_id", number)
    assert (row["file_id"], row["file_name"]) == (file.file_id, "a.bin")


def test_one_more_on_an_item_of_the_seed_stands_beside_its_own(store: Store) -> None:
    before = files(store, 25001)
    book(store, {"SbId": 25001, "KnSubjectAttachment": {"FileName": "b.txt", "FileStream": ODD}}, Action.UPDATE)
    assert files(store, 25001) == {**before, "b.txt": ODD}
    shown = rows(store, "Profit_Subject_Attachments", "subject_id", 25001)
    assert [row["file_id"] for row in shown] == [file.file_id for file in store.attachments(25001)]
    assert len({row["attachment_id"] for row in shown}) == 4
    first = store.attachments(25001)[0]
    gone = {"FileId": first.file_id, "FileName": first.name, "@Action": "delete"}
    book(store, {"SbId": 25001, "KnSubjectAttachment": gone}, Action.UPDATE)
    assert list(files(store, 25001)) == [*list(before)[1:], "b.txt"]


def test_an_item_that_was_changed_keeps_its_files_and_one_that_was_removed_has_none(store: Store) -> None:
    before = files(store, 25001)
    book(store, {"SbId": 25001, "Ds": "Anders"}, Action.UPDATE)
    assert files(store, 25001) == before
    book(store, {"SbId": 25001}, Action.DELETE)
    assert store.attachments(25001) == ()
    with pytest.raises(NotFound, match="The file does not exist"):
        store.attachment(25001, "")


def test_a_file_beside_the_record_is_an_attachment_as_well(store: Store) -> None:
    number = book(store, {**NOTE, "SbPa": "oud.txt", "FileStream": ODD, "FileTrans": True})
    assert files(store, number) == {"oud.txt": ODD}


def test_what_was_uploaded_elsewhere_is_listed_and_not_on_disk(store: Store) -> None:
    number = book(store, {**NOTE, "KnSubjectAttachment": {"FileName": "a.txt", "FileId": "A" * 32}})
    assert [file.file_id for file in store.attachments(number)] == ["A" * 32]
    assert list(store.attachment_data(number)) == []
    with pytest.raises(NotFound):
        store.attachment(number, "A" * 32)


def test_an_id_of_a_file_may_be_used_again(store: Store) -> None:
    first = book(store, {**NOTE, "KnSubjectAttachment": {"FileName": "a.txt", "FileStream": ODD}})
    identity = store.attachments(first)[0].file_id
    second = book(store, {**NOTE, "KnSubjectAttachment": {"FileName": "b.txt", "FileId": identity}})
    assert files(store, second) == {"b.txt": ODD}


@pytest.mark.parametrize(
    ("connector", "record"),
    [
        ("KnSubjectReaction", {"SbTx": "tekst", "VaRe": "I"}),
        ("KnSubjectWorkflowReaction", {"Tx": "tekst"}),
    ],
)
def test_files_of_reactions(store: Store, connector: str, record: Mapping[str, Any]) -> None:
    before = files(store, 25003)
    sent = {"SbId": 25003, **record, "KnReactionAttachment": {"FileName": "r.bin", "FileStream": ODD}}
    book(store, sent, connector=connector)
    assert files(store, 25003) == before, "they are not the item's"
    (row,) = rows(store, "Profit_Subject_Reaction_Attachments", "file_name", "r.bin")
    assert (row["subject_id"], row["file_size"]) == (25003, len(ODD))
    assert b"".join(store.attachment(25003, row["file_id"])) == ODD
    assert b"".join(store.attachment(row["reaction_id"], row["file_id"])) == ODD
    with pytest.raises(NotFound):
        store.attachment(25004, row["file_id"])


def test_the_file_of_a_workflow_reaction_that_is_sent_beside_it(store: Store) -> None:
    sent = {"SbId": 25003, "Tx": "tekst", "FiNa": "w.bin", "FiDa": ODD}
    book(store, sent, connector="KnSubjectWorkflowReaction")
    (row,) = rows(store, "Profit_Subject_Reaction_Attachments", "file_name", "w.bin")
    assert b"".join(store.attachment(25003, row["file_id"])) == ODD


def test_a_large_file_is_put_into_the_store_and_streamed(store: Store) -> None:
    content = ODD * 4000
    identity = store.attach(25002, "groot.bin", content)
    assert [file.file_id for file in store.attachments(25002)] == [identity]
    chunks = list(store.attachment(25002, identity))
    assert b"".join(chunks) == content
    assert max(map(len, chunks)) < 100_000
    assert store.attach(25002, "nog een.bin", b"") != identity
    assert files(store, 25002)["nog een.bin"] == b""
    with pytest.raises(ProfitError, match="does not exist"):
        store.attach(1, "nergens.bin", content)


def test_content_that_is_not_read_to_its_end_is_let_go_of(store: Store) -> None:
    identity = store.attach(25002, "groot.bin", ODD * 4000)
    with store.attachment(25002, identity) as content:
        assert next(content) == (ODD * 4000)[:98_304]


def test_files_outlive_the_emulator_in_its_state(tmp_path: Path) -> None:
    with Store(state=tmp_path / "state") as first:
        identity = first.attach(25001, "groot.bin", ODD)
    with Store(state=tmp_path / "state") as second:
        assert b"".join(second.attachment(25001, identity)) == ODD
        assert second.attach(25001, "nog een.bin", ODD) != identity


def test_a_store_that_is_closed_gives_nothing() -> None:
    with Store() as store:
        pass
    with pytest.raises(SettingsError, match="cannot read"):
        store.attachments(25001)


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_over_the_wire(store: Store, protocol: str) -> None:
    """Sent as base64, with line ends in it over SOAP, as .NET's XML has them."""
    http, stream = Client(Emulator(store)), base64.b64encode(ODD).decode()
    if protocol == "rest":
        file = {"KnSubjectAttachment": {"Element": {"Fields": {"FileName": "w.bin", "FileStream": stream}}}}
        body = {"KnSubject": {"Element": {"Fields": NOTE, "Objects": [file]}}}
        told = http.post("/ProfitRestServices/connectors/KnSubject", data=json.dumps(body), headers=HEADERS)
        assert told.status_code == 201
    else:
        lines = "\n".join(stream[at : at + 76] for at in range(0, len(stream), 76))
        xml = (
            '<KnSubject><Element><Fields Action="insert"><StId>4</StId><Ds>Offerte</Ds></Fields><Objects>'
            '<KnSubjectAttachment><Element><Fields Action="insert"><FileName>w.bin</FileName>'
            f"<FileStream>{lines}</FileStream></Fields></Element></KnSubjectAttachment></Objects></Element></KnSubject>"
        )
        envelope = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            '<Execute xmlns="urn:Afas.Profit.Services"><connectorType>KnSubject</connectorType>'
            f"<connectorVersion>1</connectorVersion><dataXml><![CDATA[{xml}]]></dataXml></Execute></s:Body></s:Envelope>"
        )
        path = "/ProfitServices/AppConnectorUpdate.asmx"
        told = http.post(path, data=envelope, content_type="text/xml", headers=HEADERS)
        assert told.status_code == 200, told.text
    assert files(store, 25121) == {"w.bin": ODD}
