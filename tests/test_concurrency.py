"""Five calls at once: a sixth waits, unless it would wait for itself."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest

from afas_soap.client import ProfitClient
from afas_soap.concurrency import Slots
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
        until(lambda: bool(slots._waiting))
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
        threading.Thread(target=lambda: (until(lambda: bool(slots._waiting)), go.set())).start()
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
