"""Orders by what each of them needs: the groups of evidence, the scenario's own, the root cause, the explanation."""

from collections.abc import Iterator, Sequence

from bot.domain.case import CaseOrder
from bot.domain.finding import Finding, Severity
from bot.messaging.card import Mark
from bot.rules.registry import is_about_draft
from bot.services.judgement import Judgement

OWN, CAUSE, EXPLANATION = "own", "cause", "explanation"
"""The columns after those of the base groups: what the scenario adds, and the two fields of the form."""
_ABOUT_CAUSE = frozenset({"no_root_cause", "unknown_root_cause", "unusual_root_cause"})


def columns(judged: Judgement) -> tuple[str, ...]:
    """The ids of the columns: the base groups of the catalogue (domain.md §4), then what every order has."""
    return (*(need.id for need in judged.context.catalogue.base), OWN, CAUSE, EXPLANATION)


def marks(judged: Judgement, order: CaseOrder) -> tuple[Mark, ...]:
    """The state of the order in each column: done, missing, or unsure where somebody has to answer or to set the
    scenario first. An order whose every mark is done lacks nothing, except for what `beside` gives."""
    stopping = _stopping(judged, order)
    return tuple(_mark(judged, order, column, stopping) for column in columns(judged))


def beside(judged: Judgement, order: CaseOrder) -> list[Finding]:
    """What stops the order's submission and belongs to no column, such as an appeal that is still pending."""
    return [finding for finding in _stopping(judged, order) if _column(judged, order, finding) == ""]


def _stopping(judged: Judgement, order: CaseOrder) -> list[Finding]:
    own = (item for item in judged.review.findings if item.order_id == order.order_id)
    return [item for item in own if item.severity.stops_submission]


def _mark(judged: Judgement, order: CaseOrder, column: str, stopping: Sequence[Finding]) -> Mark:
    found = {item.severity for item in stopping if _column(judged, order, item) == column}
    lacking = [item for item in _missing(judged, order, column) if not item]
    if Severity.BLOCKING in found or lacking:
        return Mark.MISSING
    sent = any(_missing(judged, order, column))
    undecided = column == OWN and not order.scenario
    return Mark.UNSURE if found or sent or undecided else Mark.DONE


def _missing(judged: Judgement, order: CaseOrder, column: str) -> Iterator[bool]:
    """For each unmet requirement of the column, whether something was sent for it."""
    own = judged.review.for_order(order.order_id).missing
    return (item.sent for item in own if _of_requirement(judged, item.requirement) == column)


def _of_requirement(judged: Judgement, requirement: str) -> str:
    base = {need.id for need in judged.context.catalogue.base}
    return requirement if requirement in base else OWN


def _column(judged: Judgement, order: CaseOrder, finding: Finding) -> str:
    """The column to which a finding belongs, "" for none."""
    if is_about_draft(finding.rule):
        return _of_form(finding)
    kind = finding.kind or next((item.kind for item in judged.context.evidence if item.id == finding.evidence_id), "")
    needs = judged.context.catalogue.requirements(order.scenario)
    if need := next((need for need in needs if kind in need.kinds), None):
        return _of_requirement(judged, need.id)
    of_scenario = finding.rule in ("coverage", "translation") or bool(finding.evidence_id)
    return OWN if of_scenario else ""


def _of_form(finding: Finding) -> str:
    if finding.rule != "form_fields":
        return EXPLANATION
    if finding.variant in _ABOUT_CAUSE:
        return CAUSE
    return EXPLANATION if finding.variant == "no_explanation" else ""
