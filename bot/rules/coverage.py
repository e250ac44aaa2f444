"""Whether every requirement of every order is met (domain.md §4, §5 `coverage`)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence
from bot.domain.finding import MetRequirement, MissingRequirement
from bot.domain.parcel import meets, was_read
from bot.domain.pieces import counted_once
from bot.rules.registry import Answer, fault, info, order_rule, unsure

CERTIFICATE = "delay_certificate"


def requirements(
    context: CaseContext, known: CaseContext, order: CaseOrder
) -> Iterator[MetRequirement | MissingRequirement]:
    """Each requirement of the order; it is met only by accepted evidence, which `known` holds."""
    filed, good = context.filed_to(order), known.filed_to(order)
    for need in context.catalogue.requirements(order.scenario):
        meeting = counted_once(context, [item.id for item in good if meets(known, order, need, item)])
        if meeting:
            yield MetRequirement(order.order_id, need.id, meeting)
        else:
            sent = any(meets(context, order, need, item) is not False for item in filed)
            yield MissingRequirement(order.order_id, need.id, need.kinds, sent)


@order_rule(
    "coverage",
    unread="file",
    certificate="",
    return_refund="scenario",
    negative_review="scenario",
    service_rating="scenario",
)
def coverage(context: CaseContext, order: CaseOrder) -> Iterator[Answer]:
    """What `requirements` does not say: evidence that nobody has read yet, and defect types that the scenario does
    not explain."""
    for item in context.filed_to(order):
        if not was_read(item):
            yield replace(unsure("unread", file=item.link or item.file_name), evidence_id=item.id)
    scenario = context.catalogue.scenarios.get(order.scenario)
    for defect in dict.fromkeys(order.defect_types):
        if scenario and defect not in scenario.defect_types:
            yield fault(defect.value, scenario=order.scenario)
    if scenario and CERTIFICATE in scenario.helps and not _has(context.filed_to(order), CERTIFICATE):
        yield info("certificate")


def _has(items: tuple[Evidence, ...], kind: str) -> bool:
    return any(item.kind == kind for item in items)
