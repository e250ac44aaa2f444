"""The rows of the audit trail: appended by the store in the transaction of the change, and read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from bot.domain.trail import PROGRAM, Actor, AuditLine, joined, without_contents
from bot.ports.store import Sight
from bot.ports.trail import TrailQuery
from bot.store.audited import LASTING
from bot.store.cases import case_number
from bot.store.changing import AuditedRows, Concern
from bot.store.tables import audit, settings_seen
from bot.store.upsert import insert_new

CHANGED = "changed"
"""What the program did, where nothing says more."""


class TrailTable:
    """Implements ports.trail.TrailRows on one connection, limited to what is in `sight`."""

    def __init__(self, rows: AuditedRows, sight: Sight | None = None) -> None:
        self.rows, self.connection, self.seen = rows, rows.connection, _seen(sight)
        self._by: Actor | None = None

    def keep(self, at: datetime, actor: Actor) -> None:
        """Append what the transaction has changed: one row for each shop and case, joined by the act when they are
        read. What the program merely tells in a case's timeline is no act."""
        actor = self._by if self._by and actor.who == PROGRAM else actor
        changes = self.rows.changes(alone=actor.who != PROGRAM)
        values: dict[str, Any] = {"at": at, "who": actor.who, "channel": actor.channel, "address": actor.address}
        values |= {"act": actor.act or uuid4().hex}
        for concern, changed in changes.items():
            values |= {"shop": concern.shop, "case_id": concern.case, "team": concern.team}
            values |= {"what": actor.what or self._told(concern), "subject": next(iter(changed))}
            self.connection.execute(audit.insert().values(changes=changed, **values))

    def _told(self, concern: Concern) -> str:
        """What the program did, as it told it in the timeline of a case."""
        told = (each.values for each in self.rows.noted if each.concern.case == concern.case)
        return next((name for values in told for name in values), CHANGED)

    def note(self, subject: str, values: Mapping[str, Any], case_id: str = "", shop: str = "") -> None:
        """Have the act at work leave a line about what the store does not watch."""
        self.rows.note(Concern(shop, case_number(case_id) if case_id else None), subject, values)

    def by(self, actor: Actor) -> None:
        """Say who causes the changes of this transaction, where nobody is known to act yet."""
        self._by = actor

    def listed(self, query: TrailQuery) -> list[AuditLine]:
        """The newest lines that fit, oldest first."""
        first = sa.func.min(audit.c.id)
        fitting = sa.select(audit.c.act).where(self.seen, *_conditions(query))
        acts = sa.select(audit.c.act).where(self.seen, audit.c.act.in_(fitting)).group_by(audit.c.act)
        if query.before:
            acts = acts.having(first < query.before)
        wanted = self.connection.scalars(acts.order_by(first.desc()).limit(query.limit)).all()
        rows = self.connection.execute(sa.select(audit).where(audit.c.act.in_(wanted), self.seen))
        return joined(_line(row) for row in rows.mappings())

    def purge(self, case_id: str) -> int:
        """Empty the lines about a case of contents; returns how many there were."""
        here = audit.c.case_id == case_number(case_id)
        rows = self.connection.execute(sa.select(audit.c.id, audit.c.changes).where(here)).all()
        for number, changes in rows:
            emptied = audit.update().where(audit.c.id == number)
            self.connection.execute(emptied.values(changes=without_contents(changes, LASTING)))
        return len(rows)

    def settings(self) -> dict[str, str]:
        """The settings of the last start, by key."""
        return {row.key: row.value for row in self.connection.execute(sa.select(settings_seen))}

    def keep_settings(self, values: Mapping[str, str]) -> None:
        """Store the settings of this start. The first start has none to differ from, and leaves no line."""
        if not (known := self.settings()):
            insert_new(self.connection, settings_seen, [{"key": name, "value": values[name]} for name in values])
            return
        self.rows.delete(settings_seen, settings_seen.c.key.not_in(values))
        for name in (name for name, value in values.items() if known.get(name) != value):
            self.rows.replace(settings_seen, key=name, value=values[name])


def _seen(sight: Sight | None) -> sa.ColumnElement[bool]:
    """The condition that a line is within sight: its shop is, or it concerns no shop and was done in a channel that
    is."""
    if sight is None:
        return sa.true()
    return audit.c.shop.in_(sight.shops) | ((audit.c.shop == "") & audit.c.channel.in_(sight.channels))


def _conditions(query: TrailQuery) -> list[sa.ColumnElement[bool]]:
    found = []
    if query.who:
        found.append(audit.c.who == query.who)
    if query.subject:
        found.append((audit.c.subject == query.subject) | (audit.c.case_id == case_number(query.subject)))
    if query.since:
        found.append(audit.c.at >= query.since)
    if query.until:
        found.append(audit.c.at < query.until)
    return found


def _line(row: sa.RowMapping) -> AuditLine:
    actor = Actor(row["who"], row["channel"], row["address"], row["what"], row["act"])
    return AuditLine(row["at"], actor, row["changes"], row["shop"], row["id"])
