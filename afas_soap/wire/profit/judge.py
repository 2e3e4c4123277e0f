"""Profit's judge (strategy): what ``wire.http.transport`` is handed to know what an answer of Profit means."""

from __future__ import annotations

from afas_soap.errors import AfasError, AnswerError, ProfitError, UpdateError
from afas_soap.limits import CALL_BYTES
from afas_soap.wire.http.judge import Answered
from afas_soap.wire.http.request import Request
from afas_soap.wire.profit.refusals import passes
from afas_soap.wire.profit.statuses import error_from_status, wrong_content

_MEGABYTE = 2**20


class ProfitJudge:
    """See ``wire.http.judge.Judge``. The tables are in ``statuses``, ``refusals`` and ``fates``."""

    service = "Profit"
    trace_header = "X-Trace-Identifier"

    def check(self, request: Request) -> None:
        """Raise ``UpdateError`` for a call that Profit would not take (413), before it is sent."""
        size = len(request.body or b"")
        most = CALL_BYTES if request.largest is None else request.largest
        if size > most:
            raise UpdateError(
                f"This {request.what} is {size / _MEGABYTE:.1f} MB once it is spelt, and Profit takes "
                f"{most // _MEGABYTE} MB a call: send fewer records, or a smaller file "
                "(in base64 a file grows by a third)."
            ).about(connector=request.connector)

    def error(self, request: Request, answered: Answered, environment: str) -> AfasError:
        """By its status, and what Profit says in its body."""
        return error_from_status(request, answered, environment)

    def wrong_content(self, request: Request, status: int, media: str, beginning: bytes) -> AnswerError | None:
        """Another language than the protocol's, an HTML page above all, or a status that Profit has not for updates."""
        return wrong_content(request, status, media, beginning)

    def passes(self, error: AfasError) -> bool:
        """A journal that another user has open."""
        return isinstance(error, ProfitError) and passes(error)


PROFIT = ProfitJudge()
