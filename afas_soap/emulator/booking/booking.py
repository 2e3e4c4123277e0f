"""One call of an UpdateConnector as one transaction: validated, booked, and answered with the keys.

That several records of one call are all or nothing is what REST documents, and inferred for SOAP (profit-wire 4.3).
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from afas_soap.emulator.booking.context import Choice, Context
from afas_soap.emulator.booking.definition import Definition, Definitions
from afas_soap.emulator.booking.merging import change, has
from afas_soap.emulator.booking.numbering import Numbers, family_of
from afas_soap.emulator.booking.records import Document, Records, Row, key_of
from afas_soap.emulator.booking.results import hand_out, results_of
from afas_soap.emulator.booking.rules import references
from afas_soap.emulator.booking.rules.registry import rule_of
from afas_soap.emulator.booking.seeds import Seeds
from afas_soap.emulator.booking.validation import Validated, addressed, complete, of_field, validated
from afas_soap.emulator.booking.views.definitions import owner_of, seed_view
from afas_soap.emulator.refusals import (
    DOES_NOT_EXIST,
    DUPLICATE,
    MANDATORY,
    NO_SUCH_ACTION,
    NO_SUCH_RECORD,
    SEVERAL_RECORDS,
    Refused,
)
from afas_soap.errors import SettingsError
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Element, Update


class Books:
    """Works off updates, one call after the other. Safe for several threads."""

    def __init__(self, definitions: Definitions, records: Records, seeds: Seeds) -> None:
        self._definitions = definitions
        self._records = records
        self._seeds = seeds
        self._numbers = Numbers(records, seeds)
        self._lock = threading.Lock()

    def book(self, update: Update) -> Receipt:
        """Work off one call. Raises ``Refused``, after which nothing of it is kept."""
        with self._lock, self._records.transaction():
            entry = self._entry(update.connector)
            if update.root != entry.definition.shape.name:
                # What is said of another root is inferred from what is said of another connector (profit-wire 4.1).
                raise Refused(DOES_NOT_EXIST, name=update.root)
            keys = [entry.work(element) for element in update.elements]
        return Receipt(tuple(key for key in keys if key))

    def remember(self, connector: str, keys: Mapping[str, str]) -> None:
        """Lay down a bare record with these keys, as if it had been inserted long ago."""
        with self._lock, self._records.transaction():
            entry = self._entry(connector)
            entry.keep(Document(connector, Row(dict(keys))))

    @contextlib.contextmanager
    def records(self) -> Iterator[Records]:
        """What is booked, while no call is worked off. ``SettingsError`` when it cannot be read."""
        with self._lock:
            try:
                yield self._records
            except sqlite3.Error as error:
                problem = SettingsError(f"The emulator cannot read what it booked: {error}.")
            else:
                return
        raise problem

    def _entry(self, connector: str) -> _Entry:
        if connector not in self._definitions:
            raise Refused(DOES_NOT_EXIST, name=connector)
        return _Entry(Context(self._definitions[connector], self._records, self._seeds, self._numbers))


class _Entry:
    """One connector inside one call."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.definition: Definition = context.definition
        self._rule = rule_of(context.definition.connector)
        self._family = family_of(context.definition.connector)

    def work(self, element: Element) -> Mapping[str, str]:
        """Work off one record, and give the keys that are told."""
        record = validated(element, self.definition.shape, strict=self.definition.strict)
        choice = self._rule.choose(self._context, record) if self._rule.choose is not None else None
        if choice is None:
            choice = Choice(record.action, self._own_keys(record))
        if record.action is Action.DELETE:
            choice = Choice(Action.DELETE, self._own_keys(record))
        if not self._takes(choice.action, record):
            raise Refused(NO_SUCH_ACTION, name=choice.action.value)
        if self.definition.strict:
            addressed(record, self.definition.shape)
            complete(record, self.definition.shape, choice.action)
            references.check(self._context, record)
        return _WORKS[choice.action](self, record, choice)

    def _takes(self, action: Action, record: Validated) -> bool:
        """Whether the connector takes this action.

        Rows below a record may be inserted or removed alone where the record cannot be changed: FiEntries have no PUT,
        and a DELETE of lines (profit-wire 3.1 and 13).
        """
        verbs = self.definition.verbs
        if {action, record.action} & verbs:
            return True
        alone = bool(set(record.parts) & set(self.definition.sub_objects))
        return action is Action.UPDATE and (alone or (Action.DELETE in verbs and bool(_removed(record))))

    def keep(self, document: Document) -> None:
        """Lay a document down under its key."""
        key = [document.row.text(code) for code in self.definition.keys]
        for code, text in zip(self.definition.keys, key, strict=True):
            self._context.numbers.seen(document.connector, code, text)
        whole = bool(key) and all(key)
        self._context.records.save(
            document, family=self._family, key=key_of(key) if whole else None, marks=self._rule.marks
        )

    def insert(self, record: Validated, choice: Choice) -> Mapping[str, str]:
        """Make the record. Raises ``Refused`` when there is one with its key."""
        there = self._there(choice.keys) if self._whole(choice.keys) else None
        if there is not None and (self.definition.strict or not there.seeded):
            raise Refused(DUPLICATE, filled={"field": ",".join(self.definition.keys)})
        # The numbers in AFAS' OpenAPI files are of another environment: what the seed has by chance is written over.
        document = there or Document(self.definition.connector, Row())
        document.connector = self.definition.connector
        change(document.row, replace(record, values={**record.values, **choice.keys}), self.definition.shape)
        return self._settled(document)

    def update(self, record: Validated, choice: Choice) -> Mapping[str, str]:
        """Change the record. Raises ``Refused`` when there is none."""
        document = self._meant(record, choice)
        change(document.row, replace(record, values={**record.values, **choice.keys}), self.definition.shape)
        told = self._settled(document)
        # The REST call for it answers without a body (profit-wire 3.6): over SOAP nothing is told either (inferred).
        only_removed = record.parts and len(_removed(record)) == sum(map(len, record.parts.values()))
        return {} if only_removed else told

    def delete(self, record: Validated, choice: Choice) -> Mapping[str, str]:
        """Remove the record, which tells no keys. Raises ``Refused`` when there is none."""
        document = self._meant(record, choice)
        document.gone = True
        self.keep(document)
        return {}

    def _settled(self, document: Document) -> Mapping[str, str]:
        if self._rule.settle is not None:
            self._rule.settle(self._context, document)
        hand_out(self._context, document)
        self.keep(document)
        return results_of(self._context, document)

    def _own_keys(self, record: Validated) -> Mapping[str, str]:
        return {code: text for code in self.definition.keys if (text := record.values.get(code))}

    def _whole(self, keys: Mapping[str, str]) -> bool:
        return bool(keys) and len(keys) == len(self.definition.keys)

    def _meant(self, record: Validated, choice: Choice) -> Document:
        """The record that an update or a removal is about. Raises ``Refused`` when it is not there."""
        if self._whole(choice.keys):
            document = self._there(choice.keys)
            # Organisations and persons share their numbers.
            if document is None or document.connector != self.definition.connector:
                raise self._missing()
            return document
        removed = _removed(record)
        if not choice.keys and not removed:
            self._check_nameable()
            if choice.action is Action.UPDATE:
                # Nothing tells which record is meant: it stands for itself.
                return Document(self.definition.connector, Row())
        wanted = self._wanted(record, choice)
        found = [each for each in self._context.records.of(self.definition.connector) if has(each.row, wanted)]
        for name, line in removed:
            found = [each for each in found if any(has(row, line) for row in each.row.parts.get(name, []))]
        if len(found) > 1:
            raise Refused(SEVERAL_RECORDS, name=self.definition.shape.name)
        if not found:
            raise self._missing()
        return found[0]

    def _check_nameable(self) -> None:
        """Raise ``Refused`` where a record has a key that a call can name: an entry's number stands on its lines."""
        shape = self.definition.shape
        rule = next(({**shape.keys, **shape.fields}.get(code) for code in self.definition.keys), None)
        if rule is not None and self.definition.strict:
            raise of_field(MANDATORY, rule)

    def _wanted(self, record: Validated, choice: Choice) -> Mapping[str, str]:
        """What a record is looked up by without its whole key: part of it; or all that was sent, where nothing of that
        can be meant as a change."""
        if choice.keys and choice.action is Action.UPDATE and Action.UPDATE in self.definition.verbs:
            return choice.keys
        return {code: text for code, text in record.values.items() if text}

    def _there(self, keys: Mapping[str, str]) -> Document | None:
        """The record with this whole key, whether it was sent or the seed shows it."""
        document = self._context.records.by_key(self._family, key_of(keys[code] for code in self.definition.keys))
        if document is not None:
            return None if document.gone else document
        view = seed_view(self.definition.connector)
        if view is None or set(view.keys.values()) != set(keys):
            return None
        rows = self._context.seeds.rows(view.connector, {column: keys[code] for column, code in view.keys.items()})
        if not rows:
            return None
        document = Document(owner_of(rows[0], view), Row(dict(keys)), seeded=True)
        for column, source in view.columns.items():
            code = source.partition("|")[0]
            if code in self.definition.results and code not in keys and rows[0].get(column) is not None:
                document.row.handed[code] = str(rows[0][column])
        if self._rule.adopt is not None:
            self._rule.adopt(self._context, document)
        return document

    def _missing(self) -> Refused:
        return Refused(NO_SUCH_RECORD, name=self.definition.shape.name)


def _removed(record: Validated) -> list[tuple[str, Mapping[str, str]]]:
    """The rows right below a record that are to be removed, by what they are known by."""
    return [
        (name, {code: text for code, text in row.values.items() if text})
        for name, rows in record.parts.items()
        for row in rows
        if row.action is Action.DELETE
    ]


_WORKS: Mapping[Action, Callable[[_Entry, Validated, Choice], Mapping[str, str]]] = {
    Action.INSERT: _Entry.insert,
    Action.UPDATE: _Entry.update,
    Action.DELETE: _Entry.delete,
}
