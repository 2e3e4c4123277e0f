"""Sequences and own records: the tables beside those of the connectors, numbers that are handed out, and ids.

Nothing here is left to chance, so that two fresh environments that get the same writes give the same answers. A number
or id that was handed out is never handed out again, whatever is deleted.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from afas_soap.emulator.sb.tables import Row, Tables, guid_of
from afas_soap.sb.operation import Column, Kind

RELATIONS, REFERENCES, ENTRIES, COUNTERS = "_relations", "_rgs", "_entries", "_counters"
_TABLES: Mapping[str, tuple[tuple[str, Kind], ...]] = {
    RELATIONS: (
        ("Id", Kind.UUID), ("RelationType", Kind.TEXT), ("Number", Kind.TEXT), ("Tradename", Kind.TEXT),
        ("Website", Kind.TEXT),
    ),
    REFERENCES: (("LedgerAccountId", Kind.UUID), ("RgsCode", Kind.TEXT), ("RgsDescription", Kind.TEXT)),
    ENTRIES: (
        ("Id", Kind.UUID), ("Kind", Kind.TEXT), ("State", Kind.TEXT), ("AdministrationId", Kind.UUID),
        ("Number", Kind.TEXT), ("Origin", Kind.UUID), ("PaymentReference", Kind.TEXT),
    ),
    COUNTERS: (("Name", Kind.TEXT), ("Last", Kind.TEXT)),
}  # fmt: skip
_INDEXES = (
    (RELATIONS, "Id"), (REFERENCES, "LedgerAccountId"), (ENTRIES, "Id"), (ENTRIES, "Number"), (ENTRIES, "Origin"),
    (COUNTERS, "Name"), ("journalentries", "HeaderId"), ("ledgeraccounts", "Id"), ("accountingperiod", "Id"),
    ("accountingyear", "Id"), ("organisations", "Id"), ("persons", "Id"), ("addresses", "RelationId"),
    ("bankaccounts", "RelationId"), ("debtorinvoicebalance", "InvoiceId"), ("creditorinvoicebalance", "InvoiceId"),
    ("salesinvoices", "InstanceId"), ("linestobeinvoiced", "InstanceId"),
)  # fmt: skip


class EntryKind(enum.StrEnum):
    """What an entry is of. The word stands in SB's own texts, where it is known."""

    OPENING = "Opening"
    SALES = "SalesJournalEntry"
    PURCHASE = "PurchaseJournalEntry"
    MEMORIAL = "FinancialJournalEntry"
    PAYROLL = "PayrollJournalEntry"
    CASH = "CashMutation"
    BANK = "BankMutation"
    INVOICE = "SalesInvoice"
    WRITE_OFF = "SalesJournalEntryWriteOff"
    MANDATE = "Mandate"
    SCAN = "Scan"


class State(enum.StrEnum):
    """Whether an entry is in the ledger, is kept in error (small-business.md 0), or is a draft."""

    BOOKED = "booked"
    ERROR = "error"
    DRAFT = "draft"


class Register:
    """Makes its tables in ``tables``, and hands out numbers and ids."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        for name, columns in _TABLES.items():
            tables.add(name, *(Column(column, kind) for column, kind in columns))
        for name, indexed in _INDEXES:
            tables.index(name, indexed)

    def number(self, name: str) -> int:
        """The next number of a sequence, from 1 on."""
        found = self._tables.find(COUNTERS, {"Name": name})
        if not found:
            self._tables.insert(COUNTERS, {"Name": name, "Last": "1"})
            return 1
        number = int(str(found[0]["Last"])) + 1
        self._tables.change(COUNTERS, {"Name": name}, {"Last": str(number)})
        return number

    def id(self, kind: str) -> str:
        """A new id."""
        return guid_of("id", kind, self.number(f"id {kind}"))

    def keep(self, kind: EntryKind, state: State, row: Row) -> None:
        """Remember an entry: ``Id``, ``AdministrationId`` and, where it has them, ``Number`` and ``Origin``."""
        self._tables.insert(ENTRIES, {"Kind": kind, "State": state, **row})

    def entry(self, kind: EntryKind, key: str, administration: str) -> Row | None:
        """The entry of that kind, in whatever state."""
        found = self._tables.find(ENTRIES, {"Id": key, "Kind": kind, "AdministrationId": administration})
        return found[0] if found else None

    def taken(self, kind: EntryKind, administration: str, number: str) -> bool:
        """Whether an entry, one in error too, has that number."""
        wanted = {"Kind": kind, "AdministrationId": administration, "Number": number}
        return bool(self._tables.find(ENTRIES, wanted))
