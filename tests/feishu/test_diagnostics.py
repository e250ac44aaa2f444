"""What a group is told when the bot comes, and what the examination says of it."""

import pytest

from bot.platforms.feishu.api_scopes import GROUP_FILES
from bot.runtime.bootstrap import App
from tests.feishu.conftest import PATIENT, adapters
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import PATIENCE, FeishuTalk


def hints(fake: FakeFeishu, group: str) -> list[str]:
    return [str(each.content["text"]) for each in fake.world.in_chat(group) if each.kind == "text"]


def invite(talk: FeishuTalk, fake: FakeFeishu, group: str) -> None:
    delivery = fake.hands.invite_bot(group, "ou_li")
    assert talk.app.inbox.answers(f"feishu:joined:{delivery.event['header']['event_id']}", PATIENCE)
    talk.pump()


@pytest.fixture
def unseeing(fake: FakeFeishu) -> None:
    """The app was not given the scope for all messages of groups."""
    fake.world.scopes.discard(GROUP_FILES)


def test_without_the_sensitive_scope_a_group_hears_at_once_how_files_arrive(
    unseeing: None, talk: FeishuTalk, fake: FakeFeishu
) -> None:
    invite(talk, fake, "oc_new")
    [hint] = hints(fake, "oc_new")
    assert "私聊" in hint and "@我" in hint and "控制台" in hint
    invite(talk, fake, "oc_new")
    assert len(hints(fake, "oc_new")) == 1, "once is enough"


def test_with_the_scope_there_is_nothing_to_say(talk: FeishuTalk, fake: FakeFeishu) -> None:
    invite(talk, fake, "oc_new")
    assert hints(fake, "oc_new") == []


def test_the_examination_says_what_is_missing_and_what_to_do(app: App, fake: FakeFeishu) -> None:
    chat = app.platforms["feishu"]
    assert all(item.ok for item in chat.examine())
    fake.world.scopes -= {GROUP_FILES, "im:resource"}
    fake.world.chats["oc_uk"].bot_in = False
    fresh = App(app.settings, app.clock, adapters=adapters(PATIENT)).platforms["feishu"].examine()
    found = {item.name: item.detail for item in fresh if not item.ok}
    assert set(found) == {"feishu scopes", "feishu group files", "feishu group oc_uk"}
    assert "im:resource" in found["feishu scopes"] and "开发者后台" in found["feishu scopes"]
    assert "群机器人" in found["feishu group oc_uk"]


def test_wrong_credentials_end_the_examination_with_what_to_do(app: App, fake: FakeFeishu) -> None:
    fake.world.app_secret = "another"
    [item] = app.platforms["feishu"].examine()
    assert not item.ok and "app_secret" in item.detail and "brand" in item.detail
