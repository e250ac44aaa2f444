"""The rows of outgoing messages: written in the transaction that causes them, sent afterwards."""

from collections.abc import Collection, Sequence
from dataclasses import replace as with_other
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.addresses import HEADLINE, AnswerKey, Slot, SlotKey
from bot.messaging.card import Card, from_json, to_json
from bot.ports.messages import Outgoing, Queued
from bot.store.tables import channels, holds, messages
from bot.store.upsert import replace

_next_seq = sa.select(sa.func.coalesce(sa.func.max(messages.alias("last").c.seq), 0) + 1).scalar_subquery()
_waiting = (messages.c.sent_version < messages.c.version) & messages.c.refused_at.is_(None)
_new = (messages.c.ref == "") | messages.c.bump


def _ready(now: datetime, settled: datetime | None) -> sa.ColumnElement[bool]:
    """The condition that a message waits, its channel is not on hold, and, if it only updates a card, the card has
    settled."""
    # A hold from the future is none: the clock was set back since.
    held = sa.exists().where(holds.c.channel == messages.c.channel, holds.c.since <= now, holds.c.until > now)
    return _waiting & (_new | (messages.c.due_at <= (settled or now))) & ~held


class MessageTable:
    """Implements ports.messages.MessageRows on one connection. `touched` collects the channels for which this
    transaction queued messages, each with the key of one new card and whether that only updates a card that is
    shown."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.touched: dict[str, tuple[str, bool]] = {}

    def put(self, channel: str, thread: str, key: str, card: Card, now: datetime, bump: bool = False) -> None:
        """Queue a card. In a slot the newest card replaces the earlier one, whether or not that was shown; without
        a slot, a second card under the same key is a repeat and has no effect."""
        self._put_all([Queued(channel, thread, key, card)], now, bump)

    def put_all(self, queued: Sequence[Queued], now: datetime) -> None:
        """Queue several cards, each as by `put`, and each in a place of its own."""
        self._put_all(queued, now, bump=False)

    def _put_all(self, queued: Sequence[Queued], now: datetime, bump: bool) -> None:
        keys = {_key(each): each for each in queued}
        query = sa.select(messages).where(messages.c.key.in_(keys)).with_for_update()
        known = {row.key: row for row in self.connection.execute(query)}
        renewed = [
            values for key, each in keys.items() if (values := self._put(key, each, known.get(key), now, bump))
        ]
        of = messages.c.key == sa.bindparam("of")
        for names in {tuple(values) for values in renewed}:
            alike = [values for values in renewed if tuple(values) == names]
            self.connection.execute(messages.update().where(of), alike)

    def _put(
        self, key: str, each: Queued, earlier: sa.Row[Any] | None, now: datetime, bump: bool
    ) -> dict[str, Any] | None:
        """Queue one card; returns what is to be written into the row that it has already, if any."""
        data = to_json(each.card)
        if earlier is None:
            place = {"channel": each.channel, "thread": each.thread, "created_at": now, "due_at": now}
            self._insert(key=key, card=data, bump=bump, **place)
            self.touched[each.channel] = (f"{key}:1", False)
        elif each.card.slot and (bump or earlier.card != data):
            name = f"{key}:{earlier.version + 1}"
            if bump or not earlier.ref:
                self.touched[each.channel] = (name, False)
            else:
                self.touched.setdefault(each.channel, (name, True))
            return self._renewed(earlier, data, bump, now)
        return None

    def _insert(self, **values: Any) -> None:
        new = {"sent_version": 0, "version": 1, "ref": "", "attempts": 0, "error": "", "begun": False}
        self.connection.execute(messages.insert().values(seq=_next_seq, **new, **values))

    def _renewed(self, earlier: sa.Row[Any], data: Any, bump: bool, now: datetime) -> dict[str, Any]:
        values = {"of": earlier.key, "card": data, "version": earlier.version + 1}
        values |= {"attempts": 0, "error": "", "refused_at": None}
        if earlier.sent_version == earlier.version or bump:
            # While a card keeps changing, its first unshown change says how long it has waited.
            values["due_at"] = now
        if bump and not earlier.bump:
            values |= {"bump": True, "seq": self.connection.scalar(sa.select(_next_seq))}
        return values

    def waiting(self, now: datetime, settled: datetime | None = None) -> list[str]:
        """The channels to which something can be sent now."""
        query = sa.select(messages.c.channel).where(_ready(now, settled)).distinct()
        return list(self.connection.scalars(query.order_by(messages.c.channel)))

    def next_of(self, channel: str, now: datetime, settled: datetime | None = None) -> Outgoing | None:
        """The message to be sent next in the channel: new messages in order, then updates."""
        query = sa.select(messages).where(messages.c.channel == channel, _ready(now, settled))
        urgent = sa.case((_new, 0), else_=1)
        due = sa.case((_new, None), else_=messages.c.due_at)
        row = self.connection.execute(query.order_by(urgent, due, messages.c.seq).limit(1)).one_or_none()
        return None if row is None else _outgoing(row)

    def begin(self, key: str) -> None:
        """Note that posting begins. Whoever finds the row without a ref later must look whether it was shown."""
        self._set(key, begun=True)

    def sent(self, key: str, version: int, ref: str, now: datetime) -> None:
        """Note that this version is shown as `ref`."""
        newest = messages.c.version == version
        bump = sa.case((newest, False), else_=messages.c.bump)
        self._set(key, sent_version=version, ref=ref, sent_at=now, error="", attempts=0, bump=bump)

    def empty(self, key: str) -> None:
        """Keep nothing of what a secret card said."""
        row = self.connection.execute(sa.select(messages.c.card).where(messages.c.key == key)).first()
        if row:
            self._set(key, card=to_json(with_other(from_json(row.card), elements=(), translations=())))

    def shown_privately(self, event_id: str, ref: str, now: datetime) -> None:
        """Note that the sender of the event has seen its private answers as `ref`; they need not be sent."""
        mine = messages.c.key.startswith(AnswerKey.prefix(event_id), autoescape=True)
        for row in self.connection.execute(sa.select(messages).where(mine, _waiting)).all():
            if (card := from_json(row.card)).private_to:
                self.sent(row.key, row.version, ref, now)
                if card.secret:
                    self.empty(row.key)

    def withdraw(self, channel: str, threads: Collection[str]) -> None:
        """Drop the unsent messages for these case threads of the channel."""
        here = (messages.c.channel == channel) & messages.c.thread.in_(threads)
        self.connection.execute(messages.delete().where(here, _waiting))

    def withdraw_private(self, person: str, threads: Collection[str] | None = None) -> None:
        """Drop what waits for one person alone, for these case threads (all for None)."""
        theirs = messages.c.card["private_to"].as_string() == person
        about = sa.true() if threads is None else messages.c.thread.in_(threads)
        self.connection.execute(messages.delete().where(theirs, about, _waiting))

    def renew(self, channel: str, threads: Collection[str], now: datetime) -> None:
        """Have the cards in slots of these case threads of the channel drawn anew."""
        shown = (messages.c.ref != "") & messages.c.key.startswith(f"{channel}|", autoescape=True)
        here = (messages.c.channel == channel) & messages.c.thread.in_(threads) & shown & ~_waiting
        keys = list(self.connection.scalars(sa.select(messages.c.key).where(here)))
        again = {"version": messages.c.version + 1, "attempts": 0, "error": "", "refused_at": None, "due_at": now}
        self.connection.execute(messages.update().where(messages.c.key.in_(keys)).values(**again))
        if keys:
            self.touched.setdefault(channel, (f"{keys[0]}:renewed:{now.isoformat()}", True))

    def again(self, channel: str, threads: Collection[str], now: datetime) -> None:
        """Have sent once more what the channel refused of these case threads; what else it refused is over."""
        refused = (messages.c.channel == channel) & messages.c.refused_at.is_not(None)
        waits = refused & messages.c.thread.in_(threads)
        again = {"version": messages.c.version + 1, "attempts": 0, "error": "", "refused_at": None, "due_at": now}
        keys = list(self.connection.scalars(sa.select(messages.c.key).where(waits).order_by(messages.c.seq)))
        self.connection.execute(messages.update().where(messages.c.key.in_(keys)).values(begun=False, **again))
        over = {"error": "", "refused_at": None, "sent_version": messages.c.version}
        self.connection.execute(messages.delete().where(refused, messages.c.ref == ""))
        self.connection.execute(messages.update().where(refused).values(**over))
        if keys:
            self.touched[channel] = (f"{keys[0]}:again:{now.isoformat()}", False)

    def follow(self, channel: str, thread: str, now: datetime) -> None:
        """Have the cards in slots of a case's thread come to the end of the thread: its headline stands elsewhere."""
        headline = str(SlotKey(channel, Slot(thread, HEADLINE)))
        shown = (messages.c.ref != "") & messages.c.key.startswith(f"{channel}|", autoescape=True)
        theirs = (
            (messages.c.channel == channel) & (messages.c.thread == thread) & shown & (messages.c.key != headline)
        )
        again = {"version": messages.c.version + 1, "attempts": 0, "error": "", "refused_at": None, "due_at": now}
        self.connection.execute(messages.update().where(theirs).values(bump=True, **again))

    def failed(self, key: str, error: str, unexplained: int) -> None:
        """Note that sending failed; the message stays the next of its channel. `unexplained` (0 or 1) counts
        towards giving up."""
        self._set(key, error=error[:500], attempts=messages.c.attempts + unexplained)

    def refused(self, key: str, version: int, error: str, now: datetime) -> None:
        """Note that this version can never be shown; a newer one is tried on its own."""
        row = (messages.c.key == key) & (messages.c.version == version)
        self.connection.execute(messages.update().where(row).values(error=error[:500], refused_at=now))

    def failures(self, places: Collection[str] | None = None) -> list[str]:
        """The messages that could not be sent to one of the channels (any for None), with channel and cause."""
        named = sa.select(messages.c.channel, channels.c.name, messages.c.error).outerjoin(
            channels, channels.c.id == messages.c.channel
        )
        query = named.where(messages.c.error != "", messages.c.sent_version < messages.c.version)
        query = query if places is None else query.where(messages.c.channel.in_(places))
        rows = self.connection.execute(query.order_by(messages.c.seq))
        return [f"#{name} ({channel}): {error}" if name else f"{channel}: {error}" for channel, name, error in rows]

    def hold(self, channel: str, now: datetime, until: datetime, error: str) -> None:
        """Send nothing to the channel before `until`."""
        replace(self.connection, holds, channel=channel, since=now, until=until, error=error[:500])

    def _set(self, key: str, **values: Any) -> None:
        self.connection.execute(messages.update().where(messages.c.key == key).values(**values))


def _key(queued: Queued) -> str:
    slot = queued.card.slot
    return str(SlotKey(queued.channel, Slot.read(slot))) if slot else queued.key


def _outgoing(row: sa.Row[Any]) -> Outgoing:
    return Outgoing(
        row.key,
        row.channel,
        row.thread,
        from_json(row.card),
        row.version,
        row.ref,
        row.bump,
        row.begun,
        row.attempts,
    )
