"""SOAP faults: how Profit says no over SOAP (profit-wire 7).

A refusal comes as HTTP 500 with a Fault, and may come with HTTP 200. The namespace of the children of ``detail`` is
unknown, so everything is found by its local name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from afas_soap.errors import AnswerError, ProfitError
from afas_soap.profit import xmlsafe

# "Log reference...: 923A…", the number of dots is not known.
_LOG_REFERENCE = re.compile(r"Log reference\s*\.*\s*:\s*([0-9A-Fa-f]{32})\b")
_WHOLE_NUMBER = re.compile(r"\s*(-?[0-9]{1,18})\s*")


@dataclass(frozen=True, slots=True)
class Fault:
    """``code`` as sent (``soap:Server``), Profit's ``message`` and ``number``, and the 32 hex digits AFAS asks for.

    ``text`` is all of it, detail included. ``is_profits`` is whether it has the whole of Profit's own detail, with its
    number, and is all that the body holds: any other fault may be that of ASP.NET or of a gateway, which says nothing
    about what Profit did, and one beside a result contradicts it.
    """

    code: str
    message: str
    number: int | None = None
    log_reference: str | None = None
    text: str = field(default="", compare=False, repr=False)
    is_profits: bool = field(default=False, compare=False)

    def error(self) -> ProfitError:
        """The exception this fault is."""
        return ProfitError(self.message, number=self.number, log_reference=self.log_reference)


def read_fault(data: bytes) -> Fault | None:
    """The Fault in a SOAP 1.1 or 1.2 answer, or None when there is none or the data cannot be read."""
    try:
        return fault_in(xmlsafe.parse(data))
    except AnswerError:
        return None


def fault_in(root: etree._Element) -> Fault | None:
    """The first Fault at or below ``root``, whatever its namespace."""
    fault = root if _local(root) == "Fault" else _find(root, "Fault")
    if fault is None:
        return None
    profit = _find(fault, "ProfitApplicationException")
    message = _text(profit, "Message") or _text(fault, "faultstring") or _text(_find(fault, "Reason"), "Text")
    number = _WHOLE_NUMBER.fullmatch(_text(profit, "ErrorNumber"))
    reference = _LOG_REFERENCE.search(_text(profit, "Detail"))
    return Fault(
        code=_text(fault, "faultcode") or _text(_find(fault, "Code"), "Value"),
        message=message or "Profit refused without saying why",
        number=int(number[1]) if number else None,
        log_reference=reference[1].upper() if reference else None,
        text=" ".join(map(str, fault.itertext())),
        is_profits=number is not None and _is_whole_body(fault),
    )


def _is_whole_body(fault: etree._Element) -> bool:
    body = fault.getparent()
    return body is not None and _local(body) == "Body" and all(_local(each) == "" for each in body if each is not fault)


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _find(element: etree._Element, name: str) -> etree._Element | None:
    return next((found for found in element.iterdescendants() if _local(found) == name), None)


def _text(element: etree._Element | None, name: str) -> str:
    """The text of the first descendant of that name, without the white space around it."""
    found = None if element is None else _find(element, name)
    return "" if found is None else "".join(map(str, found.itertext())).strip()
