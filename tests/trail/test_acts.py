"""Every act leaves exactly one line in the audit trail, looking and repeats leave none, whatever handler it is."""

from collections.abc import Callable
from datetime import date
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
from bot.domain.people import Role
from bot.domain.trail import AuditLine
from bot.ports.records import Person
from bot.runtime.bootstrap import App
from bot.runtime.conversing import all_handlers
from bot.store.tables import events
from tests.conversations.conftest import ANOMALY, ORDERS, Talk, buttons, forms, tracking_page
from tests.conversations.exports import us_orders
from tests.conversations.test_statuses import leave_open
from tests.conversations.test_timeline import CHANGES, prepare
from tests.trail.conftest import lines

Make = Callable[[Talk], Incoming]
ABOUT = {"channel": "console:ops", "person": "boss", "address": "10.0.0.7"}


def words(text: str, thread: str = "C1", **about: object) -> Make:
    given = {"text": text, "thread": thread, **ABOUT, **about}
    return lambda talk: CommandReceived("the-act", at=talk.app.clock.now(), **given)


def press(action: str, **payload: str) -> Make:
    about = {"action": action, "payload": payload, **ABOUT}
    return lambda talk: ButtonPressed("the-act", at=talk.app.clock.now(), thread="C1", **about)


def form(action: str, values: dict[str, str], **payload: str) -> Make:
    about = {"action": action, "payload": payload, "values": values, **ABOUT}
    return lambda talk: FormSubmitted("the-act", at=talk.app.clock.now(), thread="C1", **about)


def files(text: str, *contents: str) -> Make:
    def make(talk: Talk) -> Incoming:
        uploads = []
        for number, content in enumerate(contents):
            path = talk.folder / f"given-{number}.txt"
            path.write_text(content, "utf-8")
            uploads.append(Upload(path, path.name, len(content)))
        return FileReceived(
            "the-act", at=talk.app.clock.now(), thread="C1", uploads=tuple(uploads), text=text, **ABOUT
        )

    return make


def edited(talk: Talk) -> Incoming:
    return MessageChanged("the-act", at=talk.app.clock.now(), thread="C1", ref="ref-7", text="new words", **ABOUT)


STATUS = {"shop": "us-1", "field": "status", "word": "expired", "valid": "no"}
PIECE = {"evidence": "E1", "case": "C1", "order": ORDERS[0], "kind": "tracking_page"}

SHOP = {"id": "my-1", "name": "Bright MY", "site": "MY"}

PAUSE = "暂停催数据 us-1 到 2026-12-01"
ACTS: dict[str, tuple[list[str], Make, str, str]] = {
    # handler: what comes before, the act, its subject, a field that it changes
    **{name: (before, words(text), "C1", "") for name, (before, text) in CHANGES.items()},
    "withdraw": (["+file"], words("撤回 E1"), "E1", "withdrawn_at"),
    "evidence": ([], files(f"证据 {ORDERS[0]} 物流", tracking_page(0)), "E1", "kind"),
    "files": ([], files("", tracking_page(0), tracking_page(1)), "E1", "sha256"),
    "file": (["+picture"], press("file", **PIECE), "E1", "kind"),
    "state": (["+picture"], form("state", {"captured_at": "2026-11-20"}, evidence="E1"), "E1", "stated"),
    "confirm": (["+picture"], press("confirm", evidence="E1", fact="tracking_number", number="1Z"), "E1", "stated"),
    "letter_sent": ([f"场景 {ORDERS[0]} S1"], press("letter_sent", case="C1", orders=ORDERS[0]), "C1", ""),
    "message_changed": ([], edited, "C1", "message_edited"),
    "status_means": (["+status"], press("status_means", **STATUS), "status:us-1/status/expired", "valid"),
    "lang": ([], words("lang en"), "channel:console:ops", "language"),
    "bind": ([], words("绑定 uk-1", thread=""), "channel:console:ops", "shop"),
    "unbind": (["绑定 uk-1"], words("解绑 uk-1", thread=""), "channel:console:ops", "shop"),
    "pause_data": ([], words(PAUSE, thread=""), "pause:us-1", "until"),
    "resume_data": ([PAUSE], words("恢复催数据 us-1", thread=""), "pause:us-1", "ended_at"),
    "console": ([], words("console", thread="", channel="slack:D1", direct=True), "link:", "created_by"),
    "sign_out": (["+session"], words("退出登录", thread=""), "session:1", "ended_at"),
    "invite": (["+met"], words("邀请 U7 成员", thread=""), "person:U7", "role.team"),
    "add_shop": ([], form("add_shop", SHOP), "shop:my-1", "site"),
    "change_shop": (["+shop"], form("change_shop", SHOP | {"name": "Bright"}, shop="my-1"), "shop:my-1", "name"),
    "pause_shop": (["+shop"], press("pause_shop", shop="my-1"), "shop:my-1", "active"),
    "resume_shop": (["+paused"], press("resume_shop", shop="my-1"), "shop:my-1", "active"),
    "remove": (["+member"], words("移出 U7", thread=""), "person:U7", "role.team"),
    "oncall_set": ([], words("设置值班 小王"), "rota:*", "person"),
    "oncall_swap": ([], words("换班 小赵 和 小王 2026-11-25"), "rota:*", "person"),
}
LOOKS: dict[str, str] = {
    "help": "帮助",
    "howto": "怎么申诉",
    "shops": "店铺",
    "odr": "odr",
    "cases": "案件",
    "case": "C1",
    "home": "",
    "timeline": "时间线",
    "orders": "订单 C1",
    "draft": f"草稿 {ORDERS[0]}",
    "fill_in": f"填表 {ORDERS[0]}",
    "letter": "证明函 C1",
    "privacy": "隐私",
    "statuses": "订单状态",
    "replay": "回看 us-1",
    "upload_export": "",
    "missing": "缺什么",
    "outlook": "通过率",
    "oncall": "值班",
    "joined": "",
    "imports": "导入记录",
    "people": "成员名单",
    "shop_list": "店铺管理",
    "answer": "S1是什么意思",
    "received": "",
    "unknown": "今天天气不错",
}
ELSEWHERE = {"connect_shop"}
"""What asks another server: tests/tiktok/test_conversation.py."""
MAKES_A_LINK = {"console", "invite"}
"""What makes a new link that works once, also when it is run again after a crash."""
OF_EXPORTS = {"import_confirm", "import_cancel", "import_it", "import_other", "import_with", "import_evidence"}
OF_EXPORTS |= {"import_undo", "import", "import_all", "import_exported"}
"""The buttons of a received export, tried below."""
BY_INVITATION = {"join"}
BY_DATA = {"check"}
"""What changes something only when the data have changed."""


def before(talk: Talk, step: str, png: bytes) -> None:
    talk.person = "boss"
    if step == "+session":
        with talk.app.store.unit() as unit:
            talk.app.sessions.begin(unit, "boss", "10.0.0.7", "Firefox")
    elif step in ("+met", "+member"):
        with talk.app.store.unit() as unit:
            unit.records.save_person(Person("U7", "Alice"))
        if step == "+member":
            talk.app.memberships.invite("U7", "team", None, "command-line")
    elif step in ("+shop", "+paused"):
        talk.app.register.add(SHOP, "console:ops")
        if step == "+paused":
            talk.app.register.set_active("my-1", False)
    elif step == "+picture":
        talk.send(("p.png", png), thread="C1")
    elif step == "+status":
        leave_open(talk)
    elif step.startswith(("绑定", PAUSE)):
        talk.say(step)
    else:
        prepare(talk, step)


def left(app: App, act: Callable[[], object]) -> list[AuditLine]:
    known = len(lines(app))
    act()
    return lines(app)[known:]


def forget(app: App) -> None:
    """As after a crash between the handler's commit and the reply's."""
    with app.engine.begin() as connection:
        connection.execute(sa.delete(events).where(events.c.id == "the-act"))


def test_every_handler_is_known_to_act_or_to_look() -> None:
    routes = all_handlers().routes
    known = set(ACTS) | set(LOOKS) | BY_DATA | OF_EXPORTS | BY_INVITATION | ELSEWHERE
    assert set(routes) == known, "say what a new handler leaves in the trail"
    assert not [name for name in LOOKS if routes[name].takes is not None and name not in ("privacy", "letter")]


@pytest.mark.parametrize("handler", ACTS)
def test_an_act_leaves_one_line_however_often_it_comes(talk: Talk, png: bytes, handler: str) -> None:
    steps, make, subject, field = ACTS[handler]
    for step in steps:
        before(talk, step, png)
    event = make(talk)
    [line] = left(talk.app, lambda: talk.hear(event))
    assert (line.actor.who, line.actor.what) == ("boss", handler) and line.subject.startswith(subject)
    assert line.place == f"{event.channel} 10.0.0.7" and line.at == talk.app.clock.now()
    assert not field or field in line.after, line.data
    assert line.before != line.after and line.before.keys() == line.after.keys()
    assert left(talk.app, lambda: talk.hear(event)) == [], "a repeat"
    forget(talk.app)
    again = left(talk.app, lambda: talk.hear(event))
    assert again == [] or handler in MAKES_A_LINK, "a turn that is run again after a crash"


@pytest.mark.parametrize("handler", [name for name in LOOKS if LOOKS[name]])
def test_looking_leaves_nothing(talk: Talk, handler: str) -> None:
    assert left(talk.app, lambda: talk.says(LOOKS[handler], thread="C1")) == []


def test_what_is_refused_or_asked_back_leaves_nothing(talk: Talk) -> None:
    talk.say("认领", thread="C1")
    for text in ("认领", "关闭 C1", "认领吗？", "结果 C1 也许", "指派 C1 没有这个人", "认领 C99", "撤销 E9"):
        assert left(talk.app, lambda text=text: talk.hear(words(text)(talk))) == [], text
        forget(talk.app)


def test_a_check_that_opens_a_case_is_the_act_of_whoever_asked_for_it(app: App, tmp_path: Path) -> None:
    talk = Talk(app, tmp_path)
    [line] = left(app, lambda: talk.say("检查"))
    assert (line.actor.who, line.actor.what, line.subject, line.after["status"]) == ("li", "check", "C1", "open")
    assert left(app, lambda: talk.say("检查")) == []


def test_the_program_acts_too_and_says_what_it_did(talk: Talk) -> None:
    [opened] = [line for line in lines(talk.app) if line.subject == "C1"]
    assert (opened.actor.who, opened.actor.what, opened.place) == ("program", "opened", "")
    assert opened.shop == "us-1" and opened.before["status"] is None
    talk.app.clock.at = talk.app.clock.at.replace(day=23)
    [closed] = left(talk.app, talk.app.monitoring.close_overdue)
    assert (closed.actor.what, closed.before, closed.after) == ("expired", {"status": "open"}, {"status": "expired"})
    assert left(talk.app, lambda: talk.app.monitoring.check(ANOMALY)) == []


def test_an_export_is_received_decided_and_undone_each_in_one_line(talk: Talk) -> None:
    talk.person = "boss"
    [received] = left(talk.app, lambda: talk.send(("订单.csv", us_orders())))
    assert (received.actor.what, received.subject, received.after["file"]) == ("files", "export:P1", "订单.csv")
    [card] = talk.shown()[-1:]
    decided, imported = left(talk.app, lambda: talk.press(buttons(card)["导入"]))
    assert (decided.actor.who, decided.actor.what, decided.subject) == ("boss", "import_confirm", "export:P1")
    assert (imported.actor.who, imported.actor.what, imported.subject) == ("boss", "import", "import:1")
    assert date.fromisoformat(imported.after["first_day"]) <= date.fromisoformat(imported.after["last_day"])
    assert imported.after["rows"] == 40 and imported.shop == "us-1", "however long the program needs for it"
    [undone] = left(talk.app, lambda: talk.app.importing.undo("1", "boss"))
    assert undone.subject == "import:1" and undone.after["undone_by"] == "boss"


def test_all_that_waits_is_decided_in_one_line(talk: Talk) -> None:
    talk.person = "boss"
    for name, count in (("一.csv", 20), ("二.csv", 40)):
        talk.send((name, us_orders(count)))
    decided = left(talk.app, lambda: talk.say("全部导入"))[0]
    assert (decided.actor.what, decided.subject) == ("import_all", "export:P1") and "export:P2" in str(decided.data)


def test_the_time_of_an_export_that_somebody_stated_stands_in_the_trail(talk: Talk) -> None:
    talk.person = "boss"
    card = talk.send(("订单.csv", us_orders(5, **{"Created Time": "11/18/2026 10:00:00 AM"})))[0]
    asked = talk.press(buttons(card)["填写导出时间…"])[0]
    decided = left(talk.app, lambda: talk.submit(forms(asked)[0], exported="2026-11-20T15:30"))[0]
    assert (decided.actor.what, decided.subject) == ("import_exported", "export:P1")
    assert "2026-11-20" in str(decided.after), "what was stated"


def test_an_export_that_is_dropped_again_names_who_decided(talk: Talk) -> None:
    talk.person = "boss"
    card = talk.send(("订单.csv", us_orders()))[0]
    [cancelled] = left(talk.app, lambda: talk.press(buttons(card)["取消"]))
    assert (cancelled.actor.what, cancelled.after["decided_by"]) == ("import_cancel", "boss")


def test_another_shop_for_an_export_stands_in_the_trail(talk: Talk) -> None:
    """Whatever the first guess was, the answer of a person is kept with the value before."""
    app, boss = talk.app, Person("boss", role=Role.LEAD)
    talk.person = "boss"
    talk.send(("订单.csv", us_orders()))
    shops = app.access.every_shop()
    [line] = left(app, lambda: app.previews.choose("P1", boss, shops, {"shop": "uk-1"}))[:1]
    assert (line.subject, line.before["shop"], line.after["shop"]) == ("export:P1", "us-1", "uk-1")
    taken = left(app, lambda: app.previews.as_evidence("P1", boss))
    assert [line.after["state"] for line in taken] == ["evidence"]


def test_who_joins_by_an_invitation_leaves_a_line(talk: Talk) -> None:
    made = talk.app.memberships.invite("Neu", "team", None, "command-line")
    join = words(f"加入 {made.token}", thread="", channel="slack:D9", person="U9", direct=True)
    [line] = left(talk.app, lambda: talk.hear(join(talk)))
    assert (line.actor.who, line.actor.what, line.subject) == ("U9", "join", f"person:{made.person}")
