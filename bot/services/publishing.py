"""Keeps the cards of cases up to date: every change of a case queues its cards in the same transaction."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.domain.addresses import HEADLINE, WORK
from bot.domain.case import CaseStatus
from bot.domain.deadline import next_milestone
from bot.domain.statuses import OpenWord
from bot.messaging.card import Card
from bot.ports.store import Unit
from bot.services.judgement import Judgement
from bot.services.measuring import Figures
from bot.services.monitoring import Monitoring
from bot.services.notifying import Notifier
from bot.services.review import Judge
from bot.services.timeline import memory


def _in_its_slot(channel: str) -> str:
    """The key of a card that has a slot."""
    return ""


def _made(case_id: str, part: str) -> str:
    return f"{part} of {case_id}"


class Publisher:
    """Shows a case in the shop's channels: the headline card opens its thread, the work card follows. Both come
    from one judgement, for all channels and languages."""

    def __init__(
        self,
        judge: Judge,
        monitoring: Monitoring,
        notifier: Notifier,
        stages: Sequence[tuple[timedelta, timedelta]],
        on_call: Callable[[Unit, str], str],
    ) -> None:
        self.judge, self.monitoring, self.notifier = judge, monitoring, notifier
        self.stages, self.on_call, self.clock = stages, on_call, notifier.clock

    def publish(self, unit: Unit, case_id: str) -> None:
        """Queue the case's cards as they are now, and plan when its countdown is updated next."""
        judged = self.judge.look(unit, case_id)
        running = judged.case.status is CaseStatus.OPEN
        unit.cases.plan_refresh(case_id, self._next(judged.case.deadline) if running else None)
        cards = {HEADLINE: self._headline(unit, judged), WORK: self._work(judged)}
        for part, card in cards.items():
            memory()[_made(case_id, part)] = card
            self.notifier.notify(unit, judged.context.shop.channels, case_id, _in_its_slot, card)

    def _next(self, deadline: datetime) -> datetime | None:
        return next_milestone(deadline, self.clock.now(), self.stages)

    def refresh_due(self, most: int = 500) -> int:
        """Publish the cases whose countdown is due for an update, at most `most`, each in a transaction of its
        own, so that readers and other replicas never wait long. Returns how many there were."""
        now = self.clock.now()
        latest = now + max((every for _, every in self.stages), default=timedelta(0))
        with self.judge.units(read_only=True) as unit:
            due = unit.cases.refresh_due(now, latest, most)
        taken = 0
        for case_id in due:
            with self.judge.units() as unit:
                taken += unit.cases.take_refresh(case_id, now, latest)
        return taken

    def headline_for(self, case_id: str, language: str) -> Card:
        """The headline card for a person who asks, in that language first. In a turn that has changed the case it
        is the card that the change has queued."""
        made: Card | None = memory().get(_made(case_id, HEADLINE))
        return (made or self._headline_now(case_id)).read_in(language)

    def _headline_now(self, case_id: str) -> Card:
        with self.judge.units(read_only=True) as unit:
            return self._headline(unit, self.judge.look(unit, case_id))

    def work_for(self, case_id: str, language: str) -> Card:
        """The work card for a person who asks, in that language first; made once in a turn, as by `headline_for`."""
        made: Card | None = memory().get(_made(case_id, WORK))
        return (made or self._work(self.judge.judge(case_id))).read_in(language)

    def _headline(self, unit: Unit, judged: Judgement) -> Card:
        figures = self._figures(unit, judged)
        return self.notifier.worded(lambda texts, language: texts.headline(language, judged, figures))

    def _work(self, judged: Judgement) -> Card:
        return self.notifier.worded(lambda texts, language: texts.work(language, judged))

    def _figures(self, unit: Unit, judged: Judgement) -> Figures:
        case, shop, day = judged.case, judged.context.shop, date.fromisoformat(judged.case.day)
        check, trend = self.monitoring.shown(unit, shop, day)
        words: list[OpenWord] = []
        if case.status is CaseStatus.OPEN and check.detection.without_unknown:
            words = [each for each in unit.statuses.words([case.shop]) if each.valid is None]
        return Figures(check.detection, trend, self.on_call(unit, case.shop), words, check.known)
