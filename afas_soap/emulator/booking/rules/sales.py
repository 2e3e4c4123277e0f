"""FbSales: numbers of lines, and the amounts of an order worked out of them (profit-wire 4.5 and 11).

How Profit comes to its prices and its VAT is not known: here a price is the one that was sent, and VAT 21 %, or 9 % for
the rate group 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext

from afas_soap.emulator.booking.context import Context, Rule
from afas_soap.emulator.booking.kinds import EXACTLY, amount
from afas_soap.emulator.booking.numbering import guid
from afas_soap.emulator.booking.records import Document, Row
from afas_soap.emulator.seed.table import Cell

_LINES = "FbSalesLines"
# Text, subtotal and dimension total have no amount.
_WITHOUT_AMOUNT = ("3", "4", "14")
_CENT = Decimal("0.01")
_RATES = {"2": Decimal("0.09")}
_USUAL_RATE = Decimal("0.21")
# The order kinds and the status that the seed has.
_CREDIT, _ORDER, _NEW = "CR", "1", "1"
_ARTICLE = "2"
# The seed's columns of a line, by the fields they show; the moments of the seed are left as they are.
_LINE_COLUMNS = {
    "ItCd": "ItemCodeId",
    "Ds": "Description",
    "BiUn": "UnitId",
    "QuUn": "PiecePerUnit",
    "Upri": "PricePerUnit",
    "ARDc": "AmtRowDiscount",
}
_HEAD_COLUMNS = {"Status": "Status", "OrDa": "OrderDate", "DbId": "DebtorId", "CuId": "CurrencyId",
                 "RfCs": "CustomerReference"}  # fmt: skip


def adopt(context: Context, document: Document) -> None:
    """What the seed has of an order and of its lines."""
    wanted = {"OrderNumber": document.row.text("OrNu")}
    for row in context.seeds.rows("Profit_Salesorders", wanted):
        document.row.handed.update(_handed(row, _HEAD_COLUMNS))
    lines = [_adopted(row) for row in context.seeds.rows("Profit_SalesorderLines", wanted)]
    if lines:
        document.row.parts[_LINES] = lines


def _adopted(row: Mapping[str, Cell]) -> Row:
    handed = _handed(row, {**_LINE_COLUMNS, "SeqNo": "SeqNo", "ItemTypeCode": "ItemTypeCode", "LineGuid": "LineGuid"})
    handed |= {"GuLi": "{" + handed.get("LineGuid", "") + "}", "VaIt": _ARTICLE}
    return Row(handed=handed)


def _handed(row: Mapping[str, Cell], columns: Mapping[str, str]) -> dict[str, str]:
    return {code: str(cell) for code, column in columns.items() if (cell := row.get(column)) is not None}


def settle(context: Context, document: Document) -> None:
    """Number the lines and work out the amounts."""
    head, lines = document.row, document.row.parts.get(_LINES, [])
    last = max((int(line.handed.get("SeqNo", "0")) for line in lines), default=0)
    for line in lines:
        if "SeqNo" not in line.handed:
            last += 1
            line.handed["SeqNo"] = str(last)
        if not line.text("GuLi"):
            line.values.pop("GuLi", None)
            line.handed["GuLi"] = guid(_LINES, context.numbers.next(_LINES, "GuLi"))
        line.handed["LineGuid"] = line.text("GuLi").strip("{}")
    with localcontext(EXACTLY):
        _work_out(head, lines)


def _work_out(head: Row, lines: list[Row]) -> None:
    gross, discount, vat, quantity = Decimal(0), Decimal(0), Decimal(0), Decimal(0)
    for line in filter(_has_amount, lines):
        count, price = amount(line.text("QuUn")), amount(line.text("Upri"))
        whole = count * price
        less = amount(line.text("ARDc")) if line.text("ARDc") else whole * amount(line.text("PRDc")) / 100
        whole, less = _rounded(whole), _rounded(less)
        line.handed |= {
            "Amount": f"{whole - less:f}",
            "Discount": f"{less:f}" if less else "",
            "PriceNet": f"{price:f}",
        }
        gross, discount, quantity = gross + whole, discount + less, quantity + count
        vat += (whole - less) * _RATES.get(line.text("VaRc"), _USUAL_RATE)
    credit = gross < 0 or head.text("CrOr") == "true"
    head.handed |= {
        "Gross": f"{gross:f}",
        "Discount": f"{discount:f}",
        "TotalAmount": f"{gross - discount:f}",
        "VAT": f"{_rounded(vat):f}",
        "Quantity": f"{quantity:f}",
        "OrderKind": _CREDIT if credit else _ORDER,
        "Status": head.handed.get("Status", _NEW),
    }


def _has_amount(line: Row) -> bool:
    return line.text("VaIt") not in _WITHOUT_AMOUNT


def _rounded(exact: Decimal) -> Decimal:
    return exact.quantize(_CENT, ROUND_HALF_UP)


RULE = Rule(adopt=adopt, settle=settle)
