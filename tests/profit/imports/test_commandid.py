"""The id of a remote command."""

from __future__ import annotations

import pytest

from afas_soap.errors import AnswerError, QueryError
from afas_soap.profit.imports.commandid import checked_command_id, command_id_from

ID = "0123456789ABCDEF" * 2


def test_it_is_32_digits_in_capitals() -> None:
    assert command_id_from(f" {ID.lower()}\n") == ID
    assert checked_command_id(f"{ID.lower()} ") == ID


@pytest.mark.parametrize("text", ["", ID[1:], ID + "0", "Z" + ID[1:], f"{ID[:16]}-{ID[16:]}"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(AnswerError, match="no command id"):
        command_id_from(text)
    with pytest.raises(QueryError, match="command_id: give the 32 hexadecimal digits"):
        checked_command_id(text)


def test_an_id_is_a_text() -> None:
    with pytest.raises(QueryError, match="command_id"):
        checked_command_id(12)  # type: ignore[arg-type]
