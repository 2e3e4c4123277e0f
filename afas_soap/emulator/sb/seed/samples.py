"""Fixed identifiers: the GUIDs that stand in AFAS' example bodies, so that each of those finds what it names.

Source: AFAS' OpenAPI file of 6.0.0. The examples come of several environments: one ledger account stands in bodies for
two administrations, and one relation is an organisation in one body and a person in another. Names and everything else
beside these ids are invented.
"""

from __future__ import annotations

from collections.abc import Mapping

ADMINISTRATIONS = (
    "d8497bdd-a324-5145-afd0-a78acc7e07a8",
    "bb837613-26e7-52bd-bc56-f3721b90a42e",
    "701b747b-eea2-5ed1-8518-973e5c670252",
    "c59efe34-cb0e-5cb7-a1c7-b1286a699911",
    "73109da3-0fcf-4fbe-bd2c-209a399ae502",
    "e877fb82-b546-4d20-94cf-05c72765fc47",
    "5c86c621-14fc-5d09-a387-772c599caa5d",
    "95c0de1b-e269-4c74-ab6a-ece7fb15a4ff",
    "e5a3aaef-0cc7-46d0-9eb5-8d039c88109e",
    "3f73bc84-fb32-4d1d-83d9-5de1af8245b1",
    "a15620b1-90bf-46d8-a155-15f59a3ed460",
)

ORGANISATIONS = (
    "8afb1a9a-1613-5e2b-ab19-20c0f4f3e216",
    "7b8e279b-b551-556e-a00a-a815392d0d38",
    "30bf2fcc-306d-5680-9e03-d99fbfe46bc2",
    "dde06573-1190-5b31-a400-064588aa62e0",
    "046800d6-8160-41a9-a422-ef3c04b8d373",
    "978638a5-394f-4ecc-a31f-21332f9f79e5",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "863d895a-3782-5500-b933-dd487d736138",
    "c6f3b724-845c-5af2-8360-2fc751601115",
    "a8cce7bd-ced8-5ca4-b3b8-f0584ffe5993",
    "9bafbc7a-611b-5465-a584-5f0c88734b35",
)
PERSONS = (
    "8afb1a9a-1613-5e2b-ab19-20c0f4f3e216",
    "2aacc092-9c6c-5020-b1cf-0d8ecd6485dc",
    "69a7cab4-3a34-4fdf-8017-c6df8a9375df",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "d36cb9bb-0e5f-5253-ab28-2331804d65ba",
)

LEDGER_ACCOUNTS: Mapping[tuple[str, str], str] = {
    ("701b747b-eea2-5ed1-8518-973e5c670252", "8000"): "1a8042a9-576d-5fab-9e5f-75e6f7d5ab63",
    ("701b747b-eea2-5ed1-8518-973e5c670252", "8010"): "ebf99e77-1d73-51f2-936d-b3185d8a84ad",
    ("701b747b-eea2-5ed1-8518-973e5c670252", "8020"): "de3184b9-23f0-55e6-9bd0-ccb5c2b5b5ce",
    ("701b747b-eea2-5ed1-8518-973e5c670252", "7000"): "55eeb0a9-25d0-5c60-830b-07f515fc0c0c",
    ("701b747b-eea2-5ed1-8518-973e5c670252", "7010"): "22edee70-753a-5f8c-a613-39fe661fffbe",
    ("701b747b-eea2-5ed1-8518-973e5c670252", "4000"): "0cee16b9-c2ef-5bb3-a69e-ce6765dbe93b",
    ("c59efe34-cb0e-5cb7-a1c7-b1286a699911", "8000"): "cfb59b79-b3ec-55ef-8cde-000499c3179e",
    ("c59efe34-cb0e-5cb7-a1c7-b1286a699911", "4100"): "c031b2e8-f8ac-5ab2-a428-93bf9789fc5e",
    ("c59efe34-cb0e-5cb7-a1c7-b1286a699911", "4000"): "4a2014b0-dcdc-500d-add2-fcf73ac8f88d",
    ("bb837613-26e7-52bd-bc56-f3721b90a42e", "8000"): "0cc7471d-9973-5214-8106-a960bbaa348e",
    ("73109da3-0fcf-4fbe-bd2c-209a399ae502", "8000"): "5a663714-2c36-5d94-a009-3a210bc2ce52",
}
"""By administration and number."""

PAYMENT_CONDITIONS: Mapping[tuple[str, int], str] = {
    ("701b747b-eea2-5ed1-8518-973e5c670252", 21): "9b5d768a-c71b-583e-b6ee-09d64aa935d4",
    ("701b747b-eea2-5ed1-8518-973e5c670252", 30): "eb44c60d-06e4-564b-a90c-7715c78788a5",
    ("c59efe34-cb0e-5cb7-a1c7-b1286a699911", 60): "b98e24e9-a611-5a98-8cf9-40fed321dc6c",
    ("c59efe34-cb0e-5cb7-a1c7-b1286a699911", 30): "ee64c81b-56ff-506f-9dac-855d64bf193a",
}
"""By administration and days."""

CASH_REGISTERS: Mapping[str, str] = {
    "d8497bdd-a324-5145-afd0-a78acc7e07a8": "265424ab-253e-57d4-9d65-036c65ad05c8",
    "bb837613-26e7-52bd-bc56-f3721b90a42e": "25e93133-ec28-543f-9f23-312ddb4e10a3",
}
"""By administration."""

PRODUCTS = (
    ("73109da3-0fcf-4fbe-bd2c-209a399ae502", "aaf04330-151c-44d9-9700-8793b1c0d4b4"),
    ("5c86c621-14fc-5d09-a387-772c599caa5d", "4689e028-02c7-5324-885a-556701bd1a9f"),
    ("bb837613-26e7-52bd-bc56-f3721b90a42e", "5dbb40d7-52b5-51b6-809e-5a16dddeb650"),
    ("3f73bc84-fb32-4d1d-83d9-5de1af8245b1", "7e94bf59-594c-5c28-9fe5-5e238f821b0d"),
)
"""Administration and product."""

PROJECTS = (("73109da3-0fcf-4fbe-bd2c-209a399ae502", "e03c053d-3e72-400b-821d-c3398edf1ccc"),)
"""Administration and project."""

BANK_ACCOUNTS: Mapping[str, str] = {"046800d6-8160-41a9-a422-ef3c04b8d373": "27548bd4-45ad-4652-bdd2-f1615dc28245"}
"""By organisation."""

ATTACHMENTS = (
    "bcbee6a4-f3de-44c3-91c8-e8921bf15107",
    "6676ad1f-9fc3-4a4f-8a44-d88d8284c598",
    "039e63a5-5761-4a6e-a58b-d0fcda003e0c",
    "b031446a-b98e-4378-b7ee-8543e05f34c0",
)
"""Blobs that some bodies attach."""

LINE = ("5c86c621-14fc-5d09-a387-772c599caa5d", "547a03a2-19c9-4058-bc77-452063b25d6d")
"""Administration and line to be invoiced, of a PUT."""
DELETED_LINE = ("e877fb82-b546-4d20-94cf-05c72765fc47", "e877fb82-b546-4d20-94cf-05c72765fc47")
"""Of a DELETE; a financial journal entry has the same two."""
DELETED_SALES_ENTRY = ("a15620b1-90bf-46d8-a155-15f59a3ed460", "8f8d5e92-bd85-4deb-8184-6abf57a5b24d")
DELETED_INVOICE = ("bb837613-26e7-52bd-bc56-f3721b90a42e", "c7e0773e-7904-41b7-a09e-56643261b6f4")
