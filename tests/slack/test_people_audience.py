"""Slack channels that others than the team read: Slack Connect and guests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.domain.audience import Audience
from bot.runtime.bootstrap import App
from tests.conversations.conftest import buttons
from tests.slack.fake.people import People
from tests.slack.fake.world import BOT, World
from tests.slack.talk import CHANNELS, PEOPLE, SlackTalk

OPS, NEW = CHANNELS["ops"], CHANNELS["new"]
PAGE = "UPS tracking\nTracking number: 1Z999AA10123456784\nDelivered 2026-11-18 11:00"


def shown(talk: SlackTalk, channel: str) -> str:
    """All that the bot's messages in a channel show now: first it is learnt who reads, then it is drawn."""
    talk.turns.finish()
    talk.turns.finish()
    kept = [message for message in talk.world.messages.values() if message.channel == channel]
    return "\n".join(str(message.blocks) for message in kept if message.user == BOT and not message.deleted)


def audience(app: App, channel: str = OPS) -> Audience:
    return app.audiences.of(f"slack:{channel}")


@pytest.fixture
def guest(talk: SlackTalk) -> Iterator[str]:
    """A guest of the workspace, in no channel yet."""
    account = PEOPLE["guest"]
    talk.world.users[account]["is_restricted"] = True
    for channel in talk.world.channels.values():
        channel.members.discard(account)
    yield account


Opened = Callable[[World, People], object]
WAYS: dict[str, tuple[Opened, Audience]] = {
    "shared": (lambda world, people: people.share(OPS), Audience.EXTERNAL),
    "a guest comes in": (lambda world, people: people.join(OPS, PEOPLE["guest"]), Audience.GUESTS),
}


@pytest.mark.parametrize("way", WAYS)
def test_when_others_come_to_a_bound_channel_evidence_stops_and_is_told(
    talk: SlackTalk, app: App, guest: str, way: str
) -> None:
    talk.send(("t.txt", PAGE), thread="C1")
    talk.person = "boss"
    assert "1Z999AA10123456784" in shown(talk, OPS)
    come, expected = WAYS[way]
    come(talk.world, talk.people)
    seen = shown(talk, OPS)
    assert audience(app) is expected
    assert "1Z999AA10123456784" not in seen and "t.txt" not in seen
    assert app.phrases.say(f"channels.kept_{expected}", "zh") in seen
    assert "从现在起不再发证据" in seen
    stored = _stored(app)
    refused = talk.send(("more.txt", PAGE), thread="C1")[0]
    assert _stored(app) == stored and refused.private_to == "boss"
    assert app.phrases.say(f"refusals.not_before_{expected}", refused.language) in refused.plain()


def _stored(app: App) -> int:
    with app.store.unit(read_only=True) as unit:
        return len(unit.evidence.of_case("C1"))


def test_the_alert_and_its_countdown_stay(talk: SlackTalk, app: App) -> None:
    talk.people.share(OPS)
    seen = shown(talk, OPS)
    with app.store.unit(read_only=True) as unit:
        deadline = unit.cases.get("C1").deadline
    assert f"{deadline:%m-%d}" in seen or str(int(deadline.timestamp())) in seen


def test_when_they_have_gone_everything_is_shown_again(talk: SlackTalk, app: App) -> None:
    talk.send(("t.txt", PAGE), thread="C1")
    talk.people.share(OPS)
    assert "1Z999AA10123456784" not in shown(talk, OPS)
    talk.people.share(OPS, "")
    assert "1Z999AA10123456784" in shown(talk, OPS) and audience(app) is Audience.TEAM


@pytest.mark.parametrize(
    ("shared", "expected"),
    [("pending", Audience.EXTERNAL), ("ext", Audience.EXTERNAL), ("org", Audience.TEAM), ("", Audience.TEAM)],
)
def test_the_daily_look_finds_what_no_event_told(talk: SlackTalk, app: App, shared: str, expected: Audience) -> None:
    talk.world.channels[OPS].shared = shared
    app.audiences.look()
    assert audience(app) is expected


def test_binding_a_channel_with_guests_names_them_and_asks(talk: SlackTalk, app: App, guest: str) -> None:
    talk.world.channels[NEW].members |= {guest, PEOPLE["boss"]}
    talk.person, talk.channel = "boss", "console:new"
    asked = talk.say("bind uk-1")
    assert app.phrases.say("channels.bind_wide_title", asked.language) == asked.title
    assert f"slack:{NEW}" not in _homes(app)
    [button] = [each for each in buttons(asked).values() if each.action == "bind"]
    talk.press(button)
    assert f"slack:{NEW}" in _homes(app) and audience(app, NEW) is Audience.GUESTS


def _homes(app: App) -> list[str]:
    with app.store.unit(read_only=True) as unit:
        return list(unit.shops.get("uk-1").channels)


def test_a_channel_of_the_team_alone_is_bound_at_once(talk: SlackTalk, app: App, guest: str) -> None:
    talk.world.channels[NEW].members.add(PEOPLE["boss"])
    talk.person, talk.channel = "boss", "console:new"
    talk.say("bind uk-1")
    assert f"slack:{NEW}" in _homes(app) and audience(app, NEW) is Audience.TEAM


def test_what_slack_does_not_tell_is_not_taken_for_granted(talk: SlackTalk, app: App, slack: Any) -> None:
    talk.world.channels[NEW].members.add(PEOPLE["boss"])
    talk.person, talk.channel = "boss", "console:new"
    granted = slack.world.tokens["xoxb-good"].split(",")
    slack.world.tokens["xoxb-good"] = ",".join(each for each in granted if each != "users:read")
    refused = talk.say("bind uk-1")
    assert f"slack:{NEW}" not in _homes(app)
    assert "missing_scope" in refused.plain() or "users:read" in refused.plain()


def test_a_guest_sees_elsewhere_nothing_of_what_the_channel_is_bound_to(
    talk: SlackTalk, app: App, guest: str
) -> None:
    talk.people.join(OPS, guest)
    talk.turns.finish()
    talk.person = "guest"
    talk.say("help")
    with app.store.unit(read_only=True) as unit:
        assert unit.records.places_of("guest") == set()


def test_the_readers_are_the_channels_people_without_the_bot(talk: SlackTalk, app: App) -> None:
    members = talk.world.channels[OPS].members
    assert BOT in members and app.list_readers(f"slack:{OPS}") == members - {BOT}
    with pytest.raises(OSError):
        app.list_readers("slack:C0NOWHERE")
