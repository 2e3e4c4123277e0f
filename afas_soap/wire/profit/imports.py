"""Remote import over SOAP (cmdconnector): a command with its archive, sent in pieces, and a log that comes once.

Source: special-connectors 5. ``Execute`` and ``GetState`` are both calls that must not happen twice: the one would
import again, the other's answer is gone when it was given. So both are writes to the transport, which repeats one only
when it certainly was not sent.
"""

from __future__ import annotations

import binascii
import dataclasses
from collections.abc import Iterator
from typing import BinaryIO

from afas_soap.errors import AfasError, AnswerError, NotOffered
from afas_soap.limits import IMPORT_BYTES
from afas_soap.profit.connectors.capabilities import Kept
from afas_soap.profit.documents.xmlcontent import soap_content
from afas_soap.profit.imports.commandid import command_id_from
from afas_soap.profit.imports.commandline import Command
from afas_soap.profit.readers.envelope import execute_result
from afas_soap.profit.readers.faults import read_fault
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.request import Request
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.fates import fate_of_fault
from afas_soap.wire.profit.soapcalls import Parameters, SoapCalls

_SERVICE = "AppConnectorCmd"
# What to do when nobody knows what became of a call.
_REMEDIES = {
    "Execute": (
        "The import was sent, and whether Profit took it is not known: look in Profit. If it did not arrive, as behind "
        "a wrong address, send it once more with again=True, for the journal holds it back."
    ),
    "GetState": "The log may have been in that answer.",
}
# The element must be there, and its text is not looked at: AFAS' own samples have this one (special-connectors 0).
_TOKEN = "nit"  # noqa: S105 - no secret
# Stands in the envelope where the archive is to stand.
_MARK = "attachement-archive-goes-here"
_GROUP = 3
_PIECE = 64 * 1024 * _GROUP
_TO_THE_END = 2
# The archive in base64, and what stands around it.
_LARGEST = IMPORT_BYTES // _GROUP * 4 + 2**20


class SoapImports:
    """``Imports`` over SOAP ``1.1`` or ``1.2``."""

    def __init__(self, transport: Transport, *, soap_version: str = "1.1") -> None:
        # The token always goes in the header: the one in the body is not looked at.
        self._calls = SoapCalls(transport, soap_version=soap_version)
        self._transport = transport

    def execute(self, command: Command, archive: BinaryIO) -> str:
        """``Execute``."""
        parameters = {"token": _TOKEN, "commandLine": command.line, "attachementArchive": _MARK}
        request = self._request("Execute", parameters)
        head, _, tail = request.whole_body.partition(_MARK.encode())
        body = EnvelopeWithFile(head, archive, tail)
        return self._transport.write(dataclasses.replace(request, body=body), self._command_id)

    def import_log(self, command_id: str, kept: Kept) -> bytes:
        """``GetState``."""
        request = self._request("GetState", {"token": _TOKEN, "commandId": command_id})
        return self._transport.write(request, lambda answer: self._log(answer, kept))

    def _request(self, operation: str, parameters: Parameters) -> Request:
        request = self._calls.request(_SERVICE, operation, None, parameters)
        return dataclasses.replace(request, read=False, largest=_LARGEST, what="import", remedy=_REMEDIES[operation])

    def _command_id(self, answer: Answer) -> str:
        data = answer.whole(self._transport.link.max_document)
        self._check_fault(data, answer)
        return command_id_from(execute_result(data))

    def _log(self, answer: Answer, kept: Kept) -> bytes:
        data, largest = bytearray(), self._transport.link.max_document
        for chunk in answer.chunks():
            kept.write(chunk)
            if len(data) <= largest:
                data += chunk
        kept.settle()
        self._check_fault(bytes(data), answer)
        if len(data) > largest:
            raise AnswerError(f"The log of this import is longer than {largest:,} bytes: it was kept, and is not read.")
        return b"".join(soap_content([bytes(data)], "GetState"))

    def _check_fault(self, data: bytes, answer: Answer) -> None:
        fault = read_fault(data)
        if fault is not None:
            error: AfasError = self._calls.refused(fault.error(), None, answer, read=False)
            raise error.of_write(fate_of_fault(fault))


class EnvelopeWithFile:
    """An envelope with a file in it as base64: its length, and its pieces, which are made while they are sent."""

    def __init__(self, head: bytes, file: BinaryIO, tail: bytes) -> None:
        self._head = head
        self._file = file
        self._tail = tail
        size = file.seek(0, _TO_THE_END)
        self._length = len(head) + (size + _GROUP - 1) // _GROUP * 4 + len(tail)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield binascii.b2a_base64(piece, newline=False)
        yield self._tail


class RestImports:
    """``Imports`` over REST, which has none: AFAS says so in words."""

    def execute(self, command: Command, archive: BinaryIO) -> str:
        """Not offered."""
        raise _not_offered()

    def import_log(self, command_id: str, kept: Kept) -> bytes:
        """Not offered."""
        raise _not_offered()


def _not_offered() -> NotOffered:
    return NotOffered("REST has no remote import; SOAP has.", offered_by="soap")
