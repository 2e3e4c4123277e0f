"""Names that are no XML names: the encoding of SQL Server's FOR XML and .NET's XmlConvert (profit-wire 2.4)."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from afas_soap.profit.names import column_name, xml_name


@pytest.mark.parametrize(
    ("column", "tag"),
    [
        ("DebtorId", "DebtorId"),
        ("GLN-DP-Delivery", "GLN-DP-Delivery"),
        ("Op voorraad", "Op_x0020_voorraad"),
        ("1e keus", "_x0031_e_x0020_keus"),
        ("Btw%", "Btw_x0025_"),
        ("a:b", "a_x003A_b"),
        ("Café", "Café"),
        ("-x", "_x002D_x"),
        ("_x0020_", "_x005F_x0020_"),
        ("_x002", "_x002"),
        ("prijs \U0001f600", "prijs_x0020__x0001F600_"),
    ],
)
def test_a_column_and_its_tag(column: str, tag: str) -> None:
    """Both directions, as .NET's XmlConvert.EncodeLocalName writes them."""
    assert xml_name(column) == tag
    assert column_name(tag) == column


def test_what_is_no_character_is_no_escape() -> None:
    """Half of a surrogate pair and a number above Unicode stay as they stand."""
    assert column_name("a_xD800_") == "a_xD800_"
    assert column_name("a_x00110000_") == "a_x00110000_"
    assert column_name("a_x0020_") == "a "
    assert column_name("a_x0020") == "a_x0020"


@given(st.text(alphabet="_x0020F5 -:ab\u00e9\U0001f600", min_size=1, max_size=24) | st.text(min_size=1, max_size=12))
def test_every_column_comes_back(column: str) -> None:
    """Whatever the column is called, its tag is an XML name and gives the column back."""
    tag = xml_name(column)
    assert column_name(tag) == column
    assert etree.fromstring(f"<{tag}/>").tag == tag
    assert ElementTree.fromstring(f"<{tag}/>").tag == tag
