"""GetData as .NET programs call it: the SOAP operation with its own arguments, and its result text."""

from __future__ import annotations

from collections.abc import Iterator

from afas_soap.calls import Calls, checked_name
from afas_soap.errors import AnswerError
from afas_soap.profit.connectors.capabilities import GetData


def pieces(calls: Calls, call: GetData) -> Iterator[bytes]:
    """The result text as UTF-8 in pieces, asked for with the first one."""
    with calls.call(call.operation, call.connector):
        checked_name(call.connector)
        yield from calls.reads("get_data").get_data(call)


def text(calls: Calls, call: GetData) -> str:
    """The whole result text. Raises ``AnswerError`` when it is not UTF-8."""
    try:
        return b"".join(pieces(calls, call)).decode()
    except UnicodeDecodeError:
        error = AnswerError("The result is not UTF-8.")
    raise error.about(operation=call.operation, connector=call.connector, environment=calls.environment or None)
