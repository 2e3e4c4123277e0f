"""The store as one of the three ``Connectors``: rows, readings, growth, threads, files that go away."""

from __future__ import annotations

import datetime
import gc
import sqlite3
import threading
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afas_soap.emulator.getconnectors import database
from afas_soap.emulator.getconnectors.database import Database, Stream
from afas_soap.emulator.getconnectors.sql import Select
from afas_soap.emulator.seed.table import Table, columns
from afas_soap.emulator.store import Store
from afas_soap.errors import AnswerError, NotFound, ProfitError, QueryError, SettingsError
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort
from afas_soap.profit.rows import Reading


def test_the_sample_of_the_readme_finds_rows() -> None:
    """Debtors from 10100 on, sorted: their numbers run from 10001 (profit-wire 9.1)."""
    query = Query(((Condition("DebtorId", Operator.GREATER_OR_EQUAL, "10100"),),), (Sort("DebtorId"),))
    with Store() as store:
        found = [row["DebtorId"] for row in store.rows("Profit_Debtor", query)]
    assert found == [str(number) for number in range(10100, 10181)]


def test_values_have_their_python_types() -> None:
    with Store() as store:
        row = next(store.rows("Profit_Debtor", Query(take=1)))
        picture = next(store.rows("Profit_Article_image", Query(take=1)))["Image"]
    kinds = {name: type(value) for name, value in row.items()}
    assert kinds["DebtorId"] is str
    assert kinds["Blocked"] is bool
    assert kinds["CreditLimit"] is Decimal
    assert kinds["CreateDate"] is datetime.datetime
    assert row["AdressLine4"] is None
    assert isinstance(picture, bytes)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")


def test_untyped_gives_the_text() -> None:
    with Store() as store:
        rows = store.rows("Emulator_Types", Query(take=3), Reading(typed=False))
        first, _, third = rows
    assert first["Id"] == "1"
    assert first["Amount"] == "-0.5"
    assert first["Flag"] == "true"
    assert first["Moment"] == "2024-02-01T10:00:00"
    assert str(first["Picture"]).startswith("iVBORw0KGgo")
    assert third["Flag"] is None


def test_named_dates_become_dates_and_midnight_is_checked() -> None:
    with Store() as store:
        rows = store.rows("Profit_Debtor_Invoices", Query(take=1), Reading(dates=("ExpDate",)))
        assert next(rows)["ExpDate"] == datetime.date(2019, 1, 31)
        rows.close()
        rows = store.rows("Profit_Debtor", Query(take=1), Reading(dates=("CreateDate",)))
        with pytest.raises(
            AnswerError, match="Row 1, column CreateDate: the value is a date-time that is not midnight"
        ):
            next(rows)
        rows.close()


def test_date_times_are_aware_on_request() -> None:
    with Store() as store:
        rows = store.rows("Emulator_Types", Query(take=1), Reading(aware=True))
        amsterdam = ZoneInfo("Europe/Amsterdam")
        assert next(rows)["Moment"] == datetime.datetime(2024, 2, 1, 10, tzinfo=amsterdam)
        rows.close()


def test_a_connector_that_is_not_there() -> None:
    with Store() as store:
        assert store.has("Profit_Debtor")
        assert not store.has("profit_debtor")
        for ask in (
            store.fields,
            lambda name: store.rows(name, Query()),
            store.schema,
            store.update_metainfo,
        ):
            with pytest.raises(NotFound, match=r"^Connector Profit_Nothing does not exist ") as raised:
                ask("Profit_Nothing")
            assert raised.value.connector == "Profit_Nothing"


def test_the_catalogue_names_the_environment_and_every_connector() -> None:
    with Store() as store:
        catalogue = store.catalogue()
        names = [entry.id for entry in catalogue.get_connectors]
        listed = [row["Naam"] for row in store.rows("ProfitGetConnectoren", Query())]
    assert (catalogue.environment_id, catalogue.token_expiry) == ("O12345AA", "0")
    assert {"KnSubject", "KnCourseMember"} <= {entry.id for entry in catalogue.update_connectors}
    assert listed == sorted(names, key=str.lower)


def test_update_connectors_are_described() -> None:
    with Store() as store:
        assert store.schema("KnCourseMember").startswith('<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">')
        assert store.update_metainfo("KnCourseMember")["id"] == "KnCourseMember"


def test_each_dialect_has_a_version_of_its_own() -> None:
    with Store(dialect="profit6") as six, Store(dialect="profit7") as seven, Store() as nine:
        assert six.version() == "6.22.5"
        assert seven.version() == "7.22.5"
        assert nine.version() == "9.22.5"
    with pytest.raises(SettingsError, match=r"dialect: 'profit5' is none of profit6, profit7, profit9"):
        Store(dialect="profit5")


def test_get_data_gives_the_result_text_of_the_soap_operation() -> None:
    """The document of profit-wire 2.4, with the rows that filter, window and options leave."""
    filters = '<Filters><Filter><Field FieldId="AdminId" OperatorType="4">1</Field></Filter></Filters>'
    options = "<options><Metadata>0</Metadata><Outputoptions>3</Outputoptions></options>"
    with Store() as store:
        plain = b"".join(store.get_data(GetData("Profit_Administrations", filters, -1, -1)))
        bare = b"".join(store.get_data(GetData("Profit_Administrations", filters, 1, 1, options)))
    assert plain.startswith(b'<AfasGetConnector><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">')
    assert plain.endswith(
        b"</xs:schema><Profit_Administrations><AdminId>3</AdminId><AdminNm>Voorbeeld Advies &amp; Beheer</AdminNm>"
        b"<AdminCd>ADVIES</AdminCd></Profit_Administrations><Profit_Administrations><AdminId>7</AdminId>"
        b"<AdminNm>Voorbeeld Holding</AdminNm></Profit_Administrations></AfasGetConnector>\n"
    )
    assert bare == (
        b"<AfasGetConnector><Profit_Administrations><AdminId>7</AdminId><AdminNm>Voorbeeld Holding</AdminNm>"
        b"<AdminCd/></Profit_Administrations></AfasGetConnector>\n"
    )


@pytest.mark.parametrize(
    ("call", "number"),
    [
        (GetData("Profit_Nothing"), -2147180996),
        (GetData("Profit_Debtor", "<Filters><Filter/></Filters>"), -2147180999),
        (GetData("Profit_Debtor", None, 2, -1), -2147180999),
        (GetData("Profit_Debtor", None, 0, 1, "<options><Outputmode>2</Outputmode></options>"), -2147180996),
    ],
)
def test_get_data_refuses_as_profit_does(call: GetData, number: int) -> None:
    with Store() as store, pytest.raises(ProfitError) as raised:
        list(store.get_data(call))
    assert raised.value.number == number


def test_a_grown_connector_goes_on_where_the_seed_ends() -> None:
    with Store() as plain, Store(rows={"Profit_Debtor": 3000}) as one, Store(rows={"Profit_Debtor": 3000}) as other:
        seed = list(plain.rows("Profit_Debtor", Query()))
        grown = list(one.rows("Profit_Debtor", Query()))
        again = list(other.rows("Profit_Debtor", Query()))
    assert grown[: len(seed)] == seed
    assert grown == again
    assert [row["DebtorId"] for row in grown] == [str(number) for number in range(10001, 13001)]


def test_what_is_grown_is_laid_down_before_anybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million rows take 10 s and more: the emulator listens when it has them. All else waits for a question."""
    laid_down: list[str] = []

    def built(fields: Fields, *rest: Any) -> sqlite3.Connection:
        laid_down.append(fields.connector)
        return _built(fields, *rest)

    _built = database._built
    monkeypatch.setattr(database, "_built", built)
    with Store(rows={"Profit_Debtor": 300, "profit_article": 5}) as store:
        assert laid_down == ["Profit_Debtor", "Profit_Article"]
        store.rows("Profit_Debtor", Query(take=1)).close()
        store.rows("Profit_Projects", Query(take=1)).close()
    assert laid_down == ["Profit_Debtor", "Profit_Article", "Profit_Projects"]


def test_a_connector_may_be_cut_to_no_rows_at_all() -> None:
    with Store(rows={"profit_debtor": 0}) as store:
        assert list(store.rows("Profit_Debtor", Query())) == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"Profit_Nothing": 5}, "rows: the emulator has no connector Profit_Nothing that it can grow"),
        ({"ProfitGetConnectoren": 5}, "rows: the emulator has no connector ProfitGetConnectoren that it can grow"),
        ({"Profit_Debtor": -1}, "rows: the number of rows for Profit_Debtor is below 0"),
    ],
)
def test_what_cannot_grow(rows: dict[str, int], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Store(rows=rows)


def test_streams_of_several_threads_do_not_disturb_each_other() -> None:
    """Some read one connector by different sorts while it is being laid down and indexed, each row by row."""
    expected = [str(number) for number in range(10001, 10181)]
    results: dict[int, list[object]] = {}

    def read(number: int) -> None:
        order = (Sort("DebtorId", descending=number % 2 == 1), Sort("SearchName"))
        results[number] = [row["DebtorId"] for row in store.rows("Profit_Debtor", Query(order_by=order))]

    with Store() as store:
        threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert [results[number] for number in range(8)] == [expected, expected[::-1]] * 4


def test_a_stream_may_be_begun_in_one_thread_and_read_in_another() -> None:
    with Store() as store:
        rows = store.rows("Profit_Debtor", Query(order_by=(Sort("DebtorId"),)))
        next(rows)
        found: list[object] = []
        thread = threading.Thread(target=lambda: found.extend(row["DebtorId"] for row in rows))
        thread.start()
        thread.join(60)
    assert found[0] == "10002"
    assert len(found) == 179


def test_an_open_stream_does_not_keep_an_index_from_being_made() -> None:
    with Store() as store:
        slow = store.rows("Profit_Debtor", Query())
        next(slow)
        by_name = [row["DebtorName"] for row in store.rows("Profit_Debtor", Query(order_by=(Sort("DebtorName"),)))]
        assert len(list(slow)) == 179
    assert by_name == sorted(by_name, key=lambda name: str(name).lower().encode())


def test_closing_a_stream_ends_it_and_closing_twice_is_nothing() -> None:
    with Store() as store:
        rows = store.rows("Profit_Debtor", Query())
        next(rows)
        rows.close()
        rows.close()
        with pytest.raises(QueryError, match="closed before their end"):
            list(rows)


def test_a_closed_store_says_so_and_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = Store()
    list(store.rows("ProfitCountries", Query()))
    assert list(tmp_path.glob("*/*.sqlite"))
    store.close()
    store.close()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SettingsError, match="store is closed"):
        store.rows("ProfitCountries", Query())


def test_a_forgotten_store_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = Store()
    rows = store.rows("ProfitCountries", Query())
    next(rows)
    assert len(list(tmp_path.iterdir())) == 1
    del rows, store
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql", ["SELECT nothing", "SELECT abs(x) FROM (SELECT 1 AS x UNION ALL SELECT -9223372036854775808)"]
)
def test_what_sqlite_cannot_answer_is_refused_as_profit_refuses(sql: str) -> None:
    """At the question, or at a later row."""
    connection = sqlite3.connect(":memory:")
    with pytest.raises(ProfitError, match=r"An unexpected error has occurred\.") as raised:
        list(Stream(connection, Select(sql, (), None)))
    assert raised.value.number == -2147180999
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def _table(rows: int) -> Table:
    return Table(columns("Small", "", "Id  int!  Number"), rows, lambda number: (number,))


def test_a_folder_that_cannot_be_written_is_named_with_its_remedy(tmp_path: Path) -> None:
    table = _table(1)
    database = Database(table.fields, table.rows, tmp_path / "gone" / "x.sqlite")
    with pytest.raises(SettingsError, match=r"cannot lay down Small in its temporary folder: .*TMPDIR"):
        database.build()
    database.close()


def test_rows_that_fail_half_way_are_laid_down_anew_at_the_next_question(tmp_path: Path) -> None:
    attempts = iter([[(1,), (2, "one cell too many")], [(1,), (2,)]])
    database = Database(_table(0).fields, lambda: next(attempts), tmp_path / "x.sqlite")
    with pytest.raises(sqlite3.ProgrammingError):
        database.build()
    database.build()
    database.close()


@pytest.mark.no_cover
def test_memory_does_not_grow_with_the_rows() -> None:
    """Python's own memory while 10,000 rows are laid down, sorted and read: what one row needs, not what all do."""
    with Store() as store:
        next(store.rows("ProfitCountries", Query(take=1)))
    tracemalloc.start()
    with Store(rows={"Profit_Debtor": 10_000}) as store:
        count = sum(1 for _ in store.rows("Profit_Debtor", Query(order_by=(Sort("DebtorName"),))))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 10_000
    assert peak < 2 * 2**20
