"""Keeps the cards of cases up to date: every change of a case queues its cards in the same transaction."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from bot.domain.addresses import HEADLINE, WORK
from bot.domain.case import Case, CaseStatus
from bot.domain.deadline import next_milestone
from bot.domain.statuses import OpenWord
from bot.messaging.card import Card
from bot.ports.store import Unit
from bot.services.judgement import Judgement
from bot.services.measuring import Figures, ShopCheck, Trend
from bot.services.monitoring import Monitoring
from bot.services.notifying import Notifier
from bot.services.review import Judge
from bot.services.timeline import memory

AT_ONCE = 20
"""Cases whose countdowns are updated in one transaction."""


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
        on_call: Callable[[Unit], Callable[[str], str]],
    ) -> None:
        """`on_call(unit)` is what names the person who is on call for a shop."""
        self.judge, self.monitoring, self.notifier = judge, monitoring, notifier
        self.stages, self.on_call, self.clock = stages, on_call, notifier.clock

    def publish(self, unit: Unit, case_ids: Collection[str]) -> None:
        """Queue the cards of these cases as they are now, and plan when their countdowns are updated next."""
        judged = self.judge.look_all(unit, unit.cases.those(case_ids))
        figures = self._figures(unit, judged)
        unit.cases.plan_refreshes({each.case.id: self._next(each.case) for each in judged})
        cards = []
        for each in judged:
            case_id, channels = each.case.id, each.context.shop.channels
            for part, card in ((HEADLINE, self._headline(each, figures[case_id])), (WORK, self._work(each))):
                memory()[_made(case_id, part)] = card
                cards.append((channels, case_id, card))
        self.notifier.renew(unit, cards)

    def _next(self, case: Case) -> datetime | None:
        running = case.status is CaseStatus.OPEN
        return next_milestone(case.deadline, self.clock.now(), self.stages) if running else None

    def refresh_due(self, most: int = 500) -> int:
        """Publish the cases whose countdown is due for an update, at most `most`, a few in each
        transaction, so that readers and other replicas never wait long. Returns how many there were."""
        now = self.clock.now()
        latest = now + max((every for _, every in self.stages), default=timedelta(0))
        with self.judge.units(read_only=True) as unit:
            due = unit.cases.refresh_due(now, latest, most)
        taken = 0
        for start in range(0, len(due), AT_ONCE):
            with self.judge.units() as unit:
                taken += len(unit.cases.take_refreshes(due[start : start + AT_ONCE], now, latest))
        return taken

    def headline_for(self, case_id: str, language: str) -> Card:
        """The headline card for a person who asks, in that language first. In a turn that has changed the case it
        is the card that the change has queued."""
        made: Card | None = memory().get(_made(case_id, HEADLINE))
        return (made or self._headline_now(case_id)).read_in(language)

    def _headline_now(self, case_id: str) -> Card:
        with self.judge.units(read_only=True) as unit:
            judged = self.judge.look(unit, case_id)
            return self._headline(judged, self._figures(unit, [judged])[case_id])

    def work_for(self, case_id: str, language: str) -> Card:
        """The work card for a person who asks, in that language first; made once in a turn, as by `headline_for`."""
        made: Card | None = memory().get(_made(case_id, WORK))
        return (made or self._work(self.judge.judge(case_id))).read_in(language)

    def _headline(self, judged: Judgement, figures: Figures) -> Card:
        return self.notifier.worded(lambda texts, language: texts.headline(language, judged, figures))

    def _work(self, judged: Judgement) -> Card:
        return self.notifier.worded(lambda texts, language: texts.work(language, judged))

    def _figures(self, unit: Unit, judged: Sequence[Judgement]) -> dict[str, Figures]:
        """What the headlines of these cases show beside the case, by case."""
        days = [(each.context.shop, date.fromisoformat(each.case.day)) for each in judged]
        shown, on_call = self.monitoring.shown(unit, days), self.on_call(unit)
        return {
            each.case.id: self._figures_of(unit, each, shown[shop.id, day], on_call)
            for each, (shop, day) in zip(judged, days, strict=True)
        }

    @staticmethod
    def _figures_of(
        unit: Unit, judged: Judgement, shown: tuple[ShopCheck, Trend], on_call: Callable[[str], str]
    ) -> Figures:
        case, (check, trend) = judged.case, shown
        words: list[OpenWord] = []
        if case.status is CaseStatus.OPEN and check.detection.without_unknown:
            words = [each for each in unit.statuses.words([case.shop]) if each.valid is None]
        return Figures(check.detection, trend, on_call(case.shop), words, check.known)
