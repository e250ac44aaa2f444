"""Two teams with a shop and a case each, and people in all roles, for tests of who sees what (domain.md §7)."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.conversation.events import CommandReceived
from bot.messaging.card import Card
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import PersonSettings, ShopSettings, TeamSettings
from tests.conversations.conftest import ANOMALY, NOW, OpenLinks, story

LISTED = [
    *(
        PersonSettings(id=f"a-{role}", name=f"Anna {role}", roles={"a": role})
        for role in ("viewer", "member", "lead")
    ),
    PersonSettings(id="a-admin", name="Anna admin", roles={"a": "admin"}),
    PersonSettings(id="b-lead", name="Quentin", roles={"b": "lead"}),
    PersonSettings(id="b-member", name="Bruno", roles={"b": "member"}),
    PersonSettings(id="both", name="Zoe", roles={"a": "viewer", "b": "lead"}),
]
SHOPS = [
    ShopSettings(id="us-1", name="Bright Home", site="US", opened_on=date(2024, 1, 5)),
    ShopSettings(id="uk-1", name="Distant Lamps", site="UK", opened_on=date(2024, 1, 5)),
    ShopSettings(id="zz-1", name="Homeless Chairs", site="UK", opened_on=date(2024, 1, 5)),
]
TEAMS = [
    TeamSettings(id="a", name="Team Anna", members="listed", shops=["us-1"], channels=["slack:CA", "console:a"]),
    TeamSettings(id="b", shops=["uk-1"], channels=["slack:CB", "feishu:oc_b"]),
]


class Silent:
    """A chat that shows everything and tells nothing."""

    pace_seconds = 0.0

    def __init__(self, name: str) -> None:
        self.name = name

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        return key

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        return ref

    def find(self, channel: str, thread: str, key: str) -> str | None:
        return None


SENDERS = {name: Silent(name) for name in ("slack", "feishu", "console")}


def two_teams(folder: Path, teams: Sequence[TeamSettings] = TEAMS, **settings: object) -> App:
    """The program of two teams, each with a case: C1 is team a's, C2 team b's."""
    given = {"shops": SHOPS, "teams": list(teams), "people": LISTED, "language": "en"} | settings
    app = App(Settings(data_dir=folder / "data", **given), FrozenClock(NOW), links=OpenLinks(), senders=SENDERS)
    app.open()
    orders, defects = story()
    with app.store.unit() as unit:
        for shop, first in (("us-1", "5"), ("uk-1", "9")):
            unit.orders.upsert_orders(shop, [(first + str(row[0])[1:], *row[1:]) for row in orders])
            unit.orders.upsert_defects(shop, [(first + str(row[0])[1:], *row[1:]) for row in defects])
    for shop in ("us-1", "uk-1"):
        app.monitoring.check(ANOMALY, [shop])
    return app


@dataclass
class House:
    """The program, and what anybody says to it from anywhere."""

    app: App
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def cards(self, person: str, channel: str, text: str, *, direct: bool = False) -> list[Card]:
        event_id = f"said-{next(self.numbers)}"
        event = CommandReceived(event_id, channel, person, self.app.clock.now(), text=text, direct=direct)
        return list(self.app.dispatcher.handle(event).cards)

    def say(self, person: str, channel: str, text: str, *, direct: bool = False) -> str:
        return "\n".join(card.plain() for card in self.cards(person, channel, text, direct=direct))

    def sees(self, person: str, channel: str, *, direct: bool = False) -> set[str]:
        """The ids of the shops that somebody sees from there."""
        now = self.app.clock.now()
        return set(self.app.access.sight(CommandReceived("", channel, person, now, direct=direct)).shops)
