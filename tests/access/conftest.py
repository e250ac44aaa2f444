"""Two shops in two channels, each with a case, evidence in it, evidence that waits, and a package."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

import pytest

from bot.domain.case import CaseStatus
from bot.domain.evidence import Evidence, Facts
from bot.messaging.card import Attachment
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from tests.conversations.conftest import ANOMALY, NOW, ORDERS, OpenLinks, Talk, conversation, story

HERE, THERE = "console:ops", "console:uk"


@dataclass(frozen=True)
class Things:
    """The ids of one shop's things."""

    shop: str
    name: str
    case: str
    order: str
    evidence: str
    unfiled: str
    sha256: str
    package: str
    message: str
    """The id of the message that brought the evidence."""


NOTHING = Things(
    "zz-9", "Faraway Chairs", "C777", "999999999999999999", "E777", "E778", "0" * 64, "1" * 64, "event-99999999"
)
"""Ids that look the same and that nothing has."""


@dataclass(frozen=True)
class World:
    """`talk` is of somebody in the first shop's channel, who has never been in the other's."""

    talk: Talk
    own: Things
    foreign: Things

    before: sqlite3.Connection
    """The database as it was before the first question."""

    @property
    def app(self) -> App:
        return self.talk.app

    def undo(self) -> None:
        """Put everything back as it was before the first question, if one's own things have changed since."""
        if self._mine() != self._mine(self.before):
            with closing(sqlite3.connect(str(self.app.engine.url.database))) as database:
                self.before.backup(database)

    def _mine(self, kept: sqlite3.Connection | None = None) -> list[object]:
        if kept is None:
            with closing(sqlite3.connect(str(self.app.engine.url.database))) as now:
                return self._mine(now)
        number = int(self.own.case[1:])
        tables = ("SELECT * FROM appeal_case WHERE id", "SELECT max(id) FROM timeline_event WHERE case_id")
        found = [kept.execute(f"{query} = {number}").fetchall() for query in tables]
        return [*found, kept.execute("SELECT max(id), count(case_id) FROM evidence").fetchall()]


def _foreign_order(order: str) -> str:
    """Another beginning and another end: people name orders by their last digits."""
    return f"99{order[2:-6]}{999_999 - int(order[-6:]):06d}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    opened = date(2024, 1, 5)
    shops = [
        ShopSettings(id="us-1", name="Bright Home", site="US", opened_on=opened, channels=[HERE]),
        ShopSettings(id="uk-1", name="Distant Lamps", site="UK", opened_on=opened, channels=[THERE]),
    ]
    app = App(
        Settings(data_dir=folder / "data", shops=shops, default_role="lead"), FrozenClock(NOW), links=OpenLinks()
    )
    app.open()
    orders, defects = story()
    with app.store.unit() as unit:
        for shop, own in (("us-1", str), ("uk-1", _foreign_order)):
            unit.orders.upsert_orders(shop, [(own(str(row[0])), *row[1:]) for row in orders])
            unit.orders.upsert_defects(shop, [(own(str(row[0])), *row[1:]) for row in defects])
    app.monitoring.check(ANOMALY, ["us-1"])
    with app.store.unit() as unit:
        # Help and hints speak of C1: the other shop's case has a number that stands nowhere else.
        [first] = unit.cases.listed(["us-1"])
        for _ in range(40):
            unit.cases.add(replace(first, id="", status=CaseStatus.DISMISSED, orders=[]))
    app.monitoring.check(ANOMALY, ["uk-1"])
    foreign = _filled(Talk(app, folder, "smith", THERE), "uk-1", "Distant Lamps", _foreign_order(ORDERS[0]))
    talk = Talk(app, folder, "li", HERE)
    own = _filled(talk, "us-1", "Bright Home", ORDERS[0])
    with closing(sqlite3.connect(":memory:")) as before:
        with closing(sqlite3.connect(str(app.engine.url.database))) as database:
            database.backup(before)
        yield World(talk, own, foreign, before)
    app.engine.dispose()


def _filled(talk: Talk, shop: str, name: str, order: str) -> Things:
    talk.numbers = iter(range({"us-1": 1000, "uk-1": 0}[shop], 10**6))
    with talk.app.store.unit(read_only=True) as unit:
        [case] = unit.cases.listed([shop])
    talk.send((f"inbox-{shop}.txt", conversation().replace(ORDERS[0], order)), thread=case.id)
    [package] = [each for each in talk.say(f"export {case.id}").elements if isinstance(each, Attachment)]
    with talk.app.store.unit() as unit:
        [item] = unit.evidence.of_case(case.id)
        stored = talk.app.vault.put_bytes(f"waits for {shop}".encode())
        waiting = Evidence("", "", stored.sha256, stored.size, f"{shop}.txt", talk.person, NOW, Facts())
        unfiled = unit.evidence.add(waiting, talk.channel)
    return Things(shop, name, case.id, order, item.id, unfiled.id, item.sha256, package.sha256, item.message_id)
