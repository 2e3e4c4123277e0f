"""AFAS' OpenAPI 3 files for Profit as definitions: what each UpdateConnector in them takes and gives back.

Sources: profit-wire 3.1 (the addresses), 3.6 (what comes back), 11 and 13. A connector that several files describe is
the union of what they say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.specification.speckeys import Evidence, keys_by
from afas_soap.emulator.booking.specification.specshape import Json, mapping, member, merged, required_of, shape_of
from afas_soap.errors import SettingsError, UpdateError
from afas_soap.profit.schemas.updateschema import Shape
from afas_soap.profit.updates.receiptform import documented_keys
from afas_soap.profit.updates.update import Action, Element, Update
from afas_soap.profit.updates.updatejson import update_from_json

_VERBS = {"post": Action.INSERT, "put": Action.UPDATE, "delete": Action.DELETE}
_REFERENCE = "#/components/schemas/"


def definitions(folder: Path) -> dict[str, Definition]:
    """The UpdateConnectors of every ``*.json`` in the folder, by their ids.

    Raises ``SettingsError``, with the name of the file, for one that cannot be read or is no OpenAPI file, and for a
    folder that holds no UpdateConnector at all.
    """
    found: dict[str, _Connector] = {}
    for path in _files(folder):
        try:
            document = _parsed(path)
            for call in _calls(document):
                found.setdefault(call.connector, _Connector()).add(call)
        except ValueError as problem:
            raise SettingsError(f"spec: {path.name} is no OpenAPI file of AFAS' that can be read: {problem}.") from None
    made = {name: connector.definition(name) for name, connector in found.items() if connector.shape is not None}
    if not made:
        raise SettingsError(f"spec: no file in {folder} describes an UpdateConnector: name the folder of AFAS' files.")
    return made


@dataclass(frozen=True)
class _Call:
    """One operation: a verb on an address behind ``/connectors/``, with the schema its body refers to."""

    connector: str
    behind: tuple[str, ...]
    action: Action
    operation: Json
    schema: Json

    @property
    def sub_object(self) -> str:
        return self.behind[0] if len(self.behind) == 1 else ""


@dataclass
class _Connector:
    """What was read of one connector so far."""

    description: str = ""
    shape: Shape | None = None
    verbs: set[Action] = field(default_factory=set)
    sub_objects: dict[str, None] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    required: dict[str, None] = field(default_factory=dict)
    result_name: str = ""
    results: dict[str, None] = field(default_factory=dict)
    examples: list[Update] = field(default_factory=list)

    def add(self, call: _Call) -> None:
        """Take in one operation."""
        self.description = self.description or str(call.operation.get("summary") or "")
        if call.action is Action.DELETE:
            self.verbs.add(call.action)
            self.named = self.named or _deleted_by(call.behind)
            return
        if call.sub_object:
            self.sub_objects[call.sub_object] = None
        else:
            self.verbs.add(call.action)
        if call.schema:
            read = shape_of(call.schema)
            self.shape = read if self.shape is None else merged(self.shape, read)
            if call.action is Action.INSERT:
                self.required |= dict.fromkeys(required_of(call.schema))
        self.examples += _examples(call)
        for name, codes in _results(call.operation):
            self.result_name = self.result_name or name
            self.results |= dict.fromkeys(codes)

    def definition(self, name: str) -> Definition:
        """The definition that all of it makes."""
        assert self.shape is not None
        # A file that leaves the answers out does not change what Profit tells.
        results = tuple(self.results) or documented_keys(name)
        records = [record for update in self.examples if update.root == self.shape.name for record in update.elements]
        evidence = Evidence(
            frozenset(self.shape.fields),
            self.named,
            results,
            tuple(self.required),
            tuple(record for record in records if record.action is Action.INSERT),
            tuple(record for record in records if record.action is Action.UPDATE),
        )
        return Definition(
            name,
            self.description,
            _with_keys(self.shape, records),
            keys=keys_by(evidence),
            results=results,
            result_name=self.result_name,
            verbs=frozenset(self.verbs),
            sub_objects=tuple(each for each in self.sub_objects if each in self.shape.objects),
            strict=False,
        )


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json")
    except OSError as error:
        raise SettingsError(f"spec: {folder} cannot be read ({error.strerror}): name a folder.") from None


def _parsed(path: Path) -> Json:
    """The document; ``ValueError`` for what is none."""
    try:
        document: object = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise ValueError(f"{error.strerror}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} is no JSON") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except RecursionError:
        raise ValueError("it is nested without end") from None
    read = mapping(document, "it")
    if "paths" not in read:
        raise ValueError("it has no paths")
    return read


def _calls(document: Json) -> Iterator[_Call]:
    """The operations on UpdateConnectors; those that read are left aside."""
    schemas = member(member(document, "components"), "schemas")
    for address, operations in member(document, "paths").items():
        first, *behind = address.strip("/").split("/")
        if first != "connectors" or not behind:
            continue
        for verb, operation in mapping(operations, address).items():
            if verb in _VERBS:
                told = mapping(operation, f"{verb} {address}")
                yield _Call(behind[0], tuple(behind[1:]), _VERBS[verb], told, _schema(told, schemas))


def _schema(operation: Json, schemas: Json) -> Json:
    """The schema of the body, mostly a reference to one of the document's; empty when there is none."""
    schema = member(_body(member(operation, "requestBody")), "schema")
    reference = schema.get("$ref")
    if reference is None:
        return schema
    name = str(reference)
    if not name.startswith(_REFERENCE) or name.removeprefix(_REFERENCE) not in schemas:
        raise ValueError("it refers to a schema that it does not have")
    return member(schemas, name.removeprefix(_REFERENCE))


def _body(described: Json) -> Json:
    return member(member(described, "content"), "application/json")


def _deleted_by(behind: Sequence[str]) -> tuple[str, ...]:
    """The codes in ``KnCourseMember/@CrId,@CdId/{CrId},{CdId}``."""
    return tuple(code.strip().removeprefix("@") for code in behind[1].split(",")) if len(behind) > 1 else ()


def _values(described: Json) -> Iterator[object]:
    """The examples of a body or an answer."""
    content = _body(described)
    if "example" in content:
        yield content["example"]
    for name, example in member(content, "examples").items():
        yield mapping(example, name).get("value")


def _examples(call: _Call) -> Iterator[Update]:
    """AFAS' example bodies. What its export broke tells nothing, and is left aside."""
    for value in _values(member(call.operation, "requestBody")):
        try:
            # Numbers become texts, which is all that is compared.
            text = json.dumps(value, default=str)
            yield update_from_json(text, call.connector, action=call.action, sub_object=call.sub_object)
        except UpdateError:
            continue


def _results(operation: Json) -> Iterator[tuple[str, Iterable[str]]]:
    """The name and the codes of what comes back: an object or a list of records, with and without ``results``."""
    for status in ("200", "201"):
        for value in _values(member(member(operation, "responses"), status)):
            document = value.get("results", value) if isinstance(value, dict) else {}
            for name, records in document.items() if isinstance(document, dict) else ():
                listed = records if isinstance(records, list) else [records]
                yield name, [code for record in listed if isinstance(record, dict) for code in record]


def _with_keys(shape: Shape, records: Iterable[Element]) -> Shape:
    """The shape with the fields that the records write as ``@members`` among its keys, at each level."""
    listed = list(records)
    codes = dict.fromkeys(code for record in listed for code in record.keys)
    below: Mapping[str, list[Element]] = {
        name: [row for record in listed for part in record.objects if part.name == name for row in part.elements]
        for name in shape.objects
    }
    return replace(
        shape,
        keys={code: shape.fields[code] for code in codes if code in shape.fields},
        objects={name: _with_keys(inner, below[name]) for name, inner in shape.objects.items()},
    )
