"""What Slack says twice, late, or about itself; what people change afterwards."""

import threading

import pytest
import sqlalchemy as sa

from bot.cli.saying import spoken
from bot.conversation.events import Incoming, from_payload
from bot.store.records import RecordTable
from bot.store.tables import events
from bot.wording.replies import timeline_card
from tests.conversations.conftest import ORDERS, buttons, tracking_page
from tests.conversations.test_timeline import CHANGES, prepare
from tests.engine.fakes import Beginning
from tests.slack.fake.files import dropped
from tests.slack.fake.people import People
from tests.slack.fake.world import BOT
from tests.slack.talk import CHANNELS, PEOPLE, SlackTalk


def kept_events(talk: SlackTalk) -> list[Incoming]:
    with talk.app.engine.connect() as connection:
        return [from_payload(payload) for payload in connection.scalars(sa.select(events.c.payload))]


def kept(talk: SlackTalk) -> int:
    return len(kept_events(talk))


def timeline(talk: SlackTalk) -> list[str]:
    with talk.app.store.unit(read_only=True) as unit:
        return [item.what for item in unit.cases.timeline("C1")]


def mention(talk: SlackTalk, text: str) -> dict[str, object]:
    ts = talk.world.ts()
    said = {"type": "app_mention", "user": talk.user, "text": f"<@{BOT}> {text}", "ts": ts, "event_ts": ts}
    return {**said, "channel": talk.place, "team": "T0TEAM001"}


def test_a_mentioned_colleague_who_has_never_spoken_is_known_and_called(talk: SlackTalk) -> None:
    talk.people.event(mention(talk, "assign C1 <@U0NEW00001>"))
    assert len(talk._answers()) == 1
    assert talk.app.cases.get("C1").owner == "U0NEW00001"
    assert any("<@U0NEW00001>" in str(message) for message in talk.world.shown(talk.place, ""))


def test_a_mention_comes_as_two_events_and_is_answered_once(talk: SlackTalk) -> None:
    assert len(talk.says("help")) == 1
    assert len(talk.world.shown(talk.place, "")) == 2, "the headline and one answer"


def test_lost_answers_make_slack_say_it_again_and_nothing_happens_twice(talk: SlackTalk) -> None:
    talk.people.door.answers_lost = 3
    talk.people.event(mention(talk, "claim C1"))
    assert talk.people.door.statuses == [200] * 4
    assert len(talk._answers()) == 1 and timeline(talk).count("claimed") == 1


def test_a_retry_is_taken_though_it_is_the_first_that_arrives(talk: SlackTalk) -> None:
    talk.people.event(mention(talk, "claim C1"), retry=1)
    assert len(talk._answers()) == 1 and timeline(talk).count("claimed") == 1


def test_two_deliveries_at_once_are_one_turn(talk: SlackTalk) -> None:
    body = mention(talk, "claim C1")
    both = [threading.Thread(target=talk.people.event, args=(body, "EvSame00001")) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(talk._answers()) == 1 and timeline(talk).count("claimed") == 1


def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(
    talk: SlackTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OSError("disk full")] * 2
    keep = RecordTable.keep_events

    def stumble(self: RecordTable, *given: object) -> None:
        if failures:
            raise failures.pop()
        keep(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(RecordTable, "keep_events", stumble)
    talk.people.event(mention(talk, "claim C1"))
    assert [status == 200 for status in talk.people.door.statuses] == [False, False, True]
    assert len(talk._answers()) == 1


def test_it_is_kept_before_it_is_acknowledged_and_a_crash_between_loses_nothing(talk: SlackTalk) -> None:
    begun: list[str] = []
    talk.app.engine_proxy.hand_over(Beginning(lambda event_id: begun.append(event_id) or (lambda: None)))
    talk.people.event(mention(talk, "claim C1"))
    assert talk.people.door.statuses == [200] and timeline(talk).count("claimed") == 0
    talk.app.engine_proxy.hand_over(talk.turns)
    with talk.app.store.unit(read_only=True) as unit:
        late = unit.records.unhandled(talk.app.clock.now().replace(year=2030))
    assert set(begun) <= set(late), "the next program finds it"
    for event_id in late:
        talk.app.inbox.begin(event_id)
    assert len(talk._answers()) == 1 and timeline(talk).count("claimed") == 1


def test_the_bot_does_not_hear_itself_nor_other_bots(talk: SlackTalk) -> None:
    loud = People(talk.world, talk.people.door, echo=True)
    before = kept(talk)
    talk.say("help")
    assert kept(talk) == before + 1
    about = {"type": "message", "channel": talk.place, "channel_type": "channel", "bot_id": "B0OTHER01"}
    for more in ({"subtype": "bot_message"}, {"user": "U0OTHER01"}):
        ts = talk.world.ts()
        loud.event({**about, **more, "text": f"<@{BOT}> claim C1", "ts": ts, "event_ts": ts})
    assert kept(talk) == before + 1 and not talk.turns.begun


def test_what_people_say_to_each_other_is_not_for_the_bot(talk: SlackTalk) -> None:
    before = kept(talk)
    talk.people.say(talk.user, talk.place, "shall we have lunch?")
    own = talk.people.say(talk.user, talk.place, "a thread of our own")
    talk.people.say(PEOPLE["wang"], talk.place, "claim C1", own.ts)
    assert kept(talk) == before


@pytest.mark.parametrize(
    "subtype", ["channel_join", "channel_topic", "pinned_item", "thread_broadcast", "me_message"]
)
def test_notes_of_the_channel_are_not_words(talk: SlackTalk, subtype: str) -> None:
    ts = talk.world.ts()
    place = {"channel": talk.place, "channel_type": "channel", "user": talk.user}
    talk.people.event({"type": "message", "subtype": subtype, "text": "x", "ts": ts, "event_ts": ts, **place})
    assert talk.people.door.statuses == [200]


def test_in_a_direct_message_no_mention_is_needed(talk: SlackTalk) -> None:
    channel = talk.world.dm(talk.user)
    talk.people.say(talk.user, channel.id, "help")
    talk.turns.finish()
    [answer] = talk.world.shown(channel.id)
    assert answer.blocks and answer.text


def test_whoever_names_the_bot_is_answered_in_any_words_and_talk_is_not(talk: SlackTalk) -> None:
    for said in ("@odr-bot asdf qwer", "/odr asdf qwer"):
        [card] = talk.says(said)
        assert "帮助" in buttons(card), said
    [card] = talk.says("@odr-bot asdf qwer", thread="C1")
    assert "帮助" in buttons(card)
    assert talk.says("asdf qwer", thread="C1") == [] == talk.says("@odr-bot 谢谢")


def test_two_events_of_one_upload_are_one_piece_of_evidence(talk: SlackTalk) -> None:
    talk.send(("t.txt", tracking_page()), text=f"evidence {ORDERS[0]}")
    assert timeline(talk).count("received") == 1


def test_changed_and_deleted_words_are_noted_in_the_timeline(talk: SlackTalk) -> None:
    root = talk.root("C1")
    message = talk.people.say(talk.user, talk.place, "认领", root)
    talk.turns.finish()
    talk.people.edit(message, "释放")
    talk.turns.finish()
    talk.people.delete(message)
    talk.turns.finish()
    assert [what for what in timeline(talk) if what.startswith("message_")] == ["message_edited", "message_deleted"]
    assert talk.app.cases.get("C1").owner == "li", "changed words are not said again"


def test_unfurled_links_are_no_change(talk: SlackTalk) -> None:
    message = talk.people.say(talk.user, talk.place, "see https://drive.google.com/x", talk.root("C1"))
    talk.turns.finish()
    before = len(timeline(talk))
    same = {"type": "message", "user": talk.user, "text": message.text, "ts": message.ts, "attachments": [{"id": 1}]}
    place = {"channel": talk.place, "channel_type": "channel", "hidden": True, "ts": talk.world.ts()}
    talk.people.event(
        {"type": "message", "subtype": "message_changed", "message": same, "previous_message": same, **place}
    )
    talk.turns.finish()
    assert len(timeline(talk)) == before


def test_an_invited_bot_says_how_to_go_on_and_others_are_not_its_business(talk: SlackTalk) -> None:
    talk.world.channels["C0NEW0001"].members.discard(BOT)
    talk.people.join("C0NEW0001", PEOPLE["wang"])
    assert not talk.turns.begun
    talk.people.join("C0NEW0001", inviter=PEOPLE["boss"])
    talk.turns.finish()
    [card] = talk.world.shown("C0NEW0001")
    assert "us-1" in str(card.blocks)


def test_an_old_message_becomes_evidence_by_a_shortcut(talk: SlackTalk) -> None:
    files = [dropped(talk.world, talk.user, "t.txt", tracking_page().encode())]
    talk.people.door.statuses.clear()
    message = talk.people.drop(talk.user, talk.place, files, "for later")
    talk.turns.finish()
    before = timeline(talk).count("received")
    shortcut = attach(talk)
    talk.people.shortcut(talk.user, message, shortcut)
    if view := next(iter(talk.world.views.values()), None):
        from tests.slack.fake.people import filled

        assert not talk.people.submit(view, filled(view, {}))
    talk.turns.finish()
    assert timeline(talk).count("received") == before + 1


def attach(talk: SlackTalk) -> str:
    """The callback id that the manifest gives the shortcut."""
    from bot.platforms.slack.setup import manifest

    [shortcut] = manifest(talk.app.settings.slack)["features"]["shortcuts"]
    assert shortcut["type"] == "message"
    return str(shortcut["callback_id"])


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
def test_being_thrown_out_is_taken_and_logged(talk: SlackTalk, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    talk.people.event({"type": kind, "tokens": {"oauth": ["U1"], "bot": [BOT]}, "event_ts": talk.world.ts()})
    assert talk.people.door.statuses == [200] and caplog.records


def test_every_event_names_its_channel_and_person(talk: SlackTalk) -> None:
    before = kept_events(talk)
    talk.say("help")
    # Said once, though two events tell of it.
    [event] = [event for event in kept_events(talk) if event not in before]
    assert (event.channel, event.person, event.thread) == (f"slack:{talk.place}", "li", "")


@pytest.mark.parametrize("handler", ["claim", "tag", "edit", "submit", "result", "export", "withdraw"])
def test_a_command_leaves_one_entry_however_often_slack_says_it(talk: SlackTalk, handler: str) -> None:
    """Said, said again, and said again after a crash between the change and the note that it was handled."""
    before, words = CHANGES[handler]
    for step in before:
        prepare(talk, step)
    count = len(timeline(talk))
    talk.people.last.clear()
    talk.says(words, thread="C1")
    said = list(talk.people.last)
    talk.people.repeat(said)
    talk.turns.finish()
    with talk.app.engine.begin() as connection:
        connection.execute(sa.update(events).values(handled_at=None))
    talk.people.repeat(said)
    talk.turns.finish()
    with talk.app.store.unit(read_only=True) as unit:
        [entry] = unit.cases.timeline("C1")[count:]
    assert entry.who == "li" and entry.message_id.startswith("slack:")


def test_the_slash_command_says_the_same_as_a_mention(talk: SlackTalk) -> None:
    for words in ("帮助", "案件列表", "缺什么 C1"):
        talk.way = "mention"
        mentioned = talk.say(words)
        talk.way = "slash"
        assert talk.say(words).title == mentioned.title
    talk.say("认领 C1")
    assert talk.app.cases.get("C1").owner == "li"


def test_people_read_the_names_of_channels_and_not_their_ids(talk: SlackTalk) -> None:
    new = CHANNELS["new"]
    talk.people.join(new)
    talk.turns.finish()
    # It is learnt beside the conversation: what was begun is finished first.
    talk.app.platforms["slack"].background.end()
    with talk.app.store.unit(read_only=True) as unit:
        assert unit.records.channel_names() == {f"slack:{CHANNELS[name]}": name for name in ("ops", "uk", "new")}
        events = unit.cases.timeline("C1")
        card = timeline_card(talk.app.localizer("zh"), talk.app.cases.get("C1"), events, unit.records.channel_names())
    assert "#ops" in card.plain() and "C0OPS" not in card.plain()
    with talk.app.store.unit(read_only=True) as unit:
        assert "#new" in talk.app.card_factory.elsewhere("en", unit, f"slack:{new}", "archived").words


def test_the_command_line_speaks_directly_where_the_platform_says_so(talk: SlackTalk) -> None:
    channels = {f"slack:{talk.world.dm(PEOPLE['li']).id}": True, f"slack:{talk.place}": False, "console:D1": False}
    heard = {channel: spoken(talk.app, "help", "li", channel, "", ()).direct for channel in channels}
    assert heard == channels
