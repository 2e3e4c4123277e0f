"""FbSales: numbers of lines, and the amounts of an order."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from afas_soap.emulator.store import Store
from afas_soap.errors import ProfitError
from afas_soap.profit.questions.query import Condition, Operator, Query
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import update_from_plain

GOODS = {"VaIt": "2", "ItCd": "1006", "BiUn": "STK"}
TEXT = {"VaIt": "3", "ItCd": "*", "BiUn": "*****", "QuUn": "0", "Ds": "Met dank"}


def send(store: Store, action: Action = Action.INSERT, **record: object) -> Receipt:
    return store.send(update_from_plain("FbSales", record, root="FbSales", action=action))


def shown(store: Store, connector: str, number: str) -> list[dict[str, object]]:
    return list(store.rows(connector, Query(((Condition("OrderNumber", Operator.EQUALS, number),),))))


def totals(store: Store, number: str) -> list[str]:
    (order,) = shown(store, "Profit_Salesorders", number)
    return [str(order[name]) for name in ("Ordersoort", "Gross", "Discount", "TotalAmount", "VAT", "Quantity")]


def test_an_order_and_its_lines(store: Store) -> None:
    lines = [
        {**GOODS, "QuUn": 3, "Upri": "261.72"},
        TEXT,
        {**GOODS, "QuUn": "1.5", "Upri": "10", "PRDc": 10},
        {**GOODS, "QuUn": 1, "Upri": "100", "ARDc": "5", "VaRc": "2"},
    ]
    assert send(store, DbId="10001", RfCs="Inkoop 7", OrDa="2024-02-01", FbSalesLines=lines).keys == (
        {"OrNu": "VO000071"},
    )
    assert totals(store, "VO000071") == ["1", "900.16", "6.50", "893.66", "176.27", "5.50000"]
    rows = shown(store, "Profit_SalesorderLines", "VO000071")
    assert [(row["SeqNo"], row["AmtTotal"]) for row in rows] == [
        (1, Decimal("785.16")), (2, None), (3, Decimal("13.50")), (4, Decimal("95.00")),
    ]  # fmt: skip
    assert {(row["DebtorId"], row["CustomerReference"], row["CurrencyId"]) for row in rows} == {
        ("10001", "Inkoop 7", "EUR")
    }
    assert str(rows[0]["PricePerUnit"]) == "261.7200000000"
    assert all(re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", str(row["LineGuid"])) for row in rows)
    assert len({row["LineGuid"] for row in rows}) == 4


def test_a_credit_order_has_negative_amounts(store: Store) -> None:
    number = send(store, DbId="10001", FbSalesLines={**GOODS, "QuUn": -10, "Upri": "2.50"})["OrNu"]
    assert totals(store, number) == ["CR", "-25.00", "0.00", "-25.00", "-5.25", "-10.00000"]


def test_the_widest_numbers_are_reckoned_with_exactly(store: Store) -> None:
    line = {**GOODS, "QuUn": "9999999999999999", "Upri": "9999999999999999999999999.9"}
    number = send(store, DbId="10001", FbSalesLines=[line])["OrNu"]
    assert totals(store, number)[1] == str(9999999999999999 * 99999999999999999999999999 // 10) + ".10"


def test_lines_added_changed_and_removed_make_other_totals(store: Store) -> None:
    number = send(store, DbId="10001", FbSalesLines=[{**GOODS, "QuUn": 1, "Upri": 10, "GuLi": "{A}"}])["OrNu"]
    send(store, Action.UPDATE, OrNu=number, FbSalesLines={"GuLi": "{A}", "QuUn": 2})
    assert totals(store, number)[1] == "20.00"
    send(store, Action.UPDATE, OrNu=number, FbSalesLines={**GOODS, "QuUn": 1, "Upri": 5, "@Action": "insert"})
    assert totals(store, number)[1] == "25.00"
    send(store, Action.UPDATE, OrNu=number, FbSalesLines={"GuLi": "{A}", "@Action": "delete"})
    assert totals(store, number)[1] == "5.00"
    assert [row["SeqNo"] for row in shown(store, "Profit_SalesorderLines", number)] == [2]
    send(store, Action.DELETE, OrNu=number)
    assert shown(store, "Profit_Salesorders", number) == shown(store, "Profit_SalesorderLines", number) == []


def test_an_order_of_the_seed_keeps_its_lines(store: Store) -> None:
    before = shown(store, "Profit_SalesorderLines", "VO000002")
    head = shown(store, "Profit_Salesorders", "VO000002")[0]
    send(store, Action.UPDATE, OrNu="VO000002", RfCs="anders")
    assert shown(store, "Profit_Salesorders", "VO000002") == [{**head, "CustomerReference": "anders"}]
    assert shown(store, "Profit_SalesorderLines", "VO000002") == [
        {**row, "CustomerReference": "anders"} for row in before
    ]
    send(store, Action.UPDATE, OrNu="VO000002", FbSalesLines={**GOODS, "QuUn": 1, "Upri": "0.05", "@Action": "insert"})
    lines = shown(store, "Profit_SalesorderLines", "VO000002")
    assert [row["SeqNo"] for row in lines] == [1, 2, 3]
    assert (lines[2]["DebtorId"], lines[2]["OrderDate"]) == (head["DebtorId"], head["OrderDate"])
    assert shown(store, "Profit_Salesorders", "VO000002")[0]["Gross"] == Decimal(str(head["Gross"])) + Decimal("0.05")
    guid = f"{{{before[0]['LineGuid']}}}"
    send(store, Action.UPDATE, OrNu="VO000002", FbSalesLines={"GuLi": guid, "@Action": "delete"})
    assert [row["SeqNo"] for row in shown(store, "Profit_SalesorderLines", "VO000002")] == [2, 3]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"DbId": "99999"}, "ForeignkeyId=KnSalesRelation"),
        ({"DbId": "10001", "FbSalesLines": {**GOODS, "QuUn": 1, "ItCd": "NIETS"}}, "ForeignkeyId=FbBasicItems"),
        ({"DbId": "10001", "FbSalesLines": {**GOODS, "QuUn": "een"}}, "Type mismatch"),
        ({"DbId": "10001", "FbSalesLines": {**GOODS, "VaIt": "99", "QuUn": 1}}, "The entered value for '"),
    ],
)
def test_what_is_refused(store: Store, record: dict[str, object], text: str) -> None:
    with pytest.raises(ProfitError, match=text):
        send(store, **record)
    assert shown(store, "Profit_Salesorders", "VO000071") == []
