"""Another OpenAPI file is read into the same table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from afas_soap.errors import SettingsError
from afas_soap.sb.bodies import checked
from afas_soap.sb.openapi import file as openapi
from afas_soap.sb.openapi import table as beside_ours
from afas_soap.sb.operation import Answer, Column, Field, Kind, Operation, Shape, Source, Verb
from afas_soap.sb.table import Table, shipped

_VERSION = {"$ref": "#/components/parameters/version"}
_LINE = {
    "type": "object",
    "required": ["Id"],
    "properties": {"Id": {"type": "string", "format": "uuid"}, "A": {"type": ["null", "string"]}, "B": {}},
    "allOf": [
        {"if": {"properties": {"A": {"const": True}}}, "then": {"required": ["B"]}},
        {"if": {"properties": {"A": {"enum": ["x", "y"]}}}, "else": {"required": ["B"]}},
        {"not": {"required": ["A", "B"]}},
        {"anyOf": [{"required": ["A"]}, {"required": ["B"]}]},
        {"anyOf": [{"required": ["A", "B"]}, True]},
        {"if": {"properties": {"A": {"minLength": 1}}}, "then": {"required": ["B"]}},
        {"if": {"properties": {"A": True}}, "then": {"required": ["B"]}},
        {"if": {"properties": {"A": {"const": ""}}}, "then": {"required": ["B"]}},
        {"if": {"required": ["A"]}, "then": {"required": ["B"]}},
        {"not": True},
        7,
    ],
}
_FILE = {
    "openapi": "3.1.0",
    "info": {"version": "9.1.0"},
    "paths": {
        "/app/token": {"post": {}},
        "/api/blob/{uuid}": {"get": {}},
        "/api/organisations": {
            "get": {
                "parameters": [
                    _VERSION,
                    {"name": "Skip", "in": "query"},
                    {"name": "Administration", "in": "query"},
                    {"name": "X", "in": "header"},
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/rows"},
                                "examples": {
                                    "a": {
                                        "value": {
                                            "TrackingToken": "1",
                                            "Result": [
                                                {"id": 5, "Extra": True, "Mixed": 1, "Since": "2026-01-01T00:00:00Z"},
                                                {"Extra": None, "Mixed": "a", "Of": {"a": 1}},
                                                7,
                                            ],
                                        }
                                    }
                                },
                            }
                        }
                    }
                },
            },
        },
        "/admin/api/licences": {
            "servers": [7, {"url": "https://x/admin"}],
            "get": {
                "operationId": "get_licences_2",
                "responses": {
                    "200": {
                        "content": {"application/json": {"example": [{"Id": "8afb1a9a-1613-5e2b-ab19-20c0f4f3e216"}]}}
                    }
                },
            },
        },
        "/api/entry": {
            "post": {
                "parameters": [{"name": "accept-version", "schema": {"example": 1}}],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/updateconnector-entry-2.5-create_request"}
                        }
                    }
                },
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "examples": {
                                    "failed": {"value": {"result": "Failed"}},
                                    "text": {"value": "x"},
                                    "done": {
                                        "value": {
                                            "result": "Succeeded",
                                            "instances": [{"Code": "Adres"}, {"Code": "Adres"}, 1],
                                        }
                                    },
                                }
                            }
                        }
                    }
                },
            },
            "put": {
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {
                    "200": {"content": {"application/json": {"example": {"result": "Succeeded", "data": {"Id": 1}}}}}
                },
            },
        },
        "/api/odd": {"get": {"operationId": "odd", "parameters": [{"name": "Accept-Version"}]}},
        "/api/entryshort": {"get": {"parameters": [{"name": "Accept-Version", "example": "x"}]}},
    },
    "components": {
        "parameters": {"version": {"name": "Accept-Version", "in": "header", "example": "7"}},
        "schemas": {
            "rows": {
                "type": "array",
                "items": {
                    "properties": {
                        "Id": {"type": "string"},
                        "Amount": {"format": "decimal?"},
                        "Word": {"enum": ["a", None]},
                        "Round": {"$ref": "#/components/schemas/round"},
                        "Away": {"$ref": "https://x/y"},
                    }
                },
            },
            "round": {"$ref": "#/components/schemas/round"},
            "updateconnector-entry-2.5-create_request": {
                "required": ["Name"],
                "properties": {
                    "Name": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^a"},
                    "Amount": {"type": "number", "multipleOf": 0.01},
                    "Line": {"type": "array", "items": _LINE},
                },
            },
            "updateconnector-entry-2.0-create_request": {"properties": {"Old": {"type": "integer"}}},
            "updateconnector-customer-1.1-create_request": {
                "properties": {"Deep": {"$ref": "#/components/schemas/deep"}}
            },
            "deep": {"properties": {"Deep": {"$ref": "#/components/schemas/deep"}}},
            "updateconnector-authtoken-1.0-create_request": {"properties": {"Secret": {}}},
            "another": {},
        },
        "requestBodies": {
            "updateconnector-entry-1.5-delete_request": {
                "content": {"application/json": {"schema": {"properties": {"Id": {"type": "boolean"}}}}}
            },
        },
    },
}


def found() -> dict[tuple[str, Verb, str], Operation]:
    return {
        (one.connector, one.verb, one.version): one for one in openapi.operations(json.dumps(_FILE).encode(), shipped())
    }


def test_the_operations_of_a_file() -> None:
    """By path, and bodies of other versions by their names; neither the sign-in nor the blobs."""
    assert found().keys() == {
        ("organisations", Verb.GET, "7.0"),
        ("licences", Verb.GET, "2.0"),
        ("entry", Verb.POST, "2.5"),
        ("entry", Verb.PUT, "1.0"),
        ("odd", Verb.GET, "1.0"),
        ("entryshort", Verb.GET, "1.0"),
        ("entry", Verb.POST, "2.0"),
        ("customer", Verb.POST, "1.1"),
        ("entry", Verb.DELETE, "1.5"),
    }


def test_a_read_by_schema_and_sample() -> None:
    """What names a row is known from the table that we have; a column is a text where samples contradict each other."""
    operation = found()["organisations", Verb.GET, "7.0"]
    assert (operation.key, operation.tracked, operation.query) == (("Id",), True, ("Administration",))
    assert operation.columns == (
        Column("Id", Kind.UUID, Source(0)),
        Column("Amount", Kind.NUMBER, Source(0)),
        Column("Word", Kind.TEXT, Source(0), ("a", "null")),
        Column("Round", Kind.TEXT, Source(0)),
        Column("Away", Kind.TEXT, Source(0)),
        Column("Extra", Kind.BOOLEAN, Source.SAMPLE),
        Column("Mixed", Kind.TEXT, Source.SAMPLE),
        Column("Since", Kind.MOMENT, Source.SAMPLE),
        Column("Of", Kind.OBJECT, Source.SAMPLE),
    )
    licences = found()["licences", Verb.GET, "2.0"]
    assert (licences.admin_only, licences.key, licences.columns[0].kind) == (True, (), Kind.UUID)


def test_a_write_with_its_fields_rules_and_answer() -> None:
    entry = found()["entry", Verb.POST, "2.5"]
    assert entry.answer == Answer(Shape.INSTANCES, ("Adres",))
    assert entry.fields == (
        Field("Name", required=True, pattern="^a", shortest=1, longest=5),
        Field("Amount", Kind.NUMBER, cents=True),
        Field("Line", Kind.OBJECT, many=True, members=(Field("Id", Kind.UUID, required=True), Field("A"), Field("B"))),
    )
    assert entry.conditions == (
        "Line when A is true needs B",
        "Line unless A is x y needs B",
        "Line either A B",
        "Line some A B",
    )
    assert found()["entry", Verb.PUT, "1.0"].answer == Answer(Shape.DATA, ("Id",))


def test_bodies_of_other_versions_answer_as_their_connector_does() -> None:
    assert found()["entry", Verb.POST, "2.0"].answer == Answer(Shape.INSTANCES, ("Adres",))
    customer = found()["customer", Verb.POST, "1.1"]
    assert customer.answer == shipped().operation("customer", Verb.POST).answer
    assert found()["entry", Verb.DELETE, "1.5"].fields == (Field("Id", Kind.BOOLEAN),)
    depth, fields = 0, customer.fields
    while fields:
        depth, fields = depth + 1, fields[0].members
    assert depth == 2, "where it holds itself it ends"


def test_the_operations_of_a_file_stand_beside_those_that_there_are() -> None:
    table = openapi.read(json.dumps(_FILE).encode(), shipped())
    assert table.versions("organisations", Verb.GET) == ("2.0", "7.0")
    assert table.operation("entry", Verb.POST).version == "2.5"
    assert table.operation("persons", Verb.GET) == shipped().operation("persons", Verb.GET)


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"<html>", b"[" * 100_000])
def test_what_is_no_openapi_file_is_told(text: bytes) -> None:
    with pytest.raises(SettingsError, match="no OpenAPI file"):
        openapi.read(text, shipped())


def test_a_file_of_another_service_is_told() -> None:
    with pytest.raises(SettingsError, match="no operation of AFAS SB"):
        openapi.read(b'{"openapi": "3.0.0", "paths": {"/pets": {}}}', shipped())


def test_the_file_of_6_0_0_alone_makes_a_table(afas: Path) -> None:
    table = openapi.read((afas / "openapi" / "sb" / "6-0-0.json").read_bytes(), Table(()))
    assert table.operation("organisations", Verb.GET).sources is Source.FILE_6
    assert len(table.operations) == 64


def test_the_shipped_table_is_what_a_file_stands_beside() -> None:
    table = beside_ours(json.dumps(_FILE).encode())
    assert table.operation("entry", Verb.POST).version == "2.5"
    assert table.operation("vatrate", Verb.GET) == shipped().operation("vatrate", Verb.GET)


NAME = "updateconnector-organisation-9.0-create_request"


def body_of(schema: dict[str, object], **more: object) -> bytes:
    document = {"openapi": "3.0.0", "components": {"schemas": {NAME: schema, **more}}}
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (
            {f"p{number}": {"$ref": "#/components/schemas/1"} for number in range(9)},
            "more than 20,000 operations and fields",
        ),
        ({"A": {"pattern": 7}}, "A: its pattern is no text"),
        ({"A": {"properties": {"B": {"type": "string", "maxLength": True}}}}, "A/B: its maxLength is no number"),
        ({"A": {"maxLength": -5}}, "A: its maxLength"),
        ({"A": {"maxLength": "7"}}, "A: its maxLength"),
        ({"A": {"minLength": -3}}, "A: its minLength"),
        ({"A": {"enum": ["x", {}]}}, "A: its enum"),
        ({"A": {"pattern": "([a-z"}}, r"rule that cannot be checked .*\(\[a-z"),
    ],
)
def test_a_body_that_cannot_be_checked_is_told_with_its_place(schema: dict[str, object], told: str) -> None:
    """And soon: a schema that holds itself four times over has no end."""
    widening = {
        str(depth): {
            "type": "object",
            "properties": {f"q{number}": {"$ref": f"#/components/schemas/{depth + 1}"} for number in range(9)},
        }
        for depth in range(1, 9)
    }
    text = body_of({"type": "object", "properties": schema}, **widening)
    with pytest.raises(SettingsError, match=f"the OpenAPI file, POST organisation 9.0: .*{told}") as caught:
        checked(beside_ours(text).operation("organisation", Verb.POST, "9.0"), {"A": "x"})
    assert caught.value.message.endswith("Mend it, or leave it out.")


def test_a_file_with_more_than_any_of_afas_has_is_told() -> None:
    """However it is spread: all of it is read by each command. Of bodies without a field, and of reads, as well."""
    bodies = {f"updateconnector-c{number}-1.0-create_request": {"type": "object"} for number in range(20_001)}
    with pytest.raises(SettingsError, match="more than 20,000 operations and fields"):
        openapi.operations(body_of({}, **bodies), Table(()))
    rows: dict[str, object] = {"items": {"properties": {f"c{number}": {} for number in range(300)}}}
    answer = {"200": {"content": {"application/json": {"schema": rows}}}}
    paths = {f"/api/r{number}": {"get": {"responses": answer}} for number in range(70)}
    with pytest.raises(SettingsError, match=r"the OpenAPI file, GET r66 1.0: .*more than 20,000"):
        openapi.operations(json.dumps({"openapi": "3.0.0", "paths": paths}).encode(), Table(()))


def test_a_body_that_holds_itself_ends_there() -> None:
    itself = {"$ref": f"#/components/schemas/{NAME}"}
    found = beside_ours(body_of({"type": "object", "properties": {f"p{number}": itself for number in range(4)}}))
    fields = found.operation("organisation", Verb.POST, "9.0").fields
    assert [(field.name, field.kind, field.members) for field in fields] == [
        (f"p{number}", Kind.OBJECT, ()) for number in range(4)
    ]


def test_objects_within_each_other_end_somewhere() -> None:
    chain = {
        str(depth): {"properties": {"In": {"$ref": f"#/components/schemas/{depth + 1}"}}} for depth in range(1, 20)
    }
    found = beside_ours(body_of({"properties": {"In": {"$ref": "#/components/schemas/1"}}}, **chain))
    depth, fields = 0, found.operation("organisation", Verb.POST, "9.0").fields
    while fields:
        assert fields[0].kind is Kind.OBJECT
        depth, fields = depth + 1, fields[0].members
    assert depth == 12
