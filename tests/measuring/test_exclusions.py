"""An exclusion takes an order out of the rate on both sides, a correction or an undo puts it back (domain.md §1)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.case import AppealStatus
from bot.domain.odr import day_number
from bot.ports.records import Person
from bot.services.undo import About
from bot.store.tables import to_ms
from tests.measuring.conftest import SHOP, TYPE, House, midnight

H = timedelta(hours=1)
D24 = date(2026, 11, 24)
ORDER = f"{D24:%m%d}000000"
LI = Person("li")

Step = Callable[[House], object]


def outcome(wanted: AppealStatus, code: str = "") -> Step:
    return lambda house: house.app.appeals.result("C1", [ORDER], wanted, "li", code)


def undo(house: House) -> None:
    house.app.undo.undo(house.app.undo.choose(About(case="C1"), LI), LI)


excluded, rejected = outcome(AppealStatus.EXCLUDED), outcome(AppealStatus.REJECTED, "ODR-07")


def counted(house: House, day: date = D24) -> tuple[int, int, int]:
    """Defects and orders of the day, and the orders of its 30 days, as they are kept."""
    with house.app.store.unit(read_only=True) as unit:
        kept: dict[str, Any] = unit.records.snapshots_on(day.isoformat())[SHOP]
    return kept["daily"]["defects"], kept["daily"]["orders"], kept["rolling"]["orders"]


@pytest.fixture
def submitted(house: House) -> House:
    for back in range(1, 31):
        house.day(D24 - timedelta(days=back), 200)
    house.day(D24, 200, *(10 * H + n * H for n in range(4)))
    house.check(D24)
    house.app.appeals.submitted("C1", "li", [f"{D24:%m%d}{n:06d}" for n in range(3)])
    assert counted(house) == (4, 200, 6000)
    return house


@pytest.mark.parametrize(
    ("steps", "defects"),
    [
        ([excluded], 3),
        ([excluded, excluded], 3),
        ([excluded, rejected], 4),
        ([rejected, excluded], 3),
        ([excluded, rejected, excluded], 3),
        ([excluded, undo], 4),
        ([excluded, rejected, undo], 3),
        ([rejected, undo], 4),
    ],
)
def test_every_change_of_an_exclusion_is_measured(submitted: House, steps: list[Step], defects: int) -> None:
    for step in steps:
        step(submitted)
        submitted.clock.at += timedelta(minutes=1)
    orders = 196 + defects
    assert counted(submitted) == (defects, orders, 5800 + orders)


def test_what_cannot_be_measured_is_not_recorded(submitted: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # In one transaction: else a crash between the two would leave an exclusion that no rate knows of.
    with monkeypatch.context() as broken:
        broken.setattr(submitted.app.monitoring, "remeasure", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            excluded(submitted)
    assert submitted.case().orders[0].appeal is AppealStatus.SUBMITTED
    excluded(submitted)
    assert counted(submitted) == (3, 199, 5999)


def test_the_day_on_which_the_order_was_made_is_measured_too(submitted: House) -> None:
    made, order_id = D24 - timedelta(days=1), f"{D24 - timedelta(days=1):%m%d}000007"
    late = (order_id, TYPE, to_ms(midnight(D24) + 20 * H), day_number(D24), True, True, "")
    with submitted.app.store.unit() as unit:
        unit.orders.upsert_defects(SHOP, [late])
    submitted.changed(D24)
    submitted.check(made)
    assert counted(submitted, made)[1] == 200
    submitted.app.appeals.submitted("C1", "li", [order_id])
    submitted.app.appeals.result("C1", [order_id], AppealStatus.EXCLUDED, "li")
    assert counted(submitted, made)[1] == 199
