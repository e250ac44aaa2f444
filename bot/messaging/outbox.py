"""The outbox: sends the messages that wait in the database, in order for each channel, at the platform's pace,
each once."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bot.domain.addresses import HEADLINE, ChannelId, Slot
from bot.domain.backoff import pause
from bot.messaging.card import Card, Text
from bot.ports.chat import Sender, TryLater, Undeliverable
from bot.ports.clock import Clock
from bot.ports.messages import Outgoing
from bot.ports.store import Unit, UnitFactory

log = logging.getLogger(__name__)
T = TypeVar("T")

LONGEST_PAUSE = 60
GIVE_UP_AFTER = 8
"""Failures of one message that nobody explained, for example of a card the platform cannot digest."""

Narrow = Callable[[Unit, str, str, Card], Card]
"""(what is known, channel, thread, card) -> what of the card may be shown there"""
Refuge = Callable[[Unit, str, str, str], str]
"""(what is known, channel, thread, usual fallback) -> the channel that shows the message instead, "" for none"""
Notice = Callable[[str, Unit, str, str], Text]
"""(language, what is known, channel, reason) -> the words over a message that is shown elsewhere"""


@dataclass(frozen=True)
class OutboxSettings:
    """How messages are sent. A call to a platform is cut off after `call_seconds`. An update of a card that is
    already shown waits until the card has not changed for `settle_seconds`. `fallback` is the channel for messages
    that cannot be shown in their own ("" for none)."""

    call_seconds: float = 40
    settle_seconds: float = 2
    fallback: str = ""


class Outbox:
    """Sends messages through the platforms. `clock` gives the instants in rows; `transport` measures how long a
    channel is on hold (the same clock, unless time is accelerated). `narrow` takes from a card, at the moment of
    sending, what its channel may not see. `refuge` chooses the channel for what cannot be shown in its own. `timer`
    measures the pause between two messages in seconds, and `stop` ends that pause. `patience(platform)` says for how
    many seconds updates wait there, while it has few calls left; what is new does not wait."""

    def __init__(
        self,
        units: UnitFactory,
        senders: Mapping[str, Sender],
        clock: Clock,
        notice: Notice,
        settings: OutboxSettings | None = None,
        transport: Clock | None = None,
        timer: Callable[[], float] = time.monotonic,
        stop: threading.Event | None = None,
        narrow: Narrow = lambda unit, channel, thread, card: card,
        refuge: Refuge = lambda unit, channel, thread, usual: usual,
        patience: Callable[[str], float] = lambda platform: 0.0,
    ) -> None:
        self.units, self.senders, self.clock, self.notice = units, senders, clock, notice
        self.settings, self.transport = settings or OutboxSettings(), transport or clock
        self.narrow, self.refuge, self.patience = narrow, refuge, patience
        self.timer, self.stop = timer, stop or threading.Event()
        self._sending, self._again = threading.Lock(), threading.Event()

    def deliver(self) -> None:
        """Send at once what waits for platforms that keep no pace; channels with a pace are left to the engine.
        One thread of a process sends at a time: a call while another runs makes that one look again. Failures are
        noted in the message's row."""
        self._again.set()
        while self._again.is_set() and self._sending.acquire(blocking=False):
            try:
                self._again.clear()
                for channel in self.waiting():
                    if not self.paced(channel):
                        self.drain(channel)
            except Exception:
                # The change is committed and must not look failed; the next tick sends.
                log.exception("sending failed")
            finally:
                self._sending.release()

    def paced(self, channel: str) -> bool:
        """Whether the channel's platform wants a pause between messages, so that the engine sends them."""
        return self._pace(channel) > 0

    def waiting(self, paced: bool = False) -> list[str]:
        """The channels to which something can be sent now. With `paced`, updates count only once their card has
        settled."""
        with self.units(read_only=True) as unit:
            found = unit.messages.waiting(self.transport.now(), self.clock.now() - self._settling(paced))
        return [channel for channel in found if not self._spares(channel) or self._next(channel)]

    def drain(self, channel: str, seconds: float = float("inf")) -> bool:
        """Send what waits for the channel, for `seconds` at most. Returns True when time ran out before everything
        was sent.

        The caller makes sure that a paced channel is drained by one thread at a time. The pause after the last
        message is kept before this returns, so that the next call may start at once."""
        end = self.timer() + seconds
        while message := self._next(channel):
            # The pace counts from the platform's answer: noting it down takes its time too.
            answered = self._send(message)
            if self.stop.wait(max(0.0, answered + self._pace(channel) - self.timer())):
                return False
            if self.timer() >= end:
                return True
        return False

    def _pace(self, channel: str) -> float:
        sender = self.senders.get(ChannelId.read(channel).platform)
        return sender.pace_seconds if sender else 0

    def _settling(self, paced: bool) -> timedelta:
        return timedelta(seconds=self.settings.settle_seconds if paced else 0)

    def _spares(self, channel: str) -> timedelta:
        """How long updates wait while the channel's platform has few calls left."""
        return timedelta(seconds=self.patience(ChannelId.read(channel).platform))

    def _next(self, channel: str) -> Outgoing | None:
        settled = self.clock.now() - max(self._settling(self.paced(channel)), self._spares(channel))
        with self.units(read_only=True) as unit:
            message = unit.messages.next_of(channel, self.transport.now(), settled)
            return message and replace(message, card=self.narrow(unit, channel, message.thread, message.card))

    def _send(self, message: Outgoing) -> float:
        """Send one message. Returns the instant of the platform's answer, by the monotonic timer."""
        note = self._attempt(message)
        answered = self.timer()
        note()
        return answered

    def _attempt(self, message: Outgoing) -> Callable[[], None]:
        """Try to show the message. Returns a function that records the result."""
        try:
            return partial(self._sent, message, self._show(message))
        except TryLater as error:
            log.warning("channel %s is held back for %.0f s: %s", message.channel, error.seconds, error)
            return partial(self._hold, message, error.seconds, str(error), unexplained=0)
        except Undeliverable as error:
            return partial(self._refuse, message, str(error))
        except Exception as error:
            log.exception("message %s could not be sent", message.key)
            return partial(self._failed, message, error)

    def _sent(self, message: Outgoing, ref: str) -> None:
        with self.units() as unit:
            unit.messages.sent(message.key, message.version, ref, self.clock.now())
            if message.ref not in ("", ref) and Slot.read(message.card.slot).is_own(HEADLINE):
                unit.messages.follow(message.channel, message.thread, self.clock.now())
            if message.card.secret:
                unit.messages.empty(message.key)

    def _show(self, message: Outgoing) -> str:
        where = ChannelId.read(message.channel)
        if (sender := self.senders.get(where.platform)) is None:
            raise TryLater(LONGEST_PAUSE, f"no platform {where.platform!r} is configured")
        if not message.ref:
            return self._post(sender, where.id, message)
        return self._update(sender, where.id, message.ref, message)

    def _post(self, sender: Sender, channel: str, message: Outgoing) -> str:
        where = (channel, message.thread, message.key)
        if message.begun and (ref := self._limited(sender, lambda: sender.find(*where))):
            # A crash came between showing and noting it; the card may have changed since.
            return self._update(sender, channel, ref, message)
        if sender.pace_seconds and not message.begun:
            with self.units() as unit:
                unit.messages.begin(message.key)
        return self._limited(sender, lambda: sender.post(*where, message.card))

    def _update(self, sender: Sender, channel: str, ref: str, message: Outgoing) -> str:
        key, card, bump = message.key, message.card, message.bump
        return self._limited(sender, lambda: sender.update(channel, ref, key, card, bump))

    def _limited(self, sender: Sender, call: Callable[[], T]) -> T:
        """The result of the call. Raises TimeoutError when it takes too long. Platforms without a pace are local
        and are called without a limit."""
        if not sender.pace_seconds:
            return call()
        result: Future[T] = Future()
        threading.Thread(target=_run, args=(call, result), name=f"call-{sender.name}", daemon=True).start()
        return result.result(self.settings.call_seconds)

    def _failed(self, message: Outgoing, error: Exception) -> None:
        """Record a failure. An outage of the network or platform is waited out however long it lasts; any other
        error may be caused by the message itself and counts towards giving up."""
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        unexplained = not isinstance(error, OSError)
        if unexplained and message.attempts + 1 >= GIVE_UP_AFTER:
            self._refuse(message, words)
        else:
            self._hold(message, pause(message.attempts + 1, LONGEST_PAUSE), words, unexplained=1)

    def _hold(self, message: Outgoing, seconds: float, reason: str, unexplained: int) -> None:
        now = self.transport.now()
        with self.units() as unit:
            unit.messages.failed(message.key, reason, unexplained)
            unit.messages.hold(message.channel, now, now + timedelta(seconds=seconds), reason)

    def _refuse(self, message: Outgoing, reason: str) -> None:
        """Record that the message will never be shown in its channel, and show it in the fallback channel."""
        log.error("message %s cannot be delivered to %s: %s", message.key, message.channel, reason)
        with self.units() as unit:
            fallback = self.refuge(unit, message.channel, message.thread, self.settings.fallback)
            unit.messages.refused(message.key, message.version, reason, self.clock.now())
            if message.card.secret:
                unit.messages.empty(message.key)
            elif fallback not in ("", message.channel):
                key, card = f"{message.key}@{message.channel}", self._elsewhere(unit, message, reason)
                unit.messages.put(fallback, message.thread, key, card, self.clock.now())

    def _elsewhere(self, unit: Unit, message: Outgoing, reason: str) -> Card:
        card = message.card
        shown = card.headed(lambda language: self.notice(language, unit, message.channel, reason))
        # A slot of its own: the fallback channel may show the same case in the usual one.
        slot = str(replace(Slot.read(card.slot), instead_of=message.channel)) if card.slot else ""
        return replace(shown, slot=slot)


def _run(call: Callable[[], T], result: "Future[T]") -> None:
    try:
        result.set_result(call())
    except BaseException as error:
        result.set_exception(error)
