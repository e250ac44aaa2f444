"""The arithmetic of domain.md once more, written from the text in plain Python: what the program must agree with."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, comb, sqrt

Counts = Mapping[date, tuple[int, int]]
"""Orders and defects by UTC day."""


def pool(counts: Counts, last: date, days: int) -> tuple[int, int]:
    """Orders and defects of the `days` days that end with `last`."""
    window = [counts.get(last - timedelta(days=back), (0, 0)) for back in range(days)]
    return sum(orders for orders, _ in window), sum(defects for _, defects in window)


def rate(orders: int, defects: int) -> Fraction:
    return Fraction(defects, orders) if orders else Fraction(0)


def baseline_rate(counts: Counts, before: date) -> Fraction:
    """The 30 days before a day; without defects 0.5 / (n + 1)."""
    orders, defects = pool(counts, before - timedelta(days=1), 30)
    return Fraction(defects, orders) if defects else Fraction(1, 2) / (orders + 1)


def surges(counts: Counts, day: date, window: int) -> bool:
    first = day - timedelta(days=window - 1)
    orders, defects = pool(counts, day, window)
    with_orders = sum(counts.get(first - timedelta(days=back), (0, 0))[0] > 0 for back in range(1, 31))
    if defects < 2 or not orders or with_orders < 7:
        return False
    return rate(orders, defects) >= 3 * baseline_rate(counts, first)


def triggers(counts: Counts, day: date, high_risk: bool) -> list[str]:
    """The triggers of domain.md §2 that fire, in its order."""
    daily = rate(*counts.get(day, (0, 0)))
    last_three = [rate(*counts.get(day - timedelta(days=back), (0, 0))) for back in range(3)]
    rolling = rate(*pool(counts, day, 30))
    limit = Fraction(5 if high_risk else 10, 1000)
    fired = {
        "single_day": daily > limit,
        "red": daily > Fraction(12, 1000),
        "streak": all(each > Fraction(5, 1000) for each in last_three),
        "surge": any(surges(counts, day, window) for window in (1, 2, 3)),
        "rolling": rolling > limit,
    }
    return [name for name, is_fired in fired.items() if is_fired]


def exclusions_to_safety(orders: int, defects: int, requirement: Fraction) -> int:
    return max(0, ceil((defects - orders * requirement) / (1 - requirement)))


def six_places(orders: int, defects: int) -> str | None:
    """Half up, by long division."""
    if not orders:
        return None
    millionths, left = divmod(defects * 10**6, orders)
    millionths += 2 * left >= orders
    return f"{millionths / 10**6:.6f}"


def chance(orders: int, defects: int, at: Fraction) -> float:
    """The exact one-sided binomial tail, in fractions."""
    below = sum(comb(orders, k) * at**k * (1 - at) ** (orders - k) for k in range(min(defects, orders)))
    return float(1 - below)


def wilson(orders: int, defects: int) -> tuple[float, float]:
    """The two p for which (share - p)² = z² p (1 - p) / n."""
    z2, share = 1.959963984540054**2, defects / orders
    a, b, c = 1 + z2 / orders, -(2 * share + z2 / orders), share**2
    root = sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)
