"""Records in: a write goes to the books, once for each ``Tracking-Identifier``. Source: small-business.md 3.

That an identifier which is no UUID is refused, and another request under one that was used, is inferred (3.2).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from werkzeug import Request, Response

from afas_soap.emulator.sb.answers import answered, bad, spelt
from afas_soap.emulator.sb.books.answers import Outcome
from afas_soap.emulator.sb.environment import CustomerEnvironment
from afas_soap.emulator.sb.idempotency import IdentifierReusedError
from afas_soap.emulator.sb.reading import content_version
from afas_soap.sb.operation import Operation


def written(
    environment: CustomerEnvironment, operation: Operation, request: Request, pause: Callable[[], None]
) -> Response:
    """The answer to a write; ``pause`` is done before it is worked off. Raises ``SbRefusedError``."""
    # All of it, before anything is looked up: a body that broke off is no request.
    content = request.get_data()

    def work() -> Outcome:
        pause()
        return environment.books.apply(operation, content)

    identifier = request.headers.get("Tracking-Identifier", "").strip()
    outcome = _once(environment, identifier, f"{operation.title}\n".encode() + content, work) if identifier else work()
    return answered(spelt(outcome.content), outcome.status, version=content_version(operation))


def _once(environment: CustomerEnvironment, identifier: str, asked: bytes, work: Callable[[], Outcome]) -> Outcome:
    try:
        uuid.UUID(identifier)
    except ValueError:
        identifier = ""
    if not identifier:
        raise bad("Tracking-Identifier is geen uuid.")
    try:
        return environment.memory.once(identifier, asked, work)
    except IdentifierReusedError:
        pass
    raise bad("Tracking-Identifier is al gebruikt voor een ander verzoek.")
