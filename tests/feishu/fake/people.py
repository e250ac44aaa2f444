"""What people do in Feishu: write, drop files, press buttons, fill forms, take back, invite."""

from typing import Any

from tests.feishu.fake import cards
from tests.feishu.fake.events import Events, mention
from tests.feishu.fake.post import Delivery, Post
from tests.feishu.fake.webhook import Ack
from tests.feishu.fake.world import OTHER_TENANT, File, Json, Message, World

GROUP_MESSAGES = "im:message.group_msg"


class Hands:
    """The hands of people. Everything returns how it was brought to the bot, or None when the bot is not told: in a
    group without the scope for all messages it hears only what mentions it."""

    def __init__(self, world: World, post: Post) -> None:
        self.world, self.post, self.events = world, post, Events(world)

    def write(self, chat: str, person: str, text: str, **more: Any) -> Delivery | None:
        """Words; with `at_bot` they mention the bot."""
        called, key = self._called(more.pop("at_bot", True))
        return self._told(self._message(chat, person, "text", {"text": f"{key} {text}".strip()}, called, **more))

    def post_pictures(self, chat: str, person: str, text: str, *pictures: bytes, **more: Any) -> Delivery | None:
        """A rich text with pictures, which can mention the bot."""
        called, key = self._called(more.pop("at_bot", True))
        at = [{"tag": "at", "user_id": key, "user_name": "odr-bot"}] if called else []
        keys = [self._file("img", "", data) for data in pictures]
        lines: list[list[Json]] = [[*at, {"tag": "text", "text": text}]]
        lines += [[{"tag": "img", "image_key": each.key}] for each in keys]
        return self._told(self._message(chat, person, "post", {"title": "", "content": lines}, called, keys, **more))

    def drop(self, chat: str, person: str, name: str, data: bytes, **more: Any) -> Delivery | None:
        """A file; it cannot mention anybody."""
        file = self._file("file", name, data)
        content = {"file_key": file.key, "file_name": name}
        return self._told(self._message(chat, person, "file", content, [], [file], **more))

    def drop_picture(self, chat: str, person: str, data: bytes, **more: Any) -> Delivery | None:
        """A picture; it cannot mention anybody."""
        file = self._file("img", "", data)
        return self._told(self._message(chat, person, "image", {"image_key": file.key}, [], [file], **more))

    def forward(self, chat: str, person: str, **more: Any) -> Delivery | None:
        """Several messages of elsewhere, merged into one."""
        return self._told(self._message(chat, person, "merge_forward", {}, [], **more))

    def take_back(self, message_id: str, event_id: str = "") -> Delivery | None:
        """Recall a message."""
        message = self.world.messages[message_id]
        message.recalled = True
        return self.post.bring(self.events.recalled(message, event_id))

    def invite_bot(self, chat: str, person: str, event_id: str = "") -> Delivery:
        """Add the bot to a group."""
        self.world.chat(chat, person).bot_in = True
        return self.post.bring(self.events.bot_moved("added", chat, person, event_id))

    def remove_bot(self, chat: str, person: str) -> Delivery:
        """Take the bot out of a group."""
        self.world.chats[chat].bot_in = False
        return self.post.bring(self.events.bot_moved("deleted", chat, person))

    def open_to_others(self, chat: str, person: str, external: bool = True) -> Delivery:
        """Make a group an external one, or an internal one again."""
        self.world.chats[chat].external = external
        return self.post.bring(self.events.group_changed(chat, person))

    def let_in(self, chat: str, stranger: str) -> Delivery:
        """Somebody of another organisation comes into a group."""
        self.world.chats[chat].members.add(stranger)
        self.world.chats[chat].strangers.add(stranger)
        return self.post.bring(self.events.came_in(chat, stranger, OTHER_TENANT))

    def disband(self, chat: str, person: str) -> Delivery:
        """End a group."""
        self.world.chats[chat].status = "dissolved"
        return self.post.bring(self.events.disbanded(chat, person))

    def press(self, message_id: str, person: str, label: str, event_id: str = "") -> Ack:
        """Press the button of this label on the card that is shown."""
        message = self.world.messages[message_id]
        buttons = [each for each in cards.components(message.content) if each["tag"] == "button"]
        [button] = [each for each in buttons if each["text"]["content"] == label]
        return self.use(message, person, {"value": value_of(button)}, event_id)

    def submit(self, message_id: str, person: str, form: str, values: Json, event_id: str = "") -> Ack:
        """Fill the form of this name on the card that is shown, by the names of its inputs, and send it."""
        message = self.world.messages[message_id]
        [asked] = [each for each in cards.components(message.content) if each.get("name") == form]
        filled = {each["name"]: values.get(each["name"], preset(each)) for each in cards.walk(asked) if asks(each)}
        [button] = [each for each in cards.walk(asked) if each.get("form_action_type") == "submit"]
        action = {"value": value_of(button), "name": button["name"], "form_value": filled}
        return self.use(message, person, action, event_id)

    def use(self, message: Message, person: str, action: Json, event_id: str = "") -> Ack:
        """Do something with a card that was once shown."""
        return self.post.press(self.events.pressed(message, person, action, event_id), message)

    def _called(self, at_bot: bool) -> tuple[list[Json], str]:
        return ([mention("@_user_1", self.world.bot, "odr-bot")], "@_user_1") if at_bot else ([], "")

    def _file(self, prefix: str, name: str, data: bytes) -> File:
        file = File(self.world.new_id(prefix), name, data, "image" if prefix == "img" else "file")
        self.world.files[file.key] = file
        return file

    def _message(
        self,
        chat: str,
        person: str,
        kind: str,
        content: Json,
        called: list[Json],
        files: list[File] | None = None,
        topic: str = "",
        event_id: str = "",
        message_id: str = "",
    ) -> tuple[Message, str]:
        """`topic` is the first message of the topic in which it is written."""
        self.world.chat(chat, person)
        name = message_id or self.world.new_id("om")
        first = self.world.messages.get(topic)
        within = (topic, topic, first.topic) if first and first.topic else (topic, topic, "") if first else ()
        message = Message(name, chat, person, kind, [content], self.world.clock.seconds(), *within, mentions=called)
        for file in files or []:
            file.message = name
        return self.world.add(message), event_id

    def _told(self, written: tuple[Message, str]) -> Delivery | None:
        message, event_id = written
        chat = self.world.chats[message.chat]
        hears = chat.mode == "p2p" or message.mentions or GROUP_MESSAGES in self.world.scopes
        if not chat.bot_in or not hears:
            return None
        return self.post.bring(self.events.received(message, event_id))


def value_of(button: Json) -> Json:
    """What a button sends back."""
    [behavior] = [each for each in button["behaviors"] if each["type"] == "callback"]
    value: Json = behavior["value"]
    return value


def asks(component: Json) -> bool:
    """Whether people fill it in."""
    return component.get("tag") in cards.INTERACTIVE


def preset(component: Json) -> str | list[str]:
    """What an input holds before anybody touches it, as a callback tells it."""
    match component["tag"]:
        case "multi_select_static":
            return list(component.get("selected_values", []))
        case "input":
            return str(component.get("default_value", ""))
        case "select_static":
            index = component.get("initial_index", 0)
            return str(component["options"][index - 1]["value"]) if index else ""
        case "date_picker":
            return _zoned(component.get("initial_date", ""))
        case "picker_time":
            return _zoned(component.get("initial_time", ""))
    return _zoned(component.get("initial_datetime", ""))


def _zoned(value: str) -> str:
    return f"{value} +0800" if value else ""
