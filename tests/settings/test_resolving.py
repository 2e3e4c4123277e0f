"""Which setting wins, what counts as configured, and that nothing falls back in silence."""

from __future__ import annotations

import copy
import logging
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import SettingsError
from afas_soap.profit.access.environment import Environment, EnvironmentKind
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings import DESCRIPTIONS, Settings, resolve
from afas_soap.settings.names import BY_NAME, EMBEDDED, SECONDS, SPELT
from afas_soap.settings.table import SETTINGS

TOKEN = "ab" * 32
OTHER = "cd" * 32
REAL = {"AFAS_ENVIRONMENT": "12345", "AFAS_TOKEN": TOKEN}


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    """A file with one complete profile, one without a token, and the token's own file beside it."""
    (tmp_path / "test.token").write_text(OTHER)
    (tmp_path / "test.token").chmod(0o600)
    path = tmp_path / "profiles.toml"
    path.write_text(
        '[profiles.test]\nenvironment = "12345-test"\ntoken_file = "test.token"\nlanguage = "nl-nl"\n'
        'integration_id = "1_2"\nread_timeout = 30\n\n[profiles.bare]\nprotocol = "rest"\n'
    )
    return path


def test_the_defaults() -> None:
    """SOAP 1.1, 10 s to connect, 960 s without a byte, 64 MiB for a value."""
    found = resolve({}, REAL)
    assert (found.protocol, found.soap_version, found.connect_timeout, found.read_timeout) == ("soap", "1.1", 10, 960)
    assert found.max_value == 67108864
    assert (found.language, found.integration_id, found.ca_bundle, found.trace) == (None, None, None, None)
    assert (found.allow_http, found.token_in_body, found.embedded) == (False, False, False)


def test_every_variable(tmp_path: Path) -> None:
    """Each variable arrives in its setting, and the source names it."""
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    found = resolve(
        {},
        REAL
        | {
            "AFAS_PROTOCOL": " REST ",
            "AFAS_INTEGRATION_ID": "12345_123456",
            "AFAS_LANGUAGE": "NL-nl",
            "AFAS_SOAP_URL": "https://soap.example/profitservices/",
            "AFAS_REST_URL": "http://127.0.0.1:8080/profitrestservices",
            "AFAS_CA_BUNDLE": str(bundle),
            "AFAS_EMBEDDED": "never",
        },
    )
    assert found.protocol == "rest"
    assert found.environment == Environment("12345", EnvironmentKind.PRODUCTION)
    assert found.token == AfasToken(TOKEN)
    assert (found.integration_id, found.language, found.ca_bundle) == ("12345_123456", "nl-nl", bundle)
    assert found.soap_url == "https://soap.example/profitservices"
    assert found.rest_url == "http://127.0.0.1:8080/profitrestservices"
    assert found.environment_name == "12345"
    assert found.sources == {
        "protocol": "AFAS_PROTOCOL",
        "environment": "AFAS_ENVIRONMENT",
        "token": "AFAS_TOKEN",
        "integration_id": "AFAS_INTEGRATION_ID",
        "language": "AFAS_LANGUAGE",
        "soap_url": "AFAS_SOAP_URL",
        "rest_url": "AFAS_REST_URL",
        "ca_bundle": "AFAS_CA_BUNDLE",
    }


def test_every_argument(tmp_path: Path) -> None:
    """Each setting as a program gives it; None is the same as leaving it out."""
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    arguments = {
        "protocol": "rest",
        "environment": Environment("12345", EnvironmentKind.CURSUS),
        "token": AfasToken(TOKEN),
        "integration_id": "1_2",
        "language": "fr-fr",
        "connect_timeout": 1,
        "read_timeout": 2.5,
        "retry_total": 0,
        "ca_bundle": bundle,
        "allow_http": True,
        "token_in_body": True,
        "soap_version": "1.2",
        "trace": str(tmp_path / "trace"),
        "max_value": 1000,
        "embedded": False,
    }
    found = resolve(arguments | {"profile": None, "soap_url": None}, {})
    for name, value in (arguments | {"trace": tmp_path / "trace"}).items():
        assert getattr(found, name) == value, name
    assert found.soap_url == "https://12345.soapcursus.afas.online/profitservices"
    assert found.sources["rest_url"] == "environment"
    assert found.environment_name == "12345-cursus"


def test_the_order(profiles: Path) -> None:
    """Argument before variable before profile before default, each setting by itself."""
    found = resolve({"language": "de-de"}, {"AFAS_PROFILE": "test", "AFAS_INTEGRATION_ID": "3_4"}, profiles=profiles)
    assert (found.language, found.sources["language"]) == ("de-de", "argument")
    assert (found.integration_id, found.sources["integration_id"]) == ("3_4", "AFAS_INTEGRATION_ID")
    assert found.environment_name == "12345-test"
    assert found.sources["environment"] == f"profile 'test' in {profiles}"
    assert (found.profile, found.sources["profile"]) == ("test", "AFAS_PROFILE")
    assert (found.read_timeout, found.token) == (30.0, AfasToken(OTHER))
    assert "connect_timeout" not in found.sources


def test_a_named_profile_before_another(profiles: Path) -> None:
    """The argument names the profile, whatever the variable says; the other one is not read."""
    found = resolve({"profile": "test"}, {"AFAS_PROFILE": "nowhere"}, profiles=profiles)
    assert found.environment_name == "12345-test"


def test_the_users_own_file(profiles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a path it is the file in the user's configuration folder."""
    monkeypatch.setattr("afas_soap.settings.resolving.profiles_path", lambda: profiles)
    assert resolve({"profile": "test"}, {}).environment_name == "12345-test"


def test_the_process_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mapping it is the process's own variables."""
    monkeypatch.setenv("AFAS_ENVIRONMENT", "T54321AB")
    monkeypatch.setenv("AFAS_TOKEN", TOKEN)
    assert resolve({}).environment_name == "54321-test"


class TestTokens:
    """Exactly one source, the highest."""

    def test_a_higher_level_replaces_every_kind_of_lower_source(self, tmp_path: Path, profiles: Path) -> None:
        """A token file as argument beats AFAS_TOKEN, AFAS_TOKEN beats the profile's file."""
        file = tmp_path / "mine"
        file.write_text(f"<token><version>1</version><data>{OTHER}</data></token>\n")
        file.chmod(0o600)
        found = resolve({"token_file": str(file)}, REAL)
        assert (found.token, found.sources["token"]) == (AfasToken(OTHER), "argument")
        found = resolve({}, {"AFAS_PROFILE": "test", "AFAS_TOKEN": TOKEN}, profiles=profiles)
        assert (found.token, found.sources["token"]) == (AfasToken(TOKEN), "AFAS_TOKEN")

    @pytest.mark.parametrize(
        ("arguments", "environ", "named"),
        [
            ({}, REAL | {"AFAS_TOKEN_FILE": "x"}, "AFAS_TOKEN and AFAS_TOKEN_FILE"),
            ({"token": TOKEN, "token_file": "x", "environment": "12345"}, {}, "argument"),
        ],
    )
    def test_two_at_one_level_contradict(
        self, arguments: Mapping[str, object], environ: Mapping[str, str], named: str
    ) -> None:
        """Neither of two is more right than the other."""
        with pytest.raises(SettingsError, match=f"token and token_file contradict.*{named}"):
            resolve(arguments, environ)

    def test_a_bad_token_is_not_repeated(self) -> None:
        """The message says where it came from and what is accepted."""
        with pytest.raises(SettingsError, match=r"token: .*64 hexadecimal digits.*AFAS_TOKEN") as caught:
            resolve({}, {"AFAS_ENVIRONMENT": "12345", "AFAS_TOKEN": TOKEN[1:]})
        assert TOKEN[1:9] not in str(caught.value)

    def test_standard_input_is_for_the_command_line(self) -> None:
        """A program has no business reading it on its own account."""
        with pytest.raises(SettingsError, match="standard input"):
            resolve({"environment": "12345", "token_file": "-"}, {})


class TestAddresses:
    """Overrides, and what is needed of them."""

    def test_an_override_replaces_one_address(self) -> None:
        """The other one still follows from the environment."""
        found = resolve({"soap_url": "http://localhost:1/ps//"}, REAL)
        assert found.soap_url == "http://localhost:1/ps"
        assert found.rest_url == "https://12345.rest.afas.online/profitrestservices"

    @pytest.mark.parametrize(("protocol", "other"), [("soap", "rest_url"), ("rest", "soap_url")])
    def test_without_an_environment_only_the_chosen_protocol_needs_one(self, protocol: str, other: str) -> None:
        """The host is then the name of the environment."""
        found = resolve({"protocol": protocol, f"{protocol}_url": "https://Profit.example:8443/p", "token": TOKEN}, {})
        assert getattr(found, other) is None
        assert found.environment_name == "profit.example"

    def test_the_other_address_is_not_enough(self) -> None:
        """It names the address that is missing."""
        with pytest.raises(SettingsError, match=r"missing: an environment .* or rest_url\. Given are: soap_url"):
            resolve({"protocol": "rest", "soap_url": "https://profit.example/p", "token": TOKEN}, {})

    def test_a_named_environment_is_the_one_that_is_asked(self) -> None:
        """An address that a variable left behind belongs to another environment."""
        found = resolve({"environment": "12345-test"}, {"AFAS_SOAP_URL": "https://prod.example/p", "AFAS_TOKEN": TOKEN})
        assert found.soap_url == "https://12345.soaptest.afas.online/profitservices"


class TestEmbedded:
    """Nothing configured is the emulator; anything else never is."""

    @pytest.mark.parametrize(
        ("arguments", "environ"),
        [
            ({}, {}),
            (
                {"protocol": "rest", "language": "nl-nl", "connect_timeout": 1.0, "read_timeout": 5, "retry_total": 0},
                {},
            ),
            ({}, {"AFAS_PROTOCOL": "rest", "AFAS_LANGUAGE": "", "AFAS_EMBEDDED": "", "HOME": "/", "AFAS": "x"}),
            ({"embedded": None, "token": None}, {"AFAS_WEBHOOK_PORT": "80"}),
        ],
    )
    def test_nothing_configured(
        self, arguments: Mapping[str, object], environ: Mapping[str, str], caplog: pytest.LogCaptureFixture
    ) -> None:
        """Protocol, language and time-outs do not count; one warning says what the rows are."""
        found = resolve(arguments, environ)
        assert (found.embedded, found.explicitly_embedded, found.environment_name) == (True, False, "emulator")
        assert (found.soap_url, found.rest_url, found.token) == (None, None, None)
        assert [(record.name, record.levelno) for record in caplog.records] == [("afas_soap.settings", logging.WARNING)]
        assert "invented rows" in caplog.text

    @pytest.mark.parametrize(
        ("arguments", "environ", "source"),
        [
            ({"embedded": True}, REAL, "argument"),
            ({"embedded": True}, {"AFAS_PROFILE": "nowhere", "AFAS_CA_BUNDLE": "nowhere"}, "argument"),
            ({"embedded": True}, {"AFAS_EMBEDDED": "never"}, "argument"),
            ({"profile": "emulator"}, REAL, "argument"),
            ({}, {"AFAS_PROFILE": " emulator "}, "AFAS_PROFILE"),
            ({}, {"AFAS_EMBEDDED": " ALWAYS "}, "AFAS_EMBEDDED"),
        ],
    )
    def test_asked_for(
        self,
        arguments: Mapping[str, object],
        environ: Mapping[str, str],
        source: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """Asked for, it needs no warning, and what lower levels configure is not looked at."""
        found = resolve(arguments, environ)
        assert (found.embedded, found.explicitly_embedded, found.environment_name) == (True, True, "emulator")
        assert (found.token, found.ca_bundle, found.sources["embedded"]) == (None, None, source)
        assert not caplog.records

    def test_asked_for_with_other_settings(self, tmp_path: Path) -> None:
        """What does not name another Profit suits the embedded one; free settings come from below as well."""
        found = resolve(
            {"embedded": True, "trace": tmp_path / "t", "soap_version": 1.2, "integration_id": "1_2"},
            REAL | {"AFAS_LANGUAGE": "nl-be"},
        )
        assert (found.trace, found.soap_version, found.language) == (tmp_path / "t", "1.2", "nl-be")
        assert found.integration_id == "1_2"

    @pytest.mark.parametrize(
        ("arguments", "environ"),
        [
            ({"environment": "12345"}, {"AFAS_EMBEDDED": "always", "AFAS_TOKEN": TOKEN}),
            ({"environment": "12345"}, {"AFAS_PROFILE": "emulator", "AFAS_TOKEN": TOKEN}),
            ({"embedded": False}, REAL | {"AFAS_EMBEDDED": "always"}),
        ],
    )
    def test_a_higher_level_asks_for_a_real_one(
        self, arguments: Mapping[str, object], environ: Mapping[str, str]
    ) -> None:
        """The order holds for this as for everything."""
        found = resolve(arguments, environ)
        assert (found.embedded, found.profile, found.environment_name) == (False, None, "12345")

    @pytest.mark.parametrize(
        ("arguments", "environ"),
        [
            ({"embedded": True, "environment": "12345"}, {}),
            ({"embedded": True, "token": TOKEN}, {}),
            ({"embedded": True, "profile": "test"}, {}),
            ({"embedded": False, "profile": "emulator"}, {}),
            ({}, REAL | {"AFAS_EMBEDDED": "always"}),
            ({}, {"AFAS_PROFILE": "emulator", "AFAS_SOAP_URL": "https://x"}),
        ],
    )
    def test_contradictions(self, arguments: Mapping[str, object], environ: Mapping[str, str]) -> None:
        """Two answers at one level: an error, not a guess."""
        with pytest.raises(SettingsError, match="contradict"):
            resolve(arguments, environ)

    @pytest.mark.parametrize(
        ("arguments", "environ", "source"),
        [
            ({"embedded": False}, {}, "argument"),
            ({"embedded": False}, {"AFAS_EMBEDDED": "always"}, "argument"),
            ({}, {"AFAS_EMBEDDED": "never", "AFAS_PROTOCOL": "rest"}, "AFAS_EMBEDDED"),
        ],
    )
    def test_forbidden(self, arguments: Mapping[str, object], environ: Mapping[str, str], source: str) -> None:
        """A container that lost its secrets gets an error that names what is missing."""
        with pytest.raises(SettingsError, match=rf"{source} forbids the embedded Profit.*AFAS_ENVIRONMENT.*AFAS_TOKEN"):
            resolve(arguments, environ)

    @pytest.mark.parametrize("word", ["no", "false", "0", "nevr"])
    def test_other_words(self, word: str) -> None:
        """A word that is neither must not be taken for a permission."""
        with pytest.raises(SettingsError, match="AFAS_EMBEDDED: must be one of never, always"):
            resolve({}, {"AFAS_EMBEDDED": word})


# What each switch that has a variable may be in it.
SWITCHES = {
    setting.name: EMBEDDED if setting.name == "embedded" else SPELT
    for setting in SETTINGS
    if setting.variable and setting.kind == "switch"
}


class TestSwitches:
    """A variable is a text, so every switch that has one has words for true and false."""

    @pytest.mark.parametrize(
        ("name", "word", "said"),
        [(name, word, said) for name, words in SWITCHES.items() for word, said in words.items()],
    )
    @pytest.mark.parametrize("spelt", [str.lower, str.upper, str.title, "  {} ".format])
    def test_every_one_in_every_word(self, name: str, word: str, said: bool, spelt: Callable[[str], str]) -> None:
        """In any case, with blanks around it."""
        environ = {BY_NAME[name].variable: spelt(word)}
        found = resolve({}, environ if name == "embedded" and said else REAL | environ)
        assert getattr(found, name) is said
        # Which Profit is asked is no source of anything while that is a real one.
        assert found.sources.get(name, BY_NAME[name].variable) == BY_NAME[name].variable

    @pytest.mark.parametrize("name", SWITCHES)
    @pytest.mark.parametrize("word", ["truthy", "2", "on", "-1", "1.0"])
    def test_no_other(self, name: str, word: str) -> None:
        """It is refused, and the error says where it stands."""
        variable = BY_NAME[name].variable
        with pytest.raises(SettingsError, match=rf"must be .*{variable}|{variable}: must be"):
            resolve({}, REAL | {variable: word})

    def test_an_empty_one_says_nothing(self) -> None:
        """As of every switch."""
        assert resolve({}, REAL | {"AFAS_SEND_FILE_AS_BINARY": " "}).send_file_as_binary is False

    def test_the_argument_counts_more(self) -> None:
        """A word is for variables only."""
        environ = REAL | {"AFAS_SEND_FILE_AS_BINARY": "yes"}
        assert resolve({"send_file_as_binary": False}, environ).send_file_as_binary is False
        with pytest.raises(SettingsError, match="send_file_as_binary: must be true or false"):
            resolve({"send_file_as_binary": "yes"}, REAL)


class TestRemarks:
    """A variable that was meant to be a setting and is none, or cannot be read, is told whatever else there is."""

    @pytest.mark.parametrize(
        ("variable", "meant"),
        [
            ("AFAS_ENVIROMENT", "AFAS_ENVIRONMENT"),
            ("AFAS_TOKN", "AFAS_TOKEN"),
            ("afas_language", "AFAS_LANGUAGE"),
            ("AFASTOKEN", "AFAS_TOKEN"),
            ("AFAS_URL", "AFAS_SOAP_URL"),
            ("AFAS_TIMEOUT", "AFAS_READ_TIMEOUT"),
            ("AFAS_READ_TIMOUT", "AFAS_READ_TIMEOUT"),
            ("AFAS_PROTOCOLL", "AFAS_PROTOCOL"),
        ],
    )
    @pytest.mark.parametrize("arguments", [{}, {"embedded": True}, {"environment": "12345", "token": TOKEN}])
    def test_misspelt(
        self, variable: str, meant: str, arguments: Mapping[str, object], caplog: pytest.LogCaptureFixture
    ) -> None:
        resolve(arguments, ({} if arguments else REAL) | {variable: "x"})
        assert [record.getMessage() for record in caplog.records] == [f"{variable} is not known. Did you mean {meant}?"]

    @pytest.mark.parametrize("variable", ["AFAS_WEBHOOK_PORT", "AFAS", "AFASOFT", "AFAS_REST", "AFAS_HOME", "PROTOCOL"])
    def test_somebody_elses(self, variable: str, caplog: pytest.LogCaptureFixture) -> None:
        resolve({}, REAL | {variable: "x"})
        assert not caplog.records

    def test_misspelt_ones_are_told_beside_an_error_of_another_kind(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(SettingsError, match="protocol: must be one of"):
            resolve({}, REAL | {"AFAS_PROTOCOL": "sopa", "AFAS_TOKN": "x"})
        assert "AFAS_TOKN is not known" in caplog.text

    def test_what_an_error_says_is_not_told_again(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(SettingsError, match="AFAS_TOKN is not known"):
            resolve({}, {"AFAS_ENVIRONMENT": "12345", "AFAS_TOKN": "x"})
        assert not caplog.records

    def test_one_that_does_not_count_leaves_nothing_configured(self, caplog: pytest.LogCaptureFixture) -> None:
        assert resolve({}, {"AFAS_TIMEOUT": "5"}).embedded
        assert "Did you mean AFAS_READ_TIMEOUT?" in caplog.text

    @pytest.mark.parametrize(
        ("arguments", "environ", "words"),
        [
            ({"protocol": "rest"}, REAL | {"AFAS_PROTOCOL": "sopa"}, "protocol: must be one of soap, rest."),
            ({"language": "nl-nl"}, REAL | {"AFAS_LANGUAGE": "Dutch"}, "language: must be one of en-us"),
            ({"read_timeout": 5}, REAL | {"AFAS_READ_TIMEOUT": "5s"}, "read_timeout: must be a number of seconds"),
            ({"embedded": True}, {"AFAS_ENVIRONMENT": "abc"}, "environment: "),
            ({"embedded": True}, {"AFAS_TOKEN": "geheim"}, "token: "),
            ({"token": TOKEN}, REAL | {"AFAS_TOKEN": "geheim"}, "token: "),
            ({"environment": "1234"}, REAL | {"AFAS_SOAP_URL": "soap.example"}, "soap_url: must be an http"),
        ],
    )
    def test_a_value_that_cannot_be_read_and_does_not_count(
        self, arguments: Mapping[str, object], environ: Mapping[str, str], words: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        resolve(arguments, environ)
        (record,) = caplog.records
        assert record.getMessage().startswith(words)
        assert record.getMessage().endswith("It is not used here.")
        assert "geheim" not in caplog.text

    def test_an_empty_one_beside_what_counts(self, caplog: pytest.LogCaptureFixture) -> None:
        resolve({"token": TOKEN}, {"AFAS_ENVIRONMENT": "12345", "AFAS_TOKEN": " ", "AFAS_READ_TIMEOUT": ""})
        assert [record.getMessage() for record in caplog.records] == ["AFAS_TOKEN is set but empty."]


class TestTimeouts:
    """Seconds in a variable."""

    @pytest.mark.parametrize(
        ("text", "seconds"), [("5", 5.0), (" 2.5 ", 2.5), ("000900", 900.0), ("31536000", 31536000.0)]
    )
    def test_read(self, text: str, seconds: float) -> None:
        variables = {f"AFAS_{name.upper()}": text for name in SECONDS}
        found = resolve({}, REAL | variables)
        assert [getattr(found, name) for name in SECONDS] == [seconds] * len(SECONDS)
        assert {found.sources[name] for name in SECONDS} == set(variables)

    @pytest.mark.parametrize(
        "text", ["5s", "2,5", "-1", "inf", "nan", "1e3", "1_0", "٥", "0x10", "9" * 400, "31536001"]
    )
    @pytest.mark.parametrize("name", SECONDS)
    @pytest.mark.parametrize("environ", [REAL, {}])
    def test_no_number(self, name: str, text: str, environ: Mapping[str, str]) -> None:
        variable = f"AFAS_{name.upper()}"
        with pytest.raises(SettingsError, match=rf"{name}: must be a number of seconds.*{variable}"):
            resolve({}, environ | {variable: text})

    @pytest.mark.parametrize("given", [1e10, 1e300, 10**10, -1, math.nan])
    @pytest.mark.parametrize("name", SECONDS)
    def test_what_no_socket_or_timer_takes(self, name: str, given: float) -> None:
        """It would fail in the middle of a call."""
        with pytest.raises(
            SettingsError, match=rf"{name}: must be a number of seconds, 0 or more and at most 31,536,000"
        ):
            resolve({name: given}, REAL)

    def test_zero_is_for_repeating_alone(self) -> None:
        assert resolve({}, REAL | {"AFAS_RETRY_TOTAL": "0"}).retry_total == 0
        with pytest.raises(SettingsError, match=r"read_timeout: must be more than 0 seconds.*AFAS_READ_TIMEOUT"):
            resolve({}, REAL | {"AFAS_READ_TIMEOUT": "0"})

    def test_an_argument_stands_above_it(self) -> None:
        assert resolve({"read_timeout": 7}, REAL | {"AFAS_READ_TIMEOUT": "5"}).read_timeout == 7


class TestHalfConfigured:
    """An error that names what is missing, for every setting that counts."""

    @pytest.mark.parametrize(
        ("arguments", "environ", "missing"),
        [
            ({"environment": "12345"}, {}, "missing: a token"),
            ({}, {"AFAS_TOKEN": TOKEN}, "missing: an environment"),
            ({"integration_id": "1_2"}, {}, "missing: an environment .*; a token"),
            ({"trace": "t"}, {}, "missing: an environment"),
            ({"soap_version": "1.2"}, {}, "missing: an environment"),
            ({"allow_http": False}, {}, "missing: an environment"),
            ({"max_value": 5}, {}, "missing: an environment"),
            ({"token_in_body": True}, {}, "missing: an environment"),
            ({"embedded": False, "environment": "12345"}, {"AFAS_EMBEDDED": "always"}, "missing: a token"),
            ({"embedded": False}, {"AFAS_PROFILE": "emulator"}, "missing: an environment"),
            ({}, {"AFAS_ENVIRONMENT": "12345", "AFAS_TOKEN": " "}, "missing: a token.*AFAS_TOKEN is set but empty"),
            ({}, {"AFAS_TOKEN": "", "AFAS_ENVIRONMENT": ""}, "AFAS_ENVIRONMENT is set but empty"),
            ({}, {"AFAS_PROFILE": ""}, "AFAS_PROFILE is set but empty"),
            ({}, {"AFAS_ENVIROMENT": "12345"}, "AFAS_ENVIROMENT is not known. Did you mean AFAS_ENVIRONMENT"),
        ],
    )
    def test_missing(
        self,
        arguments: Mapping[str, object],
        environ: Mapping[str, str],
        missing: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """No fall-back, no warning in its place."""
        with pytest.raises(SettingsError, match=f"half configured: .*{missing}"):
            resolve(arguments, environ)
        assert not caplog.records

    def test_a_profile_alone(self, profiles: Path) -> None:
        """A profile that holds only a protocol still means a Profit of one's own."""
        with pytest.raises(SettingsError, match=r"missing: an environment .* or rest_url; a token"):
            resolve({"profile": "bare"}, {}, profiles=profiles)

    @given(
        st.sampled_from(
            sorted({"integration_id", "trace", "soap_version", "allow_http", "environment", "token", "max_value"})
        )
    )
    def test_whatever_counts(self, name: str) -> None:
        """One of them alone is always an error, never the emulator."""
        values: dict[str, object] = {"integration_id": "1_2", "trace": "t", "soap_version": "1.1", "allow_http": True}
        values |= {"environment": "12345", "token": TOKEN, "max_value": 1}
        with pytest.raises(SettingsError, match="half configured"):
            resolve({name: values[name]}, {})


def test_an_unknown_argument() -> None:
    """A misspelt setting is an error that names the nearest one."""
    with pytest.raises(SettingsError, match=r"'enviroment' is no setting\. Did you mean environment\?"):
        resolve({"enviroment": "12345"}, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("protocol", "ftp"),
        ("protocol", 5),
        ("environment", "12345-live"),
        ("environment", 12345),
        ("token", 5),
        ("integration_id", "12345"),
        ("language", "nl"),
        ("soap_version", "1.3"),
        ("connect_timeout", 0),
        ("read_timeout", "960"),
        ("read_timeout", float("inf")),
        ("read_timeout", float("nan")),
        ("retry_total", -1),
        ("retry_total", 10**400),
        ("retry_total", True),
        ("ca_bundle", "nowhere.pem"),
        ("ca_bundle", ""),
        ("ca_bundle", "a\0b"),
        ("ca_bundle", "a" * 5000),
        ("ca_bundle", "~nobody-of-that-name/x"),
        ("trace", b"x"),
        ("allow_http", "yes"),
        ("token_in_body", 1),
        ("max_value", 0),
        ("max_value", 1.5),
        ("max_value", True),
    ],
)
def test_values_that_do_not_fit(name: str, value: object) -> None:
    """Each is refused by name, and the message says where it came from."""
    with pytest.raises(SettingsError, match=rf"^{name}: .*It came from: argument"):
        resolve({"environment": "12345", "token": TOKEN, name: value}, {})


@pytest.mark.parametrize(
    "address",
    [
        "",
        "profit.example",
        "ftp://profit.example/p",
        "https://",
        "https:///p",
        "https://profit.example/p?wsdl",
        "https://profit.example/p#x",
        "https://profit.example/a b",
        "https://profit.example/\nx",
        "https://profit.example:99999/p",
        "https://profit.example:x/p",
        "https://[::1/p",
        "https://prófit.example/p",
        "https://user:geheim@profit.example/p",
        "https://geheim@profit.example/p",
        "https://profit.example/p/AppConnectorGet.asmx",
    ],
)
@pytest.mark.parametrize("name", ["soap_url", "rest_url"])
def test_addresses_that_do_not_fit(name: str, address: str) -> None:
    """A base address has no query, fragment, user or service; a password in it is not repeated."""
    with pytest.raises(SettingsError, match=f"^{name}: must") as caught:
        resolve({"token": TOKEN, name: address}, {})
    assert "geheim" not in str(caught.value)


def test_shown() -> None:
    """``afas settings``: every setting with its value and where it came from, and no part of the token."""
    shown = resolve({"language": "nl-nl", "allow_http": True}, REAL).shown()
    assert ("environment", "12345", "AFAS_ENVIRONMENT") in shown
    assert ("token", "set (64 hex digits)", "AFAS_TOKEN") in shown
    assert ("soap_url", "https://12345.soap.afas.online/profitservices", "environment") in shown
    assert ("language", "nl-nl", "argument") in shown
    assert ("allow_http", "true", "argument") in shown
    assert ("connect_timeout", "10.0", "default") in shown
    assert ("trace", "not set", "default") in shown
    assert ("embedded", "false", "default") in shown
    assert "abab" not in repr(shown)
    assert ("token", "not set", "default") in resolve({"embedded": True}, {}).shown()


def test_shown_where_no_environment_is_named() -> None:
    """Its name then comes from the address that is asked, or from whatever chose the embedded Profit."""
    addresses = {"soap_url": "https://soap.example/a", "rest_url": "https://rest.example/b", "token": "ab" * 32}
    assert ("environment", "soap.example", "soap_url") in resolve(addresses, {}).shown()
    assert ("environment", "rest.example", "rest_url") in resolve({**addresses, "protocol": "rest"}, {}).shown()
    assert ("environment", "emulator", "embedded") in resolve({"embedded": True}, {}).shown()
    assert ("environment", "emulator", "default") in resolve({}, {}).shown()
    assert ("environment", "", "default") in Settings().shown()


def test_settings_hide_the_token() -> None:
    """Neither the object nor a copy of it shows the token."""
    found = resolve({}, REAL)
    assert "abab" not in repr(found)
    assert "abab" not in repr(copy.deepcopy(found))
    assert found == copy.deepcopy(found)
    assert Settings().environment_name == ""


def test_every_setting_is_described() -> None:
    """With its variable and the default that applies."""
    assert {described.variable for described in DESCRIPTIONS} - {""} == {
        *("AFAS_PROFILE", "AFAS_PROTOCOL", "AFAS_ENVIRONMENT", "AFAS_TOKEN", "AFAS_TOKEN_FILE", "AFAS_INTEGRATION_ID"),
        *("AFAS_LANGUAGE", "AFAS_SOAP_URL", "AFAS_REST_URL", "AFAS_CA_BUNDLE", "AFAS_EMBEDDED"),
        *("AFAS_SEND_FILE_AS_BINARY", "AFAS_APP_TOKEN", "AFAS_APP_TOKEN_FILE", "AFAS_SCOPE", "AFAS_OPENAPI"),
        "AFAS_API",
        *("AFAS_AUTH", "AFAS_CLIENT_ID", "AFAS_CLIENT_SECRET", "AFAS_CLIENT_SECRET_FILE", "AFAS_PRIVATE_KEY_FILE"),
        *("AFAS_KEY_ID", "AFAS_REDIRECT_URI", "AFAS_CLIENT_CERT_FILE", "AFAS_CLIENT_KEY_FILE"),
        *("AFAS_ASSERTION_TYPE", "AFAS_ASSERTION_AUDIENCE", "AFAS_ASSERTION_ALGORITHM"),
        *(f"AFAS_{name.upper()}" for name in SECONDS),
    }
    known = [row for api in ("profit", "sb") for row in Settings(api=api).shown()]
    shown = {name: "" if value == "not set" else value for name, value, _ in reversed(known)}
    for described in DESCRIPTIONS:
        assert described.text.endswith(".")
        if described.name not in ("token_file", "client_secret_file", "embedded"):
            assert described.default == shown[described.name], described.name
