"""Lookups and guards: what the writers of the books share, such as finding a relation or refusing an attachment.

Ids are looked for in the whole environment, not in the administration of the body: AFAS' examples name one ledger
account for two administrations (6.0.0, financialjournalentry), so that more is not known.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from afas_soap.emulator.sb.books.answers import ATTACHMENT, NOT_ENABLED, FailedError, invalid_reference
from afas_soap.emulator.sb.books.ledger import Ledger
from afas_soap.emulator.sb.books.register import RELATIONS, Register
from afas_soap.emulator.sb.books.vat import cents
from afas_soap.emulator.sb.seed import calendar, fixed
from afas_soap.emulator.sb.tables import Row, Tables
from afas_soap.emulator.sb.validation.schemacheck import MOST

_LISTS = {fixed.ORGANISATION: "organisations", fixed.PERSON: "persons", fixed.UNKNOWN: "unknownrelation"}
_DIMENSIONS = (
    ("LocationId", "locations", "Locatie"),
    ("DepartmentId", "departments", "Afdeling"),
    ("ProjectId", "projects", "Project"),
)


@dataclass(frozen=True, slots=True)
class Party:
    """A relation as entries name it."""

    kind: str
    key: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What a writer works with."""

    tables: Tables
    register: Register
    ledger: Ledger
    knows_blob: Callable[[str], bool]

    def administration(self, body: Mapping[str, object], toggle: str = "") -> str:
        """The administration of a body, which has to be there and to have its feature enabled."""
        key = text(body, "AdministrationId")
        if not self.tables.find("administrations", {"Id": key}):
            raise FailedError(invalid_reference("Administratie", key))
        if toggle and not self.tables.find("featuretoggles", {"AdministrationId": key, toggle: True}):
            raise FailedError(NOT_ENABLED)
        return key

    def party(self, body: Mapping[str, object], kind: str = "", key: str = "") -> Party:
        """The relation of a body, which has to be there."""
        kind, key = kind or text(body, "RelationType"), key or text(body, "RelationId")
        found = self.tables.find(_LISTS[kind], {"Id": key}) if kind in _LISTS else []
        if not found:
            raise FailedError(invalid_reference("Relatie", key))
        (known,) = self.tables.find(RELATIONS, {"Id": key, "RelationType": kind}) or [{}]
        return Party(kind, key, str(known.get("Number") or ""), str(found[0]["Name"]))

    def list_of(self, party: Party) -> str:
        """The connector that lists a relation."""
        return _LISTS[party.kind]

    def attachments(self, body: Mapping[str, object]) -> None:
        """Refuse what is attached and was never uploaded."""
        for attachment in rows(body, "Attachments"):
            if not self.knows_blob(text(attachment, "AttachmentId")):
                raise FailedError(ATTACHMENT)

    def find(self, connector: str, key: str, field: str) -> Row:
        """The row of that id, which has to be there: ``field`` is its name in SB's text."""
        found = self.tables.find(connector, {"Id": key})
        if not found:
            raise FailedError(invalid_reference(field, key))
        return found[0]

    def faults(self, line: Mapping[str, object]) -> list[str]:
        """What a line names and there is not, in SB's words; that a unit is asked for, in ours."""
        return [
            *self._account_faults(line),
            *(
                invalid_reference(word, line[name])
                for name, connector, word in _DIMENSIONS
                if name in line and not self.tables.find(connector, {"InstanceId": line[name]})
            ),
        ]

    def _account_faults(self, line: Mapping[str, object]) -> list[str]:
        found = self.tables.find("ledgeraccounts", {"Id": line.get("LedgerAccountId")})
        if not found:
            return [invalid_reference("Grootboekrekening", line.get("LedgerAccountId"))]
        wanted = {"one": ("Unit1",), "two": ("Unit1", "Unit2")}.get(str(found[0]["MethodKeepingQuantities"]), ())
        return [f"Field '{name}' is required" for name in wanted if name not in line]


def text(body: Mapping[str, object], name: str) -> str:
    """A member as text, empty when it is not there."""
    return str(body.get(name) or "")


def rows(body: Mapping[str, object], name: str) -> list[Row]:
    """The lines of a body."""
    found = body.get(name)
    return found if isinstance(found, list) else []


def day(body: Mapping[str, object], name: str) -> datetime.date:
    """A date, which the schema check has seen."""
    return datetime.date.fromisoformat(text(body, name))


def number(body: Mapping[str, object], name: str) -> Decimal:
    """A number, nil when it is not there."""
    found = body.get(name)
    return found if isinstance(found, Decimal) else Decimal("0.00")


def amount_of(quantity: Decimal, price: Decimal) -> Decimal:
    """Their product in cents, which has to be an amount."""
    product = quantity * price
    if abs(product) >= MOST:
        raise FailedError("Field 'Bedrag' is too large")
    return cents(product)


def before_opening(date: datetime.date) -> bool:
    """Whether nothing may be booked on that day."""
    return date < calendar.OPENING
