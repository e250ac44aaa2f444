"""When the daily check runs, what it catches up, and that it happens once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.jobs import Jobs
from bot.settings.model import Settings
from bot.settings.team import ShopSettings

BEIJING_MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    shops = [
        ShopSettings(id="th", site="TH", timezone="Asia/Bangkok"),
        ShopSettings(id="us", site="US", timezone="America/Los_Angeles"),
        ShopSettings(id="closed", site="US", active=False),
    ]
    app = App(Settings(data_dir=tmp_path, shops=shops), FrozenClock(BEIJING_MORNING)).open()
    yield app
    app.engine.dispose()


@pytest.fixture
def jobs(app: App) -> Jobs:
    return app.jobs


def days(done: list[tuple[str, str]], shop: str) -> list[str]:
    return [day for name, day in done if name == shop]


def test_before_the_hour_in_the_shops_zone_nothing_is_due_after_it_yesterday_is(app: App, jobs: Jobs) -> None:
    app.clock.at = datetime(2026, 11, 20, 1, 59, tzinfo=UTC)
    assert days(jobs.daily_check(), "th") == ["2026-11-18"], "08:59 in Bangkok: only what was due the day before"
    app.clock.at = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert days(jobs.daily_check(), "th") == ["2026-11-19"]
    assert days(jobs.daily_check(), "th") == [], "once"


def test_the_zone_of_each_shop_counts(app: App, jobs: Jobs) -> None:
    app.clock.at = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    jobs.daily_check()
    app.clock.at = datetime(2026, 11, 20, 16, 59, tzinfo=UTC)
    assert days(jobs.daily_check(), "us") == []
    app.clock.at = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert days(jobs.daily_check(), "us") == ["2026-11-19"]


def test_after_downtime_every_missed_day_is_checked_once_up_to_the_cap(app: App, jobs: Jobs) -> None:
    app.clock.at = datetime(2026, 11, 10, 12, tzinfo=UTC)
    jobs.daily_check()
    app.clock.at = datetime(2026, 11, 14, 12, tzinfo=UTC)
    assert days(jobs.daily_check(), "th") == ["2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"]
    assert days(jobs.daily_check(), "th") == []
    app.clock.at = datetime(2026, 12, 30, 12, tzinfo=UTC)
    assert len(days(jobs.daily_check(), "th")) == 7


def test_a_shop_that_is_not_active_is_left_alone(jobs: Jobs) -> None:
    assert days(jobs.daily_check(), "closed") == []


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2028, 2, 29)])
def test_daylight_saving_and_leap_days_neither_lose_nor_double_a_check(app: App, jobs: Jobs, day: date) -> None:
    noon = datetime.combine(day, time(20), UTC)
    checked: list[str] = []
    for step in range(-1, 3):
        app.clock.at = noon + timedelta(days=step)
        checked += days(jobs.daily_check(), "us")
    assert checked == sorted(set(checked)) and len(checked) == 4


def test_a_clock_set_back_checks_nothing_twice(app: App, jobs: Jobs) -> None:
    app.clock.at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    jobs.daily_check()
    app.clock.at -= timedelta(days=3)
    assert jobs.daily_check() == []
