"""Five calls at once, by all clients of one environment: a sixth waits, unless it would wait for itself."""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from afas_soap.client import ProfitClient
from afas_soap.concurrency import _PROCESS, Slots, slots_for
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.errors import QueryError
from afas_soap.profit.questions.query import Query
from afas_soap.profit.rows import TYPED, Reading, Rows

SOON = 10.0


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Rows to read; a store needs no slots itself."""
    with Store() as made:
        yield made


def held(slots: Slots, number: int) -> list[AbstractContextManager[None]]:
    """So many slots, held by this thread."""
    holding = [slots.one() for _ in range(number)]
    for one in holding:
        one.__enter__()
    return holding


def until(happened: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do."""
    for _ in range(int(SOON * 1000)):
        if happened():
            return
        threading.Event().wait(0.001)
    raise AssertionError("it never happened")


def test_five_are_held_at_once_and_the_sixth_of_one_thread_is_refused_at_once() -> None:
    """Waiting would be for ever: nobody but this thread ends a call."""
    slots = Slots()
    holding = held(slots, 5)
    with (
        pytest.raises(QueryError, match=r"5 calls are open, .* close them .* before you ask for more") as caught,
        slots.one(),
    ):
        pass
    assert "with profit.rows(...) as rows" in caught.value.message
    holding.pop().__exit__(None, None, None)
    with slots.one():
        pass


def test_what_is_not_worth_waiting_for_is_refused_at_once() -> None:
    """Though another thread might give its slot back."""
    slots = Slots()
    with slots.one(wait=False):
        pass
    with ThreadPoolExecutor(1) as other:
        holding = other.submit(held, slots, 5).result(SOON)
        with pytest.raises(QueryError, match="5 calls are open"), slots.one(wait=False):
            pass
        other.submit(lambda: [one.__exit__(None, None, None) for one in holding]).result(SOON)
    with slots.one(wait=False):
        pass


def test_a_sixth_thread_waits_until_a_call_of_another_ends() -> None:
    slots = Slots(patience=SOON)
    holding = held(slots, 5)
    done = threading.Event()

    def sixth() -> None:
        with slots.one():
            done.set()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sixth)
        until(lambda: bool(_PROCESS.waiting))
        assert not done.is_set()
        holding.pop().__exit__(None, None, None)
        waiting.result(SOON)
    assert done.is_set()


def test_never_more_than_five_whoever_asks() -> None:
    slots = Slots(patience=SOON)
    open_now = most = 0
    lock = threading.Lock()

    def call() -> None:
        nonlocal open_now, most
        for _ in range(20):
            with slots.one():
                with lock:
                    open_now += 1
                    most = max(most, open_now)
                with lock:
                    open_now -= 1

    with ThreadPoolExecutor(12) as pool:
        for job in [pool.submit(call) for _ in range(12)]:
            job.result(SOON)
    assert 1 <= most <= 5
    assert held(slots, 5), "all of them were given back"


def test_threads_that_wait_for_each_other_do_not_wait_for_ever() -> None:
    """Two threads hold all five and both want one more: the second to ask is refused, and then the first gets it."""
    slots = Slots(patience=SOON)
    mine = held(slots, 3)
    ready, go = threading.Event(), threading.Event()

    def other() -> str:
        theirs = held(slots, 2)
        ready.set()
        go.wait(SOON)
        try:
            with slots.one():
                return "got one"
        except QueryError:
            return "refused"
        finally:
            for one in theirs:
                one.__exit__(None, None, None)

    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(other)
        assert ready.wait(SOON)
        outcomes = []
        threading.Thread(target=lambda: (until(lambda: bool(_PROCESS.waiting)), go.set())).start()
        with slots.one():
            outcomes.append("got one")
        outcomes.append(theirs.result(SOON))
    assert outcomes == ["got one", "refused"]
    for one in mine:
        one.__exit__(None, None, None)


def test_rows_that_nobody_reads_are_not_waited_for_longer_than_patience() -> None:
    """The thread that holds them waits for something else, which cannot be seen from here."""
    slots = Slots(patience=0.05)
    holding = held(slots, 5)

    def sixth() -> None:
        with pytest.raises(QueryError, match="none of them ends"), slots.one():
            pass

    with ThreadPoolExecutor(1) as pool:
        pool.submit(sixth).result(SOON)
    assert len(holding) == 5


def test_a_slot_is_given_back_when_its_call_fails() -> None:
    slots = Slots(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), slots.one():
            raise ZeroDivisionError


# --- several clients of one environment ---

SOAP, REST = "https://12345.soap.afas.online/profitservices", "https://12345.rest.afas.online/profitrestservices"


def let_go(holding: list[AbstractContextManager[None]]) -> None:
    for one in holding:
        one.__exit__(None, None, None)


def are_one(*clients: Slots) -> bool:
    """Whether what the first one holds is missing for the last one."""
    holding = held(clients[0], 5)
    try:
        with clients[-1].one(wait=False):
            return False
    except QueryError:
        return True
    finally:
        let_go(holding)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((SOAP,), (SOAP,), True),
        ((SOAP,), (REST,), True),
        ((SOAP, REST), (REST, ""), True),
        ((SOAP,), ("HTTPS://12345.SOAP.AFAS.online.:8443/Elsewhere/",), True),
        ((SOAP,), ("https://12345.soaptest.afas.online/profitservices",), False),
        ((SOAP,), ("https://54321.soap.afas.online/profitservices",), False),
        (("https://profit.test/a",), ("https://PROFIT.test:443/b",), True),
        (("http://profit.test",), ("http://profit.test:80",), True),
        (("http://profit.test",), ("https://profit.test",), False),
        (("https://profit.test",), ("https://profit.test:8443",), False),
        (("https://[::1]:1/x",), ("https://[::1]:1",), True),
        (("https://soap.test", "https://rest.test"), ("https://rest.test",), True),
        (("https://soap.test", "https://rest.test"), ("https://soap.test",), True),
        (("https://soap.test",), ("https://rest.test",), False),
        ((), (), False),
        (("",), ("",), False),
    ],
)
def test_which_addresses_are_one_environment(one: tuple[str, ...], other: tuple[str, ...], same: bool) -> None:
    """What AFAS counts, as far as an address tells it. Without one, as the embedded Profit, each is for itself."""
    first, second = slots_for(*one), slots_for(*other)
    assert (are_one(first, second), are_one(second, first)) == (same, same)


def test_a_call_at_two_addresses_is_one_call() -> None:
    """And it is open at both or at neither."""
    both, soap, rest = (
        slots_for("https://s.test", "https://r.test"),
        slots_for("https://s.test"),
        slots_for("https://r.test"),
    )
    holding = held(both, 5)
    for one in (soap, rest, both):
        with pytest.raises(QueryError), one.one(wait=False):
            pass
    let_go(holding)
    holding = held(rest, 5)
    with pytest.raises(QueryError), both.one(wait=False):
        pass
    assert held(soap, 5), "the call that was refused holds nothing there"
    let_go(holding)


def test_the_sixth_over_two_clients_is_refused_in_words_that_tell_so() -> None:
    """One thread holds rows of one client and asks by another: closing rows of the other is the remedy as well."""
    one, other = slots_for(SOAP), slots_for(REST)
    holding = held(one, 3) + held(other, 2)
    with pytest.raises(QueryError) as caught, other.one():
        pass
    assert caught.value.message == (
        "5 calls are open, which is the most that AFAS allows at once, and none of them ends: read rows to their end, "
        "or close them (with profit.rows(...) as rows), before you ask for more. Of other clients of this process, "
        "which count as well, 3 are open."
    )
    let_go(holding)


def test_of_two_limits_the_smaller_counts_while_both_are_open() -> None:
    one, few = slots_for(SOAP), slots_for(SOAP, most=2)
    holding = held(one, 2)
    with pytest.raises(QueryError, match=r"^2 calls are open, where 2 at once is what a client .* allows"), one.one():
        pass
    few.close()
    few.close()
    holding += held(one, 3)
    with pytest.raises(QueryError, match=r"^5 calls are open, which is the most that AFAS allows"), one.one():
        pass
    fewer = slots_for(SOAP, most=3)
    with pytest.raises(QueryError, match=r"^5 calls are open, where 3 at once"), one.one():
        pass
    del fewer
    gc.collect()
    let_go(holding[:1])
    with one.one():
        pass
    let_go(holding[1:])


def test_who_waits_is_let_in_when_a_smaller_limit_goes() -> None:
    """Not only when a call ends."""
    one, few = slots_for(SOAP, patience=SOON), slots_for(SOAP, most=1)
    holding = held(one, 1)

    def second() -> None:
        with one.one():
            pass

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        until(lambda: bool(_PROCESS.waiting))
        few.close()
        waiting.result(SOON)
    let_go(holding)


def test_a_larger_limit_is_one_for_who_asks_alone() -> None:
    """AFAS' other page says eight."""
    eight = slots_for(SOAP, most=8)
    holding = held(eight, 8)
    eight.close()
    five = slots_for(SOAP)
    with pytest.raises(QueryError, match=r"^8 calls are open, where 5 at once .* 8 are open\.$"), five.one():
        pass
    let_go(holding)


@pytest.mark.parametrize("most", [0, -1])
def test_no_calls_at_all_is_no_limit(most: int) -> None:
    with pytest.raises(QueryError, match="1 or more"):
        slots_for(SOAP, most=most)


@pytest.mark.parametrize("how", ["closed", "forgotten"])
def test_nothing_is_kept_of_who_is_gone(how: str) -> None:
    """A process may ask at thousands of addresses in its life."""
    clients = [slots_for(f"https://profit.test:{port}") for port in range(1, 50)]
    for client in clients:
        with client.one():
            pass
        if how == "closed":
            client.close()
    assert "profit.test:7" in _PROCESS.limits
    del clients, client
    gc.collect()
    assert not [key for key in _PROCESS.limits if str(key).startswith("profit.test")]


def test_calls_that_are_open_count_after_their_client_is_closed() -> None:
    """Its rows are still being read."""
    one, other = slots_for(SOAP), slots_for(SOAP)
    holding = held(one, 5)
    one.close()
    with pytest.raises(QueryError, match="5 are open"), other.one():
        pass
    let_go(holding)
    with other.one():
        pass


def test_threads_that_wait_in_a_ring_over_two_environments_do_not_wait_for_ever() -> None:
    """Each holds what the other waits for: who closes the ring is refused, and then the first gets its slot."""
    here, there = slots_for(SOAP, patience=SOON), slots_for("https://profit.test", patience=SOON)
    mine = held(here, 5)
    holds, go = threading.Event(), threading.Event()

    def other() -> str:
        theirs = held(there, 5)
        holds.set()
        go.wait(SOON)
        try:
            with here.one():
                return "got one"
        except QueryError:
            return "refused"
        finally:
            let_go(theirs)

    with ThreadPoolExecutor(2) as pool:
        theirs = pool.submit(other)
        assert holds.wait(SOON)
        pool.submit(lambda: (until(lambda: bool(_PROCESS.waiting)), go.set()))
        with there.one():
            assert theirs.result(SOON) == "refused"
    let_go(mine)


def test_a_thread_that_waits_elsewhere_for_what_will_come_is_waited_for() -> None:
    """Its calls end when that has come: no ring, however many wait."""
    here, there = slots_for(SOAP, most=1, patience=SOON), slots_for("https://profit.test", most=1, patience=SOON)
    busy = held(there, 1)
    holds = threading.Event()

    def between() -> None:
        with here.one():
            holds.set()
            with there.one():
                pass

    def last() -> None:
        with here.one():
            pass

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(between)]
        assert holds.wait(SOON)
        jobs.append(pool.submit(last))
        until(lambda: len(_PROCESS.waiting) == 2)
        let_go(busy)
        for job in jobs:
            job.result(SOON)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
def test_a_process_that_was_forked_off_begins_anew() -> None:
    """Calls of the parent's threads would never end there, and one of them may have held the lock."""
    program = """
        import os, sys, threading
        from afas_soap.concurrency import _PROCESS, Slots, slots_for
        address = "https://profit.test"
        slots, own = slots_for(address), Slots(1)
        mine = [slots.one() for _ in range(2)]
        for one in mine:
            one.__enter__()
        theirs = [slots.one() for _ in range(3)] + [own.one()]
        held, forked = threading.Event(), threading.Event()

        def other():
            for one in theirs:
                one.__enter__()
            with _PROCESS.changed:
                held.set()
                forked.wait(10)

        thread = threading.Thread(target=other)
        thread.start()
        held.wait(10)
        child = os.fork()
        if not child:
            with own.one(wait=False):
                again = [slots_for(address).one(wait=False) for _ in range(5)]
                for one in again:
                    one.__enter__()
                # What the parent had open is let go of here as well, and nothing comes of it.
                for one in mine:
                    one.__exit__(None, None, None)
                try:
                    slots.one(wait=False).__enter__()
                except Exception as error:
                    os._exit(7 if "5 calls are open" in str(error) else 1)
            os._exit(2)
        forked.set()
        thread.join()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        try:
            slots.one(wait=False).__enter__()
        except Exception as error:
            print(code, "5 calls are open" in str(error))
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "7 True\n"


class Counted:
    """An app that takes its time, and counts the calls it is at work on: each is over before its answer is read."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.open = self.most = self.calls = 0
        self.lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self.lock:
            self.calls += 1
            self.open += 1
            self.most = max(self.most, self.open)
        time.sleep(0.01)
        answer = self.emulator(environ, start_response)
        with contextlib.closing(answer):
            body = b"".join(answer)
        with self.lock:
            self.open -= 1
        return [body]


@pytest.mark.no_cover
@pytest.mark.parametrize("protocols", [("soap", "soap"), ("soap", "rest")], ids=["one protocol", "both"])
def test_two_clients_of_one_environment_hold_five_connections_in_use(protocols: tuple[str, str], store: Store) -> None:
    """On real sockets, twelve threads read by two clients; the server counts."""
    with contextlib.closing(Emulator(store)) as emulator, contextlib.ExitStack() as stack:
        app = Counted(emulator)
        server = stack.enter_context(serve(app))
        clients = [
            stack.enter_context(
                ProfitClient.connect(
                    protocol=protocol, soap_url=server.soap_url, rest_url=server.rest_url, token=DEMO_TOKEN
                )
            )
            for protocol in protocols
        ]

        def read(client: ProfitClient) -> int:
            return sum(1 for _ in client.rows("Profit_Debtor", order_by=["DebtorId"], page_size=40))

        with ThreadPoolExecutor(12) as pool:
            jobs = [pool.submit(read, client) for client in clients * 6]
            assert {job.result(60.0) for job in jobs} == {180}
    assert (app.most, app.open) == (5, 0)
    assert app.calls >= 60


def test_each_embedded_profit_has_its_own_limit(store: Store) -> None:
    """It is one client's alone, and so are connectors of one's own."""
    with contextlib.ExitStack() as stack:
        embedded = [stack.enter_context(ProfitClient.connect(embedded=True)) for _ in range(2)]
        reads = [begun(client) for client in (*embedded, ProfitClient(store), ProfitClient(store)) for _ in range(4)]
        assert len(reads) == 16


def test_a_client_that_is_closed_has_no_say(store: Store) -> None:
    with contextlib.closing(Emulator(store)) as emulator, serve(emulator) as server:
        client = ProfitClient.connect(rest_url=server.rest_url, protocol="rest", token=DEMO_TOKEN)
        limit = _PROCESS.limits[f"127.0.0.1:{server.port}"]
        assert len(limit.askers) == 1
        client.close()
        assert len(limit.askers) == 0


# --- in the client ---


def begun(client: ProfitClient) -> Rows:
    """A read that has its first row, and so an open call."""
    rows = client.rows("Profit_Debtor", order_by=["DebtorId"])
    assert next(rows)["DebtorId"]
    return rows


def test_a_sixth_read_within_five_reads_is_refused_and_names_the_connector(store: Store) -> None:
    client = ProfitClient(store)
    reads = [begun(client) for _ in range(5)]
    with pytest.raises(QueryError, match="5 calls are open") as caught:
        begun(client)
    assert (caught.value.operation, caught.value.connector) == ("rows", "Profit_Debtor")
    with pytest.raises(QueryError, match="5 calls are open"):
        client.version()
    assert len(reads) == 5


@pytest.mark.parametrize("how", ["read to its end", "closed", "forgotten", "with", "failed"])
def test_a_read_gives_its_slot_back(store: Store, how: str) -> None:
    client = ProfitClient(store)
    for _ in range(12):
        rows = begun(client)
        if how == "read to its end":
            assert len(list(rows)) == 179
        elif how == "closed":
            rows.close()
        elif how == "with":
            with rows:
                next(rows)
        elif how == "failed":
            with pytest.raises(ZeroDivisionError), rows:
                raise ZeroDivisionError
        del rows
        if how == "forgotten":
            gc.collect()
    assert client.version()


def test_a_streamed_result_holds_a_slot_until_it_is_read_or_forgotten(store: Store) -> None:
    client = ProfitClient(store)
    pieces = [client.get_data("Profit_Debtor", None, -1, -1, stream=True) for _ in range(6)]
    for piece in pieces[:5]:
        assert next(piece)
    with pytest.raises(QueryError, match="5 calls are open"):
        next(pieces[5])
    assert list(pieces.pop(0))
    assert client.version()
    del pieces, piece
    gc.collect()
    assert len([begun(client) for _ in range(5)]) == 5


def test_several_threads_share_one_client(store: Store) -> None:
    """Twelve threads read page by page; the store sees five calls at once at most."""

    class Counting:
        def __init__(self) -> None:
            self.open = self.most = 0
            self.lock = threading.Lock()

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
            rows = store.rows(connector, query, reading)
            with self.lock:
                self.open += 1
                self.most = max(self.most, self.open)

            def close() -> None:
                with self.lock:
                    self.open -= 1
                rows.close()

            return Rows(rows.fields, iter(rows), close)

    counting = Counting()
    client = ProfitClient(counting)

    def read() -> int:
        return sum(1 for _ in client.rows("Profit_Debtor", order_by=["DebtorId"], page_size=50))

    with ThreadPoolExecutor(12) as pool:
        assert {job.result(SOON) for job in [pool.submit(read) for _ in range(12)]} == {180}
    assert 1 <= counting.most <= 5
    assert counting.open == 0
