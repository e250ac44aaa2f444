from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation.events import ButtonPressed, CommandReceived, FormSubmitted
from bot.domain.day_state import Reach
from bot.domain.odr import day_number
from bot.messaging.card import Card, from_json
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.services.importing import DataChange
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from bot.store.tables import messages, to_ms

LAST = date(2026, 11, 18)
"""The last day that the shops' first data cover, a Wednesday."""
SHOPS = ("us-1", "uk-1", "my-1")
ROOM = "console:ops"


@dataclass
class Team:
    """A program with three shops in one channel, and what its channel shows."""

    app: App
    clock: FrozenClock
    heard: int = 0

    def at(self, *when: int) -> None:
        """Set the clock to that instant, UTC."""
        self.clock.at = datetime(*when, tzinfo=UTC)

    def feed(self, shop: str, first: date, last: date, *sources: str, origin: str = "demo", orders: int = 50) -> None:
        """Data of the days from `first` to `last`, all of them whole, as one delivery."""
        days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
        with self.app.store.unit() as unit:
            for day in days:
                start = datetime.combine(day, time(), UTC)
                rows = [
                    (
                        f"{shop}-{day:%m%d}{n:04d}",
                        to_ms(start + timedelta(minutes=n)),
                        day_number(day),
                        True,
                        "",
                        "",
                        "",
                    )
                    for n in range(orders)
                ]
                unit.orders.upsert_orders(shop, rows)
            for source in sources or ("orders", "returns"):
                unit.orders.reached(shop, Reach(source, day_number(first), day_number(last) + 1), f"{origin}{first}")
            self.app.measure_again(unit, DataChange(shop, frozenset(days), "li", "import 7"))

    def shown(self, word: str = "") -> list[Card]:
        """The messages to the channel with that word in their title, in the order in which they are shown."""
        with self.app.engine.connect() as connection:
            found = connection.execute(
                sa.select(messages.c.card).where(messages.c.channel == ROOM).order_by(messages.c.seq)
            )
            cards = [from_json(row.card) for row in found]
        return [card for card in cards if word in card.title]

    def tick(self) -> list[str]:
        """Run the job; returns the channels whose message changed."""
        return self.app.stale.tick()

    def say(self, text: str, person: str = "li") -> Card:
        self.heard += 1
        event = CommandReceived(f"e{self.heard}", ROOM, person, self.clock.now(), text=text)
        return self.app.dispatcher.handle(event).cards[-1]

    def press(self, action: str, payload: dict[str, str], person: str = "li") -> Card:
        self.heard += 1
        event = ButtonPressed(f"e{self.heard}", ROOM, person, self.clock.now(), action=action, payload=payload)
        return self.app.dispatcher.handle(event).cards[-1]

    def fill(self, action: str, payload: dict[str, str], values: dict[str, str], person: str = "li") -> Card:
        self.heard += 1
        event = FormSubmitted(
            f"e{self.heard}", ROOM, person, self.clock.now(), action=action, payload=payload, values=values
        )
        return self.app.dispatcher.handle(event).cards[-1]


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    shops = [ShopSettings(id=shop, name=shop.upper(), site=shop[:2], opened_on=date(2024, 1, 5)) for shop in SHOPS]
    clock = FrozenClock(datetime(2026, 11, 19, 1, tzinfo=UTC))
    settings = Settings(data_dir=tmp_path / "data", language="en", shops=shops)
    app = App(settings, clock).open()
    yield Team(app, clock)
    app.engine.dispose()
