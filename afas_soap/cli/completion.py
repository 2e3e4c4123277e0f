"""``afas completion``: the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that completes afas commands in your SHELL.

    Load it with: eval "$(afas completion bash)"
    """
    script = get_completion_class(shell)
    root = click.get_current_context().find_root()
    assert script is not None, "click knows each shell of the choice"
    click.echo(script(root.command, {}, "afas", "_AFAS_COMPLETE").source())
