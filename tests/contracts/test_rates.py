"""Rate limits that replicas share, on both databases."""

import sqlalchemy as sa

from bot.store.rates import Rates
from bot.store.unit import Store


def test_a_burst_is_free_and_the_rest_waits_its_turn(store: Store) -> None:
    first, second = Rates(store.engine), Rates(store.engine)
    assert [first.reserve("m", 60, burst=2), second.reserve("m", 60, burst=2)] == [0, 0]
    waits = [one.reserve("m", 60, burst=2) for one in (first, second, first)]
    assert waits == sorted(waits) and len(set(waits)) == 3
    assert 0 < waits[0] <= 1 and waits[2] <= 3
    assert first.reserve("other", 60) == 0


def test_a_place_of_long_ago_costs_nothing(store: Store) -> None:
    rates = Rates(store.engine)
    for _ in range(5):
        rates.reserve("m", 60)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE rate SET next_at = 0"))
    assert rates.reserve("m", 60) == 0
