"""The rows of shops, events, measurements, people, channels and scheduled runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.audience import Audience
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.ports.records import EventRow, Person
from bot.ports.store import Sight
from bot.store.changing import AuditedRows
from bot.store.tables import bindings, channels, events, people, runs, shops, snapshots
from bot.store.upsert import insert_new, insert_once


class ShopTable:
    """Implements ports.orders.ShopRows on one connection, limited to what is in `sight`."""

    def __init__(self, rows: AuditedRows, sight: Sight | None = None) -> None:
        self.rows, self.connection = rows, rows.connection
        self.seen = sa.true() if sight is None else shops.c.id.in_(sight.shops)

    def get(self, shop_id: str) -> Shop | None:
        """The shop with the channels bound to it, or None."""
        found = self._with_bound(shops.c.id == shop_id)
        return found[0] if found else None

    def all(self) -> list[Shop]:
        """All shops by id, with the channels bound to them."""
        return self._with_bound(sa.true())

    def those(self, ids: Collection[str]) -> dict[str, Shop]:
        """The shops with these ids, with the channels bound to them, by id."""
        return {shop.id: shop for shop in self._with_bound(shops.c.id.in_(ids))}

    def configured(self) -> list[Shop]:
        """All shops by id, with the channels of the settings alone."""
        query = sa.select(shops).where(self.seen).order_by(shops.c.id)
        return [Shop(**row) for row in self.connection.execute(query).mappings()]

    def _with_bound(self, which: sa.ColumnElement[bool]) -> list[Shop]:
        joined = sa.select(shops, bindings.c.channel).outerjoin(bindings, bindings.c.shop == shops.c.id)
        joined = joined.where(which, self.seen)
        found: dict[str, Shop] = {}
        for row in self.connection.execute(joined.order_by(shops.c.id, bindings.c.bound_at)).mappings():
            values = dict(row)
            bound = values.pop("channel")
            shop = found.setdefault(values["id"], Shop(**values | {"channels": list(values["channels"])}))
            if bound and bound not in shop.channels:
                shop.channels.append(bound)
        return list(found.values())

    def bind(self, shop_id: str, channel: str, person: str, now: datetime) -> bool:
        """Bind the channel to the shop; False when it was bound before."""
        return self.rows.insert_once(bindings, shop=shop_id, channel=channel, bound_by=person, bound_at=now)

    def unbind(self, shop_id: str, channel: str) -> bool:
        """Remove the binding of the channel; False when there was none."""
        bound = (bindings.c.shop == shop_id) & (bindings.c.channel == channel)
        return self.rows.delete(bindings, bound) > 0

    def save(self, shop: Shop) -> None:
        """Add the shop or overwrite the one with its id."""
        self.rows.replace(shops, **asdict(shop))


class RecordTable:
    """Implements ports.records.RecordRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def keep_events(self, rows: Sequence[EventRow]) -> None:
        """Store events before they are handled; events that are stored already stay as they are."""
        names = ("id", "received_at", "channel", "person", "payload")
        insert_new(self.connection, events, [dict(zip(names, row, strict=True)) for row in rows])

    def event(self, event_id: str) -> dict[str, Any] | None:
        """The stored event as JSON data, or None."""
        found: dict[str, Any] | None = self.connection.scalar(
            sa.select(events.c.payload).where(events.c.id == event_id)
        )
        return found

    def unhandled(self, before: datetime, limit: int = 100) -> list[str]:
        """Ids of stored events that were received before that instant and are not handled yet, oldest first."""
        query = sa.select(events.c.id).where(
            events.c.handled_at.is_(None), events.c.received_at < before, events.c.payload.is_not(None)
        )
        return list(self.connection.scalars(query.order_by(events.c.received_at).limit(limit)))

    def waiting_events(self) -> list[dict[str, Any]]:
        """The stored events that are not handled yet."""
        query = sa.select(events.c.payload).where(events.c.handled_at.is_(None), events.c.payload.is_not(None))
        return list(self.connection.scalars(query))

    def has_event(self, event_id: str) -> bool:
        """Whether the event with that id was handled."""
        done = sa.select(events.c.id).where(events.c.id == event_id, events.c.handled_at.is_not(None))
        return self.connection.scalar(done) is not None

    def places_of(self, person: str) -> set[str]:
        """The channels in which the person has written, pressed or sent something, and which nobody reads beside the
        own organisation's people: guests and others see elsewhere nothing of what a channel with them is bound to."""
        wide = sa.select(channels.c.id).where(channels.c.audience.in_([each for each in Audience if each.wide]))
        own = (events.c.person == person) & events.c.channel.not_in(wide)
        return set(self.connection.scalars(sa.select(events.c.channel).where(own).distinct()))

    def wrote_in(self, channels: Collection[str]) -> set[tuple[str, str]]:
        """Who has written, pressed or sent something in these channels: (channel, person id) pairs."""
        query = sa.select(events.c.channel, events.c.person).where(events.c.channel.in_(channels)).distinct()
        return {(row.channel, row.person) for row in self.connection.execute(query)}

    def wrote_directly(self, person: str, channel: str) -> bool:
        """Whether the channel is the person's direct conversation with the bot, as the platform said of an earlier
        event."""
        direct = events.c.payload["direct"].as_boolean().is_(True)
        query = sa.select(events.c.id).where(events.c.person == person, events.c.channel == channel, direct)
        return self.connection.execute(query.limit(1)).first() is not None

    def take_event(self, event_id: str, now: datetime, channel: str, person: str) -> bool:
        """Claim an event for handling; True the first time. Its sender is stored as a person if unknown."""
        if person:
            self.rows.insert_once(people, id=person)
        open_ = (events.c.id == event_id) & events.c.handled_at.is_(None)
        if self.connection.execute(events.update().where(open_).values(handled_at=now)).rowcount:
            return True
        place = {"channel": channel, "person": person}
        return insert_once(self.connection, events, id=event_id, received_at=now, handled_at=now, **place)

    def snapshots_on(self, day: str, shop_ids: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
        """The newest measurement of that UTC day (ISO date) by shop; None means all shops."""
        query = sa.select(snapshots.c.shop, snapshots.c.data).where(snapshots.c.day == day).order_by(snapshots.c.id)
        if shop_ids is not None:
            query = query.where(snapshots.c.shop.in_(shop_ids))
        return {row.shop: row.data for row in self.connection.execute(query)}

    def save_snapshots(
        self, day: str, now: datetime, measured: Mapping[str, dict[str, Any]], by: str = "", why: str = ""
    ) -> None:
        """Append the measurements that differ from the newest of that day, with who or what had them made and why;
        nothing is rewritten (domain.md §1, §1a)."""
        earlier = self.snapshots_on(day, list(measured) if len(measured) < 100 else None)
        new = [
            {"shop": shop, "day": day, "taken_at": now, "data": data, "caused_by": by, "why": why}
            for shop, data in measured.items()
            if earlier.get(shop) != data
        ]
        if new:
            self.connection.execute(snapshots.insert(), new)

    def measured_days(self, shop: str, first: str, last: str) -> list[str]:
        """The days (ISO dates) from `first` to `last`, both included, that were ever measured, oldest first."""
        query = sa.select(snapshots.c.day).where(snapshots.c.shop == shop, snapshots.c.day.between(first, last))
        return list(self.connection.scalars(query.distinct().order_by(snapshots.c.day)))

    def last_runs(self, job: str) -> dict[str, str]:
        """The latest due time that was claimed for `job`, by subject."""
        query = sa.select(runs.c.subject, sa.func.max(runs.c.due)).where(runs.c.job == job).group_by(runs.c.subject)
        return {row[0]: row[1] for row in self.connection.execute(query)}

    def person(self, person_id: str) -> Person | None:
        """The person with that id, or None."""
        row = self.connection.execute(sa.select(people).where(people.c.id == person_id)).mappings().one_or_none()
        return _person(row) if row else None

    def people(self) -> list[Person]:
        """Everybody whom a platform has named or who has done something, by id."""
        return [_person(row) for row in self.connection.execute(sa.select(people).order_by(people.c.id)).mappings()]

    def save_person(self, person: Person, chosen: bool = False) -> None:
        """Add the person or overwrite the one with that id; the name of somebody forgotten only if `chosen`."""
        values = asdict(person) | {"role": person.role.value}
        del values["forgotten"]
        known = self.person(person.id)
        if known and known.forgotten and person.name:
            values |= {"forgotten_at": None} if chosen else {"name": ""}
        self.rows.replace(people, **values)

    def channel_language(self, channel: str) -> str:
        """The channel's own language, "" when it has none."""
        return self.connection.scalar(sa.select(channels.c.language).where(channels.c.id == channel)) or ""

    def save_channel_language(self, channel: str, language: str) -> None:
        """Set the language of a channel."""
        self.rows.replace(channels, id=channel, language=language)

    def audience(self, channel: str) -> Audience:
        """Who reads the channel."""
        return Audience(self.connection.scalar(sa.select(channels.c.audience).where(channels.c.id == channel)) or "")

    def save_audience(self, channel: str, audience: Audience) -> None:
        """Note who reads the channel."""
        self.rows.replace(channels, id=channel, audience=audience.value)

    def readers(self, channel: str) -> frozenset[str] | None:
        """The accounts of those who read the channel."""
        found = self.connection.scalar(sa.select(channels.c.readers).where(channels.c.id == channel))
        return None if found is None else frozenset(found)

    def save_readers(self, channel: str, accounts: Collection[str]) -> None:
        """Note whose accounts read the channel."""
        self.rows.replace(channels, id=channel, readers=sorted(accounts))

    def beyond(self, channel: str) -> str:
        """For which teams the channel was read by somebody beyond them when its cards were drawn."""
        return self.connection.scalar(sa.select(channels.c.beyond).where(channels.c.id == channel)) or ""

    def save_beyond(self, channel: str, teams: str) -> None:
        """Note for which teams it is so now."""
        self.rows.replace(channels, id=channel, beyond=teams)

    def channel_names(self) -> dict[str, str]:
        """The names of channels on their platforms, by id."""
        query = sa.select(channels.c.id, channels.c.name).where(channels.c.name != "")
        return {row.id: row.name for row in self.connection.execute(query)}

    def save_channel_name(self, channel: str, name: str) -> None:
        """Store the name of a channel."""
        self.rows.replace(channels, id=channel, name=name)

    def take_run(self, job: str, subject: str, due: str, now: datetime) -> bool:
        """Claim a scheduled run; True the first time."""
        return insert_once(self.connection, runs, job=job, subject=subject, due=due, done_at=now)


def _person(row: sa.RowMapping) -> Person:
    # A row without a role was written by no release: the least that the team gives is meant.
    values = {name: value for name, value in row.items() if name != "forgotten_at"}
    forgotten = row["forgotten_at"] is not None
    return Person(**{**values, "role": Role(row["role"] or Role.MEMBER), "forgotten": forgotten})
