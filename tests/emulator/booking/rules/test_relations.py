"""KnOrganisation and KnPerson: the match decides between insert and update, over the action."""

from __future__ import annotations

import pytest

from afas_soap.emulator.refusals import Refused
from afas_soap.emulator.store import Store
from afas_soap.errors import ProfitError
from afas_soap.profit.questions.query import Condition, Operator, Query
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import update_from_plain


def send(store: Store, connector: str, action: Action = Action.INSERT, **record: object) -> Receipt:
    return store.send(update_from_plain(connector, record, root=connector, action=action))


def organisation(store: Store, match: object, action: Action = Action.INSERT, **record: object) -> Receipt:
    return send(store, "KnOrganisation", action, MatchOga=match, **record)


def person(store: Store, match: object, **record: object) -> Receipt:
    return send(store, "KnPerson", MatchPer=match, **record)


def party(store: Store, number: str) -> dict[str, object]:
    rows = list(store.rows("Profit_OrgPer", Query(((Condition("BcCo", Operator.EQUALS, number),),))))
    (row,) = rows
    return dict(row)


def test_always_new(store: Store) -> None:
    first, second = (organisation(store, 6, Nm="De Wit", CcNr="12345678") for _ in range(2))
    assert first.keys == ({"BcCo": "5000061", "BcId": "1"},)
    assert second.keys == ({"BcCo": "5000062", "BcId": "2"},)
    assert person(store, 7, LaNm="Wit", FiNm="Anna", Is="de").keys == ({"BcCo": "5000063", "BcId": "3"},)
    assert (party(store, "5000063")["Name"], party(store, "5000063")["Type"]) == ("Anna de Wit", "Persoon")


@pytest.mark.parametrize("action", [Action.INSERT, Action.UPDATE])
def test_by_number(store: Store, action: Action) -> None:
    seed = party(store, "1000001")
    assert organisation(store, 0, action, BcCo="1000001", Nm="De Zwart")["BcCo"] == "1000001"
    assert party(store, "1000001") == {**seed, "Name": "De Zwart"}
    assert organisation(store, 0, action, BcCo="42", Nm="De Wit")["BcCo"] == "42"
    assert organisation(store, 0, action, BcCo="42", HoPa="https://wit.example")["BcCo"] == "42"
    assert (party(store, "42")["Name"], party(store, "42")["Homepage"]) == ("De Wit", "https://wit.example")
    assert organisation(store, 0, action, Nm="De Groen")["BcCo"] == "5000061"


def test_by_chamber_of_commerce(store: Store) -> None:
    seed = party(store, "1000002")
    assert organisation(store, 1, CcNr=seed["ChOfCommNr"], Nm="De Zwart")["BcCo"] == "1000002"
    assert party(store, "1000002") == {**seed, "Name": "De Zwart"}
    assert organisation(store, 1, CcNr="87654321", Nm="De Wit")["BcCo"] == "5000061"
    assert organisation(store, 1, CcNr="87654321", Nm="De Witte")["BcCo"] == "5000061"
    assert organisation(store, 1, Nm="De Groen")["BcCo"] == "5000062"


def test_by_name_which_is_not_that_of_before(store: Store) -> None:
    organisation(store, 0, BcCo="1000003", Nm="De Zwart")
    assert organisation(store, 3, Nm="de zwart", HoPa="https://x.example")["BcCo"] == "1000003"
    organisation(store, 0, BcCo="1000003", Nm="De Wit")
    assert organisation(store, 3, Nm="De Zwart")["BcCo"] == "5000061"
    assert organisation(store, 3, Nm="De Wit")["BcCo"] == "1000003"
    assert (party(store, "1000003")["Name"], party(store, "1000003")["Homepage"]) == ("De Wit", "https://x.example")


def test_by_bsn_which_only_persons_have(store: Store) -> None:
    seed = party(store, "3000101")
    assert seed["Type"] == "Persoon"
    assert person(store, 1, SoSe=seed["BSN"], LaNm="Zwart")["BcCo"] == "3000101"
    assert person(store, 0, BcCo="3000101", SoSe="")["BcCo"] == "3000101"
    assert party(store, "3000101")["BSN"] is None
    assert person(store, 1, SoSe=seed["BSN"], LaNm="Wit")["BcCo"] == "5000061"


def test_a_record_without_a_match_goes_by_its_action(store: Store) -> None:
    store.remember("KnOrganisation", {"BcCo": "77"})
    assert send(store, "KnOrganisation", Action.UPDATE, BcCo="77", Nm="De Wit")["BcCo"] == "77"


def test_a_person_is_no_organisation_though_they_share_their_numbers(store: Store) -> None:
    sent = person(store, 7, LaNm="Zwart")["BcCo"]
    for number in (sent, "3000101"):
        before = party(store, number)
        with pytest.raises(ProfitError, match="The record of KnOrganisation does not exist"):
            send(store, "KnOrganisation", Action.UPDATE, BcCo=number, Nm="De Wit")
        with pytest.raises(ProfitError, match="already exists"):
            organisation(store, 6, BcCo=number, Nm="De Wit")
        assert party(store, number) == before


def test_several_hits_are_refused(store: Store) -> None:
    for _ in range(2):
        organisation(store, 6, Nm="De Wit")
    with pytest.raises(ProfitError, match=r"More than one record of KnOrganisation matches\."):
        organisation(store, 3, Nm="de wit")


@pytest.mark.parametrize(
    ("connector", "match", "value", "known"),
    [("KnOrganisation", "MatchOga", "2", "0, 1, 3, 6"), ("KnPerson", "MatchPer", "6", "0, 1, 7")],
)
def test_a_match_that_is_not_imitated_says_so(store: Store, connector: str, match: str, value: str, known: str) -> None:
    with pytest.raises(ProfitError) as caught:
        send(store, connector, **{match: value, "BcCo": "1"})
    refused = Refused.by(caught.value)
    assert refused.message("en") == f"The emulator does not imitate this value of {match}: only {known}."
    assert refused.message("nl") == f"De emulator bootst deze waarde van {match} niet na: alleen {known}."


def test_a_party_below_a_debtor_is_just_kept_and_numbered(store: Store) -> None:
    inner = {"MatchOga": 3, "Nm": "De Wit", "KnBasicAddressAdr": {"CoId": "NL", "Ad": "Dam", "HmNr": 1, "Rs": "Ede"}}
    told = send(store, "KnSalesRelationOrg", CuId="EUR", KnOrganisation=inner)
    assert told.keys == ({"DbId": "10181", "BcCo": "5000061"},)
    debtor = next(store.rows("Profit_Debtor", Query(skip=180)))
    assert (debtor["DebtorName"], debtor["AdressLine1"], debtor["AdressLine3"]) == ("De Wit", "Dam 1", "Ede")
    assert send(store, "KnSalesRelationOrg", Action.UPDATE, DbId="10001", PaCd="30").keys == (
        {"DbId": "10001", "BcCo": "1000001"},
    )
