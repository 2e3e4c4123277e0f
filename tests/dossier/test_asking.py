"""The attachments of many items, in few calls."""

from __future__ import annotations

from typing import Any

import pytest

from afas_soap.dossier.asking import AT_ONCE, Lists
from afas_soap.errors import AnswerError, NotFound
from afas_soap.profit.documents.attachmentlist import LISTING, REACTIONS
from afas_soap.profit.rows import Rows


def asked(client: Any, subjects: list[int], *, reactions: bool = False) -> tuple[dict[int, list[str]], list[int]]:
    told: list[int] = []
    lists = Lists(client, reactions=reactions, parallel=5).of(subjects, told.append)
    return {subject: [each.name for each in found] for subject, found in lists.items()}, told


def test_fifty_items_a_call(client: Any) -> None:
    subjects = list(range(1, 2 * AT_ONCE + 6))
    for subject in subjects[:-1]:
        client.attach(subject, f"{subject}.pdf")
    found, told = asked(client, subjects)
    assert found == {subject: [f"{subject}.pdf"] for subject in subjects[:-1]}
    assert [call for call, _ in client.calls] == [LISTING] * 3
    assert told[0] == AT_ONCE
    assert sorted(told)[-1] == len(subjects)
    assert client.calls[0][1]["order_by"] == ("subject_id", "attachment_id")


def test_none_is_no_call(client: Any) -> None:
    assert asked(client, []) == ({}, [])
    assert not client.calls


def test_those_of_reactions_come_behind_the_items_own(client: Any) -> None:
    client.attach(7, "answer.pdf", reaction=3)
    client.attach(7, "own.pdf")
    assert asked(client, [7]) == ({7: ["own.pdf"]}, [1])
    assert asked(client, [7], reactions=True) == ({7: ["own.pdf", "answer.pdf"]}, [1])
    assert client.calls[-1][0] == REACTIONS


def test_without_the_getconnector_each_item_is_asked_for(client: Any) -> None:
    client.absent.add(LISTING)
    subjects = list(range(1, AT_ONCE + 3))
    client.attach(2, "x.pdf")
    assert asked(client, subjects)[0] == {2: ["x.pdf"]}
    assert [call for call, _ in client.calls] == [LISTING] + ["attachments"] * len(subjects)


def test_without_the_one_of_reactions_it_says_so(client: Any) -> None:
    client.absent.add(REACTIONS)
    with pytest.raises(NotFound, match=REACTIONS):
        asked(client, [7], reactions=True)


@pytest.mark.parametrize("subject", [None, "x", 8])
def test_a_row_of_another_item_is_refused(client: Any, monkeypatch: pytest.MonkeyPatch, subject: object) -> None:
    row = {"subject_id": subject, "file_id": "A" * 32, "file_name": "x"}
    monkeypatch.setattr(client, "rows", lambda *_, **__: Rows(None, iter([row])))  # type: ignore[list-item]
    with pytest.raises(AnswerError, match="subject_id that was asked for"):
        asked(client, [7])


@pytest.mark.parametrize("file_id", [None, ""])
def test_a_row_without_the_id_of_its_file_is_listed(
    client: Any, monkeypatch: pytest.MonkeyPatch, file_id: object
) -> None:
    rows = [{"subject_id": 7, "file_id": each, "file_name": f"{each}.pdf"} for each in ("A" * 32, file_id)]
    monkeypatch.setattr(client, "rows", lambda *_, **__: Rows(None, iter(rows)))  # type: ignore[arg-type]
    found = Lists(client, reactions=False, parallel=1).of([7], lambda _: None)
    assert [(each.file_id, each.name) for each in found[7]] == [("A" * 32, f"{'A' * 32}.pdf"), ("", f"{file_id}.pdf")]
