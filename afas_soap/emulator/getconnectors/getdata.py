"""GetData and GetDataWithOptions: the call as its caller spelt it -> the result text. Source: profit-wire 2."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from afas_soap.emulator.appconnector import AppConnector
from afas_soap.emulator.getconnectors.windows import over_soap, with_whole_skip_option
from afas_soap.emulator.refusals import NO_TEXT_OUTPUT, UNEXPECTED, Refused
from afas_soap.errors import QueryError
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.questions.filterxml import Options, filters_from_xml, options_from_xml
from afas_soap.profit.questions.query import Filter, Query
from afas_soap.profit.readers.spelling import NO_ROWS, xml_document

TEXT_OUTPUT = 2
WITH_EMPTY = 3


def result_text(app_connector: AppConnector, call: GetData) -> Iterator[str]:
    """The text in the result element, in pieces, with the newline behind its root. Raises ``Refused``."""
    fields = app_connector.fields(call.connector)
    filters, options = _read(call)
    if options.output_mode == TEXT_OUTPUT:
        raise Refused(NO_TEXT_OUTPUT)
    window = over_soap(call.skip, call.take, options.skip, options.take)
    rows = app_connector.rows(fields, Query(filters, options.index, window.skip, window.take))
    schema, empty = options.metadata != 0, options.output_options == WITH_EMPTY
    with rows:
        first = next(rows, None)
        if first is None and not schema:
            yield NO_ROWS
            return
        records = itertools.chain([] if first is None else [first], rows)
        yield from xml_document(records, fields, schema=schema, empty=empty, dialect=app_connector.dialect)


def _read(call: GetData) -> tuple[tuple[Filter, ...], Options]:
    try:
        options = options_from_xml(with_whole_skip_option(call.options or ""))
        return filters_from_xml(call.filters_xml or ""), options
    except QueryError:
        # What Profit says to XML it cannot read is not known.
        raise Refused(UNEXPECTED) from None
