"""A chat platform in a SQLite file of its own: what it shows survives every kill, and it remembers when."""

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.messaging.card import Card
from bot.ports.chat import TryLater

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS shown (id INTEGER PRIMARY KEY, channel TEXT, thread TEXT, key TEXT, at REAL, words TEXT);
CREATE TABLE IF NOT EXISTS touched (id INTEGER PRIMARY KEY, channel TEXT, at REAL);
CREATE TABLE IF NOT EXISTS said (id TEXT PRIMARY KEY, channel TEXT, text TEXT, at REAL, acked INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS shown_key ON shown (channel, key);
"""


class FakeChat:
    """ports.Platform, without an idempotency key, like the real one: posting twice shows twice. Some calls fail."""

    name = "fake"

    def __init__(self, path: Path, pace_seconds: float, faults: float = 0.0) -> None:
        self.path, self.pace_seconds, self.faults = path, pace_seconds, faults
        with closing(self.connect()) as connection:
            connection.executescript(TABLES)

    def connect(self) -> sqlite3.Connection:
        """The platform's own memory; every statement is durable."""
        return sqlite3.connect(self.path, timeout=30, isolation_level=None)

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Show the card."""
        self._stumble()
        with closing(self.connect()) as connection:
            values = (channel, thread, key, time.time(), card.title)
            shown = "INSERT INTO shown (channel, thread, key, at, words) VALUES (?, ?, ?, ?, ?)"
            ref = str(connection.execute(shown, values).lastrowid)
            connection.execute("INSERT INTO touched (channel, at) VALUES (?, ?)", (channel, values[3]))
        self._stumble()
        return ref

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        """Show the card instead of the earlier one."""
        self._stumble()
        with closing(self.connect()) as connection:
            connection.execute("UPDATE shown SET words = ? WHERE id = ?", (card.title, ref))
            connection.execute("INSERT INTO touched (channel, at) VALUES (?, ?)", (channel, time.time()))
        return ref

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """The message that carries the key."""
        with closing(self.connect()) as connection:
            found = connection.execute(
                "SELECT id FROM shown WHERE channel = ? AND key = ?", (channel, key)
            ).fetchone()
        return str(found[0]) if found else None

    def _stumble(self) -> None:
        """Answer 500, or 429, before or after the message is shown."""
        dice = random.random()
        if dice < self.faults / 2:
            raise ConnectionError("500 Internal Server Error")
        if dice < self.faults:
            raise TryLater(0.5, "429 Too Many Requests")
