"""Exit codes by class of fault, and one readable line on stderr."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest

from afas_soap.cli.shared.exits import run, sentence
from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    CutOff,
    NotFound,
    NotOffered,
    ProfitError,
    QueryError,
    SettingsError,
    SignInError,
    TransportError,
)


def failing(error: BaseException) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("x"), 2),
        (QueryError("x"), 2),
        (NotOffered("x"), 2),
        (click.UsageError("x"), 2),
        (click.ClickException("x"), 2),
        (AccessDenied("x"), 3),
        (SignInError("x"), 3),
        (NotFound("x"), 4),
        (ProfitError("x"), 5),
        (TransportError("x"), 6),
        (Busy("x"), 6),
        (AnswerError("x"), 7),
        (CutOff("x"), 7),
        (AfasError("x"), 70),
        (OSError("x"), 2),
    ],
)
def test_each_class_of_fault_has_its_exit_code_and_one_line(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(failing(error), []) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("afas: x")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.exceptions.Abort()])
def test_an_interrupted_command_ends_with_130(error: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(failing(error), []) == 130
    assert capsys.readouterr().err.endswith("afas: interrupted\n")


def test_an_os_error_names_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(failing(PermissionError(13, "Permission denied", "out.csv")), []) == 2
    assert capsys.readouterr().err == "afas: Permission denied: out.csv\n"


def test_what_names_the_fault_in_afas_log_stands_behind_it_once() -> None:
    error = ProfitError("Type mismatch\nin Profit_Debtor", number=-2147180996, log_reference="AB" * 16, trace_id="t-1")
    error.about(connector="Profit_Debtor", environment="12345")
    assert sentence(error) == (
        "Type mismatch in Profit_Debtor [number -2147180996; log reference "
        + "AB" * 16
        + "; trace id t-1; environment 12345]"
    )


def test_a_closed_pipe_ends_quietly() -> None:
    """The reader is gone before anything is written: exit code 0, and nothing on stderr, from the last flush either."""
    code = (
        "import sys, click\nfrom afas_soap.cli.shared.exits import run\n"
        "@click.command()\ndef c():\n    sys.stdin.read()\n    sys.stdout.write('x' * 1000000)\n"
        "sys.exit(run(c, []))"
    )
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=write, stderr=subprocess.PIPE
    )
    os.close(write)
    os.close(read)
    _, stderr = process.communicate(b"")
    assert (process.returncode, stderr) == (0, b"")


def test_output_is_utf_8_with_plain_line_ends_whatever_the_locale() -> None:
    code = (
        "import sys, click\nfrom afas_soap.cli.shared.exits import run\n"
        "@click.command()\ndef c():\n    sys.stdout.write('caf\\u00e9\\n')\nsys.exit(run(c, []))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert done.stdout == b"caf\xc3\xa9\n"
