"""The one table of what GetConnectors show: its columns and codes exist, rows come, change and go in their places."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.emulator.booking.records import Document, Row
from afas_soap.emulator.booking.table import TABLE
from afas_soap.emulator.booking.views.definitions import VIEWS, View, rows_of, seed_keys, seed_view, views_of
from afas_soap.emulator.getconnectors.tables import TABLES
from afas_soap.emulator.store import Store
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort
from afas_soap.profit.schemas.updateschema import Shape
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import update_from_plain

# What the rules work out, and the parties' number that debtors tell: no fields of a schema.
_WORKED_OUT = {
    "BcCo", "SeqNo", "OrderKind", "Status", "Gross", "Discount", "TotalAmount", "VAT", "Quantity", "LineGuid",
    "ItemTypeCode", "PriceNet", "Amount", "AtId", "FileSize", "Id",
}  # fmt: skip
# Fields of AFAS' own that the built-in definitions leave out, or that only the other kind of party has.
_LEFT_OUT = {"CcNr", "DaBi", "PrGr", "SoSe"}


def test_the_pairs_are_those_of_the_issue() -> None:
    assert {(view.connector, view.update) for view in VIEWS} == {
        ("Profit_Subjects", "KnSubject"), ("ProfitSubjects", "KnSubject"),
        ("Profit_Subject_Attachments", "KnSubject"), ("Dossierexport", "KnSubject"),
        ("Profit_Subject_Reaction_Attachments", "KnSubjectReaction"),
        ("Profit_Subject_Reaction_Attachments", "KnSubjectWorkflowReaction"),
        ("Profit_OrgPer", "KnOrganisation"), ("Profit_OrgPer", "KnPerson"),
        ("Profit_Debtor", "KnSalesRelationOrg"), ("Profit_Debtor", "KnSalesRelationPer"),
        ("Profit_Article", "FbItemArticle"),
        ("Profit_Salesorders", "FbSales"), ("Profit_SalesorderLines", "FbSales"),
        ("Profit_Transactions", "FiEntries"), ("Profit_Projects", "PtProject"), ("Profit_Realization", "PtRealization"),
    }  # fmt: skip


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view.connector} {view.update}")
def test_columns_and_codes_exist(view: View) -> None:
    (table,) = [table for table in TABLES if table.name == view.connector]
    assert table.fields.unknown(view.columns) == []
    whole = TABLE[view.update].shape
    for source in view.columns.values():
        for term in itertools.chain(*(part.replace("++", "+").split("+") for part in source.split("|"))):
            if not term.startswith("'"):
                inner = whole.objects[view.part] if view.part and not term.startswith("^") else whole
                assert _exists(inner, term.removeprefix("^").partition(":")[0]), f"{view.update}: {term}"


def _exists(shape: Shape, path: str) -> bool:
    *above, code = path.split("/")
    for name in above:
        shape = shape.objects[name]
    return code in shape.fields or code in shape.keys or code in _WORKED_OUT | _LEFT_OUT


def test_keys_of_the_seed() -> None:
    assert seed_keys("KnSalesRelationPer", "DbId") == (("Profit_Debtor", "DebtorId"),)
    assert seed_keys("FiEntries", "EnNo") == (("Profit_Transactions", "EntryNo"),)
    assert seed_keys("KnCourseMember", "CrId") == ()
    assert seed_view("FiEntries") is None
    assert [view.update for view in views_of("Profit_OrgPer")] == ["KnOrganisation", "KnPerson"]


def test_every_way_to_find_a_value() -> None:
    sources = {
        "plain": "Ds", "number": "Nr", "inner": "Part/X", "first": "None|Ds", "joined": "A+None+B", "wide": "A++B",
        "year": "Day:year", "month": "Day:month", "text": "'Art'", "above": "^Ds", "nothing": "Part/Y/Z",
        "empty": "Gone|'-'",
    }  # fmt: skip
    view = View("G", "U", sources, {})
    row = Row(
        {"Ds": "d", "A": "a", "B": "b", "Day": "2024-02-01", "Gone": None}, {"Part": [Row({"X": "x"})]}, {"Nr": "1"}
    )
    assert list(rows_of(view, Document("U", row))) == [
        {
            "plain": "d", "number": "1", "inner": "x", "first": "d", "joined": "a b", "wide": "a  b", "year": "2024",
            "month": "2", "text": "Art", "above": "d", "nothing": None, "empty": "-",
        }
    ]  # fmt: skip
    given = next(iter(rows_of(view, Document("U", Row({"Ds": "d", "Gone": None}), seeded=True))))
    assert given == {"plain": "d", "first": "d", "above": "d", "empty": "-"}


# --- rows in the GetConnectors ----------------------------------------------------------------------------------------


def send(store: Store, connector: str, action: Action = Action.INSERT, **record: object) -> None:
    store.send(update_from_plain(connector, record, root=TABLE[connector].shape.name, action=action))


def projects(store: Store, **query: object) -> list[dict[str, object]]:
    return list(store.rows("Profit_Projects", Query(**query)))


def test_rows_stand_behind_the_seed_and_keep_their_places(store: Store) -> None:
    seed = projects(store)
    for number in ("A", "B", "C"):
        send(store, "PtProject", PrId=number, Ds=number, PrGp="EXT", DaSt="2024-02-01", Ch=True)
    send(store, "PtProject", Action.UPDATE, PrId="900002", Ds="anders", DtGw="2024-03-01T10:00:00")
    send(store, "PtProject", Action.UPDATE, PrId="A", Ds="aa")
    send(store, "PtProject", Action.DELETE, PrId="B")
    rows = projects(store)
    assert [row["ProjectId"] for row in rows] == [row["ProjectId"] for row in seed] + ["A", "C"]
    assert rows[1] == {**seed[1], "Description": "anders", "DateReady": rows[1]["DateReady"]}
    assert str(rows[1]["DateReady"]) == "2024-03-01 10:00:00"
    assert rows[60]["Description"] == "aa"
    assert (rows[60]["Chargeable"], rows[60]["CheckedOut"], rows[60]["BcCo"]) == (True, False, None)
    send(store, "PtProject", Action.DELETE, PrId="900001")
    assert [row["ProjectId"] for row in projects(store, take=2)] == ["900002", "900003"]
    send(store, "PtProject", PrId="900001", PrGp="EXT")
    assert projects(store)[-1]["ProjectId"] == "900001"


def test_a_cleared_field_is_empty_in_the_row(store: Store) -> None:
    assert projects(store, take=1)[0]["Description"]
    send(store, "PtProject", Action.UPDATE, PrId="900001", Ds="")
    assert projects(store, take=1)[0]["Description"] is None


def test_new_rows_are_filtered_and_sorted_as_the_others(store: Store) -> None:
    projects(store, order_by=(Sort("Description"),))
    send(store, "PtProject", PrId="X", Ds="aaa", PrGp="EXT")
    assert projects(store, order_by=(Sort("Description"),), take=1)[0]["ProjectId"] == "X"
    assert len(projects(store, filters=((Condition("Description", Operator.EQUALS, "AAA"),),))) == 1
    send(
        store, "FbSales", DbId="10001", FbSalesLines={"VaIt": "2", "ItCd": "1000", "BiUn": "STK", "QuUn": 1, "Upri": 3}
    )
    (order,) = store.rows("Profit_Salesorders", Query(((Condition("Gross", Operator.EQUALS, "3.0"),),)))
    assert order["OrderNumber"] == "VO000071"


def test_a_stream_that_is_open_goes_on_with_what_it_began_with(store: Store) -> None:
    stream = store.rows("Profit_Projects", Query(skip=-1))
    first = next(stream)
    for number in range(200):
        send(store, "PtProject", PrId=f"N{number}", PrGp="EXT")
    send(store, "PtProject", Action.DELETE, PrId="900060")
    assert len(projects(store)) == 259
    rest = list(stream)
    assert (first["ProjectId"], rest[-1]["ProjectId"], len(rest)) == ("900001", "900060", 59)


def test_what_is_shown_needs_not_be_there_before(store: Store) -> None:
    """The GetConnector is laid down when it is asked, with all that was booked until then."""
    send(store, "PtRealization", DaTi="2024-02-29", VaIt="1", ItCd="300", Qu="4.5", EmId="ALLARDJ", PrId="900001")
    row = list(store.rows("Profit_Realization", Query()))[-1]
    assert (row["Identity"], row["Year"], row["PeriodId"], str(row["QuantityUnit"])) == (5201, 2024, 2, "4.50000")


@pytest.mark.parametrize(
    ("record", "text"),
    [({"EmId": "NIEMAND"}, "The entered value for '"), ({"PrId": "NIETS"}, "ForeignkeyId=PtProject")],
)
def test_what_names_nothing_is_refused(store: Store, record: dict[str, object], text: str) -> None:
    with pytest.raises(Exception, match=text):
        send(store, "PtRealization", **{"DaTi": "2024-02-29", "VaIt": "1", "ItCd": "300", **record})


# --- state ------------------------------------------------------------------------------------------------------------


def test_a_state_goes_on_where_it_was(stores: Callable[[], Store]) -> None:
    first = stores()
    send(first, "PtProject", PrId="A", PrGp="EXT")
    send(first, "PtProject", Action.UPDATE, PrId="900002", Ds="anders")
    send(first, "PtProject", Action.DELETE, PrId="900001")
    send(first, "KnSubject", StId=4, Ds="Offerte")
    first.remember("KnSubject", {"SbId": "30000"})
    first.close()
    second = stores()
    rows = projects(second)
    assert [rows[0]["ProjectId"], rows[0]["Description"], rows[-1]["ProjectId"]] == ["900002", "anders", "A"]
    told = second.send(update_from_plain("KnSubject", {"StId": 4, "Ds": "Vraag"}, root="KnSubject"))
    assert told["SbId"] == "30001"
    assert len(list(second.rows("ProfitSubjects", Query()))) == 123
    send(second, "KnSubject", Action.UPDATE, SbId=25121, Ds="Offerte 2")


def test_own_files_in_place_of_a_getconnector_show_what_they_can(tmp_path: Path) -> None:
    (tmp_path / "Profit_Projects.csv").write_text("ProjectId,Description,Mine\nP1,Een,x\n", "utf-8")
    (tmp_path / "Profit_Debtor.csv").write_text("Name\nJansen\n", "utf-8")
    with contextlib.closing(Store(data=tmp_path)) as store:
        send(store, "PtProject", Action.UPDATE, PrId="P1", Ds="anders", ChOu=True)
        send(store, "PtProject", PrId="P2", PrGp="EXT")
        assert list(store.rows("Profit_Projects", Query())) == [
            {"ProjectId": "P1", "Description": "anders", "Mine": "x"},
            {"ProjectId": "P2", "Description": None, "Mine": None},
        ]
        send(store, "KnSalesRelationOrg", DbId="10001", CuId="EUR", KnOrganisation={"MatchOga": "6"})
        assert next(iter(store.rows("Profit_Debtor", Query()))) == {"Name": "Jansen"}
