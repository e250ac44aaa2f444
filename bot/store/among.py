"""Conditions for many values: all of them go to the database as one parameter.

A statement with a placeholder for each value is put together anew every time, which costs more than the look-up."""

import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

Pair = tuple["sa.Column[str]", "sa.Column[str]"]
_TEXTS = postgresql.ARRAY(sa.String)


def among(connection: sa.Connection, column: "sa.Column[str]", values: Collection[str]) -> "sa.ColumnElement[bool]":
    """The condition that the column has one of these texts."""
    if connection.dialect.name == "postgresql":
        return column == sa.func.any(sa.literal(list(values), _TEXTS))
    given = sa.func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(sa.select(given.c.value))


def pair_among(
    connection: sa.Connection, columns: Pair, pairs: Collection[tuple[str, ...]]
) -> "sa.ColumnElement[bool]":
    """The condition that the two columns have one of these pairs of texts."""
    both = sa.tuple_(*columns)
    if connection.dialect.name == "postgresql":
        halves = (sa.literal([pair[number] for pair in pairs], _TEXTS) for number in (0, 1))
        given = sa.func.unnest(*halves).table_valued("first", "second").render_derived()
        return both.in_(sa.select(given.c.first, given.c.second))
    each = sa.func.json_each(json.dumps(list(pairs))).table_valued("value")
    return both.in_(sa.select(*(sa.func.json_extract(each.c.value, f"$[{number}]") for number in (0, 1))))
