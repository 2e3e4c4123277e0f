"""The UpdateConnectors that come with the emulator: about fifteen, with the fields that people use.

References and code lists stand there only where they are known whole (profit-wire 4.6 and 11), for the emulator refuses
by them.
"""

from __future__ import annotations

from collections.abc import Mapping

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.entries import ENTRIES
from afas_soap.emulator.booking.table.items import ITEMS
from afas_soap.emulator.booking.table.orders import ORDERS
from afas_soap.emulator.booking.table.projects import PROJECTS
from afas_soap.emulator.booking.table.relations import RELATIONS
from afas_soap.emulator.booking.table.subjects import SUBJECTS
from afas_soap.emulator.booking.table.users import USERS

TABLE: Mapping[str, Definition] = {
    definition.connector: definition
    for definition in (*SUBJECTS, *RELATIONS, *USERS, *ORDERS, *ITEMS, *PROJECTS, *ENTRIES)
}
"""The definitions that hold while no OpenAPI files are given, by the id of the connector."""
