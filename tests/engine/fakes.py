import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.messaging.card import Card, Text
from bot.runtime.intervals import Intervals


def card(words: str, slot: str = "") -> Card:
    return Card(words, (Text(words),), slot=slot)


def eventually(check: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


IMPATIENT = Intervals(first_pause=0.05, longest_pause=0.1, sweep=1, beat=1, poll=0.1, slow_poll=0.2)
"""The engine looks into its queues more often than a program at rest should."""


class Beginning:
    """In the engine's place: turns begin as `begin` says, none at all unless it is given; nothing is sent by it."""

    def __init__(self, begin: Callable[[str], Callable[[], None]] = lambda event_id: lambda: None) -> None:
        self.begin = begin

    def enqueue(self, connection: object, touched: object) -> None:
        pass


class Undelivered:
    """In the outbox's place: what waits goes on waiting."""

    def deliver(self) -> None:
        pass


@dataclass
class Chat:
    """A chat in memory, without an idempotency key. `trouble` is raised by the next calls, one each; `after` says
    that the message is shown all the same."""

    name: str = "fake"
    pace_seconds: float = 0.01
    shown: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    after: bool = False
    gate: threading.Event | None = None

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        if self.gate:
            self.gate.wait()
        if self.trouble and not self.after:
            raise self.trouble.pop(0)
        self.shown.append((channel, card.title))
        self.keys.append(key)
        if self.trouble:
            raise self.trouble.pop(0)
        return str(len(self.shown) - 1)

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        if self.trouble:
            raise self.trouble.pop(0)
        self.shown[int(ref)] = (channel, card.title)
        return ref

    def find(self, channel: str, thread: str, key: str) -> str | None:
        return str(self.keys.index(key)) if key in self.keys else None

    def titles(self, channel: str = "a") -> list[str]:
        return [title for place, title in self.shown if place == channel]


class Harm:
    """Pickled, it runs a command when it is loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.mark}",)
