"""The options that say how an update is checked and sent, one call or a batch with a journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.cli.options.seconds import Seconds
from afas_soap.cli.options.whom import with_options
from afas_soap.cli.options.words import ACTIONS, REPEAT_WITHIN, SETTLE

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_CHECKING: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option(
        "--schema",
        type=click.Path(path_type=Path),
        metavar="FILE|FOLDER",
        help="XSD to check against in place of Profit's own; in a folder CONNECTOR.xsd.",
    ),
    click.option("--refresh", is_flag=True, help="Ask Profit for the schema although one is kept."),
    click.option("--strict", is_flag=True, help="Take doubts (a code off the list, a mandatory field) for errors."),
)

_LOOKUP = click.option(
    "--lookup",
    metavar="CONNECTOR:COLUMN=FIELD",
    help="Ask this GetConnector whether a record of which nobody knows arrived: COLUMN against the record's FIELD.",
)
_SB_LOOKUP = click.option(
    "--lookup",
    metavar="sb:CONNECTOR:COLUMN=FIELD",
    help="Read this connector of SB to see whether a record of which nobody knows arrived: COLUMN against its FIELD.",
)
_BATCH: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option(
        "--journal",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="FILE is JSON Lines, a record a line and a call a record; the journal remembers what was sent, so that "
        "the same command goes on after a break.",
    ),
    click.option("--parallel", type=click.IntRange(1, 5), default=1, show_default=True, help="Calls at once."),
    click.option(
        "--settle",
        type=Seconds(),
        default=SETTLE,
        show_default=True,
        metavar="SECONDS",
        help="How long after it was sent a record that is not found may still arrive.",
    ),
    click.option("--no-wait", is_flag=True, help="Stop in place of waiting for --settle."),
    click.option(
        "--retry-refused",
        is_flag=True,
        help="Send again what was refused in an earlier run; such lines may be mended, and --lookup asks first "
        "whether they arrived.",
    ),
)
_DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="Print what would be sent and what the check says; send nothing."
)
_UNCHECKED = click.option("--no-check", is_flag=True, help="Send without a look at the schema.")
_LOCKED = click.option(
    "--retry-locked", is_flag=True, default=None, help="Repeat what is refused because a journal is open elsewhere."
)
_SB_WRITE: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option("--version", metavar="NUMBER", help="Version of the connector; the newest without it."),
    click.option(
        "--identifier",
        metavar="UUID",
        help="Tracking-Identifier of a call of which it is not known what became: SB carries the two out once.",
    ),
)
_SB_BATCH: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option(
        "--accept",
        is_flag=True,
        help="What SB kept of refused records was seen to: send the lines of them that were corrected since.",
    ),
    click.option(
        "--repeat-within",
        type=Seconds(),
        default=REPEAT_WITHIN,
        show_default=True,
        metavar="SECONDS",
        help="How long SB is taken to know the identifier of a call, so that a repeat is carried out once; behind that "
        "a lookup must tell.",
    ),
)
_WHAT = (click.argument("connector"), click.argument("file", type=click.Path(allow_dash=True)))
_YES: Mapping[str, str] = {
    **dict.fromkeys(
        ACTIONS, "With --retry-refused: send again also what a version before 0.4 called refused, without a lookup."
    ),
    "delete": "Delete without asking.",
}


def checking_options(command: Decorated) -> Decorated:
    """Add the options that say how an update is checked; ``cli.write.updates.checking_from`` takes them."""
    return with_options(command, *_CHECKING)


def sending_options(action: str) -> Callable[[Decorated], Decorated]:
    """Add the arguments and options of a command that sends updates of this action."""

    def add(command: Decorated) -> Decorated:
        confirmed = click.option("-y", "--yes", is_flag=True, help=_YES[action])
        return with_options(command, *_WHAT, _DRY_RUN, confirmed, _UNCHECKED, *_CHECKING, _LOOKUP, *_BATCH, _LOCKED)

    return add


def sb_sending_options(command: Decorated) -> Decorated:
    """Add the options of a command that writes to AFAS SB, one call or a batch."""
    return with_options(command, _DRY_RUN, *_SB_WRITE, _SB_LOOKUP, *_BATCH, *_SB_BATCH)
