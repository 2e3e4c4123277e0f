"""One-time passwords (OTP): what a person and an app connector show for a classic token, as both protocols spell it.

Source: profit-wire 6.4, special-connectors 6. The token that comes of it is the classic one, which ends in 2027
(``limits``). What the environment key is called differs: ``environmentKey`` over SOAP, ``apiToken`` over REST.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from afas_soap.errors import AnswerError, SettingsError
from afas_soap.limits import KEY_DIGITS
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken

_KEY = re.compile(rf"[0-9A-Fa-f]{{{KEY_DIGITS}}}")
# Eight digits in AFAS' sample, and nobody says that there are no others.
_PASSWORD = re.compile(r"[0-9A-Za-z]{4,16}")
_LONGEST_USER = 256


def app_key(name: str, text: str) -> Secret:
    """The API key or the environment key of an app connector; ``name`` is the setting in the error. Blanks and a byte
    order mark around it are dropped."""
    found = _bare(text)
    if not _KEY.fullmatch(found):
        del found, text
        raise SettingsError(
            f"{name}: must be {KEY_DIGITS} hexadecimal digits, as the app connector shows it (it is not repeated here)."
        )
    return Secret(found, name)


def one_time_password(name: str, text: str) -> Secret:
    """The password out of the mail; ``name`` is the setting in the error."""
    found = _bare(text)
    if not _PASSWORD.fullmatch(found):
        del found, text
        raise SettingsError(
            f"{name}: must be the one-time password alone, as it stands in the mail: some 8 digits (it is not repeated "
            "here)."
        )
    return Secret(found, name)


@dataclass(frozen=True, slots=True)
class AppKeys:
    """Who asks for a password, and by which app connector: ``user_id`` is ``12345.user`` or the user's e-mail address,
    the keys are those that ``app_key`` makes."""

    user_id: str
    api_key: Secret
    environment_key: Secret

    def __post_init__(self) -> None:
        found = self.user_id
        if len(found) > _LONGEST_USER or not found.isprintable() or found.split() != [found]:
            raise SettingsError("user: must be the user's id (12345.user) or e-mail address, without blanks.")
        if _KEY.fullmatch(found):
            raise SettingsError("user: this looks like a key of the app connector, and is to be a user (12345.user).")
        for name, key in (("api_key", self.api_key), ("environment_key", self.environment_key)):
            app_key(name, key.reveal())
        if self.api_key.reveal().lower() == self.environment_key.reveal().lower():
            raise SettingsError("api_key and environment_key: they are the same, and the app connector has two.")

    def secrets(self) -> tuple[str, ...]:
        """What must not show."""
        return self.api_key.reveal(), self.environment_key.reveal()

    def soap_parameters(self) -> Mapping[str, object]:
        """As parameters of both SOAP operations; what is hidden stays so until it is written."""
        return {"userId": self.user_id, "apiKey": self.api_key, "environmentKey": self.environment_key}

    def rest_body(self, password: Secret | None = None) -> bytes:
        """As the JSON body of a REST call, with the password where that is redeemed."""
        return json.dumps(
            {
                "apiKey": self.api_key.reveal(),
                "userId": self.user_id,
                "apiToken": self.environment_key.reveal(),
                **({} if password is None else {"otp": password.reveal()}),
            },
            ensure_ascii=False,
        ).encode()


class OneTimePasswords(Protocol):
    """What both protocols have, but for ``delete``. Each is a write: it is sent once."""

    def request(self, keys: AppKeys, description: str | None = None) -> None:
        """Have a password sent to the user. AFAS says the same when the keys do not fit."""
        ...

    def redeem(self, keys: AppKeys, password: Secret) -> AfasToken:
        """The token for a password, which is used up by that."""
        ...

    def delete(self, token: AfasToken) -> None:
        """Have a token forgotten by AFAS."""
        ...


def token_from_text(text: str) -> AfasToken:
    """The token in the result of an answer. ``AnswerError`` when there is none; what stands there is not repeated."""
    try:
        return AfasToken.parse(text)
    except SettingsError:
        del text
        problem = _no_token()
    raise problem


def token_from_json(data: bytes) -> AfasToken:
    """The token in ``{"token":"<token>...</token>\\r\\n"}``; as ``token_from_text``."""
    found: AfasToken | None = None
    # SettingsError is what a text that is no token gives, AttributeError what is no text at all.
    with contextlib.suppress(SettingsError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = AfasToken.parse(json.loads(data)["token"])
    del data
    if found is None:
        raise _no_token()
    return found


def _bare(text: str) -> str:
    return text.strip().removeprefix("\ufeff").strip()


def _no_token() -> AnswerError:
    return AnswerError("The answer holds no AfasToken (what it holds is not repeated here).")
