"""What an UpdateConnector takes: its fields, keys and sub-objects, as its schema describes them.

An XSD comes from Profit's DataConnector (profit-wire 4.6), or is made from REST's metainfo (3.4) by ``metainfoxsd``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TYPES = ("string", "long", "boolean", "decimal", "date", "dateTime", "time", "base64Binary")
"""The XSD types that AFAS' update schemas were seen to use, and one for a file, which AFAS declares a string."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field. ``type`` is an XSD name (see ``TYPES``); lengths and digits are 0 where there is no limit.

    ``label`` is AFAS' own text, ``reference`` what the field refers to (``Gebruiker => AfasKnUser``), ``codes`` the
    allowed codes with their texts. ``mandatory`` is None where the schema does not tell: only REST does.
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


@dataclass(frozen=True)
class Shape:
    """One object: the fields of a record in the schema's order, its keys (attributes), and the objects below it."""

    name: str
    fields: Mapping[str, FieldRule] = field(default_factory=dict)
    keys: Mapping[str, FieldRule] = field(default_factory=dict)
    objects: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True)
class UpdateSchema:
    """The schema of one UpdateConnector: ``root`` is the root element, whose name is not always the connector's id.

    ``text`` is the XSD as it came.
    """

    connector: str
    root: Shape
    text: str = field(repr=False)
