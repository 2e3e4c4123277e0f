"""The ``filtersXml`` and ``options`` texts of the SOAP operations, written and read back (profit-wire 2.1, 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from afas_soap.errors import AnswerError, QueryError
from afas_soap.profit.controls import unfit
from afas_soap.profit.questions.query import Condition, Filter, Operator, Sort
from afas_soap.profit.xmlsafe import parse


def filters_to_xml(filters: Sequence[Filter]) -> str:
    """``<Filters><Filter FilterId="Filter 1"><Field FieldId="X" OperatorType="1">v</Field></Filter></Filters>``.

    Empty text for no filters. ``QueryError`` for a value or name that XML cannot carry.
    """
    if not filters:
        return ""
    root = etree.Element("Filters")
    for number, conditions in enumerate(filters, 1):
        element = etree.SubElement(root, "Filter", FilterId=f"Filter {number}")
        for condition in conditions:
            field = _field(element, condition.column, condition.operator)
            # Empty and not empty are written without a value (profit-wire 2.1).
            field.text = None if condition.value is None else _xml_text(condition.column, condition.value)
    return _written(root)


def _field(parent: etree._Element, column: str, code: int) -> etree._Element:
    return etree.SubElement(parent, "Field", FieldId=_xml_text(column, column), OperatorType=str(int(code)))


def _xml_text(column: str, text: str) -> str:
    if unfit().search(text):
        raise QueryError(
            f"The filter or sort field {column!r} holds a character that XML cannot carry, such as a control "
            "character: leave it out."
        )
    return text


def _written(root: etree._Element) -> str:
    text: str = etree.tostring(root, encoding="unicode")
    return text


def _root(text: str) -> etree._Element | None:
    """The root element; None for a text without one. Whatever is wrong with it, the caller wrote it."""
    try:
        return parse(text.strip()) if text.strip() else None
    except AnswerError as error:
        raise QueryError(f"The filter or options XML cannot be read: {error.message}") from None


def _children(parent: etree._Element, name: str | None = None) -> Iterator[etree._Element]:
    """The elements in ``parent``, all of them called ``name`` if that is given; blanks and comments do not matter."""
    _refuse_text(parent, parent.text)
    for child in parent:
        _refuse_text(parent, child.tail)
        if isinstance(child.tag, str):  # a comment's tag is a function
            if name is not None and child.tag != name:
                raise QueryError(f"{parent.tag} in the XML holds a {child.tag}, and only {name} may stand there.")
            yield child


def _refuse_text(parent: etree._Element, text: str | None) -> None:
    if text and text.strip():
        raise QueryError(f"{parent.tag} in the XML holds text of its own, outside any element in it.")


def _text(element: etree._Element, name: str) -> str:
    """The text of an element, round any comments in it."""
    if any(isinstance(child.tag, str) for child in element):
        raise QueryError(f"{name} in the XML holds another element, and only a value may stand there.")
    return (element.text or "") + "".join(child.tail or "" for child in element)


def filters_from_xml(text: str) -> tuple[Filter, ...]:
    """The filters of a ``filtersXml``; none for an empty text.

    ``FilterId`` may be anything. Percent signs round a value stay: what Profit makes of them is not known (profit-wire
    2.1). ``QueryError``, naming the field where there is one, for anything else than the form above.
    """
    root = _root(text)
    if root is None:
        return ()
    if root.tag != "Filters":
        raise QueryError(f"The filter XML begins with {root.tag}, and its root is called Filters.")
    return tuple(_filter(element) for element in _children(root, "Filter"))


def _filter(element: etree._Element) -> Filter:
    conditions = tuple(_condition(field) for field in _children(element, "Field"))
    if not conditions:
        raise QueryError("A Filter in the filter XML has no Field, which would mean every row: leave the Filter out.")
    return conditions


def _condition(field: etree._Element) -> Condition:
    column, code = _attributes(field)
    operator = Operator.from_code(code, column)
    value = _text(field, f"The Field {column!r}")
    return Condition(column, operator, value if operator.takes_value else None)


def _attributes(field: etree._Element) -> tuple[str, str]:
    column, code = field.get("FieldId"), field.get("OperatorType")
    if not column:
        raise QueryError("A Field in the XML has no FieldId, the name of a column (its case matters).")
    if code is None:
        raise QueryError(f"The Field {column!r} in the XML has no OperatorType (its case matters).")
    return column, code


@dataclass(frozen=True, slots=True)
class Options:
    """The options of ``GetDataWithOptions``.

    ``output_mode``: 1 XML, 2 text. ``metadata``: 1 puts the XSD in front of the rows, 0 does not. ``output_options``
    with mode 1: 2 leaves empty fields out, 3 includes them; with mode 2: separator and formats. ``skip`` and ``take``
    None: not in the options; the parameters of those names win over them. The defaults of the first three give what
    ``GetData`` gives (profit-wire 2.2, 2.4).
    """

    output_mode: int = 1
    metadata: int = 1
    output_options: int = 2
    skip: int | None = None
    take: int | None = None
    index: tuple[Sort, ...] = ()


# The wire's name and ours, in the order in which they are written.
_NUMBERS = {
    "Outputmode": "output_mode",
    "Metadata": "metadata",
    "Outputoptions": "output_options",
    "Skip": "skip",
    "Take": "take",
}
_OURS = {name.lower(): ours for name, ours in _NUMBERS.items()}
_ASCENDING, _DESCENDING = 1, 0
_DIRECTIONS = {str(_ASCENDING): False, str(_DESCENDING): True}
_WHOLE_NUMBER = re.compile("[+-]?[0-9]{1,10}")


def options_to_xml(options: Options) -> str:
    """``<options><Outputmode>1</Outputmode>...<Index><Field FieldId="X" OperatorType="1"/></Index></options>``.

    ``Skip`` and ``Take`` only when they are given, ``Index`` only with sort fields: 1 ascends, 0 descends.
    """
    root = etree.Element("options")
    for name, ours in _NUMBERS.items():
        number: int | None = getattr(options, ours)
        if number is not None:
            etree.SubElement(root, name).text = str(number)
    if options.index:
        index = etree.SubElement(root, "Index")
        for sort in options.index:
            _field(index, sort.column, _DESCENDING if sort.descending else _ASCENDING)
    return _written(root)


def options_from_xml(text: str) -> Options:
    """The options of an ``options`` text; those that are absent, and all for an empty text, keep their defaults.

    Root and children in any case, as Profit reads them (profit-wire 2.2). ``QueryError``, naming the child, for a
    value that is no whole number, a child that stands twice and one that is none of the options.
    """
    root = _root(text)
    if root is None:
        return Options()
    if str(root.tag).lower() != "options":
        raise QueryError(f"The options XML begins with {root.tag}, and its root is called options.")
    children: dict[str, etree._Element] = {}
    for child in _children(root):
        name = str(child.tag).lower()
        if name not in _OURS and name != "index":
            raise QueryError(f"{child.tag} is no option of GetDataWithOptions, which are {', '.join(_NUMBERS)}, Index.")
        if name in children:
            raise QueryError(f"{child.tag} stands twice in the options XML.")
        children[name] = child
    numbers = {ours: _number(children[name]) for name, ours in _OURS.items() if name in children}
    index = tuple(_sort(field) for field in _children(children["index"], "Field")) if "index" in children else ()
    return Options(**numbers, index=index)


def _number(child: etree._Element) -> int:
    name = str(child.tag)
    text = _text(child, name).strip()
    if not _WHOLE_NUMBER.fullmatch(text):
        raise QueryError(f"{name} in the options XML is no whole number.")
    return int(text)


def _sort(field: etree._Element) -> Sort:
    column, code = _attributes(field)
    if code.strip() not in _DIRECTIONS:
        raise QueryError(f"The Field {column!r} in Index has an OperatorType that is neither 1 (up) nor 0 (down).")
    return Sort(column, _DIRECTIONS[code.strip()])
