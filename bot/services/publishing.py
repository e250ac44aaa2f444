"""Cards that follow a case: every change refreshes them in the same transaction."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.domain.anomaly import Detection, detect
from bot.domain.case import CaseStatus
from bot.domain.deadline import next_milestone
from bot.domain.statuses import OpenWord
from bot.messaging.card import Card
from bot.ports.clock import Clock
from bot.ports.store import Unit
from bot.services.measuring import Days
from bot.services.monitoring import Monitoring
from bot.services.review import Judge, Judgement

HeadlineOf = Callable[[str, Judgement, Detection, tuple[Days, int, int], str, Sequence[OpenWord]], Card]
"""(language, the case, its figures, the trend, who is on call, status words to be explained) -> the headline card"""
WorkOf = Callable[[str, Judgement], Card]


class Publisher:
    """Puts the case's thread into the shop's channels: the headline card opens it, the work card follows."""

    def __init__(
        self,
        clock: Clock,
        judge: Judge,
        monitoring: Monitoring,
        headline: HeadlineOf,
        work: WorkOf,
        language: str,
        stages: Sequence[tuple[timedelta, timedelta]],
        on_call: Callable[[Unit, str], str],
    ) -> None:
        self.clock, self.judge, self.monitoring = clock, judge, monitoring
        self.headline, self.work, self.language, self.stages = headline, work, language, stages
        self.on_call = on_call

    def publish(self, unit: Unit, case_id: str) -> None:
        """Queue the case's cards as they are now, in each channel's language, and plan when the countdown moves."""
        judged = self.judge.look(unit, case_id)
        running = judged.case.status is CaseStatus.OPEN
        unit.cases.plan_refresh(case_id, self._next(judged.case.deadline) if running else None)
        known = self._known(unit, judged)
        for channel in judged.dossier.shop.channels:
            language = unit.records.channel_language(channel) or self.language
            headline, work = self.headline(language, judged, *known), self.work(language, judged)
            unit.messages.put(channel, case_id, "", headline, self.clock.now())
            unit.messages.put(channel, case_id, "", work, self.clock.now())

    def _next(self, deadline: datetime) -> datetime | None:
        return next_milestone(deadline, self.clock.now(), self.stages)

    def refresh_due(self, most: int = 500) -> int:
        """The countdown's tick: publish the cases whose milestone has come, each in a transaction of its own, so
        that a reader or another replica never waits long. Returns how many there were, `most` at the most."""
        now = self.clock.now()
        latest = now + max((every for _, every in self.stages), default=timedelta(0))
        with self.judge.units(read_only=True) as unit:
            due = unit.cases.refresh_due(now, latest, most)
        taken = 0
        for case_id in due:
            with self.judge.units() as unit:
                taken += unit.cases.take_refresh(case_id, now, latest)
        return taken

    def measure(self, unit: Unit, judged: Judgement) -> tuple[Detection, tuple[Days, int, int]]:
        """The figures and the trend of the anomaly's day."""
        shop, day = judged.dossier.shop, date.fromisoformat(judged.case.day)
        trend = self.monitoring.trend_in(unit, shop.id, day)
        return detect(trend[0], day, self.monitoring.policy, shop.high_risk), trend

    def headline_now(self, unit: Unit, case_id: str, language: str) -> Card:
        """The headline card for somebody who asks."""
        judged = self.judge.look(unit, case_id)
        return self.headline(language, judged, *self._known(unit, judged))

    def headline_for(self, case_id: str, language: str) -> Card:
        """The same in a transaction of its own, for whoever is asking."""
        with self.judge.units(read_only=True) as unit:
            return self.headline_now(unit, case_id, language)

    def _known(
        self, unit: Unit, judged: Judgement
    ) -> tuple[Detection, tuple[Days, int, int], str, Sequence[OpenWord]]:
        """What the headline card shows beside the case itself."""
        detection, trend = self.measure(unit, judged)
        case, words = judged.case, []
        if case.status is CaseStatus.OPEN and detection.without_unknown:
            words = [each for each in unit.statuses.words([case.shop]) if each.valid is None]
        return detection, trend, self.on_call(unit, case.shop), words
