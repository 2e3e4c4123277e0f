"""How Profit says no: numbers and texts, in the languages that are known.

Sources: the tables of profit-wire 3.6 and 7. AFAS itself says the numbers are not specific enough to branch on.
"""

from __future__ import annotations

from dataclasses import dataclass

from afas_soap.errors import AfasError, ProfitError

# "General message:" refusals, raised by the connector layer.
GENERAL = -2147180996
# The catch-all.
CATCH_ALL = -2147180999
# No number is published for these texts; they come from the connector layer as well, so its number is inferred.
INFERRED = GENERAL

DUTCH = "nl"


@dataclass(frozen=True, slots=True)
class Text:
    """One refusal. ``nl`` and ``en`` are the same where only one language is known; ``{name}`` is filled in."""

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


class Refused(Exception):  # noqa: N818 - it is Profit's answer, not an error of ours
    """A refusal on its way to the answer, where its language is chosen.

    ``code`` is the SOAP fault code without a prefix; a refusal of the ASP.NET layer has no Profit detail.
    """

    def __init__(self, text: Text, *, name: str = "", code: str = "Server") -> None:
        super().__init__(text.en)
        self.number = text.number
        self.code = code
        self._text = text
        self._name = name

    def message(self, language: str) -> str:
        """The text in ``language``, in Dutch when the environment's own was left (profit-wire 3.6)."""
        text = self._text.nl if language == DUTCH else self._text.en
        return text.replace("{name}", self._name)

    @classmethod
    def by(cls, error: AfasError) -> Refused:
        """What the store raised, as Profit would say it."""
        if isinstance(error, ProfitError):
            return cls(_one(error.number or CATCH_ALL, error.message))
        return cls(UNEXPECTED)
