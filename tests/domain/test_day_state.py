"""What is known of a day, and the usual number of orders."""

import pytest

from bot.domain.day_state import DayKnowledge, DayState, Reach, known, usual_orders
from bot.domain.odr import Tally

TODAY = 100
BUSY = Tally(1, 50)
BOTH = ("orders", "returns")


def reaches(first: int, last: int, *sources: str) -> list[Reach]:
    return [Reach(source, first, last) for source in sources or BOTH]


@pytest.mark.parametrize(
    ("day", "tally", "data", "expected"),
    [
        # The first day of a delivery is whole like those behind it, its last one may go on.
        (90, BUSY, reaches(90, 95), DayKnowledge()),
        (94, BUSY, reaches(90, 95), DayKnowledge()),
        (95, BUSY, reaches(90, 95), DayKnowledge(DayState.PROVISIONAL, (), BOTH)),
        (95, BUSY, reaches(90, 95) + reaches(95, 96), DayKnowledge()),
        (96, Tally(), reaches(90, 95), DayKnowledge(DayState.NO_DATA, BOTH, ())),
        (89, Tally(), reaches(90, 95), DayKnowledge(DayState.NO_DATA, BOTH, ())),
        # The running day goes on whatever a file says.
        (99, BUSY, reaches(90, 105), DayKnowledge()),
        (100, BUSY, reaches(90, 105), DayKnowledge(DayState.PROVISIONAL, (), BOTH)),
        # Orders that are there have come, though no delivery says so; what has not come is named.
        (95, BUSY, reaches(90, 96, "returns"), DayKnowledge(DayState.PROVISIONAL, (), ("orders",))),
        (95, BUSY, reaches(90, 96, "orders"), DayKnowledge(DayState.PARTIAL, ("returns",), ())),
        (95, Tally(), reaches(90, 96, "returns"), DayKnowledge(DayState.NO_DATA, ("orders",), ())),
        (95, Tally(), reaches(90, 96), DayKnowledge()),
        (95, Tally(2, 0), reaches(90, 96), DayKnowledge(DayState.UNMEASURABLE, (), ())),
    ],
)
def test_what_is_known_of_a_day(day: int, tally: Tally, data: list[Reach], expected: DayKnowledge) -> None:
    found = known(day, TODAY, tally, data, BOTH)
    assert found == expected
    assert found.orders_whole is ("orders" not in (*found.missing, *found.going_on))


def test_a_source_that_the_shop_does_not_have_is_not_missed() -> None:
    assert known(95, TODAY, BUSY, reaches(90, 96, "orders"), ["orders"]) == DayKnowledge()
    assert known(95, TODAY, BUSY, reaches(90, 96, "orders"), ["ratings", "orders"]).missing == ("ratings",)


def test_usual_orders_are_the_median_of_the_days_before_that_have_any() -> None:
    days = {
        number: Tally(0, orders) for number, orders in ((70, 999), (72, 10), (80, 0), (90, 30), (99, 20), (100, 7))
    }
    assert usual_orders(days, 100, 28) == 20
    assert usual_orders(days, 100, 30) == 30, "of an even number the larger one of the middle"
    assert usual_orders({}, 100, 28) == usual_orders({100: BUSY}, 100, 28) == 0
