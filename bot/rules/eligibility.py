"""Rules on whether the case and its orders can be appealed at all (domain.md §3)."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.case import AppealStatus, CaseOrder
from bot.domain.dossier import Dossier
from bot.domain.eligibility import POLICY_CHANGE, case_scope, days_open, in_scope
from bot.rules.registry import Answer, case_rule, fault, info, order_rule, unsure


@case_rule("site", closed="site sites proposals")
def site(dossier: Dossier) -> Iterator[Answer]:
    """The shop is on a site that has the appeal (domain.md §3 `site`)."""
    if dossier.shop.site not in dossier.policy.sites:
        yield fault("closed", site=dossier.shop.site, sites=dossier.policy.sites, proposals=dossier.proposals)


@case_rule("shop_age", unknown="required", young="days required from_day proposals")
def shop_age(dossier: Dossier) -> Iterator[Answer]:
    """The shop has been open for the profile's number of days, by UTC date (domain.md §3 `shop_age`)."""
    required, opened_on = dossier.policy.shop_age_days, dossier.shop.opened_on
    days = days_open(dossier.shop, dossier.now)
    if days is None or opened_on is None:
        yield unsure("unknown", required=required)
    elif days < required:
        from_day = opened_on + timedelta(days=required)
        yield fault("young", days=days, required=required, from_day=from_day, proposals=dossier.proposals)


@case_rule("entity", foreign="entity", inactive="shop", unknown="shop")
def entity(dossier: Dossier) -> Iterator[Answer]:
    """The shop is registered by a Chinese entity and active (domain.md §3 `entity`)."""
    if not dossier.shop.entity:
        yield unsure("unknown", shop=dossier.shop.name)
    elif dossier.shop.entity not in dossier.policy.entities:
        yield fault("foreign", entity=dossier.shop.entity)
    if not dossier.shop.active:
        yield fault("inactive", shop=dossier.shop.name)


@case_rule("window", closed="deadline proposals")
def window(dossier: Dossier) -> Iterator[Answer]:
    """The platform's entry is still open: now <= deadline, UTC (domain.md §3 `window`)."""
    if not dossier.case.window_open(dossier.now):
        yield fault("closed", deadline=dossier.case.deadline, proposals=dossier.proposals)


# A case whose cause nobody stated passes here: `form_fields` asks for each order's root cause anyway.
@case_rule("cause", policy_change="")
def cause(dossier: Dossier) -> Iterator[Answer]:
    """The cause is not a change of the platform's policy (domain.md §3 `cause`)."""
    if dossier.case.cause == POLICY_CHANGE:
        yield fault("policy_change")


@order_rule("once", pending="since", rejected="code", excluded="")
def once(dossier: Dossier, order: CaseOrder) -> Iterator[Answer]:
    """No appeal of the order is pending; after a rejection only on the platform's notice (domain.md §3 `once`)."""
    match order.appeal:
        case AppealStatus.SUBMITTED | AppealStatus.RECEIVED:
            yield fault("pending", since=order.appeal_at)
        case AppealStatus.REJECTED if not order.resubmit_allowed:
            yield fault("rejected", code=order.rejection_code)
        case AppealStatus.EXCLUDED:
            yield info("excluded")


@order_rule("scope", outside="occurred start end")
def scope(dossier: Dossier, order: CaseOrder) -> Iterator[Answer]:
    """The order's defect occurred in the anomaly's scope, UTC (domain.md §3 `scope`)."""
    if not in_scope(order, dossier.case, dossier.policy):
        start, end = case_scope(dossier.case, dossier.policy)
        yield fault("outside", occurred=order.occurred_at, start=start, end=end)
