"""Undoing what people did: each act is stored with what it changed, in its own transaction (domain.md §8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.act import (
    Act,
    ChangedSince,
    case_changes,
    evidence_changes,
    evidence_taken_back,
    taken_back,
)
from bot.domain.case import Case, CaseOrder, CaseStatus, exclusions
from bot.domain.evidence import Evidence
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.records import Person
from bot.ports.store import Unit, UnitFactory
from bot.services.timeline import cause, note

FRESH = timedelta(hours=1)
"""How long `undo` alone means the last act without a question."""
Recount = Callable[[Unit, str, Sequence[CaseOrder], str], object]
"""(unit, shop, orders that left the statistic or came back into it, who) -> their days are measured again"""
Reverse = Callable[[Unit, Act, Person], None]
"""(unit, act, who takes it back) -> it is as before; raises Refusal or ChangedSince"""


def keep_act(unit: Unit, before: Case, after: Case) -> None:
    """Store what a change of a case did, as the last event of its timeline describes it. Called after the case was
    saved, because the states that the store gives back are compared."""
    event, stored = unit.cases.last_noted(after.id), unit.cases.get(after.id)
    changes = case_changes(before, stored) if stored else {}
    if event and changes:
        act = Act(after.id, event.at, event.who, event.what, changes, event.message_id, version=after.version)
        unit.acts.add(act)


def keep_evidence_act(unit: Unit, clock: Clock, before: Evidence, after: Evidence, who: str, what: str) -> None:
    """Store what a change of evidence did, so that it can be undone."""
    stored = unit.evidence.get(after.id)
    if stored and (changes := evidence_changes(before, stored)):
        unit.acts.add(Act(after.case_id, clock.now(), who, what, changes, cause(), after.id))


@dataclass(frozen=True)
class About:
    """What a person wants to undo: the act of a message, or the last act about a case, order or evidence."""

    message: str = ""
    case: str = ""
    order: str = ""
    evidence: str = ""

    def fits(self, act: Act) -> bool:
        """Whether the act is about what the person named."""
        of_order = not self.order or any(order.endswith(self.order) for order in act.orders)
        return of_order and self.message in ("", act.message_id)


@dataclass(frozen=True)
class Choice:
    """The acts of one message that would be undone together. `certain` says that nothing else can be meant; `done`
    that the message of the running turn has undone them before a crash interrupted it."""

    acts: Sequence[Act]
    certain: bool
    done: bool = False

    @property
    def act(self) -> Act:
        """The act that represents the others in texts."""
        return self.acts[0]


def not_yours(who: str, person: Person) -> bool:
    """Whether the person may not undo what `who` did: neither they did it nor are they a lead (domain.md §8)."""
    return who != person.id and not person.role.may(Role.LEAD)


class Undo:
    """Undoes acts. `others` undoes, by what was done, acts that changed neither a case nor evidence."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        recount: Recount,
        others: Mapping[str, Reverse] | None = None,
    ) -> None:
        self.units, self.clock, self.recount = units, clock, recount
        self.others = others or {}

    def choose(self, about: About, person: Person) -> Choice:
        """What would be undone. Raises Refusal when there is nothing, or nothing that this person may undo."""
        with self.units(read_only=True) as unit:
            if earlier := [act for act in unit.acts.undone_by(cause()) if self._seen(unit, act)]:
                return Choice(earlier, certain=True, done=True)
            found = [act for act in self._recent(unit, about, person) if about.fits(act) and self._seen(unit, act)]
        if not found:
            raise Refusal("nothing_to_undo")
        own = [act for act in found if act.who == person.id]
        free = [act for act in found if self._may(act, person)]
        if not free:
            raise Refusal("not_yours_to_undo", who=found[0].who)
        chosen = next(iter(own or free))
        together = [act for act in found if act.message_id == chosen.message_id] if chosen.message_id else [chosen]
        fresh = self.clock.now() - chosen.at <= FRESH and found[0] in together
        return Choice(together, bool(about.message) or fresh)

    def _recent(self, unit: Unit, about: About, person: Person) -> list[Act]:
        # What is out of sight is looked for no further than what does not exist.
        if about.evidence:
            return unit.acts.recent(evidence_id=about.evidence) if unit.evidence.get(about.evidence) else []
        if about.case:
            return unit.acts.recent(case_id=about.case) if unit.cases.get(about.case) else []
        return unit.acts.recent(who=person.id)

    def _may(self, act: Act, person: Person) -> bool:
        return act.stopped or not not_yours(act.who, person)

    def undo(self, choice: Choice, person: Person) -> Case | None:
        """Undo the acts, all or none; returns the case as it is now. Raises Refusal when something has changed
        since, or when undoing makes no sense any more."""
        case = None
        with self.units() as unit:
            if choice.done:
                return unit.cases.get(choice.act.case_id)
            for act in choice.acts:
                try:
                    case = self._one(unit, act, person) or case
                except ChangedSince:
                    raise Refusal("changed_since", case=act.case_id or act.evidence_id) from None
                unit.acts.undone(act.id, self.clock.now(), person.id, cause())
        return case

    def _one(self, unit: Unit, act: Act, person: Person) -> Case | None:
        if reverse := self.others.get(act.what):
            reverse(unit, act, person)
            return None
        if act.evidence_id:
            return self._evidence(unit, act, person)
        case = unit.cases.get(act.case_id, lock=True)
        if case is None:
            raise Refusal("no_such_case", case=act.case_id)
        self._makes_sense(act, case)
        back = taken_back(case, act.changes)
        back.settle()
        back.version += 1
        unit.cases.save(back)
        note(unit, self.clock, back.id, person.id, "undone", act=act.what, by=act.who, order=", ".join(act.orders))
        if moved := exclusions(case, back):
            self.recount(unit, back.shop, moved, person.id)
        return back

    def _makes_sense(self, act: Act, case: Case) -> None:
        if case.status is CaseStatus.OPEN or act.decisive:
            if act.what != "dismissed" or case.window_open(self.clock.now()):
                return
            raise Refusal("window_closed", case=case.id)
        raise Refusal("case_finished", case=case.id, status=case.status.value)

    def _evidence(self, unit: Unit, act: Act, person: Person) -> Case | None:
        item = unit.evidence.get(act.evidence_id)
        if item is None:
            raise Refusal("no_such_evidence", evidence=act.evidence_id)
        back = evidence_taken_back(item, act.changes)
        for case in filter(None, (unit.cases.get(each) for each in {item.case_id, back.case_id} - {""})):
            if case.status is not CaseStatus.OPEN:
                raise Refusal("case_finished", case=case.id, status=case.status.value)
            note(unit, self.clock, case.id, person.id, "undone", act=act.what, by=act.who, order=item.id)
            unit.cases.save(case)
        unit.evidence.save(back)
        return unit.cases.get(back.case_id) if back.case_id else None

    def _seen(self, unit: Unit, act: Act) -> bool:
        """Whether whoever is asking may see what the act is about."""
        if act.case_id:
            return unit.cases.get(act.case_id) is not None
        return act.what in self.others or unit.evidence.get(act.evidence_id) is not None
