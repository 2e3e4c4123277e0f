"""An update as a value: records of one UpdateConnector, with their keys, fields, actions and sub-objects.

Sources: profit-wire 3.5 (JSON) and 4.1 (XML), which say the same thing in two spellings; ``updatejson`` and
``updatexml`` read and write them. This is what both are about.
"""

from __future__ import annotations

import copy
import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from afas_soap.errors import Problem, UpdateError
from afas_soap.profit.native import native
from afas_soap.profit.updates.fieldvalue import FieldValue, cleared, fault, field_text

MAX_DEPTH = 6
"""How deep sub-objects may lie, the record itself counted (profit-wire 3.5)."""

_Row = TypeVar("_Row")

# Letters, digits and underscores are all that any code of AFAS has; a custom field is U and 32 hexadecimal digits. An
# attribute xmlns would be no key but a namespace.
_NAME = re.compile(r"(?!xmlns\Z)[A-Za-z_][\w.-]*", re.ASCII)


class Action(enum.StrEnum):
    """What happens to a record or to a row of a sub-object."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True)
class Element:
    """One record, or one row of a sub-object.

    ``keys`` are the attributes of AFAS' Element, without their ``@``; an empty key is none, for Profit hands the number
    out. A field whose value is None, "" or b"" is cleared. The order of the fields and of the objects is kept; objects
    of one name are one, and one without rows is none. Values do not show, for they may be personal. numpy's scalars and
    pandas' ``Timestamp`` become Python's own values (see ``profit.native``). ``action`` may be given as text; raises
    ``UpdateError`` for one that is none.
    """

    fields: Mapping[str, FieldValue] = field(default_factory=dict, repr=False)
    keys: Mapping[str, FieldValue] = field(default_factory=dict, repr=False)
    action: Action = Action.INSERT
    objects: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        fields = {name: native(value) for name, value in self.fields.items()}
        keys = {name: native(key) for name, key in self.keys.items() if not cleared(key)}
        # A text in its place would equal an action and be none: over REST the verb would be another.
        action = _action(self.action)
        values = {"fields": fields, "keys": keys, "action": action, "objects": _gathered(self.objects)}
        for name, value in values.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Part:
    """A sub-object: the rows below one record that have one name."""

    name: str
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Update:
    """What one call sends: one or several records of ``connector``, which Profit takes as one transaction.

    ``root`` is the name of the root element, which the connector's schema tells and its id does not (profit-wire 4.1);
    "" while nobody has told. ``sub_object`` names the sub-object that the call is about, when it is about rows below
    records that are there already: over REST it stands in the address, over SOAP the records have the action update.

    Raises ``UpdateError`` with every problem for a value that neither spelling can carry, a name that is none, and
    sub-objects deeper than six levels.
    """

    connector: str
    root: str
    elements: tuple[Element, ...]
    sub_object: str = ""

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise UpdateError.of(*problems).about(connector=self.connector)

    @property
    def action(self) -> Action | None:
        """What the whole call does; None when its records do not all do the same."""
        inner = (
            row
            for each in self.elements
            for part in each.objects
            if part.name == self.sub_object
            for row in part.elements
        )
        actions = {element.action for element in (inner if self.sub_object else self.elements)}
        return actions.pop() if len(actions) == 1 else None

    def rooted(self, root: str) -> Update:
        """The same update with this root element."""
        problems = list(_name_problem(root, root)) if root else []
        if problems:
            raise UpdateError.of(*problems).about(connector=self.connector)
        return self._changed("root", root)

    def rearranged(self, elements: tuple[Element, ...]) -> Update:
        """The same update with these elements, which have its own names and values in another order or place."""
        return self._changed("elements", elements)

    def _changed(self, name: str, value: object) -> Update:
        """One that is not looked at again: nothing in it is new."""
        changed = copy.copy(self)
        object.__setattr__(changed, name, value)
        return changed

    def check_root(self) -> None:
        """Raise ``UpdateError`` while nobody has told the root element: no spelling can do without."""
        if not self.root:
            raise UpdateError(
                f"The root element of {self.connector} is not known: its schema tells it, and the name does not. Check "
                "the update (ProfitClient.ready), give it as AFAS' JSON or XML, or name it: update.rooted(...)."
            ).about(connector=self.connector)

    def as_text(self) -> Update:
        """The same update with every value as the text it is spelt by, and None for what is cleared: two updates that
        are sent alike are equal so."""
        return replace(self, elements=tuple(map(_element_as_text, self.elements)))


def check_action(update: Update, action: Action) -> None:
    """Raise ``UpdateError`` for records that say they are for something else than ``action``, which was asked for.

    With a sub-object it is about its rows: the records above them are there already, so their action is update. What
    lies deeper is AFAS' own way to change rows of a record, and stays.
    """
    name = update.root or update.connector
    wanted = Action.UPDATE if update.sub_object else action
    for path, element in located(name, update.elements):
        _check_one(update, path, element, wanted, action)
        for part in element.objects if update.sub_object else ():
            if part.name == update.sub_object:
                for inner, row in located(part.name, part.elements, f"{path}/"):
                    _check_one(update, inner, row, action, action)


def _check_one(update: Update, path: str, element: Element, wanted: Action, action: Action) -> None:
    if element.action is not wanted:
        message = (
            f"The payload says {element.action}, and this is afas {action} (ProfitClient.{action}): use what it "
            "says, or take Action out."
        )
        raise UpdateError.of(Problem(path, "action", message)).about(connector=update.connector)


def _action(value: str) -> Action:
    if value not in list(Action):
        raise UpdateError.of(Problem("", "action", "an action is insert, update or delete."))
    return Action(value)


def _gathered(parts: Iterable[Part]) -> tuple[Part, ...]:
    rows: dict[str, list[Element]] = {}
    for part in parts:
        rows.setdefault(part.name, []).extend(part.elements)
    return tuple(Part(name, tuple(elements)) for name, elements in rows.items() if elements)


def _element_as_text(element: Element) -> Element:
    return replace(
        element,
        fields={name: field_text(value) for name, value in element.fields.items()},
        keys={name: field_text(value) for name, value in element.keys.items()},
        objects=tuple(Part(part.name, tuple(map(_element_as_text, part.elements))) for part in element.objects),
    )


def located(name: str, elements: Iterable[Element], before: str = "") -> Iterator[tuple[str, Element]]:
    """Each element with its path: ``KnSubject``, or ``KnSubject[2]`` where there are several."""
    return numbered(f"{before}{name}", elements)


def numbered(path: str, rows: Iterable[_Row]) -> Iterator[tuple[str, _Row]]:
    """Each row with its path, which counts from 1 where there are several."""
    listed = tuple(rows)
    for number, row in enumerate(listed, 1):
        yield f"{path}[{number}]" if len(listed) > 1 else path, row


def _problems(update: Update) -> Iterator[Problem]:
    if not update.elements:
        yield Problem(update.root, "no-record", "there is no record (Element) to send.")
    yield from _name_problem(str(update.connector), update.connector)
    if update.root:
        yield from _name_problem(str(update.root), update.root)
    name = update.root or update.connector
    for path, element in located(name, update.elements):
        yield from _element_problems(path, element, 1)
        if update.sub_object and update.sub_object not in [part.name for part in element.objects]:
            yield Problem(path, "no-sub-object", f"there is no {update.sub_object}, which this call is about.")


def _element_problems(path: str, element: Element, depth: int) -> Iterator[Problem]:
    for mark, values in (("@", element.keys), ("", element.fields)):
        for name, value in values.items():
            yield from _name_problem(f"{path}/{mark}{name}", name)
            found = fault(value)
            if found is not None:
                yield Problem(f"{path}/{mark}{name}", *found)
    for name in ("Action", "action"):
        if name in element.keys:
            yield Problem(f"{path}/@{name}", "name", "the action is no key: give it as the action of the record.")
    for part in element.objects:
        yield from _name_problem(f"{path}/{part.name}", part.name)
        if depth == MAX_DEPTH:
            yield Problem(f"{path}/{part.name}", "depth", f"Profit takes {MAX_DEPTH} levels, and this is one more.")
            continue
        for inner, row in located(part.name, part.elements, f"{path}/"):
            yield from _element_problems(inner, row, depth + 1)


def _name_problem(path: str, name: object) -> Iterator[Problem]:
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        yield Problem(path, "name", "this is no name of AFAS': letters, digits and underscores make one.")
