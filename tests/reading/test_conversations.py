"""TikTok Inbox transcripts in many layouts."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.domain.evidence import Facts, TimeRole

Read = Callable[..., Facts]
ELEVEN, LATER = datetime(2026, 11, 18, 11, 0, tzinfo=UTC), datetime(2026, 11, 18, 11, 5, tzinfo=UTC)

LAYOUTS = {
    "name (time): words": "Buyer (2026-11-18 11:00): where is it?\nSeller (2026-11-18 11:05): on its way",
    "name [time] words": "Buyer [2026-11-18 11:00] where is it?\nSeller [2026-11-18 11:05] on its way",
    "[time] name: words": "[2026-11-18 11:00] Buyer: where is it?\n[2026-11-18 11:05] Seller: on its way",
    "time - name: words": "18/11/2026, 11:00 - Buyer: where is it?\n18/11/2026, 11:05 - Seller: on its way",
    "day above": "2026-11-18\n[11:00] Buyer: where is it?\n[11:05] Seller: on its way",
    "time name, words below": "2026/11/18 11:00 Buyer\nwhere is it?\n\n2026/11/18 11:05 Seller\non its way",
    "name time, words below": "Buyer 2026/11/18 11:00\nwhere is it?\nSeller 2026/11/18 11:05\non its way",
    "numbered": "1. Buyer (2026-11-18 11:00): where is it?\n2. Seller (2026-11-18 11:05): on its way",
    "strangers": "Chat with John\n2026-11-18 11:00 John: where is it?\n2026-11-18 11:05 Foo Store: on its way",
    "csv": "time,sender,message\n2026-11-18 11:00,Buyer,where is it?\n2026-11-18 11:05,Seller,on its way\n",
    "json": json.dumps(
        {
            "data": {
                "messages": [
                    {"create_time": 1794999600, "sender": {"role": "BUYER"}, "content": "where is it?"},
                    {"create_time": 1794999900, "sender": {"role": "CUSTOMER_SERVICE"}, "content": "on its way"},
                ]
            }
        }
    ),
    "jsonl": '{"from":"buyer","text":"where is it?","time":"2026-11-18T11:00:00Z"}\n'
    '{"from":"seller","text":"on its way","time":"2026-11-18T11:05:00Z"}\n',
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(read: Read, layout: str) -> None:
    facts = read(LAYOUTS[layout])
    assert [(m.speaker, m.at, m.words) for m in facts.messages] == [
        ("buyer", ELEVEN, "where is it?"),
        ("seller", LATER, "on its way"),
    ]
    assert (facts.kind, facts.kind_certain, facts.gaps) == ("conversation", True, ())
    assert {stamp.role for stamp in facts.timestamps} <= {TimeRole.MESSAGE}


@pytest.mark.parametrize(
    ("buyer", "seller"),
    [("买家", "客服"), ("ผู้ซื้อ", "ผู้ขาย"), ("Người mua", "Người bán"), ("Pembeli", "Penjual"), ("المشتري", "البائع")],
)
def test_languages(read: Read, buyer: str, seller: str) -> None:
    facts = read(f"{buyer} (2026-11-18 11:00): a\n{seller} (2026-11-18 11:05): b")
    assert [message.speaker for message in facts.messages] == ["buyer", "seller"]


def test_several_lines_belong_to_one_message(read: Read) -> None:
    facts = read("Buyer (2026-11-18 11:00): one\ntwo\nSeller (2026-11-18 11:05): three")
    assert facts.messages[0].words == "one\ntwo"


def test_buyer_names(read: Read) -> None:
    facts = read("Buyer Amy_22 (2026-11-18 11:00): a\nSeller (2026-11-18 11:05): b")
    assert facts.buyers == ("Amy_22",)


@pytest.mark.parametrize("mark", ["…", "...", "[3 messages omitted]", "(省略 12 条消息)"])
def test_marked_gaps(read: Read, mark: str) -> None:
    facts = read(f"Buyer (2026-11-18 11:00): a\n{mark}\nSeller (2026-11-18 11:05): b")
    assert facts.gaps == (f"gap_marker:{mark}",)
    assert [message.words for message in facts.messages] == ["a", "b"]


def test_holes_in_the_numbering(read: Read) -> None:
    facts = read("1. Buyer (2026-11-18 11:00): a\n2. Seller (2026-11-18 11:01): b\n5. Buyer (2026-11-18 11:05): c")
    assert facts.gaps == ("gap_numbering:3–4",)


def test_an_ellipsis_inside_words_is_no_gap(read: Read) -> None:
    assert read("Buyer (2026-11-18 11:00): well... ok\nSeller (2026-11-18 11:05): b").gaps == ()


def test_one_side_only(read: Read) -> None:
    facts = read("Buyer (2026-11-18 11:00): a\nBuyer (2026-11-18 11:05): b")
    assert "one_sided:buyer" in facts.warnings


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-18 11:00 Delivered: left at door\n2026-11-17 09:00 Arrived: hub",
        "Order details\nBuyer: amy\nSeller: Foo\nCreated time: 2026-11-18 11:00",
    ],
)
def test_what_is_no_conversation(read: Read, text: str) -> None:
    assert read(text).messages == ()
