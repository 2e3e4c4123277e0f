"""Any body: whatever a caller sends is answered, what is booked balances, and a DELETE takes all of it away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afas_soap.emulator.sb.seed import samples
from afas_soap.emulator.sb.tables import Row
from afas_soap.sb.operation import Field, Kind, Operation, Verb
from afas_soap.sb.table import shipped
from tests.emulator.sb.books.conftest import Environment, data, made

OWN = "701b747b-eea2-5ed1-8518-973e5c670252"
ORGANISATION = "c6f3b724-845c-5af2-8360-2fc751601115"
WRITES = [operation for operation in shipped().operations if operation.verb is not Verb.GET]
IDS = st.sampled_from(
    [
        *samples.ADMINISTRATIONS[:3], *samples.ORGANISATIONS[:3], *samples.PERSONS[:2], *samples.ATTACHMENTS[:1],
        *samples.LEDGER_ACCOUNTS.values(), samples.PRODUCTS[0][1], samples.DELETED_INVOICE[1], samples.LINE[1],
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=9), st.sampled_from(["NL", "\ud800", "1e999", "NaN", "2024-05-06", "1700", "null"]))
NUMBERS = st.one_of(
    st.decimals(-10000, 10000, places=2), st.sampled_from([Decimal(0), Decimal("999999999999999"), Decimal("1e300")])
)
DATES = st.one_of(st.dates().map(str), st.sampled_from(["2025-01-31", "9999-12-31", "0001-01-01", "soon"]))
VALUES = {Kind.UUID: IDS, Kind.NUMBER: NUMBERS, Kind.BOOLEAN: st.booleans(), Kind.DATE: DATES, Kind.INTEGER: NUMBERS}


def any_value(field: Field) -> st.SearchStrategy[object]:
    if field.members:
        one = any_object(field.members)
        return st.lists(one, max_size=3) if field.many else one
    if field.choices:
        return st.sampled_from(field.choices)
    return VALUES.get(field.kind, TEXTS) if field.kind is not Kind.EMAIL else st.just("a@b.example")


def any_object(fields: tuple[Field, ...]) -> st.SearchStrategy[Row]:
    values = {field.name: any_value(field) for field in fields}
    required = {field.name: values.pop(field.name) for field in fields if field.required}
    return st.fixed_dictionaries(required, optional=values)


def spelt(body: Row) -> bytes:
    """JSON with decimals as they are."""
    return json.dumps(body, default=lambda number: f"#{number}#").replace('"#', "").replace('#"', "").encode()


@pytest.fixture(scope="module")
def shared() -> Iterator[Environment]:
    environment = made()
    yield environment
    environment.tables.close()


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.title)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(choice=st.data())
def test_it_is_answered(shared: Environment, operation: Operation, choice: st.DataObject) -> None:
    content = spelt(choice.draw(any_object(operation.fields)))
    outcome = shared.books.apply(operation, content)
    assert outcome.status in (200, 400)
    assert json.dumps(outcome.content)
    shared.assert_balanced()


@settings(max_examples=50, deadline=None)
@given(content=st.one_of(st.binary(max_size=30), st.text(max_size=30).map(str.encode)))
def test_bytes_that_are_no_body(shared: Environment, content: bytes) -> None:
    outcome = shared.books.apply(shipped().operation("address", Verb.POST), content)
    assert (outcome.status, outcome.content["ExceptionCode"]) == (400, "DS3100")


CENTS = st.decimals(-100000, 100000, places=2)
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "LedgerAccountId": st.just("1a8042a9-576d-5fab-9e5f-75e6f7d5ab63"),
            "AmountExcludingVat": CENTS,
            "AmountVat": CENTS,
            "VatType": st.sampled_from(["high", "low", "zero"]),
        },
        optional={"VatCalculation": st.sampled_from(["reversecharged", "exempt"])},
    ),
    max_size=4,
)


@settings(max_examples=40, deadline=None)
@given(lines=LINES)
def test_sales_of_any_lines_balance_and_go_whole(shared: Environment, lines: list[Row]) -> None:
    before = shared.everything()
    body: Row = {
        "AdministrationId": OWN,
        "InvoiceDate": "2025-06-01",
        "InvoiceNumber": "any",
        "RelationType": "organisation",
        "RelationId": ORGANISATION,
        "InvoiceLine": lines,
    }
    outcome = shared.books.apply(shipped().operation("salesjournalentry", Verb.POST), spelt(body))
    key = data(outcome)["SalesJournalEntryId"]
    shared.assert_balanced()
    (invoice,) = shared.rows("debtorinvoicebalance", InvoiceId=key)
    control = shared.rows("journalentries", HeaderId=key)[0]
    assert invoice["TotalAmount"] == control["AmountTotal"]
    data(shared.delete("salesjournalentry", OWN, key))
    assert shared.everything() == before


def test_writes_at_once_get_numbers_of_their_own(environment: Environment) -> None:
    with ThreadPoolExecutor(4) as crew:
        outcomes = list(crew.map(lambda number: environment.post("organisation", {"Name": f"N{number}"}), range(40)))
    keys = {data(outcome)["RelationId"] for outcome in outcomes}
    numbers = {row["RelationId"] for row in environment.rows("organisations") if row["Id"] in keys}
    assert (len(keys), len(numbers)) == (40, 40)
