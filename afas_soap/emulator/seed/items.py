"""Items with their pictures, and sales orders. An order has two lines, and its amounts are their sums."""

from __future__ import annotations

from afas_soap.emulator.documents.png import png
from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.finance import cents
from afas_soap.emulator.seed.relations import debtor_of
from afas_soap.emulator.seed.table import Cells, Table, columns

ITEMS = 120
_ORDERS = 70
_LINES = 2
_THINGS = (
    "Bureaustoel", "Vergadertafel", "Whiteboard 120×90", "Archiefkast", "Monitorarm", "Kapstok", "Ladeblok",
    "Printpapier A4 (500 vel)", "Nietmachine", "Koffiebonen 1 kg", "Projectiescherm", 'Beeldscherm 27"',
    "Toetsenbord & muis",
)  # fmt: skip
_COLOURS = ("zwart", "wit", "eiken", "antraciet", "crème", "blauw")
_UNITS = ("STK", "stk", "DOOS", "KG")


def item_code(number: int) -> str:
    """The code of an item: 1000 and on (profit-wire 9.1)."""
    return str(1000 + number)


def _item_name(number: int) -> str:
    return f"{_THINGS[number % len(_THINGS)]} {_COLOURS[number * 5 % len(_COLOURS)]}"


def _barcode(number: int) -> str:
    """An EAN13 that begins with 2: those are for use inside a shop."""
    digits = f"2{number:011d}"
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _article(number: int) -> Cells:
    return (
        item_code(number),
        _item_name(number),
        f"Serie {number % 30 + 1}" if number % 4 == 1 else None,
        _UNITS[number % 4],
        1 if number % 10 else 100,
        ("MEUBEL", "KANTOOR", "ICT")[number % 3],
        number % 31 == 30,
        _barcode(number) if number % 5 != 2 else None,
        "1" if number % 6 else "2",
        "0",
        "Art",
        number % 3 != 2,
        (0, 2, 5)[number % 3],
        None if number % 7 else f"P{number % 4}",
        "0" if number % 3 != 2 else "3",
        None,
        None,
        words.moment(number),
        words.moment(number + 6) if number % 9 != 8 else None,
    )


ARTICLE = Table(
    columns(
        "Profit_Article",
        "Items",
        """
        ItemCode          string40!  Item code
        Description       string100  Description
        ExtraDescription  string100  Extra description
        UnitId            string15!  Basic unit
        Factor            int        Price factor
        ArtGroup          string15!  Article group
        Blocked           boolean    Blocked
        Barcode           string30   Barcode
        VATGroup          string4!   VAT rate group
        ItemSortCode      string20!  Artikelsoort code
        ItemTypeCode      string20!  Artikeltype code
        Stock             boolean    Track stock
        BitDecimals       int        Number of decimals
        PriceGroup        string10!  Price group
        StockCode         string20!  Voorraadcontrole code
        StockDimId1       string10!  Article dimension 1
        StockDimId2       string10!  Article dimension 2
        CreateDate        date       Created on
        ModifiedDate      date       Changed on
        """,
    ),
    ITEMS,
    _article,
)


def colour(number: int) -> tuple[int, int, int]:
    """The colour of the picture of an item."""
    return number * 37 % 256, number * 91 % 256, number * 53 % 256


def picture(number: int) -> bytes:
    """A PNG of 8 by 8 pixels in one colour."""
    return png(8, 8, colour(number))


def _article_image(number: int) -> Cells:
    return (
        "Art",
        item_code(number),
        None if number % 6 == 5 else f"artikel {item_code(number)}.png",
        None if number % 6 == 5 else picture(number),
    )


ARTICLE_IMAGE = Table(
    columns(
        "Profit_Article_image",
        "Items",
        """
        ItemType    string20!  Item type
        ItemCodeId  string40!  Item code
        Filename    string255  File name
        Image       picture    Small image
        """,
    ),
    24,
    _article_image,
)


def _order_number(order: int) -> str:
    return f"VO{order + 1:06d}"


def _line_amounts(line: int) -> tuple[int, int, int]:
    """Quantity, price and discount of a line, money in cents; one line in seventeen takes goods back."""
    quantity = 1 + line * 7 % 12
    price = 500 + line * 1399 % 60_000
    discount = quantity * price // 10 if line % 4 == 3 else 0
    return (-quantity if line % 17 == 16 else quantity), price, discount


def _order(number: int) -> Cells:
    lines = [_line_amounts(number * _LINES + line) for line in range(_LINES)]
    gross = sum(quantity * price for quantity, price, _ in lines)
    discount = sum(discount for _, _, discount in lines)
    vat = (gross - discount) * 21 // 100
    return (
        "CR" if gross < 0 else "1",
        _order_number(number),
        _status(number),
        words.day(number),
        debtor_of(number),
        "EUR",
        _reference(number),
        cents(gross),
        cents(discount),
        cents(gross - discount),
        cents(vat),
        f"{sum(quantity for quantity, _, _ in lines)}.00000",
        cents(gross - discount + vat) if _status(number) == "3" else None,
    )


def _status(order: int) -> str:
    return "123"[order % 3]


def _reference(order: int) -> str | None:
    return None if order % 3 == 2 else f"Inkooporder {order * 11 + 4021} / t.a.v. {words.surname(order)}"


SALES_ORDER = Table(
    columns(
        "Profit_Salesorders",
        "Sales order lines",
        """
        Ordersoort         string20!    Order type
        OrderNumber        string12!    Order number
        Status             string20!    Status
        OrderDate          date         Order date
        DebtorId           string16!    Debtor number
        CurrencyId         string3!     Currency
        CustomerReference  string100    Customer reference
        Gross              decimal26.2  Gross amount
        Discount           decimal26.2  Discount
        TotalAmount        decimal26.2  Total amount
        VAT                decimal26.2  VAT amount
        Quantity           decimal16.5  Quantity
        InvoiceTotal       decimal26.2  Invoice total
        """,
    ),
    _ORDERS,
    _order,
)


def _order_line(number: int) -> Cells:
    order, line = divmod(number, _LINES)
    quantity, price, discount = _line_amounts(number)
    item = number * 7 % ITEMS
    return (
        _order_number(order),
        _status(order),
        words.day(order),
        debtor_of(order),
        "EUR",
        _reference(order),
        line + 1,
        _status(order),
        f"{number * 2654435761 % 2**32:08X}-0000-4000-8000-{number:012X}",
        "Art",
        item_code(item),
        _item_name(item),
        _UNITS[item % 4],
        f"{quantity}.00000",
        # A price has all the decimals of its metadata (profit-wire 2.5).
        cents(price, decimals=10),
        cents(discount) if discount else None,
        cents(price, decimals=10),
        cents(quantity * price - discount),
        words.moment(order),
        words.moment(order + 1) if order % 4 else None,
    )


SALES_ORDER_LINE = Table(
    columns(
        "Profit_SalesorderLines",
        "Sales order lines",
        """
        OrderNumber        string12!     Order number
        Status             string20!     Status
        OrderDate          date          Order date
        DebtorId           string16!     Debtor number
        CurrencyId         string3!      Currency
        CustomerReference  string100     Customer reference
        SeqNo              int           Sequence number
        LineStatusCode     string20!     Line status
        LineGuid           string38      GUID of the line
        ItemTypeCode       string20!     Item type
        ItemCodeId         string40!     Item code
        Description        string100     Description
        UnitId             string15!     Unit
        PiecePerUnit       decimal16.5   Number of units
        PricePerUnit       decimal26.10  Price per unit
        AmtRowDiscount     decimal26.2   Line discount
        PriceNet           decimal26.10  Net price
        AmtTotal           decimal26.2   Total amount
        CreateDate         date          Created on
        ModifiedDate       date          Changed on
        """,
    ),
    _LINES * _ORDERS,
    _order_line,
)

TABLES = (ARTICLE, ARTICLE_IMAGE, SALES_ORDER, SALES_ORDER_LINE)
