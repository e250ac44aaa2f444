"""A shop's first data are looked back at: what would have fired, once, without alerting anybody (domain.md §2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.day_state import Reach
from bot.domain.odr import day_number
from bot.messaging.card import Card, Table
from bot.services.importing import DataChange
from bot.store.tables import to_ms
from tests.cli.conftest import DAY, Cli, DayStory, cli, month
from tests.freshness.conftest import Team

__all__ = ["cli"]

SHOP, TYPE = "us-1", "return_refund"


def rows(card: Card) -> list[tuple[str, ...]]:
    return [row for each in card.elements if isinstance(each, Table) for row in each.rows]


def store(team: Team, days: dict[date, tuple[int, int]], *sources: str, why: str = "import 1") -> None:
    """Days with so many orders, and so many defects at 01:00 of the day, as one delivery."""
    with team.app.store.unit() as unit:
        for day, (made, hurt) in days.items():
            start, number = datetime(day.year, day.month, day.day, tzinfo=UTC), day_number(day)
            ids = [f"{day:%m%d}{n:06d}" for n in range(made)]
            if "orders" in sources:
                unit.orders.upsert_orders(SHOP, [(each, to_ms(start), number, True, "", "", "") for each in ids])
            if "returns" in sources:
                at = to_ms(start + timedelta(hours=1))
                unit.orders.upsert_defects(SHOP, [(each, TYPE, at, number, True, True, "") for each in ids[:hurt]])
        for source in sources:
            reach = Reach(source, day_number(min(days)), day_number(max(days)) + 1)
            unit.orders.reached(SHOP, reach, why)
        team.app.measure_again(unit, DataChange(SHOP, frozenset(days), "li", why))


def history(**marked: tuple[int, int]) -> dict[date, tuple[int, int]]:
    """35 days of 500 orders and a defect that end with 18 November; `d1104=(1000, 16)` changes the 4th."""
    days = {date(2026, 11, 18) - timedelta(days=step): (500, 1) for step in range(35)}
    return days | {date(2026, int(name[1:3]), int(name[3:])): counts for name, counts in marked.items()}


def looked_back(team: Team) -> list[Card]:
    return team.shown("looking back")


def test_closed_windows_are_shown_and_neither_open_a_case_nor_alert(team: Team) -> None:
    store(team, history(d1104=(1000, 16)), "orders", "returns")
    [card] = looked_back(team)
    newer, new, own = rows(card)
    assert own[:2] == ("2026-11-04", "1.600 % (16/1000)") and own[3] == "2026-11-07 01:00 UTC, closed"
    # The days after it fire by the same anomaly: their entry is the same one.
    assert [(each[0], each[3]) for each in (new, newer)] == [(f"2026-11-0{n}", own[3]) for n in (5, 6)]
    assert team.shown("C1") == [] and [each.title for each in team.shown()] == [card.title]


def test_open_windows_become_cases_with_the_usual_alert(team: Team) -> None:
    store(team, history(d1104=(1000, 16), d1118=(500, 9)), "orders", "returns")
    [card] = looked_back(team)
    newest, *_, older = rows(card)
    assert newest[0] == "2026-11-18" and newest[3].endswith("UTC, C1") and older[3].endswith("closed")
    assert [each for each in team.shown("C1") if each.slot.endswith("headline")]
    assert "Still open: C1" in card.plain()


def test_it_is_shown_once_however_often_data_come(team: Team) -> None:
    days = history(d1104=(1000, 16))
    store(team, days, "orders", "returns")
    store(team, days, "orders", "returns")
    store(team, days | {date(2026, 11, 19): (500, 0)}, "orders", "returns", why="import 2")
    assert len(looked_back(team)) == 1


def test_the_first_filling_through_an_api_is_looked_back_at_when_it_has_come_to_the_present(team: Team) -> None:
    begun = {day: counts for day, counts in history(d1104=(1000, 16)).items() if day < date(2026, 11, 10)}
    store(team, begun, "orders", "returns", why="api")
    assert looked_back(team) == []
    with team.app.store.unit() as unit:
        assert not team.app.replay.first(unit, SHOP)
        for source in ("orders", "returns"):
            unit.orders.reached(SHOP, Reach(source, 0, day_number(date(2026, 11, 20))), "api")
        team.at(2026, 11, 20, 1)
        assert team.app.replay.first(unit, SHOP) and not team.app.replay.first(unit, SHOP)
    assert len(looked_back(team)) == 1


@pytest.mark.parametrize("first", ["orders", "returns"])
def test_it_waits_for_all_sources_in_any_order(team: Team, first: str) -> None:
    days = history(d1104=(1000, 16))
    second = "returns" if first == "orders" else "orders"
    store(team, days, first)
    assert looked_back(team) == []
    store(team, days, second, why="import 2")
    [card] = looked_back(team)
    assert rows(card)[-1][0] == "2026-11-04"


def test_a_shop_without_any_bad_day_hears_so(team: Team) -> None:
    store(team, history(), "orders", "returns")
    [card] = looked_back(team)
    assert "None of the days" in card.plain() and rows(card) == []


def test_a_day_that_only_carries_on_what_earlier_days_brought_is_left_out(team: Team) -> None:
    days = dict.fromkeys(history(), (500, 0)) | {date(2026, 11, 4): (500, 250)}
    store(team, days, "orders", "returns")
    [card] = looked_back(team)
    assert [row[0] for row in rows(card)] == ["2026-11-04"], "the rolling rate stays above its limit for weeks"


def test_anybody_can_ask_for_it_again(team: Team) -> None:
    store(team, history(d1104=(1000, 16)), "orders", "returns")
    assert rows(team.say("replay us-1"))[-1][0] == "2026-11-04"
    assert rows(team.say("回看 us-1"))[-1][0] == "2026-11-04"


def test_the_channel_hears_it_in_both_languages(team: Team) -> None:
    store(team, history(d1104=(1000, 16)), "orders", "returns")
    [card] = looked_back(team)
    assert card.language == "en" and [each.title for each in card.translations] == ["US US-1：回看近 30 天"]


def test_importing_files_shows_it(cli: Cli) -> None:
    days = month(DayStory(500, 1)) | {DAY - timedelta(days=10): DayStory(500, 8)}
    cli.load("us-1", days)
    text = cli("say", "replay us-1").stdout
    assert f"{DAY - timedelta(days=10)}" in text and "closed" in text
    assert cli.json("cases")["cases"] == []
