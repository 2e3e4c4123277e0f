"""What became of a write at Profit, which has no idempotency keys: only one that was not sent may be sent again.

The rule is positive: an outcome counts only where it is shown, and everything else is *uncertain*.

- *Not sent*: no byte of it left, or an answer that only AFAS gives for a call that was not begun: its bare 400, 401,
  403, 404 and 413, its whole 503, an OAuth refusal in OAuth's words.
- *Refused*: Profit's whole form in the protocol's own language, unless it says that somebody gave up waiting.
- *Done*: 200 or 201 with a body that fits (``profit.updates.receiptform``).

Gateways, caches and firewalls answer in Profit's place, with any status, also behind a Profit that has worked: a page,
a ``message`` in JSON or a ``Retry-After`` of theirs proves nothing. Sources: profit-wire 2.6, 3.6 and 7.
"""

from __future__ import annotations

from afas_soap.errors import Fate
from afas_soap.gaveup import gave_up
from afas_soap.profit.readers.errorbody import error_from_json
from afas_soap.profit.readers.faults import Fault, read_fault
from afas_soap.wire.http.judge import Answered
from afas_soap.wire.http.request import Accepts, Request

# AFAS gives these without a body, as application/xml of length 0 (profit-wire 3.6).
_BARE = (400, 401, 403, 404, 413)
_AWAY = 503
# These come from whatever stands in front of Profit, also with a body that passed through.
_GATEWAYS = (429, 502, 503, 504)


def is_bare(answered: Answered) -> bool:
    """Whether it is AFAS' own answer without a body. Others leave the type away, or have one of their own."""
    return answered.status in _BARE and answered.ended and not answered.body and answered.media == "application/xml"


def fate_of_answer(request: Request, answered: Answered) -> Fate:
    """What an answer that is no success says of a write."""
    if is_bare(answered):
        return Fate.NOT_SENT
    if answered.status == _AWAY:
        body = error_from_json(answered.body) if "json" in answered.media else None
        return Fate.NOT_SENT if body is not None and body.is_whole_absence else Fate.UNCERTAIN
    if answered.status in _GATEWAYS:
        return Fate.UNCERTAIN
    refused = _refused_over_soap(answered) if request.accepts is Accepts.XML else _refused_over_rest(answered)
    return Fate.REFUSED if refused else Fate.UNCERTAIN


def _refused_over_soap(answered: Answered) -> bool:
    fault = read_fault(answered.body)
    return fault is not None and fate_of_fault(fault) is Fate.REFUSED


def _refused_over_rest(answered: Answered) -> bool:
    if "json" not in answered.media:
        return False
    body = error_from_json(answered.body)
    if body is None:
        return False
    if answered.status == 400:
        # The only one whose words are known: the request could not be read, so nothing was begun (profit-wire 3.6).
        return body.is_unread
    if answered.status != 500:
        return False
    return body.is_whole_refusal and not gave_up(body.message)


def fate_of_fault(fault: Fault) -> Fate:
    """What a fault says of a write: no, where it is Profit's own and says nowhere that somebody gave up."""
    return Fate.REFUSED if fault.is_profits and not gave_up(fault.text) else Fate.UNCERTAIN
