"""Characters that XML cannot carry, replaced and counted."""

from __future__ import annotations

import logging

import pytest

from afas_soap.profit.controls import Controls, is_character, unfit

REPLACED = "&#xFFFD;"


def replaced(text: str, *, escaped: bool = False) -> tuple[str, int]:
    """The text and how many were replaced; the same in pieces of any size."""
    data, controls = text.encode(), Controls()
    found = b"".join(controls.replaced([data], escaped=escaped))
    for size in (1, 2, 3, 7):
        again = Controls()
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        assert b"".join(again.replaced(pieces, escaped=escaped)) == found
        assert again == controls
    return found.decode(), controls.count


@pytest.mark.parametrize(
    "reference",
    [
        *("&#x1;", "&#1;", "&#x01;", "&#x0000001F;", "&#0;", "&#xFFFF;", "&#xfffe;", "&#xD800;", "&#x110000;"),
        *("&#9999999999999999999999;", "\x01", "\x0b", "\x1f", "\x00", "\ufffe", "\uffff"),
    ],
)
@pytest.mark.parametrize("escaped", [False, True])
def test_each_is_replaced(reference: str, escaped: bool) -> None:
    """By number, in both notations, and as it is."""
    assert replaced(f"<a>x{reference}y</a>", escaped=escaped) == (f"<a>x{REPLACED}y</a>", 1)


@pytest.mark.parametrize(
    "text", ["&#x9;", "&#10;", "&#xD;", "&#xE9;", "&#x1F600;", "\t\r\n", "é☕𝄞", "&amp;", "&#;", "&#x;", "&"]
)
@pytest.mark.parametrize("escaped", [False, True])
def test_all_else_stays(text: str, escaped: bool) -> None:
    """What XML can carry, and what is no reference."""
    assert replaced(f"<a>{text}</a>", escaped=escaped) == (f"<a>{text}</a>", 0)
    assert replaced(text, escaped=escaped) == (text, 0)


def test_both_levels_of_a_soap_answer() -> None:
    """In the rows, which stand escaped, and outside; a text that only says "&#x1;" stays in both."""
    assert replaced("&lt;A&gt;&amp;#x1;&#x2;&amp;amp;#x1;&lt;/A&gt;", escaped=True) == (
        f"&lt;A&gt;{REPLACED}{REPLACED}&amp;amp;#x1;&lt;/A&gt;",
        2,
    )
    assert replaced("<A>&#x1;&amp;#x1;</A>") == (f"<A>{REPLACED}&amp;#x1;</A>", 1)


def test_the_count_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Once, and nothing where there is nothing to tell."""
    caplog.set_level(logging.WARNING)
    Controls().tell("X")
    Controls(1).tell("X")
    Controls(2).tell("Y")
    assert [record.getMessage() for record in caplog.records] == [
        "X: 1 character that XML cannot carry replaced by U+FFFD",
        "Y: 2 characters that XML cannot carry replaced by U+FFFD",
    ]


def test_which_are_characters() -> None:
    """XML 1.0, production [2]."""
    for code in (9, 10, 13, 0x20, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF):
        assert is_character(code)
    for code in (0, 8, 11, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x110000):
        assert not is_character(code)


def test_what_is_no_character_of_xml() -> None:
    """Made anew, for it is kept from the first use on."""
    made = unfit.__wrapped__()
    assert made.findall("a\tb\x01c\ufffed\ud800e") == ["\x01", "\ufffe", "\ud800"]
