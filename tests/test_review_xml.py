"""XML that means harm: no spelling of it gets a DTD, an entity or a deep nest past the readers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from afas_soap.errors import AnswerError, QueryError
from afas_soap.profit import xmlsafe
from afas_soap.profit.questions.filterxml import filters_from_xml
from afas_soap.profit.readers.envelope import simple_result, soap_rows, xml_rows
from afas_soap.profit.readers.faults import read_fault
from afas_soap.profit.readers.inline import fields_from_schema

XSD = "http://www.w3.org/2001/XMLSchema"
# libxml2 puts entities into attributes whatever it is told about entities, and without limit where texts may be huge.
BOMB = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;">]><a b="&m;">&m;</a>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>'

READERS: dict[str, Callable[[bytes], object]] = {
    "whole": xmlsafe.parse,
    "rows": lambda data: list(xml_rows([data])),
    "soap": lambda data: list(soap_rows([data])),
    "result": simple_result,
    "schema": fields_from_schema,
}


def encoded(document: str) -> list[bytes]:
    """The document in every encoding that one of the two XML libraries may recognize."""
    declared = {name: f'<?xml version="1.0" encoding="{name}"?>{document}' for name in ("UTF-16", "UTF-7", "IBM037")}
    return [
        document.encode(),
        b"\xef\xbb\xbf" + document.encode(),
        f'<?xml version="1.1"?>{document}'.encode(),
        document.encode("utf-16"),
        document.encode("utf-32-be"),
        document.encode("utf-32-le"),
        document.encode("utf-32"),
        declared["UTF-16"].encode(),
        declared["UTF-7"].encode(),
        declared["IBM037"].encode(),
        declared["IBM037"].encode("cp037"),
        f'<?xml version="1.0" encoding="gb18030"?>{document}'.encode("gb18030"),
        f'<?xml version="1.0" encoding="UTF-7"?>{document}'.replace("<!D", "+ADwAIQ-D").encode(),
    ]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("document", [BOMB, OUTSIDE], ids=["bomb", "outside"])
@pytest.mark.parametrize("number", range(len(encoded(BOMB))))
def test_a_dtd_is_refused_in_every_encoding(reader: str, document: str, number: int) -> None:
    with pytest.raises(AnswerError) as caught:
        READERS[reader](encoded(document)[number])
    assert "lol" not in str(caught.value)
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize("number", range(len(encoded(BOMB))))
def test_a_fault_or_filter_with_a_dtd_is_none(number: int) -> None:
    fault = BOMB.replace("<a b", "<Fault b").replace("</a>", "</Fault>")
    assert read_fault(encoded(fault)[number]) is None


def test_xinclude_is_a_row_like_any_other_and_includes_nothing() -> None:
    """An element of XInclude's is not the connector's: no reader follows it."""
    include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    with pytest.raises(AnswerError):
        list(xml_rows([f"<AfasGetConnector>{include}</AfasGetConnector>".encode()], connector="Debtors"))
    with pytest.raises(QueryError, match="holds another element"):
        filters_from_xml(
            f'<Filters><Filter FilterId="1"><Field FieldId="A" OperatorType="1">{include}</Field></Filter></Filters>'
        )


@pytest.mark.parametrize("depth", [101, 2_000, 200_000])
@pytest.mark.parametrize("escaped", [False, True], ids=["xml", "soap"])
def test_a_schema_of_any_depth_is_an_error_of_ours_and_soon(depth: int, escaped: bool) -> None:
    nest = "<s:group>" * depth + "</s:group>" * depth
    document = f'<AfasGetConnector><s:schema xmlns:s="{XSD}">{nest}</s:schema></AfasGetConnector>'
    if escaped:
        text = document.replace("<", "&lt;").replace(">", "&gt;")
        document = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            '<GetDataResponse xmlns="urn:Afas.Profit.Services"><GetDataResult>'
            f"{text}</GetDataResult></GetDataResponse></s:Body></s:Envelope>"
        )
    begun = time.process_time()
    with pytest.raises(AnswerError, match="nested more than 100 deep"):
        READERS["soap" if escaped else "rows"](document.encode())
    assert time.process_time() - begun < 5


def test_a_schema_in_a_file_may_be_as_deep_as_libxml2_takes() -> None:
    """Some 2,000 levels, which no recursion of Python's survives."""
    nest = "<s:group>" * 1_500 + "</s:group>" * 1_500
    with pytest.raises(AnswerError, match="one root element"):
        fields_from_schema(f'<s:schema xmlns:s="{XSD}">{nest}</s:schema>')


def test_columns_keep_their_order_at_any_depth() -> None:
    columns = [f'<s:element name="C{number}" type="s:string"/>' for number in range(6)]
    inside = f"<s:sequence>{columns[0]}<s:sequence>{columns[1]}{columns[2]}</s:sequence>{columns[3]}</s:sequence>"
    row = f"<s:complexType>{inside}<s:all>{columns[4]}</s:all>{columns[5]}</s:complexType>"
    schema = f'<s:schema xmlns:s="{XSD}"><s:element name="Root"><s:complexType><s:choice><s:element name="X">'
    schema += f"{row}</s:element></s:choice></s:complexType></s:element></s:schema>"
    assert fields_from_schema(schema).names == ("C0", "C1", "C2", "C3", "C4", "C5")


def test_the_message_about_a_dtd_quotes_nothing() -> None:
    with pytest.raises(AnswerError) as caught:
        xmlsafe.parse(b'<!DOCTYPE a [<!ENTITY geheim "geheim">]><a/>')
    assert not re.search("geheim", str(caught.value))
