"""``afas profile``: written, listed, shown and removed; asked for when nothing is given, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.profit.access.secret import Secret
from afas_soap.settings import resolve
from afas_soap.settings.profiles import profiles_path, stored_profile
from afas_soap.signin.store import Entry, TokenStore
from tests.cli.conftest import Run

Answer = Callable[..., None]
SECRET = "zeer-geheim-0123456789"
URI = "http://localhost:8321/callback"
PEM = "-----BEGIN {0}-----\nAAAA\n-----END {0}-----\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder one works in, with a token, a secret, a key and a certificate."""
    contents = {
        "token": "ab" * 32,
        "secret": SECRET,
        "key": PEM.format("PRIVATE KEY"),
        "cert": PEM.format("CERTIFICATE"),
    }
    folder = tmp_path / "work"
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_text(content)
        (folder / name).chmod(0o600)
    monkeypatch.chdir(folder)
    return folder


def test_by_options(run: Run, files: Path) -> None:
    """Relative paths are those of the folder that one is in, and become whole; nothing secret is written."""
    options = ("--environment", "12345", "--auth", "client-credentials", "--client-id", "id", "--dpop")
    ran = run("profile", "add", "books", *options, "--client-secret-file", "secret", "--read-timeout", "30")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"afas: {profiles_path()}: profile 'books' is written\n"
    assert stored_profile("books", profiles_path()) == {
        "environment": "12345",
        "auth": "client-credentials",
        "client_id": "id",
        "client_secret_file": str(files / "secret"),
        "dpop": True,
        "read_timeout": 30.0,
    }
    assert SECRET not in profiles_path().read_text()
    assert resolve({"profile": "books"}, {}).client_secret is not None


def test_options_of_a_profile_alone(run: Run, files: Path) -> None:
    """What a single call has no option for."""
    more = ("--assertion-type", "client-authentication+jwt", "--assertion-algorithm", "PS256", "--retry-locked")
    other = ("--assertion-audience", "base-url")
    whom = ("--environment", "12345", "--auth", "client-credentials", "--client-id", "id", "--api", "profit")
    assert run("profile", "add", "a", *whom, "--private-key-file", "key", "--key-id", "k", *more).code == 0
    assert run("profile", "add", "b", *whom, "--client-secret-keyring", "s/u", "--client-secret-basic").code == 0
    assert run("profile", "add", "c", *whom, "--private-key-file", "key", *other).code == 0
    assert stored_profile("c", profiles_path())["assertion_audience"] == "base-url"
    first, second = resolve({"profile": "a"}, {}), resolve({"profile": "b"}, {})
    assert (first.assertion_type, first.assertion_algorithm) == ("client-authentication+jwt", "PS256")
    assert (first.retry_locked, first.key_id) == (True, "k")
    assert (second.client_secret_keyring, second.client_secret_basic) == ("s/u", True)


def test_half_a_profile_is_written_and_said(run: Run) -> None:
    """A container may give the rest in variables."""
    ran = run("profile", "add", "half", "--environment", "12345")
    assert ran.code == 0
    assert "it is not enough by itself: missing: a token" in ran.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--client-id", "id"), "auth=token (the default) and client_id"),
        (("--environment", "nee"), "environment: "),
        (("--token-file", "nowhere.xml"), "token_file: cannot read"),
        (("--token-file", "-"), "a profile names a file"),
        (("--token-file", "~nobody-of-that-name/x"), "token_file: ~nobody-of-that-name/x begins with a user"),
        (("--auth", "public", "--client-secret-file", "secret"), "auth=public"),
        (("--client-secret", SECRET), "A client secret goes into a file"),
        (("--connect-timeout", "nan"), "connect_timeout: "),
    ],
)
def test_what_is_wrong_is_not_written(run: Run, files: Path, options: tuple[str, ...], message: str) -> None:
    """One line that says what, and no file."""
    ran = run("profile", "add", "books", *options)
    assert ran.code == 2
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert SECRET not in ran.err
    assert not profiles_path().exists()


def test_a_name_that_is_taken(run: Run) -> None:
    """Refused before anything is asked; --replace writes it anew."""
    assert run("profile", "add", "a", "--environment", "12345", "--protocol", "rest").code == 0
    for options in ((), ("--environment", "54321")):
        ran = run("profile", "add", "a", *options)
        assert (ran.code, "--replace" in ran.err) == (2, True)
    assert run("profile", "add", "a", "--replace", "--environment", "54321").code == 0
    assert stored_profile("a", profiles_path()) == {"environment": "54321"}
    assert "is taken by the embedded Profit" in run("profile", "add", "emulator", "--protocol", "rest").err


class TestQuestions:
    """Nothing given: it asks, and for no secret."""

    @pytest.mark.parametrize(
        ("lines", "stored"),
        [
            (
                ["12345", "", "", "token", "", "", ""],
                {"protocol": "soap", "auth": "token", "token_file": "token"},
            ),
            (
                [
                    "12345",
                    "rest",
                    "client-credentials",
                    "id",
                    "secret-file",
                    "secret",
                    "n",
                    "cert",
                    "key",
                    "1_2",
                    "nl-nl",
                ],
                {
                    "protocol": "rest",
                    "auth": "client-credentials",
                    "client_id": "id",
                    "client_secret_file": "secret",
                    "client_cert_file": "cert",
                    "client_key_file": "key",
                    "integration_id": "1_2",
                    "language": "nl-nl",
                },
            ),
            (
                ["12345", "soap", "authorization-code", "id", URI, "private-key", "key", "k1", "y", "", "", ""],
                {
                    "protocol": "soap",
                    "auth": "authorization-code",
                    "client_id": "id",
                    "redirect_uri": URI,
                    "private_key_file": "key",
                    "key_id": "k1",
                    "dpop": True,
                },
            ),
            (
                ["12345", "soap", "client-credentials", "id", "keyring", "afas/id", "n", "", "", ""],
                {
                    "protocol": "soap",
                    "auth": "client-credentials",
                    "client_id": "id",
                    "client_secret_keyring": "afas/id",
                },
            ),
            (
                ["12345", "soap", "public", "id", URI, "", "", ""],
                {"protocol": "soap", "auth": "public", "client_id": "id", "redirect_uri": URI},
            ),
        ],
    )
    def test_each_way_of_signing_in(
        self, run: Run, files: Path, answer: Answer, lines: list[str], stored: dict[str, object]
    ) -> None:
        answer(*lines)
        ran = run("profile", "add", "books")
        assert (ran.code, ran.out) == (0, "")
        assert "not enough" not in ran.err
        whole = {name: str(files / str(value)) if name.endswith("_file") else value for name, value in stored.items()}
        assert stored_profile("books", profiles_path()) == {"environment": "12345", **whole}

    @pytest.mark.parametrize(
        ("lines", "stored"),
        [
            (
                ["authorization-code", "id", URI, "secret-file", "secret"],
                {"auth": "authorization-code", "client_id": "id", "redirect_uri": URI, "client_secret_file": "secret"},
            ),
            (
                ["authorization-code", "id", URI, "keyring", "afas/id"],
                {
                    "auth": "authorization-code",
                    "client_id": "id",
                    "redirect_uri": URI,
                    "client_secret_keyring": "afas/id",
                },
            ),
            (["app-token", "secret", "enyoi"], {"auth": "app-token", "app_token_file": "secret", "scope": "enyoi"}),
            (["app-token", "secret", ""], {"auth": "app-token", "app_token_file": "secret"}),
        ],
    )
    def test_an_environment_of_sb_is_asked_what_sb_takes(
        self, run: Run, files: Path, answer: Answer, lines: list[str], stored: dict[str, object]
    ) -> None:
        """It has a slash in it, and nothing is asked of protocols, certificates and the like."""
        answer("demo/enyoi", *lines)
        ran = run("profile", "add", "books")
        assert (ran.code, "not enough" in ran.err) == (0, False), ran.err
        whole = {name: str(files / str(value)) if name.endswith("_file") else value for name, value in stored.items()}
        assert stored_profile("books", profiles_path()) == {"api": "sb", "environment": "demo/enyoi", **whole}

    def test_a_wrong_answer_is_asked_again(self, run: Run, files: Path, answer: Answer) -> None:
        answer(
            "",
            "live",
            "12345",
            "ftp",
            "rest",
            "",
            "nowhere",
            "key",
            "token",
            "token",
            "cert",
            "cert",
            "key",
            "12",
            "1_2",
            "",
        )
        ran = run("profile", "add", "books")
        assert ran.code == 0
        assert ran.err.count("Error: ") == 7
        assert stored_profile("books", profiles_path())["integration_id"] == "1_2"

    def test_answers_that_end_too_soon(self, run: Run, answer: Answer) -> None:
        """A job without a terminal learns what to do, and a person who gives up has changed nothing."""
        answer("12345")
        ran = run("profile", "add", "books")
        assert ran.code == 2
        assert "standard input ended before everything was answered" in ran.err.splitlines()[-1]
        answer("12345", terminal=True)
        assert run("profile", "add", "books").code == 130
        assert not profiles_path().exists()


def test_list(run: Run) -> None:
    ran = run("profile", "list")
    assert (ran.code, ran.out) == (0, "")
    assert f"there is no profile in {profiles_path()}" in ran.err
    assert run("profile", "list", "--format", "json").out == "[]\n"
    run("profile", "add", "a", "--environment", "12345-test", "--protocol", "rest")
    run("profile", "add", "own one", "--soap-url", "https://profit.example/p", "--auth", "public")
    assert run("profile", "list").lines == [
        "a        12345-test                rest  token",
        "own one  https://profit.example/p  soap  public",
    ]
    assert json.loads(run("profile", "list", "--format", "json").out)[0] == {
        "name": "a",
        "environment": "12345-test",
        "protocol": "rest",
        "auth": "token",
    }


def test_show(run: Run) -> None:
    """As it may stand in another file; one that holds a secret is not shown."""
    run("profile", "add", "own one", "--environment", "12345", "--protocol", "rest")
    assert run("profile", "show", "own one").out == '[profiles."own one"]\nprotocol = "rest"\nenvironment = "12345"\n'
    ran = run("profile", "show", "own")
    assert (ran.code, "known are emulator, own one" in ran.err) == (2, True)
    profiles_path().write_text(f'[profiles.a]\nclient_secret = "{SECRET}"\n')
    ran = run("profile", "show", "a")
    assert (ran.code, ran.out) == (2, "")
    assert SECRET not in ran.err


def test_remove(run: Run, answer: Answer) -> None:
    """It asks, and where there is nobody to ask it wants to be told."""
    for name in ("a", "b"):
        run("profile", "add", name, "--environment", "12345")
    answer()
    ran = run("profile", "remove", "a")
    assert (ran.code, "--yes" in ran.err) == (2, True)
    answer("n", terminal=True)
    assert run("profile", "remove", "a").code == 130
    answer("y", terminal=True)
    assert run("profile", "remove", "a").code == 0
    assert run("profile", "remove", "b", "--yes").code == 0
    assert run("profile", "list").out == ""
    ran = run("profile", "remove", "b", "--yes")
    assert (ran.code, "afas profile list" in ran.err) == (2, True)


def test_removing_a_profile_forgets_its_tokens(run: Run) -> None:
    """A refresh token that nobody knows of would be good for weeks."""
    for name in ("a", "b"):
        run("profile", "add", name, "--environment", "12345")
    store = TokenStore("a")
    with store.locked():
        store.write(Entry(Secret("x", "access token"), "Bearer", "id", "https://x.example", 0.0, 1.0, 2.0))
    ran = run("profile", "remove", "a", "--yes")
    assert (ran.code, ran.err) == (0, f"afas: {profiles_path()}: profile 'a' is gone, and so are its tokens\n")
    assert not store.path.exists()
    assert run("profile", "remove", "b", "--yes").err == f"afas: {profiles_path()}: profile 'b' is gone\n"


def test_without_a_command_it_says_which_there_are(run: Run) -> None:
    assert run("profile").code == 2
    assert "There are add, list, remove, show" in run("profile", "xyzzy").err


def test_a_profile_of_sb_says_so(run: Run, files: Path) -> None:
    """Also when the environment alone said it; what is Profit's is refused."""
    sb = ("--environment", "demo/enyoi", "--auth", "app-token", "--app-token-file", "secret")
    assert run("profile", "add", "books", *sb).code == 0
    assert stored_profile("books", profiles_path())["api"] == "sb"
    ran = run("profile", "add", "more", *sb, "--protocol", "soap")
    assert (ran.code, "protocol (the profile 'more' to be) is a setting of AFAS Profit" in ran.err) == (2, True)
    ran = run("settings", "--profile", "books", "--format", "csv")
    assert "app_token_file" in ran.out
    assert "protocol" not in ran.out
    assert SECRET not in ran.out


def test_each_program_is_told_from_the_other(run: Run, files: Path) -> None:
    """In one sentence, with what helps, before any call."""
    assert run("profile", "add", "profit", "--environment", "12345", "--token-file", "token").code == 0
    sb = ("--environment", "demo/enyoi", "--auth", "app-token", "--app-token-file", "secret")
    assert run("profile", "add", "books", *sb).code == 0
    for arguments in (("get", "Profit_Debtor"), ("version",)):
        ran = run(*arguments, "--profile", "books")
        assert (ran.code, "demo/enyoi is AFAS SB, and this asks AFAS Profit" in ran.err) == (2, True), ran
    for arguments in (("sb", "scopes"), ("sb", "get", "organisations")):
        ran = run(*arguments, "--profile", "profit")
        assert ran.code == 2
        assert "is AFAS Profit, and this asks AFAS SB" in ran.err or "a setting of AFAS Profit" in ran.err, ran


def test_an_app_token_is_no_option(run: Run) -> None:
    ran = run("sb", "scopes", "--app-token", SECRET)
    assert (ran.code, "An app token goes into a file (--app-token-file" in ran.err) == (2, True)
    assert SECRET not in ran.err
