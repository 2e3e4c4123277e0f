"""The XSD of an UpdateConnector: AFAS' own eight, the oddities they have, and what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from afas_soap.errors import AnswerError
from afas_soap.profit.schemas.schemaxsd import relaxed, schema_from_xsd, split_codes
from afas_soap.profit.schemas.updateschema import TYPES, FieldRule, Shape

XSD = "http://www.w3.org/2001/XMLSchema"
TEXT80 = (
    '<xsd:simpleType><xsd:restriction base="xsd:string"><xsd:maxLength value="80"/><xsd:minLength value="1"/>'
    "</xsd:restriction></xsd:simpleType>"
)
GENUINE = (
    "FbSubscription",
    "KnContact",
    "KnCourseMember",
    "KnProvApplication",
    "KnSalesRelationPer",
    "KnSubject",
    "KnSubjectWorkflowReaction",
    "PtProject",
)


def document(inside: str) -> str:
    """A schema with these declarations beside AFAS' own type of actions."""
    return (
        f'<xsd:schema xmlns:xsd="{XSD}"><xsd:simpleType name="AFASRowAction"><xsd:restriction base="xsd:string">'
        '<xsd:enumeration value="insert"/><xsd:enumeration value="update"/><xsd:enumeration value="delete"/>'
        f"</xsd:restriction></xsd:simpleType>{inside}</xsd:schema>"
    )


def connector(fields: str = "", objects: str = "", keys: str = "", *, name: str = "KnDemo", more: str = "") -> str:
    """One object in AFAS' look."""
    below = f'<xsd:element name="Objects" minOccurs="0">{_sequence(objects)}</xsd:element>' if objects else ""
    action = '<xsd:attribute name="Action" use="required" type="AFASRowAction"/>'
    inner = f'<xsd:element name="Fields" minOccurs="0">{_sequence(fields, action)}</xsd:element>{below}'
    row = f'<xsd:element name="Element" maxOccurs="unbounded">{_sequence(inner, keys)}</xsd:element>'
    return f'<xsd:element name="{name}"{more}>{_sequence(row)}</xsd:element>'


def _sequence(inside: str, attributes: str = "") -> str:
    return f"<xsd:complexType><xsd:sequence>{inside}</xsd:sequence>{attributes}</xsd:complexType>"


def shape(fields: str = "", objects: str = "", keys: str = "") -> Shape:
    """What is read of such a connector."""
    return schema_from_xsd(document(connector(fields, objects, keys)), "KnDemo").root


def field(declaration: str) -> FieldRule:
    """The one field that is declared."""
    (rule,) = shape(declaration).fields.values()
    return rule


class TestGenuine:
    """AFAS' own schemas."""

    @pytest.mark.parametrize("name", GENUINE)
    def test_each_is_read(self, afas: Path, name: str) -> None:
        """The root is what the schema says; every type is a known one, every field has a label."""
        text = (afas / "xsd" / f"{name}.xsd").read_text("utf-8")
        schema = schema_from_xsd(text, name)
        assert (schema.connector, schema.text) == (name, text)
        assert schema.root.name == ("KnWorkflow" if name == "KnSubjectWorkflowReaction" else name)
        shapes = [schema.root]
        for each in shapes:
            shapes += each.objects.values()
            for rule in (*each.fields.values(), *each.keys.values()):
                assert rule.type in TYPES
                assert rule.mandatory is None
        declared = sum(len(each.fields) + len(each.objects) for each in shapes)
        # One element each for the root, and Element, Fields and Objects of every object.
        frame = 1 + sum(2 + bool(each.objects) for each in shapes)
        assert text.count("<xsd:element ") == declared + frame

    def test_a_workflow_reaction(self, afas: Path) -> None:
        """Labels, references, codes, keys and limits, as they stand there."""
        root = schema_from_xsd((afas / "xsd" / "KnSubjectWorkflowReaction.xsd").read_text("utf-8"), "x").root
        assert list(root.objects) == ["KnReactionAttachment", "KnReactionLabel", "KnReactionEmoji"]
        assert root.fields["SbId"] == FieldRule("SbId", "long", nillable=False, label="Dossieritem")
        assert root.fields["VaRe"] == FieldRule(
            "VaRe",
            max_length=20,
            label="Reactie zichtbaar",
            reference="Tabelwaarde,Reactie zichtbaar => AfasKnCodeTableValue",
            codes=(("I", "Intern"), ("EI", "Extern en intern")),
        )
        emoji = root.objects["KnReactionEmoji"].keys["EmNa"]
        assert (emoji.label, emoji.type, emoji.codes[0]) == ("Emoji naam", "string", ("thumbsup", "thumbsup"))

    def test_what_was_taken_out_leaves_its_comment(self, afas: Path) -> None:
        """The label next to a field is its own, not that of a custom field that stood there."""
        root = schema_from_xsd((afas / "xsd" / "PtProject.xsd").read_text("utf-8"), "PtProject").root
        labels = [rule.label for rule in root.fields.values()]
        assert not {"Fonds", "Kennisgebied"} & set(labels)
        assert all(not label.startswith("Values") for label in labels)


class TestFields:
    """One field, with what stands in front of it."""

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ("xsd:long", "long"),
            ("xsd:integer", "long"),
            ("xsd:boolean", "boolean"),
            ("xsd:date", "date"),
            ("xsd:dateTime", "dateTime"),
            ("xsd:time", "time"),
            ("AFASRowAction", "string"),
        ],
    )
    def test_types_by_name(self, declared: str, expected: str) -> None:
        """A declared type; what is not known is a text."""
        assert field(f'<xsd:element name="X" type="{declared}" nillable="true"/>') == FieldRule("X", expected)

    def test_types_with_limits(self) -> None:
        """Lengths and digits; a limit that is no number is none here."""
        assert field(f'<xsd:element name="X">{TEXT80}</xsd:element>') == FieldRule("X", max_length=80, nillable=False)
        digits = (
            '<xsd:simpleType><xsd:restriction base="xsd:decimal"><xsd:totalDigits value="26"/>'
            '<xsd:fractionDigits value="ten"/></xsd:restriction></xsd:simpleType>'
        )
        found = field(f'<xsd:element name="X" nillable="1">{digits}</xsd:element>')
        assert found == FieldRule("X", "decimal", total_digits=26)
        base64 = '<xsd:simpleType><xsd:restriction base="xsd:base64Binary"/></xsd:simpleType>'
        assert field(f'<xsd:element name="X">{base64}</xsd:element>').type == "base64Binary"

    def test_either_of_several_types(self) -> None:
        """Dates and times are of the first one, and may be another; of anything else xmlschema alone judges."""
        for members, first in (("xsd:dateTime xsd:date", "dateTime"), ("xsd:date xsd:time", "date")):
            union = f'<xsd:simpleType><xsd:union memberTypes="{members}"/></xsd:simpleType>'
            found = field(f'<xsd:element name="X">{union}</xsd:element>')
            assert (found.type, found.either) == (first, True)
        for members in ("xsd:boolean xsd:date", "", " ", "own", "xsd:date xsd:string"):
            union = f'<xsd:simpleType><xsd:union memberTypes="{members}"/></xsd:simpleType>'
            found = field(f'<xsd:element name="X">{union}</xsd:element>')
            assert (found.type, found.either) == ("string", False)
        assert field('<xsd:element name="X"/>').type == "string"

    @pytest.mark.parametrize(
        ("comments", "expected"),
        [
            ("", ("", "", ())),
            ("<!----><!---->", ("", "", ())),
            ("<!--Naam-->", ("Naam", "", ())),
            ("<!--Of (zo)-->", ("Of (zo)", "", ())),
            (
                "<!--Duur (verwijzing naar: Tabelwaarde,(Afwijkende) duur => AfasX)-->",
                ("Duur", "Tabelwaarde,(Afwijkende) duur => AfasX", ()),
            ),
            ("<!--Prio--><!--Values:  H:HOOG   N:Normaal-->", ("Prio", "", (("H", "HOOG"), ("N", "Normaal")))),
            ("<!--Values:  H:HOOG-->", ("", "", (("H", "HOOG"),))),
            ("<!--Weg--><!--Values:  H:HOOG--><!--Naam-->", ("Naam", "", ())),
            ("<!--Naam--><?pi?>", ("", "", ())),
        ],
    )
    def test_comments(self, comments: str, expected: tuple[object, ...]) -> None:
        """Label, reference and codes; only the last comments are about the field."""
        found = field(f'{comments}<xsd:element name="X" type="xsd:long"/>')
        assert (found.label, found.reference, found.codes) == expected

    def test_our_own_attributes(self) -> None:
        """What metainfo knows: mandatory or not, and codes that no comment can carry; a broken list is none."""

        def own(attribute: str) -> FieldRule:
            return field(f'<xsd:element name="X" xmlns:m="urn:afas-soap:metainfo" {attribute}/>')

        assert own('m:mandatory="true"').mandatory is True
        assert own('m:mandatory="false"').mandatory is False
        assert own("""m:codes='[["a:b","c"]]'""").codes == (("a:b", "c"),)
        for broken in ("[1]", "[", '[["a"]]', "7"):
            assert own(f"m:codes='{broken}'").codes == ()


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Values:  A:Een", (("A", "Een"),)),
        ("Values:  A:Een   B:", (("A", "Een"), ("B", ""))),
        ("Values:  A:om 10:30   -5:Twee  blanks", (("A", "om 10:30"), ("-5", "Twee  blanks"))),
        ("Values:", ()),
        ("Values:  A", ()),
        ("Values:  A:Een   Twee", ()),
        ("Values:  A:Een   :Twee", ()),
        ("Values:  A:Een   A:Twee", ()),
        ("Values:  A:Een    B:Twee", ()),
    ],
)
def test_codes(comment: str, expected: tuple[tuple[str, str], ...]) -> None:
    """Three blanks between, a colon after the code; what does not split cleanly gives no list at all."""
    assert split_codes(comment) == expected


class TestShape:
    """Objects, keys and levels."""

    def test_objects_and_keys(self) -> None:
        """Order is kept; an object may have no Fields, or Objects of any content."""
        below = connector(name="KnSub", keys='<!--Sleutel--><xsd:attribute name="Id" use="required" type="xsd:long"/>')
        bare = '<xsd:element name="KnBare"><xsd:complexType><xsd:sequence><xsd:element name="Element"/>'
        found = shape("", f"{below}{bare}</xsd:sequence></xsd:complexType></xsd:element>")
        key = FieldRule("Id", "long", nillable=False, label="Sleutel")
        assert found == Shape("KnDemo", objects={"KnSub": Shape("KnSub", keys={"Id": key}), "KnBare": Shape("KnBare")})

    def test_a_declaration_and_blanks_in_front(self) -> None:
        """The text of a file is read as it is."""
        text = f'\n<?xml version="1.0" encoding="utf-16"?>{document(connector())}'
        assert schema_from_xsd(text, "KnDemo").root == Shape("KnDemo")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "the XML is empty"),
            ("<a/>", "this is no schema of an UpdateConnector"),
            (document(""), "it declares 0 root elements"),
            (document(connector() + connector(name="B")), "it declares 2 root elements"),
            (document('<xsd:element name="A"/>'), "A has no Element"),
            (document("<xsd:element/>"), "something without a name"),
            (document(connector("<xsd:element/>")), "something without a name"),
            (document('<xsd:include schemaLocation="a.xsd"/>' + connector()), "xsd:include"),
            (document('<xsd:import namespace="urn:x"/>' + connector()), "xsd:import"),
            (document('<xsd:redefine schemaLocation="a.xsd"/>' + connector()), "xsd:redefine"),
        ],
    )
    def test_what_is_none(self, text: str, message: str) -> None:
        """Said, and never half read."""
        with pytest.raises(AnswerError, match=message):
            schema_from_xsd(text, "KnDemo")

    def test_too_many_levels(self) -> None:
        """A schema without end is refused before Python's stack is."""
        text = connector()
        for _ in range(40):
            text = connector(objects=text)
        with pytest.raises(AnswerError, match="more than 30 levels"):
            schema_from_xsd(document(text), "KnDemo")


def test_relaxed() -> None:
    """Keys may be left out, whatever AFAS says; the action stays as it is, and the comments go."""
    text = document(connector(keys='<!--Sleutel--><xsd:attribute name="Id" use="required" type="xsd:long"/>'))
    found = relaxed(text)
    assert '<xsd:attribute name="Id" use="optional" type="xsd:long"/>' in found
    assert '<xsd:attribute name="Action" use="required" type="AFASRowAction"/>' in found
    assert "<!--" not in found


def test_no_pattern_stays() -> None:
    """One of somebody else's may take for ever on a text."""
    pattern = '<xsd:restriction base="xsd:string"><xsd:pattern value="(a+)+b"/></xsd:restriction>'
    text = document(connector(f'<xsd:element name="X"><xsd:simpleType>{pattern}</xsd:simpleType></xsd:element>'))
    assert relaxed(text) == text.replace('<xsd:pattern value="(a+)+b"/>', "").replace(
        '<xsd:restriction base="xsd:string"></xsd:restriction>', '<xsd:restriction base="xsd:string"/>'
    )
