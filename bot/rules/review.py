"""Reviewing a context: runs every enabled rule, and says what is missing and what may be submitted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence
from bot.domain.finding import Finding, MetRequirement, MissingRequirement, Severity
from bot.domain.parcel import SYSTEM_KINDS, meets, was_read
from bot.rules.coverage import requirements
from bot.rules.registry import Answer, Rule, Subject, enabled

_WORST_FIRST = list(Severity)


@dataclass(frozen=True)
class Review:
    """What the rules say of the orders that are appealed. `met` alone says which requirements are met. `accepted`
    maps the ids of accepted evidence to the orders whose rules accept it."""

    orders: tuple[str, ...]
    missing: tuple[MissingRequirement, ...]
    findings: tuple[Finding, ...]
    met: tuple[MetRequirement, ...] = ()
    accepted: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def ready(self) -> bool:
        """Whether there is an order to appeal, nothing is missing, and no finding stops the submission."""
        stopped = any(finding.severity.stops_submission for finding in self.findings)
        return bool(self.orders) and not self.missing and not stopped

    @property
    def points(self) -> int:
        """The number of things that stop the submission. Evidence that was sent but is not accepted counts by its
        findings alone."""
        stopping = sum(finding.severity.stops_submission for finding in self.findings)
        return stopping + sum(not item.sent for item in self.missing)

    def meets(self, evidence_id: str) -> tuple[str, ...]:
        """The requirements, of any order, that this accepted piece of evidence meets."""
        return tuple(dict.fromkeys(item.requirement for item in self.met if evidence_id in item.evidence))

    @property
    def worst_first(self) -> tuple[Finding, ...]:
        """The findings by severity, otherwise in the profile's order."""
        return tuple(sorted(self.findings, key=lambda finding: _WORST_FIRST.index(finding.severity)))

    def for_order(self, order_id: str) -> "Review":
        """The part of the review that concerns that order; "" for what concerns the case as a whole."""
        return Review(
            tuple(name for name in self.orders if name == order_id),
            tuple(item for item in self.missing if item.order_id == order_id),
            tuple(item for item in self.findings if item.order_id == order_id),
            tuple(item for item in self.met if item.order_id == order_id),
            self.accepted,
        )


def review(context: CaseContext) -> Review:
    """The review of the whole case as it is known now."""
    orders, findings = context.case.appealed, list(_on_case(context))
    found: list[MetRequirement | MissingRequirement] = []
    good: dict[str, tuple[str, ...]] = {}
    for order in orders:
        on_evidence = list(_on_evidence(context, order))
        known = _without_flawed(context, order, on_evidence)
        good |= {item.id: (*good.get(item.id, ()), order.order_id) for item in known.evidence}
        found += requirements(context, known, order)
        findings += _on_order(context, known, order, on_evidence)
    gaps = [item for item in found if isinstance(item, MissingRequirement) and "coverage" in context.policy.rules]
    met = [item for item in found if isinstance(item, MetRequirement)]
    return Review(tuple(order.order_id for order in orders), tuple(gaps), tuple(findings), tuple(met), good)


def accepted(context: CaseContext, order: CaseOrder) -> CaseContext:
    """The context with only the order's accepted evidence: filed to it, read or stated, without a fault or an open
    question."""
    return _without_flawed(context, order, list(_on_evidence(context, order)))


def _on_case(context: CaseContext) -> Iterator[Finding]:
    for rule in enabled(context.policy, Subject.CASE):
        yield from _findings(context, rule, rule.check(context))


def _on_order(
    context: CaseContext, known: CaseContext, order: CaseOrder, on_evidence: Sequence[Finding]
) -> Iterator[Finding]:
    findings = list(on_evidence)
    for rule in enabled(context.policy, Subject.ORDER):
        findings += _findings(context, rule, rule.check(context, order), order)
    yield from _spare_made_light(context, known, order, findings)
    for rule in enabled(context.policy, Subject.DRAFT):
        yield from _findings(known, rule, rule.check(known, order), order)


def _on_evidence(context: CaseContext, order: CaseOrder) -> Iterator[Finding]:
    """The findings on the order's evidence. System evidence comes first, because a number that only refused
    evidence shows is not the order's own (domain.md §5 *Numbers*)."""
    filed = context.filed_to(order)
    found = {item.id: list(_on_piece(context, order, item)) for item in filed if item.kind in SYSTEM_KINDS}
    refused = {
        item.id for item in filed if any(finding.stops(item.id, item.kind) for finding in found.get(item.id, ()))
    }
    known = replace(context, evidence=tuple(item for item in context.evidence if item.id not in refused))
    for item in filed:
        yield from found[item.id] if item.id in found else _on_piece(known, order, item)


def _on_piece(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Finding]:
    always = enabled(context.policy, Subject.EVIDENCE)
    content = enabled(context.policy, Subject.CONTENT)
    for rule in [*content, *always] if was_read(item) else always:
        yield from _findings(context, rule, rule.check(context, order, item), order, item)


def _without_flawed(context: CaseContext, order: CaseOrder, findings: Sequence[Finding]) -> CaseContext:
    good = [
        item
        for item in context.filed_to(order)
        if was_read(item) and not any(finding.stops(item.id, item.kind) for finding in findings)
    ]
    return replace(context, evidence=tuple(good))


def _spare_made_light(
    context: CaseContext, known: CaseContext, order: CaseOrder, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """The findings, with those about a flawed piece made milder when accepted evidence meets everything that the
    piece serves."""
    items = {item.id: item for item in context.filed_to(order)}
    for finding in findings:
        item = items.get(finding.evidence_id) if finding.severity.stops_submission else None
        spare = item and _is_spare(context, known, order, item)
        yield replace(finding, severity=Severity.INFO) if spare else finding


def _is_spare(context: CaseContext, known: CaseContext, order: CaseOrder, item: Evidence) -> bool:
    needs = [need for need in context.catalogue.requirements(order.scenario) if item.kind in need.kinds]
    others = [other for other in known.evidence if other.id != item.id]
    return all(any(meets(known, order, need, other) for other in others) for need in needs)


def _findings(
    context: CaseContext,
    rule: Rule,
    answers: Iterable[Answer],
    order: CaseOrder | None = None,
    item: Evidence | None = None,
) -> Iterator[Finding]:
    for answer in answers:
        params: dict[str, Any] = dict(answer.params)
        if item:
            stated_by = item.facts.stated_by if item.facts.stated else ""
            params |= {"file": item.link or item.file_name, "stated_by": stated_by}
        if rule.variants[answer.variant] != set(params):
            raise TypeError(f"rule {rule.id}.{answer.variant}: parameters {sorted(params)} are not the declared ones")
        yield Finding(
            rule.id,
            _severity(context.policy.rules[rule.id], answer.severity),
            answer.variant,
            order.order_id if order else "",
            item.id if item and not answer.together else answer.evidence_id,
            params,
            item.kind if item and answer.together else "",
        )


def _severity(profile: Severity, answer: Severity | None) -> Severity:
    """An answer may be milder than the profile says, never harsher: the profile decides what stops a submission."""
    if answer is None:
        return profile
    return max(profile, answer, key=_WORST_FIRST.index)
