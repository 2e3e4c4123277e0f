"""Updates on store, SOAP and REST alike: the same receipts and refusals, and what one protocol stored another reads."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from afas_soap.connections import EMBEDDED_REST_URL, EMBEDDED_SOAP_URL
from afas_soap.emulator.booking.views.definitions import VIEWS
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.store import Store
from afas_soap.errors import NotOffered, ProfitError, UpdateError, Weight
from afas_soap.profit.connectors.capabilities import Connectors
from afas_soap.profit.questions.query import Condition, Operator, Query
from afas_soap.profit.schemas.schema import check
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.updates.update import Action, Update
from afas_soap.profit.updates.updateplain import Plain, update_from_plain
from afas_soap.wire.http.embedded import WsgiAdapter
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

KINDS = ("store", "soap", "soap 1.2", "rest")
Open = Callable[[str], Connectors]

# A record of each UpdateConnector that a GetConnector shows: the view's column with the value that finds it again.
SHOWN: dict[tuple[str, str], tuple[Plain, str, object]] = {
    ("Profit_Subjects", "KnSubject"): ({"StId": 4, "Ds": "Contract A", "St": True}, "Subject", "Contract A"),
    ("ProfitSubjects", "KnSubject"): ({"StId": 4, "Ds": "Contract B", "SbTx": "tekst"}, "Ds", "Contract B"),
    ("Profit_Subject_Attachments", "KnSubject"): (
        {"StId": 4, "Ds": "Contract C", "KnSubjectAttachment": {"FileName": "c.txt", "FileStream": b"hallo"}},
        "file_name",
        "c.txt",
    ),
    ("Dossierexport", "KnSubject"): ({"StId": 987, "Ds": "Contract D"}, "Type", "987"),
    ("Profit_Subject_Reaction_Attachments", "KnSubjectReaction"): (
        {
            "SbId": 25001,
            "SbTx": "tekst",
            "VaRe": "I",
            "KnReactionAttachment": {"FileName": "reactie.txt", "FileStream": b"hallo"},
        },
        "file_name",
        "reactie.txt",
    ),
    ("Profit_Subject_Reaction_Attachments", "KnSubjectWorkflowReaction"): (
        {"SbId": 25001, "Tx": "tekst", "KnReactionAttachment": {"FileName": "stap.txt", "FileStream": b"hallo"}},
        "file_name",
        "stap.txt",
    ),
    ("Profit_OrgPer", "KnOrganisation"): (
        {"MatchOga": "6", "AutoNum": True, "PadAdr": True, "Nm": "Contract Techniek B.V.", "CcNr": "99887766"},
        "Name",
        "Contract Techniek B.V.",
    ),
    ("Profit_OrgPer", "KnPerson"): (
        {"MatchPer": "7", "AutoNum": True, "PadAdr": True, "FiNm": "Zeno", "LaNm": "Contract", "ViGe": "M"},
        "Name",
        "Zeno Contract",
    ),
    ("Profit_Debtor", "KnSalesRelationOrg"): (
        {"IsDb": True, "CuId": "EUR", "PaCd": "14", "KnOrganisation": {"MatchOga": "6", "Nm": "Contract Debiteur"}},
        "DebtorName",
        "Contract Debiteur",
    ),
    ("Profit_Debtor", "KnSalesRelationPer"): (
        {"IsDb": True, "CuId": "EUR", "KnPerson": {"MatchPer": "7", "FiNm": "Ada", "LaNm": "Contract"}},
        "DebtorName",
        "Ada Contract",
    ),
    ("Profit_Article", "FbItemArticle"): (
        {"ItCd": "CONTRACT-1", "Ds": "Contractartikel", "Grp": "GRP", "BiUn": "STK"},
        "ItemCode",
        "CONTRACT-1",
    ),
    ("Profit_Salesorders", "FbSales"): (
        {
            "DbId": "10001",
            "RfCs": "Contract-7",
            "FbSalesLines": {"VaIt": 2, "ItCd": "1006", "BiUn": "STK", "QuUn": 2, "Upri": "12.5"},
        },
        "CustomerReference",
        "Contract-7",
    ),
    ("Profit_SalesorderLines", "FbSales"): (
        {
            "DbId": "10001",
            "RfCs": "Contract-8",
            "FbSalesLines": {"VaIt": 2, "ItCd": "1006", "BiUn": "STK", "QuUn": 2, "Upri": "12.5"},
        },
        "CustomerReference",
        "Contract-8",
    ),
    ("Profit_Transactions", "FiEntries"): (
        {
            "Year": 2026,
            "Peri": 3,
            "UnId": 1,
            "JoCo": "80",
            "FiEntries": [
                {
                    "VaAs": 1,
                    "AcNr": "4510",
                    "EnDa": "2026-03-01",
                    "BpDa": "2026-03-01",
                    "Ds": "Contract",
                    "AmDe": "12.50",
                },
                {
                    "VaAs": 1,
                    "AcNr": "1100",
                    "EnDa": "2026-03-01",
                    "BpDa": "2026-03-01",
                    "Ds": "Contra",
                    "AmCr": "12.50",
                },
            ],
        },
        "Description",
        "Contract",
    ),
    ("Profit_Projects", "PtProject"): (
        {"PrId": "CONTRACT1", "PrGp": "GRP", "Ds": "Contractproject", "DaSt": "2026-03-01"},
        "ProjectId",
        "CONTRACT1",
    ),
    ("Profit_Realization", "PtRealization"): (
        {"DaTi": "2026-03-02", "VaIt": 1, "ItCd": "300", "Qu": "4.00", "EmId": "ALLARDJ", "Ds": "Contracturen"},
        "Description",
        "Contracturen",
    ),
}


@pytest.fixture
def store() -> Iterator[Store]:
    """A Profit of this test's own."""
    with Store() as store:
        yield store


@pytest.fixture
def open_(store: Store) -> Iterator[Open]:
    """Opens the same Profit in each way."""
    app = Emulator(store)
    with contextlib.ExitStack() as closing:

        def opened(kind: str) -> Connectors:
            if kind == "store":
                return store
            link = Link(EMBEDDED_SOAP_URL, EMBEDDED_REST_URL, "emulator", authorizer=ClassicAuthorizer(DEMO_TOKEN))
            transport = closing.enter_context(Transport(link, PROFIT, WsgiAdapter(app)))
            if kind == "rest":
                return RestConnectors(transport)
            return SoapConnectors(transport, soap_version="1.2" if "1.2" in kind else "1.1")

        yield opened


@pytest.fixture(params=KINDS)
def connectors(request: pytest.FixtureRequest, open_: Open) -> Connectors:
    return open_(request.param)


def _update(
    connectors: Connectors, connector: str, records: Any, action: str = "insert", sub_object: str = ""
) -> Update:
    root = schema_from_xsd(connectors.schema(connector), connector).root.name
    return update_from_plain(connector, records, action=Action(action), root=root, sub_object=sub_object)


def _rows(connectors: Connectors, connector: str, column: str, value: object) -> list[dict[str, Any]]:
    equal = Condition(column, Operator.EQUALS, str(value))
    with connectors.rows(connector, Query(((equal,),), take=10)) as rows:
        return list(rows)


def test_insert_change_and_delete_give_the_same_receipts(connectors: Connectors) -> None:
    booked = connectors.send(_update(connectors, "KnSubject", {"StId": 4, "Ds": "Eerst"}))
    (key,) = booked.keys
    assert list(key) == ["SbId"]
    changed = connectors.send(_update(connectors, "KnSubject", {"@SbId": key["SbId"], "Ds": "Dan"}, "update"))
    assert changed.keys == (key,)
    assert [row["Subject"] for row in _rows(connectors, "Profit_Subjects", "SubjectId", key["SbId"])] == ["Dan"]
    assert connectors.send(_update(connectors, "KnSubject", {"@SbId": key["SbId"]}, "delete")).keys in ((), (key,))
    assert _rows(connectors, "Profit_Subjects", "SubjectId", key["SbId"]) == []


def test_several_records_are_one_transaction_with_a_key_each(connectors: Connectors) -> None:
    receipt = connectors.send(_update(connectors, "KnSubject", [{"StId": 4, "Ds": f"Nr {n}"} for n in range(3)]))
    numbers = [int(key["SbId"]) for key in receipt.keys]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    with pytest.raises(ProfitError):
        connectors.send(
            _update(connectors, "KnSubject", [{"StId": 4, "Ds": "Heel"}, {"StId": "geen getal", "Ds": "x"}])
        )
    assert _rows(connectors, "Profit_Subjects", "Subject", "Heel") == []


def test_a_row_of_a_table_is_booked_with_its_values(connectors: Connectors) -> None:
    moment = pd.Timestamp("2026-03-01T23:30:00Z")
    record = {"StId": np.int64(4), "Ds": np.str_("Uit een tabel"), "St": np.bool_(True), "Da": moment}
    receipt = connectors.send(_update(connectors, "KnSubject", record))
    assert receipt.only() == dict(receipt)
    (row,) = _rows(connectors, "Profit_Subjects", "SubjectId", receipt["SbId"])
    assert (row["Subject"], row["TypeId"], row["DateCreated"]) == (
        "Uit een tabel",
        4,
        datetime.datetime(2026, 3, 2, 0, 30),
    )


def test_an_update_without_a_root_is_not_sent(connectors: Connectors) -> None:
    with pytest.raises(UpdateError, match="root element of KnSubject is not known"):
        connectors.send(update_from_plain("KnSubject", {"StId": 4, "Ds": "Zonder wortel"}))
    assert _rows(connectors, "Profit_Subjects", "Subject", "Zonder wortel") == []


def test_a_row_of_a_sub_object_joins_its_record(connectors: Connectors) -> None:
    number = connectors.send(_update(connectors, "KnSubject", {"StId": 4, "Ds": "Met bijlage"}))["SbId"]
    row = {"@SbId": number, "KnSubjectAttachment": {"FileName": "a.txt", "FileStream": b"hallo"}}
    connectors.send(_update(connectors, "KnSubject", row, sub_object="KnSubjectAttachment"))
    assert len(_rows(connectors, "Profit_Subjects", "SubjectId", number)) == 1


def test_clearing_a_field_empties_it(connectors: Connectors) -> None:
    number = connectors.send(_update(connectors, "KnSubject", {"StId": 4, "Ds": "x", "SbTx": "weg"}))["SbId"]
    for cleared in (None, ""):
        connectors.send(_update(connectors, "KnSubject", {"@SbId": number, "SbTx": cleared}, "update"))
        (row,) = _rows(connectors, "Profit_Subjects", "SubjectId", number)
        assert row["Comment"] is None


LINE = {"VaIt": 2, "ItCd": "1000", "BiUn": "stk", "QuUn": 10}
COUNTED = {"BiUn": "stk", "QuUn": "5"}
PART = {"VaIt": 2, "ItCd": "1006", **COUNTED}


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"FbOrderBatchLines": [{"BaNu": "P-1", **COUNTED}, {"BaNu": "P-2", **COUNTED, "QuHe": "1.5"}]},
        {"FbOrderSerialLines": {"SeNu": "S-1", **COUNTED, "Re": "nagekeken"}},
        {"AfasFbOrderCompLines": {**PART, "FbOrderBatchLines": {"BaNu": "P-1", **COUNTED, "DaEx": "2027-01-31"}}},
        {"AfasFbOrderCompLines": [PART, {**PART, "FbOrderSerialLines": {"SeNu": "S-1", **COUNTED, "QuDl": 1}}]},
    ],
    ids=["minimal", "batches", "serial numbers", "composition with batches", "composition with serial numbers"],
)
def test_orders_as_afas_writes_them(connectors: Connectors, line: Plain) -> None:
    """Its file is not among those that tests read (profit-wire 11): DlYN and what may stand below a line."""
    order = {"DbId": "10001", "DlYN": True, "FbSalesLines": {**LINE, **line}}
    number = connectors.send(_update(connectors, "FbSales", order))["OrNu"]
    assert len(_rows(connectors, "Profit_SalesorderLines", "OrderNumber", number)) == 1


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"FbOrderBatchLines": COUNTED}, "BaNu"),
        ({"FbOrderSerialLines": COUNTED}, "SeNu"),
        ({"AfasFbOrderCompLines": {"VaIt": 2, "ItCd": "1006", "QuUn": 1}}, "BiUn"),
        ({"AfasFbOrderCompLines": {**PART, "FbOrderBatchLines": {"BaNu": "P-1", "BiUn": "stk"}}}, "QuUn"),
    ],
)
def test_what_is_mandatory_below_a_line_of_an_order(connectors: Connectors, line: Plain, field: str) -> None:
    with pytest.raises(ProfitError, match=rf"no value entered in mandatory field '.*' \({field}\)"):
        connectors.send(_update(connectors, "FbSales", {"DbId": "10001", "FbSalesLines": {**LINE, **line}}))


@pytest.mark.parametrize(
    ("connector", "record", "words"),
    [
        ("KnSubject", {"StId": 4, "Ds": "x", "Niets": 1}, "Connector field 'Niets' not found"),
        ("KnSubject", {"StId": "vier", "Ds": "x"}, "Type mismatch"),
        ("KnSubject", {"StId": 4}, "(Ds)"),
        ("KnSubject", {"StId": 4, "Ds": "x" * 300}, "too long"),
    ],
)
def test_refusals_are_the_same_words(connectors: Connectors, connector: str, record: Plain, words: str) -> None:
    with pytest.raises(ProfitError) as caught:
        connectors.send(_update(connectors, connector, record))
    assert words in caught.value.message


MOMENTS = (
    "2024-02-29", "2024-02-29T00:00:00", "2024-02-29T14:47:59.5", "09:30:00", "23:59:59.1234567",
    "2024-02-28T23:00:00.000Z", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00+01:00", "2024-02-29Z", "2024-02-29+01:00",
    "09:30:00Z", "09:30:00+01:00", "2024-02-28T24:00:00", "24:00:00", "2023-02-29", "12024-02-29", "0000-01-01",
    "2024-02-29 10:00:00", "2024-02-29T10:00", "09:30", "2024-02-29T10:00:00.12345678", "29-02-2024", "20240229", "nu",
)  # fmt: skip
DATED = {
    "date": lambda text: ("PtProject", {"PrId": "ZONE1", "PrGp": "GRP", "Ds": "x", "DaSt": text}),
    "dateTime": lambda text: ("KnSubject", {"StId": 4, "Ds": "x", "Da": text}),
    "time": lambda text: (
        "PtRealization",
        {"DaTi": "2026-03-02", "VaIt": 1, "ItCd": "300", "Qu": "4.00", "EmId": "ALLARDJ", "StTi": text},
    ),
}
# Metainfo has one word for a date, a date-time and a time: only over SOAP is known that another of them stands there.
KNOWN_OVER_SOAP = {("date", "09:30:00"), ("date", "23:59:59.1234567")} | {("time", text) for text in MOMENTS[:3]}


@pytest.mark.parametrize("declared", DATED)
@pytest.mark.parametrize("text", MOMENTS)
def test_dates_and_times_are_checked_as_they_are_booked(open_: Open, declared: str, text: str) -> None:
    """What the check refuses Profit is taken to refuse, a zone above all, and what it lets pass is booked, over both
    protocols."""
    connector, record = DATED[declared](text)
    verdicts = {}
    for kind in ("soap", "rest"):
        connectors = open_(kind)
        schema = schema_from_xsd(connectors.schema(connector), connector)
        update = _update(connectors, connector, record)
        errors = [problem.rule for problem in check(update, schema) if problem.weight is Weight.ERROR]
        verdicts[kind] = errors
        if errors or (declared, text) in KNOWN_OVER_SOAP:
            with pytest.raises(ProfitError, match="Type mismatch"):
                connectors.send(update)
        else:
            connectors.send(update)
            break  # the other would be a second one of that name
    if len(verdicts) == 2:
        assert (verdicts["soap"] == verdicts["rest"]) is ((declared, text) not in KNOWN_OVER_SOAP)


@pytest.mark.parametrize("spelt", ["knSubject", "KNSUBJECT"])
def test_the_case_of_an_id_does_not_matter(connectors: Connectors, spelt: str) -> None:
    """One client writes knUser in production for years (profit-wire 15.7)."""
    number = connectors.send(_update(connectors, spelt, {"StId": 4, "Ds": "Eerst"}))["SbId"]
    changed = connectors.send(_update(connectors, "KnSubject", {"@SbId": number, "Ds": "Dan"}, "update"))
    assert changed.keys == ({"SbId": number},)
    row = {"@SbId": number, "KnSubjectAttachment": {"FileName": "a.txt", "FileStream": b"hallo"}}
    connectors.send(_update(connectors, spelt, row, sub_object="KnSubjectAttachment"))
    assert [row["Subject"] for row in _rows(connectors, "profit_SUBJECTS", "SubjectId", number)] == ["Dan"]
    connectors.send(_update(connectors, spelt, {"@SbId": number}, "delete"))
    assert _rows(connectors, "Profit_Subjects", "SubjectId", number) == []


def test_an_unknown_connector_is_refused(connectors: Connectors) -> None:
    with pytest.raises(ProfitError):
        connectors.send(update_from_plain("KnNiets", {"Ds": "x"}, root="KnNiets"))


def test_the_store_sends_nothing_so_it_shows_nothing(store: Store) -> None:
    with pytest.raises(NotOffered):
        store.outgoing(update_from_plain("KnSubject", {"Ds": "x"}, root="KnSubject"))


def test_every_pair_of_the_table_has_its_case() -> None:
    assert set(SHOWN) == {(view.connector, view.update) for view in VIEWS}


@pytest.mark.parametrize(("written", "read"), [("soap", "rest"), ("rest", "soap"), ("store", "soap 1.2")])
@pytest.mark.parametrize("pair", SHOWN, ids=" shows ".join)
def test_what_one_protocol_stored_the_other_reads(open_: Open, pair: tuple[str, str], written: str, read: str) -> None:
    record, column, value = SHOWN[pair]
    reader = open_(read)
    assert _rows(reader, pair[0], column, value) == []
    writer = open_(written)
    receipt = writer.send(_update(writer, pair[1], record))
    (row,) = _rows(reader, pair[0], column, value)
    # The row has the number that was handed out, and all protocols see it alike.
    shown = {str(cell) for cell in row.values()}
    told = {
        text for keys in receipt.keys for name, text in keys.items() if name in ("SbId", "DbId", "OrNu", "EnNo", "Id")
    }
    assert told <= shown
    assert _rows(writer, pair[0], column, value) == [row]


def test_amounts_come_back_as_they_were_booked(open_: Open) -> None:
    record, column, value = SHOWN["Profit_Transactions", "FiEntries"]
    writer, reader = open_("soap"), open_("rest")
    writer.send(_update(writer, "FiEntries", record))
    (row,) = _rows(reader, "Profit_Transactions", column, value)
    assert (row["AmtDebit"], row["AmtCredit"], row["AccountNo"]) == (Decimal("12.50"), Decimal(0), "4510")


def test_state_in_a_file_outlives_the_emulator(tmp_path: Path) -> None:
    state = tmp_path / "profit.state"
    update = update_from_plain("KnSubject", {"StId": 4, "Ds": "Blijft"}, root="KnSubject")
    with Store(state=state) as first:
        number = first.send(update)["SbId"]
    with Store(state=state) as second:
        (row,) = _rows(second, "Profit_Subjects", "Subject", "Blijft")
        assert str(row["SubjectId"]) == number
        assert int(second.send(update)["SbId"]) == int(number) + 1
