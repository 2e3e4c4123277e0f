"""An update as AFAS' JSON, and back (profit-wire 3.5).

Every shape that AFAS' own examples have is read: ``Element`` an object or an array, ``Objects`` an object, an array,
``""`` or null, ``Fields`` an object, an array of one or ``""``, the action in ``Fields`` or on ``Element`` as
``@Action`` in any case, keys in either of these, a sub-object null or an array of ``{"Element": ...}``, an ``Element``
that is ``""`` or null and so no record. One shape is written: that of AFAS' guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from afas_soap.errors import AnswerError, Problem, UpdateError
from afas_soap.profit.encoding import decoded
from afas_soap.profit.updates.fieldvalue import FieldValue, field_text
from afas_soap.profit.updates.update import MAX_DEPTH, Action, Element, Part, Update, numbered
from afas_soap.profit.updates.updateplain import Actions, is_action, one_action, update_from_plain

# A list and a record for each level of sub-objects, and for one level more, which is refused.
_PLAIN_LAYERS = 2 * (MAX_DEPTH + 1)


def update_from_json(
    data: bytes | str, connector: str, *, action: Action = Action.INSERT, sub_object: str = ""
) -> Update:
    """The update that a JSON body holds: AFAS' own form, or one plain record (see ``updateplain``), which has no root.

    ``action`` holds where none stands; see ``update_from_plain`` for it and for ``sub_object``. Raises ``UpdateError``,
    before any value is kept, for what is no JSON in UTF-8 or UTF-16, and with every problem for shapes that are none of
    AFAS'.
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

    Decimals and dates are text, as in nearly all of AFAS' examples; a cleared field is ``""``. Raises ``UpdateError``
    for an update without a root, which comes from the schema or from the payload.
    """
    update.check_root()
    return json.dumps(_Writer(update).body(), ensure_ascii=False, separators=(",", ":")).encode()


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
        text = decoded(data) if isinstance(data, bytes) else data.removeprefix("\ufeff")
        document: object = json.loads(text, object_pairs_hook=_Object, parse_float=Decimal, parse_constant=refuse)
    except _NotANumber:
        failure = ("not-a-number", "NaN and Infinity are no JSON, and no values of Profit's.")
    except AnswerError as problem:
        failure = ("encoding", f"{problem.message}: save it as UTF-8.")
    except UnicodeDecodeError as problem:
        failure = no_utf8(problem)
    except json.JSONDecodeError as problem:
        failure = ("json", f"this is no JSON (line {problem.lineno}, column {problem.colno}).")
    except (ValueError, RecursionError, InvalidOperation):
        failure = ("json", "this JSON is nested too deeply, or holds a number of thousands of digits.")
    else:
        return document
    raise UpdateError.of(Problem("", *failure)).about(connector=connector)


def no_utf8(problem: UnicodeDecodeError) -> tuple[str, str]:
    """The rule and the sentence for JSON in another encoding."""
    return "encoding", f"JSON is UTF-8, and byte {problem.start + 1} is not: save it as UTF-8."


class _NotANumber(Exception):  # noqa: N818 - it ends the reading of one text
    """``NaN`` or ``Infinity`` stands in the JSON."""


def _plain(document: object, path: str, problems: list[Problem], layer: int = 1) -> object:
    """The same with dicts for objects, once no name stands in one twice."""
    if layer > _PLAIN_LAYERS:  # whatever lies here is refused with what lies above it
        return None
    if isinstance(document, _Object):
        _check_twice(document, path, problems)
        return {name: _plain(value, f"{path}/{name}", problems, layer + 1) for name, value in document}
    if type(document) is list:
        return [_plain(value, place, problems, layer + 1) for place, value in numbered(path, document)]
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
        elements = self._part(_listed(node), root, self._actions.of_records, 1)
        if self._problems:
            raise UpdateError.of(*self._problems).about(connector=self._connector)
        return Update(self._connector, root, elements, sub_object)

    def _part(self, nodes: Iterable[object], path: str, action: Action, depth: int) -> tuple[Element, ...]:
        """The rows of one object, whichever of its shapes it has."""
        rows = [row for node in nodes for row in self._rows(node, path)]
        return tuple(self._element(row, place, action, depth) for place, row in numbered(path, rows))

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
            for row in _listed(value):
                if isinstance(row, _Object):
                    yield row
                elif row is not None and row != "":
                    self._refuse(f"{path}/Element", "shape", "a record is an object with Fields and Objects.")

    def _element(self, row: _Object, path: str, action: Action, depth: int) -> Element:
        _check_twice(row, path, self._problems)
        for name, _ in row:
            if not name.startswith("@") and name not in ("Fields", "Objects"):
                self._refuse(f"{path}/{name}", "shape", "a record holds @keys, Fields and Objects, and nothing else.")
        members = dict(row)
        fields = self._fields(members.get("Fields"), path)
        stated = [(name, value) for name, value in (*row, *fields) if is_action(name)]
        action = one_action(stated, path, self._problems) or action
        return Element(
            self._values((member for member in fields if not member[0].startswith("@")), path),
            self._keys((*row, *fields), path),
            action,
            self._objects(members.get("Objects"), path, action, depth),
        )

    def _keys(self, members: Iterable[tuple[str, object]], path: str) -> dict[str, FieldValue]:
        """Those among the members of a record and of its Fields, which an example of AFAS' has in both."""
        keys: dict[str, FieldValue] = {}
        for name, stated in members:
            if name.startswith("@") and not is_action(name):
                value = self._value(stated, f"{path}/{name}")
                # A number and its text are the same key.
                if str(keys.setdefault(name[1:], value)) != str(value):
                    message = "two different values of this key stand here: leave one of them out."
                    self._refuse(f"{path}/{name}", "twice", message)
        return keys

    def _values(self, members: Iterable[tuple[str, object]], path: str) -> dict[str, FieldValue]:
        return {name: self._value(value, f"{path}/{name}") for name, value in members}

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
        nodes: dict[str, list[object]] = {}
        # Below one level too many, which Update tells, nothing is read: there may be thousands.
        for name, node in self._named(value, path) if depth <= MAX_DEPTH else ():
            nodes.setdefault(name, []).extend(_listed(node))
        return tuple(
            Part(name, self._part(listed, f"{path}/{name}", self._actions.below(name, above, depth=depth), depth + 1))
            for name, listed in nodes.items()
        )

    def _named(self, value: object, path: str) -> Iterator[tuple[str, object]]:
        """The sub-objects with their names. A bare name, or one with null, holds no rows."""
        if value is None or value == "":
            return
        for item in _listed(value):
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


def _listed(value: object) -> list[object]:
    return value if type(value) is list else [value]


class _Writer:
    """Spells one update. An action is left out where every reader takes it for granted: see ``Actions``."""

    def __init__(self, update: Update) -> None:
        self._update = update
        self._verb = update.action

    def body(self) -> dict[str, object]:
        implied = Action.UPDATE if self._update.sub_object else self._verb
        return {self._update.root: self._rows(self._update.elements, implied, 1)}

    def _rows(self, elements: tuple[Element, ...], implied: Action | None, depth: int) -> dict[str, object]:
        rows = [self._row(element, implied, depth) for element in elements]
        return {"Element": rows[0] if len(rows) == 1 else rows}

    def _row(self, element: Element, implied: Action | None, depth: int) -> dict[str, object]:
        action = {} if element.action == implied else {"@Action": element.action.value}
        fields = {**action, **{name: _json(value) for name, value in element.fields.items()}}
        written: dict[str, object] = {f"@{name}": _json(value) for name, value in element.keys.items()}
        written |= {"Fields": fields} if fields else {}
        if element.objects:
            written["Objects"] = [self._object(part, element.action, depth) for part in element.objects]
        return written

    def _object(self, part: Part, above: Action, depth: int) -> dict[str, object]:
        about = depth == 1 and part.name == self._update.sub_object
        # Where the record does not what the call does, a reader could take either for granted.
        implied = self._verb if about or above == self._verb else None
        return {part.name: self._rows(part.elements, implied, depth + 1)}


def _json(value: FieldValue) -> object:
    return value if isinstance(value, bool) or type(value) is int else field_text(value) or ""
