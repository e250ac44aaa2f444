"""Two programs on one database whose clocks are apart: what is used, replaced, ended or guessed stays so for both."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.sign_in import ATTEMPTS, SignInRefused
from bot.services.sign_in import LIFETIME
from bot.store.unit import Store
from tests.security.conftest import NOW, Entrance, HandClock

HERE, THERE = "10.0.0.1", "198.51.100.7"


@dataclass
class Twins:
    """One program, and the other whose clock is ahead or behind."""

    one: Entrance
    other: Entrance


@pytest.fixture(params=[-9, -1, 1, 9], ids=lambda minutes: f"{minutes:+} min")
def twins(store: Store, request: pytest.FixtureRequest) -> Twins:
    return Twins(Entrance(store), Entrance(store, HandClock(NOW + timedelta(minutes=request.param))))


def refused(entrance: Entrance, token: str, address: str = HERE) -> str:
    with pytest.raises(SignInRefused) as error:
        entrance.sign_in.redeem(token, address, "")
    return error.value.reason


def test_a_link_signs_in_once_at_either(twins: Twins) -> None:
    token = twins.one.sign_in.link("li", "li")
    assert twins.other.sign_in.redeem(token, HERE, "")
    assert refused(twins.one, token) == refused(twins.other, token) == "used"


def test_a_newer_link_takes_the_place_of_the_last_at_either(twins: Twins) -> None:
    for first, second in ((twins.one, twins.other), (twins.other, twins.one)):
        last = first.sign_in.link("li", "command-line")
        assert second.sign_in.link("li", "command-line")
        assert refused(first, last) == refused(second, last) == "expired"


def test_a_link_lives_no_longer_than_its_time_and_the_difference(twins: Twins) -> None:
    token = twins.one.sign_in.link("li", "li")
    apart = abs(twins.other.clock.at - twins.one.clock.at)
    twins.other.clock.at = twins.one.clock.at + LIFETIME + apart
    assert refused(twins.other, token) == "expired"


def test_a_session_is_known_and_ended_at_either(twins: Twins) -> None:
    secret = twins.one.signed_in()
    visitor = twins.other.sessions.enter(secret, HERE)
    assert visitor and twins.one.sessions.enter(secret, HERE)
    assert twins.one.sessions.end_all("li") == 1
    for each in (twins.one, twins.other):
        assert each.sessions.enter(secret, HERE) is None and not each.sessions.lives(visitor.session.id)


def test_no_use_makes_a_session_older(twins: Twins) -> None:
    secret = twins.one.signed_in()
    uses = []
    for entrance in (twins.other, twins.one, twins.other, twins.one):
        entrance.sessions.enter(secret, HERE)
        [session] = entrance.sessions.listed("li")
        uses.append(session.used_at)
    assert uses == sorted(uses)


def test_guesses_at_one_count_at_the_other(twins: Twins) -> None:
    for number in range(ATTEMPTS):
        refused([twins.one, twins.other][number % 2], "guess.x", THERE)
    assert twins.one.sign_in.waits(THERE) and twins.other.sign_in.waits(THERE)


def test_who_was_removed_gets_in_at_neither(twins: Twins) -> None:
    token, secret = twins.one.sign_in.link("li", "li"), twins.other.signed_in("wang")
    for each in (twins.one, twins.other):
        each.roles.clear()
    assert refused(twins.other, token) == "unknown" and twins.one.sessions.enter(secret, HERE) is None
