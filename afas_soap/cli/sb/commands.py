"""The commands about AFAS SB, out of the declarations beside this file: ``looking``, ``reading``, ``writing`` and
``signing``."""

from __future__ import annotations

import click

from afas_soap.cli.group import Group
from afas_soap.cli.sb import looking, reading, signing, writing


@click.group("sb", cls=Group)
def sb() -> None:
    """Read and write AFAS SB, AFAS' accounting for small businesses.

    A profile with api = "sb" says which customer environment and how to sign in; "afas sb onboard" makes one.
    """


sb.add_command(signing.onboard)
sb.add_command(signing.scopes)
sb.add_command(looking.describe)
sb.add_command(looking.resources)
sb.add_command(reading.changes)
sb.add_command(reading.get)
sb.add_command(writing.post)
sb.add_command(writing.put)
sb.add_command(writing.delete)
sb.add_command(writing.blob)
