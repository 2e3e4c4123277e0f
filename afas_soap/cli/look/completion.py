"""``afas completion``: the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


def run(shell: str) -> None:
    """The script, made by click for the commands that there are."""
    script = get_completion_class(shell)
    root = click.get_current_context().find_root()
    assert script is not None, "click knows each shell of the choice"
    click.echo(script(root.command, {}, "afas", "_AFAS_COMPLETE").source())
