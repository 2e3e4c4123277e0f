"""The classic AfasToken: from what people paste to the two forms on the wire, hiding itself everywhere else.

Source: profit-wire 1.4 and 6.1. Existing tokens end on 1 May 2027, and none works after 31 August 2027
(authentication.md).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Self, final

from afas_soap.errors import SettingsError
from afas_soap.limits import TOKEN_DIGITS
from afas_soap.profit.access.secret import Hidden

_DIGITS = f"{TOKEN_DIGITS} hexadecimal digits"
ACCEPTED = f"{_DIGITS}, <token><version>1</version><data>{_DIGITS}</data></token>, or the base64 of that"

_DATA = re.compile(rf"[0-9A-Fa-f]{{{TOKEN_DIGITS}}}")
# A grammar instead of an XML parser: what it does not name (a DTD, an entity, an attribute) cannot get in.
_XML = re.compile(
    rf"(?:<\?xml[^<>?]*\?>)?\s*<token>\s*<version>\s*1\s*</version>\s*<data>\s*({_DATA.pattern})\s*</data>\s*</token>"
)
_SCHEME = re.compile(r"AfasToken\s+", re.IGNORECASE)
_BOM = "\ufeff"


@final
class AfasToken(Hidden):
    """One AfasToken. It does not show in ``repr``, ``str``, ``format`` or ``vars``, and cannot be pickled.

    ``AfasToken(data)`` takes the 64 hexadecimal digits, ``AfasToken.parse(text)`` every form people have it in. Both
    raise ``SettingsError`` without repeating what they were given.
    """

    __slots__ = ()

    def __init__(self, data: str) -> None:
        if not _DATA.fullmatch(data):
            raise _refused() from None
        super().__init__(data)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The token in ``text``: bare digits, XML, or base64 (also behind ``AfasToken``, also with line breaks).

        White space and a byte order mark around it are dropped; the case of the digits is kept.
        """
        stripped = _stripped(text)
        if _DATA.fullmatch(stripped):
            return cls(stripped)
        match = _XML.fullmatch(stripped) or _XML.fullmatch(_decoded(stripped))
        if match is None:
            raise _refused()
        return cls(match[1])

    def xml(self) -> str:
        """The token as XML, as it stands in a SOAP body."""
        return f"<token><version>1</version><data>{self._revealed()}</data></token>"

    def header(self) -> str:
        """The value of the ``Authorization`` header, over SOAP and REST alike."""
        return f"AfasToken {self._base64()}"

    def secrets(self) -> tuple[str, ...]:
        """Every text that must not show, the longest first, for masking what is written down."""
        data = self._revealed()
        digits = dict.fromkeys((data, data.lower(), data.upper()))
        return (self._base64(), self.xml(), *digits)

    def _base64(self) -> str:
        return base64.b64encode(self.xml().encode()).decode()


def _stripped(text: str) -> str:
    return text.strip().removeprefix(_BOM).strip()


def _decoded(text: str) -> str:
    """What base64 ``text`` stands for, or nothing when it is no base64 of text."""
    try:
        packed = "".join(_SCHEME.sub("", text, count=1).split())
        return _stripped(base64.b64decode(packed, validate=True).decode())
    except (binascii.Error, ValueError):
        return ""


def _refused() -> SettingsError:
    return SettingsError(f"token: this is no AfasToken (it is not repeated here); accepted are {ACCEPTED}.")
