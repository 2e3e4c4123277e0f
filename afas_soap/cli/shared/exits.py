"""From errors to exit codes, and the one line that a person reads."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Mapping

import click

from afas_soap.cli.shared.signals import Stopped, stoppable
from afas_soap.cli.shared.streams import drop_output, settle_output, standard_streams, tell, why
from afas_soap.cli.shared.terminal import printable
from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    Fate,
    NotFound,
    NotOffered,
    ProfitError,
    QueryError,
    SettingsError,
    SignInError,
    TransportError,
    UpdateError,
    place,
)
from afas_soap.profit.suggestions import NAMES

FINE = 0
DIFFERENCES = 1
REFUSED = 5
UNKNOWN = 8
STORED = 9
USAGE = 2
FAULT = 70
INTERRUPTED = 130
TERMINATED = 143

EXIT_CODES = {
    FINE: "fine",
    DIFFERENCES: "differences found, or errors in an update",
    USAGE: "usage or settings",
    3: "access: the credentials, the address they came from, or the app connector do not allow it",
    4: "not found: no such address, connector or file",
    REFUSED: "AFAS refused: nothing was booked",
    6: "no answer: no connection, cut off, or Profit is away",
    7: "unreadable answer",
    UNKNOWN: "sent, but whether Profit booked it is not known: look before you send it again",
    STORED: "AFAS SB refused and kept something of it, a part or an entry in error: correct or delete that before you "
    "send anything again",
    FAULT: "a fault in afas-soap itself: please report it",
    INTERRUPTED: "interrupted",
    TERMINATED: "terminated from outside (SIGTERM)",
}

# The first class that fits, so a class stands before its parent.
_CODES: tuple[tuple[type[AfasError], int], ...] = (
    (AccessDenied, 3),
    (SignInError, 3),
    (NotFound, 4),
    (Busy, 6),
    (ProfitError, REFUSED),
    (TransportError, 6),
    (AnswerError, 7),
    (UpdateError, DIFFERENCES),
    (SettingsError, USAGE),
    (QueryError, USAGE),
    (NotOffered, USAGE),
)


# What must be looked at before anything is sent again, whatever its class is.
_BY_FATE: Mapping[Fate | None, int] = {Fate.UNCERTAIN: UNKNOWN, Fate.STORED: STORED}


def exit_code(error: AfasError) -> int:
    """The exit code of an error: by what became of a write where somebody has to look, else by its class."""
    if error.fate in _BY_FATE:
        return _BY_FATE[error.fate]
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAULT)


def sentence(error: AfasError) -> str:
    """The error in one line, with what names it in AFAS' log behind it. Who typed the command knows the operation, and
    several problems have lines of their own."""
    known = [f"{label} {value}" for label, value in error.facts if label != "operation" and value not in error.message]
    line = " ".join(_in_options(error.message).split())
    return f"{line} [{'; '.join(known)}]" if known else line


# How the library names an argument, and what the command line has for it. Behind "=" stands an example in Python.
_OPTIONS = {
    "again=True": "--again",
    "everything=True": "--everything",
    "typed=False": "--raw",
    "replace_controls=True": "--replace-controls",
    "page_size": "--page-size",
    "order_by": "--order-by",
}
_ARGUMENT = rf"\b(?:{'|'.join(_OPTIONS)})(?![=\w])"


def _in_options(message: str) -> str:
    return re.sub(_ARGUMENT, lambda match: _OPTIONS[match[0]], message)


def reported(text: str, code: int) -> int:
    """Print what a command found, and give its exit code, of which a reader that went away changes nothing."""
    try:
        click.echo(text)
    except BrokenPipeError:
        drop_output()
    return code


def not_taken(text: str) -> str:
    """Print what is done already, and give why standard output does not take it; "" when it does, and for a reader that
    went away, which changes nothing."""
    try:
        click.echo(text)
    except BrokenPipeError:
        drop_output()
    except (OSError, ValueError) as problem:
        drop_output()
        return why(problem) if isinstance(problem, OSError) else "it is closed"
    return ""


def run(command: click.Command, arguments: list[str]) -> int:
    """Run a command: data on stdout in UTF-8 with plain line ends, one line on stderr when it fails."""
    with standard_streams(), stoppable():
        try:
            return _answered(command, arguments)
        except BrokenPipeError:
            drop_output()  # the reader went away
            return FINE
        except (Exception, KeyboardInterrupt, Stopped) as problem:  # noqa: BLE001 - never a traceback
            settle_output()
            code, line = told(problem)
            if isinstance(problem, Stopped) and sys.stderr.isatty():
                tell("")  # behind the ^C
            tell(f"afas: {line}")
            if code == FAULT and {"-v", "--verbose"} & set(arguments):
                traceback.print_exception(problem)
            return code


def _answered(command: click.Command, arguments: list[str]) -> int:
    stdout = sys.stdout
    try:
        result = command.main(args=arguments, prog_name="afas", standalone_mode=False)
    except SystemExit:
        if sys.stdout is stdout:
            raise
        # click ends so on a closed pipe, having put wrappers around the streams.
        raise BrokenPipeError from None
    sys.stdout.flush()
    return result if isinstance(result, int) else FINE


def told(problem: BaseException) -> tuple[int, str]:
    """The exit code of what ended a command, and its line as a person may see it: printable, and without a secret."""
    code, line = _ending(problem)
    return code, printable(_masked(line))


def _ending(problem: BaseException) -> tuple[int, str]:
    """The exit code of what ended a command, and its line."""
    match problem:
        case Stopped():
            return problem.code, problem.word
        case KeyboardInterrupt() | click.exceptions.Abort():
            return INTERRUPTED, "interrupted"
        case click.ClickException():
            return USAGE, _usage(problem)
        case AfasError():
            return exit_code(problem), sentence(problem)
        case OSError() if problem.filename:
            return USAGE, f"{problem.strerror or problem}: {problem.filename}"
        case OSError() if problem.errno:
            return USAGE, f"cannot write the output: {why(problem)}."
        case OSError():
            return USAGE, str(problem)
    return FAULT, f"this is a fault in afas-soap itself ({place(problem)}): please report it; -v shows more"


def _usage(problem: click.ClickException) -> str:
    said = _no_such_option(problem) if isinstance(problem, click.NoSuchOption) else problem.format_message()
    line = " ".join(said.split())
    if not isinstance(problem, click.UsageError) or problem.ctx is None:
        return line
    return f"{line}{'' if line.endswith(('.', '?', ')')) else '.'} '{problem.ctx.command_path} --help' shows how."


def _no_such_option(problem: click.NoSuchOption) -> str:
    """With what was meant, in place of the option whose letters look most like it, which click would name."""
    offered = problem.ctx.command.get_params(problem.ctx) if problem.ctx is not None else []
    shown = [option for option in offered if not getattr(option, "hidden", False)]
    known = [name for option in shown for name in option.opts if name.startswith("--")]
    name, _, value = (NAMES.meant(problem.option_name, known) or "").partition("=")
    choices = next((option.type for option in shown if name in option.opts), None)
    taken = value if isinstance(choices, click.Choice) and value in choices.choices else ""
    hint = f" Did you mean {f'{name} {taken}'.strip()}?" if name else ""
    return f"There is no option {problem.option_name!r}.{hint}"


# A secret that somebody typed where none belongs: a token's 64 digits or the base64 of "<token", the code in an address
# that a sign-in ended at, and a signed token (JWT).
_TOO_MUCH = (
    r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])|PHRva2Vu[0-9A-Za-z+/=_-]*"
    r"|(?<=[?&]code=)[^&#\s'\")]+|eyJ[\w-]+\.[\w-]+\.[\w-]*"
)


def _masked(line: str) -> str:
    return re.sub(_TOO_MUCH, "***", line)
