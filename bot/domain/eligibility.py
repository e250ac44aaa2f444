"""Whether a shop, a case and an order can be appealed at all (domain.md §3)."""

from datetime import date, datetime

from bot.domain.anomaly import scope
from bot.domain.case import Case
from bot.domain.orders import Shop
from bot.domain.policy import Policy

POLICY_CHANGE = "policy_change"
"""The value of `Case.cause` for a change of platform policy, which is not accepted as a reason."""


def days_open(shop: Shop, now: datetime) -> int | None:
    """Whole days since the shop opened, by UTC date; None when the opening date is not known."""
    return None if shop.opened_on is None else (now.date() - shop.opened_on).days


def case_scope(case: Case, policy: Policy) -> tuple[datetime, datetime]:
    """The UTC span, end excluded, in which a defect belongs to the case's anomaly."""
    return scope(case.onset, date.fromisoformat(case.day), policy)
