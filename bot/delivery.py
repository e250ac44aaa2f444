"""Sending what waits in the message rows: once each, in order per conversation, the newest state of a card."""

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta

from bot.ports import Clock, Outgoing, Platform, UnitFactory

log = logging.getLogger(__name__)

RETRY = timedelta(seconds=30)


class Delivery:
    """Sends through the platforms. One sender at a time in a process; a call while it runs makes it look again."""

    def __init__(self, units: UnitFactory, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self.units, self.platforms, self.clock = units, platforms, clock
        self._sending, self._again = threading.Lock(), threading.Event()

    def deliver(self) -> None:
        """Send everything that is due; failures stay in their row and are tried again later."""
        self._again.set()
        while self._again.is_set() and self._sending.acquire(blocking=False):
            try:
                self._again.clear()
                while self._batch():
                    pass
            finally:
                self._sending.release()

    def _batch(self) -> bool:
        with self.units(read_only=True) as unit:
            waiting = unit.messages.waiting(self.clock.now())
        for message in waiting:
            self._send(message)
        return bool(waiting)

    def _send(self, message: Outgoing) -> None:
        try:
            ref = self._show(message)
        except Exception as error:
            log.exception("message %s could not be sent", message.key)
            with self.units() as unit:
                unit.messages.failed(message.key, f"{type(error).__name__}: {error}", self.clock.now() + RETRY)
            return
        with self.units() as unit:
            unit.messages.sent(message.key, message.version, ref, self.clock.now())

    def _show(self, message: Outgoing) -> str:
        name, _, channel = message.channel.partition(":")
        if name not in self.platforms:
            raise LookupError(f"no platform {name!r} is configured for channel {message.channel!r}")
        platform = self.platforms[name]
        if not message.ref:
            return platform.post(channel, message.thread, message.key, message.card)
        platform.update(channel, message.ref, message.key, message.card, message.bump)
        return message.ref
