"""Changing cases: owner, scenario, orders, explanation, setting aside."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy

from bot.domain.case import Case, CaseOrder, CaseStatus, IllegalTransition, exclusions
from bot.domain.policy import Catalogue
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.services.timeline import ROBOT, changed_before, note, noted
from bot.services.undo import Recount, keep_act


def pick_order(case: Case, order_id: str) -> CaseOrder:
    """The case order with that id; raises Refusal when the case has none."""
    order = case.order(order_id)
    if order is None:
        raise Refusal("order_not_in_case", order=order_id, case=case.id)
    return order


class Cases:
    """Changes cases on behalf of people. `seen` is the version of the case on the button that was pressed, None
    for typed words: the button of a card that is out of date changes nothing (compare and set)."""

    def __init__(self, units: UnitFactory, clock: Clock, catalogue: Catalogue, recount: Recount) -> None:
        self.units, self.clock, self.catalogue, self.recount = units, clock, catalogue, recount

    @contextmanager
    def change(self, case_id: str, seen: int | None = None) -> Iterator[tuple[Unit, Case]]:
        """The locked case, to be changed in the block. If the block changes it, it is saved as a new version, and
        the days are measured again whose figures an exclusion changes. `seen` is the version for which the pressed
        button was made."""
        with self.units() as unit:
            case = unit.cases.get(case_id, lock=True)
            if case is None:
                raise Refusal("no_such_case", case=case_id)
            if seen not in (None, case.version) and not changed_before(unit, case_id):
                raise Refusal("stale_button", case=case_id)
            before = deepcopy(case)
            try:
                yield unit, case
            except IllegalTransition as error:
                raise Refusal("wrong_state", case=case_id, now=error.now.value, wanted=error.wanted.value) from error
            if case != before:
                case.version += 1
                unit.cases.save(case)
                keep_act(unit, before, case)
                if moved := exclusions(before, case):
                    # In the same transaction, and after the case is stored: the rate follows the stored outcomes.
                    event = unit.cases.last_noted(case.id)
                    self.recount(unit, case.shop, moved, event.who if event else ROBOT)

    @staticmethod
    def require_open(case: Case) -> None:
        """Raises Refusal for a case that is submitted, finished or set aside."""
        if case.status is not CaseStatus.OPEN:
            raise Refusal("case_finished", case=case.id, status=case.status.value)

    @staticmethod
    def require_work(case: Case) -> None:
        """Raises Refusal for a case in which no order is left to appeal."""
        if not case.takes_work:
            raise Refusal("case_finished", case=case.id, status=case.status.value)

    def claim(self, case_id: str, person: str, seen: int | None = None) -> Case:
        """Make the person the case's owner; claiming one's own case again changes nothing. Raises Refusal when it
        has another owner."""
        with self.change(case_id, seen) as (unit, case):
            self.require_open(case)
            if case.owner and case.owner != person:
                raise Refusal("already_claimed", case=case_id, owner=case.owner)
            if not case.owner:
                case.owner, case.claimed_at = person, self.clock.now()
                note(unit, self.clock, case.id, person, "claimed")
            return case

    def release(self, case_id: str, person: str, seen: int | None = None) -> Case:
        """Take the owner off the case."""
        with self.change(case_id, seen) as (unit, case):
            self.require_open(case)
            earlier, case.owner, case.claimed_at = case.owner, "", None
            if earlier:
                note(unit, self.clock, case.id, person, "released", owner=earlier)
            return case

    def tag(self, case_id: str, order_ids: Sequence[str], scenario: str, person: str, root_cause: str = "") -> Case:
        """Set the scenario of case orders. The root cause follows from the scenario unless it is given, and the
        explanation is generated anew unless a person wrote it. Raises Refusal for an unknown scenario or a root
        cause that is not on the form's list (domain.md §4)."""
        if root_cause and root_cause not in self.catalogue.root_causes:
            raise Refusal("unknown_root_cause", cause=root_cause, known=", ".join(self.catalogue.root_causes))
        return self.tag_each(case_id, [(order_ids, scenario)], person, root_cause)

    def tag_each(
        self, case_id: str, tags: Sequence[tuple[Sequence[str], str]], person: str, root_cause: str = ""
    ) -> Case:
        """Set several scenarios, each for its orders, all or none, as one act. Raises Refusal for an unknown one."""
        known = self.catalogue.scenarios
        for scenario in [scenario for _, scenario in tags if scenario not in known]:
            raise Refusal("unknown_scenario", scenario=scenario, known=", ".join(known))
        with self.change(case_id) as (unit, case):
            self.require_work(case)
            for order_ids, scenario in tags:
                cause = root_cause or known[scenario].root_causes[0]
                for order in [pick_order(case, order_id) for order_id in order_ids]:
                    order.scenario, order.scenario_by, order.root_cause = scenario, person, cause
                    order.draft = order.draft if order.draft_by else ""
                orders = ", ".join(order_ids)
                note(unit, self.clock, case.id, person, "tagged", order=orders, scenario=scenario, cause=cause)
            return case

    def remark(self, case_id: str, text: str, person: str, order: str = "") -> Case:
        """Keep a note about the case, or one of its orders, in its timeline."""
        with self.change(case_id) as (unit, case):
            note(unit, self.clock, case.id, person, "remarked", text=text[:500], order=order)
            return case

    def set_cause(self, case_id: str, cause: str, person: str) -> Case:
        """Record what caused the anomaly as a whole; a change of the platform's policy is no ground (domain.md §3
        `cause`)."""
        with self.change(case_id) as (unit, case):
            self.require_open(case)
            case.cause = cause
            note(unit, self.clock, case.id, person, "cause", cause=cause or "-")
            return case

    def skip(self, case_id: str, order_ids: Sequence[str], person: str, skipped: bool) -> Case:
        """Leave orders out of the appeal, or take them into it again; they stay listed."""
        with self.change(case_id) as (unit, case):
            self.require_open(case)
            for order in [pick_order(case, order_id) for order_id in order_ids]:
                order.skipped = skipped
            orders = ", ".join(order_ids)
            note(unit, self.clock, case.id, person, "skipped" if skipped else "included", order=orders)
            return case

    def dismiss(self, case_id: str, person: str, reason: str, seen: int | None = None) -> Case:
        """Set the case aside without an appeal. A reason is required."""
        if not reason.strip():
            raise Refusal("reason_needed", case=case_id)
        with self.change(case_id, seen) as (unit, case):
            if noted(unit, case_id, "dismissed"):
                return case
            case.move(CaseStatus.DISMISSED, self.clock.now(), reason.strip())
            note(unit, self.clock, case.id, person, "dismissed", reason=case.reason)
            return case

    def reopen(self, case_id: str, person: str) -> Case:
        """Open a dismissed case again while its window is open."""
        with self.change(case_id) as (unit, case):
            if noted(unit, case_id, "reopened"):
                return case
            if not case.window_open(self.clock.now()):
                raise Refusal("window_closed", case=case_id)
            case.move(CaseStatus.OPEN, self.clock.now())
            note(unit, self.clock, case.id, person, "reopened")
            return case

    def hold(self, case_id: str, person: str, held: bool) -> Case:
        """Hold the case's originals and records beyond the retention period, or end the hold. Raises Refusal when
        they have been deleted already."""
        with self.change(case_id) as (unit, case):
            if any(event.what == "purged" for event in unit.cases.timeline(case_id)):
                raise Refusal("already_purged", case=case_id)
            if case.hold is not held:
                case.hold = held
                note(unit, self.clock, case.id, person, "held" if held else "unheld")
            return case

    def edit_draft(self, case_id: str, order_id: str, text: str, person: str) -> Case:
        """Replace the generated explanation by a person's; an empty text restores the generated one."""
        with self.change(case_id) as (unit, case):
            self.require_work(case)
            order = pick_order(case, order_id)
            order.draft, order.draft_by = text.strip(), person if text.strip() else ""
            note(unit, self.clock, case.id, person, "edited", order=order_id)
            return case

    def get(self, case_id: str) -> Case:
        """The case; raises Refusal when there is none."""
        with self.units(read_only=True) as unit:
            if case := unit.cases.get(case_id):
                return case
        raise Refusal("no_such_case", case=case_id)
