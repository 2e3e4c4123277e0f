"""What an UpdateConnector takes: its fields, keys and sub-objects, as its schema describes them.

An XSD comes from Profit's DataConnector (profit-wire 4.6), or is made from REST's metainfo (3.4) by ``metainfoxsd``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

TYPES = ("string", "long", "boolean", "decimal", "date", "dateTime", "time", "base64Binary")
"""The XSD types that AFAS' update schemas were seen to use; that of a file AFAS declares a string more often."""

MATCHES = frozenset({"MatchOga", "MatchPer"})
"""Organisations and persons are found by what these say, whatever the action and the keys (profit-wire 4.4)."""

# A file's content, in AFAS' schemas and OpenAPI files: FileStream, FileStream1, SignatureFileStream1, CvFileStream;
# FiDa of KnSubjectWorkflowReaction, "Inhoud bijlage". Texts without a limit have the same type there.
_FILE = re.compile(r"\w*FileStream[0-9]*|FiDa", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field. ``type`` is an XSD name (see ``TYPES``); lengths and digits are 0 where there is no limit.

    ``label`` is AFAS' own text, ``reference`` what the field refers to (``Gebruiker => AfasKnUser``), ``codes`` the
    allowed codes with their texts. ``mandatory`` is None where the schema does not tell: only REST does. ``either``
    when it does not tell which of ``moment.MOMENTS`` belongs here, and ``type`` is the likeliest.
    """

    name: str
    type: str = "string"
    max_length: int = 0
    total_digits: int = 0
    fraction_digits: int = 0
    nillable: bool = True
    label: str = ""
    reference: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    mandatory: bool | None = None
    either: bool = False

    @property
    def holds_file(self) -> bool:
        """Whether the value is a file's content, in base64: by its type, or by its code where that says no more."""
        return self.type == "base64Binary" or (not self.max_length and _FILE.fullmatch(self.name) is not None)


@dataclass(frozen=True)
class Shape:
    """One object: the fields of a record in the schema's order, its keys (attributes), and the objects below it."""

    name: str
    fields: Mapping[str, FieldRule] = field(default_factory=dict)
    keys: Mapping[str, FieldRule] = field(default_factory=dict)
    objects: Mapping[str, Shape] = field(default_factory=dict)

    @functools.cached_property
    def mandatory(self) -> Mapping[str, FieldRule]:
        """The rules of what a new record must have, keys among them."""
        return {name: rule for name, rule in {**self.keys, **self.fields}.items() if rule.mandatory}


@dataclass(frozen=True)
class UpdateSchema:
    """The schema of one UpdateConnector: ``root`` is the root element, whose name is not always the connector's id.

    ``text`` is the XSD as it came.
    """

    connector: str
    root: Shape
    text: str = field(repr=False)

    @property
    def tells_mandatory(self) -> bool:
        """Whether it says which fields are mandatory: one that metainfo made does, an XSD of Profit's own does not."""
        return _tells_mandatory(self.root)

    def told_by(self, metainfo: UpdateSchema) -> UpdateSchema:
        """The same schema with what only metainfo tells: which fields are mandatory, and how long a key may be, which
        AFAS' schemas declare without a length (profit-wire 4.6)."""
        return replace(self, root=_told(self.root, metainfo.root))


def _tells_mandatory(shape: Shape) -> bool:
    rules = (*shape.fields.values(), *shape.keys.values())
    return any(rule.mandatory is not None for rule in rules) or any(map(_tells_mandatory, shape.objects.values()))


def _told(shape: Shape, metainfo: Shape) -> Shape:
    told = {**metainfo.keys, **metainfo.fields}
    return Shape(
        shape.name,
        {name: _with_mandatory(rule, told.get(name)) for name, rule in shape.fields.items()},
        {
            name: _with_length(_with_mandatory(rule, told.get(name)), told.get(name))
            for name, rule in shape.keys.items()
        },
        {
            name: _told(part, metainfo.objects[name]) if name in metainfo.objects else part
            for name, part in shape.objects.items()
        },
    )


def _with_mandatory(rule: FieldRule, told: FieldRule | None) -> FieldRule:
    return rule if told is None else replace(rule, mandatory=told.mandatory)


def _with_length(rule: FieldRule, told: FieldRule | None) -> FieldRule:
    fits = told is not None and told.type == rule.type == "string"
    return replace(rule, max_length=rule.max_length or told.max_length) if told is not None and fits else rule
