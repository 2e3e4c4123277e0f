"""What an UpdateConnector says of itself: metainfo for REST, the XSD for SOAP's DataConnector."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from afas_soap.emulator.booking.definition import Definition
from afas_soap.profit.controls import unfit
from afas_soap.profit.fields import FREE_TEXT, KEY_OR_LIST
from afas_soap.profit.schemas.updateschema import FieldRule, Shape

# The type of a rule: (metainfo's name, length in metainfo where the rule has none). Metainfo has no name of its own for
# a date-time, and none was seen for a time: AFAS' OpenAPI files call both date-times, so metainfo's word is one as well
# (inferred).
_TYPES: Mapping[str, tuple[str, int]] = {
    "string": ("string", 0),
    "long": ("int", 10),
    "boolean": ("boolean", 1),
    "decimal": ("decimal", 0),
    "date": ("date", 10),
    "dateTime": ("date", 19),
    "time": ("date", 8),
    "base64Binary": ("blob", 0),
}
# Those that are declared by a type's name alone. A file is a string in most of AFAS' schemas.
_PLAIN = ("long", "boolean", "date", "dateTime", "time")
_ATTRIBUTES = {name: name for name in (*_PLAIN, "decimal")}


def metainfo(definition: Definition) -> dict[str, object]:
    """The document of ``GET /metainfo/update/{connector}`` (profit-wire 3.4).

    ``name`` is the root element (inferred: the samples have connectors whose id is the same). A field of which nobody
    knows whether it is mandatory is not.
    """
    return {"id": definition.connector, "description": definition.description, **_metainfo(definition.shape)}


def xsd(definition: Definition) -> str:
    """The XSD as the DataConnector gives it: one line, labels as comments (profit-wire 4.6).

    A key is an attribute, and no field. Where the definition comes out of an OpenAPI file it is both, if it is in both:
    AFAS' files list keys among the fields, and its examples write some of them either way.
    """
    return f"{_OPENING}{_part(definition.shape, '', keys_apart=definition.strict)}</xsd:schema>"


def _metainfo(part: Shape) -> dict[str, object]:
    rules = {**part.keys, **part.fields}
    return {
        "name": part.name,
        "fields": [_field_metainfo(rule, key=code in part.keys) for code, rule in rules.items()],
        "objects": [_metainfo(inner) for inner in part.objects.values()],
    }


def _field_metainfo(rule: FieldRule, *, key: bool) -> dict[str, object]:
    name, length = _TYPES[rule.type]
    values = [{"id": code, "description": text} for code, text in rule.codes] or None
    return {
        "fieldId": rule.name,
        "primaryKey": key,
        "dataType": name,
        "label": rule.label,
        "mandatory": rule.mandatory is True,
        "length": rule.max_length or rule.total_digits or length,
        "decimals": rule.fraction_digits,
        "decimalFieldId": "",
        "notzero": False,
        "controlType": KEY_OR_LIST if key or values or rule.reference else FREE_TEXT,
        "values": values,
    }


_OPENING = (
    '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:simpleType name="AFASRowAction">'
    '<xsd:restriction base="xsd:string"><xsd:enumeration value="insert"/><xsd:enumeration value="update"/>'
    '<xsd:enumeration value="delete"/></xsd:restriction></xsd:simpleType>'
)
_ACTION = '<xsd:attribute name="Action" use="required" type="AFASRowAction"/>'


def _part(part: Shape, occurs: str, *, keys_apart: bool) -> str:
    """The declaration of one object, with what is below it."""
    shown = (rule for code, rule in part.fields.items() if not (keys_apart and code in part.keys))
    content = _complex("Fields", ' minOccurs="0"', f"<xsd:sequence>{_joined(shown, _element)}</xsd:sequence>{_ACTION}")
    inner = "".join(_part(each, ' minOccurs="0"', keys_apart=keys_apart) for each in part.objects.values())
    content += _complex("Objects", ' minOccurs="0"', f"<xsd:sequence>{inner}</xsd:sequence>") if inner else ""
    attributes = _joined(part.keys.values(), _attribute)
    element = _complex("Element", ' maxOccurs="unbounded"', f"<xsd:sequence>{content}</xsd:sequence>{attributes}")
    return _complex(part.name, occurs, f"<xsd:sequence>{element}</xsd:sequence>")


def _complex(name: str, occurs: str, content: str) -> str:
    return f'<xsd:element name="{name}"{occurs}><xsd:complexType>{content}</xsd:complexType></xsd:element>'


def _joined(rules: Iterable[FieldRule], declare: Callable[[FieldRule], str]) -> str:
    return "".join(f"{_comments(rule)}{declare(rule)}" for rule in rules)


def _comments(rule: FieldRule) -> str:
    reference = f" (verwijzing naar: {rule.reference})" if rule.reference else ""
    values = "   ".join(f"{code}:{text}" for code, text in rule.codes)
    return _comment(f"{rule.label}{reference}") + (_comment(f"Values:  {values}") if values else "")


def _comment(text: str) -> str:
    """A comment without what XML has none of in comments: two hyphens in a row, one at the end, control characters."""
    text = unfit().sub(" ", text).replace("--", "- -").replace("--", "- -")
    return f"<!--{text} -->" if text.endswith("-") else f"<!--{text}-->"


def _element(rule: FieldRule) -> str:
    opening = f'<xsd:element name="{rule.name}" minOccurs="0"'
    nillable = ' nillable="true"' if rule.nillable else ""
    if rule.type in _PLAIN:
        return f'{opening} type="xsd:{rule.type}"{nillable}/>'
    return f"{opening}{nillable}><xsd:simpleType>{_restriction(rule)}</xsd:simpleType></xsd:element>"


def _restriction(rule: FieldRule) -> str:
    if rule.type == "decimal":
        digits = f'<xsd:totalDigits value="{rule.total_digits}"/>' if rule.total_digits else ""
        # Digits in all without decimals is a whole amount; neither is a number of which nothing is known.
        decimals = f'<xsd:fractionDigits value="{rule.fraction_digits}"/>' if digits or rule.fraction_digits else ""
        return f'<xsd:restriction base="xsd:decimal">{digits}{decimals}</xsd:restriction>'
    longest = f'<xsd:maxLength value="{rule.max_length}"/>' if rule.max_length else ""
    return f'<xsd:restriction base="xsd:string">{longest}<xsd:minLength value="1"/></xsd:restriction>'


def _attribute(rule: FieldRule) -> str:
    # AFAS marks keys as required, though inserts leave them out, and declares them without a length (profit-wire 4.6).
    return f'<xsd:attribute name="{rule.name}" use="required" type="xsd:{_ATTRIBUTES.get(rule.type, "string")}"/>'
