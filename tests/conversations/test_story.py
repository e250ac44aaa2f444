"""The whole story, from alert to outcome, as a team lives it."""

import json
import zipfile
from datetime import timedelta

from bot.domain.case import AppealStatus
from bot.messaging.card import Attachment, Chart, Checklist, Countdown, Mark, Tone
from tests.conversations.conftest import (
    ORDERS,
    TRACKING,
    Talk,
    buttons,
    conversation,
    erp_log,
    forms,
    tracking_page,
)


def give_everything(talk: Talk, number: int) -> list[object]:
    files = [("track.txt", tracking_page(number)), ("chat.txt", conversation(number)), ("erp.csv", erp_log(number))]
    return talk.send(*files, thread="C1")


def test_the_alert_stands_in_the_channel_with_countdown_chart_and_buttons(talk: Talk) -> None:
    card = talk.in_slot("C1:headline", "C1")
    assert card.tone is Tone.RED and "3.000 %" in card.title
    [countdown] = [element for element in card.elements if isinstance(element, Countdown)]
    assert countdown.until.isoformat() == "2026-11-22T20:00:00+00:00"
    [chart] = [element for element in card.elements if isinstance(element, Chart)]
    assert len(chart.points) == 30 and chart.anomaly.isoformat() == "2026-11-19"
    assert {"我来处理", "还缺什么", "申诉说明"} <= set(buttons(card))


def test_from_alert_to_excluded(talk: Talk) -> None:
    talk.press(buttons(talk.in_slot("C1:headline", "C1"))["我来处理"])
    assert talk.app.cases.get("C1").owner == "li"
    talk.say(f"跳过 {ORDERS[1][-4:]}", thread="C1")
    talk.say(f"跳过 {ORDERS[2]}", thread="C1")
    [card] = give_everything(talk, 0)
    assert "刚收到" in card.plain() and "标场景" in card.plain()
    assert "S1" in talk.say(f"场景 {ORDERS[0][-4:]} s1", thread="C1").plain()
    ready = talk.say("缺什么", thread="C1")
    assert ready.tone is Tone.YELLOW and "材料齐全" in ready.title
    draft = talk.say("草稿", thread="C1")
    assert TRACKING[0] in draft.plain() and "2026-11-13 10:00 UTC" in draft.plain()
    assert "我已提交" in buttons(ready)
    assert "已登记提交" in talk.press(buttons(ready)["我已提交"], thread="C1")[0].title
    assert talk.in_slot("C1:headline", "C1").tone is Tone.BLUE
    assert "剔除" in talk.say(f"结果 {ORDERS[0]} 通过", thread="C1").title
    case = talk.app.cases.get("C1")
    assert case.status.value == "closed" and case.order(ORDERS[0]).appeal is AppealStatus.EXCLUDED
    what = talk.say("时间线", thread="C1").plain().splitlines()
    assert any("认领" in line for line in what) and any("提交了" in line for line in what)


def test_the_work_card_is_one_card_that_moves_not_a_stream(talk: Talk) -> None:
    for _ in range(3):
        give_everything(talk, 0)
    assert len([card for card in talk.shown("C1") if card.slot == "C1:work"]) == 1
    assert len([card for card in talk.shown("C1") if card.slot == "C1:headline"]) == 1


def test_several_files_get_one_answer_that_says_what_each_is(talk: Talk) -> None:
    cards = give_everything(talk, 1)
    assert len(cards) == 1 and "刚收到 3 份" in cards[0].plain()
    items = [item for element in cards[0].elements if isinstance(element, Checklist) for item in element.items]
    received = [item for item in items if "E" in item.words and ORDERS[1] in item.words]
    assert [item.mark for item in received] == [Mark.DONE] * 3


def test_files_alone_find_their_case_from_the_channel(talk: Talk) -> None:
    [card] = talk.send(("a.txt", tracking_page(2)))
    assert ORDERS[2] in card.plain() and talk.app.evidence.get("E1").case_id == "C1"


def test_a_file_that_fits_nothing_is_kept_and_asked_about(talk: Talk) -> None:
    [card] = talk.send(("notes.txt", "hello"), thread="C1")
    labels = buttons(card)
    chosen = next(label for label in labels if ORDERS[0] in label)
    [card] = talk.press(labels[chosen], thread="C1")
    kind = next(label for label in buttons(card) if "订单详情" in label)
    talk.press(buttons(card)[kind], thread="C1")
    item = talk.app.evidence.get("E1")
    assert item.order_ids == [ORDERS[0]] and item.kind == "order_detail"


def test_a_picture_that_cannot_be_read_is_asked_about_and_counts_as_stated(talk: Talk, png: bytes) -> None:
    [card] = talk.send(("截图.png", png), text=f"证据 {ORDERS[0]} 物流", thread="C1")
    [form] = forms(card)
    values = {"tracking_number": TRACKING[0], "picked_up": "2026-11-10T17:12", "delivered": "2026-11-18T23:20"}
    talk.submit(form, thread="C1", **values, captured_at="2026-11-20")
    facts = talk.app.evidence.get("E1").facts
    assert facts.stated_by == "li" and "tracking_numbers" in facts.stated
    assert facts.timestamps[0].at.isoformat() == "2026-11-10T09:12:00+00:00", "the form's times are the team's zone"


def test_evidence_of_another_order_is_refused_with_the_reason(talk: Talk) -> None:
    [card] = talk.send(("a.txt", tracking_page(1)), text=f"证据 {ORDERS[0]}", thread="C1")
    review = talk.app.judge.judge("C1").review
    assert "tracking_match" in {finding.rule for finding in review.findings if finding.order_id == ORDERS[0]}
    assert TRACKING[0] in card.plain()


def test_a_link_is_checked_and_baidu_is_refused(talk: Talk) -> None:
    talk.say(f"证据 {ORDERS[0]} 物流 https://drive.google.com/file/d/1/view", thread="C1")
    talk.say(f"证据 {ORDERS[0]} 物流 https://pan.baidu.com/s/1", thread="C1")
    states = {talk.app.evidence.get(key).link_state.value for key in ("E1", "E2")}
    assert states == {"public", "refused"}
    rules = {finding.rule for finding in talk.app.judge.judge("C1").review.findings}
    assert "link_host" in rules


def test_pasted_words_are_evidence(talk: Talk) -> None:
    talk.say(f"证据 {ORDERS[0]} 聊天 {conversation(0)}", thread="C1")
    assert len(talk.app.evidence.get("E1").facts.messages) == 3


def test_withdrawn_evidence_no_longer_counts_but_is_kept(talk: Talk) -> None:
    give_everything(talk, 0)
    before = len(talk.app.judge.judge("C1").review.missing)
    talk.say("撤回 E1", thread="C1")
    item = talk.app.evidence.get("E1")
    assert len(talk.app.judge.judge("C1").review.missing) == before + 1
    assert talk.app.vault.path(item.sha256).is_file()


def test_editing_the_draft_runs_the_checks_again(talk: Talk) -> None:
    give_everything(talk, 0)
    talk.say(f"tag {ORDERS[0]} S1", thread="C1")
    card = talk.say(f"修改 {ORDERS[0]} " + "this buyer is a shameless liar " * 9, thread="C1")
    text = card.plain()
    assert "278/200" in text
    rules = {item.rule for item in talk.app.judge.judge("C1").review.findings if item.order_id == ORDERS[0]}
    assert {"explanation_length", "explanation_tone"} <= rules
    [form] = forms(card)
    talk.submit(form, thread="C1", text="")
    assert TRACKING[0] in talk.say(f"草稿 {ORDERS[0]}", thread="C1").plain()


def test_the_package_holds_form_evidence_hashes_and_timeline(talk: Talk) -> None:
    give_everything(talk, 0)
    talk.send(("=cmd|calc!A0.txt", conversation(0)), text=f"证据 {ORDERS[0]} 聊天", thread="C1")
    card = talk.say("导出", thread="C1")
    [package] = [element for element in card.elements if isinstance(element, Attachment)]
    with zipfile.ZipFile(talk.app.vault.path(package.sha256)) as archive:
        names = archive.namelist()
        sums = archive.read("SHA256SUMS").decode().split()
        index = archive.read("index.csv").decode("utf-8-sig")
        assert {"form.txt", "timeline.csv", "index.csv", "SHA256SUMS"} <= set(names)
        assert sum(name.startswith(f"evidence/{ORDERS[0]}/") for name in names) == 4
        assert talk.app.evidence.get("E1").sha256 in sums
        assert "'=cmd" in index, "no spreadsheet takes a file name for a formula"
        assert "Root Cause" in archive.read("form.txt").decode()


def test_after_the_deadline_the_window_is_closed_and_says_what_is_left(talk: Talk) -> None:
    talk.app.clock.at += timedelta(hours=61)
    assert talk.app.monitoring.close_overdue() == ["C1"]
    assert talk.app.monitoring.close_overdue() == []
    card = talk.in_slot("C1:headline", "C1")
    assert card.tone is Tone.GREY and "不能再补材料" in card.plain()
    assert "没有进行中" in talk.say("案件列表").title


def test_rejected_orders_wait_for_the_platforms_notice(talk: Talk) -> None:
    talk.say(f"跳过 {ORDERS[1]}", thread="C1")
    talk.say(f"跳过 {ORDERS[2]}", thread="C1")
    talk.say("已提交 确认", thread="C1")
    assert "证据不足" in talk.say(f"结果 {ORDERS[0]} 驳回 odr-07", thread="C1").title
    assert talk.app.cases.get("C1").order(ORDERS[0]).rejection_code == "ODR-07"
    assert "不能从" in talk.say(f"已提交 {ORDERS[0]}", thread="C1").title
    talk.say(f"可重提 {ORDERS[0]}", thread="C1")
    talk.say(f"已提交 {ORDERS[0]}", thread="C1")
    assert talk.app.cases.get("C1").order(ORDERS[0]).appeal is AppealStatus.SUBMITTED


def test_an_excluded_order_leaves_both_sides_of_the_rate(talk: Talk) -> None:
    before = talk.app.monitoring.look(talk.app.clock.now().date() - timedelta(days=1), ["us-1"])[0]
    talk.say("已提交 确认", thread="C1")
    talk.say(f"结果 {ORDERS[0]} 通过", thread="C1")
    after = talk.app.monitoring.look(talk.app.clock.now().date() - timedelta(days=1), ["us-1"])[0]
    rolling = (before.detection.measurement.rolling, after.detection.measurement.rolling)
    assert (rolling[0].defects - rolling[1].defects, rolling[0].orders - rolling[1].orders) == (1, 1)


def test_every_card_survives_json(talk: Talk) -> None:
    from bot.messaging.card import from_json, to_json

    give_everything(talk, 0)
    for card in [*talk.shown(), *talk.shown("C1"), *talk.says("草稿", thread="C1"), talk.say("帮助")]:
        assert from_json(json.loads(json.dumps(to_json(card)))) == card


def test_all_orders_can_be_tagged_at_once(talk: Talk) -> None:
    assert "等 3 单" in talk.say("场景 全部 S1", thread="C1").title
    assert {order.scenario for order in talk.app.cases.get("C1").orders} == {"S1"}


def test_the_form_for_a_scenario_can_take_the_other_orders_along(talk: Talk) -> None:
    talk.say(f"tag {ORDERS[2]} S4", thread="C1")
    [form] = forms(talk.say(f"tag {ORDERS[0]}", thread="C1"))
    talk.submit(form, thread="C1", scenario="S1", scope="all", root_cause="")
    assert [order.scenario for order in talk.app.cases.get("C1").orders] == ["S1", "S1", "S4"]


def test_the_outlook_learns_from_own_outcomes_and_promises_nothing(talk: Talk) -> None:
    talk.say("场景 全部 S1", thread="C1")
    before = talk.say("胜算", thread="C1").plain()
    assert "0 个结果" in before and "Carrier Delay" in before and "不是承诺" in before
    talk.say("已提交 确认", thread="C1")
    talk.say(f"结果 {ORDERS[0]} 通过", thread="C1")
    after = talk.say("outlook C1").plain()
    assert "1 个结果" in after and after != before
