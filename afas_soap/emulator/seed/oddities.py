"""Connectors that no Profit has: one with the values that go wrong most easily, and one without rows."""

from __future__ import annotations

from afas_soap.emulator.seed.items import picture
from afas_soap.emulator.seed.table import Cells, Table, columns

_TEXTS = (
    "gewoon",
    None,
    "  blanks in front, blanks behind  ",
    "een\r\ntwee\rdrie\nvier",
    "\ttab\ttab\t",
    "a & b < c > d \" e ' f ]]> g &amp; h &#13; i",
    "tak ☕, 𝄞 en 👩‍👩‍👧 é e\u0301",
    "null",
    "0012,50;\"komma\", 'puntkomma'; [haken] %procent% _streep_",
    "2024-02-01T10:00:00Z",
    "\r\n",
    " ",
)
# Ten decimals in the metadata; Profit shows all of them since 2018 (profit-wire 2.5).
_AMOUNTS = (
    "-0.5000000000", "0.5000000000", "-1234567.8900000000", "1234567890123456.7890123456", "0.0000000000",
    "0.1000000000", "0.3000000000", "-0.0000000001", None, "1.0000000000", "100.0000000000", "-100.0000000000",
)  # fmt: skip
_LARGE = ("9007199254740993", "-9007199254740993", "9999999999999999999999999999", "0", None, "9007199254740992")
_WHOLES = (0, 1, -1, 2147483647, -2147483648, None, 1000000)
# Midnight, a fraction of a second, the hour that is skipped in March, the hour that comes twice in October, the ends.
_MOMENTS = (
    "2024-02-01T10:00:00", "2024-02-01T00:00:00", None, "2024-03-31T02:30:00", "2024-10-27T02:30:00",
    "2024-02-29T23:59:59", "1900-01-01T00:00:00", "9999-12-31T00:00:00", "2024-07-01T12:30:15",
)  # fmt: skip
# Without its blanks the first is base64; so are the second, the third and the fourth as they stand.
_REMARKS = (
    "Bel Jan morgen",
    "Afspraak",
    "QUJD",
    "AAAA",
    "Nog niet gebeld!",
    None,
    "regel 1\r\nregel 2",
)
_FLAGS = (True, False, None)
_EMPTY_ROW = 7


def _types(number: int) -> Cells:
    if number == _EMPTY_ROW:
        return (number + 1,) + (None,) * 10
    return (
        number + 1,
        _TEXTS[number % len(_TEXTS)],
        f"waarde {number % 5}" if number % 4 else None,
        None,
        _AMOUNTS[number % len(_AMOUNTS)],
        _LARGE[number % len(_LARGE)],
        _WHOLES[number % len(_WHOLES)],
        _FLAGS[number % len(_FLAGS)],
        _MOMENTS[number % len(_MOMENTS)],
        None if number % 3 == 2 else picture(number),
        _REMARKS[number % len(_REMARKS)],
    )


_COLUMNS = """
    Id            int!           Number
    Text          string         Texts with signs, blanks and line ends
    2e kolom      string50       A column whose name is no XML name
    Always_empty  string50       A column that is empty in every row
    Amount        decimal26.10   Decimals with all their zeros
    Large         decimal28.0    Numbers that no float holds
    Whole         int            Integers up to both ends of 32 bits
    Flag          boolean        Yes, no and empty
    Moment        date           Midnights and clock changes
    Picture       picture        Bytes
    Remark        blob           Text without a limit, which may look like base64
"""

TYPES = Table(columns("Emulator_Types", "Invented: every type, with odd values", _COLUMNS), 36, _types)

NO_ROWS = Table(columns("Emulator_No_rows", "Invented: the same columns and no rows", _COLUMNS), 0, _types)

TABLES = (TYPES, NO_ROWS)
