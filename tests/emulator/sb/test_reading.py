"""Rows over the host: windows, order, filters, shapes, and change tracking (small-business.md 2 and 2.1)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.sb.answers import spelt
from afas_soap.emulator.sb.setup import SbSetup, is_for_sb
from afas_soap.errors import SettingsError


class Side:
    """An SB with a clock that stands still."""

    def __init__(self, **fields: Any) -> None:
        self.now = 1_800_000_000.0
        self.app = Emulator(setup=Setup(sb=SbSetup(**fields), clock=lambda: self.now))
        self.tables = self.app.sb.environments["enyoi"].tables
        self._token = self.app.sb.token("enyoi")

    def ask(self, connector: str, **query: object) -> TestResponse:
        headers = {"Authorization": f"Bearer {self._token}"}
        text = urlencode(query, quote_via=quote)
        return Client(self.app).get(f"/enyoi/api/{connector}?{text}", headers=headers, buffered=True)

    def rows(self, connector: str, **query: object) -> list[dict[str, Any]]:
        found = self.ask(connector, **query).get_json()
        rows: list[dict[str, Any]] = found["Result"] if isinstance(found, dict) else found
        return rows

    def since(self, connector: str, token: str) -> tuple[list[str], str]:
        """The names that changed, and the next token."""
        found = self.ask(connector, TrackingToken=token).get_json()
        return [row["Name"] for row in found["Result"]], found["TrackingToken"]


@pytest.fixture
def made() -> Iterator[Callable[..., Side]]:
    sides: list[Side] = []

    def make(**fields: Any) -> Side:
        sides.append(Side(**fields))
        return sides[-1]

    yield make
    for side in sides:
        side.app.close()


@pytest.fixture
def side(made: Callable[..., Side]) -> Side:
    return made()


def test_pages_in_an_order_have_every_row_once(side: Side) -> None:
    whole = [row["Id"] for row in side.rows("organisations", sort="Id ascending")]
    pages = [
        row["Id"]
        for skip in range(0, len(whole) + 3, 3)
        for row in side.rows("organisations", sort="Id ascending", skip=skip, take=3)
    ]
    assert pages == whole == sorted(whole)


def test_numbers_sort_as_numbers(side: Side) -> None:
    found = [row["AmountDebit"] for row in side.rows("journalentries", sort="AmountDebit descending")]
    numbers = [number for number in found if number is not None]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) > 3


def test_a_filter_gives_the_rows_that_fit(side: Side) -> None:
    name = side.rows("organisations")[1]["Name"]
    quoted = name.replace("'", "''")
    assert [row["Name"] for row in side.rows("organisations", filter=f"name eq '{quoted}'")] == [name]
    assert side.ask("organisations", filter="Name eq Harderwijk").get_json()["Message"] == "Ongeldig gebruikersfilter."


def test_amounts_are_numbers_or_texts(made: Callable[..., Side]) -> None:
    def amount(side: Side) -> object:
        text = side.ask("debtorbalance").get_data(as_text=True)
        return json.loads(text, parse_float=Decimal)[0]["OutstandingAmount"]

    number = amount(made())
    assert isinstance(number, Decimal)
    for fields in ({"dialect": "6.0"}, {"amounts_as_text": True}):
        assert amount(made(**fields)) == str(number)


def test_8_0_adds_columns_and_6_0_has_none_of_them(made: Callable[..., Side]) -> None:
    assert "LastCompleted" in made().rows("debtorbalance")[0]
    assert "LastCompleted" not in made(dialect="6.0").rows("debtorbalance")[0]


def test_6_0_has_no_connector_of_8_0(made: Callable[..., Side]) -> None:
    assert made().ask("departments").status_code == 200
    assert made(dialect="6.0").ask("departments").status_code == 404


def test_an_answer_may_be_bare_or_wrapped_whatever_the_table_says(made: Callable[..., Side]) -> None:
    side = made(bare=("organisations",), wrapped=("vatrate",), token_last=True)
    assert isinstance(side.ask("organisations").get_json(), list)
    assert list(side.ask("vatrate").get_json()) == ["Result", "TrackingToken"]
    assert list(side.ask("persons").get_json()) == ["Result", "TrackingToken"]


def test_an_answer_may_have_a_most_of_rows(made: Callable[..., Side]) -> None:
    assert len(made(most_rows=2).rows("organisations")) == 2


def test_a_token_gives_what_changed_behind_it(side: Side) -> None:
    token = side.ask("organisations").get_json()["TrackingToken"]
    assert token.startswith("20270115")
    assert 15 <= len(token) <= 16
    assert token.isdigit()
    assert side.since("organisations", token)[0] == []
    first = side.rows("organisations")[0]["Name"]
    side.tables.change("organisations", {"Name": first}, {"SbiCode": "6201"})
    side.tables.insert("organisations", {"Id": "9c1b7ac1-8d6c-5b64-8f2f-3b6f2f3f0001", "Name": "Newcomer"})
    names, following = side.since("organisations", token)
    assert names == [first, "Newcomer"]
    assert side.since("organisations", following)[0] == []
    # Whoever lost the next one may ask by the old one again.
    assert side.since("organisations", token)[0] == names


def test_a_row_that_is_no_more_is_not_told(side: Side) -> None:
    token = side.ask("organisations").get_json()["TrackingToken"]
    side.tables.remove("organisations", {"Name": side.rows("organisations")[0]["Name"]})
    assert side.since("organisations", token)[0] == []


@pytest.mark.parametrize("token", ["202401010000001", "x", "0"])
def test_a_token_that_was_not_given_here_is_refused(side: Side, token: str) -> None:
    assert side.ask("organisations", TrackingToken=token).status_code == 400


def test_a_token_of_another_connector_or_environment_is_refused(side: Side) -> None:
    token = side.ask("persons").get_json()["TrackingToken"]
    assert side.ask("organisations", TrackingToken=token).status_code == 400
    other = side.app.sb.environments["atlas"].trackers.give("organisations", 0)
    assert side.ask("organisations", TrackingToken=other).status_code == 400


def test_within_minutes_the_same_rows_may_come_again(made: Callable[..., Side]) -> None:
    side = made(repeat_seconds=60.0)
    token = side.ask("organisations").get_json()["TrackingToken"]
    side.now += 100
    side.tables.insert("organisations", {"Id": "9c1b7ac1-8d6c-5b64-8f2f-3b6f2f3f0001", "Name": "Newcomer"})
    names, token = side.since("organisations", token)
    assert names == ["Newcomer"]
    side.now += 30
    assert side.since("organisations", token)[0] == []
    side.tables.insert("organisations", {"Id": "9c1b7ac1-8d6c-5b64-8f2f-3b6f2f3f0002", "Name": "Later"})
    names, later = side.since("organisations", token)
    assert names == ["Later"]
    side.now += 30
    assert side.since("organisations", later)[0] == ["Later"]


def test_numbers_keep_their_digits() -> None:
    row = {"Total": Decimal("0.070"), "Many": Decimal("1E+3"), "None": None, "Rows": [True, "é\n"]}
    assert spelt(row) == '{"Total":0.070,"Many":1000,"None":null,"Rows":[true,"é\\n"]}'.encode()


def test_what_is_sbs() -> None:
    setup = SbSetup()
    for path in ("ENYOI/api/x", "admin", "admin/api/x", "stranger/API/x", "app/token", "authentication/getscopes"):
        assert is_for_sb(path, setup)
    for path in ("", "favicon.ico", "stranger", "stranger/other/api"):
        assert not is_for_sb(path, setup)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"dialect": "7.0"}, "dialect"),
        ({"admin_at": "elsewhere"}, "admin_at"),
        ({"environments": {"Admin": "x"}}, "environments"),
        ({"environments": {"a/b": "x"}}, "environments"),
        ({"environments": {"ProfitServices": "x"}}, "environments"),
    ],
)
def test_a_set_up_that_makes_no_sense_is_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        SbSetup(**fields)
