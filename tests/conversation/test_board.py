"""The board and a person's own page call nothing well unless every shop's day is measured (domain.md §1a)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversation.events import CommandReceived
from bot.conversation.turn import Turn
from bot.domain.day_state import Reach
from bot.domain.odr import day_number
from bot.ports.records import Person
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from tests.measuring.conftest import SHOP, House, house

__all__ = ["house"]
DAY, TODAY = date(2026, 11, 24), date(2026, 11, 25)
H = timedelta(hours=1)
WELL = ("一切正常", "没有超限", "measured and quiet", "All shops measured")


def quiet_month(house: House) -> None:
    for back in range(2, 31):
        house.day(DAY - timedelta(days=back), 100)


def known(house: House) -> None:
    quiet_month(house)
    house.day(DAY, 100)


def nothing(house: House) -> None:
    quiet_month(house)


def no_returns(house: House) -> None:
    known(house)
    with house.app.store.unit() as unit:
        unit.orders.unreached(SHOP, f"{DAY}")
        unit.orders.reached(SHOP, Reach("orders", day_number(DAY), day_number(DAY) + 1), "again")


def no_orders(house: House) -> None:
    house.day(DAY, 0, 3 * H)


def today(house: House) -> None:
    """Two of 50 orders so far, which would be nothing in a usual whole day of 300."""
    for back in range(31):
        house.day(DAY - timedelta(days=back), 300, H)
    house.day(TODAY, 50, H, 2 * H)


def seen(house: House, language: str) -> list[str]:
    """What the board, the home page and the list of cases say."""
    days = house.app.boards.seen_by("li").days(language)
    board = "; ".join(f"{each.shop}: {each.words}" for each in days.open) or f"quiet {days.shops}"
    with house.app.store.unit() as unit:
        unit.records.save_person(Person("li", language=language))
        unit.records.save_channel_language("console:ops", language)
    [home] = house.app.dispatcher.run(Turn(_event(house, "home"), Person("li"), language, "home"))
    [listed] = house.app.dispatcher.handle(_event(house, f"cases-{language}")).cards
    return [board, home.plain(), listed.plain()]


def _event(house: House, name: str) -> CommandReceived:
    return CommandReceived(name, "console:ops", "li", house.clock.at, text="cases")


STORIES = [
    (nothing, "no data", "没有数据"),
    (no_returns, "no returns", "缺退货退款"),
    (no_orders, "cannot be measured", "无法测量"),
    (today, "2026-11-25: watched", "2026-11-25：关注中"),
]


@pytest.mark.parametrize(("story", "english", "chinese"), STORIES)
def test_what_is_not_known_is_said_and_nothing_is_called_well(
    house: House, story: Callable[[House], None], english: str, chinese: str
) -> None:
    story(house)
    for language, words in (("en", english), ("zh", chinese)):
        for text in seen(house, language):
            assert words in text and not any(well in text for well in WELL)


def test_a_measured_day_is_quiet(house: House) -> None:
    known(house)
    board, home, listed = seen(house, "en")
    assert board == "quiet 1" and "measured and quiet" in home and "All shops measured" in listed


def test_without_shops_nothing_is_said(tmp_path: Path) -> None:
    app = App(Settings(data_dir=tmp_path / "data"), FrozenClock(datetime(2026, 11, 25, 9, tzinfo=UTC))).open()
    assert app.boards.seen_by("li").days().shops == 0 and not any(
        well in app.home.card("console", "li").plain() for well in WELL
    )
    app.engine.dispose()
