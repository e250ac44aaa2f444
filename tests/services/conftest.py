"""A program with one shop and one open case of four orders."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from bot.ports.store import Unit, UnitFactory
from tests.measuring.conftest import House, house

__all__ = ["House", "house", "meanwhile", "opened"]

DAY = date(2026, 11, 24)


@pytest.fixture
def opened(house: House) -> House:
    """A usual month, and 4 of 200 on 24 November, found on the next morning: case C1."""
    for back in range(1, 31):
        house.day(DAY - timedelta(days=back), 200)
    house.day(DAY, 200, *(timedelta(hours=10 + number) for number in range(4)))
    house.at(2026, 11, 25, 9)
    assert house.check(DAY).case_id == "C1"
    return house


def meanwhile(house: House, act: Callable[[], object]) -> UnitFactory:
    """Transactions of a service that somebody gets ahead of: `act` happens after the first one that only looks."""
    waiting = [act]

    @contextmanager
    def units(read_only: bool = False) -> Iterator[Unit]:
        with house.app.store.unit(read_only) as unit:
            yield unit
        if read_only and waiting:
            waiting.pop()()

    return units
