"""What was given out is good until its own end, whatever else is given out or spent meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afas_soap.emulator.oauth.tokens.issued import Access, Chain, Code, Tokens


class Clock:
    """A clock that stands."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens(clock)


def access(tokens: Tokens, until: float) -> Callable[[], object]:
    text = tokens.give_access(Access("client", None, until))
    return lambda: tokens.access(text)


def code(tokens: Tokens, until: float) -> Callable[[], object]:
    text = tokens.give_code(Code("client", "http://localhost/", "challenge", until))
    return lambda: tokens.spend_code(text)


def chain(tokens: Tokens, until: float) -> Callable[[], object]:
    text = tokens.give_refresh(Chain("client", None, until))
    return lambda: tokens.chain(text)


def refresh(tokens: Tokens, until: float) -> Callable[[], object]:
    text = tokens.give_refresh(Chain("client", None, until))
    return lambda: tokens.spend_refresh(text)


@pytest.mark.parametrize("give", [access, code, chain, refresh])
@pytest.mark.parametrize(("age", "good"), [(0, True), (59.5, True), (60, False), (61, False)])
def test_it_ends_at_its_end_and_not_before(
    tokens: Tokens, clock: Clock, give: Callable[..., Callable[[], object]], age: float, good: bool
) -> None:
    """Another one of its kind is given out just before it is looked for, which forgets those that have ended."""
    found = give(tokens, clock() + 60)
    clock.time += age
    give(tokens, clock() + 3600)
    assert (found() is not None) is good


@pytest.mark.parametrize("give", [code, refresh])
def test_what_is_spent_is_spent_once(tokens: Tokens, clock: Clock, give: Callable[..., Callable[[], object]]) -> None:
    found = give(tokens, clock() + 60)
    assert found() is not None
    assert found() is None


def test_to_withdraw_access_leaves_everything_else(tokens: Tokens, clock: Clock) -> None:
    gone, left = access(tokens, clock() + 60), [code(tokens, clock() + 60), refresh(tokens, clock() + 60)]
    tokens.withdraw()
    assert gone() is None
    assert all(found() is not None for found in left)
