"""What a program wants to write: checked against its schema, rooted, put in the schema's order, and sent once.

The check is never taken for Profit's: what it finds keeps an update from being sent, what it does not find Profit may
still refuse.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Problem,
    TransportError,
    UpdateError,
    Weight,
)
from afas_soap.limits import CALL_RECORDS
from afas_soap.profit.schemas.ordering import ordered
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.schemas.updateschema import UpdateSchema
from afas_soap.profit.updates.update import Action, Update
from afas_soap.writing.schemacache import Kept, Source

_LOG = logging.getLogger("afas_soap.updates")

_LINES = "FiEntries"

Judge = Callable[..., tuple[Problem, ...]]
"""``profit.schemas.schema.check``, which is loaded only where something is checked."""


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

    ``profit`` gives the XSD of a connector as Profit tells it over the protocol that is spoken; ``metainfo`` over SOAP
    the one made of REST's metainfo, which tells more, None where it cannot be asked. ``judge`` loads the check.
    """

    def __init__(self, profit: Source, judge: Callable[[], Judge], *, metainfo: Source | None = None) -> None:
        self._profit = profit
        self._judge = functools.cache(judge)
        self._metainfo = metainfo
        self._kept: dict[str, Kept] = {}
        self._read: dict[str, UpdateSchema] = {}
        self._whole: dict[str, UpdateSchema] = {}
        self._beside: dict[str, _Beside] = {}

    def kept(self, connector: str, *, refresh: bool = False) -> Kept:
        """The XSD of a connector with its age: from this object, from the disk, or asked now."""
        if refresh or connector not in self._kept:
            self._kept[connector] = self._found(connector, refresh=refresh)
            # They go together: what metainfo tells is asked anew as well, once it is wanted.
            self._beside.pop(connector, None)
            self._whole.pop(connector, None)
        return self._kept[connector]

    def fetched(self, connector: str, *, refresh: bool = False) -> Kept:
        """The same, with what metainfo tells beside it: whoever has both asks nothing more before an update."""
        kept = self.kept(connector, refresh=refresh)
        self._told_beside(connector)
        return kept

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

        When a kept schema finds errors, Profit is asked for the present one before anybody is told. Where it does not
        tell which fields are mandatory, nor anybody else, that is logged.
        """
        problems, schema = self._judged(update, checking)
        new = any(element.action is Action.INSERT for element in update.elements)
        if new and checking.schema is None and not schema.tells_mandatory:
            reason = self._beside[update.connector].reason
            _LOG.warning("%s: which fields are mandatory is not known here: %s", update.connector, reason)
        return problems

    def ready(self, update: Update, checking: Checking = CHECKED) -> Update:
        """``update`` as it may be sent: checked as ``approve`` does, and ``arranged``."""
        self.approve(update, checking)
        return self.arranged(update, checking)

    def approve(self, update: Update, checking: Checking = CHECKED) -> None:
        """Raise ``UpdateError`` with every error (and doubt) when there is an error; doubts alone are logged.

        An update that is not to be checked needs its root at least.
        """
        if not checking.on:
            _rooted(update, checking.schema)
            return
        _warn_of_many(update)
        problems, _ = self._judged(update, checking)
        if any(problem.weight is Weight.ERROR for problem in problems):
            raise UpdateError.of(*problems).about(connector=update.connector)
        for problem in problems:
            _LOG.warning("%s", problem)

    def arranged(self, update: Update, checking: Checking = CHECKED) -> Update:
        """``update`` with its root and in its schema's order, without a look at its values."""
        if not checking.on:
            return _rooted(update, checking.schema)
        schema = checking.schema or self.schema(update.connector)
        return ordered(_rooted(update, schema), schema)

    def _judged(self, update: Update, checking: Checking) -> tuple[tuple[Problem, ...], UpdateSchema]:
        check = self._judge()
        if checking.schema is not None:
            return check(update, checking.schema, strict=checking.strict), checking.schema
        schema = self._complete(update.connector, refresh=checking.refresh)
        problems = check(update, schema, strict=checking.strict)
        if self.kept(update.connector).from_disk and any(problem.weight is Weight.ERROR for problem in problems):
            # Perhaps a field was added since: nobody is to be refused by what was true yesterday.
            schema = self._complete(update.connector, refresh=True)
            problems = check(update, schema, strict=checking.strict)
        return problems, schema

    def _complete(self, connector: str, *, refresh: bool) -> UpdateSchema:
        """The schema with what metainfo tells beside it, where it does not tell that itself."""
        schema = self.schema(connector, refresh=refresh)
        if connector not in self._whole:
            told = self._told_beside(connector).schema
            self._whole[connector] = schema if told is None or schema.tells_mandatory else schema.told_by(told)
        return self._whole[connector]

    def _told_beside(self, connector: str) -> _Beside:
        if connector not in self._beside:
            self._beside[connector] = self._asked_beside(connector, refresh=not self._kept[connector].from_disk)
        return self._beside[connector]

    def _asked_beside(self, connector: str, *, refresh: bool) -> _Beside:
        """What metainfo tells; nothing, with the reason, where it cannot be asked: no update is held back for that."""
        if self._metainfo is None:
            return _Beside(reason=_NOBODY)
        try:
            kept = self._metainfo.find(connector, refresh=refresh)
            return _Beside(schema_from_xsd(kept.text, connector)) if kept.text else _Beside(reason=_AWAY)
        except TransportError as error:
            # A command that runs each minute is not to wait for it each time.
            self._metainfo.keep(connector, "")
            return _Beside(reason=error.message)
        except AfasError as error:
            return _Beside(reason=error.message)

    def _found(self, connector: str, *, refresh: bool) -> Kept:
        try:
            return self._profit.find(connector, refresh=refresh)
        except AccessDenied as error:
            error.message += _REMEDY
            error.args = (error.message,)
            raise


@dataclass(frozen=True, slots=True)
class _Beside:
    """The schema that metainfo makes of a connector; or None, and why."""

    schema: UpdateSchema | None = None
    reason: str = ""


_NOBODY = "SOAP does not tell. REST's metainfo does, where its address is set (rest_url)."
_AWAY = "REST's metainfo could not be reached less than a day ago. With --refresh it is asked again."
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
        if count > CALL_RECORDS:
            _LOG.warning(
                "%s: %d %s in one call, and AFAS advises at most some %d: one call is one transaction, which Profit "
                "keeps or drops as a whole",
                update.connector,
                count,
                f"lines of {name}" if name else "records",
                CALL_RECORDS,
            )


def _counts(update: Update) -> Iterator[tuple[str, int]]:
    yield "", len(update.elements)
    for element in update.elements:
        yield from ((part.name, len(part.elements)) for part in element.objects if part.name == _LINES)
