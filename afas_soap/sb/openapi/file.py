"""OpenAPI import: a file of AFAS' SB API, newer than ours, read into the table of its operations.

Versions stand in the names of the bodies (``updateconnector-salesinvoice-3.0-create_request``), which are surer than
the sample of the ``Accept-Version`` header: the file of 6.0.0 has 1 there for a body of 1.1. What names a row no file
says; that is taken from the table that we have. ``components`` hold bodies of older versions that no path has.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from afas_soap.errors import QueryError, SettingsError
from afas_soap.sb.jsonnumbers import loads
from afas_soap.sb.openapi.schemas import Document, Node
from afas_soap.sb.operation import Answer, Operation, Shape, Source, Verb, version_key
from afas_soap.sb.table import Table

_API = re.compile(r"/(?:admin/)?api/(\w+)/?")
_BODY = re.compile(r"updateconnector-(\w+)-(\d+(?:\.\d+)?)-(create|update|delete)_request")
_VERBS: Mapping[str, Verb] = {"create": Verb.POST, "update": Verb.PUT, "delete": Verb.DELETE}
_USUAL = frozenset(("skip", "take", "sort", "sortfield", "filter", "trackingtoken"))
_SOURCES: Mapping[str, Source] = {"6": Source.FILE_6, "8": Source.FILE_8}
# Bodies of the sign-in, which have the names of connectors.
_SIGN_IN = frozenset(("authtoken", "refreshtoken"))


def read(text: bytes, beside: Table) -> Table:
    """The table of ``beside``, with the operations of the file ``text`` in place of its own of the same versions.

    ``SettingsError`` for what is no OpenAPI file, or has no operation of SB.
    """
    found = {_place(operation): operation for operation in operations(text, beside)}
    if not found:
        raise SettingsError("the OpenAPI file has no operation of AFAS SB: give the JSON file of its API.")
    kept = {_place(operation): operation for operation in beside.operations}
    return Table(tuple((kept | found).values()))


def operations(text: bytes, beside: Table) -> tuple[Operation, ...]:
    """The operations of the file alone, those of its paths first."""
    try:
        root: object = loads(text)
    except ValueError:
        root = None
    if not isinstance(root, Mapping) or "openapi" not in root:
        raise SettingsError("this is no OpenAPI file: give the JSON file of AFAS' SB API.")
    return tuple(_File(Document(root), beside).all())


def _place(operation: Operation) -> tuple[str, Verb, tuple[int, ...]]:
    return operation.connector.lower(), operation.verb, version_key(operation.version)


class _File:
    def __init__(self, document: Document, beside: Table) -> None:
        self._document = document
        self._beside = beside
        version = str(document.under(document.root, "info").get("version"))
        self._source = _SOURCES.get(version.partition(".")[0], Source(0))

    def all(self) -> Iterator[Operation]:
        found = list(self._in_paths())
        yield from found
        yield from self._in_components({_place(operation) for operation in found}, found)

    def _in_paths(self) -> Iterator[Operation]:
        paths = self._document.under(self._document.root, "paths")
        for path in paths:
            match = _API.fullmatch(path)
            item = self._document.node(paths[path]) if match else {}
            for verb in Verb:
                told = self._document.node(item.get(verb.lower()))
                if match and told:
                    yield self._operation(match[1], verb, item, told)

    def _operation(self, connector: str, verb: Verb, item: Node, told: Node) -> Operation:
        parameters = [self._document.node(one) for of in (item, told) for one in _nodes(of.get("parameters"))]
        version = _version_in(parameters) or _version_of(str(told.get("operationId")))
        answered = _json(self._document, self._document.under(told, "responses", "200"))
        servers = [*_nodes(told.get("servers")), *_nodes(item.get("servers"))]
        admin = any(str(one.get("url")).endswith("/admin") for one in servers if isinstance(one, Mapping))
        operation = Operation(connector, verb, version or "1.0", self._source, admin_only=admin)
        if verb is Verb.GET:
            return self._reading(operation, answered, parameters)
        return self._writing(operation, self._document.node(told.get("requestBody")), answered)

    def _reading(self, operation: Operation, answered: Node, parameters: list[Node]) -> Operation:
        schema = self._document.node(answered.get("schema"))
        samples = list(_samples(self._document, answered))
        wrapped = any("TrackingToken" in sample for sample in samples if isinstance(sample, Mapping))
        like = self._like(operation)
        known = {column.name.lower(): column.kind for column in like.columns} if like else {}
        with _told_of(operation):
            self._document.count()
            columns = tuple(self._document.columns(schema, list(_rows(samples)), self._source, known))
        names = [str(one.get("name")) for one in parameters if one.get("in") == "query"]
        tracked = any(name.lower() == "trackingtoken" for name in names)
        operation = replace(operation, columns=columns, tracked=tracked or wrapped)
        key = like.key if like and all(operation.column(name) for name in like.key) else ()
        return replace(operation, key=key, query=tuple(name for name in names if name.lower() not in _USUAL))

    def _like(self, operation: Operation) -> Operation | None:
        """The newest of the table that we have, for what no file says: what names a row, say."""
        try:
            return self._beside.operation(operation.connector, operation.verb)
        except QueryError:
            return None

    def _writing(self, operation: Operation, body: Node, answered: Node) -> Operation:
        content = _json(self._document, body)
        schema = content.get("schema")
        reference = str(schema.get("$ref")) if isinstance(schema, Mapping) else ""
        match = _BODY.search(reference)
        answer = next(filter(None, map(_answer, _samples(self._document, answered))), None)
        version = _whole(match[2]) if match else operation.version
        return self._with_body(replace(operation, version=version, answer=answer), self._document.node(schema))

    def _with_body(self, operation: Operation, schema: Node) -> Operation:
        with _told_of(operation):
            self._document.count()
            fields, rules = self._document.fields(schema), tuple(self._document.rules(schema))
            return replace(operation, fields=fields, conditions=rules)

    def _in_components(
        self, found: set[tuple[str, Verb, tuple[int, ...]]], paths: list[Operation]
    ) -> Iterator[Operation]:
        answers = {(operation.connector.lower(), operation.verb): operation.answer for operation in paths}
        components = self._document.under(self._document.root, "components")
        for room in ("schemas", "requestBodies"):
            for name, node in self._document.node(components.get(room)).items():
                match = _BODY.fullmatch(name)
                if match is None or match[1] in _SIGN_IN:
                    continue
                verb, told = _VERBS[match[3]], self._document.node(node)
                answer = answers.get((match[1].lower(), verb))
                operation = Operation(match[1], verb, _whole(match[2]), self._source)
                like = self._like(operation)
                operation = replace(operation, answer=answer or (like.answer if like else None))
                schema = told if room == "schemas" else self._document.node(_json(self._document, told).get("schema"))
                if _place(operation) not in found:
                    found.add(_place(operation))
                    yield self._with_body(operation, schema)


@contextlib.contextmanager
def _told_of(operation: Operation) -> Iterator[None]:
    """What is wrong with it within is told with its name."""
    try:
        yield
    except SettingsError as error:
        failure = SettingsError(f"the OpenAPI file, {operation.title}: {error.message} Mend it, or leave it out.")
    else:
        return
    raise failure


def _nodes(of: object) -> list[object]:
    return of if isinstance(of, list) else []


def _json(document: Document, of: Node) -> Node:
    return document.under(of, "content", "application/json")


def _samples(document: Document, content: Node) -> Iterator[object]:
    if "example" in content:
        yield content["example"]
    examples = document.node(content.get("examples"))
    for name in examples:
        yield document.node(examples[name]).get("value")


def _rows(samples: list[object]) -> Iterator[Node]:
    for sample in samples:
        inner = sample.get("Result", sample) if isinstance(sample, Mapping) else sample
        yield from (row for row in (inner if isinstance(inner, list) else [inner]) if isinstance(row, Mapping))


def _answer(sample: object) -> Answer | None:
    """The shape that a sample shows, of one that succeeded."""
    if not isinstance(sample, Mapping) or sample.get("result") != "Succeeded":
        return None
    if isinstance(sample.get("data"), Mapping):
        return Answer(Shape.DATA, tuple(sample["data"]))
    codes = (str(one.get("Code")) for one in _nodes(sample.get("instances")) if isinstance(one, Mapping))
    return Answer(Shape.INSTANCES, tuple(dict.fromkeys(codes)))


def _version_in(parameters: list[Node]) -> str:
    for one in parameters:
        if str(one.get("name")).lower() == "accept-version":
            schema = one.get("schema")
            told = one.get("example", schema.get("example") if isinstance(schema, Mapping) else None)
            return _whole(str(told)) if told is not None else ""
    return ""


def _version_of(operation_id: str) -> str:
    match = re.search(r"_(\d+(?:\.\d+)?)$", operation_id)
    return _whole(match[1]) if match else ""


def _whole(version: str) -> str:
    """``1.0`` of ``1``, and "" of what is no version."""
    try:
        return ".".join(map(str, version_key(version)))
    except QueryError:
        return ""
