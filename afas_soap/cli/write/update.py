"""``afas update``: see ``cli.write.sending``."""

from __future__ import annotations

from afas_soap.cli.write.sending import command_for
from afas_soap.profit.updates.update import Action

command = command_for(
    Action.UPDATE,
    """Change records through the UpdateConnector CONNECTOR: the fields in FILE (- is standard input).


FILE holds AFAS' JSON, AFAS' XML, or one plain record as JSON, in which a key is "@SbId"; the records are found by
their keys. An empty text clears a field.
With --journal FILE is JSON Lines, a record a line and a call a record.

\b
afas update KnSubject change.json
""",
)
