"""What was used once is remembered for as long as it could be used again, and not a moment less."""

from __future__ import annotations

import pytest

from afas_soap.emulator.oauth.clients.assertions import ASSERTION_TYPE
from afas_soap.emulator.oauth.clock import TurnedClock
from afas_soap.emulator.oauth.refusal import ReplayStoreDown
from afas_soap.emulator.oauth.tokens.replay import ReplayStore


class Standing(TurnedClock):
    """A clock that moves only when it is turned."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time

    def turn(self, seconds: float) -> None:
        self.time += seconds


def test_it_is_kept_until_its_end_and_not_longer() -> None:
    clock = Standing()
    store = ReplayStore(clock)
    assert store.is_new("client", "1", clock() + 100)
    for _ in range(10):
        clock.turn(10)
        assert not store.is_new("client", "1", clock() + 100)
    clock.turn(0.5)
    assert store.is_new("client", "1", clock() + 100)


def test_each_has_its_own_end() -> None:
    """One that is used again, or another that ends, forgets no other; nor does a refusal make one last longer."""
    clock = Standing()
    store = ReplayStore(clock)
    assert store.is_new("client", "long", clock() + 300)
    assert store.is_new("client", "short", clock() + 10)
    clock.turn(11)
    assert store.is_new("client", "short", clock() + 10)
    assert not store.is_new("client", "long", clock() + 1000)
    clock.turn(300)
    assert store.is_new("client", "long", clock() + 10)


@pytest.mark.parametrize("other", [("1", "1client"), ("client1", ""), ("clien", "t1"), ("client2", "1")])
def test_owner_and_jti_are_not_run_together(other: tuple[str, str]) -> None:
    store = ReplayStore(Standing())
    assert store.is_new("client", "1", 2e9)
    assert store.is_new(*other, 2e9)


def test_while_it_is_down_nothing_is_spent() -> None:
    store = ReplayStore(Standing(), down=True)
    with pytest.raises(ReplayStoreDown):
        store.is_new("client", "1", 2e9)
    store.down = False
    assert store.is_new("client", "1", 2e9)


def asked(side, assertion: str) -> int:
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
    return int(side.token(**form, client_assertion=assertion).status_code)


@pytest.mark.parametrize("age", [0, 59, 61, 299, 301, 350])
def test_an_assertion_is_no_replay_only_when_it_is_no_assertion_any_more(side, age: int) -> None:
    """The longest life there is, with the skew behind it; its twin, which nobody used, is good throughout."""
    claims = {"iat": int(side.clock()), "exp": int(side.clock()) + 300}
    used, twin = side.assertion(jti="used", **claims), side.assertion(jti="twin", **claims)
    assert asked(side, used) == 200
    side.clock.turn(age)
    assert (asked(side, used), asked(side, twin)) == (400, 200)


@pytest.mark.parametrize("age", [0, 59, 61, 110])
def test_a_proof_is_no_replay_only_when_it_is_no_proof_any_more(side, age: int) -> None:
    """One that was made a minute ahead is good for two."""
    token, nonce = side.bound(), side.nonce()
    claims = {"token": token, "nonce": nonce, "iat": int(side.clock()) + 60}
    url = "http://localhost/ProfitRestServices/connectors/Products"
    used, twin = (side.proof("GET", url, jti=jti, **claims) for jti in ("used", "twin"))
    assert side.rows(f"DPoP {token}", DPoP=used).status_code == 200
    side.clock.turn(age)
    statuses = [side.rows(f"DPoP {token}", DPoP=proof).status_code for proof in (used, twin)]
    assert statuses == [401, 200]
