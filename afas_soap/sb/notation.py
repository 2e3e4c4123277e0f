"""A parser (recursive descent) of the notation in which the resource table is written.

::

    table      = { operation }
    operation  = [ VERB ] connector version { option } [ "->" ( "instances" | "data" ) { name } ] newline body { rule }
    option     = "key=" names | "in=" ( "6" | "8" | "none" ) | "tracked" | "query=" names | "admin" | "inferred"
    body       = fields, on lines of their own that begin with a blank
    fields     = item { "," item }
    item       = "@" set | name [ "*" ] { kind | "{" choices "}" | "<=" n | ">=" n | "/" pattern "/" }
                 [ "[" fields "]" | "(" fields ")" ]
    kind       = "u" uuid | "n" number | "number" number without two decimals | "int" | "b" | "d" date-time | "date"
               | "email" | "uri" | "o" object; text where there is none
    rule       = "rule:" text, one of ``sb.checks.conditions``

``@set`` is another text of the same notation, put in its place. The body of a read has groups beside the one that both
files know: ``6:``, ``8:`` and ``seen:``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from afas_soap.sb.operation import Answer, Column, Field, Kind, Operation, Shape, Source, Verb

_KINDS = {
    "u": Kind.UUID,
    "n": Kind.NUMBER,
    "number": Kind.NUMBER,
    "int": Kind.INTEGER,
    "b": Kind.BOOLEAN,
    "d": Kind.MOMENT,
    "date": Kind.DATE,
    "email": Kind.EMAIL,
    "uri": Kind.URI,
    "o": Kind.OBJECT,
}
_GROUPS = {"6:": Source.FILE_6, "8:": Source.FILE_8, "seen:": Source.SAMPLE}
_BOTH = Source.FILE_6 | Source.FILE_8
_IN = {"6": Source.FILE_6, "8": Source.FILE_8, "none": Source(0)}
_GROUP = re.compile(r"\s(6:|8:|seen:)")
_RULE = re.compile(r"\s+rule:")
_TOKEN = re.compile(r"\s*(/[^/]+/|[<>]=\d+|[\w]+\*?|\"[^\"]*\"|[{}\[\](),])")
_SET = re.compile(r"@(\w+)")


def parse(text: str, sets: Mapping[str, str]) -> tuple[Operation, ...]:
    """The operations that ``text`` spells. ``ValueError`` for a text that is not of this notation."""
    return tuple(_operation(block, sets) for block in re.split(r"\n(?=\S)", text.strip("\n")))


def _operation(block: str, sets: Mapping[str, str]) -> Operation:
    head, _, body = block.partition("\n")
    body, *rules = _RULE.split(f"\n{body}")
    operation = _head(head)
    if operation.verb is Verb.GET:
        return replace(operation, columns=tuple(_columns(body, sets, operation.sources)))
    fields = _Fields(_expanded(body, sets)).all()
    return replace(operation, fields=fields, conditions=tuple(" ".join(rule.split()) for rule in rules))


def _head(head: str) -> Operation:
    told, arrow, answer = head.partition("->")
    words = told.split()
    verb = Verb(words.pop(0)) if words[0] in list(Verb) else Verb.GET
    connector, version, *options = words
    valued = dict(option.split("=") for option in options if "=" in option)
    shape, *names = answer.split() if arrow else ("",)
    return Operation(
        connector,
        verb,
        version,
        _IN[valued["in"]] if "in" in valued else _BOTH,
        answer=Answer(Shape(shape), tuple(names)) if shape else None,
        key=_listed(valued.get("key")),
        query=_listed(valued.get("query")),
        tracked="tracked" in options,
        admin_only="admin" in options,
        inferred="inferred" in options,
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _columns(body: str, sets: Mapping[str, str], sources: Source) -> Iterator[Column]:
    first, *others = _GROUP.split(body)
    groups = [(sources, first), *((_GROUPS[mark], text) for mark, text in zip(others[::2], others[1::2], strict=True))]
    for source, text in groups:
        for field in _Fields(_expanded(text, sets)).all():
            yield Column(field.name, field.kind, source, field.choices)


def _expanded(text: str, sets: Mapping[str, str]) -> str:
    while _SET.search(text):
        text = _SET.sub(lambda match: sets[match[1]], text)
    return text


class _Fields:
    """The items of one text, one token ahead."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = next(self._tokens, "")

    def all(self) -> tuple[Field, ...]:
        fields = self._fields()
        if self._next:
            raise ValueError(f"{self._next} where the fields end")
        return fields

    def _take(self) -> str:
        taken, self._next = self._next, next(self._tokens, "")
        return taken

    def _fields(self) -> tuple[Field, ...]:
        fields = [self._item()]
        while self._next == ",":
            self._take()
            fields.append(self._item())
        return tuple(fields)

    def _item(self) -> Field:
        name = self._take()
        field = Field(name.removesuffix("*"), required=name.endswith("*"))
        while self._next and self._next not in ",])":
            field = self._with(field, self._take())
        return field

    def _with(self, field: Field, word: str) -> Field:
        if word in _KINDS:
            return replace(field, kind=_KINDS[word], cents=word == "n")
        if word == "{":
            return replace(field, choices=self._choices())
        if word in "[(":
            members = self._fields()
            self._take()
            return replace(field, kind=Kind.OBJECT, many=word == "[", members=members)
        if word.startswith("/"):
            return replace(field, pattern=word[1:-1])
        if word.startswith("<="):
            return replace(field, longest=int(word[2:]))
        if word.startswith(">="):
            return replace(field, shortest=int(word[2:]))
        raise ValueError(f"{word} is no kind of {field.name}")

    def _choices(self) -> tuple[str, ...]:
        found = []
        while (word := self._take()) != "}":
            if word != ",":
                found.append(word.strip('"'))
        return tuple(found)


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"not of this notation: {text[at : at + 30].strip()}")
        yield match[1]
        at = match.end()
