"""The conversations of the console in the table console_entry, on SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.messaging.card import Card, from_json, to_json
from bot.store.database import explained
from bot.store.tables import console_entries as table

# One number for every writer on the same PostgreSQL database: taking it makes commits follow the counter,
# so a reader that has seen change N can never miss a change below N. SQLite has one writer anyway.
COUNTER_LOCK = 0x0D_12B07

_other = table.alias("other")
_next_change = sa.select(sa.func.coalesce(sa.func.max(_other.c.changed), 0) + 1).scalar_subquery()


@dataclass(frozen=True)
class ConsoleEntry:
    """Implements ports.entries.Entry: one entry of a conversation. `at` is UTC; `root` marks the first entry of a
    thread."""

    id: int
    channel: str
    thread: str
    author: str
    words: str
    card: Card | None
    at: datetime
    position: int
    changed: int
    root: bool


class ConsoleLog:
    """Implements ports.entries.EntryLog on a database. Every method raises DatabaseError when the database is
    locked, full or out of reach."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._readers = engine.execution_options(read_only=True)

    def add(
        self,
        key: str,
        channel: str,
        thread: str,
        at: datetime,
        *,
        author: str = "",
        words: str = "",
        card: Card | None = None,
    ) -> int:
        """Append an entry; a known `key` gives the id of the entry it made before."""
        values = {"key": key, "channel": channel, "thread": thread, "at": at, "author": author, "words": words}
        try:
            return self._insert({**values, "card": None if card is None else to_json(card)})
        except sa.exc.IntegrityError:
            return self._known(key)

    def _insert(self, values: dict[str, Any]) -> int:
        with explained(), self._engine.begin() as connection:
            _lock(connection)
            shown = _opens(values["channel"], values["thread"])
            insert = sa.insert(table).values(**values, position=_next_change, changed=_next_change, in_channel=shown)
            return int(connection.execute(insert.returning(table.c.id)).scalar_one())

    def _known(self, key: str) -> int:
        with explained(), self._readers.connect() as connection:
            return int(connection.execute(sa.select(table.c.id).where(table.c.key == key)).scalar_one())

    def replace(self, entry_id: int, card: Card, move: bool = False) -> None:
        """Show another card in the same place, or (`move`) at the end; raises KeyError for an unknown entry."""
        place = {"position": _next_change} if move else {}
        change = (
            sa.update(table).where(table.c.id == entry_id).values(card=to_json(card), changed=_next_change, **place)
        )
        with explained(), self._engine.begin() as connection:
            _lock(connection)
            if connection.execute(change).rowcount != 1:
                raise KeyError(entry_id)

    def latest(self) -> int:
        """The change counter; 0 before the first entry."""
        with explained(), self._readers.connect() as connection:
            return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.changed), 0))).scalar_one())

    def changes(self, since: int, limit: int = 200) -> Sequence[ConsoleEntry]:
        """Entries changed after `since`, in order of change."""
        return self._read(sa.select(table).where(table.c.changed > since).order_by(table.c.changed).limit(limit))

    def conversation(self, channel: str, thread: str, before: int = 0, limit: int = 80) -> Sequence[ConsoleEntry]:
        """The newest entries of a place (before the position `before`, if given), oldest first."""
        here = table.c.thread == thread if thread else table.c.in_channel
        query = sa.select(table).where(table.c.channel == channel, here)
        if before:
            query = query.where(table.c.position < before)
        return self._read(query.order_by(table.c.position.desc()).limit(limit))[::-1]

    def _read(self, query: sa.Select[Any]) -> list[ConsoleEntry]:
        with explained(), self._readers.connect() as connection:
            return [_entry(row) for row in connection.execute(query)]


def _opens(channel: str, thread: str) -> sa.ColumnElement[bool]:
    """Whether a new entry is shown in the channel: outside of threads, and where it is the first of its thread. It
    stays so, because a thread is only ever deleted as a whole."""
    if not thread:
        return sa.true()
    earlier = sa.select(_other.c.id).where(_other.c.channel == channel, _other.c.thread == thread)
    return ~sa.exists(earlier)


def _lock(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(COUNTER_LOCK)))


def _entry(row: sa.Row[Any]) -> ConsoleEntry:
    card = None if row.card is None else from_json(row.card)
    return ConsoleEntry(
        row.id,
        row.channel,
        row.thread,
        row.author,
        row.words,
        card,
        row.at,
        row.position,
        row.changed,
        row.in_channel and row.thread != "",
    )
