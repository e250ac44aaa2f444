"""The way in over the web: only Feishu is believed, and everything of Feishu's is taken once."""

import json
from dataclasses import replace

import pytest

from bot.runtime.bootstrap import App
from tests.conversations.conftest import NOW
from tests.feishu.conftest import DOOR
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.webhook import Parcel, Webhook, encrypted, sealed
from tests.feishu.fake.world import Json
from tests.feishu.talk import FeishuTalk


@pytest.fixture
def door(app: App, fake: FakeFeishu) -> Webhook:
    return fake.knock_at(app.platforms["feishu"].routes[DOOR], DOOR)


@pytest.fixture
def event(fake: FakeFeishu) -> Json:
    """Something that says nothing to the bot and is taken all the same."""
    return fake.hands.events.of("im.message.message_read_v1", {"reader": {}, "message_id_list": []})


def challenge(fake: FakeFeishu) -> Json:
    return {"challenge": "ajls384kdjx98XX", "token": fake.world.verification_token, "type": "url_verification"}


def test_the_challenge_is_answered_with_and_without_a_signature(door: Webhook, fake: FakeFeishu) -> None:
    parcel = sealed(fake.world, challenge(fake))
    assert door.post(parcel).body == {"challenge": "ajls384kdjx98XX"}
    assert door.post(replace(parcel, headers={})).body == {"challenge": "ajls384kdjx98XX"}


def test_events_that_nobody_subscribed_are_taken_or_feishu_would_bring_them_for_hours(
    door: Webhook, fake: FakeFeishu, event: Json
) -> None:
    assert door.post(sealed(fake.world, event)).status == 200


def test_header_names_may_have_any_case(door: Webhook, fake: FakeFeishu, event: Json) -> None:
    parcel = sealed(fake.world, event)
    shouted = {name.upper(): value for name, value in parcel.headers.items()}
    assert door.post(Parcel(parcel.body, shouted)).status == 200


def test_a_stranger_is_refused(door: Webhook, fake: FakeFeishu, event: Json) -> None:
    world, good = fake.world, sealed(fake.world, event)
    unsigned = {name: value for name, value in good.headers.items() if "Signature" not in name}
    plain = json.dumps(event).encode()
    other_token = {**event, "header": {**event["header"], "token": "another"}}
    wrong = {
        "another key": sealed(world, event, key="another"),
        "no signature": Parcel(good.body, unsigned),
        "a changed body": Parcel(good.body.replace(b'"', b' "', 1), good.headers),
        "not encrypted": Parcel(plain, good.headers),
        "another token": sealed(world, other_token),
        "not base64": Parcel(json.dumps({"encrypt": "§"}).encode(), good.headers),
        "half a block": Parcel(json.dumps({"encrypt": encrypted("{}", world.encrypt_key)[:20]}).encode(), {}),
        "signed long ago": sealed(world, event, at=NOW.timestamp() - 301),
        "signed in the future": sealed(world, event, at=NOW.timestamp() + 301),
    }
    assert {why: door.post(parcel).status for why, parcel in wrong.items()} == dict.fromkeys(wrong, 401)
    assert not fake.world.calls, "nothing was asked of Feishu for a stranger"


@pytest.mark.parametrize(
    ("body", "status"), [(b"no json", 400), (b"[]", 400), (b'{"a":' * 50_000, 400), (b"x" * 1_100_000, 413)]
)
def test_nonsense_and_floods_are_refused(door: Webhook, body: bytes, status: int) -> None:
    assert door.post(Parcel(body, {"Content-Type": "application/json"})).status == status


def test_a_captured_request_brought_again_runs_nothing_twice(talk: FeishuTalk, fake: FakeFeishu) -> None:
    door = fake.knock_at(talk.app.platforms["feishu"].routes[DOOR], DOOR)
    talk.say("认领 C1")
    captured = sealed(fake.world, fake.post.deliveries[-1].event)
    shown = len(fake.world.messages)
    assert [door.post(captured).status for _ in range(3)] == [200] * 3
    talk.pump()
    assert len(fake.world.messages) == shown


def test_events_that_lie_about_their_shape_break_nothing(door: Webhook, fake: FakeFeishu) -> None:
    kinds = ("im.message.receive_v1", "im.message.recalled_v1", "im.chat.member.bot.added_v1", "card.action.trigger")
    odd: list[Json] = [{}, {"message": None}, {"message": [], "sender": "x"}, {"action": {"value": "a string"}}]
    odd += [{"message": {"message_id": "om", "content": "{", "mentions": [None]}, "sender": {"sender_id": {}}}]
    odd += [{"operator": 7, "context": {"open_chat_id": {}}, "action": {"value": {"action": [], "payload": 3}}}]
    events = [fake.hands.events.of(kind, each) for kind in kinds for each in odd]
    statuses = {door.post(sealed(fake.world, event)).status for event in events}
    assert statuses == {200}


def test_without_a_key_nothing_is_believed(app: App, fake: FakeFeishu, event: Json) -> None:
    chat = app.platforms["feishu"]
    open_door = chat.routes[DOOR]
    open_door.key = open_door.verification = ""
    assert fake.knock_at(open_door, DOOR).post(sealed(fake.world, event, key="")).status == 503
