"""What a program wants to write: checked against its schema, rooted, put in the schema's order, and sent once.

The check is never taken for Profit's: what it finds keeps an update from being sent, what it does not find Profit may
still refuse.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from afas_soap.cache import Kept, Schemas, now
from afas_soap.errors import AccessDenied, AnswerError, Problem, SettingsError, UpdateError, Weight
from afas_soap.profit.ordering import ordered
from afas_soap.profit.schemaxsd import schema_from_xsd
from afas_soap.profit.update import Update
from afas_soap.profit.updateschema import UpdateSchema

_LOG = logging.getLogger("afas_soap.updates")

MANY = 1000
"""More records or lines in one call than AFAS advises (profit-wire 4.5)."""

_LINES = "FiEntries"

Judge = Callable[..., tuple[Problem, ...]]
"""``profit.schema.check``, which is loaded only where something is checked."""


@dataclass(frozen=True, slots=True)
class Checking:
    """How an update is checked: ``on`` false not at all, ``strict`` with every doubt as an error.

    ``schema`` takes the place of Profit's own; ``refresh`` asks Profit for it although one is kept.
    """

    on: bool = True
    strict: bool = False
    schema: UpdateSchema | None = None
    refresh: bool = False


CHECKED = Checking()


class Writing:
    """The schemas of one environment, and updates made ready by them.

    ``schemas`` are those on disk, None where none are kept; ``ask`` gives the XSD of a connector as Profit tells it,
    ``judge`` loads the check.
    """

    def __init__(self, schemas: Schemas | None, ask: Callable[[str], str], judge: Callable[[], Judge]) -> None:
        self._schemas = schemas
        self._ask = ask
        self._judge = judge
        self._kept: dict[str, Kept] = {}
        self._read: dict[str, UpdateSchema] = {}

    def kept(self, connector: str, *, refresh: bool = False) -> Kept:
        """The XSD of a connector with its age: from this object, from the disk, or asked now."""
        if refresh or connector not in self._kept:
            self._kept[connector] = self._found(connector, refresh=refresh)
        return self._kept[connector]

    def schema(self, connector: str, *, refresh: bool = False) -> UpdateSchema:
        """The schema of a connector, as ``kept``."""
        kept = self.kept(connector, refresh=refresh)
        known = self._read.get(connector)
        if known is None or known.text != kept.text:
            try:
                known = schema_from_xsd(kept.text, connector)
            except AnswerError:
                if not kept.from_disk:
                    raise
                # What cannot be read is not kept for a day: perhaps Profit gives a better one now.
                return self.schema(connector, refresh=True)
            self._read[connector] = known
        return known

    def problems(self, update: Update, checking: Checking = CHECKED) -> tuple[Problem, ...]:
        """Everything that is wrong with ``update``, errors first.

        When a kept schema finds errors, Profit is asked for the present one before anybody is told.
        """
        return self._judged(update, checking)[0]

    def ready(self, update: Update, checking: Checking = CHECKED) -> Update:
        """``update`` as it may be sent: with its root, and in its schema's order.

        Raises ``UpdateError`` with every error (and doubt) when there is an error; doubts alone are logged.
        """
        if not checking.on:
            return _rooted(update, checking.schema)
        _warn_of_many(update)
        problems, schema = self._judged(update, checking)
        if any(problem.weight is Weight.ERROR for problem in problems):
            raise UpdateError.of(*problems).about(connector=update.connector)
        for problem in problems:
            _LOG.warning("%s", problem)
        return ordered(_rooted(update, schema), schema)

    def _judged(self, update: Update, checking: Checking) -> tuple[tuple[Problem, ...], UpdateSchema]:
        check = self._judge()
        if checking.schema is not None:
            return check(update, checking.schema, strict=checking.strict), checking.schema
        schema = self.schema(update.connector, refresh=checking.refresh)
        problems = check(update, schema, strict=checking.strict)
        if self.kept(update.connector).from_disk and any(problem.weight is Weight.ERROR for problem in problems):
            # Perhaps a field was added since: nobody is to be refused by what was true yesterday.
            schema = self.schema(update.connector, refresh=True)
            problems = check(update, schema, strict=checking.strict)
        return problems, schema

    def _found(self, connector: str, *, refresh: bool) -> Kept:
        if self._schemas is None:
            return Kept(self._asked(connector), now(), from_disk=False)
        return self._schemas.find(connector, lambda: self._asked(connector), refresh=refresh)

    def _asked(self, connector: str) -> str:
        try:
            return self._ask(connector)
        except AccessDenied as error:
            error.message += _REMEDY
            error.args = (error.message,)
            raise


_REMEDY = (
    " This was the question for its schema, for which the app connector needs GetXMLSchema over SOAP. With a schema of "
    "your own, or unchecked, an update does without."
)


def _rooted(update: Update, schema: UpdateSchema | None) -> Update:
    rooted = update if update.root or schema is None else update.rooted(schema.root.name)
    rooted.check_root()
    return rooted


def _warn_of_many(update: Update) -> None:
    for name, count in _counts(update):
        if count > MANY:
            _LOG.warning(
                "%s: %d %s in one call, and AFAS advises at most some %d: one call is one transaction, which Profit "
                "keeps or drops as a whole",
                update.connector,
                count,
                f"lines of {name}" if name else "records",
                MANY,
            )


def _counts(update: Update) -> Iterator[tuple[str, int]]:
    yield "", len(update.elements)
    for element in update.elements:
        yield from ((part.name, len(part.elements)) for part in element.objects if part.name == _LINES)


def check_writable(*, embedded: bool, chosen: bool) -> None:
    """Raise ``SettingsError`` where an update would go to the embedded Profit and nobody chose that."""
    if embedded and not chosen:
        raise SettingsError(
            "Nothing is configured, and an update is never booked in the embedded Profit by accident. Configure your "
            "environment, or ask for the embedded Profit by name: --emulator, profile emulator, or "
            "connect(embedded=True)."
        )
