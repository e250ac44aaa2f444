"""The timeline is complete: every change leaves one entry with the message that caused it, however often the
message is delivered and wherever a crash has cut its turn off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation.events import (
    ButtonPressed,
    CommandReceived,
    FileReceived,
    FormSubmitted,
    Incoming,
    MessageChanged,
    Upload,
)
from bot.domain.case import TimelineEvent
from bot.runtime.bootstrap import App
from bot.runtime.conversing import all_handlers
from bot.store.tables import events
from tests.conversations.conftest import NOW, ORDERS, Talk, tracking_page

CHANGES: dict[str, tuple[list[str], str]] = {
    # handler: what comes before, the words; the timeline must grow by one entry
    "claim": ([], "认领"),
    "assign": ([], "指派 C1 小王"),
    "release": (["认领"], "释放"),
    "dismiss": ([], "关闭 C1 买家已撤回"),
    "reopen": (["关闭 C1 误报"], "重新打开 C1"),
    "cause": ([], "原因 政策"),
    "tag": ([], "场景 全部 S1"),
    "skip": ([], f"跳过 {ORDERS[0]}"),
    "include": ([f"跳过 {ORDERS[0]}"], f"恢复 {ORDERS[0]}"),
    "edit": ([], f"修改 {ORDERS[0]} The parcel was late."),
    "submit": ([], f"已提交 {ORDERS[0]} 确认"),
    "result": (["已提交 确认"], f"结果 {ORDERS[0]} 通过"),
    "notice": (["已提交 确认", f"结果 {ORDERS[0]} 驳回 ODR-07"], f"可重提 {ORDERS[0]}"),
    "export": ([], "导出"),
    "export_covered": ([], "导出遮挡版"),
    "export_originals": ([], "导出原件"),
    "withdraw": (["+file"], "撤回 E1"),
    "redact": (["+address"], "遮挡 E1"),
    "ack": (["+24h"], "知道了"),
    "snooze": ([], "稍后 2小时"),
    "reminders_off": ([], "关闭提醒"),
    "reminders_on": (["关闭提醒"], "打开提醒"),
    "hold": ([], "保留 C1"),
    "unhold": (["保留 C1"], "取消保留 C1"),
    "undo": (["认领 C1", f"跳过 {ORDERS[0]}"], "撤销"),
    "deadline": ([], "截止 C1 2026-11-22T06:00Z"),
    "deadline_computed": (["截止 C1 2026-11-22T06:00Z"], "按数据截止 C1"),
    "entry_open": ([], "入口开放 C1"),
    "note": ([], "备注 C1 承运商答应给证明"),
}
WITH_MORE = {
    # what comes with a file or a form: received and filed are two things that happened
    "evidence": 2,
    "files": 2,
    "file": 1,
    "state": 1,
    "confirm": 1,
    # what stands on a button alone
    "letter_sent": 1,
    # what a platform reports
    "message_changed": 1,
}
CHANGE_NO_CASE = {"help", "shops", "odr", "check", "lang", "unknown", "cases", "case", "timeline", "orders", "draft"}
CHANGE_NO_CASE |= {"answer", "received", "privacy", "howto", "statuses", "status_means"}
CHANGE_NO_CASE |= {"fill_in", "letter"}
CHANGE_NO_CASE |= {"people", "invite", "remove", "join", "console", "sign_out", "connect_shop", "imports", "import"}
CHANGE_NO_CASE |= {"import_it", "import_with", "import_other", "import_confirm", "import_cancel", "import_undo"}
CHANGE_NO_CASE |= {"add_shop", "change_shop", "pause_shop", "resume_shop", "shop_list"}
CHANGE_NO_CASE |= {"import_evidence", "import_exported", "import_all"}
CHANGE_NO_CASE |= {"replay", "pause_data", "resume_data", "upload_export"}
CHANGE_NO_CASE |= {"missing", "outlook", "oncall", "oncall_set", "oncall_swap", "bind", "unbind", "joined", "home"}


def entries(app: App) -> list[TimelineEvent]:
    with app.store.unit(read_only=True) as unit:
        return unit.cases.timeline("C1")


def forget(app: App, event: Incoming) -> None:
    """As after a crash between the handler's commit and the reply's."""
    with app.engine.begin() as connection:
        connection.execute(sa.delete(events).where(events.c.id == event.id))


def deliver(talk: Talk, event: Incoming) -> list[TimelineEvent]:
    """Deliver the event, deliver it again, then again as after a crash; returns the new entries."""
    before = len(entries(talk.app))
    talk.hear(event)
    talk.hear(event)
    forget(talk.app, event)
    talk.hear(event)
    return entries(talk.app)[before:]


def test_every_handler_is_accounted_for() -> None:
    known = set(CHANGES) | set(WITH_MORE) | CHANGE_NO_CASE
    assert set(all_handlers().routes) == known, "say of a new handler what it leaves in the timeline"


def prepare(talk: Talk, step: str) -> None:
    if step == "+file":
        talk.send(("t.txt", tracking_page(0)), thread="C1")
    elif step == "+address":
        talk.send(("o.txt", f"Order {ORDERS[0]}\nShipping address: 12 Main St"), thread="C1")
    elif step == "+24h":
        talk.app.clock.at = NOW.replace(day=21, hour=21)
        talk.app.reminders.tick()
    else:
        talk.say(step, thread="C1")


@pytest.mark.parametrize("handler", CHANGES)
def test_every_command_leaves_one_entry_however_often_it_comes(talk: Talk, handler: str) -> None:
    before, words = CHANGES[handler]
    for step in before:
        prepare(talk, step)
    event = CommandReceived("the-message", talk.channel, "li", talk.app.clock.now(), "C1", words)
    [entry] = deliver(talk, event)
    assert (entry.who, entry.message_id, entry.at) == ("li", "the-message", talk.app.clock.now())


@pytest.fixture
def upload(tmp_path: Path) -> Iterator[Upload]:
    path = tmp_path / "given.txt"
    path.write_text(tracking_page(0), "utf-8")
    yield Upload(path, "t.txt", path.stat().st_size)


@pytest.mark.parametrize("words", ["", f"证据 {ORDERS[0]} 物流"])
def test_a_file_is_received_and_filed_once(talk: Talk, upload: Upload, words: str) -> None:
    event = FileReceived("the-message", talk.channel, "li", NOW, "C1", (upload,), words)
    found = deliver(talk, event)
    assert [(entry.what, entry.message_id) for entry in found] == [
        ("received", "the-message"),
        ("filed", "the-message"),
    ]


def test_filing_by_button_and_stating_by_form_name_their_own_message(talk: Talk, png: bytes) -> None:
    talk.send(("p.png", png), thread="C1")
    payload = {"evidence": "E1", "case": "C1", "order": ORDERS[0], "kind": "tracking_page"}
    pressed = ButtonPressed("the-button", talk.channel, "wang", NOW, "C1", "file", payload)
    [filed] = deliver(talk, pressed)
    assert (filed.what, filed.who, filed.message_id) == ("filed", "wang", "the-button")
    sent = FormSubmitted(
        "the-form", talk.channel, "li", NOW, "C1", "state", {"evidence": "E1"}, {"captured_at": "2026-11-20"}
    )
    [stated] = deliver(talk, sent)
    assert (stated.what, stated.message_id) == ("stated", "the-form")


@pytest.mark.parametrize(("deleted", "what"), [(False, "message_edited"), (True, "message_deleted")])
def test_a_message_changed_afterwards_is_noted_with_its_ref(talk: Talk, deleted: bool, what: str) -> None:
    event = MessageChanged("the-edit", talk.channel, "li", NOW, "C1", "ref-7", "new words", deleted)
    [entry] = deliver(talk, event)
    assert (entry.what, entry.who, entry.params["ref"]) == (what, "li", "ref-7")
    elsewhere = MessageChanged("another", talk.channel, "li", NOW, "", "ref-8", "new words", deleted)
    assert deliver(talk, elsewhere) == []


def test_a_change_of_a_message_elsewhere_is_noted_where_it_has_caused_something(talk: Talk) -> None:
    claimed = CommandReceived("claims", talk.channel, "li", NOW, text="认领 C1")
    [first] = deliver(talk, claimed)
    assert first.what == "claimed"
    edit = MessageChanged("an-edit", talk.channel, "li", NOW, "", "ref-9", "unclaimed", of="claims")
    assert [(entry.what, entry.params["ref"]) for entry in deliver(talk, edit)] == [("message_edited", "ref-9")]
    other = MessageChanged("b-edit", talk.channel, "li", NOW, "", "ref-9", "x", of="never said")
    assert deliver(talk, other) == []


def test_what_the_clock_does_names_no_message(talk: Talk) -> None:
    talk.say("认领", thread="C1")
    talk.app.clock.at = NOW.replace(day=23)
    talk.app.monitoring.close_overdue()
    robot = [(entry.what, entry.message_id) for entry in entries(talk.app) if entry.who == "odr-bot"]
    assert robot == [("opened", ""), ("alerted", ""), ("expired", "")]


def test_the_timeline_reads_well_in_both_languages(talk: Talk) -> None:
    for step in ("+24h", "知道了", "稍后 2小时", "关闭提醒", "打开提醒", "保留 C1", "取消保留 C1"):
        prepare(talk, step)
    for words, language in (("语言 en", "before the deadline"), ("语言 zh", "距截止")):
        talk.say(words)
        assert language in talk.say("timeline", thread="C1").plain()


def test_the_timeline_names_nothing_by_its_id(talk: Talk) -> None:
    talk.send(("t.txt", tracking_page(0)), thread="C1")
    for step in (f"场景 {ORDERS[0]} s1", "已提交 确认", f"结果 {ORDERS[0]} 驳回 ODR-07"):
        talk.say(step, thread="C1")
    plain = talk.say("时间线", thread="C1").plain()
    assert not [word for word in ("single_day", "tracking_page", "rejected") if word in plain]
    assert "承运商官网轨迹" in plain and "ODR-07" in plain
