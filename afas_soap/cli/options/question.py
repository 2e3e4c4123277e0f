"""The options that make a question: filters, sort, skip and take, and how values are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from afas_soap.cli.options.whom import with_options

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

# What "--or" becomes among the values of "--where": click keeps the order of one option's values, not of two options'.
OR = "\0or"

REPLACE_CONTROLS = click.option(
    "--replace-controls",
    is_flag=True,
    help="Read U+FFFD for each character that XML cannot carry; standard error says how many.",
)
"""The option for commands that read XML; without it such a character is an error, which names it."""

_OPTIONS: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option(
        "--where",
        "where",
        multiple=True,
        metavar="TERM",
        help="COLUMN SIGN VALUE with one blank between, such as 'City = Ede'; repeated: all must hold. Signs: = != > "
        ">= < <=, * contains, @ begins with, & ends with (! in front: does not), Sf quick filter; without a value [] "
        "is empty, ![] is not. A column that holds a blank stands in [square brackets].",
    ),
    click.option("--or", "or_", is_flag=True, expose_value=False, help="Begin the next filter: one of them must hold."),
    click.option("--order-by", multiple=True, metavar="COLUMN", help="Sort; -COLUMN descends. Repeatable."),
    click.option("--skip", type=int, default=0, help="Rows to leave out at the beginning."),
    click.option("--take", type=int, help="Rows to give at most. [default: all]"),
    click.option("--page-size", type=int, help="Rows a call. [default: columns x rows under 150,000]"),
    click.option(
        "--key",
        metavar="COLUMN",
        help="Read by this column of text or whole numbers, sorted, in place of skip: any depth at one speed.",
    ),
    click.option("--everything", is_flag=True, help="One call for all rows (skip -1, take -1)."),
    click.option("--raw", is_flag=True, help="Every value as the text that came."),
    click.option("--dates", multiple=True, metavar="COLUMN", help="Read this column as a date; midnight is checked."),
    click.option("--files", multiple=True, metavar="COLUMN", help="Read this text as the base64 of a file."),
    click.option("--aware", is_flag=True, help="Date-times with their Amsterdam offset (+00:00 before May 1940)."),
    REPLACE_CONTROLS,
)


class QuestionCommand(click.Command):
    """A command in which ``--or`` stands between ``--where`` options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the place of each ``--or`` among the terms."""
        kept: list[str] = []
        for argument in args:
            kept += ["--where", OR] if argument == "--or" and kept[-1:] != ["--where"] else [argument]
        return super().parse_args(ctx, kept)


def question_options(command: Decorated) -> Decorated:
    """Add the options to a command; ``rows_arguments`` turns them into the arguments of ``ProfitClient.rows``."""
    return with_options(command, *_OPTIONS)
