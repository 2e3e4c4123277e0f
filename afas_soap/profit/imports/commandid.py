"""The id of a remote command (correlation id): 32 hexadecimal digits, in capitals as Profit gives them."""

from __future__ import annotations

import re

from afas_soap.errors import AnswerError, QueryError

_ID = re.compile(r"[0-9A-F]{32}")


def command_id_from(result: str) -> str:
    """The id that ``Execute`` answered. Raises ``AnswerError`` for what is none."""
    text = result.strip().upper()
    if not _ID.fullmatch(text):
        raise AnswerError("the answer to Execute is no command id of 32 hexadecimal digits")
    return text


def checked_command_id(text: str) -> str:
    """``text`` in capitals. Raises ``QueryError`` when it is no command id."""
    if not isinstance(text, str) or not _ID.fullmatch(text.strip().upper()):
        raise QueryError("command_id: give the 32 hexadecimal digits that an import was given when it was sent.")
    return text.strip().upper()
