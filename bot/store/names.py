"""Takes a person's name out of what is stored, once they have asked for it."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.names import occurrences, replaced
from bot.store.changing import AuditedRows
from bot.store.tables import acts, audit, case_orders, cases, console_entries, events, messages, people, timeline

TEXTS: Mapping[str, tuple[sa.Table, tuple[str, ...]]] = {
    table.name: (table, columns)
    for table, columns in (
        (messages, ("card",)),
        (console_entries, ("words", "card")),
        (events, ("payload",)),
        (timeline, ("params",)),
        (cases, ("reason",)),
        (case_orders, ("draft",)),
        (acts, ("changes",)),
        (audit, ("changes",)),
    )
}
"""Where people's words stand, and what was said of them. What is not here holds ids, figures, or evidence as it
came."""
AT_ONCE = 500


class NameTable:
    """Implements ports.names.NameRows on one connection. It writes past the trail, which would keep the name."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def forgotten(self) -> list[str]:
        """The ids of those whose names were deleted for good."""
        query = sa.select(people.c.id).where(people.c.forgotten_at.is_not(None))
        return list(self.connection.scalars(query.order_by(people.c.id)))

    def forget(self, person_id: str, now: datetime) -> None:
        """Delete the person's name for good; somebody whom only the settings name gets a row that says so."""
        self.rows.insert_once(people, id=person_id)
        self.rows.update(people, people.c.id == person_id, name="", forgotten_at=now)

    def take_out(self, names: Collection[str], instead: str, since: datetime) -> dict[str, int]:
        """Put `instead` in place of the names; returns in how many rows they stood, by table."""
        pattern = occurrences(names)
        if pattern is None:
            return {}
        counts = {}
        for name, (table, columns) in TEXTS.items():
            found = self._found(table, columns, pattern, instead)
            for here, values in found:
                again = _shown_anew(since) if table is messages else {}
                self.connection.execute(sa.update(table).where(here).values(**values, **again))
            if found:
                counts[name] = len(found)
        return counts

    def _found(
        self, table: sa.Table, columns: tuple[str, ...], names: re.Pattern[str], instead: str
    ) -> list[tuple[sa.ColumnElement[bool], dict[str, Any]]]:
        """The rows in which the names stand, each with its new values."""
        keys, found = list(table.primary_key), []
        query = sa.select(*keys, *(table.c[name] for name in columns)).execution_options(yield_per=AT_ONCE)
        for row in self.connection.execute(query).mappings():
            was = {name: row[name] for name in columns}
            now = {name: replaced(value, names, instead) for name, value in was.items()}
            if now != was:
                found.append((sa.and_(*(key == row[key.name] for key in keys)), now))
        return found


def _shown_anew(since: datetime) -> dict[str, Any]:
    """A message that was sent not long ago gets a new version, which is sent in its place."""
    recent = (messages.c.sent_at > since) & (messages.c.ref != "") & (messages.c.sent_version == messages.c.version)
    return {"version": sa.case((recent, messages.c.version + 1), else_=messages.c.version)}
