"""Rules on whether the case and its orders can be appealed at all (domain.md §3)."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.case import AppealStatus, CaseOrder
from bot.domain.context import CaseContext
from bot.domain.eligibility import POLICY_CHANGE, case_scope, days_open, in_scope
from bot.rules.registry import Answer, case_rule, fault, info, order_rule, unsure


@case_rule("site", closed="site sites proposals")
def site(context: CaseContext) -> Iterator[Answer]:
    """The shop is on a site that has the appeal (domain.md §3 `site`)."""
    if context.shop.site not in context.policy.sites:
        yield fault("closed", site=context.shop.site, sites=context.policy.sites, proposals=context.proposals)


@case_rule("shop_age", unknown="required", young="days required from_day proposals")
def shop_age(context: CaseContext) -> Iterator[Answer]:
    """The shop has been open for the profile's number of days, by UTC date (domain.md §3 `shop_age`)."""
    required, opened_on = context.policy.shop_age_days, context.shop.opened_on
    days = days_open(context.shop, context.now)
    if days is None or opened_on is None:
        yield unsure("unknown", required=required)
    elif days < required:
        from_day = opened_on + timedelta(days=required)
        yield fault("young", days=days, required=required, from_day=from_day, proposals=context.proposals)


@case_rule("entity", foreign="entity", inactive="shop", unknown="shop")
def entity(context: CaseContext) -> Iterator[Answer]:
    """The shop is registered by a Chinese entity and active (domain.md §3 `entity`)."""
    if not context.shop.entity:
        yield unsure("unknown", shop=context.shop.name)
    elif context.shop.entity not in context.policy.entities:
        yield fault("foreign", entity=context.shop.entity)
    if not context.shop.active:
        yield fault("inactive", shop=context.shop.name)


@case_rule("window", closed="deadline proposals")
def window(context: CaseContext) -> Iterator[Answer]:
    """The platform's entry is still open: now <= deadline, UTC (domain.md §3 `window`)."""
    if not context.case.window_open(context.now):
        yield fault("closed", deadline=context.case.deadline, proposals=context.proposals)


# A case whose cause nobody stated passes here: `form_fields` asks for each order's root cause anyway.
@case_rule("cause", policy_change="")
def cause(context: CaseContext) -> Iterator[Answer]:
    """The cause is not a change of the platform's policy (domain.md §3 `cause`)."""
    if context.case.cause == POLICY_CHANGE:
        yield fault("policy_change")


@order_rule("once", pending="since", rejected="code", excluded="")
def once(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """No appeal of the order is pending; after a rejection only on the platform's notice (domain.md §3 `once`)."""
    match order.appeal:
        case AppealStatus.SUBMITTED | AppealStatus.RECEIVED:
            yield fault("pending", since=order.appeal_at)
        case AppealStatus.REJECTED if not order.resubmit_allowed:
            yield fault("rejected", code=order.rejection_code)
        case AppealStatus.EXCLUDED:
            yield info("excluded")


@order_rule("scope", outside="occurred start end")
def scope(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """The order's defect occurred in the anomaly's scope, UTC (domain.md §3 `scope`)."""
    if not in_scope(order, context.case, context.policy):
        start, end = case_scope(context.case, context.policy)
        yield fault("outside", occurred=order.occurred_at, start=start, end=end)
