from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.messaging.card import Card, Text
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import OnCallSettings
from tests.conversations.conftest import NOW, Talk, app, buttons, talk
from tests.conversations.conftest import settings as team

__all__ = ["app", "talk", "team"]

DEADLINE = datetime(2026, 11, 22, 20, tzinfo=UTC)
assert DEADLINE - timedelta(hours=60) == NOW


@pytest.fixture
def quiet() -> list[time]:
    """Between which times nobody is reminded; none."""
    return []


@pytest.fixture
def settings(team: Settings, quiet: list[time]) -> Settings:
    """The team of the conversations with somebody on call."""
    settings = team
    settings.oncall = [OnCallSettings(people=["wang", "zhao"], start=date(2026, 11, 16))]
    settings.reminders.quiet = quiet
    return settings


@dataclass
class Day:
    """Case C1 as time goes by: every step of the clock is followed by a tick."""

    talk: Talk

    @property
    def app(self) -> App:
        return self.talk.app

    def left(self, hours: float) -> list[str]:
        """The keys of what is sent when so many hours are left."""
        return self.at(DEADLINE - timedelta(hours=hours))

    def at(self, moment: datetime) -> list[str]:
        clock = self.app.clock
        assert isinstance(clock, FrozenClock)
        clock.at = moment
        return [key for _, key in self.app.reminders.tick()]

    def cards(self) -> list[Card]:
        """The reminders in the case's thread."""
        shown = self.talk.shown("C1")
        return [card for card in shown if "snooze" in {button.action for button in buttons(card).values()}]

    def events(self) -> list[tuple[str, str]]:
        with self.app.store.unit(read_only=True) as unit:
            return [(event.who, event.what) for event in unit.cases.timeline("C1")]


def mentions(card: Card) -> tuple[str, ...]:
    return tuple(person for element in card.elements if isinstance(element, Text) for person in element.mentions)


@pytest.fixture
def day(talk: Talk) -> Iterator[Day]:
    yield Day(talk)
