"""A program with one shop and one open case of four orders."""

from datetime import date, timedelta

import pytest

from tests.measuring.conftest import House, house

__all__ = ["House", "house", "opened"]

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
