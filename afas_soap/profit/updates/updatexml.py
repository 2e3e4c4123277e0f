"""An update as AFAS' XML (``dataXml``), and back (profit-wire 4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from afas_soap.errors import AnswerError, Problem, UpdateError
from afas_soap.profit import xmlsafe
from afas_soap.profit.updates.fieldvalue import FieldValue, field_text
from afas_soap.profit.updates.update import MAX_DEPTH, Action, Element, Part, Update, numbered
from afas_soap.profit.updates.updateplain import ACTION, Actions, is_action, one_action
from afas_soap.profit.updates.updaterequest import payload_in

XSI = "http://www.w3.org/2001/XMLSchema-instance"

_NIL = f"{{{XSI}}}nil"
_TRUE = ("true", "1")
_ACTIONS = ("Action", "action")
_WHITE = " \t\r\n"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;", "\n": "&#xA;", "\t": "&#x9;"}
_IN_TEXT = re.compile("[&<>\r]")
_IN_ATTRIBUTE = re.compile('[&<>"\r\n\t]')


def update_from_xml(
    data: bytes | str, connector: str, *, action: Action = Action.INSERT, sub_object: str = ""
) -> Update:
    """The update that a ``dataXml`` holds, or a whole SOAP request with one, in any encoding; every value is text.

    ``xsi:nil`` clears a field, and so does an element without text (inferred: AFAS' schemas refuse one). ``action``
    holds where no ``Action`` stands; see ``update_from_plain``. Raises ``UpdateError`` for what is no XML or has a DTD,
    and with every problem for what is not AFAS' form.
    """
    try:
        root = payload_in(xmlsafe.parse(data), connector)
    except AnswerError as problem:
        failure = UpdateError.of(Problem("", "xml", f"{problem.message}."))
    except UpdateError as problem:
        failure = problem
    else:
        return _Reader(connector, Actions(action, sub_object)).update(root, sub_object)
    raise failure.about(connector=connector)


def update_to_xml(update: Update) -> str:
    """The ``dataXml`` of a SOAP call, on one line and without a declaration, for it travels as text.

    Every record and row has its ``Action``; a cleared field is ``xsi:nil``. Raises ``UpdateError`` for an update
    without a root, which comes from the schema or from the payload.
    """
    update.check_root()
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
        elements = self._rows([root], name, self._actions.of_records, 1)
        if self._problems:
            raise UpdateError.of(*self._problems).about(connector=self._connector)
        return Update(self._connector, name, elements, sub_object)

    def _rows(self, parts: Iterable[etree._Element], path: str, action: Action, depth: int) -> tuple[Element, ...]:
        rows = [row for part in parts for row in self._bare(part, path) if self._is(row, path, "Element")]
        return tuple(self._element(row, place, action, depth) for place, row in numbered(path, rows))

    def _element(self, row: etree._Element, path: str, action: Action, depth: int) -> Element:
        halves = self._halves(row, path)
        fields, objects = halves.get("Fields"), halves.get("Objects")
        stated = [
            (ACTION, value) for each in (row, fields) for name, value in _attributes(each) if is_action(f"@{name}")
        ]
        action = one_action(stated, path, self._problems) or action
        keys = {name: value for name, value in _attributes(row) if not is_action(f"@{name}")}
        return Element(self._fields(fields, path), keys, action, self._objects(objects, path, action, depth))

    def _halves(self, row: etree._Element, path: str) -> Mapping[str, etree._Element]:
        """``Fields`` and ``Objects``, whichever are there."""
        halves: dict[str, etree._Element] = {}
        for child in self._children(row, path):
            if self._is(child, path, "Fields", "Objects"):
                name = etree.QName(child).localname
                if name in halves:
                    self._refuse(f"{path}/{name}", "twice", f"{name} stands here twice: make one of them.")
                halves[name] = child
        return halves

    def _fields(self, fields: etree._Element | None, path: str) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {}
        for child in self._bare(fields, f"{path}/Fields", *_ACTIONS):
            name = self._name(child, path)
            if name in values:
                self._refuse(f"{path}/{name}", "twice", "this field stands here twice: leave one of them out.")
            values[name] = self._value(child, f"{path}/{name}")
        return values

    def _value(self, element: etree._Element, path: str) -> FieldValue:
        self._no_attributes(element, path)
        if any(isinstance(child.tag, str) for child in element):
            self._refuse(path, "shape", "a field holds text and no elements.")
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if str(element.get(_NIL, "")).strip() in _TRUE:
            if text:
                self._refuse(path, "shape", "a field with xsi:nil holds no text.")
            return None
        return text or None

    def _objects(self, objects: etree._Element | None, path: str, above: Action, depth: int) -> tuple[Part, ...]:
        parts: dict[str, list[etree._Element]] = {}
        # Below one level too many, which Update tells, nothing is read: there may be hundreds.
        for child in self._bare(objects, f"{path}/Objects") if depth <= MAX_DEPTH else ():
            parts.setdefault(self._name(child, path), []).append(child)
        return tuple(
            Part(name, self._rows(listed, f"{path}/{name}", self._actions.below(name, above, depth=depth), depth + 1))
            for name, listed in parts.items()
        )

    def _bare(self, element: etree._Element | None, path: str, *attributes: str) -> Iterator[etree._Element]:
        """The elements inside one that has these attributes at most: what others say would be lost."""
        self._no_attributes(element, path, *attributes)
        return self._children(element, path) if element is not None else iter(())

    def _no_attributes(self, element: etree._Element | None, path: str, *but: str) -> None:
        for name, _ in _attributes(element):
            if name not in but:
                self._refuse(f"{path}/@{name}", "shape", "no attribute belongs here: keys stand on Element.")

    def _children(self, element: etree._Element, path: str) -> Iterator[etree._Element]:
        """The elements inside; anything but white space between them is no part of AFAS' form."""
        texts = [element.text, *(child.tail for child in element)]
        if any((text or "").strip(_WHITE) for text in texts):
            self._refuse(path, "shape", "text stands between the elements, where none belongs.")
        for child in element:
            if isinstance(child.tag, str):
                yield child

    def _is(self, child: etree._Element, path: str, *names: str) -> bool:
        name = self._name(child, path)
        if name not in names:
            belong = "belong" if len(names) > 1 else "belongs"
            self._refuse(f"{path}/{name}", "shape", f"only {' and '.join(names)} {belong} here.")
        return name in names

    def _name(self, element: etree._Element, path: str) -> str:
        name = etree.QName(element)
        if name.namespace:
            self._refuse(f"{path}/{name.localname}", "namespace", "AFAS' elements are in no namespace: take xmlns out.")
        return str(name.localname)

    def _refuse(self, path: str, rule: str, message: str) -> None:
        self._problems.append(Problem(path.removeprefix("/"), rule, message))


def _attributes(element: etree._Element | None) -> list[tuple[str, str]]:
    """Those in no namespace: ``xsi:nil`` and the like are not AFAS'."""
    if element is None:
        return []
    return [(str(name), str(value)) for name, value in element.attrib.items() if not str(name).startswith("{")]
