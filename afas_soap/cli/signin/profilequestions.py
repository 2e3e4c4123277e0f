"""What ``afas profile add`` and ``afas auth migrate`` ask a person. A secret is never asked for, only where it lies."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

import click

from afas_soap.errors import SettingsError
from afas_soap.settings import kinds
from afas_soap.settings.keyringentry import check_entry
from afas_soap.settings.resolving import check_value
from afas_soap.settings.setting import Reader

Answers = dict[str, object]

_AUTHS = (
    "token is the AfasToken, client-credentials a service, authorization-code a person, and public a person at a "
    "client without secret and key."
)
_SB_AUTHS = "authorization-code is a person with a browser, app-token a static token of AFAS SB."
_SB_PLACES = "The client proves itself by a secret, in a file or in the keyring: it is not asked for here."
_PLACES = (
    "The client proves itself by a secret, in a file or in the keyring, or by a private key. Neither is asked for, "
    "only where it lies."
)


def answered(ask: Callable[[], Answers]) -> Answers:
    """The answers. Raises ``click.UsageError`` when standard input ends before them and is no terminal."""
    try:
        return ask()
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo(err=True)  # behind the question
        raise click.UsageError(
            "standard input ended before everything was answered, and nothing is written: give options instead"
        ) from None


def ask_sign_in() -> Answers:
    """How a profile is to sign in with OAuth, in the same way."""
    auth = _choice("How to sign in", tuple(_SIGNING)[1:], _AUTHS)
    return {"auth": auth, **_SIGNING[auth]()}


def ask_profile() -> Answers:
    """The settings of a profile by question and answer, on standard error and standard input.

    An answer that is no value of its setting is asked for again. Raises ``click.Abort`` when there is none.
    """
    question = "Environment (12345, 12345-test, O12345AA; of AFAS SB demo/enyoi)"
    answers: Answers = {"environment": _text("environment", question, _environment)}
    if "/" in str(answers["environment"]):
        return answers | _sb()
    answers["protocol"] = _choice("Protocol", kinds.PROTOCOLS)
    answers["auth"] = auth = _choice("How to sign in", tuple(_SIGNING), _AUTHS)
    answers |= _SIGNING[auth]()
    answers |= _certificate()
    answers |= _optional("integration_id", "IntegrationId (empty for none)", kinds.integration_id)
    answers |= _optional("language", "Language of Profit's messages (empty for none)", kinds.one_of(*kinds.LANGUAGES))
    return answers


def _sb() -> Answers:
    """What AFAS SB takes."""
    auth = _choice("How to sign in", tuple(_SIGNING_SB), _SB_AUTHS)
    return {"api": "sb", "auth": auth, **_SIGNING_SB[auth]()}


def _sb_person() -> Answers:
    answers = {**_client(), **_redirect()}
    return answers | _PROOFS[_choice("Where the client's secret lies", ("secret-file", "keyring"), _SB_PLACES)]()


def _app_token() -> Answers:
    answers = _file("app_token_file", "File that holds the app token")
    return answers | _optional(
        "scope", "Its scope, in an accountancy environment (empty for none)", kinds.name_of_client
    )


def _token() -> Answers:
    return _file("token_file", "File that holds the token")


def _service() -> Answers:
    return {**_client(), **_proof(), **_dpop()}


def _person() -> Answers:
    return {**_client(), **_redirect(), **_proof(), **_dpop()}


def _person_at_a_public_client() -> Answers:
    return {**_client(), **_redirect()}


_SIGNING: Mapping[str, Callable[[], Answers]] = {
    "token": _token,
    "client-credentials": _service,
    "authorization-code": _person,
    "public": _person_at_a_public_client,
}


_SIGNING_SB: Mapping[str, Callable[[], Answers]] = {"authorization-code": _sb_person, "app-token": _app_token}


def _client() -> Answers:
    return {"client_id": _text("client_id", "Client id", kinds.name_of_client)}


def _redirect() -> Answers:
    question = "Redirect URI, exactly as it stands in AFAS"
    return {"redirect_uri": _text("redirect_uri", question, kinds.redirect_uri)}


def _dpop() -> Answers:
    return {"dpop": True} if click.confirm("Bind access tokens to a key (DPoP)?", default=False, err=True) else {}


def _proof() -> Answers:
    return _PROOFS[_choice("How the client proves itself", tuple(_PROOFS), _PLACES)]()


def _secret_file() -> Answers:
    return _file("client_secret_file", "File that holds the client's secret")


def _keyring() -> Answers:
    question = "The secret's place in the keyring (SERVICE/USERNAME)"
    return {"client_secret_keyring": _text("client_secret_keyring", question, check_entry)}


def _key_file() -> Answers:
    answers = _file("private_key_file", "PEM file of the private key")
    return answers | _optional("key_id", "The key's id (kid; empty for none)", kinds.name_of_client)


_PROOFS: Mapping[str, Callable[[], Answers]] = {
    "secret-file": _secret_file,
    "keyring": _keyring,
    "private-key": _key_file,
}


def _certificate() -> Answers:
    answers = _optional("client_cert_file", "PEM file of a client certificate (mTLS; empty for none)", check_value)
    return answers | (_file("client_key_file", "PEM file of that certificate's key") if answers else {})


def _file(setting: str, question: str) -> Answers:
    return {setting: _text(setting, question, check_value)}


def _optional(setting: str, question: str, read: Reader[object]) -> Answers:
    """The answer, or nothing when it is empty."""
    answer = _text(setting, question, read, default="")
    return {setting: answer} if answer else {}


def _text(setting: str, question: str, read: Reader[object], default: str | None = None) -> str:
    def checked(answer: str) -> str:
        if answer.strip():
            try:
                read(setting, answer)
            except SettingsError as error:
                raise click.UsageError(error.message) from None
        elif default is None:
            raise click.UsageError(f"{setting}: an answer is needed.")
        return answer.strip()

    return click.prompt(question, default=default, show_default=False, value_proc=checked, err=True)


def _choice(question: str, words: Sequence[str], explained: str = "") -> str:
    if explained:
        click.echo(explained, err=True)
    return click.prompt(question, type=click.Choice(words), default=words[0], err=True)


def _environment(name: str, given: object) -> object:
    return kinds.environment(name, given)
