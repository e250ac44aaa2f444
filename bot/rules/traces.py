"""Rules on what was done with originals: editing, earlier use, keeping (domain.md §5)."""

from collections.abc import Iterator

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence
from bot.domain.remark import Remark
from bot.rules.registry import Answer, case_rule, evidence_rule, fault


@evidence_rule("edited", traces="traces", reused="others")
def edited(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """The evidence shows traces of editing, or a picture that other evidence used before; never a verdict
    (domain.md §5 `edited`)."""
    if item.facts.traces_of_editing:
        # The value is what was found; a trace without one stands for itself.
        remarks = map(Remark.read, item.facts.traces_of_editing)
        found = [remark.value or remark.key.replace("_", " ") for remark in remarks]
        yield fault("traces", traces=tuple(dict.fromkeys(found)))
    if item.id in context.reused:
        yield fault("reused", others=tuple(filter(None, context.reused[item.id])))


@case_rule("retention", keep="days", keep_links="days count")
def retention(context: CaseContext) -> Iterator[Answer]:
    """Originals are kept unchanged after the outcome; for what lies behind a link a person has to see to that
    (domain.md §5 `retention`)."""
    days, active = context.policy.evidence.retention_days, [item for item in context.evidence if item.active]
    links = sum(bool(item.link) for item in active)
    if len(active) > links:
        yield fault("keep", days=days)
    if links:
        yield fault("keep_links", days=days, count=links)
