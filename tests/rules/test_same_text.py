"""Rules compare what people, records and files write as the same text (domain.md §1a)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import same
from bot.domain.draft import facts_for
from bot.domain.evidence import Evidence, Message, TimeRole, TrackingNumber
from bot.domain.matching import Naming, naming
from bot.domain.orders import Order
from bot.domain.parcel import says_not_received, says_not_shipped
from bot.domain.policy import Lexicon
from bot.domain.scenario import suggest
from bot.services.filing import orders_named
from tests.disguise import disguised
from tests.rules.build import (
    CONVERSATION,
    DRAFT,
    ORDER,
    OTHER,
    RECORD,
    SAID_AT,
    TRACKING,
    TRACKING_PAGE,
    case_order,
    changed,
    context,
    evidence,
    stamp,
    variants,
)

BUYERS = ("Nguyễn Thị Hằng", "น้ำฝน ดำดี", "Zoë O'Brien", "محمد العلي", "王小明（深圳）", "ＭＡＹＡ88")
LEXICON_WORDS = ("vô lý", "น้ำเน่า", "mała złość", "malicious", "恶意")


def chat_of(buyer: str) -> Evidence:
    return changed(CONVERSATION, buyers=(buyer,))


def of_buyer(buyer: str, *items: Evidence, **changes):
    return context(*items, orders={ORDER: replace(RECORD, buyer=buyer)}, **changes)


@given(st.data(), st.sampled_from(BUYERS))
def test_a_conversation_with_the_orders_own_buyer_is_the_orders(data: st.DataObject, buyer: str) -> None:
    ours, read = data.draw(disguised(buyer)), data.draw(disguised(buyer))
    assert variants(of_buyer(ours, chat_of(read)), "order_match") == []
    facts, record = chat_of(read).facts, replace(RECORD, buyer=ours)
    assert naming(facts, ORDER, [record.tracking_number], record.buyer) is Naming.BUYER
    assert orders_named(context().case, {ORDER: record}, facts).perhaps == (ORDER,)


@pytest.mark.parametrize(
    ("ours", "read"), [("Nguyễn Thị Hằng", "Nguyễn Thị Hạng"), ("น้ำ", "น้า"), ("maya88", "maya89")]
)
def test_another_buyers_conversation_is_not(ours: str, read: str) -> None:
    assert variants(of_buyer(ours, chat_of(read)), "order_match") == ["other"]


def test_no_buyer_is_nobodys_name() -> None:
    facts = changed(CONVERSATION, buyers=("\u200b",)).facts
    assert not facts.names_buyer("") and not facts.names_buyer("\u200b")


@given(st.data(), st.sampled_from(BUYERS))
def test_two_orders_of_one_buyer_are_seen(data: st.DataObject, buyer: str) -> None:
    records = {
        ORDER: replace(RECORD, buyer=data.draw(disguised(buyer))),
        OTHER: Order(OTHER, "us1", RECORD.created_at, buyer=data.draw(disguised(buyer))),
    }
    whole = context(orders=records)
    assert "same_buyer" in [item.reason for item in suggest(whole, whole.case.orders[0])]


@given(st.data())
def test_a_tracking_number_is_the_orders_own_however_it_is_written(data: st.DataObject) -> None:
    shown = data.draw(disguised(f"{TRACKING[:2]} {TRACKING[2:10]} {TRACKING[10:]}"))
    page = changed(TRACKING_PAGE, tracking_numbers=(TrackingNumber(shown, "UPS"),))
    assert variants(context(page), "tracking_match") == []


@given(st.data(), st.sampled_from(LEXICON_WORDS))
def test_a_word_of_the_lexicon_is_found(data: st.DataObject, word: str) -> None:
    lexicons = {"x": Lexicon(emotional=(data.draw(disguised(word)),), vague=())}
    draft = f"{DRAFT} {data.draw(disguised(word))}"
    assert variants(context(order=case_order(draft=draft), lexicons=lexicons), "explanation_tone") == ["emotional"]


@given(st.data(), st.sampled_from(("Tôi chưa nhận được hàng", "ยังไม่ได้รับของ ดำ", "I don't have it")))
def test_a_quotation_is_found_in_the_evidence(data: st.DataObject, words: str) -> None:
    spoken = (Message("buyer", SAID_AT, data.draw(disguised(words))), Message("seller", SAID_AT, "We will check."))
    draft = f'The buyer wrote "{data.draw(disguised(words))}" on {SAID_AT:%Y-%m-%d %H:%M} UTC.'
    whole = context(changed(CONVERSATION, messages=spoken), order=case_order(draft=draft))
    assert "quotation" not in variants(whole, "explanation_facts")


@given(st.data(), st.sampled_from(("chưa nhận", "I haven't received it", "没收到")))
def test_a_denial_of_receipt_is_heard(data: st.DataObject, words: str) -> None:
    assert says_not_received(data.draw(disguised(words)))


@given(st.data(), st.sampled_from(("Awaiting shipment", "To ship", "未发货")))
def test_an_order_that_is_not_shipped_is_seen(data: st.DataObject, words: str) -> None:
    assert says_not_shipped(data.draw(disguised(words)))


@given(st.data(), st.sampled_from(("Tôi chưa nhận được", "น้ำหก", "l'eau")))
def test_one_message_is_one_in_two_screenshots(data: st.DataObject, words: str) -> None:
    one, other = (Message("buyer", SAID_AT, data.draw(disguised(words))) for _ in range(2))
    assert same(one, other)


def test_the_draft_shows_words_as_they_came() -> None:
    words = "我要退货，因为没收到！"
    chat = changed(CONVERSATION, messages=(Message("buyer", SAID_AT + timedelta(hours=1), words),))
    whole = context(chat, evidence("delivery_proof", timestamps=(stamp(SAID_AT, TimeRole.DELIVERED),)))
    assert facts_for(whole, whole.case.orders[0]).values["quote"] == words
