"""Rate limits that replicas share, on both databases."""

import sqlalchemy as sa

from bot.store.rates import Rates
from bot.store.unit import Store


def test_a_burst_is_free_and_the_rest_waits_its_turn(store: Store) -> None:
    """A minute lies between two places, so that it does not matter how long asking takes."""
    first, second = Rates(store.engine), Rates(store.engine)
    assert [first.reserve("m", 1, burst=2), second.reserve("m", 1, burst=2)] == [0, 0]
    waits = [one.reserve("m", 1, burst=2) for one in (first, second, first)]
    assert all(number * 60 < wait <= (number + 1) * 60 for number, wait in enumerate(waits))
    assert first.reserve("other", 1) == 0


def test_a_place_of_long_ago_costs_nothing(store: Store) -> None:
    rates = Rates(store.engine)
    for _ in range(5):
        rates.reserve("m", 60)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE rate SET next_at = 0"))
    assert rates.reserve("m", 60) == 0
