"""What became of a write at SB: by what its answer says, and never by the status alone.

Source: small-business.md 0 and 3. An outcome counts only where it is shown in SB's own form; everything else is
*uncertain*, as for Profit (``wire.profit.fates``), although a call that carries its identifier may be repeated here.

- *Not sent*: 401, 403 and 404 in SB's form, without a result: it looked at who asks, or at the address, and no further.
- *Refused*: ``Failed`` that kept nothing, and a body that SB's schema refuses (400 with ``Message``).
- *Stored*: ``PartiallySucceeded``, and ``Failed`` that kept an entry in error, with whichever status; and a text that
  says so in whichever form.
- *Done*: 200 with ``Succeeded`` (``wire.sb.calls``).
"""

from __future__ import annotations

from afas_soap.errors import AccessDenied, AfasError, Fate, NotFound, SBError, TransportError
from afas_soap.sb.errorbody import is_own
from afas_soap.wire.http.judge import Answered
from afas_soap.wire.http.link import shown
from afas_soap.wire.http.request import Request

_REFUSES = 400
_FAULTS = 500


def of_write(error: AfasError, request: Request, answered: Answered) -> AfasError:
    """``error``, for which an answer that is no success stands, with what became of the write."""
    if not answered.ended:
        return TransportError(f"The answer of {shown(request.url)} broke off half-way.", sent=True)
    return error.of_write(_fate(error, answered))


def _fate(error: AfasError, answered: Answered) -> Fate:
    if error.fate is Fate.STORED:
        return Fate.STORED
    if not isinstance(error, (SBError, AccessDenied, NotFound)) or not is_own(answered.body):
        return Fate.UNCERTAIN
    if answered.status >= _FAULTS or (isinstance(error, SBError) and not error.result and answered.status != _REFUSES):
        # A fault of SB's own: how far it had come, nobody says.
        return Fate.UNCERTAIN
    return error.outcome
