"""Column types. Instants are stored as epoch milliseconds UTC, so that SQLite and PostgreSQL agree."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def to_ms(at: datetime) -> int:
    """Epoch milliseconds of an instant with zone; raises ValueError for one without."""
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}: times carry a zone here")
    return (at - EPOCH) // timedelta(milliseconds=1)


def from_ms(value: int) -> datetime:
    """The UTC instant of epoch milliseconds."""
    return EPOCH + timedelta(milliseconds=value)


class Instant(sa.types.TypeDecorator[datetime]):
    """A UTC instant as epoch milliseconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """The stored number for an instant."""
        return None if value is None else to_ms(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        """The instant (UTC) for a stored number."""
        return None if value is None else from_ms(value)


def key(name: str = "id") -> "sa.Column[str]":
    """A text column that is part of the primary key."""
    return sa.Column(name, sa.String, primary_key=True)


def text(name: str) -> "sa.Column[str]":
    """A text column that is never null."""
    return sa.Column(name, sa.String, nullable=False, default="")


def serial() -> "sa.Column[int]":
    """A primary key whose values count up."""
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
