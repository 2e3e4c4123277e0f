"""The few UpdateConnectors of the emulator: metainfo by profit-wire 3.4, the XSD against AFAS' own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from afas_soap.emulator.updates import UPDATE_CONNECTORS, update_metainfo, update_schema

XSD = "{http://www.w3.org/2001/XMLSchema}"
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


@pytest.mark.parametrize("connector", UPDATE_CONNECTORS)
def test_metainfo_has_every_member_with_its_type(connector: str) -> None:
    document = update_metainfo(connector)
    assert (document["id"], document["name"]) == (connector, connector)
    assert document["description"]
    for part in _objects(document):
        assert part["fields"]
        for field in part["fields"]:
            assert {name: type(field[name]) for name in MEMBERS} == MEMBERS
            assert set(field) == {*MEMBERS, "values"}
            assert field["dataType"] in ("string", "int", "boolean", "date", "decimal", "blob")
            assert field["values"] is None or all(set(value) == {"id", "description"} for value in field["values"])


def test_metainfo_of_a_dossier_item() -> None:
    """The sample of profit-wire 3.4, but for the label, the texts of the codes and the object's fields."""
    document = update_metainfo("KnSubject")
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
    assert [name for name, field in fields.items() if field["mandatory"]] == ["StId", "Ds"]
    assert [each["name"] for each in document["objects"]] == ["KnSubjectLink", "KnSubjectAttachment"]


def test_the_schema_of_a_course_member_is_afas_own(afas: Path) -> None:
    """Byte for byte, but for the free fields of the environment it was taken from, which left only comments."""
    genuine = (afas / "xsd" / "KnCourseMember.xsd").read_text(encoding="utf-8").strip()
    without_free_fields = re.sub(r"(<!--[^>]*=>[^>]*-->)+(?=</xsd:sequence>)", "", genuine)
    assert update_schema("KnCourseMember") == without_free_fields


def test_the_schema_of_a_dossier_item_holds_afas_own_fields(afas: Path) -> None:
    """Each field with its comments, in the order of the genuine schema; keys of Element likewise."""
    genuine = (afas / "xsd" / "KnSubject.xsd").read_text(encoding="utf-8")
    ours = update_schema("KnSubject")
    field = r"(?:<!--[^>]*=?>?[^>]*-->)+<xsd:(?:element|attribute)[^>]*?(?:/>|>.*?</xsd:element>)"
    pieces = re.findall(field, ours)
    assert len(pieces) > 40
    positions = []
    at = 0
    for piece in pieces:
        assert piece in genuine, piece
        if "<xsd:element" in piece:
            at = genuine.index(piece, at)
            positions.append(at)
    assert positions == sorted(positions)


@pytest.mark.parametrize("connector", UPDATE_CONNECTORS)
def test_the_schema_is_one_line_and_a_schema(connector: str) -> None:
    text = update_schema(connector)
    assert "\n" not in text
    root = etree.fromstring(text)
    assert [child.get("name") for child in root] == ["AFASRowAction", connector]
    xmlschema.XMLSchema(text)


def test_the_schema_judges_updates() -> None:
    """A dossier item with a link passes; a code too long, and an attachment without action, do not."""
    schema = xmlschema.XMLSchema(update_schema("KnSubject"))
    good = (
        '<KnSubject><Element SbId="1"><Fields Action="insert"><StId>4</StId><Ds>Test</Ds><ViPr>H</ViPr></Fields>'
        '<Objects><KnSubjectLink><Element SbId="1"><Fields Action="insert"><ToBC>true</ToBC><BcId>1000001</BcId>'
        "</Fields></Element></KnSubjectLink></Objects></Element></KnSubject>"
    )
    assert schema.is_valid(good)
    assert not schema.is_valid(good.replace("<ViPr>H<", f"<ViPr>{'H' * 21}<"))
    assert not schema.is_valid(good.replace('<Fields Action="insert"><ToBC>', "<Fields><ToBC>"))


def test_an_unknown_connector_is_a_key_error() -> None:
    for describe in (update_metainfo, update_schema):
        with pytest.raises(KeyError):
            describe("KnNothing")
