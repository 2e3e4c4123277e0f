"""A command that has commands: help when none is named, and the one that was meant when it does not exist; and one
that has options only."""

from __future__ import annotations

import click

from afas_soap.cli.shared.exits import USAGE
from afas_soap.profit.connectors.documented import DOCUMENTED, Use
from afas_soap.profit.suggestions import COMMANDS

# The longest sentence that is no paragraph.
_SENTENCE = 200


class Group(click.Group):
    """As click's, whatever its version does without arguments: help on stderr, for nothing was asked."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Help in place of "missing command"."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(USAGE)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, or a sentence with those that there are."""
        known, name = self.list_commands(ctx), args[0]
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"There is no command {name!r}. {_hint(name, known)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with its first sentence, which click would cut off at the end of a line."""
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.get_short_help_str(_SENTENCE)) for name, command in commands.items() if command]
            )


class OptionsOnly(click.Command):
    """A command without arguments: what stood where one would is not repeated, for it may be a secret."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The options; a refusal of anything else."""
        others = super().parse_args(ctx, args)
        if others:
            ctx.fail(
                "This command takes options only, and something else stood there, which is not repeated here. If it "
                "was a secret, it should be replaced: others see the command line."
            )
        return others


def _hint(name: str, known: list[str]) -> str:
    if name in DOCUMENTED and "get" in known:
        return f"Did you mean {'get' if DOCUMENTED[name] is Use.READ else 'describe'} {name}?"
    meant = COMMANDS.meant(name, known)
    if meant is not None:
        return f"Did you mean {meant.replace('/', ' ')}?"
    if COMMANDS.forbidden(name):
        return "What writes or removes something is never guessed."
    return f"There are {', '.join(known)}."
