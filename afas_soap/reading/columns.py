"""Column metadata cache: the columns of GetConnectors, each asked once, or learned from the rows that came."""

from __future__ import annotations

import logging

from afas_soap.calls import Calls, checked_name
from afas_soap.errors import NotOffered
from afas_soap.profit.fields import Fields

_LOG = logging.getLogger("afas_soap.rows")


class Columns:
    """The columns of each GetConnector of one client, as far as they are known."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: dict[str, Fields] = {}

    def of(self, connector: str) -> Fields:
        """Its columns, asked once. SOAP may tell none while it holds no rows: then REST is asked."""
        if connector not in self._known:
            asked = self._calls.from_whom_offers(
                "fields", connector, lambda reads: reads.fields(checked_name(connector))
            )
            self.learn(connector, asked)
        return self._known[connector]

    def known(self, connector: str) -> Fields | None:
        """Its columns, without asking."""
        return self._known.get(connector)

    def learn(self, connector: str, fields: Fields) -> None:
        """Keep what an answer told."""
        self._known[connector] = fields

    def if_told(self, connector: str) -> Fields:
        """The columns; none where nobody tells them, because the connector holds no rows."""
        try:
            return self.of(connector)
        except NotOffered as error:
            _LOG.warning("%s", error.message)
            return Fields(connector, ())
