"""The UpdateConnectors of the table: against AFAS' own schemas and OpenAPI files, and each a whole in itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from afas_soap.emulator.booking.specification.openapi import definitions
from afas_soap.emulator.booking.table import TABLE
from afas_soap.emulator.booking.table.notation import shape
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.schemas.updateschema import FieldRule, Shape
from afas_soap.profit.updates.update import Action, Element
from afas_soap.profit.updates.updatejson import update_from_json

X = "{http://www.w3.org/2001/XMLSchema}"
DECLARED = f"{X}complexType/{X}sequence/{X}element"

# Ours and AFAS': a file is a string in most of AFAS' schemas, and an image of a person base64 after all.
FILES = {("base64Binary", "string"), ("base64Binary", "base64Binary")}
# AFAS' OpenAPI files have no time: the schema of PtProject has one where they say date-time. SfTp is a string there and
# a number in the schema.
SPELT_OTHERWISE = {("time", "dateTime"), ("base64Binary", "string")}
OTHER_TYPES = {"KnSubject/KnSubjectLink/SfTp": ("long", "string")}
# Codes that AFAS' schema has and its file has not.
MORE_CODES = {"KnSubject/KnSubjectLink/SfTp": {"30", "31", "32"}}
# What the contact of a purchase relation has not, and that of a sales relation has.
NOT_THERE = {"KnPurchaseRelationOrg/KnOrganisation/KnContact/ViKc"}
# Never empty in the addresses of this one connector, whose shape is that of all others here.
OTHERWISE_FILLED = {"KnContact/KnBasicAddressAdr/Rs", "KnContact/KnBasicAddressPad/Rs"}
# Those whose schema is here.
SCHEMAS = ["KnSubject", "KnContact", "PtProject", "KnCourseMember", "KnSalesRelationPer", "KnSubjectWorkflowReaction"]
# What AFAS has and we have not: objects without fields of their own, whose fields are those of one environment.
OF_ONE_ENVIRONMENT = re.compile(r"KnSubject/KnS\d\d/SbId")


def _each(part: Shape, path: str) -> Iterator[tuple[str, FieldRule]]:
    for rule in {**part.keys, **part.fields}.values():
        yield f"{path}/{rule.name}", rule
    for name, inner in part.objects.items():
        yield from _each(inner, f"{path}/{name}")


def _genuine(declaration: etree._Element, path: str) -> Iterator[tuple[str, tuple[str, int, int, int]]]:
    """The path of each field or key that a schema of AFAS' declares, with its type, length and digits."""
    (row,) = declaration.findall(DECLARED)
    for attribute in row.findall(f"{X}complexType/{X}attribute"):
        yield f"{path}/{attribute.get('name')}", _declared(attribute)
    for content in row.findall(DECLARED):
        for inner in content.findall(DECLARED):
            if content.get("name") == "Fields":
                yield f"{path}/{inner.get('name')}", _declared(inner)
            else:
                yield from _genuine(inner, f"{path}/{inner.get('name')}")


def _declared(declaration: etree._Element) -> tuple[str, int, int, int]:
    restriction = declaration.find(f"{X}simpleType/{X}restriction")
    if restriction is None:
        return declaration.get("type").removeprefix("xsd:"), 0, 0, 0
    facets = {facet.tag.removeprefix(X): int(facet.get("value")) for facet in restriction}
    kind = restriction.get("base").removeprefix("xsd:")
    return kind, facets.get("maxLength", 0), facets.get("totalDigits", 0), facets.get("fractionDigits", 0)


@pytest.mark.no_cover
@pytest.mark.parametrize("connector", SCHEMAS)
def test_every_field_of_afas_own_schema_is_here_as_it_is_there(connector: str, afas: Path) -> None:
    """And what is not there came later: it is in AFAS' OpenAPI files."""
    root = etree.parse(afas / "xsd" / f"{connector}.xsd").getroot().find(f"{X}element")
    genuine = dict(_genuine(root, root.get("name")))
    definition = TABLE[connector]
    ours = dict(_each(definition.shape, definition.shape.name))
    later = dict(_each(definitions(afas / "openapi" / "profit")[connector].shape, definition.shape.name))
    assert [path for path in genuine if path not in ours and not OF_ONE_ENVIRONMENT.fullmatch(path)] == []
    assert [path for path in ours if path not in genuine and path not in later] == []
    keys = {path for path, _ in _keys(definition.shape, definition.shape.name)}
    compared = 0
    for path, rule in ours.items():
        if path not in genuine:
            continue
        kind, length, total, fraction = genuine[path]
        assert rule.type == kind or (rule.type, kind) in FILES, path
        assert path in keys or rule.max_length == length, path
        assert (rule.total_digits, rule.fraction_digits) == (total, fraction), path
        compared += 1
    assert compared > 10


def _keys(part: Shape, path: str) -> Iterator[tuple[str, FieldRule]]:
    for rule in part.keys.values():
        yield f"{path}/{rule.name}", rule
    for name, inner in part.objects.items():
        yield from _keys(inner, f"{path}/{name}")


@pytest.mark.parametrize("connector", SCHEMAS)
def test_what_may_be_empty_may_be_empty_in_afas_own_schema(connector: str, afas: Path) -> None:
    """Nothing is mandatory that may be empty there; and no key is, though AFAS' schema says so (profit-wire 4.6)."""
    root = schema_from_xsd((afas / "xsd" / f"{connector}.xsd").read_text("utf-8"), connector).root
    genuine = dict(_each(root, root.name))
    keys = {path for path, _ in _keys(TABLE[connector].shape, root.name)}
    compared = 0
    for path, rule in _each(TABLE[connector].shape, root.name):
        if path in keys:
            assert not rule.mandatory, path
        elif path in genuine and path not in OTHERWISE_FILLED:
            assert rule.nillable == genuine[path].nillable, path
            assert not (rule.mandatory and rule.nillable), path
            compared += 1
    assert compared > 10


def test_every_field_of_afas_openapi_files_is_here_as_it_is_there(afas: Path) -> None:
    files = definitions(afas / "openapi" / "profit")
    compared = 0
    for connector in TABLE.keys() & files.keys():
        theirs = dict(_each(files[connector].shape, connector))
        ours = dict(_each(TABLE[connector].shape, connector))
        assert [path for path in theirs if path not in ours] == []
        for path, rule in _each(TABLE[connector].shape, connector):
            if path in NOT_THERE:
                assert path not in theirs
                continue
            their = theirs[path]
            otherwise = OTHER_TYPES.get(path) == (rule.type, their.type) or (rule.type, their.type) in SPELT_OTHERWISE
            assert rule.type == their.type or otherwise, path
            assert rule.max_length == their.max_length, path
            assert their.fraction_digits in (0, rule.fraction_digits), path
            compared += 1
    assert compared > 1900


def test_every_list_of_codes_is_that_of_afas_openapi_files(afas: Path) -> None:
    """The emulator refuses by them: half a list would refuse what Profit takes."""
    files = definitions(afas / "openapi" / "profit")
    compared = 0
    for connector in TABLE.keys() & files.keys():
        theirs = dict(_each(files[connector].shape, connector))
        for path, rule in _each(TABLE[connector].shape, connector):
            if rule.codes and path not in NOT_THERE:
                codes = {code for code, _ in rule.codes} - MORE_CODES.get(path, set())
                assert codes == {code for code, _ in theirs[path].codes}, path
                compared += 1
    assert compared > 50


def test_keys_verbs_and_what_comes_back_are_those_of_afas_openapi_files(afas: Path) -> None:
    files = definitions(afas / "openapi" / "profit")
    described = TABLE.keys() & files.keys()
    # All but FbSales, whose file is not here.
    assert TABLE.keys() - described == {"FbSales"}
    for connector in described:
        ours, theirs = TABLE[connector], files[connector]
        assert ours.shape.name == theirs.shape.name
        assert (ours.results, ours.result_name, ours.verbs) == (theirs.results, theirs.result_name, theirs.verbs)
        # What is told of an entry beside its number.
        assert set(ours.keys) == set(theirs.keys) - {"InID"}, connector
        assert set(ours.sub_objects) == set(theirs.sub_objects), connector


def test_what_is_mandatory_stands_in_every_insert_of_afas_own(afas: Path) -> None:
    """A star in AFAS' files is a hint: what its own inserts leave out is not mandatory here (profit-wire 11)."""
    checked = 0
    for path in (afas / "openapi" / "profit").glob("*.json"):
        for address, operations in json.loads(path.read_text(encoding="utf-8"))["paths"].items():
            connector = address.removeprefix("/connectors/")
            if connector not in TABLE or "post" not in operations:
                continue
            for example in operations["post"]["requestBody"]["content"]["application/json"]["examples"].values():
                update = update_from_json(json.dumps(example["value"]), connector)
                for element in update.elements:
                    checked += _complete(element, TABLE[connector].shape)
    assert checked > 400


def _complete(element: Element, part: Shape) -> int:
    """How many records have all that is mandatory, which all of them must."""
    if element.action is not Action.INSERT:
        return 0
    needed = {rule.name for rule in part.fields.values() if rule.mandatory}
    assert needed <= {*element.fields, *element.keys}, part.name
    rows = [(row, inner.name) for inner in element.objects if inner.name in part.objects for row in inner.elements]
    return 1 + sum(_complete(row, part.objects[name]) for row, name in rows)


def test_what_is_mandatory() -> None:
    mandatory = {
        connector: [rule.name for rule in definition.shape.fields.values() if rule.mandatory]
        for connector, definition in TABLE.items()
    }
    assert mandatory == {
        "KnSubject": ["StId", "Ds"],
        "KnSubjectReaction": ["SbId", "SbTx", "VaRe"],
        "KnSubjectWorkflowReaction": ["SbId"],
        "KnOrganisation": ["MatchOga"],
        "KnPerson": ["MatchPer"],
        "KnContact": [],
        "KnSalesRelationOrg": ["CuId"],
        "KnSalesRelationPer": ["CuId"],
        "KnPurchaseRelationOrg": ["CuId"],
        "KnUser": ["MtCd", "UsId", "Nm"],
        "KnCourseMember": ["SuDa"],
        "FbSales": ["DbId"],
        "FbItemArticle": ["Grp", "BiUn"],
        "PtProject": [],
        "PtRealization": ["DaTi", "VaIt", "ItCd"],
        "FiEntries": ["Year", "Peri", "JoCo"],
    }


@pytest.mark.parametrize("connector", TABLE)
def test_a_definition_is_a_whole(connector: str) -> None:
    definition = TABLE[connector]
    assert definition.connector == connector
    assert definition.strict
    known = {*definition.shape.fields, *definition.shape.keys}
    # The number of an entry is handed out, and stands on its lines.
    assert set(definition.keys) - known == ({"EnNo"} if connector == "FiEntries" else set())
    assert set(definition.sub_objects) <= set(definition.shape.objects)
    assert bool(definition.results) == bool(definition.result_name)
    for path, rule in _each(definition.shape, connector):
        assert rule.label, path
        assert rule.mandatory is not None, path
        assert not (rule.mandatory and (rule.nillable or rule.type == "boolean")), path


def test_the_one_connector_whose_file_is_not_here() -> None:
    """profit-wire 11 and 13."""
    sales = TABLE["FbSales"]
    assert (sales.keys, sales.results, sales.verbs) == (("OrNu",), ("OrNu",), frozenset(Action))
    assert sales.sub_objects == ("FbSalesLines",)
    lines = sales.shape.objects["FbSalesLines"].fields
    assert [name for name, rule in lines.items() if rule.mandatory] == ["VaIt", "ItCd", "BiUn", "QuUn"]
    assert (lines["GuLi"].type, lines["GuLi"].max_length) == ("string", 38)


def test_a_line_tells_all_of_a_field() -> None:
    described = shape(
        "Root",
        """
        Id  int!         Nummer
        No  string5+     Code (intern)
        Am  decimal26.10*  Bedrag
        On  boolean*     Aan
        Ty  string20~    Soort (verwijzing naar: Soort (oud) => AfasKnKind)  A:Een   B:Twee: dus
        Fi  blob         Bestand
        """,
        shape("Below", "Ti  time  Tijd"),
    )
    assert described == Shape(
        "Root",
        {
            "No": FieldRule("No", "string", 5, label="Code (intern)", mandatory=False),
            "Am": FieldRule(
                "Am", "decimal", total_digits=26, fraction_digits=10, nillable=False, label="Bedrag", mandatory=True
            ),
            "On": FieldRule("On", "boolean", nillable=False, label="Aan", mandatory=False),
            "Ty": FieldRule(
                "Ty",
                "string",
                20,
                nillable=False,
                label="Soort",
                reference="Soort (oud) => AfasKnKind",
                codes=(("A", "Een"), ("B", "Twee: dus")),
                mandatory=False,
            ),
            "Fi": FieldRule("Fi", "base64Binary", label="Bestand", mandatory=False),
        },
        {
            "Id": FieldRule("Id", "long", label="Nummer", mandatory=False),
            "No": FieldRule("No", "string", 5, label="Code (intern)", mandatory=False),
        },
        {"Below": Shape("Below", {"Ti": FieldRule("Ti", "time", label="Tijd", mandatory=False)})},
    )
    with pytest.raises(ValueError, match="is no type"):
        shape("Root", "Id  12  Nummer")
