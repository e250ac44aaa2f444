"""The ends of what may be appealed, both included."""

from datetime import date, timedelta

import pytest

from bot.domain.eligibility import case_scope, days_open, in_scope
from tests.domain.profile import POLICY
from tests.rules.build import NOW, ONSET, SHOP, case_order, context

CASE = context().case
START, END = ONSET - timedelta(hours=24), CASE.deadline
SECOND = timedelta(seconds=1)


def test_the_scope_reaches_from_a_day_before_the_onset_to_the_deadline() -> None:
    assert case_scope(CASE, POLICY) == (START, END)


@pytest.mark.parametrize(
    ("at", "inside"), [(START - SECOND, False), (START, True), (END, True), (END + SECOND, False)]
)
def test_a_defect_at_either_end_of_the_scope_belongs_to_it(at, inside: bool) -> None:
    assert in_scope(case_order(occurred_at=at), CASE, POLICY) is inside


def test_days_since_the_opening_are_counted_by_utc_date() -> None:
    assert SHOP.opened_on == date(2024, 1, 1) and days_open(SHOP, NOW) == (NOW.date() - date(2024, 1, 1)).days
