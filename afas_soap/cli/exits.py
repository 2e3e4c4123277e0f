"""From errors to exit codes, and the one line that a person reads."""

from __future__ import annotations

import os
import sys
from typing import TextIO

import click

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    NotFound,
    NotOffered,
    ProfitError,
    QueryError,
    SettingsError,
    TransportError,
)

FINE = 0
DIFFERENCES = 1
USAGE = 2
INTERRUPTED = 130

EXIT_CODES = {
    FINE: "fine",
    DIFFERENCES: "differences found",
    USAGE: "usage or settings",
    3: "access: the credentials, the address they came from, or the app connector do not allow it",
    4: "not found: no such address, connector or file",
    5: "Profit refused",
    6: "no answer: no connection, cut off, or Profit is away",
    7: "unreadable answer",
    8: "sent, but the outcome is unknown (for writes, later)",
    INTERRUPTED: "interrupted",
}

# The first class that fits, so a class stands before its parent.
_CODES: tuple[tuple[type[AfasError], int], ...] = (
    (AccessDenied, 3),
    (NotFound, 4),
    (Busy, 6),
    (ProfitError, 5),
    (TransportError, 6),
    (AnswerError, 7),
    (SettingsError, USAGE),
    (QueryError, USAGE),
    (NotOffered, USAGE),
)


def exit_code(error: AfasError) -> int:
    """The exit code of an error's class."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), 1)


def sentence(error: AfasError) -> str:
    """The error in one line, with what names it in AFAS' log behind it."""
    known = [
        (label, value)
        for label, value in (
            ("number", getattr(error, "number", None)),
            ("log reference", getattr(error, "log_reference", None)),
            ("trace id", getattr(error, "trace_id", None)),
            ("connector", error.connector),
            ("environment", error.environment),
        )
        if value is not None and str(value) not in error.message
    ]
    behind = "; ".join(f"{label} {value}" for label, value in known)
    line = " ".join(error.message.split())
    return f"{line} [{behind}]" if behind else line


def run(command: click.Command, arguments: list[str]) -> int:
    """Run a command: data on stdout in UTF-8 with plain line ends, one line on stderr when it fails."""
    stdout = sys.stdout
    _plain(stdout, "strict")
    _plain(sys.stderr, "backslashreplace")
    try:
        result = command.main(args=arguments, prog_name="afas", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        return _say("interrupted", INTERRUPTED)
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    except click.ClickException as error:
        return _say(error.format_message(), error.exit_code if error.exit_code != 1 else USAGE)
    except AfasError as error:
        return _say(sentence(error), exit_code(error))
    except BrokenPipeError:
        return _quiet_end()
    except SystemExit:
        if sys.stdout is stdout:
            raise
        return _quiet_end()  # click ends so on a closed pipe, having put wrappers around the streams
    except OSError as error:
        return _say(f"{error.strerror or error}: {error.filename}" if error.filename else str(error), USAGE)
    return result if isinstance(result, int) else FINE


def _plain(stream: TextIO, errors: str) -> None:
    """UTF-8 and ``\\n`` whatever the platform; a stream that a caller replaced may not be able to: it is left alone."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors=errors, newline="\n")


def _say(line: str, code: int) -> int:
    click.echo(f"afas: {line}", err=True)
    return code


def _quiet_end() -> int:
    """The reader went away: point stdout at nothing, so that the interpreter's last flush says nothing either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return FINE
