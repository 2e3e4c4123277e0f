"""What Profit gives back for an update: the keys of the records, the same over SOAP and REST.

Sources: profit-wire 3.6 and 4.2, and the 201 examples of AFAS' OpenAPI files, some of which leave ``results`` out. The
element below it is sometimes the connector's id and sometimes the root (FiEntries and FiEntryPar): its name counts for
nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from afas_soap.errors import AnswerError, Fate, ProfitError
from afas_soap.profit import xmlsafe
from afas_soap.profit.readers.errorbody import error_from_json
from afas_soap.profit.updates.receiptform import ReceiptForm

_RESULTS = "results"


class _Keys(tuple[Mapping[str, str], ...]):
    """The tuple that ``Receipt.keys`` is. ``dict(receipt)`` calls it: what has ``keys`` is a mapping to Python."""

    __slots__ = ()

    def __call__(self) -> Iterable[str]:
        return _one_of(self)


@dataclass(frozen=True, slots=True)
class Receipt:
    """``keys`` holds the key fields of each record that Profit told, as text; most connectors tell none.

    Of one record its keys are read from the receipt itself, as from a dict: ``receipt["SbId"]``, ``"SbId" in receipt``,
    ``dict(receipt)``. No record has no keys; of several each of these raises ``KeyError``, for ``keys`` has a dict of
    each. A receipt counts as true whatever Profit told. ``trace_id`` is what AFAS asks for when something is to be
    looked up.
    """

    keys: tuple[Mapping[str, str], ...] = ()
    trace_id: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", _Keys(self.keys))

    def only(self) -> dict[str, str]:
        """The keys of the one record; ``KeyError`` when Profit told those of none or of several."""
        if not self.keys:
            raise KeyError("Profit told no keys, as for most connectors: receipt.keys is empty; look the record up")
        return dict(_one_of(self.keys))

    def __getitem__(self, name: str) -> str:
        """A key of the one record, such as ``receipt["SbId"]``; ``KeyError`` when Profit did not tell it."""
        keys = self.only()
        if name not in keys:
            raise KeyError(f"{name}: Profit told {', '.join(keys) or 'no keys'} of the record")
        return keys[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_one_of(self.keys))

    def __contains__(self, name: object) -> bool:
        return name in _one_of(self.keys)

    if not TYPE_CHECKING:  # pragma: no branch - whoever checks types hears it from there

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(
                f"a receipt has no {name!r}: receipt.only() gives the keys of its one record as a dict"
            )


def _one_of(keys: tuple[Mapping[str, str], ...]) -> Mapping[str, str]:
    """Those of the one record, or of none."""
    if len(keys) > 1:
        raise KeyError(f"Profit told the keys of {len(keys)} records: receipt.keys has a dict of each")
    return keys[0] if keys else {}


def receipt_from_json(data: bytes, trace_id: str | None = None, form: ReceiptForm | None = None) -> Receipt:
    """The receipt in a REST answer, which may be empty; ``AnswerError`` when it is none.

    With ``form`` it has to prove that this update was booked: an empty answer does so only where no keys are
    documented, and what is no receipt at all, such as ``null``, never. ``ProfitError`` for an error body, which says no
    although its status says yes: what became of the update is uncertain then.
    """
    if not data.strip():
        if form is not None and (form.keys or data):
            # White space is a body as well, and none of AFAS'.
            raise form.missing()
        return Receipt((), trace_id)
    document = _parsed(data)
    if form is not None:
        _check_no_error(data)
    if isinstance(document, dict) and set(document) == {_RESULTS}:
        document = document[_RESULTS]
    if form is None and document in ({}, "", None):
        return Receipt((), trace_id)
    if not isinstance(document, dict) or not document:
        raise AnswerError("the receipt holds something else where the keys are expected")
    records = [
        (name, _keys(record))
        for name, value in document.items()
        for record in (value if isinstance(value, list) else [value])
    ]
    if form is not None:
        form.check(records or [("", {})])
    return Receipt(tuple(keys for _, keys in records), trace_id)


def _check_no_error(data: bytes) -> None:
    error = error_from_json(data)
    if error is not None and error.message:
        raise ProfitError(error.message, number=error.number, log_reference=error.log_reference).of_write(
            Fate.UNCERTAIN
        )


def _parsed(data: bytes) -> object:
    try:
        document: object = json.loads(data.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        failure = AnswerError("the receipt is not the JSON that REST answers with")
    else:
        return document
    raise failure


def _keys(record: object) -> Mapping[str, str]:
    if not isinstance(record, dict) or not all(isinstance(value, str | None) for value in record.values()):
        raise AnswerError("the receipt holds something else where the keys of a record are expected")
    return {name: value or "" for name, value in record.items()}


def receipt_from_xml(result: str, trace_id: str | None = None, form: ReceiptForm | None = None) -> Receipt:
    """The receipt in the text of ``ExecuteResult``, which may be empty; ``AnswerError`` when it is none.

    With ``form`` what is not empty has to be the receipt of this update. An empty one proves enough: it stands inside
    the answer of this operation, and most connectors tell nothing over SOAP (profit-wire 4.2).
    """
    if not result.strip():
        return Receipt((), trace_id)
    root = xmlsafe.parse(result.strip())
    if root.tag != _RESULTS:
        raise AnswerError("the receipt is not the XML that an update is answered with (results)")
    records = [
        (str(record.tag), {str(key.tag): key.text or "" for key in record if isinstance(key.tag, str)})
        for record in root
        if isinstance(record.tag, str)
    ]
    if form is not None:
        form.check(records or [("", {})])
    return Receipt(tuple(keys for _, keys in records), trace_id)


def receipt_to_json(receipt: Receipt, name: str) -> dict[str, object]:
    """The document of a REST answer: an object for one record, an array for several."""
    keys = [dict(record) for record in receipt.keys]
    return {_RESULTS: {name: keys[0] if len(keys) == 1 else keys}}


def receipt_to_xml(receipt: Receipt, name: str) -> Iterator[str]:
    """The text of ``ExecuteResult`` as recorded: a document of its own with a line end behind; nothing for no keys."""
    if not receipt.keys:
        return
    yield '<?xml version="1.0"?>\n<results>'
    for record in receipt.keys:
        inside = "".join(f"<{key}>{_escaped(value)}</{key}>" for key, value in record.items())
        yield f"<{name}>{inside}</{name}>"
    yield "</results>\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
