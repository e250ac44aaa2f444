"""Chats as bubbles, laid out without drawing them."""

from bot.domain.evidence import Facts
from bot.reading.layout import Line, Sheet, lay_out
from bot.reading.pdf import _with_chat
from bot.reading.reader import FileReader

ORDER = "576461413038785752"


def sheet(*lines: tuple[str, float, float]) -> Sheet:
    """Lines of words with their left edge and their top, 10 wide a letter and 20 high."""
    return lay_out([_line(words, left, top) for words, left, top in lines])


def _line(words: str, left: float, top: float) -> Line:
    right, count = left + 10 * len(words), len(words)
    quad = ((left, top), (right, top), (right, top + 20), (left, top + 20))
    return Line(words, 0.99, quad, tuple((place + 0.5) / count for place in range(count)), (0.99,) * count)


def read(reader: FileReader, *lines: tuple[str, float, float]) -> Facts:
    drawn = sheet(*lines)
    return reader.words.read(drawn.text, "", drawn)


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
