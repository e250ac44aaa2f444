"""Buttons and forms: stored, and answered within Feishu's three seconds with a toast and the card as it is now."""

import logging
import threading
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.events import ButtonPressed, FormSubmitted, Incoming
from bot.domain.addresses import AnswerKey, ChannelId
from bot.domain.newest import Newest
from bot.messaging.card import Card, Tone
from bot.platforms.feishu.cards_languages import CardRenderer
from bot.platforms.feishu.markup import Json, line
from bot.platforms.feishu.modals import values
from bot.platforms.feishu.people import People
from bot.ports.host import Host

log = logging.getLogger(__name__)

PRESSED = "card.action.trigger"
PRESS = "feishu:press:"
TOAST_LENGTH = 200
SPARE_SECONDS = 0.6
"""Beyond the time for the answer; Feishu waits three seconds in all."""
FALLBACK = "zh"
REMEMBERED = 500

_TOASTS = {Tone.RED: "error", Tone.YELLOW: "warning", Tone.ORANGE: "warning"}


def toast(event_id: str) -> str:
    """The ref of an answer that was shown as a toast (a short pop-up)."""
    return f"toast:{event_id}"


class Toasts:
    """Remembers which private answers to buttons were shown as a toast, so that they are not sent as messages too.
    Waiting for the decision takes `settle` seconds at most."""

    def __init__(self, settle: float) -> None:
        self.settle_seconds = settle
        self._shown = Newest[str, bool | None](REMEMBERED)
        self._settled = threading.Condition()

    def expect(self, event_id: str) -> None:
        """Note that a toast will be shown if the answer comes in time."""
        self._put(event_id, None)

    def settle(self, event_id: str, shown: bool) -> None:
        """Note whether the expected toast was shown."""
        self._put(event_id, shown)

    def shown(self, key: str) -> str:
        """A ref for the message `key` when its answer was shown as a toast; "" otherwise. Waits while that is not
        decided."""
        answer = AnswerKey.read(key)
        event_id = answer.event_id if answer else ""
        with self._settled:
            if event_id not in self._shown:
                return ""
            self._settled.wait_for(lambda: self._shown.get(event_id) is not None, self.settle_seconds)
            return toast(event_id) if self._shown.get(event_id) else ""

    def _put(self, event_id: str, shown: bool | None) -> None:
        with self._settled:
            self._shown.keep(event_id, shown)
            self._settled.notify_all()


@dataclass(frozen=True)
class Pressed:
    """What somebody did with a card; `values` is None for a button outside of a form."""

    action: str
    payload: dict[str, str]
    values: dict[str, str] | None = None


def pressed(action: Any) -> Pressed | None:
    """The parsed `action` of a callback; None when it is not one of our buttons."""
    value = action.get("value") if isinstance(action, dict) else None
    name, payload = (value.get("action"), value.get("payload", {})) if isinstance(value, dict) else ("", {})
    if not isinstance(name, str) or not name or not isinstance(payload, dict):
        return None
    filled = action.get("form_value")
    chosen = values(filled) if isinstance(filled, dict) else None
    return Pressed(name, {str(key): str(each) for key, each in payload.items()}, chosen)


class Interactions:
    """Receives and answers the callbacks of cards, within about `answer` seconds. They are handled in `pool`, so that
    Feishu has its answer also while the database keeps them waiting."""

    def __init__(
        self,
        host: Host,
        people: People,
        toasts: Toasts,
        renderer: CardRenderer,
        answer: float,
        pool: Executor,
    ) -> None:
        self.answer_seconds, self.pool = answer, pool
        self._languages = Newest[str, str](REMEMBERED)
        self.inbox, self.threads, self.texts = host.inbox, host.threads, host.texts
        self.directory, self.clock = host.directory, host.clock
        self.people, self.toasts, self.renderer = people, toasts, renderer

    def take(self, header: Json, event: Json) -> Json:
        """The answer to a callback: a toast, and the card as it is now. When the database takes longer than Feishu
        waits, the answer says that the press is at work; it is kept as soon as that can be done. Raises OSError or a
        database error when the event could not be stored."""
        taken = self.pool.submit(self._take, header, event)
        try:
            return taken.result(self.answer_seconds + SPARE_SECONDS)
        except TimeoutError:
            taken.add_done_callback(_told)
            account = str(_part(event, "operator").get("open_id", ""))
            return self._toast("info", self.texts.say("feishu.working", self._languages.get(account) or FALLBACK))

    def _take(self, header: Json, event: Json) -> Json:
        context, operator = _part(event, "context"), _part(event, "operator")
        channel, ref = str(context.get("open_chat_id", "")), str(context.get("open_message_id", ""))
        account = str(operator.get("open_id", ""))
        person = self.directory.person_id(account)
        language = self.directory.language(channel, person)
        self._languages.keep(account, language)
        press = self._incoming(header, event, channel, ref, person)
        if press is None:
            return self._toast("error", self.texts.say("refusals.old_button", language))
        if isinstance(press, FormSubmitted) and (wrong := self.texts.check(press)):
            return self._toast("error", next(iter(wrong.values())))
        self.people.met(account, _zone(_part(event, "action")))
        return self._answered(press, channel, ref, language)

    def _incoming(self, header: Json, event: Json, channel: str, ref: str, person: str) -> Incoming | None:
        done = pressed(event.get("action"))
        if done is None or not channel or not header.get("event_id"):
            return None
        common: dict[str, Any] = {
            "id": f"{PRESS}{header['event_id']}",
            "channel": str(ChannelId("feishu", channel)),
            "person": person,
            "at": self.clock.now(),
            "thread": self.threads.thread_of(channel, ref),
            "action": done.action,
            "payload": done.payload,
        }
        return ButtonPressed(**common) if done.values is None else FormSubmitted(**common, values=done.values)

    def _answered(self, press: Incoming, channel: str, ref: str, language: str) -> Json:
        self.toasts.expect(press.id)
        shown = False
        try:
            self.inbox.accept(press)
            cards = self.inbox.answers(press.id, self.answer_seconds)
            answer = self._toast(*self._words(cards, language))
            shown = cards is not None
            self._noted(press.id, cards)
        finally:
            self.toasts.settle(press.id, shown)
        if card := self._fresh(channel, ref, cards):
            answer["card"] = {"type": "raw", "data": self.renderer.draw(card)}
        return answer

    def _noted(self, event_id: str, cards: list[Card] | None) -> None:
        """Note in the database that the toast was shown, because another process may be the one that sends
        messages."""
        if not any(card.private_to for card in cards or ()) or any(card.secret for card in cards or ()):
            return
        try:
            self.inbox.shown_privately(event_id, toast(event_id))
        except Exception as error:
            log.warning("a toast may be said again as a message: %s", error)

    def _fresh(self, channel: str, ref: str, cards: list[Card] | None) -> Card | None:
        """The card that stands there now. An answer in words does not change. When its button was outdated, it is
        replaced by the answer to the press together with the case as it is now. A secret is shown to nobody here."""
        shown = self.threads.card(channel, ref)
        told = next((card for card in cards or [] if card.private_to and card.elements and not card.secret), None)
        return told if told and not (shown and shown.slot) else shown

    def _words(self, cards: list[Card] | None, language: str) -> tuple[str, str]:
        if cards is None:
            return "info", self.texts.say("feishu.working", language)
        if not cards:
            return "success", self.texts.say("feishu.done", language)
        first = next((card for card in cards if card.private_to), cards[0])
        return _TOASTS.get(first.tone, "success") if first.private_to else "success", first.title

    @staticmethod
    def _toast(kind: str, words: str) -> Json:
        return {"toast": {"type": kind, "content": line(words, TOAST_LENGTH)}}


def _told(taken: "Future[Json]") -> None:
    if error := taken.exception():
        log.error("a press that was answered is lost: %s", error)


def _part(data: Json, name: str) -> Json:
    part = data.get(name)
    return part if isinstance(part, dict) else {}


def _zone(action: Json) -> str:
    """The reader's IANA zone, which Feishu sends with some callbacks."""
    name = action.get("timezone")
    try:
        return name if isinstance(name, str) and datetime.now(ZoneInfo(name)) else ""
    except (ValueError, OSError, KeyError):
        return ""
