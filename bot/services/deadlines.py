"""What people say about a case's deadline, which wins over what is computed (domain.md §1a)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.case import Case, CaseStatus
from bot.domain.deadline import deadline
from bot.domain.policy import Policy
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit
from bot.services.cases import Cases
from bot.services.timeline import note, noted

FARTHEST = timedelta(days=60)
"""No appeal that is known leaves more time: a later instant is a slip of the pen."""


class Deadlines:
    """Records deadlines that people read in Seller Center, and their decisions about computed ones."""

    def __init__(self, cases: Cases, clock: Clock, policy: Policy) -> None:
        self.cases, self.clock, self.policy = cases, clock, policy

    def stated(self, case_id: str, person: str, at: datetime, shown: Sequence[str] = ()) -> Case:
        """Record the deadline (UTC) that the person read in Seller Center; `shown` are the ids of evidence that
        shows it. It wins over every computed one, and an expired case is open again. Raises Refusal for an instant
        that has passed or lies farther away than any appeal's, and for a case that is finished otherwise."""
        now = self.clock.now()
        if not now < at <= now + FARTHEST:
            raise Refusal("deadline_unlikely", case=case_id, at=at, past=at <= now)
        with self.cases.change(case_id) as (unit, case):
            if noted(unit, case_id, "deadline_stated"):
                return case
            self._may_change(unit, case)
            was, case.deadline, case.deadline_by = case.deadline, at, person
            if case.status is CaseStatus.EXPIRED:
                case.move(CaseStatus.OPEN, now)
            params = {"deadline": _stamp(at), "was": _stamp(was), "evidence": ", ".join(shown)}
            note(unit, self.clock, case_id, person, "deadline_stated", **params)
            return case

    def computed(self, case_id: str, person: str) -> Case:
        """Record that the person accepts the deadline that the data give. Raises Refusal when that has passed: a
        case is given up by setting it aside."""
        with self.cases.change(case_id) as (unit, case):
            if noted(unit, case_id, "deadline_accepted"):
                return case
            self._may_change(unit, case)
            onset = case.onset_found or case.onset
            end = deadline(onset, self.policy)
            if end <= self.clock.now():
                raise Refusal("deadline_unlikely", case=case_id, at=end, past=True)
            if (end, "", None) == (case.deadline, case.deadline_by, case.onset_found):
                return case
            if case.onset_found:
                case.onset, case.onset_exact = case.onset_found, case.onset_found_exact
            was, case.deadline, case.deadline_by, case.onset_found = case.deadline, end, "", None
            note(unit, self.clock, case_id, person, "deadline_accepted", deadline=_stamp(end), was=_stamp(was))
            return case

    def still_open(self, case_id: str, person: str) -> Case:
        """Record that the entry in Seller Center is open, whatever the data say: the deadline stays. Raises
        Refusal when the deadline has passed, because then the time that Seller Center shows is needed."""
        with self.cases.change(case_id) as (unit, case):
            if not noted(unit, case_id, "entry_open"):
                self._may_change(unit, case)
                if not case.window_open(self.clock.now()):
                    raise Refusal("deadline_needed", case=case_id, at=case.deadline)
                case.deadline_by = case.deadline_by or person
                note(unit, self.clock, case_id, person, "entry_open")
            return case

    @staticmethod
    def _may_change(unit: Unit, case: Case) -> None:
        expired = case.status is CaseStatus.EXPIRED and not unit.cases.open_of(case.shop)
        if case.status is not CaseStatus.OPEN and not expired:
            raise Refusal("case_finished", case=case.id, status=case.status.value)


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
