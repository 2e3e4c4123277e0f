"""The client: the sample of the README, both protocols, what one protocol lacks, its errors, and its silence."""

from __future__ import annotations

import contextlib
import datetime
import functools
import io
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator

import pytest

from afas_soap import AfasToken, F, ProfitClient
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.store import Store
from afas_soap.errors import (
    AfasError,
    AnswerError,
    NotFound,
    NotOffered,
    ProfitError,
    QueryError,
    SettingsError,
    TransportError,
    UpdateError,
)
from afas_soap.profit.connectors.capabilities import Catalogue, GetData, Outgoing
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.questions.query import Query
from afas_soap.profit.questions.where import Expression
from afas_soap.profit.rows import TYPED, Reading, Rows
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Update
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.settings import Settings
from afas_soap.writing.checking import Checking

SAMPLE = """
from afas_soap import F, ProfitClient

with ProfitClient.connect(protocol="soap") as profit:      # nothing configured: the embedded Profit
    for row in profit.rows("Profit_Debtor", where=F.DebtorId >= "10100", order_by=["DebtorId"]):
        print(row["DebtorId"], row["DebtorName"])
"""
DATA = "0123456789ABCDEF" * 4
# The token as its digits, and as the base64 of its XML ("<token><version>1...") and of the digits themselves.
PIECES = (DATA[:16].lower(), "phrva2vuP".lower(), "mdeymzq1njc4", "ezndu2nzg5qujd")
TEXT_MODE = "<options><Outputmode>2</Outputmode></options>"

Connect = Callable[..., ProfitClient]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store() as made:
        yield made


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    """A Profit on a port, which takes the token above and the demo's."""
    emulator = Emulator(store, tokens=(DEMO_TOKEN, AfasToken(DATA)))
    with serve(emulator) as running:
        yield running
    emulator.close()


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Connects to the server over a protocol; an address given as None is left out."""
    with contextlib.ExitStack() as stack:

        def make(protocol: str, **settings: object) -> ProfitClient:
            given = {"soap_url": server.soap_url, "rest_url": server.rest_url, "token": DATA, **settings}
            client = ProfitClient.connect(protocol=protocol, **given)
            return stack.enter_context(client)

        yield make


class Fake:
    """``Connectors`` of one's own, which say what a test put in."""

    def __init__(self, *, columns: tuple[Field, ...] = (Field("Id"),), result: tuple[bytes, ...] = ()) -> None:
        self.columns = columns
        self.result = result
        self.calls: list[str] = []
        self.readings: list[Reading] = []
        self.offered_by: str | None = None

    def version(self) -> str:
        return "1"

    def catalogue(self) -> Catalogue:
        raise NotOffered("not here", offered_by=self.offered_by)

    def fields(self, connector: str) -> Fields:
        self.calls.append("fields")
        return Fields(connector, self.columns)

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        self.calls.append("rows")
        self.readings.append(reading)
        return Rows(Fields(connector, self.columns), iter([{field.name: "x" for field in self.columns}]))

    def get_data(self, call: GetData) -> Iterator[bytes]:
        self.calls.append(call.operation)
        yield from self.result

    def schema(self, connector: str) -> str:
        return "<schema/>"

    def close(self) -> None:
        self.calls.append("close")


# --- as it stands in the README ---


def test_the_sample_works_as_it_stands_and_the_library_prints_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    exec(SAMPLE, {})
    out, err = capfd.readouterr()
    lines = out.splitlines()
    assert [line[:5] for line in lines] == [str(number) for number in range(10100, 10181)]
    assert all(len(line) > 6 for line in lines)
    assert err == ""
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [(record.name, record.levelname) for record in warnings] == [("afas_soap.settings", "WARNING")]
    assert "embedded Profit" in warnings[0].getMessage()


def test_nothing_configured_may_be_forbidden() -> None:
    with pytest.raises(SettingsError, match="forbids the embedded Profit"):
        ProfitClient.connect(embedded=False)


def test_a_setting_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(SettingsError, match="enviroment"):
        ProfitClient.connect(enviroment="12345")


def test_settings_reach_the_wire_and_name_the_environment() -> None:
    client = ProfitClient.connect(
        environment="12345-accept", token=DATA, integration_id="45963_150046", read_timeout=5, protocol="rest"
    )
    assert client.opened is not None
    link = client.opened.transport.link
    assert link.soap_url == "https://12345.soapaccept.afas.online/profitservices"
    assert link.rest_url == "https://12345.restaccept.afas.online/profitrestservices"
    assert (link.integration_id, link.read_timeout, link.connect_timeout) == ("45963_150046", 5.0, 10.0)
    assert (client.environment, client.protocol) == ("12345-accept", "rest")
    assert client.settings is not None
    client.close()


def test_connectors_of_ones_own_have_no_settings() -> None:
    client = ProfitClient(Fake())
    assert (client.settings, client.opened, client.environment, client.protocol) == (None, None, "", "")


# --- rows and their columns ---


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_rows_have_their_columns_before_and_after_they_are_read(connect: Connect, protocol: str) -> None:
    profit = connect(protocol)
    rows = profit.rows("ProfitCountries", order_by=["CoId"])
    assert rows.fields is not None
    names = rows.fields.names
    records = list(rows)
    assert len(records) == 24
    assert {tuple(record) for record in records} == {names}
    assert rows.fields.names == names == profit.fields("ProfitCountries").names


def test_nothing_is_asked_before_the_first_row_is_wanted() -> None:
    fake = Fake()
    rows = ProfitClient(fake).rows("X", order_by=["Id"])
    assert fake.calls == []
    assert next(rows) == {"Id": "x"}
    # The page size depends on the number of columns.
    assert fake.calls == ["fields", "rows"]
    assert rows.fields is not None
    assert fake.calls == ["fields", "rows"]


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_without_a_sort_what_fits_one_page_is_all_and_more_is_refused(connect: Connect, protocol: str) -> None:
    profit = connect(protocol)
    sorted_rows = list(profit.rows("Profit_Debtor", order_by=["DebtorId"]))
    for question in ({}, {"page_size": 180}, {"take": 7_143}):
        rows = list(profit.rows("Profit_Debtor", **question))
        assert sorted(rows, key=lambda row: str(row["DebtorId"])) == sorted_rows
    with pytest.raises(QueryError, match=r"pages of 179 rows.*--order-by DebtorId") as caught:
        list(profit.rows("Profit_Debtor", page_size=179))
    assert (caught.value.operation, caught.value.connector) == ("rows", "Profit_Debtor")


def test_columns_are_asked_once() -> None:
    fake = Fake()
    client = ProfitClient(fake)
    assert client.fields("X") is client.fields("X")
    list(client.rows("X", order_by=["Id"]))
    assert fake.calls == ["fields", "rows"]


def test_a_mistake_in_a_column_is_found_without_a_call_once_columns_are_known() -> None:
    fake = Fake(columns=(Field("DebtorId"), Field("DebtorName")))
    client = ProfitClient(fake)
    client.fields("X")
    for question in ({"order_by": ["DebtorID"]}, {"where": F.DebtorID == "1", "take": 1}, {"key": "DebtorID"}):
        with pytest.raises(QueryError, match=r"no column 'DebtorID'\. The nearest: DebtorId, DebtorName"):
            client.rows("X", **question)
    assert fake.calls == ["fields"]


def test_a_type_that_is_in_no_table_is_read_as_text_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    client = ProfitClient(Fake(columns=(Field("Id"), Field.from_xsd("Place", "geography"))))
    for _ in range(2):
        assert not client.fields("X")["Place"].known
        assert list(client.rows("X", take=1, page_size=1)) == [{"Id": "x", "Place": "x"}]
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "the type 'geography' is not known: columns that have it are read as text")
    ]


def test_rows_without_a_schema_have_the_columns_that_are_asked_for() -> None:
    class Bare(Fake):
        def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
            self.calls.append("rows")
            return Rows(None, iter([{"Id": "1"}]))

    bare = Bare()
    rows = ProfitClient(bare).rows("X", take=1)
    assert list(rows) == [{"Id": "1"}]
    assert rows.fields == Fields("X", (Field("Id"),))
    assert bare.calls == ["rows", "fields"]


def test_how_values_are_read_reaches_the_connectors() -> None:
    fake = Fake()
    client = ProfitClient(fake, settings=Settings(max_value=123))
    list(client.rows("X", take=1, aware=True))
    list(client.rows("X", take=1, typed=False))
    assert fake.readings == [
        Reading(typed=True, dates=(), aware=True, max_value=123),
        Reading(typed=False, dates=(), aware=False, max_value=123),
    ]


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_dates_are_dates_where_they_are_named(connect: Connect, protocol: str) -> None:
    rows = connect(protocol).rows("Profit_OrgPer", order_by=["BcCo"], dates=["DateBirth"])
    born = [row["DateBirth"] for row in rows if row["DateBirth"] is not None]
    assert born
    assert {type(day) for day in born} == {datetime.date}
    assert rows.fields is not None
    assert rows.fields["DateBirth"].kind == "date"


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize(
    ("dates", "error", "words"),
    [
        (["CreateDate"], AnswerError, "CreateDate"),
        (["DebtorName"], QueryError, "'DebtorName' is str, not a date-time"),
        (["Createdate"], QueryError, "no column 'Createdate'. The nearest: CreateDate"),
        ("CreateDate", QueryError, r"dates is a list of columns: \['CreateDate'\]"),
    ],
)
def test_dates_that_are_none_are_refused(
    connect: Connect, protocol: str, dates: list[str], error: type[AfasError], words: str
) -> None:
    """The time of day in CreateDate is not midnight, which is no date."""
    with pytest.raises(error, match=words):
        list(connect(protocol).rows("Profit_Debtor", order_by=["DebtorId"], dates=dates))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"orderby": ["Id"]}, "rows takes no argument 'orderby'. Did you mean order_by?"),
        ({"filter": "x"}, "rows takes no argument 'filter'. Did you mean where?"),
        ({"columns": ["x"]}, "rows takes no argument 'columns'."),
        ({"files": "Picture"}, "files is a list of columns: ['Picture']."),
        ({"order_by": "Id"}, "order_by is a list of columns: ['Id']."),
        ({"take": -1}, "take: must be a whole number, 0 or more; everything=True asks for all rows in one call."),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused_at_once(question: dict[str, object], words: str) -> None:
    """An argument that is not read would quietly ask for other rows."""
    fake = Fake()
    with pytest.raises(QueryError) as caught:
        ProfitClient(fake).rows("X", **question)
    assert caught.value.message == words
    assert (caught.value.operation, caught.value.connector) == ("rows", "X")
    assert fake.calls == []


@pytest.mark.parametrize("name", ["", " ", None, 5])
def test_a_connector_needs_a_name(name: str) -> None:
    client = ProfitClient(Fake())
    asking: list[Callable[[], object]] = [
        lambda: client.rows(name, take=1),
        lambda: client.fields(name),
        lambda: client.schema(name),
        lambda: client.get_data(name, None, 0, 1),
    ]
    for ask in asking:
        with pytest.raises(QueryError, match="Name the connector, such as Profit_Debtor"):
            ask()


# --- what one protocol lacks ---


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_connectors_version_and_schema_come_over_either_protocol(connect: Connect, protocol: str) -> None:
    """SOAP has no list of connectors: REST is asked. A schema is Profit's own over SOAP and made over REST."""
    profit = connect(protocol)
    assert profit.version() == "9.22.5"
    assert "Profit_Debtor" in [entry.id for entry in profit.connectors().get_connectors]
    assert "KnSubject" in [entry.id for entry in profit.connectors().update_connectors]
    assert profit.schema("KnSubject").lstrip().startswith(("<?xml", "<xs"))


def test_without_the_other_address_it_is_not_offered(connect: Connect) -> None:
    with pytest.raises(NotOffered, match="SOAP has no list of connectors") as caught:
        connect("soap", rest_url=None).connectors()
    assert (caught.value.offered_by, caught.value.operation, caught.value.environment) == (
        "rest",
        "catalogue",
        "127.0.0.1",
    )


@pytest.mark.parametrize("offered_by", ["rest", None])
def test_connectors_of_ones_own_have_no_other_protocol(offered_by: str | None) -> None:
    fake = Fake()
    fake.offered_by = offered_by
    with pytest.raises(NotOffered, match="not here"):
        ProfitClient(fake).connectors()
    assert ProfitClient(fake).schema("X") == "<schema/>"


def test_what_nobody_offers_stays_not_offered(connect: Connect) -> None:
    profit = connect("soap")
    assert profit.opened is not None
    fake = Fake()
    with pytest.raises(NotOffered, match="not here"):
        ProfitClient(fake, settings=profit.settings, opened=profit.opened).connectors()


# --- errors ---


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("operation", ["rows", "fields", "get_data"])
def test_every_error_says_what_was_asked_of_which_connector_where(
    connect: Connect, protocol: str, operation: str
) -> None:
    profit = connect(protocol)
    asking: dict[str, Callable[[], object]] = {
        "rows": lambda: list(profit.rows("Nobody", order_by=["X"], page_size=5)),
        "fields": lambda: profit.fields("Nobody"),
        "get_data": lambda: profit.get_data("Nobody", None, 0, 1),
    }
    with pytest.raises(NotFound) as caught:
        asking[operation]()
    assert caught.value.connector == "Nobody"
    assert caught.value.environment == "127.0.0.1"
    assert caught.value.operation
    assert caught.value.number == -2147180996
    assert caught.value.log_reference is not None
    assert len(caught.value.log_reference) == 32
    assert caught.value.trace_id


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_an_unknown_column_is_answered_with_the_nearest_names(connect: Connect, protocol: str) -> None:
    with pytest.raises(QueryError, match=r"no column 'DebtorNam'.*DebtorName"):
        list(connect(protocol).rows("Profit_Debtor", where=F.DebtorNam == "x", take=1))


# --- ported code ---


@pytest.mark.parametrize(
    "filters",
    [None, '<Filters><Filter FilterId="1"><Field FieldId="DebtorId" OperatorType="2">10175</Field></Filter></Filters>'],
)
@pytest.mark.parametrize(("skip", "take"), [(0, 2), (1, 3), (-1, -1), (0, 0)])
def test_get_data_gives_the_same_text_over_both_protocols(
    connect: Connect, filters: str | None, skip: int, take: int
) -> None:
    soap, rest = connect("soap"), connect("rest")
    text = soap.get_data("Profit_Debtor", filters, skip, take)
    assert rest.get_data("Profit_Debtor", filters, skip, take) == text
    whole = 180 if filters is None else 6
    expected = {(0, 2): 2, (1, 3): 3, (-1, -1): whole, (0, 0): 0}[skip, take]
    assert text.count("<Profit_Debtor>") == expected
    assert text.startswith("<AfasGetConnector><xs:schema")
    for profit in (soap, rest):
        pieces = list(profit.get_data("Profit_Debtor", filters, skip, take, stream=True))
        assert b"".join(pieces).decode() == text


def filter_xml(field: str) -> str:
    return f'<Filters><Filter FilterId="Filter 1">{field}</Filter></Filters>'


HUGE = 2**31


@pytest.mark.parametrize(
    ("filters", "window", "options", "message"),
    [
        (filter_xml('<Field FieldId="DebtorId" OperatorType="99">1</Field>'), (0, 5), None,
         "The filter on 'DebtorId' has an operator type that is not one of AFAS' codes 1 to 15."),
        (filter_xml('<Field FieldId="DebtorId" OperatorType="=">1</Field>'), (0, 5), None, "AFAS' codes 1 to 15"),
        (filter_xml('<Field FieldId="DebtorId">1</Field>'), (0, 5), None, "has no OperatorType"),
        (filter_xml('<Field OperatorType="1">1</Field>'), (0, 5), None, "has no FieldId"),
        ('<Filter FilterId="Filter 1"><Field FieldId="DebtorId" OperatorType="1">1</Field></Filter>', (0, 5), None,
         "The filter XML begins with Filter, and its root is called Filters."),
        ("<Filters><Field/></Filters>", (0, 5), None, "Filters in the XML holds a Field, and only Filter may stand"),
        (filter_xml(""), (0, 5), None, "has no Field, which would mean every row"),
        ("<Filters>", (0, 5), None, "The filter or options XML cannot be read"),
        (None, (0, 5), "<option><Metadata>0</Metadata></option>",
         "The options XML begins with option, and its root is called options."),
        (None, (0, 5), "<Filters/>", "The options XML begins with Filters, and its root is called options."),
        (None, (0, 5), "<options><Sort/></options>", "Sort is no option of GetDataWithOptions"),
        (None, (0, 5), '<options><Index><Field FieldId="DebtorId" OperatorType="5"/></Index></options>',
         "neither 1 (up) nor 0 (down)"),
        (None, (HUGE, 5), None, "skip is 2,147,483,648, and Profit takes at most 2,147,483,647."),
        (None, (0, HUGE), None, "take is 2,147,483,648, and Profit takes at most 2,147,483,647."),
        (None, (0, 5), f"<options><Skip>{HUGE}</Skip></options>", "skip is 2,147,483,648"),
        (None, (0, 0), f"<options><Take>{HUGE}</Take></options>", "take is 2,147,483,648"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_filters_and_options_that_cannot_be_meant_are_one_error(
    connect: Connect,
    protocol: str,
    filters: str | None,
    window: tuple[int, int],
    options: str | None,
    message: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Precise over both, and before any call for the rows."""
    profit = connect(protocol)
    caplog.set_level("INFO", "afas_soap.calls")
    ask = profit.get_data if options is None else functools.partial(profit.get_data_with_options, options=options)
    with pytest.raises(QueryError) as caught:
        ask("Profit_Debtor", filters, *window)
    assert message in caught.value.message
    assert not [record for record in caplog.records if "GetData" in record.getMessage()]


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize(
    ("filters", "options", "message"),
    [
        (filter_xml('<Field FieldId="DebtorNam" OperatorType="1">x</Field>'), "",
         "Profit_Debtor has no column 'DebtorNam'. The nearest: DebtorName"),
        (filter_xml('<Field FieldId="Blocked" OperatorType="1">ja</Field>'), "",
         "The filter 'Blocked = ja' does not fit its column: Blocked is a boolean (bool)"),
        ("", '<options><Index><Field FieldId="DebtorNam" OperatorType="1"/></Index></options>',
         "Profit_Debtor has no column 'DebtorNam'. The nearest: DebtorName"),
    ],
)  # fmt: skip
def test_a_wrong_column_or_value_in_ported_code_is_one_error(
    connect: Connect, protocol: str, filters: str, options: str, message: str
) -> None:
    """Whether the columns were known before or not."""
    profit = connect(protocol)
    for _ in range(2):
        with pytest.raises(QueryError) as caught:
            profit.get_data_with_options("Profit_Debtor", filters, 0, 5, options)
        assert caught.value.message.startswith(message)
        profit.fields("Profit_Debtor")


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    ("where", "order_by", "message"),
    [
        (F.DebtorNam == "x", ["DebtorId"], "Profit_Debtor has no column 'DebtorNam'. The nearest: DebtorName"),
        (F.DebtorId == "x", ["DebtorNam"], "Profit_Debtor has no column 'DebtorNam'. The nearest: DebtorName"),
        (F.Blocked == "ja", ["DebtorId"], "The filter 'Blocked = ja' does not fit its column: Blocked is a boolean"),
        (F.CreditLimit > "2.500,00", ["DebtorId"], "The filter 'CreditLimit > 2.500,00' does not fit its column"),
        (F.CreateDate < "31-12-2024", ["DebtorId"], "The filter 'CreateDate < 31-12-2024' does not fit its column"),
    ],
)
def test_a_wrong_column_or_value_is_one_error(
    connect: Connect, protocol: str, known: bool, where: Expression, order_by: list[str], message: str
) -> None:
    """Whether the columns were known before or not."""
    profit = connect(protocol)
    if known:
        profit.fields("Profit_Debtor")
    with pytest.raises(QueryError) as caught:
        list(profit.rows("Profit_Debtor", where=where, order_by=order_by, take=5))
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("name", ["page_size", "skip", "take"])
def test_a_number_that_profit_cannot_take_is_refused_at_once(connect: Connect, protocol: str, name: str) -> None:
    profit = connect(protocol)
    for number in (HUGE, 2**32, 2**64, 10**30):
        with pytest.raises(QueryError, match=rf"{name}: must be at most 2,147,483,647"):
            profit.rows("Profit_Debtor", order_by=["DebtorId"], **{name: number})
    question: dict[str, object] = {"order_by": ["DebtorId"], "take": 2, name: HUGE - 1}
    assert len(list(profit.rows("Profit_Debtor", **question))) == {"skip": 0, "take": 180}.get(name, 2)


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_get_data_with_options_sorts_and_shows_empty_fields(connect: Connect, protocol: str) -> None:
    options = (
        "<options><Outputmode>1</Outputmode><Metadata>0</Metadata><Outputoptions>3</Outputoptions>"
        '<Index><Field FieldId="DebtorId" OperatorType="0"/></Index></options>'
    )
    profit = connect(protocol)
    text = profit.get_data_with_options("Profit_Debtor", None, 0, 2, options)
    assert text.startswith("<AfasGetConnector><Profit_Debtor><DebtorId>10180</DebtorId>")
    assert "<DebtorId>10179</DebtorId>" in text
    pieces = profit.get_data_with_options("Profit_Debtor", None, 0, 2, options, stream=True)
    assert b"".join(pieces).decode() == text


def test_text_is_passed_on_by_soap_and_not_offered_by_rest(connect: Connect) -> None:
    """The emulator refuses it, as Profit perhaps does since 2017 (profit-wire 10, conflict 10)."""
    with pytest.raises(NotOffered, match="Outputmode 2") as caught:
        connect("rest").get_data_with_options("Profit_Debtor", None, 0, 1, TEXT_MODE)
    assert (caught.value.offered_by, caught.value.operation) == ("soap", "GetDataWithOptions")
    with pytest.raises(ProfitError, match="Outputmode 2 is not supported"):
        connect("soap").get_data_with_options("Profit_Debtor", None, 0, 1, TEXT_MODE)


def test_a_result_is_given_as_it_comes() -> None:
    fake = Fake(result=("10100;Bakkerij Ré".encode()[:-1], "10100;Bakkerij Ré".encode()[-1:], b";\n"))
    client = ProfitClient(fake)
    assert client.get_data_with_options("X", None, 0, 1, TEXT_MODE) == "10100;Bakkerij Ré;\n"
    assert fake.calls == ["GetDataWithOptions"]
    assert list(client.get_data("X", None, 0, 1, stream=True)) == list(fake.result)


def test_a_result_that_is_no_utf_8_is_an_error_without_the_result() -> None:
    client = ProfitClient(Fake(result=(b"geheim \xff",)))
    with pytest.raises(AnswerError, match="not UTF-8") as caught:
        client.get_data("X", None, 0, 1)
    assert "geheim" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None, "which would hold the whole result"
    assert (caught.value.operation, caught.value.connector) == ("GetData", "X")


# --- closing ---


def test_closing_closes_connectors_of_ones_own() -> None:
    fake = Fake()
    with ProfitClient(fake) as client:
        client.version()
    assert fake.calls == ["close"]


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_closed_client_says_so_and_may_be_closed_again(protocol: str) -> None:
    with ProfitClient.connect(embedded=True, protocol=protocol) as profit:
        rows = profit.rows("Profit_Debtor", order_by=["DebtorId"])
    profit.close()
    for ask in (lambda: list(rows), profit.version, lambda: profit.fields("Profit_Debtor")):
        with pytest.raises(QueryError, match="This client is closed"):
            ask()


def test_an_error_within_the_block_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError), ProfitClient(Fake()):
        raise ZeroDivisionError


# --- secrets ---


@pytest.mark.parametrize("protocol", ["soap", "rest", "token in the body"])
def test_no_secret_shows_anywhere(connect: Connect, caplog: pytest.LogCaptureFixture, protocol: str) -> None:
    """Against a server on a port, with every logger at DEBUG, urllib3's and zeep's included."""
    everywhere = io.StringIO()
    handler = logging.StreamHandler(everywhere)
    root = logging.getLogger()
    root.addHandler(handler)
    caplog.set_level(logging.DEBUG)
    try:
        in_body = protocol == "token in the body"
        profit = connect("soap" if in_body else protocol, token_in_body=True if in_body else None)
        assert len(list(profit.rows("Profit_Debtor", order_by=["DebtorId"], take=3))) == 3
        assert profit.connectors()
        assert profit.schema("KnSubject")
        shows = [repr(profit), str(profit), repr(profit.settings), repr(vars(profit)), repr(profit.opened)]
        shows += [
            repr(profit.opened.transport),
            repr(vars(profit.opened.transport)),
            repr(profit.opened.transport.link),
        ]
        shows += _failures(profit)
    finally:
        root.removeHandler(handler)
    assert "profit_debtor" in everywhere.getvalue().lower(), "something was logged"
    whole = "\n".join([*shows, everywhere.getvalue(), caplog.text]).lower()
    assert [piece for piece in PIECES if piece in whole] == []


def _failures(profit: ProfitClient) -> list[str]:
    """What errors show in their tracebacks and pickles, and what pickling and copying make of the client."""
    found = []
    asking: list[Callable[[], object]] = [
        lambda: list(profit.rows("Nobody", order_by=["X"])),
        lambda: profit.get_data("Nobody", None, 0, 1),
        lambda: ProfitClient.connect(token=DATA, environment="nonsense"),
        lambda: ProfitClient.connect(token=DATA + "0", environment="12345"),
        lambda: ProfitClient.connect(token=DATA),
    ]
    for ask in asking:
        with pytest.raises(AfasError) as failed:
            ask()
        found.append("".join(traceback.format_exception(failed.value)))
        found.append(repr(pickle.dumps(failed.value)))
    for thing in (profit, profit.settings, profit.opened):
        with pytest.raises(TypeError) as refused:
            pickle.dumps(thing)
        found.append(str(refused.value))
    return found


def test_no_answer_names_the_environment(connect: Connect) -> None:
    profit = connect("rest", rest_url="http://127.0.0.1:9/ProfitRestServices", retry_total=0)
    with pytest.raises(TransportError) as caught:
        profit.version()
    assert (caught.value.operation, caught.value.environment) == ("version", "127.0.0.1")


# --- updates ---


class Booking(Fake):
    """Connectors of one's own that book: they know one schema, and keep what they are sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Update] = []

    def schema(self, connector: str) -> str:
        return Store().schema(connector)

    def send(self, update: Update) -> Receipt:
        self.sent.append(update)
        return Receipt(({"SbId": "7"},), "spoor-1")

    def outgoing(self, update: Update) -> Outgoing:
        return Outgoing("POST", "https://12345.rest.afas.online", {}, b"{}")


def test_insert_update_and_delete_are_checked_rooted_and_sent_once() -> None:
    booking = Booking()
    client = ProfitClient(booking)
    receipt = client.insert("KnSubject", {"Ds": "x", "StId": 4, "KnSubjectLink": {"ToBC": True, "BcId": "1000001"}})
    assert (receipt["SbId"], receipt.trace_id) == ("7", "spoor-1")
    client.update("KnSubject", {"@SbId": 7, "Ds": "y"})
    client.delete("KnSubject", {"@SbId": 7})
    client.insert("KnSubject", {"@SbId": 7, "KnSubjectAttachment": {"FileName": "a"}}, sub_object="KnSubjectAttachment")
    assert [(update.root, str(update.action), update.sub_object) for update in booking.sent] == [
        ("KnSubject", "insert", ""),
        ("KnSubject", "update", ""),
        ("KnSubject", "delete", ""),
        ("KnSubject", "insert", "KnSubjectAttachment"),
    ]
    # In the schema's order, whatever the order they were given in.
    assert list(booking.sent[0].elements[0].fields) == ["StId", "Ds"]
    assert client.check(update_from_plain("KnSubject", {"StId": 4})) == ()
    assert client.outgoing(update_from_plain("KnSubject", {"StId": 4})).method == "POST"
    assert client.update_schema("KnSubject").root.name == "KnSubject"
    assert client.kept_schema("KnSubject").from_disk is False
    assert len(booking.sent) == 4


def test_what_the_check_finds_is_never_sent() -> None:
    booking = Booking()
    with pytest.raises(UpdateError, match="KnSubject/Nope") as caught:
        ProfitClient(booking).insert("KnSubject", {"Nope": 1})
    assert caught.value.connector == "KnSubject"
    assert booking.sent == []
    unchecked = update_from_plain("KnSubject", {"Nope": 1}, root="KnSubject")
    ProfitClient(booking).send(unchecked, Checking(on=False))
    assert booking.sent == [unchecked]


def test_nothing_configured_books_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads fall to the embedded Profit, writes do not; by name they go there."""
    with ProfitClient.connect() as profit, pytest.raises(SettingsError, match="by accident"):
        profit.insert("KnSubject", {"StId": 4, "Ds": "x"})
    with ProfitClient.connect(embedded=True) as profit:
        profit.check_writable()
    monkeypatch.setenv("AFAS_PROFILE", "emulator")
    with ProfitClient.connect() as profit:
        profit.check_writable()


def test_a_closed_client_sends_nothing() -> None:
    booking = Booking()
    client = ProfitClient(booking)
    client.close()
    with pytest.raises(QueryError, match="closed"):
        client.send(update_from_plain("KnSubject", {"Ds": "x"}, root="KnSubject"), Checking(on=False))
    assert booking.sent == []


@pytest.mark.parametrize(
    "wrong", ["12345", DEMO_TOKEN, Settings(), Store, None], ids=["environment", "token", "settings", "class", "none"]
)
def test_what_are_no_connectors(wrong: object) -> None:
    """Refused at once, with the way to connect, and without what was given: it may be a secret."""
    with pytest.raises(SettingsError, match=r"ProfitClient\.connect\(environment=\.\.\.\)") as caught:
        ProfitClient(wrong)
    assert "12345" not in str(caught.value)
