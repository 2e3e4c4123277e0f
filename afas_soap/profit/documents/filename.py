"""Percent-encoding with AFAS' own escapes: the name of a file in the path of the FileConnector.

Seventeen signs become an underscore and two hexadecimal digits; everything else is percent-encoded UTF-8, letters,
digits and the dot stay (special-connectors 4, after the table in AFAS' help).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from afas_soap.errors import QueryError

ESCAPED = "/#&:?*<>%+~-@!$_'"
"""The signs that AFAS escapes in its own way."""

_ESCAPED = re.compile(f"[{re.escape(ESCAPED)}]")


def escaped_name(name: str) -> str:
    """``a-b c.pdf`` -> ``a_2Db%20c.pdf``. Blanks at either end stay: the name must be the stored one.

    Raises ``QueryError`` for an empty name, and for a comma, which the service does not take in any spelling.
    """
    if not isinstance(name, str) or not name:
        raise QueryError("name: give the name of the file, exactly as a GetConnector gives it.")
    if "," in name:
        raise QueryError(
            "name: AFAS' FileConnector does not take a comma in a name, encoded or not: where the file is an "
            "attachment of the dossier, fetch it by its dossier item and the id of its file (attachment)."
        )
    # Percent-encoding leaves the underscore as it is, and of the escapes nothing else is there to encode.
    try:
        return quote(_ESCAPED.sub(lambda found: f"_{ord(found[0]):02X}", name), safe="")
    except UnicodeEncodeError:
        pass
    raise QueryError("name: it holds half of a surrogate pair, which is no character.")
