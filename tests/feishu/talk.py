"""A conversation on Feishu: words, files, buttons and forms go in as Feishu brings them, and only what people saw
there counts as an answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.conversation.events import (
    BotJoined,
    ButtonPressed,
    CommandReceived,
    FileReceived,
    FormSubmitted,
    Incoming,
    MessageChanged,
)
from bot.messaging.card import Card, from_json
from bot.platforms.feishu.cards_elements import LOCALES
from bot.store.tables import messages
from tests.conversations.conftest import Talk
from tests.feishu.fake import cards
from tests.feishu.fake.people import asks
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.world import Json, Message

PATIENCE = 60
PICTURES = (b"\x89PNG", b"\xff\xd8\xff")


@dataclass
class FeishuTalk(Talk):
    """The conversation of the console, unchanged, as it is led on Feishu: "console:ops" is the group oc_ops."""

    fake: FakeFeishu = field(kw_only=True)
    over: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pump()

    def hear(self, event: Incoming) -> list[Card]:
        """Do on Feishu what the event says; returns the cards that people saw as answers to it."""
        self._same_time()
        chat, person = f"oc_{event.channel.partition(':')[2].removeprefix('oc_')}", f"ou_{event.person}"
        self.fake.world.chat(chat, person)
        answers: list[Card] = []
        for kept in self._done(event, chat, person):
            answers = self._answers(kept, person)
            self.pump()
            for card in answers:
                assert self.saw(card, chat, person), f"nobody saw {card.title!r}"
        return answers

    def _same_time(self) -> None:
        behind = (self.app.clock.now() - self.fake.clock.now()).total_seconds()
        self.fake.clock.advance(max(0.0, behind))

    def _done(self, event: Incoming, chat: str, person: str) -> Iterator[str]:
        """Do it, step by step; yields the ids under which the bot should have kept it."""
        hands = self.fake.hands
        where = {"topic": self.root(chat, event.thread)}
        match event:
            case CommandReceived(id=name, text=text):
                if name in self.fake.world.messages:
                    self._again(name)
                else:
                    hands.write(chat, person, text, message_id=name, **where)
                yield f"feishu:message:{name}"
            case FileReceived(id=name, uploads=uploads, text=text):
                for number, upload in enumerate(uploads):
                    ref, data = f"{name}.{number}", upload.path.read_bytes()
                    if data.startswith(PICTURES):
                        hands.post_pictures(chat, person, text, data, message_id=ref, **where)
                    else:
                        hands.drop(chat, person, upload.file_name, data, message_id=ref, **where)
                    yield f"feishu:message:{ref}"
            case ButtonPressed(id=name, action=action, payload=payload):
                value = {"action": action, "payload": payload}
                hands.use(self._with_button(chat, value), person, {"value": value}, event_id=name)
                yield f"feishu:press:{name}"
            case FormSubmitted(id=name):
                message, done = self._filled(chat, event)
                hands.use(message, person, done, event_id=name)
                yield f"feishu:press:{name}"
            case BotJoined(id=name):
                hands.invite_bot(chat, person, event_id=name)
                yield f"feishu:joined:{name}"
            case MessageChanged(ref=ref):
                hands.take_back(ref)
                yield f"feishu:recalled:{ref}"

    def _again(self, message_id: str) -> None:
        [earlier] = [
            each
            for each in self.fake.post.deliveries
            if each.event["event"].get("message", {}).get("message_id") == message_id
        ]
        kept = f"feishu:message:{message_id}"
        self.app.inbox._answers._kept.pop(kept, None)
        # A turn that was over before this answers nothing more, and need not be waited for.
        with self.app.store.unit(read_only=True) as unit:
            if unit.records.has_event(kept):
                self.over.add(kept)
        self.fake.post.again(earlier)

    def _answers(self, kept: str, person: str) -> list[Card]:
        with self.app.store.unit(read_only=True) as unit:
            begun = unit.records.event(kept) is not None
            ended = unit.records.has_event(kept)
        if kept in self.over or not (begun or ended):
            return []
        found = self.app.inbox.answers(kept, PATIENCE)
        assert found is not None, f"{kept} got no answer"
        return found

    def pump(self) -> None:
        """Send all that waits, at Feishu's pace and by its clock: a group that is held back is waited for."""
        for _ in range(300):
            if not (unsent := self._unsent()):
                return
            waiting = set(self.app.outbox.waiting()) & unsent
            if not waiting:
                self.fake.clock.advance(5)
            for channel in sorted(waiting):
                self.app.outbox.drain(channel)
        raise AssertionError(f"cannot be sent: {self._failures()}")

    def _unsent(self) -> set[str]:
        mine = messages.c.channel.startswith("feishu:") & messages.c.refused_at.is_(None)
        query = sa.select(messages.c.channel).where(mine, messages.c.sent_version < messages.c.version)
        with self.app.engine.connect() as connection:
            return set(connection.scalars(query))

    def _failures(self) -> list[str]:
        with self.app.store.unit(read_only=True) as unit:
            return unit.messages.failures()

    def root(self, chat: str, thread: str) -> str:
        """The message that opened a case's topic."""
        return self.app.host("feishu").threads.root(chat, thread) if thread else ""

    def visible(self, chat: str, thread: str | None = None) -> list[tuple[Message, Card]]:
        """The bot's cards that stand in a chat, or in it for one case, with what we say they are."""
        rows = sa.select(messages).where(messages.c.channel == f"feishu:{chat}", messages.c.ref != "")
        with self.app.engine.connect() as connection:
            known = {row.ref: row for row in connection.execute(rows)}
        shown = []
        for message in self.fake.world.in_chat(chat):
            row = known.get(message.id)
            if row is None or thread not in (None, row.thread):
                continue
            card = from_json(row.card)
            assert row.sent_version == row.version, f"{card.title!r} is not shown as it is now"
            if message.kind == "interactive":
                assert _read(message, card).startswith(card.title[:60].strip()[:40]), card.title
            shown.append((message, card))
        return shown

    def shown(self, thread: str = "") -> list[Card]:
        """The cards that stand in the group for the case, or beside all cases."""
        self.pump()
        return [card for _, card in self.visible(f"oc_{self.channel.partition(':')[2]}", thread)]

    def saw(self, card: Card, chat: str, person: str) -> bool:
        """Whether the answer was shown: in the chat, to the person alone, or as a toast."""
        world = self.fake.world
        if any(toast.person == person and card.title.startswith(toast.words[:50]) for toast in world.toasts):
            return True
        title = " ".join(card.title.split())[:40]
        told = [each for place in (chat, world.talk_of_two(person).id) for each in world.in_chat(place)]
        return any(title in _read(each, card) for each in told if each.kind == "interactive")

    def _with_button(self, chat: str, value: Json) -> Message:
        """The newest message that shows, or once showed, a button with this value."""
        for message in reversed(self.fake.world.in_chat(chat)):
            if any(_has(shown, value) for shown in message.shown):
                return message
        raise AssertionError(f"no button was ever shown with {value}")

    def _filled(self, chat: str, event: FormSubmitted) -> tuple[Message, Json]:
        value = {"action": event.action, "payload": event.payload}
        message = self._with_button(chat, value)
        [form] = [
            each
            for shown in message.shown[-1:]
            for each in cards.components(shown)
            if each["tag"] == "form" and _has({"body": {"elements": [each]}}, value)
        ]
        inputs = {each["name"].partition("_")[2]: each for each in cards.walk(form) if asks(each)}
        assert event.values.keys() <= inputs.keys(), f"the form asks for {list(inputs)}"
        given = {
            each["name"]: _typed(each, event.values[name]) for name, each in inputs.items() if name in event.values
        }
        [button] = [each for each in cards.walk(form) if each.get("form_action_type") == "submit"]
        return message, {"value": value, "name": button["name"], "form_value": given}


def _read(message: Message, card: Card) -> str:
    """What somebody reads who has the card's language."""
    return cards.words(message.content, locale=LOCALES[card.language])


def _has(shown: Json, value: Json) -> bool:
    callbacks = (behavior.get("value") for each in cards.components(shown) for behavior in each.get("behaviors", []))
    return any(each == value for each in callbacks)


def _typed(component: Json, value: str) -> Any:
    """A value as the component's callback tells it."""
    if component["tag"] in ("date_picker", "picker_datetime") and value:
        return value.replace("T", " ") + " +0800"
    if component["tag"] == "multi_select_static":
        return value.split(",")
    if component["tag"] == "select_static":
        options = [option["value"] for option in component["options"]]
        return value if value in options else options[0]
    return value
