"""The texts of one language: names of things, and figures, for whoever makes a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from bot.domain.carriers import tracking_address
from bot.domain.case import Case, CaseOrder, CaseStatus
from bot.domain.day_state import DayKnowledge
from bot.domain.deadline import time_left
from bot.domain.policy import Catalogue, Policy
from bot.messaging.card import CopyLine, Countdown
from bot.wording.phrases import Phrases


@dataclass(frozen=True)
class Localizer:
    """Says texts in one `language`, with times relative to the instant `now` (UTC)."""

    phrases: Phrases
    language: str
    policy: Policy
    catalogue: Catalogue
    now: datetime

    def __call__(self, key: str, **params: Any) -> str:
        """The text of that key with its parameters filled in."""
        return self.phrases.say(key, self.language, **params)

    def kind(self, kind: str) -> str:
        """The name of an evidence kind; a dash while it is unknown."""
        return self(f"words.kind.{kind}") if kind else "–"

    def defects(self, order: CaseOrder) -> str:
        """The names of the order's defect types."""
        return " + ".join(self(f"words.defect.{kind.value}") for kind in order.defect_types)

    def scenario(self, order: CaseOrder) -> str:
        """The name of the order's scenario."""
        return self(f"words.scenario.{order.scenario or 'none'}")

    def trigger(self, name: str, high_risk: bool) -> str:
        """A fired trigger in words, with the limit that was crossed."""
        limits = {
            "single_day": self.policy.single_day(high_risk),
            "red": Fraction(self.policy.triggers.red),
            "streak": Fraction(self.policy.triggers.streak),
            "rolling": self.policy.requirement(high_risk),
        }
        limit = f"{float(limits[name]) * 100:g} %" if name in limits else ""
        days, factor = self.policy.triggers.streak_days, self.policy.triggers.surge_factor
        return self(f"words.trigger.{name}", limit=limit, days=days, factor=factor)

    def triggers(self, names: Sequence[str]) -> str:
        """The short names of fired triggers."""
        return ", ".join(self(f"words.short_trigger.{name}") for name in names)

    def day_state(self, known: DayKnowledge) -> str:
        """What is known of a day, with the sources that are missing."""
        missing = ", ".join(self(f"words.source.{source}") for source in known.missing)
        return self(f"words.day_state.{known.state.value}", missing=missing)

    def status(self, case: Case, ready: bool = False) -> str:
        """The name of the case's state."""
        shown = "ready" if ready and case.status is CaseStatus.OPEN else case.status.value
        return self(f"words.status.{shown}")

    def left(self, case: Case) -> str:
        """The time left, or how long ago the window has closed."""
        seconds = time_left(case.deadline, self.now).total_seconds()
        key = "left" if seconds >= 0 else "over"
        return self(f"alerts.{key}", seconds=seconds)

    def countdown(self, case: Case) -> Countdown:
        """The deadline in UTC and in the team's zone, with the time left."""
        text = self("alerts.countdown", deadline=case.deadline, left=self.left(case), zone=self.phrases.zone)
        return Countdown(self("alerts.deadline"), case.deadline, self.now, ("UTC", self.phrases.zone), text)

    def tracking_line(self, carrier: str, number: str) -> CopyLine:
        """A tracking number to copy, with its page on the carrier's own site where that is known."""
        return CopyLine(number, tracking_address(self.catalogue.tracking_pages, carrier, number))

    def proposals(self, keys: Sequence[str]) -> str:
        """What may be done beside or instead of an appeal; the platform's support is always among it (domain.md
        §6)."""
        return self("words.proposal.joined", ways=[self(f"words.proposal.{key}") for key in (*keys, "support")])

    def rate(self, defects: int, orders: int) -> str:
        """The rate as a percentage with its counts, such as "1.300 % (13/1000)"."""
        odr = Fraction(defects, orders) if orders else None
        return f"{self.phrases.percent(odr)} ({defects}/{orders})"
