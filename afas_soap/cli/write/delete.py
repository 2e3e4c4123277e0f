"""``afas delete``: see ``cli.write.sending``."""

from __future__ import annotations

from afas_soap.cli.write.sending import command_for
from afas_soap.profit.updates.update import Action

command = command_for(
    Action.DELETE,
    """Delete records of the UpdateConnector CONNECTOR for good: those whose keys stand in FILE (- is standard input).

FILE holds AFAS' JSON, AFAS' XML, or one plain record as JSON, such as {"@SbId": 1957}. CONNECTOR/SUBOBJECT deletes rows
below records, which stay. It asks first, unless --yes.

\b
echo '{"@SbId": 1957}' | afas delete KnSubject - --yes
""",
)
