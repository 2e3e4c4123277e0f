"""Files of one's own as GetConnectors: types, values, and what is said about a bad file."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path

import pytest

from afas_soap.emulator.store import Store
from afas_soap.errors import SettingsError
from afas_soap.profit.fields import Kind
from afas_soap.profit.questions.query import Query, Sort
from afas_soap.profit.rows import Record

FIELDS = {
    "name": "Orders",
    "description": "Bestellingen",
    "fields": [
        {"id": "Amount", "fieldId": "U001", "dataType": "decimal", "label": "", "length": 26, "decimals": 2},
        {"id": "Id", "fieldId": "U002", "dataType": "int", "label": "", "length": 10, "decimals": 0},
        {"id": "Date", "fieldId": "U003", "dataType": "date", "label": "", "length": 10, "decimals": 0},
        {"id": "Open", "fieldId": "U004", "dataType": "boolean", "label": "", "length": 1, "decimals": 0},
        {"id": "File", "fieldId": "U005", "dataType": "blob", "label": "", "length": 0, "controlType": 1001},
    ],
}


def write(folder: Path, name: str, content: str | bytes | list | dict) -> None:
    if isinstance(content, (list, dict)):
        content = json.dumps(content)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def rows(folder: Path, connector: str = "Orders") -> list[Record]:
    with Store(data=folder) as store:
        return list(store.rows(connector, Query()))


def kinds(folder: Path, connector: str = "Orders") -> dict[str, Kind]:
    with Store(data=folder) as store:
        return {field.name: field.kind for field in store.fields(connector)}


def refused(folder: Path) -> str:
    with pytest.raises(SettingsError) as raised:
        Store(data=folder)
    assert str(folder) not in str(raised.value) or not folder.is_dir()
    return str(raised.value)


def test_csv_is_text(tmp_path: Path) -> None:
    """A BOM, quotes, line ends and commas in a value, an empty value, a line without anything."""
    write(tmp_path, "Orders.csv", '\ufeffId,Note met blank,€\r\n007,"a ""b"",\r\nc",\r\n\r\n8, x ,é\r\n'.encode())
    assert rows(tmp_path) == [
        {"Id": "007", "Note met blank": 'a "b",\r\nc', "€": None},
        {"Id": "8", "Note met blank": " x ", "€": "é"},
    ]
    assert set(kinds(tmp_path).values()) == {Kind.TEXT}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('Nr;Bedrag\n0012;"1.234,50"\n1;2,50\n', [["0012", "1.234,50"], ["1", "2,50"]]),
        ("Nr;Bedrag\r\n0012;1.234,50\r\n", [["0012", "1.234,50"]]),
        ("Naam;Adres, postcode;Plaats\nJan;Kade 1;Ede\n", [["Jan", "Kade 1", "Ede"]]),
        ("Nr\tBedrag\n1\t2,50; 3\n", [["1", "2,50; 3"]]),
        # Commas where they fit, whatever else stands there.
        ("Nr,Naam;roepnaam\n1,x;y\n", [["1", "x;y"]]),
        ("Nr\n1;2\n", [["1;2"]]),
        ('"a;b",c\n1,2\n', [["1", "2"]]),
        ("Nr,Bedrag\n1,2;5\n", [["1", "2;5"]]),
        ('"a;b"\n1;2\n', [["1;2"]]),
        ("Nr;Bedrag\n", []),
    ],
)
def test_csv_with_semicolons_or_tabs(tmp_path: Path, content: str, expected: list[list[str]]) -> None:
    """A Dutch spreadsheet writes semicolons, and keeps the comma for amounts; they stay text as they are."""
    write(tmp_path, "Lijst.csv", content)
    assert [list(row.values()) for row in rows(tmp_path, "Lijst")] == expected
    assert len(kinds(tmp_path, "Lijst")) == len(expected[0] if expected else "ab")


def test_csv_with_semicolons_beside_a_fields_file(tmp_path: Path) -> None:
    write(tmp_path, "Orders.csv", "Id;Amount\n1;2.50\n")
    write(tmp_path, "Orders.fields.json", FIELDS)
    assert rows(tmp_path)[0]["Amount"] == Decimal("2.50")
    write(tmp_path, "Orders.csv", "Id;Amount\n1;2,50\n")
    assert refused(tmp_path) == (
        "data: Orders.csv, line 2, column Amount: the value is no decimal. A point stands before its fraction, and "
        "nothing between thousands."
    )


def test_emulator_csv_semicolons(cases: Path) -> None:
    assert rows(cases / "emulator-csv-semicolons", "Lijst") == [
        {"Nr": "0012", "Bedrag": "1.234,50"},
        {"Nr": "1", "Bedrag": "2,50"},
    ]


def test_csv_with_nothing_but_a_header_has_no_rows(tmp_path: Path) -> None:
    write(tmp_path, "Orders.csv", "Id,Name\n")
    assert rows(tmp_path) == []
    assert list(kinds(tmp_path)) == ["Id", "Name"]


def test_a_fields_file_gives_types_and_order(tmp_path: Path) -> None:
    write(tmp_path, "Orders.csv", "Id,Date,Open,Amount\n1,2024-02-01T10:00:00,true,-.50\n2,,,\n")
    write(tmp_path, "Orders.fields.json", FIELDS)
    first, second = rows(tmp_path)
    assert list(first.items()) == [
        ("Amount", Decimal("-0.50")),
        ("Id", 1),
        ("Date", datetime.datetime(2024, 2, 1, 10)),
        ("Open", True),
        ("File", None),
    ]
    assert second == {"Amount": None, "Id": 2, "Date": None, "Open": None, "File": None}
    with Store(data=tmp_path) as store:
        assert store.fields("Orders").description == "Bestellingen"


def test_a_fields_file_beside_json(tmp_path: Path) -> None:
    write(tmp_path, "Orders.json", [{"Id": 9007199254740993, "File": "AAEC", "Amount": 5}, {"Date": "", "Open": None}])
    write(tmp_path, "Orders.fields.json", FIELDS)
    first, second = rows(tmp_path)
    assert first == {"Amount": Decimal(5), "Id": 9007199254740993, "Date": None, "Open": None, "File": b"\x00\x01\x02"}
    assert set(second.values()) == {None}


def test_json_gives_its_own_types(tmp_path: Path) -> None:
    write(
        tmp_path,
        "Orders.json",
        '[{"Id": 1, "Amount": 1, "Large": 2147483648, "Open": true, "Date": "2024-02-01T10:00:00Z", "Text": "x",'
        ' "Mixed": "2024-02-01T10:00:00Z", "Never": "2024-13-01T10:00:00Z", "Nothing": null},'
        ' {"Amount": 12345678901234567890.0123456789, "Mixed": "morgen", "New": "y", "Text": ""}]',
    )
    assert kinds(tmp_path) == {
        "Id": Kind.INT,
        "Amount": Kind.DECIMAL,
        "Large": Kind.DECIMAL,
        "Open": Kind.BOOL,
        "Date": Kind.DATETIME,
        "Text": Kind.TEXT,
        "Mixed": Kind.TEXT,
        "Never": Kind.TEXT,
        "Nothing": Kind.TEXT,
        "New": Kind.TEXT,
    }
    first, second = rows(tmp_path)
    assert first["Date"] == datetime.datetime(2024, 2, 1, 10)
    assert first["Mixed"] == "2024-02-01T10:00:00Z"
    assert (first["Amount"], second["Amount"]) == (Decimal(1), Decimal("12345678901234567890.0123456789"))
    assert (second["Id"], second["Text"], second["New"]) == (None, None, "y")


def test_json_as_rest_answers_it(tmp_path: Path) -> None:
    write(tmp_path, "Orders.json", {"skip": 0, "take": 1, "rows": [{"Id": 1}]})
    assert rows(tmp_path) == [{"Id": 1}]


def test_small_and_large_exponents_are_digits(tmp_path: Path) -> None:
    write(tmp_path, "Orders.json", '[{"A": 1e3}, {"A": 2E-7}]')
    with Store(data=tmp_path) as store:
        ordered = [row["A"] for row in store.rows("Orders", Query(order_by=(Sort("A"),)))]
    assert ordered == [Decimal("0.0000002"), Decimal(1000)]


def test_a_file_takes_the_place_of_the_seeds_connector_and_all_are_listed(tmp_path: Path) -> None:
    write(tmp_path, "Profit_Debtor.csv", "DebtorId\n1\n")
    write(tmp_path, "Profit_Journals.csv", "JournalId\n2\n")
    write(tmp_path, "Artikelen-2024.v2.json", [{"Id": 1}])
    write(tmp_path, "leesmij.txt", "geen connector")
    (tmp_path / "map.csv").mkdir()
    assert rows(tmp_path, "Profit_Debtor") == [{"DebtorId": "1"}]
    assert rows(tmp_path, "Profit_Journals") == [{"JournalId": "2"}]
    listed = [row["Naam"] for row in rows(tmp_path, "ProfitGetConnectoren")]
    assert "Artikelen-2024.v2" in listed
    assert listed.count("Profit_Debtor") == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("Orders.csv", "", "data: Orders.csv, line 1: a header with the names of the columns is expected there."),
        ("Orders.csv", "A,A\n", "data: Orders.csv, line 1: the column A stands there twice."),
        ("Orders.csv", "A,\n", "data: Orders.csv, line 1: column 2 has no name that XML can carry."),
        (
            "Orders.csv",
            'A,B\n1,"x\ny"\n\n3\n',
            "data: Orders.csv, line 5: 1 values stand there, and the header has 2 columns.",
        ),
        (
            "Orders.csv",
            "A;B;C\n0012;1.234,50\n",
            "data: Orders.csv, line 2: 2 values stand there, and the header has 3 columns. Semicolons stand between",
        ),
        ("Orders.csv", 'A;B\n1;2\n1;"x\n', "data: Orders.csv, line 3: this is no CSV with semicolons: unexpected end"),
        ("Orders.csv", "A\n1\nx\x00y\n", "data: Orders.csv, line 3, column A: the value holds a character that XML "),
        ("Orders.csv", "A\n1\nx\x01y\n", "data: Orders.csv, line 3, column A: the value holds a character that XML "),
        ("Orders.csv", 'A\n1\n"x\n', "data: Orders.csv, line 3: this is no CSV with commas: unexpected end of data."),
        ("Orders.csv", b"A\n1\n\xff\n", "data: Orders.csv, line 1 or soon after: this is not UTF-8."),
        ("Orders.json", "[\n{]", "data: Orders.json, line 2: this is no JSON: Expecting property name"),
        ("Orders.json", b'["\xff"]', "data: Orders.json is not UTF-8."),
        ("Orders.json", "[" * 100_000, "data: Orders.json holds lists in lists without end."),
        ("Orders.json", '{"Id": 1}', "data: Orders.json is neither a list of objects nor an object with such a list"),
        ("Orders.json", "[{}, 5]", "data: Orders.json, row 2: an object is expected there."),
        ("Orders.json", "[]", "data: Orders.json has no columns: give it a row, or a file Orders.fields.json."),
        ("Orders.json", '[{"A": NaN}]', "data: Orders.json: NaN is no JSON."),
        ("Orders.json", '[{"A": 1, "A": 2}]', "data: Orders.json: an object names one of its members twice."),
        ("Orders.json", '[{"": 1}]', "data: Orders.json, its rows: column 1 has no name that XML can carry."),
        ("Orders.json", '[{}, {"A": []}]', "data: Orders.json, row 2, column A: a list or object is no value."),
        (
            "Orders.json",
            '[{"A": 1}, {"A": "x"}]',
            "data: Orders.json, row 2, column A: the value is a str, and those before it are not: say in "
            "Orders.fields.json what the column holds.",
        ),
        ("Orders.json", '[{"A": "\\ud800"}]', "data: Orders.json, row 1, column A: the value holds a character that"),
        (
            "Orders.json",
            '[{"A": 1e999999999}]',
            "data: Orders.json, row 1, column A: the value is no decimal of a reasonable length.",
        ),
        ("1st.csv", "A\n", "data: 1st.csv gives no name for a connector: begin with a letter"),
        ("a b.csv", "A\n", "data: a b.csv gives no name for a connector: begin with a letter"),
        ("ProfitGetConnectoren.csv", "A\n", "data: ProfitGetConnectoren.csv would replace the connector that lists"),
    ],
)
def test_a_bad_file_is_named_with_its_line_or_row(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    write(tmp_path, name, content)
    assert refused(tmp_path).startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Id,Amount\n1,x\n", "data: Orders.csv, line 2, column Amount: the value is no decimal."),
        ("Id\n1\n1.5\n", "data: Orders.csv, line 3, column Id: the value is no whole number."),
        (
            "Id\n9223372036854775808\n",
            "data: Orders.csv, line 2, column Id: the value is a whole number beyond 64 bits",
        ),
        ("Id,Name\n", "data: Orders.csv, line 1: the fields file has no column Name."),
    ],
)
def test_csv_that_does_not_fit_its_fields_file(tmp_path: Path, content: str, message: str) -> None:
    write(tmp_path, "Orders.csv", content)
    write(tmp_path, "Orders.fields.json", FIELDS)
    assert refused(tmp_path).startswith(message)


def test_json_that_does_not_fit_its_fields_file(tmp_path: Path) -> None:
    write(tmp_path, "Orders.json", [{"Id": "een"}])
    write(tmp_path, "Orders.fields.json", FIELDS)
    assert refused(tmp_path) == "data: Orders.json, row 1, column Id: the value is no whole number."
    write(tmp_path, "Orders.json", [{"Name": "x"}])
    assert refused(tmp_path) == "data: Orders.json, its rows: the fields file has no column Name."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "data: Orders.fields.json holds no metainfo of a GetConnector: "),
        ('{"fields": []}', "data: Orders.fields.json names no column."),
    ],
)
def test_a_fields_file_that_is_none(tmp_path: Path, content: str, message: str) -> None:
    write(tmp_path, "Orders.csv", "Id\n1\n")
    write(tmp_path, "Orders.fields.json", content)
    assert refused(tmp_path).startswith(message)


def test_two_files_of_one_name(tmp_path: Path) -> None:
    write(tmp_path, "Orders.csv", "Id\n1\n")
    write(tmp_path, "Orders.json", [{"Id": 1}])
    assert refused(tmp_path) == "data: Orders.csv and Orders.json are both the connector Orders: keep one."


def test_two_files_whose_names_differ_in_case_are_one_connector(tmp_path: Path) -> None:
    write(tmp_path, "Orders.csv", "Id\n1\n")
    write(tmp_path, "orders.json", [{"Id": 1}])
    assert refused(tmp_path).endswith("are both the connector orders: keep one.")


def test_a_file_takes_the_place_of_the_seeds_connector_whatever_its_case(tmp_path: Path) -> None:
    write(tmp_path, "profit_debtor.csv", "DebtorId\n7\n")
    with Store(data=tmp_path) as store:
        assert [dict(row) for row in store.rows("Profit_Debtor", Query())] == [{"DebtorId": "7"}]
        listed = [entry.id for entry in store.catalogue().get_connectors]
        assert [name for name in listed if name.lower() == "profit_debtor"] == ["Profit_Debtor"]


def test_no_folder_and_no_access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path / "weg").endswith("weg is no folder.")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for name, content in (("Orders.csv", "Id\n1\n"), ("Orders.json", [{"Id": 1}])):
        write(tmp_path, name, content)
        with monkeypatch.context() as patched:
            patched.setattr(Path, "open", denied)
            patched.setattr(Path, "read_text", denied)
            assert refused(tmp_path) == f"data: {name} cannot be read: Permission denied."
        write(tmp_path, "Orders.fields.json", FIELDS)
        with monkeypatch.context() as patched:
            patched.setattr(Path, "read_bytes", denied)
            assert refused(tmp_path) == "data: Orders.fields.json cannot be read: Permission denied."
        (tmp_path / "Orders.fields.json").unlink()
        (tmp_path / name).unlink()
