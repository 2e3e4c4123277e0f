"""AFAS' OpenAPI file of 6.0.0 as a judge: its operations with their samples, and its schemas loosened in one place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs

FILE = Path(__file__).resolve().parents[5] / "shared" / "afas" / "openapi" / "sb" / "6-0-0.json"

_DECIMAL = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$"}
_NULL = {"type": "null"}
# By AFAS' own formats and those that mean something, a value that is there.
_BY_FORMAT: Mapping[str, list[dict[str, Any]]] = {
    "uuid": [{"type": "string", "format": "uuid"}],
    "Guid?": [{"type": "string", "format": "uuid"}],
    "date": [{"type": "string", "format": "date"}],
    "DateTime": [_MOMENT],
    "DateTime?": [_MOMENT],
    "decimal?": [{"type": "number"}, _DECIMAL],
    "number": [{"type": "number"}, _DECIMAL],
    "bool": [{"type": "boolean"}, {"enum": ["true", "false", "True", "False"]}],
    "bool?": [{"type": "boolean"}, {"enum": ["true", "false", "True", "False"]}],
}
# What the file calls a text may be an amount, a boolean, or the object of a blob.
_TEXT = [{"type": ["string", "number", "boolean"]}]
_BLOB = [{"type": ["object", "array"]}]


@dataclass(frozen=True)
class Asked:
    """An operation of the file."""

    verb: str
    path: str
    version: str
    content: Mapping[str, Any] = field(repr=False)
    """What a 200 holds, JSON; {} for none."""
    bodies: Mapping[str, dict[str, Any]] = field(repr=False)
    samples: Mapping[str, Any] = field(repr=False)
    """Of a 200, by their names."""

    @property
    def connector(self) -> str:
        return self.path.removeprefix("/api/")

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


class AfasFile:
    """The file, with its references followed."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)

    def node(self, found: Any) -> Any:
        while isinstance(found, dict) and "$ref" in found:
            reference, found = found["$ref"], self.root
            for step in reference.split("/")[1:]:
                found = found[step.replace("~1", "/")]
        return found

    def operations(self) -> Iterator[Asked]:
        for path, item in self.root["paths"].items():
            for verb, told in item.items():
                if verb in ("get", "post", "put", "delete"):
                    yield self._operation(verb, path, told)

    def _operation(self, verb: str, path: str, told: dict[str, Any]) -> Asked:
        parameters = map(self.node, told.get("parameters", []))
        version = next((one["example"] for one in parameters if one["name"] == "Accept-Version"), "")
        body = self.node(told.get("requestBody", {})).get("content", {})
        content = self.node(told["responses"].get("200", {})).get("content", {}).get("application/json", {})
        bodies = self._examples(body.get("application/json", {}))
        return Asked(verb.upper(), path, version, content, bodies, self._examples(content))

    def _examples(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.node(one)["value"] for name, one in content.get("examples", {}).items()}

    def samples(self) -> Iterator[tuple[str, str, Any]]:
        """Every response example: where it stands, with which status, and what it is."""
        for path, item in self.root["paths"].items():
            for verb, told in item.items():
                for status, answer in told["responses"].items() if "responses" in told else ():
                    for content in self.node(answer).get("content", {}).values():
                        for name, value in self._examples(content).items():
                            yield f"{verb.upper()} {path} {name}", status, value

    def samples_of(self, named: str) -> dict[str, Any]:
        """The response examples of one operation, whatever their status: of two with one name the first."""
        found: dict[str, Any] = {}
        for where, _, value in self.samples():
            if where.startswith(f"{named} "):
                found.setdefault(where.removeprefix(f"{named} "), value)
        return found

    def loosened(self, asked: Asked) -> jsonschema_rs.Draft202012Validator:
        """The schema of an answer, where null may stand anywhere, an amount or a boolean may be a text, and rows may be
        wrapped or not."""
        schema = self.node(asked.content["schema"])
        if asked.verb == "GET":
            rows = self.node(schema.get("properties", {}).get("Result", schema))
            bare = {"type": "array", "items": self._loose("", rows["items"])["anyOf"][0]}
            members = {"TrackingToken": {"type": "string"}, "Result": bare}
            wrapped = {"type": "object", "properties": members, "required": ["TrackingToken", "Result"]}
            schema = {"anyOf": [bare, wrapped]}
        else:
            schema = self._loose("", schema)["anyOf"][0]
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    def _loose(self, name: str, schema: Any) -> dict[str, Any]:
        schema = self.node(schema)
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind == "object":
            members = {key: self._loose(key, value) for key, value in schema.get("properties", {}).items()}
            ways: list[dict[str, Any]] = [{"type": "object", "properties": members}]
        elif kind == "array":
            ways = [{"type": "array", "items": self._loose("", schema["items"]) if "items" in schema else {}}]
        else:
            ways = _BY_FORMAT.get(schema.get("format", ""), self._plain(name, kind))
        return {"anyOf": [*ways, _NULL]}

    def _plain(self, name: str, kind: str | None) -> list[dict[str, Any]]:
        if kind == "string":
            return [*_TEXT, *(_BLOB if name == "Blob" else [])]
        return _BY_FORMAT["decimal?"] if kind in ("number", "integer") else _BY_FORMAT["bool"]

    def strict(self, asked: Asked) -> jsonschema_rs.Draft202012Validator:
        """The schema as it stands."""
        return jsonschema_rs.Draft202012Validator(self._whole(asked.content["schema"]))

    def _whole(self, schema: Any) -> Any:
        schema = self.node(schema)
        if isinstance(schema, dict):
            return {name: self._whole(value) for name, value in schema.items() if name not in ("example", "examples")}
        return [self._whole(one) for one in schema] if isinstance(schema, list) else schema


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of an answer or a sample, bare or wrapped, or one alone."""
    found = answer["Result"] if isinstance(answer, dict) and "Result" in answer else answer
    return found if isinstance(found, list) else [found]
