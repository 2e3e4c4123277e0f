"""The inline schema: AFAS' own byte layout, and every layout that was recorded."""

import pathlib

import pytest
import xmlschema

from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.inline import fields_from_schema, file_schema, inline_schema

# profit-wire 2.4, as recorded: no white space, the slash right behind the last quote.
RECORDED = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector"><xs:complexType>'
    '<xs:choice maxOccurs="unbounded"><xs:element name="MyStock"><xs:complexType><xs:sequence>'
    '<xs:element name="Itemcode" type="xs:string" minOccurs="0"/>'
    '<xs:element name="InStock" type="xs:decimal" minOccurs="0"/>'
    "</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
)
STOCK = Fields("MyStock", (Field("Itemcode"), Field("InStock", Kind.DECIMAL, "decimal")))


def test_written_as_recorded() -> None:
    """Byte for byte, and read back the same."""
    assert inline_schema(STOCK) == RECORDED
    assert fields_from_schema(RECORDED) == STOCK
    assert fields_from_schema(RECORDED.encode()) == STOCK


MOMENTS = Fields(
    "X",
    (
        Field("A"),
        Field("T", Kind.DATETIME, "dateTime"),
        Field("D", Kind.DATE, "date"),
    ),
)


@pytest.mark.parametrize(("aware", "mode"), [(False, "Unspecified"), (True, "Local")])
def test_of_a_file(aware: bool, mode: str) -> None:
    """No row is needed, and a DataSet is told how to take date-times; dates have no offset in any case."""
    assert file_schema(MOMENTS, aware=aware) == (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">'
        '<xs:element name="AfasGetConnector"><xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded">'
        '<xs:element name="X"><xs:complexType><xs:sequence><xs:element name="A" type="xs:string" minOccurs="0"/>'
        f'<xs:element name="T" type="xs:dateTime" msdata:DateTimeMode="{mode}" minOccurs="0"/>'
        '<xs:element name="D" type="xs:date" msdata:DateTimeMode="Unspecified" minOccurs="0"/>'
        "</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
    )


def test_of_a_file_without_times() -> None:
    """Nothing of .NET stands in it."""
    assert file_schema(STOCK) == RECORDED.replace("<xs:choice ", '<xs:choice minOccurs="0" ')


@pytest.mark.parametrize("fields", [STOCK, MOMENTS])
def test_of_a_file_validates(fields: Fields) -> None:
    """Rows or none; AFAS' own layout wants one at least."""
    schema = xmlschema.XMLSchema(file_schema(fields))
    schema.validate("<AfasGetConnector/>")
    schema.validate(f"<AfasGetConnector>{f'<{fields.connector}/>' * 2}</AfasGetConnector>")
    assert not xmlschema.XMLSchema(inline_schema(fields)).is_valid("<AfasGetConnector/>")


def test_names_that_are_no_xml_names() -> None:
    """Written encoded, read decoded, in the connector's name too."""
    fields = Fields("Mijn voorraad", (Field("Op voorraad", Kind.INT, "long"),))
    text = inline_schema(fields)
    assert '<xs:element name="Mijn_x0020_voorraad">' in text
    assert '<xs:element name="Op_x0020_voorraad" type="xs:long" minOccurs="0"/>' in text
    assert fields_from_schema(text) == fields


def test_any_prefix_and_white_space() -> None:
    """A schema as another tool writes it: default namespace, white space, comments, types as restrictions."""
    text = """<?xml version="1.0"?>
    <AfasGetConnector>
      <schema xmlns="http://www.w3.org/2001/XMLSchema"><!-- a comment -->
        <element
            name="AfasGetConnector"><complexType><choice maxOccurs="unbounded"><element name="P"><complexType>
          <sequence>
            <element name="A" type="int"/>
            <element name="B"><simpleType>
              <restriction base="dateTime"><minLength value="1"/></restriction></simpleType></element>
            <element name="C"><simpleType><restriction/></simpleType></element>
            <element name="D"/>
            <element name="E" type="geheim"/>
          </sequence></complexType></element></choice></complexType></element>
      </schema><P><A>1</A></P></AfasGetConnector>"""
    fields = fields_from_schema(text)
    assert fields.connector == "P"
    assert [(field.name, field.kind, field.declared, field.known) for field in fields] == [
        ("A", Kind.INT, "int", True),
        ("B", Kind.DATETIME, "dateTime", True),
        ("C", Kind.TEXT, "string", True),
        ("D", Kind.TEXT, "string", True),
        ("E", Kind.TEXT, "geheim", False),
    ]


def test_no_columns_is_a_schema_too() -> None:
    """A connector without columns keeps its name."""
    assert fields_from_schema(inline_schema(Fields("X", ()))) == Fields("X", ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<AfasGetConnector/>", "holds no schema"),
        ('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>', "declares 0 elements where one root element"),
        (RECORDED.replace('"InStock"', '"Itemcode"'), "declares column Itemcode twice"),
        (RECORDED.replace(' name="InStock"', ""), "without a name"),
        (
            RECORDED.replace("</xs:choice>", '<xs:element name="Other"/></xs:choice>'),
            "declares 2 elements where one kind of row",
        ),
    ],
)
def test_what_is_no_schema_of_rows(text: str, reason: str) -> None:
    """Refused with what is expected."""
    with pytest.raises(AnswerError, match=reason):
        fields_from_schema(text)


def test_the_genuine_update_schemas_are_no_row_schemas(afas: pathlib.Path) -> None:
    """An XSD of an UpdateConnector is not taken for columns by accident: it is nested."""
    for path in sorted((afas / "xsd").glob("*.xsd")):
        fields = fields_from_schema(path.read_bytes())
        assert fields.connector == "Element"
