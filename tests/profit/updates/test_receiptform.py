"""What proves that an update was booked: held against every answer that AFAS publishes for POST and PUT."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from afas_soap.errors import AnswerError
from afas_soap.profit.updates.receipt import receipt_from_json, receipt_from_xml
from afas_soap.profit.updates.receiptform import receipt_form
from afas_soap.profit.updates.update import Action, Element, Part, Update


def documented(afas: Path) -> Iterator[tuple[Update, list[bytes]]]:
    """An update for each POST and PUT of AFAS' OpenAPI files, and the bodies that its 201 may have."""
    for file in sorted((afas / "openapi" / "profit").glob("*.json")):
        for path, operations in json.loads(file.read_text("utf-8-sig"))["paths"].items():
            _, start, *parts = path.split("/")
            for verb, action in (("post", Action.INSERT), ("put", Action.UPDATE)):
                if start == "connectors" and verb in operations:
                    yield _update(parts, operations[verb], action), _bodies(operations[verb]["responses"]["201"])


def _update(parts: list[str], operation: dict[str, object], action: Action) -> Update:
    content = operation["requestBody"]["content"]["application/json"]
    root = next((name for sample in content.get("examples", {}).values() for name in sample["value"]), parts[0])
    row = (Element(action=action),)
    below = tuple(Part(name, row) for name in parts[1:2])
    return Update(parts[0], root, (Element(action=action, objects=below),), sub_object="".join(parts[1:2]))


def _bodies(answer: dict[str, object]) -> list[bytes]:
    content = answer.get("content", {}).get("application/json", {})
    values = [example["value"] for example in content.get("examples", {}).values()]
    values += [content["example"]] if "example" in content else []
    return [json.dumps(value).encode() for value in values]


def test_what_afas_documents_is_done(afas: Path) -> None:
    """With a body where one is documented, and without one where none is: no right answer leaves doubt."""
    seen = 0
    for update, bodies in documented(afas):
        for body in bodies or [b""]:
            receipt_from_json(body, None, receipt_form(update))
            seen += 1
    assert seen > 100


def test_nothing_is_not_done_where_afas_documents_keys(afas: Path) -> None:
    """The keys of the examples are those that are asked for, for a main connector and for rows below it."""
    for update, bodies in documented(afas):
        keys = {key for body in bodies for each in receipt_from_json(body).keys for key in each}
        form = receipt_form(update)
        # Some examples of custom connectors and of lists name keys that no table has.
        assert not form.keys or not bodies or keys & set(form.keys), update.connector
        if form.keys:
            with pytest.raises(AnswerError, match=form.keys[0]):
                receipt_from_json(b"", None, form)


@pytest.mark.parametrize("action", [Action.INSERT, Action.UPDATE])
@pytest.mark.parametrize(
    ("connector", "root", "result"),
    [
        ("KnSubject", "KnSubject", {"KnSubject": {"SbId": "7"}}),
        ("knSubject", "KnSubject", {"KnSubject": {"SbId": "7"}}),
        ("FiEntries", "FiEntryPar", {"FiEntries": {"EnNo": "1", "UnId": "1", "InID": "x"}}),
        ("FiEntries", "FiEntryPar", {"FiEntryPar": {"EnNo": "1"}}),
        ("KnCustomK01", "KnCustomK01", {"KnCustomK01": [{"SqNo": "4"}, {"SqNo": "5"}]}),
        ("FbSales", "FbSales", {"FbSales": [{"OrNu": "1"}, {"OrNu": "2"}]}),
    ],
)
def test_names_that_profit_uses(connector: str, root: str, result: object, action: Action) -> None:
    """The connector's id or its root, one record or several."""
    form = receipt_form(Update(connector, root, (Element(action=action),)))
    with_results, without = json.dumps({"results": result}).encode(), json.dumps(result).encode()
    assert receipt_from_json(with_results, None, form) == receipt_from_json(without, None, form)
    assert receipt_from_json(without, None, form).keys


@pytest.mark.parametrize(
    "result",
    [
        "<results><KnSubject><SbId>7</SbId></KnSubject><KnSubject><Id>8</Id></KnSubject></results>",
        "<results><KnSubject><SbId>7</SbId></KnSubject><FbSales><SbId>8</SbId></FbSales></results>",
    ],
)
def test_every_record_has_to_be_one(result: str) -> None:
    """One right record among others that are none proves nothing of those."""
    form = receipt_form(Update("KnSubject", "KnSubject", (Element(action=Action.INSERT),) * 2))
    with pytest.raises(AnswerError):
        receipt_from_xml(result, None, form)
