"""What cases are looked for, as conditions and an order of rows."""

import sqlalchemy as sa

from bot.domain.case import CaseStatus
from bot.ports.cases import CaseQuery, CaseSorting
from bot.store.tables import case_orders, cases, evidence, orders, shops

_RUNNING = sa.case(
    (cases.c.status == CaseStatus.OPEN.value, 0), (cases.c.status == CaseStatus.SUBMITTED.value, 1), else_=2
)
_NAME = sa.select(shops.c.name).where(shops.c.id == cases.c.shop).scalar_subquery()
_SORTINGS: dict[CaseSorting, tuple[sa.ColumnElement[object], ...]] = {
    CaseSorting.URGENT: (
        _RUNNING,
        sa.case((_RUNNING < 2, cases.c.deadline)),
        sa.case((_RUNNING == 2, cases.c.deadline)).desc(),
    ),
    CaseSorting.NEWEST: (cases.c.id.desc(),),
    CaseSorting.SHOP: (sa.func.lower(_NAME), _RUNNING, cases.c.deadline),
    CaseSorting.OWNER: (cases.c.owner, _RUNNING, cases.c.deadline),
}


def sorted_by(sorting: CaseSorting) -> tuple[sa.ColumnElement[object], ...]:
    """The columns of that order; the case's number decides between equals."""
    return (*_SORTINGS[sorting], cases.c.id)


def wanted(query: CaseQuery) -> sa.ColumnElement[bool]:
    """The condition that a case is looked for."""
    conditions = [
        cases.c.shop.in_(query.shops),
        cases.c.status.in_([each.value for each in query.statuses]) if query.statuses else sa.true(),
        sa.true() if query.owner is None else cases.c.owner == query.owner,
        cases.c.owner != query.not_of if query.not_of else sa.true(),
        sa.true() if query.since is None else cases.c.deadline >= query.since,
        sa.true() if query.before is None else cases.c.deadline < query.before,
        _has_evidence() if query.with_evidence else sa.true(),
        _says(query) if query.words else sa.true(),
    ]
    return sa.and_(*conditions)


def _has_evidence() -> sa.ColumnElement[bool]:
    return sa.exists().where(evidence.c.case_id == cases.c.id, evidence.c.withdrawn_at.is_(None))


def _says(query: CaseQuery) -> sa.ColumnElement[bool]:
    """The condition on the words; letters of either case fit."""
    words = query.words.upper()
    own = sa.select(case_orders.c.case_id).where(
        sa.func.upper(case_orders.c.order_id).contains(words, autoescape=True)
    )
    sent = (
        sa.select(case_orders.c.case_id)
        .join(cases, cases.c.id == case_orders.c.case_id)
        .join(orders, (orders.c.shop == cases.c.shop) & (orders.c.id == case_orders.c.order_id))
        .where(sa.func.upper(orders.c.tracking_number).contains(words, autoescape=True))
    )
    number = int(words[1:]) if words[:1] == "C" and words[1:].isdecimal() and len(words) < 12 else -1
    return sa.or_(cases.c.id == number, cases.c.shop.in_(query.named), cases.c.id.in_(own), cases.c.id.in_(sent))
