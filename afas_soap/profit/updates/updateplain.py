"""An update out of plain data: a dict a record, as a program writes it.

``{"@SbId": 1957, "Ds": "Offerte", "KnSubjectLink": [{"ToBC": True, "BcId": "1000372"}]}``: a name with ``@`` is a key,
``@Action`` the action, a dict or a list of dicts a sub-object, and all else the value of a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from afas_soap.errors import Problem, UpdateError
from afas_soap.profit.updates.update import MAX_DEPTH, Action, Element, Part, Update, numbered

ACTION = "@Action"
"""How the action is called; AFAS' examples have it in small letters as well (profit-wire 3.5)."""

_SMALL = ACTION.lower()

Plain = Mapping[str, object]
"""One record: see the head of this module."""


def update_from_plain(
    connector: str,
    records: Plain | Element | Iterable[Plain | Element],
    *,
    action: Action = Action.INSERT,
    root: str = "",
    sub_object: str = "",
) -> Update:
    """The update that these records are; ``action`` holds where a record or row names none of its own.

    With ``sub_object`` it holds for the rows of that name, and the records themselves are there already: their action
    is update. Raises ``UpdateError`` with every problem.
    """
    reader = _Reader(Actions(action, sub_object))
    elements = reader.records(root or connector, records)
    if reader.problems:
        raise UpdateError.of(*reader.problems).about(connector=connector)
    return Update(connector, root, elements, sub_object)


class Actions:
    """Which action holds where none stands: ``of_records`` for the records, ``below`` for the rows of a sub-object.

    A row does what the record above it does (inferred: AFAS says only that the verb decides), except below the
    sub-object that a call is about.
    """

    def __init__(self, action: Action, sub_object: str = "") -> None:
        self.of_records = Action.UPDATE if sub_object else action
        self._action = action
        self._sub_object = sub_object

    def below(self, part: str, above: Action, *, depth: int) -> Action:
        """The action of the rows of ``part`` below a record at ``depth`` (1 for the records themselves)."""
        return self._action if depth == 1 and part == self._sub_object else above


def action_of(value: object, path: str, problems: list[Problem]) -> Action | None:
    """The action that stands there, in any case."""
    try:
        return Action(str(value).strip().lower())
    except ValueError:
        problems.append(Problem(path, "action", "an action is insert, update or delete."))
        return None


def one_action(stated: Iterable[tuple[str, object]], path: str, problems: list[Problem]) -> Action | None:
    """The action that a record states, in one place or more; None where it states none."""
    found = {action_of(value, f"{path}/{name}", problems) for name, value in stated} - {None}
    if len(found) > 1:
        problems.append(
            Problem(f"{path}/{ACTION}", "action", "two different actions stand here: leave one of them out.")
        )
    return next(iter(found), None)


class _Reader:
    """Reads plain records; what is wrong gathers in ``problems``."""

    def __init__(self, actions: Actions) -> None:
        self.problems: list[Problem] = []
        self._actions = actions

    def records(self, name: str, records: object) -> tuple[Element, ...]:
        rows = [records] if isinstance(records, Mapping | Element) else records
        if isinstance(rows, str | bytes) or not isinstance(rows, Iterable):
            self.problems.append(Problem(name, "record", "a record is a dict of fields, or a list of such dicts."))
            return ()
        return self._rows(rows, name, self._actions.of_records, 1)

    def _rows(self, rows: Iterable[object], path: str, action: Action, depth: int) -> tuple[Element, ...]:
        return tuple(self._element(row, place, action, depth) for place, row in numbered(path, rows))

    def _element(self, record: object, path: str, action: Action, depth: int) -> Element:
        if isinstance(record, Element):
            return record
        if not isinstance(record, Mapping):
            self.problems.append(Problem(path, "record", "a record is a dict of fields."))
            return Element()
        stated = [(name, value) for name, value in record.items() if is_action(name)]
        action = one_action(stated, path, self.problems) or action
        values = {name: value for name, value in record.items() if not is_rows(value) and not is_action(name)}
        keys = {name[1:]: values.pop(name) for name in list(values) if isinstance(name, str) and name.startswith("@")}
        return Element(values, keys, action, self._objects(record, path, action, depth))

    def _objects(self, record: Plain, path: str, above: Action, depth: int) -> tuple[Part, ...]:
        if depth > MAX_DEPTH:  # one level too many already, which Update tells: do not follow a dict that holds itself
            return ()
        return tuple(
            self._object(name, value, f"{path}/{name}", self._actions.below(name, above, depth=depth), depth + 1)
            for name, value in record.items()
            if is_rows(value) and not is_action(name)
        )

    def _object(self, name: str, value: object, path: str, action: Action, depth: int) -> Part:
        rows = value if isinstance(value, Sequence) else [value]
        return Part(name, self._rows(rows, path, action, depth))


def is_action(name: object) -> bool:
    """Whether this is the name of an action, in any case: what is none would go out as a key that says ``delete``."""
    return isinstance(name, str) and name.startswith("@") and name.lower() == _SMALL


def is_rows(value: object) -> bool:
    """Whether a value is the rows of a sub-object: a record, or a list of records."""
    if value is None or isinstance(value, str | int | Decimal):  # most are, and it is asked of each
        return False
    if isinstance(value, Mapping | Element):
        return True
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str | bytes | bytearray | memoryview)
        and all(isinstance(row, Mapping | Element) for row in value)
    )
