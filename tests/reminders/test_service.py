"""Reminders of a real case: what is sent, to whom, once, and what people answer."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.case import AppealStatus
from bot.messaging.card import Checklist, Countdown
from bot.runtime.bootstrap import App
from bot.services.reminders import LONGEST
from bot.settings.model import Settings
from bot.store.reminders import ReminderTable
from tests.conversations.conftest import ORDERS, buttons, conversation, erp_log, tracking_page
from tests.reminders.conftest import DEADLINE, Day, mentions


def test_the_alert_calls_whoever_is_on_call_until_somebody_has_the_case(day: Day) -> None:
    headline = day.talk.in_slot("C1:headline", "C1")
    assert mentions(headline) == ("wang",)
    assert ("odr-bot", "alerted") in day.events()
    day.talk.say("认领", thread="C1")
    assert mentions(day.talk.in_slot("C1:headline", "C1")) == ()


def test_a_stage_says_what_is_missing_now_and_how_long_is_left(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    assert day.left(48) == ["48h.owner"]
    [card] = day.cards()
    assert mentions(card) == ("li",) and "48 小时 00 分" in card.title
    [listed] = [element for element in card.elements if isinstance(element, Checklist)]
    assert {item.words for item in listed.items} >= set(ORDERS) and "物流" in listed.items[0].detail
    assert any(isinstance(element, Countdown) and element.until == DEADLINE for element in card.elements)
    assert {"知道了", "1 小时后再提醒", "打开案件"} <= set(buttons(card))


def test_what_is_no_longer_missing_is_not_asked_for(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    files = [("t.txt", tracking_page(0)), ("c.txt", conversation(0)), ("e.csv", erp_log(0))]
    day.talk.send(*files, thread="C1")
    day.talk.say("场景 全部 S1", thread="C1")
    day.left(48)
    [listed] = [element for element in day.cards()[-1].elements if isinstance(element, Checklist)]
    assert ORDERS[0] not in {item.words for item in listed.items}


def test_silence_climbs_from_owner_to_on_call_to_leads(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    assert [day.left(hours) for hours in (48, 47.6, 47.5, 47.1, 47, 40)] == [
        ["48h.owner"],
        [],
        ["48h.on_call"],
        [],
        ["48h.leads"],
        [],
    ]
    assert [mentions(card) for card in day.cards()] == [("li",), ("wang",), ("boss",)]
    assert [what for who, what in day.events() if who == "odr-bot"][2:] == ["reminded", "escalated", "escalated"]


def test_the_timeline_says_who_was_asked_and_why(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    for hours in (48, 47.5):
        day.left(hours)
    with day.app.store.unit(read_only=True) as unit:
        asked = [event.params for event in unit.cases.timeline("C1") if event.what in ("reminded", "escalated")]
    assert asked == [
        {"kind": "stage", "stage": "48h", "to": "li"},
        {"kind": "stage", "stage": "48h", "to": "wang"},
    ]


def test_a_tick_twice_says_nothing_twice(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    assert day.left(24) == ["24h.owner"] and day.left(24) == []
    assert len(day.cards()) == 1


def test_two_replicas_at_once_say_it_once(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    day.app.clock.at = DEADLINE - timedelta(hours=24)
    start, sent = threading.Barrier(3), []

    def tick() -> None:
        start.wait()
        sent.extend(day.app.reminders.tick())

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent == [("C1", "24h.owner")] and len(day.cards()) == 1


def test_acknowledging_by_button_or_word_stops_the_stage(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    day.left(48)
    button = buttons(day.cards()[0])["知道了"]
    day.talk.press(button, thread="C1")
    assert day.left(40) == [] and day.left(24) == ["24h.owner"]
    assert "过期" in day.talk.press(button, thread="C1")[0].title
    assert day.left(23.5) == ["24h.on_call"], "an old button answers no new reminder"
    day.talk.say("ack", thread="C1")
    assert day.left(20) == []
    assert [what for _, what in day.events()].count("acknowledged") == 2


def test_pressing_the_same_button_twice_notes_it_once(day: Day) -> None:
    day.left(48)
    button = buttons(day.cards()[-1])["知道了"]
    day.talk.press(button, thread="C1")
    day.talk.press(button, thread="C1")
    assert [what for _, what in day.events()].count("acknowledged") == 1


def test_a_free_case_is_passed_on_and_a_released_one_again(day: Day) -> None:
    opened = day.app.clock.now()
    assert day.at(opened + timedelta(minutes=29)) == []
    [key] = day.at(opened + timedelta(minutes=30))
    assert key.startswith("unclaimed@") and mentions(day.cards()[-1]) == ("boss",)
    day.talk.press(buttons(day.cards()[-1])["我来处理"], thread="C1")
    assert day.app.cases.get("C1").owner == "li"
    day.at(opened + timedelta(hours=1))
    day.talk.say("释放", thread="C1")
    [again] = day.at(opened + timedelta(hours=1, minutes=30))
    assert again.startswith("unclaimed@") and again != key


def test_snoozing_is_for_a_while_and_never_too_long(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    day.left(50)
    assert "11-21 05:00" in day.talk.say("稍后 3小时", thread="C1").title
    assert day.left(48) == [] and day.left(47) == ["48h.owner"]
    day.talk.say("snooze 9 days", thread="C1")
    assert day.left(3.01) == [] and day.left(3) == ["3h.owner"]
    assert "快到截止" in day.talk.say("稍后", thread="C1").title


def test_reminders_can_be_turned_off_and_on(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    day.talk.say("关闭提醒", thread="C1")
    assert day.left(48) == []
    day.talk.say("reminders on", thread="C1")
    assert day.left(47) == ["48h.owner"]
    assert day.app.cases.get("C1").status.value == "open", "turning reminders off is not dismissing"


@pytest.mark.parametrize("words", ["稍后 bald", "snooze 0h", "snooze -1h", "稍后 99999999h"])
def test_a_length_of_time_that_is_none_is_asked_back(day: Day, words: str) -> None:
    assert "推迟多久" in day.talk.say(words, thread="C1").title


@pytest.mark.parametrize("quiet", [[time(22), time(8)]])
def test_quiet_hours_of_the_team_wait_for_the_morning(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    # T-48 h is 04:00 in Shanghai, T-24 h too; the window closes there at 04:00.
    assert day.left(48) == [] and day.left(44.01) == [] and day.left(44) == ["48h.owner"]
    assert day.left(6) == ["6h.owner"], "in the last night there is no morning left to wait for"


def test_a_complete_case_that_nobody_submits_is_asked_about_once_after_each_change(day: Day) -> None:
    talk = day.talk
    talk.say("认领", thread="C1")
    for number in (1, 2):
        talk.say(f"跳过 {ORDERS[number]}", thread="C1")
    talk.send(("t.txt", tracking_page(0)), ("c.txt", conversation(0)), ("e.csv", erp_log(0)), thread="C1")
    talk.say(f"场景 {ORDERS[0]} S1", thread="C1")
    assert day.app.judge.judge("C1").review.ready
    now = day.app.clock.now()
    assert day.at(now + timedelta(minutes=119)) == []
    [key] = day.at(now + timedelta(minutes=120))
    assert key.startswith("ready@") and "还没提交" in day.cards()[-1].title
    assert day.at(now + timedelta(minutes=200)) == []


def test_a_case_that_rests_is_judged_once_not_at_every_tick(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    day.talk.say("认领", thread="C1")
    looks = []
    look = day.app.judge.look
    monkeypatch.setattr(day.app.judge, "look", lambda unit, case_id: looks.append(case_id) or look(unit, case_id))
    now = day.app.clock.now() + timedelta(hours=2)
    for minute in range(5):
        assert day.at(now + timedelta(minutes=minute)) == []
    assert len(looks) == 1


def test_a_tick_reads_only_the_cases_whose_time_has_come(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[str]] = []
    watched = ReminderTable.watched
    monkeypatch.setattr(
        ReminderTable, "watched", lambda self, robot, ids: read.append(list(ids)) or watched(self, robot, ids)
    )
    now = day.app.clock.now()
    assert day.at(now) == [] and read == [["C1"]]
    assert day.at(now + timedelta(seconds=1)) == [] and read[1:] == [[]]
    day.talk.say("认领", thread="C1")
    read.clear()
    day.at(now + timedelta(seconds=2))
    assert read == [["C1"]], "somebody changed it"
    day.at(now + timedelta(seconds=3))
    day.at(now + timedelta(seconds=3) + LONGEST)
    day.at(now - timedelta(days=1))
    assert read[1:] == [[], ["C1"], ["C1"]], "now and then, and when the clock is set back"


def test_evidence_that_grows_too_old_is_named_with_the_day_to_renew_it(day: Day) -> None:
    talk = day.talk
    talk.say("认领", thread="C1")
    talk.send(("t.txt", tracking_page(0, "2026-11-14 07:30 UTC")), thread="C1")
    [key] = day.at(day.app.clock.now() + timedelta(hours=2))
    assert key == "stale:E1" and "快要过期" in day.cards()[-1].title
    assert "2026-11-21" in day.cards()[-1].plain()


def test_a_submission_without_result_is_asked_about_after_three_and_seven_working_days(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    day.talk.say("已提交 确认", thread="C1")
    submitted = day.app.clock.now()
    assert day.at(submitted + timedelta(days=4)) == []
    [key] = day.at(submitted + timedelta(days=5))
    assert key.startswith("result3@") and "答复" in day.cards()[-1].title and mentions(day.cards()[-1]) == ("li",)
    assert day.at(submitted + timedelta(days=11)) == [], "Thanksgiving is no working day where the shop sells"
    [key] = day.at(submitted + timedelta(days=12))
    assert key.startswith("result7@")
    for order in ORDERS:
        day.talk.say(f"结果 {order} 通过", thread="C1")
    assert day.at(submitted + timedelta(days=60)) == []


def test_a_finished_case_is_silent_and_its_buttons_say_why(day: Day) -> None:
    day.left(48)
    card = day.cards()[-1]
    day.talk.say("关闭 C1 误报", thread="C1")
    assert day.left(24) == []
    for label in ("知道了", "1 小时后再提醒"):
        assert "已结束" in day.talk.press(buttons(card)[label], thread="C1")[0].title


def test_a_moved_deadline_repeats_no_stage(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    day.left(48)
    day.talk.say("ack", thread="C1")
    with day.app.store.unit() as unit:
        case = unit.cases.get("C1", lock=True)
        case.deadline += timedelta(hours=3)
        unit.cases.save(case)
    assert day.left(45) == [] and day.left(44) == []
    assert day.left(21) == ["24h.owner"]


def test_one_case_that_cannot_be_judged_does_not_silence_the_others(
    day: Day, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with day.app.store.unit() as unit:
        case = unit.cases.get("C1")
        case.shop, case.orders = "uk-1", []
        unit.cases.add(case)
    look = day.app.judge.look

    def broken(unit: object, case_id: str) -> object:
        return 1 / 0 if case_id == "C1" else look(unit, case_id)

    monkeypatch.setattr(day.app.judge, "look", broken)
    assert day.left(48) == ["48h.on_call"]
    assert "C1" in caplog.text
    monkeypatch.undo()
    assert day.left(48) == ["48h.on_call"], "the next tick tries it again"


def test_a_reminder_and_its_note_are_one_transaction(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day.app.reminders.notifier, "worded", lambda word: 1 / 0)
    before = day.events()
    assert day.left(24) == [] and day.events() == before and day.cards() == []
    monkeypatch.undo()
    assert day.left(24) == ["24h.on_call"]


def test_reminders_speak_the_language_of_the_channel(day: Day) -> None:
    day.talk.say("lang en")
    day.left(24)
    assert "open points" in day.cards()[-1].title and "Got it" in buttons(day.cards()[-1])


def test_partly_submitted_cases_are_still_reminded_of_the_rest(day: Day) -> None:
    day.talk.say("认领", thread="C1")
    day.talk.say(f"已提交 {ORDERS[0]} 确认", thread="C1")
    assert day.app.cases.get("C1").order(ORDERS[0]).appeal is AppealStatus.SUBMITTED
    assert day.left(24) == ["24h.owner"]


def test_without_anybody_the_thread_itself_is_asked(settings: Settings, tmp_path: object) -> None:
    from bot.domain.reminder import Level
    from bot.runtime.clock import FrozenClock
    from tests.conversations.conftest import ANOMALY, NOW, story

    settings.oncall, settings.people = [], []
    app = App(settings, FrozenClock(NOW)).open()
    orders, defects = story()
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(ANOMALY)
    app.clock.at = datetime(2026, 11, 21, 20, tzinfo=UTC)
    assert [key for _, key in app.reminders.tick()] == [f"24h.{Level.EVERYBODY.value}"]
    app.engine.dispose()
