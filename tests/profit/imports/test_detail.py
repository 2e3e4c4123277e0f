"""The detail block, as AFAS' sample has it (special-connectors 5.3)."""

from __future__ import annotations

from afas_soap.profit.imports.detail import details

SAMPLE = r"""Description......: (Anta Import) Error because the import-file has already been imported.
Number...........: -2147192493 #80047153 [ANTA]
Init state.......: Raised
Location.........: C:\Program Files (x86)\Profit\
Source descr.....: Anta Import Client (C)
Time.............: 23-03-2023 10:22:15.910
DLL/EXE file.....: AntaImp
-----------------
Landmark.........: AntaImport.Main.AbortImportOnFileCheck [57EF2C69]
PAR: parTestRun..: False
-----------------
"""


def test_the_sample_is_taken_apart() -> None:
    assert details(SAMPLE) == (
        ("Description", "(Anta Import) Error because the import-file has already been imported."),
        ("Number", "-2147192493 #80047153 [ANTA]"),
        ("Init state", "Raised"),
        ("Location", "C:\\Program Files (x86)\\Profit\\"),
        ("Source descr", "Anta Import Client (C)"),
        ("Time", "23-03-2023 10:22:15.910"),
        ("DLL/EXE file", "AntaImp"),
        ("Landmark", "AntaImport.Main.AbortImportOnFileCheck [57EF2C69]"),
        ("PAR: parTestRun", "False"),
    )


def test_another_number_of_dots_is_taken() -> None:
    assert details("Log reference...: 923A\nA label that is far too long.....: x") == (
        ("Log reference", "923A"),
        ("A label that is far too long", "x"),
    )


def test_a_line_without_a_label_goes_on_with_the_one_above() -> None:
    assert details("Description......: one\n  two\n\nthree") == (("Description", "one\ntwo\nthree"),)


def test_a_first_line_without_a_label_is_kept() -> None:
    assert details("just words") == (("", "just words"),)


def test_nothing_is_nothing() -> None:
    assert details("\r\n-----------------\r\n") == ()
