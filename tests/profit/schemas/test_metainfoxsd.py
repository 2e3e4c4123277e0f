"""An XSD made from REST's metainfo: AFAS' look, and nothing lost on the way to the check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import AnswerError
from afas_soap.profit.schemas.metainfoxsd import metainfo_xsd
from afas_soap.profit.schemas.schema import check
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.schemas.updateschema import FieldRule, Shape
from afas_soap.profit.updates.updateplain import update_from_plain

# profit-wire 3.4.
SUBJECT = """{"id":"KnSubject","name":"KnSubject","description":"Dossieritem",
 "fields":[{"fieldId":"SbId","primaryKey":true,"dataType":"int","label":"Dossieritem (sleutel)","mandatory":false,
            "length":10,"decimals":0,"decimalFieldId":"","notzero":false,"controlType":5,"values":null},
           {"fieldId":"ViPr","primaryKey":false,"dataType":"string","label":"Prioriteit","mandatory":false,
            "length":20,"decimals":0,"decimalFieldId":"","notzero":false,"controlType":5,
            "values":[{"id":"H","description":"Hoog"},{"id":"N","description":"Normaal"}]}],
 "objects":[{"name":"KnSubjectLink","fields":[],"objects":[]}]}"""
MADE = (
    '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:metainfo="urn:afas-soap:metainfo">'
    '<xsd:simpleType name="AFASRowAction"><xsd:restriction base="xsd:string"><xsd:enumeration value="insert"/>'
    '<xsd:enumeration value="update"/><xsd:enumeration value="delete"/></xsd:restriction></xsd:simpleType>'
    '<xsd:element name="KnSubject"><xsd:complexType><xsd:sequence>'
    '<xsd:element name="Element" maxOccurs="unbounded"><xsd:complexType><xsd:sequence>'
    '<xsd:element name="Fields" minOccurs="0"><xsd:complexType><xsd:sequence>'
    '<!--Dossieritem (sleutel)--><xsd:element name="SbId" minOccurs="0" type="xsd:long" nillable="true"'
    ' metainfo:mandatory="false"/>'
    '<!--Prioriteit--><!--Values:  H:Hoog   N:Normaal--><xsd:element name="ViPr" minOccurs="0" nillable="true"'
    ' metainfo:mandatory="false"><xsd:simpleType><xsd:restriction base="xsd:string"><xsd:maxLength value="20"/>'
    '<xsd:minLength value="1"/></xsd:restriction></xsd:simpleType></xsd:element></xsd:sequence>'
    '<xsd:attribute name="Action" use="required" type="AFASRowAction"/></xsd:complexType></xsd:element>'
    '<xsd:element name="Objects" minOccurs="0"><xsd:complexType><xsd:sequence>'
    '<xsd:element name="KnSubjectLink" minOccurs="0"><xsd:complexType><xsd:sequence>'
    '<xsd:element name="Element" maxOccurs="unbounded"><xsd:complexType><xsd:sequence>'
    '<xsd:element name="Fields" minOccurs="0"><xsd:complexType><xsd:sequence/>'
    '<xsd:attribute name="Action" use="required" type="AFASRowAction"/></xsd:complexType></xsd:element>'
    "</xsd:sequence></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element>"
    "</xsd:sequence></xsd:complexType></xsd:element></xsd:sequence>"
    '<!--Dossieritem (sleutel)--><xsd:attribute name="SbId" use="optional" type="xsd:long"'
    ' metainfo:mandatory="false"/></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element>'
    "</xsd:schema>"
)


def made(*fields: dict[str, object]) -> Shape:
    """What is read of the XSD of these fields; another judge finds that XSD good."""
    text = metainfo_xsd(json.dumps({"id": "KnDemo", "fields": fields}).encode(), "KnDemo")
    xmlschema.XMLSchema10(text, allow="none")
    return schema_from_xsd(text, "KnDemo").root


def one(**members: object) -> FieldRule:
    """What is read of one field."""
    return made({"fieldId": "X", **members}).fields["X"]


def test_as_documented() -> None:
    """AFAS' own example, in AFAS' own look: a key may be given in both places."""
    assert metainfo_xsd(SUBJECT.encode(), "KnSubject") == MADE
    key = FieldRule("SbId", "long", label="Dossieritem (sleutel)", mandatory=False)
    codes = (("H", "Hoog"), ("N", "Normaal"))
    priority = FieldRule("ViPr", max_length=20, label="Prioriteit", codes=codes, mandatory=False)
    root = schema_from_xsd(MADE, "KnSubject").root
    assert root.fields == {"SbId": key, "ViPr": priority}
    assert root.keys["SbId"].type == "long"
    assert root.objects == {"KnSubjectLink": Shape("KnSubjectLink")}


def test_the_look_is_that_of_a_genuine_one(afas: Path) -> None:
    """What stands around the fields is letter for letter what AFAS writes."""
    genuine = (afas / "xsd" / "KnCourseMember.xsd").read_text("utf-8")
    assert genuine.startswith(MADE.replace(' xmlns:metainfo="urn:afas-soap:metainfo"', "").partition('"KnSubject"')[0])
    assert '<xsd:element name="Element" maxOccurs="unbounded"><xsd:complexType><xsd:sequence>' in genuine
    assert (
        '<xsd:attribute name="Action" use="required" type="AFASRowAction"/></xsd:complexType></xsd:element>' in genuine
    )


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"dataType": "string", "length": 5}, FieldRule("X", max_length=5, mandatory=False)),
        ({"dataType": "string", "length": 0}, FieldRule("X", mandatory=False)),
        ({"dataType": "string", "length": "5"}, FieldRule("X", mandatory=False)),
        ({"dataType": "blob", "length": 5}, FieldRule("X", mandatory=False)),
        ({"dataType": "something", "length": 5}, FieldRule("X", mandatory=False)),
        ({"dataType": "int", "length": 10, "mandatory": True}, FieldRule("X", "long", mandatory=True)),
        ({"dataType": "boolean"}, FieldRule("X", "boolean", mandatory=False)),
        ({"dataType": "date"}, FieldRule("X", "dateTime", mandatory=False, either=True)),
        ({"dataType": "date", "length": 19}, FieldRule("X", "dateTime", mandatory=False, either=True)),
        ({"dataType": "date", "length": 10}, FieldRule("X", "date", mandatory=False, either=True)),
        ({"dataType": "date", "length": 8}, FieldRule("X", "time", mandatory=False, either=True)),
        (
            {"dataType": "decimal", "length": 26, "decimals": 10},
            FieldRule("X", "decimal", total_digits=26, fraction_digits=10, mandatory=False),
        ),
        ({"dataType": "decimal", "length": 0, "decimals": 0}, FieldRule("X", "decimal", mandatory=False)),
        (
            {"dataType": "decimal", "length": 1, "decimals": 2},
            FieldRule("X", "decimal", fraction_digits=2, mandatory=False),
        ),
    ],
)
def test_types(members: dict[str, object], expected: FieldRule) -> None:
    """Each type that metainfo has; 0 is no limit, and what was never seen is a text without one."""
    assert one(**members) == expected


def test_booleans() -> None:
    """AFAS' own examples have ``True`` and ``TRUE``; other words are none."""
    document = {"id": "X", "fields": [{"fieldId": "B", "dataType": "boolean"}]}
    schema = schema_from_xsd(metainfo_xsd(json.dumps(document).encode(), "X"), "X")
    for text in ("true", "false", "True", "FALSE", "1", "0", " true "):
        assert check(update_from_plain("X", {"B": text}), schema) == ()
    for text in ("T", "ja", "2", "-1", "\u00a0true"):
        (problem,) = check(update_from_plain("X", {"B": text}), schema)
        assert problem.rule == "wrong-type"
        assert problem.message.endswith("where true or false (or 1 or 0) belongs.")


def test_keys_of_every_type() -> None:
    """A key has the type of its field, and its codes."""
    key = {"fieldId": "X", "primaryKey": True, "dataType": "string", "length": 3, "values": [{"id": 1}]}
    root = made(key)
    assert root.keys["X"] == FieldRule("X", max_length=3, nillable=False, codes=(("1", ""),), mandatory=False)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Een -- twee --- drie-", "Een - - twee - - - drie-"),
        ("<b> & ]]>", "<b> & ]]>"),
        ("Values: geen lijst", "Values: geen lijst"),
        ("a\x01b\ufffe", "a b"),
        (None, ""),
        (True, ""),
    ],
)
def test_labels(label: object, expected: str) -> None:
    """What an XML comment cannot hold is softened, and no label is taken for a list of codes."""
    assert one(label=label).label == expected


@pytest.mark.parametrize(
    "codes",
    [
        (("A:B", "x"),),
        (("A", "drie   blanks"), ("B", "y")),
        (("A", "x--y"),),
        (("A", "eindigt op -"),),
        (("A", 'met " en < en &'),),
        ((" A", "x"),),
        (("A", " x"), ("B", "y ")),
        (("A", "regel\r\nregel"),),
        (("A", "\x00\ufffe"),),
    ],
)
def test_codes_that_no_comment_can_carry(codes: tuple[tuple[str, str], ...]) -> None:
    """They reach the check as they are."""
    assert one(values=[{"id": code, "description": text} for code, text in codes]).codes == codes


def test_codes_without_an_id() -> None:
    """Such a code is no code, and one that stands there twice counts once."""
    values = [{"description": "x"}, {"id": "A", "description": "y"}, {"id": "A", "description": "z"}]
    assert one(values=values).codes == (("A", "z"),)


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5), st.text())
def test_any_codes_and_label(codes: dict[str, str], label: str) -> None:
    """Whatever stands in metainfo, the XSD is good and the codes come back."""
    values = [{"id": code, "description": text} for code, text in codes.items()]
    assert one(values=values, label=label).codes == tuple(codes.items())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not the JSON"),
        ("[]", "something else where an object"),
        ('{"a":NaN}', "not the JSON"),
        ("{}", "no metainfo of an UpdateConnector"),
        ('{"name":"Met blanks","fields":[]}', "no name of a field or object"),
        ('{"fields":7}', "fields is no list"),
        ('{"fields":[7]}', "something else where an object"),
        ('{"fields":[{}]}', "a fieldId that is no name"),
        ('{"fields":[{"fieldId":"A"},{"fieldId":"A"}]}', "names A of KnDemo twice"),
        ('{"objects":[{"name":"A"},{"name":"A"}]}', "names A of KnDemo twice"),
        ('{"objects":[{"name":"A","fields":[{"fieldId":"B"},{"fieldId":"B"}]}]}', "names B of A twice"),
    ],
)
def test_what_is_none(text: str, message: str) -> None:
    """Said, and never half read."""
    with pytest.raises(AnswerError, match=message):
        metainfo_xsd(text.encode(), "KnDemo")


def test_too_many_levels() -> None:
    """Metainfo without end is refused before Python's stack is."""
    part: dict[str, object] = {"name": "A"}
    for _ in range(40):
        part = {"name": "A", "objects": [part]}
    with pytest.raises(AnswerError, match="more than 30 levels"):
        metainfo_xsd(json.dumps(part).encode(), "A")


def test_the_root_is_the_name() -> None:
    """FiEntries has the root FiEntryPar; without a name it is the id, and without that the connector's own."""
    for document, root in (
        ({"id": "FiEntries", "name": "FiEntryPar", "fields": []}, "FiEntryPar"),
        ({"id": "FiEntries", "fields": []}, "FiEntries"),
        ({"objects": []}, "KnDemo"),
    ):
        assert schema_from_xsd(metainfo_xsd(json.dumps(document).encode(), "KnDemo"), "KnDemo").root.name == root
