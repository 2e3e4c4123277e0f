"""FiEntries: entries that balance, in a period that is not blocked."""

from __future__ import annotations

import pytest

from afas_soap.emulator.refusals import Refused
from afas_soap.emulator.store import Store
from afas_soap.errors import ProfitError
from afas_soap.profit.questions.query import Query
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import Plain, update_from_plain

HEAD = {"Year": 2024, "Peri": 2, "JoCo": "80"}
DAYS = {"EnDa": "2024-02-01", "BpDa": "2024-02-01"}
DEBIT = {**DAYS, "VaAs": "1", "AcNr": "0200", "AmDe": "100.10", "AmCr": "0"}
CREDIT = {**DAYS, "VaAs": "1", "AcNr": "0100", "AmCr": "100.10"}


def book(store: Store, record: Plain, action: Action = Action.INSERT) -> Receipt:
    return store.send(update_from_plain("FiEntries", record, root="FiEntryPar", action=action))


def refused(store: Store, record: Plain, language: str = "en") -> str:
    with pytest.raises(ProfitError) as caught:
        book(store, record)
    return Refused.by(caught.value).message(language)


def shown(store: Store) -> list[dict[str, object]]:
    return list(store.rows("Profit_Transactions", Query(skip=198)))


def test_an_entry_is_numbered_behind_the_seed_in_the_first_administration(store: Store) -> None:
    assert book(store, {**HEAD, "FiEntries": [DEBIT, CREDIT]}).keys == ({"EnNo": "67", "UnId": "1", "InID": ""},)
    assert book(store, {**HEAD, "UnId": 3, "FiEntries": [DEBIT, CREDIT]}).keys[0] == {
        "EnNo": "68",
        "UnId": "3",
        "InID": "",
    }
    rows = shown(store)
    assert [(row["UnitId"], row["EntryNo"], row["SeqNo"]) for row in rows] == [
        (1, 67, 1),
        (1, 67, 2),
        (3, 68, 1),
        (3, 68, 2),
    ]
    assert [(str(row["AmtDebit"]), str(row["AmtCredit"])) for row in rows[:2]] == [
        ("100.10", "0.00"),
        ("0.00", "100.10"),
    ]
    assert (rows[0]["Year"], rows[0]["Period"], rows[0]["JournalId"], rows[0]["AccountNo"]) == (2024, 2, "80", "0200")


def test_lines_with_numbers_of_their_own_are_entries_of_their_own(store: Store) -> None:
    lines = [{**DEBIT, "EnNo": 501}, {**DEBIT, "EnNo": 502}, {**CREDIT, "EnNo": 501}, {**CREDIT, "EnNo": 502}]
    assert book(store, {**HEAD, "FiEntries": lines})["EnNo"] == "501"
    assert [(row["EntryNo"], row["SeqNo"]) for row in shown(store)] == [(501, 1), (502, 1), (501, 2), (502, 2)]
    assert book(store, {**HEAD, "FiEntries": [DEBIT, CREDIT]})["EnNo"] == "503"
    lines = [{**DEBIT, "EnNo": 601}, {**CREDIT, "EnNo": 602}]
    assert "not equal" in refused(store, {**HEAD, "FiEntries": lines})


@pytest.mark.parametrize("amount", ["100.11", "-100.10", "", "0.10"])
def test_lines_that_do_not_balance(store: Store, amount: str) -> None:
    wrong = {**HEAD, "FiEntries": [DEBIT, {**CREDIT, "AmCr": amount}]}
    assert refused(store, wrong) == "(AFASFiEntry) The debit and credit amounts of the journal entry are not equal."
    assert shown(store) == []


def test_the_widest_amounts_balance_to_the_last_digit(store: Store) -> None:
    wide, least = "9" * 26, "0.0000000001"
    lines = [{**DEBIT, "AmDe": wide}, {**DEBIT, "AmDe": least}, {**CREDIT, "AmCr": wide}, {**CREDIT, "AmCr": least}]
    assert book(store, {**HEAD, "FiEntries": lines})["EnNo"] == "67"
    assert "not equal" in refused(store, {**HEAD, "FiEntries": lines[:3]})


def test_a_blocked_period_in_afas_own_words(store: Store) -> None:
    blocked = {**HEAD, "Peri": 8, "FiEntries": [{**DEBIT, "EnDa": "2024-11-01"}, CREDIT]}
    text = (
        "Date '1-11-2024' belongs to a blocked period / For this administration, period 8 of the year 2024 is blocked."
    )
    assert refused(store, blocked) == text
    assert refused(store, blocked, "nl") == text
    assert book(store, {**blocked, "UnId": 3})["EnNo"] == "67"
    assert book(store, {**blocked, "Year": 2031})["EnNo"] == "68"


def test_the_invoice_that_was_sent_or_numbered_is_told(store: Store) -> None:
    debtor = {**DEBIT, "VaAs": "2", "AcNr": "10001"}
    assert book(store, {**HEAD, "FiEntries": [{**debtor, "InId": "V1"}, CREDIT]})["InID"] == "V1"
    assert book(store, {**HEAD, "AuNu": True, "FiEntries": [debtor, CREDIT]})["InID"] == "1"
    assert book(store, {**HEAD, "AuNu": True, "FiEntries": [{**debtor, "InId": "V2"}, CREDIT]})["InID"] == "V2"
    assert [row["InvoiceId"] for row in shown(store)] == ["V1", None, "1", None, "V2", None]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (HEAD | {"FiEntries": {**DEBIT, "VaId": "XX"}},
         "(AntaObject) The foreignkey does not exist in the database. FieldId=Btw-code, ForeignkeyId=KnVat"),
        (HEAD | {"JoCo": "99"}, "ForeignkeyId=KnJournal"),
        (HEAD | {"UnId": 4}, "ForeignkeyId=KnUnit"),
        ({"Peri": 2, "JoCo": "80"}, "(AntaObject) There is no value entered in mandatory field 'Boekjaar' (Year)"),
    ],
)  # fmt: skip
def test_what_else_is_refused(store: Store, record: Plain, text: str) -> None:
    assert refused(store, record).endswith(text)


def test_an_entry_without_lines_has_a_number(store: Store) -> None:
    assert book(store, HEAD)["EnNo"] == "67"


def test_an_entry_is_removed_by_its_number(store: Store) -> None:
    for _ in range(2):
        book(store, {**HEAD, "FiEntries": [DEBIT, CREDIT]})
    book(store, {"UnId": 1, "JoCo": "80", "FiEntries": {"EnNo": 67, "@Action": "delete"}}, Action.UPDATE)
    assert [row["EntryNo"] for row in shown(store)] == [68, 68]
