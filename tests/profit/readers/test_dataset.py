"""What a .NET DataSet makes of our documents, read by both readers: literals of what mono's System.Data wrote."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.envelope import XmlDocument, xml_rows
from afas_soap.profit.readers.fastrows import open_rows
from afas_soap.profit.readers.inline import file_schema
from afas_soap.profit.readers.rowreader import RowReader
from afas_soap.profit.rows import TYPED, Reading, Rows

Read = Callable[..., Rows]
FIELDS = Fields("Projecten", (Field("ProjectId"), Field("DateStart", Kind.DATETIME, "dateTime")))
SCHEMA = """
  <xs:schema id="{root}" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema"
      xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">
    <xs:element name="{root}" msdata:IsDataSet="true" msdata:MainDataTable="Projecten" msdata:UseCurrentLocale="true">
      <xs:complexType>
        <xs:choice minOccurs="0" maxOccurs="unbounded">
          <xs:element name="Projecten">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="ProjectId" type="xs:string" />
                <xs:element name="DateStart"{mode} type="xs:dateTime" minOccurs="0" />
              </xs:sequence>
            </xs:complexType>
          </xs:element>
        </xs:choice>
      </xs:complexType>
      <xs:unique name="Constraint1" msdata:PrimaryKey="true">
        <xs:selector xpath=".//Projecten" />
        <xs:field xpath="ProjectId" />
      </xs:unique>
    </xs:element>
  </xs:schema>"""
ROWS = """
  <Projecten{one}>
    <ProjectId>P1</ProjectId>
    <DateStart>2019-01-01T00:00:00+01:00</DateStart>
  </Projecten>
  <Projecten{two}>
    <ProjectId>P2</ProjectId>
  </Projecten>"""
PLAIN = ROWS.format(one="", two="")
DIFFGRAM = """
<diffgr:diffgram xmlns:msdata="urn:schemas-microsoft-com:xml-msdata"
    xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1">
  <{root}>{rows}
  </{root}>
  <diffgr:before>
    <Projecten diffgr:id="Projecten1" msdata:rowOrder="0"><ProjectId>old</ProjectId><Deep><er/></Deep></Projecten>
    <Projecten diffgr:id="Projecten9" msdata:rowOrder="8"><ProjectId>deleted</ProjectId></Projecten>
  </diffgr:before>
  <diffgr:errors>
    <Projecten diffgr:id="Projecten1" diffgr:Error="text" />
  </diffgr:errors>
</diffgr:diffgram>"""
CHANGED = ROWS.format(
    one=' diffgr:id="Projecten1" msdata:rowOrder="0" diffgr:hasChanges="modified"',
    two=' diffgr:id="Projecten2" msdata:rowOrder="1" diffgr:hasChanges="inserted" msdata:hiddenName="x"',
)
EXPECTED = [
    {"ProjectId": "P1", "DateStart": datetime.datetime(2019, 1, 1)},
    {"ProjectId": "P2", "DateStart": None},
]
TEXTS = [{"ProjectId": "P1", "DateStart": "2019-01-01T00:00:00+01:00"}, {"ProjectId": "P2"}]


def general_rows(chunks: list[bytes], *, fields: Fields | None = None, reading: Reading = TYPED) -> Rows:
    return open_rows(XmlDocument(RowReader(connector=None, fields=fields, reading=reading)), chunks, fast=False)


@pytest.fixture(params=[general_rows, xml_rows])
def read(request: pytest.FixtureRequest) -> Read:
    """Each of the two ways."""
    way: Read = request.param
    return way


def schema(root: str = "NewDataSet", mode: str = "") -> str:
    return SCHEMA.format(root=root, mode=f' msdata:DateTimeMode="{mode}"' if mode else "")


@pytest.mark.parametrize("root", ["AfasGetConnector", "NewDataSet", "DocumentElement", "Klanten", "Mijn_x0020_set"])
def test_with_its_schema(read: Read, root: str) -> None:
    """Whatever it is called: its schema says that this is its root."""
    data = f'<?xml version="1.0" standalone="yes"?>\n<{root}>{schema(root)}{PLAIN}\n</{root}>'.encode()
    assert list(read([data])) == EXPECTED
    assert list(read([data[at : at + 1] for at in range(len(data))])) == EXPECTED


@pytest.mark.parametrize("root", ["AfasGetConnector", "NewDataSet", "DocumentElement"])
def test_without_a_schema(read: Read, root: str) -> None:
    """As text, or with the columns that are given."""
    data = f"<{root}>{PLAIN}\n</{root}>".encode()
    assert list(read([data])) == TEXTS
    assert list(read([data], fields=FIELDS)) == EXPECTED


@pytest.mark.parametrize("root", ["AfasGetConnector", "NewDataSet", "Klanten"])
def test_a_diffgram(read: Read, root: str) -> None:
    """The rows as they are; what they were, and what was deleted, is none of them."""
    data = DIFFGRAM.format(root=root, rows=CHANGED).encode()
    assert list(read([data])) == TEXTS
    assert list(read([data], fields=FIELDS)) == EXPECTED
    assert list(read([data[at : at + 7] for at in range(0, len(data), 7)], fields=FIELDS)) == EXPECTED


def test_a_diffgram_of_nothing(read: Read) -> None:
    """A DataSet without rows, and one of which all were deleted."""
    head = '<diffgr:diffgram xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1"'
    assert list(read([f"{head} />".encode()])) == []
    before = "<diffgr:before><P><A>1</A></P></diffgr:before>"
    assert list(read([f"{head}>{before}</diffgr:diffgram>".encode()])) == []


@pytest.mark.parametrize("root", ["DataSet", "DataTable"])
def test_as_a_web_service_gives_it(read: Read, root: str) -> None:
    """The schema, and a diffgram beside it."""
    data = f'<{root} xmlns="http://example.org/">{schema()}{DIFFGRAM.format(root="NewDataSet", rows=CHANGED)}</{root}>'
    assert list(read([data.encode()])) == EXPECTED


def test_a_namespace_of_its_own(read: Read) -> None:
    """Names are local ones, as in any other document."""
    data = f'<NewDataSet xmlns="http://example.org/">{schema()}{PLAIN}</NewDataSet>'
    assert list(read([data.encode()])) == EXPECTED


@pytest.mark.parametrize("way", [[], ["fields"]])
def test_moments(read: Read, way: list[str]) -> None:
    """Where the schema says so an offset names the moment, whichever machine wrote it; without that nobody knows."""
    rows = PLAIN.replace("2019-01-01T00:00:00+01:00", "2018-12-31T18:00:00-05:00")
    given = {"fields": FIELDS} if way else {}
    for root in ("NewDataSet", "AfasGetConnector"):
        local = f"<{root}>{schema(root, 'Local')}{rows}</{root}>".encode()
        assert list(read([local], **given)) == EXPECTED
        dates = read([local], **given, reading=Reading(dates=("DateStart",)))
        assert next(dates)["DateStart"] == datetime.date(2019, 1, 1)
        for mode in ("", "Unspecified", "UnspecifiedLocal"):
            with pytest.raises(AnswerError, match=r"row 1, column DateStart: .* not Amsterdam's then"):
                list(read([f"<{root}>{schema(root, mode)}{rows}</{root}>".encode()], **given))


def test_our_own_schema_comes_back(read: Read) -> None:
    """The one of files, with zones and without."""
    for aware, mode in ((False, "Unspecified"), (True, "Local")):
        text = file_schema(FIELDS, aware=aware)
        assert f'msdata:DateTimeMode="{mode}"' in text
        rows = read([f"<AfasGetConnector>{text}{PLAIN}</AfasGetConnector>".encode()])
        assert rows.fields == FIELDS
        assert list(rows) == EXPECTED


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (f"<Klanten>{PLAIN}</Klanten>", "its root has another name"),
        (f"<Klanten>{SCHEMA.format(root='Anders', mode='')}{PLAIN}</Klanten>", "its root has another name"),
        (f"<Klanten>{file_schema(FIELDS)}{PLAIN}</Klanten>", "its root has another name"),
        ("<Klanten/>", "its root has another name"),
        (DIFFGRAM.format(root="NewDataSet", rows="text"), "text outside any column"),
        (DIFFGRAM.format(root="NewDataSet", rows="").replace("<diffgr:before>", "x<diffgr:before>"), "text outside"),
        (DIFFGRAM.format(root="NewDataSet", rows="<A><B>1</B></A><C/>"), "row 2 is not the connector's"),
        (f"<NewDataSet>{PLAIN}{SCHEMA.format(root='NewDataSet', mode='')}</NewDataSet>", "in the middle of the rows"),
    ],
)
def test_what_is_none(read: Read, data: str, reason: str) -> None:
    """Another document, or one that is wrong."""
    with pytest.raises(AnswerError, match=reason):
        list(read([data.encode()]))


def test_cut_off(read: Read) -> None:
    """Also within what is passed over."""
    data = DIFFGRAM.format(root="NewDataSet", rows=CHANGED).strip().encode()
    for end in range(5, len(data), 11):
        with pytest.raises(CutOff):
            list(read([data[:end]]))
