"""Rows of SB over their pages: sorted, hanging together while others write, and ended where they end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from afas_soap import F
from afas_soap.errors import AccessDenied, AnswerError, CutOff, QueryError, SBError, TransportError
from afas_soap.sbclient import SBClient

Row = dict[str, object]
# That of conftest.py: no folder of tests is a package.
Site = Any


def many(number: int, first: int = 0) -> list[Row]:
    return [{"Id": f"{at:04}", "Name": f"n{at}"} for at in range(first, first + number)]


def ids(rows: Iterator[Any]) -> list[str]:
    return [row["Id"] for row in rows]


def numbered(*numbers: int) -> list[str]:
    return [f"{at:04}" for at in numbers]


def test_one_call_more_says_that_no_limit_cut_them_short(site: Site, sb: SBClient) -> None:
    site.rows = many(49)
    rows = sb.rows("organisations")
    assert site.asked == [], "nothing is asked before it is wanted"
    assert ids(rows) == numbered(*range(49))
    assert site.asked == [
        {"skip": "0", "take": "1000", "sort": "Id ascending"},
        {"skip": "48", "take": "1001", "sort": "Id ascending"},
    ]
    assert site.paths == ["/Enyoi/api/organisations"] * 2
    assert site.headers[0]["HTTP_ACCEPT_VERSION"] == "2.0"
    assert site.headers[0]["HTTP_ACCEPT"] == "application/json"


def test_pages_hang_together_by_the_row_that_ended_the_last(site: Site, sb: SBClient) -> None:
    site.rows = many(5)
    assert ids(sb.rows("organisations", page_size=2)) == numbered(*range(5))
    assert [(query["skip"], query["take"]) for query in site.asked] == [
        ("0", "2"),
        ("1", "3"),
        ("3", "3"),
        ("4", "2"),
    ]


def test_a_full_last_page_is_followed_by_one_with_nothing_new(site: Site, sb: SBClient) -> None:
    site.rows = many(4)
    assert ids(sb.rows("organisations", page_size=2)) == numbered(*range(4))
    assert len(site.asked) == 3


def test_no_rows_are_one_call(site: Site, sb: SBClient) -> None:
    rows = sb.rows("organisations")
    assert rows.fields is not None
    assert rows.fields.names[:2] == ("Id", "Name")
    assert list(rows) == []
    assert len(site.asked) == 1


def test_a_limit_that_nobody_documents_is_not_taken_for_the_end(site: Site, sb: SBClient) -> None:
    site.rows, site.cap = many(230), 100
    assert ids(sb.rows("organisations")) == numbered(*range(230))
    assert [query["take"] for query in site.asked] == ["1000", "1001", "100", "32"]


@pytest.mark.parametrize("question", [{}, {"page_size": 10}, {"page_size": 25}, {"page_size": 26}, {"take": 30}])
@pytest.mark.parametrize("cap", [2, 10, 25, 49, 50, 51, 60])
@pytest.mark.parametrize("number", [1, 9, 10, 11, 25, 49, 50, 51, 99, 100, 101, 150, 200])
def test_whatever_the_limit_each_row_comes_once(
    site: Site, sb: SBClient, cap: int, number: int, question: dict[str, Any]
) -> None:
    site.rows, site.cap = many(number), cap
    assert ids(sb.rows("organisations", **question)) == numbered(*range(min(number, question.get("take", number))))


@pytest.mark.parametrize("question", [{}, {"page_size": 1}, {"page_size": 50}, {"take": 2}, {"skip": 1}])
def test_a_limit_of_one_row_is_an_error_and_not_the_end(site: Site, sb: SBClient, question: dict[str, Any]) -> None:
    site.rows, site.cap = many(3), 1
    with pytest.raises(AnswerError, match="SB gives one row at a time, however many are asked for"):
        list(sb.rows("organisations", **question))
    assert ids(sb.rows("organisations", take=1)) == numbered(0)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_one_row_is_read_whatever_breaks_off(site: Site, sb: SBClient, cut: int) -> None:
    site.rows = many(1)
    site.answer = lambda number, body: body[:1] if number == cut else body
    assert ids(sb.rows("organisations")) == numbered(0)


@pytest.mark.parametrize("cap", [2, 3, 10, 25])
@pytest.mark.parametrize("gone", [[5], [5, 4], [9], [0, 1, 2], [*range(5)]])
def test_below_a_limit_the_place_is_found_again_as_well(site: Site, sb: SBClient, cap: int, gone: list[int]) -> None:
    site.rows, site.cap = many(60), cap

    def delete(number: int) -> None:
        if number == 6:
            site.rows = [row for at, row in enumerate(site.rows) if at not in gone]

    site.before = delete
    given = 5 * (cap - 1) + 1
    expected = [at for at in range(60) if at < given or at not in gone]
    assert ids(sb.rows("organisations")) == numbered(*expected)


@pytest.mark.parametrize("connector", ["organisations", "products"])
@pytest.mark.parametrize("number", [1, 2, 3, 7, 120])
def test_a_connector_that_knows_no_pages_gives_the_same_again_and_it_is_the_end(
    site: Site, sb: SBClient, caplog: pytest.LogCaptureFixture, connector: str, number: int
) -> None:
    site.rows, site.pages = many(number), False
    with caplog.at_level(logging.WARNING):
        assert ids(sb.rows(connector)) == numbered(*range(number))
    assert len(site.asked) == 3
    assert caplog.records == [], "nothing is lost, nor doubled"


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_rows_inserted_in_front_of_what_fills_a_page_are_not_the_end(
    site: Site, sb: SBClient, number: int, times: int
) -> None:
    site.rows, left = many(6, first=10), [*range(2, 2 + times)]

    def insert(call: int) -> None:
        if call in left:
            site.rows[:0] = [{"Id": f"-{call}{at}"} for at in range(number)]

    site.before = insert
    assert ids(sb.rows("organisations", page_size=1)) == numbered(*range(10, 16))


def test_a_connector_that_knows_no_pages_gives_all_at_once(site: Site, sb: SBClient) -> None:
    site.rows, site.pages = many(7), False
    assert ids(sb.rows("organisations", page_size=2)) == numbered(*range(7))
    assert ids(sb.rows("organisations", page_size=2, take=3)) == numbered(0, 1, 2)
    assert len(site.asked) == 2


def test_more_rows_than_asked_behind_a_skip_are_an_error(site: Site, sb: SBClient) -> None:
    site.rows, site.pages = many(7), False
    with pytest.raises(AnswerError, match="SB gave more rows than the 2 that were asked for"):
        list(sb.rows("organisations", page_size=2, skip=1))


def test_skip_and_take_are_those_of_the_whole_read(site: Site, sb: SBClient) -> None:
    site.rows = many(9)
    assert ids(sb.rows("organisations", skip=1, take=5, page_size=2)) == numbered(1, 2, 3, 4, 5)
    assert [(query["skip"], query["take"]) for query in site.asked] == [("1", "2"), ("2", "3"), ("4", "2")]


def test_what_is_asked_beside_goes_along_on_every_page(site: Site, sb: SBClient) -> None:
    site.rows = [{"InstanceId": "1"}, {"InstanceId": "2"}, {"InstanceId": "3"}]
    where = (F.Status == "TODO") & (F.SalesInvoiceNumber == "a'b")
    query = {"businessactivityversion": 2}
    list(sb.rows("salesinvoices", where=where, query=query, page_size=2, version="1.2"))
    assert {**site.asked[1], "skip": "", "take": ""} == {
        "skip": "",
        "take": "",
        "sort": "InstanceId ascending",
        "filter": "Status eq 'TODO' and SalesInvoiceNumber eq 'a''b'",
        "BusinessActivityVersion": "2",
    }


# -- rows that come and go while they are read ------------------------------------------------------------------------


@pytest.mark.parametrize("page_size", [3, 5])
def test_a_row_inserted_in_front_doubles_none(site: Site, sb: SBClient, page_size: int) -> None:
    site.rows = many(20, first=10)

    def insert(number: int) -> None:
        if number == 3:
            site.rows[:0] = many(1)

    site.before = insert
    assert ids(sb.rows("organisations", page_size=page_size)) == numbered(*range(10, 30))


@pytest.mark.parametrize("gone", [[0], [1], [0, 1], [2], [1, 2], [0, 1, 3]])
def test_a_row_deleted_that_was_given_loses_none(site: Site, sb: SBClient, gone: list[int]) -> None:
    site.rows = many(12)

    def delete(number: int) -> None:
        if number == 2:
            site.rows = [row for at, row in enumerate(site.rows) if at not in gone]

    site.before = delete
    still = [at for at in range(12) if at < 3 or at not in gone]
    assert ids(sb.rows("organisations", page_size=3)) == numbered(*still)


def test_all_that_was_given_may_go_at_the_end(site: Site, sb: SBClient) -> None:
    site.rows = many(4)

    def delete(number: int) -> None:
        if number == 3:
            site.rows = site.rows[:3]

    site.before = delete
    assert ids(sb.rows("organisations", page_size=2)) == numbered(*range(4))


def test_a_place_that_is_not_found_again_is_an_error(site: Site, sb: SBClient) -> None:
    site.rows = many(6)

    def replace(number: int) -> None:
        if number == 2:
            site.rows = many(6, first=50)

    site.before = replace
    rows = sb.rows("organisations", page_size=2)
    with pytest.raises(AnswerError, match="changed so much while they were read that the place where row 2 stood"):
        list(rows)


def test_rows_that_never_stand_still_are_an_error_in_the_end(site: Site, sb: SBClient) -> None:
    site.rows = many(6)

    def shift(number: int) -> None:
        # Before each page, and not before each look.
        if number > 1 and not number % 2:
            site.rows[:0] = [{"Id": f"-{number:03}{at}", "Name": ""} for at in range(5)]

    site.before = shift
    with pytest.raises(AnswerError, match="is not found again: read again from the start"):
        list(sb.rows("organisations", page_size=2))


def test_where_nothing_is_a_key_it_is_told_what_may_be_lost(
    site: Site, sb: SBClient, caplog: pytest.LogCaptureFixture
) -> None:
    site.rows = [{"Id": "1", "Description": letter} for letter in "abcde"]
    with caplog.at_level(logging.WARNING):
        found = [row["Description"] for row in sb.rows("products", page_size=2)]
    assert found == ["a", "b", "c", "d", "e"]
    assert site.asked[0]["sort"] == "Id ascending"
    assert [record.getMessage() for record in caplog.records] == [
        "products: it has no column that AFAS calls unique, so its pages are sorted by Id, and rows that are equal in "
        "it may be lost or doubled where a page ends. One page that holds all of it (page_size) has no such place."
    ]


def test_ties_that_come_in_another_order_are_told(site: Site, sb: SBClient, caplog: pytest.LogCaptureFixture) -> None:
    site.rows = [{"Id": str(number), "Name": "same"} for number in range(6)]

    def turn(number: int) -> None:
        if number == 2:
            site.rows[:3] = site.rows[2], site.rows[0], site.rows[1]

    site.before = turn
    with caplog.at_level(logging.WARNING):
        found = ids(sb.rows("organisations", order_by=["-Name"], page_size=2))
    assert sorted({*found}) == [str(number) for number in (0, 1, 3, 4, 5)]
    assert "it is not sorted by its key, so its pages are sorted by Name" in caplog.text
    assert "where a page ended another row stands now" in caplog.text
    assert site.asked[0]["sort"] == "Name descending"


def test_a_key_that_comes_twice_is_told(site: Site, sb: SBClient, caplog: pytest.LogCaptureFixture) -> None:
    site.rows = [{"Id": name} for name in ("1", "2", "2", "3")]
    with caplog.at_level(logging.WARNING):
        assert len(list(sb.rows("organisations", page_size=2))) == 4
    assert "organisations: rows with the same Id came on two pages" in caplog.text


def test_a_key_of_two_columns_sorts_by_the_last(site: Site, sb: SBClient) -> None:
    site.rows = [{"AdministrationId": name, "RelationId": "1"} for name in "abc"]
    assert [row["AdministrationId"] for row in sb.rows("salesrelations", page_size=2)] == ["a", "b", "c"]
    assert site.asked[0]["sort"] == "RelationId ascending"


def test_without_any_guid_the_first_column_sorts(site: Site, sb: SBClient) -> None:
    site.rows = [{"Name": "a"}]
    assert [row["Name"] for row in sb.rows("adminlicenseinformation")] == ["a"]
    assert site.asked[0]["sort"] == "Name ascending"
    assert site.paths == ["/admin/api/adminlicenseinformation"] * 2


# -- answers that break off -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut_at", [1, 30, 60, 130])
def test_a_page_that_is_cut_off_goes_on_behind_what_it_gave(site: Site, sb: SBClient, cut_at: int) -> None:
    site.rows = many(9)
    site.answer = lambda number, body: body[:cut_at] if number in (1, 3) else body
    assert ids(sb.rows("organisations", page_size=4)) == numbered(*range(9))


def test_one_that_is_cut_off_time_and_again_is_an_error_and_never_the_end(site: Site, sb: SBClient) -> None:
    site.rows = many(9)
    site.answer = lambda number, body: body[:10] if number > 1 else body
    rows = sb.rows("organisations", page_size=4)
    with pytest.raises(CutOff) as caught:
        list(rows)
    assert len(site.asked) == 5
    assert (caught.value.connector, caught.value.environment) == ("organisations", "demo/enyoi")


def test_a_connection_that_breaks_goes_on_behind_what_it_gave(site: Site, sb: SBClient) -> None:
    site.rows = many(9)
    site.breaks = {1: ConnectionResetError(104, "reset"), 3: ConnectionResetError(104, "reset")}
    assert ids(sb.rows("organisations", page_size=4)) == numbered(*range(9))


def test_one_that_breaks_time_and_again_is_an_error(site: Site, sb: SBClient) -> None:
    site.rows = many(9)
    site.breaks = {number: ConnectionResetError(104, "reset") for number in range(2, 9)}
    site.answer = lambda number, body: body if number == 1 else body[:20]
    with pytest.raises(TransportError):
        list(sb.rows("organisations", page_size=4))
    assert len(site.asked) == 5


def test_silence_within_an_answer_is_not_waited_for_again(site: Site, sb: SBClient) -> None:
    site.rows = many(9)
    site.breaks = {1: TimeoutError("timed out")}
    with pytest.raises(TransportError):
        list(sb.rows("organisations"))
    assert len(site.asked) == 1


def test_a_look_that_is_cut_off_is_tried_again(site: Site, sb: SBClient) -> None:
    site.rows = many(8)

    def delete(number: int) -> None:
        if number == 2:
            del site.rows[0]

    site.before = delete
    site.answer = lambda number, body: body[:10] if number == 3 else body
    assert ids(sb.rows("organisations", page_size=3)) == numbered(*range(8))


# -- columns ----------------------------------------------------------------------------------------------------------


def test_the_columns_are_known_before_the_first_row_is_taken_and_no_row_is_lost(site: Site, sb: SBClient) -> None:
    site.rows = [{"Id": "1", "Extra": 1.5}, {"Id": "2", "Extra": 2.5}]
    with sb.rows("organisations") as rows:
        fields = rows.fields
        assert fields is not None
        assert fields.names[-1] == "Extra"
        assert [row["Extra"] for row in rows] == [Decimal("1.5"), Decimal("2.5")]
        assert rows.fields is fields
    assert len(site.asked) == 2


def test_columns_may_be_asked_for_in_the_middle(site: Site, sb: SBClient) -> None:
    site.rows = many(3)
    rows = sb.rows("organisations", page_size=1)
    first = next(rows)
    assert rows.fields is not None
    assert [first["Id"], *ids(rows)] == numbered(0, 1, 2)


def test_what_goes_wrong_while_columns_are_asked_for_is_raised_again_and_no_empty_answer(
    site: Site, sb: SBClient
) -> None:
    site.answer = lambda number, body: b'{"a":1}'
    rows = sb.rows("organisations")
    for _ in range(2):
        with pytest.raises(AnswerError, match="holds no rows"):
            _ = rows.fields
    with pytest.raises(AnswerError, match="holds no rows"):
        list(rows)
    assert len(site.asked) == 1


def test_the_columns_of_the_table_are_told_without_a_call(site: Site, sb: SBClient) -> None:
    fields = sb.fields("Organisations")
    assert (fields.connector, fields.names[:2]) == ("organisations", ("Id", "Name"))
    assert "SalesInvoiceId" in sb.fields("salesinvoices", "1.2")
    assert "SalesInvoiceId" not in sb.fields("salesinvoices", "1.0")
    assert site.asked == []


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"take": 0}, "take must be a whole number from 1 on; leave it out for every row"),
        ({"take": True}, "take must be a whole number"),
        ({"skip": -1}, "skip must be a whole number from 0 on."),
        ({"page_size": 0}, "page_size must be a whole number from 1 on."),
        ({"where": F.Nmae == "x"}, "has no column 'Nmae'. Did you mean Name"),
        ({"where": F.Id == "x"}, "which is uuid"),
        ({"order_by": ["Zzz"]}, "has no column 'Zzz'"),
        ({"version": "9.9"}, "has no version 9.9 here"),
        ({"query": {"Else": 1}}, "has no parameter 'Else'; it has no parameter beside filter, sort, skip and take"),
    ],
)
def test_a_question_that_cannot_be_sent_is_refused_before_any_call(
    site: Site, sb: SBClient, question: dict[str, Any], message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        sb.rows("organisations", **question)
    assert message in caught.value.message
    assert caught.value.connector == "organisations"
    assert site.asked == []


def test_sbs_own_refusal_is_told_with_its_words(site: Site, sb: SBClient) -> None:
    site.status = "400 Bad Request"
    site.answer = lambda number, body: b'{"StatusCode":400,"Message":"Ongeldig gebruikersfilter.","TraceId":"ab"}'
    with pytest.raises(SBError, match="Ongeldig gebruikersfilter") as caught:
        list(sb.rows("organisations"))
    assert caught.value.trace_id == "ab"
    assert caught.value.fate is None


def test_a_token_that_ends_in_the_middle_of_the_pages_is_access_denied_and_not_the_end(
    site: Site, sb: SBClient
) -> None:
    site.rows = many(6)

    def expire(number: int) -> None:
        site.status = "401 Unauthorized" if number == 2 else "200 OK"

    site.before = expire
    rows = sb.rows("organisations", page_size=2)
    assert [next(rows)["Id"], next(rows)["Id"]] == numbered(0, 1)
    with pytest.raises(AccessDenied):
        next(rows)


def test_closing_rows_lets_the_call_go(site: Site, sb: SBClient) -> None:
    site.rows = many(6)
    with sb.rows("organisations", page_size=2) as rows:
        next(rows)
    with pytest.raises(QueryError, match="closed before their end"):
        list(rows)
    assert len(site.asked) == 1
