"""Updates as REST calls: verbs, addresses and bodies (profit-wire 3.1)."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import NotOffered, UpdateError
from afas_soap.profit.updates.restcall import RestCall, rest_call, segment
from afas_soap.profit.updates.update import Action, Element, Update
from afas_soap.profit.updates.updateplain import update_from_plain

SUBJECT = {"@SbId": 1957, "Ds": "Offerte"}


def _update(connector: str, records: object, action: Action, *, root: str = "", sub_object: str = "") -> Update:
    return update_from_plain(connector, records, action=action, root=root or connector, sub_object=sub_object)


def test_the_verb_follows_the_action() -> None:
    body = b'{"KnSubject":{"Element":{"@SbId":1957,"Fields":{"Ds":"Offerte"}}}}'
    assert rest_call(_update("KnSubject", SUBJECT, Action.INSERT)) == RestCall("POST", "connectors/KnSubject", body)
    assert rest_call(_update("KnSubject", SUBJECT, Action.UPDATE)) == RestCall("PUT", "connectors/KnSubject", body)


@pytest.mark.parametrize("action", list(Action))
def test_without_a_root_there_is_no_call(action: Action) -> None:
    """Neither in the body nor in the address of a delete."""
    with pytest.raises(UpdateError, match="root element of KnSubject is not known") as caught:
        rest_call(update_from_plain("KnSubject", SUBJECT, action=action))
    assert caught.value.connector == "KnSubject"


def test_a_row_of_a_sub_object_is_posted_to_its_own_address() -> None:
    """The record is there already: it is updated, and only the row is inserted."""
    row = {"@SbId": 54286, "KnSubjectAttachment": {"FileName": "a.png"}}
    call = rest_call(_update("KnSubject", row, Action.INSERT, sub_object="KnSubjectAttachment"))
    assert (call.method, call.path) == ("POST", "connectors/KnSubject/KnSubjectAttachment")
    assert call.body == (
        b'{"KnSubject":{"Element":{"@SbId":54286,"Objects":'
        b'[{"KnSubjectAttachment":{"Element":{"Fields":{"FileName":"a.png"}}}}]}}}'
    )
    changed = rest_call(_update("KnSubject", row, Action.UPDATE, sub_object="KnSubjectAttachment"))
    assert (changed.method, changed.path) == ("PUT", "connectors/KnSubject")


@pytest.mark.parametrize(
    ("records", "path"),
    [
        ({"@SbId": 1957}, "KnSubject/@SbId/1957"),
        ({"SbId": 1957}, "KnSubject/SbId/1957"),
        ({"@VaIt": "2", "@BiUn": "STK"}, "KnSubject/@VaIt,@BiUn/2,STK"),
        ({"@VaIt": "2", "BiUn": "m² & 5%"}, "KnSubject/@VaIt,BiUn/2,m%C2%B2%20%26%205%25"),
        ({"@SbId": 0}, "KnSubject/@SbId/0"),
    ],
)
def test_a_delete_names_its_keys_in_the_address(records: dict[str, object], path: str) -> None:
    """With ``@`` where the key is an attribute and bare where it is a field."""
    call = rest_call(_update("KnSubject", records, Action.DELETE))
    assert call == RestCall("DELETE", f"connectors/KnSubject/{path}")


def test_a_delete_of_a_row_has_the_keys_of_both_levels() -> None:
    """``FiEntries/FiEntryPar/UnId,JoCo/1,73/FiEntries/@EnNo/70001`` is AFAS' own (profit-wire 3.1)."""
    row = {"UnId": 1, "JoCo": "73", "FiEntries": {"@EnNo": 70001}}
    call = rest_call(_update("FiEntries", row, Action.DELETE, root="FiEntryPar", sub_object="FiEntries"))
    assert call == RestCall("DELETE", "connectors/FiEntries/FiEntryPar/UnId,JoCo/1,73/FiEntries/@EnNo/70001")


@pytest.mark.parametrize("value", ["a,b", "a/b", "a\\b", ".", ".."])
def test_a_key_that_an_address_cannot_carry_goes_over_soap(value: str) -> None:
    with pytest.raises(NotOffered, match="comma or a slash") as caught:
        rest_call(_update("FbItemArticle", {"@ItCd": value}, Action.DELETE))
    assert caught.value.offered_by == "soap"
    assert value not in str(caught.value) or value in (".", "..")


def test_several_deletes_and_several_actions_go_over_soap() -> None:
    with pytest.raises(NotOffered, match="one record a call, and these are 2"):
        rest_call(_update("KnSubject", [{"@SbId": 1}, {"@SbId": 2}], Action.DELETE))
    mixed = [{"@SbId": 1, "@Action": "update"}, {"Ds": "x", "@Action": "insert"}]
    with pytest.raises(NotOffered, match="one verb") as caught:
        rest_call(_update("KnSubject", mixed, Action.INSERT))
    assert caught.value.offered_by == "soap"


def test_a_delete_loses_no_rows() -> None:
    """An address has no place for rows below a record, or below a row: they would not be deleted, nor anything else."""
    link, file = {"@Id": 1}, {"@FileId": "A"}
    for records, sub_object, lost in (
        ({"@SbId": 1, "KnSubjectLink": link}, "", "KnSubjectLink"),
        ({"@SbId": 1, "KnSubjectLink": link, "KnSubjectAttachment": file}, "KnSubjectAttachment", "KnSubjectLink"),
        ({"@SbId": 1, "KnSubjectAttachment": {**file, "KnBelow": link}}, "KnSubjectAttachment", "KnBelow"),
    ):
        with pytest.raises(NotOffered, match=f"there are rows of {lost}: ") as caught:
            rest_call(_update("KnSubject", records, Action.DELETE, sub_object=sub_object))
        assert (caught.value.offered_by, caught.value.connector) == ("soap", "KnSubject")


def test_an_action_as_text_has_its_own_verb() -> None:
    for action, method in (("insert", "POST"), ("update", "PUT"), ("delete", "DELETE")):
        update = Update("KnSubject", "KnSubject", (Element(keys={"SbId": 1}, action=action),))
        assert rest_call(update).method == method


def test_a_delete_without_a_key_is_refused() -> None:
    with pytest.raises(UpdateError, match="KnSubject: a delete needs the key"):
        rest_call(Update("KnSubject", "KnSubject", (Element(action=Action.DELETE),)))
    with pytest.raises(UpdateError, match="KnSubject/SbId: a key that is empty"):
        rest_call(_update("KnSubject", {"SbId": ""}, Action.DELETE))


@given(st.text(st.characters(exclude_characters=",/\\", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_other_key_comes_out_of_the_address_as_it_went_in(value: str) -> None:
    if value in (".", "..") or "\ufffe" in value or "\uffff" in value:
        return
    path = rest_call(_update("FbItemArticle", {"@ItCd": value}, Action.DELETE)).path
    assert path.isascii()
    assert [unquote(part) for part in path.split("/")] == [
        "connectors",
        "FbItemArticle",
        "FbItemArticle",
        "@ItCd",
        value,
    ]


def test_a_segment_is_one_part_of_an_address() -> None:
    assert segment("a/b ?") == "a%2Fb%20%3F"
