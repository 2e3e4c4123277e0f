"""The command line of a remote import, against literals out of AFAS' how-to (special-connectors 5.1)."""

from __future__ import annotations

import pytest

from afas_soap.errors import QueryError
from afas_soap.profit.imports.commandline import Action, Command


def test_an_import_as_afas_writes_it() -> None:
    command = Command(Action.IMPORT, "O12345AA", "ImportDossier.csv", "Import dossier nieuw")
    assert command.line == '/O"O12345AA" IMPORT /N"Import dossier nieuw" /F"ImportDossier.csv"'


def test_an_import_into_an_administration() -> None:
    command = Command(Action.IMPORT, "O12345AA", "a.csv", "Mutaties", "1")
    assert command.line == '/O"O12345AA" IMPORT /N"Mutaties" /F"a.csv" /A"1"'


def test_a_definition_has_no_name() -> None:
    assert Command(Action.DEFINITION, "T12345AA", "x.gcn").line == '/O"T12345AA" DEFINITIEIMPORT /F"x.gcn"'


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": 'the "new" one'}, "name: it holds a quotation mark"),
        ({"name": "two\nlines"}, "name: it holds a line break"),
        ({"name": "two\u2028lines"}, "name: it holds a line break"),
        ({"name": "  "}, "name: it is empty"),
        ({"environment_id": ""}, "environment_id: it is empty"),
        ({"file": 'a".csv'}, "file: it holds a quotation mark"),
        ({"file": "a\r.csv"}, "file: it holds a line break"),
        ({"file": "../a.csv"}, "is no name of a file without a folder"),
        ({"file": "@#$metainfo.XML"}, "rename the file"),
        ({"administration": '1" /X"'}, "administration: it holds a quotation mark"),
        ({"administration": ""}, "administration: it is empty"),
    ],
)
def test_what_a_command_line_cannot_say_is_refused(wrong: dict[str, str], said: str) -> None:
    right = {"action": Action.IMPORT, "environment_id": "O12345AA", "file": "a.csv", "name": "Import"}
    with pytest.raises(QueryError, match=said):
        Command(**{**right, **wrong})  # type: ignore[arg-type]
