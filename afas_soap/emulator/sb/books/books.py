"""A write as one transaction: checked, booked by what its connector does, and answered.

Nothing of a write that fails stays, but for an entry that is kept in error (small-business.md 0).
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable

from afas_soap.emulator.sb.books import views
from afas_soap.emulator.sb.books.answers import Done, FailedError, Outcome, failed, refused, succeeded
from afas_soap.emulator.sb.books.desk import Desk
from afas_soap.emulator.sb.books.ledger import Ledger
from afas_soap.emulator.sb.books.register import Register
from afas_soap.emulator.sb.books.writers import WRITERS
from afas_soap.emulator.sb.seed import samples
from afas_soap.emulator.sb.tables import Row, Tables, guid_of
from afas_soap.emulator.sb.validation.schemacheck import SchemaError, checked
from afas_soap.sb.operation import Operation


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Books:
    """The books of one customer environment, over its ``tables``, in which it makes its own tables and its views.

    ``failed`` is the status of a result that failed: 400 in 8.0, 200 in 6.0. One done in part is a 400 in both.
    ``knows_blob`` says whether there is a blob of an id; those of AFAS' examples are known without it. Safe for several
    threads.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        failed: int = 400,
        now: Callable[[], datetime.datetime] = _now,
        knows_blob: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._tables = tables
        self._failed = failed
        self.register = Register(tables)
        self.ledger = Ledger(tables, self.register, now)
        self._desk = Desk(tables, self.register, self.ledger, lambda key: key in samples.ATTACHMENTS or knows_blob(key))
        self._traces = itertools.count(1)
        views.make(tables)

    def apply(self, operation: Operation, content: bytes) -> Outcome:
        """What became of a write with this body."""
        trace = guid_of("trace", next(self._traces))
        try:
            body = checked(operation, content)
        except SchemaError as error:
            return refused(operation, str(error), trace)
        try:
            done = self._booked(operation, body)
        except FailedError as error:
            return Outcome(self._failed, failed(error.errors, trace))
        return Outcome(400 if done.errors else 200, succeeded(operation, done, trace))

    def _booked(self, operation: Operation, body: Row) -> Done:
        """Raises ``FailedError``: with what it kept behind the transaction, otherwise through it, which undoes all."""
        write = WRITERS[operation.connector, operation.verb]
        with self._tables.transaction():
            try:
                return write(self._desk, operation, body)
            except FailedError as error:
                if not error.kept:
                    raise
                kept = error
        raise kept
