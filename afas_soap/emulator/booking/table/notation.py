"""How the UpdateConnectors of the table are written down: a block of lines for each object, one line a field.

Codes, lengths and order are AFAS' own (profit-wire 4.6 and 11), the labels those of a Dutch environment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from afas_soap.profit.schemas.updateschema import FieldRule, Shape

_GAP = re.compile(r" {2,}")
_TYPE = re.compile(r"(?P<name>[A-Za-z]+)(?P<length>[0-9]+)?(?:\.(?P<decimals>[0-9]+))?(?P<marks>[!+*~]*)")
_COMMENT = re.compile(r"(?P<label>.*?)(?: \(verwijzing naar: (?P<reference>.*)\))?")
# Ours to XSD's, where they differ.
_TYPES = {"int": "long", "blob": "base64Binary"}


def shape(name: str, text: str, *objects: Shape) -> Shape:
    """One object of these fields, with the objects below it.

    A line is code, type, label and perhaps values, two blanks or more between. A type is ``string`` with its length,
    ``decimal26.10`` (digits in all, behind the point), ``int``, ``boolean``, ``date``, ``dateTime``, ``time`` or
    ``blob``. Marks behind it: ``!`` for a key, which is an attribute of Element; ``+`` for a key that AFAS' JSON has
    among the fields as well; ``*`` for a field that is mandatory; ``~`` for one that may be left out, not emptied.
    """
    fields: dict[str, FieldRule] = {}
    keys: dict[str, FieldRule] = {}
    for line in filter(str.strip, text.splitlines()):
        marks, rule = _rule(*_GAP.split(line.strip(), maxsplit=3))
        fields |= {} if "!" in marks else {rule.name: rule}
        keys |= {rule.name: rule} if "!" in marks or "+" in marks else {}
    return Shape(name, fields, keys, _by_name(objects))


def _by_name(objects: tuple[Shape, ...]) -> Mapping[str, Shape]:
    return {each.name: each for each in objects}


def _rule(code: str, declared: str, comment: str, values: str = "") -> tuple[str, FieldRule]:
    """The marks of a line, and its field."""
    match, told = _TYPE.fullmatch(declared), _COMMENT.fullmatch(comment)
    if match is None or told is None:
        raise ValueError(f"{code}: {declared} is no type")
    kind = _TYPES.get(match["name"], match["name"])
    length, is_decimal = int(match["length"] or 0), kind == "decimal"
    pairs = (pair.partition(":") for pair in _GAP.split(values) if pair)
    rule = FieldRule(
        code,
        kind,
        max_length=0 if is_decimal else length,
        total_digits=length if is_decimal else 0,
        fraction_digits=int(match["decimals"] or 0),
        nillable="*" not in match["marks"] and "~" not in match["marks"],
        label=told["label"],
        reference=told["reference"] or "",
        codes=tuple((value, text) for value, _, text in pairs),
        # A yes/no field has a default, so it may be left out (since Profit 3: profit-wire 3.4).
        mandatory="*" in match["marks"] and kind != "boolean",
    )
    return match["marks"], rule
