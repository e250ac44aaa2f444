"""The appeal case: its orders, its life cycle and its legal transitions."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.orders import DefectType


class CaseStatus(StrEnum):
    """Stored states of a case; `ready` and `overdue` are derived, not stored."""

    OPEN = "open"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    EXPIRED = "expired"


class AppealStatus(StrEnum):
    """States of one order's appeal, named after the platform's notices (domain.md §6)."""

    NONE = "none"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    EXCLUDED = "excluded"
    REJECTED = "rejected"


DECIDED = (AppealStatus.EXCLUDED, AppealStatus.REJECTED)

CASE_TRANSITIONS: dict[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.SUBMITTED, CaseStatus.DISMISSED, CaseStatus.EXPIRED}),
    CaseStatus.SUBMITTED: frozenset({CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.SUBMITTED}),
    CaseStatus.DISMISSED: frozenset({CaseStatus.OPEN}),
    # Only when the clock was wrong: the window that seemed closed is open.
    CaseStatus.EXPIRED: frozenset({CaseStatus.OPEN}),
}

APPEAL_TRANSITIONS: dict[AppealStatus, frozenset[AppealStatus]] = {
    AppealStatus.NONE: frozenset({AppealStatus.SUBMITTED}),
    AppealStatus.SUBMITTED: frozenset({AppealStatus.RECEIVED, AppealStatus.EXCLUDED, AppealStatus.REJECTED}),
    AppealStatus.RECEIVED: frozenset({AppealStatus.EXCLUDED, AppealStatus.REJECTED}),
    AppealStatus.EXCLUDED: frozenset(),
    AppealStatus.REJECTED: frozenset({AppealStatus.SUBMITTED}),
}


class IllegalTransition(ValueError):
    """A state change that the life cycle does not allow; carries both states."""

    def __init__(self, now: StrEnum, wanted: StrEnum) -> None:
        super().__init__(f"{now.value} -> {wanted.value}")
        self.now, self.wanted = now, wanted


@dataclass
class CaseOrder:
    """One defect order inside a case; `skipped` orders stay listed but are not appealed. `certificate_asked_at` is
    when a person last asked the carrier for a delay certificate."""

    case_id: str
    order_id: str
    defect_types: list[DefectType]
    occurred_at: datetime
    scenario: str = ""
    scenario_by: str = ""
    root_cause: str = ""
    draft: str = ""
    draft_by: str = ""
    skipped: bool = False
    appeal: AppealStatus = AppealStatus.NONE
    appeal_at: datetime | None = None
    rejection_code: str = ""
    resubmit_allowed: bool = False
    text: str = ""
    certificate_asked_at: datetime | None = None

    def move(self, wanted: AppealStatus, at: datetime) -> None:
        """Change the appeal's state; raises IllegalTransition. A rejected order may be submitted
        again only after the platform's notice (`resubmit_allowed`, domain.md §3 `once`)."""
        blocked = self.appeal is AppealStatus.REJECTED and not self.resubmit_allowed
        if wanted not in APPEAL_TRANSITIONS[self.appeal] or blocked:
            raise IllegalTransition(self.appeal, wanted)
        self.appeal, self.appeal_at, self.resubmit_allowed = wanted, at, False

    def may_be(self, outcome: AppealStatus) -> bool:
        """Whether that outcome can be recorded: for an order that was submitted, or in place of an outcome
        recorded before."""
        return self.appeal in DECIDED or outcome is self.appeal or outcome in APPEAL_TRANSITIONS[self.appeal]

    def record(self, outcome: AppealStatus, at: datetime, code: str = "") -> None:
        """Record the platform's outcome, or correct the one recorded before; a code stays until another one is
        given."""
        again = outcome is self.appeal
        kept = code or (self.rejection_code if again else "")
        self.rejection_code = kept if outcome is AppealStatus.REJECTED else ""
        if not again:
            self.appeal, self.appeal_at, self.resubmit_allowed = outcome, at, False


@dataclass
class Case:
    """The work opened from one anomaly. Times are UTC; `version` counts changes, so that a button of an outdated
    card changes nothing.

    `deadline_by` is the person who read the deadline in Seller Center, which wins over every computed one; ""
    while the deadline follows from the onset. `onset_found` is where the data put the onset now, when the deadline
    does not follow it; `crosses` is False when the data cross no limit any more (domain.md §1a). `earlier_case` is
    the shop's case before it."""

    id: str
    shop: str
    opened_at: datetime
    onset: datetime
    onset_exact: bool
    deadline: datetime
    day: str
    triggers: list[str]
    status: CaseStatus = CaseStatus.OPEN
    owner: str = ""
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    cause: str = ""
    hold: bool = False
    version: int = 1
    deadline_by: str = ""
    onset_found: datetime | None = None
    onset_found_exact: bool = False
    crosses: bool = True
    earlier_case: str = ""
    orders: list[CaseOrder] = field(default_factory=list)

    def move(self, wanted: CaseStatus, at: datetime, reason: str = "") -> None:
        """Change the case's state; raises IllegalTransition. An expired case opens again only in its window."""
        closed = self.status is CaseStatus.EXPIRED and not self.window_open(at)
        if wanted not in CASE_TRANSITIONS[self.status] or closed:
            raise IllegalTransition(self.status, wanted)
        self.status, self.reason = wanted, reason or self.reason
        self.closed_at = None if wanted in (CaseStatus.OPEN, CaseStatus.SUBMITTED) else at

    def settle(self) -> None:
        """Bring the case's state in line with its orders after one of their acts was undone: a submitted case has
        nothing left to submit, a closed one nothing left to wait for."""
        unsubmitted = any(order.appeal is AppealStatus.NONE for order in self.appealed)
        waiting = any(order.appeal not in DECIDED for order in self.appealed)
        if self.status in (CaseStatus.SUBMITTED, CaseStatus.CLOSED) and waiting:
            self.status, self.closed_at = CaseStatus.OPEN if unsubmitted else CaseStatus.SUBMITTED, None

    @property
    def active(self) -> bool:
        """Whether the case is open or waits for results."""
        return self.status in (CaseStatus.OPEN, CaseStatus.SUBMITTED)

    @property
    def to_do(self) -> list[CaseOrder]:
        """The orders that a person still has to submit: those of an open case that are not submitted, and rejected
        ones that the platform's notice allows again. When there are none, the case asks for nothing (domain.md
        §8)."""
        is_open = self.status is CaseStatus.OPEN
        return [
            order
            for order in self.appealed
            if order.resubmit_allowed or (is_open and order.appeal is AppealStatus.NONE)
        ]

    @property
    def takes_work(self) -> bool:
        """Whether evidence and explanations may still change: the case is open, or one of its orders may be
        appealed again."""
        return self.status is CaseStatus.OPEN or bool(self.to_do)

    def window_open(self, now: datetime) -> bool:
        """Whether the platform's entry still takes submissions: now <= deadline (domain.md §3 `window`)."""
        return now <= self.deadline

    def order(self, order_id: str) -> CaseOrder | None:
        """The case order with that id, or None."""
        return next((order for order in self.orders if order.order_id == order_id), None)

    @property
    def defects(self) -> set[DefectType]:
        """The types of defect that the appealed orders have."""
        return {kind for order in self.appealed for kind in order.defect_types}

    @property
    def appealed(self) -> list[CaseOrder]:
        """The orders that the team appeals: all that are not skipped."""
        return [order for order in self.orders if not order.skipped]


@dataclass
class TimelineEvent:
    """One event of a case's timeline: who did what, when, by which message."""

    case_id: str
    at: datetime
    who: str
    what: str
    params: dict[str, str] = field(default_factory=dict)
    message_id: str = ""
    id: int | None = None


def exclusions(before: Case, after: Case) -> list[CaseOrder]:
    """The orders that were excluded from the statistic, or came back into it, between two states of a case
    (domain.md §1)."""
    out = {order.order_id for order in before.orders if order.appeal is AppealStatus.EXCLUDED}
    return [order for order in after.orders if (order.appeal is AppealStatus.EXCLUDED) is (order.order_id not in out)]
