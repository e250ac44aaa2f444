"""Messages of the app: sent, answered, changed, rung, pinned; refused for everything the documentation forbids."""

import json
from typing import Any

from tests.feishu.fake import cards
from tests.feishu.fake.limits import Rates
from tests.feishu.fake.refusal import Refused, invalid
from tests.feishu.fake.world import TENANT, Chat, Json, Message, World

CARD_BYTES, TEXT_BYTES = 30 * 1024, 150 * 1024
UUID_SECONDS, RECALL_SECONDS, CHANGEABLE_SECONDS = 3600, 86_400, 14 * 86_400
UUID_LENGTH, UNREAD_AT_MOST = 50, 200


class Messages:
    """The part of the API that has to do with messages. Each method gets what the request said."""

    def __init__(self, world: World, rates: Rates) -> None:
        self.world, self.rates = world, rates

    def create(self, receive_id_type: str, body: Json, size: int) -> Json:
        """Send to a chat or a person."""
        if (again := self._repeated(body)) is not None:
            return again
        return self._send(self._chat(receive_id_type, body.get("receive_id")), body, size)

    def reply(self, message_id: str, body: Json, size: int) -> Json:
        """Answer a message, in its topic when asked to."""
        if (again := self._repeated(body)) is not None:
            return again
        answered = self.get(message_id)
        return self._send(self._writable(self.world.chats[answered.chat]), body, size, answered)

    def patch(self, message_id: str, body: Json, size: int) -> None:
        """Show another card in the same place."""
        message = self.own(message_id)
        self._writable(self.world.chats[message.chat])
        if self.world.clock.seconds() - message.at > CHANGEABLE_SECONDS:
            raise Refused(230031, "Action unavailable as the message has expired.")
        if message.kind != "interactive":
            raise Refused(230001, "This message is NOT a card.")
        self.rates.place(f"change {message_id}")
        content = self._content("interactive", body.get("content"), size)
        with self.world.changed:
            message.shown.append(content)
            self.world.changed.notify_all()

    def recall(self, message_id: str) -> None:
        """Take a message back, for as long as the admin allows."""
        message = self.own(message_id)
        self._writable(self.world.chats[message.chat])
        if self.world.clock.seconds() - message.at > RECALL_SECONDS:
            raise Refused(230026, "No permission to recall this message.")
        with self.world.changed:
            message.recalled = True
            self.world.changed.notify_all()

    def ring(self, message_id: str, people: list[str]) -> Json:
        """Urgent inside the app (加急)."""
        message = self.own(message_id)
        chat = self._writable(self.world.chats[message.chat])
        if chat.urgent != "all_members" and not chat.bot_manages:
            raise Refused(230052, "The group does not allow urgent messages from this member.")
        valid = [person for person in people if person in chat.members]
        if not valid:
            raise invalid("no valid user id")
        for person in valid:
            if self.world.people[person].unread_urgent >= UNREAD_AT_MOST:
                raise Refused(230023, "The user has too many unread urgent messages.")
        with self.world.changed:
            message.rung += valid
            self.world.changed.notify_all()
        return {"invalid_user_id_list": [person for person in people if person not in valid]}

    def pin(self, message_id: str, pinned: bool) -> Json:
        """Pin a message for everybody in its chat, or take the pin away."""
        message = self.get(message_id)
        self._writable(self.world.chats[message.chat])
        message.pinned = pinned
        pin = {"message_id": message_id, "chat_id": message.chat, "operator_id": self.world.app_id}
        return {"pin": pin | {"operator_id_type": "app_id", "create_time": str(self._ms())}}

    def get(self, message_id: str) -> Message:
        """A message that somebody can still see; raises Refused for any other."""
        message = self.world.messages.get(message_id)
        if message is None:
            raise invalid(f"message_id {message_id}")
        if message.recalled:
            raise Refused(230110, "Action unavailable as the message has been deleted.")
        return message

    def own(self, message_id: str) -> Message:
        """One that the app sent."""
        message = self.get(message_id)
        if message.sender != self.world.app_id:
            raise Refused(230012, "Bot is NOT the sender of the message.")
        return message

    def described(self, message: Message) -> Json:
        """A message as the API tells it."""
        app = message.sender == self.world.app_id
        sender = {"id": message.sender, "id_type": "app_id" if app else "open_id", "tenant_key": TENANT}
        at = str(int(self.world.clock.start.timestamp() * 1000 + message.at * 1000))
        told = {
            "message_id": message.id,
            "root_id": message.root,
            "parent_id": message.parent,
            "thread_id": message.topic,
            "msg_type": message.kind,
            "create_time": at,
            "update_time": at,
            "deleted": message.recalled,
            "updated": len(message.shown) > 1,
            "chat_id": message.chat,
            "sender": sender | {"sender_type": "app" if app else "user"},
            "body": {"content": json.dumps(message.content, ensure_ascii=False)},
            "mentions": message.mentions,
        }
        return {key: value for key, value in told.items() if value not in ("", [])}

    def _repeated(self, body: Json) -> Json | None:
        uuid = body.get("uuid") or ""
        if len(uuid) > UUID_LENGTH:
            raise invalid("uuid")
        ends, message_id = self.world.uuids.get(uuid, (0.0, ""))
        if not uuid or ends <= self.world.clock.seconds():
            return None
        return self.described(self.world.messages[message_id])

    def _chat(self, kind: str, receiver: Any) -> Chat:
        if kind == "chat_id":
            if receiver not in self.world.chats:
                raise invalid("receive_id")
            return self._writable(self.world.chats[receiver])
        if kind != "open_id" or receiver not in self.world.people:
            raise invalid("receive_id")
        if not self.world.people[receiver].reachable:
            raise Refused(230013, "Bot has NO availability to this user.")
        return self.world.talk_of_two(receiver)

    def _writable(self, chat: Chat) -> Chat:
        if chat.status != "normal":
            raise Refused(232009, "Your request specifies a chat which has already been dissolved.")
        if not chat.bot_in:
            raise Refused(230002, "The bot can not be outside the group.")
        return chat

    def _send(self, chat: Chat, body: Json, size: int, answered: Message | None = None) -> Json:
        content = self._content(body.get("msg_type"), body.get("content"), size)
        self.rates.place(f"chat {chat.id}")
        topic = ""
        if answered and (answered.topic or body.get("reply_in_thread")):
            topic = answered.topic = answered.topic or self.world.new_id("omt")
        root = (answered.root or answered.id) if answered else ""
        parent = (root if topic else answered.id) if answered else ""
        message = Message(
            self.world.new_id("om"),
            chat.id,
            self.world.app_id,
            str(body["msg_type"]),
            [content],
            self.world.clock.seconds(),
            root,
            parent,
            topic,
        )
        if uuid := body.get("uuid"):
            self.world.uuids[uuid] = (self.world.clock.seconds() + UUID_SECONDS, message.id)
        return self.described(self.world.add(message))

    def _content(self, kind: Any, content: Any, size: int) -> Json:
        if not isinstance(content, str):
            raise invalid("content is not a string")
        if size > (TEXT_BYTES if kind == "text" else CARD_BYTES):
            raise Refused(230025, "The length of the message content reaches its limit.")
        try:
            data = json.loads(content)
        except ValueError:
            raise invalid("content is not a string in json format") from None
        check = {"text": self._text, "interactive": self._card, "post": self._post, "image": self._key}.get(
            str(kind), self._key if kind == "file" else None
        )
        if check is None or not isinstance(data, dict):
            raise invalid("msg_type")
        check(data)
        return data

    @staticmethod
    def _text(data: Json) -> None:
        if data.keys() != {"text"} or not isinstance(data["text"], str) or not data["text"].strip():
            raise invalid("content: text")

    @staticmethod
    def _post(data: Json) -> None:
        for each in data.values():
            if not isinstance(each, dict) or not isinstance(each.get("content"), list):
                raise invalid("content: post")

    def _card(self, data: Json) -> None:
        if found := cards.faults(data, self.world.known):
            self.world.refused_cards.append(found)
            words = "parse card json err, please check whether the card json is correct"
            inner = f"ErrCode: 200621; ErrMsg: msg: [{words}], value: [{'; '.join(found)}];"
            raise Refused(230099, f"Failed to create card content, ext={inner}")

    def _key(self, data: Json) -> None:
        [(name, key)] = data.items() if len(data) == 1 else [("", "")]
        file = self.world.files.get(str(key))
        if name not in ("file_key", "image_key") or file is None or file.message:
            raise invalid("content: key")

    def _ms(self) -> int:
        return int(self.world.clock.now().timestamp() * 1000)
