import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outlook import outlook, quantile, regularized_beta
from tests.domain.profile import POLICY


@pytest.mark.parametrize(
    ("x", "a", "b", "share"),
    [
        (0.5, 2, 2, 0.5),
        (0.25, 1, 1, 0.25),
        (0.3, 1, 3, 1 - 0.7**3),
        (0.6, 4, 1, 0.6**4),
        (0.5, 0.5, 0.5, 0.5),
        # Binomial identity: I_p(k, n - k + 1) = P(X >= k); P(X >= 3 | 10, 0.2) = 0.3222004736.
        (0.2, 3, 8, 0.3222004736),
        (0, 2, 3, 0),
        (1, 2, 3, 1),
    ],
)
def test_known_values(x: float, a: float, b: float, share: float) -> None:
    assert regularized_beta(x, a, b) == pytest.approx(share, abs=1e-10)


@given(st.floats(0.5, 500), st.floats(0.5, 500), st.floats(0.01, 0.99))
def test_quantile_inverts_the_function(a: float, b: float, share: float) -> None:
    assert regularized_beta(quantile(share, a, b), a, b) == pytest.approx(share, abs=1e-8)


def test_without_outcomes_the_prior_speaks() -> None:
    found = outlook(POLICY, 0, 0)
    assert found.mean == pytest.approx(0.417)
    assert found.n == 0
    assert found.low < 0.417 < found.high


def test_outcomes_move_and_narrow_it() -> None:
    prior, after = outlook(POLICY, 0, 0), outlook(POLICY, 60, 20)
    assert after.mean > prior.mean
    assert after.high - after.low < prior.high - prior.low
    assert after.n == 80


def test_the_interval_holds_what_it_says() -> None:
    found = outlook(POLICY, 7, 3, 0.9)
    a, b = 0.417 * POLICY.form.prior_weight + 7, 0.583 * POLICY.form.prior_weight + 3
    assert found.mean == pytest.approx(a / (a + b)) and (found.level, found.n) == (0.9, 10)
    assert regularized_beta(found.low, a, b) == pytest.approx(0.05)
    assert regularized_beta(found.high, a, b) == pytest.approx(0.95)
    assert outlook(POLICY, 7, 3).level == 0.8


def test_a_higher_level_is_wider() -> None:
    assert outlook(POLICY, 5, 5, 0.95).low < outlook(POLICY, 5, 5, 0.8).low
