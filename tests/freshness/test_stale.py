"""Data that should have come and did not: told once per channel, until they come (domain.md §1a)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.feeds import FeedState
from bot.messaging.card import Actions, Card, Checklist, Form, Link, Mark
from bot.ports.freshness import StaleNotice
from bot.runtime.bootstrap import STALE_SECONDS
from handlers.freshness import stated_day
from tests.freshness.conftest import LAST, ROOM, SHOPS, Team

FIRST = LAST - timedelta(days=35)
MISSING = "did not come"


def feed_all(team: Team, last: date = LAST) -> None:
    for shop in SHOPS:
        team.feed(shop, FIRST, last)


def marks(card: Card) -> list[Mark]:
    return [item.mark for each in card.elements if isinstance(each, Checklist) for item in each.items]


def actions(card: Card) -> list[str]:
    return [button.action for each in card.elements if isinstance(each, Actions) for button in each.buttons]


def test_one_message_tells_of_all_shops_in_working_hours_and_says_what_to_do(team: Team) -> None:
    feed_all(team)
    # Thursday's data are expected on Friday by 12:00 in Shanghai, which is 04:00 UTC.
    team.at(2026, 11, 20, 3, 59)
    assert team.tick() == [] and team.shown(MISSING) == []
    team.at(2026, 11, 20, 4, 0)
    assert team.tick() == [ROOM]
    [card] = team.shown(MISSING)
    assert "3 shops" in card.title and marks(card) == [Mark.MISSING] * 3
    assert "orders until 11-18 00:49 UTC" in card.plain() and "no orders, no returns" in card.plain()
    assert actions(card) == ["upload_export", "say", "pause_data"]
    assert team.tick() == [] and len(team.shown(MISSING)) == 1, "once, however often it is looked"


def test_outside_working_hours_people_wait_but_the_board_and_doctor_do_not(team: Team) -> None:
    feed_all(team)
    # Saturday: nobody works, and Thursday's data are overdue since Friday.
    team.at(2026, 11, 21, 4)
    assert team.tick() == []
    assert all(each.alarming for each in team.app.freshness.look(SHOPS))
    feeds = team.app.boards.seen_by("li").days("en").feeds
    assert len(feeds) == 3 and all(each.overdue and "2026-11-19 is overdue" in each.words for each in feeds)
    team.at(2026, 11, 23, 0, 59)
    assert team.tick() == [], "Monday, 08:59 in Shanghai"
    team.at(2026, 11, 23, 1)
    assert team.tick() == [ROOM]


def test_new_data_end_it_at_once_and_the_card_says_so(team: Team) -> None:
    feed_all(team)
    team.at(2026, 11, 20, 4)
    team.tick()
    for shop in SHOPS[:2]:
        team.feed(shop, LAST + timedelta(days=1), LAST + timedelta(days=1))
    [card] = team.shown(MISSING)
    assert "1 shop " in card.title and sorted(marks(card)) == sorted([Mark.DONE, Mark.DONE, Mark.MISSING])
    team.feed(SHOPS[2], LAST + timedelta(days=1), LAST + timedelta(days=1))
    assert team.shown(MISSING) == []
    [card] = team.shown("No data are missing")
    assert marks(card) == [Mark.DONE] * 3 and actions(card) == []
    assert "orders until 11-19 00:49 UTC" in card.plain()
    # The next time is a new message.
    team.at(2026, 11, 24, 5)
    assert team.tick() == [ROOM]
    assert len(team.shown(MISSING)) == 1 and len(team.shown("No data are missing")) == 1


def test_a_further_shop_joins_the_message_which_moves_to_the_end(team: Team) -> None:
    team.feed("us-1", FIRST, LAST)
    team.feed("uk-1", FIRST, LAST + timedelta(days=1))
    team.at(2026, 11, 20, 4)
    team.tick()
    team.say("help")
    team.at(2026, 11, 23, 4)
    assert team.tick() == [ROOM]
    assert [card.title for card in team.shown()][-1] == team.shown(MISSING)[-1].title
    assert marks(team.shown(MISSING)[0]).count(Mark.MISSING) == 3, "the one without any data is missed by now too"


def test_where_an_api_feeds_the_shop_twelve_hours_are_given(team: Team) -> None:
    team.feed("us-1", FIRST, LAST, origin="api:tiktok:")
    team.at(2026, 11, 20, 11, 59)
    assert not team.app.freshness.look(["us-1"])[0].stale
    team.at(2026, 11, 20, 12, 0)
    assert team.app.freshness.look(["us-1"])[0].overdue == (LAST + timedelta(days=1),)
    assert team.tick() == [], "20:00 in Shanghai"
    team.at(2026, 11, 22, 12)
    assert len(team.app.freshness.look(["us-1"])[0].overdue) == 3, "an API knows no weekend"


def test_an_empty_poll_is_data(team: Team) -> None:
    team.feed("us-1", FIRST, LAST, origin="api:")
    team.feed("us-1", LAST + timedelta(days=1), LAST + timedelta(days=1), origin="api:", orders=0)
    team.at(2026, 11, 20, 13)
    assert not team.app.freshness.look(["us-1"])[0].stale


def test_orders_are_known_until_the_last_look_at_the_api(team: Team) -> None:
    team.feed("us-1", FIRST, LAST, origin="api:")
    polled = datetime(2026, 11, 19, 0, 40, tzinfo=UTC)
    with team.app.store.unit() as unit:
        unit.feeds.save_state(FeedState("us-1", "orders", polled_at=polled))
    assert "orders until 11-19 00:40 UTC, from the API" in team.say("odr us-1").plain()


def test_a_missing_source_makes_a_shop_stale_and_is_named(team: Team) -> None:
    team.feed("us-1", FIRST, LAST + timedelta(days=1), "orders")
    team.at(2026, 11, 20, 4)
    [data] = team.app.freshness.look(["us-1"])
    assert data.stale and data.lacking == ("returns",)
    team.tick()
    [card] = team.shown(MISSING)
    assert "no returns" in card.plain() and "no orders" not in card.plain()


def test_a_day_that_may_go_on_is_not_measured(team: Team) -> None:
    team.feed("us-1", FIRST, LAST)
    # The newest day of a file is provisional for ever unless something follows it.
    team.at(2026, 11, 20, 4)
    assert team.app.freshness.look(["us-1"])[0].overdue == (LAST + timedelta(days=1),)
    team.feed("us-1", LAST + timedelta(days=2), LAST + timedelta(days=2))
    team.at(2026, 11, 23, 4)
    assert LAST + timedelta(days=1) in team.app.freshness.look(["us-1"])[0].overdue, "a hole stays a hole"


def test_days_without_any_return_between_two_files_are_no_hole(team: Team) -> None:
    team.feed("us-1", FIRST, LAST, "orders")
    team.feed("us-1", LAST - timedelta(days=20), LAST - timedelta(days=15), "returns")
    assert team.app.freshness.look(["us-1"])[0].lacking == ("returns",)
    team.feed("us-1", LAST - timedelta(days=2), LAST, "returns")
    assert not team.app.freshness.look(["us-1"])[0].stale


def test_a_shop_that_never_got_data_is_missed_from_its_first_whole_day_on(team: Team) -> None:
    assert team.tick() == []
    team.at(2026, 11, 20, 4)
    assert team.tick() == [ROOM]
    [card] = team.shown(MISSING)
    assert "3 shops" in card.title and "nothing has come yet" in card.plain()


def test_a_shop_that_is_not_active_is_not_missed(team: Team) -> None:
    feed_all(team)
    with team.app.store.unit() as unit:
        shop = unit.shops.get("us-1")
        assert shop
        shop.active = False
        unit.shops.save(shop)
    team.at(2026, 11, 20, 4)
    assert not team.app.freshness.look(["us-1"])[0].stale


def test_two_replicas_open_one_message(team: Team) -> None:
    feed_all(team)
    team.at(2026, 11, 20, 4)
    with team.app.store.unit() as unit:
        first = StaleNotice(ROOM, team.clock.now(), {"us-1": "stale"})
        assert unit.freshness.open_notice(first) and not unit.freshness.open_notice(first)
        assert unit.freshness.notice(ROOM) == first == unit.freshness.notices()[ROOM]


def test_a_pause_asks_a_date_is_shown_with_who_and_ends_by_itself(team: Team) -> None:
    feed_all(team)
    team.at(2026, 11, 20, 4)
    team.tick()
    asked = team.press("pause_data", {"shops": "us-1,uk-1,my-1"})
    [form] = [each for each in asked.elements if isinstance(each, Form)]
    assert [field.name for field in form.inputs] == ["shop", "until"]
    done = team.fill("pause_data", form.payload, {"shop": "us-1", "until": "2026-11-25"})
    assert "US US-1" in done.title and "li" in done.title
    [card] = team.shown(MISSING)
    assert "2 shops" in card.title and "paused until 2026-11-24 16:00 UTC by li" in card.plain()
    [data] = team.app.freshness.look(["us-1"])
    assert data.stale and not data.alarming, "it is not told, and not known all the same"
    team.fill("pause_data", form.payload, {"shop": "all", "until": "2026-11-25"})
    assert team.shown(MISSING) == [] and len(team.shown("paused")) == 1
    team.at(2026, 11, 24, 9, 59)
    assert team.tick() == []
    team.at(2026, 11, 25, 1)
    assert team.tick() == [ROOM], "the pause ended by itself, at midnight in Shanghai"
    assert "3 shops" in team.shown(MISSING)[0].title


def test_a_pause_can_be_ended_and_said_in_words(team: Team) -> None:
    feed_all(team)
    team.at(2026, 11, 20, 4)
    assert "before 2026-12-01" in team.say("pause data us-1 until 2026-12-01").title
    assert not team.app.freshness.look(["us-1"])[0].alarming
    assert "told again" in team.say("resume data us-1").title
    assert team.app.freshness.look(["us-1"])[0].alarming
    assert "not paused" in team.say("resume data us-1").title
    assert "2026-12-01" in team.say("暂停催数据 uk-1 到 2026-12-01").title
    assert "2026-11-23" in team.say("暂停到下周一").title


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("暂停到明天", date(2026, 11, 21)),
        ("暂停催数据 us-1 到后天", date(2026, 11, 22)),
        ("暂停到下周一", date(2026, 11, 23)),
        ("暂停催数据 us-1 到周五", date(2026, 11, 27)),
        ("暂停到11月25日", date(2026, 11, 25)),
        ("pause data us-1 until next Tuesday", date(2026, 11, 24)),
        ("pause until 1/5", date(2027, 1, 5)),
    ],
)
def test_a_pause_ends_on_a_day_as_people_name_it(words: str, day: date) -> None:
    # 20 November 2026 is a Friday.
    found, _ = stated_day(words.removeprefix("暂停催数据").removeprefix("pause data"), date(2026, 11, 20))
    assert found == day


@pytest.mark.parametrize("until", ["2026-11-20", "2026-11-19", "2027-03-01", "2026-02-30"])
def test_a_pause_needs_a_day_to_come_that_is_near(team: Team, until: str) -> None:
    feed_all(team)
    team.at(2026, 11, 20, 4)
    card = team.say(f"pause data us-1 until {until}")
    assert until in card.title and "nothing was changed" in card.title
    assert team.app.freshness.look(["us-1"])[0].alarming


def test_upload_says_which_exports_and_from_when(team: Team) -> None:
    team.feed("us-1", FIRST, LAST + timedelta(days=1), "orders")
    team.at(2026, 11, 20, 4)
    card = team.press("upload_export", {"shops": "us-1"})
    assert "returns from 2026-10-21 on" in card.plain(), "the 30 days before today"
    assert [each.address for each in card.elements if isinstance(each, Link)] == ["/imports"], (
        "the console has a page"
    )


def test_connect_shop_on_the_message_leads_to_the_private_form(team: Team) -> None:
    feed_all(team)
    team.at(2026, 11, 20, 4)
    team.tick()
    [pressed] = [
        button
        for each in team.shown(MISSING)[0].elements
        if isinstance(each, Actions)
        for button in each.buttons
        if button.label == "Connect shop"
    ]
    answer = team.press(pressed.action, dict(pressed.payload))
    assert "admin" in answer.plain() and answer.private_to == "li", "connecting is for admins, and li is none"


def test_the_job_looks_every_minute(team: Team) -> None:
    assert any(job == team.app.stale.tick and every == STALE_SECONDS for job, every in team.app.jobs.others)
