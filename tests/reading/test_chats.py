"""Chats of many programs: who says what and when, and whether it is the platform's own."""

import pytest

from bot.domain.evidence import Facts
from bot.reading.reader import FileReader
from tests.reading.blocks import Block, read, to_the_right

ORDER = "576461413038785752"
SAID = (
    ("left", "Where is my parcel?", "21:14"),
    ("right", "We ask the carrier now", "21:16"),
    ("left", "It says delivered since Monday", "21:20"),
    ("right", "ok thanks", "21:22"),
)


def bubbles(style: str) -> tuple[Block, ...]:
    """The same talk: times on the line of the words, beside it, under it or over it."""
    blocks: list[Block] = []
    for number, (side, words, time) in enumerate(SAID):
        top = 200 + 110 * number

        def place(said: str, line: float, side: str = side) -> Block:
            return (said, 20, line) if side == "left" else to_the_right(said, 1000, line)

        match style:
            case "on the line":
                blocks.append(place(f"{words} {time} √√" if side == "right" else f"{words} {time}", top))
            case "beside":
                said = place(words, top)
                edge = said[1] + 10 * len(words) + 20 if side == "left" else said[1] - 70
                blocks += [said, (time, edge, top + 4)]
            case "under":
                blocks += [place(words, top), place(time, top + 28)]
            case "over":
                blocks += [place(time, top - 28), place(words, top)]
    return tuple(blocks)


def told(facts: Facts) -> list[tuple[str, str, str]]:
    sides = {"buyer": "left", "seller": "right"}
    return [(sides.get(item.speaker, ""), item.words, item.time_text) for item in facts.messages]


STYLES = ("on the line", "beside", "under", "over")
HEAD = (("TikTok Shop Inbox", 20, 0), ("maya88", 20, 50), (f"Order ID: {ORDER}", 20, 90), ("18 Nov 2026", 450, 140))


@pytest.mark.parametrize("style", STYLES)
def test_times_stand_wherever_the_program_puts_them(reader: FileReader, style: str) -> None:
    facts = read(reader, *HEAD, *bubbles(style), ("Type a message", 20, 700))
    assert told(facts) == list(SAID)
    assert [f"{item.at:%d %H:%M}" for item in facts.messages if item.at] == [f"18 {time}" for _, _, time in SAID]
    assert facts.kind == "conversation" and facts.kind_certain and facts.buyers == ("maya88",)


@pytest.mark.parametrize("style", STYLES)
def test_times_of_day_without_a_date_are_times_all_the_same(reader: FileReader, style: str) -> None:
    facts = read(reader, *HEAD[:3], *bubbles(style), ("Type a message", 20, 700))
    assert told(facts) == list(SAID)
    assert not any(item.at for item in facts.messages) and facts.captured_at is None


APPS = {
    "WhatsApp": ("Messages and calls are end-to-end encrypted", "online"),
    "WeChat": ("微信", "按住 说话"),
    "LINE": ("既読", "LINE Official Account"),
    "Zalo": ("Zalo", "Đã nhận"),
    "Telegram": ("last seen recently", "Telegram"),
}


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("style", STYLES)
def test_another_programs_chat_is_no_conversation_of_the_platform(reader: FileReader, app: str, style: str) -> None:
    head, foot = APPS[app]
    facts = read(reader, ("Lena", 60, 20), (head, 400, 140), *bubbles(style), (foot, 20, 700))
    assert (facts.kind, facts.kind_certain, facts.page) == ("", False, "other_chat")
    assert facts.warnings[0] == f"page_other_chat:{app}" and not facts.messages


def test_what_is_said_of_another_program_makes_it_none_of_that(reader: FileReader) -> None:
    said = (("My WhatsApp is +44 20 7946 0000", 20, 640), ("21:30", 20, 668))
    facts = read(reader, *HEAD, *bubbles("under"), *said, ("Type a message", 20, 740))
    assert facts.kind == "conversation" and facts.page == ""


@pytest.mark.parametrize("state", ["online", "Replied", "Active now", "在线", "ออนไลน์"])
def test_a_state_under_the_name_is_neither_a_buyer_nor_a_message(reader: FileReader, state: str) -> None:
    head = (("maya88", 60, 20), (state, 60, 44), ("18 Nov 2026", 450, 140))
    facts = read(reader, *head, *bubbles("under"), ("Type a message", 20, 700))
    assert told(facts) == list(SAID) and facts.buyers == ("maya88",)


def test_the_bar_of_a_telephone_says_nothing(reader: FileReader) -> None:
    bar = (("9:41", 20, 0), ("5G", 900, 0), ("87%", 950, 0))
    facts = read(reader, *bar, ("maya88", 60, 50), ("18 Nov 2026", 450, 140), *bubbles("under"), ("已读", 20, 700))
    assert told(facts) == list(SAID) and facts.buyers == ("maya88",)


def test_names_over_the_words_are_no_words(reader: FileReader) -> None:
    blocks = (
        ("Live chat", 20, 0),
        ("2026-11-18 11:00", 440, 100),
        ("Anna of the shop", 20, 140),
        ("How can we help you?", 20, 166),
        ("2026-11-18 11:02", 440, 240),
        to_the_right("Guest from London", 1000, 280),
        to_the_right("Where is it?", 1000, 306),
        ("2026-11-18 11:03", 440, 380),
        ("Anna of the shop", 20, 420),
        ("On its way since Monday", 20, 446),
        ("2026-11-18 11:04", 440, 520),
        to_the_right("Guest from London", 1000, 560),
        to_the_right("Thank you", 1000, 586),
    )
    words = [item.words for item in read(reader, *blocks).messages]
    assert words == ["How can we help you?", "Where is it?", "On its way since Monday", "Thank you"]


def test_an_order_that_somebody_names_is_no_card_of_the_platform(reader: FileReader) -> None:
    said = ((f"My order is {ORDER}", 20, 640), ("21:30", 20, 668))
    facts = read(reader, ("18 Nov 2026", 450, 140), *bubbles("under"), *said, ("Type a message", 20, 740))
    assert (facts.kind, facts.page, facts.order_ids) == ("", "chat", (ORDER,))


def test_a_chat_of_which_nothing_says_where_is_asked_with_its_messages_kept(reader: FileReader) -> None:
    facts = read(reader, ("18 Nov 2026", 450, 140), *bubbles("over"))
    assert (facts.kind, facts.kind_certain, facts.page) == ("", False, "chat")
    assert told(facts) == list(SAID) and facts.warnings[0] == "page_chat"
