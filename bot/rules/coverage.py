"""Whether every requirement of every order is met (domain.md §4, §5 `coverage`)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.case import CaseOrder
from bot.domain.dossier import Dossier
from bot.domain.evidence import Evidence
from bot.domain.finding import MissingRequirement
from bot.domain.parcel import meets, was_read
from bot.rules.registry import Answer, fault, info, order_rule, unsure

CERTIFICATE = "delay_certificate"


def missing(dossier: Dossier, order: CaseOrder) -> list[MissingRequirement]:
    """The requirements that none of the order's evidence meets or may meet."""
    items = dossier.filed_to(order)
    return [
        MissingRequirement(order.order_id, need.id, need.kinds)
        for need in dossier.catalogue.requirements(order.scenario)
        if all(meets(dossier, order, need, item) is False for item in items)
    ]


@order_rule(
    "coverage",
    unread="file",
    certificate="",
    return_refund="scenario",
    negative_review="scenario",
    service_rating="scenario",
)
def coverage(dossier: Dossier, order: CaseOrder) -> Iterator[Answer]:
    """Besides `missing`: evidence that nobody has read yet, and defect types the scenario does not explain."""
    for item in dossier.filed_to(order):
        if not was_read(item):
            yield replace(unsure("unread", file=item.link or item.file_name), evidence_id=item.id)
    scenario = dossier.catalogue.scenarios.get(order.scenario)
    for defect in dict.fromkeys(order.defect_types):
        if scenario and defect not in scenario.defect_types:
            yield fault(defect.value, scenario=order.scenario)
    if scenario and CERTIFICATE in scenario.helps and not _has(dossier.filed_to(order), CERTIFICATE):
        yield info("certificate")


def _has(items: tuple[Evidence, ...], kind: str) -> bool:
    return any(item.kind == kind for item in items)
