"""Feishu's sender: cards become messages, and answers stand in the topic of their case."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import sleep

from bot.domain.addresses import HEADLINE, AnswerKey, Slot
from bot.messaging.card import Card, Style, Text, Tone
from bot.platforms.feishu import api_errors as errors
from bot.platforms.feishu import cards
from bot.platforms.feishu.api_errors import FeishuError
from bot.platforms.feishu.api_messages import Messages, text_content, uuid
from bot.platforms.feishu.cards_languages import CardRenderer
from bot.platforms.feishu.files_outgoing import Attachments
from bot.platforms.feishu.interactions import PRESS, Toasts
from bot.platforms.feishu.sender_followups import GroupFiles, UrgentCalls
from bot.ports.chat import TryLater, Undeliverable
from bot.ports.host import Host

log = logging.getLogger(__name__)

CALLS_A_MINUTE, LONGEST_TURN_SECONDS = 900.0, 15.0
"""Feishu takes a thousand calls a minute of each kind from an app."""

TRIED = 3
"""Mentions that are left out of a refused card one by one, before all of them are."""
ASKED, JOINED = "feishu:message:", "feishu:joined:"
OVER = (Tone.GREEN, Tone.GREY)


@dataclass(frozen=True)
class Destination:
    """Where a message is posted: in a chat, as a reply to the message `answered` if given, in its topic if
    `topic`."""

    channel: str
    answered: str = ""
    topic: bool = True


class FeishuSender:
    """Implements ports.chat.Sender with Feishu's message API. `toasts` knows which private answers were shown as a
    toast."""

    name = "feishu"

    def __init__(
        self, host: Host, messages: Messages, renderer: CardRenderer, toasts: Toasts, group_files: GroupFiles
    ) -> None:
        self.threads, self.directory, self.texts, self.rates = host.threads, host.directory, host.texts, host.rates
        self.messages, self.renderer, limits = messages, renderer, messages.api.limits
        self.pace_seconds, self.at_once = limits.pace, limits.at_once
        self.toasts, self.group_files = toasts, group_files
        self.attachments = Attachments(host.files, host.texts, messages)
        self.urgent = UrgentCalls(host.directory, host.texts, messages)

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Post a card; returns its message id. An answer that its person has seen as a toast is not posted."""
        if card.secret:
            return self._deliver(Destination(self.directory.account(card.private_to)), key, card)
        if card.private_to and (ref := self.toasts.shown(key)):
            return ref
        if card.private_to and key.startswith(PRESS) and (ref := self._privately(key, card)):
            return ref
        files = self.attachments.prepared(card)
        place = self._place(channel, thread, key)
        ref = self._deliver(place, key, files.card)
        below = place if place.answered or not thread else Destination(channel, ref)
        for number, file in enumerate(files.sent):
            if number:
                sleep(self.pace_seconds)
            self._say(below, "file", file, uuid(key, "file", str(number)))
        if below is not place and Slot.read(card.slot).is_own(HEADLINE):
            self._politely(partial(self.messages.pin, ref))
            self._politely(partial(self.group_files.tell, channel, ref, card.language))
        if key.startswith(JOINED):
            self._politely(partial(self.group_files.tell, channel, ref, card.language, topic=False))
        if card.urgent:
            self._ring(below, ref, key, card)
        return ref

    def _place(self, channel: str, thread: str, key: str) -> Destination:
        """The topic of the case; an answer to words said elsewhere is a reply to them, wherever that is."""
        if thread:
            return Destination(channel, self.threads.root(channel, thread))
        answer = AnswerKey.read(key) if key.startswith(ASKED) else None
        asked = answer.event_id.removeprefix(ASKED) if answer else ""
        return Destination(channel, asked, topic=False)

    def _privately(self, key: str, card: Card) -> str:
        """Post the card to the person alone; "" when the app cannot write to them."""
        try:
            return self._deliver(Destination(self.directory.account(card.private_to)), key, card)
        except (FeishuError, Undeliverable):
            return ""

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        """Replace the card of the message `ref`. Feishu cannot move a message: a card that is to come to the end
        is posted again and the earlier message recalled. The first message of a topic stays where it is."""
        thread = self.threads.thread_of(channel, ref)
        root = self.threads.root(channel, thread) if thread else ""
        if bump and ref != root:
            return self._moved(Destination(channel, root), ref, key, card)
        try:
            self._replace(ref, self.renderer.content(card))
        except FeishuError as refused:
            return self._instead(Destination(channel, root if root != ref else ""), ref, key, card, refused)
        if bump:
            self._deliver(Destination(channel, root), uuid(key, self.renderer.content(card)), card)
        if Slot.read(card.slot).is_own(HEADLINE) and card.tone in OVER:
            self._politely(partial(self.messages.unpin, ref))
        return ref

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """Always None: within an hour, posting a known key again shows nothing twice."""
        return None

    def _moved(self, place: Destination, ref: str, key: str, card: Card) -> str:
        new = self._deliver(place, uuid(key, ref), card)
        if new != ref:
            self._politely(partial(self._take_away, place.channel, ref, card))
        return new

    def _take_away(self, channel: str, ref: str, card: Card) -> None:
        """Recall the earlier message, so that no two cards say different things. When it may not be recalled any
        more (admins set a time limit), it is replaced by a pointer to the newest one."""
        try:
            self._wait_turn("recall")
            self.messages.recall(ref)
        except (FeishuError, OSError) as error:
            log.info("a moved card stays behind: %s", error)
            words = self.texts.say("feishu.moved", card.language)
            stub = Card(card.title, (Text(words, Style.MUTED),), Tone.GREY, language=card.language)
            self._replace(ref, self.renderer.content(stub))

    def _instead(self, place: Destination, ref: str, key: str, card: Card, refused: FeishuError) -> str:
        """What is shown in place of a refused update: the words alone when the card cannot be processed, another
        message when the earlier one cannot be changed."""
        if refused.code in errors.NOT_AS_A_CARD:
            if not self._without_strangers(card, partial(self._again, ref)):
                self._replace(ref, self.renderer.simple(card))
            return ref
        if refused.code not in errors.REPLACED:
            raise self._outcome(refused, card) from refused
        return self._deliver(place, uuid(key, "instead of", ref, card.title), card)

    def _deliver(self, place: Destination, key: str, card: Card) -> str:
        try:
            return self._say(place, "interactive", self.renderer.content(card), uuid(key))
        except FeishuError as refused:
            if refused.code in errors.NOT_AS_A_CARD:
                if ref := self._without_strangers(card, partial(self._card, place, key)):
                    return ref
                log.warning("a card is shown in words alone: %s", refused)
                return self._simply(place, key, card)
            if refused.code in errors.SENSITIVE:
                words = self.texts.say("feishu.words_refused", card.language)
                self._politely(partial(self._say, place, "text", text_content(words), uuid(key, "refused")))
            raise self._outcome(refused, card) from refused

    def _card(self, place: Destination, key: str, card: Card) -> str:
        return self._say(place, "interactive", self.renderer.content(card), uuid(key))

    def _again(self, ref: str, card: Card) -> str:
        self._replace(ref, self.renderer.content(card))
        return ref

    def _without_strangers(self, card: Card, show: Callable[[Card], str]) -> str:
        """The ref of a refused card, shown without the mention for which Feishu refused it: an account of another app
        or of somebody who has left. "" when it is not for a mention."""
        accounts = self.renderer.mentioned(card)
        for left_out in [*({each} for each in accounts[:TRIED]), *([set(accounts)] if len(accounts) > 1 else [])]:
            self.renderer.strangers |= left_out
            try:
                ref = show(card)
            except FeishuError as refused:
                self.renderer.strangers -= left_out
                if refused.code not in errors.NOT_AS_A_CARD:
                    raise
            else:
                log.error("Feishu takes no mention of %s: correct the accounts", ", ".join(sorted(left_out)))
                return ref
        return ""

    def _simply(self, place: Destination, key: str, card: Card) -> str:
        """Post the words alone, in a card that can be replaced later; if that is refused too, as a text message."""
        try:
            return self._say(place, "interactive", self.renderer.simple(card), uuid(key, "simple"))
        except FeishuError as refused:
            if refused.code not in errors.NOT_AS_A_CARD:
                raise self._outcome(refused, card) from refused
        try:
            return self._say(place, "text", text_content(cards.text(card)), uuid(key, "text"))
        except FeishuError as refused:
            raise self._outcome(refused, card) from refused

    def _say(self, place: Destination, kind: str, content: str, name: str) -> str:
        if place.answered:
            try:
                self._wait_turn("reply")
                return self.messages.reply(place.answered, kind, content, name, place.topic)
            except FeishuError as refused:
                if refused.code not in errors.NO_LONGER | {230001}:
                    raise
        self._wait_turn("create")
        return self.messages.create(place.channel, kind, content, name)

    def _replace(self, ref: str, content: str) -> None:
        self._wait_turn("patch")
        self.messages.replace(ref, content)

    def _wait_turn(self, call: str) -> None:
        """Wait for the rate limit that all processes share, however many groups get news at the same moment."""
        try:
            wait = self.rates.reserve(call, CALLS_A_MINUTE, self.at_once)
        except Exception as error:
            log.warning("sending without regard to the others: %s", error)
            return
        if wait > LONGEST_TURN_SECONDS:
            raise TryLater(wait, "too many messages at once")
        sleep(wait)

    def _outcome(self, refused: FeishuError, card: Card) -> Exception:
        """Undeliverable with the reason in words; for an unknown code an error after which the message is tried
        again for a while."""
        key = "feishu.no_scope" if refused.code in errors.SCOPE else errors.UNREACHABLE.get(refused.code)
        if key:
            return Undeliverable(self.texts.say(key, card.language))
        return refused

    def _ring(self, place: Destination, ref: str, key: str, card: Card) -> None:
        people = [person for element in card.elements if isinstance(element, Text) for person in element.mentions]
        if people and (why := self.urgent.ring(place.channel, ref, people, card.language)):
            notice = replace(card, title=why, elements=(), urgent=False, slot="", tone=Tone.YELLOW, translations=())
            self._politely(partial(self._deliver, place, uuid(key, "not rung"), notice))

    @staticmethod
    def _politely(call: Callable[[], object]) -> None:
        """Make a call whose failure does no harm, because the message is shown already."""
        try:
            call()
        except Exception as error:
            log.warning("left undone: %s", error)
