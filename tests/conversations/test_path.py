"""From the alert to the exported package with buttons alone: one drop of files, no typed command."""

from datetime import UTC, datetime, timedelta

from bot.domain.case import AppealStatus
from bot.messaging.card import Attachment, Card, Copy, Form, Matrix
from bot.store.tables import to_ms
from tests.conversations.conftest import (
    ANOMALY,
    ORDERS,
    TRACKING,
    Talk,
    buttons,
    conversation,
    erp_log,
    forms,
    tracking_page,
)

MOST_ACTS = 12
FOURTH, FOURTH_TRACKING = "576461413038786754", "1Z999AA10123456793"
CAUSE, EXPLANATION = "Root Cause（归因）", "Explanation（说明）"


def add_fourth(talk: Talk) -> None:
    """A fourth defect of the same day, which the next check adds to the case."""
    midnight = datetime.combine(ANOMALY, datetime.min.time(), UTC)
    made, hurt = to_ms(midnight - timedelta(days=9)), to_ms(midnight + timedelta(hours=23))
    with talk.app.store.unit() as unit:
        order = (FOURTH, made, made // 86_400_000, True, FOURTH_TRACKING, "UPS", "buyer3")
        unit.orders.upsert_orders("us-1", [order])
        defect = (FOURTH, "return_refund", hurt, hurt // 86_400_000, True, True, "never arrived")
        unit.orders.upsert_defects("us-1", [defect])
    talk.app.monitoring.check(ANOMALY)
    talk.say("案件 C1", thread="C1")


def of_all_four() -> list[tuple[str, str]]:
    """The tracking pages and conversations of the four orders, and one log for all of them."""
    made = {"track": tracking_page, "inbox": conversation, "erp": erp_log}
    found = {name: [make(number) for number in range(3)] for name, make in made.items()}
    for texts in found.values():
        texts.append(texts[0].replace(ORDERS[0], FOURTH).replace(TRACKING[0], FOURTH_TRACKING))
    files = [(f"{name}{number}.txt", text) for name in ("track", "inbox") for number, text in enumerate(found[name])]
    rows = [line for text in found["erp"] for line in text.splitlines()[1:]]
    return [*files, ("erp.csv", "\n".join([found["erp"][0].splitlines()[0], *rows]))]


class Acts:
    """What a person does in the case's thread, counted; each act returns the cards that answer it."""

    def __init__(self, talk: Talk) -> None:
        self.talk, self.count = talk, 0

    def press(self, card: Card, label: str) -> list[Card]:
        self.count += 1
        return self.talk.press(buttons(card)[label], thread="C1")

    def drop(self, *files: tuple[str, str]) -> list[Card]:
        self.count += 1
        return self.talk.send(*files, thread="C1")

    def fill(self, form: Form, **values: str) -> list[Card]:
        self.count += 1
        return self.talk.submit(form, thread="C1", **values)

    def slot(self, part: str) -> Card:
        return self.talk.in_slot(f"C1:{part}", "C1")


def copied(card: Card) -> dict[str, str]:
    return {element.label: element.text for element in card.elements if isinstance(element, Copy)}


def test_from_the_alert_to_the_package_with_buttons_alone(talk: Talk) -> None:
    add_fourth(talk)
    acts = Acts(talk)
    acts.press(acts.slot("headline"), "我来处理")
    [work] = acts.drop(*of_all_four())
    [asked] = acts.press(work, "给全部 4 单标场景")
    acts.press(asked, next(label for label in buttons(asked) if label.startswith("4 单都是 S1")))
    shown = acts.press(acts.slot("work"), "填表")
    seen = []
    for number in range(4):
        fields = copied(shown[0])
        assert fields[CAUSE] == "Carrier Delay" and 0 < len(fields[EXPLANATION]) <= 200
        seen.append(fields["订单号"])
        if number < 3:
            shown = acts.press(shown[0], "下一单 →")
    assert sorted(seen) == sorted([*ORDERS, FOURTH])
    acts.press(shown[0], "4 单都已提交")
    assert talk.app.cases.get("C1").status.value == "submitted"
    [package] = acts.press(acts.slot("headline"), "导出")
    assert any(isinstance(element, Attachment) for element in package.elements)
    assert acts.count <= MOST_ACTS


def test_some_are_submitted_and_their_results_recorded_in_forms(talk: Talk) -> None:
    talk.say("场景 全部 S1", thread="C1")
    acts = Acts(talk)
    [shown] = talk.says("填表", thread="C1")
    [asked] = acts.press(shown, "只提交了部分")
    [question] = acts.fill(forms(asked)[0], orders=",".join(ORDERS[:2]))
    acts.press(question, next(label for label in buttons(question) if label.startswith("是")))
    states = [order.appeal for order in talk.app.cases.get("C1").orders]
    assert states == [AppealStatus.SUBMITTED, AppealStatus.SUBMITTED, AppealStatus.NONE]
    talk.say(f"已提交 {ORDERS[2]} 确认", thread="C1")
    [asked] = acts.press(acts.slot("work"), "登记结果（3 单）")
    acts.fill(forms(asked)[0], orders=ORDERS[1], outcome="rejected", known_code="ODR-07", code="")
    order = talk.app.cases.get("C1").order(ORDERS[1])
    assert (order.appeal, order.rejection_code) == (AppealStatus.REJECTED, "ODR-07")
    assert talk.app.cases.get("C1").order(ORDERS[0]).appeal is AppealStatus.SUBMITTED


def test_orders_are_tagged_one_by_one_and_undone(talk: Talk) -> None:
    acts = Acts(talk)
    for _ in range(2):
        tagging = next(label for label in buttons(acts.slot("work")) if label in ("逐单标", "给 …6753 标场景"))
        [asked] = acts.press(acts.slot("work"), tagging)
        [done] = acts.fill(forms(asked)[0], scenario="S1", root_cause="")
    assert [order.scenario for order in talk.app.cases.get("C1").orders] == ["S1", "S1", ""]
    acts.press(done, "撤销")
    assert [order.scenario for order in talk.app.cases.get("C1").orders] == ["S1", "", ""]
    [matrix] = [element for element in acts.slot("work").elements if isinstance(element, Matrix)]
    assert len(matrix.rows) == 3
