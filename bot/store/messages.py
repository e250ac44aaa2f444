"""Rows of outgoing messages: written with the change that causes them, sent afterwards."""

from datetime import datetime

import sqlalchemy as sa

from bot.card import Card, from_json, to_json
from bot.ports import Outgoing
from bot.store.tables import messages


class MessageTable:
    """ports.MessageRows on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def put(self, channel: str, thread: str, key: str, card: Card, now: datetime, bump: bool = False) -> None:
        """Queue a card. In a slot the newest card wins, whether or not the earlier one was shown;
        without a slot a second card under the same key is a repeat and does nothing."""
        key = f"{channel}|{card.slot}" if card.slot else key
        data = to_json(card)
        same = sa.select(messages.c.card, messages.c.version).where(messages.c.key == key).with_for_update()
        earlier = self.connection.execute(same).one_or_none()
        if earlier is None:
            new = {"sent_version": 0, "ref": "", "attempts": 0, "error": "", "created_at": now, "version": 1}
            row = messages.insert().values(
                key=key, channel=channel, thread=thread, card=data, bump=bump, due_at=now, **new
            )
            self.connection.execute(row)
        elif card.slot and (bump or earlier.card != data):
            newer = {"card": data, "version": earlier.version + 1, "due_at": now, "attempts": 0, "error": ""}
            self.connection.execute(
                messages.update().where(messages.c.key == key).values(bump=messages.c.bump | bump, **newer)
            )

    def waiting(self, now: datetime, limit: int = 100) -> list[Outgoing]:
        """Messages due for sending, oldest first."""
        due = (messages.c.sent_version < messages.c.version) & (messages.c.due_at <= now)
        query = sa.select(messages).where(due).order_by(messages.c.due_at, messages.c.created_at, messages.c.key)
        return [
            Outgoing(row.key, row.channel, row.thread, from_json(row.card), row.version, row.ref, row.bump)
            for row in self.connection.execute(query.limit(limit))
        ]

    def sent(self, key: str, version: int, ref: str, now: datetime) -> None:
        """Version `version` is on the screen as `ref`."""
        self.connection.execute(
            messages.update()
            .where(messages.c.key == key)
            .values(sent_version=version, ref=ref, sent_at=now, error="", bump=False)
        )

    def failed(self, key: str, error: str, again_at: datetime) -> None:
        """Sending failed; it is due again at `again_at`."""
        again = {"error": error[:500], "due_at": again_at, "attempts": messages.c.attempts + 1}
        self.connection.execute(messages.update().where(messages.c.key == key).values(**again))

    def failures(self) -> list[str]:
        """What could not be sent so far: channel and cause."""
        query = sa.select(messages.c.channel, messages.c.error).where(
            messages.c.error != "", messages.c.sent_version < messages.c.version
        )
        return [f"{channel}: {error}" for channel, error in self.connection.execute(query)]
