"""Reminders of cases: what is due is read from the rows, claimed once, and queued in one transaction."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.addresses import NoticeKey
from bot.domain.case import Case
from bot.domain.refusal import Refusal
from bot.domain.reminder import (
    Kind,
    Level,
    Plan,
    Rung,
    Step,
    Watch,
    ladder,
    may_send,
    next_look,
    next_step,
    rests,
    snooze_until,
    stage_at,
)
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.services.judgement import Judgement
from bot.services.letters import awaited
from bot.services.notifying import Notifier
from bot.services.oncall import OnCall
from bot.services.review import Judge
from bot.services.timeline import ROBOT, note

log = logging.getLogger(__name__)

JOB = "reminder"
LONGEST = timedelta(minutes=5)
"""Every case is looked at this often at least: the rota is no part of the case, and a change may be missed."""
Sent = Mapping[str, datetime]
LeadsOf = Callable[[Unit, str], Sequence[str]]
"""(unit, shop) -> the ids of the leads of its team, to whom reminders escalate last"""


class Reminders:
    """Sends the reminders that are due, and stores what people say about them."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        judge: Judge,
        oncall: OnCall,
        plan: Plan,
        leads: LeadsOf,
        notifier: Notifier,
    ) -> None:
        self.units, self.clock, self.judge, self.oncall = units, clock, judge, oncall
        self.plan, self.leads, self.notifier = plan, leads, notifier
        self._looked: dict[str, datetime] = {}
        self._looks: dict[str, datetime] = {}
        self._seen = 0

    def tick(self) -> list[tuple[str, str]]:
        """Send every reminder that is due. It may be called as often as one likes, in several replicas. Returns
        the (case id, step) pairs that were sent."""
        done = []
        for case_id in self._cases_due():
            try:
                if step := self._remind(case_id):
                    done.append((case_id, step.key))
            except Exception:
                # One case that cannot be worked out must not silence the others; the next tick tries it again.
                log.exception("reminding of %s failed", case_id)
        return done

    def _cases_due(self) -> list[str]:
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            changed, self._seen = unit.reminders.changed(self._seen)
            chosen = self._to_look_at(unit.reminders.active(), changed, now)
            watched = unit.reminders.watched(ROBOT, chosen)
            sent = unit.reminders.sent([watch.case_id for watch in watched])
            rota, shops = self.oncall.rota(unit), {watch.shop for watch in watched}
            leads = {shop: self.leads(unit, shop) for shop in shops}
        on_call = {shop: rota.on_call(shop, now) for shop in shops}
        due = []
        for watch in watched:
            own = sent.get(watch.case_id, {})
            rungs = ladder(watch.owner, on_call[watch.shop], leads[watch.shop])
            if next_step(watch, self.plan, rungs, own, now) or self._worth_a_look(watch, own, now):
                due.append(watch.case_id)
            else:
                self._looks[watch.case_id] = _soon(watch, next_look(watch, self.plan, own, now), now)
        return due

    def _to_look_at(self, active: Collection[str], changed: Collection[str], now: datetime) -> list[str]:
        """The cases that are due, that changed, or that are new. Reading all cases at every tick would be
        expensive."""
        for gone in self._looks.keys() - set(active):
            self._looks.pop(gone, None)
            self._looked.pop(gone, None)
        # An instant beyond the longest wait: the clock was set back since.
        waiting = {case_id for case_id, at in dict(self._looks).items() if now < at <= now + LONGEST}
        chosen = [case_id for case_id in active if case_id not in waiting or case_id in changed]
        for case_id in chosen:
            self._looks.pop(case_id, None)
        return chosen

    def _worth_a_look(self, watch: Watch, sent: Sent, now: datetime) -> bool:
        """Whether to judge a case on which nobody works: once after each change and not at every tick, because
        judging is the expensive part."""
        if self._looked.get(watch.case_id) == watch.touched_at or not rests(watch, self.plan, now):
            return False
        return may_send(watch, self.plan, _ready(watch, (Level.EVERYBODY, ())), sent, now)

    def _remind(self, case_id: str) -> Step | None:
        now = self.clock.now()
        with self.units() as unit:
            unit.cases.get(case_id, lock=True)
            watched = unit.reminders.watched(ROBOT, [case_id])
            if not watched:
                return None
            watch, sent = watched[0], unit.reminders.sent([case_id]).get(case_id, {})
            rungs = ladder(watch.owner, self.oncall.on_call(unit, watch.shop), self.leads(unit, watch.shop))
            step = next_step(watch, self.plan, rungs, sent, now) or self._rested(unit, watch, rungs, sent, now)
            if step is None or not unit.records.take_run(JOB, case_id, step.key, now):
                return None
            judged = self.judge.look(unit, case_id)
            if step.kind is Kind.LETTER and not awaited(judged):
                return None
            self._post(unit, judged, step, sent)
        return step

    def _rested(self, unit: Unit, watch: Watch, rungs: Sequence[Rung], sent: Sent, now: datetime) -> Step | None:
        """The reminder of a case on which nobody has worked for a while: that it is ready to submit, or that
        evidence is growing too old (domain.md §5 `freshness`)."""
        if not self._worth_a_look(watch, sent, now):
            return None
        self._looked[watch.case_id] = watch.touched_at
        judged = self.judge.look(unit, watch.case_id)
        step = _ready(watch, rungs[0]) if judged.ready else _stale(judged, rungs[0])
        return step if step and may_send(watch, self.plan, step, sent, now) else None

    def _post(self, unit: Unit, judged: Judgement, step: Step, sent: Sent) -> None:
        case = judged.case
        card = self.notifier.worded(lambda texts, language: texts.reminder(language, judged, step))
        key = NoticeKey.of(case.id, f"{JOB}:{step.key}")
        self.notifier.notify(unit, judged.context.shop.channels, case.id, key, card)
        again = step.kind is Kind.STAGE and any(key.startswith(f"{step.stage}.") for key in sent)
        what = "escalated" if again or step.kind is Kind.UNCLAIMED else "reminded"
        note(
            unit, self.clock, case.id, ROBOT, what, kind=step.kind.value, stage=step.stage, to=", ".join(step.people)
        )

    def acknowledge(self, case_id: str, person: str, stage: str = "") -> Case:
        """Record that a person has seen the reminder: nobody else is asked in this stage; the next stage asks
        again. `stage` is the one on the button. Raises Refusal when no stage is running, or another one."""
        with self.units() as unit:
            case, watch = self._case(unit, case_id)
            current = stage_at(watch, self.plan, self.clock.now())
            if not current or not case.active:
                raise Refusal("nothing_to_acknowledge", case=case_id)
            if stage and stage != current:
                raise Refusal("stale_button", case=case_id)
            if watch.acked != current:
                unit.reminders.set(case_id, acked=current)
                note(unit, self.clock, case_id, person, "acknowledged", stage=current)
        return case

    def snooze(self, case_id: str, person: str, wish: timedelta) -> datetime:
        """Send no reminders for a while; returns until when (UTC). Raises Refusal when that would be too late for
        the deadline."""
        with self.units() as unit:
            _, watch = self._case(unit, case_id)
            until = snooze_until(watch, self.plan, wish, self.clock.now())
            unit.reminders.set(case_id, snoozed_until=until)
            note(unit, self.clock, case_id, person, "snoozed", until=f"{until:%Y-%m-%d %H:%M UTC}")
        return until

    def switch(self, case_id: str, person: str, off: bool) -> Case:
        """Switch the reminders of a case off, or on again, which also ends a snooze."""
        with self.units() as unit:
            case, watch = self._case(unit, case_id)
            if watch.off is not off or (watch.snoozed_until and not off):
                unit.reminders.set(case_id, off=off, snoozed_until=None)
                note(unit, self.clock, case_id, person, "reminders_off" if off else "reminders_on")
        return case

    @staticmethod
    def _case(unit: Unit, case_id: str) -> tuple[Case, Watch]:
        case = unit.cases.get(case_id, lock=True)
        if case is None:
            raise Refusal("no_such_case", case=case_id)
        watched = unit.reminders.watched(ROBOT, [case_id])
        if not watched:
            raise Refusal("case_finished", case=case_id, status=case.status.value)
        return case, watched[0]


def _soon(watch: Watch, planned: datetime | None, now: datetime) -> datetime:
    """The next instant at which to look at the case: as planned, but within LONGEST, and spread so that not all
    cases come at once."""
    spread = int(watch.case_id[1:]) % 100 / 100
    latest = now + LONGEST * (0.5 + spread / 2)
    return min(planned or latest, latest)


def _ready(watch: Watch, rung: Rung) -> Step:
    return Step(Kind.READY, f"ready@{watch.touched_at:%Y%m%dT%H%M%S}", *rung)


def _stale(judged: Judgement, rung: Rung) -> Step | None:
    ids = sorted({item.evidence_id for item in judged.review.findings if item.rule == "freshness"} - {""})
    return Step(Kind.STALE, f"stale:{','.join(ids)}", *rung) if ids else None
