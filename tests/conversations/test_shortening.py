"""Buyers' data in channels that people beyond the team read: shortened in whatever card goes there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.audience import Audience
from bot.domain.evidence import Evidence, Facts, Message, Personal
from bot.domain.personal import shortener
from bot.domain.places import homes
from bot.messaging.card import Attachment, Card, Fields, Form, Input, Style, Text, Translation
from bot.messaging.shortening import shortened
from bot.services.audiences import Audiences
from bot.services.memberships import MACHINE
from bot.store.tables import messages
from tests.access.teams import NOW, House, two_teams

HERE = "slack:CA"
SAID = "Where is my parcel? I never got it."
WHOLE = f'Buyer mary_smith, +1 (415) 555-0132, 13812345678, mary@example.com, 5 Elm Street: "{SAID}"'


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Team a is listed: its channel slack:CA may have people who are not in it. Its case knows a buyer."""
    app = two_teams(tmp_path)
    facts = Facts(
        buyers=("mary_smith",),
        personal=(Personal("address", "5 Elm Street"),),
        messages=(Message("buyer", NOW, SAID),),
    )
    with app.store.unit() as unit:
        unit.evidence.add(Evidence("", "C1", "a" * 64, 1, "t.txt", "a-member", NOW, facts, "communication"), HERE)
    yield House(app)
    app.engine.dispose()


def shown(house: House, card: Card, channel: str = HERE) -> str:
    return house.app.inside(channel, "C1", card).plain()


def readers(house: House, *accounts: str) -> None:
    with house.app.store.unit() as unit:
        unit.records.save_readers(HERE, accounts)


CARD = Card("C1: mary_smith", (Text(WHOLE), Fields((("who", "mary_smith"),))), language="en")


def test_the_team_alone_sees_everything_and_others_see_it_shortened(house: House) -> None:
    assert "mary" not in shown(house, CARD), "nobody has told who reads the channel of a listed team"
    readers(house, "a-member", "a-lead")
    assert shown(house, CARD) == CARD.plain()
    readers(house, "a-member", "b-member")
    seen = shown(house, CARD)
    assert seen.startswith('C1: m***\nBuyer m***, +***, 1***, m***, 5***: "…"\nwho: m***\n'), seen
    assert house.app.phrases.say("channels.kept_beyond", "en") in seen


def test_an_account_is_the_person_whose_it_was_said_to_be(house: House) -> None:
    readers(house, "U77")
    assert "mary" not in shown(house, CARD)
    house.app.memberships.link("a-member", "slack", "U77", MACHINE)
    assert shown(house, CARD) == CARD.plain()


def test_who_is_removed_reads_no_buyers_data_in_a_channel_that_they_have_not_left(house: House) -> None:
    channel = "slack:CB"
    with house.app.store.unit() as unit:
        unit.records.save_readers(channel, ["stays", "goes"])
    card = Card("C2", (Text("+1 (415) 555-0132"),), language="en")
    assert "555" in house.app.inside(channel, "C2", card).plain(), "being in the channel makes a member"
    house.app.memberships.invite("goes", "b", None, MACHINE, {"slack": "goes"})
    house.app.memberships.remove("goes", "b", MACHINE)
    assert "555" not in house.app.inside(channel, "C2", card).plain()


def test_what_one_person_alone_is_shown_is_whole(house: House) -> None:
    card = Card("C1", CARD.elements, private_to="a-lead", language="en")
    assert shown(house, card) == card.plain()


def test_the_console_and_direct_conversations_are_whole(house: House) -> None:
    assert shown(house, CARD, "console:a") == CARD.plain()
    assert shown(house, CARD, "slack:D9") == CARD.plain()


def test_a_card_beside_the_cases_hides_the_buyers_of_all_of_them(house: House) -> None:
    assert "mary" not in house.app.inside(HERE, "", CARD).plain()


def test_guests_see_no_buyers_data_in_what_is_left_of_an_alert(house: House) -> None:
    with house.app.store.unit() as unit:
        unit.records.save_audience(HERE, Audience.GUESTS)
    alert = Card("C1: mary_smith", (Text(WHOLE),), slot="C1:headline", language="en")
    seen = shown(house, alert)
    assert "mary" not in seen and "5555" not in seen and SAID not in seen
    assert seen.count(house.app.phrases.say("channels.kept_guests", "en")) == 1


def test_readers_are_asked_for_where_they_count_and_its_cards_are_drawn_anew(house: House) -> None:
    asked: list[str] = []

    def told(channel: str) -> list[str]:
        asked.append(channel)
        return ["a-member"]

    app = house.app
    parts = (app.access.whole, app.clock, lambda channel: Audience.TEAM, homes, app.notifier, told, app.readers)
    audiences = Audiences(*parts)
    for channel in (HERE, "slack:CB"):
        audiences.learn(channel, Audience.TEAM)
    assert asked == [HERE] and shown(house, CARD) == CARD.plain()


def test_files_and_forms_that_would_send_back_a_shortened_text_are_left_out() -> None:
    short = shortener({"mary_smith"}, [])
    filled = Form("edit", "edit", (Input("text", "Text", value="mary_smith"),), "Save")
    empty = Form("note", "note", (Input("text", "Text"),), "Save")
    elements = (filled, empty, Attachment("t.png", "image/png", "a" * 64, 1))
    card = Card("t", elements, language="en", translations=(Translation("zh", "t", elements),))
    left = shortened(card, short, lambda language: Text(f"less {language}", Style.MUTED))
    assert left.elements == (empty, Text("less en", Style.MUTED))
    assert left.translations[0].elements == (empty, Text("less zh", Style.MUTED))


KEPT = (
    "Deadline 2026-11-22 20:00 UTC, 2026-11-23 04:00 (+8)",
    "UTC+8 2026-11-23 04:00",
    "Order 576461413038785751, 1Z999AA10123456784, rate 1.300 % (13/1000)",
    'The lead wrote: "Please look at this."',
    "+08:00 and +12.5 % in 30 days",
)


@pytest.mark.parametrize("text", KEPT)
def test_times_numbers_and_others_words_stay(text: str) -> None:
    assert shortener({"", "x"}, [SAID])(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("买家王伟有 2 单", "买家王***有 2 单"),
        ("电话138 1234 5678", "电话1***"),
        ("电话：+86 13812345678。", "电话：+***。"),
        ("138****5678", "1***"),
        ('Order 1, buyer in TikTok Inbox: "where is my PARCEL?…".', 'Order 1, buyer in TikTok Inbox: "…".'),
    ],
)
def test_what_belongs_to_a_buyer_is_shortened(text: str, expected: str) -> None:
    shorten: Callable[[str], str] = shortener({"王伟"}, [SAID])
    assert shorten(text) == expected


def test_cards_are_drawn_anew_when_only_the_people_of_the_team_change(house: House) -> None:
    memberships = house.app.memberships
    memberships.invite("newcomer", "a", None, MACHINE, {"slack": "U9"})
    readers(house, "a-member", "U9")
    house.app.audiences.compare()
    before = drawn(house)
    memberships.remove("newcomer", "a", MACHINE)
    apart = drawn(house)
    assert apart > before and "mary" not in shown(house, CARD)
    memberships.invite("newcomer", "a", None, MACHINE, {"slack": "U9"})
    assert drawn(house) > apart and shown(house, CARD) == CARD.plain()


def drawn(house: House) -> int:
    """How often the headline of the case was drawn in the channel."""
    headline = sa.select(messages.c.version).where(messages.c.key == f"{HERE}|C1:headline")
    with house.app.engine.connect() as connection:
        return int(connection.scalar(headline) or 0)
