"""An update as AFAS' XML (``dataXml``), and back (profit-wire 4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from afas_soap.errors import AnswerError, Problem, UpdateError
from afas_soap.profit import xmlsafe
from afas_soap.profit.fieldvalue import FieldValue, field_text
from afas_soap.profit.update import Action, Element, Part, Update
from afas_soap.profit.updateplain import Actions, action_of

XSI = "http://www.w3.org/2001/XMLSchema-instance"

_NIL = f"{{{XSI}}}nil"
_TRUE = ("true", "1")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;", "\n": "&#xA;", "\t": "&#x9;"}
_IN_TEXT = re.compile("[&<>\r]")
_IN_ATTRIBUTE = re.compile('[&<>"\r\n\t]')


def update_from_xml(
    data: bytes | str, connector: str, *, action: Action = Action.INSERT, sub_object: str = ""
) -> Update:
    """The update that a ``dataXml`` holds, in whichever encoding it declares; every value is text.

    ``xsi:nil`` clears a field, and so does an element without text (inferred: AFAS' schemas refuse one). ``action``
    holds where no ``Action`` stands; see ``update_from_plain``. Raises ``UpdateError`` for what is no XML or has a DTD,
    and with every problem for what is not AFAS' form.
    """
    try:
        root = xmlsafe.parse(data)
    except AnswerError as problem:
        failure = UpdateError.of(Problem("", "xml", f"{problem.message}."))
    else:
        return _Reader(connector, Actions(action, sub_object)).update(root, sub_object)
    raise failure.about(connector=connector)


def update_to_xml(update: Update) -> str:
    """The ``dataXml`` of a SOAP call, on one line and without a declaration, for it travels as text.

    Every record and row has its ``Action``; a cleared field is ``xsi:nil``. ``update`` must have its root.
    """
    assert update.root, "the root comes from the schema or from the payload"
    inside = "".join(map(_written, update.elements))
    return f'<{update.root} xmlns:xsi="{XSI}">{inside}</{update.root}>'


def _written(element: Element) -> str:
    keys = "".join(
        f' {name}="{_escaped(field_text(value) or "", _IN_ATTRIBUTE)}"' for name, value in element.keys.items()
    )
    fields = "".join(_field(name, field_text(value)) for name, value in element.fields.items())
    objects = "".join(f"<{part.name}>{''.join(map(_written, part.elements))}</{part.name}>" for part in element.objects)
    wrapped = f"<Objects>{objects}</Objects>" if objects else ""
    return f'<Element{keys}><Fields Action="{element.action}">{fields}</Fields>{wrapped}</Element>'


def _field(name: str, text: str | None) -> str:
    return f'<{name} xsi:nil="true"/>' if text is None else f"<{name}>{_escaped(text, _IN_TEXT)}</{name}>"


def _escaped(text: str, special: re.Pattern[str]) -> str:
    return special.sub(lambda match: _ESCAPES[match[0]], text)


class _Reader:
    """Reads one document; what is wrong gathers in ``problems``."""

    def __init__(self, connector: str, actions: Actions) -> None:
        self._connector = connector
        self._actions = actions
        self._problems: list[Problem] = []

    def update(self, root: etree._Element, sub_object: str) -> Update:
        name = self._name(root, "")
        elements = self._rows(root, name, self._actions.of_records, 1)
        if self._problems:
            raise UpdateError.of(*self._problems).about(connector=self._connector)
        return Update(self._connector, name, elements, sub_object)

    def _rows(self, part: etree._Element, path: str, action: Action, depth: int) -> tuple[Element, ...]:
        rows = [child for child in self._children(part, path) if self._is(child, path, "Element")]
        places = [f"{path}[{number}]" for number in range(1, len(rows) + 1)] if len(rows) > 1 else [path]
        return tuple(self._element(row, place, action, depth) for row, place in zip(rows, places, strict=False))

    def _element(self, row: etree._Element, path: str, action: Action, depth: int) -> Element:
        keys, found = self._attributes(row, path)
        fields: dict[str, FieldValue] = {}
        objects: etree._Element | None = None
        seen: set[str] = set()
        for child in self._children(row, path):
            if not self._is(child, path, "Fields", "Objects"):
                continue
            name = str(child.tag)
            if name in seen:
                self._refuse(f"{path}/{name}", "twice", f"{name} stands here twice: make one of them.")
            seen.add(name)
            if name == "Fields":
                others, own = self._attributes(child, path)
                found += own
                for other in others:
                    self._refuse(f"{path}/Fields/@{other}", "shape", "Fields has the attribute Action and no other.")
                fields = self._fields(child, path)
            else:
                objects = child
        if len(set(found)) > 1:
            self._refuse(f"{path}/@Action", "action", "two different actions stand here: leave one of them out.")
        action = found[0] if found else action
        return Element(fields, keys, action, self._objects(objects, path, action, depth))

    def _attributes(self, element: etree._Element, path: str) -> tuple[dict[str, FieldValue], list[Action]]:
        """The keys among the attributes, and the action."""
        keys: dict[str, FieldValue] = {}
        actions: list[Action] = []
        for name, value in element.attrib.items():
            if str(name) in ("Action", "action"):
                action = action_of(value, f"{path}/@Action", self._problems)
                actions += [action] if action is not None else []
            elif not str(name).startswith("{"):
                keys[str(name)] = str(value)
        return keys, actions

    def _fields(self, fields: etree._Element, path: str) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {}
        for child in self._children(fields, path):
            name = self._name(child, path)
            if name in values:
                self._refuse(f"{path}/{name}", "twice", "this field stands here twice: leave one of them out.")
            values[name] = self._value(child, f"{path}/{name}")
        return values

    def _value(self, element: etree._Element, path: str) -> FieldValue:
        if any(isinstance(child.tag, str) for child in element):
            self._refuse(path, "shape", "a field holds text and no elements.")
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if str(element.get(_NIL, "")).strip() in _TRUE:
            if text:
                self._refuse(path, "shape", "a field with xsi:nil holds no text.")
            return None
        return text or None

    def _objects(self, objects: etree._Element | None, path: str, above: Action, depth: int) -> tuple[Part, ...]:
        rows: dict[str, tuple[Element, ...]] = {}
        for child in self._children(objects, path) if objects is not None else ():
            name = self._name(child, path)
            action = self._actions.below(name, above, depth=depth)
            rows[name] = rows.get(name, ()) + self._rows(child, f"{path}/{name}", action, depth + 1)
        return tuple(Part(name, elements) for name, elements in rows.items() if elements)

    def _children(self, element: etree._Element, path: str) -> Iterator[etree._Element]:
        """The elements inside; anything but white space between them is no part of AFAS' form."""
        texts = [element.text, *(child.tail for child in element)]
        if any(text and not text.isspace() for text in texts):
            self._refuse(path, "shape", "text stands between the elements, where none belongs.")
        for child in element:
            if isinstance(child.tag, str):
                yield child

    def _is(self, child: etree._Element, path: str, *names: str) -> bool:
        if child.tag in names:
            return True
        self._refuse(
            f"{path}/{self._name(child, path)}",
            "shape",
            f"only {' and '.join(names)} belong{'s' * (len(names) == 1)} here.",
        )
        return False

    def _name(self, element: etree._Element, path: str) -> str:
        name = etree.QName(element)
        if name.namespace:
            self._refuse(f"{path}/{name.localname}", "namespace", "AFAS' elements are in no namespace: take xmlns out.")
        return str(name.localname)

    def _refuse(self, path: str, rule: str, message: str) -> None:
        self._problems.append(Problem(path.removeprefix("/"), rule, message))
