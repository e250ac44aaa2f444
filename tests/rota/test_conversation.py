"""The rota in conversation, in the alert and in the examination of the installation."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.cli.doctor import examine
from bot.messaging.card import Table, Text
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.files import ConfigError
from bot.settings.model import Settings, load_settings
from bot.settings.team import OnCallSettings, PersonSettings
from tests.conversations.conftest import ANOMALY, NOW, Talk, story

WEEK = timedelta(days=7)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    from bot.settings.team import ShopSettings

    people = [PersonSettings(id="wang", name="小王"), PersonSettings(id="zhao", name="小赵")]
    people += [PersonSettings(id="guest"), PersonSettings(id="li")]
    rota = OnCallSettings(people=["wang", "zhao"], start=date(2026, 11, 16), handover=time(9))
    uk = ShopSettings(id="uk-1", name="Bright UK", site="UK", channels=["console:uk"])
    shops = [ShopSettings(id="us-1", name="Bright Home", site="US"), uk]
    return Settings(data_dir=tmp_path / "data", shops=shops, people=people, oncall=[rota])


@pytest.fixture
def talk(settings: Settings, tmp_path: Path) -> Iterator[Talk]:
    app = App(settings, FrozenClock(NOW)).open()
    yield Talk(app, tmp_path)
    app.engine.dispose()


def on_call(talk: Talk, shop: str = "us-1", later: timedelta = timedelta()) -> str:
    with talk.app.store.unit(read_only=True) as unit:
        return talk.app.oncall.rota(unit).on_call(shop, NOW + later)


def test_who_is_on_call_now_and_next(talk: Talk) -> None:
    card = talk.say("值班")
    assert "wang" in card.title
    [table] = [element for element in card.elements if isinstance(element, Table)]
    assert [row[0] for row in table.rows[:3]] == ["wang", "zhao", "wang"]
    assert "11-23 09:00 Asia/Shanghai" in table.rows[0][2] and "01:00 UTC" in table.rows[0][2]
    assert talk.say("who is on call?").title == card.title
    assert talk.say("who was rude on the call?").title != card.title, "free words are not the command"


@pytest.mark.parametrize("words", ["oncall set 小赵", "设置值班 小赵", "代班 @zhao", "/odr on-call set ZHAO"])
def test_somebody_takes_over_until_the_next_handover(talk: Talk, words: str) -> None:
    card = talk.say(words)
    assert ("zhao",) in [element.mentions for element in card.elements if isinstance(element, Text)]
    assert on_call(talk) == "zhao" == on_call(talk, later=timedelta(days=4))
    assert (on_call(talk, later=WEEK), on_call(talk, later=WEEK + WEEK)) == ("zhao", "wang")


@pytest.mark.parametrize("words", ["oncall set zhao until 2026-11-20 20:00", "设置值班 小赵 到 2026-11-20 20:00"])
def test_somebody_takes_over_until_a_time_of_their_own_zone(talk: Talk, words: str) -> None:
    talk.say(words)
    assert on_call(talk, later=timedelta(hours=3, minutes=59)) == "zhao"
    assert on_call(talk, later=timedelta(hours=4)) == "wang", "20:00 in Shanghai"


def test_one_shop_can_be_given_to_somebody(talk: Talk) -> None:
    talk.channel = "feishu:both"
    talk.say("bind us-1")
    talk.say("bind uk-1")
    talk.say("oncall set zhao uk-1")
    assert (on_call(talk, "uk-1"), on_call(talk, "us-1")) == ("zhao", "wang")
    assert "UK Bright UK" in talk.say("oncall").plain()


@pytest.mark.parametrize("words", ["oncall swap 小王 小赵 2026-11-25", "换班 小赵 和 小王 2026-11-25"])
def test_two_people_swap(talk: Talk, words: str) -> None:
    assert on_call(talk, later=timedelta(days=5)) == "zhao"
    talk.say(words)
    assert on_call(talk, later=timedelta(days=5)) == "wang"
    assert on_call(talk, later=timedelta(days=12)) == "zhao"
    assert on_call(talk, later=timedelta(days=19)) == "zhao" and on_call(talk, later=timedelta(days=26)) == "wang"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("设置值班", "由谁接班"),
        ("oncall set zhao until gestern", "看不懂时间"),
        ("oncall set zhao until 2026-11-19", "已过"),
        ("oncall set zhao until 2030-01-01", "太远"),
        ("换班 小王 小赵", "谁和谁"),
        ("换班 甲 乙 2026-11-25", "不认识“甲”"),
        ("换班 小王 乙 2026-11-25", "不认识“乙”"),
        ("换班 小王 小赵 2026-13-45", "看不懂时间"),
        ("换班 小王 小赵 2026-11-02", "不是"),
    ],
)
def test_what_makes_no_sense_is_answered_with_an_example(talk: Talk, words: str, answer: str) -> None:
    assert answer in talk.say(words).title


def test_the_same_command_delivered_again_changes_nothing(talk: Talk) -> None:
    from bot.conversation.events import CommandReceived

    event = CommandReceived("once", "console:ops", "wang", NOW, text="oncall set zhao")
    talk.hear(event)
    assert talk.hear(event) == []
    with talk.app.store.unit(read_only=True) as unit:
        assert len(unit.oncall.ending_after(NOW)) == 1


def test_a_new_alert_calls_whoever_took_over(talk: Talk) -> None:
    talk.say("oncall set zhao")
    orders, defects = story()
    with talk.app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    talk.app.monitoring.check(ANOMALY)
    headline = talk.in_slot("C1:headline", "C1")
    assert ("zhao",) in [element.mentions for element in headline.elements if isinstance(element, Text)]


def result(settings: Settings) -> tuple[bool, str]:
    [found] = [item for item in examine(settings) if item.name == "on-call"]
    return found.ok, found.detail


def test_the_doctor_finds_gaps_and_overlaps(settings: Settings, talk: Talk) -> None:
    settings.clock.now = NOW
    assert result(settings)[0]
    settings.oncall[0].start = date(2026, 12, 1)
    ok, detail = result(settings)
    assert not ok and "nobody is on call" in detail and "2026-12-01 01:00 UTC" in detail
    settings.oncall[0].start = date(2026, 11, 16)
    settings.oncall.append(OnCallSettings(people=["guest"], start=date(2026, 11, 16)))
    ok, detail = result(settings)
    assert not ok and "wang and guest are both on call" in detail
    settings.oncall[1].shops = ["uk-1"]
    assert result(settings)[0]


def test_the_doctor_says_why_a_calendar_cannot_be_used(settings: Settings, talk: Talk, tmp_path: Path) -> None:
    settings.clock.now = NOW
    settings.oncall = [OnCallSettings(calendar=str(tmp_path / "none.ics"))]
    ok, detail = result(settings)
    assert not ok and "none.ics" in detail


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('people = ["li"]', "start date"),
        ('people = ["li"]\nstart = 2026-11-02\nzone = "Mars/Base"', "IANA"),
        ('people = ["li"]\nstart = 2026-11-02\ncalendar = "x.ics"', "either"),
        ('calendar = "http://calendar.example/secret.ics"', "https"),
        ('people = ["li"]\nstart = 2026-11-02\nevery = "hour"', "week"),
    ],
)
def test_a_wrong_rota_stops_the_start_with_what_was_expected(tmp_path: Path, text: str, cause: str) -> None:
    path = tmp_path / "odr-bot.toml"
    path.write_text(f"[[oncall]]\n{text}\n", "utf-8")
    with pytest.raises(ConfigError, match=cause) as caught:
        load_settings(path)
    assert "oncall" in str(caught.value) and "secret" not in str(caught.value)


def test_a_rota_from_a_file_beside_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "odr-bot.toml"
    path.write_text(
        '[[oncall]]\ncalendar = "rota.ics"\n[[oncall]]\npeople = ["li"]\nstart = 2026-11-02\n'
        '[[oncall.overrides]]\nperson = "wang"\nstarts = 2026-11-20T09:00:00\nends = 2026-11-21T09:00:00\n',
        "utf-8",
    )
    settings = load_settings(path)
    settings.people = [PersonSettings(id="wang"), PersonSettings(id="li")]
    assert settings.oncall[0].calendar == str(tmp_path / "rota.ics")
    settings.data_dir = tmp_path / "data"
    talk = Talk(App(settings, FrozenClock(NOW)).open(), tmp_path)
    assert on_call(talk) == "wang" and on_call(talk, later=timedelta(days=2)) == "li"
    talk.app.engine.dispose()


def calendar(tmp_path: Path, *titles: str) -> OnCallSettings:
    events = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nSUMMARY:{title}\nDTSTART:20261101T000000Z\nDTEND:20270101T000000Z\nEND:VEVENT\n"
        for number, title in enumerate(titles)
    )
    path = tmp_path / "rota.ics"
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n", "utf-8")
    return OnCallSettings(calendar=str(path))


@pytest.mark.parametrize("title", ["On Call - Zhao", "小赵值班", "ZHAO", "小\u200b赵"])
def test_a_title_is_matched_to_a_person(settings: Settings, tmp_path: Path, title: str) -> None:
    settings.clock.now, settings.oncall = NOW, [calendar(tmp_path, title)]
    talk = Talk(App(settings, FrozenClock(NOW)).open(), tmp_path)
    assert on_call(talk) == "zhao" and result(settings)[0]
    talk.app.engine.dispose()


def test_a_title_that_names_nobody_puts_nobody_on_call_and_is_reported(settings: Settings, tmp_path: Path) -> None:
    settings.clock.now, settings.oncall = NOW, [calendar(tmp_path, "On Call - Bob")]
    talk = Talk(App(settings, FrozenClock(NOW)).open(), tmp_path)
    assert on_call(talk) == "" and "没有人值班" in talk.say("值班").title
    ok, detail = result(settings)
    assert not ok and "On Call - Bob" in detail
    talk.app.engine.dispose()


def test_a_name_in_a_rotation_is_matched_and_an_unknown_one_reported(settings: Settings, talk: Talk) -> None:
    settings.clock.now = NOW
    settings.oncall = [OnCallSettings(people=["小王", "zaho"], start=date(2026, 11, 16))]
    again = Talk(App(settings, FrozenClock(NOW)), talk.folder)
    assert on_call(again) == "wang" and on_call(again, later=WEEK) == ""
    assert "zaho" in result(settings)[1]


def test_the_doctor_reports_a_broken_event(settings: Settings, talk: Talk, tmp_path: Path) -> None:
    settings.clock.now, settings.oncall = NOW, [calendar(tmp_path, "zhao", "x\nRRULE:FREQ=HOURLY")]
    ok, detail = result(settings)
    assert not ok and "within a day" in detail and "'x'" in detail


def test_the_nearest_name_is_offered_for_the_rota_too(talk: Talk) -> None:
    from tests.conversations.conftest import buttons

    [button] = buttons(talk.say("oncall set zaho until 2026-11-20 20:00")).values()
    talk.press(button)
    assert on_call(talk, later=timedelta(hours=3)) == "zhao" and on_call(talk, later=timedelta(hours=4)) == "wang"
    [button] = buttons(talk.say("换班 wang zaho 2026-11-25")).values()
    talk.press(button)
    assert on_call(talk, later=timedelta(days=5)) == "wang"
