"""The way out against a Slack that limits, refuses and forgets."""

import itertools
import logging
from datetime import date

import pytest

from bot.domain.sign_in import SignInRefused
from bot.messaging.card import Actions, Attachment, Button, Card, Chart, Link, Point, Text
from bot.platforms.slack.sender import MessageRef, SlackSender
from bot.ports.chat import TryLater, Undeliverable
from bot.store.messages import MessageTable
from tests.slack.fake.refused import Refused
from tests.slack.fake.server import SlackServer
from tests.slack.fake.world import BOT, Message
from tests.slack.talk import PEOPLE, SlackTalk, ts

CARD = Card("a title", (Text("words"), Actions((Button("go", "say", {"text": "help"}),))), language="en")
numbers = itertools.count()


def put(talk: SlackTalk, card: Card = CARD, channel: str = "", thread: str = "") -> str:
    key = f"own-{next(numbers)}"
    with talk.app.store.unit() as unit:
        unit.messages.put(channel or f"slack:{talk.place}", thread, key, card, talk.app.clock.now())
    return key


def row(talk: SlackTalk, key: str) -> object:
    return next(row for row in talk._rows() if row.key == key)


def free(talk: SlackTalk) -> None:
    """As when the pause that Slack asked for is over."""
    with talk.app.store.unit() as unit:
        unit.messages.hold(f"slack:{talk.place}", talk.app.clock.now(), talk.app.clock.now(), "")


def messages(talk: SlackTalk) -> list[Message]:
    """What the bot said outside threads after the headline."""
    return talk.world.shown(talk.place, "")[1:]


def test_429_holds_back_its_channel_for_as_long_as_slack_says_and_no_other(
    talk: SlackTalk, slack: SlackServer
) -> None:
    slack.rates.refuse("chat.postMessage", 17, channel=talk.place)
    ours, other = put(talk), put(talk, channel="slack:C0UK00001")
    talk.turns.finish()
    assert not row(talk, ours).ref and row(talk, other).ref
    assert talk.world.called("chat.postMessage")[-1].error == "" and len(talk.world.shown("C0UK00001")) == 1
    with pytest.raises(TryLater) as later:
        slack.rates.refuse("chat.postMessage", 17)
        talk.app.platforms["slack"].sender.post(talk.place, "", "another", CARD)
    assert 17 <= later.value.seconds <= 20
    figures = talk.app.metrics.registry
    waits = [
        sample for metric in figures.collect() for sample in metric.samples if sample.name.endswith("limited_total")
    ]
    assert sum(sample.value for sample in waits) == 2
    free(talk)
    talk.turns.finish()
    assert row(talk, ours).ref


@pytest.mark.parametrize("refusal", ["invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format"])
def test_refused_blocks_are_shown_as_plain_words_and_logged(
    talk: SlackTalk, caplog: pytest.LogCaptureFixture, refusal: str
) -> None:
    talk.world.faults["chat.postMessage"].append(Refused(refusal, "[ERROR] no"))
    with caplog.at_level(logging.WARNING):
        put(talk)
        talk.turns.finish()
    [message] = messages(talk)
    assert not message.blocks and "words" in message.text
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "a title" in logged and "xoxb" not in logged


def test_refused_blocks_of_an_update_do_not_leave_the_old_ones(talk: SlackTalk) -> None:
    slot = Card("one", (Text("first"),), slot="own", language="en")
    put(talk, slot)
    talk.turns.finish()
    talk.world.faults["chat.update"].append(Refused("invalid_blocks", "[ERROR] no"))
    put(talk, Card("two", (Text("second"),), slot="own", language="en"))
    talk.turns.finish()
    [message] = messages(talk)
    assert "second" in message.text and not message.blocks


@pytest.mark.parametrize("state", ["archived", "left", "unknown"])
def test_what_cannot_be_delivered_says_so_and_is_shown_elsewhere(talk: SlackTalk, state: str) -> None:
    talk.world.channel("C0OLD0001", "old", archived=state == "archived", members=set() if state == "left" else {BOT})
    platform = talk.app.platforms["slack"].sender
    with pytest.raises(Undeliverable):
        platform.post("C0NONE001" if state == "unknown" else "C0OLD0001", "", "k", CARD)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"])
def test_a_token_that_is_no_good_is_not_a_reason_to_give_messages_up(talk: SlackTalk, error: str) -> None:
    talk.world.faults["chat.postMessage"].append(Refused(error))
    try:
        talk.app.platforms["slack"].sender.post(talk.place, "", "k", CARD)
    except Undeliverable:
        pytest.fail("the message would never be sent, though an admin can mend it")
    except Exception as reason:
        assert error in str(reason)


def test_a_message_somebody_deleted_is_shown_anew(talk: SlackTalk) -> None:
    key = put(talk, Card("one", slot="own", language="en"))
    talk.turns.finish()
    [first] = messages(talk)
    first.deleted = True
    put(talk, Card("two", slot="own", language="en"))
    talk.turns.finish()
    [second] = messages(talk)
    assert "two" in second.text + str(second.blocks) and second.ts != first.ts and key
    put(talk, Card("three", slot="own", language="en"))
    talk.turns.finish()
    assert len(messages(talk)) == 1 and "three" in str(messages(talk)[0].blocks)


def test_a_crash_between_showing_and_noting_shows_nothing_twice(
    talk: SlackTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = put(talk)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(MessageTable, "sent", die)
        talk.turns.finish()
    assert len(messages(talk)) == 1 and not row(talk, key).ref
    talk.turns.finish()
    [message] = messages(talk)
    assert ts(row(talk, key).ref) == message.ts


def test_the_same_crash_in_a_thread(talk: SlackTalk, monkeypatch: pytest.MonkeyPatch) -> None:
    key, root = put(talk, thread="C1"), talk.root("C1")
    before = len(talk.world.shown(talk.place, root))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(MessageTable, "sent", die)
        talk.turns.finish()
    talk.turns.finish()
    assert len(talk.world.shown(talk.place, root)) == before + 1 and row(talk, key).ref


def test_the_same_crash_of_a_private_card(talk: SlackTalk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can look for an ephemeral message: a second one beats none."""
    put(talk, Card("only for li", private_to="li", language="en"))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(MessageTable, "sent", die)
        talk.turns.finish()
    talk.turns.finish()
    told = [message.to for message in talk.world.ephemerals if "only for li" in message.text + str(message.blocks)]
    assert set(told) == {PEOPLE["li"]} and len(told) <= 2 and not messages(talk)


def die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_private_card_is_seen_by_one_person_only(talk: SlackTalk) -> None:
    talk.person = "guest"
    card = talk.say("认领", thread="C1")
    [shown] = talk.world.ephemerals
    assert card.private_to == "guest" and shown.to == PEOPLE["guest"] and shown.thread_ts == talk.root("C1")


LINK = "http://127.0.0.1:8765/sign-in?link="


def kept(talk: SlackTalk) -> str:
    """Everything that the database keeps of messages."""
    return str([row.card for row in talk._rows()])


@pytest.mark.parametrize("words", ["打开后台", "console"])
def test_the_link_to_the_console_is_seen_by_who_asks_and_kept_nowhere(talk: SlackTalk, words: str) -> None:
    talk.people.slash(talk.user, talk.place, words)
    talk.turns.finish()
    [shown] = talk.world.ephemerals
    assert shown.to == talk.user and LINK in str(shown.blocks)
    assert LINK not in str([message.blocks for message in talk.world.shown()]) and LINK not in kept(talk)


def test_what_is_for_one_person_alone_is_never_shown_elsewhere(talk: SlackTalk) -> None:
    secret = Card("a secret", (Link("open", LINK),), language="en", private_to="nobody-here", secret=True)
    with pytest.raises(Undeliverable):
        talk.app.platforms["slack"].sender.post(talk.place, "", "secret", secret)
    assert "a secret" not in str([message.blocks for message in [*talk.world.shown(), *talk.world.ephemerals]])


def test_a_link_that_is_used_twice_is_told_to_its_owner_where_they_asked(talk: SlackTalk) -> None:
    token = talk.app.sign_in.link("li", "li", f"slack:{talk.place}")
    talk.app.sign_in.redeem(token, "203.0.113.7", "curl")
    with pytest.raises(SignInRefused):
        talk.app.sign_in.redeem(token, "10.0.0.1", "Firefox")
    talk.turns.finish()
    [told] = talk.world.ephemerals
    assert told.to == PEOPLE["li"] and "203.0.113.7" in str(told.blocks) and "10.0.0.1" in str(told.blocks)
    assert not messages(talk)


def test_a_person_signs_out_everywhere_from_the_chat(talk: SlackTalk) -> None:
    for person in ("li", "li", "wang"):
        talk.app.sign_in.redeem(talk.app.sign_in.link(person, "tests"), "10.0.0.1", "")
    talk.say("退出所有登录")
    assert [session.person for session in talk.app.sessions.listed()] == ["wang"]


def test_who_is_mentioned_but_not_in_the_channel_hears_of_it_directly(talk: SlackTalk) -> None:
    talk.world.channels[talk.place].members.discard(PEOPLE["wang"])
    put(talk, Card("look", (Text("please look", mentions=("wang", "li")),), language="en"))
    talk.turns.finish()
    [message] = messages(talk)
    assert f"<@{PEOPLE['wang']}>" in str(message.blocks) and f"<@{PEOPLE['li']}>" in str(message.blocks)
    direct = [item for item in talk.world.shown() if item.channel == talk.world.dm(PEOPLE["wang"]).id]
    assert len(direct) == 1 and not [
        item for item in talk.world.shown() if item.channel == talk.world.dm(PEOPLE["li"]).id
    ]


def test_the_headline_is_pinned_once_and_changed_in_place(talk: SlackTalk) -> None:
    [headline] = talk.world.shown(talk.place, "")
    talk.say("认领", thread="C1")
    talk.say(f"跳过 {talk.app.cases.get('C1').orders[0].order_id}", thread="C1")
    assert headline.pinned and headline.versions and len(talk.world.called("pins.add")) == 1
    assert talk.world.shown(talk.place, "") == [headline]


def test_the_headline_of_a_finished_case_is_not_pinned_any_more(talk: SlackTalk) -> None:
    [headline] = talk.world.shown(talk.place, "")
    talk.person = "boss"
    talk.say("关闭 C1 买家已撤回")
    assert not headline.pinned and len(talk.world.called("pins.remove")) == 1


def test_the_trend_is_uploaded_once_per_change(talk: SlackTalk) -> None:
    uploads = len(talk.world.called("files.completeUploadExternal"))
    assert uploads == 1 and [file for file in talk.world.files.values() if file.owner == BOT]
    [picture] = [file for file in talk.world.files.values() if file.owner == BOT]
    assert picture.content and picture.content.startswith(b"\x89PNG")
    talk.say("认领", thread="C1")
    assert len(talk.world.called("files.completeUploadExternal")) == uploads


def test_without_files_write_the_headline_is_shown_without_its_picture(talk: SlackTalk) -> None:
    talk.world.faults["files.getUploadURLExternal"].extend([Refused("missing_scope")] * 9)
    key = put(talk, next(card for card in talk.shown("C1") if card.slot == "C1:headline"), channel="slack:C0UK00001")
    talk.turns.finish()
    assert key and len(talk.world.shown("C0UK00001")) == 1


def test_the_package_is_there_to_take(talk: SlackTalk) -> None:
    card = talk.say("导出", thread="C1")
    [package] = [element for element in card.elements if isinstance(element, Attachment)]
    [file] = [file for file in talk.world.files.values() if file.title == package.file_name]
    assert file.name.startswith("C1-") and file.name.endswith(".zip")
    assert file.content == talk.app.vault.path(package.sha256).read_bytes() and talk.place in file.channels
    shared = [message for message in talk.world.shown(talk.place) if file.id in message.files]
    assert [message.thread_ts for message in shared] == [talk.root("C1")]


@pytest.mark.parametrize("place", ["", "C1"])
def test_a_crash_between_a_file_and_its_card_brings_the_file_once(
    talk: SlackTalk, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    stored = talk.app.vault.put_bytes(b"the package")
    package = Card("A package", (Attachment("C1.zip", "application/zip", stored.sha256, stored.size),), language="en")
    key = put(talk, package, thread=place)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(SlackSender, "_send", die)
        talk.app.outbox.drain(f"slack:{talk.place}")
    talk.app.platforms["slack"].sender.attachments._shared._kept.clear()
    talk.turns.finish()
    assert row(talk, key).ref and len(brought(talk)) == 1
    again = put(talk, package, thread=place)
    talk.turns.finish()
    assert row(talk, again).ref and len(brought(talk)) == 2, "asked for again, it is brought again"


def brought(talk: SlackTalk) -> list[Message]:
    """The messages with files of the bot's."""
    return [message for message in talk.world.shown(talk.place) if message.files and message.user == BOT]


def test_a_slack_that_does_not_answer_is_given_up_for_now(talk: SlackTalk) -> None:
    talk.world.faults["chat.postMessage"].append(Refused("internal_error"))
    key = put(talk)
    talk.turns.finish()
    assert not row(talk, key).refused_at and not row(talk, key).ref
    free(talk)
    talk.turns.finish()
    assert row(talk, key).ref


def test_a_picture_that_slack_has_not_ready_is_waited_for(talk: SlackTalk) -> None:
    """A file that was just uploaded is not at once there for blocks to show."""
    points = (Point(date(2026, 11, 19), 3, 100, 3.0, 0.1), Point(date(2026, 11, 20), 1, 100, 1.0, 0.2))
    key = put(talk, Card("trend", (Chart("ODR", points, (("limit", 1.0),)),), language="en"))
    talk.world.faults["chat.postMessage"].append(Refused("invalid_blocks", "[ERROR] invalid slack file"))
    talk.turns.finish()
    assert not messages(talk) and not row(talk, key).refused_at
    free(talk)
    talk.turns.finish()
    [message] = messages(talk)
    assert any(block["type"] == "image" for block in message.blocks)


@pytest.mark.parametrize(
    ("ref", "stored"),
    [
        (MessageRef("1763.000100"), "1763.000100"),
        (MessageRef("1763.000100", "D0LI"), "D0LI:1763.000100"),
        (MessageRef("1763.000100", "ephemeral"), "ephemeral:1763.000100"),
    ],
)
def test_a_ref_is_read_as_it_was_stored(ref: MessageRef, stored: str) -> None:
    assert str(ref) == stored and MessageRef.read(stored) == ref
