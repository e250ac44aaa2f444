"""Buttons, sent dialogs and the shortcut on messages: kept before Slack hears that they arrived."""

import json
import logging
import secrets
from collections.abc import Callable
from typing import Any

from bot.conversation.events import ButtonPressed, FileReceived, FormSubmitted, Incoming
from bot.messaging.card import Card
from bot.platforms.slack import modals_views as dialogs
from bot.platforms.slack.background import Background
from bot.platforms.slack.cards import FILES, FORM, MORE, PRESS, forms
from bot.platforms.slack.events import Arriving
from bot.platforms.slack.events_messages import Said, words
from bot.platforms.slack.markup import Json
from bot.platforms.slack.modals import Opening, account_of
from bot.platforms.slack.modals_views import Origin
from bot.platforms.slack.sender_company import opens

log = logging.getLogger(__name__)

REFRESHES = 3


class Pressing:
    """Takes what people press and fill in."""

    def __init__(self, arriving: Arriving, opening: Opening, background: Background) -> None:
        self.arriving, self.opening, self.background = arriving, opening, background
        self.host, self.platform = opening.host, opening.platform

    def pressed(self, body: Json) -> None:
        """A button, or a field that is looked at while it is filled in."""
        action = body["actions"][0]
        kind, _, number = str(action.get("action_id") or "").partition(":")
        soon = self.background.soon
        if str(action.get("block_id") or "").startswith(dialogs.FIELD):
            soon(lambda: self.opening.findings(body, self.host.check(self._form(body))))
        elif kind == PRESS:
            self._button(body, _value(action))
        elif kind == FORM:
            soon(lambda: self.opening.form(body, _value(action)))
        elif kind == FILES:
            soon(lambda: self.opening.files(body))
        elif kind == MORE:
            soon(lambda: self.opening.whole(body))
        elif kind == dialogs.PAGE:
            soon(lambda: self.opening.turn(body, int(number)))

    def _common(self, body: Json, origin: Origin, event_id: str = "") -> dict[str, Any]:
        name = event_id or str(body.get("trigger_id"))
        return self.arriving.common(name, origin.channel, account_of(body), origin.thread)

    def _button(self, body: Json, value: Json) -> None:
        origin = self.opening.located(self.opening.place(body))
        payload = {str(key): str(item) for key, item in (value.get("p") or {}).items()}
        event = ButtonPressed(**self._common(body, origin), action=str(value.get("a") or ""), payload=payload)
        self.arriving.keep(event)
        if body.get("view"):
            self.background.after(event, lambda cards: self.opening.home(account_of(body)))
        else:
            self.background.after(event, lambda cards: self._refresh(origin))

    def _refresh(self, origin: Origin) -> None:
        """Show the card anew where somebody pressed and looks."""
        shown = None
        for _ in range(REFRESHES if origin.ref else 0):
            card = self.opening.card(origin)
            if card is None or card == shown or not card.slot:
                return
            self.platform.refresh(origin.channel, origin.ref, card)
            # Delivery may have shown a newer one meanwhile, and this one over it.
            shown = card

    # Dialogs that were sent.

    def submitted(self, body: Json) -> dict[str, str]:
        """A dialog was sent: {} when it is kept, else what is wrong by block."""
        view = body["view"]
        try:
            return self._attached(body) if view.get("callback_id") == dialogs.ATTACHED else self._submitted(body)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a dialog was not kept (reference %s)", reference)
            say = self.opening.say(body, Origin.of(view))
            return dialogs.errors({"": say("slack.failed", reference=reference)}, view)

    def _submitted(self, body: Json) -> dict[str, str]:
        event = self._form(body)
        if wrong := self.host.check(event):
            return dialogs.errors(wrong, body["view"])
        self.arriving.keep(event)
        self.background.after(event, lambda cards: self._refresh(Origin.of(body["view"])))
        return {}

    def _form(self, body: Json) -> FormSubmitted:
        view = body["view"]
        origin = Origin.of(view)
        # One dialog is sent once, however often its answer gets lost.
        common = self._common(body, origin, str(view.get("id")))
        payload = dict(self._payload(origin))
        return FormSubmitted(**common, action=origin.action, payload=payload, values=dialogs.values(view))

    def _payload(self, origin: Origin) -> dict[str, str]:
        """What the form carries; one that was too much for the dialog stands in its card."""
        if origin.payload is not None:
            return dict(origin.payload)
        card = self.opening.card(origin) or Card("")
        return next((dict(form.payload) for form in forms(card) if form.action == origin.action), {})

    def _attached(self, body: Json) -> dict[str, str]:
        view, origin = body["view"], Origin.of(body["view"])
        uploads = tuple(map(self.arriving.files.upload, dialogs.files(view)))
        common = self._common(body, origin, str(view.get("id")))
        self.arriving.keep(FileReceived(**common, uploads=uploads, text=dialogs.values(view).get("words", "")))
        return {}

    # The shortcut, and a sign that words were heard.

    def shortcut(self, body: Json, respond: Callable[..., object]) -> None:
        """Attach a message to a case: its files, or else its words, are evidence."""
        message, account = body.get("message") or {}, account_of(body)
        channel = str((body.get("channel") or {}).get("id") or "")
        ts, text = str(message.get("ts") or ""), str(message.get("text") or "")
        files = tuple(item for item in message.get("files") or () if isinstance(item, dict))
        if not (files or text.strip()):
            say = self.opening.say(body, Origin(channel))
            self.background.soon(lambda: respond(say("slack.attach_empty")))
            return
        written = Said(channel, account, ts, text, str(message.get("thread_ts") or ts), files=files)
        answer = channel if self.arriving.people.inside(channel) else self.arriving.people.direct(account)
        common = self.arriving.common(str(body.get("trigger_id")), answer, account, self.arriving.thread(written))
        self.arriving.keep(self._evidence(written, common))

    def _evidence(self, written: Said, common: dict[str, Any]) -> Incoming:
        if written.files:
            return self.arriving.said(written, common, called=True)
        text = words(written.text, self.arriving.bot(), self.host.person_id)
        # Whoever chooses the shortcut has said that these words are evidence, whatever they are about.
        return ButtonPressed(**common, action="say", payload={"text": f"evidence {text}", "sure": "yes"})

    def tick(self, written: Said, event: Incoming) -> None:
        """A command whose answer stands elsewhere, on the case's headline, gets a tick: it was heard."""
        if event.thread:
            self.background.after(event, lambda cards: self._tick(written, cards))

    def _tick(self, written: Said, cards: list[Card]) -> None:
        if cards and all(opens(card) for card in cards):
            place = {"channel": written.channel, "timestamp": written.ts}
            self.opening.api.call("reactions.add", **place, name="white_check_mark")

    def home(self, body: Json) -> None:
        """Somebody looks at the Home tab."""
        event = body["event"]
        if event.get("tab", "home") == "home":
            self.background.soon(lambda: self.opening.home(str(event.get("user") or "")))


def _value(action: Json) -> Json:
    try:
        value = json.loads(action.get("value") or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
