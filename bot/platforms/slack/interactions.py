"""Buttons, submitted dialogs and the message shortcut: stored before Slack gets its acknowledgement."""

import json
import logging
import secrets
from collections.abc import Callable
from typing import Any

from bot.conversation.events import ButtonPressed, FileReceived, FormSubmitted, Incoming
from bot.messaging.card import Card
from bot.platforms.slack import modals_views as views
from bot.platforms.slack.background import Background
from bot.platforms.slack.cards import FILES, FORM, MORE, PRESS, forms, opens_thread
from bot.platforms.slack.cards_blocks import ActionId
from bot.platforms.slack.events import Events, SlackMessage
from bot.platforms.slack.markup import Json, unmarked
from bot.platforms.slack.modals import Modals, account_of
from bot.platforms.slack.modals_views import Origin

log = logging.getLogger(__name__)

REFRESHES = 3


class Interactions:
    """Receives what people press and submit."""

    def __init__(self, events: Events, modals: Modals, background: Background) -> None:
        self.events, self.modals, self.background = events, modals, background
        self.texts, self.directory, self.sender = modals.texts, modals.directory, modals.sender

    def pressed(self, body: Json) -> None:
        """Handle a pressed button, or a field that is checked while it is filled in."""
        action = body["actions"][0]
        pressed = ActionId.read(str(action.get("action_id") or ""))
        kind = pressed.kind
        soon = self.background.soon
        if str(action.get("block_id") or "").startswith(views.FIELD):
            soon(lambda: self.modals.findings(body, self.texts.check(self._form(body))))
        elif kind == PRESS:
            self._button(body, _value(action))
        elif kind == FORM:
            soon(lambda: self.modals.form(body, _value(action)))
        elif kind == FILES:
            soon(lambda: self.modals.files(body))
        elif kind == MORE:
            soon(lambda: self.modals.whole(body))
        elif kind == views.PAGE and pressed.numbers:
            soon(lambda: self.modals.turn(body, pressed.numbers[0]))

    def _common(self, body: Json, origin: Origin, event_id: str = "") -> dict[str, Any]:
        name = event_id or str(body.get("trigger_id"))
        return self.events.common(name, origin.channel, account_of(body), origin.thread)

    def _button(self, body: Json, value: Json) -> None:
        origin = self.modals.located(self.modals.place(body))
        given = value.get("p")
        payload = {str(key): str(item) for key, item in given.items()} if isinstance(given, dict) else {}
        event = ButtonPressed(**self._common(body, origin), action=str(value.get("a") or ""), payload=payload)
        self.events.keep(event)
        if body.get("view"):
            self.background.after(event, lambda cards: self.modals.home(account_of(body)))
        else:
            self.background.after(event, lambda cards: self._refresh(origin))

    def _refresh(self, origin: Origin) -> None:
        """Update the card under which somebody pressed a button and is looking."""
        shown = None
        for _ in range(REFRESHES if origin.ref else 0):
            card = self.modals.card(origin)
            if card is None or card == shown or not card.slot:
                return
            self.sender.refresh(origin.channel, origin.ref, card)
            # Delivery may have shown a newer one meanwhile, and this one over it.
            shown = card

    # Dialogs that were sent.

    def submitted(self, body: Json) -> dict[str, str]:
        """Handle a submitted dialog; {} when it is stored, else what is wrong, by block id."""
        view = body["view"]
        try:
            return self._attached(body) if view.get("callback_id") == views.ATTACHED else self._submitted(body)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a dialog was not kept (reference %s)", reference)
            say = self.modals.say(body, Origin.of(view))
            return views.errors({"": say("slack.failed", reference=reference)}, view)

    def _submitted(self, body: Json) -> dict[str, str]:
        event = self._form(body)
        if wrong := self.texts.check(event):
            return views.errors(wrong, body["view"])
        self.events.keep(event)
        self.background.after(event, lambda cards: self._refresh(Origin.of(body["view"])))
        return {}

    def _form(self, body: Json) -> FormSubmitted:
        view = body["view"]
        origin = Origin.of(view)
        # One dialog is sent once, however often its answer gets lost.
        common = self._common(body, origin, str(view.get("id")))
        payload = dict(self._payload(origin))
        return FormSubmitted(**common, action=origin.action, payload=payload, values=views.values(view))

    def _payload(self, origin: Origin) -> dict[str, str]:
        """The payload of the form; one that was too long for the dialog is taken from its card."""
        if origin.payload is not None:
            return dict(origin.payload)
        card = self.modals.card(origin) or Card("")
        return next((dict(form.payload) for form in forms(card) if form.action == origin.action), {})

    def _attached(self, body: Json) -> dict[str, str]:
        view, origin = body["view"], Origin.of(body["view"])
        uploads = tuple(map(self.events.files.upload, views.files(view)))
        common = self._common(body, origin, str(view.get("id")))
        self.events.keep(FileReceived(**common, uploads=uploads, text=views.values(view).get("words", "")))
        return {}

    # The shortcut, and a sign that words were heard.

    def shortcut(self, body: Json, respond: Callable[..., object]) -> None:
        """Attach a message to a case as evidence: its files, or else its words."""
        message, account = body.get("message") or {}, account_of(body)
        channel = str((body.get("channel") or {}).get("id") or "")
        ts, text = str(message.get("ts") or ""), str(message.get("text") or "")
        files = tuple(item for item in message.get("files") or () if isinstance(item, dict))
        if not (files or text.strip()):
            say = self.modals.say(body, Origin(channel))
            self.background.soon(lambda: respond(say("slack.attach_empty")))
            return
        written = SlackMessage(channel, account, ts, text, str(message.get("thread_ts") or ts), files=files)
        answer = channel if self.events.people.inside(channel) else self.events.people.direct(account)
        common = self.events.common(str(body.get("trigger_id")), answer, account, self.events.thread(written))
        self.events.keep(self._evidence(written, common))

    def _evidence(self, written: SlackMessage, common: dict[str, Any]) -> Incoming:
        if written.files:
            return self.events.event(written, common, called=True)
        text = unmarked(written.text, self.events.bot(), self.directory.person_id)
        # Whoever chooses the shortcut has said that these words are evidence, whatever they are about.
        return ButtonPressed(**common, action="say", payload={"text": f"evidence {text}", "sure": "yes"})

    def tick(self, written: SlackMessage, event: Incoming) -> None:
        """Add a tick to a command whose answer is shown elsewhere, on the case's headline, so that its author sees
        it was heard."""
        if event.thread:
            self.background.after(event, lambda cards: self._tick(written, cards))

    def _tick(self, written: SlackMessage, cards: list[Card]) -> None:
        if cards and all(opens_thread(card) for card in cards):
            place = {"channel": written.channel, "timestamp": written.ts}
            self.modals.api.call("reactions.add", **place, name="white_check_mark")

    def home(self, body: Json) -> None:
        """Show the Home tab to somebody who has opened it."""
        event = body["event"]
        if event.get("tab", "home") == "home":
            self.background.soon(lambda: self.modals.home(str(event.get("user") or "")))


def _value(action: Json) -> Json:
    try:
        value = json.loads(action.get("value") or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
