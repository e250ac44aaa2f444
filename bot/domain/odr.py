"""Order defect rate: exact arithmetic on counts of orders and defects per UTC day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import exp, lgamma, log, log1p, sqrt

from bot.domain.policy import Policy

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one or more days: defects (A + B + C), orders that are valid or may be, distinct orders with any
    defect.

    `unknown` of the orders have a status that nobody has explained yet (domain.md §1a): the true number of valid
    orders lies between `orders - unknown` and `orders`."""

    defects: int = 0
    orders: int = 0
    defective_orders: int = 0
    unknown: int = 0

    @property
    def odr(self) -> Fraction | None:
        """Defects / orders as an exact ratio; None without orders (domain.md §1)."""
        return Fraction(self.defects, self.orders) if self.orders else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.defects + other.defects,
            self.orders + other.orders,
            self.defective_orders + other.defective_orders,
            self.unknown + other.unknown,
        )

    def without_unknown(self) -> "Tally":
        """The counts if no order of unknown status is valid."""
        return replace(self, orders=self.orders - self.unknown, unknown=0)

    def per_order(self) -> "Tally":
        """The counts with every defective order counted once (domain.md §1)."""
        return replace(self, defects=self.defective_orders)


def counted(tally: Tally, policy: Policy) -> Tally:
    """Apply the profile's `measuring.count` to raw counts (domain.md §1); done once, where tallies are read."""
    return tally.per_order() if policy.measuring.count == "per_order" else tally


def day_number(day: date) -> int:
    """The number of UTC days from 1970-01-01 to `day`."""
    return day.toordinal() - _EPOCH_ORDINAL


def day_of(number: int) -> date:
    """The UTC day with that day number."""
    return date.fromordinal(_EPOCH_ORDINAL + number)


def pooled(days: Mapping[int, Tally], first: int, last: int) -> Tally:
    """Summed counts of the days `first` to `last`, both included; days without an entry count as empty."""
    # A plain loop: this runs for every shop of the daily check.
    defects = orders = defective_orders = unknown = 0
    for number in range(first, last + 1):
        if (tally := days.get(number)) is not None:
            defects += tally.defects
            orders += tally.orders
            defective_orders += tally.defective_orders
            unknown += tally.unknown
    return Tally(defects, orders, defective_orders, unknown)


def exclusions_to_safety(tally: Tally, requirement: Fraction) -> int:
    """The least number of defect orders whose exclusion brings the ODR to `requirement` or under.

    ceil((d - n t) / (1 - t)), 0 if already there (domain.md §1). Each exclusion takes one order and one
    defect; an order with two defects helps more than this promises.
    """
    over = tally.defects * requirement.denominator - tally.orders * requirement.numerator
    if over <= 0:
        return 0
    return -(-over // (requirement.denominator - requirement.numerator))


def six_places(odr: Fraction | None) -> str | None:
    """The ratio as a decimal string with six places, rounded half up; None stays None."""
    if odr is None:
        return None
    millionths = (2_000_000 * odr.numerator + odr.denominator) // (2 * odr.denominator)
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"


def wilson95(defects: int, orders: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of the ratio (domain.md §2); (0, 1) without orders.

    More defects than orders, possible when an order has several, is read as every order defective.
    """
    if orders <= 0:
        return 0.0, 1.0
    share = min(defects, orders) / orders
    widened = 1 + _Z95**2 / orders
    middle = (share + _Z95**2 / (2 * orders)) / widened
    half = _Z95 * sqrt(share * (1 - share) / orders + _Z95**2 / (4 * orders**2)) / widened
    return max(0.0, middle - half), min(1.0, middle + half)


def p_value(defects: int, orders: int, baseline: Fraction) -> float:
    """Exact one-sided binomial test: the chance of `defects` or more among `orders` at the rate `baseline`.

    Domain.md §2. The tail is summed on the side away from the mean, so it stays accurate and short
    for a million orders.
    """
    least, rate = min(defects, orders), float(baseline)
    if least <= 0 or rate >= 1:
        return 1.0
    if rate <= 0:
        return 0.0
    if least > orders * rate:
        return min(1.0, _tail(least, orders, rate, 1))
    return max(0.0, 1.0 - _tail(least - 1, orders, rate, -1))


def _tail(start: int, orders: int, rate: float, step: int) -> float:
    """The binomial probabilities from `start` away from the mean, until they no longer matter."""
    count, odds = start, rate / (1 - rate)
    ways = lgamma(orders + 1) - lgamma(count + 1) - lgamma(orders - count + 1)
    term = exp(ways + count * log(rate) + (orders - count) * log1p(-rate))
    total = 0.0
    while term > total * 1e-17:
        total += term
        if step > 0:
            term *= (orders - count) / (count + 1) * odds
        else:
            term *= count / (orders - count + 1) / odds
        count += step
    return total


@dataclass(frozen=True, slots=True)
class Measurement:
    """One shop's figures for one UTC day (domain.md §1); `baseline` leaves the day itself out."""

    day: date
    daily: Tally
    rolling: Tally
    baseline: Tally
    requirement: Fraction
    exclusions_to_safety: int


def measure(days: Mapping[int, Tally], day: date, policy: Policy, high_risk: bool) -> Measurement:
    """Measure one UTC day from tallies by day number (see `day_number`, `counted`)."""
    today, requirement = day_number(day), policy.requirement(high_risk)
    rolling_days, baseline_days = policy.measuring.rolling_days, policy.measuring.baseline_days
    daily, common = days.get(today, Tally()), min(rolling_days - 1, baseline_days)
    # Both windows share most of their days, so those are summed once.
    shared = pooled(days, today - common, today - 1)
    rolling = shared + pooled(days, today - rolling_days + 1, today - common - 1) + daily
    baseline = shared + pooled(days, today - baseline_days, today - common - 1)
    return Measurement(day, daily, rolling, baseline, requirement, exclusions_to_safety(rolling, requirement))
