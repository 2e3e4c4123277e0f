"""The inventory of an export: the dossier items that a GetConnector gives, and their attachments."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from afas_soap.dossier.asking import Client, Lists
from afas_soap.dossier.layout import Chosen, Item, Layout, subject_column
from afas_soap.dossier.progress import Progress
from afas_soap.errors import QueryError
from afas_soap.profit.documents.content import Attachment
from afas_soap.profit.questions.query import Filter

_LOG = logging.getLogger("afas_soap.dossier")


@dataclass
class Inventory:
    """The dossier items and their attachments, in their order."""

    layout: Layout
    items: list[Item]
    lists: Mapping[int, list[Attachment]] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[Item, Attachment]]:
        """Each attachment with its item."""
        for item in self.items:
            for attachment in self.lists.get(item.subject, ()):
                yield item, attachment


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the rows of ``connector`` that ``where`` lets through are dossier items, and ``chosen`` says
    what their columns are for; ``reactions`` adds the attachments of their reactions."""

    connector: str
    where: tuple[Filter, ...]
    chosen: Chosen
    reactions: bool


def inventory(client: Client, wanted: Wanted, parallel: int, progress: Callable[[Progress], None]) -> Inventory:
    """The items and their attachments, asked. Raises what the client raises, ``QueryError`` for columns that are not
    there, and ``AnswerError`` for a row without a dossier item."""
    found = _items(client, wanted, progress)
    subjects = [item.subject for item in found.items]
    found.lists = Lists(client, reactions=wanted.reactions, parallel=parallel).of(
        subjects, lambda number: progress(Progress("listing", number, len(subjects)))
    )
    return found


def _items(client: Client, wanted: Wanted, progress: Callable[[Progress], None]) -> Inventory:
    """The items, sorted by their number, each once."""
    items: dict[int, Item] = {}
    differing: dict[int, None] = {}
    # By key, for a row that comes or goes meanwhile shifts nothing then.
    with client.rows(wanted.connector, where=wanted.where or None, key=subject_column(wanted.chosen)) as rows:
        records = iter(rows)
        first = next(records, None)
        # An answer over SOAP without rows may tell no columns.
        if not (fields := rows.fields or client.fields(wanted.connector)):
            raise QueryError(f"{wanted.connector} gave neither rows nor columns: there is nothing to export.").about(
                connector=wanted.connector
            )
        layout = Layout.of(fields, wanted.chosen)
        for record in itertools.chain(() if first is None else (first,), records):
            item = layout.item(record)
            if items.setdefault(item.subject, item) != item:
                differing[item.subject] = None
            progress(Progress("reading", len(items)))
    if differing:
        _LOG.warning(
            "%s: %d dossier items stand on several rows that differ, such as %d: of each the first row counts",
            *(wanted.connector, len(differing), next(iter(differing))),
        )
    return Inventory(layout, list(items.values()))
