"""Connectors over SOAP: zeep writes the envelope, the answer streams past it into records."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import logging
from collections.abc import Iterator
from typing import NoReturn

from afas_soap.errors import AnswerError, CutOff, NotFound, NotOffered, ProfitError
from afas_soap.limits import REST_TAKE
from afas_soap.profit.connectors.capabilities import Catalogue, GetData, Outgoing
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.filterxml import (
    Options,
    filters_from_xml,
    filters_to_xml,
    options_from_xml,
    options_to_xml,
)
from afas_soap.profit.questions.query import Query, check_window
from afas_soap.profit.questions.window import over_soap
from afas_soap.profit.readers.envelope import execute_result, result_bytes, simple_result, soap_rows
from afas_soap.profit.readers.faults import read_fault
from afas_soap.profit.rows import TYPED, Batch, Reading, Rows
from afas_soap.profit.updates.receipt import Receipt, receipt_from_xml
from afas_soap.profit.updates.receiptform import receipt_form
from afas_soap.profit.updates.update import Update
from afas_soap.profit.updates.updatexml import update_to_xml
from afas_soap.profit.xmlsafe import parse
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.request import Request
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.columns import check_columns, explained
from afas_soap.wire.profit.fates import fate_of_fault
from afas_soap.wire.profit.shipped import document_of
from afas_soap.wire.profit.soapcalls import Parameters, SoapCalls

_LOG = logging.getLogger("afas_soap.wire")

# How often an answer that was cut off is asked for again; ``onepage.AGAIN`` is the same for rows.
_AGAIN = 3


class SoapConnectors:
    """``Connectors`` over SOAP; the arguments are those of ``SoapCalls``."""

    def __init__(self, transport: Transport, *, soap_version: str = "1.1", token_in_body: bool = False) -> None:
        self._calls = SoapCalls(transport, soap_version=soap_version, token_in_body=token_in_body)
        self._transport = transport
        self._known: dict[str, Fields] = {}

    def version(self) -> str:
        """Profit's version, from whichever of its two addresses is there (profit-wire 1.2)."""
        service = document_of("AppConnectorVersionInfo")
        try:
            return self._version_at(service.asmx)
        except NotFound as error:
            if error.status != 404:
                raise
        return self._version_at(service.fallback)

    def catalogue(self) -> Catalogue:
        """Not offered: SOAP has no list of connectors."""
        raise NotOffered("SOAP has no list of connectors; REST has.", offered_by="rest")

    def fields(self, connector: str) -> Fields:
        """The columns, from the schema in an answer without rows; asked once.

        ``NotOffered`` when Profit tells none, which it may do only while the connector holds no rows.
        """
        # An answer without rows may be entirely empty (profit-wire 2.4): then a row must carry the schema.
        for take in (0, 1):
            if connector not in self._known:
                self._learn(connector, take)
        if connector not in self._known:
            raise NotOffered(
                f"Profit gives no columns of {connector} over SOAP while it holds no rows; REST knows them.",
                offered_by="rest",
            )
        return self._known[connector]

    def _afresh(self, connector: str) -> Fields:
        """The columns as they are now."""
        self._known.pop(connector, None)
        return self.fields(connector)

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        """One ``GetDataWithOptions`` with the schema in front of the rows. A take of None is 100, as over REST."""
        check_window(query.skip, query.take)
        check_columns(query, self._known.get(connector))
        # SOAP would give no rows at all.
        take = REST_TAKE if query.take is None else query.take
        options = Options(metadata=1, output_mode=1, output_options=2, index=query.order_by)
        parameters = {
            "connectorId": connector,
            "filtersXml": filters_to_xml(query.filters) or None,
            "skip": query.skip,
            "take": take,
            "options": options_to_xml(options),
        }
        with self._explained(connector, query):
            return self._rows(connector, parameters, reading, wanted=over_soap(query.skip, take).asks_for_rows)

    def get_data(self, call: GetData) -> Iterator[bytes]:
        """The result text of the operation, exactly as asked for and as it came.

        Filter and options are read before they are sent: to what it cannot read Profit says no more than that an error
        occurred, or it passes over it.
        """
        read = options_from_xml(call.options or "")
        query = Query(filters_from_xml(call.filters_xml or ""), read.index, call.skip, call.take)
        check_window(call.skip, call.take)
        check_window(read.skip, read.take)
        check_columns(query, self._known.get(call.connector))
        parameters = {
            "connectorId": call.connector,
            "filtersXml": call.filters_xml,
            "skip": call.skip,
            "take": call.take,
        }
        options = {} if call.options is None else {"options": call.options}
        with self._explained(call.connector, query):
            answer = self._calls.ask("AppConnectorGet", call.operation, call.connector, {**parameters, **options})
        wanted = over_soap(call.skip, call.take, read.skip, read.take).asks_for_rows
        return answer.ending(self._result(answer, call.connector, query, wanted=wanted))

    def schema(self, connector: str) -> str:
        """The XSD of an UpdateConnector (profit-wire 4.6)."""
        parameters = (
            "<DataConnector>"
            f"<UpdateConnectorId>{_escaped(connector)}</UpdateConnectorId><EncodeBase64>false</EncodeBase64>"
            "</DataConnector>"
        )
        wanted = {"dataID": "GetXmlSchema", "parametersXml": parameters}
        with self._calls.ask("AppConnectorData", "Execute", connector, wanted) as answer:
            with self._calls.faults(answer, connector):
                result = simple_result(answer.whole(self._transport.link.max_document))
            return _schema_in(result, connector)

    def send(self, update: Update) -> Receipt:
        """One ``AppConnectorUpdate.Execute``; see ``Connectors.send``. Many tell no keys (profit-wire 4.2)."""
        return self._transport.write(self._write(update), lambda answer: self._receipt(answer, update))

    def outgoing(self, update: Update) -> Outgoing:
        """What ``send`` would send."""
        shown = self._transport.outgoing(self._write(update))
        return Outgoing(shown.method, shown.url, shown.headers, shown.whole_body)

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()

    def _version_at(self, asmx: str) -> str:
        asked = self._calls.ask("AppConnectorVersionInfo", "GetProductVersion", None, {}, asmx=asmx)
        with asked as answer, self._calls.faults(answer, None):
            return simple_result(answer.whole(self._transport.link.max_document)).strip()

    def _rows(self, connector: str, parameters: Parameters, reading: Reading, *, wanted: bool) -> Rows:
        answer = self._calls.ask("AppConnectorGet", "GetDataWithOptions", connector, parameters)
        try:
            with self._calls.faults(answer, connector):
                rows = soap_rows(answer.chunks(), connector=connector, reading=reading, wanted=wanted)
        except BaseException as problem:
            answer.__exit__(type(problem), problem, None)
            raise
        if rows.fields is None:
            rows = Rows.of_batches(None, _no_rows(rows), rows.close)
        return answer.rows(rows, self._columns(connector, rows.fields, reading))

    def _learn(self, connector: str, take: int) -> None:
        """Read an answer for its columns; one that is cut off is asked for again, as a page of rows is."""
        for left in range(_AGAIN, -1, -1):
            try:
                # What stands in the row does not matter, nor whether XML can carry it.
                with self.rows(connector, Query(take=take), Reading(controls=Controls())) as rows:
                    for _ in rows:
                        pass
            except CutOff:
                if not left:
                    raise
            else:
                return

    def _columns(self, connector: str, fields: Fields | None, reading: Reading) -> Fields | None:
        """Remember the columns of an answer, and give an entirely empty one those that are known."""
        if fields is None and connector in self._known:
            return reading.columns(self._known[connector])
        if fields is not None and not (reading.dates or reading.files):
            # With dates or files named, the columns are the caller's and not the connector's.
            self._known[connector] = fields
        return fields

    def _result(self, answer: Answer, connector: str, query: Query, *, wanted: bool) -> Iterator[bytes]:
        with self._explained(connector, query), self._calls.faults(answer, connector):
            yield from result_bytes(answer.chunks(), wanted=wanted)

    @contextlib.contextmanager
    def _explained(self, connector: str, query: Query) -> Iterator[None]:
        """A refusal of a column or a value is the error that it would have been, had the columns been known."""
        try:
            yield
        except ProfitError as error:
            raise explained(error, query, lambda: self._afresh(connector)) from None

    def _receipt(self, answer: Answer, update: Update) -> Receipt:
        data = answer.whole(self._transport.link.max_document)
        fault = read_fault(data)
        if fault is not None:
            error = self._calls.refused(fault.error(), update.connector, answer, read=False)
            raise error.of_write(fate_of_fault(fault))
        result = execute_result(data)
        form = receipt_form(update)
        receipt = receipt_from_xml(result, answer.trace_id, form)
        if form.keys and not receipt.keys:
            _LOG.warning(
                "%s: booked, and Profit told no keys, where REST documents %s", update.connector, ", ".join(form.keys)
            )
        return receipt

    def _write(self, update: Update) -> Request:
        # Every public call has version 1 (profit-wire 4.1); what another means is not known.
        parameters = {"connectorType": update.connector, "connectorVersion": 1, "dataXml": update_to_xml(update)}
        request = self._calls.request("AppConnectorUpdate", "Execute", update.connector, parameters)
        return dataclasses.replace(request, operation=str(update.action or "send"), read=False)


def _no_rows(rows: Rows) -> Iterator[Batch]:
    """An answer without the schema that was asked for may be empty (profit-wire 2.4). With rows, nobody knows which
    columns those leave out and what their texts stand for."""
    for _ in rows.batches():
        raise AnswerError("Profit gave rows without the schema that was asked for: their columns are not known.")
    yield from ()


def _schema_in(result: str, connector: str) -> str:
    """The schema out of ``<AfasDataConnector>...<ConnectorData><Schema>``, which may come as base64 of that."""
    root = parse(result if result.lstrip().startswith("<") else _unpacked(result))
    schema = root.findtext("ConnectorData/Schema")
    if not schema or not schema.strip():
        _no_schema(connector)
    return schema


def _unpacked(result: str) -> bytes:
    try:
        return base64.b64decode("".join(result.split()), validate=True)
    except ValueError:
        problem = AnswerError("The schema that Profit gave is neither XML nor base64.")
    raise problem


def _no_schema(connector: str) -> NoReturn:
    raise NotFound(f"Profit gave no schema for {connector}: check that it is the id of an UpdateConnector.")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
