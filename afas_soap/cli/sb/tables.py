"""The table of SB's operations that a command's options ask for."""

from __future__ import annotations

from pathlib import Path

from afas_soap.errors import SettingsError
from afas_soap.sb.openapi import table
from afas_soap.sb.table import Table, shipped

# AFAS' own is below a megabyte.
_LARGEST = 32 * 2**20


def table_from(openapi: Path | None) -> Table:
    """The shipped one, with the operations of an OpenAPI file where one is given."""
    if openapi is None:
        return shipped()
    try:
        with openapi.open("rb") as file:
            text = file.read(_LARGEST + 1)
    except OSError as error:
        failure = SettingsError(f"--openapi: cannot read {openapi}: {error.strerror or type(error).__name__}.")
    else:
        if len(text) <= _LARGEST:
            return table(text)
        failure = SettingsError(f"--openapi: {openapi} is larger than any OpenAPI file of AFAS: it is another file.")
    raise failure
