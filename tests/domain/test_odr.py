from datetime import date
from fractions import Fraction
from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.odr import (
    Tally,
    counted,
    day_number,
    exclusions_to_safety,
    measure,
    p_value,
    pooled,
    six_places,
    wilson95,
)
from tests.domain.profile import POLICY, policy

ONE_PERCENT = Fraction(1, 100)
DAY = date(2026, 11, 18)
ratios = st.fractions(min_value=Fraction(1, 1000), max_value=Fraction(1, 2), max_denominator=1000)
tallies = st.integers(1, 3000).flatmap(lambda n: st.builds(Tally, st.integers(0, n), st.just(n)))


def test_odr_is_exact_and_none_without_orders() -> None:
    assert Tally(13, 1000).odr == Fraction(13, 1000)
    assert Tally(2, 0).odr is None


def test_an_exclusion_leaves_both_sides() -> None:
    assert six_places(Tally(13, 1000).odr) == "0.013000"
    assert six_places(Tally(12, 999).odr) == "0.012012"


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(None, None), (Fraction(0), "0.000000"), (Fraction(5, 2), "2.500000"), (Fraction(2, 3), "0.666667")],
)
def test_six_places(ratio: Fraction | None, text: str | None) -> None:
    assert six_places(ratio) == text


def test_per_order_counts_a_twice_defective_order_once() -> None:
    raw = Tally(3, 100, 2)
    assert counted(raw, POLICY) == raw
    assert counted(raw, policy("measuring", count="per_order")) == Tally(2, 100, 2)


@pytest.mark.parametrize(
    ("defects", "orders", "needed"), [(13, 1000, 4), (5, 300, 3), (2, 80, 2), (10, 1000, 0), (3, 0, 4), (5, 2, 6)]
)
def test_exclusions_to_safety(defects: int, orders: int, needed: int) -> None:
    assert exclusions_to_safety(Tally(defects, orders), ONE_PERCENT) == needed


@given(tallies, ratios)
def test_exclusions_suffice_and_one_less_does_not(tally: Tally, limit: Fraction) -> None:
    needed = exclusions_to_safety(tally, limit)

    def safe(excluded: int) -> bool:
        return tally.defects - excluded <= limit * (tally.orders - excluded)

    assert safe(needed)
    assert needed == 0 or not safe(needed - 1)


@given(st.dictionaries(st.integers(0, 60), tallies), st.integers(0, 60), st.integers(0, 60))
def test_pooled_is_the_sum_of_the_days(days: dict[int, Tally], first: int, last: int) -> None:
    total = Tally()
    for number in range(first, last + 1):
        total += days.get(number, Tally())
    assert pooled(days, first, last) == total


def test_measure_takes_thirty_days_each() -> None:
    today = day_number(DAY)
    days = {today - back: Tally(1, 10 + back) for back in range(40)}
    measured = measure(days, DAY, POLICY, high_risk=False)
    assert measured.daily == Tally(1, 10)
    assert measured.rolling == pooled(days, today - 29, today)
    assert measured.baseline == pooled(days, today - 30, today - 1)
    assert measured.requirement == ONE_PERCENT
    assert measured.exclusions_to_safety == exclusions_to_safety(measured.rolling, ONE_PERCENT)
    assert measure(days, DAY, POLICY, high_risk=True).requirement == Fraction(1, 200)


@pytest.mark.parametrize(
    ("defects", "orders", "low", "high"),
    [
        (1, 50, 0.35, 10.5),
        (2, 100, 0.55, 7.0),
        (10, 1000, 0.54, 1.83),
        (12, 1000, 0.69, 2.09),
        (17, 1000, 1.06, 2.71),
    ],
)
def test_wilson_figures_of_the_reference(defects: int, orders: int, low: float, high: float) -> None:
    found = [round(bound * 100, 2) for bound in wilson95(defects, orders)]
    assert found == pytest.approx([low, high], abs=0.006)


def test_wilson_at_the_edges() -> None:
    assert wilson95(0, 0) == (0.0, 1.0)
    assert wilson95(0, 10)[0] == 0.0
    assert wilson95(30, 10) == wilson95(10, 10)


@pytest.mark.parametrize(("orders", "least"), [(20, 2), (50, 3), (100, 3), (300, 5), (1000, 10)])
def test_least_defects_that_are_significant(orders: int, least: int) -> None:
    baseline = Fraction(4, 1000)
    assert p_value(least, orders, baseline) < 0.01 <= p_value(least - 1, orders, baseline)


@pytest.mark.parametrize(("orders", "chance"), [(20, 0.077), (50, 0.182), (100, 0.061), (150, 0.122), (300, 0.033)])
def test_chance_of_a_false_alarm(orders: int, chance: float) -> None:
    over = orders // 100 + 1
    assert p_value(over, orders, Fraction(4, 1000)) == pytest.approx(chance, abs=0.0006)


@given(st.integers(1, 120), st.data(), ratios)
def test_p_value_is_the_binomial_tail(orders: int, data: st.DataObject, rate: Fraction) -> None:
    defects = data.draw(st.integers(0, orders))
    tail = sum(comb(orders, k) * rate**k * (1 - rate) ** (orders - k) for k in range(defects, orders + 1))
    assert isclose(p_value(defects, orders, rate), float(tail), rel_tol=1e-9, abs_tol=1e-12)


def test_p_value_holds_for_a_million_orders() -> None:
    million = 1_000_000
    assert p_value(500_000, million, Fraction(1, 2)) == pytest.approx(0.500399, abs=1e-6)
    assert p_value(4_000, million, Fraction(4, 1000)) == pytest.approx(0.5, abs=0.01)
    assert 0 <= p_value(9_000, million, Fraction(4, 1000)) < 1e-300
    assert p_value(3, million, Fraction(0)) == 0.0
    assert p_value(0, million, Fraction(0)) == 1.0
