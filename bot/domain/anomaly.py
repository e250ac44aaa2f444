"""The five triggers, and the confidence, onset and continuation of an anomaly (domain.md §2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from heapq import merge
from itertools import accumulate, groupby

from bot.domain.day_state import WHOLE, DayKnowledge, DayState, usual_orders
from bot.domain.odr import Measurement, Tally, day_number, measure, p_value, wilson95
from bot.domain.orders import DayEvents
from bot.domain.policy import Measuring, Policy, Triggers

_NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Confidence:
    """How well chance alone explains the day under test: a label, never a reason not to alert (domain.md §2).

    `p_value` is None when the day or its baseline has no orders to compare."""

    p_value: float | None
    wilson95: tuple[float, float]
    low_sample: bool


@dataclass(frozen=True)
class Detection:
    """The figures of a day and the triggers that fired, in the profile's order.

    `watched` are triggers that are over their limit so far but do not fire, because the day is not over.
    `without_unknown` has the figures as they are if no order of unknown status is valid; None when there are no
    such orders (domain.md §1a)."""

    measurement: Measurement
    triggers: tuple[str, ...]
    low_sample_orders: int
    watched: tuple[str, ...] = ()
    without_unknown: Measurement | None = None

    @cached_property
    def confidence(self) -> Confidence:
        """The confidence of this detection, computed when asked for: most days are quiet and nobody looks."""
        daily, baseline = self.measurement.daily, self.measurement.baseline
        comparable = daily.orders and baseline.orders
        chance = p_value(daily.defects, daily.orders, expected(baseline)) if comparable else None
        return Confidence(chance, wilson95(daily.defects, daily.orders), daily.orders < self.low_sample_orders)


def expected(baseline: Tally) -> Fraction:
    """The baseline's ODR as a ratio; without defects it is taken as 0.5 / (n + 1) (domain.md §2)."""
    if not baseline.defects:
        return Fraction(1, 2 * (baseline.orders + 1))
    return Fraction(baseline.defects, max(baseline.orders, 1))


@dataclass(frozen=True, slots=True)
class _Limit:
    """A ratio as two integers, with which counts are compared exactly by multiplication."""

    top: int
    bottom: int

    @classmethod
    def of(cls, ratio: Fraction | str) -> "_Limit":
        """The limit for a ratio that is given as a fraction or a decimal string."""
        exact = Fraction(ratio)
        return cls(exact.numerator, exact.denominator)

    def exceeded(self, defects: int, orders: int) -> bool:
        """Whether defects / orders is strictly greater than the limit; False without orders."""
        return orders > 0 and defects * self.bottom > orders * self.top


@dataclass(frozen=True, slots=True)
class _Limits:
    single_day: _Limit
    red: _Limit
    streak: _Limit
    rolling: _Limit
    surge: _Limit


# Keyed by the parts that matter: a whole profile holds a dict and cannot be hashed.
@lru_cache(maxsize=16)
def _limits(triggers: Triggers, measuring: Measuring, high_risk: bool) -> _Limits:
    return _Limits(
        _Limit.of(triggers.single_day_high_risk if high_risk else triggers.single_day),
        _Limit.of(triggers.red),
        _Limit.of(triggers.streak),
        _Limit.of(measuring.requirement_high_risk if high_risk else measuring.requirement),
        _Limit.of(triggers.surge_factor),
    )


class _Past:
    """The counts of the days before the day under test. Each trigger's method answers whether it fires for given
    counts of the day itself (domain.md §2)."""

    def __init__(self, days: Mapping[int, Tally], today: int, policy: Policy, high_risk: bool) -> None:
        self.policy = policy.triggers
        self.limits = _limits(policy.triggers, policy.measuring, high_risk)
        self.baseline_days, self.rolling_days = policy.measuring.baseline_days, policy.measuring.rolling_days
        reach = max(max(self.policy.surge_windows_days) - 1 + self.baseline_days, self.rolling_days)
        past = [days.get(number) for number in range(today - 1, today - 1 - reach, -1)]
        # Running sums from yesterday backwards: [k] holds the k days before the day under test.
        self.defects = [0, *accumulate(tally.defects if tally else 0 for tally in past)]
        self.orders = [0, *accumulate(tally.orders if tally else 0 for tally in past)]

    def single_day(self, defects: int, orders: int) -> bool:
        """Whether the day's ODR is over the limit of `single_day`."""
        return self.limits.single_day.exceeded(defects, orders)

    def red(self, defects: int, orders: int) -> bool:
        """Whether the day's ODR is over the limit of `red`."""
        return self.limits.red.exceeded(defects, orders)

    def streak(self, defects: int, orders: int) -> bool:
        """Whether this day and the days before it are each over the limit of `streak`; a day without orders breaks
        the row."""
        limit = self.limits.streak
        return limit.exceeded(defects, orders) and all(
            limit.exceeded(self.defects[k + 1] - self.defects[k], self.orders[k + 1] - self.orders[k])
            for k in range(self.policy.streak_days - 1)
        )

    def rolling(self, defects: int, orders: int) -> bool:
        """Whether the pooled ODR of the window that ends with this day is over the requirement."""
        earlier = self.rolling_days - 1
        return self.limits.rolling.exceeded(self.defects[earlier] + defects, self.orders[earlier] + orders)

    def surge(self, defects: int, orders: int) -> bool:
        """Whether the last 1, 2 or 3 days are far above their baseline."""
        return any(self._surges(days - 1, defects, orders) for days in self.policy.surge_windows_days)

    def _surges(self, earlier: int, defects: int, orders: int) -> bool:
        """Whether `surge` fires for the window of the day under test and `earlier` days before it, against the
        baseline of the days before that window."""
        defects, orders = defects + self.defects[earlier], orders + self.orders[earlier]
        if defects < self.policy.surge_min_defects or not orders:
            return False
        last = earlier + self.baseline_days
        past_defects = self.defects[last] - self.defects[earlier]
        past_orders = self.orders[last] - self.orders[earlier]
        # Baseline top / bottom; without defects 0.5 / (n + 1).
        top, bottom = (past_defects, past_orders) if past_defects else (1, 2 * (past_orders + 1))
        factor = self.limits.surge
        return (
            defects * bottom * factor.bottom >= factor.top * top * orders
            and self._days_with_orders(earlier, last) >= self.policy.surge_min_baseline_days
        )

    def _days_with_orders(self, first: int, last: int) -> int:
        return sum(self.orders[k + 1] > self.orders[k] for k in range(first, last))


def readings(days: Mapping[int, Tally]) -> list[Mapping[int, Tally]]:
    """The counts under each reading of orders of unknown status: all of them valid, or none (domain.md §1a)."""
    if not any(tally.unknown for tally in days.values()):
        return [days]
    return [days, {number: tally.without_unknown() for number, tally in days.items()}]


def detect(
    days: Mapping[int, Tally], day: date, policy: Policy, high_risk: bool, known: DayKnowledge = WHOLE
) -> Detection:
    """Measure one UTC day and test the profile's triggers (domain.md §2), exactly, on tallies by day number.

    A trigger fires if it does under either reading of orders of unknown status. While orders may go on, a trigger
    fires only if it does against the larger of the orders so far and the usual whole day; without data none does
    (domain.md §1a).
    """
    read = readings(days)
    measured = [measure(each, day, policy, high_risk) for each in read]
    so_far = _fired(read, day, policy, high_risk, 0)
    fired = so_far
    if known.state is DayState.NO_DATA:
        so_far = fired = frozenset()
    elif so_far and not known.orders_whole and known.state is not DayState.UNMEASURABLE:
        usual = usual_orders(days, day_number(day), policy.measuring.usual_days)
        fired = _fired(read, day, policy, high_risk, usual)
    names = policy.triggers.enabled
    return Detection(
        measured[0],
        tuple(name for name in names if name in fired),
        policy.triggers.low_sample_orders,
        tuple(name for name in names if name in so_far - fired),
        measured[1] if len(measured) > 1 else None,
    )


def _fired(
    read: Sequence[Mapping[int, Tally]], day: date, policy: Policy, high_risk: bool, usual: int
) -> frozenset[str]:
    """The triggers that are over their limit under any reading, if the day has at least `usual` orders."""
    number, found = day_number(day), set()
    for days in read:
        past, daily = _Past(days, number, policy, high_risk), days.get(number, _NOTHING)
        orders = max(daily.orders, usual)
        found |= {name for name in policy.triggers.enabled if getattr(past, name)(daily.defects, orders)}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Onset:
    """When the anomaly began, UTC. When it is not `exact`, it is the earliest that it can have been: 00:00 of the
    day."""

    at: datetime
    exact: bool


def onset(
    detection: Detection, events: DayEvents, days: Mapping[int, Tally], policy: Policy, high_risk: bool
) -> Onset:
    """The first instant at which a fired trigger was over its limit (domain.md §2).

    `events` are those of the day under test, defects counted as the profile counts them. Each trigger is tried with
    the day's counts so far, under each reading of the orders of unknown status; over at 00:00 already means 00:00. A
    few early orders make a rate jump, so this tends to be early, which is the safe side: the deadline comes sooner.
    Without times of day for the defects (or with defects dated by their order) it is 00:00, not exact.
    """
    own = (_own(detection, read, policy, high_risk) for read in readings(days))
    carried = any(len(tests) < len(detection.triggers) for tests in own)
    if carried and _tells_times(events, policy):
        return Onset(_midnight(detection), exact=True)
    found = crossing(detection, events, days, policy, high_risk)
    return found or Onset(_midnight(detection), exact=False)


def crossing(
    detection: Detection, events: DayEvents, days: Mapping[int, Tally], policy: Policy, high_risk: bool
) -> Onset | None:
    """The instant of the day at which a trigger crossed its limit that was not over it when the day began, under
    the reading of unknown statuses in which that was earlier. The arguments are those of `onset`. None when the
    earlier days alone keep every fired trigger over its limit (domain.md §2)."""
    read = readings(days)
    tests = [list(_own(detection, each, policy, high_risk).values()) for each in read]
    if not any(tests):
        return None
    orders = [[*events.orders, *events.unknown], events.orders]
    tried = zip(tests, orders, strict=False) if _tells_times(events, policy) else ()
    found = [at for own, made in tried if (at := _first_over(own, made, events.defects))]
    return Onset(min(found), exact=True) if found else Onset(_midnight(detection), exact=False)


def _own(
    detection: Detection, days: Mapping[int, Tally], policy: Policy, high_risk: bool
) -> dict[str, Callable[[int, int], bool]]:
    """The fired triggers that were not over their limit before the day's first order and defect."""
    past = _Past(days, day_number(detection.measurement.day), policy, high_risk)
    return {name: test for name in detection.triggers if not (test := getattr(past, name))(0, 0)}


def _midnight(detection: Detection) -> datetime:
    return datetime.combine(detection.measurement.day, time(), UTC)


def _tells_times(events: DayEvents, policy: Policy) -> bool:
    return events.timed and policy.measuring.dated_by == "event"


def _first_over(
    tests: Sequence[Callable[[int, int], bool]], order_times: Sequence[datetime], defect_times: Sequence[datetime]
) -> datetime | None:
    """The first instant at which one of the tests is over its limit with the day's (defects, orders) so far."""
    defects = orders = 0
    events = merge(((at, 0) for at in sorted(order_times)), ((at, 1) for at in sorted(defect_times)))
    for at, group in groupby(events, key=lambda event: event[0]):
        kinds = [kind for _, kind in group]
        defects, orders = defects + sum(kinds), orders + len(kinds) - sum(kinds)
        if any(test(defects, orders) for test in tests):
            crossed: datetime = at.astimezone(UTC)
            return crossed
    return None


def scope(began: datetime, day: date, policy: Policy) -> tuple[datetime, datetime]:
    """The UTC span, end excluded, whose defects are suggested: 24 h before onset to the end of the UTC `day`."""
    end = datetime.combine(day, time(), UTC) + timedelta(days=1)
    return began - timedelta(hours=policy.triggers.scope_hours_before_onset), end


def continues(previous: Sequence[str], triggers: Sequence[str]) -> bool:
    """Whether the anomaly is a continuation of the preceding checked day's: nothing fires that did not fire then."""
    return bool(previous) and set(triggers) <= set(previous)
