"""AFAS' escaping of names, undone; the judge of what is sent is the client's own, which was written apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.emulator.documents.filename import plain_name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a.pdf", "a.pdf"),
        ("_2F_23_26_3A_3F_2A_3C_3E_25_2B_7E_2D_40_21_24_5F_27", "/#&:?*<>%+~-@!$_'"),
        ("_2f_5f", "/_"),
        ("a-b~c'", "a-b~c'"),
        ("é ☕", "é ☕"),
        ("_5F2F", "_2F"),
        *((sign, None) for sign in "/#&:?*<>%+@!$_,"),
        ("a_", None),
        ("a_4", None),
        ("_41", None),
        ("_ZZ", None),
        ("_2C", None),
    ],
)
def test_names(sent: str, name: str | None) -> None:
    assert plain_name(sent) == name


@given(st.text(st.characters(exclude_characters=",", exclude_categories=("Cs",))))
def test_what_is_escaped_by_the_table_comes_back(name: str) -> None:
    sent = "".join(f"_{ord(sign):02X}" if sign in "/#&:?*<>%+~-@!$_'" else sign for sign in name)
    assert plain_name(sent) == name
