"""The fake is honest: the unmodified kit of Feishu works with it, and it refuses what the documentation forbids."""

import copy
import io
import json
from itertools import pairwise
from typing import Any

import pytest

from tests.feishu.fake import cards
from tests.feishu.fake.clock import Advanced
from tests.feishu.fake.limits import Rates
from tests.feishu.fake.refusal import Refused
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.webhook import Webhook, sealed
from tests.feishu.fake.world import Json


@pytest.fixture(scope="session")
def lark() -> Any:
    """Feishu's kit as it is; it takes seconds to load."""
    import lark_oapi
    from lark_oapi.api import im

    return lark_oapi, im.v1


class Kit:
    """The few calls of the kit that are tried here."""

    def __init__(self, lark: Any, fake: FakeFeishu) -> None:
        core, self.im = lark
        world = fake.world
        builder = core.Client.builder().app_id(world.app_id).app_secret(world.app_secret)
        self.client = builder.domain(fake.address).build()

    def send(self, content: str, uuid: str = "", kind: str = "text", chat: str = "oc_ops") -> Any:
        body = self.im.CreateMessageRequestBody.builder().receive_id(chat).msg_type(kind).content(content).uuid(uuid)
        request = self.im.CreateMessageRequest.builder().receive_id_type("chat_id").request_body(body.build())
        return self.client.im.v1.message.create(request.build())

    def patch(self, message_id: str, content: str) -> Any:
        body = self.im.PatchMessageRequestBody.builder().content(content).build()
        request = self.im.PatchMessageRequest.builder().message_id(message_id).request_body(body)
        return self.client.im.v1.message.patch(request.build())

    def upload(self, data: bytes) -> Any:
        body = self.im.CreateFileRequestBody.builder().file_type("stream").file_name("中.zip").file(io.BytesIO(data))
        return self.client.im.v1.file.create(self.im.CreateFileRequest.builder().request_body(body.build()).build())

    def resource(self, message_id: str, key: str, kind: str = "file") -> Any:
        request = self.im.GetMessageResourceRequest.builder().message_id(message_id).file_key(key).type(kind)
        return self.client.im.v1.message_resource.get(request.build())


@pytest.fixture
def kit(lark: Any, fake: FakeFeishu) -> Kit:
    return Kit(lark, fake)


def text(words: str) -> str:
    return json.dumps({"text": words})


def test_five_a_second_in_a_group_and_a_repeat_within_an_hour_shows_nothing_twice(kit: Kit, fake: FakeFeishu) -> None:
    fake.clock.stop()
    codes = [kit.send(text("hi"), f"u{number}").code for number in range(7)]
    assert codes == [0] * 5 + [230020] * 2
    first = fake.world.in_chat("oc_ops")[0].id
    assert kit.send(text("again"), "u0").data.message_id == first
    fake.clock.advance(3601)
    assert kit.send(text("again"), "u0").data.message_id != first


def test_the_gateway_says_how_long_to_wait() -> None:
    clock = Advanced()
    clock.stop()
    rates = Rates(clock)
    for _ in range(50):
        rates.api("send")
    with pytest.raises(Refused) as refused:
        rates.api("send")
    assert (refused.value.code, refused.value.headers["x-ogw-ratelimit-reset"]) == (99991400, "1")
    for _ in range(19):
        clock.advance(1)
        for _ in range(50):
            rates.api("send")
    clock.advance(1)
    with pytest.raises(Refused) as refused:
        rates.api("send")
    assert int(refused.value.headers["x-ogw-ratelimit-reset"]) >= 39


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        ('{"text": ""}', "text", 230001),
        ("no json", "text", 230001),
        (text("x" * 160_000), "text", 230025),
        (json.dumps({"schema": "2.0", "body": {"elements": [{"tag": "hr"}] * 3000}}), "interactive", 230025),
        (json.dumps({"schema": "2.0", "body": {"elements": [{"tag": "note"}]}}), "interactive", 230099),
        (json.dumps({"schema": "2.0", "elements": []}), "interactive", 230099),
        ('{"file_key": "unknown"}', "file", 230001),
    ],
)
def test_contents_are_looked_at(kit: Kit, content: str, kind: str, code: int) -> None:
    assert kit.send(content, kind=kind).code == code


def test_who_may_change_what_and_how_long(kit: Kit, fake: FakeFeishu) -> None:
    fake.clock.stop()
    card = json.dumps({"schema": "2.0", "body": {"elements": [{"tag": "hr"}]}})
    sent = kit.send(card, kind="interactive").data.message_id
    assert [kit.patch(sent, card).code for _ in range(6)] == [0] * 5 + [230020]
    fake.world.messages[sent].at -= 15 * 86_400
    assert kit.patch(sent, card).code == 230031
    delivery = fake.hands.write("oc_ops", "ou_li", "hi")
    assert delivery and kit.patch(delivery.event["event"]["message"]["message_id"], card).code == 230012
    fake.world.messages[sent].recalled = True
    assert kit.patch(sent, card).code == 230110


def test_the_bot_outside_and_people_out_of_reach(kit: Kit, fake: FakeFeishu) -> None:
    assert kit.send(text("hi"), chat="oc_unknown").code == 230001
    fake.world.chats["oc_ops"].bot_in = False
    assert kit.send(text("hi")).code == 230002


def test_an_expired_token_is_refused_and_the_kit_does_not_notice(kit: Kit, fake: FakeFeishu) -> None:
    assert kit.send(text("hi")).code == 0
    fake.clock.advance(7201)
    assert kit.send(text("hi")).code == 99991663
    assert kit.send(text("hi")).code == 99991663, "its store keeps the token"


def test_files_in_and_out(kit: Kit, fake: FakeFeishu) -> None:
    assert kit.upload(b"").code == 234010 and kit.upload(b"PK").data.file_key
    delivery = fake.hands.drop("oc_ops", "ou_li", "截图.txt", b"hello")
    assert delivery
    message = delivery.event["event"]["message"]
    key = json.loads(message["content"])["file_key"]
    got = kit.resource(message["message_id"], key)
    assert (got.code, got.file_name, got.file.read()) == (0, "截图.txt", b"hello")
    assert kit.resource(message["message_id"], "another").code == 234003
    forwarded = fake.hands.forward("oc_ops", "ou_li")
    assert forwarded
    assert kit.resource(forwarded.event["event"]["message"]["message_id"], key).code == 234043


def test_missing_scopes_are_named(kit: Kit, fake: FakeFeishu) -> None:
    fake.world.scopes.clear()
    refused = kit.send(text("hi"))
    assert refused.code == 99991672 and "im:message:send_as_bot" in refused.msg


def test_the_kits_own_dispatcher_takes_the_sealed_events(lark: Any, fake: FakeFeishu) -> None:
    core, _ = lark
    heard: list[Any] = []
    world = fake.world
    builder = core.EventDispatcherHandler.builder(world.encrypt_key, world.verification_token)
    dispatcher = builder.register_p2_im_message_receive_v1(heard.append).build()
    fake.hands.write("oc_ops", "ou_li", "缺什么")
    request = core.RawRequest()
    parcel = sealed(world, fake.post.deliveries[-1].event)
    request.uri, request.body, request.headers = "/", parcel.body, parcel.headers
    assert dispatcher.do(request).status_code == 200
    assert heard[0].event.message.content == '{"text": "@_user_1 缺什么"}'


def test_what_is_not_taken_comes_again_after_15_s_5_min_1_h_and_6_h(fake: FakeFeishu) -> None:
    fake.clock.stop()
    tries: list[float] = []

    class Deaf(Webhook):
        def bring(self, event: Json, limit: float) -> Any:
            tries.append(fake.clock.seconds())
            return super().bring(event, 0.001)

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        raise OSError

    fake.post.way = Deaf(fake.world, silent, "/").bring
    fake.hands.write("oc_ops", "ou_li", "hi")
    fake.post.pass_time(24 * 3600)
    waits = [round(after - before) for before, after in pairwise(tries)]
    assert waits == [15, 300, 3600, 21600]


GOOD: Json = {
    "schema": "2.0",
    "config": {"update_multi": True},
    "header": {"title": {"tag": "plain_text", "content": "t"}, "template": "red"},
    "body": {
        "elements": [
            {"tag": "markdown", "content": "<font color='red'>a <at id=ou_li></at></font>"},
            {"tag": "table", "columns": [{"name": "c0", "data_type": "text"}], "rows": [{"c0": "x"}]},
            {
                "tag": "column_set",
                "columns": [
                    {
                        "tag": "column",
                        "elements": [
                            {
                                "tag": "button",
                                "text": {"tag": "plain_text", "content": "b"},
                                "behaviors": [{"type": "callback", "value": {"a": "b"}}],
                            }
                        ],
                    }
                ],
            },
            {
                "tag": "form",
                "name": "f",
                "elements": [
                    {"tag": "input", "name": "i", "required": True},
                    {
                        "tag": "select_static",
                        "name": "s",
                        "options": [{"text": {"tag": "plain_text", "content": "o"}, "value": "1"}],
                    },
                    {
                        "tag": "button",
                        "name": "send",
                        "form_action_type": "submit",
                        "text": {"tag": "plain_text", "content": "b"},
                        "behaviors": [{"type": "callback", "value": {}}],
                    },
                ],
            },
        ]
    },
}


def test_a_good_card_has_no_faults() -> None:
    assert cards.faults(GOOD, lambda person: person == "ou_li") == []


def changed(path: tuple[Any, ...], value: Any) -> Json:
    card = copy.deepcopy(GOOD)
    place: Any = card
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return card


E = ("body", "elements")
BUTTON = (*E, 2, "columns", 0, "elements", 0)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("elements",), [], "unknown property, property: elements"),
        (("config", "wide_screen_mode"), True, "wide_screen_mode"),
        (("config", "update_multi"), False, "update_multi"),
        (("header", "template"), "pink", "template"),
        (("header", "title"), None, "title is missing"),
        ((*E, 0, "tag"), "note", "not support tag: note"),
        ((*E, 0, "content"), "<at id=ou_nobody></at>", "unknown 'ou_nobody'"),
        ((*E, 0, "content"), "<font color='red'>open", "not closed"),
        ((*E, 0, "content"), "<b>bold</b>", "<b> is no tag"),
        ((*E, 0, "content"), "<font color='rainbow'>x</font>", "colour"),
        ((*E, 0, "content"), "<local_datetime millisecond='soon' format_type='time'></local_datetime>", "milli"),
        ((*E, 1, "page_size"), 11, "page_size"),
        ((*E, 1, "rows"), [{"c1": "x"}], "cells of no column"),
        ((*E, 1, "rows"), [{"c0": 7}], "no string"),
        ((*E, 2, "columns", 0, "corner_radius"), "8px", "corner_radius"),
        ((*BUTTON, "behaviors", 0, "value"), "a string", "no object"),
        ((*BUTTON, "text", "content"), "", "characters"),
        ((*BUTTON, "text", "content"), "x" * 101, "characters"),
        ((*BUTTON, "form_action_type"), "submit", "outside of a form"),
        ((*BUTTON, "value"), {"k": "v"}, "unknown property, property: value"),
        ((*BUTTON, "tag"), "table", "not inside column"),
        ((*E, 3, "elements", 0, "name"), None, "without a name"),
        ((*E, 3, "elements", 0, "max_length"), 1001, "max_length"),
        ((*E, 3, "elements", 0, "name"), "s", "twice on one card"),
        ((*E, 3, "elements", 2, "form_action_type"), "reset", "without a button that submits"),
        ((*E, 3, "elements", 1, "options", 0, "value"), "", "characters"),
        ((*E, 3, "elements", 1, "initial_index"), 2, "beyond"),
        ((*E, 3, "elements", 0), {"tag": "date_picker", "name": "i"}, "placeholder"),
        ((*E, 3, "elements", 0, "tag"), "form", "not inside form"),
        ((*E,), [{"tag": "hr"}] * 199, ""),
        ((*E,), [{"tag": "hr"}] * 201, "more than 200"),
        ((*E,), [GOOD["body"]["elements"][1]] * 6, "tables"),
    ],
)
def test_a_bad_card_is_told_what_is_wrong(path: tuple[Any, ...], value: Any, says: str) -> None:
    found = cards.faults(changed(path, value), lambda person: person == "ou_li")
    assert found == [] if not says else any(says in fault for fault in found), found


def test_nesting_has_an_end() -> None:
    inner: Json = {"tag": "hr"}
    for _ in range(5):
        inner = {"tag": "column_set", "columns": [{"tag": "column", "elements": [inner]}]}
    assert cards.faults({"schema": "2.0", "body": {"elements": [inner]}}) == []
    inner = {"tag": "column_set", "columns": [{"tag": "column", "elements": [inner]}]}
    assert "deeper" in cards.faults({"schema": "2.0", "body": {"elements": [inner]}})[0]
