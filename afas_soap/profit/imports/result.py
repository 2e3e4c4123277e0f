"""The verdict on a remote import: what ``@#$Return.xml`` says, with the log beside it, as a value.

Source: special-connectors 5.3. A good one has not been seen: that its exit code is 0, and that it has no ``Error``, is
inferred.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from afas_soap.errors import AnswerError
from afas_soap.profit.imports.detail import Details, details
from afas_soap.profit.xmlsafe import parse

ALREADY_IMPORTED = -2147192493
"""Profit's number for a file that it has imported before, where the import definition has it look."""

_DONE = 0


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of an import.

    ``exit_code`` is Profit's, 0 for an import that was done. ``number``, ``message`` and ``detail`` are those of its
    error: None, "" and () where there is none; ``detail`` has pairs of a label and a value. ``log`` is the general log
    as it came, with ``\\n`` as line end. ``command_id`` is whose result it is. ``has_error`` is whether there is an
    error at all, which may say nothing.
    """

    exit_code: int
    action: str = ""
    number: int | None = None
    message: str = ""
    detail: Details = ()
    log: str = field(default="", repr=False)
    command_id: str = ""
    has_error: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether Profit says that it was done."""
        return self.exit_code == _DONE and self.number is None and not self.has_error

    @property
    def already_imported(self) -> bool:
        """Whether Profit refused the file because it has imported the same before: nothing was booked twice."""
        return self.number == ALREADY_IMPORTED


def result_from(document: bytes, log: str) -> ImportResult:
    """The result that ``@#$Return.xml`` tells. Raises ``AnswerError`` for what tells none."""
    root = parse(document)
    code = _number(root.get("ExitCode"))
    if root.tag != "CommandLine" or code is None:
        raise AnswerError("the log of this import says nowhere whether it was done: no CommandLine with an ExitCode")
    # In any place and spelling: nothing in which an error stands is a success.
    error = next((one for one in root.iter() if _local(one.tag) == "error"), None)
    if error is None:
        return ImportResult(code, root.get("Action", ""), log=log)
    return ImportResult(
        code,
        root.get("Action", ""),
        _number(error.get("Number")),
        error.get("Des", ""),
        details(error.get("Detail", "")),
        log,
        has_error=True,
    )


def _local(tag: object) -> str:
    # Comments have a function for a tag.
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None
