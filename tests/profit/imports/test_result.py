"""The verdict on an import, out of ``@#$Return.xml`` (special-connectors 5.3)."""

from __future__ import annotations

import pytest

from afas_soap.errors import AnswerError
from afas_soap.profit.imports.result import ImportResult, result_from

REFUSED = (
    b'<CommandLine Version="1" Action="IMPORT" ExitCode="1"><Error Number="-2147192493" Des="Already \xc3\xa9" '
    b'Detail="Description......: Already&#xA;Source...........: AntaImp"/></CommandLine>'
)


def test_a_refusal_says_why() -> None:
    result = result_from(REFUSED, "log")
    assert result == ImportResult(
        1,
        "IMPORT",
        -2147192493,
        "Already é",
        (("Description", "Already"), ("Source", "AntaImp")),
        "log",
        has_error=True,
    )
    assert not result.succeeded
    assert result.already_imported


def test_one_without_an_error_is_done() -> None:
    result = result_from(b'<CommandLine Version="1" Action="IMPORT" ExitCode="0"/>', "")
    assert result.succeeded
    assert not result.already_imported


@pytest.mark.parametrize(
    "document",
    [
        b'<CommandLine Version="1" Action="IMPORT" ExitCode="1"/>',
        b'<CommandLine ExitCode="0"><Error Number="-1" Des="no"/></CommandLine>',
        b'<CommandLine ExitCode="0"><Error Number="" Des="mislukt"/></CommandLine>',
        b'<CommandLine ExitCode="0"><Error Number="0" Des=""/></CommandLine>',
        b'<CommandLine ExitCode="0"><Error/></CommandLine>',
        b'<CommandLine ExitCode="0"><error/></CommandLine>',
        b'<CommandLine ExitCode="0"><e:Error xmlns:e="urn:x"/></CommandLine>',
        b'<CommandLine ExitCode="0"><Errors><Error/></Errors></CommandLine>',
    ],
)
def test_a_code_or_an_error_is_no_success(document: bytes) -> None:
    assert not result_from(document, "").succeeded


def test_what_is_no_error_is_passed_over() -> None:
    assert result_from(b'<CommandLine ExitCode="0"><!-- error --><Other/></CommandLine>', "").succeeded


def test_an_error_without_a_number_has_its_words() -> None:
    result = result_from(b'<CommandLine ExitCode="1"><Error Number="x" Des="no"/></CommandLine>', "")
    assert (result.number, result.message, result.detail) == (None, "no", ())


@pytest.mark.parametrize("document", [b"<Other ExitCode='0'/>", b"<CommandLine/>", b"<CommandLine ExitCode='ok'/>"])
def test_what_tells_no_verdict_is_an_error(document: bytes) -> None:
    with pytest.raises(AnswerError, match="says nowhere whether it was done"):
        result_from(document, "")


def test_a_log_may_hold_personal_data_and_does_not_show() -> None:
    assert "Jansen" not in repr(ImportResult(0, log="Jansen"))
