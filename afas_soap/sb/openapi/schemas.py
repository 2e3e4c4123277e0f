"""Schemas of an OpenAPI file as columns, fields and rules: the words of 3.0 and 3.1, and AFAS' own formats.

The file of 6.0.0 calls amounts, booleans and UUIDs of answers plain text; its samples show what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from afas_soap.errors import SettingsError, printable
from afas_soap.sb.operation import Column, Field, Kind, Source

Node = Mapping[str, object]

_FORMATS: Mapping[str, Kind] = {
    "uuid": Kind.UUID,
    "Guid?": Kind.UUID,
    "Guid": Kind.UUID,
    "date": Kind.DATE,
    "date-time": Kind.MOMENT,
    "DateTime": Kind.MOMENT,
    "DateTime?": Kind.MOMENT,
    "decimal": Kind.NUMBER,
    "decimal?": Kind.NUMBER,
    "number": Kind.NUMBER,
    "bool": Kind.BOOLEAN,
    "bool?": Kind.BOOLEAN,
    "email": Kind.EMAIL,
    "uri": Kind.URI,
}
_TYPES: Mapping[str, Kind] = {
    "number": Kind.NUMBER,
    "integer": Kind.INTEGER,
    "boolean": Kind.BOOLEAN,
    "object": Kind.OBJECT,
    "array": Kind.OBJECT,
}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", re.ASCII)
# A reference that leads to another and so on; nobody's file goes round in more than one circle.
_LONGEST_WAY = 20
# Objects within objects of a body; AFAS' own have 2.
_DEEPEST = 12
# Operations, columns and fields of a whole file; AFAS' own has about 1,000.
_MOST = 20_000


class Document:
    """The JSON of an OpenAPI file, with its references followed inside it."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self._count = 0

    def node(self, found: object) -> Node:
        """The object that ``found`` is or refers to; an empty one where there is none."""
        for _ in range(_LONGEST_WAY):
            if not isinstance(found, Mapping):
                break
            reference = found.get("$ref")
            if not isinstance(reference, str):
                return found
            found = self._at(reference)
        return {}

    def _at(self, reference: str) -> object:
        found: object = self.root if reference.startswith("#/") else None
        for step in reference.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def count(self) -> None:
        """Count an operation, a column or a field. ``SettingsError`` for more than any file of AFAS has: references
        make endlessly many of a few lines, and all of them are read by every command."""
        self._count += 1
        if self._count > _MOST:
            raise SettingsError(f"with it there are more than {_MOST:,} operations and fields.")

    def under(self, of: Node, *names: str) -> Node:
        """The object that lies below these names."""
        for name in names:
            of = self.node(of.get(name))
        return of

    def columns(self, schema: Node, rows: list[Node], source: Source, known: Mapping[str, Kind]) -> Iterator[Column]:
        """The columns of an answer, bare or wrapped, and those that only its sample ``rows`` show. ``known`` are kinds
        by name in lower case, for what the file calls a text."""
        wrapped = self.under(schema, "properties", "Result") or schema
        properties = self.under(wrapped, "items", "properties")
        for name in properties:
            self.count()
            member = self.node(properties[name])
            kind = _kind(member) or known.get(name.lower()) or _shown(_values(name, rows))
            yield Column(name, kind, source, _words(member))
        told = {name.lower() for name in properties}
        for name in dict.fromkeys(name for row in rows for name in row if name.lower() not in told):
            yield Column(name, known.get(name.lower()) or _shown(_values(name, rows)), Source.SAMPLE)

    def fields(self, schema: Node) -> tuple[Field, ...]:
        """The fields of a body. ``SettingsError`` for one without end, or with rules that are none."""
        return tuple(_Body(self).fields(schema, (schema,)))

    def rules(self, schema: Node, where: str = "") -> Iterator[str]:
        """The rules between fields that ``sb.checks.conditions`` has a form for; the server knows the others."""
        parts = schema.get("allOf")
        for part in (schema, *(parts if isinstance(parts, list) else ())):
            told = _rule(self.node(part))
            if told:
                yield f"{where} {told}".strip()
        properties = self.node(schema.get("properties"))
        for name in properties if not where else ():
            member = self.node(properties[name])
            if _type(member) == "array":
                yield from self.rules(self.node(member.get("items")), name)


class _Body:
    """One body while its fields are read."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def fields(self, schema: Node, within: tuple[Node, ...], path: str = "") -> Iterator[Field]:
        """Those of ``schema``, which is the last of ``within``, the schemas around it."""
        required = _texts(schema.get("required"))
        properties = self._document.node(schema.get("properties"))
        for name in properties:
            self._document.count()
            yield self._field(f"{path}/{name}".lstrip("/"), self._document.node(properties[name]), required, within)

    def _field(self, path: str, schema: Node, required: tuple[str, ...], within: tuple[Node, ...]) -> Field:
        many, name = _type(schema) == "array", path.rpartition("/")[2]
        inner = self._document.node(schema.get("items")) if many else schema
        # One that holds itself, or goes too deep, is an object of whatever; SB says what it thinks of it.
        ends = len(within) >= _DEEPEST or any(inner is one for one in within)
        members = () if ends else tuple(self.fields(inner, (*within, inner), path))
        pattern = schema.get("pattern", "")
        if not isinstance(pattern, str):
            raise SettingsError(f"{printable(path)}: its pattern is no text.")
        return Field(
            name,
            Kind.OBJECT if members or (ends and "properties" in inner) else _kind(inner) or Kind.TEXT,
            name in required,
            choices=_choices(path, inner),
            pattern=pattern,
            shortest=_count(path, schema, "minLength") or 0,
            longest=_count(path, schema, "maxLength"),
            cents=schema.get("multipleOf") == Decimal("0.01"),
            many=many,
            members=members,
        )


def _count(path: str, schema: Node, word: str) -> int | None:
    """A length, None where there is none."""
    told = schema.get(word)
    if told is None or (type(told) is int and told >= 0):
        return told
    raise SettingsError(f"{printable(path)}: its {word} is no number of characters.")


def _choices(path: str, schema: Node) -> tuple[str, ...]:
    words = schema.get("enum")
    if isinstance(words, list) and any(isinstance(word, (dict, list)) for word in words):
        raise SettingsError(f"{printable(path)}: its enum has something that is no word.")
    return _words(schema)


def _type(schema: Node) -> str:
    """The type, the one beside ``null`` where 3.1 has two."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), None)
    return str(kind)


def _kind(schema: Node) -> Kind | None:
    """What a schema says by its format or type, None where that is any text."""
    return _FORMATS.get(str(schema.get("format"))) or _TYPES.get(_type(schema))


def _shown(values: list[object]) -> Kind:
    """What a column holds by its sample values, text where they differ or there are none."""
    kinds = {next((kind for kind, holds in _HOLDS if holds(value)), Kind.TEXT) for value in values}
    return kinds.pop() if len(kinds) == 1 else Kind.TEXT


_HOLDS: tuple[tuple[Kind, Callable[[object], bool]], ...] = (
    (Kind.BOOLEAN, lambda value: isinstance(value, bool)),
    (Kind.NUMBER, lambda value: isinstance(value, (int, Decimal))),
    (Kind.OBJECT, lambda value: isinstance(value, (dict, list))),
    (Kind.UUID, lambda value: isinstance(value, str) and _UUID.fullmatch(value) is not None),
    (Kind.MOMENT, lambda value: isinstance(value, str) and _MOMENT.fullmatch(value) is not None),
)


def _values(name: str, rows: list[Node]) -> list[object]:
    return [row[name] for row in rows if row.get(name) is not None]


def _words(schema: Node) -> tuple[str, ...]:
    words = schema.get("enum")
    return tuple("null" if word is None else str(word) for word in words) if isinstance(words, list) else ()


def _texts(names: object) -> tuple[str, ...]:
    return tuple(str(name) for name in names) if isinstance(names, list) else ()


def _rule(schema: Node) -> str:
    told = _asked(schema)
    if told:
        return told
    neither = schema.get("not")
    if isinstance(neither, Mapping) and len(_texts(neither.get("required"))) > 1:
        return f"either {' '.join(_texts(neither['required']))}"
    ways = schema.get("anyOf")
    if isinstance(ways, list):
        names = [_texts(way.get("required")) if isinstance(way, Mapping) else () for way in ways]
        if all(len(each) == 1 for each in names):
            return f"some {' '.join(each[0] for each in names)}"
    return ""


def _asked(schema: Node) -> str:
    """``when`` or ``unless``, of an ``if`` that asks for one name's value."""
    condition = schema.get("if")
    properties = condition.get("properties") if isinstance(condition, Mapping) else None
    if not isinstance(properties, Mapping) or len(properties) != 1:
        return ""
    [(name, value)] = properties.items()
    found = value.get("enum", [value["const"]] if "const" in value else []) if isinstance(value, Mapping) else []
    words = [str(word).lower() if isinstance(word, bool) else str(word) for word in found]
    for form, branch in (("when", schema.get("then")), ("unless", schema.get("else"))):
        needed = _texts(branch.get("required")) if isinstance(branch, Mapping) else ()
        if words and needed and all(words):
            return f"{form} {name} is {' '.join(words)} needs {' '.join(needed)}"
    return ""
