"""Command lines as the emulator reads them (special-connectors 5.1)."""

from __future__ import annotations

import pytest

from afas_soap.emulator.imports.commandline import CommandLine, read_command_line
from afas_soap.emulator.refusals import Refused


@pytest.mark.parametrize(
    ("text", "action", "options"),
    [
        (
            '/O"O12345AA" IMPORT /N"Import dossier nieuw" /F"ImportDossier.csv"',
            "IMPORT",
            {"O": "O12345AA", "N": "Import dossier nieuw", "F": "ImportDossier.csv"},
        ),
        ('/O"O12345AA" DEFINITIEIMPORT /F"x.gcn"', "DEFINITIEIMPORT", {"O": "O12345AA", "F": "x.gcn"}),
        ('import /f"a b" /a"1" ', "IMPORT", {"F": "a b", "A": "1"}),
    ],
)
def test_what_afas_writes_is_read(text: str, action: str, options: dict[str, str]) -> None:
    assert read_command_line(text) == CommandLine(action, options)


@pytest.mark.parametrize(
    "text", ["", '/F"a"', "IMPORT EXPORT", 'IMPORT /F"a', 'IMPORT /F"a"/N"b"', 'IMPORT /F"a" /f"b"']
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="could not be read"):
        read_command_line(text)
