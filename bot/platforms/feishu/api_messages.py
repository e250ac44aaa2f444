"""Feishu's calls for messages: post, reply in a topic, replace a card, recall, ring up, pin, upload."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, BinaryIO

from bot.platforms.feishu.api import Api, Call
from bot.platforms.feishu.markup import Json

MESSAGES = "/open-apis/im/v1/messages"
ID_TYPES = {"ou_": "open_id", "on_": "union_id", "oc_": "chat_id"}
UUID_LENGTH = 50


def uuid(*parts: str) -> str:
    """Feishu's idempotency key for a message: when the same message is sent again within an hour, it is shown
    once."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:UUID_LENGTH]


def id_type(account: str, otherwise: str) -> str:
    """The kind of the account id, as Feishu's API calls it; `otherwise` when its form does not show it."""
    return ID_TYPES.get(account[:3], otherwise)


class Messages:
    """Posts, replaces and marks messages. `content` is JSON text as Feishu expects it, `uuid` the idempotency key."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def create(self, channel: str, kind: str, content: str, uuid: str) -> str:
        """Post a new message to a chat or a person; returns its id."""
        body = {"receive_id": channel, "msg_type": kind, "content": content, "uuid": uuid}
        query = ("receive_id_type", id_type(channel, "chat_id"))
        return _id(self.api.send("POST", MESSAGES, body, query))

    def reply(self, answered: str, kind: str, content: str, uuid: str, topic: bool = True) -> str:
        """Post a reply to the message `answered`; with `topic` that opens a topic where there is none. Returns the
        reply's id."""
        body = {"msg_type": kind, "content": content, "reply_in_thread": topic, "uuid": uuid}
        return _id(self.api.send("POST", f"{MESSAGES}/:message_id/reply", body, message_id=answered))

    def replace(self, message: str, content: str) -> None:
        """Replace the card of a message."""
        self.api.send("PATCH", f"{MESSAGES}/:message_id", {"content": content}, message_id=message)

    def recall(self, message: str) -> None:
        """Recall one of the app's own messages."""
        self.api.send("DELETE", f"{MESSAGES}/:message_id", message_id=message)

    def ring(self, message: str, kind: str, accounts: Sequence[str]) -> list[str]:
        """Ring people up about the message; returns the accounts that cannot be rung up."""
        path, body = f"{MESSAGES}/:message_id/urgent_app", {"user_id_list": list(accounts)}
        answer = self.api.send("PATCH", path, body, ("user_id_type", kind), message_id=message)
        return [str(each) for each in answer.get("invalid_user_id_list") or []]

    def pin(self, message: str) -> None:
        """Pin the message in its chat."""
        self.api.send("POST", "/open-apis/im/v1/pins", {"message_id": message})

    def unpin(self, message: str) -> None:
        """Remove the pin of the message."""
        self.api.send("DELETE", "/open-apis/im/v1/pins/:message_id", message_id=message)

    def upload(self, name: str, file: BinaryIO) -> str:
        """Upload a file to Feishu; returns its key. The file is read while it is being sent."""
        from requests_toolbelt import MultipartEncoder

        # The name stands in a field of its own: in a part's header not every name arrives as it was.
        parts = {"file_type": "stream", "file_name": name, "file": ("file", file, "application/octet-stream")}
        body = MultipartEncoder(parts)
        call = Call("POST", "/open-apis/im/v1/files", {}, body=body, media_type=body.content_type)
        return str(self.api.call(call, self.api.limits.upload)["file_key"])

    def chat(self, channel: str) -> Json:
        """Feishu's data about a chat."""
        return self.api.get("/open-apis/im/v1/chats/:chat_id", chat_id=channel)


def text_content(words: str) -> str:
    """The content of a text message, as Feishu expects it."""
    return json.dumps({"text": words}, ensure_ascii=False)


def _id(answer: Json) -> str:
    message: Any = answer.get("message_id")
    return str(message)
