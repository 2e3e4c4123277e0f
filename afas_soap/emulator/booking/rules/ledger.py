"""FiEntries: entries whose lines balance, in a period that is not blocked (profit-wire 4.5 and 9.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext

from afas_soap.emulator.booking.context import Context, Rule
from afas_soap.emulator.booking.kinds import EXACTLY, amount
from afas_soap.emulator.booking.records import Document, Row
from afas_soap.emulator.refusals import BLOCKED_PERIOD, UNBALANCED, Refused

BLOCKED = frozenset({("1", "2024", "8")})
"""Administration, year and period of what is blocked: the one of AFAS' own sample. Every other year and period is
open."""

_LINES = "FiEntries"
# Without one, Profit takes the administration in which the user of the token last logged on.
_FIRST_ADMINISTRATION = "1"
_WITH_INVOICE = ("2", "3")


def settle(context: Context, document: Document) -> None:
    """Number the entries and their lines, and check each entry. Raises ``Refused``."""
    head, lines = document.row, document.row.parts.get(_LINES, [])
    if not head.text("UnId"):
        head.handed["UnId"] = _FIRST_ADMINISTRATION
    _check_period(head, lines)
    _number(context, head, lines)
    with localcontext(EXACTLY):
        if any(sum(map(_amount, entry)) for entry in _entries(lines)):
            raise Refused(UNBALANCED)
    if head.text("AuNu") == "true":
        _number_invoice(context, lines)
    head.handed["InID"] = next((text for line in lines if (text := line.text("InId"))), "")


def _check_period(head: Row, lines: list[Row]) -> None:
    unit, year, period = (head.text(code) for code in ("UnId", "Year", "Peri"))
    if (unit, year, period) in BLOCKED:
        date = next((text for line in lines if (text := line.text("EnDa"))), "")
        raise Refused(BLOCKED_PERIOD, filled={"date": _spoken(date), "period": period, "year": year})


def _spoken(date: str) -> str:
    """``1-11-2024`` for 2024-11-01, as in AFAS' sample."""
    return "-".join(part.lstrip("0") for part in reversed(date[:10].split("-")))


def _number(context: Context, head: Row, lines: list[Row]) -> None:
    """One number for all lines that were sent without, which are one entry (inferred), and one for each line in it."""
    connector = context.definition.connector
    handed = ""
    for line in lines:
        if not line.text("EnNo"):
            handed = handed or context.numbers.next(connector, "EnNo")
            line.values.pop("EnNo", None)
            line.handed["EnNo"] = handed
        context.numbers.seen(connector, "EnNo", line.text("EnNo"))
    for entry in _entries(lines):
        last = max(int(line.handed.get("SeqNo", "0")) for line in entry)
        for line in entry:
            if "SeqNo" not in line.handed:
                last += 1
                line.handed["SeqNo"] = str(last)
    if lines:
        head.handed["EnNo"] = lines[0].text("EnNo")
    elif "EnNo" not in head.handed:
        head.handed["EnNo"] = context.numbers.next(connector, "EnNo")


def _entries(lines: Iterable[Row]) -> Iterator[list[Row]]:
    entries: dict[str, list[Row]] = {}
    for line in lines:
        entries.setdefault(line.text("EnNo"), []).append(line)
    yield from entries.values()


def _amount(line: Row) -> Decimal:
    return amount(line.text("AmDe")) - amount(line.text("AmCr"))


def _number_invoice(context: Context, lines: list[Row]) -> None:
    """``AuNu``: Profit numbers the invoice (inferred: on the lines of debtors and creditors)."""
    without = [line for line in lines if line.text("VaAs") in _WITH_INVOICE and not line.text("InId")]
    number = context.numbers.next(context.definition.connector, "InId") if without else ""
    for line in without:
        line.values.pop("InId", None)
        line.handed["InId"] = number


RULE = Rule(settle=settle)
