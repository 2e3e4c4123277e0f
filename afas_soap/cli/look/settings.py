"""``afas settings``: each value, where it came from, and no secret."""

from __future__ import annotations

import os
from typing import Any

import click

from afas_soap.cli.shared.connection import arguments_from, connection_options
from afas_soap.cli.shared.output import listing_options, output_from, write_listing
from afas_soap.cli.shared.table import aligned
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Value
from afas_soap.settings import resolve

_FIELDS = Fields("Settings", (Field("name"), Field("value"), Field("source")))


@click.command("settings")
@listing_options
@connection_options
def command(**options: Any) -> None:
    """Show each setting and where it came from, and no secret. Makes no call."""
    output = output_from(options, listing=True)
    shown = resolve(arguments_from(options, fallback=False), os.environ).shown()
    records = [dict(zip(_FIELDS.names, map(_text, row), strict=True)) for row in shown]
    write_listing(records, _FIELDS, output, {"table": lambda: aligned(shown)})


def _text(value: str) -> Value:
    """The value as text that any file can hold: a path may have bytes that are none, and they show as escapes."""
    return value.encode("utf-8", "backslashreplace").decode()
