import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.messaging.card import Card, Text
from bot.messaging.outbox import GIVE_UP_AFTER, LONGEST_PAUSE, Outbox, OutboxSettings
from bot.messaging.translating import translated
from bot.ports.chat import TryLater, Undeliverable
from bot.ports.store import DatabaseError, Unit
from bot.runtime.clock import FrozenClock
from bot.store.messages import MessageTable
from bot.store.unit import Store
from tests.engine.fakes import Chat, card

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
Put = Callable[..., None]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def local() -> Chat:
    return Chat(name="local", pace_seconds=0)


@pytest.fixture
def outbox(store: Store, chat: Chat, local: Chat, clock: FrozenClock) -> Outbox:
    return made(store, clock, fake=chat, local=local)


def notice(language: str, unit: Unit, channel: str, reason: str) -> Text:
    return Text(f"{language}: {channel}: {reason}")


def made(
    store: Store, clock: FrozenClock, timer: Callable[[], float] = time.monotonic, stop=None, **chats: Chat
) -> Outbox:
    settings = OutboxSettings(call_seconds=60, settle_seconds=2, fallback="local:ops")
    return Outbox(store.unit, chats, clock, notice, settings, timer=timer, stop=stop)


class Pauses(threading.Event):
    """Keeps how long was waited, and waits no time."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0)
        return False


@pytest.fixture
def put(store: Store, clock: FrozenClock) -> Put:
    def put(words: str, slot: str = "", channel: str = "fake:a", bump: bool = False) -> None:
        with store.unit() as unit:
            unit.messages.put(channel, "", words, card(words, slot), clock.now(), bump)

    return put


def failures(store: Store) -> list[str]:
    with store.unit(read_only=True) as unit:
        return unit.messages.failures()


def test_messages_come_in_order_with_a_pause_after_each(
    store: Store, chat: Chat, put: Put, clock: FrozenClock
) -> None:
    """The pause counts from the platform's answer: here nothing else takes time."""
    pauses = Pauses()
    outbox = made(store, clock, lambda: 1000.0, pauses, fake=chat)
    for words in ("one", "two", "three"):
        put(words)
    outbox.drain("fake:a")
    assert chat.titles() == ["one", "two", "three"] and pauses.seconds == pytest.approx([chat.pace_seconds] * 3)


def test_noting_down_what_was_sent_is_part_of_the_pause(
    store: Store, chat: Chat, put: Put, clock: FrozenClock
) -> None:
    ticks, pauses = iter(range(1000)), Pauses()
    outbox = made(store, clock, lambda: float(next(ticks)), pauses, fake=chat)
    chat.pace_seconds = 5
    put("one")
    outbox.drain("fake:a")
    assert pauses.seconds == [4]


def test_the_newest_state_of_a_card_is_sent_once_it_has_settled(
    outbox: Outbox, chat: Chat, put: Put, clock: FrozenClock
) -> None:
    put("first", slot="C1:work")
    outbox.drain("fake:a")
    for words in ("second", "third"):
        put(words, slot="C1:work")
    outbox.drain("fake:a")
    assert chat.titles() == ["first"] and outbox.waiting(paced=True) == []
    clock.at += timedelta(seconds=2)
    put("alert")
    outbox.drain("fake:a")
    assert chat.titles() == ["third", "alert"]


def test_a_channel_that_must_wait_does_not_delay_another(
    outbox: Outbox, chat: Chat, put: Put, clock: FrozenClock, store: Store
) -> None:
    chat.trouble = [TryLater(3600, "429")]
    for words in ("one", "two"):
        put(words)
    put("other", channel="fake:b")
    outbox.drain("fake:a")
    outbox.drain("fake:b")
    assert chat.titles() == [] and chat.titles("b") == ["other"]
    assert outbox.waiting() == [] and failures(store) == ["fake:a: 429"]
    clock.at += timedelta(seconds=3600)
    assert outbox.waiting() == ["fake:a"]
    outbox.drain("fake:a")
    assert chat.titles() == ["one", "two"] and failures(store) == []


def test_a_clock_that_was_set_back_holds_nothing_back(
    outbox: Outbox, chat: Chat, put: Put, clock: FrozenClock
) -> None:
    chat.trouble = [TryLater(3600)]
    put("one")
    outbox.drain("fake:a")
    clock.at -= timedelta(days=1)
    outbox.drain("fake:a")
    assert chat.titles() == ["one"]


def test_an_outage_is_waited_out_however_long(outbox: Outbox, chat: Chat, put: Put, clock: FrozenClock) -> None:
    chat.trouble = [ConnectionError("500") for _ in range(3 * GIVE_UP_AFTER)]
    put("one")
    for _ in range(3 * GIVE_UP_AFTER):
        outbox.drain("fake:a")
        assert chat.titles() == []
        clock.at += timedelta(seconds=LONGEST_PAUSE)
    outbox.drain("fake:a")
    assert chat.titles() == ["one"]


def test_what_can_never_be_shown_is_recorded_and_shown_elsewhere(
    outbox: Outbox, chat: Chat, local: Chat, put: Put, store: Store
) -> None:
    chat.trouble = [Undeliverable("archived")]
    for words in ("one", "two"):
        put(words)
    outbox.drain("fake:a")
    outbox.deliver()
    assert chat.titles() == ["two"] and local.titles("ops") == ["one"]
    assert failures(store) == ["fake:a: archived"]


def test_a_message_that_always_fails_is_given_up_and_lets_the_others_pass(
    outbox: Outbox, chat: Chat, local: Chat, put: Put, clock: FrozenClock
) -> None:
    chat.trouble = [TypeError("no such element") for _ in range(GIVE_UP_AFTER)]
    for words in ("poison", "next"):
        put(words)
    for _ in range(GIVE_UP_AFTER):
        assert chat.titles() == []
        outbox.drain("fake:a")
        clock.at += timedelta(seconds=LONGEST_PAUSE)
    outbox.deliver()
    assert chat.titles() == ["next"] and local.titles("ops") == ["poison"]


def test_what_was_shown_before_a_crash_is_not_shown_again(
    outbox: Outbox, chat: Chat, put: Put, clock: FrozenClock
) -> None:
    chat.trouble, chat.after = [ConnectionError("reset")], True
    put("old", slot="C1:work")
    outbox.drain("fake:a")
    put("new", slot="C1:work")
    clock.at += timedelta(seconds=LONGEST_PAUSE)
    outbox.drain("fake:a")
    assert chat.titles() == ["new"]


def test_a_disk_that_is_full_while_sending_shows_nothing_twice(
    outbox: Outbox, chat: Chat, put: Put, clock: FrozenClock, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is out, and that it is cannot be written down."""

    def full(*_: object) -> None:
        raise DatabaseError("the database refused: database or disk is full", "full")

    put("one")
    with monkeypatch.context() as patch, pytest.raises(DatabaseError):
        patch.setattr(MessageTable, "sent", full)
        outbox.drain("fake:a")
    assert chat.titles() == ["one"] and outbox.waiting(paced=True) == ["fake:a"]
    outbox.drain("fake:a")
    assert chat.titles() == ["one"] and outbox.waiting(paced=True) == []


def test_a_hanging_call_is_cut_off_and_tried_again(store: Store, chat: Chat, put: Put, clock: FrozenClock) -> None:
    short = OutboxSettings(call_seconds=0.05)
    chat.gate = threading.Event()
    put("one")
    Outbox(store.unit, {"fake": chat}, clock, notice, short).drain("fake:a")
    assert chat.titles() == [] and failures(store) == ["fake:a: TimeoutError"]
    chat.gate.set()
    clock.at += timedelta(seconds=LONGEST_PAUSE)
    made(store, clock, fake=chat).drain("fake:a")
    assert chat.titles()[0] == "one"


def test_a_platform_that_is_not_configured_is_waited_for(outbox: Outbox, put: Put, store: Store) -> None:
    put("one", channel="slack:C1")
    outbox.deliver()
    assert failures(store) == ["slack:C1: no platform 'slack' is configured"] and outbox.waiting() == []


def test_what_is_paced_is_left_to_the_engine(outbox: Outbox, chat: Chat, local: Chat, put: Put) -> None:
    put("paced")
    put("at once", channel="local:ops")
    outbox.deliver()
    assert chat.titles() == [] and local.titles("ops") == ["at once"]


def test_a_fault_of_the_database_does_not_fail_the_change_before(clock: FrozenClock) -> None:
    Outbox(lambda read_only=False: 1 / 0, {}, clock, notice).deliver()


def test_a_long_drain_ends_and_says_that_more_waits(outbox: Outbox, chat: Chat, put: Put) -> None:
    for words in ("one", "two"):
        put(words)
    assert outbox.drain("fake:a", seconds=0) is True
    assert chat.titles() == ["one"] and outbox.drain("fake:a") is False


def test_stopping_ends_the_pause(outbox: Outbox, chat: Chat, put: Put) -> None:
    chat.pace_seconds = 3600
    outbox.stop.set()
    for words in ("one", "two"):
        put(words)
    assert outbox.drain("fake:a") is False and chat.titles() == ["one"]


def test_what_the_fallback_channel_cannot_show_is_not_queued_to_itself(
    outbox: Outbox, local: Chat, put: Put, store: Store
) -> None:
    local.trouble = [Undeliverable("full")]
    put("one", channel="local:ops")
    outbox.deliver()
    assert outbox.waiting() == [] and local.titles("ops") == [] and failures(store) == ["local:ops: full"]
    outbox.deliver()
    assert local.titles("ops") == []


def test_what_is_shown_elsewhere_says_why_in_each_of_its_languages(
    outbox: Outbox, chat: Chat, local: Chat, store: Store
) -> None:
    chat.trouble = [Undeliverable("archived")]
    both = translated(Card("案件", language="zh"), [Card("Case", language="en")])
    with store.unit() as unit:
        unit.messages.put("fake:a", "", "k", both, NOW)
    outbox.drain("fake:a")
    with store.unit(read_only=True) as unit:
        waiting = unit.messages.next_of("local:ops", NOW)
    assert waiting and [text.language for text in waiting.card.translations] == ["en"]
    for language in ("zh", "en"):
        [above] = waiting.card.read_in(language).elements
        assert isinstance(above, Text) and above.words == notice(language, None, "fake:a", "archived").words


def test_without_a_fallback_channel_a_refusal_is_recorded_alone(
    chat: Chat, local: Chat, put: Put, store: Store, clock: FrozenClock
) -> None:
    outbox = Outbox(store.unit, {"fake": chat, "local": local}, clock, notice)
    chat.trouble = [Undeliverable("archived")]
    put("one")
    outbox.drain("fake:a")
    outbox.deliver()
    assert outbox.waiting() == [] and local.shown == [] and failures(store) == ["fake:a: archived"]


def test_a_card_that_is_shown_elsewhere_takes_nobody_s_place(
    outbox: Outbox, chat: Chat, local: Chat, put: Put, clock: FrozenClock
) -> None:
    put("own", slot="C1:work", channel="local:ops")
    outbox.deliver()
    for words in ("first", "second"):
        chat.trouble = [Undeliverable("archived")]
        put(words, slot="C1:work")
        clock.at += timedelta(seconds=2)
        outbox.drain("fake:a")
        outbox.deliver()
    assert local.titles("ops") == ["own", "second"], "one place for each channel it belongs to"
    put("own again", slot="C1:work", channel="local:ops")
    outbox.deliver()
    assert local.titles("ops") == ["own again", "second"]


def test_what_is_shown_elsewhere_says_first_where_it_belongs_and_why(
    outbox: Outbox, chat: Chat, put: Put, store: Store
) -> None:
    chat.trouble = [Undeliverable("archived")]
    put("one")
    outbox.drain("fake:a")
    with store.unit(read_only=True) as unit:
        waiting = unit.messages.next_of("local:ops", NOW)
    assert waiting and waiting.key == "one@fake:a"
    assert [each.words for each in waiting.card.elements if isinstance(each, Text)] == ["zh: fake:a: archived", "one"]


def test_a_message_that_fails_waits_longer_each_time(
    outbox: Outbox, chat: Chat, put: Put, clock: FrozenClock
) -> None:
    chat.trouble = [ConnectionError("down") for _ in range(8)]
    put("one")
    waits = []
    for _ in range(8):
        outbox.drain("fake:a")
        waits.append(0)
        while not outbox.waiting():
            waits[-1] += 1
            clock.at += timedelta(seconds=1)
    assert waits == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE]


def test_another_fault_than_an_outage_counts_towards_giving_up_and_an_outage_does_not(
    outbox: Outbox, chat: Chat, put: Put, clock: FrozenClock, store: Store
) -> None:
    chat.trouble = [TryLater(1, "429"), *(ValueError("bad") for _ in range(GIVE_UP_AFTER - 1))]
    put("one")
    for _ in range(GIVE_UP_AFTER):
        outbox.drain("fake:a")
        clock.at += timedelta(seconds=LONGEST_PAUSE)
    assert failures(store) == ["fake:a: ValueError: bad"]
    outbox.drain("fake:a")
    assert chat.titles() == ["one"] and failures(store) == []
