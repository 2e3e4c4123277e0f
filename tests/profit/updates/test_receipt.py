"""What Profit gives back for an update: as recorded over SOAP, as AFAS' examples have it over REST, and written."""

import copy
import dataclasses
import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import AnswerError, CutOff, Fate, ProfitError
from afas_soap.profit.readers.envelope import simple_result
from afas_soap.profit.updates.fieldvalue import fault
from afas_soap.profit.updates.receipt import (
    Receipt,
    receipt_from_json,
    receipt_from_xml,
    receipt_to_json,
    receipt_to_xml,
)
from afas_soap.profit.updates.receiptform import ReceiptForm

SECRET = "Jansen"

ONE = Receipt(({"SbId": "1957", "Nr": "3"},), "trace")
NONE = Receipt()
TWO = Receipt(({"DbId": "100002"}, {"DbId": "100003"}))


def test_one_record_is_read_as_a_dict() -> None:
    """By name, with ``in``, in a loop, and made into one."""
    assert ONE["SbId"] == "1957"
    assert "SbId" in ONE
    assert "sbid" not in ONE
    assert list(ONE) == ["SbId", "Nr"]
    assert ONE.only() == dict(ONE) == {**ONE} == {"SbId": "1957", "Nr": "3"}


def test_no_record_has_no_keys() -> None:
    """Most connectors tell none, and that the receipt is there is what counts."""
    assert NONE
    assert "SbId" not in NONE
    assert dict(NONE) == {}
    assert list(NONE) == []
    for read in (Receipt.only, lambda receipt: receipt["SbId"]):
        with pytest.raises(KeyError, match=r"told no keys, as for most connectors: receipt\.keys is empty; look"):
            read(NONE)


@pytest.mark.parametrize(
    "read",
    [Receipt.only, list, dict, lambda receipt: "DbId" in receipt, lambda receipt: receipt["DbId"]],
    ids=["only", "list", "dict", "in", "name"],
)
def test_several_records_have_keys_each(read: Callable[[Receipt], object]) -> None:
    """Which of them is meant nobody knows; the error says where they are."""
    with pytest.raises(KeyError, match=r"the keys of 2 records: receipt\.keys has a dict of each"):
        read(TWO)
    assert [keys["DbId"] for keys in TWO.keys] == ["100002", "100003"]


def test_what_a_receipt_does_not_have() -> None:
    """A key that was not told, and whatever else a dict has: the error says what there is."""
    with pytest.raises(KeyError, match="sbid: Profit told SbId, Nr of the record"):
        ONE["sbid"]
    with pytest.raises(KeyError, match="A: Profit told no keys of the record"):
        Receipt(({},))["A"]
    for name in ("items", "get", "SbId"):
        with pytest.raises(AttributeError, match=rf"no '{name}': receipt\.only\(\) gives"):
            getattr(ONE, name)


def test_the_keys_stay_a_tuple() -> None:
    """Equal to one, shown as one, and so after a pickle and a copy."""
    assert ONE.keys == ({"SbId": "1957", "Nr": "3"},)
    assert isinstance(ONE.keys, tuple)
    assert repr(TWO) == "Receipt(keys=({'DbId': '100002'}, {'DbId': '100003'}), trace_id=None)"
    for again in (pickle.loads(pickle.dumps(ONE)), copy.deepcopy(ONE), dataclasses.replace(ONE)):
        assert again == ONE
        assert dict(again) == dict(ONE)
    assert dataclasses.asdict(ONE) == {"keys": ({"SbId": "1957", "Nr": "3"},), "trace_id": "trace"}


@pytest.mark.parametrize(
    ("name", "element", "keys"),
    [
        ("UpdateConnector-ExecuteResponse.xml", "KnSalesRelationOrg", ({"DbId": "100001"},)),
        (
            "UpdateConnector-ExecuteResponse_multiple.xml",
            "KnSalesRelationPer",
            ({"DbId": "100002"}, {"DbId": "100003"}),
        ),
        ("UpdateConnector-ExecuteResponse_empty.xml", "KnContact", ()),
    ],
)
def test_as_recorded(afas: Path, name: str, element: str, keys: tuple[dict[str, str], ...]) -> None:
    """The genuine answers, read; and written again byte for byte."""
    result = simple_result((afas / "soap" / name).read_bytes())
    receipt = receipt_from_xml(result, "trace")
    assert receipt == Receipt(keys, "trace")
    assert "".join(receipt_to_xml(receipt, element)) == result


def rest_answers(afas: Path) -> Iterator[tuple[str, object]]:
    """AFAS' examples of what POST and PUT are answered with."""
    for file in sorted((afas / "openapi" / "profit").glob("*.json")):
        for path, operations in json.loads(file.read_text("utf-8-sig"))["paths"].items():
            for verb in ("post", "put"):
                answer = operations.get(verb, {}).get("responses", {}).get("201", {}).get("content", {})
                content = answer.get("application/json", {})
                values = [example["value"] for example in content.get("examples", {}).values()]
                for value in values + [content[name] for name in ("example",) if name in content]:
                    yield f"{verb} {path}", value


def test_the_examples_of_afas(afas: Path) -> None:
    """Each gives its keys as text, with ``results`` around them or without."""
    several = {}
    for place, value in rest_answers(afas):
        receipt = receipt_from_json(json.dumps(value).encode())
        assert receipt.keys, place
        assert all(key and text.__class__ is str for record in receipt.keys for key, text in record.items()), place
        if len(receipt.keys) > 1:
            several[place] = receipt.keys
    assert several["post /connectors/KnCustomK01"] == ({"SqNo": "4"}, {"SqNo": "5"}, {"SqNo": "6"})
    assert several["put /connectors/PtOptionListLine"] == ({"OlNu": "000025"}, {"Code": "1000"})
    assert len(several) == 6


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"", ()),
        (b" \r\n", ()),
        (b"{}", ()),
        (b'""', ()),
        (b"null", ()),
        (b'{"results":{}}', ()),
        (b'{"results":null}', ()),
        (b'{"results":""}', ()),
        (b'{"results":{"KnSubject":{"SbId":"999999"}}}', ({"SbId": "999999"},)),
        (b'{"KnSubject":{"SbId":"999999"}}', ({"SbId": "999999"},)),
        (b'\xef\xbb\xbf{"results":{"X":[{"A":"1","B":null},{"A":2}]}}', ({"A": "1", "B": ""}, {"A": "2"})),
        (b'{"results":{"X":{"A":"1"},"Y":{"B":"2"}}}', ({"A": "1"}, {"B": "2"})),
        (b'{"results":{"X":{"A":1.50,"B":7}}}', ({"A": "1.50", "B": "7"},)),
        (b'{"results":{"X":[]}}', ()),
        (b'{"results":{"X":{}}}', ({},)),
    ],
)
def test_over_rest(data: bytes, keys: tuple[dict[str, str], ...]) -> None:
    """Texts, with numbers as they are written."""
    assert receipt_from_json(data, "trace") == Receipt(keys, "trace")
    assert receipt_from_json(data).trace_id is None


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"<results/>",
        b'{"results":{"X":{"A":"Jansen\xff"}}}',
        b"[" * 100_000,
        b'{"A":' + b"1" * 5000,
        b"[]",
        b"5",
        b'"Jansen"',
        b"true",
        b'{"results":[]}',
        b'{"results":"Jansen"}',
        b'{"results":{"X":"Jansen"}}',
        b'{"results":{"X":null}}',
        b'{"results":{"X":[["Jansen"]]}}',
        b'{"results":{"X":{"A":{"B":"Jansen"}}}}',
        b'{"results":{"X":{"A":true}}}',
        b'{"results":{"X":{"A":NaN}}}',
        b'{"externalMessage":"Jansen"}',
        b'{"results":{"X":{"A":"1"}},"externalMessage":"Jansen"}',
    ],
)
def test_no_receipt_over_rest(data: bytes) -> None:
    """Whether the update was booked is then not known, which is for the caller to say; no value shows."""
    with pytest.raises(AnswerError, match="the receipt ") as caught:
        receipt_from_json(data)
    assert SECRET not in repr(caught.value)
    assert caught.value.__context__ is None, "what json raises holds the whole document"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", ()),
        (" \n", ()),
        ("<results/>", ()),
        ("\n<?xml version='1.0'?><results><X><A>1</A><B/></X></results>\n", ({"A": "1", "B": ""},)),
        ("<results><!-- x --><X><?x?><A>&lt;&#13;</A></X>\n<Y/></results>", ({"A": "<\r"}, {})),
        ('<?xml version="1.0" encoding="utf-16"?><results><X><A>é</A></X></results>', ({"A": "é"},)),
    ],
)
def test_over_soap(text: str, keys: tuple[dict[str, str], ...]) -> None:
    """The text of ``ExecuteResult``, whatever encoding it declares."""
    assert receipt_from_xml(text, "trace") == Receipt(keys, "trace")
    assert receipt_from_xml(text).trace_id is None


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("<result><X><A>Jansen</A></X></result>", AnswerError, r"the receipt is not the XML .* \(results\)"),
        ("<results><X><A>Jansen</X>", AnswerError, "not well-formed"),
        ("<results><X><A>Jansen", CutOff, "ends before its end"),
        ("<!DOCTYPE results><results/>", AnswerError, "DTD"),
        ('{"results":{}}', AnswerError, "not well-formed"),
    ],
)
def test_no_receipt_over_soap(text: str, kind: type[AnswerError], words: str) -> None:
    """As over REST."""
    with pytest.raises(AnswerError, match=words) as caught:
        receipt_from_xml(text)
    assert type(caught.value) is kind
    assert SECRET not in repr(caught.value)


def test_written() -> None:
    """An object for one record and an array for several; XML on the lines of the recorded answers."""
    one, two = Receipt(({"A": "a<&>b", "B": ""},)), Receipt(({"A": "1"}, {"A": "2"}))
    assert receipt_to_json(one, "X") == {"results": {"X": {"A": "a<&>b", "B": ""}}}
    assert receipt_to_json(two, "X") == {"results": {"X": [{"A": "1"}, {"A": "2"}]}}
    assert "".join(receipt_to_xml(one, "X")) == (
        '<?xml version="1.0"?>\n<results><X><A>a&lt;&amp;&gt;b</A><B></B></X></results>\n'
    )
    assert "".join(receipt_to_xml(Receipt(), "X")) == ""


TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&\r"), max_size=5).filter(
    lambda text: not fault(text)
)
KEYS = st.dictionaries(st.sampled_from(["SbId", "BcCo", "OrNu"]), TEXTS)


@given(st.lists(KEYS))
def test_both_ways(keys: list[dict[str, str]]) -> None:
    """What one end writes the other reads."""
    receipt = Receipt(tuple(keys))
    assert receipt_from_xml("".join(receipt_to_xml(receipt, "X"))) == receipt
    assert receipt_from_json(json.dumps(receipt_to_json(receipt, "X")).encode()) == receipt


def test_an_error_body_that_came_as_a_success_is_a_refusal_that_proves_nothing() -> None:
    body = b'{"externalMessage":"no","errorNumber":1,"profitLogReference":"A"}'
    with pytest.raises(ProfitError, match="no") as caught:
        receipt_from_json(body, None, ReceiptForm(frozenset({"knsubject"}), ("SbId",)))
    assert caught.value.fate is Fate.UNCERTAIN
