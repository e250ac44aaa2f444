"""Writing rows of which the audit trail is kept: what they were before is read first, in the same transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.act import Changes
from bot.domain.trail import MASK
from bot.store.audited import AUDITED, Row
from bot.store.tables import cases
from bot.store.upsert import inserted, replace

EMPTY: tuple[Any, ...] = (None, "", [])
_Key = tuple[Any, ...]


@dataclass(frozen=True)
class Concern:
    """What a change is about: a shop, "" for none, a case by number, and a team where no shop says it."""

    shop: str = ""
    case: int | None = None
    team: str = ""


@dataclass
class Noted:
    """What the transaction tells of an act; `alone` says that it is left out where rows changed, which tell it
    better."""

    concern: Concern
    subject: str
    values: dict[str, Any]
    alone: bool


class AuditedRows:
    """Writes the rows of the tables in `AUDITED` on one connection, and knows at the end what has changed. Nothing
    else writes to these tables; a test looks for it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._before: dict[str, dict[_Key, Row | None]] = {name: {} for name in AUDITED}
        self._after: dict[str, dict[_Key, Row | None]] = {name: {} for name in AUDITED}
        self.noted: list[Noted] = []

    def insert(self, table: sa.Table, **values: Any) -> int:
        """Insert a row; returns its number where the table numbers its rows, else 0."""
        made = self.connection.execute(table.insert().values(**values)).inserted_primary_key
        assert made is not None
        names = (column.name for column in table.primary_key)
        self._become(table, None, {**values, **dict(zip(names, made, strict=True))})
        return int(made[0]) if isinstance(made[0], int) else 0

    def insert_all(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert several rows whose keys are given."""
        if rows:
            self.connection.execute(table.insert(), [dict(row) for row in rows])
        for row in rows:
            self._become(table, None, row)

    def insert_once(self, table: sa.Table, **values: Any) -> bool:
        """Insert a row unless its key exists; True when it was inserted. Atomic, also between processes."""
        if made := inserted(self.connection, table, **values):
            self._become(table, None, {**values, **made})
        return bool(made)

    def replace(self, table: sa.Table, **values: Any) -> None:
        """Insert a row, or overwrite these values of the one with the same key."""
        here = sa.and_(*(column == values[column.name] for column in table.primary_key))
        before = self._read(table, here) if self._counts(table, values) else []
        replace(self.connection, table, **values)
        for row in before:
            self._become(table, row, {**row, **values})
        if not before:
            self._become(table, None, values)

    def update(self, table: sa.Table, here: sa.ColumnElement[bool], **values: Any) -> int:
        """Overwrite these values of the rows that fit; returns how many there are."""
        if self._counts(table, values):
            for row in self._read(table, here):
                self._become(table, row, {**row, **values})
        return self.connection.execute(table.update().where(here).values(**values)).rowcount

    def delete(self, table: sa.Table, here: sa.ColumnElement[bool]) -> int:
        """Delete the rows that fit; returns how many there were."""
        for row in self._read(table, here):
            self._become(table, row, None)
        return self.connection.execute(table.delete().where(here)).rowcount

    def note(self, concern: Concern, subject: str, values: Mapping[str, Any], alone: bool = False) -> None:
        """Tell of an act; with `alone` only in case that no row changes which is kept."""
        self.noted.append(Noted(concern, subject, dict(values), alone))

    @staticmethod
    def _counts(table: sa.Table, values: Mapping[str, Any]) -> bool:
        return not AUDITED[table.name].watched.isdisjoint(values)

    def _read(self, table: sa.Table, here: sa.ColumnElement[bool]) -> list[Row]:
        spec, keys = AUDITED[table.name], {column.name for column in table.primary_key}
        wanted = keys | spec.watched | {spec.shop, spec.case, spec.team}
        query = sa.select(*(column for column in table.columns if column.name in wanted)).where(here)
        return [dict(row) for row in self.connection.execute(query.with_for_update()).mappings()]

    def _become(self, table: sa.Table, before: Row | None, after: Row | None) -> None:
        row = after or before or {}
        key = tuple(row[column.name] for column in table.primary_key)
        self._before[table.name].setdefault(key, before)
        self._after[table.name][key] = after

    def changes(self, alone: bool = True) -> dict[Concern, Changes]:
        """What differs between the beginning and the end of the transaction, and what was noted, by what it
        concerns; without what was noted `alone` when that is False."""
        found: dict[Concern, dict[str, dict[str, Any]]] = {}
        for name, rows in self._before.items():
            for key, before in rows.items():
                if fields := _differing(name, before, self._after[name][key]):
                    row = self._after[name][key] or before or {}
                    about = found.setdefault(self._concern(name, row), {})
                    if within := AUDITED[name].within(row):
                        about.setdefault(within, {})
                    about.setdefault(AUDITED[name].subject(row), {}).update(fields)
        changed = set(found)
        for each in self.noted:
            known = self._of_its_shop(each.concern)
            if not each.alone or (alone and known not in changed):
                values = {name: [None, plain(value)] for name, value in each.values.items()}
                found.setdefault(known, {}).setdefault(each.subject, {}).update(values)
        return {**found}

    def _concern(self, name: str, row: Row) -> Concern:
        spec = AUDITED[name]
        return self._of_its_shop(Concern(row.get(spec.shop) or "", row.get(spec.case), row.get(spec.team) or ""))

    def _of_its_shop(self, concern: Concern) -> Concern:
        if concern.shop or concern.case is None:
            return concern
        shop = self.connection.scalar(sa.select(cases.c.shop).where(cases.c.id == concern.case))
        return Concern(shop or "", concern.case)


def _kept(table: str, row: Row | None) -> dict[str, Any]:
    """What the trail keeps of a row, as JSON data; nothing of a row that is not there."""
    if row is None:
        return {}
    spec = AUDITED[table]
    values = {column: row.get(column) for column in spec.columns} | spec.derived(row)
    return {column: plain(value) for column, value in values.items()}


def _differing(table: str, before: Row | None, after: Row | None) -> dict[str, list[Any]]:
    was, now = _kept(table, before), _kept(table, after)
    changed = {name: [was.get(name), now.get(name)] for name in {**was, **now} if was.get(name) != now.get(name)}
    if before is None or after is None:
        changed = {name: values for name, values in changed.items() if any(each not in EMPTY for each in values)}
    return changed | dict(_hidden(table, before or {}, after or {}))


def _hidden(table: str, before: Row, after: Row) -> Iterator[tuple[str, list[str]]]:
    """That a value changed which itself is not kept."""
    for column in AUDITED[table].hidden:
        was, now = before.get(column) or "", after.get(column) or ""
        if was != now:
            yield column, [MASK if was else "", MASK if now else ""]


def plain(value: Any) -> Any:
    """The value as JSON data; instants are UTC, to the millisecond as the store keeps them."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value
