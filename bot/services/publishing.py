"""Cards that follow a case: every change refreshes them in the same transaction."""

from collections.abc import Callable
from datetime import date

from bot.card import Card
from bot.domain.anomaly import Detection, detect
from bot.ports import Clock, Unit
from bot.services.monitoring import Days, Monitoring
from bot.services.review import Judge, Judgement

HeadlineOf = Callable[[str, Judgement, Detection, tuple[Days, int, int]], Card]
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
    ) -> None:
        self.clock, self.judge, self.monitoring = clock, judge, monitoring
        self.headline, self.work, self.language = headline, work, language

    def publish(self, unit: Unit, case_id: str) -> None:
        """Queue the case's cards as they are now, in each channel's language."""
        judged = self.judge.look(unit, case_id)
        measured = self.measure(unit, judged)
        for channel in judged.dossier.shop.channels:
            language = unit.records.channel_language(channel) or self.language
            headline, work = self.headline(language, judged, *measured), self.work(language, judged)
            unit.messages.put(channel, case_id, "", headline, self.clock.now())
            unit.messages.put(channel, case_id, "", work, self.clock.now())

    def measure(self, unit: Unit, judged: Judgement) -> tuple[Detection, tuple[Days, int, int]]:
        """The figures and the trend of the anomaly's day."""
        shop, day = judged.dossier.shop, date.fromisoformat(judged.case.day)
        trend = self.monitoring.trend_in(unit, shop.id, day)
        return detect(trend[0], day, self.monitoring.policy, shop.high_risk), trend

    def headline_now(self, unit: Unit, case_id: str, language: str) -> Card:
        """The headline card for somebody who asks."""
        judged = self.judge.look(unit, case_id)
        return self.headline(language, judged, *self.measure(unit, judged))
