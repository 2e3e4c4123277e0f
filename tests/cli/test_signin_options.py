"""The options that say how to sign in: none takes a secret, and one that stands there is refused without an echo."""

from __future__ import annotations

import io
import sys

import pytest

from tests.cli.conftest import Run

SECRET = "zeer-geheim-0123456789"
SERVICE = ("--environment", "12345", "--auth", "client-credentials", "--client-id", "id")


@pytest.mark.parametrize("command", [("settings",), ("get", "Profit_Debtor"), ("version",), ("profile", "add", "x")])
@pytest.mark.parametrize("option", ["--client-secret", "--token", "--private-key", "--client-key"])
@pytest.mark.parametrize("secret", [SECRET, f"-{SECRET}", ""])
def test_a_secret_on_the_command_line_is_refused(run: Run, command: tuple[str, ...], option: str, secret: str) -> None:
    """Others have seen it by then; the message says where it goes, and does not repeat it."""
    for arguments in ((option, secret), (f"{option}={secret}",), (option, secret, "--auth", "nonsense")):
        ran = run(*command, *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"afas: {option} is no option")
        assert "into a file" in ran.err
        assert SECRET not in ran.err


def test_the_refused_ones_do_not_stand_in_help(run: Run) -> None:
    shown = run("get", "--help").out
    for option in ("--auth", "--client-id", "--client-secret-file", "--private-key-file", "--key-id", "--dpop"):
        assert f"{option} " in shown
    for option in ("--redirect-uri", "--client-cert-file", "--client-key-file"):
        assert f"{option} " in shown
    for option in ("--client-secret ", "--token ", "--private-key ", "--client-key "):
        assert option not in shown


def test_a_secret_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a token may come from there."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SECRET.encode() + b"\n")))
    ran = run("settings", *SERVICE, "--client-secret-file", "-", "--dpop")
    assert ran.code == 0
    assert SECRET not in ran.out + ran.err
    assert any(line.split() == ["client_secret", "set", "argument"] for line in ran.lines)
    assert any(line.split() == ["dpop", "true", "argument"] for line in ran.lines)


@pytest.mark.parametrize(
    ("data", "message"), [(b" \n", "holds nothing, and a client secret"), (b"a\nb", "in one line")]
)
def test_no_secret_on_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    ran = run("settings", *SERVICE, "--client-secret-file", "-")
    assert ran.code == 2
    assert message in ran.err


def test_one_of_them_comes_from_standard_input(run: Run) -> None:
    ran = run("settings", "--token-file", "-", "--client-secret-file", "-")
    assert (ran.code, "only one of them" in ran.err) == (2, True)
    ran = run("insert", "KnSubject", "-", *SERVICE, "--client-secret-file", "-")
    assert (ran.code, "holds the client secret or the payload" in ran.err) == (2, True)


def test_a_person_signs_in_with_a_profile(run: Run) -> None:
    """Never by the classic token instead, and never at the embedded Profit."""
    whom = ("--environment", "12345", "--auth", "public", "--client-id", "id", "--redirect-uri", "http://localhost:1/")
    ran = run("version", *whom)
    assert (ran.code, ran.out) == (2, "")
    assert "afas auth login" in ran.err
    assert run("profile", "add", "me", *whom).code == 0
    ran = run("version", "--profile", "me")
    assert (ran.code, ran.out) == (3, "")
    assert "afas auth login" in ran.err
