"""Chats as bubbles, laid out without drawing them."""

import pytest

from bot.domain.evidence import Facts
from bot.reading.pdf import _with_chat
from bot.reading.reader import FileReader
from tests.reading.blocks import read, sheet

ORDER = "576461413038785752"


HEAD = (("TikTok Shop Inbox", 20, 0), ("maya88", 20, 40), (f"Order ID: {ORDER}", 20, 80))


def test_sides_say_who_speaks_and_times_stand_above(reader: FileReader) -> None:
    facts = read(
        reader,
        *HEAD,
        ("2026-11-18 11:00", 420, 140),
        ("Where is my parcel? It says", 20, 180),
        ("delivered", 20, 206),
        ("2026-11-18 11:20", 420, 260),
        ("We ask the carrier now", 780, 300),
        ("Type a message", 20, 400),
    )
    assert [(item.speaker, item.words) for item in facts.messages] == [
        ("buyer", "Where is my parcel? It says\ndelivered"),
        ("seller", "We ask the carrier now"),
    ]
    assert [f"{item.at:%H:%M}" for item in facts.messages if item.at] == ["11:00", "11:20"]
    assert facts.buyers == ("maya88",) and facts.kind == "conversation" and facts.kind_certain
    assert {stamp.role.value for stamp in facts.timestamps} == {"message"}


def test_times_may_stand_below(reader: FileReader) -> None:
    facts = read(
        reader,
        *HEAD[:2],
        ("Where is my parcel?", 20, 140),
        ("2026-11-18 11:00", 20, 170),
        ("We ask the carrier now", 780, 230),
        ("2026-11-18 11:20", 840, 260),
    )
    assert [(item.speaker, item.time_text) for item in facts.messages] == [
        ("buyer", "2026-11-18 11:00"),
        ("seller", "2026-11-18 11:20"),
    ]


def test_a_name_beside_the_time_outweighs_the_side(reader: FileReader) -> None:
    facts = read(
        reader,
        *HEAD,
        ("Seller 2026-11-18 11:00", 20, 140),
        ("We ask the carrier now", 20, 170),
        ("2026-11-18 11:20", 840, 230),
        ("Where is my parcel?", 810, 260),
    )
    assert facts.messages[0].speaker == "seller"


def test_a_journey_is_no_chat(reader: FileReader) -> None:
    facts = read(
        reader,
        ("UPS Tracking Number 1Z999AA10123456784", 20, 0),
        ("2026-11-18 11:00", 20, 60),
        ("Delivered", 20, 90),
        ("2026-11-17 09:00", 800, 150),
        ("Picked up", 870, 180),
    )
    assert not facts.messages and facts.kind == "tracking_page"


def test_a_table_is_no_chat(reader: FileReader) -> None:
    rows = [(f"2026-11-1{number} 11:00", 20, 60 * number) for number in range(1, 5)]
    rows += [("Order synced in the inbox", 700, 60 * number) for number in range(1, 5)]
    assert not read(reader, *rows).messages


def test_a_picture_without_words_has_an_empty_sheet() -> None:
    assert sheet().text == "" and sheet().placed == ()


def test_pages_of_a_scanned_chat_are_one_conversation(reader: FileReader) -> None:
    first = ("Where is my parcel? It says delivered", 20, 180)
    pages = [
        (*HEAD, ("2026-11-18 11:00", 420, 140), first, ("2026-11-18 11:20", 420, 260), ("We ask now", 900, 300)),
        (
            *HEAD,
            ("2026-11-18 11:20", 420, 140),
            ("We ask now", 900, 180),
            ("2026-11-18 12:00", 420, 260),
            ("Thanks", 20, 300),
        ),
    ]
    sheets = [sheet(*page) for page in pages]
    read_pages = [reader.words.read(each.text, "", each) for each in sheets]
    whole = _with_chat(Facts("application/pdf"), read_pages)
    assert [item.words for item in whole.messages] == [first[0], "We ask now", "Thanks"]
    assert whole.kind == "conversation" and whole.buyers == ("maya88",)


def test_pages_written_from_the_right_are_mirrored(reader: FileReader) -> None:
    facts = read(
        reader,
        ("TikTok Shop Inbox", 830, 0),
        ("noura_a12", 910, 40),
        ("2026-11-18 11:00", 420, 140),
        ("Where is my parcel?", 810, 180),
        ("2026-11-18 11:20", 420, 240),
        ("We ask the carrier now", 20, 280),
    )
    assert [item.speaker for item in facts.messages] == ["buyer", "seller"]


STEPS = (
    ("Yodel", 20, 0),
    ("Estimated delivery: 2026-04-24 10:14", 20, 60),
    ("2026-04-23 07:14", 20, 120),
    ("Delivery attempted - recipient not available", 420, 160),
    ("2026-04-23 05:21", 20, 220),
    ("Arrived at Sort Facility", 20, 260),
    ("2026-04-21 05:34", 20, 320),
    ("In Transit to Next Facility", 590, 360),
    ("2026-04-17 22:20", 20, 420),
    ("Parcel collected", 20, 460),
)


def test_a_parcels_steps_are_no_chat_also_where_its_number_is_hidden(reader: FileReader) -> None:
    facts = read(reader, *STEPS)
    assert not facts.messages and facts.kind != "conversation" and not facts.tracking_numbers
    assert {stamp.role.value for stamp in facts.timestamps} >= {"exception", "picked_up"}


def test_a_single_line_that_stands_apart_answers_nobody(reader: FileReader) -> None:
    said = (
        ("2026-11-18 11:00", 420, 60),
        ("Hello there, good morning", 20, 100),
        ("2026-11-18 11:10", 420, 160),
        ("Is anybody there?", 20, 200),
        ("2026-11-18 11:20", 420, 260),
        ("We are here now", 840, 300),
    )
    assert not read(reader, *said).messages
    more = (("2026-11-18 11:30", 420, 360), ("How can we help you", 800, 400))
    assert [item.speaker for item in read(reader, *said, *more).messages] == ["buyer", "buyer", "seller", "seller"]


def test_a_chat_about_a_parcel_stays_a_chat(reader: FileReader) -> None:
    facts = read(
        reader,
        *HEAD,
        ("2026-11-18 11:00", 420, 140),
        ("It was delivered to a neighbour", 20, 180),
        ("2026-11-18 11:20", 420, 240),
        ("It was out for delivery today", 720, 280),
        ("2026-11-18 11:30", 420, 340),
        ("It was picked up on Monday", 740, 380),
    )
    assert facts.kind == "conversation" and len(facts.messages) == 3


ORDERS = tuple(
    line
    for number in range(4)
    for line in (
        (f"Order 57646141303878575{number}", 20, 160 * number + 60),
        (f"2026-11-1{number} 11:00", 860, 160 * number + 60),
        ("Glass bottle 500 ml, blue", 20, 160 * number + 100),
        ("US$ 12.90", 940, 160 * number + 100),
        ("Completed", 940, 160 * number + 140),
    )
)
ON_A_PHONE = tuple(
    line
    for number, words in enumerate(
        ("Your parcel has reached you", "It left the hub", "The courier has it", "Ready to go")
    )
    for line in (
        (words + " in the city of Ho Chi Minh", 20, 120 * number + 100),
        (f"2026-11-1{8 - number} 11:00", 860, 120 * number + 140),
        ("Share", 980, 120 * number + 170),
    )
)
REVIEWS = tuple(
    line
    for number in range(3)
    for line in (
        (f"maya8{number}", 20, 150 * number + 60),
        (f"2026-11-1{number} 11:00", 860, 150 * number + 60),
        ("Broke after a day, not as shown at all", 20, 150 * number + 100),
        ("Helpful (3)", 940, 150 * number + 130),
    )
)


@pytest.mark.parametrize(
    "page",
    [
        (("9:41", 20, 0), ("Package", 500, 0), *ON_A_PHONE),
        (("9:41", 20, 0), ("<", 20, 30), ("Package", 500, 30), *ON_A_PHONE, ("Chat with seller", 500, 700)),
        (("My orders", 20, 0), ("Contact", 940, 0), *ORDERS),
        (("Inbox", 20, 0), ("Orders", 20, 30), *ORDERS),
        (("Product reviews", 20, 0), ("Write a review", 900, 0), *REVIEWS),
        (("Conversation starters", 20, 0), *REVIEWS),
    ],
)
def test_what_only_stands_like_bubbles_is_no_certain_chat(
    reader: FileReader, page: tuple[tuple[str, float, float], ...]
) -> None:
    facts = read(reader, *page)
    assert not (facts.kind == "conversation" and facts.kind_certain)


def test_steps_of_a_parcel_beside_an_inbox_are_no_chat(reader: FileReader) -> None:
    facts = read(
        reader,
        ("Inbox", 20, 0),
        ("Delivered to the front door", 20, 60),
        ("2026-11-18 11:00", 860, 90),
        ("Out for delivery", 20, 150),
        ("2026-11-18 08:00", 860, 180),
        ("Picked up", 20, 240),
        ("2026-11-15 10:00", 860, 270),
        ("Share", 980, 300),
    )
    assert not facts.messages and not facts.kind_certain
    assert {"delivered", "picked_up"} <= {stamp.role.value for stamp in facts.timestamps}


@pytest.mark.parametrize("sign", ["Type a message", "输入消息", "已读", "Nhập tin nhắn"])
def test_the_place_to_write_and_an_orders_card_make_a_chat_certain(reader: FileReader, sign: str) -> None:
    lines = (
        ("2026-11-18 11:00", 420, 140),
        ("Where is my parcel?", 20, 180),
        ("2026-11-18 11:20", 420, 260),
        ("We ask the carrier now", 780, 300),
        ("2026-11-18 11:24", 420, 360),
        ("It says delivered since Monday", 20, 400),
        ("2026-11-18 11:30", 420, 460),
        ("We see, please wait a day", 750, 500),
    )
    card = (f"Order ID: {ORDER}", 20, 80)
    sure = read(reader, ("maya88", 20, 40), card, *lines, (sign, 20, 600))
    assert len(sure.messages) == 4 and sure.kind == "conversation" and sure.kind_certain
    perhaps = read(reader, ("maya88", 20, 40), card, *lines)
    assert perhaps.kind == "conversation" and not perhaps.kind_certain
    for page in (((sign, 20, 600),), ()):
        somewhere = read(reader, ("maya88", 20, 40), *lines, *page)
        assert (somewhere.kind, somewhere.page, len(somewhere.messages)) == ("", "chat", 4)


def test_one_named_side_in_a_picture_is_no_certain_chat(reader: FileReader) -> None:
    facts = read(reader, ("Inbox", 20, 0), ("Seller 2026-11-18 11:00", 20, 60), ("Ships in two days", 20, 90))
    assert not facts.kind_certain


def test_a_last_message_is_no_capture_date(reader: FileReader) -> None:
    facts = read(
        reader,
        ("Where is my parcel?", 20, 140),
        ("2026-11-18 11:00", 20, 170),
        ("We ask the carrier now", 780, 230),
        ("2026-11-18 11:20", 840, 260),
        ("Thank you!", 20, 330),
        ("Nov 19, 2026 9:20 AM", 20, 360),
    )
    assert facts.captured_at is None
