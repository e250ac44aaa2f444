"""Rate limits of the platforms, shared by all replicas: one row for each limit."""

import time

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import explained
from bot.store.tables import call_counts, rates


class Rates:
    """Reserves calls within rate limits, by the database's clock on PostgreSQL and this machine's on SQLite."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine, self._shared = engine, engine.dialect.name == "postgresql"

    def reserve(self, name: str, per_minute: float, burst: int = 1) -> float:
        """Reserve the next call in the limit `name`, which allows `burst` calls at once and `per_minute` in the
        long run (the generic cell rate algorithm). Returns the seconds to wait before the call."""
        interval = 60_000 / per_minute
        insert = postgresql.insert if self._shared else sqlite.insert
        later = sa.func.greatest if self._shared else sa.func.max
        now = self._now()
        place = insert(rates).values(name=name, next_at=now + int(interval))
        moved = {"next_at": later(rates.c.next_at, now) + int(interval)}
        take = place.on_conflict_do_update(index_elements=["name"], set_=moved).returning(rates.c.next_at - now)
        with explained(), self.engine.begin() as connection:
            ahead = float(connection.execute(take).scalar_one())
        return max(0.0, (ahead - interval * burst) / 1000)

    def count(self, name: str, calls: int) -> int:
        """Add calls to those that are counted under the name; returns how many there are now."""
        insert = postgresql.insert if self._shared else sqlite.insert
        first = insert(call_counts).values(name=name, calls=calls)
        more = {"calls": call_counts.c.calls + calls}
        add = first.on_conflict_do_update(index_elements=["name"], set_=more).returning(call_counts.c.calls)
        with explained(), self.engine.begin() as connection:
            return int(connection.execute(add).scalar_one())

    def _now(self) -> sa.ColumnElement[int]:
        if not self._shared:
            return sa.literal(int(time.time() * 1000), sa.BigInteger)
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * 1000, sa.BigInteger)
