"""What Feishu tells of what people did, in its own words."""

import json
from typing import Any

from tests.feishu.fake.world import TENANT, Json, Message, World


class Events:
    """Composes events; each gets an id of its own unless one is given."""

    def __init__(self, world: World) -> None:
        self.world = world

    def of(self, kind: str, event: Json, event_id: str = "") -> Json:
        """An event of schema 2.0."""
        header = {
            "event_id": event_id or self.world.new_id("ev"),
            "event_type": kind,
            "create_time": self._ms(),
            "token": self.world.verification_token,
            "app_id": self.world.app_id,
            "tenant_key": TENANT,
        }
        return {"schema": "2.0", "header": header, "event": event}

    def received(self, message: Message, event_id: str = "") -> Json:
        """Somebody wrote."""
        told: dict[str, Any] = {
            "message_id": message.id,
            "root_id": message.root,
            "parent_id": message.parent,
            "thread_id": message.topic,
            "create_time": self._ms(message.at),
            "update_time": self._ms(message.at),
            "chat_id": message.chat,
            "chat_type": self.world.chats[message.chat].mode,
            "message_type": message.kind,
            "content": json.dumps(message.content, ensure_ascii=False),
            "mentions": message.mentions,
        }
        if message.kind == "merge_forward":
            told["content"] = "Merged and Forwarded Message"
        event = {
            "sender": {"sender_id": _ids(message.sender), "sender_type": "user", "tenant_key": TENANT},
            "message": {key: value for key, value in told.items() if value not in ("", [])},
        }
        return self.of("im.message.receive_v1", event, event_id)

    def recalled(self, message: Message, event_id: str = "") -> Json:
        """Somebody took a message back."""
        event = {"message_id": message.id, "chat_id": message.chat, "recall_time": self._ms()}
        return self.of("im.message.recalled_v1", event | {"recall_type": "message_owner"}, event_id)

    def bot_moved(self, kind: str, chat: str, person: str, event_id: str = "") -> Json:
        """The bot was `added` to a group or `deleted` from it."""
        event = {"chat_id": chat, "operator_id": _ids(person), "external": False, "operator_tenant_key": TENANT}
        event["name"] = self.world.chats[chat].name
        return self.of(f"im.chat.member.bot.{kind}_v1", event, event_id)

    def group_changed(self, chat: str, person: str) -> Json:
        """The settings of a group changed."""
        event = {"chat_id": chat, "operator_id": _ids(person), "external": self.world.chats[chat].external}
        event |= {"operator_tenant_key": TENANT, "after_change": {}, "before_change": {}}
        return self.of("im.chat.updated_v1", event)

    def came_in(self, chat: str, person: str, tenant: str) -> Json:
        """Somebody came into a group."""
        event = {"chat_id": chat, "operator_id": _ids(person), "external": self.world.chats[chat].external}
        user = {"name": self.world.name_of(person), "user_id": _ids(person), "tenant_key": tenant}
        event |= {"operator_tenant_key": TENANT, "name": self.world.chats[chat].name, "users": [user]}
        return self.of("im.chat.member.user.added_v1", event)

    def disbanded(self, chat: str, person: str) -> Json:
        """A group is no more."""
        event = {"chat_id": chat, "operator_id": _ids(person), "external": False, "operator_tenant_key": TENANT}
        return self.of("im.chat.disbanded_v1", event)

    def pressed(self, message: Message, person: str, action: Json, event_id: str = "") -> Json:
        """Somebody used a card."""
        event = {
            "operator": _ids(person) | {"tenant_key": TENANT},
            "token": self.world.new_id("c"),
            "action": {"tag": "button", "timezone": "Asia/Shanghai"} | action,
            "host": "im_message",
            "context": {"open_message_id": message.id, "open_chat_id": message.chat},
        }
        return self.of("card.action.trigger", event, event_id)

    def _ms(self, seconds: float | None = None) -> str:
        start = self.world.clock.start.timestamp()
        return str(int((start + (self.world.clock.seconds() if seconds is None else seconds)) * 1000))


def _ids(person: str) -> Json:
    # A user_id is only told with a permission that nobody needs here.
    return {"open_id": person, "union_id": f"on_{person}", "user_id": None}


def mention(key: str, person: str, name: str) -> Json:
    """Somebody who is called in a message."""
    kind = "bot" if person.startswith("ou_bot") else "user"
    return {"key": key, "id": _ids(person), "name": name, "mentioned_type": kind, "tenant_key": TENANT}
