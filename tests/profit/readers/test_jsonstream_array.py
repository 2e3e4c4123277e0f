"""One array of a JSON document, wherever it lies: at the top, below a name, or below several."""

import json
import re
from collections.abc import Iterator

import pytest

from afas_soap.errors import AnswerError, CutOff, ProfitError
from afas_soap.profit.readers.jsonpage import Layout
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.readers.jsonstream import JsonStream, Path

DECODER = json.JSONDecoder()
WANTED: list[object] = [{"A": 1}, {"A": "},{"}, {"A": {"B": [1, "]"]}}, {}]
ARRAY = json.dumps(WANTED)


def stream(body: str | bytes, path: Path, size: int = 0, max_value: int = 10_000) -> JsonStream:
    data = body.encode() if isinstance(body, str) else body
    size = size or len(data) or 1
    return JsonStream((data[at : at + size] for at in range(0, len(data), size)), DECODER, max_value, path)


def elements(body: str | bytes, path: Path, size: int = 0) -> list[object]:
    return [element for batch in stream(body, path, size).batches() for element in batch.elements]


DOCUMENTS = [
    (ARRAY, ()),
    (f" \n{ARRAY}\r\n ", ()),
    (f"\ufeff{ARRAY}", ()),
    (f'{{"Result":{ARRAY}}}', ("Result",)),
    (f'{{"TrackingToken":"2023","Result":{ARRAY},"x":[{{"Result":1}}]}}', ("Result",)),
    (f'{{"Re\\u0073ult" : {ARRAY} , "y" : null }}', ("Result",)),
    (f'{{"rows":[],"Result":{ARRAY}}}', ("Result",)),
    (f'{{"d":{{"n":1,"results":{ARRAY},"m":2}},"results":3}}', ("d", "results")),
    (f'{{"":{{"":{{"":{ARRAY}}}}}}}', ("", "", "")),
]


@pytest.mark.parametrize(("body", "path"), DOCUMENTS)
def test_every_split_of_its_bytes(body: str, path: Path) -> None:
    """The same elements in pieces of any size, and split in two anywhere."""
    data = body.encode()
    for size in range(len(data)):
        assert elements(body, path, size) == WANTED
        halves = JsonStream([data[:size], data[size:]], DECODER, 10_000, path)
        assert [element for batch in halves.batches() for element in batch.elements] == WANTED


@pytest.mark.parametrize(("body", "path"), DOCUMENTS)
def test_cut_off_anywhere(body: str, path: Path) -> None:
    """Behind the elements that were whole; a document without its end is never one without elements."""
    data = body.rstrip().encode()
    for end in range(len(data)):
        given: list[object] = []
        with pytest.raises(AnswerError) as caught:
            given.extend(element for batch in stream(data[:end], path).batches() for element in batch.elements)
        assert isinstance(caught.value, CutOff) or str(caught.value) == "the answer is empty"
        assert given == WANTED[: len(given)]


@pytest.mark.parametrize(
    "found", ["[1,2.5,-3e2,12]", '["a","b,c","]"]', "[true,false,null,true]", "[[1,[2]],[],[3]]", "[ ]", "[12]"]
)
@pytest.mark.parametrize("path", [(), ("x",)])
def test_elements_that_are_no_objects(found: str, path: Path) -> None:
    """A number that a piece ends in goes on in the next one."""
    body = f'{{"x":{found}}}' if path else found
    for size in range(len(body)):
        assert elements(body, path, size) == json.loads(found)


def test_what_stands_beside() -> None:
    """As it is written there, on all levels; of two alike the inner one, or the later."""
    found = stream('{"a":{"take":2,"n": "\\u00e9" ,"rows":[]},"take":5,"b":[1, 2]}', ("a", "rows"))
    assert list(found.batches()) == []
    assert found.beside == {"n": ' "\\u00e9" ', "take": "5", "b": "[1, 2]"}


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ("", (), "the answer is empty"),
        ("{}", (), "the answer is a JSON object where an array is expected"),
        ("[]", ("Result",), "the answer is a JSON array where an object with Result is expected"),
        ("5", (), "the answer is no JSON"),
        ("<a/>", (), "XML where JSON is expected"),
        ("{}", ("Result",), 'the answer is JSON without "Result"'),
        ('{"result":[]}', ("Result",), 'the answer is JSON without "Result"'),
        ('{"d":{}}', ("d", "results"), 'the answer is JSON without "results"'),
        ('{"d":[]}', ("d", "results"), '"d" in the answer is no object'),
        ('{"d":{"results":5}}', ("d", "results"), '"results" in the answer is no array'),
        ('{"Result":"[]"}', ("Result",), '"Result" in the answer is no array'),
        ('{"Result":[],"Result":[]}', ("Result",), "the answer holds its Result twice"),
        ('{"d":{"r":[]},"d":{}}', ("d", "r"), "the answer holds its d twice"),
        ('{"d":{"r":[],"r":5}}', ("d", "r"), "the answer holds its r twice"),
        ("[]x", (), "the answer goes on behind its end"),
        ("[][]", (), "the answer goes on behind its end"),
        ("[1 2]", (), "no well-formed JSON"),
        ("[1,]", (), "no well-formed JSON"),
        ("[01]", (), "no well-formed JSON"),
        ('{5:1,"r":[]}', ("r",), "no well-formed JSON"),
        ('{"r":[]]', ("r",), "no well-formed JSON"),
        ('{"r":[],}', ("r",), "no well-formed JSON"),
    ],
)
def test_no_such_array(body: str, path: Path, message: str) -> None:
    """In one readable sentence, and never an array without elements."""
    for size in (0, 1):
        with pytest.raises(AnswerError, match=re.escape(message)) as caught:
            elements(body, path, size)
        assert not isinstance(caught.value, CutOff)


def test_elements_before_the_rest_is_there() -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"Result":[{"A":1},{"A":2}'
        pytest.fail("read on")

    batches = JsonStream(chunks(), DECODER, 100, ("Result",)).batches()
    assert next(batches).elements == [{"A": 1}]
    assert next(batches).elements == [{"A": 2}]


def test_records_of_another_array() -> None:
    """The reader of rows takes the path as well; an error body in place of the array is Profit's refusal."""
    assert list(json_rows([b'{"Result":[{"A":"x"}]}'], fields=None, layout=Layout(path=("Result",)))) == [{"A": "x"}]
    assert list(json_rows([b'[{"A":"x"},{"A":""}]'], fields=None, layout=Layout(path=()))) == [{"A": "x"}, {"A": None}]
    with pytest.raises(ProfitError, match="Nee"):
        list(json_rows([b'{"externalMessage":"Nee"}'], fields=None, layout=Layout(path=("Result",))))
    with pytest.raises(AnswerError, match='JSON without "Result"'):
        list(json_rows([b'{"rows":[]}'], fields=None, layout=Layout(path=("Result",))))


def test_rows_that_were_whole_come_before_the_error() -> None:
    """Also of an unusual batch: in one list, and the error behind it."""
    rows = json_rows([b'{"rows":[{"A":1},{"B":2},{"A":{}},{"A":4}]}'], fields=None)
    batches = rows.batches()
    assert next(batches) == [{"A": 1}, {"B": 2}]
    with pytest.raises(AnswerError, match="row 3, column A: an object or array is no value"):
        next(batches)
    first = json_rows([b'{"rows":[{"A":{}},{"A":4}]}'], fields=None).batches()
    with pytest.raises(AnswerError, match="row 1, column A"):
        next(first)
