"""The part of ``afas demo`` that shows AFAS SB: beside the embedded Profit, on a port of this machine."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from decimal import Decimal

import click

from afas_soap.emulator.http.app import Emulator
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.sb.signin.clients import DEMO_APP_TOKEN
from afas_soap.errors import AnswerError
from afas_soap.profit.questions.where import F
from afas_soap.profit.rows import Record
from afas_soap.profit.values import spell
from afas_soap.sb.access.credentials import AppToken
from afas_soap.sbclient import SBClient
from afas_soap.signin.sbsession import SbSignedIn
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.sb.calls import SbCalls
from afas_soap.wire.sb.judge import SB

CUSTOMER = "enyoi"
FIRST = 3
# The account of general turnover in the chart that the emulator has.
TURNOVER = "8000"
NUMBER = "DEMO"


def show() -> bool:
    """Sign in by app token, read, book a sales entry, see it, and delete it again; whether it was seen and then was
    gone."""
    with _client() as sb:
        click.echo(f"\nAFAS SB beside it, the customer environment {CUSTOMER}: the first {FIRST} organisations:")
        organisations = _rows(sb, "organisations", order_by=["Name"], take=FIRST)
        for row in organisations:
            click.echo("  " + "  ".join(spell(row[name]) for name in ("RelationId", "Name")))
        total = Decimal("121.31")
        found = _booked(sb, organisations[0], total)
        left = len(_rows(sb, "debtorinvoicebalance", where=F.InvoiceNumber == NUMBER))
        click.echo(f"\nBooked a sales entry of {total} in SB: {found} is outstanding, and {left} when it is deleted.")
    return found == total and not left


def _booked(sb: SBClient, organisation: Record, total: Decimal) -> object:
    """Book an entry, and delete it again; what of it was outstanding between the two."""
    account = _rows(sb, "ledgeraccounts", where=F.LedgerAccountNumber == TURNOVER, take=1)[0]
    excluding = Decimal("100.26")
    entry = {
        "AdministrationId": account["AdministrationId"],
        "InvoiceDate": "2026-03-02",
        "InvoiceNumber": NUMBER,
        "RelationType": "organisation",
        "RelationId": organisation["Id"],
        "InvoiceLine": [
            {
                "LedgerAccountId": account["Id"],
                "AmountExcludingVat": excluding,
                "AmountVat": total - excluding,
                "VatType": "high",
            }
        ],
    }
    result = sb.post("salesjournalentry", entry)
    balance = _rows(sb, "debtorinvoicebalance", where=F.InvoiceNumber == NUMBER)[0]
    named = {"AdministrationId": account["AdministrationId"], "Id": result.data["SalesJournalEntryId"]}
    sb.delete("salesjournalentry", named)
    return balance["OutstandingAmount"]


def _rows(sb: SBClient, connector: str, **question: object) -> list[Record]:
    with sb.rows(connector, **question) as rows:  # type: ignore[arg-type] # each call here names what a question has
        found = list(rows)
    if question.get("take") and not found:
        raise AnswerError(f"{connector} has no rows, which an emulator has.")
    return found


@contextlib.contextmanager
def _client() -> Iterator[SBClient]:
    """A client by app token, whatever is configured; nothing of it is kept."""
    emulator = Emulator()
    with contextlib.closing(emulator), serve(emulator) as server:
        link = Link("", server.sb_url(CUSTOMER), f"demo/{CUSTOMER}")
        signed = SbSignedIn(AppToken(DEMO_APP_TOKEN, CUSTOMER), link)
        transport = Transport(dataclasses.replace(link, authorizer=signed), SB)
        with SBClient(SbCalls(transport)) as client:
            yield client
