"""Names made of parts are read as they were written."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addresses import DRAFT, HEADLINE, WORK, AnswerKey, ChannelId, NoticeKey, Slot, SlotKey

WORDS = st.text(st.characters(exclude_characters=":@|#", categories=("L", "N", "P")), min_size=1)
CHANNELS = st.builds(ChannelId, WORDS, st.text(st.characters(exclude_characters="|@")))
PLACES = st.builds(Slot, WORDS, WORDS, st.just("") | WORDS, st.just("") | CHANNELS.map(str))


@given(CHANNELS)
def test_a_channel(channel: ChannelId) -> None:
    assert ChannelId.read(str(channel)) == channel


@given(PLACES)
def test_a_slot(slot: Slot) -> None:
    assert Slot.read(str(slot)) == slot


@given(CHANNELS, PLACES)
def test_the_key_of_a_slot(channel: ChannelId, slot: Slot) -> None:
    key = SlotKey(str(channel), slot)
    assert SlotKey.read(str(key)) == key


@given(st.text(), st.integers(0, 99))
def test_the_key_of_an_answer(event_id: str, number: int) -> None:
    key = AnswerKey(event_id, number)
    assert AnswerKey.read(str(key)) == key and str(key).startswith(AnswerKey.prefix(event_id))


def test_keys_of_other_kinds_are_not_mistaken() -> None:
    notice = str(NoticeKey("C1", "link:E2:closed", "slack:C0"))
    assert AnswerKey.read(notice) is None
    assert not SlotKey.read(notice).slot.is_own(HEADLINE) and not SlotKey.read("slack:Ev1#0").slot.is_own(HEADLINE)


def test_the_stored_forms_stay() -> None:
    """Rows that earlier versions wrote are found again."""
    assert str(ChannelId("slack", "C0")) == "slack:C0"
    assert str(Slot("C1", WORK)) == "C1:work" and str(Slot("C1", DRAFT, "7001")) == "C1:draft:7001"
    assert str(SlotKey("console:ops", Slot("C1", HEADLINE))) == "console:ops|C1:headline"
    assert str(Slot("C1", HEADLINE, "", "slack:C0")) == "C1:headline@slack:C0"
    assert str(AnswerKey("slack:Ev1", 2)) == "slack:Ev1#2"
    assert str(NoticeKey("C1", "reminder:T24", "slack:C0")) == "C1:reminder:T24@slack:C0"


def test_a_card_that_is_shown_instead_is_not_the_case_own_one() -> None:
    assert Slot.read("C1:headline").is_own(HEADLINE) and not Slot.read("C1:headline@slack:C0").is_own(HEADLINE)
    assert not Slot.read("").is_own(HEADLINE)
