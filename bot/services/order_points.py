"""How much each order of a case still lacks, and in which order people look at them."""

from bot.domain.case import CaseOrder
from bot.domain.finding import Finding, Severity
from bot.services.judgement import Judgement


def order_findings(judged: Judgement, order_id: str) -> list[Finding]:
    """The order's findings that people must see, most serious first."""
    severities = list(Severity)
    own = [item for item in judged.review.findings if item.order_id == order_id]
    shown = [item for item in own if item.severity is not Severity.INFO]
    return sorted(shown, key=lambda item: severities.index(item.severity))


def order_points(judged: Judgement, order: CaseOrder) -> int:
    """The number of things that stop this order's submission."""
    return judged.review.for_order(order.order_id).points


def worst_first(judged: Judgement) -> list[CaseOrder]:
    """The orders that are still to be submitted, the one that lacks most first."""
    return sorted(judged.case.to_do, key=lambda order: -order_points(judged, order))


def best_first(judged: Judgement) -> list[CaseOrder]:
    """The appealed orders, the one that lacks least first."""
    return sorted(judged.case.appealed, key=lambda order: order_points(judged, order))


def open_points(judged: Judgement) -> int:
    """The number of things that stop the submission of the case."""
    return judged.points
