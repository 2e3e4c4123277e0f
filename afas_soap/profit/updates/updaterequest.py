"""A whole SOAP request of ``AppConnectorUpdate.Execute``, as a log or a tool for SOAP keeps it: the update in it.

Shape: profit-wire 1.2 and 4.1. Its token, or the user and password of the old services, is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from afas_soap.errors import AnswerError, Problem, UpdateError
from afas_soap.profit import xmlsafe
from afas_soap.profit.readers.envelope import SOAP11, SOAP12

_ENVELOPES = (f"{{{SOAP11}}}Envelope", f"{{{SOAP12}}}Envelope")


def payload_in(root: etree._Element, connector: str) -> etree._Element:
    """The root of the ``dataXml`` in a request for ``connector``; of any other document its own root.

    Raises ``UpdateError`` for a SOAP message that is no such request, or one for another connector.
    """
    if root.tag not in _ENVELOPES:
        return root
    execute = next(_children(root, "Body", "Execute"), None)
    data = None if execute is None else next(_children(execute, "dataXml"), None)
    if execute is None or data is None:
        raise _refused("request", "this SOAP message is no request of AppConnectorUpdate.Execute: it has no dataXml.")
    named = next(_children(execute, "connectorType"), None)
    kind = "" if named is None else "".join(map(str, named.itertext())).strip()
    if kind and kind.lower() != connector.lower():
        raise _refused(
            "another-connector",
            f"the request is for the connector {ascii(kind[:100])[1:-1]}, and {connector} is asked for: name that one.",
        )
    if len(data) or not (data.text or "").strip():
        raise _refused("request", "dataXml holds no text: the payload stands in it escaped, or as CDATA.")
    try:
        return xmlsafe.parse(data.text or "")
    except AnswerError as problem:
        failure = _refused("xml", f"{problem.message}.")
    raise failure


def _children(element: etree._Element, *path: str) -> Iterator[etree._Element]:
    """The elements below ``element`` at a path of local names, whatever their namespace."""
    name, *below = path
    for child in element.iterchildren(f"{{*}}{name}"):
        if below:
            yield from _children(child, *below)
        else:
            yield child


def _refused(rule: str, message: str) -> UpdateError:
    return UpdateError.of(Problem("Envelope", rule, message))
