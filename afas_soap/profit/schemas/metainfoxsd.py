"""REST's metainfo of an UpdateConnector as an XSD of AFAS' own look, so that both protocols check by the same engine.

Sources: profit-wire 3.4 (the document) and 4.6 (the look). What is more than AFAS' schemas say, whether a field is
mandatory, is in attributes of the namespace ``METAINFO``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from afas_soap.errors import AnswerError
from afas_soap.profit.controls import unfit
from afas_soap.profit.schemas.schemaxsd import BETWEEN, METAINFO, VALUES, XSD, split_codes
from afas_soap.profit.updates.moment import MOMENTS

Item = Mapping[str, object]
Codes = tuple[tuple[str, str], ...]

# What fieldvalue lets through as a name, which is an XML name as well.
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_DEEPEST = 30
_LARGEST = 10**9

_OPENING = (
    f'<xsd:schema xmlns:xsd="{XSD}" xmlns:metainfo="{METAINFO}"><xsd:simpleType name="AFASRowAction">'
    '<xsd:restriction base="xsd:string"><xsd:enumeration value="insert"/><xsd:enumeration value="update"/>'
    '<xsd:enumeration value="delete"/></xsd:restriction></xsd:simpleType>'
)
_ACTION = '<xsd:attribute name="Action" use="required" type="AFASRowAction"/>'


def metainfo_xsd(data: bytes, connector: str) -> str:
    """The XSD of what ``GET /metainfo/update/{connector}`` answered, on one line.

    A field that is a primary key is declared twice, as an attribute of Element and as a field, for AFAS' JSON has keys
    in both places; both may be left out. A ``date`` may be a date, a date-time or a time (inferred: no other word was
    seen for those, and AFAS' examples have all three), and a length or a number of decimals of 0 is no limit
    (inferred). The member ``name`` is taken for the root element, and the id where there is none (inferred). Raises
    ``AnswerError`` when it is no such metainfo.
    """
    document = _object(_parsed(data), "metainfo")
    if "fields" not in document and "objects" not in document:
        raise AnswerError("metainfo without fields is no metainfo of an UpdateConnector").about(connector=connector)
    root = document.get("name") or document.get("id") or connector
    return f"{_OPENING}{_part({**document, 'name': root}, '', 1)}</xsd:schema>"


def _parsed(data: bytes) -> object:
    def refuse(_name: str) -> NoReturn:
        raise ValueError

    try:
        document: object = json.loads(data.decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError):
        problem = AnswerError("metainfo is not the JSON that REST answers with")
    else:
        return document
    raise problem


def _part(part: Item, occurs: str, depth: int) -> str:
    """The declaration of one object, with what is below it."""
    if depth > _DEEPEST:
        raise AnswerError(f"metainfo describes more than {_DEEPEST} levels")
    name = _name(part, "name")
    fields = _items(part, "fields", "fieldId", name)
    inner = "".join(_part(each, ' minOccurs="0"', depth + 1) for each in _items(part, "objects", "name", name))
    plain = "".join(f"{_comments(field)}{_field(field)}" for field in fields)
    keys = "".join(f"{_comments(field)}{_key(field)}" for field in fields if field.get("primaryKey") is True)
    content = _complex("Fields", ' minOccurs="0"', f"{_sequence(plain)}{_ACTION}")
    content += _complex("Objects", ' minOccurs="0"', _sequence(inner)) if inner else ""
    row = _complex("Element", ' maxOccurs="unbounded"', f"{_sequence(content)}{keys}")
    return _complex(name, occurs, _sequence(row))


def _complex(name: str, occurs: str, content: str) -> str:
    return f'<xsd:element name="{name}"{occurs}><xsd:complexType>{content}</xsd:complexType></xsd:element>'


def _sequence(inside: str) -> str:
    return f"<xsd:sequence>{inside}</xsd:sequence>" if inside else "<xsd:sequence/>"


def _field(field: Item) -> str:
    opening = f'<xsd:element name="{_name(field, "fieldId")}" minOccurs="0"'
    return _typed(field, opening, f' nillable="true"{_own(field)}', "element")


def _key(field: Item) -> str:
    return _typed(field, f'<xsd:attribute name="{_name(field, "fieldId")}" use="optional"', _own(field), "attribute")


def _typed(field: Item, opening: str, own: str, tag: str) -> str:
    kind = _TYPES.get(str(field.get("dataType")), _text)(field)
    if not kind.startswith("<"):
        return f'{opening} type="xsd:{kind}"{own}/>'
    return f"{opening}{own}><xsd:simpleType>{kind}</xsd:simpleType></xsd:{tag}>"


def _text(_: Item) -> str:
    """A text without limit: a file, and what metainfo gives a type that was never seen."""
    return '<xsd:restriction base="xsd:string"><xsd:minLength value="1"/></xsd:restriction>'


def _string(field: Item) -> str:
    length = _number(field, "length")
    longest = f'<xsd:maxLength value="{length}"/>' if length else ""
    return f'<xsd:restriction base="xsd:string">{longest}<xsd:minLength value="1"/></xsd:restriction>'


def _decimal(field: Item) -> str:
    digits, decimals = _number(field, "length"), _number(field, "decimals")
    # More decimals than digits is no schema: then the digits are something else.
    total = f'<xsd:totalDigits value="{digits}"/>' if digits >= max(decimals, 1) else ""
    fraction = f'<xsd:fractionDigits value="{decimals}"/>' if decimals else ""
    return f'<xsd:restriction base="xsd:decimal">{total}{fraction}</xsd:restriction>'


def _moment(field: Item) -> str:
    """Any of the three, the likeliest in front: a length of 8 is that of a time, one of 10 that of a date."""
    length = _number(field, "length")
    first = "time" if 0 < length <= _TIME else "date" if 0 < length <= _DATE else "dateTime"
    members = sorted(MOMENTS, key=lambda name: name != first)
    return f'<xsd:union memberTypes="{" ".join(f"xsd:{name}" for name in members)}"/>'


_TIME, _DATE = len("10:00:00"), len("2024-02-29")
_TYPES: Mapping[str, Callable[[Item], str]] = {
    "string": _string,
    "blob": _text,
    "decimal": _decimal,
    "int": lambda _: "long",
    "boolean": lambda _: "boolean",
    "date": _moment,
}


def _comments(field: Item) -> str:
    values = _values(field)
    label = _for_comment(_string_of(field, "label"))
    # The blank keeps a label from being taken for a list of codes.
    label = f" {label}" if label.startswith(VALUES) else label
    return f"<!--{label}-->" + (f"<!--{_spelt(values)}-->" if _readable(values) else "")


def _own(field: Item) -> str:
    values = _values(field)
    mandatory = "true" if field.get("mandatory") is True else "false"
    codes = "" if not values or _readable(values) else f' metainfo:codes="{_for_attribute(json.dumps(values))}"'
    return f' metainfo:mandatory="{mandatory}"{codes}'


def _spelt(values: Codes) -> str:
    return f"{VALUES}  {BETWEEN.join(f'{code}:{text}' for code, text in values)}"


def _readable(values: Codes) -> bool:
    """Whether there are codes, and a comment with them is well-formed XML and is read back as they are."""
    text = _spelt(values)
    return bool(values) and split_codes(text) == values and "\r" not in text and _for_comment(text) == text


def _for_comment(text: str) -> str:
    """The text without what an XML comment cannot hold: two hyphens in a row, one at the end, control characters."""
    text = unfit().sub(" ", text).replace("--", "- -").replace("--", "- -")
    return f"{text} " if text.endswith("-") else text


def _for_attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _values(field: Item) -> Codes:
    """The codes with their texts; a code that stands there twice once, one without an id not at all."""
    pairs = ((_string_of(item, "id"), _string_of(item, "description")) for item in _listed(field, "values"))
    return tuple({code: text for code, text in pairs if code}.items())


def _items(part: Item, name: str, identity: str, path: str) -> Sequence[Item]:
    items = _listed(part, name)
    names = [_name(item, identity) for item in items]
    twice = next((each for each in names if names.count(each) > 1), None)
    if twice is not None:
        raise AnswerError(f"metainfo names {twice} of {path} twice")
    return items


def _listed(part: Item, name: str) -> Sequence[Item]:
    value = part.get(name) or []
    if not isinstance(value, list):
        raise AnswerError(f"metainfo's {name} is no list")
    return [_object(item, f"metainfo's {name}") for item in value]


def _object(value: object, what: str) -> Item:
    if not isinstance(value, dict):
        raise AnswerError(f"{what} holds something else where an object is expected")
    return value


def _name(item: Item, member: str) -> str:
    name = item.get(member)
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise AnswerError(f"metainfo holds a {member} that is no name of a field or object")
    return name


def _string_of(item: Item, name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _number(item: Item, name: str) -> int:
    value = item.get(name)
    return value if type(value) is int and 0 < value < _LARGEST else 0
