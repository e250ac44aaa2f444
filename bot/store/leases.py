"""Leases of the replicas on PostgreSQL: each renews its own by the database's clock; when it stops, others take
over."""

from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.store.tables import replicas

TTL_SECONDS = 30
FORGET_SECONDS = 7 * 86_400

_now = sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * 1000, sa.BigInteger)
_expired = replicas.c.seen_at < _now - TTL_SECONDS * 1000


class LeaseLost(Exception):
    """Another process runs under the name of this replica, which must stop."""


class Leases:
    """The leases of all replicas on a database; this replica's own is `name` once it is claimed."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine, self.name, self.holder = engine, "", uuid4().hex

    def claim(self, wanted: str, forced: bool) -> str:
        """Claim the first free name of `wanted`, `wanted`-2 and so on; with `forced` take `wanted` from whoever
        holds it."""
        number = 1
        while not self.name:
            name = wanted if number == 1 else f"{wanted}-{number}"
            self.name = name if self._take(name, forced) else ""
            number += 1
        return self.name

    def _take(self, name: str, forced: bool) -> bool:
        values = {"holder": self.holder, "seen_at": _now}
        new = postgresql.insert(replicas).values(id=name, **values)
        take = new.on_conflict_do_update(index_elements=["id"], set_=values, where=None if forced else _expired)
        with self.engine.begin() as connection:
            return connection.execute(take.returning(replicas.c.id)).first() is not None

    def beat(self) -> None:
        """Renew the lease of this replica. Raises LeaseLost when another process has taken the name."""
        own = (replicas.c.id == self.name) & (replicas.c.holder == self.holder)
        with self.engine.begin() as connection:
            if not connection.execute(replicas.update().where(own).values(seen_at=_now)).rowcount:
                raise LeaseLost(f"another program runs as replica {self.name!r}")
            old = replicas.c.seen_at < _now - FORGET_SECONDS * 1000
            connection.execute(replicas.delete().where(old))

    def dead(self) -> list[str]:
        """The names of replicas that have not renewed their lease in time. They are named at every call until they
        are forgotten."""
        with self.engine.connect() as connection:
            return list(connection.scalars(sa.select(replicas.c.id).where(_expired).order_by(replicas.c.id)))

    def expire(self) -> None:
        """Let the lease of this replica end now, so that others may take over its work at once."""
        own = (replicas.c.id == self.name) & (replicas.c.holder == self.holder)
        with self.engine.begin() as connection:
            connection.execute(replicas.update().where(own).values(seen_at=_now - TTL_SECONDS * 1000 - 1))
