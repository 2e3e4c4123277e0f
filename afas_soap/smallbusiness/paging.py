"""Offset pagination (skip and take) of SB, sorted, with an anchor: each page begins with the row that ended the last.

SB documents no keyset and no snapshot, and a row that somebody inserts or deletes meanwhile moves all that stand behind
it. So a page is asked for with one row more, the last one of the page before, its anchor. Where another row stands in
its place, the anchor is looked for in the page and around there, and the read goes on behind it: with a unique key each
row that was there from the beginning to the end is given once. Without one rows may be lost or doubled, which is told.

The greatest take is not documented (small-business.md 2), and an answer does not say that it was cut short. So fewer
rows than were asked for are the end only when one more call says that nothing follows; until then the pages become as
small as SB makes them.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from afas_soap.errors import AfasError, AnswerError, CutOff, TransportError
from afas_soap.profit.rows import Batch
from afas_soap.smallbusiness.question import PAGE, Read
from afas_soap.wire.http.network_errors import Silence

# One call, with its skip and take: the batches of its rows.
Ask = Callable[[int, int], AbstractContextManager[Iterator[Batch]]]

LOOK = 50
"""How many rows are looked at for an anchor at least."""
AGAIN = 3
"""How often in a row a page may be cut off, or the anchor looked for, without a row gained."""

_LOG = logging.getLogger("afas_soap.rows")


def _latest(marks: Iterable[object] = ()) -> deque[object]:
    """What the latest rows are known by: of a page of any size no more than an anchor needs."""
    return deque(marks, maxlen=PAGE)


@dataclass(slots=True)
class _Page:
    """One call: what was asked for and what came. ``anchored`` is whether the anchor is among its rows, ``moved`` how
    many stood before that, ``fresh`` how many behind it, and ``marks`` what the latest of those are known by. ``cut``
    is what ended the answer before its end."""

    want: int
    overlap: int
    got: int = 0
    fresh: int = 0
    moved: int = 0
    anchored: bool = False
    marks: deque[object] = field(default_factory=_latest)
    cut: AfasError | None = None

    @property
    def surplus(self) -> bool:
        return self.got > self.want + self.overlap


def _received(page: _Page, batches: Iterator[Batch]) -> Iterator[Batch]:
    """``batches``, whose break ends them and is kept. Not one in which no byte came for long: SB may be working still,
    and the next would take as long."""
    try:
        yield from batches
    except Silence:
        raise
    except (CutOff, TransportError) as error:
        page.cut = error


class Pages:
    """One read: asks page after page, and sees that they belong together."""

    def __init__(self, ask: Ask, read: Read) -> None:
        self._ask = ask
        self._read = read
        self._size = read.page_size
        # Where the next row stands, how many were given, and what the latest of them are known by.
        self._at = read.skip
        self._given = 0
        self._marks = _latest()
        self._in_vain = 0
        self._again = False
        # Whether a row stands behind the only one so far; None before that was looked at.
        self._follows: bool | None = None
        self._ended = False
        self._told: set[str] = set()

    def batches(self) -> Generator[Batch]:
        """Every row."""
        while not self._ended:
            yield from self._page()

    def _page(self) -> Generator[Batch]:
        left = None if self._read.take is None else self._read.take - self._given
        overlap = 1 if self._marks else 0
        page = _Page(self._size if left is None else min(self._size, left), overlap, anchored=not overlap)
        given = 0
        with self._ask(self._at - page.overlap, page.want + page.overlap) as batches:
            for batch in self._fresh(page, _received(page, batches)):
                part = batch if left is None else batch[: left - given]
                given += len(part)
                if part:
                    yield part
        self._close(page, given)

    def _fresh(self, page: _Page, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The rows of a page behind its anchor; none of one that has it not."""
        marks = self._read.order.marks
        for batch in batches:
            # Before the rows are given away: they belong to whoever gets them, who may change them.
            found = marks(batch)
            behind = 0 if page.anchored else self._behind_anchor(page, found)
            page.got += len(batch)
            page.fresh += len(found) - behind
            page.marks += found[behind:]
            if page.surplus and (page.overlap or self._at):
                raise AnswerError(
                    f"SB gave more rows than the {page.want + page.overlap:,} that were asked for, so pages cannot be "
                    "told apart."
                )
            yield batch[behind:] if behind else batch

    def _behind_anchor(self, page: _Page, found: list[object]) -> int:
        """Where the rows behind the anchor begin, among these of a page that had it not yet: mostly it is the first."""
        if self._marks[-1] not in found:
            return len(found)
        at = found.index(self._marks[-1])
        page.anchored, page.moved = True, page.got + at
        return at + 1

    def _close(self, page: _Page, given: int) -> None:
        """Go on behind a page that ended, or that was cut off."""
        again = self._is_all_again(page)
        if page.moved and not again:
            self._tell_moved()
        self._given += given
        self._at += page.moved
        if given:
            self._in_vain = 0
            if page.overlap:
                self._tell_order()
            self._tell_double(page)
            self._at += page.fresh
            self._marks += page.marks
        if page.cut is not None:
            self._count(page.cut)
            _LOG.info("going on behind %d rows: %s", self._given, page.cut)
        elif not page.anchored:
            self._find()
        elif page.moved and not page.fresh and not (again and self._again):
            # Rows that were inserted fill the page, perhaps.
            self._count(self._lost())
        else:
            self._see_end(page)
        self._again = again

    def _is_all_again(self, page: _Page) -> bool:
        """Whether an answer holds the rows that were given and no other, wherever it was to begin, as that of a
        connector that knows no skip does. Rows inserted in front may look the same once, but hardly twice."""
        return page.moved > 0 and not page.fresh and page.got == self._given and page.got <= page.want

    def _see_end(self, page: _Page) -> None:
        if (self._read.take is not None and self._given >= self._read.take) or page.surplus:
            self._ended = True
        elif self._given == 1 and self._follows is None:
            self._look_behind()
        elif not page.fresh:
            self._ended = True
            if self._given == 1 and self._follows:
                raise AnswerError(
                    "SB gives one row at a time, however many are asked for: no pages can be made of them."
                )
        elif page.overlap and page.fresh < page.want:
            # By a limit, or by the end: the next call tells. After the first page it is mostly the end.
            self._size = max(1, page.got - 1)

    def _look_behind(self) -> None:
        """After one row: with its anchor, a page of a limit of one would look like the end."""
        page = _Page(1, 0)
        with self._ask(self._at, page.want) as batches:
            found = [mark for batch in _received(page, batches) for mark in self._read.order.marks(batch)]
        if page.cut is not None:
            # The next page comes here again.
            self._count(page.cut)
            return
        self._follows = bool(found) and found[0] != self._marks[-1]
        self._ended = not found

    # -- rows that moved ----------------------------------------------------------------------------------------------

    def _find(self) -> None:
        """Look for the latest row given that is still there, around where it stood, to go on behind it."""
        self._count(self._lost())
        self._tell_moved()
        look = max(self._size, LOOK) + 1
        begin = max(0, self._at - 1 - min(look, PAGE) // 2)
        seen = self._looked_at(begin, look)
        if seen is None:
            return
        known = {mark: number for number, mark in enumerate(self._marks)}
        found = [known.get(mark, -1) for mark in seen]
        latest = max(found, default=-1)
        if latest < 0:
            raise self._lost()
        at = begin + found.index(latest) + 1
        _LOG.info("%s: row %d moved to %d while it was read", self._read.operation.connector, self._at, at)
        self._at, self._marks = at, _latest([*self._marks][: latest + 1])

    def _looked_at(self, begin: int, look: int) -> list[object] | None:
        """What ``look`` rows are known by, or those up to the latest that was given; None for an answer that was cut
        off, or rows that moved meanwhile. A limit may make several calls of it, which hang together as pages do."""
        seen: list[object] = []
        while len(seen) < look and self._marks[-1] not in seen:
            overlap = 1 if seen else 0
            page = _Page(look - len(seen), overlap)
            with self._ask(begin + len(seen) - overlap, page.want + overlap) as batches:
                found = [mark for batch in _received(page, batches) for mark in self._read.order.marks(batch)]
            if page.cut is not None or found[:overlap] != seen[-overlap:][:overlap]:
                return None
            if len(found) == overlap:
                break
            seen += found[overlap:]
        return seen

    def _lost(self) -> AnswerError:
        return AnswerError(
            f"The rows of {self._read.operation.connector} changed so much while they were read that the place where "
            f"row {self._given:,} stood is not found again: read again from the start."
        )

    def _count(self, error: AfasError) -> None:
        """Raise ``error`` when nothing was gained too often."""
        self._in_vain += 1
        if self._in_vain > AGAIN:
            raise error

    # -- what is told -------------------------------------------------------------------------------------------------

    def _tell_order(self) -> None:
        order = self._read.order
        if order.exact:
            return
        why = "is not sorted by its key" if order.key else "has no column that AFAS calls unique"
        self._tell(
            "order",
            f"it {why}, so its pages are sorted by {order.column}, and rows that are equal in it may be lost or "
            "doubled where a page ends. One page that holds all of it (page_size) has no such place.",
        )

    def _tell_moved(self) -> None:
        if not self._read.order.exact:
            self._tell(
                "moved",
                f"where a page ended another row stands now, and rows that are equal in {self._read.order.column} come "
                "in any order: rows may be lost or doubled. Read again, or sort by a column that is unique.",
            )

    def _tell_double(self, page: _Page) -> None:
        if self._read.order.key and not set(self._marks).isdisjoint(page.marks):
            self._tell("double", f"rows with the same {', '.join(self._read.order.key)} came on two pages.")

    def _tell(self, what: str, message: str) -> None:
        """Once for each read."""
        if what not in self._told:
            self._told.add(what)
            _LOG.warning("%s: %s", self._read.operation.connector, message)
