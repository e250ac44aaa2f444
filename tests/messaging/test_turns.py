"""Long work gives way to the turns that are under way."""

import time
from threading import Event, Thread

from bot.messaging.turns import CALM_SECONDS, Turns

LONG = 10.0


def waited(turns: Turns, most: float) -> float:
    """For how many seconds it gave way."""
    began = time.monotonic()
    turns.give_way(most)
    return time.monotonic() - began


def test_nobody_is_given_way_to_where_nobody_speaks() -> None:
    assert waited(Turns(), LONG) < LONG / 2


def test_way_is_given_until_the_last_turn_is_over() -> None:
    turns, over = Turns(), Event()
    worker = Thread(target=lambda: (turns.give_way(LONG), over.set()))
    with turns.one(), turns.one():
        worker.start()
        assert not over.wait(2 * CALM_SECONDS)
    assert over.wait(LONG / 2)
    worker.join()


def test_who_speaks_all_the_time_is_given_way_to_for_so_long_only() -> None:
    turns = Turns()
    with turns.one():
        assert 0.02 <= waited(turns, 0.02) < LONG


def test_what_a_turn_has_caused_goes_first_too() -> None:
    turns = Turns()
    with turns.one():
        pass
    assert waited(turns, LONG) >= CALM_SECONDS / 2
    assert waited(turns, LONG) < LONG / 2


def test_a_turn_that_fails_is_over() -> None:
    turns = Turns()
    try:
        with turns.one():
            raise ValueError
    except ValueError:
        assert waited(turns, LONG) < LONG / 2
