"""What is to be written, out of a file or standard input, and what is wrong with it, on standard error."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from afas_soap.cli.shared.streams import why
from afas_soap.cli.shared.terminal import printable
from afas_soap.errors import Problem, SettingsError, UpdateError

_SEVERAL = 2
_SECRETS = (("token_file", "token"), ("client_secret_file", "client secret"), ("app_token_file", "app token"))


def payload_of(file: str) -> bytes:
    """The bytes of a file, or of standard input (``-``)."""
    given = click.get_current_context().params
    for name, what in _SECRETS:
        if file == "-" and given.get(name) == "-":
            raise click.UsageError(
                f"standard input holds the {what} or the payload, not both: name a file for one of them"
            )
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as problem:
        where = "standard input" if file == "-" else file or "''"
        raise SettingsError(f"cannot read {where}: {why(problem)}.") from None


def tell_problems(problems: tuple[Problem, ...]) -> None:
    """A line a problem on standard error."""
    for problem in problems:
        click.echo(printable(f"afas: {problem.weight}: {line(problem)}"), err=True)


def line(problem: Problem) -> str:
    """A problem on one line, with the field's label: its message says what else is known."""
    return f"{problem} [{problem.label}]" if problem.label else str(problem)


@contextlib.contextmanager
def every_problem_told() -> Iterator[None]:
    """Several problems take a line each; one is told by the error itself."""
    try:
        yield
    except UpdateError as error:
        if len(error.problems) < _SEVERAL:
            raise
        tell_problems(error.problems)
        message = f"{len(error.problems)} problems are told above; nothing was sent."
        failure = UpdateError(message, problems=error.problems).about(
            connector=error.connector, environment=error.environment
        )
    else:
        return
    raise failure
