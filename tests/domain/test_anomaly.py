from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.anomaly import Detection, Onset, continues, detect, expected, onset, scope
from bot.domain.odr import Tally, day_number
from bot.domain.orders import DayEvents
from bot.domain.policy import Policy
from tests.domain.profile import POLICY, policy

DAY = date(2026, 11, 18)
TODAY = day_number(DAY)
MIDNIGHT = datetime.combine(DAY, time(), UTC)
Days = dict[int, Tally]


def quiet(orders: int = 1000, defects: int = 3, days: int = 40) -> Days:
    """Many days at one steady rate before the day under test."""
    return {TODAY - back: Tally(defects, orders) for back in range(1, days)}


def fired(days: Mapping[int, Tally], high_risk: bool = False, profile: Policy = POLICY) -> tuple[str, ...]:
    return detect(days, DAY, profile, high_risk).triggers


def oracle(days: Mapping[int, Tally], high_risk: bool) -> tuple[str, ...]:
    """The table of domain.md §2 word by word, with fractions and plain loops."""

    def total(first: int, last: int) -> Tally:
        return sum((days.get(number, Tally()) for number in range(first, last + 1)), Tally())

    def over(tally: Tally, limit: Fraction) -> bool:
        return tally.odr is not None and tally.odr > limit

    def surge(window: int) -> bool:
        now, past = total(TODAY - window + 1, TODAY), total(TODAY - window - 29, TODAY - window)
        busy = sum(days.get(number, Tally()).orders > 0 for number in range(TODAY - window - 29, TODAY - window + 1))
        usual = Fraction(past.defects, past.orders) if past.defects and past.orders else None
        if usual is None and past.defects == 0:
            usual = Fraction(1, 2) / (past.orders + 1)
        return now.odr is not None and now.defects >= 2 and busy >= 7 and usual is not None and now.odr >= 3 * usual

    half, one = Fraction("0.005"), Fraction("0.010")
    answers = {
        "single_day": over(total(TODAY, TODAY), half if high_risk else one),
        "red": over(total(TODAY, TODAY), Fraction("0.012")),
        "streak": all(over(total(TODAY - back, TODAY - back), half) for back in range(3)),
        "surge": any(surge(window) for window in (1, 2, 3)),
        "rolling": over(total(TODAY - 29, TODAY), half if high_risk else one),
    }
    return tuple(name for name in POLICY.triggers.enabled if answers[name])


one_day = st.one_of(st.just(Tally()), st.builds(Tally, st.integers(0, 8), st.integers(0, 900)))
histories = st.lists(one_day, min_size=1, max_size=36).map(
    lambda tallies: {TODAY - back: tally for back, tally in enumerate(tallies)}
)


@settings(max_examples=400)
@given(histories, st.booleans())
def test_detect_agrees_with_the_table(days: Days, high_risk: bool) -> None:
    assert fired(days, high_risk) == oracle(days, high_risk)


@pytest.mark.parametrize(("defects", "expected_triggers"), [(10, ()), (11, ("single_day",)), (12, ("single_day",))])
def test_limits_are_strict(defects: int, expected_triggers: tuple[str, ...]) -> None:
    assert fired({**quiet(1000, 5), TODAY: Tally(defects, 1000)}) == expected_triggers


def test_red_is_above_one_point_two_percent() -> None:
    assert fired({**quiet(1000, 5), TODAY: Tally(13, 1000)}) == ("single_day", "red")


def test_high_risk_halves_the_limits() -> None:
    days = {**quiet(1000, 4), TODAY: Tally(6, 1000)}
    assert fired(days) == ()
    assert fired(days, high_risk=True) == ("single_day",)


def test_streak_needs_three_days_each_over() -> None:
    days = {**quiet(1000, 4), TODAY - 2: Tally(6, 1000), TODAY - 1: Tally(6, 1000), TODAY: Tally(6, 1000)}
    assert fired(days) == ("streak",)
    assert fired({**days, TODAY - 1: Tally(5, 1000)}) == ()
    assert fired({**days, TODAY - 1: Tally(6, 0)}) == ()


def test_surge_fires_at_exactly_three_times() -> None:
    days = quiet(1000, 2)
    assert fired({**days, TODAY: Tally(6, 1000)}) == ("surge",)
    assert fired({**days, TODAY: Tally(5, 1000)}) == ()


def test_surge_needs_two_defects_and_seven_days() -> None:
    few = {TODAY - back: Tally(0, 500) for back in range(1, 8)}
    assert fired({**few, TODAY: Tally(2, 500)}) == ("surge",)
    assert fired({**few, TODAY: Tally(1, 500)}) == ()
    assert fired({**{number: few[number] for number in list(few)[:6]}, TODAY: Tally(2, 500)}) == ()


def test_a_baseline_without_defects_is_half_a_defect() -> None:
    assert expected(Tally(0, 999)) == Fraction(1, 2000)
    assert expected(Tally(4, 1000)) == Fraction(4, 1000)


def test_rolling_is_pooled_not_an_average_of_days() -> None:
    days = {TODAY - 1: Tally(0, 2000), TODAY: Tally(1, 50)}
    assert "rolling" not in fired(days)
    assert fired({TODAY - 20: Tally(30, 1000), TODAY: Tally(0, 1000)}) == ("rolling",)


def test_defects_without_orders_have_no_daily_rate_but_count_in_windows() -> None:
    days = {**quiet(1000, 9), TODAY: Tally(40, 0)}
    assert fired(days) == ("surge", "rolling")
    assert detect(days, DAY, POLICY, False).measurement.daily.odr is None


def test_the_profile_decides_which_triggers_run_and_their_order() -> None:
    profile = policy("triggers", enabled=["red", "single_day"])
    assert fired({**quiet(), TODAY: Tally(50, 1000)}, profile=profile) == ("red", "single_day")


def test_confidence_is_a_label() -> None:
    confidence = detect({**quiet(1000, 4), TODAY: Tally(10, 1000)}, DAY, POLICY, False).confidence
    assert confidence.p_value is not None
    assert confidence.p_value == pytest.approx(0.008, abs=0.0005)
    assert not confidence.low_sample
    small = detect({TODAY: Tally(1, 99)}, DAY, POLICY, False).confidence
    assert (small.p_value, small.low_sample) == (None, True)
    assert not detect({TODAY: Tally(1, 100)}, DAY, POLICY, False).confidence.low_sample, "a hundred are enough"


def began(
    days: Days, order_hours: list[float], defect_hours: list[float], timed: bool = True, profile: Policy = POLICY
) -> tuple[Detection, Onset]:
    """Detection and onset of a day whose orders and defects come at these hours."""
    days = {**days, TODAY: Tally(len(defect_hours), len(order_hours))}
    found = detect(days, DAY, profile, False)
    made, hurt = (tuple(MIDNIGHT + timedelta(hours=hour) for hour in hours) for hours in (order_hours, defect_hours))
    return found, onset(found, DayEvents(made, hurt, timed), days, profile, False)


DAILY_ONLY = policy("triggers", enabled=["single_day"])


def test_onset_is_the_first_crossing() -> None:
    orders = [hour / 100 for hour in range(300)]
    found, start = began(quiet(100, 1), orders, [1.505, 2.0, 2.5, 2.75], profile=DAILY_ONLY)
    assert found.triggers == ("single_day",)
    assert start == Onset(MIDNIGHT + timedelta(hours=2.5), exact=True)


def test_onset_of_an_order_can_be_the_crossing() -> None:
    _, start = began(quiet(100, 1), [5.0, 6.0], [1.0], profile=DAILY_ONLY)
    assert start == Onset(MIDNIGHT + timedelta(hours=5), exact=True)


def test_onset_without_times_is_midnight_and_not_exact() -> None:
    assert began(quiet(), [1.0], [2.0], timed=False)[1] == Onset(MIDNIGHT, exact=False)
    by_order = policy("measuring", dated_by="order")
    assert began(quiet(), [1.0], [2.0], profile=by_order)[1] == Onset(MIDNIGHT, exact=False)


def test_what_is_over_already_begins_at_midnight() -> None:
    found, start = began({TODAY - 3: Tally(30, 1000)}, [3.0], [])
    assert "rolling" in found.triggers
    assert start == Onset(MIDNIGHT, exact=True)


def test_onset_lies_in_the_day_whatever_the_order_of_the_times() -> None:
    _, start = began(quiet(100, 0), [9.0, 3.0, 6.0], [20.0, 10.0])
    assert start == Onset(MIDNIGHT + timedelta(hours=10), exact=True)


@given(st.lists(st.floats(0, 23.9), min_size=1, max_size=40), st.lists(st.floats(0, 23.9), min_size=1, max_size=5))
def test_a_fired_trigger_is_over_at_its_onset(order_hours: list[float], defect_hours: list[float]) -> None:
    days = quiet(100, 0)
    found, start = began(days, order_hours, defect_hours)
    if not found.triggers:
        return
    assert MIDNIGHT <= start.at < MIDNIGHT + timedelta(days=1)
    until = [
        sum(MIDNIGHT + timedelta(hours=hour) <= start.at for hour in hours) for hours in (order_hours, defect_hours)
    ]
    assert set(fired({**days, TODAY: Tally(until[1], until[0])})) & set(found.triggers)


def test_scope_reaches_from_a_day_before_onset_to_the_end_of_the_day() -> None:
    start, end = scope(MIDNIGHT + timedelta(hours=5), DAY, POLICY)
    assert start == MIDNIGHT - timedelta(hours=19)
    assert end == MIDNIGHT + timedelta(days=1)


@pytest.mark.parametrize(
    ("previous", "triggers", "same"),
    [
        (("single_day", "red"), ("single_day",), True),
        (("single_day",), ("single_day", "streak"), False),
        ((), ("single_day",), False),
        (("rolling",), ("rolling",), True),
    ],
)
def test_episodes(previous: tuple[str, ...], triggers: tuple[str, ...], same: bool) -> None:
    assert continues(previous, triggers) is same
