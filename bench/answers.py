"""The stored answers that every reader reads: the same rows as SOAP and as REST, 20 columns of which 11 are typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

CONNECTOR = "Bench_Rows"

# column: XSD type; metainfo's name follows from it
COLUMNS = {
    "OrderNumber": "string",
    "DebtorId": "string",
    "DebtorName": "string",
    "SearchName": "string",
    "AdressLine1": "string",
    "AdressLine3": "string",
    "Email": "string",
    "ItemCode": "string",
    "Description": "string",
    "UnitId": "int",
    "SeqNo": "int",
    "Period": "int",
    "Quantity": "decimal",
    "PriceNet": "decimal",
    "AmtTotal": "decimal",
    "VatAmt": "decimal",
    "Blocked": "boolean",
    "Approved": "boolean",
    "OrderDate": "dateTime",
    "ModifiedDate": "dateTime",
}
METAINFO = {"string": "string", "int": "int", "decimal": "decimal", "boolean": "boolean", "dateTime": "date"}

ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
    '<GetDataWithOptionsResponse xmlns="urn:Afas.Profit.Services"><GetDataWithOptionsResult>'
)
ENVELOPE_END = "\n</GetDataWithOptionsResult></GetDataWithOptionsResponse></soap:Body></soap:Envelope>"


def row(number: int) -> dict[str, str | None]:
    """Row ``number``: the text of each value; one in seven is empty here and there, and names hold an ampersand."""
    name = f"Jansen & Zonen {number} B.V." if number % 10 == 0 else f"Bakkerij de Vries {number}"
    month, day, hour = 1 + number % 12, 1 + number % 28, number % 24
    return {
        "OrderNumber": f"SO{number:08d}",
        "DebtorId": f"{10000 + number % 5000}",
        "DebtorName": name,
        "SearchName": name.split()[0].upper() + str(number),
        "AdressLine1": f"Haarlemseweg {number % 400}",
        "AdressLine3": f"{1000 + number % 8999} AB  Leusden",
        "Email": None if number % 7 == 0 else f"debiteur{number}@voorbeeld.nl",
        "ItemCode": f"{1000 + number % 300}",
        "Description": f"Levering volgens offerte {number}, onderdeel {number % 17}",
        "UnitId": str(1 + number % 3),
        "SeqNo": str(number),
        "Period": str(month),
        "Quantity": f"{number % 90}.00",
        "PriceNet": f"{number % 1000}.{number % 100:02d}",
        "AmtTotal": f"-{number % 40000}.{number % 100:02d}"
        if number % 9 == 0
        else f"{number % 40000}.{number % 100:02d}",
        "VatAmt": f"0.{number % 100:02d}",
        "Blocked": "true" if number % 13 == 0 else "false",
        "Approved": "false" if number % 5 == 0 else "true",
        "OrderDate": f"2024-{month:02d}-{day:02d}T00:00:00",
        "ModifiedDate": None if number % 7 == 1 else f"2025-{month:02d}-{day:02d}T{hour:02d}:{number % 60:02d}:00",
    }


def soap(rows: int) -> Iterator[str]:
    """The SOAP answer, in pieces."""
    elements = "".join(f'<xs:element name="{name}" type="xs:{xsd}" minOccurs="0"/>' for name, xsd in COLUMNS.items())
    schema = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector"><xs:complexType>'
        f'<xs:choice maxOccurs="unbounded"><xs:element name="{CONNECTOR}"><xs:complexType><xs:sequence>{elements}'
        "</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
    )
    yield ENVELOPE + escape(f"<AfasGetConnector>{schema}")
    for number in range(rows):
        cells = "".join(f"<{n}>{escape(value)}</{n}>" for n, value in row(number).items() if value is not None)
        yield escape(f"<{CONNECTOR}>{cells}</{CONNECTOR}>")
    yield escape("</AfasGetConnector>") + ENVELOPE_END


def rest(rows: int) -> Iterator[str]:
    """The REST answer, in pieces; numbers as they are spelt in the SOAP one."""
    yield '{"skip":-1,"take":-1,"rows":['
    for number in range(rows):
        cells = ",".join(f'"{name}":{_json(COLUMNS[name], value)}' for name, value in row(number).items())
        yield f"{',' if number else ''}{{{cells}}}"
    yield "]}"


def _json(xsd: str, value: str | None) -> str:
    if value is None:
        return "null"
    if xsd in ("int", "decimal", "boolean"):
        return value
    return json.dumps(value + "Z" if xsd == "dateTime" else value, ensure_ascii=False)


def metainfo() -> str:
    """The connector's metainfo."""
    fields = [
        {
            "id": name,
            "fieldId": f"U{number:03d}",
            "dataType": METAINFO[xsd],
            "label": name,
            "length": 0,
            "controlType": 1,
            "decimals": 0,
            "decimalsFieldId": "",
        }
        for number, (name, xsd) in enumerate(COLUMNS.items(), 1)
    ]
    return json.dumps({"name": CONNECTOR, "description": CONNECTOR, "fields": fields})


def store(folder: Path, sizes: tuple[int, ...]) -> None:
    """Write ``soap-N``, ``rest-N`` and ``metainfo`` into the folder."""
    for size in sizes:
        for name, pieces in (("soap", soap(size)), ("rest", rest(size))):
            with (folder / f"{name}-{size}").open("w", encoding="utf-8") as file:
                file.writelines(pieces)
    (folder / "metainfo").write_text(metainfo(), encoding="utf-8")
