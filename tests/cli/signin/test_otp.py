"""``afas auth otp``, end to end on an emulator on a port: over both protocols, with nothing secret on any stream."""

from __future__ import annotations

import os
import re
import stat
import sys
import tomllib
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afas_soap.cli.signin import otp_place
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.faults import Fault, parse_faults
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.onetimepasswords import DEMO_API_KEY, DEMO_ENVIRONMENT_KEY, Mail
from afas_soap.emulator.store import Store
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.profiles import profiles_path
from afas_soap.settings.secretfile import read_token
from tests.cli.conftest import DATA, Ran, Run

Answer = Callable[..., None]

USER = ("--user", "12345.jansen")
END = (
    "afas: classic tokens that exist end on 1 May 2027, and none works after 31 August 2027: OAuth takes their place "
    "(afas auth migrate)"
)


class Office:
    """An emulator, its mails, and the files of its app connector's keys."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.mails: list[Mail] = []
        self.faults = parse_faults([])
        setup = Setup(mailbox=self.mails.append)
        self.app = Emulator(store, tokens=[AfasToken.parse(DATA)], faults=self.faults, setup=setup)
        self.keys: tuple[str, ...] = ()
        for name, text in (("api-key", DEMO_API_KEY), ("environment-key", DEMO_ENVIRONMENT_KEY)):
            self.keys += (f"--{name}-file", str(secret(folder / name, text)))

    @property
    def password(self) -> str:
        found = re.search(r"\b[0-9]{8}\b", self.mails[-1].text)
        assert found is not None
        return found[0]


def secret(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return Office(store, tmp_path)


@pytest.fixture
def profit(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The emulator on a port; its addresses stand in the variables, and no token."""
    with serve(office.app) as server:
        monkeypatch.setenv("AFAS_SOAP_URL", server.soap_url)
        monkeypatch.setenv("AFAS_REST_URL", server.rest_url)
        yield server


@pytest.fixture
def silent(run: Run, office: Office) -> Run:
    """Run a command, of which standard output stays empty and no secret shows."""

    def run_(*arguments: str | Path) -> Ran:
        ran = run(*arguments)
        assert ran.out == ""
        secrets = [DEMO_API_KEY, DEMO_ENVIRONMENT_KEY, *(office.password for _ in office.mails[:1]), "<token>"]
        assert not [one for one in secrets if one in ran.err]
        return ran

    return run_


@pytest.fixture
def mailed(silent: Run, office: Office, profit: Server, tmp_path: Path) -> Path:
    """The file of a password that was requested."""
    assert silent("auth", "otp", "request", *USER, *office.keys).code == 0
    return secret(tmp_path / "otp", office.password)


def profiles() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = tomllib.loads(profiles_path().read_text())["profiles"]
    return found


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_from_the_mail_to_a_profile_and_back(
    run: Run, silent: Run, office: Office, profit: Server, tmp_path: Path, protocol: str
) -> None:
    how = (*USER, *office.keys, "--protocol", protocol)
    asked = silent("auth", "otp", "request", *how)
    assert asked.code == 0
    assert asked.err.splitlines()[0] == (
        "afas: asked: AFAS sends a one-time password to 12345.jansen by mail, if the keys fit"
    )
    assert "AFAS answers the same when they do not" in asked.err
    assert asked.err.splitlines()[-1] == END
    assert [mail.to for mail in office.mails] == ["12345.jansen"]

    password, token = secret(tmp_path / "otp", office.password), tmp_path / "books.xml"
    redeemed = silent("auth", "otp", "redeem", *how, "--otp-file", password, "--to", token, "--add", "books")
    assert redeemed.code == 0, redeemed.err
    assert redeemed.err.splitlines()[0] == f"afas: the token is in {token}, for its owner only"
    assert redeemed.err.splitlines()[-1] == END
    assert profiles()["books"] == {
        "soap_url": profit.soap_url,
        "rest_url": profit.rest_url,
        "protocol": protocol,
        "token_file": str(token),
    }
    if os.name != "nt":
        assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "part" in path.name) == []
    for other in ("soap", "rest"):
        assert run("version", "--profile", "books", "--protocol", other).out.strip() == "9.22.5"

    deleted = silent("auth", "otp", "delete", "--profile", "books", "--yes")
    assert deleted.code == 0, deleted.err
    assert f"{token} still holds it, and it opens nothing now: remove that file" in deleted.err
    assert deleted.err.splitlines()[-1] == END
    for other in ("soap", "rest"):
        assert run("version", "--profile", "books", "--protocol", other).code == 3


def test_keys_that_do_not_fit_look_the_same(silent: Run, office: Office, profit: Server, tmp_path: Path) -> None:
    fitting = silent("auth", "otp", "request", *USER, *office.keys)
    wrong = secret(tmp_path / "wrong", "A" * 32)
    ran = silent("auth", "otp", "request", *USER, *office.keys, "--api-key-file", wrong)
    assert (ran.code, ran.err) == (fitting.code, fitting.err)
    assert len(office.mails) == 1


def test_a_description(silent: Run, office: Office, profit: Server) -> None:
    assert silent("auth", "otp", "request", *USER, *office.keys, "--description", "cron at db1").code == 0
    assert "(cron at db1)" in office.mails[0].subject
    ran = silent("auth", "otp", "request", *USER, *office.keys, "--description", "x", "--protocol", "rest")
    assert (ran.code, "REST takes no description" in ran.err) == (2, True)


# Where secrets come from.


def test_from_variables(
    silent: Run, office: Office, profit: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AFAS_API_KEY", f" {DEMO_API_KEY}\n")
    monkeypatch.setenv("AFAS_ENVIRONMENT_KEY", DEMO_ENVIRONMENT_KEY)
    ran = silent("auth", "otp", "request", *USER)
    assert (ran.code, "Did you mean" in ran.err) == (0, False)
    monkeypatch.setenv("AFAS_OTP", office.password)
    assert silent("auth", "otp", "redeem", *USER, "--to", tmp_path / "t.xml").code == 0
    assert read_token(tmp_path / "t.xml")


def test_those_variables_are_no_settings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AFAS_API_KEY", "AFAS_ENVIRONMENT_KEY", "AFAS_OTP"):
        monkeypatch.setenv(name, "x")
    ran = run("settings", "--emulator")
    assert (ran.code, ran.err) == (0, "")


def test_from_standard_input(silent: Run, office: Office, mailed: Path, answer: Answer, tmp_path: Path) -> None:
    answer(office.password)
    ran = silent("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", "-", "--to", tmp_path / "t.xml")
    assert ran.code == 0, ran.err
    answer("x")
    twice = silent("auth", "otp", "request", *USER, "--api-key-file", "-", "--environment-key-file", "-")
    assert (twice.code, "only one of them can come from standard input" in twice.err) == (2, True)
    answer("geheim")
    none = silent("auth", "otp", "request", *USER, *office.keys, "--api-key-file", "-")
    assert (none.code, "geheim" in none.err) == (2, False)
    assert "api_key_file: must be 32 hexadecimal digits" in none.err
    assert "It was read from standard input." in none.err


def test_by_prompt(
    silent: Run, office: Office, profit: Server, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed does not show, and what cannot be a key is asked for again."""
    asked: list[str] = []
    answers = iter(["geheim", DEMO_API_KEY, DEMO_ENVIRONMENT_KEY])

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr("click.termui.hidden_prompt_func", typed)
    answer("12345.jansen", terminal=True)
    ran = silent("auth", "otp", "request")
    assert ran.code == 0, ran.err
    assert [prompt.strip() for prompt in asked] == ["API key:", "API key:", "Environment key:"]
    assert "geheim" not in ran.err
    assert [mail.to for mail in office.mails] == ["12345.jansen"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), "--user 12345.jansen"),
        (USER, "give a file (--api-key-file) or AFAS_API_KEY"),
        ((*USER, "--api-key-file", "api-key"), "give a file (--environment-key-file) or AFAS_ENVIRONMENT_KEY"),
    ],
)
def test_without_a_terminal_to_ask_on(
    silent: Run,
    office: Office,
    profit: Server,
    answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    given: tuple[str, ...],
    missing: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer()
    ran = silent("auth", "otp", "request", *given)
    assert (ran.code, missing in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("option", ["--api-key", "--environment-key", "--otp", "--token"])
@pytest.mark.parametrize("command", ["request", "redeem"])
def test_a_secret_on_the_command_line_is_refused(run: Run, command: str, option: str) -> None:
    for arguments in ((option, DEMO_API_KEY), (f"{option}={DEMO_API_KEY}",)):
        ran = run("auth", "otp", command, *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert DEMO_API_KEY not in ran.err
        assert f"{option} is no option, for others see the command line" in ran.err
    shown = run("auth", "otp", command, "--help").out
    assert f"{option} " not in shown


@pytest.mark.parametrize("command", ["request", "redeem", "delete"])
def test_an_argument_is_not_repeated(silent: Run, command: str) -> None:
    for arguments in ((DEMO_API_KEY,), ("--", DEMO_API_KEY), (*USER, "x", DEMO_API_KEY)):
        ran = silent("auth", "otp", command, *(one for one in arguments if command != "delete" or one not in USER))
        assert (ran.code, "takes options only" in ran.err) == (2, True), ran.err


def test_a_key_in_place_of_its_file(silent: Run, profit: Server) -> None:
    ran = silent("auth", "otp", "request", *USER, "--api-key-file", DEMO_API_KEY)
    assert (ran.code, "api_key_file: cannot read the file that it names" in ran.err) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")
def test_files_that_others_can_touch(silent: Run, office: Office, profit: Server) -> None:
    path = Path(office.keys[1])
    path.chmod(0o644)
    assert "api_key_file: others can read" in silent("auth", "otp", "request", *USER, *office.keys).err
    path.chmod(0o666)
    ran = silent("auth", "otp", "request", *USER, *office.keys)
    assert (ran.code, "api_key_file: others can write" in ran.err) == (2, True)


def test_what_is_no_key_in_a_file(silent: Run, office: Office, profit: Server, tmp_path: Path) -> None:
    path = secret(tmp_path / "none", "zeer geheim")
    ran = silent("auth", "otp", "request", *USER, *office.keys, "--api-key-file", path)
    assert (ran.code, f"It was read from {path}." in ran.err, "zeer" in ran.err) == (2, True, False)


# Whom to ask.


@pytest.mark.parametrize("command", ["request", "redeem", "delete"])
@pytest.mark.parametrize("how", ["option", "profile", "variable"])
def test_the_embedded_profit_is_refused(silent: Run, monkeypatch: pytest.MonkeyPatch, command: str, how: str) -> None:
    if how == "variable":
        monkeypatch.setenv("AFAS_PROFILE", "emulator")
    arguments = {"option": ["--emulator"], "profile": ["--profile", "emulator"], "variable": []}[how]
    ran = silent("auth", "otp", command, *arguments)
    assert (ran.code, "afas emulator --mailbox FILE" in ran.err) == (2, True), ran.err


def test_an_address_wins_over_the_embedded_profit_of_a_variable(
    silent: Run, office: Office, profit: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFAS_PROFILE", "emulator")
    assert silent("auth", "otp", "request", *USER, *office.keys, "--soap-url", profit.soap_url).code == 0


def test_nobody_to_ask(silent: Run, office: Office) -> None:
    ran = silent("auth", "otp", "request", *USER, *office.keys)
    assert (ran.code, "say whom to ask: --environment" in ran.err) == (2, True)


def test_nothing_goes_into_a_trace(silent: Run, office: Office, mailed: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    ran = silent(
        "auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--to", tmp_path / "t", "--trace", trace
    )
    assert (ran.code, trace.exists()) == (0, False)
    assert "nothing of this goes into the trace" in ran.err


def test_verbose_tells_nothing_secret(silent: Run, office: Office, mailed: Path, tmp_path: Path) -> None:
    to = tmp_path / "t.xml"
    ran = silent("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--to", to, "-v")
    assert "GetTokenFromOTP" in ran.err
    assert to.read_text().strip()[30:60] not in ran.err


# Where the token goes.


@pytest.mark.parametrize("there", ["file", "folder", "link", "no folder", "standard output", "nowhere"])
def test_nothing_is_written_over_and_no_password_used_up(
    silent: Run, office: Office, mailed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: str
) -> None:
    target = tmp_path / "token.xml"
    if there == "file":
        target.write_text("mine")
    if there == "folder":
        target.mkdir()
    if there == "link":
        target.symlink_to(tmp_path / "elsewhere")
    to = {
        "no folder": ["--to", str(tmp_path / "none" / "t")],
        "standard output": ["--to", "-"],
        "nowhere": [],
    }.get(there, ["--to", str(target)])
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed)
    ran = silent(*how, *to)
    assert (ran.code, "--to" in ran.err) == (2, True), ran.err
    assert there != "file" or target.read_text() == "mine"
    assert silent(*how, "--to", tmp_path / "other").code == 0, "the password is still good"


def test_a_name_that_is_taken_while_afas_answers(
    silent: Run, office: Office, mailed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "token.xml"
    checked = otp_place.InFile.checked

    def taken(place: otp_place.InFile) -> otp_place.InFile:
        found = checked(place)
        target.write_text("somebody else's")
        return found

    monkeypatch.setattr(otp_place.InFile, "checked", taken)
    ran = silent("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--to", target)
    assert ran.code == 0, ran.err
    assert target.read_text() == "somebody else's"
    assert f"the token is in {tmp_path / 'token-2.xml'}" in ran.err
    assert read_token(tmp_path / "token-2.xml")


def test_a_profile_is_completed(run: Run, silent: Run, office: Office, mailed: Path, tmp_path: Path) -> None:
    profiles_path().parent.mkdir(parents=True, exist_ok=True)
    profiles_path().write_text(
        f'[profiles.books]\n# mine\nsoap_url = "{os.environ["AFAS_SOAP_URL"]}"\nlanguage = "nl-nl"\n'
    )
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--profile", "books")
    assert "--to FILE" in silent(*how).err
    ran = silent(*how, "--to", tmp_path / "t.xml")
    assert ran.code == 0, ran.err
    assert profiles()["books"] == {
        "soap_url": os.environ["AFAS_SOAP_URL"],
        "language": "nl-nl",
        "token_file": str(tmp_path / "t.xml"),
    }
    assert "# mine" in profiles_path().read_text()
    assert run("version", "--profile", "books").code == 0


@pytest.fixture
def books(run: Run, profit: Server, tmp_path: Path) -> Path:
    """The token file of a profile that has one."""
    path = secret(tmp_path / "books.xml", DATA)
    where = ("--soap-url", profit.soap_url, "--rest-url", profit.rest_url)
    assert run("profile", "add", "books", *where, "--token-file", path).code == 0
    return path


def test_a_token_is_replaced_when_that_is_said(
    run: Run, silent: Run, office: Office, books: Path, mailed: Path, tmp_path: Path
) -> None:
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--profile", "books")
    before = profiles()
    for more in ((), ("--to", books)):
        ran = silent(*how, *more)
        assert (ran.code, "say --replace to write a new one over it" in ran.err) == (2, True)
    elsewhere = silent(*how, "--to", tmp_path / "other.xml")
    assert (elsewhere.code, "say --replace to have it name another place" in elsewhere.err) == (2, True)
    assert silent(*how, "--to", secret(tmp_path / "x", "x"), "--replace").code == 2
    assert books.read_text() == DATA
    ran = silent(*how, "--replace")
    assert ran.code == 0, ran.err
    assert (books.read_text() == DATA, profiles()) == (False, before)
    assert run("version", "--profile", "books").code == 0


def test_a_profile_names_another_file_when_that_is_said(
    run: Run, silent: Run, office: Office, books: Path, mailed: Path, tmp_path: Path
) -> None:
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--profile", "books")
    assert silent(*how, "--to", tmp_path / "other.xml", "--replace").code == 0
    assert profiles()["books"]["token_file"] == str(tmp_path / "other.xml")
    assert books.read_text() == DATA


def test_a_profile_whose_file_is_gone(silent: Run, office: Office, books: Path, mailed: Path) -> None:
    books.unlink()
    ran = silent("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--profile", "books")
    assert ran.code == 0, ran.err
    assert read_token(books)


def test_replace_and_add_that_do_not_fit(
    silent: Run, office: Office, books: Path, mailed: Path, tmp_path: Path
) -> None:
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--to", tmp_path / "t.xml")
    assert "--replace is for the token of a profile" in silent(*how, "--add", "x", "--replace").err
    assert "--replace replaces the token of a profile" in silent(*how, "--replace").err
    assert "there is a profile 'books'" in silent(*how, "--add", "books").err
    assert "there is no profile 'none'" in silent(*how, "--profile", "none").err


class Keyring(types.ModuleType):
    """What stands in for the library."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.entries: dict[tuple[str, str], str] = {}
        self.full = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.full:
            raise RuntimeError(password)
        self.entries[service, username] = password


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    keyring = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    return keyring


def test_a_token_in_the_keyring(run: Run, silent: Run, office: Office, mailed: Path, keyring: Keyring) -> None:
    """Redeemed into it, used out of it, replaced in it, and given back."""
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed)
    ran = silent(*how, "--to-keyring", "afas/books", "--add", "books")
    assert ran.code == 0, ran.err
    assert "the token is in the keyring (afas books), for its owner only" in ran.err
    assert profiles()["books"]["token_keyring"] == "afas/books"
    first = keyring.entries["afas", "books"]
    assert run("version", "--profile", "books").code == 0
    assert f"{first}" not in run("settings", "--profile", "books").out

    silent("auth", "otp", "request", *USER, *office.keys)
    mailed.write_text(office.password)
    for more in ((), ("--to-keyring", "afas/books")):
        assert "say --replace to write a new one over it" in silent(*how, "--profile", "books", *more).err
    assert "keeps something already" in silent(*how, "--to-keyring", "afas/books").err
    assert silent(*how, "--profile", "books", "--replace").code == 0
    assert keyring.entries["afas", "books"] != first
    assert run("version", "--profile", "books").code == 0

    deleted = silent("auth", "otp", "delete", "--profile", "books", "--yes")
    assert (deleted.code, "the keyring (afas books) still has it" in deleted.err) == (0, True), deleted.err
    assert run("version", "--profile", "books").code == 3


def test_from_a_file_into_the_keyring(
    silent: Run, office: Office, books: Path, mailed: Path, keyring: Keyring, run: Run
) -> None:
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--profile", "books")
    assert silent(*how, "--to-keyring", "afas/books", "--replace").code == 0
    assert "token_file" not in profiles()["books"]
    assert profiles()["books"]["token_keyring"] == "afas/books"
    assert run("version", "--profile", "books").code == 0


def test_a_keyring_that_takes_nothing(silent: Run, office: Office, mailed: Path, keyring: Keyring) -> None:
    keyring.full = True
    ran = silent("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--to-keyring", "a/b")
    assert ran.code == 2
    assert "the keyring cannot be used (RuntimeError)" in ran.err
    assert "the token that AFAS gave for it is lost" in ran.err


def test_no_keyring(silent: Run, office: Office, mailed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed)
    ran = silent(*how, "--to-keyring", "a/b")
    assert (ran.code, "the extra keyring is not installed" in ran.err, "lost" in ran.err) == (2, True, False)
    assert "SERVICE/USERNAME" in silent(*how, "--to-keyring", "b").err
    assert "contradict" in silent(*how, "--to-keyring", "a/b", "--to", tmp_path / "t").err


def test_a_profile_that_signs_in_with_oauth(
    run: Run, silent: Run, office: Office, profit: Server, mailed: Path, tmp_path: Path
) -> None:
    where = ("--soap-url", profit.soap_url, "--rest-url", profit.rest_url)
    client = ("--auth", "client-credentials", "--client-id", "x", "--client-secret-file", secret(tmp_path / "s", "s"))
    assert run("profile", "add", "service", *where, *client).code == 0
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--profile", "service")
    ran = silent(*how, "--to", tmp_path / "t.xml")
    assert (ran.code, "signs in with OAuth" in ran.err) == (2, True), ran.err
    assert "there is no classic token" in silent("auth", "otp", "delete", "--profile", "service", "--yes").err


def test_a_profile_that_cannot_be_written(
    silent: Run, office: Office, mailed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_more: object) -> None:
        raise otp_place.SettingsError("cannot write it: disk full.")

    monkeypatch.setattr(otp_place, "add_profile", full)
    to = tmp_path / "t.xml"
    ran = silent("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--to", to, "--add", "books")
    assert ran.code == 2
    assert f"disk full. The token is in {to}, and no profile names it." in ran.err
    assert read_token(to)


def test_a_disk_that_is_full(
    silent: Run, office: Office, mailed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("afas_soap.disk.flush", full)
    ran = silent("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--to", tmp_path / "t.xml")
    assert ran.code == 2
    assert "No space left on device. The password is used up, and the token that AFAS gave for it is lost" in ran.err
    assert not (tmp_path / "t.xml").exists()
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".part"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever may write everywhere is not refused")
def test_a_folder_that_cannot_be_written(silent: Run, office: Office, mailed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o500)
    ran = silent("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed, "--to", folder / "t.xml")
    assert (ran.code, "used up" in ran.err) == (2, False)


# What AFAS answers.


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_password_that_does_not_fit(silent: Run, office: Office, mailed: Path, tmp_path: Path, protocol: str) -> None:
    wrong = secret(tmp_path / "wrong", "00000000" if office.password != "00000000" else "11111111")
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--to", tmp_path / "t.xml", "--protocol", protocol)
    ran = silent(*how, "--otp-file", wrong)
    assert (ran.code, "request another (afas auth otp request)" in ran.err) == (5, True), ran.err
    assert not (tmp_path / "t.xml").exists()


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_an_answer_that_is_lost(silent: Run, office: Office, mailed: Path, tmp_path: Path, protocol: str) -> None:
    """The password may be used up, so nothing is sent again and nothing is written."""
    office.faults.add(Fault("cut", after=10))
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--to", tmp_path / "t.xml", "--protocol", protocol)
    ran = silent(*how, "--otp-file", mailed, "-v")
    assert (ran.code, "The password may be used up: request a new one." in ran.err) == (8, True), ran.err
    assert "1 attempt" in ran.err
    assert not (tmp_path / "t.xml").exists()


def test_who_breaks_it_off_is_told(
    silent: Run, office: Office, mailed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("afas_soap.wire.profit.onetimepasswords.SoapOneTimePasswords.redeem", stopped)
    how = ("auth", "otp", "redeem", *USER, *office.keys, "--otp-file", mailed)
    ran = silent(*how, "--to", tmp_path / "t.xml")
    assert (ran.code, "the password may be used up" in ran.err) == (130, True)
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".xml", ".part")]
    monkeypatch.setattr(otp_place.InFile, "put", stopped)
    assert "used up" not in silent(*how, "--to", tmp_path / "t.xml").err, "nothing was begun"


# Giving a token back.


def test_delete_asks_first(silent: Run, books: Path, answer: Answer) -> None:
    answer()
    ran = silent("auth", "otp", "delete", "--profile", "books")
    assert (ran.code, "--yes" in ran.err) == (2, True)
    answer("n", terminal=True)
    ran = silent("auth", "otp", "delete", "--profile", "books")
    assert (ran.code, "Have AFAS forget the token of profile books?" in ran.err) == (130, True)
    answer("y", terminal=True)
    assert silent("auth", "otp", "delete", "--profile", "books").code == 0


def test_delete_without_a_file(silent: Run, profit: Server, monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setenv("AFAS_TOKEN", DATA)
    answer("n", terminal=True)
    assert "the token that is configured" in silent("auth", "otp", "delete").err
    ran = silent("auth", "otp", "delete", "--yes")
    assert (ran.code, "still holds it" in ran.err) == (0, False)
    again = silent("auth", "otp", "delete", "--yes")
    assert again.code == 3


def test_delete_is_soaps(silent: Run, books: Path) -> None:
    ran = silent("auth", "otp", "delete", "--profile", "books", "--protocol", "rest", "--yes")
    assert (ran.code, "REST deletes no tokens; SOAP does." in ran.err) == (2, True)


def test_delete_takes_soap_where_a_profile_speaks_rest(silent: Run, run: Run, books: Path, profit: Server) -> None:
    where = ("--soap-url", profit.soap_url, "--rest-url", profit.rest_url, "--protocol", "rest")
    assert run("profile", "add", "rest", *where, "--token-file", books).code == 0
    assert silent("auth", "otp", "delete", "--profile", "rest", "--yes").code == 0
