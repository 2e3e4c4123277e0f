"""Metainfo by profit-wire 3.4, and the XSD against AFAS' own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.specification.describing import metainfo, xsd
from afas_soap.emulator.booking.specification.openapi import definitions
from afas_soap.emulator.booking.table import TABLE
from afas_soap.profit.schemas.updateschema import FieldRule, Shape

MEMBERS = {
    "fieldId": str,
    "primaryKey": bool,
    "dataType": str,
    "label": str,
    "mandatory": bool,
    "length": int,
    "decimals": int,
    "decimalFieldId": str,
    "notzero": bool,
    "controlType": int,
}


def _objects(document: dict) -> list[dict]:
    return [document, *(inner for each in document["objects"] for inner in _objects(each))]


def _checked(definition: Definition) -> None:
    document = metainfo(definition)
    assert (document["id"], document["name"]) == (definition.connector, definition.shape.name)
    assert document["description"]
    for part in _objects(document):
        for field in part["fields"]:
            assert {name: type(field[name]) for name in MEMBERS} == MEMBERS
            assert set(field) == {*MEMBERS, "values"}
            assert field["dataType"] in ("string", "int", "boolean", "date", "decimal", "blob")
            assert field["values"] is None or all(set(value) == {"id", "description"} for value in field["values"])


@pytest.mark.parametrize("connector", TABLE)
def test_metainfo_has_every_member_with_its_type(connector: str) -> None:
    _checked(TABLE[connector])


def test_metainfo_of_afas_files_has_every_member_with_its_type(afas: Path) -> None:
    for definition in definitions(afas / "openapi" / "profit").values():
        _checked(definition)


def test_metainfo_of_a_dossier_item() -> None:
    """The sample of profit-wire 3.4, but for the label, the texts of the codes and the object's fields."""
    document = metainfo(TABLE["KnSubject"])
    fields = {field["fieldId"]: field for field in document["fields"]}
    assert fields["SbId"] == {
        "fieldId": "SbId",
        "primaryKey": True,
        "dataType": "int",
        "label": "Dossieritem",
        "mandatory": False,
        "length": 10,
        "decimals": 0,
        "decimalFieldId": "",
        "notzero": False,
        "controlType": 5,
        "values": None,
    }
    assert fields["ViPr"]["label"] == "Prioriteit"
    assert (fields["ViPr"]["length"], fields["ViPr"]["controlType"]) == (20, 5)
    assert fields["ViPr"]["values"] == [
        {"id": "H", "description": "HOOG"},
        {"id": "N", "description": "Normaal"},
        {"id": "L", "description": "Laag"},
    ]
    assert (fields["Da"]["dataType"], fields["Da"]["length"]) == ("date", 19)
    assert (fields["FileStream"]["dataType"], fields["FileStream"]["length"]) == ("blob", 0)
    assert [name for name, field in fields.items() if field["mandatory"]] == ["StId", "Ds"]
    assert [each["name"] for each in document["objects"]] == ["KnSubjectLink", "KnSubjectAttachment"]


def test_metainfo_names_the_root_beside_the_connector() -> None:
    document = metainfo(TABLE["FiEntries"])
    assert (document["id"], document["name"]) == ("FiEntries", "FiEntryPar")


def test_a_key_that_is_a_field_as_well_stands_in_metainfo_once() -> None:
    fields = [(field["fieldId"], field["primaryKey"]) for field in metainfo(TABLE["KnUser"])["fields"]]
    assert [each for each in fields if each[0] == "UsId"] == [("UsId", True)]


def test_what_nobody_knows_to_be_mandatory_is_not() -> None:
    shape = Shape("Root", {"A": FieldRule("A"), "B": FieldRule("B", mandatory=True)})
    assert [field["mandatory"] for field in metainfo(Definition("Root", "", shape))["fields"]] == [False, True]


def test_the_schema_of_a_course_member_is_afas_own(afas: Path) -> None:
    """Byte for byte, but for the free fields of the environment it was taken from, which left only comments."""
    genuine = (afas / "xsd" / "KnCourseMember.xsd").read_text(encoding="utf-8").strip()
    without_free_fields = re.sub(r"(<!--[^>]*=>[^>]*-->)+(?=</xsd:sequence>)", "", genuine)
    assert xsd(TABLE["KnCourseMember"]) == without_free_fields


def test_the_schema_of_a_dossier_item_holds_afas_own_fields(afas: Path) -> None:
    """Each field with its comments, in the order of the genuine schema; keys of Element likewise."""
    genuine = (afas / "xsd" / "KnSubject.xsd").read_text(encoding="utf-8")
    # Somebody read its UTF-8 as Latin-1 on the way here.
    genuine = genuine.replace("Ã«", "ë")
    # A code and fields that came later: the schema is older than AFAS' OpenAPI files.
    ours = xsd(TABLE["KnSubject"]).replace("   66:Cliënt OB", "")
    later = {"ToOb", "CfId", "CfRI", "CfMI", "Year", "RlId"}
    field = r"(?:<!--[^>]*=?>?[^>]*-->)+<xsd:(?:element|attribute)[^>]*?(?:/>|>.*?</xsd:element>)"
    pieces = re.findall(field, ours)
    assert len(pieces) > 50
    positions = []
    at = 0
    for piece in pieces:
        if re.search(r'name="(\w+)"', piece)[1] in later:
            continue
        assert piece in genuine, piece
        if "<xsd:element" in piece:
            at = genuine.index(piece, at)
            positions.append(at)
    assert positions == sorted(positions)


@pytest.mark.no_cover
@pytest.mark.parametrize("connector", TABLE)
def test_the_schema_is_one_line_and_a_schema(connector: str) -> None:
    text = xsd(TABLE[connector])
    assert "\n" not in text
    root = etree.fromstring(text)
    assert [child.get("name") for child in root] == ["AFASRowAction", TABLE[connector].shape.name]
    xmlschema.XMLSchema(text)


@pytest.mark.no_cover
def test_the_schema_of_every_connector_in_afas_files_is_a_schema(afas: Path) -> None:
    for definition in definitions(afas / "openapi" / "profit").values():
        xmlschema.XMLSchema(xsd(definition))


def test_the_schema_judges_updates() -> None:
    """A dossier item with a link passes; a code too long, and an attachment without action, do not."""
    schema = xmlschema.XMLSchema(xsd(TABLE["KnSubject"]))
    good = (
        '<KnSubject><Element SbId="1"><Fields Action="insert"><StId>4</StId><Ds>Test</Ds><ViPr>H</ViPr></Fields>'
        '<Objects><KnSubjectLink><Element SbId="1"><Fields Action="insert"><ToBC>true</ToBC><BcId>1000001</BcId>'
        "</Fields></Element></KnSubjectLink></Objects></Element></KnSubject>"
    )
    assert schema.is_valid(good)
    assert not schema.is_valid(good.replace("<ViPr>H<", f"<ViPr>{'H' * 21}<"))
    assert not schema.is_valid(good.replace('<Fields Action="insert"><ToBC>', "<Fields><ToBC>"))


def test_a_key_of_the_table_is_an_attribute_and_no_field() -> None:
    """AFAS' JSON may have it as a field, its XML may not."""
    schema = xmlschema.XMLSchema(xsd(TABLE["KnUser"]))
    good = '<KnUser><Element UsId="a"><Fields Action="insert"><Nm>b</Nm></Fields></Element></KnUser>'
    assert schema.is_valid(good)
    assert not schema.is_valid(good.replace("<Nm>", "<UsId>a</UsId><Nm>"))


def test_a_key_out_of_a_file_is_an_attribute_and_a_field() -> None:
    """A file does not tell which, and AFAS' examples have KnUser's either way."""
    rule = FieldRule("Id", "long")
    text = xsd(Definition("Root", "", Shape("Root", {"Id": rule}, {"Id": rule}), keys=("Id",), strict=False))
    good = '<Root><Element Id="1"><Fields Action="insert"><Id>1</Id></Fields></Element></Root>'
    assert xmlschema.XMLSchema(text).is_valid(good)


@pytest.mark.parametrize(
    ("rule", "fits", "does_not"),
    [
        (FieldRule("A", "decimal"), "123456789.0123456789012", "x"),
        (FieldRule("A", "decimal", fraction_digits=2), "123456789.01", "1.001"),
        (FieldRule("A", "decimal", total_digits=3), "123", "1.5"),
        (FieldRule("A", "time"), "09:30:00", "2023-01-01"),
        (FieldRule("A", "dateTime"), "2023-01-01T09:30:00", "09:30:00"),
        (FieldRule("A", "string", max_length=2), "ab", "abc"),
        (FieldRule("A", "base64Binary"), "QUJD", ""),
    ],
)
def test_the_schema_judges_a_value_by_its_rule(rule: FieldRule, fits: str, does_not: str) -> None:
    schema = xmlschema.XMLSchema(xsd(Definition("Root", "", Shape("Root", {"A": rule}))))
    update = '<Root><Element><Fields Action="insert"><A>{}</A></Fields></Element></Root>'
    assert schema.is_valid(update.format(fits))
    assert not schema.is_valid(update.format(does_not))


@given(
    st.text(max_size=20),
    st.text(max_size=20),
    st.lists(st.tuples(st.text(max_size=5), st.text(max_size=10)), max_size=3),
)
def test_whatever_a_file_says_of_a_field_its_schema_is_well_formed(label: str, reference: str, codes: list) -> None:
    """Comments are the one place where text of others' comes in."""
    rule = FieldRule("A", label=label, reference=reference, codes=tuple(codes))
    text = xsd(Definition("Root", "", Shape("Root", {"A": rule})))
    assert etree.fromstring(text).find(".//{*}element[@name='A']") is not None
