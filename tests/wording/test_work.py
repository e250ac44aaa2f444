"""The work card at its largest: within one screen, nothing left out for good, every remedy once."""

import json
from datetime import timedelta

import pytest

from bot.domain.case import TimelineEvent
from bot.messaging.card import Actions, Card, Checklist, Copy, Matrix, Table, Text, from_json, to_json
from bot.platforms.feishu.cards import CardContext as FeishuContext
from bot.platforms.feishu.cards import render as feishu
from bot.platforms.slack.cards import CardContext as SlackContext
from bot.platforms.slack.cards import render as slack
from bot.services.judgement import Judgement
from bot.wording import replies
from bot.wording.evidence_list import received_card
from bot.wording.work import ORDERS_AT_ONCE, REMEDIES_AT_ONCE, whole_card, work_card
from tests.feishu.fake.cards import faults
from tests.rules.build import NOW
from tests.slack.fake.blocks import check_message
from tests.wording.many import PHRASES, localizer, many, order_id

SIZES = [(1, 0), (4, 2), (19, 0), (60, 300)]


def elements(card: Card, kind: type) -> list:
    return [element for element in card.elements if isinstance(element, kind)]


def payloads(card: Card) -> dict[str, dict[str, str]]:
    return {button.label: button.payload for row in elements(card, Actions) for button in row.buttons}


@pytest.mark.parametrize(("orders", "files"), SIZES)
def test_it_fits_one_screen_and_says_what_it_leaves_out(orders: int, files: int) -> None:
    card = work_card(localizer("zh"), many(orders, files))
    [matrix] = elements(card, Matrix)
    assert len(matrix.rows) == min(orders, ORDERS_AT_ONCE)
    todo = [box for box in elements(card, Checklist) if not box.fold][-REMEDIES_AT_ONCE:]
    assert len(todo) == REMEDIES_AT_ONCE
    assert len(card.plain()) < 3000 + sum(len(copy.text) for copy in elements(card, Copy)) or files
    assert ("显示全部" in payloads(card)) == (orders > ORDERS_AT_ONCE or "件事要做" in card.plain())


def test_every_tracking_number_stands_once_with_its_carriers_page() -> None:
    card = work_card(localizer("zh"), many(19))
    lines = [line for copy in elements(card, Copy) for line in copy.lines]
    assert len(lines) == len({line.words for line in lines}) == 19
    assert lines[0].address == f"https://www.ups.com/track?tracknum={lines[0].words}"


def test_a_remedy_stands_once_for_all_its_orders() -> None:
    card = work_card(localizer("zh"), many(19))
    words = [item.words for box in elements(card, Checklist) for item in box.items]
    assert len(words) == len(set(words)) and "19 单：…" in card.plain()


def walk(judged: Judgement) -> list[Card]:
    """All pages, as the buttons lead through them."""
    cards, page = [], 0
    while True:
        cards.append(whole_card(localizer("zh"), judged, page))
        page += 1
        if "下一页 →" not in payloads(cards[-1]):
            return cards
        assert payloads(cards[-1])["下一页 →"] == {"case": "C1", "from": str(page)}


def test_all_of_it_is_reached_page_by_page() -> None:
    pages = walk(many(60))
    rows = [row.label for card in pages for matrix in elements(card, Matrix) for row in matrix.rows]
    assert len(pages) == 3 and len(set(rows)) == 60
    assert whole_card(localizer("zh"), many(60), 999).title == pages[-1].title, "a page that does not exist"


def test_questions_stay_until_they_are_answered() -> None:
    judged = many(4, 2)
    before = work_card(localizer("zh"), judged)
    later = work_card(localizer("zh"), Judgement(judged.context, judged.review, judged.drafts))
    asked = [text.words for text in elements(before, Text) if "是哪一单的" in text.words]
    assert len(asked) == 2 and all(words in later.plain() for words in asked)
    first = [type(element) for element in before.elements].index(Matrix)
    assert all(before.elements.index(text) < first for text in elements(before, Text) if text.words in asked)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("orders", "files"), SIZES)
def test_slack_and_feishu_take_it(orders: int, files: int, language: str) -> None:
    def say(key: str, lang: str = language, **params: object) -> str:
        return PHRASES.say(key, lang, **params)

    say_localized = localizer(language)
    judged = many(orders, files)
    for card in (work_card(say_localized, judged), whole_card(say_localized, judged, 0)):
        assert from_json(json.loads(json.dumps(to_json(card)))) == card
        check_message(slack(card, SlackContext(say, str)), set())
        assert faults(feishu(card, FeishuContext(say, language, str))) == []


def test_an_orders_short_name_is_its_own() -> None:
    card = work_card(localizer("en"), many(5))
    [matrix] = elements(card, Matrix)
    assert [row.label for row in matrix.rows] == [f"…{order_id(number)[-4:]}" for number in range(5)]


def test_lists_have_pages_instead_of_an_end() -> None:
    judged = many(65)
    events = [TimelineEvent("C1", NOW + timedelta(minutes=number), "li", "claimed") for number in range(65)]
    say = localizer("zh")
    for make in (
        lambda page: replies.orders_card(say, judged, page),
        lambda page: replies.timeline_card(say, judged.case, events, {}, page),
    ):
        rows = [row for page in range(3) for table in elements(make(page), Table) for row in table.rows]
        assert len(rows) == len(set(rows)) == 65 and make(9) == make(2)
        assert [sorted(payloads(make(page))) for page in (0, 2)] == [["下一页 →"], ["← 上一页"]]
    received = [received_card(say, many(1, 45), "", page) for page in range(3)]
    assert [len(elements(card, Table)[0].rows) for card in received] == [20, 20, 5]
    newest = elements(replies.timeline_card(say, judged.case, events), Table)[0].rows[-1]
    assert newest[0] == f"{events[-1].at:%Y-%m-%d %H:%M} UTC"
