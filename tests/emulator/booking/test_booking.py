"""One call is one transaction; keys handed out; records changed, cleared, removed; refusals in both languages."""

from __future__ import annotations

import threading

import pytest

from afas_soap.emulator.booking.booking import Books
from afas_soap.emulator.booking.numbering import guid
from afas_soap.emulator.booking.records import Records, Row
from afas_soap.emulator.refusals import Refused
from afas_soap.emulator.store import Store
from afas_soap.errors import NotFound, ProfitError, SettingsError
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Element, Part, Update
from afas_soap.profit.updates.updateplain import update_from_plain

LINE_TOO_LONG = "(AntaObject) The value entered in field 'Text' (Text) is too long."
NAME_MISSING = "(AntaObject) There is no value entered in mandatory field 'Naam' (Name)"


def book(
    books: Books, *records: object, connector: str = "Things", root: str = "Thing", action: str = "insert"
) -> Receipt:
    return books.book(update_from_plain(connector, list(records), root=root, action=Action(action)))


def refused(books: Books, *records: object, language: str = "en", **how: str) -> tuple[str, int]:
    with pytest.raises(Refused) as caught:
        book(books, *records, **how)
    return caught.value.message(language), caught.value.number


def rows(records: Records, connector: str = "Things") -> list[Row]:
    return [document.row for document in records.of(connector)]


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_missing_key_is_handed_out_and_told(books: Books) -> None:
    assert book(books, {"Name": "a"}).keys == ({"Id": "1"},)
    assert book(books, {"Name": "b"}, {"Name": "c"}).keys == ({"Id": "2"}, {"Id": "3"})


def test_a_number_that_was_sent_moves_the_next_one_behind_it(books: Books) -> None:
    assert book(books, {"@Id": 1957, "Name": "a"})["Id"] == "1957"
    books.remember("Things", {"Id": "2000"})
    assert book(books, {"@Id": 3, "Name": "b"})["Id"] == "3"
    assert book(books, {"Name": "c"})["Id"] == "2001"


def test_a_key_may_stand_among_the_fields(books: Books, records: Records) -> None:
    assert book(books, {"Id": "0012", "Name": "a"})["Id"] == "12"
    book(books, {"@Id": 12, "Name": "b"}, action="update")
    assert rows(records) == [Row({"Id": "12", "Name": "b"})]


def test_a_whole_key_that_is_there_is_refused(books: Books) -> None:
    book(books, {"@Id": 7, "Name": "a"})
    text = "(AntaObject) The record already exists in the database. FieldId=Id"
    assert refused(books, {"Id": "07", "Name": "b"}) == (text, -2147180996)
    assert refused(books, {"Id": "07", "Name": "b"}, language="nl")[0] == text


def test_part_of_a_key_is_completed_and_texts_are_no_other_keys_in_capitals(books: Books) -> None:
    assert book(books, {"Code": "FloorA"}, connector="Pairs", root="Pair")["Sub"] == "1"
    assert book(books, {"Code": "floora"}, connector="Pairs", root="Pair")["Sub"] == "2"
    assert "already" in refused(books, {"Code": "FLOORA", "Sub": 2}, connector="Pairs", root="Pair")[0]


def test_results_are_told_whatever_they_are(books: Books) -> None:
    """A GUID is made of its number, so that it is the same in every fresh emulator; a plain field is told as it is."""
    told = book(books, {"Text": "x"}, {}, connector="Pairs", root="Pair").keys
    assert told == (
        {"Code": "1", "Sub": "1", "Sessieguid": guid("Pairs", "Sessieguid", 1), "Text": "x"},
        {"Code": "2", "Sub": "2", "Sessieguid": guid("Pairs", "Sessieguid", 2), "Text": ""},
    )
    assert told[0]["Sessieguid"] == "{E95F9F99-74A0-4410-8CBF-E7987D5FE3C0}"


def test_no_keys_are_told_where_there_are_none(books: Books) -> None:
    assert book(books, {"Text": "x"}, connector="Loose", root="Loose").keys == ()


# --- update and delete ------------------------------------------------------------------------------------------------


def test_only_what_was_given_is_changed_and_a_field_can_be_cleared(books: Books, records: Records) -> None:
    book(books, {"@Id": 7, "Name": "a", "Kind": "A", "Price": "1.50", "Since": "2023-01-22"})
    assert book(books, {"@Id": 7, "Kind": "", "Price": None, "Open": True}, action="update")["Id"] == "7"
    assert rows(records)[0].values == {
        "Id": "7", "Name": "a", "Kind": None, "Price": None, "Since": "2023-01-22", "Open": "true",
    }  # fmt: skip


def test_a_record_that_is_not_there_is_refused(books: Books) -> None:
    for action in ("update", "delete"):
        assert refused(books, {"@Id": 8, "Name": "a"}, action=action) == (
            "(AntaObject) The record of Thing does not exist in the database.",
            -2147180996,
        )


def test_an_update_without_its_key_is_refused(books: Books) -> None:
    assert "mandatory field 'Id' (Id)" in refused(books, {"Name": "a"}, action="update")[0]


def test_without_any_key_an_update_stands_for_itself(books: Books, records: Records) -> None:
    book(books, {"Text": "a"}, connector="Loose", root="Loose", action="update")
    assert rows(records, "Loose") == [Row({"Text": "a"})]


def test_a_removed_record_is_gone_and_its_key_free_again(books: Books, records: Records) -> None:
    book(books, {"@Id": 7, "Name": "a"})
    assert book(books, {"@Id": 7}, action="delete").keys == ()
    assert rows(records) == []
    assert "does not exist" in refused(books, {"@Id": 7}, action="delete")[0]
    assert book(books, {"@Id": 7, "Name": "b"})["Id"] == "7"
    assert rows(records) == [Row({"Id": "7", "Name": "b"})]


def test_records_without_keys_are_removed_by_what_they_hold_when_that_tells_one(books: Books, records: Records) -> None:
    book(books, {"Text": "a"}, {"Text": "b"}, {"Text": "b"}, connector="Loose", root="Loose")
    how = {"connector": "Loose", "root": "Loose", "action": "delete"}
    book(books, {"Text": "A"}, **how)
    assert len(rows(records, "Loose")) == 2
    assert refused(books, {"Text": "b"}, **how)[0] == "(AntaObject) More than one record of Loose matches."
    assert "does not exist" in refused(books, {"Text": "c"}, **how)[0]


def test_part_of_a_key_tells_a_record_when_no_other_has_it(books: Books, records: Records) -> None:
    book(books, {"Code": "a", "Sub": 1}, {"Code": "b", "Sub": 1}, connector="Pairs", root="Pair")
    book(books, {"Code": "b", "Text": "x"}, connector="Pairs", root="Pair", action="update")
    assert [row.text("Text") for row in rows(records, "Pairs")] == ["", "x"]
    assert "More than one" in refused(books, {"Sub": 1}, connector="Pairs", root="Pair", action="update")[0]


def test_a_removal_without_its_key_is_refused(books: Books, records: Records) -> None:
    book(books, {"@Id": 7, "Name": "a"})
    assert "mandatory field 'Id' (Id)" in refused(books, {"Name": "a"}, action="delete")[0]
    assert len(rows(records)) == 1


def test_all_that_a_removal_names_must_be_the_record_s(books: Books, records: Records) -> None:
    book(books, {"Code": "a", "Sub": 1, "Text": "x"}, connector="Pairs", root="Pair")
    how = {"connector": "Pairs", "root": "Pair", "action": "delete"}
    assert "does not exist" in refused(books, {"Code": "a", "Text": "y"}, **how)[0]
    book(books, {"Code": "a", "Text": "X"}, **how)
    assert rows(records, "Pairs") == []


# --- rows of sub-objects ----------------------------------------------------------------------------------------------


def lines(records: Records) -> list[dict[str, str | None]]:
    return [row.values for row in rows(records)[0].parts.get("Line", [])]


def test_rows_are_known_by_their_guid(books: Books, records: Records) -> None:
    book(books, {"Name": "a", "Line": [{"GuLi": "{A}", "Text": "1"}, {"GuLi": "{B}", "Text": "2"}]})
    more = [{"GuLi": "b", "Text": "3"}, {"GuLi": "{C}", "@Action": "insert"}, {"GuLi": "{A}", "@Action": "delete"}]
    book(books, {"@Id": 1, "Line": more}, action="update")
    assert lines(records) == [{"GuLi": "b", "Text": "3"}, {"GuLi": "{C}"}]
    assert refused(books, {"@Id": 1, "Line": {"GuLi": "{c}", "@Action": "insert"}}, action="update")[0].endswith(
        "=GuLi"
    )
    assert refused(books, {"@Id": 1, "Line": {"GuLi": "{X}", "@Action": "delete"}}, action="update")[0] == (
        "(AntaObject) The record of Line does not exist in the database."
    )


def test_a_row_that_nothing_tells_is_the_only_one_or_one_more(books: Books, records: Records) -> None:
    book(books, {"Name": "a", "Line": {"Text": "1"}})
    book(books, {"@Id": 1, "Line": {"Amount": "2"}}, action="update")
    assert lines(records) == [{"Text": "1", "Amount": "2"}]
    book(books, {"@Id": 1, "Line": {"Text": "3", "@Action": "insert"}}, action="update")
    book(books, {"@Id": 1, "Line": {"Text": "4"}}, action="update")
    assert [line["Text"] for line in lines(records)] == ["1", "3", "4"]
    book(books, {"@Id": 1, "Line": [{"Text": "1", "@Action": "delete"}, {"@Action": "delete"}]}, action="update")
    assert lines(records) == []


def test_an_address_is_the_only_one_whatever_the_action(books: Books, records: Records) -> None:
    book(books, {"Name": "a", "KnBasicAddressAdr": {"Ad": "Dam", "Rs": "Ede"}})
    book(books, {"@Id": 1, "KnBasicAddressAdr": {"Ad": "Hof", "@Action": "insert"}}, action="update")
    book(books, {"@Id": 1, "KnBasicAddressAdr": {"Rs": "Epe"}}, action="update")
    assert [row.values for row in rows(records)[0].parts["KnBasicAddressAdr"]] == [{"Ad": "Hof", "Rs": "Epe"}]


def test_a_sub_object_alone_needs_its_record(books: Books, records: Records) -> None:
    def add(number: int) -> Receipt:
        line = Part("Line", (Element({"Text": "x"}),))
        return books.book(Update("Things", "Thing", (Element({}, {"Id": number}, Action.UPDATE, (line,)),), "Line"))

    book(books, {"Name": "a"})
    assert add(1).keys == ({"Id": "1"},)
    assert lines(records) == [{"Text": "x"}]
    with pytest.raises(Refused, match="does not exist"):
        add(2)


def test_a_record_is_found_by_the_row_that_is_to_be_removed(books: Books, records: Records) -> None:
    """As in DELETE of FiEntries, whose records have no number of their own (profit-wire 3.1)."""
    entry = {"connector": "Entries", "root": "Entry"}
    book(books, {"Text": "a", "Line": {"Text": "1"}}, {"Text": "a", "Line": {"Text": "2"}}, **entry)
    book(books, {"Text": "a", "Line": {"Text": "2", "@Action": "delete"}}, action="update", **entry)
    assert [row.parts for row in rows(records, "Entries")] == [{"Line": [Row({"Text": "1"})]}, {}]


@pytest.mark.parametrize("action", ["update", "delete"])
def test_a_row_that_is_changed_or_removed_has_its_keys(books: Books, records: Records, action: str) -> None:
    """Where the schema has some: without them, whichever row there is would be taken for it."""
    entry = {"connector": "Entries", "root": "Entry"}
    book(books, {"Text": "a", "Mark": {"@Nr": 1, "Text": "x"}}, **entry)
    message, _ = refused(books, {"Text": "a", "Mark": {"@Action": action, "Text": "x"}}, **entry)
    assert message.endswith("mandatory field 'Nr' (Nr)")
    assert [row.parts for row in rows(records, "Entries")] == [{"Mark": [Row({"Nr": "1", "Text": "x"})]}]


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "text", "number"),
    [
        ({"Name": "a", "U" + "0" * 32: "x"}, f"Connector field 'U{'0' * 32}' not found", -2147180996),
        ({"Name": "a", "@Name": "a"}, "Connector field 'Name' not found", -2147180996),
        ({"Name": "a", "Nothing": {"X": 1}}, "Connector field 'Nothing' not found", -2147180996),
        ({"Name": "a", "Line": {"X": 1}}, "Connector field 'X' not found", -2147180996),
        ({"Name": "a", "Price": "45,00"}, "Type mismatch", -2147180996),
        ({"Name": "a", "Price": False}, "Type mismatch", -2147180996),
        ({"Name": "a", "Price": "1.555"}, "Type mismatch", -2147180996),
        ({"Name": "a", "Since": "31-02-2023"}, "Type mismatch", -2147180996),
        ({"Name": "a", "@Id": "zeven"}, "Type mismatch", -2147180996),
        ({"Name": "elf letters"}, "(AntaObject) The value entered in field 'Naam' (Name) is too long.", -2147180996),
        ({"Name": "a", "Line": {"Text": "123456"}}, LINE_TOO_LONG, -2147180996),
        ({"Name": "a", "Kind": "Z"}, "The entered value for 'Soort' does not exist.", -2147220469),
        ({"Kind": "A"}, NAME_MISSING, -2147180996),
        ({"Name": ""}, NAME_MISSING, -2147180996),
    ],
)  # fmt: skip
def test_what_the_schema_refuses(books: Books, records: Records, record: object, text: str, number: int) -> None:
    assert refused(books, {"Name": "first"}, record) == (text, number)
    assert refused(books, record, language="nl") == (text, number)
    assert rows(records) == []


def test_a_mandatory_field_may_be_left_out_of_an_update_and_not_be_cleared(books: Books) -> None:
    book(books, {"Name": "a"})
    book(books, {"@Id": 1, "Kind": "n"}, action="update")
    assert refused(books, {"@Id": 1, "Name": None}, action="update")[0] == NAME_MISSING


def test_where_the_definition_is_a_hint_codes_do_not_refuse(books: Books) -> None:
    book(books, {"Kind": "Z"}, connector="Loose", root="Loose")


def test_another_root_and_another_connector(books: Books) -> None:
    assert refused(books, {"Name": "a"}, root="Things")[0] == "Connector Things does not exist"
    assert refused(books, {"Name": "a"}, connector="Nothing")[0] == "Connector Nothing does not exist"


def test_an_action_that_the_connector_does_not_take(store: Store) -> None:
    update = update_from_plain("KnOrganisation", {"@Action": "delete", "BcCo": "1000001"}, root="KnOrganisation")
    with pytest.raises(ProfitError, match="General message: The action delete is not supported") as caught:
        store.send(update)
    assert (caught.value.number, caught.value.connector) == (-2147180996, "KnOrganisation")


def test_rows_of_their_own_do_not_let_an_action_in_that_the_connector_does_not_take(store: Store) -> None:
    record = {"@Action": "delete", "BcCo": "1000001", "KnBankAccount": {"CoId": "NL"}}
    with pytest.raises(ProfitError, match="The action delete is not supported"):
        store.send(update_from_plain("KnOrganisation", record, root="KnOrganisation"))


def test_calls_at_the_same_time_are_worked_off_one_by_one(books: Books, records: Records) -> None:
    told: list[str] = []

    def many() -> None:
        for _ in range(25):
            told.append(book(books, {"Name": "a"})["Id"])

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, told)) == list(range(1, 101))
    assert len(rows(records)) == 100


def test_a_store_that_is_closed_takes_no_updates() -> None:
    store = Store()
    store.close()
    with pytest.raises(SettingsError, match="takes no more updates"):
        store.send(update_from_plain("KnUser", {"UsId": "J"}, root="KnUser"))


def test_only_an_updateconnector_remembers(store: Store) -> None:
    with pytest.raises(NotFound, match="Connector KnNothing does not exist"):
        store.remember("KnNothing", {"Id": "1"})
