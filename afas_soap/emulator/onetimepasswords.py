"""One-time passwords (OTP) as Profit makes and redeems them: by mail, good once and not for long, for a classic token.

Sources: profit-wire 6.4, special-connectors 6. Inferred: how long a password is good for, that the newest one of a user
is the only one, what the mail says, and all refusals. The passwords and tokens stand nowhere but in the mails, which go
to the mailbox that whoever runs the emulator gave, and in the answers.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from afas_soap.emulator.credentials import AcceptedTokens
from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.refusals import PASSWORD_UNKNOWN, TOKEN_UNKNOWN, TOKEN_UNREADABLE, UNREADABLE_DATA, Refused
from afas_soap.errors import SettingsError
from afas_soap.limits import TOKEN_DIGITS
from afas_soap.profit.access.token import AfasToken

DEMO_API_KEY = "00000000000000000000000000000A91"
DEMO_ENVIRONMENT_KEY = "00000000000000000000000000000E17"
"""The keys of a fresh emulator's app connector. They open nothing else, so everybody may know them."""

APP_CONNECTOR = "Emulator"
"""What the app connector is called, in the subject of each mail."""

_LOG = logging.getLogger("afas_soap.emulator")
_DIGITS = 8
_GOOD_FOR = 600.0


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to a user, as it would leave AFAS."""

    to: str
    subject: str
    text: str = field(repr=False)


Mailbox = Callable[[Mail], None]
"""Takes a mail; an ``OSError`` of it is told in the log, and to nobody else."""


@dataclass(frozen=True, slots=True)
class _Password:
    text: str = field(repr=False)
    good_until: float


class OneTimePasswords:
    """The passwords that are out. ``accepted`` takes the tokens that are made; ``closed`` is an app connector without
    classic tokens, whose keys never fit."""

    def __init__(
        self, accepted: AcceptedTokens, mailbox: Mailbox | None, clock: Clock, *, closed: bool = False
    ) -> None:
        self._accepted = accepted
        self._mailbox = mailbox
        self._clock = clock
        self._closed = closed
        self._passwords: dict[str, _Password] = {}
        self._changing = threading.Lock()

    def generate(self, given: Mapping[str, str]) -> None:
        """Send a password by mail. When the keys do not fit nothing is sent, and nobody is told."""
        user = given.get("userId", "").strip()
        if not user or not self._fit(given):
            _LOG.info("a one-time password was asked for with keys that do not fit: none is sent")
            return
        if self._mailbox is None:
            _LOG.warning("a one-time password was asked for, and there is no mailbox to send it to (--mailbox FILE)")
            return
        password = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        with self._changing:
            self._passwords[user.lower()] = _Password(password, self._clock() + _GOOD_FOR)
        self._send(self._mailbox, user, given.get("description", "").strip(), password)

    def redeem(self, given: Mapping[str, str]) -> str:
        """A new token, which is accepted from now on. Raises ``Refused``."""
        user = given.get("userId", "").strip().lower()
        with self._changing:
            known = self._passwords.get(user)
            fits = known is not None and _same(known.text, given.get("otp", "").strip())
            if known is None or not fits or not self._fit(given) or self._clock() > known.good_until:
                raise Refused(PASSWORD_UNKNOWN)
            del self._passwords[user]
        token = AfasToken(secrets.token_hex(TOKEN_DIGITS // 2).upper())
        self._accepted.add(token)
        return token.xml()

    def delete(self, given: Mapping[str, str]) -> None:
        """Accept a token no longer. Raises ``Refused``."""
        try:
            token = AfasToken.parse(given.get("token", ""))
        except SettingsError:
            raise Refused(TOKEN_UNREADABLE) from None
        if not self._accepted.remove(token):
            raise Refused(TOKEN_UNKNOWN)

    def _fit(self, given: Mapping[str, str]) -> bool:
        wanted = {"apiKey": DEMO_API_KEY, "environmentKey": DEMO_ENVIRONMENT_KEY}
        return not self._closed and all(_same(key, given.get(name, "").strip().upper()) for name, key in wanted.items())

    def _send(self, mailbox: Mailbox, user: str, description: str, password: str) -> None:
        behind = f" ({description})" if description else ""
        minutes = f"{_GOOD_FOR / 60:.0f}"
        text = f"The one-time password is {password}. It is good once, and for {minutes} minutes."
        try:
            mailbox(Mail(user, f"One-time password for {APP_CONNECTOR}{behind}", text))
        except OSError as problem:
            _LOG.warning("the mail with a one-time password cannot be delivered: %s", problem.strerror)


def members(data: bytes) -> Mapping[str, str]:
    """What stands in the JSON of a call over REST, by SOAP's names. AFAS' specification spells ``userId`` in two ways,
    so case does not count. Raises ``Refused``."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(UNREADABLE_DATA)
    by_name = {name.lower(): value for name, value in found.items()}
    return {ours: value for ours, theirs in _MEMBERS.items() if isinstance(value := by_name.get(theirs), str)}


def _same(known: str, given: str) -> bool:
    return hmac.compare_digest(known.encode(), given.encode("utf-8", "replace"))


_MEMBERS = {"userId": "userid", "apiKey": "apikey", "environmentKey": "apitoken", "otp": "otp"}
_Call = Callable[[OneTimePasswords, Mapping[str, str]], str | None]
# (service, operation) and path -> what it does.
OPERATIONS: Mapping[tuple[str, str], _Call] = {
    ("TokenConnector", "GenerateOTP"): OneTimePasswords.generate,
    ("TokenConnector", "GetTokenFromOTP"): OneTimePasswords.redeem,
    ("TokenConnector", "DeleteToken"): OneTimePasswords.delete,
}
REST_PATHS: Mapping[str, _Call] = {"otprequest": OneTimePasswords.generate, "otpvalidation": OneTimePasswords.redeem}
