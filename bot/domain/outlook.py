"""Pass-rate outlook: a Beta prior updated with the team's own outcomes (domain.md §6); never a promise."""

from dataclasses import dataclass
from math import exp, lgamma, log, log1p

from bot.domain.policy import Policy

_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Outlook:
    """The interval in which the pass rate probably lies, as ratios; `n` is the number of own outcomes behind it."""

    low: float
    mean: float
    high: float
    level: float
    n: int


def outlook(policy: Policy, excluded: int, rejected: int, level: float = 0.8) -> Outlook:
    """The central interval that holds the pass rate with probability `level` (0 < level < 1).

    The prior has the mean `prior_pass_rate` and the weight of `prior_weight` outcomes; domain.md §6.
    """
    prior, weight = float(policy.form.prior_pass_rate), policy.form.prior_weight
    a, b = prior * weight + excluded, (1 - prior) * weight + rejected
    tail = (1 - level) / 2
    return Outlook(quantile(tail, a, b), a / (a + b), quantile(1 - tail, a, b), level, excluded + rejected)


def quantile(share: float, a: float, b: float) -> float:
    """The x in 0..1 below which the share `share` of a Beta(a, b) distribution lies, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if regularized_beta(middle, a, b) < share else (low, middle)
    return (low + high) / 2


def regularized_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for a, b > 0 and x in 0..1."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    # The continued fraction converges quickly left of the mean only; the function is symmetric.
    if x > (a + 1) / (a + b + 2):
        return 1 - regularized_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method (NIST DLMF 8.17.22)."""
    value, above, below = 1.0, 1.0, 0.0
    for step in range(1, 500):
        term = _term(step, x, a, b)
        below = 1 / ((1 + term * below) or _TINY)
        above = (1 + term / above) or _TINY
        value *= above * below
        if abs(above * below - 1) < 1e-15:
            break
    return value


def _term(step: int, x: float, a: float, b: float) -> float:
    """The coefficient number `step` of the continued fraction of `_fraction`."""
    m, odd = divmod(step, 2)
    if odd:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
