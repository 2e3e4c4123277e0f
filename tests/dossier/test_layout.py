"""Which columns give folders and which the CSV, and what a row becomes."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from afas_soap.dossier.layout import EMPTY, FILE_NAME, SUBJECT, Chosen, Item, Layout
from afas_soap.errors import AnswerError, QueryError
from afas_soap.profit.fields import Field, Fields

FIELDS = Fields("Dossierexport", tuple(map(Field, ("Type", "Employee", SUBJECT, "Subject", "Date"))))


def test_as_afas_the_columns_before_the_item_are_folders_and_those_behind_it_go_to_the_csv() -> None:
    layout = Layout.of(FIELDS, Chosen())
    assert layout == Layout(SUBJECT, ("Type", "Employee"), ("Subject", "Date"))
    assert layout.header == (SUBJECT, FILE_NAME, "Subject", "Date")


@pytest.mark.parametrize(
    ("chosen", "layout"),
    [
        (Chosen(folders=("Date", "Type")), Layout(SUBJECT, ("Date", "Type"), ("Subject", "Date"))),
        (Chosen(columns=("Type",)), Layout(SUBJECT, ("Type", "Employee"), ("Type",))),
        (Chosen(subject="Type"), Layout("Type", (), ("Employee", SUBJECT, "Subject", "Date"))),
        (Chosen(folders=(), columns=()), Layout(SUBJECT, (), ())),
        (Chosen(columns=(SUBJECT, "Date")), Layout(SUBJECT, ("Type", "Employee"), ("Date",))),
    ],
)
def test_what_is_chosen_replaces_a_part(chosen: Chosen, layout: Layout) -> None:
    if chosen.subject == "Type":
        # The CSV has the item's number under AFAS' name already.
        with pytest.raises(QueryError, match="'DossieritemId' twice"):
            Layout.of(FIELDS, chosen)
        return
    assert Layout.of(FIELDS, chosen) == layout


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (Chosen(subject="Nummer"), "no column 'Nummer'"),
        (Chosen(folders=("Types",)), "no column 'Types'. The nearest: Type"),
        (Chosen(columns=("Datum",)), "no column 'Datum'"),
        (Chosen(columns=("Date", "Date")), "'Date' twice"),
    ],
)
def test_columns_that_are_not_there_or_stand_there_twice_are_refused(chosen: Chosen, sentence: str) -> None:
    with pytest.raises(QueryError, match=sentence):
        Layout.of(FIELDS, chosen)


def test_a_column_called_as_the_file_name_is_refused() -> None:
    with pytest.raises(QueryError, match="'Bestandsnaam' twice"):
        Layout.of(Fields("X", tuple(map(Field, (SUBJECT, FILE_NAME)))), Chosen())


def test_a_row_is_an_item_with_safe_folders_and_texts_as_csv_has_them() -> None:
    layout = Layout(SUBJECT, ("Type", "Employee"), ("Amount", "Date", "Note"))
    item = layout.item(
        {
            "Type": "In/Uit\\..",
            "Employee": "NUL",
            SUBJECT: 17,
            "Amount": Decimal("100"),
            "Date": datetime.datetime(2024, 2, 1),
            "Note": None,
        }
    )
    assert item == Item(17, ("In_Uit_", "_NUL"), ("100.0", "2024-02-01T00:00:00", ""))


@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_empty_folder_has_a_name(value: str | None) -> None:
    assert Layout(SUBJECT, ("Type",), ()).item({"Type": value, SUBJECT: "17"}) == Item(17, (EMPTY,), ())


@pytest.mark.parametrize("value", [None, "", "x", "-1", "0", 0, True, Decimal("1.5"), "²", "1.0", "0" * 30])
def test_a_row_without_a_number_is_refused(value: str | int | None) -> None:
    with pytest.raises(AnswerError, match=SUBJECT):
        Layout(SUBJECT, (), ()).item({SUBJECT: value})
