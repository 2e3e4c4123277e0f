"""Every form people have a token in, and that it never shows. The digits are invented."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import SettingsError
from afas_soap.profit.access.token import AfasToken

DATA = "0123456789ABCDEF" * 4
XML = "<token><version>1</version><data>0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF</data></token>"
BASE64 = (
    "PHRva2VuPjx2ZXJzaW9uPjE8L3ZlcnNpb24+PGRhdGE+MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUYwMTIzNDU2Nzg5QUJDREVGMDEyMzQ1"
    "Njc4OUFCQ0RFRjwvZGF0YT48L3Rva2VuPg=="
)


@pytest.mark.parametrize(
    "text",
    [
        DATA,
        f"  {DATA}\r\n",
        f"\ufeff{DATA}",
        XML,
        f"\n{XML}\n",
        f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n{XML}',
        XML.replace("><", ">\n  <"),
        XML.replace(DATA, f"\n{DATA}\n"),
        BASE64,
        f"AfasToken {BASE64}",
        f"afastoken   {BASE64}\n",
        f"{BASE64[:76]}\r\n{BASE64[76:]}\r\n",
        base64.b64encode(f"\ufeff{XML}\r\n".encode()).decode(),
    ],
)
def test_forms(text: str) -> None:
    """Bare digits, XML and base64 all give the same token, spelt as AFAS wants it (profit-wire 6.1)."""
    token = AfasToken.parse(text)
    assert token.xml() == XML
    assert token.header() == f"AfasToken {BASE64}"


def test_case_is_kept() -> None:
    """The digits go on the wire as they were given."""
    assert DATA.lower() in AfasToken.parse(DATA.lower()).xml()


REFUSED = [
    "",
    DATA[:-1],
    DATA + "0",
    DATA.replace("F", "G"),
    XML.replace("<version>1<", "<version>2<"),
    XML.replace("<token>", '<token a="1">'),
    XML.removesuffix("</token>"),
    XML + XML,
    f"<!DOCTYPE token>{XML}",
    f'<!DOCTYPE token [<!ENTITY e "x">]>{XML}',
    XML.replace("0123", "&e;"),
    f"AfasToken {XML}",
    f"Bearer {BASE64}",
    BASE64[:-2],
    BASE64.replace("P", "*", 1),
    base64.b64encode(DATA.encode()).decode(),
    base64.b64encode(b"\xff\xfe").decode(),
    base64.b64encode(b"<token/>").decode(),
    "0١" * 32,
]


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    """Anything else is refused with the accepted forms and without what was given, in no part of the traceback."""
    with pytest.raises(SettingsError, match=r"64 hexadecimal digits.*base64") as caught:
        AfasToken.parse(text)
    shown = "".join(traceback.format_exception(caught.value))
    assert "0123" not in shown
    assert "MDEyMzQ1" not in shown


def test_constructor_takes_the_digits_only() -> None:
    """``AfasToken(...)`` is for the 64 digits; the other forms go through ``parse``."""
    assert AfasToken(DATA).xml() == XML
    with pytest.raises(SettingsError):
        AfasToken(XML)


def test_it_hides() -> None:
    """No ordinary way of printing, dumping or copying shows the digits."""
    token = AfasToken(DATA)
    shown = [repr(token), str(token), f"{token}", f"{token!r:>40}", format(token, "<30"), f"{token!s}"]
    shown += [repr([token]), str(dir(token)), json.dumps({"token": token}, default=repr)]
    assert not [text for text in shown if "0123" in text]
    with pytest.raises(TypeError):
        vars(token)
    assert not hasattr(token, "__dict__")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_is_not_pickled(protocol: int) -> None:
    """A pickle would hold the digits: the refusal says why."""
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(AfasToken(DATA), protocol)


def test_its_state_is_not_given() -> None:
    """``__getstate__``, which other serialisers ask, refuses as well."""
    with pytest.raises(TypeError, match="pickle"):
        AfasToken(DATA).__getstate__()


def test_a_copy_is_the_token_itself() -> None:
    """It cannot change, so copying has nothing to do."""
    token = AfasToken(DATA)
    assert copy.copy(token) is token
    assert copy.deepcopy({"token": token})["token"] is token


def test_it_does_not_change() -> None:
    """A token is a value."""
    token = AfasToken(DATA)
    with pytest.raises(AttributeError, match="does not change"):
        token.other = "x"
    with pytest.raises(AttributeError, match="does not change"):
        del token.xml


def test_equality() -> None:
    """Equal digits are equal tokens; anything else is another thing."""
    assert AfasToken(DATA) == AfasToken.parse(XML)
    assert hash(AfasToken(DATA)) == hash(AfasToken.parse(BASE64))
    assert AfasToken(DATA) != AfasToken("0" * 64)
    assert AfasToken(DATA) != DATA


def test_secrets() -> None:
    """What a trace masks: base64, XML, and the digits in either case; the longest first, so that no part is left."""
    secrets = AfasToken("a" * 64).secrets()
    assert secrets[1:] == ("<token><version>1</version><data>" + "a" * 64 + "</data></token>", "a" * 64, "A" * 64)
    assert secrets[0] == AfasToken("a" * 64).header().removeprefix("AfasToken ")
    assert AfasToken("1" * 64).secrets()[2:] == ("1" * 64,)


@given(st.text() | st.binary().map(lambda data: base64.b64encode(data).decode()))
def test_any_text_is_a_token_or_a_settings_error(text: str) -> None:
    """Nothing else escapes, whatever was pasted."""
    with pytest.raises(SettingsError):
        AfasToken.parse(text)


@given(st.text("0123456789abcdefABCDEF", min_size=64, max_size=64))
def test_every_form_comes_back(data: str) -> None:
    """What is written is read again."""
    token = AfasToken(data)
    assert AfasToken.parse(token.xml()) == AfasToken.parse(token.header()) == token
