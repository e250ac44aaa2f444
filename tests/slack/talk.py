"""A conversation as a person has it in Slack: said, dropped, pressed and filled in there, read where it is shown."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot.conversation.events import BotJoined, CommandReceived, FileReceived, Incoming
from bot.messaging.card import Button, Card, Form, from_json
from bot.messaging.inbox import in_thread
from bot.platforms.slack.limits import Limits
from bot.platforms.slack.platform import SlackPlatform
from bot.ports.host import Host, Inbox
from bot.runtime.bootstrap import App
from bot.settings.chats import SlackSettings
from bot.store.tables import messages as rows_table
from tests.conversations.conftest import Talk, buttons, forms
from tests.slack.fake.files import dropped
from tests.slack.fake.people import People, filled
from tests.slack.fake.world import Json, Message, View, World

CHANNELS = {"ops": "C0OPS0001", "uk": "C0UK00001", "new": "C0NEW0001"}
PEOPLE = {name: f"U0{name.upper():0<7}" for name in ("li", "wang", "guest", "boss")}
_TS = re.compile(r"\d+\.\d{6}")
TURN_SECONDS = 60


@dataclass
class Heard:
    """The inbox of a chat. Slack has its answer before the turns have begun: `taking` lists what begins them."""

    inbox: Inbox
    taking: "list[Future[None]]"

    def accept_all(self, events: Any, kept: Any) -> None:
        """Keep what came, and know until when that lasts."""
        done: Future[None] = Future()
        self.taking.append(done)
        try:
            self.inbox.accept_all(events, kept)
        finally:
            done.set_result(None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inbox, name)


class Followed(ThreadPoolExecutor):
    """Threads whose work is listed."""

    def __init__(self, following: "list[Future[Any]]", threads: int, name: str) -> None:
        super().__init__(threads, name)
        self.following = following

    def submit(self, *given: Any, **named: Any) -> "Future[Any]":
        """Begin and list it."""
        work = super().submit(*given, **named)
        self.following.append(work)
        return work


@dataclass
class Listening:
    """Makes Slack's adapter, and knows what that does after Slack got its answer."""

    limits: Limits
    taking: "list[Future[None]]" = field(default_factory=list)
    following: "list[Future[Any]]" = field(default_factory=list)

    def __call__(self, settings: SlackSettings, host: Host) -> SlackPlatform:
        heard = replace(host, inbox=Heard(host.inbox, self.taking))
        return SlackPlatform(settings, heard, self.limits, partial(Followed, self.following))


def emptied(work: "list[Future[Any]]") -> "list[Future[Any]]":
    """What stands in the list, taken out of it."""
    found = []
    while work:
        found.append(work.pop(0))
    return found


@dataclass
class Turns:
    """The turns that the inbox has begun, and with what they answered."""

    app: App
    begun: list[tuple[str, Any]] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin turns in the engine's place."""
        self.chat = self.app.adapters["slack"]
        self.app.engine_proxy.hand_over(self)

    def begin(self, event_id: str) -> Any:
        """Begin one and remember it."""
        wait = in_thread(event_id, self.app.inbox.run)
        self.begun.append((event_id, wait))
        return wait

    def enqueue(self, *_: object) -> None:
        """What waits is sent in the end."""

    def finish(self) -> list[tuple[str, Card]]:
        """Wait for what was begun, send what waits, wait for what follows; the answers with their row's key."""
        assert not wait_for(emptied(self.chat.taking), TURN_SECONDS).not_done
        events, self.begun = list(self.begun), []
        for _, wait in events:
            wait()
        while channels := self.app.outbox.waiting(paced=True):
            for channel in channels:
                self.app.outbox.drain(channel)
        assert not wait_for(emptied(self.chat.following), TURN_SECONDS).not_done
        ended = [name for name in dict.fromkeys(name for name, _ in events) if name not in self.told]
        answered = {name: cards for name in ended if (cards := self.app.inbox.answers(name)) is not None}
        self.told |= answered.keys()
        return [(f"{name}#{number}", card) for name, cards in answered.items() for number, card in enumerate(cards)]


@dataclass
class Sight:
    """A card as somebody saw it at some time."""

    card: Card
    message: Message
    version: int


@dataclass
class SlackTalk(Talk):
    """The same conversation in Slack. `way` is how words outside threads are said: "mention" or "slash"."""

    world: World = field(default_factory=World)
    people: People = field(kw_only=True)
    way: str = "mention"
    seen: dict[tuple[str, int], Sight] = field(default_factory=dict)
    heard: dict[str, list[Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """What was shown before is seen."""
        self.turns = Turns(self.app)
        self.turns.finish()
        self._look()

    @property
    def place(self) -> str:
        """The channel's id on Slack; the suite names channels as the console does."""
        return CHANNELS[self.channel.partition(":")[2]]

    @property
    def user(self) -> str:
        """Who speaks."""
        return PEOPLE[self.person]

    # What people do.

    def hear(self, event: Incoming) -> list[Card]:
        """An event that a test made by hand, as the deed that causes it; the same again is brought again."""
        speaker, channel = self.person, self.channel
        self.person, self.channel = event.person, event.channel
        try:
            if event.id in self.heard:
                self.people.repeat(self.heard[event.id])
                return self._answers()
            self.people.last.clear()
            answers = self._hear(event)
            self.heard[event.id] = list(self.people.last)
            return answers
        finally:
            self.person, self.channel = speaker, channel

    def _hear(self, event: Incoming) -> list[Card]:
        match event:
            case CommandReceived(text=text):
                return self._say(text, event.thread)
            case FileReceived(text=text, uploads=uploads):
                named = [(upload.file_name, upload.path.read_bytes()) for upload in uploads]
                return self._drop(named, text, event.thread)
            case BotJoined():
                self.people.join(self.place)
                return self._answers()
            case _:
                raise NotImplementedError(f"{type(event).__name__} is made by what people see: press, submit, edit")

    def say(self, text: str, thread: str = "") -> Card:
        return self._say(text, thread)[0]

    def says(self, text: str, thread: str = "") -> list[Card]:
        return self._say(text, thread)

    def _say(self, text: str, thread: str) -> list[Card]:
        if text.startswith("/odr") or (self.way == "slash" and not thread):
            self.people.slash(self.user, self.place, text.removeprefix("/odr").strip())
        else:
            words = text if thread or "@odr-bot" in text else f"@odr-bot {text}"
            self.people.say(self.user, self.place, words, self.root(thread))
        return self._answers()

    def send(self, *files: tuple[str, str | bytes], text: str = "", thread: str = "") -> list[Card]:
        return self._drop(list(files), text, thread)

    def _drop(self, files: list[Any], text: str, thread: str) -> list[Card]:
        given = [(name, data if isinstance(data, bytes) else data.encode()) for name, data in files]
        held = [dropped(self.world, self.user, name, data) for name, data in given]
        words = text if thread else f"@odr-bot {text}".strip()
        self.people.drop(self.user, self.place, held, words, self.root(thread))
        return self._answers()

    def press(self, button: Button, thread: str = "") -> list[Card]:
        sight = self._sight(lambda card: button in buttons(card).values())
        labels = [each.label for each in buttons(sight.card).values()]
        assert labels.count(button.label) == 1, f"two buttons with the label {button.label}"
        self._press(sight, button.label)
        return self._answers()

    def _press(self, sight: Sight, label: str) -> None:
        now = sight.message
        contents = [*now.versions, now.blocks]
        as_seen = replace(now, blocks=contents[sight.version])
        for element in elements(as_seen.blocks):
            if element["type"] == "button" and element["text"]["text"] == label:
                self.people.press(self.user, as_seen, element)
                return
            for option in element.get("options", ()):
                if option["text"]["text"] == label:
                    self.people.press(self.user, as_seen, element, selected_option=option)
                    return
        raise AssertionError(f"no button {label!r} among {[e.get('text') for e in elements(as_seen.blocks)]}")

    def submit(self, form: Form, thread: str = "", **values: str) -> list[Card]:
        errors = self.try_to_submit(form, **values)
        assert not errors, errors
        return self._answers()

    def try_to_submit(self, form: Form, **values: str) -> Json:
        """Fill the form in as a modal and send it; the errors shown at its inputs."""
        return self.people.submit(view := self.open(form), filled(view, self._typed(form, view, values)))

    def open(self, form: Form) -> View:
        """The modal of a form."""
        sight = self._sight(lambda card: form in forms(card))
        before = set(self.world.views)
        self._press(sight, self._opener(form, sight.card))
        return self.world.until(lambda: next((v for k, v in self.world.views.items() if k not in before), None))

    def _opener(self, form: Form, card: Card) -> str:
        """What stands on the button that opens the modal."""
        return self.app.phrases.say("slack.fill_in", card.language) if form.title == card.title else form.title

    def _typed(self, form: Form, view: View, values: dict[str, str]) -> dict[str, Any]:
        """The values by the labels that the modal shows, as each kind of input takes them."""
        shown = {
            block["label"]["text"]: block["element"] for block in view.view["blocks"] if block["type"] == "input"
        }
        given = {}
        for item in form.inputs:
            if item.name in values:
                assert item.label in shown, f"{item.label!r} is not among {list(shown)}"
                given[item.label] = self._chosen(item, shown[item.label], values[item.name])
        return given

    def _chosen(self, item: Any, element: Json, value: str) -> Any:
        if element["type"] == "static_select":
            return next((option.label for option in item.options if option.value == value), "")
        if element["type"] == "multi_static_select":
            return [option.label for option in item.options if option.value in value.split(",")]
        if element["type"] == "datetimepicker" and value:
            from datetime import datetime
            from zoneinfo import ZoneInfo

            local = datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(self.app.settings.timezone))
            return int(local.timestamp())
        return value

    # What people see.

    def root(self, thread: str) -> str:
        """The ts of the message that opened a case's thread; "" outside threads."""
        if not thread:
            return ""
        mine = [row for row in self._rows() if row.channel == f"slack:{self.place}" and row.thread == thread]
        shown = [self.world.messages.get((self.place, ts(row.ref))) for row in mine if row.ref]
        firsts = [message.ts for message in shown if message and not message.thread_ts]
        assert firsts, f"no message has opened the thread of {thread}"
        return firsts[0]

    def _rows(self) -> list[Any]:
        with self.app.engine.connect() as connection:
            return list(connection.execute(sa.select(rows_table).order_by(rows_table.c.seq)))

    def _message(self, row: Any) -> Message | None:
        """What Slack shows for a row, to whom it concerns."""
        channel, name = row.channel.partition(":")[2], ts(row.ref)
        private = from_json(row.card).private_to
        for message in self.world.ephemerals:
            if message.ts == name:
                assert message.to == PEOPLE.get(private, private), "shown to somebody else"
                return message
        message = next((m for m in self.world.messages.values() if m.ts == name and not m.deleted), None)
        assert message is None or private or message.channel == channel, "shown in another channel"
        return message

    def _look(self) -> None:
        """Remember how everything looks now."""
        for row in self._rows():
            if row.channel.startswith("slack:") and row.ref and (message := self._message(row)):
                version = len(message.versions)
                self.seen.setdefault((message.ts, version), Sight(from_json(row.card), message, version))

    def _sight(self, fits: Any) -> Sight:
        found = [sight for sight in self.seen.values() if fits(sight.card)]
        assert found, "nobody has seen such a card"
        return found[-1]

    def _answers(self) -> list[Card]:
        """The cards that answer, each of them on the screen."""
        answered = self.turns.finish()
        self._look()
        rows = {row.key: row for row in self._rows()}
        return [self._shown(rows, key, card) for key, card in answered]

    def _shown(self, rows: dict[str, Any], key: str, card: Card) -> Card:
        row = rows.get(key) or rows[f"slack:{self.place}|{card.slot}"]
        assert row.ref and row.sent_version == row.version, f"not shown: {row.error}"
        assert self._message(row), f"{row.key} is not on the screen"
        return replace(from_json(row.card), slot=card.slot)

    def shown(self, thread: str = "") -> list[Card]:
        mine = [row for row in self._rows() if row.channel == f"slack:{self.place}" and row.thread == thread]
        return [from_json(row.card) for row in mine if row.ref and self._message(row)]


def populate(world: World) -> None:
    """The people are known, and in all channels."""
    for name, account in PEOPLE.items():
        world.user(account, name)
    world.channel(CHANNELS["new"], "new")
    for channel in world.channels.values():
        channel.members |= set(PEOPLE.values())


def ts(ref: str) -> str:
    """The time that names a message, from the ref we keep of it."""
    found = _TS.search(ref)
    assert found, f"no ts in {ref!r}"
    return found.group()


def elements(blocks: list[Json]) -> list[Json]:
    """What can be pressed in blocks."""
    return [
        item
        for block in blocks
        for item in [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]
        if item.get("type") in ("button", "overflow", "static_select")
    ]
