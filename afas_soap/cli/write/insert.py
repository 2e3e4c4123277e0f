"""``afas insert``: see ``cli.write.sending``."""

from __future__ import annotations

from afas_soap.cli.write.sending import command_for
from afas_soap.profit.updates.update import Action

command = command_for(
    Action.INSERT,
    """Insert the records of FILE (- is standard input) through the UpdateConnector CONNECTOR.

FILE holds AFAS' JSON, AFAS' XML, or one plain record as JSON, and is one call, which is one transaction. It is checked
against the connector's schema first. The keys that Profit hands out are printed as JSON.

CONNECTOR/SUBOBJECT inserts rows below records that are there already. With --journal FILE is JSON Lines, a record a
line and a call a record: started again after a break, what is done is not done twice.

\b
afas insert KnSubject subject.json --dry-run
afas insert KnSubject/KnSubjectAttachment attachment.json
afas insert FbSales orders.jsonl --journal orders.journal --lookup Profit_Salesorders:CustomerReference=RfCs
""",
)
