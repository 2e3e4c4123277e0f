"""Paths of their own, the same in every run and on every file system."""

from __future__ import annotations

import unicodedata

import pytest

from afas_soap.dossier.naming import Names


def test_files_of_one_name_are_numbered() -> None:
    names = Names(())
    given = [names.give(("A",), "x.pdf")[-1] for _ in range(3)]
    assert given == ["x.pdf", "x (2).pdf", "x (3).pdf"]
    assert names.give(("B",), "x.pdf") == ("B", "x.pdf")


@pytest.mark.parametrize(
    ("first", "second"),
    [("Loon.pdf", "loon.PDF"), ("é.pdf", unicodedata.normalize("NFD", "é.pdf")), ("STRASSE", "straße"), ("a:b", "a?b")],
)
def test_names_that_are_one_somewhere_are_one_here(first: str, second: str) -> None:
    names = Names(())
    names.give((), first)
    assert "(2)" in names.give((), second)[-1]


def test_a_number_that_is_a_name_already_is_passed_over() -> None:
    names = Names(())
    assert [names.give((), name)[0] for name in ("x (2).pdf", "x.pdf", "x.pdf")] == ["x (2).pdf", "x.pdf", "x (3).pdf"]


def test_of_two_folders_that_differ_in_case_the_first_spelling_is_taken() -> None:
    names = Names(())
    assert names.give(("Loon", "EZW"), "x") == ("Loon", "EZW", "x")
    assert names.give(("LOON", "ezw"), "x") == ("Loon", "EZW", "x (2)")
    assert names.give(("LOON", "abc"), "x") == ("Loon", "abc", "x")


def test_what_stands_beside_the_folders_is_in_nobodys_way() -> None:
    names = Names(("Dossierexport.csv", "manifest.jsonl"))
    assert names.give((), "MANIFEST.jsonl") == ("MANIFEST (2).jsonl",)
    assert names.give(("dossierexport.CSV",), "x") == ("dossierexport (2).CSV", "x")
    assert names.give(("Dossierexport.csv",), "y") == ("dossierexport (2).CSV", "y")


def test_what_an_earlier_run_gave_is_taken() -> None:
    names = Names(())
    names.take(("Loon", "x.pdf"))
    names.take(("Loon", "x (2).pdf"))
    assert names.give(("LOON",), "X.pdf") == ("Loon", "X (3).pdf")


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", "C:\\x", "NUL", "nul.txt", "", ".", "..", "x" * 300 + ".pdf"]
)
def test_no_name_leaves_its_folder(name: str) -> None:
    *folder, last = Names(()).give(("A", "B"), name)
    assert folder == ["A", "B"]
    assert not set("/\\:") & set(last)
    assert 0 < len(last.encode()) <= 255
    assert last.strip(". ") == last
    assert last.lower().partition(".")[0] != "nul"


def test_numbered_long_names_keep_their_extension_and_their_limit() -> None:
    names = Names(())
    given = [names.give((), "é" * 200 + ".pdf")[0] for _ in range(12)]
    assert len(set(given)) == 12
    assert all(name.endswith(".pdf") and len(name.encode()) <= 255 for name in given)
