from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.case import Case
from bot.domain.day_state import Reach
from bot.domain.odr import day_number
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.services.measuring import ShopCheck
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from bot.store.tables import to_ms

SHOP = "us-1"
TYPE = "return_refund"


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


@dataclass
class House:
    """A program with one shop, whose days are told one by one and whose clock is set."""

    app: App
    clock: FrozenClock

    def at(self, *when: int) -> None:
        self.clock.at = datetime(*when, tzinfo=UTC)

    def day(self, day: date, orders: int, *defects: timedelta, counted: bool = True, timed: bool = True) -> None:
        """Orders in the day's first hour and defects at these times of day; orders and returns are whole."""
        number, start = day_number(day), midnight(day)
        made = [start + timedelta(seconds=each % 3600) for each in range(orders)]
        rows = [(f"{day:%m%d}{each:06d}", to_ms(at), number, True, "", "", "") for each, at in enumerate(made)]
        hurt = [
            (f"{day:%m%d}{each:06d}", TYPE, to_ms(start + after), number, timed, counted, "")
            for each, after in enumerate(defects)
        ]
        with self.app.store.unit() as unit:
            unit.orders.upsert_orders(SHOP, rows)
            unit.orders.upsert_defects(SHOP, hurt)
            for source in ("orders", "returns"):
                unit.orders.reached(SHOP, Reach(source, number, number + 1), f"{day}")

    def changed(self, *days: date, restores: bool = False) -> list[ShopCheck]:
        """The days' data are told to have changed."""
        with self.app.store.unit() as unit:
            return self.app.monitoring.remeasure(unit, SHOP, days, "li", "import 7", restores)

    def check(self, day: date) -> ShopCheck:
        [found] = self.app.monitoring.check(day)
        return found

    def case(self, case_id: str = "C1") -> Case:
        with self.app.store.unit(read_only=True) as unit:
            case = unit.cases.get(case_id)
        assert case
        return case

    def noted(self, case_id: str = "C1") -> list[str]:
        with self.app.store.unit(read_only=True) as unit:
            return [event.what for event in unit.cases.timeline(case_id)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    shop = ShopSettings(id=SHOP, name="Bright Home", site="US", opened_on=date(2024, 1, 5))
    clock = FrozenClock(datetime(2026, 11, 25, 9, tzinfo=UTC))
    app = App(Settings(data_dir=tmp_path / "data", language="en", shops=[shop]), clock).open()
    yield House(app, clock)
    app.engine.dispose()
