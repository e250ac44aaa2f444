"""After a case was prepared: recording what was submitted by hand and what the platform answered (domain.md §6)."""

from collections.abc import Mapping, Sequence

from bot.domain.case import DECIDED, AppealStatus, Case, CaseOrder, CaseStatus
from bot.domain.policy import RejectionCode
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.services.cases import Cases, pick_order
from bot.services.review import Judge
from bot.services.timeline import note, noted


class Appeals:
    """Records submissions and outcomes. A person submits in Seller Center; the program never does (domain.md §6)."""

    def __init__(self, cases: Cases, judge: Judge, clock: Clock, codes: Mapping[str, RejectionCode]) -> None:
        self.cases, self.judge, self.clock, self.codes = cases, judge, clock, codes

    def submitted(self, case_id: str, person: str, order_ids: Sequence[str] = (), seen: int | None = None) -> Case:
        """Record that a person submitted these orders, or all that are not submitted yet. Their explanations are
        frozen.

        Raises Refusal when the case was set aside, the window is closed or nothing is left to submit (domain.md §3
        `window`, `once`)."""
        drafts = self.judge.judge(case_id).drafts
        with self.cases.change(case_id, seen) as (unit, case):
            if noted(unit, case_id, "submitted"):
                return case
            if case.status is CaseStatus.DISMISSED:
                raise Refusal("case_finished", case=case_id, status=case.status.value)
            now = self.clock.now()
            chosen = [pick_order(case, order_id) for order_id in order_ids] or self._unsubmitted(case)
            if not chosen:
                raise Refusal("nothing_to_submit", case=case_id)
            # The 72 hours bind the first appeal; after a rejection the platform's notice opens the entry again.
            if not case.window_open(now) and any(order.appeal is AppealStatus.NONE for order in chosen):
                raise Refusal("window_closed", case=case_id)
            for order in chosen:
                order.move(AppealStatus.SUBMITTED, now)
                if not order.draft and order.order_id in drafts:
                    order.draft = drafts[order.order_id].text
            if case.status is not CaseStatus.SUBMITTED and not self._unsubmitted(case):
                case.move(CaseStatus.SUBMITTED, now)
            note(unit, self.clock, case.id, person, "submitted", order=", ".join(item.order_id for item in chosen))
            return case

    @staticmethod
    def _unsubmitted(case: Case) -> list[CaseOrder]:
        return [order for order in case.appealed if order.appeal is AppealStatus.NONE]

    def result(
        self, case_id: str, order_ids: Sequence[str], outcome: AppealStatus, person: str, code: str = ""
    ) -> Case:
        """Record the platform's answer for orders, all of them or none; with its last outcome the case closes
        (domain.md §6). An outcome that was recorded earlier is corrected, and a rejection's code completed."""
        return self.results(case_id, [(order_ids, outcome, code)], person)

    def results(self, case_id: str, results: Sequence[tuple[Sequence[str], AppealStatus, str]], person: str) -> Case:
        """Record several answers (orders, outcome, code), all or none, as one act."""
        with self.cases.change(case_id) as (unit, case):
            for order_ids, outcome, code in results:
                orders = ", ".join(order_ids)
                if noted(unit, case_id, "result", order=orders, outcome=outcome.value):
                    continue
                for order in self._answerable(case, order_ids, outcome):
                    order.record(outcome, self.clock.now(), code)
                note(unit, self.clock, case.id, person, "result", order=orders, outcome=outcome.value, code=code)
            self._follow(case)
        # What is measured with it may have changed the case too.
        return self.cases.get(case_id)

    @staticmethod
    def _answerable(case: Case, order_ids: Sequence[str], outcome: AppealStatus) -> list[CaseOrder]:
        """The orders, for which that outcome can be recorded. Raises Refusal when it cannot for any of them."""
        chosen = [pick_order(case, order_id) for order_id in order_ids]
        if not (refused := [order for order in chosen if not order.may_be(outcome)]):
            return chosen
        others = [order.order_id for order in chosen if order not in refused]
        names = ", ".join(order.order_id for order in refused)
        raise Refusal("wrong_state", case=names, now=refused[0].appeal.value, wanted=outcome.value, others=others)

    def _follow(self, case: Case) -> None:
        case.settle()
        if case.status is CaseStatus.SUBMITTED and all(item.appeal in DECIDED for item in case.appealed):
            case.move(CaseStatus.CLOSED, self.clock.now())

    def allow_again(self, case_id: str, order_ids: Sequence[str], person: str) -> Case:
        """Record the platform's notice that rejected orders may be appealed once more (domain.md §3 `once`)."""
        with self.cases.change(case_id) as (unit, case):
            for order in [pick_order(case, order_id) for order_id in order_ids]:
                if order.appeal is not AppealStatus.REJECTED:
                    raise Refusal("not_rejected", order=order.order_id)
                order.resubmit_allowed = True
            note(unit, self.clock, case.id, person, "noticed", order=", ".join(order_ids))
            return case

    @property
    def known_codes(self) -> list[tuple[str, str]]:
        """The rejection codes that the play-book knows, each with the key of its meaning."""
        return [(code, entry.meaning) for code, entry in self.codes.items() if code != "*"]

    def play(self, code: str) -> RejectionCode:
        """The play-book's entry for a rejection code; the entry "*" for an unknown code."""
        return self.codes.get(code) or self.codes["*"]
