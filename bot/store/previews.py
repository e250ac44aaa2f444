"""The rows of received exports that wait for a decision or for their import."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.domain.previews import AT_WORK, OPEN, Preview, PreviewState
from bot.ports.store import Sight
from bot.store.changing import AuditedRows
from bot.store.tables import previews

_PREVIEW = TypeAdapter(Preview)
_OWN = ("group", "channel", "state", "decided_by", "decided_at")
"""What stands in columns of its own, because it is looked for or changed alone."""


class PreviewTable:
    """Implements ports.previews.PreviewRows on one connection. In a limited sight there are only those of its
    channels."""

    def __init__(self, rows: AuditedRows, sight: Sight | None = None) -> None:
        self.rows, self.connection = rows, rows.connection
        self.seen = sa.true() if sight is None else previews.c.channel.in_(sight.channels)

    def add(self, preview: Preview, number: int) -> Preview:
        """Store the file of that number of its group, once."""
        values = {**_values(preview), "group": preview.group, "number": number, "held_by": "", "held_until": None}
        self.rows.insert_once(previews, **values)
        here = (previews.c.group == preview.group) & (previews.c.number == number)
        return _preview(self.connection.execute(sa.select(previews).where(here)).one())

    def get(self, preview_id: str) -> Preview | None:
        """The export with that id."""
        row = self.connection.execute(sa.select(previews).where(self._is(preview_id), self.seen)).one_or_none()
        return _preview(row) if row else None

    def of_group(self, group: str) -> list[Preview]:
        """The exports of a message, in its order."""
        query = sa.select(previews).where(previews.c.group == group, self.seen).order_by(previews.c.number)
        return [_preview(row) for row in self.connection.execute(query)]

    def listed(
        self, states: Collection[PreviewState], channel: str | None = None, before: datetime | None = None
    ) -> list[Preview]:
        """The exports in these states, oldest first."""
        query = sa.select(previews).where(previews.c.state.in_([each.value for each in states]), self.seen)
        if channel is not None:
            query = query.where(previews.c.channel == channel)
        if before is not None:
            query = query.where(previews.c.at < before)
        return [_preview(row) for row in self.connection.execute(query.order_by(previews.c.id))]

    def save(self, preview: Preview) -> None:
        """Overwrite everything but id, group, number and who works on it."""
        change = previews.update().where(self._is(preview.id)).values(**_values(preview))
        self.connection.execute(change)

    def answer(self, preview: Preview) -> None:
        """Overwrite the same by what a person has answered; the trail keeps it."""
        self.rows.update(previews, self._is(preview.id), **_values(preview))

    def decide(
        self, preview_id: str, states: Collection[PreviewState], new: PreviewState, by: str, at: datetime
    ) -> bool:
        """Let it go from one of these states to the new one, once."""
        here = self._is(preview_id) & previews.c.state.in_([each.value for each in states]) & self.seen
        return self.rows.update(previews, here, state=new.value, decided_by=by, decided_at=at) == 1

    def purge(self, before: datetime) -> int:
        """Delete what was decided long ago, a whole message at a time: its card shows all of its exports."""
        over = previews.c.state.not_in([each.value for each in (*OPEN, *AT_WORK)]) & (previews.c.decided_at < before)
        needed = sa.select(previews.c.group).where(sa.not_(over) | previews.c.decided_at.is_(None))
        gone = previews.delete().where(over, previews.c.group.not_in(needed), self.seen)
        return self.connection.execute(gone).rowcount

    def claim(
        self, preview_id: str, states: Collection[PreviewState], who: str, now: datetime, until: datetime
    ) -> bool:
        """Let one process work on it for a while."""
        free = (previews.c.held_by == "") | (previews.c.held_until < now)
        here = self._is(preview_id) & previews.c.state.in_([each.value for each in states]) & free
        return self.rows.update(previews, here, held_by=who, held_until=until) == 1

    def renew(self, preview_id: str, who: str, until: datetime) -> bool:
        """Go on working on it, unless another process has taken it over."""
        mine = self._is(preview_id) & (previews.c.held_by == who)
        return self.rows.update(previews, mine, held_until=until) == 1

    def release(self, preview_id: str, who: str) -> None:
        """Stop working on it."""
        mine = self._is(preview_id) & (previews.c.held_by == who)
        self.rows.update(previews, mine, held_by="", held_until=None)

    @staticmethod
    def _is(preview_id: str) -> sa.ColumnElement[bool]:
        number = preview_id.removeprefix("P")
        return previews.c.id == (int(number) if number.isdecimal() and len(number) < 16 else 0)


def _values(preview: Preview) -> dict[str, Any]:
    own = {"channel": preview.channel, "at": preview.at, "state": preview.state.value}
    decided = {"decided_by": preview.decided_by, "decided_at": preview.decided_at}
    return own | decided | {"data": _PREVIEW.dump_python(preview, mode="json", exclude={"id", *_OWN})}


def _preview(row: sa.Row[Any]) -> Preview:
    given = {"id": f"P{row.id}", "group": row.group, "channel": row.channel, "state": row.state}
    found = _PREVIEW.validate_python({**row.data, **given})
    return replace(found, decided_by=row.decided_by, decided_at=row.decided_at)
