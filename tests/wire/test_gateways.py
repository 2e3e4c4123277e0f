"""A judge of outcomes: two gateways that answer a write with forms of every kind, one that lets it through and one that
swallows it. Whatever the form, nothing is said of the write that is not true, and nothing is sent again by itself.

What is true is counted in the emulator behind them. The forms stand in ``forms.py`` and ``foreign.toml``; batches are
judged in ``test_gateway_batches.py``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from afas_soap import AfasError, ProfitClient
from afas_soap.cli.shared.exits import exit_code
from afas_soap.errors import Fate

FAMILIES = ("iis", "proxies", "clouds", "managers", "walls", "caches", "thin", "receipts", "broken")
PROTOCOLS = ("rest", "soap")
GATEWAYS = ("through", "swallow")
DONE, NOT_SENT, REFUSED, UNCERTAIN = "done", "NOT_SENT", "REFUSED", "UNCERTAIN"
UNTRUE = {True: (NOT_SENT, REFUSED), False: (DONE,)}
"""What may not be said of a write, by whether it was booked."""


@dataclass(frozen=True)
class Tried:
    """A write whose first attempt was answered with ``form``: what was said of it, and what became of it."""

    form: Any
    said: str
    error: BaseException | None
    sent: int
    booked: int

    def wrong(self) -> list[str]:
        """What is wrong with what was said."""
        found = []
        if self.said not in (DONE, *Fate.__members__):
            found.append(f"{self.said} is no outcome")
        if self.said in UNTRUE[self.booked > 0]:
            found.append(f"{self.said}, and booked {self.booked} times")
        if self.booked > 1:
            found.append(f"booked {self.booked} times")
        if self.sent > 1:
            found.append(f"sent {self.sent} times")
        return [f"{self.form.name}: {each}" for each in found]


class Room:
    """One protocol through one gateway."""

    def __init__(self, site: Any, protocol: str, gateway: str) -> None:
        self.site, self.protocol, self.through = site, protocol, gateway == "through"
        self.gateway = site.gateways[gateway]
        self.profit = self._client(**self.gateway.addresses)
        self.straight = self._client(**site.straight)
        self._numbers = itertools.count(1)

    def _client(self, **addresses: str) -> ProfitClient:
        # Patience enough to send once more what says that it will be back in a second, or that a journal is open.
        return ProfitClient.connect(
            token=self.site.token,
            protocol=self.protocol,
            retry_total=2.5,
            retry_locked=True,
            read_timeout=30.0,
            **addresses,
        )

    def close(self) -> None:
        self.profit.close()
        self.straight.close()

    def there(self) -> str:
        """A dossier item that is there, by its number."""
        return self.straight.insert("KnSubject", {"StId": 4, "Ds": "Before"})["SbId"]

    def insert(self, form: Any) -> Tried:
        subject = self._subject(form)
        said, error = self._tried(form, lambda: self.profit.insert("KnSubject", {"StId": 4, "Ds": subject}))
        return self._judged(form, said, error, self.site.subjects(subject))

    def insert_without_keys(self, form: Any) -> Tried:
        """An insert that AFAS documents no keys for. No GetConnector of the emulator shows what it took."""
        record = {"SbId": 1, "SbTx": "Once", "VaRe": "I"}
        said, error = self._tried(form, lambda: self.profit.insert("KnSubjectReaction", record))
        return self._judged(form, said, error, self.gateway.booked)

    def insert_below(self, form: Any, number: str) -> Tried:
        """A row below a dossier item, which is answered with that item's key."""
        row = {"@SbId": number, "KnSubjectAttachment": {"FileName": "a.txt", "FileStream": b"abc"}}
        call = lambda: self.profit.insert("KnSubject", row, sub_object="KnSubjectAttachment")  # noqa: E731
        said, error = self._tried(form, call)
        return self._judged(form, said, error, self.gateway.booked)

    def change(self, form: Any, number: str) -> Tried:
        subject = self._subject(form)
        said, error = self._tried(form, lambda: self.profit.update("KnSubject", {"@SbId": number, "Ds": subject}))
        return self._judged(form, said, error, self.site.subject_of(number) == subject)

    def delete(self, form: Any, number: str) -> Tried:
        said, error = self._tried(form, lambda: self.profit.delete("KnSubject", {"@SbId": number}))
        return self._judged(form, said, error, self.site.subject_of(number) is None)

    def _subject(self, form: Any) -> str:
        """One that nothing else has."""
        return f"{self.protocol} {self.through} {next(self._numbers)} {form.name}"[:200]

    def _judged(self, form: Any, said: str, error: BaseException | None, booked: int) -> Tried:
        taken = [write.status in (200, 201) for write in self.gateway.writes]
        assert all(taken) or not self.through, "the emulator takes what is let through, or nothing is judged"
        return Tried(form, said, error, len(taken), int(booked))

    def _tried(self, form: Any, call: Callable[[], object]) -> tuple[str, BaseException | None]:
        self.gateway.answers_once(form)
        try:
            call()
        except AfasError as error:
            return (error.fate.name if error.fate is not None else "None"), error
        except Exception as problem:  # noqa: BLE001 - whatever it is, it tells nobody what became of the write
            return type(problem).__name__, problem
        return DONE, None


@pytest.fixture(
    scope="module", params=[(protocol, gateway) for protocol in PROTOCOLS for gateway in GATEWAYS], ids="-".join
)
def room(request: pytest.FixtureRequest, site: Any) -> Iterator[Room]:
    room = Room(site, *request.param)
    yield room
    room.close()


@pytest.fixture(scope="module")
def room_of(site: Any) -> Iterator[Callable[[str, str], Room]]:
    rooms: dict[tuple[str, str], Room] = {}

    def make(protocol: str, gateway: str) -> Room:
        if (protocol, gateway) not in rooms:
            rooms[protocol, gateway] = Room(site, protocol, gateway)
        return rooms[protocol, gateway]

    yield make
    for room in rooms.values():
        room.close()


def foreign(forms: ModuleType, protocol: str, *families: str) -> list[Any]:
    read = forms.foreign()
    return [form for family in families for form in read[family] if form.on(protocol) is not None]


def assert_none(wrong: list[str]) -> None:
    assert not wrong, "\n".join(["", *wrong])


def test_there_are_more_than_forty_forms_for_each_gateway(forms: ModuleType) -> None:
    assert set(forms.foreign()) == {*FAMILIES, "empty"}
    for protocol in PROTOCOLS:
        names = [form.name for form in foreign(forms, protocol, *FAMILIES)]
        assert len(set(names)) == len(names) > 200


@pytest.mark.parametrize("family", [*FAMILIES, "empty"])
def test_an_insert(forms: ModuleType, room: Room, family: str) -> None:
    """Nothing of all this is an answer to it: it may be booked, or not."""
    assert_none([each for form in foreign(forms, room.protocol, family) for each in room.insert(form).wrong()])


@pytest.mark.parametrize("family", [*FAMILIES, "empty"])
def test_a_change(forms: ModuleType, room: Room, family: str) -> None:
    """To change a field twice does no harm, but nobody may be told that it was not changed, or was."""
    number = room.there()
    assert_none([each for form in foreign(forms, room.protocol, family) for each in room.change(form, number).wrong()])


@pytest.mark.parametrize("family", FAMILIES)
def test_a_delete(forms: ModuleType, room: Room, family: str) -> None:
    """No delete tells a key (profit-wire 13), so that a success has to be empty."""
    wrong, number = [], room.there()
    for form in foreign(forms, room.protocol, family):
        tried = room.delete(form, number)
        wrong += tried.wrong()
        number = room.there() if tried.booked else number
    assert_none(wrong)


@pytest.mark.parametrize("family", ["walls", "caches", "thin", "receipts", "broken"])
def test_an_insert_that_tells_no_keys(forms: ModuleType, room: Room, family: str) -> None:
    """What AFAS documents without keys is not done because anything came back."""
    tried = [room.insert_without_keys(form) for form in foreign(forms, room.protocol, family)]
    assert_none([each for one in tried for each in one.wrong()])


@pytest.mark.parametrize("family", ["caches", "thin", "receipts", "broken", "empty"])
def test_a_row_below(forms: ModuleType, room: Room, family: str) -> None:
    number = room.there()
    tried = [room.insert_below(form, number) for form in foreign(forms, room.protocol, family)]
    assert_none([each for one in tried for each in one.wrong()])


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_an_empty_success_is_afas_own_where_no_keys_are_documented(forms, room_of, gateway: str) -> None:
    """Nobody can tell whether it was booked, for so AFAS answers all deletes and half of the inserts."""
    room = room_of("rest", gateway)
    for form in foreign(forms, "rest", "empty"):
        deleted, inserted = room.delete(form, room.there()), room.insert_without_keys(form)
        assert (form.name, deleted.said, deleted.sent) == (form.name, DONE, 1)
        assert (form.name, inserted.said, inserted.sent) == (form.name, DONE, 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_afas_own_answers_say_what_they_say(forms, room_of, protocol: str) -> None:
    """Each behind the gateway that does what the answer says."""
    wrong = []
    for gateway in GATEWAYS:
        room = room_of(protocol, gateway)
        for form in (*forms.own(), *forms.words()):
            if form.on(protocol) is not None and form.booked in (room.through, None):
                tried = room.insert(form)
                wrong += [*tried.wrong(), *_otherwise(tried)]
    assert_none(wrong)


def _otherwise(tried: Tried) -> Iterator[str]:
    form = tried.form
    if tried.said != form.fate:
        yield f"{form.name}: {tried.said} in place of {form.fate}"
    code = exit_code(tried.error) if isinstance(tried.error, AfasError) else 0
    if form.code not in (code, None):
        yield f"{form.name}: exit code {code} in place of {form.code}"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_was_not_begun_is_sent_again_and_booked_once(forms, room_of, protocol: str) -> None:
    """AFAS' maintenance, with a time that patience is enough for."""
    body = '{"error":{"code":"503","message":"Away."},"retry_after":1}'
    raw = forms.answer("503 Service Unavailable", body, forms.JSON)
    tried = room_of(protocol, "swallow").insert(forms.Form("maintenance of a second", raw, raw))
    assert (tried.said, tried.sent, tried.booked) == (DONE, 2, 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_journal_that_is_open_elsewhere(forms, room_of, protocol: str) -> None:
    """Only Profit says so. The clients of this module have asked to wait for it."""
    locked = "The journal is locked by another user."
    tried = room_of(protocol, "swallow").insert(forms.Own("locked", *forms.refusal(locked)))
    assert (tried.said, tried.sent, tried.booked) == (DONE, 2, 1)
    said = forms.answer("500 Internal Server Error", f'{{"message":"{locked}"}}', forms.JSON)
    fault = forms.answer("500 Internal Server Error", forms.fault(locked), forms.XML)
    tried = room_of(protocol, "through").insert(forms.Form("a bus says so", said, fault))
    assert (tried.said, tried.sent, tried.booked) == (UNCERTAIN, 1, 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("gateway", GATEWAYS)
def test_the_other_protocols_own_is_not_its_own(forms, room_of, protocol: str, gateway: str) -> None:
    """A refusal in JSON over SOAP, a fault over REST: Profit does not answer so, and a bus between may."""
    wrong = []
    for form in forms.own():
        other = form.on("soap" if protocol == "rest" else "rest")
        if form.fate in (REFUSED, DONE) and other is not None:
            said = room_of(protocol, gateway).insert(forms.Form(form.name, other, other)).said
            wrong += [f"{form.name}: {said}"] if said != UNCERTAIN else []
    assert_none(wrong)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_is_left_in_a_connection_is_no_answer(forms, room_of, protocol: str) -> None:
    """A server that answers twice leaves a receipt behind, and the next write is not given it."""
    right = next(form for form in forms.own() if form.name == "a receipt").on(protocol)
    room = room_of(protocol, "swallow")
    twice = forms.Form("a receipt, twice", right * 2, right * 2, stays=True)
    room.insert(twice)
    (form,) = (form for form in forms.foreign()["proxies"] if form.name == "504 of nginx")
    assert room.insert(form).said == UNCERTAIN
