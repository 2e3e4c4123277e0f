"""AFAS' OpenAPI files as definitions: all nine of them, by hand where they have an oddity, and what is no such file."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.specification.describing import xsd
from afas_soap.emulator.booking.specification.openapi import definitions
from afas_soap.errors import SettingsError, UpdateError
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.schemas.updateschema import FieldRule, Shape
from afas_soap.profit.updates.update import Action, Element
from afas_soap.profit.updates.updatejson import update_from_json

FILES = 9
CONNECTORS = 70
EXAMPLES = 369
# What the schemas of AFAS' own examples do not have; U001 and so on stand for the columns of a free file (KnCustomK01).
UNKNOWN = {"VaDp": 4, "CuId": 2, "TeN2": 1, "id": 1, "U001": 1, "U002": 1, "U003": 1, "U004": 1, "U005": 2, "U006": 2}
# Of the fields in AFAS' examples: known, and free fields of an environment.
FIELDS = (6418, 56)
ANOTHER_ROOT = {"HrCostCentre": 3}


@pytest.fixture
def genuine(afas: Path) -> dict[str, Definition]:
    """The definitions of AFAS' nine files."""
    return _read(afas / "openapi" / "profit")


_read = functools.cache(definitions)


def _bodies(folder: Path) -> list[tuple[str, str, str, object]]:
    """Connector, sub-object, verb and value of every example, read without any code of the emulator's."""
    found = []
    for path in sorted(folder.glob("*.json")):
        for address, operations in json.loads(path.read_text(encoding="utf-8"))["paths"].items():
            if not address.startswith("/connectors/"):
                continue
            for verb in ("post", "put"):
                content = operations.get(verb, {}).get("requestBody", {}).get("content", {})
                for example in content.get("application/json", {}).get("examples", {}).values():
                    _, connector, *sub = address.strip("/").split("/")
                    found.append((connector, "".join(sub), verb, example["value"]))
    return found


def test_every_connector_of_the_nine_files_is_read(genuine: dict[str, Definition], afas: Path) -> None:
    assert len(list((afas / "openapi" / "profit").glob("*.json"))) == FILES
    assert len(genuine) == CONNECTORS
    for name, definition in genuine.items():
        assert definition.connector == name
        assert definition.description
        assert not definition.strict
        assert definition.verbs


def test_the_fields_of_afas_examples_are_known(genuine: dict[str, Definition], afas: Path) -> None:
    known, free, unknown, roots = 0, 0, {}, {}

    def count(elements: tuple[Element, ...], shape: Shape) -> None:
        nonlocal known, free
        for element in elements:
            assert set(element.keys) <= set(shape.keys)
            for name in element.fields:
                if name in shape.fields:
                    known += 1
                elif len(name) == 33:
                    free += 1
                else:
                    unknown[name] = unknown.get(name, 0) + 1
            for part in element.objects:
                # KnS04 and KnS51 hold free fields of a type of dossier item.
                if part.name in shape.objects:
                    count(part.elements, shape.objects[part.name])

    bodies = _bodies(afas / "openapi" / "profit")
    assert len(bodies) == EXAMPLES
    for connector, sub_object, _, value in bodies:
        update = update_from_json(json.dumps(value), connector, sub_object=sub_object)
        if update.root == genuine[connector].shape.name:
            count(update.elements, genuine[connector].shape)
        else:
            roots[connector] = roots.get(connector, 0) + 1
    assert (known, free) == FIELDS
    assert unknown == UNKNOWN
    assert roots == ANOTHER_ROOT


def test_no_example_is_a_duplicate_of_itself_and_every_update_names_its_keys(
    genuine: dict[str, Definition], afas: Path
) -> None:
    """Which is what the rule of ``speckeys`` is for. Connectors without keys have records nobody can tell apart."""
    without = set()
    for connector, sub_object, verb, value in _bodies(afas / "openapi" / "profit"):
        definition = genuine[connector]
        action = Action.INSERT if verb == "post" else Action.UPDATE
        update = update_from_json(json.dumps(value), connector, action=action, sub_object=sub_object)
        if update.root != definition.shape.name:
            continue
        seen = set()
        for element in update.elements:
            values = tuple(str(element.keys.get(key, element.fields.get(key, ""))) for key in definition.keys)
            if element.action is Action.UPDATE:
                assert all(values), connector
                without |= set() if values else {connector}
            elif values and all(values):
                assert values not in seen, connector
                seen.add(values)
    assert without == {"FiInvoice", "FiSepaDirectDebit", "KnContact", "KnTeamMember", "PtMonitor", "PtRealizationWeek"}


@pytest.mark.parametrize(
    ("connector", "keys", "attributes"),
    [
        ("FbItemArticle", ("ItCd",), ()),
        # What the address of DELETE leaves out: its unit belongs to an item.
        ("FbUnitBasicItem", ("VaIt", "BiUn", "ItCd"), ()),
        # What it names is a kind, a year, a switch.
        ("FbComposition", ("ItCd",), ()),
        ("FiEntries", ("EnNo", "UnId", "InID"), ()),
        ("PtRealization", ("Id",), ()),
        ("FiSepaDirectDebit", (), ()),
        # Where nothing tells records apart there are none.
        ("FbConfrontation", (), ()),
        ("KnTeamMember", (), ()),
        ("KnContact", (), ()),
        # An @SbId in one example beside an SbId that is another.
        ("KnSubjectWorkflowReaction", (), ("SbId",)),
        ("KnSubject", ("SbId",), ("SbId",)),
        ("KnCourseMember", ("CrId", "CdId"), ("CrId", "CdId")),
        # Sn is never an attribute, and no insert has one: it is handed out.
        ("KnCurrencyRates", ("Cu", "Sn"), ("Cu",)),
        ("KnUser", ("UsId",), ("UsId",)),
        ("KnSalesRelationOrg", ("DbId",), ("DbId",)),
        # BcId comes back, and no example sends it.
        ("KnOrganisation", ("BcCo",), ()),
        ("PtOptionListLine", ("OlNu", "Code"), ()),
        ("FiEntriesCustom", ("UnId", "EnNo", "SeNo"), ("UnId", "EnNo", "SeNo")),
    ],
)
def test_keys(
    genuine: dict[str, Definition], connector: str, keys: tuple[str, ...], attributes: tuple[str, ...]
) -> None:
    definition = genuine[connector]
    assert definition.keys == keys
    assert tuple(definition.shape.keys) == attributes
    assert set(attributes) <= set(definition.shape.fields)


@pytest.mark.parametrize(
    ("connector", "root", "name", "results"),
    [
        ("FiEntries", "FiEntryPar", "FiEntries", ("EnNo", "UnId", "InID")),
        ("KnOrgUnit", "KnOrgunit", "KnOrgUnit", ("OuId",)),
        ("KnSubjectReaction", "KnReaction", "", ()),
        # Without "results" around it, as a list of records, and as a list of one key each.
        ("PtMeasurement", "PtMeasurement", "PtMeasurement", ("MsId",)),
        ("KnCustomLinkC01", "KnCustomLinkC01", "KnCustomLinkC01", ("CdId", "SqNo")),
        ("PtOptionListLine", "PtOptionListLine", "PtOptionListLine", ("OlNu", "Code")),
    ],
)
def test_root_and_what_comes_back(
    genuine: dict[str, Definition], connector: str, root: str, name: str, results: tuple[str, ...]
) -> None:
    definition = genuine[connector]
    assert (definition.shape.name, definition.result_name, definition.results) == (root, name, results)


def test_verbs_and_sub_objects(genuine: dict[str, Definition]) -> None:
    assert genuine["KnContact"].verbs == {Action.UPDATE}
    assert genuine["KnSubjectWorkflowReaction"].verbs == {Action.INSERT}
    assert genuine["KnSubject"].verbs == set(Action)
    assert genuine["PtProject"].sub_objects == ("KnBasicAddressAdr", "PtProjectStage", "PtTailSpend")


def test_a_field_of_each_type(genuine: dict[str, Definition]) -> None:
    article = genuine["FbItemArticle"].shape.fields
    # The schema of POST has no decimals, that of PUT has.
    assert article["SaPrice"] == FieldRule("SaPrice", "decimal", fraction_digits=10, label="Verkoopprijs")
    assert article["BiDc"] == FieldRule("BiDc", "long", label="Number of decimals")
    assert article["DatPri"] == FieldRule("DatPri", "date", label="Ingangsdatum prijzen")
    assert article["Rm"] == FieldRule("Rm", label="Remark")
    assert article["VaTp"].codes[:2] == (("0", "Standaard artikel"), ("1", "Serienummerartikel"))
    assert (article["VaTp"].label, article["VaTp"].max_length) == ("Article type", 20)
    contact = genuine["KnContact"].shape.fields
    assert (contact["EmAd"].type, contact["EmAd"].max_length) == ("string", 255)
    assert genuine["KnSubject"].shape.fields["Da"].type == "dateTime"


def test_the_schema_of_each_definition_is_read_back_as_it_was(genuine: dict[str, Definition]) -> None:
    def as_read(shape: Shape) -> object:
        rules = [(rule.name, rule.type, rule.max_length, rule.fraction_digits) for rule in shape.fields.values()]
        return shape.name, rules, list(shape.keys), [as_read(inner) for inner in shape.objects.values()]

    for name, definition in genuine.items():
        assert as_read(schema_from_xsd(xsd(definition), name).root) == as_read(definition.shape)


# What follows is written by hand.


def _part(fields: dict[str, object], objects: dict[str, object] | None = None, *, array: bool = False) -> dict:
    properties: dict[str, object] = {"Fields": {"type": "object", "properties": fields}}
    if objects is not None:
        properties["Objects"] = {"type": "array", "items": {"type": "object", "properties": objects}}
    record = {"type": "object", "properties": properties}
    element = {"type": "array", "items": record} if array else record
    return {"type": "object", "properties": {"Element": element}}


def _body(schema: object, *examples: object) -> dict:
    listed = {str(number): {"value": value} for number, value in enumerate(examples)}
    return {"requestBody": {"content": {"application/json": {"schema": schema, "examples": listed}}}}


def _written(folder: Path, name: str, **paths: object) -> Path:
    document = {"openapi": "3.0.0", "paths": {f"/{key.replace('__', '/')}": value for key, value in paths.items()}}
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return folder


NUMBER = {"type": "integer", "format": "", "description": "Nummer"}
TEXT = {"type": "string", "format": "", "maxLength": 5, "description": "Tekst"}
MINIMAL = {"properties": {"Root": _part({"Id": NUMBER})}}


def test_post_and_put_together_are_the_shape(tmp_path: Path) -> None:
    post = {"properties": {"Root": _part({"A": TEXT, "B": TEXT}, {"Below": _part({"X": TEXT}, array=True)})}}
    put = {"properties": {"Root": _part({"B": NUMBER, "C": TEXT}, {"Below": _part({"Y": TEXT}), "More": _part({})})}}
    _written(tmp_path, "a.json", connectors__Some={"post": _body(post), "put": _body(put)})
    shape = definitions(tmp_path)["Some"].shape
    assert {name: rule.type for name, rule in shape.fields.items()} == {"A": "string", "B": "string", "C": "string"}
    assert {name: list(inner.fields) for name, inner in shape.objects.items()} == {"Below": ["X", "Y"], "More": []}


def test_a_connector_of_two_files_is_the_union(tmp_path: Path) -> None:
    _written(tmp_path, "a.json", connectors__Some={"post": _body(MINIMAL)})
    _written(tmp_path, "b.json", connectors__Some={"put": _body({"properties": {"Root": _part({"Ds": TEXT})}})})
    definition = definitions(tmp_path)["Some"]
    assert list(definition.shape.fields) == ["Id", "Ds"]
    assert definition.verbs == {Action.INSERT, Action.UPDATE}


def test_keys_below_are_attributes_where_examples_write_them_so(tmp_path: Path) -> None:
    schema = {"properties": {"Root": _part({"Id": NUMBER}, {"Below": _part({"No": NUMBER, "Ds": TEXT})})}}
    rows = [{"@No": "1", "@Unknown": "2", "Fields": {"Ds": "a"}}]
    example = {"Root": {"Element": {"Fields": {"Id": 1}, "Objects": [{"Below": {"Element": rows}}]}}}
    _written(tmp_path, "a.json", connectors__Some={"post": _body(schema, example)})
    assert list(definitions(tmp_path)["Some"].shape.objects["Below"].keys) == ["No"]


def test_an_example_that_the_export_broke_tells_nothing(tmp_path: Path) -> None:
    broken = {"Root": {"Element": {"@Id": "1", "Fields": {"Id": {"#text": "1"}}}}}
    with pytest.raises(UpdateError):
        update_from_json(json.dumps(broken), "Some")
    _written(
        tmp_path, "a.json", connectors__Some={"post": _body(MINIMAL, broken, None, [], {"Other": {"Element": {}}})}
    )
    assert definitions(tmp_path)["Some"].shape.keys == {}


def test_a_code_without_a_text_and_a_text_without_a_code(tmp_path: Path) -> None:
    told = {"type": "string", "enum": ["1", 2, None], "description": "Soort\n1 = Een = twee;\n3 = Drie;\nzomaar"}
    _written(
        tmp_path, "a.json", connectors__Some={"post": _body({"properties": {"Root": _part({"A": told, "B": {}})}})}
    )
    fields = definitions(tmp_path)["Some"].shape.fields
    assert fields == {"A": FieldRule("A", label="Soort", codes=(("1", "Een = twee"), ("2", ""))), "B": FieldRule("B")}


def test_what_only_reads_is_left_aside(tmp_path: Path) -> None:
    """A GetConnector, metainfo, a sub-object nobody knows, a DELETE without a schema."""
    _written(
        tmp_path,
        "a.json",
        connectors__Some={"post": _body(MINIMAL), "get": {}, "parameters": []},
        connectors__Some__Unknown={"post": _body(MINIMAL)},
        connectors__Gone__Gone={"delete": {}},
        MetaInfo={"get": {}},
    )
    found = definitions(tmp_path)
    assert list(found) == ["Some"]
    assert found["Some"].sub_objects == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "line 1 is no JSON"),
        ("[]", "it is no object"),
        ("{}", "it has no paths"),
        ('{"paths": []}', "paths is no object"),
        ('{"paths": {"/connectors/Some": {"post": []}}}', "post /connectors/Some is no object"),
        ("[" * 100_000, "it is nested without end"),
        (
            '{"paths": {"/connectors/Some": {"post": {"requestBody": {"content": {"application/json": '
            '{"schema": {"$ref": "#/components/schemas/Some_POST"}}}}}}}}',
            "it refers to a schema that it does not have",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / "Broken.json").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^spec: Broken\.json is no OpenAPI file") as caught:
        definitions(tmp_path)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"properties": {}}, "has one root"),
        ({"properties": {"Root": {}}}, "without Element"),
        ({"properties": {"Root": _part({"no name": TEXT})}}, "what is no name"),
        ({"properties": {"Root": _part({"A": []})}}, "A is no object"),
        ({"properties": {"Root": []}}, "Root is no object"),
    ],
)
def test_a_schema_that_is_none_is_refused(tmp_path: Path, schema: object, why: str) -> None:
    _written(tmp_path, "a.json", connectors__Some={"post": _body(schema)})
    with pytest.raises(SettingsError, match=why):
        definitions(tmp_path)


def test_a_schema_that_goes_down_without_end_is_refused(tmp_path: Path) -> None:
    part = _part({})
    for _ in range(40):
        part = _part({}, {"Below": part})
    _written(tmp_path, "a.json", connectors__Some={"post": _body({"properties": {"Root": part}})})
    with pytest.raises(SettingsError, match="more than 30 levels"):
        definitions(tmp_path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"paths": {"\xff": {}}}')
    with pytest.raises(SettingsError, match=r"a\.json .* not UTF-8"):
        definitions(tmp_path)


def test_a_folder_without_connectors_or_without_being_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="describes an UpdateConnector"):
        definitions(tmp_path)
    with pytest.raises(SettingsError, match="name a folder"):
        definitions(tmp_path / "nothing")
    (tmp_path / "a.json").mkdir()
    with pytest.raises(SettingsError, match=r"a\.json"):
        definitions(tmp_path)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["properties", "Element", "Fields", "Objects", "items", "type", "enum", "content", "a"]), inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_JSON, _JSON, _JSON, _JSON)
def test_whatever_stands_in_a_file_it_is_read_or_refused(
    tmp_path: Path, fields: object, schema: object, example: object, answer: object
) -> None:
    """And what was read has an XSD that can be read."""
    made = {"properties": {"Root": {"properties": {"Element": {"properties": {"Fields": {"properties": fields}}}}}}}
    responses = {"responses": {"201": {"content": {"application/json": {"example": answer}}}}}
    for chosen in (made, schema):
        _written(tmp_path, "a.json", connectors__Some={"post": {**_body(chosen, example), **responses}})
        try:
            definition = definitions(tmp_path)["Some"]
        except SettingsError:
            continue
        assert schema_from_xsd(xsd(definition), "Some").root.name == definition.shape.name
