"""Error numbers and messages: how Profit says no, in the languages that are known.

Sources: the tables of profit-wire 2.6, 3.6 and 7. AFAS itself says the numbers are not specific enough to branch on.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.errors import AfasError, ProfitError, SettingsError

_LOG = logging.getLogger("afas_soap.emulator")

# "General message:" refusals, raised by the connector layer.
GENERAL = -2147180996
# The catch-all.
CATCH_ALL = -2147180999
# A check of a value.
VALUE_CHECK = -2147220469
# No number is published for these texts; they come from the connector layer as well, so its number is inferred.
INFERRED = GENERAL

DUTCH = "nl"


@dataclass(frozen=True, slots=True)
class Text:
    """One refusal. ``nl`` and ``en`` are the same where only one language is known; ``{name}`` and its like are filled
    in."""

    number: int
    nl: str
    en: str


def _one(number: int, text: str) -> Text:
    return Text(number, text, text)


UNEXPECTED = _one(CATCH_ALL, "An unexpected error has occurred.")
NOT_SUPPORTED = Text(
    GENERAL,
    "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd.",
    "GetConnector not supported for this app or the user is not authorized",
)
UPDATE_NOT_SUPPORTED = _one(
    GENERAL, "General message: Deze UpdateConnector wordt niet ondersteund of de gebruiker is niet geautoriseerd."
)
INVALID_INDEX = _one(GENERAL, "General message: Invalid Index field")
# The wording is ours: all that is known is that text output may have gone in 2017 (profit-wire 10, conflict 10).
NO_TEXT_OUTPUT = _one(INFERRED, "General message: Outputmode 2 is not supported.")
DOES_NOT_EXIST = _one(INFERRED, "Connector {name} does not exist")
NO_SUCH_FIELD = _one(INFERRED, "Connector field '{name}' not found")
BLOCKED = _one(INFERRED, "This GetConnector (definition) is blocked")
# All these texts are reported for a bad token, but not which comes when (profit-wire 7): the division is inferred.
TOKEN_UNREADABLE = _one(INFERRED, "Token could not be parsed")
TOKEN_MISSING = Text(INFERRED, "Ongeldige gebruikersnaam", "invalid username")
# A token of another environment is a token that is not known here.
TOKEN_UNKNOWN = _one(INFERRED, "inloggegevens niet gevonden")
# What ASP.NET says before Profit is asked (inferred from .asmx services in general).
UNREADABLE = _one(INFERRED, "Server was unable to read request.")
UNKNOWN_ACTION = _one(INFERRED, "Server did not recognize the value of HTTP Header SOAPAction.")
VERSION_MISMATCH = _one(INFERRED, "Possible SOAP version mismatch: Envelope namespace was unexpected.")

# Known from updates with a wrong amount or date (profit-wire 3.6); inferred for filters.
TYPE_MISMATCH = _one(GENERAL, "Type mismatch")

# Of updates. Only their first four texts are published, in English (profit-wire 3.6), and the number of the first.
UNKNOWN_VALUE = _one(VALUE_CHECK, "The entered value for '{label}' does not exist.")
MANDATORY = _one(INFERRED, "(AntaObject) There is no value entered in mandatory field '{label}' ({field})")
FOREIGN_KEY = _one(
    INFERRED, "(AntaObject) The foreignkey does not exist in the database. FieldId={label}, ForeignkeyId={table}"
)
BLOCKED_PERIOD = _one(
    INFERRED,
    "Date '{date}' belongs to a blocked period / "
    "For this administration, period {period} of the year {year} is blocked.",
)
# What Profit says here is not known: the wording is ours, after its own.
TOO_LONG = _one(INFERRED, "(AntaObject) The value entered in field '{label}' ({field}) is too long.")
DUPLICATE = _one(INFERRED, "(AntaObject) The record already exists in the database. FieldId={field}")
NO_SUCH_RECORD = _one(INFERRED, "(AntaObject) The record of {name} does not exist in the database.")
SEVERAL_RECORDS = _one(INFERRED, "(AntaObject) More than one record of {name} matches.")
NO_SUCH_ACTION = _one(INFERRED, "General message: The action {name} is not supported for this UpdateConnector.")
UNBALANCED = _one(INFERRED, "(AFASFiEntry) The debit and credit amounts of the journal entry are not equal.")
UNREADABLE_DATA = _one(INFERRED, "General message: The XML of the update could not be read.")
# Of documents, whose refusals are not published at all (special-connectors 10): numbers and wording are ours.
NO_SUCH_DOCUMENT = _one(INFERRED, "General message: The file does not exist.")
START_SCREEN = _one(INFERRED, "General message: A report with a start screen cannot be called by a connector.")
# Of one-time passwords and tokens, where none is published either.
PASSWORD_UNKNOWN = _one(INFERRED, "General message: The one-time password does not fit or has expired.")
# The emulator's own, and no text of Profit's.
NOT_IMITATED = Text(
    INFERRED,
    "De emulator bootst deze waarde van {field} niet na: alleen {known}.",
    "The emulator does not imitate this value of {field}: only {known}.",
)
# Of remote imports; what Profit says is not known.
UNREADABLE_COMMAND = _one(INFERRED, "General message: The command line could not be read.")
UNREADABLE_ARCHIVE = _one(INFERRED, "General message: The archive of the command could not be read.")
# After which the work may go on (profit-wire 2.6); its number is not published.
TIMED_OUT = _one(CATCH_ALL, "Command timeout expired.")

_FILLED = re.compile(r"\{(\w+)\}")


class Refused(Exception):  # noqa: N818 - it is Profit's answer, not an error of ours
    """A refusal on its way to the answer, where its language is chosen.

    ``code`` is the SOAP fault code without a prefix; a refusal of the ASP.NET layer has no Profit detail.
    """

    def __init__(
        self, text: Text, *, name: str = "", code: str = "Server", filled: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(text.en)
        self.number = text.number
        self.code = code
        self._text = text
        self._filled = {"name": name, **(filled or {})}

    def message(self, language: str) -> str:
        """The text in ``language``, in Dutch when the environment's own was left (profit-wire 3.6)."""
        text = self._text.nl if language == DUTCH else self._text.en
        return _FILLED.sub(lambda match: self._filled.get(match[1], match[0]), text)

    def error(self) -> ProfitError:
        """The same as an error, in English. Raise it from this one, so that ``by`` finds the other language again."""
        return ProfitError(self.message("en"), number=self.number)

    @classmethod
    def by(cls, error: AfasError) -> Refused:
        """What the store raised, as Profit would say it.

        That the emulator itself is in trouble, such as a full disk, is nothing that Profit says: whoever runs it is
        told in the log.
        """
        if isinstance(error, SettingsError):
            _LOG.warning("%s", error.message)
        if isinstance(error.__cause__, Refused):
            return error.__cause__
        if isinstance(error, ProfitError):
            return cls(_one(error.number or CATCH_ALL, error.message))
        return cls(UNEXPECTED)
