"""Updates as AFAS' JSON: every shape that its examples have, byte for byte what is written, and what is refused."""

import datetime
import itertools
import json
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import UpdateError
from afas_soap.profit.updates.update import Action, Element, Part, Update
from afas_soap.profit.updates.updatejson import update_from_json, update_to_json
from afas_soap.profit.updates.updateplain import update_from_plain

INSERT, UPDATE, DELETE = Action
SECRET = "Jansen 06-12345678"


def read(document: object, **options: object) -> Update:
    """The update in this document, of the connector X."""
    return update_from_json(json.dumps(document), "X", **options)


def written(update: Update) -> str:
    return update_to_json(update).decode()


def refused(document: object, **options: object) -> list[tuple[str, str]]:
    """Path and rule of everything that is wrong; a text is taken as it is."""
    data = document if isinstance(document, str | bytes) else json.dumps(document)
    with pytest.raises(UpdateError) as caught:
        update_from_json(data, "X", **options)
    assert caught.value.connector == "X"
    assert caught.value.__context__ is None, "what json raises holds the whole document"
    return [(problem.path, problem.rule) for problem in caught.value.problems]


# The sample of profit-wire 3.5.
SAMPLE = """{"KnSalesRelationOrg":{"Element":{
   "@DbId":"10178",
   "Fields":{"@Action":"update","CuId":"EUR","PaCd":"14"},
   "Objects":[{"KnOrganisation":{"Element":{
       "Fields":{"@Action":"update","MatchOga":"0","BcCo":"1000372","Nm":"Jansen Techniek B.V."},
       "Objects":[{"KnBasicAddressAdr":{"Element":{"Fields":{"CoId":"NL","PbAd":false,"ResZip":false}}}}]}}}]}}}"""


class TestWritten:
    """One shape, that of AFAS' guide, on one line in UTF-8."""

    def test_every_value(self) -> None:
        """Numbers and booleans are JSON's own; decimals, dates, times and bytes are text; what is cleared is ""."""
        fields = {
            "Text": 'a<b>&"c"\\\r\n\t€𝄞',
            "Int": -7,
            "Big": 10**30,
            "Bool": False,
            "Dec": Decimal("-0.50"),
            "Float": 1e-7,
            "Date": datetime.date(2023, 1, 22),
            "At": datetime.datetime(2023, 1, 22, 10, 0, 0),
            "Utc": datetime.datetime(2023, 7, 22, 8, 0, 0, tzinfo=datetime.UTC),
            "Time": datetime.time(10, 0, 0),
            "Blob": b"\x00\xff",
            "None": None,
            "Empty": "",
            "NoBytes": b"",
        }
        update = Update("KnX", "KnY", (Element(fields, {"Id": 1, "Code": "a"}),))
        assert (
            update_to_json(update)
            == (
                '{"KnY":{"Element":{"@Id":1,"@Code":"a","Fields":{'
                '"Text":"a<b>&\\"c\\"\\\\\\r\\n\\t€𝄞","Int":-7,"Big":1000000000000000000000000000000,"Bool":false,'
                '"Dec":"-0.50","Float":"0.0000001","Date":"2023-01-22","At":"2023-01-22T10:00:00",'
                '"Utc":"2023-07-22T10:00:00","Time":"10:00:00","Blob":"AP8=","None":"","Empty":"","NoBytes":""}}}}'
            ).encode()
        )

    def test_several_and_nested(self) -> None:
        """A list for several records or rows, an object for one; Objects is a list of objects of one name."""
        rows = (Element({"A": "1"}), Element(objects=(Part("Deep", (Element(keys={"K": "k"}),)),)))
        update = Update(
            "X", "X", (Element({"B": "2"}, objects=(Part("Sub", rows), Part("Other", rows[:1]))), Element())
        )
        assert written(update) == (
            '{"X":{"Element":[{"Fields":{"B":"2"},"Objects":['
            '{"Sub":{"Element":[{"Fields":{"A":"1"}},{"Objects":[{"Deep":{"Element":{"@K":"k"}}}]}]}},'
            '{"Other":{"Element":{"Fields":{"A":"1"}}}}]},{}]}}'
        )

    def test_an_action_that_is_not_the_verbs(self) -> None:
        """And one below a record whose own is another, for its reader could take either for granted."""
        same, other = Element(action=DELETE), Element(action=INSERT)
        plain = Update("X", "X", (Element(action=DELETE, objects=(Part("Sub", (same, other)),)),))
        assert written(plain) == (
            '{"X":{"Element":{"Objects":[{"Sub":{"Element":[{},{"Fields":{"@Action":"insert"}}]}}]}}}'
        )
        inside = Element(action=UPDATE, objects=(Part("Deep", (same,)),))
        deep = Update("X", "X", (Element(action=DELETE, objects=(Part("Sub", (inside,)),)),))
        assert '{"Deep":{"Element":{"Fields":{"@Action":"delete"}}}}' in written(deep)
        mixed = Update("X", "X", (Element({"A": 1}, action=UPDATE), Element({"A": 1})))
        assert written(mixed) == (
            '{"X":{"Element":[{"Fields":{"@Action":"update","A":1}},{"Fields":{"@Action":"insert","A":1}}]}}'
        )

    def test_a_sub_object(self) -> None:
        """The verb is that of its rows; the record is there already, which its address says."""
        row, record = Element({"A": 1}, action=DELETE), {"keys": {"K": 1}, "objects": (Part("Sub", ()),)}
        record["objects"] = (Part("Sub", (row,)), Part("Other", (Element(action=UPDATE),)))
        update = Update("X", "X", (Element(action=UPDATE, **record),), "Sub")
        assert written(update) == (
            '{"X":{"Element":{"@K":1,"Objects":['
            '{"Sub":{"Element":{"Fields":{"A":1}}}},{"Other":{"Element":{"Fields":{"@Action":"update"}}}}]}}}'
        )

    def test_a_deeper_row_of_the_sub_objects_name(self) -> None:
        """Is not what the call is about: its action stands there, where the one above it is another."""
        below = Part("Sub", (Element({"B": 1}, action=DELETE),))
        parts = (
            Part("Sub", (Element({"A": 1}, action=DELETE),)),
            Part("Other", (Element(action=UPDATE, objects=(below,)),)),
        )
        update = Update("X", "X", (Element(action=UPDATE, objects=parts),), "Sub")
        assert '{"Sub":{"Element":{"Fields":{"@Action":"delete","B":1}}}}' in written(update)
        assert update_from_json(update_to_json(update), "X", action=DELETE, sub_object="Sub") == update

    def test_a_root_is_needed(self) -> None:
        """Nobody may guess it; and what says so is no assertion, which ``python -O`` leaves out."""
        with pytest.raises(UpdateError, match="root element of X is not known: its schema tells it"):
            update_to_json(Update("X", "", (Element(),)))


class TestRead:
    """AFAS' form, in every shape."""

    def test_the_sample_of_the_facts(self) -> None:
        """Read in any layout; an action that is not told is that of the record above."""
        address = Element({"CoId": "NL", "PbAd": False, "ResZip": False}, action=UPDATE)
        organisation = Element(
            {"MatchOga": "0", "BcCo": "1000372", "Nm": "Jansen Techniek B.V."},
            action=UPDATE,
            objects=(Part("KnBasicAddressAdr", (address,)),),
        )
        record = Element(
            {"CuId": "EUR", "PaCd": "14"}, {"DbId": "10178"}, UPDATE, (Part("KnOrganisation", (organisation,)),)
        )
        update = update_from_json(SAMPLE, "KnSalesRelationOrg")
        assert update == Update("KnSalesRelationOrg", "KnSalesRelationOrg", (record,))
        again = update_from_json(update_to_json(update), "KnSalesRelationOrg", action=UPDATE)
        assert again == update

    @pytest.mark.parametrize("stated", ["delete", "Delete", " DELETE"])
    @pytest.mark.parametrize(
        "document",
        [
            '{"X":{"Element":{"Fields":{"@Action":"?","A":"1"}}}}',
            '{"X":{"Element":{"Fields":{"A":"1","@action":"?"}}}}',
            '{"X":{"Element":{"@Action":"?","Fields":{"A":"1"}}}}',
            '{"X":{"Element":{"Fields":{"A":"1"},"@action":"?"}}}',
            '{"X":{"Element":{"@action":"?","Fields":{"@Action":"delete","A":"1"}}}}',
            '{"X":{"Element":{"@ACTION":"?","Fields":{"A":"1"}}}}',
        ],
    )
    def test_where_the_action_stands(self, document: str, stated: str) -> None:
        """In Fields or on Element, under either name, in any case; it is neither a field nor a key."""
        update = update_from_json(document.replace("?", stated), "X", action=UPDATE)
        assert update == Update("X", "X", (Element({"A": "1"}, action=DELETE),))

    @pytest.mark.parametrize(
        "objects",
        [
            '{"Sub":{"Element":{}},"Other":{"Element":[{},{}]}}',
            '[{"Sub":{"Element":{}}},{"Other":{"Element":[{},{}]}}]',
            '[{"Sub":{"Element":{}},"Other":{"Element":[{},{}]}}]',
            '[{"Sub":{"Element":{}}},{"Other":{"Element":{}}},{"Other":{"Element":[{}]}}]',
            '[{"Sub":[{"Element":{}}]},{"Other":[{"Element":{}},{"Element":[{}]}]}]',
            '["Bare",null,{"Sub":{"Element":{}},"Nothing":null},"",{"Other":{"Element":[{},{}]},"None":"","No":[]}]',
            '{"Sub":{"Element":{}},"Other":[null,{"Element":[{},{}]},"",{},{"Element":[]}]}',
        ],
    )
    def test_objects(self, objects: str) -> None:
        """An object, an array, an object with Element or an array of such; names without rows are no sub-objects."""
        objects = objects.replace(",null,", ",")
        update = update_from_json(f'{{"X":{{"Element":{{"Objects":{objects}}}}}}}', "X")
        row = Element()
        assert update.elements == (Element(objects=(Part("Sub", (row,)), Part("Other", (row, row)))),)

    @pytest.mark.parametrize("objects", ["", None, [], {}, ["Sub", "Other"], "Sub", {"Sub": None}, [{"Sub": ""}]])
    def test_no_objects(self, objects: object) -> None:
        """Empty in any way, an array of names among them."""
        assert read({"X": {"Element": {"Fields": {"A": "1"}, "Objects": objects}}}).elements == (Element({"A": "1"}),)

    @pytest.mark.parametrize("fields", ["", None, [], {}, [{}], [""], [None]])
    def test_no_fields(self, fields: object) -> None:
        """Empty in any way."""
        assert read({"X": {"Element": {"@K": "1", "Fields": fields}}}).elements == (Element(keys={"K": "1"}),)

    def test_fields_in_an_array_of_one(self) -> None:
        """One of AFAS' examples has them so."""
        assert read({"X": {"Element": {"Fields": [{"A": "1"}]}}}).elements == (Element({"A": "1"}),)

    def test_a_root_of_another_name(self) -> None:
        """Kept as it is told, also when it holds an array."""
        assert update_from_json('{"FiEntryPar":[{"Element":{}},{"Element":[{}]}]}', "FiEntries") == Update(
            "FiEntries", "FiEntryPar", (Element(), Element())
        )

    def test_values(self) -> None:
        """JSON's own and text; a decimal keeps its digits."""
        text = '{"X":{"Element":{"@K":7,"Fields":{"A":1,"B":4.00,"C":true,"D":null,"E":"","F":"x","G":1e2,"H":-0}}}}'
        element = update_from_json(text, "X").elements[0]
        assert element.fields == {
            "A": 1,
            "B": Decimal("4.00"),
            "C": True,
            "D": None,
            "E": "",
            "F": "x",
            "G": 100,
            "H": 0,
        }
        assert str(element.fields["B"]) == "4.00"
        assert element.keys == {"K": 7}

    def test_an_empty_key_is_none(self) -> None:
        """Profit hands the number out."""
        assert read({"X": {"Element": {"@K": "", "@L": None, "@M": 0}}}).elements == (Element(keys={"M": 0}),)

    @pytest.mark.parametrize("data", [b'\xef\xbb\xbf{"X":{"Element":{}}}', '\ufeff{"X":{"Element":{}}}'])
    def test_a_byte_order_mark(self, data: bytes | str) -> None:
        """Some editors put one there."""
        assert update_from_json(data, "X") == Update("X", "X", (Element(),))

    def test_actions_of_a_sub_object(self) -> None:
        """As they are taken for granted where none stands."""
        document = {"X": {"Element": {"Objects": [{"Sub": {"Element": {"Objects": {"Deep": {"Element": {}}}}}}]}}}
        update = read(document, action=DELETE, sub_object="Sub")
        (row,) = update.elements[0].objects[0].elements
        assert update.elements[0].action is UPDATE
        assert (row.action, row.objects[0].elements[0].action) == (DELETE, DELETE)

    @pytest.mark.parametrize("none", ["", None, [], [""], [None, ""]])
    def test_an_element_that_is_none(self, none: object) -> None:
        """As three examples of HrApplicant have it: no row. A payload of nothing else holds no record."""
        row = {"Element": {"Fields": {"A": "1"}}}
        document = {"X": {"Element": {"Fields": {"A": "1"}, "Objects": {"None": {"Element": none}, "Sub": row}}}}
        assert read(document).elements == (Element({"A": "1"}, objects=(Part("Sub", (Element({"A": "1"}),)),)),)
        mixed = {"X": {"Element": {"Objects": [{"Sub": [row, {"Element": none}]}]}}}
        assert read(mixed).elements == (Element(objects=(Part("Sub", (Element({"A": "1"}),)),)),)
        assert refused({"X": {"Element": none}}) == [("X", "no-record")]

    def test_a_key_among_the_fields(self) -> None:
        """As an example of PtPriceAgreement has it, beside a field of the same code; and on Element as well."""
        fields = {"@Action": "insert", "@PlCo": "108", "PlCo": "108"}
        expected = Element({"PlCo": "108"}, {"PlCo": "108"})
        assert read({"X": {"Element": {"Fields": fields}}}).elements == (expected,)
        assert read({"X": {"Element": {"Fields": [fields]}}}).elements == (expected,)
        for same in ("108", 108):
            assert read({"X": {"Element": {"@PlCo": same, "Fields": fields}}}).elements[0].keys == {"PlCo": same}
        assert read({"X": {"Element": {"Fields": {"@PlCo": ""}}}}).elements == (Element(),)

    def test_six_levels(self) -> None:
        """The record counted."""
        assert update_from_json(levels(6), "X").elements


class TestPlain:
    """A plain record in JSON, or an array of them."""

    def test_read(self) -> None:
        """As ``updateplain`` has it; it has no root."""
        text = '{"@SbId":1,"Ds":"x","@Action":"update","Links":[{"A":1.50},{"A":true}],"One":{"B":null}}'
        rows = (Element({"A": Decimal("1.50")}, action=UPDATE), Element({"A": True}, action=UPDATE))
        one = Element({"B": None}, action=UPDATE)
        record = Element({"Ds": "x"}, {"SbId": 1}, UPDATE, (Part("Links", rows), Part("One", (one,))))
        assert update_from_json(text, "X") == Update("X", "", (record,))
        assert update_from_json(f"[{text},{text}]", "X") == Update("X", "", (record, record))

    @pytest.mark.parametrize(
        "text", ['{"Ds":"x"}', '{"Ds":{"A":1}}', '{"Ds":[{"A":1}]}', '{"Ds":[]}', '{"Ds":null}', "{}", '{"A":1,"B":2}']
    )
    def test_what_is_plain(self, text: str) -> None:
        """Everything that is not one name with an Element in it."""
        assert update_from_json(text, "X") == update_from_plain("X", json.loads(text))

    def test_options(self) -> None:
        """They hold as for plain data."""
        update = update_from_json('{"Sub":{"A":1}}', "X", action=DELETE, sub_object="Sub")
        assert update == update_from_plain("X", {"Sub": {"A": 1}}, action=DELETE, sub_object="Sub")

    def test_refused(self) -> None:
        """A name that stands there twice, at any depth; and what plain data are refused for."""
        assert refused('{"A":1,"A":1}') == [("X/A", "twice")]
        assert refused('[{},{"S":[{"B":1},{"A":1,"A":1}],"S":{}}]') == [("X[2]/S", "twice"), ("X[2]/S[2]/A", "twice")]
        assert refused([]) == [("", "no-record")]
        for text in ("5", '"x"', "null", "true", "[5]"):
            assert refused(text) == [("X", "record")]
        assert refused({"A": [1, 2], "#text": "x"}) == [("X/A", "wrong-type"), ("X/#text", "name")]

    @pytest.mark.parametrize(
        ("opening", "count"),
        [*itertools.product(('{"A":', '[{"A":', "[", '{"A":['), (20, 200)), ('{"A":', 490)],
    )
    def test_deep(self, opening: str, count: int) -> None:
        """Thousands of them end as seven levels do: a list in a list is no value, and no record is one."""
        closing = opening.replace('"A":', "").translate(str.maketrans("{[", "}]"))[::-1]
        ((path, rule),) = refused(opening * count + "1" + closing * count)
        assert (path, rule) in [("X" + "/A" * 6, "depth"), ("X", "record")]


def levels(count: int) -> str:
    """A document of sub-objects below each other, the record counted."""
    return '{"X":' + '{"Element":{"Objects":{"S":' * (count - 1) + '{"Element":{}}' + "}}}" * (count - 1) + "}"


class TestRefused:
    """What is no JSON, and what is none of AFAS' shapes: every problem with its path."""

    @pytest.mark.parametrize(
        ("data", "rule", "words"),
        [
            ("", "json", r"no JSON \(line 1, column 1\)"),
            (b"\xef\xbb\xbf", "json", r"line 1, column 1"),
            ('{"X":\n{"Element":{}}', "json", r"line 2, column 15"),
            ("{'X':1}", "json", "column 2"),
            ('{"X":01}', "json", "column 7"),
            ('{"X":"\x01"}', "json", "column 7"),
            (b'{"A":"Caf\xe9"}', "encoding", "JSON is UTF-8, and byte 10 is not"),
            (b'\xef\xbb\xbf{"A":"Caf\xe9"}', "encoding", "byte 13"),
            (b'{"A":"\xed\xa0\x80"}', "encoding", "byte 7"),
            ('{"A":"é"}'.encode("utf-16")[:-1], "encoding", "no UTF-16: save it as UTF-8"),
            ('{"A":1'.encode("utf-16-le"), "json", "no JSON"),
            ('{"X":{"Element":{"Fields":{"A":NaN}}}}', "not-a-number", "NaN and Infinity are no JSON"),
            ('{"A":Infinity}', "not-a-number", "no JSON"),
            ('{"A":-Infinity}', "not-a-number", "no JSON"),
            ('{"A":' + "1" * 5000 + "}", "json", "thousands of digits"),
            ('{"A":1e9999999999999999999}', "json", "thousands of digits"),
            ('{"A":-1.5E-9999999999999999999}', "json", "thousands of digits"),
            ("[" * 100_000, "json", "nested too deeply"),
            ("[" * 100_000 + "]" * 100_000, "json", "nested too deeply"),
            ('{"X":' * 100_000 + "1" + "}" * 100_000, "json", "nested too deeply"),
        ],
    )
    def test_no_json(self, data: bytes | str, rule: str, words: str) -> None:
        """It says where, and never what."""
        assert refused(data) == [("", rule)]
        with pytest.raises(UpdateError, match=words):
            update_from_json(data, "X")

    @pytest.mark.parametrize(
        ("element", "expected"),
        [
            ({"Fields": {"A": [1]}}, ("X/A", "wrong-type")),
            ({"Fields": {"A": []}}, ("X/A", "wrong-type")),
            ({"Fields": {"A": {"#text": "x"}}}, ("X/A", "wrong-type")),
            ({"Fields": {"A": {}}}, ("X/A", "wrong-type")),
            ({"@K": ["x"]}, ("X/@K", "wrong-type")),
            ({"Fields": {"#text": "x"}}, ("X/#text", "name")),
            ({"#text": "x"}, ("X/#text", "shape")),
            ({"A": "x"}, ("X/A", "shape")),
            ({"Fields": [{}, {}]}, ("X/Fields", "shape")),
            ({"Fields": "x"}, ("X/Fields", "shape")),
            ({"Fields": 0}, ("X/Fields", "shape")),
            ({"Fields": [[]]}, None),
            ({"Objects": 5}, ("X/Objects", "shape")),
            ({"Objects": [[{"S": {"Element": {}}}]]}, ("X/Objects", "shape")),
            ({"Objects": [None]}, ("X/Objects", "shape")),
            ({"Objects": {"S": "x"}}, ("X/S", "shape")),
            ({"Objects": {"S": {"A": "x"}}}, ("X/S/A", "shape")),
            ({"Objects": {"S": [[]]}}, ("X/S", "shape")),
            ({"Objects": {"S": {"Element": "x"}}}, ("X/S/Element", "shape")),
            ({"Objects": {"S": {"Element": [[]]}}}, ("X/S/Element", "shape")),
            ({"Objects": {"S": {"Element": 0}}}, ("X/S/Element", "shape")),
            ({"Objects": {"S T": {"Element": {}}}}, ("X/S T", "name")),
            ({"@Action": "upsert"}, ("X/@Action", "action")),
            ({"@action": ""}, ("X/@action", "action")),
            ({"Fields": {"@Action": None}}, ("X/@Action", "action")),
            ({"@Action": "insert", "Fields": {"@Action": "update"}}, ("X/@Action", "action")),
            ({"@Action": "insert", "@action": "delete"}, ("X/@Action", "action")),
            ({"@": "x"}, ("X/@", "name")),
            ({"Fields": {"@": "x"}}, ("X/@", "name")),
            ({"Fields": {"@K": ["x"]}}, ("X/@K", "wrong-type")),
            ({"@K": "x", "Fields": {"@K": "y"}}, ("X/@K", "twice")),
            ({"@K": 1, "Fields": {"@K": "01"}}, ("X/@K", "twice")),
            ({"Fields": {"@xmlns": "x"}}, ("X/@xmlns", "name")),
            ({"Fields": {"A": "\x07"}}, ("X/A", "character")),
            ({"Fields": {"A": "\ud800"}}, ("X/A", "character")),
            ({"Fields": {"A": 10**1000}}, ("X/A", "wrong-type")),
        ],
    )
    def test_shapes(self, element: object, expected: tuple[str, str] | None) -> None:
        """Broken by an export, or by hand."""
        if expected is None:
            assert read({"X": {"Element": element}}).elements == (Element(),)
        else:
            assert refused({"X": {"Element": element}}) == [expected]

    def test_a_number_that_is_spelt_by_too_many_digits(self) -> None:
        """A few characters that mean a milliard of them."""
        for number in ("1e-999999999", "1e999999999", "-0e999999999"):
            assert refused(f'{{"X":{{"Element":{{"Fields":{{"A":{number}}}}}}}}}') == [("X/A", "wrong-type")]

    def test_half_of_a_surrogate_pair(self) -> None:
        """As JSON escapes it, and as it stands in a text; a whole pair is a character."""
        assert refused(r'{"X":{"Element":{"Fields":{"A":"\ud800"}}}}') == [("X/A", "character")]
        assert refused('{"X":{"Element":{"@K":"\udfff"}}}') == [("X/@K", "character")]
        assert update_from_json(r'{"X":{"Element":{"Fields":{"A":"\ud834\udd1e"}}}}', "X").elements[0].fields == {
            "A": "𝄞"
        }

    @pytest.mark.parametrize(
        ("document", "path"),
        [
            ('{"X":{"Element":{"Fields":{"A":1,"B":2,"A":1}}}}', "X/A"),
            ('{"X":{"Element":{"@K":1,"@K":1}}}', "X/@K"),
            ('{"X":{"Element":{"Fields":{},"Fields":{}}}}', "X/Fields"),
            ('{"X":{"Element":{"Objects":{},"Objects":{}}}}', "X/Objects"),
            ('{"X":{"Element":{"Objects":{"S":null,"S":{"Element":{}}}}}}', "X/S"),
            ('{"X":{"Element":{"Objects":{"S":{"Element":[{},{"Fields":{"A":1,"A":2}}]}}}}}', "X/S[2]/A"),
            ('{"X":{"Element":{},"Element":{}}}', "X/Element"),
            ('{"X":{"Element":{}},"X":{"Element":{}}}', "X/X"),
        ],
    )
    def test_twice(self, document: str, path: str) -> None:
        """JSON readers keep the last and say nothing."""
        assert refused(document) == [(path, "twice")]

    def test_seven_levels(self) -> None:
        """And hundreds of them."""
        path = "X" + "/S" * 6
        for count in (7, 8, 50, 250):
            assert refused(levels(count)) == [(path, "depth")]

    def test_nothing_to_send(self) -> None:
        """An empty array, or an array of nothing."""
        assert refused({"X": {"Element": []}}) == [("X", "no-record")]
        assert refused({"X": [None, {"Element": []}, ""]}) == [("X", "no-record")]
        assert refused({"A B": {"Element": {}}}) == [("A B", "name")]
        assert refused({"X": {"Element": {}}}, sub_object="S") == [("X", "no-sub-object")]

    def test_everything_at_once(self) -> None:
        """The error says the first and counts the others, and survives a pickle."""
        document = {
            "X": {"Element": [{"Fields": {"A": [SECRET]}}, {SECRET[:6]: SECRET, "@Action": SECRET}], "Y": SECRET}
        }
        assert refused(document) == [
            ("X/Y", "shape"),
            ("X[1]/A", "wrong-type"),
            ("X[2]/Jansen", "shape"),
            ("X[2]/@Action", "action"),
        ]
        with pytest.raises(UpdateError, match=r"^X/Y: only Element belongs here\. And 3 more problems\. X\[") as caught:
            read(document)
        copy = pickle.loads(pickle.dumps(caught.value))
        assert (str(copy), copy.problems, copy.connector) == (str(caught.value), caught.value.problems, "X")

    @pytest.mark.parametrize(
        "document",
        [
            '{"A":"%s"',
            '{"X":{"Element":{"Fields":{"A":["%s"],"B":{"#text":"%s"},"C":"%s\\u0000"},"Objects":{"S":"%s"}}}}',
            '{"X":{"Element":["%s",{"Fields":"%s","@Action":"%s","Objects":[["%s"]]}]}}',
            '["%s"]',
            '"%s"',
            '{"A":["%s"],"@K":"%s\\u0000","@Action":"%s"}',
            '{"A":"%s","A":"%s","B":NaN}',
        ],
    )
    def test_no_value_shows(self, document: str) -> None:
        """It may be personal."""
        with pytest.raises(UpdateError) as caught:
            update_from_json(document.replace("%s", SECRET), "X")
        assert "06-" not in f"{caught.value!r} {caught.value} {caught.value.problems!r}"
        with pytest.raises(UpdateError) as caught:
            update_from_json(document.replace("%s", SECRET).encode() + b"\xff", "X")
        assert "06-" not in f"{caught.value!r} {caught.value}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["insert", "Sub"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Element", "Fields", "Objects", "@Action", "@K", "Sub", "A"]), inner, max_size=4
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_whatever_stands_there(inner: object) -> None:
    """Any JSON is an update that can be sent, or an ``UpdateError``."""
    for document in ({"X": {"Element": inner}}, inner):
        try:
            update = read(document)
        except UpdateError:
            continue
        rooted = update.rooted(update.root or "X")
        again = update_from_json(update_to_json(rooted), "X", action=update.action or INSERT)
        assert again.as_text() == rooted.as_text()
