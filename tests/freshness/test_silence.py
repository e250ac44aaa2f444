"""Silence is never health: eight days without new data read "quiet" nowhere (domain.md §1a)."""

import json
import re
from datetime import timedelta

import pytest
from prometheus_client import generate_latest

from bot.cli.doctor import examine
from bot.conversation.home import COMMAND
from bot.domain.addresses import ChannelId
from bot.settings.sections import ClockSettings
from bot.wording.shops import shops_card
from tests.cli.conftest import DAY, Cli, DayStory, cli, month
from tests.freshness.conftest import LAST, ROOM, SHOPS, Team

__all__ = ["cli"]

WELL = re.compile(r"quiet(?! for| before)|all shops measured|(?<!不能算)正常|都已测量", re.IGNORECASE)
"""How a reader is told that all is well: not "… is not known to be quiet for …", and not "… not quiet for"."""


@pytest.fixture
def silent(team: Team) -> Team:
    """Three shops whose data end, and eight days on each of which the daily check ran."""
    for shop in SHOPS:
        team.feed(shop, LAST - timedelta(days=35), LAST)
    team.at(2026, 11, 19, 5)
    for _ in range(8):
        team.clock.at += timedelta(days=1)
        team.app.jobs.daily_check()
        team.tick()
    return team


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("words", ["shops", "odr us-1", "cases", "check", COMMAND])
def test_no_answer_in_a_chat_calls_it_quiet(silent: Team, words: str, language: str) -> None:
    silent.say(f"lang {language}")
    home = words == COMMAND
    card = silent.app.home.card(ChannelId.read(ROOM).platform, "li") if home else silent.say(words)
    assert not WELL.search(card.plain()), card.plain()
    assert (
        "orders until 11-18 00:49 UTC" in card.plain()
        or "订单截至 11-18 00:49 UTC" in card.plain()
        or words in ("cases", "check")
    )


def test_a_shop_that_is_well_is_called_quiet(team: Team) -> None:
    for shop in SHOPS:
        team.feed(shop, LAST - timedelta(days=35), LAST)
    assert WELL.search(team.say("shops").plain()) and WELL.search(team.say("cases").plain())


def test_neither_board_nor_metrics_nor_doctor_call_it_well(silent: Team) -> None:
    days = silent.app.boards.seen_by("li").days("en")
    assert len(days.open) == 3 and {each.state for each in days.open} == {"no_data"}
    assert all(each.overdue for each in days.feeds)
    figures = generate_latest(silent.app.metrics.registry).decode()
    assert 'odr_bot_shops{state="measured"} 0.0' in figures and 'odr_bot_shops{state="no_data"} 3.0' in figures
    assert figures.count("odr_bot_shop_stale{") == 3 and 'odr_bot_shop_stale{shop="us-1"} 1.0' in figures
    assert 'odr_bot_shop_orders_until_seconds{shop="us-1"} 1.79' in figures
    settings = silent.app.settings.model_copy(update={"clock": ClockSettings(now=silent.clock.now())})
    findings = {item.name: item for item in examine(settings)}
    for shop in SHOPS:
        found = findings[f"data of {shop}"]
        assert not found.ok and "overdue since 2026-11-19" in found.detail and "11-18 00:49 UTC" in found.detail


def test_the_channel_was_told_once_and_the_message_kept_up_with_the_days(silent: Team) -> None:
    [card] = silent.shown("did not come")
    assert "8 days overdue since 2026-11-19" in card.plain()


def test_the_tables_of_every_day_agree(silent: Team) -> None:
    for later in range(1, 9):
        checks = silent.app.monitoring.look(LAST + timedelta(days=later), list(SHOPS))
        assert not WELL.search(shops_card(silent.app.localizer("en"), checks).plain())


def test_the_command_line_says_so_too(cli: Cli) -> None:
    cli.load("us-1", month(DayStory(500, 1)))
    cli.load("risky", month(DayStory(500, 1)))
    assert cli("doctor").exit_code == 0
    for later in range(2, 10):
        now = {"ODR_BOT_CLOCK__NOW": f"{DAY + timedelta(days=later)}T12:00:00Z"}
        shown = cli("check", **now).stdout + cli("cases", **now).stdout + cli("say", "shops", **now).stdout
        assert not WELL.search(shown), shown
        states = {item["state"] for item in json.loads(cli("check", "--json", **now).stdout)["shops"]}
        assert states <= {"no_data", "provisional", "partial"}
    doctor = cli("doctor", **now)
    assert doctor.exit_code == 1 and "data of us-1" in doctor.stdout and "FAIL" in doctor.stdout
