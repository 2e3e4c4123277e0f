"""Connectors over REST: the same questions, answered in JSON."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator

from afas_soap.errors import AfasError, CutOff, NotOffered, ProfitError
from afas_soap.profit.connectors.capabilities import Catalogue, GetData, Outgoing
from afas_soap.profit.connectors.metainfo import catalogue_from_metainfo, fields_from_metainfo, version_from_json
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.filterxml import Options, filters_from_xml, options_from_xml
from afas_soap.profit.questions.query import Query, check_window
from afas_soap.profit.questions.restquery import query_string
from afas_soap.profit.questions.window import over_soap
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.readers.spelling import NO_ROWS, xml_document
from afas_soap.profit.rows import TYPED, Batch, Reading, Record, Rows
from afas_soap.profit.schemas.metainfoxsd import metainfo_xsd
from afas_soap.profit.updates.receipt import Receipt, receipt_from_json
from afas_soap.profit.updates.receiptform import receipt_form
from afas_soap.profit.updates.restcall import rest_call
from afas_soap.profit.updates.update import Update
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.columns import check_columns, explained
from afas_soap.wire.profit.restcalls import RestCalls, connector_segment

_TEXT_MODE = 2
_WITH_EMPTY = 3
_CHUNK = 64 * 1024


class RestConnectors:
    """``Connectors`` over REST. ``patient`` false asks each question once."""

    def __init__(self, transport: Transport, *, patient: bool = True) -> None:
        self._calls = RestCalls(transport, patient=patient)
        self._transport = transport
        self._known: dict[str, Fields] = {}

    def version(self) -> str:
        """Profit's version, such as ``22.22.5``."""
        return self._calls.read("version", None, "profitversion", version_from_json)

    def catalogue(self) -> Catalogue:
        """Which connectors the token's app connector holds."""
        return self._calls.read("metainfo", None, "metainfo", catalogue_from_metainfo)

    def fields(self, connector: str) -> Fields:
        """The columns, from metainfo; asked once, and again when rows could not be read with them."""
        if connector not in self._known:
            path = f"metainfo/get/{connector_segment(connector)}"
            read = functools.partial(fields_from_metainfo, connector=connector)
            self._known[connector] = self._calls.read("metainfo", connector, path, read)
        return self._known[connector]

    def _afresh(self, connector: str) -> Fields:
        """The columns as they are now."""
        self._known.pop(connector, None)
        return self.fields(connector)

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        """One GET of the connector, its values typed by metainfo."""
        kept = connector in self._known
        fields = self.fields(connector)
        check_columns(query, fields)
        path = f"connectors/{connector_segment(connector)}{query_string(query)}"

        def told(error: ProfitError) -> AfasError:
            return explained(error, query, lambda: self._afresh(connector) if kept else fields)

        try:
            answer = self._calls.ask("rows", connector, path)
        except ProfitError as error:
            raise told(error) from None
        try:
            rows = json_rows(answer.chunks(), fields=fields, connector=connector, reading=reading, take=query.take)
        except BaseException as problem:
            answer.__exit__(type(problem), problem, None)
            raise
        batches = _told(rows.batches(), lambda error: told(self._calls.refused(error, connector, answer)))
        rows = Rows.of_batches(rows.fields, batches, rows.close)
        # Perhaps the columns changed since they were asked for: the next read asks again.
        return answer.rows(rows, rows.fields, functools.partial(self._known.pop, connector, None))

    def get_data(self, call: GetData) -> Iterator[bytes]:
        """The operation's question asked over REST, and the answer spelt as SOAP's result text."""
        options = Options() if call.options is None else options_from_xml(call.options)
        if options.output_mode == _TEXT_MODE:
            raise NotOffered("REST gives no text (Outputmode 2); SOAP may.", offered_by="soap")
        query = _as_soap_means_it(call, options)
        check_window(call.skip, call.take)
        check_window(options.skip, options.take)
        fields = self.fields(call.connector)
        check_columns(query, fields)
        rows: Iterable[Record] = () if query.take == 0 else self.rows(call.connector, query)
        return _encoded(_result_text(rows, fields, options))

    def schema(self, connector: str) -> str:
        """An XSD of an UpdateConnector in AFAS' own look, made from its metainfo, which tells more than SOAP's does."""
        path = f"metainfo/update/{connector_segment(connector)}"
        return self._calls.read("metainfo", connector, path, functools.partial(metainfo_xsd, connector=connector))

    def send(self, update: Update) -> Receipt:
        """One POST, PUT or DELETE; see ``Connectors.send``. The receipt's keys are there when Profit gives any."""
        return self._transport.write(self._write(update), lambda answer: self._receipt(answer, update))

    def outgoing(self, update: Update) -> Outgoing:
        """What ``send`` would send."""
        shown = self._transport.outgoing(self._write(update))
        return Outgoing(shown.method, shown.url, shown.headers, shown.whole_body)

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()

    def _receipt(self, answer: Answer, update: Update) -> Receipt:
        data = answer.whole(self._transport.link.max_document)
        if not data and not answer.is_framed:
            raise CutOff("The answer breaks off before its body, or has none and does not say so.")
        return receipt_from_json(data, answer.trace_id, receipt_form(update))

    def _write(self, update: Update) -> Request:
        call = rest_call(update)
        headers = {"Accept": "application/json"}
        if call.body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        url = f"{self._transport.link.rest_url}/{call.path}"
        operation = str(update.action)
        return Request(Accepts.JSON, operation, update.connector, url, headers, call.body, read=False, verb=call.method)


def _told(batches: Iterator[Batch], refusal: Callable[[ProfitError], AfasError]) -> Iterator[Batch]:
    """``batches``; a refusal in place of them becomes what ``refusal`` makes of it."""
    try:
        yield from batches
    except ProfitError as error:
        told = refusal(error)
    else:
        return
    raise told


def _as_soap_means_it(call: GetData, options: Options) -> Query:
    """SOAP's own reading of skip and take; what means nothing there goes out, so that the refusal is Profit's own."""
    window = over_soap(call.skip, call.take, options.skip, options.take)
    return Query(filters_from_xml(call.filters_xml or ""), options.index, window.skip, window.take)


def _result_text(rows: Iterable[Record], fields: Fields, options: Options) -> Iterator[str]:
    """What SOAP's result element holds."""
    schema, empty = options.metadata != 0, options.output_options == _WITH_EMPTY
    records = iter(rows)
    first = list(itertools.islice(records, 1))
    if not first and not schema:
        yield NO_ROWS
    else:
        yield from xml_document(itertools.chain(first, records), fields, schema=schema, empty=empty)


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """``pieces`` as UTF-8, gathered into chunks."""
    gathered: list[str] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    yield "".join(gathered).encode()
