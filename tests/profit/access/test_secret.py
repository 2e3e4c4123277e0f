"""A secret shows nowhere, does not change, and is not stored."""

from __future__ import annotations

import copy
import pickle

import pytest

from afas_soap.profit.access.secret import Secret

TEXT = "geheim-0123456789"
SECRET = Secret(TEXT, "client secret")


def test_its_text_is_given_when_asked_for() -> None:
    assert SECRET.reveal() == TEXT


@pytest.mark.parametrize("shown", [repr(SECRET), str(SECRET), f"{SECRET}", f"{SECRET!s:>40}", f"{SECRET:>40}"])
def test_it_says_what_it_is_and_not_what_it_holds(shown: str) -> None:
    assert TEXT not in shown
    assert "Secret(client secret, hidden)" in shown


def test_without_a_word_it_is_a_secret() -> None:
    assert repr(Secret(TEXT)) == "Secret(secret, hidden)"


def test_it_has_no_dict_that_would_show_it() -> None:
    with pytest.raises(TypeError):
        vars(SECRET)


def test_two_with_the_same_text_are_equal_whatever_they_are_called() -> None:
    assert Secret(TEXT) == SECRET
    assert hash(SECRET) == hash(Secret(TEXT))
    assert Secret(TEXT + "x") != SECRET
    assert Secret("é") != Secret("e")
    assert SECRET != TEXT
    assert hash(SECRET) != hash(TEXT)


def test_it_does_not_change() -> None:
    with pytest.raises(AttributeError, match="does not change"):
        SECRET.what = "x"
    with pytest.raises(AttributeError, match="does not change"):
        del SECRET._what


def test_a_copy_is_itself() -> None:
    assert copy.copy(SECRET) is SECRET
    assert copy.deepcopy([SECRET])[0] is SECRET


@pytest.mark.parametrize("store", [pickle.dumps, lambda secret: secret.__getstate__()])
def test_it_is_not_pickled(store) -> None:
    with pytest.raises(TypeError, match="is not pickled") as caught:
        store(SECRET)
    assert TEXT not in str(caught.value)
