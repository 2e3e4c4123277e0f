"""Updates as AFAS' XML: byte for byte what is written, in any encoding what is read, and what is refused."""

import datetime
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from afas_soap.errors import UpdateError
from afas_soap.profit.updates.fieldvalue import fault
from afas_soap.profit.updates.update import Action, Element, Part, Update
from afas_soap.profit.updates.updatexml import update_from_xml, update_to_xml

INSERT, UPDATE, DELETE = Action
SECRET = "Jansen 06-12345678"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def read(text: bytes | str, **options: object) -> Update:
    """The update in this document, of the connector X."""
    return update_from_xml(text, "X", **options)


def record(inside: str) -> str:
    return f"<X {XSI}><Element>{inside}</Element></X>"


def refused(data: bytes | str, **options: object) -> list[tuple[str, str]]:
    """Path and rule of everything that is wrong."""
    with pytest.raises(UpdateError) as caught:
        read(data, **options)
    assert caught.value.connector == "X"
    assert caught.value.__context__ is None, "what a parser raises may quote the document"
    return [(problem.path, problem.rule) for problem in caught.value.problems]


# The sample of profit-wire 4.1.
SAMPLE = """<KnSubject xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Element SbId="1957">
    <Fields Action="update">
      <Ds>Offerte aangepast</Ds>
      <Da xsi:nil="true"/>
    </Fields>
    <Objects>
      <KnSubjectLink>
        <Element>
          <Fields Action="update"><ToBC>1</ToBC><BcId>1000372</BcId></Fields>
        </Element>
      </KnSubjectLink>
    </Objects>
  </Element>
</KnSubject>"""


class TestWritten:
    """On one line, without a declaration."""

    def test_the_sample_of_the_facts(self) -> None:
        """Without the white space between its elements."""
        link = Element({"ToBC": "1", "BcId": "1000372"}, action=UPDATE)
        fields = {"Ds": "Offerte aangepast", "Da": None}
        element = Element(fields, {"SbId": "1957"}, UPDATE, (Part("KnSubjectLink", (link,)),))
        update = Update("KnSubject", "KnSubject", (element,))
        assert update_to_xml(update) == "".join(line.strip() for line in SAMPLE.splitlines())
        assert update_from_xml(SAMPLE, "KnSubject") == update

    def test_every_value(self) -> None:
        """What markup would take for its own, and what XML readers change, is escaped in text and attributes."""
        fields = {
            "Text": 'a<b>&"c"\'\r\n\t€𝄞',
            "Int": -7,
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
        keys = {"Code": 'a<b>&"c"\'\r\n\t€', "Id": 1, "Day": datetime.date(2023, 1, 22), "No": None}
        assert update_to_xml(Update("KnX", "KnY", (Element(fields, keys, DELETE),))) == (
            '<KnY xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            '<Element Code="a&lt;b&gt;&amp;&quot;c&quot;\'&#xD;&#xA;&#x9;€" Id="1" Day="2023-01-22">'
            '<Fields Action="delete">'
            '<Text>a&lt;b&gt;&amp;"c"\'&#xD;\n\t€𝄞</Text><Int>-7</Int><Bool>false</Bool><Dec>-0.50</Dec>'
            "<Float>0.0000001</Float><Date>2023-01-22</Date><At>2023-01-22T10:00:00</At>"
            "<Utc>2023-07-22T10:00:00</Utc><Time>10:00:00</Time><Blob>AP8=</Blob>"
            '<None xsi:nil="true"/><Empty xsi:nil="true"/><NoBytes xsi:nil="true"/>'
            "</Fields></Element></KnY>"
        )

    def test_several_and_nested(self) -> None:
        """Every record and row has its Action: nested updates fail without it (profit-wire 4.1)."""
        rows = (Element({"A": "1"}), Element(action=DELETE))
        update = Update("X", "X", (Element(action=UPDATE, objects=(Part("S", rows), Part("T", rows[:1]))), Element()))
        assert update_to_xml(update) == (
            f'<X {XSI}><Element><Fields Action="update"></Fields><Objects>'
            '<S><Element><Fields Action="insert"><A>1</A></Fields></Element>'
            '<Element><Fields Action="delete"></Fields></Element></S>'
            '<T><Element><Fields Action="insert"><A>1</A></Fields></Element></T>'
            '</Objects></Element><Element><Fields Action="insert"></Fields></Element></X>'
        )

    def test_a_root_is_needed(self) -> None:
        """Nobody may guess it; and what says so is no assertion, which ``python -O`` leaves out."""
        with pytest.raises(UpdateError, match="root element of X is not known: its schema tells it"):
            update_to_xml(Update("X", "", (Element(),)))


class TestRead:
    """AFAS' form, however it came to be written."""

    @pytest.mark.parametrize("stated", ["delete", "Delete", " DELETE "])
    @pytest.mark.parametrize(
        "element",
        [
            '<Element K="1"><Fields Action="?"><A>1</A></Fields></Element>',
            '<Element K="1"><Fields action="?"><A>1</A></Fields></Element>',
            '<Element K="1" Action="?"><Fields><A>1</A></Fields></Element>',
            '<Element action="?" K="1"><Fields Action="delete"><A>1</A></Fields></Element>',
            '<Element ACTION="?" K="1"><Fields><A>1</A></Fields></Element>',
        ],
    )
    def test_where_the_action_stands(self, element: str, stated: str) -> None:
        """On Fields, or on Element as in JSON, in any case; it is no key."""
        expected = Update("X", "X", (Element({"A": "1"}, {"K": "1"}, DELETE),))
        assert read(f"<X>{element.replace('?', stated)}</X>", action=UPDATE) == expected

    def test_an_action_that_is_not_told(self) -> None:
        """That of the record above; of the records themselves, what was asked for."""
        text = '<X><Element/><Element><Fields Action="delete"/><Objects><S><Element/></S></Objects></Element></X>'
        first, second = read(text, action=UPDATE).elements
        assert (first.action, second.action, second.objects[0].elements[0].action) == (UPDATE, DELETE, DELETE)
        assert read("<X><Element/></X>").action is INSERT

    def test_actions_of_a_sub_object(self) -> None:
        """What is asked for holds for its rows."""
        update = read(record("<Objects><S><Element/></S><T><Element/></T></Objects>"), action=DELETE, sub_object="S")
        s, t = update.elements[0].objects
        assert (update.elements[0].action, s.elements[0].action, t.elements[0].action) == (UPDATE, DELETE, UPDATE)
        assert update.action is DELETE

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("<A>x</A>", "x"),
            ("<A> x </A>", " x "),
            ("<A> </A>", " "),
            ("<A/>", None),
            ("<A></A>", None),
            ("<A><!-- nothing --></A>", None),
            ('<A xsi:nil="true"/>', None),
            ('<A xsi:nil=" 1 "></A>', None),
            ('<A xsi:nil="false">x</A>', "x"),
            ('<A xsi:nil="false"/>', None),
            ('<A xsi:type="xs:string">x</A>', "x"),
            ("<A>a<!-- no -->b<?no no?>c</A>", "abc"),
            ("<A><![CDATA[<b>&]]></A>", "<b>&"),
            ("<A>&lt;&amp;&#x20AC;&#13;\r\n\r</A>", "<&€\r\n\n"),
        ],
    )
    def test_values(self, field: str, value: str | None) -> None:
        """Every value is text; cleared by ``xsi:nil`` or by having none."""
        assert read(record(f"<Fields>{field}</Fields>")).elements == (Element({"A": value}),)

    def test_objects(self) -> None:
        """Those of one name are one; one without rows is none; comments and white space count for nothing."""
        objects = "<S><Element/></S> <!-- x --><N/><T><Element/></T><S>\n<Element/><!-- x --><Element/></S>"
        row = Element()
        assert read(record(f"<Fields/> <Objects>{objects}</Objects>")).elements == (
            Element(objects=(Part("S", (row, row, row)), Part("T", (row,)))),
        )
        assert read(record("<Objects/><Fields><A>1</A></Fields>")).elements == (Element({"A": "1"}),)

    def test_an_empty_key_is_none(self) -> None:
        """Profit hands the number out."""
        assert read('<X><Element K="" L="0"/></X>').elements == (Element(keys={"L": "0"}),)

    def test_a_root_of_another_name(self) -> None:
        """Kept as it is told."""
        assert update_from_xml("<FiEntryPar><Element/></FiEntryPar>", "FiEntries").root == "FiEntryPar"

    @pytest.mark.parametrize(
        ("data", "encoding"),
        [
            ("#", "utf-8"),
            ("\ufeff#", "utf-8"),
            ("\ufeff#", "utf-16-le"),
            ('<?xml version="1.0" encoding="ISO-8859-1"?>#', "latin-1"),
            ('<?xml version="1.0" encoding="windows-1252"?>#', "cp1252"),
            ('<?xml version="1.0" encoding="UTF-16"?>#', "utf-16"),
        ],
    )
    def test_encodings(self, data: str, encoding: str) -> None:
        """The one that is declared, or the one that the first bytes tell; a text is read as it is."""
        data = data.replace("#", "<X><Element><Fields><A>é&#x20ac;</A></Fields></Element></X>")
        assert read(data.encode(encoding)).elements == (Element({"A": "é€"}),)
        assert read(data.replace("&#x20ac;", "€")).elements == (Element({"A": "é€"}),)


def levels(count: int) -> str:
    """A document of sub-objects below each other, the record counted."""
    return (
        "<X>" + "<Element><Objects><S>" * (count - 1) + "<Element/>" + "</S></Objects></Element>" * (count - 1) + "</X>"
    )


class TestRefused:
    """What is no XML, and what is not AFAS' form: every problem with its path."""

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ("", "the XML is empty"),
            (b"\xef\xbb\xbf", "the XML is empty"),
            ("<X><Element>", "the XML ends before its end"),
            ("<X><Element></X>", "mismatched tag"),
            ("<X>&nbsp;</X>", "not well-formed"),
            ("<X><Element><Fields><A>\x07</A></Fields></Element></X>", "not well-formed"),
            ("<X><Element><Fields><A>&#7;</A></Fields></Element></X>", "not well-formed"),
            ("<X><Element><Fields><A>\ud800</A></Fields></Element></X>", "half of a surrogate pair"),
            ("<X a='1' a='1'/>", "not well-formed"),
            ("<X><Element><Fields><A xsi:nil='true'/></Fields></Element></X>", "not well-formed"),
            (b"<X><Element><Fields><A>\xe9</A></Fields></Element></X>", "not well-formed"),
            (b'<?xml version="1.0" encoding="klingon"?><X/>', "encoding"),
            ('{"X":{}}', "not well-formed"),
            ("<!DOCTYPE X><X><Element/></X>", "document type declaration"),
            ('<!DOCTYPE X [<!ENTITY a "b">]><X><Element><Fields><A>&a;</A></Fields></Element></X>', "DTD"),
            ("<X>" * 100_000, "not well-formed|ends before"),
            ("<X>" * 100_000 + "</X>" * 100_000, "not well-formed"),
        ],
    )
    def test_no_xml(self, data: bytes | str, words: str) -> None:
        """It says where, and never what."""
        assert refused(data) == [("", "xml")]
        with pytest.raises(UpdateError, match=words):
            read(data)

    @pytest.mark.parametrize(
        ("inside", "expected"),
        [
            ("<Fields><A>1</A><B/><A>1</A></Fields>", ("X/A", "twice")),
            ("<Fields/><Fields/>", ("X/Fields", "twice")),
            ("<Objects/><Objects/>", ("X/Objects", "twice")),
            ("<Fields><A><B>1</B></A></Fields>", ("X/A", "shape")),
            ('<Fields><A xsi:nil="true">1</A></Fields>', ("X/A", "shape")),
            ('<Fields><A xsi:nil=" 1 ">1</A></Fields>', ("X/A", "shape")),
            ('<Fields><A B="1">1</A></Fields>', ("X/A/@B", "shape")),
            ('<Fields K="1"/>', ("X/Fields/@K", "shape")),
            ('<Objects Action="update"/>', ("X/Objects/@Action", "shape")),
            ('<Objects><S K="1"><Element/></S></Objects>', ("X/S/@K", "shape")),
            ("<A>1</A>", ("X/A", "shape")),
            ("<fields/>", ("X/fields", "shape")),
            ("<Objects><S><A>1</A></S></Objects>", ("X/S/A", "shape")),
            ("<Objects><S><Element/><Element><B/></Element></S></Objects>", ("X/S[2]/B", "shape")),
            ("text", ("X", "shape")),
            ("\u00a0<Fields/>", ("X", "shape")),
            ("<Fields>text</Fields>", ("X/Fields", "shape")),
            ("<Fields><A>1</A>text</Fields>", ("X/Fields", "shape")),
            ("<Objects>text</Objects>", ("X/Objects", "shape")),
            ("<Objects><S>text<Element/></S></Objects>", ("X/S", "shape")),
            ('<Fields Action="upsert"/>', ("X/@Action", "action")),
            ('<Fields Action=""/>', ("X/@Action", "action")),
            ('<Fields Action="insert" action="update"/>', ("X/@Action", "action")),
            ('<Fields xmlns="urn:x"/>', ("X/Fields", "namespace")),
            ('<Fields><A xmlns="urn:x">1</A></Fields>', ("X/A", "namespace")),
            ('<Objects><n:S xmlns:n="urn:x"><Element/></n:S></Objects>', ("X/S", "namespace")),
            ("<Fields><é>1</é></Fields>", ("X/é", "name")),
        ],
    )
    def test_shapes(self, inside: str, expected: tuple[str, str]) -> None:
        """Also what would be lost if it were read over."""
        assert refused(record(inside)) == [expected]

    def test_around_the_records(self) -> None:
        """The root has Elements and nothing else."""
        assert refused("<X/>") == [("X", "no-record")]
        assert refused("<X>text<Element/></X>") == [("X", "shape")]
        assert refused("<X><Fields/></X>") == [("X/Fields", "shape")]
        assert refused('<X Action="update"><Element/></X>') == [("X/@Action", "shape")]
        assert refused('<X><Element Action="insert"><Fields Action="delete"/></Element></X>') == [
            ("X/@Action", "action")
        ]
        assert refused("<é><Element/></é>") == [("é", "name")]
        assert refused("<X><Element/></X>", sub_object="S") == [("X", "no-sub-object")]
        assert refused('<X xmlns="urn:x"><Element><Fields><A/></Fields></Element></X>') == [
            ("X", "namespace"),
            ("X/Element", "namespace"),
            ("X/Fields", "namespace"),
            ("X/A", "namespace"),
        ]

    def test_levels(self) -> None:
        """Six are fine, seven are not, hundreds neither."""
        assert read(levels(6)).elements
        for count in (7, 8, 50, 500):
            assert refused(levels(count)) == [("X" + "/S" * 6, "depth")]

    def test_messages(self) -> None:
        """The first is told, the others are counted, and the error survives a pickle."""
        with pytest.raises(
            UpdateError,
            match=r"^X/B: only Fields and Objects belong here\. And 1 more problem\. X/A: .* \[",
        ) as caught:
            read(record("<B/><Fields><A><C/></A></Fields>"))
        copy = pickle.loads(pickle.dumps(caught.value))
        assert (str(copy), copy.problems, copy.connector) == (str(caught.value), caught.value.problems, "X")

    @pytest.mark.parametrize(
        "text",
        [
            "<X>%s</X>",
            "<X><Element>%s<Fields><A>%s<B>%s</B></A></Fields></Element></X>",
            '<X><Element K="%s"><Fields Action="%s"/></Element></X>',
            '<X A="%s"><Element/></X>',
            "<X><Element><Fields><A>%s</B></Fields></Element></X>",
            "<X><Element><Fields><A>%s\x07</A></Fields></Element></X>",
            "<X><Element><Fields><A>%s &%s; </A></Fields></Element></X>",
            "%s",
            f'<X {XSI}><Element><Fields><A xsi:nil="true">%s</A></Fields></Element></X>',
        ],
    )
    def test_no_value_shows(self, text: str) -> None:
        """It may be personal."""
        with pytest.raises(UpdateError) as caught:
            read(text.replace("%s", SECRET))
        assert "Jansen" not in f"{caught.value!r} {caught.value} {caught.value.problems!r}"


XML_TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\t\r\n<>&\"' ]"), min_size=1).filter(
    lambda text: fault(text) is None
)


@given(XML_TEXT)
def test_every_text_survives(text: str) -> None:
    """CR, white space at either end and whatever else XML can carry, in a field and in a key; lxml is the judge."""
    update = Update("X", "X", (Element({"A": text}, {"K": text}),))
    spelt = update_to_xml(update)
    assert read(spelt) == update
    assert read(spelt.encode()) == update
    root = etree.fromstring(spelt)
    assert (root.findtext("Element/Fields/A"), root[0].get("K")) == (text, text)
