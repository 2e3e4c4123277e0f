"""The UpdateConnectors that come with the emulator: sixteen, with all fields of AFAS' public schemas and OpenAPI files.

Left out is what belongs to one environment: custom fields, and the objects of a customer's own dossier items
(profit-wire 4.6 and 11). Mandatory is what AFAS' schema never lets be empty and every insert of AFAS' own has; what its
inserts leave out may be left out here as well, and so may a key that is handed out. Code lists stand there only where
they are known whole and people use them, for the emulator refuses by them.
"""

from __future__ import annotations

from collections.abc import Mapping

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.table.entries import ENTRIES
from afas_soap.emulator.booking.table.items import ITEMS
from afas_soap.emulator.booking.table.orders import ORDERS
from afas_soap.emulator.booking.table.projects import PROJECTS
from afas_soap.emulator.booking.table.realizations import REALIZATIONS
from afas_soap.emulator.booking.table.relations import RELATIONS
from afas_soap.emulator.booking.table.subjects import SUBJECTS
from afas_soap.emulator.booking.table.users import USERS

TABLE: Mapping[str, Definition] = {
    definition.connector: definition
    for definition in (*SUBJECTS, *RELATIONS, *USERS, *ORDERS, *ITEMS, *PROJECTS, *REALIZATIONS, *ENTRIES)
}
"""The definitions that hold while no OpenAPI files are given, by the id of the connector."""
