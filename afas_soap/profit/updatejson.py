"""An update as AFAS' JSON, and back (profit-wire 3.5).

Every shape that AFAS' own examples have is read: ``Element`` an object or an array, ``Objects`` an object, an array,
``""`` or null, ``Fields`` an object, an array of one or ``""``, the action in ``Fields`` or on ``Element`` as
``@Action`` or ``@action``, a sub-object null or an array of ``{"Element": ...}``. One shape is written: that of AFAS'
guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NoReturn

from afas_soap.errors import Problem, UpdateError
from afas_soap.profit.fieldvalue import FieldValue, field_text
from afas_soap.profit.update import Action, Element, Part, Update
from afas_soap.profit.updateplain import Actions, action_of, update_from_plain

_ACTIONS = ("@Action", "@action")
_BOM = b"\xef\xbb\xbf"


def update_from_json(
    data: bytes | str, connector: str, *, action: Action = Action.INSERT, sub_object: str = ""
) -> Update:
    """The update that a JSON body holds: AFAS' own form, or one plain record (see ``updateplain``), which has no root.

    ``action`` holds where none stands; see ``update_from_plain`` for it and for ``sub_object``. Raises ``UpdateError``,
    before any value is kept, for what is no JSON in UTF-8, and with every problem for shapes that are none of AFAS'.
    """
    document = _parsed(data, connector)
    if isinstance(document, _Object) and is_afas_json(document):
        return _Reader(connector, Actions(action, sub_object)).update(document, sub_object)
    problems: list[Problem] = []
    plain = _plain(document, connector, problems)
    if problems:
        raise UpdateError.of(*problems).about(connector=connector)
    return update_from_plain(connector, plain, action=action, sub_object=sub_object)  # type: ignore[arg-type]


def update_to_json(update: Update) -> bytes:
    """The body of a REST call, as UTF-8 on one line. ``@Action`` stands in ``Fields`` where it is not the verb's own.

    Decimals and dates are text, as in nearly all of AFAS' examples; a cleared field is ``""``. ``update`` must have its
    root.
    """
    assert update.root, "the root comes from the schema or from the payload"
    return json.dumps(_body(update), ensure_ascii=False, separators=(",", ":")).encode()


class _Object(list[tuple[str, object]]):
    """A JSON object as the pairs that stand in it, so that a name that stands there twice is seen."""


def is_afas_json(document: _Object) -> bool:
    """Whether it has one member, which has an ``Element``: no plain record has that."""
    if len(document) != 1:
        return False
    inner = document[0][1]
    rows = inner if type(inner) is list else [inner]
    return any(isinstance(row, _Object) and any(name == "Element" for name, _ in row) for row in rows)


def _parsed(data: bytes | str, connector: str) -> object:
    def refuse(_name: str) -> NoReturn:
        raise _NotANumber

    try:
        text = data.removeprefix(_BOM).decode() if isinstance(data, bytes) else data.removeprefix("\ufeff")
        document: object = json.loads(text, object_pairs_hook=_Object, parse_float=Decimal, parse_constant=refuse)
    except _NotANumber:
        failure = ("not-a-number", "NaN and Infinity are no JSON, and no values of Profit's.")
    except UnicodeDecodeError as problem:
        failure = ("encoding", f"JSON is UTF-8, and byte {problem.start + 1} is not: save it as UTF-8.")
    except json.JSONDecodeError as problem:
        failure = ("json", f"this is no JSON (line {problem.lineno}, column {problem.colno}).")
    except (ValueError, RecursionError):
        failure = ("json", "this JSON is nested too deeply, or holds a number of thousands of digits.")
    else:
        return document
    raise UpdateError.of(Problem("", *failure)).about(connector=connector)


class _NotANumber(Exception):  # noqa: N818 - it ends the reading of one text
    """``NaN`` or ``Infinity`` stands in the JSON."""


def _plain(document: object, path: str, problems: list[Problem]) -> object:
    """The same with dicts for objects, once no name stands in one twice."""
    if isinstance(document, _Object):
        _check_twice(document, path, problems)
        return {name: _plain(value, f"{path}/{name}", problems) for name, value in document}
    if type(document) is list:
        return [_plain(value, f"{path}[{number}]", problems) for number, value in enumerate(document, 1)]
    return document


def _check_twice(document: _Object, path: str, problems: list[Problem]) -> None:
    seen: set[str] = set()
    for name, _ in document:
        if name in seen:
            problems.append(Problem(f"{path}/{name}", "twice", "this name stands here twice: leave one of them out."))
        seen.add(name)


class _Reader:
    """Reads one document; what is wrong gathers in ``problems``."""

    def __init__(self, connector: str, actions: Actions) -> None:
        self._connector = connector
        self._actions = actions
        self._problems: list[Problem] = []

    def update(self, document: _Object, sub_object: str) -> Update:
        root, node = document[0]
        elements = self._part(root, node, root, self._actions.of_records, 1)
        if self._problems:
            raise UpdateError.of(*self._problems).about(connector=self._connector)
        return Update(self._connector, root, elements, sub_object)

    def _part(self, name: str, node: object, path: str, action: Action, depth: int) -> tuple[Element, ...]:
        """The rows of one object, whichever of its shapes it has."""
        nodes = node if type(node) is list else [node]
        rows = [row for each in nodes for row in self._rows(each, path)]
        places = [f"{path}[{number}]" for number in range(1, len(rows) + 1)] if len(rows) > 1 else [path]
        return tuple(self._element(row, place, action, depth) for row, place in zip(rows, places, strict=False))

    def _rows(self, node: object, path: str) -> Iterator[_Object]:
        """What stands in ``Element``, one after the other."""
        if node is None or node == "":
            return
        if not isinstance(node, _Object):
            self._refuse(path, "shape", "an object with Element belongs here.")
            return
        _check_twice(node, path, self._problems)
        for name, value in node:
            if name != "Element":
                self._refuse(f"{path}/{name}", "shape", "only Element belongs here.")
                continue
            for row in value if type(value) is list else [value]:
                if isinstance(row, _Object):
                    yield row
                else:
                    self._refuse(f"{path}/Element", "shape", "a record is an object with Fields and Objects.")

    def _element(self, row: _Object, path: str, action: Action, depth: int) -> Element:
        _check_twice(row, path, self._problems)
        keys: dict[str, FieldValue] = {}
        fields, objects = _Object(), None
        found: list[Action | None] = []
        for name, value in row:
            if name in _ACTIONS:
                found.append(action_of(value, f"{path}/{name}", self._problems))
            elif name.startswith("@"):
                keys[name[1:]] = self._value(value, f"{path}/{name}")
            elif name == "Fields":
                fields = self._fields(value, path)
            elif name == "Objects":
                objects = value
            else:
                self._refuse(f"{path}/{name}", "shape", "a record holds @keys, Fields and Objects, and nothing else.")
        found += [action_of(value, f"{path}/{name}", self._problems) for name, value in fields if name in _ACTIONS]
        action = self._one_action(found, path) or action
        plain = {name: self._value(value, f"{path}/{name}") for name, value in fields if name not in _ACTIONS}
        return Element(plain, keys, action, self._objects(objects, path, action, depth))

    def _one_action(self, found: list[Action | None], path: str) -> Action | None:
        actions = {action for action in found if action is not None}
        if len(actions) > 1:
            self._refuse(f"{path}/@Action", "action", "two different actions stand here: leave one of them out.")
        return next(iter(actions), None)

    def _fields(self, value: object, path: str) -> _Object:
        if type(value) is list and len(value) == 1:
            value = value[0]
        if value is None or value == "" or value == []:
            return _Object()
        if not isinstance(value, _Object):
            self._refuse(f"{path}/Fields", "shape", "Fields is an object of fields.")
            return _Object()
        _check_twice(value, path, self._problems)
        return value

    def _objects(self, value: object, path: str, above: Action, depth: int) -> tuple[Part, ...]:
        rows: dict[str, tuple[Element, ...]] = {}
        for name, node in self._named(value, path):
            action = self._actions.below(name, above, depth=depth)
            inner = self._part(name, node, f"{path}/{name}", action, depth + 1)
            rows[name] = rows.get(name, ()) + inner
        return tuple(Part(name, elements) for name, elements in rows.items() if elements)

    def _named(self, value: object, path: str) -> Iterator[tuple[str, object]]:
        """The sub-objects with their names. A bare name, or one with null, holds no rows."""
        if value is None or value == "":
            return
        for item in value if type(value) is list else [value]:
            if isinstance(item, _Object):
                _check_twice(item, path, self._problems)
                yield from item
            elif not isinstance(item, str):
                self._refuse(f"{path}/Objects", "shape", "Objects holds sub-objects by their names.")

    def _value(self, value: object, path: str) -> FieldValue:
        if value is None or isinstance(value, str | int | Decimal):
            return value
        what = "an object" if isinstance(value, _Object) else "a list"
        self._refuse(
            path, "wrong-type", f"{what} is no value of a field: AFAS' export breaks values so, give the value."
        )
        return None

    def _refuse(self, path: str, rule: str, message: str) -> None:
        self._problems.append(Problem(path, rule, message))


def _body(update: Update) -> dict[str, object]:
    verb = update.action
    return {update.root: {"Element": _several([_written(element, verb, update, 1) for element in update.elements])}}


def _several(elements: list[object]) -> object:
    return elements[0] if len(elements) == 1 else elements


def _written(element: Element, verb: Action | None, update: Update, depth: int, above: Action | None = None) -> object:
    implied = Action.UPDATE if depth == 1 and update.sub_object else verb
    # Where a row does not what its record does, a reader could take either for granted.
    tacit = element.action == implied and above in (None, implied)
    action = {} if tacit else {"@Action": element.action.value}
    fields = {**action, **{name: _json(value) for name, value in element.fields.items()}}
    written: dict[str, object] = {f"@{name}": _json(value) for name, value in element.keys.items()}
    written |= {"Fields": fields} if fields else {}
    if element.objects:
        written["Objects"] = [_part(part, element, verb, update, depth) for part in element.objects]
    return written


def _part(part: Part, record: Element, verb: Action | None, update: Update, depth: int) -> Mapping[str, object]:
    about = depth == 1 and part.name == update.sub_object
    above = None if about else record.action
    rows = [_written(row, verb, update, depth + 1, above) for row in part.elements]
    return {part.name: {"Element": _several(rows)}}


def _json(value: FieldValue) -> object:
    return value if isinstance(value, bool) or type(value) is int else field_text(value) or ""
