"""``afas settings``: each value, where it came from, and no secret."""

from __future__ import annotations

import os
from typing import Any

from afas_soap.cli.shared.connection import arguments_from
from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Value
from afas_soap.settings import resolve

_FIELDS = Fields("Settings", (Field("name"), Field("value"), Field("source")))


def run(**options: Any) -> None:
    """Each setting, its value and where it came from."""
    output = output_from(options, listing=True)
    shown = resolve(arguments_from(options, fallback=False), os.environ).shown()
    records = [dict(zip(_FIELDS.names, map(_text, row), strict=True)) for row in shown]
    write_listing(records, _FIELDS, output, {"table": lambda: aligned(shown)})


def _text(value: str) -> Value:
    """The value as text that any file can hold: a path may have bytes that are none, and they show as escapes."""
    return value.encode("utf-8", "backslashreplace").decode()
