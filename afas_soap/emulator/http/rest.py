"""The REST host: rows, metainfo, version, and who may ask; updates are in ``restupdates``, documents in
``restdocuments``.

Sources: profit-wire 3.1 to 3.4 and 3.6, authentication.md.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from werkzeug import Request as HttpRequest
from werkzeug import Response

from afas_soap.emulator.appconnector import AppConnector
from afas_soap.emulator.credentials import Verdict, of_header
from afas_soap.emulator.getconnectors.windows import over_rest, with_whole_skip
from afas_soap.emulator.http import restdocuments, restupdates
from afas_soap.emulator.http.answers import bare, blocks, json_bytes, rest_answer, started
from afas_soap.emulator.http.envelopes import is_soap
from afas_soap.emulator.oauth.entrance import Entrance
from afas_soap.emulator.onetimepasswords import REST_PATHS, OneTimePasswords, members
from afas_soap.emulator.refusals import INVALID_INDEX, NOT_SUPPORTED, TOKEN_UNREADABLE, Refused
from afas_soap.errors import AfasError, QueryError
from afas_soap.limits import QUERY_STRING
from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.connectors.metainfo import metainfo_catalogue, metainfo_get
from afas_soap.profit.questions.query import Condition, Operator, Query
from afas_soap.profit.questions.restquery import query_from_string
from afas_soap.profit.readers.spelling import json_document

# A column that stands bare in orderbyfieldids: with other signs it must stand in [''] (profit-wire 3.2). Which signs
# exactly is not known; the report has a dot. Letters of other languages, blanks and hyphens pass.
_BARE_NAME = re.compile(r"-?[\w -]+")


@dataclass(frozen=True, slots=True)
class RestHost:
    """Answers what is asked below ``/ProfitRestServices``, where the authorization server is as well."""

    app_connector: AppConnector
    tokens: Collection[AfasToken]
    entrance: Entrance
    passwords: OneTimePasswords

    def respond(self, request: HttpRequest, path: str, *, language: str, reference: str) -> Response:
        """The answer; ``path`` is what stands behind ``/ProfitRestServices/``, ``reference`` the log reference."""
        if self.entrance.is_for(path):
            return self.entrance.server().respond(request, path)
        try:
            return self._answer(request, path)
        except AfasError as error:
            refused = Refused.by(error)
        except Refused as refusal:
            refused = refusal
        return self.refuse(request, refused, language=language, reference=reference)

    def refuse(self, _request: HttpRequest, refused: Refused, *, language: str, reference: str) -> Response:
        """A refusal as JSON with status 500 (profit-wire 3.6)."""
        body = {
            "externalMessage": refused.message(language),
            "errorNumber": refused.number,
            "profitLogReference": reference,
        }
        return rest_answer(json_bytes(body, self.app_connector.dialect), status=500)

    def _answer(self, request: HttpRequest, path: str) -> Response:
        if request.method == "POST" and is_soap(request.mimetype):
            # SOAP sent here gives 500 without a fault (profit-wire 7).
            return bare(500)
        if request.method == "POST" and (call := REST_PATHS.get(path.rstrip("/").lower())) is not None:
            # Who has no token yet asks here, so none is asked for.
            return self._without_token(call(self.passwords, members(request.get_data())))
        if request.method != "GET" and not restupdates.is_update(request):
            return bare(404)
        if len(request.query_string) + 1 > QUERY_STRING:
            return bare(404)
        entry = self.entrance.enter(request)
        refused = entry.answer if entry.admitted or entry.answer is not None else self._unadmitted(request)
        return refused if refused is not None else entry.seen_off(self._admitted(request, path))

    def _without_token(self, token: str | None) -> Response:
        """A token as AFAS' specification shows it, with a line end behind it; 200 without a body for a request."""
        if token is None:
            return bare(200)
        return rest_answer(json_bytes({"token": f"{token}\r\n"}, self.app_connector.dialect))

    def _unadmitted(self, request: HttpRequest) -> Response | None:
        """The answer to who shows neither a good access token nor a good AfasToken; None for who does."""
        entrance, header = self.entrance, request.headers.get("Authorization")
        dialect = self.app_connector.dialect
        verdict = of_header(header, self.tokens, dialect=dialect) if entrance.classic else Verdict.MISSING
        if verdict is Verdict.MISSING:
            return entrance.challenge() or bare(401)
        if verdict is Verdict.NOT_BASE64 and dialect != "profit6":
            raise Refused(TOKEN_UNREADABLE)
        return None if verdict is Verdict.ADMITTED else bare(401)

    def _admitted(self, request: HttpRequest, path: str) -> Response:
        if request.method != "GET":
            return restupdates.respond(self.app_connector, request, path)
        parts = path.rstrip("/").split("/")
        route = _ROUTES.get((parts[0].lower(), len(parts)))
        if route is not None:
            return route(self.app_connector, request, parts[1:])
        sent = restupdates.raw_path(request, path).rstrip("/").split("/")
        return restdocuments.respond(self.app_connector, request, sent) or bare(404)


def _rows(app_connector: AppConnector, request: HttpRequest, parts: Sequence[str]) -> Response:
    try:
        query = _query(request)
    except QueryError:
        # A malformed request; what its body would be is not known (profit-wire 3.6).
        return bare(400)
    _check_sorts(request)
    return _answered(app_connector, parts[0], query)


def _query(request: HttpRequest) -> Query:
    return query_from_string(with_whole_skip(request.query_string.decode("utf-8", "replace")))


def _short_rows(app_connector: AppConnector, request: HttpRequest, parts: Sequence[str]) -> Response:
    """The older form: columns and values as comma lists in the path, all of them equal (profit-wire 3.1)."""
    columns, values = parts[1].split(","), parts[2].split(",")
    if len(columns) != len(values):
        return bare(400)
    pairs = zip(columns, values, strict=True)
    try:
        conditions = tuple(Condition(column, Operator.EQUALS, value) for column, value in pairs)
        query = dataclasses.replace(_query(request), filters=(conditions,))
    except QueryError:
        return bare(400)
    return _answered(app_connector, parts[0], query)


def _answered(app_connector: AppConnector, connector: str, query: Query) -> Response:
    fields = app_connector.fields(connector, unknown=NOT_SUPPORTED)
    window = over_rest(query.skip, query.take)
    asked = Query(query.filters, query.order_by, window.skip, window.take)
    rows = app_connector.rows(fields, asked)
    document = json_document(rows, fields, skip=window.skip, take=window.take, dialect=app_connector.dialect)
    answer = rest_answer(started(block.encode() for block in blocks(document)))
    answer.call_on_close(rows.close)
    return answer


def _check_sorts(request: HttpRequest) -> None:
    for name, value in request.args.items(multi=True):
        if name.lower() == "orderbyfieldids":
            for item in filter(None, value.split(",")):
                if not _BARE_NAME.fullmatch(item) and "['" not in item:
                    raise Refused(INVALID_INDEX)


def _catalogue(app_connector: AppConnector, _request: HttpRequest, _parts: Sequence[str]) -> Response:
    document = dict(metainfo_catalogue(app_connector.catalogue()))
    if app_connector.dialect == "profit6":
        # Since Profit 7 (profit-wire 3.4).
        document.pop("customConnectors", None)
    return rest_answer(json_bytes(document, app_connector.dialect))


def _connector_metainfo(app_connector: AppConnector, _request: HttpRequest, parts: Sequence[str]) -> Response:
    describe = _METAINFO.get(parts[0].lower())
    if describe is None:
        return bare(404)
    return rest_answer(json_bytes(describe(app_connector, parts[1]), app_connector.dialect))


def _get_metainfo(app_connector: AppConnector, connector: str) -> Mapping[str, object]:
    return metainfo_get(app_connector.fields(connector, unknown=NOT_SUPPORTED))


def _version(app_connector: AppConnector, _request: HttpRequest, _parts: Sequence[str]) -> Response:
    return rest_answer(json_bytes({"version": app_connector.store.version()}, app_connector.dialect))


_METAINFO: Mapping[str, Callable[[AppConnector, str], Mapping[str, object]]] = {
    "get": _get_metainfo,
    "update": AppConnector.update_metainfo,
}
# (first part of the path, number of parts)
_ROUTES: Mapping[tuple[str, int], Callable[[AppConnector, HttpRequest, Sequence[str]], Response]] = {
    ("connectors", 2): _rows,
    ("connectors", 4): _short_rows,
    ("metainfo", 1): _catalogue,
    ("metainfo", 3): _connector_metainfo,
    ("profitversion", 1): _version,
}
