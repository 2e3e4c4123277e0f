"""Metainfo, version and error bodies: as in AFAS' own examples, and what is none of them."""

import json

import pytest

from afas_soap.errors import AnswerError
from afas_soap.profit.connectors.capabilities import Catalogue, Entry
from afas_soap.profit.connectors.metainfo import (
    catalogue_from_metainfo,
    fields_from_metainfo,
    metainfo_catalogue,
    metainfo_get,
    version_from_json,
)
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.errorbody import ErrorBody, error_from_json

# The first fields of the example in AFAS' OpenAPI file Inrichting.json, and one of each other type of profit-wire 3.4.
ADMINISTRATIONS = """{"name":"Profit_Administrations","description":"Administraties (Profit)","fields":[
  {"id":"AdminId","fieldId":"U002","dataType":"int","label":"Administratie","length":3,"controlType":5,"decimals":0,
   "decimalsFieldId":""},
  {"id":"AdminNm","fieldId":"U001","dataType":"string","label":"Naam administratie","length":80,"controlType":1,
   "decimals":0,"decimalsFieldId":""},
  {"id":"Amount","fieldId":"U003","dataType":"decimal","label":"Bedrag","length":15,"controlType":1,"decimals":2,
   "decimalsFieldId":""},
  {"id":"Blocked","fieldId":"U004","dataType":"boolean","label":"Geblokkeerd","length":1,"controlType":1,"decimals":0,
   "decimalsFieldId":""},
  {"id":"Since","fieldId":"U005","dataType":"date","label":"Vanaf","length":10,"controlType":1,"decimals":0,
   "decimalsFieldId":""},
  {"id":"Memo","fieldId":"UnCo","dataType":"blob","label":"Opmerking","length":0,"controlType":23,"decimals":0,
   "decimalsFieldId":""},
  {"id":"Logo","fieldId":"U006","dataType":"blob","label":"Logo","length":0,"controlType":1001,"decimals":0,
   "decimalsFieldId":""}]}"""
FIELDS = Fields(
    "Profit_Administrations",
    (
        Field("AdminId", Kind.INT, "int", True, "Administratie", 3, 0, "U002", 5),
        Field("AdminNm", Kind.TEXT, "string", True, "Naam administratie", 80, 0, "U001", 1),
        Field("Amount", Kind.DECIMAL, "decimal", True, "Bedrag", 15, 2, "U003", 1),
        Field("Blocked", Kind.BOOL, "boolean", True, "Geblokkeerd", 1, 0, "U004", 1),
        Field("Since", Kind.DATETIME, "date", True, "Vanaf", 10, 0, "U005", 1),
        Field("Memo", Kind.TEXT, "blob", True, "Opmerking", 0, 0, "UnCo", 23),
        Field("Logo", Kind.BYTES, "blob", True, "Logo", 0, 0, "U006", 1001),
    ),
    "Administraties (Profit)",
)
# profit-wire 3.4, with the info of one more connector list than the OpenAPI example has.
CATALOGUE = """{"updateConnectors":[{"id":"KnSubject","description":"Dossieritem"}],
 "getConnectors":[{"id":"Profit_Article","description":"Artikelen"}],
 "customConnectors":[{"id":"AppConnectorSubject","description":"AppConnectorSubject"}],
 "info":{"envid":"A12345AC","appName":"Demo","group":"Connector users (12345.USER)","tokenExpiry":"0"}}"""


class TestFields:
    """``GET /metainfo/get/{connector}``."""

    def test_as_documented(self) -> None:
        """Every member of a field is kept; written again it is the same document."""
        data = ADMINISTRATIONS.encode()
        assert fields_from_metainfo(data, "Profit_Administrations") == FIELDS
        assert metainfo_get(FIELDS) == json.loads(data)

    def test_the_connector_is_the_one_asked_for(self) -> None:
        """Whatever ``name`` says."""
        assert fields_from_metainfo(b'{"name":"X","fields":[]}', "Profit_Debtor") == Fields("Profit_Debtor", ())

    def test_byte_order_mark(self) -> None:
        """Tolerated."""
        assert len(fields_from_metainfo(b"\xef\xbb\xbf" + ADMINISTRATIONS.encode(), "X")) == 7

    def test_unknown_type_is_text_and_keeps_its_name(self) -> None:
        """Read as text, marked, and written as it came."""
        fields = fields_from_metainfo(b'{"fields":[{"id":"A","dataType":"money"}]}', "X")
        assert fields.columns == (Field("A", Kind.TEXT, "money", False),)
        assert metainfo_get(fields)["fields"] == [
            {
                "id": "A",
                "fieldId": "",
                "dataType": "money",
                "label": "",
                "length": 0,
                "controlType": 0,
                "decimals": 0,
                "decimalsFieldId": "",
            }
        ]

    def test_members_of_other_types_are_as_if_absent(self) -> None:
        """A label of null and a length in quotes say nothing."""
        fields = fields_from_metainfo(
            b'{"description":7,"fields":[{"id":"A","dataType":"int","label":null,"length":"3","decimals":true}]}', "X"
        )
        assert fields == Fields("X", (Field("A", Kind.INT, "int"),))

    def test_dates_are_written_as_date(self) -> None:
        """A column that was named as a date is metainfo's "date", as a date-time is."""
        (field,) = metainfo_get(Fields("X", (Field("A", Kind.DATE, "dateTime"),)))["fields"]
        assert field["dataType"] == "date"

    @pytest.mark.parametrize(
        ("body", "part"),
        [
            (b"", "not the JSON"),
            (b"<html>", "not the JSON"),
            (b"\xff\xfe", "not the JSON"),
            (b'{"fields":[NaN]}', "not the JSON"),
            (b"[" * 100_000, "not the JSON"),
            (b"[]", "where an object is expected"),
            (b'{"externalMessage":"no"}', "without fields"),
            (b'{"fields":{"A":1}}', "is no list"),
            (b'{"fields":["A"]}', "where an object is expected"),
            (b'{"fields":[{"dataType":"int"}]}', "without an id"),
            (b'{"fields":[{"id":"A","dataType":"int"},{"id":"A","dataType":"int"}]}', "column A twice"),
        ],
    )
    def test_what_is_none(self, body: bytes, part: str) -> None:
        """Never a connector with the wrong columns."""
        with pytest.raises(AnswerError, match=part):
            fields_from_metainfo(body, "X")


class TestCatalogue:
    """``GET /metainfo``."""

    def test_as_documented(self) -> None:
        """All four parts; written again it is the same document."""
        catalogue = catalogue_from_metainfo(CATALOGUE.encode())
        assert catalogue == Catalogue(
            get_connectors=(Entry("Profit_Article", "Artikelen"),),
            update_connectors=(Entry("KnSubject", "Dossieritem"),),
            custom_connectors=(Entry("AppConnectorSubject", "AppConnectorSubject"),),
            environment_id="A12345AC",
            app_name="Demo",
            group="Connector users (12345.USER)",
            token_expiry="0",
        )
        assert metainfo_catalogue(catalogue) == json.loads(CATALOGUE)

    def test_before_profit_7(self) -> None:
        """Without customConnectors and info: empty, and a token that does not expire."""
        catalogue = catalogue_from_metainfo(b'{"getConnectors":[{"id":"A"}],"updateConnectors":null,"info":null}')
        assert catalogue == Catalogue((Entry("A", ""),), ())
        assert catalogue.token_expiry == "0"

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            b'{"rows":[]}',
            b'{"getConnectors":[1]}',
            b'{"getConnectors":7}',
            b'{"getConnectors":[],"info":7}',
        ],
    )
    def test_what_is_none(self, body: bytes) -> None:
        """Never an empty catalogue by mistake."""
        with pytest.raises(AnswerError, match="metainfo"):
            catalogue_from_metainfo(body)


class TestVersion:
    """``GET /profitversion``."""

    def test_as_documented(self) -> None:
        """The example of the OpenAPI file."""
        assert version_from_json(b'{"version": "22.22.5"}') == "22.22.5"

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"version":""}', b'{"version":22}'])
    def test_what_is_none(self, body: bytes) -> None:
        """An error about the version."""
        with pytest.raises(AnswerError, match="version"):
            version_from_json(body)


class TestErrorBody:
    """Bodies of refusals (profit-wire 3.6)."""

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (
                b'{"externalMessage":"The entered value for \'Employee\' does not exist.","errorNumber":-2147220469,'
                b'"profitLogReference":"B8213AF1C3C54E579686406A8DE71C6C"}',
                ErrorBody(
                    "The entered value for 'Employee' does not exist.", -2147220469, "B8213AF1C3C54E579686406A8DE71C6C"
                ),
            ),
            (b'{"message":"Invalid json"}', ErrorBody("Invalid json")),
            (
                b'{"error":{"code":"503","message":"Service temporarily unavailable due to scheduled maintenance."},'
                b'"retry_after":7200}',
                ErrorBody("Service temporarily unavailable due to scheduled maintenance.", retry_after=7200.0),
            ),
            # the documented sample as it stands, with its leaked schema
            (
                b'{"error":{"code":{"example":"503"},"message":{"example":"Away."}},"retry_after":{"example":7200}}',
                ErrorBody("Away.", retry_after=7200.0),
            ),
            (b'{"retry_after":"30"}', ErrorBody("", retry_after=30.0)),
            (b'{"externalMessage":"x","errorNumber":true,"profitLogReference":""}', ErrorBody("x")),
            (b'{"externalMessage":"x","errorNumber":"1","profitLogReference":7}', ErrorBody("x")),
        ],
    )
    def test_forms(self, body: bytes, expected: ErrorBody) -> None:
        """In any order of members; a number is a number and a reference a text, or nothing."""
        assert error_from_json(body) == expected

    @pytest.mark.parametrize("retry_after", ["true", "-1", '"-1"', '"soon"', "null", "1e999", "9" * 400, '"²"', "[]"])
    def test_no_wait(self, retry_after: str) -> None:
        """What is no number of seconds, or of centuries, says nothing."""
        body = f'{{"message":"x","retry_after":{retry_after}}}'.encode()
        assert error_from_json(body) == ErrorBody("x")

    @pytest.mark.parametrize(
        "body", [b"", b"<html>", b"[]", b'"no"', b"{}", b'{"message":""}', b'{"message":7}', b'{"error":{}}']
    )
    def test_what_is_none(self, body: bytes) -> None:
        """None, so that the caller can speak of the status alone."""
        assert error_from_json(body) is None


def test_half_of_a_surrogate_pair_is_no_character() -> None:
    """An escape such as ``\\ud800`` alone makes a text nobody can print; a whole pair and other escapes are read."""
    with pytest.raises(AnswerError, match="is not the JSON"):
        fields_from_metainfo(b'{"fields":[{"id":"A\\ud800","dataType":"string"}]}', "X")
    fields = fields_from_metainfo(b'{"fields":[{"id":"A\\u00e9\\ud83d\\ude00","dataType":"string"}]}', "X")
    assert fields.names == ("Aé😀",)
