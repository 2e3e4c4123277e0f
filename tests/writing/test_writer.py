"""Writes: what is refused before any call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afas_soap.calls import Calls
from afas_soap.client import ProfitClient
from afas_soap.errors import Fate, NotOffered, SettingsError
from afas_soap.profit.rows import Rows
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Update
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.writing.checking import Checking, Writing
from afas_soap.writing.schemacache import Source
from afas_soap.writing.writer import Writer

UPDATE = update_from_plain("KnSubject", {"Ds": "x"}, root="KnSubject")
UNCHECKED = Checking(on=False)


class OnlyRows:
    """An object of a program's own that reads rows and does nothing else."""

    def rows(self, connector: str, query: object, reading: object) -> Rows:
        return Rows(None, iter([{"Id": connector}]))


class OnlySends:
    """One that books, and does nothing else."""

    def __init__(self) -> None:
        self.sent: list[Update] = []

    def send(self, update: Update) -> Receipt:
        self.sent.append(update)
        return Receipt()


def _writer(*, accidental: bool) -> Writer:
    def unasked(_connector: str) -> str:
        raise AssertionError("nothing is asked")

    calls = Calls(OnlySends(), None, "")  # a part of ``Writes``: nothing else is needed of it
    return Writer(calls, Writing(Source(unasked, None), lambda: unasked), accidental=accidental)


def test_an_update_goes_to_the_embedded_profit_only_when_somebody_chose_it() -> None:
    _writer(accidental=False).check_writable()
    with pytest.raises(SettingsError, match=r"never booked in the embedded Profit by accident.*--emulator"):
        _writer(accidental=True).check_writable()


def test_an_object_that_only_reads_reads_and_an_update_is_not_offered_and_not_sent() -> None:
    with ProfitClient(OnlyRows()) as profit:
        assert list(profit.rows("Mine", take=1)) == [{"Id": "Mine"}]
        with pytest.raises(NotOffered, match=r"OnlyRows\) have no send\(\)") as refused:
            profit.insert("KnSubject", {"Ds": "x"})
    assert refused.value.fate is Fate.NOT_SENT
    assert (refused.value.operation, refused.value.connector) == ("insert", "KnSubject")


ASKED: dict[str, Callable[[ProfitClient], object]] = {
    "schema": lambda profit: profit.schema("KnSubject"),
    "fields": lambda profit: profit.fields("Mine"),
    "catalogue": lambda profit: profit.connectors(),
    "version": lambda profit: profit.version(),
    "get_data": lambda profit: profit.get_data("Mine", None, -1, -1),
    "outgoing": lambda profit: profit.outgoing(UPDATE, UNCHECKED),
}


@pytest.mark.parametrize("method", ASKED)
def test_what_an_object_does_not_have_is_not_offered_and_named(method: str) -> None:
    with ProfitClient(OnlySends()) as profit, pytest.raises(NotOffered, match=rf"have no {method}\(\)"):
        ASKED[method](profit)


def test_an_object_that_only_writes_writes_what_is_not_to_be_checked() -> None:
    mine = OnlySends()
    with ProfitClient(mine) as profit:
        profit.send(UPDATE, UNCHECKED)
    assert mine.sent == [UPDATE]
