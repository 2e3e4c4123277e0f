"""An update out of plain data: a dict a record, as a program writes it.

``{"@SbId": 1957, "Ds": "Offerte", "KnSubjectLink": [{"ToBC": True, "BcId": "1000372"}]}``: a name with ``@`` is a key,
``@Action`` the action, a dict or a list of dicts a sub-object, and all else the value of a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from afas_soap.errors import Problem, UpdateError
from afas_soap.profit.fieldvalue import FieldValue
from afas_soap.profit.update import Action, Element, Part, Update

ACTION = "@Action"

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
    problems: list[Problem] = []
    name = root or connector
    elements = _elements(name, records, Actions(action, sub_object), problems)
    if problems:
        raise UpdateError.of(*problems).about(connector=connector)
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


def _elements(name: str, records: object, actions: Actions, problems: list[Problem]) -> tuple[Element, ...]:
    rows = [records] if isinstance(records, Mapping | Element) else records
    if isinstance(rows, str | bytes) or not isinstance(rows, Iterable):
        problems.append(Problem(name, "record", "a record is a dict of fields, or a list of such dicts."))
        return ()
    listed = list(rows)
    return tuple(
        _element(f"{name}[{number}]" if len(listed) > 1 else name, row, actions, actions.of_records, 1, problems)
        for number, row in enumerate(listed, 1)
    )


def _element(
    path: str, record: object, actions: Actions, action: Action, depth: int, problems: list[Problem]
) -> Element:
    if isinstance(record, Element):
        return record
    if not isinstance(record, Mapping):
        problems.append(Problem(path, "record", "a record is a dict of fields."))
        return Element()
    if ACTION in record:
        action = action_of(record[ACTION], f"{path}/{ACTION}", problems) or action
    fields: dict[str, FieldValue] = {}
    keys: dict[str, FieldValue] = {}
    parts: list[Part] = []
    for name, value in record.items():
        if name == ACTION:
            continue
        if is_rows(value):
            rows = [value] if isinstance(value, Mapping | Element) else value
            below = actions.below(name, action, depth=depth)
            inner = tuple(
                _element(
                    f"{path}/{name}{f'[{number}]' if len(rows) > 1 else ''}", row, actions, below, depth + 1, problems
                )
                for number, row in enumerate(rows, 1)
            )
            parts += [Part(name, inner)] if inner else []
        elif isinstance(name, str) and name.startswith("@"):
            keys[name[1:]] = value
        else:
            fields[name] = value
    return Element(fields, keys, action, tuple(parts))


def is_rows(value: object) -> bool:
    """Whether a value is the rows of a sub-object: a record, or a list of records."""
    if isinstance(value, Mapping | Element):
        return True
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str | bytes)
        and all(isinstance(row, Mapping | Element) for row in value)
    )
