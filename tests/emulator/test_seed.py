"""The seed data: invented, consistent, within the lengths of its columns, and the same at any size."""

from __future__ import annotations

import datetime
import itertools
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

from afas_soap.emulator.getconnectors.tables import TABLES
from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.items import picture
from afas_soap.emulator.seed.table import Table
from afas_soap.emulator.store import Store
from afas_soap.profit.fields import Kind
from afas_soap.profit.questions.query import Query
from afas_soap.profit.rows import Record

# What makes a row of each connector the only one.
KEYS = {
    "Profit_Debtor": ("DebtorId",),
    "Profit_Creditor": ("CreditorId",),
    "Profit_OrgPer": ("BcCo",),
    "Profit_Contacts": ("ContactId",),
    "ProfitCountries": ("CoId",),
    "Profit_Address": ("AddressId",),
    "Profit_Deliveryaddress": ("Adres_ID",),
    "Profit_Administrations": ("AdminId",),
    "Profit_Journals": ("UnitId", "JournalId"),
    "Profit_Debtor_Invoices": ("InvoiceNr",),
    "Profit_Creditor_Invoices": ("InvoiceNr",),
    "Profit_Transactions": ("EntryNo", "SeqNo"),
    "Profit_Article": ("ItemCode",),
    "Profit_Article_image": ("ItemCodeId",),
    "Profit_Salesorders": ("OrderNumber",),
    "Profit_SalesorderLines": ("OrderNumber", "SeqNo"),
    "Profit_Projects": ("ProjectId",),
    "Profit_Projectstage": ("ProjectId", "ProjectStage"),
    "Profit_Realization": ("Identity",),
    "Profit_Subjects": ("SubjectId",),
    "ProfitSubjects": ("SbId",),
    "Profit_Subject_Attachments": ("attachment_id",),
    "Profit_Subject_Reaction_Attachments": ("attachment_id",),
    "Dossierexport": ("DossieritemId",),
    "Emulator_Files": ("Id",),
    "Emulator_Images": ("ItemCode",),
    "Profit_Employees": ("EmployeeId",),
    "Emulator_Types": ("Id",),
    "Emulator_No_rows": ("Id",),
}
# Columns that name a row of another connector.
REFERENCES = [
    ("Profit_Debtor", "BcCo", "Profit_OrgPer", "BcCo"),
    ("Profit_Creditor", "BcCo", "Profit_OrgPer", "BcCo"),
    ("Profit_Contacts", "OrgNumber", "Profit_OrgPer", "BcCo"),
    ("Profit_Contacts", "PerNumber", "Profit_OrgPer", "BcCo"),
    ("Profit_Deliveryaddress", "OrgId", "Profit_OrgPer", "BcCo"),
    ("Profit_Deliveryaddress", "DebiteurID", "Profit_Debtor", "DebtorId"),
    ("Profit_Deliveryaddress", "Adres_ID", "Profit_Address", "AddressId"),
    ("Profit_Debtor_Invoices", "DebtorId", "Profit_Debtor", "DebtorId"),
    ("Profit_Debtor_Invoices", "UnitId", "Profit_Administrations", "AdminId"),
    ("Profit_Creditor_Invoices", "CreditorId", "Profit_Creditor", "CreditorId"),
    ("Profit_Creditor_Invoices", "UnitId", "Profit_Administrations", "AdminId"),
    ("Profit_Transactions", "InvoiceId", "Profit_Debtor_Invoices", "InvoiceNr"),
    ("Profit_Transactions", "JournalId", "Profit_Journals", "JournalId"),
    ("Profit_Article_image", "ItemCodeId", "Profit_Article", "ItemCode"),
    ("Profit_Salesorders", "DebtorId", "Profit_Debtor", "DebtorId"),
    ("Profit_SalesorderLines", "OrderNumber", "Profit_Salesorders", "OrderNumber"),
    ("Profit_SalesorderLines", "ItemCodeId", "Profit_Article", "ItemCode"),
    ("Profit_Projects", "DebtorId", "Profit_Debtor", "DebtorId"),
    ("Profit_Projects", "BcCo", "Profit_OrgPer", "BcCo"),
    ("Profit_Projectstage", "ProjectId", "Profit_Projects", "ProjectId"),
    ("Profit_Realization", "ProjectId", "Profit_Projects", "ProjectId"),
    ("Profit_Realization", "EmployeeId", "Profit_Employees", "EmployeeId"),
    ("Profit_Subjects", "OrgPersId", "Profit_OrgPer", "BcCo"),
    ("Profit_Subjects", "Project", "Profit_Projects", "ProjectId"),
    ("Profit_Subjects", "SubjectId", "ProfitSubjects", "SbId"),
    ("ProfitSubjects", "BcCd", "Profit_OrgPer", "BcCo"),
    ("Profit_Subject_Attachments", "subject_id", "Profit_Subjects", "SubjectId"),
    ("Profit_Subject_Reaction_Attachments", "subject_id", "Profit_Subjects", "SubjectId"),
    ("Dossierexport", "DossieritemId", "Profit_Subjects", "SubjectId"),
    ("Emulator_Images", "ItemCode", "Profit_Article", "ItemCode"),
]
GROWN = 1500


@pytest.fixture(scope="module")
def seed() -> Iterator[Mapping[str, list[Record]]]:
    with Store() as store:
        yield {table.name: list(store.rows(table.name, Query())) for table in TABLES}


def by_name(table: Table) -> str:
    return table.name


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_a_key_is_unique_at_any_size(table: Table) -> None:
    positions = [table.fields.names.index(name) for name in KEYS[table.name]]
    keys = {tuple(row[at] for at in positions) for row in map(table.row, range(GROWN))}
    assert len(keys) == GROWN


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_values_fit_their_columns_at_any_size(table: Table) -> None:
    """Texts and digits within the declared length, whole numbers within xs:int, date-times that exist."""
    for row in map(table.row, itertools.chain(range(GROWN), range(999_990, 1_000_000))):
        assert len(row) == len(table.fields)
        for field, value in zip(table.fields, row, strict=True):
            if value is None:
                continue
            if field.kind is Kind.TEXT:
                assert isinstance(value, str)
                assert not field.length or len(value) <= field.length, field.name
            elif field.kind is Kind.DECIMAL:
                assert -Decimal(str(value)).as_tuple().exponent <= field.decimals, field.name
                assert len(Decimal(str(value)).as_tuple().digits) <= field.length, field.name
            elif field.kind is Kind.INT:
                assert isinstance(value, int)
                assert not isinstance(value, bool)
                assert -(2**31) <= value < 2**31
            elif field.kind is Kind.BOOL:
                assert isinstance(value, bool)
            elif field.kind is Kind.DATETIME:
                assert isinstance(value, str)
                assert datetime.datetime.fromisoformat(value).isoformat() == value
            else:
                assert isinstance(value, bytes)


def test_every_connector_with_rows_has_empty_fields_and_filled_ones_in_most_columns(
    seed: Mapping[str, list[Record]],
) -> None:
    # A file has an id and a name: AFAS' lists of them have nothing that may be empty.
    listings = {"Profit_Subject_Attachments", "Profit_Subject_Reaction_Attachments", "Emulator_Files"}
    for name, rows in seed.items():
        if rows and name not in listings:
            assert any(value is None for row in rows for value in row.values()), name
            filled = {column for row in rows for column, value in row.items() if value is not None}
            assert len(filled) >= len(rows[0]) - 3, name


@pytest.mark.parametrize(("child", "column", "parent", "key"), REFERENCES)
def test_references_lead_somewhere(
    seed: Mapping[str, list[Record]], child: str, column: str, parent: str, key: str
) -> None:
    known = {row[key] for row in seed[parent]}
    used = {row[column] for row in seed[child]} - {None}
    assert used
    assert used <= known


def test_the_amount_of_rows_is_worth_paging(seed: Mapping[str, list[Record]]) -> None:
    for name in ("Profit_Debtor", "Profit_Debtor_Invoices", "Profit_Article", "Profit_Projectstage", "Profit_OrgPer"):
        assert len(seed[name]) > 100
    assert seed["Emulator_No_rows"] == []


def test_entries_balance(seed: Mapping[str, list[Record]]) -> None:
    """Debit and credit of an entry are equal to the cent, and the first line is its invoice's amount."""
    invoices = {row["InvoiceNr"]: row["AmtInvoice"] for row in seed["Profit_Debtor_Invoices"]}
    entries = itertools.groupby(seed["Profit_Transactions"], key=lambda row: row["EntryNo"])
    for _, group in entries:
        lines = list(group)
        assert sum(line["AmtDebit"] for line in lines) == sum(line["AmtCredit"] for line in lines)
        assert lines[0]["AmtDebit"] - lines[0]["AmtCredit"] == invoices[lines[0]["InvoiceId"]]


def test_an_order_is_the_sum_of_its_lines(seed: Mapping[str, list[Record]]) -> None:
    totals: dict[object, Decimal] = {}
    for line in seed["Profit_SalesorderLines"]:
        totals[line["OrderNumber"]] = totals.get(line["OrderNumber"], Decimal()) + line["AmtTotal"]
    assert totals == {order["OrderNumber"]: order["TotalAmount"] for order in seed["Profit_Salesorders"]}
    assert any(line["AmtTotal"] < 0 for line in seed["Profit_SalesorderLines"])


def test_both_connectors_of_dossier_items_show_the_same_items(seed: Mapping[str, list[Record]]) -> None:
    one = [(row["TypeId"], row["SubjectId"], row["Subject"], row["Comment"]) for row in seed["Profit_Subjects"]]
    other = [(row["SbTy"], row["SbId"], row["Ds"], row["Memo"]) for row in seed["ProfitSubjects"]]
    assert one == other


def test_nobody_real_is_in_the_data(seed: Mapping[str, list[Record]]) -> None:
    """Reserved mail hosts, a bank that does not exist, and numbers for citizens that are kept free for tests."""
    for rows in seed.values():
        for row in rows:
            for column in ("Email", "MailWork", "MailPrivate", "Mail", "EmailForDigitalDocuments"):
                assert str(row.get(column) or ".example").endswith(".example")
            assert re.fullmatch(r"(NL\d\dEMUL\d{10})?", str(row.get("IBAN") or ""))
            assert re.fullmatch(r"(9999\d{5})?", str(row.get("BSN") or ""))


@pytest.mark.parametrize("number", [0, 1, 17, 9_999_999_999, 10**10])
def test_bank_accounts_have_the_right_check_digits(number: int) -> None:
    """ISO 13616: the account first, then country and check digits, letters as numbers from 10, leaves 1 by 97."""
    iban = words.iban(number)
    turned = iban[4:] + iban[:4]
    assert int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def test_pictures_are_png_files_whose_checksums_are_right() -> None:
    data = picture(3)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, kinds = 8, []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        part = data[at + 4 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(part)
        kinds.append(part[:4])
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


def test_the_odd_values_are_there(seed: Mapping[str, list[Record]]) -> None:
    """What goes wrong most easily on the way, each as it must come out."""
    rows = seed["Emulator_Types"]
    texts = {row["Text"] for row in rows}
    assert {"een\r\ntwee\rdrie\nvier", "  blanks in front, blanks behind  ", " ", "null"} <= texts
    assert any("]]>" in str(text) and "&amp;" in str(text) for text in texts)
    assert any("☕" in str(text) and "𝄞" in str(text) for text in texts)
    amounts = {row["Amount"] for row in rows}
    assert {Decimal("-0.5"), Decimal("0.5"), Decimal("-1234567.89"), Decimal("-0.0000000001")} <= amounts
    assert {Decimal(9007199254740993), Decimal("9" * 28)} <= {row["Large"] for row in rows}
    assert {2147483647, -2147483648, 0} <= {row["Whole"] for row in rows}
    assert {True, False, None} == {row["Flag"] for row in rows}
    assert {"Bel Jan morgen", "QUJD", "Nog niet gebeld!", None} <= {row["Remark"] for row in rows}
    assert all(isinstance(row["Picture"], bytes | None) for row in rows)
    moments = {row["Moment"] for row in rows}
    assert {
        datetime.datetime(2024, 3, 31, 2, 30),
        datetime.datetime(2024, 10, 27, 2, 30),
        datetime.datetime(2024, 2, 1),
    } <= moments
    assert [row for row in rows if set(row.values()) - {None} == {row["Id"]}]
    assert all(row["Always_empty"] is None for row in rows)
    exact = next(row["Amount"] for row in rows if row["Amount"] == Decimal("-1234567.89"))
    assert str(exact) == "-1234567.8900000000"
