"""Orders of unknown status: both readings are measured, either may fire (domain.md §1a)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.odr import day_number
from bot.store.tables import to_ms
from tests.measuring.conftest import SHOP, House, midnight

H, MINUTE = timedelta(hours=1), timedelta(minutes=1)
D5 = date(2026, 11, 5)


def unexplained(house: House, day: date, *times: timedelta) -> None:
    """Orders whose status nobody has explained, at these times of day."""
    made = [to_ms(midnight(day) + at) for at in times]
    with house.app.store.unit() as unit:
        rows = [(f"9{day:%m%d}{n:06d}", at, day_number(day), None, "", "", "") for n, at in enumerate(made)]
        unit.orders.upsert_orders(SHOP, rows)
        unit.orders.explain(SHOP, [(row[0], "status=nebulous") for row in rows])


@pytest.fixture
def quiet(house: House) -> House:
    # Half a percent in 30 days, never two days in a row.
    for back in range(1, 32):
        house.day(D5 - timedelta(days=back), 100, *[12 * H] * (back % 2 == 0))
    house.at(2026, 11, 6, 8)
    return house


@pytest.mark.parametrize(
    ("known", "unknown", "hurt", "fires"),
    [
        (100, 0, 1, False),
        (60, 40, 1, True),  # 1 of 100 is the limit itself, 1 of 60 is above it
        (100, 40, 3, True),  # above it either way
        (200, 100, 2, False),  # on the limit at the most
    ],
)
def test_a_day_fires_if_either_reading_crosses(
    quiet: House, known: int, unknown: int, hurt: int, fires: bool
) -> None:
    quiet.day(D5, known, *[12 * H] * hurt)
    unexplained(quiet, D5, *[30 * MINUTE] * unknown)
    found = quiet.check(D5).detection
    assert ("single_day" in found.triggers) is fires
    assert found.measurement.daily.orders == known + unknown
    without = found.without_unknown
    assert (without.daily.orders if without else None) == (known if unknown else None)


@pytest.mark.parametrize(("hurt", "began"), [((12, 15), 15), ((3, 12, 15), 12)])
def test_a_trigger_that_fires_only_without_them_began_under_that_reading(
    quiet: House, hurt: Sequence[int], began: int
) -> None:
    # 100 orders in the first hour and 300 unexplained ones: below the limit with them, above it without.
    quiet.day(D5, 100, *(hour * H for hour in hurt))
    unexplained(quiet, D5, *[30 * MINUTE] * 300)
    found = quiet.check(D5)
    assert found.detection.triggers and found.onset
    assert (found.onset.at, found.onset.exact) == (datetime(2026, 11, 5, began, tzinfo=UTC), True)
    assert quiet.case().deadline == datetime(2026, 11, 8, began, tzinfo=UTC)


def test_the_earlier_of_both_readings_counts(quiet: House) -> None:
    # Without the unexplained orders of the first minutes the second defect crosses, with them only the fifth does.
    quiet.day(D5, 100, *(n * H for n in (2, 4, 6, 8, 10, 12)))
    unexplained(quiet, D5, *[MINUTE] * 300)
    found = quiet.check(D5)
    assert found.onset and found.onset.at == datetime(2026, 11, 5, 4, tzinfo=UTC)
