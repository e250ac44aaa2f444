"""Requests to carriers for a stamped delay certificate: who needs one, that it was asked for, and until when it is
awaited (domain.md §4 S1)."""

from collections.abc import Sequence

from bot.domain.case import AppealStatus, Case, CaseOrder
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.vault import Stored, Vault
from bot.services.cases import Cases, pick_order
from bot.services.judgement import Judgement
from bot.services.timeline import note, noted

CERTIFICATE = "delay_certificate"


def needs_certificate(judged: Judgement) -> list[CaseOrder]:
    """The orders that are still to be submitted, whose scenario a delay certificate proves or helps, and that have
    none."""
    return [order for order in judged.case.to_do if _is_helped(judged, order) and not has_certificate(judged, order)]


def _is_helped(judged: Judgement, order: CaseOrder) -> bool:
    scenario = judged.context.catalogue.scenarios.get(order.scenario)
    if scenario is None:
        return False
    return CERTIFICATE in scenario.helps or any(CERTIFICATE in need.kinds for need in scenario.needs)


def has_certificate(judged: Judgement, order: CaseOrder) -> bool:
    """Whether a delay certificate is filed to the order."""
    return any(item.kind == CERTIFICATE for item in judged.context.filed_to(order))


def awaited(judged: Judgement) -> list[CaseOrder]:
    """The orders whose carrier was asked for a certificate that has not come."""
    return [order for order in needs_certificate(judged) if order.certificate_asked_at]


class Letters:
    """Keeps the written requests, and records that they were sent."""

    def __init__(self, cases: Cases, vault: Vault, clock: Clock) -> None:
        self.cases, self.vault, self.clock = cases, vault, clock

    def keep(self, text: str) -> Stored:
        """The request as a file to download: UTF-8 with a mark, so that every editor shows Chinese."""
        return self.vault.put_bytes(text.encode("utf-8-sig"))

    def sent(self, case_id: str, order_ids: Sequence[str], person: str) -> Case:
        """Record that the carrier of these orders was asked; a reminder follows when nothing comes. Raises Refusal
        when the case takes no work any more."""
        with self.cases.change(case_id) as (unit, case):
            if noted(unit, case_id, "letter"):
                return case
            self.cases.require_work(case)
            chosen = [pick_order(case, order_id) for order_id in order_ids]
            if not chosen or any(order.appeal is not AppealStatus.NONE for order in chosen):
                raise Refusal("nothing_to_submit", case=case_id)
            for order in chosen:
                order.certificate_asked_at = self.clock.now()
            orders = ", ".join(order.order_id for order in chosen)
            note(unit, self.clock, case.id, person, "letter", order=orders)
            return case
