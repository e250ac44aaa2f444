"""Whether a shop, a case and an order can be appealed at all (domain.md §3)."""

from datetime import datetime

from bot.domain.anomaly import scope
from bot.domain.case import Case, CaseOrder
from bot.domain.orders import Shop
from bot.domain.policy import Policy

POLICY_CHANGE = "policy_change"
"""The value of `Case.cause` for a change of platform policy, which is not accepted as a reason."""


def days_open(shop: Shop, now: datetime) -> int | None:
    """Whole days since the shop opened, by UTC date; None when the opening date is not known."""
    return None if shop.opened_on is None else (now.date() - shop.opened_on).days


def in_scope(order: CaseOrder, case: Case, policy: Policy) -> bool:
    """Whether the order's defect belongs to the anomaly (domain.md §3 `scope`): see `case_scope`."""
    start, end = case_scope(case, policy)
    return start <= order.occurred_at <= end


def case_scope(case: Case, policy: Policy) -> tuple[datetime, datetime]:
    """The UTC span, both ends included, from the hours before onset that the profile names to the deadline: while
    the condition persists, the same case takes in the defects of the following days (domain.md §2)."""
    return scope(case.onset, case.onset.date(), policy)[0], case.deadline
