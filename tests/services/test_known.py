"""Who is known to services, what people state, and what is noted once."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from bot.conversation.events import Upload
from bot.domain.evidence import CaptureSource, Facts, LinkState, Message, Spot, TrackingNumber
from bot.domain.people import KnownPerson
from bot.services.export import _params
from bot.services.linkwatch import _alarming
from bot.services.people import KnownPeople
from bot.services.prefetching import PrefetchingReader
from bot.services.stated import Stated
from bot.services.timeline import cause, caused_by, note, noted
from tests.services.conftest import House

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_whoever_has_spoken_since_is_known(house: House) -> None:
    people = KnownPeople(house.app.store.unit, [KnownPerson("li", "Li Na")])
    assert people.everybody().find("li na") == "li" and people.everybody().find("wang") == ""
    for number, person in enumerate(("wang", "zhao")):
        with house.app.store.unit() as unit:
            unit.records.take_event(f"e{number}", AT, "console:ops", person)
        assert people.everybody().find(person) == person


def test_nothing_stated_states_nothing() -> None:
    facts = Facts(readable=False, tracking_numbers=(TrackingNumber("1Z0"),), captured_at=AT)
    said = Stated().on(facts, "li", Facts())
    assert (said.stated, said.stated_by, said.readable) == ((), "li", True)
    assert (said.tracking_numbers, said.captured_at, said.captured_from) == (facts.tracking_numbers, AT, None)


def test_what_is_stated_is_added_and_marked_as_stated() -> None:
    spot, other = (Spot("tracking_numbers", text, (0, 0, 1, 1), 0.5, None) for text in ("1Z1", "1Z0"))
    facts = Facts(tracking_numbers=(TrackingNumber("1Z0"),), order_ids=("7",), words="old", spots=(spot, other))
    stated = Stated("1Z1", "8", picked_up=AT, captured_at=AT, site="US", words="new")
    said = stated.on(facts, "li", Facts(order_ids=("7", "9"), buyers=("maya",)))
    assert [number.value for number in said.tracking_numbers] == ["1Z0", "1Z1"] and said.order_ids == ("7", "8", "9")
    assert said.captured_from is CaptureSource.STATED and (said.site, said.words) == ("US", "new")
    assert [(stamp.role.value, stamp.offset_minutes, stamp.text) for stamp in said.timestamps] == [
        ("picked_up", 0, "2026-11-18 09:00 UTC")
    ]
    assert said.stated == ("captured_at", "order_ids", "site", "timestamps", "tracking_numbers", "words")
    assert [each.legible for each in said.spots] == [True, None]


@pytest.mark.parametrize(("complete", "messages"), [(True, ()), (False, (Message("", None, "x"),))])
def test_a_conversation_is_stated_by_words_or_as_complete(complete: bool, messages: tuple[Message, ...]) -> None:
    said = Stated(complete=complete).on(Facts(), "li", Facts(messages=messages))
    assert "messages" in said.stated and said.messages == messages


def test_one_message_notes_a_thing_once_and_another_does_again(opened: House) -> None:
    def told(message: str, who: str) -> bool:
        with caused_by(message), opened.app.store.unit() as unit:
            if before := noted(unit, "C1", "greeted", to=who):
                return before
            note(unit, opened.clock, "C1", "li", "greeted", to=who, more="x")
            return False

    assert [told("m1", "a"), told("m1", "a"), told("m1", "b"), told("m2", "a")] == [False, True, False, False]
    assert cause() == ""
    with opened.app.store.unit(read_only=True) as unit:
        assert not noted(unit, "C1", "opened"), "what the clock did is no message's"


@pytest.mark.parametrize(
    ("before", "now", "alarming"),
    [
        (LinkState.PUBLIC, LinkState.PRIVATE, True),
        (LinkState.PRIVATE, LinkState.PRIVATE, False),
        (None, LinkState.REFUSED, True),
        (LinkState.PUBLIC, LinkState.UNREACHABLE, False),
        (LinkState.UNREACHABLE, LinkState.UNREACHABLE, True),
        (LinkState.PRIVATE, LinkState.PUBLIC, False),
        (LinkState.PUBLIC, LinkState.PUBLIC, False),
    ],
)
def test_a_link_is_told_when_it_closes_or_cannot_be_reached_twice(
    before: LinkState | None, now: LinkState, alarming: bool
) -> None:
    assert _alarming(before, now) is alarming


class Counting:
    """A reader that counts."""

    def __init__(self) -> None:
        self.reads: list[str] = []

    def read(self, path: Path, file_name: str) -> Facts:
        self.reads.append(file_name)
        return Facts(words=file_name)

    def read_text(self, text: str) -> Facts:
        return Facts(words=text)


def test_what_was_read_ahead_is_remembered_until_the_turn_ends(tmp_path: Path) -> None:
    reader = Counting()
    ahead = PrefetchingReader(reader)
    upload = tmp_path / "upload"
    upload.write_bytes(b"x")
    original = tmp_path / sha256(b"x").hexdigest()
    with ahead.ahead([Upload(tmp_path / "gone", "b.txt", 1), Upload(upload, "a.txt", 1)]):
        assert ahead.read(original, "a.txt") == Facts(words="a.txt") and reader.reads == ["a.txt"]
        assert ahead.read(original, "other.txt") and reader.reads == ["a.txt", "other.txt"]
    ahead.read(original, "a.txt")
    assert reader.reads == ["a.txt", "other.txt", "a.txt"] and ahead.read_text("y").words == "y"


def test_what_is_left_is_what_is_still_to_be_submitted(opened: House) -> None:
    orders = [order.order_id for order in opened.case().orders]
    whole = opened.app.judge.judge("C1")
    assert {item.order_id for item in whole.left.missing} == set(orders) and not whole.ready
    opened.app.appeals.submitted("C1", "li", orders[:1])
    rest = opened.app.judge.judge("C1")
    assert {item.order_id for item in rest.left.missing} == set(orders[1:])
    assert orders[0] not in {item.order_id for item in rest.left.findings} and 0 < rest.points < whole.points
    opened.app.cases.dismiss("C1", "li", "a test order")
    finished = opened.app.judge.judge("C1")
    assert (finished.left.missing, finished.left.findings, finished.points) == ((), (), 0)


def test_empty_parameters_are_no_part_of_a_timeline_in_a_file() -> None:
    assert _params({"order": "7", "code": "", "to": "li"}) == "order=7; to=li"
