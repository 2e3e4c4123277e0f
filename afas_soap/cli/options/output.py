"""The options that say where rows go, and as what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from afas_soap.cli.options.target import Target
from afas_soap.cli.options.whom import with_options
from afas_soap.cli.options.words import FORMATS

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _format(otherwise: str) -> Callable[[Decorated], Decorated]:
    return click.option(
        "--format",
        "format_",
        type=click.Choice(["table", *FORMATS]),
        help=f"[default: what FILE ends in (.jsonl, .json, .csv, .xml); {otherwise}]",
    )


_OPTIONS: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option(
        "-o",
        "--output",
        type=Target(),
        metavar="FILE",
        help="File to write, beside it first and then renamed; - is standard output.",
    ),
    click.option("--delimiter", metavar="SIGN", help=r"Between the values of CSV; \t is a tab. [default: ,]"),
    click.option("--schema", is_flag=True, help="XML with an inline XSD, as a .NET DataSet reads it."),
)


def output_options(command: Decorated) -> Decorated:
    """Add the options to a command that gives rows; ``output_from`` takes them."""
    return _with_output(command, _format("a table on a terminal; otherwise jsonl"))


def listing_options(command: Decorated) -> Decorated:
    """Add the same options to a command that lists something for a person: without any it is a table, in a pipe too."""
    return _with_output(command, _format("table"))


def _with_output(command: Decorated, format_: Callable[[Decorated], Decorated]) -> Decorated:
    return with_options(command, format_, *_OPTIONS)
