"""Buttons, dialogs, shortcuts and the Home tab: what people do beside writing."""

import json
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore
from typing import Any

from bot.card import Card, Form
from bot.host import Host
from bot.incoming import ButtonPressed, CommandReceived, FileReceived, FormSubmitted, Incoming
from bot.platforms.slack import dialogs
from bot.platforms.slack.api import SlackApi, SlackError
from bot.platforms.slack.arriving import Arriving
from bot.platforms.slack.dialogs import Origin
from bot.platforms.slack.platform import SlackPlatform, opens
from bot.platforms.slack.render import FILES, FORM, MORE, PRESS, form_id, forms, render_home, render_pages
from bot.platforms.slack.said import Said, words
from bot.platforms.slack.words import Json, escape
from bot.ports import TryLater

log = logging.getLogger(__name__)

HASTE_SECONDS = 1.0
"""How long a dialog may wait for its card: Slack lets it open within three seconds."""
TURN_SECONDS, REFRESHES = 10.0, 3
WORKERS, WATCHERS, WATCHED = 8, 8, 64
"""Threads that show dialogs, threads that wait for turns to end, and how many turns are waited for at once."""


class Pressing:
    """Answers what people press and fill in. What changes something is kept before Slack hears that it arrived;
    dialogs and cards are shown by workers of its own."""

    def __init__(self, host: Host, api: SlackApi, arriving: Arriving, platform: SlackPlatform) -> None:
        self.host, self.api, self.arriving, self.platform = host, api, arriving, platform
        self._workers = ThreadPoolExecutor(WORKERS, "slack")
        # Workers wait for these, so they must not stand behind workers.
        self._readers = ThreadPoolExecutor(WORKERS, "slack-reader")
        self._watchers = ThreadPoolExecutor(WATCHERS, "slack-watcher")
        self._watching = BoundedSemaphore(WATCHED)
        self._languages: dict[str, str] = {}

    def end(self) -> None:
        """Finish what was begun."""
        for pool in (self._watchers, self._workers, self._readers):
            pool.shutdown(wait=True)

    # Buttons.

    def pressed(self, body: Json) -> None:
        """A button, or a field that is looked at while it is filled in."""
        action = body["actions"][0]
        kind, _, number = str(action.get("action_id") or "").partition(":")
        origin = self._origin(body)
        if str(action.get("block_id") or "").startswith(dialogs.FIELD):
            self._soon(lambda: self._look(body))
        elif kind == PRESS:
            self._button(body, origin, _value(action))
        elif kind == FORM:
            self._soon(lambda: self._open_form(body, origin, _value(action)))
        elif kind == FILES:
            self._soon(lambda: self._open(body, dialogs.files_view(origin, self._say(body, origin))))
        elif kind == MORE:
            self._soon(lambda: self._open_late(body, origin, self._reading))
        elif kind == dialogs.PAGE:
            self._soon(lambda: self._turn(body, int(number)))

    def _origin(self, body: Json) -> Origin:
        """Where something was pressed: under a message, in a dialog, or on somebody's own page."""
        container = body.get("container") or {}
        view = body.get("view") or {}
        if view.get("type") == "modal":
            return Origin.of(view)
        if view:
            return Origin(channel=self.arriving.people.direct(_account(body)))
        channel, ref = str(container.get("channel_id") or ""), str(container.get("message_ts") or "")
        thread = self.host.thread_of(channel, ref)
        if not thread and container.get("thread_ts"):
            thread = self.host.thread_of(channel, str(container["thread_ts"]))
        return Origin(channel=channel, thread=thread, ref=ref)

    def _common(self, body: Json, origin: Origin, event_id: str = "") -> dict[str, Any]:
        name = event_id or str(body.get("trigger_id"))
        return self.arriving.common(name, origin.channel, _account(body), origin.thread)

    def _button(self, body: Json, origin: Origin, value: Json) -> None:
        payload = {str(key): str(item) for key, item in (value.get("p") or {}).items()}
        event = ButtonPressed(**self._common(body, origin), action=str(value.get("a") or ""), payload=payload)
        self.arriving.keep(event)
        if body.get("view"):
            self._after(event, lambda cards: self._publish(_account(body), event.person))
        else:
            self._after(event, lambda cards: self._refresh(origin))

    def _refresh(self, origin: Origin) -> None:
        """Show the card anew where somebody pressed and looks."""
        if not origin.ref:
            return
        shown = None
        for _ in range(REFRESHES):
            card = self.host.shown(origin.channel, origin.ref)
            if card is None or card == shown or not card.slot:
                return
            self.platform.refresh(origin.channel, origin.ref, card)
            # Delivery may have shown a newer one meanwhile, and this one over it.
            shown = card

    # Dialogs.

    def _open_form(self, body: Json, origin: Origin, value: Json) -> None:
        on_page = bool(body.get("view"))
        card_of = self._page_of(body) if on_page else self._card
        self._open_late(body, origin, lambda say, origin: self._form_view(origin, value, card_of(origin), say))

    def _page_of(self, body: Json) -> Callable[[Origin], Card | None]:
        return lambda origin: self.host.home(self.host.person_id(_account(body)))

    def _card(self, origin: Origin) -> Card | None:
        return self.host.shown(origin.channel, origin.ref)

    @staticmethod
    def _form_view(origin: Origin, value: Json, card: Card | None, say: dialogs.Say) -> Json:
        form = _form(card, value)
        if form is None:
            return dialogs.notice_view(say("slack.gone_title"), say("slack.gone"), say)
        asked = Origin(origin.channel, origin.thread, origin.ref, form.action, form.payload)
        return dialogs.form_view(form, asked, say)

    def _reading(self, say: dialogs.Say, origin: Origin) -> Json:
        card = self.host.shown(origin.channel, origin.ref)
        if card is None:
            return dialogs.notice_view(say("slack.gone_title"), say("slack.gone"), say)
        card = self.platform.people.named(card)
        pages = render_pages(card, self.platform.scene(card))
        return dialogs.reading_view(card.title, pages, origin, say)

    def _open_late(self, body: Json, origin: Origin, make: Callable[[dialogs.Say, Origin], Json]) -> None:
        """Open a dialog whose contents must be read first. When that takes long, it opens empty and is filled."""
        reading = self._readers.submit(lambda: make(self._say(body, origin), origin))
        try:
            ready = reading.result(HASTE_SECONDS)
        except TimeoutError:
            say = partial(self.host.say, language=self._languages.get(_account(body), "zh"))
            opened = self._open(body, dialogs.notice_view(say("slack.wait_title"), say("slack.wait"), say))
            self.api.at_once("views.update", view_id=opened["view"]["id"], view=reading.result())
        else:
            self._open(body, ready)

    def _open(self, body: Json, view: Json) -> Json:
        try:
            return self.api.at_once("views.open", trigger_id=str(body.get("trigger_id")), view=view)
        except (SlackError, TryLater, OSError):
            self._not_opened(body)
            raise

    def _not_opened(self, body: Json) -> None:
        """A press must not end in silence."""
        origin, account = self._origin(body), _account(body)
        words = self._say(body, origin)("slack.not_opened")
        direct = origin.channel.startswith("D")
        whom = {"channel": origin.channel} | ({} if direct else {"user": account})
        self.api.call("chat.postMessage" if direct else "chat.postEphemeral", **whom, text=escape(words))

    def _turn(self, body: Json, page: int) -> None:
        """Another page of a card."""
        view, origin = body["view"], Origin.of(body["view"])
        turned = Origin(origin.channel, origin.thread, origin.ref, page=page)
        shown = self._reading(self._say(body, turned), turned)
        self.api.at_once("views.update", view_id=view["id"], view=shown)

    def _look(self, body: Json) -> None:
        """Say what is wrong while somebody types."""
        view = body["view"]
        shown = dialogs.with_findings(view, self.host.check(self._form(body)))
        if shown:
            self.api.at_once("views.update", view_id=view["id"], hash=view.get("hash"), view=shown)

    def _form(self, body: Json) -> FormSubmitted:
        view = body["view"]
        origin = Origin.of(view)
        payload = origin.payload
        if payload is None:
            form = next(
                (item for item in forms(self._card(origin) or Card("")) if item.action == origin.action), None
            )
            payload = form.payload if form else {}
        common = self._common(body, origin, str(view.get("id")))
        return FormSubmitted(**common, action=origin.action, payload=dict(payload), values=dialogs.values(view))

    def submitted(self, body: Json) -> dict[str, str]:
        """A dialog was sent: {} when it is kept, else what is wrong by block."""
        view = body["view"]
        try:
            return self._attached(body) if view.get("callback_id") == dialogs.ATTACHED else self._submitted(body)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a dialog was not kept (reference %s)", reference)
            words = self._say(body, Origin.of(view))("slack.failed", reference=reference)
            return dialogs.errors({"": words}, view)

    def _submitted(self, body: Json) -> dict[str, str]:
        event = self._form(body)
        if wrong := self.host.check(event):
            return dialogs.errors(wrong, body["view"])
        self.arriving.keep(event)
        self._after(event, lambda cards: self._refresh(Origin.of(body["view"])))
        return {}

    def _attached(self, body: Json) -> dict[str, str]:
        view, origin = body["view"], Origin.of(body["view"])
        uploads = tuple(map(self.arriving.files.upload, dialogs.files(view)))
        common = self._common(body, origin, str(view.get("id")))
        self.arriving.keep(FileReceived(**common, uploads=uploads, text=dialogs.values(view).get("words", "")))
        return {}

    # Shortcut and Home.

    def shortcut(self, body: Json, respond: Callable[..., object]) -> None:
        """ "Attach to ODR case" on a message: its files, or else its words, are evidence."""
        message, account = body.get("message") or {}, _account(body)
        channel = str((body.get("channel") or {}).get("id") or "")
        ts, text = str(message.get("ts") or ""), str(message.get("text") or "")
        files = tuple(item for item in message.get("files") or () if isinstance(item, dict))
        if not (files or text.strip()):
            language = self.host.language(channel, self.host.person_id(account))
            self._soon(lambda: respond(self.host.say("slack.attach_empty", language)))
            return
        written = Said(channel, account, ts, text, str(message.get("thread_ts") or ts), files=files)
        answer = channel if self.arriving.people.inside(channel) else self.arriving.people.direct(account)
        common = self.arriving.common(str(body.get("trigger_id")), answer, account, self.arriving.thread(written))
        self.arriving.keep(self._evidence(written, common))

    def _evidence(self, written: Said, common: dict[str, Any]) -> Incoming:
        if written.files:
            return self.arriving.said(written, common, called=True)
        text = words(written.text, self.arriving.bot(), self.host.person_id)
        return CommandReceived(**common, text=f"evidence {text}")

    def home(self, body: Json) -> None:
        """Somebody looks at the Home tab."""
        event = body["event"]
        if event.get("tab", "home") == "home":
            account = str(event.get("user") or "")
            self._soon(lambda: self._publish(account, self.arriving.people.meet(account)))

    def _publish(self, account: str, person: str) -> None:
        card = self.platform.people.named(self.host.home(person))
        blocks = render_home(card, self.platform.scene(card))
        self.api.at_once("views.publish", user_id=account, view={"type": "home", "blocks": blocks})

    # How.

    def _say(self, body: Json, origin: Origin) -> dialogs.Say:
        account = _account(body)
        self._languages[account] = self.host.language(origin.channel, self.host.person_id(account))
        return partial(self.host.say, language=self._languages[account])

    def tick(self, written: Said, event: Incoming) -> None:
        """A command whose answer stands elsewhere, on the case's headline, gets a tick: it was heard."""
        if event.thread:
            self._after(event, lambda cards: self._tick(written, cards))

    def _tick(self, written: Said, cards: list[Card]) -> None:
        if cards and all(opens(card) for card in cards):
            place = {"channel": written.channel, "timestamp": written.ts}
            self.api.call("reactions.add", **place, name="white_check_mark")

    def _after(self, event: Incoming, do: Callable[[list[Card]], object]) -> None:
        """Do it with the answers of the event's turn, when they come soon enough; in a storm delivery alone shows
        what changes."""
        if self._watching.acquire(blocking=False):
            self._watchers.submit(self._watch, event, do)

    def _watch(self, event: Incoming, do: Callable[[list[Card]], object]) -> None:
        try:
            cards = self.host.answers(event.id, TURN_SECONDS)
            if cards is not None:
                _logged(lambda: do(cards))
        finally:
            self._watching.release()

    def _soon(self, do: Callable[[], object]) -> None:
        """Do it after Slack was told that it arrived."""
        self._workers.submit(_logged, do)


def _logged(do: Callable[[], object]) -> None:
    try:
        do()
    except (SlackError, TryLater, OSError) as error:
        log.warning("not shown: %s", error)
    except Exception:
        log.exception("not shown")


def _account(body: Json) -> str:
    return str((body.get("user") or {}).get("id") or "")


def _value(action: Json) -> Json:
    try:
        value = json.loads(action.get("value") or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _form(card: Card | None, value: Json) -> Form | None:
    """The form that a button opens: the one it was drawn for, wherever in the card that stands now."""
    found = forms(card) if card else []
    return next((form for form in found if form_id(form) == value), None)
