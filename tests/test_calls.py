"""A connector that Profit refuses: one class over both protocols, what it is, and what looks like it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from afas_soap import ProfitClient
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.faults import parse_faults
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.errors import AccessDenied, AfasError, NotFound, ProfitError
from afas_soap.profit.questions.query import Query
from afas_soap.profit.updates.update import Action, Element, Update
from afas_soap.wire.profit.soap import SoapConnectors
from afas_soap.writing.checking import Checking

HELD = ("Profit_Debtor", "Profit_Debtor_Invoices", "KnSubject", "Emulator_Types", "GetXMLSchema")
UNCHECKED = Checking(on=False)
Connect = Callable[..., ProfitClient]
BOTH = pytest.mark.parametrize("protocol", ["soap", "rest"])


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store() as made:
        yield made


@pytest.fixture(params=[None, HELD], ids=["everything", "some"])
def emulator(store: Store, request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """One whose app connector holds everything, and one whose does not."""
    allowed = None if request.param is None else set(request.param)
    with contextlib.closing(Emulator(store, setup=Setup(allowed=allowed), faults=parse_faults([]))) as made:
        yield made


@pytest.fixture
def connect(emulator: Emulator) -> Iterator[Connect]:
    """Connects to it over a protocol; an address given as None is left out."""
    with serve(emulator) as server, contextlib.ExitStack() as stack:

        def make(protocol: str, **settings: object) -> ProfitClient:
            given = {"soap_url": server.soap_url, "rest_url": server.rest_url, "token": DEMO_TOKEN, **settings}
            return stack.enter_context(ProfitClient.connect(protocol=protocol, **given))

        yield make


OPERATIONS: dict[str, Callable[[ProfitClient, str], object]] = {
    "rows": lambda profit, name: list(profit.rows(name, take=2)),
    "sorted": lambda profit, name: list(profit.rows(name, order_by=["A"], page_size=5)),
    "fields": lambda profit, name: profit.fields(name),
    "get_data": lambda profit, name: profit.get_data(name, None, 0, 1),
    "options": lambda profit, name: profit.get_data_with_options(name, None, 0, 1, ""),
    "schema": lambda profit, name: profit.schema(name),
    "insert": lambda profit, name: profit.insert(name, {"A": "x"}),
    "send": lambda profit, name: profit.send(Update(name, "X", (Element({"A": 1}, action=Action.INSERT),)), UNCHECKED),
}
READS, WRITES = ("rows", "sorted", "fields", "get_data", "options"), ("schema", "insert", "send")


def failed(profit: ProfitClient, operation: str, name: str) -> AfasError:
    with pytest.raises(ProfitError) as caught:
        OPERATIONS[operation](profit, name)
    return caught.value


@BOTH
@pytest.mark.parametrize(
    ("operations", "name", "words"),
    [
        (READS, "KnSubjectt", "The nearest: KnSubject (an UpdateConnector)"),
        (READS, "Debtor", "The nearest: Profit_Debtor, Profit_Debtor_Invoices."),
        (READS, "Nonsense", "There is no GetConnector 'Nonsense' in the app connector."),
        (READS, "KnSubject", "KnSubject is an UpdateConnector: it takes updates"),
        (WRITES, "KnSubjectt", "The nearest: KnSubject"),
        (WRITES, "Profit_Debtor", "Profit_Debtor is a GetConnector: it gives rows"),
        (WRITES, "Nonsense", "There is no UpdateConnector 'Nonsense' in the app connector."),
    ],
)
def test_a_wrong_connector_is_one_error(
    connect: Connect, protocol: str, operations: tuple[str, ...], name: str, words: str
) -> None:
    profit = connect(protocol)
    for operation in operations:
        error = failed(profit, operation, name)
        assert type(error) is NotFound, operation
        assert words in error.message, operation
        assert error.connector == name
        assert "log reference" in dict(error.facts), operation
        assert (error.fate is None) is (operation not in ("insert", "send")), operation


@BOTH
def test_one_that_the_app_connector_lacks_is_access_denied(connect: Connect, emulator: Emulator, protocol: str) -> None:
    """By its name it is there in Profit, whatever that says about it."""
    profit = connect(protocol)
    for operation, name in (("rows", "Profit_Users"), ("fields", "Profit_Users"), ("schema", "HrApplicant")):
        error = failed(profit, operation, name)
        assert type(error) is AccessDenied
        assert f"{name} is one of AFAS' own " in error.message


def test_without_rest_the_documented_names_help(connect: Connect) -> None:
    profit = connect("soap", rest_url=None)
    assert "The nearest: KnSubject (an UpdateConnector)" in failed(profit, "rows", "KnSubjectt").message
    assert failed(profit, "rows", "KnSubject").message.startswith("KnSubject is an UpdateConnector")
    assert "Profit_Debtor" in failed(profit, "rows", "Debtor").message


def test_rest_is_asked_once_and_does_not_keep_waiting(
    connect: Connect, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """It is asked to explain an error: who waits for that does not wait two minutes."""
    caplog.set_level("INFO", "afas_soap")
    profit = connect("soap", rest_url="http://127.0.0.1:9/profitrestservices")
    for _ in range(3):
        error = failed(profit, "rows", "Profit_Debtr")
        assert type(error) in (NotFound, AccessDenied)
        assert "The nearest: Profit_Debtor" in error.message
    lines = [record.getMessage() for record in caplog.records]
    assert not [line for line in lines if "asking again" in line]
    assert len([line for line in lines if "metainfo" in line]) == 1


@BOTH
def test_the_refused_call_gives_its_slot_to_the_list(connect: Connect, protocol: str) -> None:
    """Four are taken by this thread, and would not be given back."""
    profit = connect(protocol)
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            next(stack.enter_context(profit.rows("Emulator_Types", order_by=["Id"], page_size=2)))
        assert type(failed(profit, "fields", "Nonsense")) is NotFound


def test_connectors_of_ones_own_are_asked_for_their_list(store: Store) -> None:
    class Own(SoapConnectors):
        def __init__(self) -> None:
            self.asked = 0

        def rows(self, connector: str, query: Query, reading: object = None) -> object:
            raise AccessDenied("Deze connector wordt niet ondersteund")

        def catalogue(self) -> object:
            self.asked += 1
            return store.catalogue()

        def close(self) -> None:
            pass

    own = Own()
    with ProfitClient(own) as profit:
        for _ in range(2):
            with pytest.raises(NotFound, match="The nearest: Profit_Debtor"):
                list(profit.rows("Profit_Debtr", take=1))
    assert own.asked == 1


@pytest.mark.parametrize(("name", "kind"), [("Nonsense", NotFound), ("Profit_Users", AccessDenied)])
def test_a_bare_401_is_the_connectors_when_the_list_is_given(store: Store, name: str, kind: type[ProfitError]) -> None:
    """AFAS documents it for a connector that is not in the app connector, as for a token (profit-wire 3.6)."""
    asked: list[str] = []
    with contextlib.closing(Emulator(store)) as emulator:

        def bare(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            asked.append(environ["PATH_INFO"].rpartition("/")[2])
            if asked[-1] in (name, refused):
                start_response("401 Unauthorized", [("Content-Length", "0")])
                return [b""]
            return emulator(environ, start_response)

        with serve(bare) as server:
            given = {"soap_url": server.soap_url, "rest_url": server.rest_url, "token": DEMO_TOKEN}
            refused = ""
            with ProfitClient.connect(protocol="rest", **given) as profit:
                assert type(failed(profit, "rows", name)) is kind
            refused = "metainfo"
            with ProfitClient.connect(protocol="rest", **given) as profit:
                error = failed(profit, "rows", name)
    assert (type(error), error.message[:26]) == (AccessDenied, "Profit refused the token (")
    assert asked == [name, "metainfo"] * 2
