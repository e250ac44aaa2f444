"""Bulk upsert with as few statements as the driver allows; rows that already have the new values are not written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

# Starting a statement costs SQLite more than a row; at a hundred rows the rest no longer matters.
_ROWS_A_STATEMENT = 100
_ARRAYS: dict[type[Any], str] = {
    sa.String: "text",
    sa.BigInteger: "bigint",
    sa.Integer: "integer",
    sa.Boolean: "boolean",
}


@dataclass(frozen=True)
class Target:
    """The table to which rows are written. `shop` begins every row and `fixed` are the values of the table's last
    columns, the same for all rows; they are written with a row, but are no reason to write it. `changes` gives SQL
    expressions ({t} the table, {c} the column) for columns that do not simply take the new value."""

    table: sa.Table
    shop: str
    fixed: tuple[Any, ...] = ()
    changes: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> "list[sa.Column[Any]]":
        """The columns whose values each row gives."""
        return [*self.table.columns][1 : len(self.table.columns) - len(self.fixed)]


def upsert(connection: sa.Connection, target: Target, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert `rows` (each key at most once), or update the rows whose key exists."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _as_arrays(connection, target, rows)
    else:
        _as_values(connection, target, rows)


def _as_arrays(connection: sa.Connection, target: Target, rows: Sequence[tuple[Any, ...]]) -> None:
    """PostgreSQL: one statement, one array for each column."""
    arrays = ", ".join(f"%s::{_ARRAYS[type(column.type)]}[]" for column in target.given)
    columns = (list(column) for column in zip(*rows, strict=True))
    fixed = "".join(", %s" for _ in target.fixed)
    source = f"SELECT %s, given.*{fixed} FROM unnest({arrays}) AS given"  # noqa: S608
    connection.exec_driver_sql(_statement(target, source), (target.shop, *target.fixed, *columns))


def _as_values(connection: sa.Connection, target: Target, rows: Sequence[tuple[Any, ...]]) -> None:
    """SQLite: statements of many rows, prepared once for all full groups, then the remaining rows one by one."""
    full = len(rows) - len(rows) % _ROWS_A_STATEMENT
    for part, size in ((rows[:full], _ROWS_A_STATEMENT), (rows[full:], 1)):
        if part:
            statement = _statement(target, f"VALUES {_numbered(target, size)}")
            connection.exec_driver_sql(statement, [*_groups(target, part, size)])


def _numbered(target: Target, rows: int) -> str:
    """Numbered placeholders. The first ones stand for values that are the same in every row and are bound once."""
    columns, same = len(target.given), 1 + len(target.fixed)
    fixed = "".join(f", ?{number}" for number in range(2, same + 1))
    starts = range(same + 1, same + 1 + rows * columns, columns)
    return ", ".join(
        f"(?1, {', '.join(f'?{start + column}' for column in range(columns))}{fixed})" for start in starts
    )


def _groups(target: Target, rows: Sequence[tuple[Any, ...]], size: int) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(rows), size):
        yield (target.shop, *target.fixed, *chain.from_iterable(rows[start : start + size]))


def _statement(target: Target, source: str) -> str:
    """An INSERT … ON CONFLICT DO UPDATE that does not write equal rows. Every name in it is a name of the table
    itself."""
    table = target.table
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns]
    compared = [column for column in target.given if column.name not in keys]
    new = {
        name: target.changes.get(name, "excluded.{c}").format(t=table.name, c=name)
        for name in names
        if name not in keys
    }
    settings = ", ".join(f"{name} = {expression}" for name, expression in new.items())
    differs = " OR ".join(_differs(column, new[column.name]) for column in compared)
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) {source} "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {settings} WHERE {differs}"
    )


def _differs(column: "sa.Column[Any]", expression: str) -> str:
    """An SQL condition: the column differs from the expression, where null equals null."""
    name = f"{column.table.name}.{column.name}"
    different = f"{name} <> ({expression})"
    return f"{different} OR ({name} IS NULL) <> (({expression}) IS NULL)" if column.nullable else different


def _insert(connection: sa.Connection, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose key does not exist; the others stay as they are."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), [dict(row) for row in rows])


def insert_once(connection: sa.Connection, table: sa.Table, **values: Any) -> bool:
    """Insert a row unless its key exists; True when it was inserted. Atomic, also between processes."""
    return bool(inserted(connection, table, **values))


def inserted(connection: sa.Connection, table: sa.Table, **values: Any) -> dict[str, Any]:
    """Insert a row unless one with its key, or with its unique values, exists; returns the key of the new row by
    column, {} when there is none. Atomic, also between processes."""
    statement = _insert(connection, table).values(**values).on_conflict_do_nothing()
    made = connection.execute(statement.returning(*table.primary_key)).mappings().first()
    return dict(made) if made else {}


def replace(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    """Insert a row or overwrite the one with the same key."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = _insert(connection, table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))
