"""Bulk upsert: as few statements as the driver allows, and rows that are already so are not written again."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa

# Starting a statement costs SQLite more than a row; at a hundred rows the rest no longer matters.
_ROWS_A_STATEMENT = 100
_ARRAYS: dict[type[Any], str] = {
    sa.String: "text",
    sa.BigInteger: "bigint",
    sa.Integer: "integer",
    sa.Boolean: "boolean",
}


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    shop: str,
    rows: Sequence[tuple[Any, ...]],
    changes: Mapping[str, str] | None = None,
) -> None:
    """Insert `rows` (the table's columns after `shop`, each key once), or update those whose key is there.

    `changes` gives SQL expressions, over {t} the table and {c} the column, for columns that do not simply take
    the new value.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _as_arrays(connection, table, shop, rows, changes or {})
    else:
        _as_values(connection, table, shop, rows, changes or {})


def _as_arrays(
    connection: sa.Connection, table: sa.Table, shop: str, rows: Sequence[tuple[Any, ...]], changes: Mapping[str, str]
) -> None:
    """PostgreSQL: one statement, one array for each column."""
    arrays = ", ".join(f"%s::{_ARRAYS[type(column.type)]}[]" for column in [*table.columns][1:])
    columns = (list(column) for column in zip(*rows, strict=True))
    source = f"SELECT %s, given.* FROM unnest({arrays}) AS given"  # noqa: S608
    connection.exec_driver_sql(_statement(table, source, changes), (shop, *columns))


def _as_values(
    connection: sa.Connection, table: sa.Table, shop: str, rows: Sequence[tuple[Any, ...]], changes: Mapping[str, str]
) -> None:
    """SQLite: statements of many rows, prepared once for all groups, then the rest row by row."""
    full = len(rows) - len(rows) % _ROWS_A_STATEMENT
    for part, size in ((rows[:full], _ROWS_A_STATEMENT), (rows[full:], 1)):
        if part:
            statement = _statement(table, f"VALUES {_numbered(size, len(table.columns) - 1)}", changes)
            connection.exec_driver_sql(statement, [*_groups(shop, part, size)])


def _numbered(rows: int, columns: int) -> str:
    """Placeholders by number, the first standing for the shop in every row: it is bound once."""
    starts = range(2, 2 + rows * columns, columns)
    return ", ".join(f"(?1, {', '.join(f'?{start + column}' for column in range(columns))})" for start in starts)


def _groups(shop: str, rows: Sequence[tuple[Any, ...]], size: int) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(rows), size):
        yield (shop, *chain.from_iterable(rows[start : start + size]))


def _statement(table: sa.Table, source: str, changes: Mapping[str, str]) -> str:
    """INSERT … ON CONFLICT DO UPDATE that leaves equal rows alone; every name in it is the table's own."""
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns]
    new = {name: changes.get(name, "excluded.{c}").format(t=table.name, c=name) for name in names if name not in keys}
    settings = ", ".join(f"{name} = {expression}" for name, expression in new.items())
    differs = " OR ".join(_differs(table.columns[name], expression) for name, expression in new.items())
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) {source} "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {settings} WHERE {differs}"
    )


def _differs(column: "sa.Column[Any]", expression: str) -> str:
    """True when the column is not what the expression says; null equals null."""
    name = f"{column.table.name}.{column.name}"
    different = f"{name} <> ({expression})"
    return f"{different} OR ({name} IS NULL) <> (({expression}) IS NULL)" if column.nullable else different
