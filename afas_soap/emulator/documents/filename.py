"""AFAS' own escaping of file names in addresses, undone: an underscore and two hexadecimal digits for seventeen signs.

What of ordinary percent-encoding the server takes beside it follows from clients that work (special-connectors 4): it
takes ``-``, ``~`` and ``'`` in either form, and refuses the other signs of the table unless they are escaped.
"""

from __future__ import annotations

import re

_ESCAPED = "/#&:?*<>%+~-@!$_'"
_EITHER_WAY = "~-'"
_CODES = {f"{ord(sign):02X}": sign for sign in _ESCAPED}
_ESCAPE = re.compile("_([0-9A-Fa-f]{2})?")
# Signs that stand for themselves only when they are escaped; a comma does not even then.
_REFUSED = re.compile("[" + re.escape("".join(sorted(set(_ESCAPED) - set(_EITHER_WAY + "_")))) + ",]")


def plain_name(text: str) -> str | None:
    """The name that a text stands for which was percent-encoded and is no more; None when it can be no name's."""
    codes = [match[1] for match in _ESCAPE.finditer(text)]
    if _REFUSED.search(text) or not all(code is not None and code.upper() in _CODES for code in codes):
        return None
    return _ESCAPE.sub(lambda match: _CODES[match[1].upper()], text)
