from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.domain.conversation import ConversationPiece, Whole, same, stitch
from bot.domain.evidence import Message

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)
SAID = (
    "Hello, I have a question about the lamp that I ordered",
    "Good morning, how can we help you today?",
    "The parcel never arrived although the page says delivered",
    "We are sorry to hear that, one moment please",
    "I waited the whole week at home",
    "The carrier says that a neighbour signed for it",
    "Which neighbour? Nobody here knows anything",
    "The signature reads R. Hall, flat nine",
    "Oh, that is my brother, I will ask him",
    "Please tell us when you have found it",
    "He had it in his car all the time, thank you",
    "We are glad that it has been found",
)
TALK = tuple(
    Message("seller" if number % 2 else "buyer", AT + timedelta(minutes=number), words)
    for number, words in enumerate(SAID)
)


def pieces(*spans: tuple[int, int]) -> list[ConversationPiece]:
    return [ConversationPiece(f"{place}.png", TALK[start:end]) for place, (start, end) in enumerate(spans)]


def test_screens_that_overlap_become_one_conversation() -> None:
    assert stitch(pieces((0, 5), (4, 9), (8, 12))) == Whole(TALK, ())


def test_their_order_of_arrival_does_not_matter() -> None:
    assert stitch(pieces((8, 12), (0, 5), (4, 9))) == Whole(TALK, ())


def test_a_piece_inside_another_adds_nothing() -> None:
    assert stitch(pieces((0, 12), (3, 6), (0, 12))) == Whole(TALK, ())


def test_pieces_without_anything_in_common_leave_an_open_joint() -> None:
    whole = stitch(pieces((7, 12), (0, 5)))
    assert whole.messages == (*TALK[:5], *TALK[7:])
    assert whole.open_joints == (("1.png", "0.png"),)


def test_without_times_the_overlap_alone_puts_them_in_order() -> None:
    bare = [Message(item.speaker, None, item.words) for item in TALK]
    given = [
        ConversationPiece("b", tuple(bare[4:9])),
        ConversationPiece("c", tuple(bare[7:])),
        ConversationPiece("a", tuple(bare[:6])),
    ]
    assert stitch(given) == Whole(tuple(bare), ())


def test_a_message_cut_by_the_edge_is_kept_whole() -> None:
    cut = Message("seller", TALK[5].at, TALK[5].words[10:])
    whole = stitch([ConversationPiece("a", TALK[:6]), ConversationPiece("b", (cut, *TALK[6:]))])
    assert whole == Whole(TALK, ())


def test_one_short_word_without_a_time_joins_nothing() -> None:
    ok = Message("buyer", None, "ok")
    assert stitch([ConversationPiece("a", (*TALK[:2], ok)), ConversationPiece("b", (ok, *TALK[4:]))]).open_joints == (
        ("a", "b"),
    )


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Where is my parcel? lt says delivered", True),
        ("where is my parcel?  It says delivered!", True),
        ("It says delivered", True),
        ("Where is the other parcel of my friend", False),
        ("", False),
    ],
)
def test_reading_errs_in_a_letter(words: str, answer: bool) -> None:
    said = Message("buyer", None, "Where is my parcel? It says delivered")
    assert same(said, Message("", None, words)) is answer


def test_any_cutting_with_overlap_comes_together_again() -> None:
    random = Random(5)
    for _ in range(200):
        edges, start = [], 0
        while start < len(TALK) - 2:
            end = min(len(TALK), start + random.randint(3, 6))
            edges.append((start, end))
            start = end - random.randint(1, 2) if end < len(TALK) else end
        given = pieces(*edges)
        random.shuffle(given)
        assert stitch(given) == Whole(TALK[: edges[-1][1]], ()), edges


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("The parcel 577120 has arrived at last", "The parcel 577121 has arrived at last", False),
        ("The parcel 577120 has arrived at last", "The parcel 577120 has arrived at lost", True),
        ("The parcel 577120 has arrived at last", "The parcel has arrived at last", False),
        ("It was 10:40 when the parcel came", "It was 10:41 when the parcel came", False),
    ],
)
def test_another_number_is_another_message(one: str, other: str, answer: bool) -> None:
    assert same(Message("buyer", None, one), Message("buyer", None, other)) is answer


def test_messages_of_other_speakers_or_times_are_others() -> None:
    said = Message("buyer", AT, "the very same words")
    assert not same(said, Message("seller", AT, said.words))
    assert not same(said, Message("buyer", AT + timedelta(minutes=1), said.words))
    assert same(said, Message("", None, said.words)) and same(said, Message("buyer", None, said.words[6:]))
    assert not same(said, Message("buyer", None, "words")), "five letters may stand anywhere"


def test_two_conversations_that_differ_in_a_number_alone_are_not_joined() -> None:
    ends, begins = (
        Message("buyer", None, "I mean the order 577120"),
        Message("buyer", None, "I mean the order 577121"),
    )
    assert stitch(
        [ConversationPiece("a", (*TALK[:2], ends)), ConversationPiece("b", (begins, *TALK[4:]))]
    ).open_joints == (("a", "b"),)


def test_a_short_word_at_a_known_time_joins() -> None:
    ok = Message("buyer", AT + timedelta(hours=1), "ok")
    whole = stitch([ConversationPiece("a", (*TALK[:2], ok)), ConversationPiece("b", (ok, *TALK[4:]))])
    assert whole == Whole((*TALK[:2], ok, *TALK[4:]), ())


def test_pieces_without_words_are_no_pieces() -> None:
    assert stitch([ConversationPiece("a", ()), ConversationPiece("b", TALK[:2])]) == Whole(TALK[:2], ())
    assert stitch([]) == Whole((), ())
